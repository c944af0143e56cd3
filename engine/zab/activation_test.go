package zab

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// The whole way of two servers, in the order of the recorded runs: LEADERINFO, ACKEPOCH, sync,
// NEWLEADER, ACK, UPTODATE.
func TestFromFollowerInfoToUptodate(t *testing.T) {
	r := newLeader(t, voters(3)).lead()
	r.did("phase DISCOVERY, write snapshot.0")
	f := r.dialIn(2).says("FOLLOWERINFO 0:0")
	r.fsyncAll()
	f.says("ACKEPOCH 0:0 epoch 0")
	r.did(`sync acceptedEpoch.tmp, acceptedEpoch 1, send LEADERINFO 1:0, sync currentEpoch.tmp,
		send DIFF 0:0, send NEWLEADER 1:0`)
	r.fsyncAll()
	r.did("currentEpoch 1, phase SYNCHRONIZATION")
	f.says("ACK 1:0")
	r.did("activate 1, phase BROADCAST, send UPTODATE")
	f.says("ACK 1:0")
	r.did("")
	r.told(event.AckIgnored, "1:0, 2, newLeader")
}

// Leader.waitForNewLeaderAck: a quorum activates, one is none.
func TestActivationNeedsAQuorumOfAcks(t *testing.T) {
	r := newLeader(t, voters(5)).lead()
	a, b := r.dialIn(2).says("FOLLOWERINFO 0:0"), r.dialIn(3).says("FOLLOWERINFO 0:0")
	r.fsyncAll()
	a.gets("LEADERINFO 1:0").says("ACKEPOCH 0:0 epoch 0")
	b.gets("LEADERINFO 1:0").says("ACKEPOCH 0:0 epoch 0")
	r.fsyncAll()
	a.gets("DIFF 0:0, NEWLEADER 1:0").says("ACK 1:0").gets("")
	r.told(event.NewLeaderAcked, "2, 1:0, true, 1,2")
	r.decided(event.NewLeaderAcked, event.AckersAreQuorum, false)
	if r.count(event.Activated) != 0 {
		t.Fatal("two of five activated the leader")
	}
	b.gets("DIFF 0:0, NEWLEADER 1:0").says("ACK 1:0").gets("UPTODATE")
	a.gets("UPTODATE")
	r.told(event.NewLeaderAcked, "3, 1:0, true, 1,2,3")
	r.told(event.Activated, "1, 1,2,3, 0:0")
}

// What startZkServer does: serve, refresh the vote that late joiners are told, stand at the start
// of the epoch.
func TestActivatedLeaderStandsAtItsEpoch(t *testing.T) {
	r, _ := newActive(t)
	if !r.zks().Running() || r.voteEpoch != 1 || r.db.LastProcessed() != zxid(t, "1:0") {
		t.Errorf("running %t, vote epoch %d, last processed %s", r.zks().Running(), r.voteEpoch,
			r.db.LastProcessed())
	}
	if r.armed(event.TimerLeaderWait) || !r.armed(event.TimerTick) {
		t.Error("the wait must be over and the tick loop must run")
	}
}

// All that stood in the leader's log counts as committed with the activation, without a COMMIT.
func TestHistoryIsCommittedByActivation(t *testing.T) {
	r := newRig(t, voters(3)).logged("1:1..1:3")
	r.writeEpochs(1, 1)
	r.lead()
	f := r.dialIn(2)
	f.says("FOLLOWERINFO 1:0")
	r.fsyncAll()
	f.says("ACKEPOCH 1:1 epoch 1")
	r.fsyncAll()
	f.gets("LEADERINFO 2:0, DIFF 1:3, PROPOSAL 1:2, COMMIT 1:2, PROPOSAL 1:3, COMMIT 1:3, " +
		"NEWLEADER 2:0")
	f.says("ACK 2:0").gets("UPTODATE")
	r.told(event.Activated, "2, 1,2, 1:3")
}

// A learner that is level after the activation need not wait for anybody.
func TestLateLearnerIsUptodateAtOnce(t *testing.T) {
	r, _ := newActive(t)
	late := r.dialIn(3).says("FOLLOWERINFO 0:0").gets("LEADERINFO 1:0")
	late.says("ACKEPOCH 0:0 epoch 0").gets("SNAP 1:0, stream, NEWLEADER 1:0")
	late.says("ACK 1:0").gets("UPTODATE")
	r.told(event.LearnerLevel, "3")
}

