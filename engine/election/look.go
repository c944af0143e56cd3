package election

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// LookForLeader begins a round; it ends with Peer.Elected, perhaps already in this call. The peer
// must be LOOKING. (FastLeaderElection.lookForLeader, up to its loop)
func (f *FastLeaderElection) LookForLeader(o *node.Out) {
	if f.stopped {
		return
	}
	f.looking, f.waiting, f.polled = true, false, true
	f.everLooked, f.showsVote = true, true
	f.timeout = f.cfg.MinNotificationInterval
	f.recvset, f.outOfElection = f.recvset[:0], f.outOfElection[:0]
	f.round++
	f.proposal = f.initialVote()
	f.shown = f.proposal
	f.explainLooking(o)
	f.sendNotifications(o)
	f.run(o)
}

// sendNotifications proposes the current vote to every voter, this server included if it is one. An
// observer is not, and so never counts itself.
// (FastLeaderElection.sendNotifications)
func (f *FastLeaderElection) sendNotifications(o *node.Out) {
	f.proposal.ElectionEpoch = f.round
	n := f.buildMsg(zk.Looking, f.proposal)
	for _, sid := range f.voters() {
		f.qcm.toSend(o, sid, n)
	}
}

// timedOut is a poll that brought nothing: send again, or connect to whom nothing could be sent.
// The timeout doubles and never shrinks before the next round.
func (f *FastLeaderElection) timedOut(o *node.Out) {
	waited, delivered := f.timeout, f.qcm.haveDelivered()
	f.timeout = min(2*f.timeout, f.cfg.MaxNotificationInterval)
	f.explainTimedOut(o, waited, delivered)
	if delivered {
		f.sendNotifications(o)
	} else {
		f.qcm.connectAll(o)
	}
	f.polled = true
}

// finalize is finalizeWait passing without any message.
func (f *FastLeaderElection) finalize(o *node.Out) {
	// Nothing was stored during the wait, so this is the count that began it.
	f.count(f.recvset, f.proposal)
	f.explainFinalized(o)
	f.leave(o, f.proposal)
}

// leave ends the round with its result. The peer is told last, when nothing of the round is
// pending: it may begin the next one at once. (FastLeaderElection.setPeerState and leaveInstance)
func (f *FastLeaderElection) leave(o *node.Out, v zk.Vote) {
	v.State, v.Version = zk.Looking, 0
	f.proposal, f.shown = v, v
	f.stopLooking(o)
	f.peer.Elected(o, v, f.stateFor(v.Leader))
}

// stateFor is the role of this server under a leader. (FastLeaderElection.learningState)
func (f *FastLeaderElection) stateFor(leader zk.SID) zk.ServerState {
	switch {
	case leader == f.peer.SID():
		return zk.Leading
	case f.peer.LearnerType() == zk.Participant:
		return zk.Following
	}
	return zk.Observing
}

// stopLooking forgets what was not yet read; both waits end. (FastLeaderElection.leaveInstance)
func (f *FastLeaderElection) stopLooking(o *node.Out) {
	if f.looking {
		o.CancelTimer(timerFLE)
		o.CancelTimer(timerFinalize)
	}
	f.looking, f.waiting, f.queue = false, false, f.queue[:0]
}
