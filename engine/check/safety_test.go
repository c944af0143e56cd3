package check

import (
	"slices"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk/event"
)

// What servers deliver, bent.
func TestDeliveryRulesCanFail(t *testing.T) { canFail(t, settled, deliveries) }

// What leaders do, and what followers promise them, bent.
func TestLeaderRulesCanFail(t *testing.T) { canFail(t, settled, leaders) }

// What must not be lost, bent.
func TestLossRulesCanFail(t *testing.T) { canFail(t, settled, keeps) }

// deliveries are departures from S1 to S7.
var deliveries = []bend{
	{"S1: delivered and never proposed", "S1", func(s *story) {
		s.deliver(1, z(1, 3), "COMMIT")
	}},
	{"S1: delivered with other bytes than proposed", "S1", func(s *story) {
		x := s.propose(1, 2)
		s.tell(1, event.Delivered, zx(x), word("set"), word("/a"), num(4711), word("COMMIT"),
			word("ok"))
	}},
	{"S1: a server without an ensemble proposes nothing", "", func(s *story) {
		s.deliver(1, z(1, 3), "LOCAL")
	}},
	{"S2 and S4: the same zxid, two transactions", "S1 S4 S2", func(s *story) {
		x := s.write(2)
		s.tell(1, event.Delivered, zx(x), word("set"), word("/a"), num(4711), word("COMMIT"),
			word("ok"))
	}},
	{"S2 and S4: who has less has the beginning of what others have", "", func(s *story) {
		s.write(2)
		s.write(2)
	}},
	{"S3: delivered twice", "S3", func(s *story) {
		s.deliver(1, z(1, 2), "COMMIT")
	}},
	{"S3: what is read from a log at a start counts for nothing yet", "", func(s *story) {
		s.tell(1, node.KindKilled)
		s.tell(1, node.KindStarted, num(1))
		s.deliver(1, z(1, 1), "REPLAY")
		s.deliver(1, z(1, 2), "REPLAY")
		s.loaded(1, true)
	}},
	{"S4: a transaction left out", "S4 S5", func(s *story) {
		s.write(2)
		x := s.write(2)
		s.deliver(1, x, "COMMIT")
	}},
	{"S4: what nobody committed may stand where something else is", "", func(s *story) {
		s.propose()
		s.look(1, 2)
		s.lead(2, 2, 1)
		s.write(1)
	}},
	{"S5: one of the leader's left out, and nobody else has it yet", "S5", func(s *story) {
		s.proposed(z(1, 3))
		s.proposed(z(1, 4))
		s.deliver(1, z(1, 4), "COMMIT")
	}},
	{"S5 S6 S7 S9 S10 S11: a new epoch begins with 1 again", "", func(s *story) {
		s.look(1, 2, 3)
		s.lead(2, 2, 1, 3)
		s.write(1, 3)
		s.write(1, 3)
	}},
	{"S6 and S7: an older epoch after a newer one", "S6 S7", func(s *story) {
		s.proposed(z(1, 3))
		s.look(1, 2, 3)
		s.lead(3, 2, 1, 2)
		s.write(1, 2)
		s.deliver(1, z(1, 3), "COMMIT")
	}},
	{"S6: the end of an older epoch, before the newer one", "", func(s *story) {
		s.look(1)
		s.write(2)
		s.look(2, 3)
		s.lead(3, 2, 1, 2)
		s.write(1, 2)
	}},
}

