package peer_test

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim/disk"
	"zabscope/engine/sim/fault"
	"zabscope/engine/zk"
)

// An fsync of the log fails: the log thread ends, and the process lives. A follower leaves its leader
// behind the next packet, a leader gives up at the next half tick; both look for a leader.
// (SyncRequestProcessor.run, Follower.followLeader, Leader.lead: "Unexpected internal error")
func TestFailedFsyncEndsTheRole(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		for at, says := range map[node.ID]string{
			1: "1 learner.left 2 its server no longer runs",
			2: "2 leader.steppedDown Unexpected internal error"} {
			e := booted(t, opt)
			s := e.connect(3).creates("/a")
			e.run(100 * node.Millisecond)
			e.must(e.FailSync(at))
			s.asks(create("/b"))
			e.untilSaid(fmt.Sprintf("%d disk.syncFailed", at))
			e.told(fmt.Sprintf("%d server.threadFailed fsync input/output error", at))
			e.untilSaid(says)
			e.untilSaid(fmt.Sprintf("%d peer.stateChanged", at))
			e.must(e.RepairDisk(at))
			e.wait("three servers", func() bool { return e.alike([]node.ID{1, 2, 3}) })
			if !e.Up(at) {
				t.Errorf("the process of %d ended", at)
			}
			e.connect(3).creates("/c")
			e.run(100 * node.Millisecond)
			if got := e.tree(1); !strings.HasSuffix(got, "c") {
				t.Errorf("tree %s", got)
			}
		}
	})
}

// What an fsync failed to make durable is made durable by the next one, of whatever role: a loss of
// power then takes nothing that was acknowledged.
func TestFailedFsyncIsMadeUpFor(t *testing.T) {
	e := booted(t, zk.OptionsCorrect())
	s := e.connect(2).creates("/a")
	e.run(100 * node.Millisecond)
	e.must(e.FailSync(1))
	s.creates("/b")
	e.untilSaid("1 learner.left 2 its server no longer runs")
	e.must(e.RepairDisk(1))
	e.until("follower leader follower")
	s.creates("/c")
	e.untilSaid("1 log.durable")
	e.must(e.Crash(1, 0))
	e.start(1)
	e.until("follower leader follower")
	e.run(100 * node.Millisecond)
	e.trees("a b c")
}

// An fsync that fails while a server promises an epoch: the promise is not made, the role ends, and
// the server tries again. (QuorumPeer.setAcceptedEpoch: IOException)
func TestFailedFsyncOfAnEpochFile(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	e.must(e.FailSync(1))
	e.must(e.Kill(2))
	e.untilSaid("1 epoch.writeFailed version-2/acceptedEpoch input/output error")
	if got := e.epochs(1); got != "1/1" || !e.Up(1) {
		t.Errorf("epochs %s, up %t", got, e.Up(1))
	}
	e.untold("1 zab.packet ACKEPOCH")
	e.must(e.RepairDisk(1))
	e.until("follower down leader")
}

// An fsync that fails at the first start: without epoch files there is no start.
func TestFailedFsyncOfAFirstStart(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := newEnsemble(t, 3, opt)
		e.must(e.FailSync(1))
		e.start(1)
		e.untilSaid("1 world.exited")
		e.must(e.RepairDisk(1))
		e.start(1, 2)
		e.until("follower leader down")
	})
}

// An fsync of a snapshot that came with SNAP ends the process. What the page cache holds of the
// snapshot is of an epoch that currentEpoch does not know yet (ZOOKEEPER-1653).
// (ZooKeeperServer.takeSnapshot: TXNLOG_ERROR_TAKING_SNAPSHOT)
func TestFailedFsyncOfASnapshot(t *testing.T) {
	e := newEnsemble(t, 3, zk.Options3_8_0())
	e.start(1, 2)
	e.until("follower leader down")
	e.connect(2).creates("/a")
	e.start(3)
	e.untilSaid("3 storage.snapshotInstalled")
	e.must(e.FailSync(3))
	e.untilSaid("3 world.exited the snapshot cannot be synced: input/output error")
	e.must(e.RepairDisk(3))
	e.start(3)
	e.untilSaid("3 peer.startRefused the current epoch, 0, is older than the last")
}

// A log that is synced in the midst of the synchronization ends the role if it cannot be.
// (Learner.syncWithLeader since ZOOKEEPER-4785: IOException)
func TestFailedFsyncDuringSynchronization(t *testing.T) {
	opt := zk.Options3_8_0()
	opt.SyncVariant = zk.SyncV4785
	e := booted(t, opt)
	s := e.connect(2)
	e.must(e.Kill(1))
	s.creates("/a", "/b")
	e.start(1)
	e.untilSaid("1 log.appended")
	e.must(e.FailSync(1))
	e.must(e.Kill(1))
	e.start(1)
	e.untilSaid("1 learner.left 2 the log cannot be synced: input/output error")
	e.must(e.RepairDisk(1))
	e.until("follower leader follower")
	e.trees("a b")
}

// A follower whose disk is full leaves and comes back when there is room; the others go on.
func TestFullDiskOfAFollower(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		s := e.connect(2).creates("/a")
		e.run(100 * node.Millisecond)
		e.must(e.FillDisk(1, 10))
		s.creates("/b")
		e.untilSaid("1 server.threadFailed append no space left on device")
		e.untilSaid("1 learner.left 2 its server no longer runs")
		s.creates("/c")
		e.must(e.RepairDisk(1))
		e.until("follower leader follower")
		e.run(100 * node.Millisecond)
		e.trees("a b c")
	})
}

// The same with the leader: its followers are a quorum without its log, and it gives up all the same.
func TestFullDiskOfTheLeader(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		s := e.connect(2).creates("/a")
		e.run(100 * node.Millisecond)
		e.must(e.FillDisk(2, 10))
		e.now()
		s.asks(create("/b"))
		e.untilSaid("2 server.threadFailed append no space left on device")
		e.untilSaid("2 leader.committed 1:3 1,3")
		e.untilSaid("2 leader.steppedDown Unexpected internal error")
		e.must(e.RepairDisk(2))
		e.wait("three servers", func() bool { return e.alike([]node.ID{1, 2, 3}) })
		e.trees("a b")
	})
}

// A disk that is broken altogether: the server looks for a leader for as long as it is.
func TestBrokenDisk(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	s := e.connect(2).creates("/a")
	e.run(100 * node.Millisecond)
	e.must(e.BreakDisk(3))
	s.creates("/b")
	e.untilSaid("3 server.threadFailed append input/output error")
	e.untilSaid("3 peer.stateChanged FOLLOWING LOOKING")
	e.untilSaid("3 epoch.writeFailed version-2/currentEpoch input/output error")
	e.untilSaid("3 peer.stateChanged FOLLOWING LOOKING")
	e.must(e.RepairDisk(3))
	e.until("follower leader follower")
	e.run(100 * node.Millisecond)
	e.trees("a b")
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
		p.zoo.PreAllocSize, p.zoo.SnapshotSizeFactor, p.zoo.ExactLimits = 0, 5, true
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
