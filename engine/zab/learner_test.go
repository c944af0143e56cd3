package zab

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Learner.connectToLeader: five attempts, 100 ms apart.
func TestConnectRetries(t *testing.T) {
	r := newFollower(t, voters(3)).follow()
	for attempt := 1; attempt <= 5; attempt++ {
		if len(r.dials) != attempt {
			t.Fatalf("attempt %d: %d dials", attempt, len(r.dials))
		}
		d := r.dials[attempt-1]
		if d.Peer != 2 || d.Port != zk.QuorumPort || d.At != r.now+2*node.Second {
			t.Errorf("attempt %d dials %d port %d until %d", attempt, d.Peer, d.Port, d.At)
		}
		r.goesOn()
		r.refused()
		r.pass(100*node.Millisecond - 1)
		r.pass(1)
	}
	r.gaveUp("the leader did not accept a connection: refused")
	if len(r.dials) != 5 {
		t.Errorf("%d dials", len(r.dials))
	}
	r.told(event.ConnectingToLeader, "2, 5")
}

// The pause is neither shorter nor longer, and every attempt has a connection of its own.
func TestConnectPause(t *testing.T) {
	r := newFollower(t, voters(3)).follow()
	first := r.conn()
	r.refused()
	r.pass(100*node.Millisecond - 1)
	if len(r.dials) != 1 {
		t.Error("dialled again too early")
	}
	r.pass(1)
	if len(r.dials) != 2 || r.conn() == first {
		t.Error("the second attempt is due, on a new connection")
	}
	in := &node.Input{Kind: node.Connected, Conn: first, Peer: 2}
	r.step(func(o *node.Out) { r.learner.Connected(o, in) })
	in = &node.Input{Kind: node.DialFailed, Conn: first, Peer: 2}
	r.step(func(o *node.Out) { r.learner.DialFailed(o, in) })
	r.answers("")
	r.connected().answers("FOLLOWERINFO 0:0")
}

// All attempts together have initLimit; what is left of it bounds each.
func TestConnectWithinInitLimit(t *testing.T) {
	r := newFollower(t, voters(3)).follow()
	for i := range 4 {
		r.now += 2400 * node.Millisecond
		r.refused()
		r.pass(100 * node.Millisecond)
		if i < 3 {
			r.goesOn()
		}
	}
	r.gaveUp("initLimit passed without a connection to the leader")
	if d := r.dials[3]; d.At != 7500*node.Millisecond+2*node.Second {
		t.Errorf("the fourth may last until %d", d.At)
	}
	r = newFollower(t, voters(3)).follow()
	r.now = 9 * node.Second
	r.refused()
	r.pass(100 * node.Millisecond)
	if d := r.dials[1]; d.At != 10*node.Second {
		t.Errorf("an attempt near the end may last until %d", d.At)
	}
}

// Learner.findLeader: the vote names a server that the configuration does not know.
func TestLeaderIsAStranger(t *testing.T) {
	r := newFollower(t, voters(3))
	r.vote.Leader = 9
	r.learner = NewLearner(r, false)
	r.follow()
	r.gaveUp("the leader 9 is not in the configuration")
	if len(r.dials) != 0 {
		t.Error("it dialled nevertheless")
	}
	r.shutdown()
}

// FOLLOWERINFO or OBSERVERINFO with the accepted epoch and the version of the configuration.
func TestRegistration(t *testing.T) {
	m := voters(3)
	m.Version = 7
	r := newRig(t, m)
	r.writeEpochs(4, 2)
	r.asFollower().follow().connected()
	p := r.sent[r.conn()][0].(*jute.QuorumPacket)
	if p.SID != 1 || p.Protocol != 0x10000 || p.ConfigVersion != 7 {
		t.Errorf("registered as %+v", p)
	}
	r.answers("FOLLOWERINFO 4:0")
	newFollower(t, voters(3, 1)).follow().connected().answers("OBSERVERINFO 0:0")
}

