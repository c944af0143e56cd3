package peer_test

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// Three fresh servers, one after the other: 2 leads once 1 and 2 are a quorum, 3 joins.
func TestBootOneByOne(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := newEnsemble(t, 3, opt)
		e.start(1)
		e.run(2 * node.Second)
		e.start(2)
		e.until("follower leader down")
		e.told("1 storage.loaded snapshot.0 0:0 0", "1 epoch.current 0", "1 epoch.accepted 0",
			"1 peer.stateChanged LOOKING LOOKING", "2 fle.elected 2",
			"2 leader.epochProposed 1 0 1 1,2 true", "2 epoch.accepted 1",
			"1 learner.leaderInfo 1 0 new", "1 epoch.accepted 1",
			"2 leader.ackEpoch 1 0 0:0 0 0:0 counted",
			"2 leader.epochEstablished 1 1,2", "2 leader.syncChosen 1 DIFF 0:0 0:0",
			"2 leader.activated 1 1,2 0:0", "1 learner.ready 2 1")
		e.start(3)
		e.until("follower leader follower")
		e.told("3 learner.connecting 2 1", "2 leader.syncChosen 3 SNAP 0:0 0:0 1:0",
			"3 storage.snapshotInstalled 1:0", "3 epoch.current 1", "3 learner.ready 2 1")
	})
}

// Facts recorded from Apache ZooKeeper 3.8.0: LEADERINFO, ACKEPOCH, sync, NEWLEADER, ACK, UPTODATE,
// ACK; the ACK of UPTODATE repeats the zxid of NEWLEADER. Servers of the first election get DIFF
// 0x0, a fresh server that joins later gets SNAP, as the leader stands at epoch<<32 by then.
func TestFirstPacketsOfAnEnsemble(t *testing.T) {
	e := newEnsemble(t, 3, zk.Options3_8_0())
	e.start(1, 2)
	e.until("follower leader down")
	e.run(100 * node.Millisecond)
	e.sent(1, 2, "FOLLOWERINFO 0:0, ACKEPOCH 0:0 currentEpoch 0, ACK 1:0, ACK 1:0")
	e.sent(2, 1, "LEADERINFO 1:0, DIFF 0:0, NEWLEADER 1:0, UPTODATE")
	e.start(3)
	e.until("follower leader follower")
	e.run(100 * node.Millisecond)
	e.sent(3, 2, "FOLLOWERINFO 0:0, ACKEPOCH 0:0 currentEpoch 0, ACK 1:0, ACK 1:0")
	e.sent(2, 3, "LEADERINFO 1:0, SNAP 1:0, stream, NEWLEADER 1:0, UPTODATE")
}

// Facts recorded from 3.8.0: the leader writes nothing to its log at the start of an epoch. Its
// zxid is epoch<<32 at once; followers keep theirs until the first transaction, which is
// (epoch<<32)|1.
func TestZxidsBeforeAndAfterTheFirstTransaction(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	for id, want := range map[node.ID]zk.Zxid{1: 0, 2: 1 << 32, 3: 1 << 32} {
		if s := e.peer(id).Status(); s.Zxid != want {
			t.Errorf("srvr of %d says %s, want %s", id, s.Zxid, want)
		}
		if l := e.log(id); l != "" {
			t.Errorf("%d has logged %s", id, l)
		}
	}
	e.connect(1).creates("/a")
	e.run(100 * node.Millisecond)
	for _, id := range []node.ID{1, 2, 3} {
		if s := e.peer(id).Status(); s.Zxid != 1<<32+2 || e.log(id) != "1:1 1:2" {
			t.Errorf("%d stands at %s and has logged %s", id, s.Zxid, e.log(id))
		}
	}
	e.trees("a")
}

// Status is what srvr tells: nothing while there is no quorum.
func TestStatus(t *testing.T) {
	e := newEnsemble(t, 3, zk.Options3_8_0())
	e.start(1)
	e.run(5 * node.Second)
	if s := e.peer(1).Status(); s.Mode != "not-serving" || s.Zxid != 0 {
		t.Errorf("a server alone says %+v", s)
	}
	e.start(2, 3)
	e.wait("a leader", func() bool { return e.peer(3).Status().Mode == "leader" })
	if s := e.peer(3).Status(); s.NodeCount != 5 {
		t.Errorf("a fresh tree has %d nodes, counted as srvr does", s.NodeCount)
	}
}

// Without a quorum nobody leads, however long it takes; nobody gives up looking either.
func TestMinorityWaits(t *testing.T) {
	e := newEnsemble(t, 5, zk.Options3_8_0())
	e.start(1, 2)
	e.run(300 * node.Second)
	if got := e.modes(); got != "not-serving not-serving down down down" {
		t.Errorf("roles %s", got)
	}
	e.untold("1 fle.elected")
	e.untold("2 fle.elected")
}

// An ensemble of one server leads itself, and comes back after a loss of power.
func TestEnsembleOfOne(t *testing.T) {
	e := newEnsemble(t, 1, zk.Options3_8_0())
	e.start(1)
	e.until("leader")
	e.connect(1).creates("/a", "/b")
	e.told("1 leader.activated 1 1 0:0", "1 leader.committed 1:1 1", "1 leader.committed 1:2 1")
	e.run(6 * node.Second) // the kernel writes back snapshot.0
	e.must(e.Crash(1, 0))
	e.start(1)
	e.until("leader")
	e.trees("a b")
	e.told("1 storage.loaded snapshot.0 1:3 3", "1 leader.activated 2 1 1:3")
}

// snapshot.0 of a first start is not synced, the log is: a power loss within seconds leaves a log
// without a snapshot, which is refused (ZOOKEEPER-2325). The repair syncs it first.
func TestPowerLossSoonAfterTheFirstStart(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := newEnsemble(t, 1, opt)
		e.start(1)
		e.until("leader")
		e.connect(1).creates("/a")
		e.must(e.Crash(1, 0))
		e.start(1)
		if opt.RepairStartSync {
			e.until("leader")
			e.trees("a")
			return
		}
		e.told("1 peer.startRefused no snapshot found, but there are log entries", "1 world.exited")
	})
}

// The same seed gives the same trace, to the byte; another seed another one.
func TestSeedDecidesAll(t *testing.T) {
	run := func(seed uint64) string {
		e := newEnsemble(t, 3, zk.Options3_8_0(), func(p *plan) { p.sim.Seed = seed })
		e.start(1, 2, 3)
		e.run(3 * node.Second)
		e.must(e.Kill(3))
		e.run(3 * node.Second)
		h := e.rec.Hash()
		return string(h[:])
	}
	if first, again := run(7), run(7); first != again {
		t.Error("the same seed, another trace")
	}
	if run(7) == run(8) {
		t.Error("the seed has no say")
	}
}

// A client that talks to a server without a role is hung up on.
func TestClientOfAServerThatDoesNotServe(t *testing.T) {
	e := newEnsemble(t, 3, zk.Options3_8_0())
	e.start(1)
	e.run(node.Second)
	s := e.tryConnect(1)
	e.wait("a refusal", func() bool { return s.machine().Failure() != "" })
	e.untold("1 server.clientAccepted")
}