// A learner that acknowledged is not counted twice, and one that observes not at all.
func TestWhoCountsForTheActivation(t *testing.T) {
	r := newLeader(t, voters(6, 6)).lead()
	a, b := r.dialIn(2).says("FOLLOWERINFO 0:0"), r.dialIn(3).says("FOLLOWERINFO 0:0")
	o := r.dialIn(6).says("OBSERVERINFO 0:0")
	r.fsyncAll()
	for _, f := range []*far{a, b, o} {
		f.says("ACKEPOCH 0:0 epoch 0")
	}
	r.fsyncAll()
	a.says("ACK 1:0, ACK 1:0, ACK 1:0")
	o.says("ACK 1:0")
	r.told(event.NewLeaderAcked, "6, 1:0, true, 1,2")
	if r.count(event.Activated) != 0 {
		t.Error("repetitions or an observer activated the leader")
	}
	b.says("ACK 1:0")
	o.gets("LEADERINFO 1:0, DIFF 0:0, NEWLEADER 1:0, UPTODATE")
}

// ZOOKEEPER-4685: the ACK of a proposal overtakes that of NEWLEADER. It is logged and forgotten,
// the learner goes on to wait for the server; its real ACK is taken for one of UPTODATE.
func TestAckOfAProposalInPlaceOfNewLeader(t *testing.T) {
	r := newRig(t, voters(3)).logged("1:1..1:3")
	r.writeEpochs(1, 1)
	r.lead()
	f := r.dialIn(2).says("FOLLOWERINFO 1:0")
	r.fsyncAll()
	f.says("ACKEPOCH 1:1 epoch 1")
	r.fsyncAll()
	f.says("ACK 1:2, ACK 2:0")
	r.told(event.NewLeaderAcked, "2, 1:2, false, 1")
	if r.count(event.Activated) != 0 {
		t.Fatal("the ACK of 1:2 activated the leader")
	}
	f.kept()
	if h := r.leader.handlers[0]; h.phase != blockedStart || !h.limit.started {
		t.Errorf("the handler is %s", handlerPhases[h.phase])
	}
	r.pass(9999 * node.Millisecond)
	r.goesOn()
	r.pass(node.Millisecond)
	r.gaveUp("no quorum within initLimit while waiting for NEWLEADER acknowledgements")
}

// The same with a third server that behaves: the leader activates, and the other is let in, though
// it was never counted.
func TestOtherServerActivatesPast4685(t *testing.T) {
	r := newRig(t, voters(3)).logged("1:1..1:3")
	r.writeEpochs(1, 1)
	r.lead()
	a, b := r.dialIn(2).says("FOLLOWERINFO 1:0"), r.dialIn(3).says("FOLLOWERINFO 1:0")
	r.fsyncAll()
	a.says("ACKEPOCH 1:1 epoch 1")
	b.says("ACKEPOCH 1:3 epoch 1")
	r.fsyncAll()
	a.says("ACK 1:2, ACK 2:0").gets("LEADERINFO 2:0, DIFF 1:3, PROPOSAL 1:2, COMMIT 1:2, " +
		"PROPOSAL 1:3, COMMIT 1:3, NEWLEADER 2:0")
	b.says("ACK 2:0").gets("LEADERINFO 2:0, DIFF 1:3, NEWLEADER 2:0, UPTODATE")
	a.gets("UPTODATE")
	r.told(event.Activated, "2, 1,3, 1:3")
}

// The first answer behind NEWLEADER must be an ACK.
func TestOtherPacketForTheAckOfNewLeader(t *testing.T) {
	r := newLeader(t, voters(3)).lead()
	f := r.registers(2)
	f.says("PING 1:0").cutOff()
	r.told(event.HandlerClosed, "2, next packet is PING, not an ACK")
	r.goesOn()
}

// Two followers are a quorum of three before the leader's own currentEpoch is on its slow disk. The
// leader serves when it has joined its own epoch, and counts itself.
func TestQuorumOfFollowersBeforeTheLeadersDisk(t *testing.T) {
	r := newLeader(t, voters(3)).lead()
	a, b := r.dialIn(2).says("FOLLOWERINFO 0:0"), r.dialIn(3).says("FOLLOWERINFO 0:0")
	r.fsync()
	a.says("ACKEPOCH 0:0 epoch 0, ACK 1:0").gets("LEADERINFO 1:0, DIFF 0:0, NEWLEADER 1:0")
	b.says("ACKEPOCH 0:0 epoch 0, ACK 1:0").gets("LEADERINFO 1:0, DIFF 0:0, NEWLEADER 1:0")
	if r.count(event.Activated) != 0 {
		t.Fatal("active before currentEpoch is on disk")
	}
	r.fsync()
	r.told(event.Activated, "1, 1,2,3, 0:0")
	a.gets("UPTODATE")
	b.gets("UPTODATE")
}

