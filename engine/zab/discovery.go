package zab

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// proposeEpoch counts a server that connected, and decides the epoch when it may: one more than the
// largest acceptedEpoch of a quorum that contains the leader. It reports whether the epoch is
// decided. (Leader.getEpochToPropose)
func (l *Leader) proposeEpoch(o *node.Out, sid zk.SID, accepted zk.Epoch) bool {
	if l.epochChosen {
		return l.phase != waitingForEpoch // between the choice and the durable file all wait
	}
	e := o.Event(event.EpochProposed).Leads()
	e.Check(event.StillWaitingForEpoch, true)
	larger := accepted >= l.epoch
	e.Check(event.AcceptedIsNotSmaller, larger, node.Int(int64(accepted)),
		node.Int(int64(l.epoch)))
	if larger {
		l.epoch = accepted + 1
	}
	t := &l.connectingFollowers
	t.Ack(sid)
	self := t.Has(l.p.SID())
	decided := self && t.HasAllQuorums()
	if o.Tracing {
		names := event.SIDs(t.Acks())
		e.Check(event.LeaderIsConnected, self, node.Int(int64(l.p.SID())))
		e.Check(event.ConnectedAreQuorum, t.HasAllQuorums(), names,
			node.Int(int64(len(t.Acks()))), node.Int(l.voters())).Decides()
		e.With(node.Int(int64(sid)), node.Int(int64(accepted)), node.Int(int64(l.epoch)), names,
			node.Bool(decided))
	}
	if decided {
		l.epochChosen = true
		l.p.SetAcceptedEpoch(o, l.epoch, l.epochDecided)
	}
	return false
}

// voters is the number of voters of the committed configuration.
func (l *Leader) voters() int64 { return int64(l.p.Verifier().Membership().VoterCount()) }

// ackVerdict is what the leader makes of an ACKEPOCH.
type ackVerdict string

const (
	ackCounted     ackVerdict = "counted"     // for the quorum
	ackSilent      ackVerdict = "silent"      // currentEpoch -1: synchronized later, not counted
	ackLate        ackVerdict = "late"        // the quorum is complete; nothing is compared any more
	ackRefused     ackVerdict = "refused"     // the server is ahead of the leader
	ackZxidUnknown ackVerdict = "zxidUnknown" // lastZxid -1: not counted
	ackNotAVoter   ackVerdict = "notAVoter"   // an observer, or a follower without a vote: not counted
)

// ackEpoch counts an ACKEPOCH. A server whose history is more recent than the leader's must not
// follow it, and its handler ends. When the quorum is complete all handlers go on.
// (Leader.waitForEpochAck)
func (l *Leader) ackEpoch(o *node.Out, sid zk.SID, s stateSummary) ackVerdict {
	e := o.Event(event.AckEpochJudged).Leads()
	v := l.judgeAckEpoch(e, sid, s)
	e.With(node.Int(int64(sid)), node.Int(int64(s.currentEpoch)), node.Zxid(int64(s.lastZxid)),
		node.Int(int64(l.summary.currentEpoch)), node.Zxid(int64(l.summary.lastZxid)),
		node.Text(string(v)))
	if v == ackCounted {
		l.electingFollowers.Ack(sid)
		if l.electingFollowers.Has(l.p.SID()) && l.electingFollowers.HasAllQuorums() {
			l.establish(o)
		}
	}
	return v
}

func (l *Leader) judgeAckEpoch(e *node.Event, sid zk.SID, s stateSummary) ackVerdict {
	e.Check(event.EpochAlreadyDecided, l.electionFinished, node.Int(int64(l.epoch)))
	if l.electionFinished {
		e.Decides()
		return ackLate
	}
	silent := s.currentEpoch == -1
	e.Check(event.AckIsSilent, silent, node.Int(int64(s.currentEpoch)))
	if silent {
		e.Decides()
		return ackSilent
	}
	ahead := s.moreRecentThan(l.summary)
	e.Check(event.PeerIsMoreRecent, ahead, node.Int(int64(s.currentEpoch)),
		node.Zxid(int64(s.lastZxid)), node.Int(int64(l.summary.currentEpoch)),
		node.Zxid(int64(l.summary.lastZxid)))
	votes := l.p.Verifier().Membership().IsVoter(sid)
	switch {
	case ahead:
		e.Decides()
		return ackRefused
	case s.lastZxid == zk.NoZxid:
		e.Check(event.ZxidIsKnown, false, node.Zxid(int64(s.lastZxid))).Decides()
		return ackZxidUnknown
	case !votes:
		e.Check(event.SenderIsVoter, false, node.Int(int64(sid))).Decides()
		return ackNotAVoter
	}
	e.Decides().Check(event.SenderIsVoter, true, node.Int(int64(sid)))
	return ackCounted
}

// establish ends discovery: a quorum has promised to follow nobody older.
func (l *Leader) establish(o *node.Out) {
	l.electionFinished = true
	if o.Tracing {
		t := &l.electingFollowers
		names := event.SIDs(t.Acks())
		o.Event(event.EpochEstablished).With(node.Int(int64(l.epoch)), names).
			Check(event.AckersAreQuorum, true, names, node.Int(int64(len(t.Acks()))),
				node.Int(l.voters())).Decides().Leads()
	}
	l.epochAcked(o)
}

// ackNewLeader counts an ACK of NEWLEADER and activates the leader when they are a quorum. An ACK of
// another zxid is logged and forgotten (ZOOKEEPER-4685). It reports whether the sender may go on
// without waiting for the quorum. The leader itself always counts: followers may be a quorum before
// its own currentEpoch is on disk, and it is the leader's thread that activates.
// (Leader.waitForNewLeaderAck)
func (l *Leader) ackNewLeader(o *node.Out, sid zk.SID, z zk.Zxid) (goOn bool) {
	if l.quorumFormed && sid != l.p.SID() {
		return true
	}
	matches := z == l.newLeaderZxid
	t := &l.newLeaderAcks
	if matches {
		t.Ack(sid)
	}
	l.quorumFormed = matches && t.HasAllQuorums()
	if o.Tracing {
		names := event.SIDs(t.Acks())
		e := o.Event(event.NewLeaderAcked).With(node.Int(int64(sid)), node.Zxid(int64(z)),
			node.Bool(matches), names).
			Check(event.ZxidIsNewLeader, matches, node.Zxid(int64(z)),
				node.Zxid(int64(l.newLeaderZxid)))
		l.explainQuorum(e, event.AckersAreQuorum, t, names).Leads()
	}
	if l.quorumFormed && l.phase == waitingForNewLeader {
		l.activate(o)
	}
	return !matches || l.quorumFormed
}
