package election

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// heardFrom is a message and who sent it.
type heardFrom struct {
	sid zk.SID
	n   jute.Notification
}

func follows(sid, leader zk.SID, epoch zk.Epoch, round int64) heardFrom {
	return heardFrom{sid, established(zk.Following, leader, epoch, 0, round)}
}

func leads(sid, leader zk.SID, epoch zk.Epoch, round int64) heardFrom {
	return heardFrom{sid, established(zk.Leading, leader, epoch, 0, round)}
}

// lookForLeader, cases FOLLOWING and LEADING. The server is 1 of five in its first round.
func TestJoin(t *testing.T) {
	strict := func(s *server) { s.opt.StrictEquality = true }
	noCheck := func(s *server) { s.opt.CheckLeader = false }
	cases := []struct {
		name   string
		change func(*server)
		hears  []heardFrom
		leader zk.SID // 0: keeps looking
		round  int64
	}{
		{"same round: a quorum that includes the leader", nil,
			[]heardFrom{follows(2, 5, 1, 1), follows(3, 5, 1, 1), leads(5, 5, 1, 1)}, 5, 1},
		{"the leader first, then the quorum", nil,
			[]heardFrom{leads(5, 5, 1, 1), follows(3, 5, 1, 1), follows(2, 5, 1, 1)}, 5, 1},
		{"other rounds: joined out of election, with the leader's round", nil,
			[]heardFrom{leads(5, 5, 1, 7), follows(3, 5, 1, 7), follows(2, 5, 1, 7)}, 5, 7},
		{"rounds differ between members (ZOOKEEPER-1732): still counted together", nil,
			[]heardFrom{leads(5, 5, 1, 7), follows(3, 5, 1, 4), follows(2, 5, 1, 8)}, 5, 8},
		{"before ZOOKEEPER-1732 they never add up", strict,
			[]heardFrom{leads(5, 5, 1, 7), follows(3, 5, 1, 4), follows(2, 5, 1, 8)}, 0, 1},
		{"before ZOOKEEPER-1732 equal rounds do", strict,
			[]heardFrom{leads(5, 5, 1, 7), follows(3, 5, 1, 7), follows(2, 5, 1, 7)}, 5, 7},
		{"peerEpochs differ: not the same leadership", nil,
			[]heardFrom{leads(5, 5, 1, 7), follows(3, 5, 2, 7), follows(2, 5, 1, 7)}, 0, 1},
		{"no quorum yet", nil, []heardFrom{leads(5, 5, 1, 7), follows(3, 5, 1, 7)}, 0, 1},
		{"a quorum follows, but the leader is silent: it may be dead", nil,
			[]heardFrom{follows(2, 5, 1, 7), follows(3, 5, 1, 7), follows(4, 5, 1, 7)}, 0, 1},
		{"the leader itself follows somebody else by now", nil, []heardFrom{follows(5, 4, 1, 7),
			follows(2, 5, 1, 7), follows(3, 5, 1, 7), follows(4, 5, 1, 7)}, 0, 1},
		{"3.3 does not ask the leader", noCheck,
			[]heardFrom{follows(2, 5, 1, 7), follows(3, 5, 1, 7), follows(4, 5, 1, 7)}, 5, 7},
		{"all say it is me, in my round: I lead", nil,
			[]heardFrom{follows(2, 1, 1, 1), follows(3, 1, 1, 1), follows(4, 1, 1, 1)}, 1, 1},
		{"all say it is me, in another round: that was before my restart", nil,
			[]heardFrom{follows(2, 1, 1, 3), follows(3, 1, 1, 3), follows(4, 1, 1, 3)}, 0, 1},
	}
	for _, c := range cases {
		change := c.change
		if change == nil {
			change = func(*server) {}
		}
		l := newLone(t, 1, majority(5), change)
		for _, h := range c.hears {
			l.hear(h.sid, h.n)
		}
		if c.leader == 0 {
			if len(l.results) != 0 || l.fle.Round() != c.round {
				t.Errorf("%s: elected %v, round %d", c.name, l.results, l.fle.Round())
			}
			continue
		}
		if len(l.results) != 1 || l.results[0].vote.Leader != c.leader ||
			l.results[0].vote.ElectionEpoch != c.round || l.fle.Round() != c.round {
			t.Errorf("%s: elected %v, round %d", c.name, l.results, l.fle.Round())
		}
	}
}

// Joining takes the vote of the member heard last and waits for nobody.
func TestJoinExplained(t *testing.T) {
	l := newLone(t, 1, majority(3))
	l.hear(2, established(zk.Following, 3, 4, 17, 9))
	if e := l.events(event.LeaderChecked); len(e) != 0 {
		t.Errorf("asked for the leader without a quorum: %v", e)
	}
	l.hear(3, established(zk.Leading, 3, 4, 12, 8))
	want := result{zk.Vote{Leader: 3, Zxid: 12, ElectionEpoch: 8, PeerEpoch: 4}, zk.Following}
	if len(l.results) != 1 || l.results[0] != want {
		t.Fatalf("elected %v, want %v", l.results, want)
	}
	if len(l.timers) != 0 {
		t.Errorf("still waiting: %v", l.timers)
	}
	checked := l.events(event.LeaderChecked)[0]
	if got := transcript(checked.Checks); got !=
		"fle.leaderIsMe(3)=false fle.leaderSaidSo(3)=true*" {
		t.Errorf("because %s", got)
	}
	e := l.events(event.Elected)[0]
	if got := transcript(e.Checks); e.Args[4].S != "JOIN" || e.Args[5].S != "2,3" || got !=
		"fle.quorum(2,3,2,3)=true fle.leaderIsMe(3)=false fle.leaderSaidSo(3)=true*" {
		t.Errorf("%v because %s", e.Args, got)
	}
}

