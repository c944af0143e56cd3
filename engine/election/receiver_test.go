package election

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// one returns the only notification that was sent, and fails the test if there was another number.
func (l *lone) one(what string) (zk.SID, jute.Notification) {
	l.t.Helper()
	out := l.said()
	if len(out) != 1 {
		l.t.Fatalf("%s: %d notifications were sent, want 1", what, len(out))
	}
	return out[0].to, *out[0].m.(*jute.Notification)
}

// silent fails the test if anything was sent.
func (l *lone) silent(what string) {
	l.t.Helper()
	if out := l.said(); len(out) != 0 {
		l.t.Fatalf("%s: %d notifications were sent, want none", what, len(out))
	}
}

// ignored fails the test unless the last event says that a message was ignored for the reason.
func (l *lone) ignored(what, reason string) {
	l.t.Helper()
	e := l.trace[len(l.trace)-1]
	if e.Kind != event.NotificationIgnored || e.Args[1].S != reason {
		l.t.Fatalf("%s: last event is %s %v, want it ignored as %s", what,
			event.Vocabulary.Kinds[e.Kind].Name, e.Args, reason)
	}
}

// ballotIs compares what a message says, configuration aside.
func ballotIs(t *testing.T, what string, n jute.Notification, want jute.Notification) {
	t.Helper()
	n.Config, n.Membership, want.Version = "", nil, notificationVersion
	if n != want {
		t.Errorf("%s: %+v, want %+v", what, n, want)
	}
}

// follower is server 1 of three, FOLLOWING 3 whose epoch 2 is active; its vote was cast in round 5.
func follower(t *testing.T) *lone {
	l := newLone(t, 1, majority(3))
	l.hear(3, looking(3, 1, 7, 5))
	l.fire(event.TimerFinalize)
	l.vote.PeerEpoch = 2
	l.said()
	return l
}

// WorkerReceiver.run: a configuration newer than one's own is offered to a LOOKING peer.
func TestReceiverRow1NewerConfigWhileLooking(t *testing.T) {
	newer := *majority(3).Membership()
	newer.Version = 0x100000005
	n := looking(2, 0, 0, 1)
	n.Membership = &newer

	l := newLone(t, 1, majority(3))
	l.hear(2, looking(1, 0, 0, 1))
	l.hear(2, n)
	if len(l.newer) != 1 || l.newer[0] != &newer {
		t.Fatalf("the peer was offered %v", l.newer)
	}
	if l.fle.proposal.Leader != 2 {
		t.Error("a peer that keeps its election goes on with the message")
	}

	l = newLone(t, 1, majority(3))
	l.onNewer = func(o *node.Out) { l.fle.ShutDown(o) }
	l.hear(2, n)
	if l.fle.proposal.Leader != 1 || len(l.sent) != 0 {
		t.Error("a message that ended the election was still judged")
	}
	if l.ports[zk.ElectionPort] || len(l.timers) != 0 {
		t.Errorf("after the end: ports %v, timers %v", l.ports, l.timers)
	}
}

// The same message while not LOOKING, and configurations that are not newer, change nothing.
func TestReceiverRow2ConfigIgnored(t *testing.T) {
	newer, same := *majority(3).Membership(), *majority(3).Membership()
	newer.Version = 0x100000005
	n := looking(2, 0, 0, 1)

	l := follower(t)
	n.Membership = &newer
	l.hear(2, n)
	if len(l.newer) != 0 {
		t.Error("a follower was offered a configuration")
	}
	l = newLone(t, 1, majority(3))
	n.Membership = &same
	l.hear(2, n)
	if len(l.newer) != 0 {
		t.Error("an equal configuration was offered")
	}
}

// A sender without a vote is answered at once with currentVote and the receiver's own logicalclock,
// in whatever state the receiver is, and never counted.
func TestReceiverRow3SenderHasNoVote(t *testing.T) {
	four := ensemble(4, []zk.SID{4})
	fromObserver := looking(zk.NoLeader, minEpoch, zk.MinZxid, 9)

	l := newLone(t, 1, four, func(s *server) { s.zxid, s.epoch = 77, 1 })
	l.hear(4, fromObserver)
	to, n := l.one("a LOOKING server")
	ballotIs(t, "a LOOKING server says what it voted last", n,
		jute.Notification{State: zk.Looking, Leader: 1, Zxid: 77, Round: 1, PeerEpoch: 1})
	if to != 4 || l.fle.Round() != 1 {
		t.Errorf("answered %d, round %d", to, l.fle.Round())
	}

	l = newLone(t, 1, four)
	l.hear(2, looking(2, 0, 0, 1))
	l.fire(event.TimerFinalize)
	l.vote.ElectionEpoch, l.vote.PeerEpoch = 99, 1
	l.said()
	l.hear(4, fromObserver)
	_, n = l.one("a follower")
	ballotIs(t, "the round is logicalclock, not that of the vote", n,
		jute.Notification{State: zk.Following, Leader: 2, Round: 1, PeerEpoch: 1})
	answered := l.events(event.NotificationAnswered)
	if got := transcript(answered[len(answered)-1].Checks); got != "fle.senderVotes(4)=false*" {
		t.Errorf("because %s", got)
	}
}

