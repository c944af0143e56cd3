package election

import (
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// workerReceiver looks at one message when it arrives, whatever the peer's state.
// (FastLeaderElection.Messenger.WorkerReceiver.run)
func (f *FastLeaderElection) workerReceiver(o *node.Out, n notification) {
	if f.sawNewerConfig(o, n) {
		return
	}
	switch {
	// Observers ask and are told; what they propose is nobody's business.
	case !f.validVoter(n.sid):
		f.answerNonVoter(o, &n)
	case !n.State.Valid():
		f.ignore(o, &n, reasonState)
	// The answer goes out before lookForLeader has seen the message: it may be a proposal that the
	// same message, or one before it in the queue, is about to change.
	case f.peer.State() == zk.Looking:
		f.queue = append(f.queue, n)
		if n.State == zk.Looking && n.Round < f.round {
			f.answerOlderRound(o, &n)
		}
	case n.State == zk.Looking:
		f.answerLooking(o, n.sid)
	default:
		f.ignore(o, &n, reasonNobodyLooks)
	}
}

// sawNewerConfig offers a newer configuration to a LOOKING peer and reports whether that ended this
// election.
func (f *FastLeaderElection) sawNewerConfig(o *node.Out, n notification) bool {
	if f.peer.State() != zk.Looking {
		return false
	}
	m, mine := f.configOf(&n), f.peer.Verifier().Membership()
	if m == nil || m.Version <= mine.Version {
		return false
	}
	if o.Tracing {
		a, b := zxidValue(zk.Zxid(m.Version)), zxidValue(zk.Zxid(mine.Version))
		o.Event(event.NewerConfigHeard).About(peerID(n.sid)).Leads().
			With(node.Int(int64(n.sid)), a, b).Check(event.ConfigIsNewer, true, a, b).Decides()
	}
	f.peer.SawNewerConfig(o, m)
	return f.stopped
}

// configOf is the configuration in a message, nil if it carries none that is another than this
// server's and can be read.
func (f *FastLeaderElection) configOf(n *notification) *zk.Membership {
	if n.Membership != nil || n.Config == "" || n.Config == f.text {
		return n.Membership
	}
	m, err := zk.ParseMembership(n.Config)
	if err != nil {
		return nil
	}
	return m
}

// answerNonVoter tells an observer, or a follower without a vote, what it asked for. The round is
// this server's own, not that of its vote.
func (f *FastLeaderElection) answerNonVoter(o *node.Out, n *notification) {
	v := f.peer.CurrentVote()
	v.ElectionEpoch, v.State = f.round, f.peer.State()
	within := node.Time(f.cfg.MinNotificationInterval) * node.Millisecond
	if f.opt.RepairAnswerLoop && f.qcm.saidBefore(o.Now, n, v, within) {
		f.ignore(o, n, reasonToldBefore)
		return
	}
	if e := f.answered(o, n.sid, reasonNotVoter); e != nil {
		e.Check(event.SenderIsVoter, false, sidValue(n.sid)).Decides()
	}
	f.qcm.toSend(o, n.sid, f.buildMsg(v.State, v))
}

// answerOlderRound lets a server that lags behind know the proposal of the current round.
func (f *FastLeaderElection) answerOlderRound(o *node.Out, n *notification) {
	if e := f.answered(o, n.sid, reasonOlderRound); e != nil {
		e.Check(event.RoundIsOlder, true, node.Int(n.Round), node.Int(f.round)).Decides()
	}
	v := f.proposal
	v.ElectionEpoch = f.round
	f.qcm.toSend(o, n.sid, f.buildMsg(zk.Looking, v))
}

// answerLooking tells a LOOKING server of the leader that this one has, with the vote by which it
// was elected. Only its peerEpoch is newer than that election: so all members name the same one,
// which is what a late joiner compares. (ZOOKEEPER-1732, ZOOKEEPER-1805)
func (f *FastLeaderElection) answerLooking(o *node.Out, to zk.SID) {
	if f.peer.State() == zk.Leading {
		f.peer.HeardLooking(o, to)
	}
	if e := f.answered(o, to, reasonHaveLeader); e != nil {
		f.iLook(e)
		senderLooks(e, to, zk.Looking).Decides()
	}
	f.qcm.toSend(o, to, f.buildMsg(f.peer.State(), f.peer.CurrentVote()))
}

// buildMsg makes the message that all its receivers share. (FastLeaderElection.buildMsg)
func (f *FastLeaderElection) buildMsg(state zk.ServerState, v zk.Vote) *jute.Notification {
	// The text is made once per configuration; it would be most of the cost of a message.
	m := f.peer.Verifier().Membership()
	if f.textOf != m {
		f.textOf, f.text = m, m.Text()
	}
	n := &jute.Notification{State: state, Leader: v.Leader, Zxid: v.Zxid, Round: v.ElectionEpoch,
		PeerEpoch: v.PeerEpoch, Version: notificationVersion, Config: f.text}
	if m.Version > 0 {
		n.Membership = m
	}
	return n
}
