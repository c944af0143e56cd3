package peer_test

import (
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// The leader dies: 3 leads with the next epoch; 2 comes back and follows.
func TestFailover(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		e.must(e.Kill(2))
		e.until("follower down leader")
		e.told("2 world.killed", "1 learner.left 2 the connection to the leader closed",
			"1 peer.stateChanged FOLLOWING LOOKING", "3 fle.elected 3", "3 leader.activated 2 1,3",
			"1 learner.ready 3 2")
		e.start(2)
		e.until("follower follower leader")
	})
}

// A server that was down for a while gets what it missed by DIFF, each PROPOSAL with its COMMIT
// behind. It has promised the leader's epoch before, so its ACKEPOCH says -1. (recorded from 3.8.0)
func TestDiffForAServerThatWasAway(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	s := e.connect(2).creates("/a")
	e.run(100 * node.Millisecond)
	e.must(e.Kill(1))
	s.creates("/b", "/c")
	e.now()
	e.start(1)
	e.until("follower leader follower")
	e.run(100 * node.Millisecond)
	got, want := e.packets(1, 2), "FOLLOWERINFO 1:0, ACKEPOCH 1:2 currentEpoch -1, ACK 1:0"
	if !strings.HasPrefix(got, want) {
		t.Errorf("1 says\n\t%s\nwant first\n\t%s", got, want)
	}
	e.sent(2, 1, "LEADERINFO 1:0, DIFF 1:4, PROPOSAL 1:3, COMMIT 1:3, PROPOSAL 1:4, COMMIT 1:4, "+
		"NEWLEADER 1:0, UPTODATE")
	e.told("1 learner.leaderInfo 1 1 accepted", "2 leader.ackEpoch 1 -1 1:2 0 0:0 late",
		"2 leader.syncChosen 1 DIFF 1:4 1:2")
	e.trees("a b c")
}

// The transaction that never was: the leader logs it, nobody else hears of it, all forget it. The
// old leader comes back and gets TRUNC, NEWLEADER, UPTODATE, and no DIFF. (recorded from 3.8.0)
func TestWriteThatNeverWas(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		s := e.connect(2).creates("/a")
		e.run(100 * node.Millisecond)
		e.must(e.Partition([]node.ID{2}, []node.ID{1, 3}, false))
		s.asks(create("/never"))
		e.untilSaid("2 log.durable 1:3")
		e.must(e.Kill(2))
		e.until("follower down leader")
		e.must(e.Heal())
		e.now()
		e.start(2)
		e.until("follower follower leader")
		e.run(100 * node.Millisecond)
		e.sent(3, 2, "LEADERINFO 2:0, TRUNC 1:2, NEWLEADER 2:0, UPTODATE")
		e.told("2 storage.loaded snapshot.0 1:3 3", "3 leader.syncChosen 2 TRUNC 1:2 1:3 2:0",
			"2 storage.truncated 1:2 1", "2 learner.ready 3 2")
		e.trees("a")
		if got := e.log(2); got != "1:1 1:2" {
			t.Errorf("2 has %s in its log", got)
		}
	})
}

// The same when the new leader has committed something: no TRUNC across epochs but SNAP, and the
// stale proposal stays in the old log file, hidden by the snapshot. (recorded from 3.8.0)
func TestWriteThatNeverWasAndOthersCameAfter(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		s := e.connect(2).creates("/a")
		e.run(100 * node.Millisecond)
		e.must(e.Partition([]node.ID{2}, []node.ID{1, 3}, false))
		s.asks(create("/never"))
		e.untilSaid("2 log.durable 1:3")
		e.must(e.Kill(2))
		e.until("follower down leader")
		e.must(e.Heal())
		e.connect(3).creates("/b")
		e.now()
		e.start(2)
		e.until("follower follower leader")
		e.run(100 * node.Millisecond)
		e.told("3 leader.syncChosen 2 SNAP", "2 storage.snapshotInstalled 2:2",
			"2 learner.ready 3 2")
		e.trees("a b")
		if got := e.log(2); got != "1:1 1:2 1:3" {
			t.Errorf("2 has %s in its log", got)
		}
		e.must(e.Kill(2))
		e.start(2)
		e.until("follower follower leader")
		e.trees("a b")
	})
}