func TestReceiverRow4UnknownState(t *testing.T) {
	for _, state := range []zk.ServerState{-1, 4, 1000} {
		l := newLone(t, 1, majority(3))
		n := looking(2, 0, 0, 1)
		n.State = state
		l.hear(2, n)
		l.ignored("a state that does not exist", reasonState)
		if l.fle.proposal.Leader != 1 {
			t.Errorf("state %d was counted", state)
		}
	}
}

// Between LOOKING servers only the one that lags behind gets an answer: the proposal of the moment.
func TestReceiverRow5BothLooking(t *testing.T) {
	l := newLone(t, 1, majority(5))
	l.hear(2, looking(1, 0, 0, 1))
	l.hear(3, looking(4, 0, 0, 6)) // round 6, for 4
	l.said()
	l.hear(2, looking(2, 0, 0, 5))
	to, n := l.one("to the one that lags")
	ballotIs(t, "the answer is the proposal of the current round", n,
		jute.Notification{State: zk.Looking, Leader: 4, Round: 6})
	if to != 2 {
		t.Errorf("answered %d", to)
	}
	l.ignored("the vote of the older round", reasonOlderRound)

	l.hear(2, looking(2, 0, 0, 6))
	l.silent("same round, worse vote")
}

// Messages that come while the peer is LOOKING but has not begun its round wait for it.
func TestReceiverRow5QueueWaitsForTheRound(t *testing.T) {
	l := boundLone(t, 1, majority(3))
	l.hear(3, looking(3, 0, 0, 1))
	if len(l.results) != 0 || l.fle.proposal.Leader == 3 {
		t.Fatal("judged before the round began")
	}
	l.do(l.fle.LookForLeader)
	if l.fle.proposal.Leader != 3 {
		t.Fatal("not judged when the round began")
	}
}

// A server that has a leader answers who looks with its vote: round and zxid of its own election,
// the peerEpoch refreshed since. A leader also tells itself who looks.
func TestReceiverRow6SenderLooks(t *testing.T) {
	l := follower(t)
	l.hear(2, looking(2, 0, 0, 1))
	to, n := l.one("from a follower")
	ballotIs(t, "a follower's answer", n,
		jute.Notification{State: zk.Following, Leader: 3, Zxid: 7, Round: 5, PeerEpoch: 2})
	if to != 2 || len(l.heard) != 0 {
		t.Errorf("answered %d, heard %v", to, l.heard)
	}

	l = newLone(t, 3, majority(3))
	l.hear(2, looking(3, 0, 0, 1))
	l.fire(event.TimerFinalize)
	l.said()
	l.hear(1, looking(1, 0, 0, 1))
	_, n = l.one("from a leader")
	ballotIs(t, "a leader's answer", n, jute.Notification{State: zk.Leading, Leader: 3, Round: 1})
	if len(l.heard) != 1 || l.heard[0] != 1 {
		t.Errorf("the leader heard %v", l.heard)
	}
}

func TestReceiverRow7NobodyLooks(t *testing.T) {
	l := follower(t)
	l.hear(2, established(zk.Following, 3, 1, 7, 5))
	l.silent("nobody looks")
	l.ignored("nobody looks", reasonNobodyLooks)
}

// Messages of older releases have no configuration and a version of 0 (40 and 28 bytes long); they
// are judged and answered as any other.
func TestReceiverOldFormats(t *testing.T) {
	l := newLone(t, 1, majority(3))
	n := looking(2, 0, 0, 1)
	n.Version = 0
	l.hear(2, n)
	if l.fle.proposal.Leader != 2 {
		t.Error("the vote of an old release was not judged")
	}
	l.fire(event.TimerFinalize)
	l.said()
	l.hear(3, n)
	if to, _ := l.one("to an old release"); to != 3 {
		t.Errorf("answered %d", to)
	}
}

// What is sent carries format version 2 and the configuration as text; the record behind the text
// goes along only if it was ever reconfigured.
func TestBuildMsg(t *testing.T) {
	v := majority(3)
	l := newLone(t, 1, v)
	n := l.fle.buildMsg(zk.Looking, l.fle.proposal)
	if n.Version != 2 || n.Config != v.Membership().Text() || n.Membership != nil {
		t.Errorf("static configuration: %+v", n)
	}
	m := *v.Membership()
	m.Version = 0x200000003
	l.verifier = quorum.New(&m)
	n = l.fle.buildMsg(zk.Looking, l.fle.proposal)
	if n.Config != m.Text() || n.Membership != &m {
		t.Errorf("version %x: %+v", m.Version, n)
	}
}
