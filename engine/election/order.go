package election

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Checks are the questions of one decision in the order in which they were asked, with at most one
// that settled it. It is a value: a decision costs no allocation.
type Checks struct {
	list [6]check
	n    int
}

type check struct {
	code             node.CheckCode
	answer, deciding bool
	a, b             node.Value
}

func (c *Checks) ask(code node.CheckCode, answer bool, a, b node.Value) bool {
	c.list[c.n] = check{code: code, answer: answer, a: a, b: b}
	c.n++
	return answer
}

// decided marks the question asked last as the one that settled the decision.
func (c *Checks) decided() { c.list[c.n-1].deciding = true }

// Explain adds the checks to an event.
func (c *Checks) Explain(e *node.Event) {
	for i := range c.list[:c.n] {
		k := &c.list[i]
		if k.b.Kind == node.NoValue {
			e.Check(k.code, k.answer, k.a)
		} else {
			e.Check(k.code, k.answer, k.a, k.b)
		}
		if k.deciding {
			e.Decides()
		}
	}
}

// totalOrder reports whether a vote beats the current one, and why: a candidate without weight never
// does; then the larger peerEpoch, zxid, sid wins. Weight is that of the new vote's candidate. Without
// byEpoch peerEpochs do not count, as in 3.3. (FastLeaderElection.totalOrderPredicate)
func totalOrder(vote, cur zk.Vote, weight int64, byEpoch bool) (better bool, c Checks) {
	better = decide(&c, vote, cur, weight, byEpoch)
	c.decided()
	return better, c
}

func decide(c *Checks, vote, cur zk.Vote, weight int64, byEpoch bool) bool {
	if !c.ask(event.CandidateHasWeight, weight != 0, sidValue(vote.Leader), node.Int(weight)) {
		return false
	}
	if byEpoch {
		a, b := node.Int(int64(vote.PeerEpoch)), node.Int(int64(cur.PeerEpoch))
		if c.ask(event.EpochIsLarger, vote.PeerEpoch > cur.PeerEpoch, a, b) {
			return true
		}
		if !c.ask(event.EpochIsEqual, vote.PeerEpoch == cur.PeerEpoch, a, b) {
			return false
		}
	}
	a, b := node.Zxid(int64(vote.Zxid)), node.Zxid(int64(cur.Zxid))
	if c.ask(event.ZxidIsLarger, vote.Zxid > cur.Zxid, a, b) {
		return true
	}
	if !c.ask(event.ZxidIsEqual, vote.Zxid == cur.Zxid, a, b) {
		return false
	}
	return c.ask(event.SIDIsLarger, vote.Leader > cur.Leader,
		sidValue(vote.Leader), sidValue(cur.Leader))
}

// beats applies totalOrder under the peer's configuration and options.
func (f *FastLeaderElection) beats(vote, cur zk.Vote) (bool, Checks) {
	return totalOrder(vote, cur, f.peer.Verifier().Weight(vote.Leader), f.opt.RequirePeerEpoch)
}

// initialVote is what a server proposes before it has heard anybody: itself if it may be elected.
// (FastLeaderElection.getInitId, getInitLastLoggedZxid, getPeerEpoch)
func (f *FastLeaderElection) initialVote() zk.Vote {
	v := zk.Vote{Leader: zk.NoLeader, Zxid: zk.MinZxid, PeerEpoch: minEpoch,
		ElectionEpoch: f.round}
	if f.peer.Verifier().Membership().IsVoter(f.peer.SID()) {
		v.Leader = f.peer.SID()
	}
	if f.peer.LearnerType() == zk.Participant {
		v.Zxid, v.PeerEpoch = f.peer.LastLoggedZxid(), f.peer.CurrentEpoch()
		// Old releases send no peerEpoch; receivers make it of the zxid.
		if !f.opt.RequirePeerEpoch {
			v.PeerEpoch = v.Zxid.Epoch()
		}
	}
	return v
}
