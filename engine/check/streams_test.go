package check

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Each rule about messages can fail. (messageIllegal of ZkV3_7_0.tla)
func TestMessageRulesCanFail(t *testing.T) { canFail(t, settled, messages) }

// So can each about how a leader begins to lead.
func TestActivationRulesCanFail(t *testing.T) { canFail(t, settled, activations) }

// And that on what brings a learner level.
func TestDiffRulesCanFail(t *testing.T) { canFail(t, lagging, diffs) }

// messages are departures from M1 to M3.
var messages = []bend{
	{"M1: a COMMIT of what was not proposed", "M1", func(s *story) {
		s.sendCommit(1, z(1, 3))
	}},
	{"M1: a COMMIT that overtakes another", "M1", func(s *story) {
		s.propose(1, 2)
		s.propose(1, 2)
		s.sendCommit(1, z(1, 4))
	}},
	{"M1: a follower whose queue is empty", "M1", func(s *story) {
		s.tell(1, event.CommitUnmatched, zx(z(1, 3)), zx(zk.NoZxid))
	}},
	{"M1: a COMMIT for each proposal, in their order", "", func(s *story) {
		s.propose(1, 2)
		s.propose(1, 2)
		s.sendCommit(1, z(1, 3))
		s.sendCommit(1, z(1, 4))
	}},
	{"M1: COMMITANDACTIVATE commits a reconfig as COMMIT does the rest", "", func(s *story) {
		s.propose(1, 2)
		s.propose(1, 2)
		s.activates(1, z(1, 3))
		s.sendCommit(1, z(1, 4))
	}},
	{"M1: a COMMITANDACTIVATE that overtakes a COMMIT", "M1", func(s *story) {
		s.propose(1, 2)
		s.propose(1, 2)
		s.activates(1, z(1, 4))
	}},
	{"M2: a proposal is left out", "M2", func(s *story) {
		s.propose(1, 2)
		s.propose(2)
		s.send(1, z(1, 5))
	}},
	{"M2: a proposal comes twice", "M2", func(s *story) {
		s.send(1, z(1, 2))
	}},
	{"M2: an epoch does not begin with 1", "M2", func(s *story) {
		s.send(1, z(2, 2))
	}},
	{"M2: the first of a newer epoch", "", func(s *story) {
		s.look(1, 2, 3)
		s.lead(3, 2, 1, 2)
		s.propose(1, 2)
	}},
	{"M3: a proposal to a server that is not level", "M3", func(s *story) {
		s.to(3, 1, event.HandlerClosed, num(1), word("gone"))
		s.propose(1)
	}},
	{"M3: a COMMIT to one", "M3", func(s *story) {
		s.to(3, 1, event.HandlerClosed, num(1), word("gone"))
		s.sendCommit(1, z(1, 3))
	}},
	{"M3: a COMMITANDACTIVATE to a server that is not level", "M3", func(s *story) {
		s.to(3, 1, event.HandlerClosed, num(1), word("gone"))
		s.activates(1, z(1, 3))
	}},
	{"M3: an INFORMANDACTIVATE to one", "M3", func(s *story) {
		s.to(3, 1, event.HandlerClosed, num(1), word("gone"))
		s.to(3, 1, event.ProposalSent, word("INFORMANDACTIVATE"), zx(z(1, 3)), word("reconfig"),
			word("/zookeeper/config"), hashOf(z(1, 3)))
	}},
	{"M3: once it is level again", "", func(s *story) {
		s.to(3, 1, event.HandlerClosed, num(1), word("gone"))
		s.to(3, 1, event.LearnerRegistered, num(1), num(1), word("FOLLOWERINFO"))
		s.diff(1)
		s.sendCommit(1, s.propose(1, 2))
	}},
}

