package election

import (
	"cmp"
	"slices"

	"zabscope/engine/zk"
)

// ballots are votes by sender, in ascending order of sender. (the maps recvset and outofelection of
// FastLeaderElection.lookForLeader)
type ballots []ballot

type ballot struct {
	sid  zk.SID
	vote zk.Vote
}

// put stores a sender's vote in place of an older one.
func (b *ballots) put(sid zk.SID, v zk.Vote) {
	i, found := slices.BinarySearchFunc(*b, sid, func(x ballot, s zk.SID) int {
		return cmp.Compare(x.sid, s)
	})
	if found {
		(*b)[i].vote = v
		return
	}
	*b = slices.Insert(*b, i, ballot{sid, v})
}

// saysLeading reports whether the set holds a vote of sid itself that says LEADING.
func (b ballots) saysLeading(sid zk.SID) bool {
	for i := range b {
		if b[i].sid == sid {
			return b[i].vote.State == zk.Leading
		}
	}
	return false
}

// count fills the tracker with those whose vote equals v and reports whether they are a quorum of
// every configuration that has a say: the committed one and one proposed later.
// (FastLeaderElection.getVoteTracker)
func (f *FastLeaderElection) count(set ballots, v zk.Vote) bool {
	cur, seen := f.peer.Verifier(), f.peer.LastSeenVerifier()
	f.tracker.Reset()
	f.tracker.Add(cur)
	if seen != nil && seen.Membership().Version > cur.Membership().Version {
		f.tracker.Add(seen)
	}
	for i := range set {
		if f.same(v, set[i].vote) {
			f.tracker.Ack(set[i].sid)
		}
	}
	return f.tracker.HasAllQuorums()
}

// same is the equality by which supporters are counted. Strict equality, before ZOOKEEPER-1732,
// also asks for the same zxid and round of servers that have a leader. (Vote.equals)
func (f *FastLeaderElection) same(v, w zk.Vote) bool {
	if f.opt.StrictEquality {
		return v.SameBallot(w)
	}
	return v.Equal(w)
}

// voters lists those who may vote or be elected, ascending: voters of the committed configuration
// and of the one last seen. (QuorumPeer.getCurrentAndNextConfigVoters)
func (f *FastLeaderElection) voters() []zk.SID {
	cur, seen := f.peer.Verifier().Membership(), (*zk.Membership)(nil)
	if v := f.peer.LastSeenVerifier(); v != nil {
		seen = v.Membership()
	}
	// Memberships never change once made, so their addresses tell whether the list still holds.
	if f.votersOf == [2]*zk.Membership{cur, seen} {
		return f.voterList
	}
	list := cur.Voters()
	if seen != nil && seen != cur {
		list = append(list, seen.Voters()...)
		slices.Sort(list)
		list = slices.Compact(list)
	}
	f.votersOf, f.voterList = [2]*zk.Membership{cur, seen}, list
	return list
}

// validVoter is FastLeaderElection.validVoter.
func (f *FastLeaderElection) validVoter(sid zk.SID) bool {
	_, found := slices.BinarySearch(f.voters(), sid)
	return found
}