// A proposal that nobody acknowledged may come back: its leader is in the next quorum, wins by its
// zxid, and commits it. (recorded from 3.8.0)
func TestUnacknowledgedProposalComesBack(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		s := e.connect(2).creates("/a")
		e.run(100 * node.Millisecond)
		e.must(e.Partition([]node.ID{2}, []node.ID{1, 3}, false))
		s.asks(create("/back"))
		e.untilSaid("2 log.durable 1:3")
		for _, id := range []node.ID{1, 2, 3} {
			e.must(e.Kill(id))
		}
		e.must(e.Heal())
		e.start(1, 2)
		e.until("follower leader down")
		e.told("2 fle.elected 2 1:3", "2 leader.syncChosen 1 DIFF 1:3 1:2",
			"2 leader.activated 2 1,2 1:3")
		e.trees("a back")
	})
}

// A proposal that reached one follower survives its leader: that follower votes with it and wins.
func TestProposalThatReachedOneFollower(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		s := e.connect(2).creates("/a")
		e.run(100 * node.Millisecond)
		e.must(e.Hold(2, 3))
		e.must(e.Hold(1, 2)) // or 1 and 2 would be a quorum
		s.asks(create("/b"))
		e.untilSaid("1 log.durable 1:3")
		e.must(e.Break(2, 3))
		e.must(e.Kill(2))
		e.ReleaseAll()
		e.until("leader down follower")
		e.told("1 fle.elected 1 1:3", "1 leader.activated 2 1,3 1:3")
		e.trees("a b")
	})
}

// A server of an epoch that went on beats one with a larger zxid of an older epoch, and the loser
// is truncated. (recorded from 3.8.0)
func TestEpochBeatsZxid(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	s := e.connect(2).creates("/a")
	e.run(100 * node.Millisecond)
	e.must(e.Partition([]node.ID{2}, []node.ID{1, 3}, false))
	s.asks(create("/x")).asks(create("/y"))
	e.untilSaid("2 log.durable 1:4")
	e.must(e.Kill(2))
	e.until("follower down leader") // epoch 2, nobody writes
	e.must(e.Heal())
	e.must(e.Kill(1))
	e.must(e.Kill(3))
	e.start(1, 2)
	e.until("leader follower down")
	e.told("1 fle.elected 1 1:2 2", "1 leader.syncChosen 2 TRUNC 1:2 1:4",
		"2 storage.truncated 1:2 2")
	e.trees("a")
}

// Five servers. The leader dies, and its successor soon after; three are a quorum still.
func TestTwoLeadersInARowDie(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := newEnsemble(t, 5, opt)
		e.start(1, 2, 3, 4, 5)
		e.until("follower follower follower follower leader")
		e.connect(5).creates("/a", "/b")
		e.run(100 * node.Millisecond)
		e.must(e.Kill(5))
		e.until("follower follower follower leader down")
		e.told("4 leader.activated 2")
		e.connect(4).creates("/c")
		e.run(100 * node.Millisecond)
		e.must(e.Kill(4))
		e.until("follower follower leader down down")
		e.told("3 leader.activated 3 1,2,3")
		e.connect(1).creates("/d")
		e.start(4, 5)
		e.until("follower follower leader follower follower")
		e.run(100 * node.Millisecond)
		e.trees("a b c d")
	})
}

// The second dies before it has activated: its epoch is never used.
func TestSuccessorDiesBeforeItLeads(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := newEnsemble(t, 5, opt)
		e.start(1, 2, 3, 4, 5)
		e.until("follower follower follower follower leader")
		e.connect(5).creates("/a")
		e.run(100 * node.Millisecond)
		e.must(e.Kill(5))
		e.untilSaid("4 epoch.accepted 2")
		e.must(e.Kill(4))
		e.until("follower follower leader down down")
		e.untold("4 leader.activated")
		e.start(4, 5)
		e.until("follower follower leader follower follower")
		e.trees("a")
		if got := e.epochs(3); got != e.epochs(1) || got < "2/2" {
			t.Errorf("epochs %s and %s", got, e.epochs(1))
		}
	})
}

