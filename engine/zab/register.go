package zab

import (
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// register says who this learner is and which epoch it has accepted. (Learner.registerWithLeader)
func (l *Learner) register(o *node.Out) {
	t := zk.FOLLOWERINFO
	if l.observer {
		t = zk.OBSERVERINFO
	}
	l.phase = awaitLeaderInfo
	l.send(o, &jute.QuorumPacket{Type: t, Zxid: zk.MakeZxid(l.p.AcceptedEpoch(), 0),
		SID: l.p.SID(), Protocol: protocolVersion,
		ConfigVersion: l.p.Verifier().Membership().Version})
}

// onLEADERINFO promises to follow nobody older than the new epoch, durably, before it answers.
func (l *Learner) onLEADERINFO(o *node.Out, p *jute.QuorumPacket) {
	if p.Type != zk.LEADERINFO {
		l.giveUp(o, "the first packet is "+p.Type.String()+", not LEADERINFO")
		return
	}
	l.newEpoch = p.Zxid.Epoch()
	switch l.judgeEpoch(o) {
	case epochNew:
		l.p.SetAcceptedEpoch(o, l.newEpoch, l.wait(func(o *node.Out) {
			l.ackEpoch(o, int32(l.p.CurrentEpoch()))
		}))
	case epochAccepted:
		l.ackEpoch(o, -1)
	case epochOld:
		l.giveUp(o, "the leader's epoch is smaller than acceptedEpoch")
	}
}

// epochVerdict is what a learner makes of LEADERINFO.
type epochVerdict string

const (
	epochNew      epochVerdict = "new"      // promise it, and tell how recent the history is
	epochAccepted epochVerdict = "accepted" // promised already: answer, but do not count twice
	epochOld      epochVerdict = "old"      // leave
)

func (l *Learner) judgeEpoch(o *node.Out) epochVerdict {
	accepted := l.p.AcceptedEpoch()
	vals := [2]node.Value{node.Int(int64(l.newEpoch)), node.Int(int64(accepted))}
	e := o.Event(event.LeaderInfoJudged).About(node.ID(l.leader)).Leads()
	e.Check(event.EpochIsNewToMe, l.newEpoch > accepted, vals[:]...)
	v := epochNew
	if l.newEpoch <= accepted {
		e.Check(event.EpochWasAccepted, l.newEpoch == accepted, vals[:]...)
		v = epochAccepted
		if l.newEpoch < accepted {
			v = epochOld
		}
	}
	e.Decides().With(vals[0], vals[1], node.Text(string(v)))
	return v
}

// ackEpoch answers LEADERINFO; then synchronization begins.
func (l *Learner) ackEpoch(o *node.Out, currentEpoch int32) {
	l.send(o, &jute.QuorumPacket{Type: zk.ACKEPOCH, Zxid: l.p.DB().LastProcessed(),
		Epoch: currentEpoch})
	l.p.SetZabState(o, zk.Synchronization)
	l.phase = awaitOp
}
