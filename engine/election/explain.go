package election

import (
	"math"

	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Reasons of NotificationIgnored and NotificationAnswered, stable codes.
const (
	reasonState          = "unknownState"
	reasonNotVoter       = "senderHasNoVote"
	reasonLeaderNotVoter = "candidateHasNoVote"
	reasonOlderRound     = "olderRound"
	reasonMyZxidUnknown  = "ownZxidUnknown"
	reasonZxidUnknown    = "zxidUnknown"
	reasonObserving      = "senderObserves"
	reasonNobodyLooks    = "nobodyLooks"
	reasonNotBetter      = "notBetterWhileWaiting"
	reasonHaveLeader     = "haveLeader"
	reasonToldBefore     = "toldBefore"
)

// How a round ended, as Elected says.
const (
	howVote = "VOTE"
	howJoin = "JOIN"
)

// whichSet names the set a vote was stored in.
type whichSet = node.Field

const (
	inRecvSet       whichSet = event.RecvSet
	inOutOfElection whichSet = event.OutOfElection
)

// sidValue writes a candidate; observers name none.
func sidValue(s zk.SID) node.Value {
	if s == zk.NoLeader {
		return node.Text("none")
	}
	return node.Int(int64(s))
}

func zxidValue(z zk.Zxid) node.Value   { return node.Zxid(int64(z)) }
func epochValue(e zk.Epoch) node.Value { return node.Int(int64(e)) }

// peerID is the machine of a server, World for an id that no machine of a run can have.
func peerID(s zk.SID) node.ID {
	if s < 1 || s > math.MaxInt32 {
		return node.World
	}
	return node.ID(s)
}

// explainLooking reports that a round begins. It leads: the first votes are sent because of it.
func (f *FastLeaderElection) explainLooking(o *node.Out) {
	if !o.Tracing {
		return
	}
	v := &f.proposal
	e := o.Event(event.LookingForLeader).Leads()
	e.With(node.Int(f.round), sidValue(v.Leader), zxidValue(v.Zxid), epochValue(v.PeerEpoch))
	setVote(e, &f.shown)
	e.Set(event.Round, node.Int(f.round))
	e.DropAll(event.RecvSet).DropAll(event.OutOfElection)
}

// explainTimedOut reports a poll that brought nothing; what is sent again is sent because of it.
func (f *FastLeaderElection) explainTimedOut(o *node.Out, waited int64, delivered bool) {
	if o.Tracing {
		o.Event(event.NotificationTimedOut).Leads().With(node.Int(waited), node.Int(f.timeout),
			node.Bool(delivered))
	}
}

// ignore reports a message that has no say and returns the event, nil when nobody listens.
func (f *FastLeaderElection) ignore(o *node.Out, n *notification, reason string) *node.Event {
	if !o.Tracing {
		return nil
	}
	e := o.Event(event.NotificationIgnored).About(peerID(n.sid))
	e.With(node.Int(int64(n.sid)), node.Text(reason))
	switch reason {
	case reasonNotVoter, reasonToldBefore:
		e.Check(event.SenderIsVoter, false, sidValue(n.sid)).Decides()
	case reasonState, reasonObserving:
		senderLooks(e, n.sid, n.State).Decides()
	case reasonNobodyLooks:
		f.iLook(e)
		senderLooks(e, n.sid, n.State).Decides()
	case reasonMyZxidUnknown:
		senderLooks(e, n.sid, n.State)
		e.Check(event.ZxidIsKnown, false, zxidValue(f.initialVote().Zxid)).Decides()
	case reasonZxidUnknown:
		senderLooks(e, n.sid, n.State)
		e.Check(event.ZxidIsKnown, false, zxidValue(n.Zxid)).Decides()
	case reasonLeaderNotVoter:
		e.Check(event.SenderIsVoter, true, sidValue(n.sid))
		e.Check(event.CandidateIsVoter, false, sidValue(n.Leader)).Decides()
	case reasonOlderRound:
		e.Check(event.RoundIsNewer, false, node.Int(n.Round), node.Int(f.round))
		e.Check(event.RoundIsOlder, true, node.Int(n.Round), node.Int(f.round)).Decides()
	}
	return e
}

// senderLooks adds the question whether the sender of a message, in state s, is LOOKING.
func senderLooks(e *node.Event, sid zk.SID, s zk.ServerState) *node.Event {
	return e.Check(event.SenderIsLooking, s == zk.Looking, sidValue(sid), node.Text(s.String()))
}

// iLook adds the question whether this server is.
func (f *FastLeaderElection) iLook(e *node.Event) *node.Event {
	s := f.peer.State()
	return e.Check(event.IAmLooking, s == zk.Looking, node.Text(s.String()))
}

// answered reports a message that is answered at once, nil when nobody listens.
func (f *FastLeaderElection) answered(o *node.Out, to zk.SID, reason string) *node.Event {
	if !o.Tracing {
		return nil
	}
	e := o.Event(event.NotificationAnswered).About(peerID(to)).Leads()
	return e.With(node.Int(int64(to)), node.Text(reason))
}

// explainReopened reports that a better vote ended the wait of a quorum. What becomes of that vote
// is told by the event that follows: it may be of an older round and count for nothing.
func (f *FastLeaderElection) explainReopened(o *node.Out, n *notification, checks *Checks) {
	if !o.Tracing {
		return
	}
	e := o.Event(event.QuorumReopened).About(peerID(n.sid))
	e.With(node.Int(int64(n.sid)), sidValue(n.Leader), zxidValue(n.Zxid), epochValue(n.PeerEpoch))
	checks.Explain(e)
}

// explainRaised reports a newer round. Its deciding check is the one that chose between the vote
// received and this server's own first one, for the round itself is never in doubt.
func (f *FastLeaderElection) explainRaised(o *node.Out, n *notification, old int64, better bool,
	checks *Checks) {
	if !o.Tracing {
		return
	}
	v := &f.proposal
	e := o.Event(event.RoundRaised).About(peerID(n.sid)).Leads()
	e.With(node.Int(int64(n.sid)), node.Int(old), node.Int(f.round), sidValue(v.Leader),
		zxidValue(v.Zxid), epochValue(v.PeerEpoch))
	e.Check(event.RoundIsNewer, true, node.Int(n.Round), node.Int(old))
	checks.Explain(e)
	e.Check(event.BeatsInitialVote, better, sidValue(n.Leader), sidValue(f.peer.SID()))
	setVote(e, &f.shown)
	e.Set(event.Round, node.Int(f.round)).DropAll(event.RecvSet)
}

// explainKept reports a vote of the same round that is no better.
func (f *FastLeaderElection) explainKept(o *node.Out, n *notification, checks *Checks) {
	if !o.Tracing {
		return
	}
	v := &f.proposal
	e := o.Event(event.VoteKept).About(peerID(n.sid))
	e.With(node.Int(int64(n.sid)), sidValue(n.Leader), zxidValue(n.Zxid), epochValue(n.PeerEpoch),
		sidValue(v.Leader), zxidValue(v.Zxid), epochValue(v.PeerEpoch))
	checks.Explain(e)
}

// explainChanged reports a vote of the same round that is better and was adopted.
func (f *FastLeaderElection) explainChanged(o *node.Out, n *notification, old zk.Vote,
	checks *Checks) {
	if !o.Tracing {
		return
	}
	e := o.Event(event.VoteChanged).About(peerID(n.sid)).Leads()
	e.With(node.Int(int64(n.sid)), sidValue(n.Leader), zxidValue(n.Zxid), epochValue(n.PeerEpoch),
		sidValue(old.Leader), zxidValue(old.Zxid), epochValue(old.PeerEpoch))
	checks.Explain(e)
	setVote(e, &f.shown)
}

// explainCounted reports a tally after sid's vote was stored in the set.
func (f *FastLeaderElection) explainCounted(o *node.Out, sid zk.SID, set ballots, in whichSet,
	v zk.Vote, agreed bool) {
	if !o.Tracing {
		return
	}
	e := o.Event(event.VotesCounted)
	supporters := event.SIDs(f.tracker.Acks())
	e.With(sidValue(v.Leader), supporters, node.Bool(agreed))
	f.checkQuorum(e, supporters, agreed).Decides()
	for i := range set {
		if set[i].sid == sid {
			putBallot(e, in, &set[i])
		}
	}
}

// checkQuorum adds the question whether those in the tracker are a quorum, of the committed
// configuration and, where another was seen, of that one as well.
func (f *FastLeaderElection) checkQuorum(e *node.Event, supporters node.Value,
	agreed bool) *node.Event {
	count := node.Int(int64(len(f.tracker.Acks())))
	vs := f.tracker.Verifiers()
	if len(vs) < 2 {
		return e.Check(event.SupportersAreQuorum, agreed, supporters, count,
			node.Int(int64(len(f.voters()))))
	}
	has := vs[0].ContainsQuorum(f.tracker.Acks())
	e.Check(event.SupportersAreQuorum, has, supporters, count, voterCount(vs[0]))
	if !has {
		return e
	}
	return e.Check(event.NewConfigHasQuorum, agreed, supporters, count, voterCount(vs[1]))
}

func voterCount(v quorum.Verifier) node.Value {
	return node.Int(int64(len(v.Membership().Voters())))
}

// explainWaits reports that a quorum agrees and waits. It leads, so that the timer's firing, and
// the election that follows from it, go back to this event.
func (f *FastLeaderElection) explainWaits(o *node.Out) {
	if o.Tracing {
		o.Event(event.QuorumWaits).Leads().With(sidValue(f.proposal.Leader),
			event.SIDs(f.tracker.Acks()), node.Int(f.cfg.FinalizeWait))
	}
}

// elected begins the event that ends a round with v; its supporters stand in the tracker.
func (f *FastLeaderElection) elected(o *node.Out, v zk.Vote, how string) *node.Event {
	e := o.Event(event.Elected).About(peerID(v.Leader)).Leads()
	supporters := event.SIDs(f.tracker.Acks())
	e.With(sidValue(v.Leader), zxidValue(v.Zxid), epochValue(v.PeerEpoch),
		node.Int(v.ElectionEpoch), node.Text(how), supporters)
	setVote(e, &v)
	return e.Set(event.Round, node.Int(v.ElectionEpoch))
}

// explainFinalized reports an election by votes.
func (f *FastLeaderElection) explainFinalized(o *node.Out) {
	if !o.Tracing {
		return
	}
	e := f.elected(o, f.proposal, howVote)
	f.checkQuorum(e, event.SIDs(f.tracker.Acks()), true)
	e.Check(event.NoBetterVoteCame, true, node.Int(f.cfg.FinalizeWait)).Decides()
}

// explainFullHouse reports an election by votes in the manner of 3.3. The supporters need not be a
// quorum: that is what is wrong with it.
func (f *FastLeaderElection) explainFullHouse(o *node.Out) {
	if !o.Tracing {
		return
	}
	e := f.elected(o, f.proposal, howVote)
	e.Check(event.EveryVoterVoted, true, node.Int(int64(len(f.recvset))),
		node.Int(int64(len(f.voters())))).Decides()
}

// explainJoined reports an election by joining those who have a leader.
func (f *FastLeaderElection) explainJoined(o *node.Out, n *notification, set ballots) {
	if !o.Tracing {
		return
	}
	e := f.elected(o, n.vote(), howJoin)
	f.checkQuorum(e, event.SIDs(f.tracker.Acks()), true)
	if !f.opt.CheckLeader {
		e.Decides()
		return
	}
	_, checks := f.leaderChecks(n, set)
	checks.Explain(e)
}

// explainLeaderChecked reports whether a quorum's leader is one by its own word.
func (f *FastLeaderElection) explainLeaderChecked(o *node.Out, n *notification, passes bool,
	checks *Checks) {
	if !o.Tracing {
		return
	}
	e := o.Event(event.LeaderChecked).About(peerID(n.sid))
	e.With(sidValue(n.Leader), node.Bool(passes))
	checks.Explain(e)
}