// A frozen leader: the others wait for syncLimit and go on without it. It thaws, finds its
// connections closed, and follows without a restart.
func TestFrozenLeader(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		e.connect(1).creates("/a")
		e.must(e.Pause(2))
		at := e.Now()
		e.wait("3 leads", func() bool { return e.peer(3).Status().Mode == "leader" })
		if d := e.Now() - at; d < 1900*node.Millisecond || d > 4*node.Second {
			t.Errorf("it took %d ms, syncLimit is 2 s", d/node.Millisecond)
		}
		e.told("1 learner.left 2 heard nothing from the leader in time", "3 leader.activated 2 1,3")
		e.connect(3).creates("/b")
		e.must(e.Resume(2))
		e.until("follower follower leader")
		e.told("2 world.resumed", "2 leader.steppedDown", "2 peer.stateChanged LEADING LOOKING",
			"2 learner.ready 3 2")
		e.run(100 * node.Millisecond)
		e.trees("a b")
		if e.Incarnation(2) != 1 {
			t.Error("2 was started again")
		}
	})
}

// A leader that is cut off gives up within syncLimit, looks without raising its epoch, and rejoins
// without a restart. (recorded from 3.8.0)
func TestCutOffLeader(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		e.connect(1).creates("/a")
		e.must(e.Partition([]node.ID{2}, []node.ID{1, 3}, false))
		e.until("follower not-serving leader")
		e.told("2 leader.handlerClosed",
			"2 leader.steppedDown not enough followers are synced, only 2",
			"2 peer.stateChanged LEADING LOOKING")
		chain := strings.Join(e.causes(e.mark), " ")
		if !strings.HasPrefix(chain, "peer.stateChanged leader.steppedDown leader.quorumChecked "+
			"timer.fired") {
			t.Errorf("2 gave up because of %s", chain)
		}
		e.connect(3).creates("/b")
		e.run(20 * node.Second)
		if got := e.epochs(2); got != "1/1" {
			t.Errorf("cut off, 2 has the epochs %s", got)
		}
		e.must(e.Heal())
		e.until("follower follower leader")
		e.run(100 * node.Millisecond)
		e.trees("a b")
		if e.Incarnation(2) != 1 || e.epochs(2) != "2/2" {
			t.Errorf("2 was started %d times and has the epochs %s", e.Incarnation(2), e.epochs(2))
		}
	})
}

// A follower that is cut off comes back by DIFF.
func TestCutOffFollower(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		s := e.connect(2).creates("/a")
		e.run(100 * node.Millisecond)
		e.must(e.Partition([]node.ID{1}, []node.ID{2, 3}, false))
		s.creates("/b")
		e.until("not-serving leader follower")
		e.told("1 learner.left 2 heard nothing from the leader in time")
		s.creates("/c")
		e.must(e.Heal())
		e.until("follower leader follower")
		e.told("2 leader.syncChosen 1 DIFF 1:4 1:2", "1 learner.ready 2 1")
		e.run(100 * node.Millisecond)
		e.trees("a b c")
	})
}

// Packets in one direction only: the follower hears pings and its answers are lost; the leader
// sends it away.
func TestOneWayCut(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	e.must(e.Partition([]node.ID{1}, []node.ID{2, 3}, true))
	e.untilSaid("2 leader.handlerClosed 1 read timed out")
	e.must(e.Heal())
	e.until("follower leader follower")
}

// ZOOKEEPER-2845. A leader that was cut off has logged a transaction that nobody else has. It votes
// with it, as its memory was moved on to the end of its log, and is truncated. Without the fix its
// vote hides the transaction: it gets a DIFF, and after a restart it differs from all others.
func TestFastForward(t *testing.T) {
	for _, fix := range []bool{true, false} {
		opt := zk.Options3_8_0()
		opt.FastForward = fix
		e := booted(t, opt)
		s := e.connect(2).creates("/a")
		e.run(100 * node.Millisecond)
		e.must(e.Partition([]node.ID{2}, []node.ID{1, 3}, false))
		s.asks(create("/stale"))
		e.until("follower not-serving leader")
		e.now()
		e.must(e.Heal())
		e.until("follower follower leader")
		want, tree := "3 leader.syncChosen 2 TRUNC 1:2 1:3", "a b"
		if !fix {
			want, tree = "3 leader.syncChosen 2 DIFF 1:2 1:2", "a b stale"
		}
		e.told(want)
		e.connect(3).creates("/b")
		e.run(100 * node.Millisecond)
		e.trees("a b")
		e.must(e.Kill(2))
		e.start(2)
		e.until("follower follower leader")
		if got := e.tree(2); got != tree {
			t.Errorf("fix %t: 2 has %s, want %s", fix, got, tree)
		}
	}
}