// leaders are departures from S8 to S14.
var leaders = []bend{
	{"S8: two leaders activated in one epoch", "S8", func(s *story) {
		s.tell(2, event.Activated, num(1), list(1, 2), zx(z(1, 2)))
		s.keep("S8")
	}},
	{"S8: two leaders with a quorum of ACKEPOCH", "S8", func(s *story) {
		s.tell(2, event.EpochEstablished, num(1), list(1, 2))
		s.keep("S8")
	}},
	{"S8: two leaders at once, of different epochs", "", func(s *story) {
		s.look(1, 2)
		s.lead(2, 2, 1)
	}},
	{"S9: a server that does not lead proposes", "S9", func(s *story) {
		s.tell(2, event.Proposed, zx(z(1, 1)), word("set"), word("/a"), hashOf(z(1, 1)), num(1))
	}},
	{"S9: a leader proposes in another epoch", "S11 S9", func(s *story) {
		s.tell(3, event.Proposed, zx(z(2, 3)), word("set"), word("/a"), num(7), num(1))
	}},
	{"S10: one zxid for two transactions", "S10 S11", func(s *story) {
		s.tell(3, event.Proposed, zx(z(1, 2)), word("set"), word("/b"), num(4711), num(1))
	}},
	{"S11: a zxid is skipped", "S11", func(s *story) { s.proposed(z(1, 4)) }},
	{"S11: the counter overflows", "S11 S9", func(s *story) {
		s.tell(3, event.Proposed, zx(z(2, 0)), word("set"), word("/a"), num(7), num(1))
	}},
	{"S12: committed before a quorum has it on disk", "S12", func(s *story) {
		s.committed(s.propose(1, 2))
	}},
	{"S12: the leader and one more have it on disk", "", func(s *story) {
		x := s.propose(1, 2)
		s.log(1, x)
		s.committed(x)
	}},
	{"S13: acknowledged before it is on disk", "S13", func(s *story) {
		x := s.propose(1, 2)
		s.append(1, x)
		s.ack(1, x)
	}},
	{"S13: the leader counts itself before its disk has it", "S13", func(s *story) {
		x := z(1, 3)
		s.proposed(x)
		s.append(3, x)
		s.tell(3, event.AckCounted, zx(x), num(3), word("3"), yes(false))
	}},
	{"S13: acknowledged once it is on disk", "", func(s *story) {
		s.log(1, s.propose(1, 2))
		s.tell(3, event.AckCounted, zx(z(1, 3)), num(3), word("3"), yes(false))
	}},
	{"S13: the leader counts a follower whose disk it cannot see", "", func(s *story) {
		x := s.propose(1, 2)
		s.tell(3, event.AckCounted, zx(x), num(1), word("1"), yes(false))
	}},
	{"S14: a commit is skipped", "S14", func(s *story) {
		for range 2 {
			x := s.propose(1, 2)
			s.log(1, x)
		}
		s.committed(z(1, 4))
	}},
	{"S14: commits in order", "", func(s *story) {
		for range 2 {
			s.log(1, s.propose(1, 2))
		}
		s.committed(z(1, 3))
		s.committed(z(1, 4))
	}},
}

// keeps are departures from S15 to S19.
var keeps = []bend{
	{"S15: two disks are wiped", "S15", func(s *story) {
		s.tell(1, node.KindWiped)
		s.tell(2, node.KindWiped)
	}},
	{"S15: one disk of three is wiped", "", func(s *story) {
		s.tell(1, node.KindKilled)
		s.tell(1, node.KindWiped)
	}},
	{"S16 and S17: a leader without a write that succeeded", "S16 S17", func(s *story) {
		x := s.propose(1)
		s.log(1, x)
		s.commit(x, 1)
		s.reply(1, x)
		s.look(1, 2, 3)
		s.elect(2, 1)
		s.srv[1].log = s.srv[1].log[:2] // or it would not be let in
		s.discover(2, 2, 1)
		s.countNewLeader(2)
		s.countNewLeader(1)
		s.found = nil
		s.activate(1, 2)
	}},
	{"S16: a follower joins without what was committed", "S16", func(s *story) {
		s.look(1)
		s.write(2)
		s.look(2, 3)
		s.lead(3, 2, 2)
		s.elected(1, 3, "VOTE", 2, 3)
		s.found = nil
		s.to(1, 3, event.LearnerReady, num(3), num(2))
	}},
	{"S16 and S17: a leader that has the write", "", func(s *story) {
		x := s.propose(1)
		s.log(1, x)
		s.commit(x, 1)
		s.reply(1, x)
		s.look(1, 2, 3)
		s.lead(1, 2, 2)
	}},
	{"S18: what is committed is cut off", "S18", func(s *story) {
		s.to(3, 1, event.SyncChosen, num(1), word("TRUNC"), zx(z(1, 1)), zx(z(1, 2)), zx(z(1, 2)),
			zx(0), zx(z(1, 2)), num(0))
		s.truncate(1, 1)
	}},
	{"S18: what was proposed and never committed is cut off", "", func(s *story) {
		s.log(1, s.propose(1))
		s.to(3, 1, event.SyncChosen, num(1), word("TRUNC"), zx(z(1, 2)), zx(z(1, 3)), zx(z(1, 2)),
			zx(0), zx(z(1, 2)), num(0))
		s.truncate(1, 2)
	}},
	{"S19: a follower had more than its leader", "S19", func(s *story) {
		x := s.propose(1)
		s.append(1, x)
		s.durable(1)
		s.look(1, 2, 3)
		s.elect(2, 1)
		s.discover(2, 2, 1)
		s.countNewLeader(2)
		s.countNewLeader(1)
		s.activate(1, 2)
	}},
	{"S19: one follower had more, and a quorum had not", "", func(s *story) {
		s.proposed(z(1, 3))
		s.append(1, z(1, 3))
		s.durable(1)
		s.look(1, 2, 3)
		s.elect(2, 1, 3)
		s.discover(2, 2, 1, 3)
		s.countNewLeader(2)
		s.countNewLeader(3)
		s.activate(2, 3)
	}},
	{"S17: a write that failed may be lost, and so may a read", "S16", func(s *story) {
		s.to(1, node.FirstClient, event.ClientReplySent, word("setData"), num(1), zx(z(1, 2)),
			word("NoNode (-101)"), word("/a"))
		s.to(1, node.FirstClient, event.ClientReplySent, word("getData"), num(2), zx(z(1, 2)),
			word("ok"), word("/a"))
		s.look(1, 2, 3)
		s.elect(2, 1)
		s.srv[1].log, s.srv[2].log = nil, nil
		s.loaded(2, true)
		s.discover(2, 2, 1)
		s.countNewLeader(2)
		s.countNewLeader(1)
		s.found = nil
		s.activate(1, 2)
		s.keep("S16", "S17")
	}},
}