// ZOOKEEPER-790: the server starts before the followers are level.
func TestActivateBeforeAcks(t *testing.T) {
	r := newLeader(t, voters(3))
	r.opt.ActivateBeforeAcks = true
	r.lead()
	f := r.registers(2)
	r.fsyncAll()
	r.told(event.Activated, "1, 1, 0:0")
	f.gets("DIFF 0:0, NEWLEADER 1:0").says("ACK 1:0").gets("UPTODATE")
	if r.count(event.Activated) != 1 {
		t.Error("activated twice")
	}
}

// The three waits of Leader.lead, each with its own initLimit of 40 ticks.
func TestWaitsOfTheLeader(t *testing.T) {
	const limit = 10 * node.Second
	for _, c := range []struct {
		name  string
		reach func(*rig)
		want  string
	}{
		{"for a quorum of FOLLOWERINFO", func(r *rig) {}, "while waiting for followers"},
		{"for a quorum of ACKEPOCH", func(r *rig) {
			r.pass(limit / 2)
			r.dialIn(2).says("FOLLOWERINFO 0:0")
			r.fsyncAll()
		}, "while waiting for ACKEPOCH"},
		{"for a quorum of NEWLEADER", func(r *rig) {
			r.pass(limit / 2)
			f := r.dialIn(2).says("FOLLOWERINFO 0:0")
			r.fsyncAll()
			r.pass(limit / 2)
			f.says("ACKEPOCH 0:0 epoch 0")
			r.fsyncAll()
		}, "while waiting for NEWLEADER acknowledgements"},
	} {
		r := newLeader(t, voters(3)).lead()
		c.reach(r)
		r.pass(limit - 1)
		if r.ended {
			t.Errorf("the wait %s ended early", c.name)
		}
		r.pass(1)
		r.gaveUp(c.want)
	}
}

// A wait is over once it has what it waits for: a slow disk behind it is no time-out. (the monitors
// are released only when setAcceptedEpoch and setCurrentEpoch have returned)
func TestSlowDiskIsNoTimeout(t *testing.T) {
	const limit = 10 * node.Second
	r := newLeader(t, voters(3)).lead()
	f := r.dialIn(2).says("FOLLOWERINFO 0:0")
	late := r.dialIn(3).says("FOLLOWERINFO 0:0")
	r.pass(2 * limit)
	r.goesOn()
	f.kept()
	late.kept()
	r.fsync()
	f.says("ACKEPOCH 0:0 epoch 0")
	r.pass(9 * node.Second)
	r.goesOn()
	r.pass(2 * node.Second)
	r.goesOn()
	r.fsync()
	r.told(event.PhaseChanged, "SYNCHRONIZATION, NONE, NONE")
}

// A handler waits no longer than initLimit either; when it gives up only its learner is lost.
func TestWaitsOfAHandler(t *testing.T) {
	const limit = 10 * node.Second
	r := newLeader(t, voters(5)).lead()
	r.pass(limit / 2)
	f := r.dialIn(2).says("FOLLOWERINFO 0:0")
	r.dialIn(3).says("FOLLOWERINFO 0:0")
	r.fsync()
	f.gets("LEADERINFO 1:0")
	r.pass(limit / 2)
	f.says("ACKEPOCH 0:0 epoch 0")
	r.leaderWaits(3 * limit)
	r.pass(limit - 1)
	f.kept()
	r.pass(1)
	f.cutOff()
	r.told(event.HandlerClosed, "2, waited longer than initLimit for a quorum")
	r.goesOn()
}

// leaderWaits gives the leader more patience, so that a handler's own can be seen to end.
func (r *rig) leaderWaits(d node.Time) {
	r.timers[node.Timer{Kind: event.TimerLeaderWait}] = r.now + d
}

