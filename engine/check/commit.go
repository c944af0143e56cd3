package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// commits is S12 and S14: a leader commits in zxid order without leaving one out, and each only
// when a quorum has it on disk for good. This asks the disks and not the acknowledgements, so
// that it is stricter than ZkV3_7_0.tla: where it fails and S13 does not, an fsync was lost.
// While a newer configuration is on its way it needs a quorum of both (S20).
type commits struct{ m *model }

func (c *commits) Kinds() []node.Kind { return []node.Kind{event.Committed} }

func (c *commits) Observe(ev *trace.Event) []Violation {
	z := zxid(ev, 0)
	r := &c.m.servers[ev.Node].role
	var out []Violation
	expected := r.lastCommitted + 1
	if r.lastCommitted == 0 {
		expected = zk.MakeZxid(r.epoch, c.m.config.InitialCounter+1)
	}
	if z != expected {
		out = violated("S14", ev.Node, z,
			fact(ev.Seq, "server %d commits %s where %s is next", ev.Node, z, expected))
	}
	r.lastCommitted = z
	if s := c.durable(z); !c.m.servers[ev.Node].quorums(s) {
		out = append(out, violated("S12", ev.Node, z,
			fact(ev.Seq, "server %d commits %s, acknowledged by %s", ev.Node, z, text(ev, 1)),
			fact(0, "it is durable at %s", c.m.directory.names(s)))...)
	}
	return out
}

// durable is the servers whose disk has reached z.
func (c *commits) durable(z zk.Zxid) set {
	var s set
	for i := range c.m.directory.sids {
		if x := c.m.server(c.m.directory.id(i)); x.durable().zxid >= z {
			s.add(i)
		}
	}
	return s
}

// durability is S15: at any time a quorum of disks, running or not, holds every committed
// transaction. It looks when something becomes committed at once (an activation) and when a disk
// loses something; commits themselves are S12's. A new configuration takes over disk by disk:
// until the next, a quorum of the one before will do.
type durability struct{ m *model }

func (c *durability) Kinds() []node.Kind {
	return []node.Kind{event.Activated, event.Truncated, event.DatabaseLoaded, node.KindCrashed,
		node.KindWiped}
}

func (c *durability) Observe(ev *trace.Event) []Violation {
	if ev.Node.IsClient() {
		return nil
	}
	last := c.m.committed.last()
	h := c.m.holders(last)
	for _, q := range c.m.latest {
		if q.has(h) {
			return nil
		}
	}
	what := "this takes something from the disk of server %d"
	if ev.Kind == event.Activated {
		what = "server %d is activated, and what it has counts as committed"
	}
	return violated("S15", ev.Node, last.zxid,
		fact(last.settled, "%s is committed", last.zxid),
		fact(ev.Seq, what, ev.Node),
		fact(0, "durable at %s", c.m.directory.names(h)))
}
