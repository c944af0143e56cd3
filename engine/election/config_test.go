package election

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// versioned is an ensemble's configuration under a version.
func versioned(v quorum.Verifier, version int64) *zk.Membership {
	return v.Membership().WithVersion(version)
}

// What comes off a real wire is text: it is read, and offered if it is newer. What cannot be read,
// says nothing new or is one's own is not, and the vote counts all the same.
// (FastLeaderElection.Messenger.WorkerReceiver.run)
func TestConfigurationInText(t *testing.T) {
	for text, version := range map[string]int64{
		versioned(majority(4), 1<<32|5).Text(): 1<<32 | 5,
		majority(4).Membership().Text():        0,
		majority(3).Membership().Text():        0,
		"":                                     0,
		"server.1=nowhere\nversion=9":          0,
		"something else":                       0,
	} {
		l := newLone(t, 1, majority(3))
		n := looking(2, 0, 0, 1)
		n.Config = text
		l.hear(2, n)
		got := int64(0)
		if len(l.newer) > 0 {
			got = l.newer[0].Version
		}
		if got != version {
			t.Errorf("%q: offered is version %x, want %x", text, got, version)
		}
		if l.fle.proposal.Leader != 2 {
			t.Errorf("%q: the vote did not count", text)
		}
	}
}

// The trace says who knew of the newer configuration, and what this server had.
func TestNewerConfigIsTold(t *testing.T) {
	l := newLone(t, 1, quorum.New(versioned(majority(3), 1<<32)))
	n := looking(2, 0, 0, 1)
	n.Membership = versioned(majority(4), 1<<32|5)
	l.hear(2, n)
	heard := l.events(event.NewerConfigHeard)
	if len(heard) != 1 {
		t.Fatalf("told %d times", len(heard))
	}
	a := heard[0].Args
	if a[0] != node.Int(2) || a[1] != node.Zxid(1<<32|5) || a[2] != node.Zxid(1<<32) {
		t.Errorf("told %v", a)
	}
	if got := transcript(heard[0].Checks); got != "reconfig.newer(1:5,1:0)=true*" {
		t.Errorf("because %s", got)
	}
}

// While a configuration waits to be committed a vote needs a quorum of both, and the trace says
// which of them is missing. (FastLeaderElection.getVoteTracker)
func TestBothConfigurationsMustAgree(t *testing.T) {
	l := newLone(t, 1, majority(3), func(s *server) {
		s.lastSeen = quorum.New(versioned(majority(5), 7))
	})
	l.hear(3, looking(3, 0, 0, 1))
	l.hear(2, looking(3, 0, 0, 1)) // and its own vote comes back by itself
	counted := l.events(event.VotesCounted)
	want := "fle.quorum(1,2,3,3,3)=true config.newQuorum(1,2,3,3,5)=true*"
	if got := transcript(counted[len(counted)-1].Checks); got != want {
		t.Errorf("the last count is %s, want %s", got, want)
	}

	l = newLone(t, 1, majority(3), func(s *server) {
		s.lastSeen = quorum.New(versioned(majority(5), 7))
	})
	l.hear(3, looking(3, 0, 0, 1))
	counted = l.events(event.VotesCounted)
	want = "fle.quorum(1,3,2,3)=true config.newQuorum(1,3,2,5)=false*"
	if got := transcript(counted[len(counted)-1].Checks); got != want {
		t.Errorf("two servers: %s, want %s", got, want)
	}
	if _, armed := l.timers[event.TimerFinalize]; armed {
		t.Error("two of five are no quorum")
	}
}

// Who is in the configuration to come and not in the committed one is dialled in advance; nobody is
// told anything yet. (QuorumPeer.connectNewPeers)
func TestNewPeersAreDialled(t *testing.T) {
	l := boundLone(t, 4, majority(3))
	l.do(l.fle.ConnectNewPeers)
	if len(l.dialed) != 0 {
		t.Errorf("dialled %v", l.dialed)
	}
	l.lastSeen = quorum.New(versioned(ensemble(6, []zk.SID{5}), 7))
	l.do(l.fle.ConnectNewPeers)
	if len(l.dialed) != 2 || l.dialed[5] == 0 || l.dialed[6] == 0 {
		t.Errorf("dialled %v", l.dialed)
	}
	c := l.dialed[6]
	l.do(l.fle.ConnectNewPeers)
	if l.dialed[6] != c {
		t.Error("dialled twice")
	}
	l.connect(6)
	l.silent("connected in advance")
	l.do(l.fle.ShutDown)
	l.dialed = map[zk.SID]node.ConnID{}
	l.do(l.fle.ConnectNewPeers)
	if len(l.dialed) != 0 {
		t.Error("an election that has ended dials")
	}
}

// An election that takes the place of another begins with nothing: rounds from 1, empty sets.
func TestRestartedElection(t *testing.T) {
	l := newLone(t, 1, majority(3))
	l.hear(2, looking(2, 0, 0, 4))
	old := l.fle
	vote := zk.Vote{Leader: 3, Zxid: 9, ElectionEpoch: -1, PeerEpoch: -1}
	l.do(func(o *node.Out) {
		old.ShutDown(o)
		l.fle = New(l, zk.DefaultConfig(), l.opt, func() node.ConnID { return 99 })
		l.fle.Restarted(o.Event(event.ElectionRestarted).With(node.Zxid(7)), vote)
		l.fle.Start(o)
	})
	if got := l.fold.Scalars[event.Vote]; got[0] != node.Int(3) || l.fle.Round() != 0 {
		t.Errorf("the vote is %v, the round %d", got, l.fle.Round())
	}
	if len(l.fold.Maps[event.RecvSet]) != 0 || !l.ports[zk.ElectionPort] {
		t.Errorf("votes %v, ports %v", l.fold.Maps[event.RecvSet], l.ports)
	}
	l.do(l.fle.LookForLeader)
	if l.fle.Round() != 1 {
		t.Errorf("round %d", l.fle.Round())
	}
}

// Two servers that do not vote in each other's configurations answer each other's answers, for ever
// (3.8.0 and all later releases). The repair says the same only once within 200 ms.
func TestAnswersToAnswers(t *testing.T) {
	for _, repaired := range []bool{false, true} {
		l := newLone(t, 1, majority(3), func(s *server) { s.opt.RepairAnswerLoop = repaired })
		l.hear(2, looking(1, 0, 0, 1))
		l.fire(event.TimerFinalize)
		l.said()
		stranger := established(zk.Following, 5, 1, 7, 3)
		l.hear(9, stranger)
		l.one("the first")
		l.hear(9, stranger)
		if got := len(l.said()); got != 1 && !repaired || got != 0 && repaired {
			t.Errorf("repaired %t: answered %d times", repaired, got)
		}
		if repaired {
			l.ignored("the second", reasonToldBefore)
			l.now += 200 * node.Millisecond
			l.hear(9, stranger)
			l.one("one that asks again after a while, and may have forgotten")
		}
		stranger.Round = 4
		l.hear(9, stranger)
		l.one("something new")
		l.vote.PeerEpoch = 8
		l.hear(9, stranger)
		l.one("another answer")
	}
}
