package check

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Each rule about who is elected can fail.
func TestElectedRulesCanFail(t *testing.T) { canFail(t, watched, electeds) }

// Each rule about votes and rounds can fail.
func TestVoteRulesCanFail(t *testing.T) { canFail(t, watched, revotes) }

// watched are three voters and an observer that have just been started.
func watched(t testing.TB) *story { return newStory(t, 3, 1) }

// revote is server 1 that turns to another vote; was is the one it had.
func (s *story) revote(epoch, zxid, sid int64, was ...node.Value) {
	s.tell(1, event.VoteChanged, append([]node.Value{num(2), num(sid), node.Zxid(zxid), num(epoch)},
		was...)...)
}

// mine is the vote that server 1 turns from: epoch 1, zxid 0:5, server 2.
var mine = []node.Value{num(2), node.Zxid(5), num(1)}

// electeds are departures from F1, F3 and F4.
var electeds = []bend{
	{"F1: elected by a minority", "F1", func(s *story) {
		s.elected(1, 3, "VOTE", 1)
	}},
	{"F1: a vote for somebody else is counted", "F1", func(s *story) {
		s.vote(1, 2, 2, 1)
		s.elected(1, 3, "VOTE", 1, 2)
	}},
	{"F1: a vote of another round is counted", "F1", func(s *story) {
		s.vote(1, 2, 3, 2)
		s.elected(1, 3, "VOTE", 1, 2)
	}},
	{"F1: a vote that was forgotten is counted", "F1", func(s *story) {
		s.vote(1, 2, 3, 1)
		s.tellWith(1, 0, event.LookingForLeader, func(e *node.Event) { e.DropAll(event.RecvSet) },
			[]node.Value{num(1), num(3), zx(0), num(0)})
		s.elected(1, 3, "VOTE", 1, 2)
	}},
	{"F1: all as it should be", "", func(s *story) {
		s.vote(1, 2, 3, 1)
		s.elected(1, 3, "VOTE", 1, 2)
	}},
	{"F1: a majority that is none of the configuration to come", "F1", func(s *story) {
		s.configured(event.ConfigSeen, z(1, 2), []node.ID{3, 4, 5}, 1)
		s.vote(1, 2, 3, 1)
		s.elected(1, 3, "VOTE", 1, 2)
	}},
	{"F1: one of both configurations", "", func(s *story) {
		s.configured(event.ConfigSeen, z(1, 2), []node.ID{1, 3, 4}, 1)
		s.vote(1, 2, 3, 1)
		s.vote(1, 3, 3, 1)
		s.elected(1, 3, "VOTE", 1, 2, 3)
	}},
	{"F1: whom a reconfig has designated needs no votes", "", func(s *story) {
		s.elected(1, 3, "DESIGNATED")
	}},
	{"F3: a leader that never said so", "F3", func(s *story) {
		s.elected(1, 3, "JOIN", 2, 3)
	}},
	{"F3: one that said so", "", func(s *story) {
		s.outside(1, 3, "LEADING")
		s.elected(1, 3, "JOIN", 2, 3)
	}},
	{"F3: one that follows", "F3", func(s *story) {
		s.outside(1, 3, "FOLLOWING")
		s.elected(1, 3, "JOIN", 2, 3)
	}},
	{"F3: itself", "", func(s *story) { s.elected(1, 1, "JOIN", 2, 3) }},
	{"F4: an observer", "F4", func(s *story) {
		s.outside(1, 4, "LEADING")
		s.elected(1, 4, "JOIN", 2, 3)
	}},
	{"F4: a stranger", "F4", func(s *story) {
		s.outside(1, 9, "LEADING")
		s.elected(1, 9, "JOIN", 2, 3)
	}},
	{"F4: a voter of the configuration to come", "", func(s *story) {
		s.configured(event.ConfigSeen, z(1, 2), []node.ID{1, 2, 3, 7}, 1)
		s.outside(1, 7, "LEADING")
		s.elected(1, 7, "JOIN", 2, 3)
	}},
	{"F4: whom a reconfig designates must be a voter", "F4", func(s *story) {
		s.elected(1, 4, "DESIGNATED")
	}},
}