// Section 7.3, row by row. This server has accepted epoch 3 and last followed a leader of epoch 2.
func TestLearnerOnLeaderInfo(t *testing.T) {
	for _, c := range []struct {
		name, hears, answer string
		verdict             epochVerdict
		leaves              string
	}{
		{"greater: promise, and tell the history", "LEADERINFO 4:0", "ACKEPOCH 2:5 epoch 2",
			epochNew, ""},
		{"greater by more than one", "LEADERINFO 9:0", "ACKEPOCH 2:5 epoch 2", epochNew, ""},
		{"equal: answer, but do not count", "LEADERINFO 3:0", "ACKEPOCH 2:5 epoch -1",
			epochAccepted, ""},
		{"smaller: leave", "LEADERINFO 2:0", "", epochOld,
			"the leader's epoch is smaller than acceptedEpoch"},
		{"a leader before Zab 1.0", "NEWLEADER 4:0", "", "",
			"the first packet is NEWLEADER, not LEADERINFO"},
		{"anything else", "DIFF 2:5", "", "", "the first packet is DIFF, not LEADERINFO"},
	} {
		r := newRig(t, voters(3)).logged("2:1..2:5")
		r.writeEpochs(3, 2)
		r.asFollower().follow().connected().answers("FOLLOWERINFO 3:0").hears(c.hears)
		if c.verdict == epochNew {
			r.answers("")
			r.fsync()
		}
		r.answers(c.answer)
		if c.verdict != "" && r.last(event.LeaderInfoJudged).Args[2].S != string(c.verdict) {
			t.Errorf("%s: judged %s", c.name, r.last(event.LeaderInfoJudged).Args[2].S)
		}
		if c.leaves != "" {
			r.gaveUp(c.leaves)
		} else {
			r.goesOn()
		}
		if want := read(t, c.hears).Zxid.Epoch(); c.verdict == epochNew &&
			r.db.AcceptedEpoch() != want {
			t.Errorf("%s: accepted %d", c.name, r.db.AcceptedEpoch())
		}
	}
}

// The promise is durable before it is given; what follows on the connection waits.
func TestAcceptedEpochBeforeAckEpoch(t *testing.T) {
	r := newFollower(t, voters(3)).follow().connected().answers("FOLLOWERINFO 0:0")
	r.journal = nil
	r.hears("LEADERINFO 1:0, DIFF 0:0, NEWLEADER 1:0")
	r.did("sync acceptedEpoch.tmp")
	r.fsync()
	r.did(`acceptedEpoch 1, send ACKEPOCH 0:0 epoch 0, phase SYNCHRONIZATION,
		sync currentEpoch.tmp`)
}

// A power loss between promise and answer: the promise holds, and the next ACKEPOCH is silent.
func TestPromiseSurvives(t *testing.T) {
	r := newFollower(t, voters(3)).follow().connected()
	r.hears("LEADERINFO 5:0")
	if err := r.powerLoss(); err != nil || r.db.AcceptedEpoch() != 0 {
		t.Fatalf("before the fsync: accepted %d, %v", r.db.AcceptedEpoch(), err)
	}
	r.asFollower().follow().connected().hears("LEADERINFO 5:0")
	r.fsync()
	if err := r.powerLoss(); err != nil || r.db.AcceptedEpoch() != 5 || r.db.CurrentEpoch() != 0 {
		t.Fatalf("behind it: accepted %d, current %d, %v", r.db.AcceptedEpoch(),
			r.db.CurrentEpoch(), err)
	}
	r.asFollower().follow().connected().answers("FOLLOWERINFO 5:0")
	r.hears("LEADERINFO 5:0").answers("ACKEPOCH 0:0 epoch -1")
}