// activations are departures from M4, M5 and M7.
var activations = []bend{
	{"M4: NEWLEADER of another epoch", "M4", func(s *story) {
		s.to(3, 1, event.PacketSent, word("NEWLEADER"), zx(z(2, 0)), word(""))
	}},
	{"M4: an ACK of a proposal comes first", "M4", func(s *story) {
		s.tell(3, event.NewLeaderAcked, num(1), zx(z(1, 2)), yes(false), list(2))
	}},
	{"M4: NEWLEADER of its epoch, and the answer to that", "", func(s *story) {
		s.to(3, 1, event.PacketSent, word("NEWLEADER"), zx(z(1, 0)), word(""))
		s.countNewLeader(1)
	}},
	{"M4: an ACK to a server that leads nothing", "M4", func(s *story) {
		s.tell(2, event.NewLeaderAcked, num(1), zx(z(1, 0)), yes(false), list(2))
	}},
	{"M5: UPTODATE from a leader that is not activated", "M5", func(s *story) {
		s.look(1, 2, 3)
		s.elect(3, 1, 2)
		s.discover(3, 2, 1, 2)
		s.to(3, 1, event.PacketSent, word("UPTODATE"), zx(-1), word(""))
	}},
	{"M5: UPTODATE from an activated leader", "", func(s *story) {
		s.to(3, 1, event.PacketSent, word("UPTODATE"), zx(-1), word(""))
	}},
	{"M7: activated with too few", "M7", func(s *story) {
		s.look(1, 2, 3)
		s.elect(3, 1, 2)
		s.discover(3, 2, 1, 2)
		s.countNewLeader(3)
		s.activate(3)
	}},
	{"M7: activated without itself", "M7", func(s *story) {
		s.look(1, 2, 3)
		s.elect(3, 1, 2)
		s.discover(3, 2, 1, 2)
		s.countNewLeader(1)
		s.countNewLeader(2)
		s.activate(1, 2)
	}},
	{"M7: activated with one more", "", func(s *story) {
		s.look(1, 2, 3)
		s.elect(3, 1, 2)
		s.discover(3, 2, 1, 2)
		s.countNewLeader(3)
		s.countNewLeader(2)
		s.activate(2, 3)
	}},
	{"M7: activated without a quorum of the configuration to come", "M7", func(s *story) {
		s.look(1, 2, 3)
		s.elect(3, 1, 2)
		s.discover(3, 2, 1, 2)
		s.configured(event.ConfigSeen, z(1, 2), []node.ID{3, 4, 5}, 3)
		s.countNewLeader(3)
		s.countNewLeader(2)
		s.activate(2, 3)
	}},
}

// diffs are departures from M6: a DIFF is whole and in order. (ZOOKEEPER-4925)
var diffs = []bend{
	{"M6: all that is missing, in order", "", func(s *story) {
		s.send(1, z(1, 2))
		s.sendCommit(1, z(1, 2))
		s.send(1, z(1, 3))
		s.sendCommit(1, z(1, 3))
		s.forward(1)
	}},
	{"M6: the first is left out", "M6", func(s *story) { s.send(1, z(1, 3)) }},
	{"M6: the last is left out", "M6", func(s *story) {
		s.send(1, z(1, 2))
		s.forward(1)
	}},
	{"M6: nothing is sent", "M6", func(s *story) { s.forward(1) }},
	{"M6: what the learner has is sent again", "M6", func(s *story) { s.send(1, z(1, 1)) }},
}

// activates is COMMITANDACTIVATE sent to a follower.
func (s *story) activates(f node.ID, x zk.Zxid) {
	s.to(s.leader, f, event.PacketSent, word("COMMITANDACTIVATE"), zx(x),
		word("designated leader 3"))
}

// lagging is a story in which 1 lacks two of the leader's transactions and comes back.
func lagging(t testing.TB) *story {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	s.write(1, 2)
	s.look(1)
	s.to(3, 1, event.HandlerClosed, num(1), word("gone"))
	s.write(2)
	s.write(2)
	s.to(3, 1, event.LearnerRegistered, num(1), num(1), word("FOLLOWERINFO"))
	s.to(3, 1, event.SyncChosen, num(1), word("DIFF"), zx(z(1, 3)), zx(z(1, 1)), zx(z(1, 3)), zx(0),
		zx(z(1, 3)), num(2))
	s.to(3, 1, event.PacketSent, word("DIFF"), zx(z(1, 3)), word(""))
	return s
}

// A hole is told of with the transaction that is missing and the learner that misses it.
func TestAHoleNamesWhatIsMissing(t *testing.T) {
	s := lagging(t)
	s.send(1, z(1, 2))
	s.forward(1)
	if v := s.found[0]; v.Zxid != z(1, 3) || v.Server != 1 {
		t.Errorf("%+v", v)
	}
}

// What is put on a connection that is gone is not sent: nothing is missing then.
func TestDiffOnAClosedConnection(t *testing.T) {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	s.write(2)
	s.to(3, 1, event.SyncChosen, num(1), word("DIFF"), zx(z(1, 1)), zx(0), zx(z(1, 1)), zx(0),
		zx(z(1, 1)), num(1))
	s.to(3, 1, event.ForwardingStarted, num(1), zx(z(1, 1)), num(0), num(0))
	s.legal()
}

// A learner on two connections at once is not held against its leader, until it is on one again.
func TestTwoConnections(t *testing.T) {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	s.write(1, 2)
	s.to(3, 1, event.LearnerRegistered, num(1), num(1), word("FOLLOWERINFO"))
	s.send(1, z(1, 2)) // on both
	s.send(1, z(1, 2))
	s.sendCommit(1, z(1, 2))
	s.sendCommit(1, z(1, 2))
	s.to(3, 1, event.HandlerClosed, num(0), word("a stranger"))
	s.to(3, 1, event.HandlerClosed, num(1), word("the older one"))
	s.send(1, z(1, 3))
	s.legal()
	s.to(3, 1, event.HandlerClosed, num(1), word("the other"))
	s.send(1, z(1, 4))
	s.expect("M3")
}

