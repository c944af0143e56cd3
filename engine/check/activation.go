package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// activation is M4, M5 and M7: NEWLEADER names the epoch and the first ACK of each learner
// answers it; a leader is activated once a quorum with itself has done so, and only then sends
// UPTODATE.
type activation struct {
	m     *model
	acked map[node.ID]*newLeader // by leader, of its present role
}

// newLeader is a NEWLEADER and who acknowledged it.
type newLeader struct {
	zxid  zk.Zxid
	acked set
	seq   node.Seq // of the last ACK
}

func newActivation(m *model) *activation {
	return &activation{m, map[node.ID]*newLeader{}}
}

func (c *activation) Kinds() []node.Kind {
	return []node.Kind{event.StateChanged, event.EpochEstablished, event.PacketSent,
		event.NewLeaderAcked, event.Activated}
}

func (c *activation) Observe(ev *trace.Event) []Violation {
	switch ev.Kind {
	case event.StateChanged:
		delete(c.acked, ev.Node)
	case event.EpochEstablished:
		c.acked[ev.Node] = &newLeader{zxid: zk.MakeZxid(zk.Epoch(ev.Args[0].N), 0)}
	case event.PacketSent:
		return c.sent(ev)
	case event.NewLeaderAcked:
		return c.answered(ev)
	case event.Activated:
		return c.activated(ev)
	}
	return nil
}

func (c *activation) sent(ev *trace.Event) []Violation {
	switch text(ev, 0) {
	case "NEWLEADER":
		if n := c.acked[ev.Node]; n == nil || n.zxid != zxid(ev, 1) {
			return violated("M4", ev.Node, zxid(ev, 1), fact(ev.Seq,
				"server %d sends NEWLEADER %s, which is not its epoch", ev.Node, zxid(ev, 1)))
		}
	case "UPTODATE":
		if r := &c.m.servers[ev.Node].role; !r.activated {
			return violated("M5", ev.Node, 0, fact(ev.Seq,
				"server %d sends UPTODATE and is not activated", ev.Node))
		}
	}
	return nil
}

func (c *activation) answered(ev *trace.Event) []Violation {
	sid, z := zk.SID(ev.Args[0].N), zxid(ev, 1)
	n := c.acked[ev.Node]
	if n != nil && n.zxid == z {
		n.acked.add(c.m.directory.index(sid))
		n.seq = ev.Seq
		return nil
	}
	want := zk.NoZxid
	if n != nil {
		want = n.zxid
	}
	return violated("M4", node.ID(sid), z, fact(ev.Seq,
		"the first ACK of server %d to server %d is for %s, not for NEWLEADER %s", sid, ev.Node, z,
		want))
}

func (c *activation) activated(ev *trace.Event) []Violation {
	e := zk.Epoch(ev.Args[0].N)
	var acked set
	var seq node.Seq
	if n := c.acked[ev.Node]; n != nil && n.zxid.Epoch() == e {
		acked, seq = n.acked, n.seq
	}
	if c.m.servers[ev.Node].quorums(acked) && acked.has(c.m.directory.index(zk.SID(ev.Node))) {
		return nil
	}
	return violated("M7", ev.Node, zk.MakeZxid(e, 0),
		fact(seq, "NEWLEADER %s was acknowledged by %s", zk.MakeZxid(e, 0),
			c.m.directory.names(acked)),
		fact(ev.Seq, "server %d is activated", ev.Node))
}
