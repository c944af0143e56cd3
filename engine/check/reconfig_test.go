package check

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// configured is a server that sees or installs a configuration without observers.
func (s *story) configured(k node.Kind, version zk.Zxid, voters []node.ID, at ...node.ID) {
	for _, x := range at {
		s.tell(x, k, zx(version), list(voters...), word(""))
	}
}

// A transaction that is proposed while a reconfiguration is on its way needs a quorum of the old
// and of the new configuration. (S20)
func TestCommitNeedsBothConfigurations(t *testing.T) {
	s := newStory(t, 3, 2)
	s.lead(3, 1, 1, 2)
	s.configured(event.ConfigSeen, z(1, 1), []node.ID{3, 4, 5}, 3)
	x := s.propose(1, 2)
	s.log(1, x)
	s.log(2, x)
	s.committed(x) // by all of the old, by one of the new
	s.expect("S12")

	s = newStory(t, 3, 2)
	s.lead(3, 1, 1, 2)
	s.configured(event.ConfigSeen, z(1, 1), []node.ID{3, 4, 5}, 3)
	x = s.propose(1, 2)
	s.log(1, x)
	for _, o := range []node.ID{4, 5} {
		s.tell(o, event.LearnerTypeChanged, word("observer"), word("participant"))
		s.log(o, x)
	}
	s.commit(x, 1)
	s.configured(event.ConfigInstalled, z(1, 1), []node.ID{3, 4, 5}, 3, 4, 5)
	y := s.propose()
	s.log(4, y)
	s.commit(y)
	s.legal()
}

// A server that was no member at first is counted from its first configuration on; one that asks
// to lead must stand in the configuration that the elector has.
func TestServersJoin(t *testing.T) {
	s := newStory(t, 3, 0)
	s.srv[7] = &actor{member: zk.Member{SID: 7}}
	s.start(7)
	s.vote(1, 2, 7, 1)
	s.elected(1, 7, "VOTE", 1, 2)
	s.expect("F4")

	s = newStory(t, 3, 0)
	s.configured(event.ConfigInstalled, z(1, 5), []node.ID{1, 2, 3, 7}, 1)
	s.vote(1, 2, 7, 1)
	s.vote(1, 7, 7, 1)
	s.elected(1, 7, "VOTE", 1, 2)
	s.expect("F1") // two are no quorum of four
	s.elected(1, 7, "VOTE", 1, 2, 7)
	s.expect("F1")
	s.configured(event.ConfigInstalled, 0, []node.ID{1, 2, 3}, 1)
	if q := s.suite.model.servers[1].config; q != s.suite.model.first {
		t.Error("the first configuration is not known again")
	}
}

// A configuration that events tell with groups and weights has hierarchical quorums.
func TestConfigurationsKeepTheirGroups(t *testing.T) {
	s := newStory(t, 5, 0)
	s.tell(3, event.ConfigInstalled, zx(z(1, 1)), list(1, 2, 3, 4, 5), word(""),
		word("1|2|3,4,5"), word("4:0,5:0"))
	q := s.suite.model.servers[3].config
	for names, want := range map[string]bool{"1,2": true, "1,3": true, "3,4,5": false,
		"1,4,5": false, "1": false, "2,3,4": true} {
		if got := q.has(s.suite.model.directory.parse(names)); got != want {
			t.Errorf("%s is a quorum: %v, want %v", names, got, want)
		}
	}
	if v := s.suite.model.directory.names(q.voters); v != "1, 2, 3" {
		t.Errorf("with a vote are %s", v)
	}
}