// keep forgets all violations of other rules.
func (s *story) keep(rules ...string) {
	s.found = slices.DeleteFunc(s.found, func(v Violation) bool {
		return !slices.Contains(rules, v.Rule)
	})
}

// A transaction that others commit while a learner, on its leader's advice, cuts it off to get
// it anew is not lost by that.
func TestTruncationOfWhatIsNotYetCommitted(t *testing.T) {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	s.write(1, 2)
	x := s.propose(1, 2)
	s.log(1, x)
	s.look(1)
	s.elected(1, 3, "JOIN", 2, 3)
	s.found = nil
	s.to(3, 1, event.SyncChosen, num(1), word("TRUNC"), zx(z(1, 1)), zx(x), zx(z(1, 1)), zx(0),
		zx(z(1, 1)), num(0))
	s.log(2, x)
	s.commit(x, 2)
	s.truncate(1, 1)
	s.legal()
}

// S7 looks into the future: what an old epoch delivers late is held against a leader that has
// proposed without it.
func TestLateDeliveryOfAnOldEpoch(t *testing.T) {
	s := newStory(t, 5, 0)
	s.lead(5, 1, 1, 2, 3, 4)
	s.write(1, 2, 3, 4)
	x := s.propose(1)
	s.look(2, 3, 4)
	s.lead(4, 2, 2, 3)
	s.write(2, 3)
	s.legal()
	s.append(1, x)
	s.deliver(1, x, "COMMIT")
	s.expect("S4 S7")
	if v := s.found[1]; v.Server != 4 || v.Zxid != z(2, 0) {
		t.Errorf("%+v", v)
	}
}

// S7 also looks back: a leader that proposes without what is delivered already.
func TestFirstProposalWithoutWhatWasDelivered(t *testing.T) {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	s.write(1)
	s.look(1, 2, 3)
	s.elect(2, 1)
	s.srv[1].log = nil
	s.discover(2, 2, 1)
	s.countNewLeader(2)
	s.countNewLeader(1)
	s.activate(1, 2)
	s.found = nil
	s.proposed(z(2, 1))
	s.expect("S7")
}

// A server that has diverged is not told of at each of its deliveries.
func TestDivergenceIsToldOnce(t *testing.T) {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	s.write(2)
	for range 5 {
		s.deliver(1, s.write(2), "COMMIT")
	}
	s.expect("S4")
}
