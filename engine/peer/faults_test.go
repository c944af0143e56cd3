package peer_test

import (
	"fmt"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim/disk"
	"zabscope/engine/sim/fault"
	"zabscope/engine/zk"
)

// An fsync fails: nobody knows what is durable, so the process ends, leader or follower.
func TestFailedFsyncEndsTheProcess(t *testing.T) {
	for _, c := range []struct {
		at    node.ID
		roles string
		back  string
	}{{2, "follower down leader", "follower follower leader"},
		{1, "down leader follower", "follower leader follower"}} {
		e := booted(t, zk.Options3_8_0())
		s := e.connect(3).creates("/a")
		e.run(100 * node.Millisecond)
		e.must(e.FailSync(c.at))
		s.asks(create("/b"))
		e.untilSaid(fmt.Sprintf("%d disk.syncFailed", c.at))
		e.untilSaid(fmt.Sprintf("%d world.exited fsync failed: input/output error", c.at))
		e.until(c.roles)
		e.must(e.RepairDisk(c.at))
		e.start(c.at)
		e.until(c.back)
		e.run(100 * node.Millisecond)
		e.trees(e.tree(3))
	}
}

// An fsync that fails while a server looks for a leader, or promises an epoch.
func TestFailedFsyncOfAnEpochFile(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	e.must(e.FailSync(1))
	e.must(e.Kill(2))
	e.untilSaid("1 world.exited fsync failed: input/output error")
	if got := e.epochs(1); got != "1/1" {
		t.Errorf("epochs %s", got)
	}
	e.must(e.RepairDisk(1))
	e.start(1)
	e.until("follower down leader")
}

// A follower whose disk is full ends; the others go on, and it comes back.
func TestFullDiskOfAFollower(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		s := e.connect(2).creates("/a")
		e.run(100 * node.Millisecond)
		e.must(e.FillDisk(1, 10))
		s.creates("/b")
		e.untilSaid("1 world.exited cannot append to the transaction log: no space left on device")
		s.creates("/c")
		e.must(e.RepairDisk(1))
		e.start(1)
		e.until("follower leader follower")
		e.run(100 * node.Millisecond)
		e.trees("a b c")
	})
}

// The same with the leader: what it could not log is not committed by it.
func TestFullDiskOfTheLeader(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		s := e.connect(2).creates("/a")
		e.run(100 * node.Millisecond)
		e.must(e.FillDisk(2, 10))
		e.now()
		s.asks(create("/b"))
		e.untilSaid("2 world.exited cannot append to the transaction log: no space left on device")
		e.until("follower down leader")
		e.must(e.RepairDisk(2))
		e.start(2)
		e.until("follower follower leader")
		e.run(100 * node.Millisecond)
		e.trees(e.tree(3))
	})
}

// A disk that is broken altogether.
func TestBrokenDisk(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	e.must(e.BreakDisk(3))
	e.connect(2).asks(create("/a"))
	e.untilSaid("3 world.exited")
	e.must(e.RepairDisk(3))
	e.start(3)
	e.until("follower leader follower")
}

// A slow disk of a new leader, slower than initLimit: everybody waits, nobody times out on the
// leader's side, and followers that were a quorum before its currentEpoch is on disk are not
// forgotten.
func TestSlowDiskOfANewLeader(t *testing.T) {
	e := newEnsemble(t, 3, zk.Options3_8_0())
	e.start(1, 2, 3)
	e.until("follower follower leader")
	e.must(e.SlowDisk(2, 300*node.Millisecond))
	e.must(e.Kill(3))
	e.until("follower leader down")
	e.told("2 leader.epochEstablished 2 1,2", "2 leader.activated 2 1,2")
}

// A fourth and a fifth server let the followers be a quorum without the leader's disk.
func TestFollowersAreFasterThanTheLeadersDisk(t *testing.T) {
	e := newEnsemble(t, 5, zk.Options3_8_0())
	e.start(1, 2, 3, 4, 5)
	e.until("follower follower follower follower leader")
	e.must(e.SlowDisk(4, 500*node.Millisecond))
	e.must(e.Kill(5))
	e.until("follower follower follower leader down")
	e.told("4 leader.newLeaderAcked", "4 epoch.current 2",
		"4 leader.newLeaderAcked 4 2:0 true 1,2,3,4", "4 leader.activated 2 1,2,3,4")
}

// Observers: they follow, hear INFORM, and when their leader is gone pause up to 200 ms before they
// look again, which voters do at once.
func TestObserverPauses(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := newEnsemble(t, 4, opt, func(p *plan) { p.observers = []zk.SID{4} })
		e.start(1, 2, 3)
		e.until("follower follower leader down")
		e.start(4)
		e.until("follower follower leader observer")
		e.told("3 leader.learnerRegistered 4 0 OBSERVERINFO", "4 learner.ready 3 1")
		e.connect(4).creates("/a")
		e.run(100 * node.Millisecond)
		e.trees("a")
		e.must(e.Kill(3))
		e.untilSaid("4 learner.left 3")
		left := e.Now()
		if s := e.peer(4).State(); s != zk.Observing {
			t.Errorf("it is %s while it pauses", s)
		}
		e.untilSaid("4 peer.stateChanged OBSERVING LOOKING")
		if d := e.Now() - left; d == 0 || d > 200*node.Millisecond {
			t.Errorf("it paused %d ns", d)
		}
		e.until("follower leader down observer")
		e.told("4 learner.ready 2 2")
	})
}

