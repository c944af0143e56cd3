package election

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// setVote puts a vote into an event's changes.
func setVote(e *node.Event, v *zk.Vote) {
	e.Set(event.Vote, sidValue(v.Leader), zxidValue(v.Zxid), epochValue(v.PeerEpoch),
		node.Int(v.ElectionEpoch))
}

// CurrentVoteIs tells the trace, as part of the event e, that the peer's current vote is now v: its
// peerEpoch was refreshed, or a leader was designated. (QuorumPeer.updateElectionVote)
func (f *FastLeaderElection) CurrentVoteIs(e *node.Event, v zk.Vote) {
	f.shown, f.showsVote = v, true
	setVote(e, &f.shown)
}

// Restarted tells the trace, as part of the event e, that this election took the place of another one
// in a peer whose current vote is v: its rounds and sets begin empty.
// (QuorumPeer.restartLeaderElection)
func (f *FastLeaderElection) Restarted(e *node.Event, v zk.Vote) {
	f.everLooked = true
	f.CurrentVoteIs(e, v)
	e.Set(event.Round, node.Int(f.round)).DropAll(event.RecvSet).DropAll(event.OutOfElection)
}

// Visible fills in the fields Vote, Round, RecvSet and OutOfElection, as folding the events does.
// The sets stay as the last round left them until the next begins.
func (f *FastLeaderElection) Visible(s *node.State) {
	e := new(node.Event)
	if f.showsVote {
		setVote(e, &f.shown)
	}
	if f.everLooked {
		e.Set(event.Round, node.Int(f.round))
	}
	for i := range f.recvset {
		putBallot(e, inRecvSet, &f.recvset[i])
	}
	for i := range f.outOfElection {
		putBallot(e, inOutOfElection, &f.outOfElection[i])
	}
	for _, op := range e.Ops {
		s.Apply(event.Vocabulary, op)
	}
}

// putBallot puts one sender's vote into an event's changes.
func putBallot(e *node.Event, in whichSet, b *ballot) {
	v := &b.vote
	e.Put(in, node.Int(int64(b.sid)), sidValue(v.Leader), zxidValue(v.Zxid),
		epochValue(v.PeerEpoch), node.Int(v.ElectionEpoch), node.Text(v.State.String()))
}
