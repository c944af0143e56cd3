package election

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// consider takes one message out of the queue, in the loop or in the wait of a quorum.
// (FastLeaderElection.lookForLeader, its loop)
func (f *FastLeaderElection) consider(o *node.Out, n *notification) {
	switch {
	case f.waiting:
		f.drain(o, n)
	case !f.validVoter(n.sid):
		f.ignore(o, n, reasonNotVoter)
	case !f.validVoter(n.Leader):
		f.ignore(o, n, reasonLeaderNotVoter)
	case n.State == zk.Looking:
		f.onLooking(o, n)
	case n.State == zk.Observing:
		f.ignore(o, n, reasonObserving)
	default:
		f.join(o, n)
	}
}

// drain is the wait of a quorum: a better vote of whatever state or round goes back into the queue
// and reopens the round, any other message is forgotten and the wait begins anew.
func (f *FastLeaderElection) drain(o *node.Out, n *notification) {
	better, checks := f.beats(n.vote(), f.proposal)
	if !better {
		if e := f.ignore(o, n, reasonNotBetter); e != nil {
			checks.Explain(e)
		}
		return
	}
	// Only the order counts here: not who sent it, nor its round. What it is worth is judged when
	// it comes out of the queue again.
	f.explainReopened(o, n, &checks)
	f.waiting = false
	o.CancelTimer(timerFinalize)
	f.queue = append(f.queue, *n)
}

// onLooking judges the vote of a server that looks as well.
func (f *FastLeaderElection) onLooking(o *node.Out, n *notification) {
	// A server that started without a trusted database must not sway others, nor be swayed before
	// it knows what it has. (ZOOKEEPER-261)
	if f.initialVote().Zxid == zk.NoZxid {
		f.ignore(o, n, reasonMyZxidUnknown)
		return
	}
	if n.Zxid == zk.NoZxid {
		f.ignore(o, n, reasonZxidUnknown)
		return
	}
	switch {
	case n.Round > f.round:
		f.raiseRound(o, n)
	case n.Round < f.round:
		f.ignore(o, n, reasonOlderRound)
		return
	default:
		f.compare(o, n)
	}
	// Without a version: LOOKING votes are compared in full, whatever release sent them.
	v := n.vote()
	v.State, v.Version = zk.Looking, 0
	f.recvset.put(n.sid, v)
	f.countVotes(o, n.sid)
}

// raiseRound enters a newer round: the votes of the old one are void, and the proposal is the
// better of the vote received and this server's own first one, not of what it had been convinced
// of.
func (f *FastLeaderElection) raiseRound(o *node.Out, n *notification) {
	old := f.round
	f.round = n.Round
	f.recvset = f.recvset[:0]
	initial := f.initialVote()
	better, checks := f.beats(n.vote(), initial)
	f.proposal = initial
	if better {
		f.adopt(n)
	}
	f.shown = f.proposal
	f.explainRaised(o, n, old, better, &checks)
	f.sendNotifications(o)
}

// compare changes the proposal if the vote received is better.
func (f *FastLeaderElection) compare(o *node.Out, n *notification) {
	old := f.proposal
	better, checks := f.beats(n.vote(), old)
	if !better {
		f.explainKept(o, n, &checks)
		return
	}
	f.adopt(n)
	f.shown = f.proposal
	f.explainChanged(o, n, old, &checks)
	f.sendNotifications(o)
}

// adopt is FastLeaderElection.updateProposal.
func (f *FastLeaderElection) adopt(n *notification) {
	f.proposal = zk.Vote{Leader: n.Leader, Zxid: n.Zxid, PeerEpoch: n.PeerEpoch,
		ElectionEpoch: f.round}
}

// countVotes looks whether a quorum supports the proposal, after a vote of sid was stored. A quorum
// is not yet an election: somebody better may be a message away.
func (f *FastLeaderElection) countVotes(o *node.Out, sid zk.SID) {
	agreed := f.count(f.recvset, f.proposal)
	f.explainCounted(o, sid, f.recvset, inRecvSet, f.proposal, agreed)
	if f.opt.FullHouse && f.fullHouse() {
		f.explainFullHouse(o)
		f.leave(o, f.proposal)
		return
	}
	if agreed {
		f.explainWaits(o)
		o.CancelTimer(timerFLE)
		f.waiting = true
	}
}

// fullHouse is the shortcut of 3.3: every voter has voted, for whomever.
func (f *FastLeaderElection) fullHouse() bool {
	q := f.peer.Verifier()
	return len(f.recvset) == len(f.voters()) && q.Weight(f.proposal.Leader) != 0
}