// Read time-outs of a learner: initLimit until NEWLEADER is done, then syncLimit.
func TestLearnerReadTimeouts(t *testing.T) {
	const initLimit = 10 * node.Second
	for _, c := range []struct {
		name  string
		hears string
		fsync int
		limit node.Time
	}{
		{"no LEADERINFO", "", 0, initLimit},
		{"no DIFF", "LEADERINFO 1:0", 1, initLimit},
		{"no stream behind SNAP", "LEADERINFO 1:0, SNAP 1:0", 1, initLimit},
		{"no NEWLEADER", "LEADERINFO 1:0, DIFF 0:0", 1, initLimit},
		{"no UPTODATE", "LEADERINFO 1:0, DIFF 0:0, NEWLEADER 1:0", 2, syncLimit},
		{"no ping", "LEADERINFO 1:0, DIFF 0:0, NEWLEADER 1:0, UPTODATE", 2, syncLimit},
	} {
		r := newFollower(t, voters(3)).follow().connected()
		if c.hears != "" {
			r.hears(c.hears)
		}
		for range c.fsync {
			r.fsync()
		}
		r.pass(c.limit - 1)
		if r.ended {
			t.Errorf("%s: ended early: %s", c.name, r.last(event.LearnerLeft).Args[1].S)
			continue
		}
		r.pass(1)
		r.gaveUp("heard nothing from the leader in time")
	}
}

// Each packet starts the time anew.
func TestPacketsKeepTheLearner(t *testing.T) {
	r := ready(t)
	for range 20 {
		r.pass(syncLimit - 1)
		r.hears("PING 2:0")
	}
	r.goesOn()
	r.pass(syncLimit)
	r.gaveUp("heard nothing")
}

// While the main thread waits for its disk it reads nothing, so its socket cannot time out.
func TestSlowDiskOfALearnerIsNoTimeout(t *testing.T) {
	r := newFollower(t, voters(3)).follow().connected().hears("LEADERINFO 1:0")
	r.pass(100 * node.Second)
	r.goesOn()
	r.fsync()
	r.answers("FOLLOWERINFO 0:0, ACKEPOCH 0:0 epoch 0")
	r.pass(10*node.Second - 1)
	r.goesOn()
	r.pass(1)
	r.gaveUp("heard nothing")
}

// The leader hangs up; a connection of before says nothing.
func TestLeaderHangsUp(t *testing.T) {
	r := ready(t)
	in := &node.Input{Kind: node.Closed, Conn: r.conn() + 1, Peer: 2}
	r.step(func(o *node.Out) { r.learner.Closed(o, in) })
	r.goesOn()
	r.leaderGone()
	r.gaveUp("the connection to the leader closed")
	r.leaderGone()
	if r.count(event.LearnerLeft) != 1 {
		t.Error("it left twice")
	}
}

// What arrives when the role has ended finds nobody, and an fsync that was under way wakes nobody.
func TestLearnerThatEndedHearsNothing(t *testing.T) {
	r := newFollower(t, voters(3)).follow().connected().answers("FOLLOWERINFO 0:0")
	r.hears("LEADERINFO 1:0, DIFF 0:0")
	r.leaderGone()
	r.shutdown()
	r.fsync()
	r.hears("DIFF 0:0, NEWLEADER 1:0")
	r.answers("")
	if len(r.timers) != 0 || !r.closed[r.conn()] {
		t.Errorf("timers %v, closed %v", r.timers, r.closed)
	}
	if r.db.AcceptedEpoch() != 1 {
		t.Error("the file was being written and is written")
	}
}

// The visible state names the leader once it was looked for.
func TestVisibleLearner(t *testing.T) {
	r := newFollower(t, voters(3))
	s := node.NewState()
	r.learner.Visible(s)
	if _, ok := s.Scalars[event.Leader]; ok {
		t.Error("nobody was dialled yet")
	}
	r.follow()
	r.learner.Visible(s)
	if v := s.Scalars[event.Leader]; len(v) != 1 || v[0] != node.Int(2) {
		t.Errorf("leader %v", v)
	}
}