// revotes are departures from F2 and F5.
var revotes = []bend{
	{"F2: a vote for a smaller epoch", "F2", func(s *story) { s.revote(0, 9, 3, mine...) }},
	{"F2: a vote for a smaller zxid", "F2", func(s *story) { s.revote(1, 4, 3, mine...) }},
	{"F2: a vote for a smaller id", "F2", func(s *story) { s.revote(1, 5, 1, mine...) }},
	{"F2: a vote for a larger epoch", "", func(s *story) { s.revote(2, 0, 1, mine...) }},
	{"F2: a vote for a larger zxid", "", func(s *story) { s.revote(1, 6, 1, mine...) }},
	{"F2: a vote for a larger id", "", func(s *story) { s.revote(1, 5, 3, mine...) }},
	{"F2: any vote is better than none", "", func(s *story) {
		s.revote(0, 0, 1, word("none"), node.Zxid(5), num(1))
	}},
	{"F5: a round before the last", "F5", func(s *story) { s.rounds1(7, 6) }},
	{"F5: the next round", "", func(s *story) { s.rounds1(7, 8) }},
	{"F5: a round raised downwards", "F5", func(s *story) {
		s.tell(1, event.RoundRaised, num(2), num(9), num(8), num(3), zx(0), num(0))
		s.tell(1, event.RoundRaised, num(2), num(8), num(7), num(3), zx(0), num(0))
	}},
	{"F5: back to the round of an ensemble", "", func(s *story) {
		s.rounds1(7)
		s.outside(1, 3, "LEADING")
		s.elected(1, 3, "JOIN", 2, 3)
		s.rounds1(2)
	}},
	{"F5: a new process counts from 0", "", func(s *story) {
		s.rounds1(7)
		s.tell(1, node.KindStarted, num(2))
		s.rounds1(1)
	}},
	{"F5: an election that begins anew counts from 1", "", func(s *story) {
		s.rounds1(7)
		s.tell(1, event.ElectionRestarted, zx(z(1, 5)))
		s.rounds1(1)
	}},
}

// vote is a vote that a server has taken down.
func (s *story) vote(at, from, leader node.ID, round int64) {
	s.tellWith(at, 0, event.VotesCounted, func(e *node.Event) {
		e.Put(event.RecvSet, id(from), id(leader), zx(0), num(0), num(round), word("LOOKING"))
	}, []node.Value{id(leader), list(at), yes(false)})
}

// outside is one of a server that is not LOOKING.
func (s *story) outside(at, from node.ID, state string) {
	s.tellWith(at, 0, event.VotesCounted, func(e *node.Event) {
		e.Put(event.OutOfElection, id(from), id(from), zx(0), num(0), num(1), word(state))
	}, []node.Value{id(from), list(at), yes(false)})
}

// rounds1 is server 1 that begins rounds.
func (s *story) rounds1(rounds ...int64) {
	for _, r := range rounds {
		s.tell(1, event.LookingForLeader, num(r), num(1), zx(0), num(0))
	}
}

// With groups a quorum is a majority of groups with a majority of weight in each, and who has no
// weight is never elected. (QuorumHierarchical.containsQuorum)
func TestHierarchicalQuorums(t *testing.T) {
	var ms []zk.Member
	for i := zk.SID(1); i <= 9; i++ {
		ms = append(ms, zk.Member{SID: i})
	}
	m := zk.NewMembership(ms)
	m.Groups = [][]zk.SID{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}
	m.Weights = map[zk.SID]int64{1: 5, 9: 0}
	var v directory
	q := newQuorums(&v, m)
	for _, c := range []struct {
		ids  string
		want bool
	}{
		{"", false}, {"1", false}, {"1,4,5", true}, {"2,3,4,5", false}, {"4,5,7,8", true},
		{"4,5,7,9", false}, {"1,4,7", false}, {"1,7,8", true}, {"1,2,3,4,7", false},
		{"1,2,3,4,5,6,7,8,9", true}, {"1,4,5,99", true},
	} {
		if got := q.has(v.parse(c.ids)); got != c.want {
			t.Errorf("%q: %v", c.ids, got)
		}
	}
	if q.voters.has(v.index(9)) {
		t.Error("9 has no weight and may be elected")
	}
}

// Without groups it is more than half of the voters; observers and strangers count for nothing.
// (QuorumMaj.containsQuorum)
func TestMajorities(t *testing.T) {
	m := zk.NewMembership([]zk.Member{{SID: 1}, {SID: 2}, {SID: 3}, {SID: 4},
		{SID: 5, Type: zk.Observer}})
	var v directory
	q := newQuorums(&v, m)
	for _, c := range []struct {
		ids  string
		want bool
	}{{"1,2", false}, {"1,2,3", true}, {"1,2,5", false}, {"2,3,4", true}, {"1,2,77", false},
		{"x,1,2", false}} {
		if got := q.has(v.parse(c.ids)); got != c.want {
			t.Errorf("%q: %v", c.ids, got)
		}
	}
	if got := v.names(v.parse("4,1")); got != "1, 4" {
		t.Errorf("names %q", got)
	}
	if got := v.names(0); got != "none" {
		t.Errorf("names %q", got)
	}
}
