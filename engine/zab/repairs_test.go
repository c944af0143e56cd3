package zab

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// A learner acknowledges a proposal, leaves, loses it by TRUNC or by a loss of power, and comes
// back without it. Its old ACK counts on, in every release; the repair forgets it.
func TestStaleAcks(t *testing.T) {
	for _, repair := range []bool{false, true} {
		r := newLeader(t, voters(5))
		r.opt.RepairStaleAcks = repair
		r.lead()
		fs := []*far{r.dialIn(2).says("FOLLOWERINFO 0:0"), r.dialIn(3).says("FOLLOWERINFO 0:0")}
		r.fsyncAll()
		for _, f := range fs {
			f.says("ACKEPOCH 0:0 epoch 0")
		}
		r.fsyncAll()
		for _, f := range fs {
			f.says("ACK 1:0")
		}
		fs[0].asks(7)
		fs[0].asks(8)
		fs[0].says("ACK 1:1, ACK 1:2")
		fs[0].hangsUp()
		back := r.dialIn(2).says("FOLLOWERINFO 1:0, ACKEPOCH 1:1 epoch -1")
		r.fsyncAll()
		fs[1].says("ACK 1:1, ACK 1:2")
		back.gets("LEADERINFO 1:0, TRUNC 1:0, PROPOSAL 1:1, PROPOSAL 1:2, NEWLEADER 1:0" +
			map[bool]string{false: ", COMMIT 1:1, COMMIT 1:2"}[repair])
		back.says("ACK 1:0, ACK 1:1, ACK 1:2")
		r.told(event.Committed, "1:2, 1,2,3")
	}
}

// With the repair a learner's new connection ends its old one, whose ACKs may still be under way.
func TestNewConnectionEndsTheOldOne(t *testing.T) {
	for _, repair := range []bool{false, true} {
		r, f := newActive(t)
		r.opt.RepairStaleAcks = repair
		r.dialIn(2).says("FOLLOWERINFO 1:0")
		if r.closed[f.conn] != repair {
			t.Errorf("repair %t: the old connection is closed: %t", repair, r.closed[f.conn])
		}
	}
}

// After a TRUNC the snapshot at NEWLEADER is not synced, in every release; the repair syncs it, and
// forgets what is in memory when the learner leaves before that.
func TestTruncIsMadeDurable(t *testing.T) {
	r := registered(t, "1:1..1:5").hears("TRUNC 1:3, PROPOSAL 1:4, COMMIT 1:4, NEWLEADER 2:0")
	r.did("truncate 1:3, apply 1:4, write snapshot.100000004, sync currentEpoch.tmp")
	r.fsync()
	if err := r.powerLoss(); err != nil || r.db.LastProcessed() != zxid(t, "1:3") {
		t.Errorf("3.8.0 acknowledged 1:4 and has %s, %v", r.db.LastProcessed(), err)
	}
	r = registered(t, "1:1..1:5", correct).hears("TRUNC 1:3, PROPOSAL 1:4, COMMIT 1:4")
	r.hears("NEWLEADER 2:0")
	r.fsyncAll()
	r.answers("ACK 2:0")
	r.did(`truncate 1:3, apply 1:4, sync currentEpoch.tmp, write snapshot.100000004,
		sync acceptedEpoch currentEpoch currentEpoch.tmp log.100000001 snapshot.0
		snapshot.100000004,
		sync currentEpoch.tmp, currentEpoch 2, send ACK 2:0`)
	if err := r.powerLoss(); err != nil || r.db.LastProcessed() != zxid(t, "1:4") {
		t.Errorf("repaired it has %s, %v", r.db.LastProcessed(), err)
	}
	r = registered(t, "1:1..1:5", correct).hears("TRUNC 1:3, PROPOSAL 1:4, COMMIT 1:4")
	r.leaderGone()
	r.shutdown()
	if r.db.Initialized() {
		t.Error("repaired it keeps 1:4 in memory, which is on no disk")
	}
}

// While a configuration is being replaced, the one seen last has a say too: the quorums of
// NEWLEADER, of each proposal and of each tick must be one of both, those of discovery of the
// committed one. (SyncedLearnerTracker.hasAllQuorums)
func TestQuorumsOfTwoConfigurations(t *testing.T) {
	r := newRig(t, voters(3))
	next := voters(5)
	next.Version = 1 << 32
	r.lastSeen = quorum.New(next)
	r.lead()
	a := r.dialIn(2).says("FOLLOWERINFO 0:0")
	b := r.dialIn(5).says("FOLLOWERINFO 0:0")
	r.fsync()
	a.gets("LEADERINFO 1:0").says("ACKEPOCH 0:0 epoch 0")
	b.gets("LEADERINFO 1:0").says("ACKEPOCH 0:0 epoch 0")
	r.fsyncAll()
	a.gets("DIFF 0:0, NEWLEADER 1:0").says("ACK 1:0").gets("")
	b.gets("DIFF 0:0, NEWLEADER 1:0").says("ACK 1:0").gets("UPTODATE")
	a.gets("UPTODATE").asks(7)
	a.says("ACK 1:1")
	r.fsync()
	if r.count(event.Committed) != 0 {
		t.Error("1 and 2 are a quorum of the old configuration only")
	}
	b.says("ACK 1:1")
	r.told(event.Committed, "1:1, 1,2,5")
	b.hangsUp()
	for range 4 {
		r.pass(halfTick)
		a.says("PING 1:0")
	}
	r.gaveUp("not enough followers are synced, only 1,2")
}

// Weights: a server of weight 0 follows, and its ACK decides nothing.
func TestServerWithoutWeight(t *testing.T) {
	m := voters(3)
	m.Groups, m.Weights = [][]zk.SID{{1, 2, 3}}, map[zk.SID]int64{3: 0}
	r := newLeader(t, m).lead()
	light := r.dialIn(3).says("FOLLOWERINFO 0:0")
	light.gets("")
	heavy := r.dialIn(2).says("FOLLOWERINFO 0:0")
	r.fsync()
	light.gets("LEADERINFO 1:0").says("ACKEPOCH 0:0 epoch 0").gets("")
	heavy.gets("LEADERINFO 1:0").says("ACKEPOCH 0:0 epoch 0")
	r.fsync()
	light.gets("DIFF 0:0, NEWLEADER 1:0").says("ACK 1:0").gets("")
	heavy.gets("DIFF 0:0, NEWLEADER 1:0").says("ACK 1:0").gets("UPTODATE")
	r.pass(node.Millisecond)
	r.goesOn()
}