// Observers do not count: two of three voters are needed, whatever else there is.
func TestObserversAreNoQuorum(t *testing.T) {
	e := newEnsemble(t, 5, zk.Options3_8_0(), func(p *plan) { p.observers = []zk.SID{4, 5} })
	e.start(3, 4, 5)
	e.run(20 * node.Second)
	if got := e.modes(); got != "down down not-serving not-serving not-serving" {
		t.Errorf("roles %s", got)
	}
	e.start(1)
	e.until("follower down leader observer observer")
	e.must(e.Kill(1))
	e.untilSaid("3 leader.steppedDown not enough followers are synced, only 3")
}

// A leader that nobody follows gives up after initLimit and looks again.
func TestLeaderWithoutFollowers(t *testing.T) {
	e := newEnsemble(t, 3, zk.Options3_8_0())
	e.start(1, 2)
	e.untilSaid("2 fle.elected 2")
	at := e.Now()
	e.must(e.Kill(1))
	e.untilSaid("2 leader.steppedDown no quorum within initLimit while waiting for followers")
	if d := (e.Now() - at) / node.Millisecond; d != 10000 {
		t.Errorf("it waited %d ms", d)
	}
	e.start(1)
	e.until("follower leader down")
}

// A follower whose leader has not opened its port yet tries again: five times, 100 ms apart.
func TestFollowerOfALeaderThatIsGone(t *testing.T) {
	e := newEnsemble(t, 3, zk.Options3_8_0())
	e.start(1, 2)
	e.untilSaid("1 fle.elected 2")
	e.must(e.Kill(2))
	e.untilSaid("1 learner.connecting 2 2")
	e.untilSaid("1 learner.connecting 2 5")
	e.untilSaid("1 learner.left 2 the leader did not accept a connection: connection refused")
	e.start(2)
	e.until("follower leader down")
}

// The zxid counter of the epoch is used up: the leader resigns, and the ensemble goes on in the
// next epoch. (section 2.3)
func TestCounterIsUsedUp(t *testing.T) {
	e := booted(t, zk.Options3_8_0(), func(p *plan) { p.zoo.InitialCounter = 0xfffffffc })
	e.connect(2).creates("/a").asks(create("/b"))
	e.untilSaid("2 leader.steppedDown the zxid counter of this epoch is used up")
	e.wait("another leader", func() bool { return e.epochs(1) == "2/2" && e.epochs(3) == "2/2" })
	e.untold("1 leader.proposed 1:4294967295")
	e.run(node.Second)
	e.trees("a")
}

// Pages of the cache that a process left behind when it was killed are there for the next one.
func TestKillKeepsThePageCache(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	e.must(e.SlowDisk(1, 10*node.Second))
	s := e.connect(2)
	s.creates("/a")
	e.run(100 * node.Millisecond)
	e.must(e.Kill(1))
	if got := e.log(1); got != "1:1" {
		t.Errorf("1 has logged %s, its first fsync was under way", got)
	}
	e.must(e.RepairDisk(1))
	e.start(1)
	e.until("follower leader follower")
	e.run(100 * node.Millisecond)
	e.trees("a")
}

// Random faults, without and with every repair. Whatever happens, no machine breaks down, the trace
// says what the machines are, and, repaired, when all is well again all servers have the same tree.
func TestRandomFaults(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		for seed := range uint64(12) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) { randomFaults(t, opt, seed) })
		}
	})
}

// randomFaults is three voters and an observer that take snapshots often and keep few transactions
// in memory, so that all ways of synchronization occur.
func randomFaults(t *testing.T, opt zk.Options, seed uint64) {
	e := newEnsemble(t, 4, opt, func(p *plan) {
		p.sim.Seed, p.observers = seed, []zk.SID{4}
		p.zoo.SnapCount, p.zoo.CommitLogCount = 20, 6
		p.zoo.PreAllocSize, p.zoo.SnapshotSizeFactor = 0, 5
	})
	servers := []node.ID{1, 2, 3, 4}
	e.start(servers...)
	e.until("follower follower leader observer")
	e.run(6 * node.Second)
	writers := []*session{e.connect(1), e.connect(2), e.connect(3), e.connect(4)}
	n := 0
	for _, f := range fault.Schedule(seed, fault.Options{Machines: servers, Begin: e.Now(),
		Duration: 15 * node.Second}) {
		e.RunUntil(f.At)
		_ = fault.Apply(e.Sim, f) // what cannot be done is no fault
		for _, w := range writers {
			n++
			w.asks(create(fmt.Sprintf("/n%d", n)))
		}
		e.fold()
	}
	if opt.RepairTornRecord && !e.alike(servers) {
		e.story(60)
		t.Errorf("roles %s; trees differ", e.modes())
	}
}

// alike reports whether all of these servers serve and have the same tree.
func (e *ensemble) alike(servers []node.ID) bool {
	for _, id := range servers {
		if !e.Up(id) || e.peer(id).Status().Mode == "not-serving" || e.tree(id) != e.tree(1) {
			return false
		}
	}
	return true
}

// Torn tails: some bytes of what was not synced survive a loss of power. The repair drops a record
// whose checksum fails.
func TestTornTail(t *testing.T) {
	e := booted(t, zk.OptionsCorrect())
	e.run(6 * node.Second)
	s := e.connect(2).creates("/a")
	e.run(100 * node.Millisecond)
	for torn := disk.Torn(1); torn < 200; torn += 23 {
		s.asks(create(fmt.Sprintf("/t%d", torn)))
		e.untilSaid("1 log.appended")
		e.must(e.Crash(1, torn))
		e.start(1)
		e.until("follower leader follower")
		s.answer()
		e.run(100 * node.Millisecond)
		e.trees(e.tree(2))
	}
}
