package check

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk/event"
)

// (zookeeper-protocol: acceptedEpoch >= currentEpoch >= epoch of the last zxid)
func TestEpochFileRulesCanFail(t *testing.T) { canFail(t, settled, epochFiles) }

// Who promises what to whom, and when it may be entered on disk.
func TestEpochQuorumRulesCanFail(t *testing.T) { canFail(t, settled, epochQuorums) }

// epochFiles are departures from E1 to E4.
var epochFiles = []bend{
	{"E1: acceptedEpoch goes back", "E1", func(s *story) {
		s.tell(1, event.AcceptedEpochWritten, num(0))
	}},
	{"E1: even across a restart", "E1", func(s *story) {
		s.tell(1, node.KindKilled)
		s.start(1)
		s.tell(1, event.AcceptedEpochWritten, num(0))
	}},
	{"E1: a wiped disk starts anew", "", func(s *story) {
		s.tell(1, node.KindKilled)
		s.srv[1].log, s.srv[1].current = nil, 0
		s.tell(1, node.KindWiped)
		s.start(1)
	}},
	{"E2: currentEpoch goes back", "E2", func(s *story) {
		s.tell(1, event.CurrentEpochWritten, num(0))
	}},
	{"E2: the next epoch", "", func(s *story) {
		s.tell(1, event.AcceptedEpochWritten, num(2))
		s.tell(1, event.CurrentEpochWritten, num(2))
	}},
	{"E3: a start with currentEpoch beyond acceptedEpoch", "E3", func(s *story) {
		s.tell(1, event.CurrentEpochWritten, num(5))
		s.tell(1, node.KindKilled)
		s.tell(1, node.KindStarted, num(2))
		s.loaded(1, true)
		s.tell(1, event.StartRefused, word("the accepted epoch, 1, is less than 5"))
	}},
	{"E3: a start with acceptedEpoch ahead", "", func(s *story) {
		s.tell(1, event.AcceptedEpochWritten, num(5))
		s.tell(1, node.KindKilled)
		s.start(1)
	}},
	{"E4: the history goes beyond currentEpoch", "E4", func(s *story) {
		s.append(1, z(2, 1))
		s.durable(1)
		s.tell(1, node.KindKilled)
		s.tell(1, node.KindStarted, num(2))
		s.loaded(1, true)
		s.tell(1, event.StartRefused, word("the current epoch, 1, is older"))
	}},
	{"E4: the epoch that an interrupted write left is adopted in time", "", func(s *story) {
		s.append(1, z(2, 1))
		s.durable(1)
		s.tell(1, event.AcceptedEpochWritten, num(2))
		s.tell(1, node.KindKilled)
		s.tell(1, node.KindStarted, num(2))
		s.loaded(1, true)
		s.tell(1, event.CurrentEpochWritten, num(2))
		s.tell(1, event.StateChanged, word("LOOKING"), word("LOOKING"))
	}},
}

// epochQuorums are departures from E5 to E7.
var epochQuorums = []bend{
	{"E5: a quorum with a server that promised nothing", "E5", func(s *story) {
		s.look(1, 2, 3)
		s.tell(2, event.AcceptedEpochWritten, num(2))
		s.tell(2, event.EpochEstablished, num(2), list(1, 2))
	}},
	{"E5: one that had accepted a larger epoch before", "E1 E5", func(s *story) {
		s.look(1, 2, 3)
		s.tell(1, event.AcceptedEpochWritten, num(3))
		s.tell(1, event.AcceptedEpochWritten, num(2))
		s.tell(2, event.AcceptedEpochWritten, num(2))
		s.tell(2, event.EpochEstablished, num(2), list(1, 2))
	}},
	{"E5: all of the quorum had accepted less", "", func(s *story) {
		s.look(1, 2, 3)
		s.lead(2, 4, 1, 3)
	}},
	{"E6: one ACKEPOCH for each of two leaders", "E6", func(s *story) {
		s.look(1, 2, 3)
		s.tell(1, event.AcceptedEpochWritten, num(2))
		s.to(1, 2, event.PacketSent, word("ACKEPOCH"), zx(0), word("currentEpoch 1"))
		s.to(1, 3, event.PacketSent, word("ACKEPOCH"), zx(0), word("currentEpoch 1"))
	}},
	{"E6: a second one that does not count is allowed", "", func(s *story) {
		s.look(1, 2, 3)
		s.tell(1, event.AcceptedEpochWritten, num(2))
		s.to(1, 2, event.PacketSent, word("ACKEPOCH"), zx(0), word("currentEpoch 1"))
		s.to(1, 3, event.PacketSent, word("ACKEPOCH"), zx(0), word("currentEpoch -1"))
	}},
	{"E6: the leader counts for itself and for nobody else", "E6", func(s *story) {
		s.look(1, 2, 3)
		s.tell(2, event.AcceptedEpochWritten, num(2))
		s.to(2, 3, event.PacketSent, word("ACKEPOCH"), zx(0), word("currentEpoch 1"))
		s.tell(1, event.AcceptedEpochWritten, num(2))
		s.tell(2, event.EpochEstablished, num(2), list(1, 2))
	}},
	{"E7: a follower enters an epoch without its history", "E7", func(s *story) {
		s.look(1)
		s.write(2)
		s.look(2, 3)
		s.elect(3, 1, 2)
		s.discover(3, 2, 1, 2)
		s.diff(1)
		s.enter(1)
	}},
	{"E7: or with it in memory only", "E7", func(s *story) {
		s.look(1)
		s.write(2)
		s.look(2, 3)
		s.elect(3, 1, 2)
		s.discover(3, 2, 1, 2)
		s.diff(1)
		s.append(1, z(1, 3))
		s.apply(1, "SYNC")
		s.enter(1)
	}},
	{"E7: what nobody committed need not be there", "", func(s *story) {
		s.look(1)
		s.propose(2)
		s.look(2, 3)
		s.elect(3, 1, 2)
		s.discover(3, 2, 1, 2)
		s.diff(1)
		s.enter(1)
	}},
	{"E7: a leader enters its own epoch with a log that is not synced", "E7", func(s *story) {
		x := s.propose(1, 2)
		s.log(1, x)
		s.commit(x, 1)
		s.look(1, 2, 3)
		s.append(2, x)
		s.apply(2, "REPLAY")
		s.elect(2, 1)
		s.discover(2, 2, 1)
	}},
}