// A handler that waits for a quorum of ACKs of NEWLEADER.
func TestHandlerWaitsForAcksOfNewLeader(t *testing.T) {
	const limit = 10 * node.Second
	r := newLeader(t, voters(5)).lead()
	a, b := r.dialIn(2).says("FOLLOWERINFO 0:0"), r.dialIn(3).says("FOLLOWERINFO 0:0")
	r.fsyncAll()
	a.says("ACKEPOCH 0:0 epoch 0")
	b.says("ACKEPOCH 0:0 epoch 0")
	r.fsyncAll()
	a.says("ACK 1:0")
	r.leaderWaits(3 * limit)
	r.pass(limit - 1)
	a.kept()
	r.pass(1)
	a.cutOff()
	r.told(event.HandlerClosed, "2, waited longer than initLimit for a quorum")
}

// Without a packet the handler's socket times out: initLimit until NEWLEADER is acknowledged.
func TestHandlerReadsNoLongerThanInitLimit(t *testing.T) {
	r, _ := newActive(t)
	late := r.dialIn(3)
	beat := func(d node.Time) {
		for ; d > 0; d -= node.Second {
			r.leader.handlers[0].deadline = r.leader.tick + 100 // server 2 lives
			r.leader.handlers[0].lastRead = r.now
			r.pass(min(d, node.Second))
		}
	}
	beat(10*node.Second - 1)
	late.kept()
	late.says("FOLLOWERINFO 0:0").gets("LEADERINFO 1:0")
	beat(10*node.Second - 1)
	late.kept()
	beat(1)
	late.cutOff()
	r.told(event.HandlerClosed, "3, read timed out")
}

// Shutdown closes the port, the learners, the timers; what comes later finds nobody.
func TestShutdownOfTheLeader(t *testing.T) {
	r, f := newActive(t)
	other := r.dialIn(3)
	r.shutdown()
	f.cutOff()
	other.cutOff()
	if r.ports[zk.QuorumPort] || len(r.timers) != 0 || r.zks().Running() {
		t.Errorf("ports %v, timers %v, running %t", r.ports, r.timers, r.zks().Running())
	}
	r.journal = nil
	f.says("ACK 1:0")
	f.hangsUp()
	r.step(func(o *node.Out) {
		if r.leader.Fired(o, node.Timer{Kind: event.TimerTick}) {
			t.Error("a leader that ended took a timer")
		}
	})
	r.did("")
}

// A leader gives up once, however many reasons there are.
func TestLeaderGivesUpOnce(t *testing.T) {
	r := newLeader(t, voters(3)).lead()
	r.pass(10 * node.Second)
	r.gaveUp("no quorum")
	r.step(func(o *node.Out) { r.leader.giveUp(o, "again") })
	if r.count(event.SteppedDown) != 1 {
		t.Error("it said so twice")
	}
}

// A leader that never got a database ends without one.
func TestShutdownBeforeLead(t *testing.T) {
	r := newLeader(t, voters(3))
	r.shutdown()
	if len(r.timers) != 0 || r.exit != "" {
		t.Error("there was nothing to end")
	}
}

// Connections that close on their own: the handler goes, the leader stays until the next tick
// counts.
func TestLearnerHangsUp(t *testing.T) {
	r, f := newActive(t)
	f.hangsUp()
	r.told(event.HandlerClosed, "2, connection closed by the learner")
	r.goesOn()
	f.hangsUp() // of a connection it knows no more
	r.pass(250 * node.Millisecond)
	r.gaveUp("not enough followers are synced, only 1")
}

// The visible state of a leader: its learners with their phases, its outstanding proposals.
func TestVisibleLeader(t *testing.T) {
	r, f := newActive(t)
	f.asks(7)
	other := r.dialIn(3).says("FOLLOWERINFO 0:0")
	other.says("ACKEPOCH 0:0 epoch 0")
	s := node.NewState()
	r.leader.Visible(s)
	for _, c := range []struct {
		field node.Field
		key   node.Value
		want  string
	}{
		{event.Learners, node.Int(2), "broadcast"},
		{event.Learners, node.Int(3), "synchronizing"},
		{event.Outstanding, node.Zxid(1<<32 + 1), ""},
	} {
		if v := s.Maps[c.field][c.key]; len(v) != 1 || v[0].S != c.want {
			t.Errorf("%v shows %v, want %q", c.key, v, c.want)
		}
	}
	if _, ok := s.Scalars[event.LogCommitted]; ok {
		t.Error("nothing is committed in this epoch")
	}
	f.says("ACK 1:1")
	r.fsyncAll()
	r.leader.Visible(s)
	if v := s.Scalars[event.LogCommitted]; len(v) != 1 || v[0] != node.Zxid(1<<32+1) {
		t.Errorf("committed shows %v", v)
	}
}