// ZOOKEEPER-3642. A server gets a SNAP and loses its leader before NEWLEADER. It forgets what it has
// read. Without the fix it votes with a history that is not on its disk, gets a DIFF on top of it,
// and lacks that history after a restart.
func TestPartialSnap(t *testing.T) {
	for _, c := range []struct {
		fix                bool
		chosen, afterwards string
	}{
		{true, "2 leader.syncChosen 3 SNAP 0:0 0:0 1:3", "a b c"},
		{false, "2 leader.syncChosen 3 DIFF 1:3 1:3", "c"},
	} {
		opt := zk.Options3_8_0()
		opt.ClearPartialSnap = c.fix
		e := newEnsemble(t, 3, opt)
		e.start(1, 2)
		e.until("follower leader down")
		s := e.connect(2).creates("/a", "/b")
		e.start(3)
		e.untilSaid("3 storage.snapshotInstalled 1:3")
		e.must(e.Break(2, 3))
		e.untilSaid("3 learner.left 2")
		e.untilSaid("3 fle.lookForLeader")
		e.until("follower leader follower")
		e.told(c.chosen)
		s.creates("/c")
		e.run(100 * node.Millisecond)
		e.trees("a b c")
		e.must(e.Kill(3))
		e.now()
		e.start(3)
		if !c.fix {
			e.told("3 storage.loaded snapshot.0 1:4 1")
		}
		if e.until("follower leader follower"); e.tree(3) != c.afterwards {
			t.Errorf("fix %t: 3 has %q after a restart, want %q", c.fix, e.tree(3), c.afterwards)
		}
	}
}

// All servers lose power under load, at once. What was confirmed is there when they are back.
func TestAllLosePower(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		e.run(6 * node.Second)
		s := e.connect(2).creates("/a", "/b", "/c")
		s.asks(create("/d"))
		for _, id := range []node.ID{1, 2, 3} {
			e.must(e.Crash(id, 0))
		}
		e.start(1, 2, 3)
		e.until("follower follower leader")
		if got := e.tree(3); !strings.HasPrefix(got, "a b c") {
			t.Errorf("confirmed were a, b, c; 3 has %s", got)
		}
		e.run(100 * node.Millisecond)
		e.trees(e.tree(3))
	})
}

// ZOOKEEPER-2846. Server 5 has logged a write that never was, and then got a SNAP: the snapshot
// hides the write, the log file keeps it. Later 5 leads and brings a server level that lags far
// behind, from its log files: 3.8.0 sends it the write that never was, and not what the SNAP
// brought.
func TestHiddenProposalInTheDiskLog(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := newEnsemble(t, 5, opt, func(p *plan) {
			p.zoo.PreAllocSize, p.zoo.SnapshotSizeFactor = 0, 1
		})
		e.start(1, 2, 3, 4, 5)
		e.until("follower follower follower follower leader")
		s := e.connect(5).creates("/a")
		e.run(6 * node.Second)
		e.must(e.Kill(1))
		e.must(e.Partition([]node.ID{5}, []node.ID{2, 3, 4}, false))
		s.asks(create("/never"))
		e.untilSaid("5 log.durable 1:3")
		e.must(e.Kill(5))
		e.until("down follower follower leader down")
		e.must(e.Heal())
		s = e.connect(4).creates("/b")
		e.start(5)
		e.until("down follower follower leader follower")
		e.told("4 leader.syncChosen 5 SNAP")
		s.creates("/c")
		e.run(100 * node.Millisecond)
		for id := node.ID(2); id <= 5; id++ {
			e.must(e.Kill(id))
		}
		e.start(2, 3, 5)
		e.until("down follower follower down leader")
		if got := e.log(5); got != "1:1 1:2 1:3 2:3" {
			t.Fatalf("5 has %s in its log", got)
		}
		e.start(1)
		e.until("follower follower follower down leader")
		if opt.RepairTxnLogSync {
			e.told("5 leader.syncChosen 1 SNAP 0:0 1:2")
			e.trees("a b c")
			return
		}
		e.told("5 leader.syncChosen 1 DIFF 2:3 1:2")
		if got := e.tree(1); got != "a c never" {
			t.Errorf("1 has %s", got)
		}
	})
}