// Observers hear INFORM, in the same sequence, and no PROPOSAL or COMMIT; their acknowledgements
// bind nobody, and they may serve before they have applied all that they were sent.
func TestObserver(t *testing.T) {
	s := newStory(t, 3, 1)
	s.lead(3, 1, 1, 2)
	s.write(1, 2)
	s.elected(4, 3, "VOTE", 1, 2, 3)
	s.found = nil
	s.to(3, 4, event.LearnerRegistered, num(4), num(0), word("OBSERVERINFO"))
	s.diff(4)
	s.enter(4)
	s.to(4, 3, event.PacketSent, word("ACK"), zx(z(1, 0)), word(""))
	s.ready(4)
	s.srv[4].log = []zk.Zxid{z(1, 1)}
	s.deliver(4, z(1, 1), "INFORM")
	x := s.write(1, 2)
	s.to(3, 4, event.ProposalSent, word("INFORM"), zx(x), word("set"), word("/a"), hashOf(x))
	s.deliver(4, x, "INFORM")
	s.legal()
	s.to(3, 4, event.ProposalSent, word("INFORM"), zx(z(1, 4)), word("set"), word("/a"), num(1))
	s.expect("M2")
}

// snapped is a story in which 1 comes back and is sent a SNAP up to (1,4), which it has written.
func snapped(t *testing.T) *story {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	s.write(1, 2)
	s.look(1)
	s.to(3, 1, event.HandlerClosed, num(1), word("gone"))
	for range 3 {
		s.write(2)
	}
	s.elected(1, 3, "JOIN", 2, 3)
	s.found = nil
	s.to(3, 1, event.LearnerRegistered, num(1), num(1), word("FOLLOWERINFO"))
	s.to(3, 1, event.SyncChosen, num(1), word("SNAP"), zx(0), zx(z(1, 1)), zx(z(1, 4)), zx(0),
		zx(z(1, 4)), num(0))
	s.to(3, 1, event.PacketSent, word("SNAP"), zx(z(1, 4)), word(""))
	s.to(3, 1, event.SnapshotSent, zx(z(1, 4)), num(5), num(0))
	s.forward(1)
	s.tell(1, event.SnapshotInstalled, zx(z(1, 4)), num(5))
	s.tell(1, event.SnapshotTaken, snapshotName(z(1, 4)), zx(z(1, 4)))
	s.srv[1].log, s.srv[1].applied = append(s.srv[1].log, z(1, 2), z(1, 3), z(1, 4)), 4
	return s
}

// A SNAP replaces what the learner has; its log goes on behind it.
func TestSnap(t *testing.T) {
	s := snapped(t)
	s.tell(1, event.SnapshotSynced, snapshotName(z(1, 4)), zx(z(1, 4)))
	s.ackNewLeader(1)
	s.ready(1)
	x := s.propose(1, 2)
	s.append(1, x)
	s.tellWith(1, 0, event.Durable, func(e *node.Event) { e.Set(event.LogDurable, num(2)) },
		[]node.Value{zx(x)})
	s.ack(1, x)
	s.log(2, x)
	s.commit(x, 1, 2)
	s.legal()

	// A start finds the snapshot, and behind it the log.
	s.tell(1, node.KindKilled)
	s.tellWith(1, 0, event.DatabaseLoaded, func(e *node.Event) {
		e.Cut(event.Log, 2).Set(event.LogDurable, num(2))
	}, []node.Value{snapshotName(z(1, 4)), zx(x), num(1)})
	if got := s.suite.model.servers[1].mem; got != s.suite.model.committed.last() {
		t.Errorf("it comes back with %s of %d", got.zxid, got.depth)
	}
}

// Until the snapshot is synced the log behind it is worth nothing.
func TestSnapNotSynced(t *testing.T) {
	s := snapped(t)
	s.ackNewLeader(1)
	s.expect("E7 S13")
	s.ready(1)
	x := s.propose(1, 2)
	s.append(1, x)
	s.tellWith(1, 0, event.Durable, func(e *node.Event) { e.Set(event.LogDurable, num(2)) },
		[]node.Value{zx(x)})
	if d := s.suite.model.servers[1].durable().zxid; d != z(1, 1) {
		t.Errorf("durable up to %s", d)
	}
	s.tell(1, event.SnapshotSynced, snapshotName(z(1, 4)), zx(z(1, 4)))
	if d := s.suite.model.servers[1].durable().zxid; d != x {
		t.Errorf("durable up to %s", d)
	}
}
