package quorum

import (
	"slices"

	"zabscope/engine/zk"
)

// Tracker counts who agreed, in every configuration that has a say.
// (org.apache.zookeeper.server.quorum.SyncedLearnerTracker)
//
// The zero Tracker has no configuration and no quorum.
type Tracker struct {
	verifiers []Verifier
	acks      []zk.SID // ascending, voters of at least one configuration only
}

// Add lets a configuration have a say. (SyncedLearnerTracker.addQuorumVerifier)
func (t *Tracker) Add(v Verifier) { t.verifiers = append(t.verifiers, v) }

// Reset empties the tracker for use with other configurations; it keeps its memory.
func (t *Tracker) Reset() { t.verifiers, t.acks = t.verifiers[:0], t.acks[:0] }

// Ack counts s if it votes in any of the configurations, and reports whether it does.
// (SyncedLearnerTracker.addAck)
func (t *Tracker) Ack(s zk.SID) bool {
	votes := false
	for _, v := range t.verifiers {
		votes = votes || v.Membership().IsVoter(s)
	}
	if !votes {
		return false
	}
	if i, found := slices.BinarySearch(t.acks, s); !found {
		t.acks = slices.Insert(t.acks, i, s)
	}
	return true
}

// Forget takes back that s was counted.
func (t *Tracker) Forget(s zk.SID) {
	if i, found := slices.BinarySearch(t.acks, s); found {
		t.acks = slices.Delete(t.acks, i, i+1)
	}
}

// Has reports whether s was counted. (SyncedLearnerTracker.hasSid)
func (t *Tracker) Has(s zk.SID) bool {
	_, found := slices.BinarySearch(t.acks, s)
	return found
}

// Verifiers lists the configurations that have a say, in the order in which they were added; the
// slice is the tracker's.
func (t *Tracker) Verifiers() []Verifier { return t.verifiers }

// Acks lists those counted in ascending order; the caller may read it until the next Ack.
func (t *Tracker) Acks() []zk.SID { return t.acks }

// HasAllQuorums reports whether those counted are a quorum of every configuration.
// (SyncedLearnerTracker.hasAllQuorums)
func (t *Tracker) HasAllQuorums() bool {
	if len(t.verifiers) == 0 {
		return false
	}
	for _, v := range t.verifiers {
		if !v.ContainsQuorum(t.acks) {
			return false
		}
	}
	return true
}
