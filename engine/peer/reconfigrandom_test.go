package peer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/client"
	"zabscope/engine/node"
	"zabscope/engine/sim/disk"
	"zabscope/engine/zk"
)

// chaos is a run in which members come and go while servers fail.
type chaos struct {
	*ensemble
	rand    *node.Rand
	members []zk.Member // what a reconfig may name
	writers []*session
	acked   []string // nodes whose creation was confirmed
	asked   int
}

// Five servers, three of them members at first. Servers join, leave, observe and vote; they are
// killed, lose power, come back; links are cut. Whatever happens, S20 holds at each commit, the
// fold equals the machines, nothing that was confirmed is lost, and who serves in the end has the
// same tree.
func TestRandomReconfigs(t *testing.T) {
	for seed := uint64(1); seed <= 30; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { newChaos(t, seed).run(40) })
	}
}

func newChaos(t *testing.T, seed uint64) *chaos {
	joiners := []zk.Member{server(4, zk.Participant), server(5, zk.Observer)}
	e := reconfigurable(t, membership(3, nil), zk.OptionsCorrect(), joiners, func(p *plan) {
		p.sim.Seed = seed
	})
	c := &chaos{ensemble: e, rand: node.NewRand(seed)}
	for id := 1; id <= 5; id++ {
		c.members = append(c.members, server(id, zk.Participant), server(id, zk.Observer))
	}
	e.start(1, 2, 3, 4, 5)
	e.wait("a leader", func() bool { return strings.Contains(e.modes(), "leader") })
	return c
}

func (c *chaos) run(steps int) {
	c.t.Helper()
	for range steps {
		c.act()
		c.ensemble.run(node.Time(c.rand.Intn(700)) * node.Millisecond)
		c.collect()
	}
	_ = c.Heal() // there may be nothing to heal
	for id := node.ID(1); id <= 5; id++ {
		if !c.Up(id) {
			c.start(id)
		}
	}
	c.ensemble.run(2 * patience)
	c.collect()
	c.agree()
}

// act does one thing that may go wrong.
func (c *chaos) act() {
	id := node.ID(1 + c.rand.Intn(5))
	switch k := c.rand.Intn(10); {
	case k < 3:
		c.visit(id).reconfigAny(c)
	case k < 6:
		c.asked++
		c.visit(id).asks(create(fmt.Sprintf("/n%d", c.asked)))
	case !c.Up(id):
		c.start(id)
	case k < 7:
		c.must(c.Kill(id))
	case k < 8:
		c.must(c.Crash(id, disk.TornRandom))
	case k < 9:
		_ = c.Partition([]node.ID{id}, others(id), false) // it may be cut off already
	default:
		_ = c.Heal() // there may be nothing to heal
	}
}

func others(id node.ID) []node.ID {
	return slices.DeleteFunc([]node.ID{1, 2, 3, 4, 5}, func(x node.ID) bool { return x == id })
}

// visit opens a session that may never come to be.
func (c *chaos) visit(id node.ID) *session {
	s := c.tryConnect(id)
	c.ensemble.run(50 * node.Millisecond)
	c.writers = append(c.writers, s)
	return s
}

// reconfigAny asks for some change of the members.
func (s *session) reconfigAny(c *chaos) {
	x := c.members[c.rand.Intn(int64(len(c.members)))]
	if c.rand.Intn(2) == 0 {
		s.reconfig("", x.SID.String())
		return
	}
	s.reconfig(line(x), "")
}

// collect notes what was confirmed since.
func (c *chaos) collect() {
	for _, s := range c.writers {
		h := s.machine().History()
		for i := range h.Ops {
			o := &h.Ops[i]
			if o.Done && o.Result.Err == zk.ErrOK && o.Request.Type == zk.OpCreate &&
				!slices.Contains(c.acked, o.Request.Path) {
				c.acked = append(c.acked, o.Request.Path)
			}
		}
	}
	c.writers = slices.DeleteFunc(c.writers, func(s *session) bool {
		return s.machine().State() != client.Connected && s.machine().History().Pending() == 0
	})
}

// agree holds those who serve against each other.
func (c *chaos) agree() {
	c.t.Helper()
	tree := ""
	for id := node.ID(1); id <= 5; id++ {
		if !c.Up(id) || c.peer(id).Status().Mode == "not-serving" {
			continue
		}
		switch t := c.tree(id); {
		case tree == "":
			tree = t + " "
		case tree != t+" ":
			c.t.Errorf("server %d has %s, another %s", id, t, tree)
		}
	}
	for _, path := range c.acked {
		if tree != "" && !strings.Contains(" "+tree, " "+path[1:]+" ") {
			c.t.Errorf("%s was confirmed and is lost: %s", path, tree)
		}
	}
}