func TestJoinExplainedWithoutLeaderCheck(t *testing.T) {
	l := newLone(t, 1, majority(3), func(s *server) { s.opt.CheckLeader = false })
	l.hear(2, established(zk.Following, 3, 4, 17, 9))
	l.hear(3, established(zk.Following, 3, 4, 17, 9))
	e := l.events(event.Elected)[0]
	if got := transcript(e.Checks); got != "fle.quorum(2,3,2,3)=true*" {
		t.Errorf("because %s", got)
	}
}

// That I lead counts only for my own round, and says so.
func TestLeaderCheckOfMyself(t *testing.T) {
	l := newLone(t, 1, majority(3))
	l.hear(2, established(zk.Following, 1, 1, 0, 6))
	l.hear(3, established(zk.Following, 1, 1, 0, 6))
	e := l.events(event.LeaderChecked)[0]
	if got := transcript(e.Checks); got != "fle.leaderIsMe(1)=true fle.roundIsMine(6,1)=false*" {
		t.Errorf("because %s", got)
	}
}

// Votes of the same round also stand in recvset, where LOOKING votes count too if they are equal in
// all fields; and then the join needs no second look.
func TestJoinWithLookingVotesOfTheRound(t *testing.T) {
	l := newLone(t, 1, majority(5))
	l.hear(3, looking(5, 0, 0, 1))
	l.hear(2, looking(1, 0, 0, 1))
	l.hear(5, established(zk.Leading, 5, 0, 0, 1))
	// 3 and, convinced by it, the server itself voted for 5 in this round; 5 says that it leads.
	if len(l.results) != 1 || l.results[0].vote.Leader != 5 || len(l.fle.outOfElection) != 0 {
		t.Errorf("elected %v, outofelection %v", l.results, l.fle.outOfElection)
	}
}

// A FOLLOWING vote of another round lands in outofelection only.
func TestSetsOfAJoin(t *testing.T) {
	l := newLone(t, 1, majority(5))
	l.hear(2, established(zk.Following, 5, 1, 0, 1))
	l.hear(3, established(zk.Following, 5, 1, 0, 2))
	if got := l.recvsetOf(); len(got) != 2 || got[2] != 5 {
		t.Errorf("recvset %v", got)
	}
	if b := l.fle.outOfElection; len(b) != 2 || b[0].sid != 2 || b[1].sid != 3 {
		t.Errorf("outofelection %v", b)
	}
}

// Formats: votes of a release without versions count by leader alone beside newer ones.
// (Vote.equals)
func TestJoinMixedReleases(t *testing.T) {
	l := newLone(t, 1, majority(3))
	old := established(zk.Following, 3, 0, 0, 4)
	old.Version = 0
	l.hear(2, old)
	l.hear(3, established(zk.Leading, 3, 1, 0, 4))
	if len(l.results) != 1 {
		t.Error("a vote without a version was not counted")
	}
}

// While a configuration is being replaced, both must have their quorum.
// (FastLeaderElection.getVoteTracker)
func TestBothConfigurationsCount(t *testing.T) {
	next := *majority(5).Membership()
	next.Version = 0x100000002
	l := newLone(t, 3, majority(3), func(s *server) { s.lastSeen = quorum.New(&next) })
	if got := l.fle.voters(); len(got) != 5 {
		t.Fatalf("voters %v", got)
	}
	l.hear(2, looking(3, 0, 0, 1))
	if _, waits := l.timers[event.TimerFinalize]; waits {
		t.Fatal("two of three and of five: the new configuration has no quorum")
	}
	l.hear(4, looking(3, 0, 0, 1))
	if _, waits := l.timers[event.TimerFinalize]; !waits {
		t.Fatal("2, 3 and 4 are a quorum of both")
	}
}

// A configuration last seen that is no newer has no say.
func TestOlderLastSeenHasNoSay(t *testing.T) {
	l := newLone(t, 3, majority(3), func(s *server) { s.lastSeen = majority(5) })
	l.hear(2, looking(3, 0, 0, 1))
	if _, waits := l.timers[event.TimerFinalize]; !waits {
		t.Fatal("a quorum of the committed configuration should do")
	}
}

// A change of the configuration is seen at the next message.
func TestVotersFollowTheConfiguration(t *testing.T) {
	l := newLone(t, 1, majority(3))
	if got := l.fle.voters(); len(got) != 3 {
		t.Fatalf("voters %v", got)
	}
	l.verifier = majority(5)
	if got := l.fle.voters(); len(got) != 5 {
		t.Errorf("voters %v", got)
	}
}
