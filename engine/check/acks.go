package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// acks is S13: a server acknowledges a proposal only when its log is durable up to it, and
// NEWLEADER only when the whole history that the leader brought it level with is durable. A
// leader acknowledges its own proposals by counting itself. Observers' acknowledgements bind
// nobody.
type acks struct{ m *model }

func (c *acks) Kinds() []node.Kind { return []node.Kind{event.PacketSent, event.AckCounted} }

func (c *acks) Observe(ev *trace.Event) []Violation {
	if ev.Kind == event.AckCounted {
		if ev.Args[1].N == int64(ev.Node) {
			return c.proposal(ev, zxid(ev, 0))
		}
		return nil
	}
	if text(ev, 0) != ack {
		return nil
	}
	z := zxid(ev, 1)
	if z.Counter() == 0 {
		return c.newLeader(ev, z)
	}
	return c.proposal(ev, z)
}

// ack and its like are the names of packets.
const ack = "ACK"

func (c *acks) proposal(ev *trace.Event, z zk.Zxid) []Violation {
	s := c.m.servers[ev.Node]
	d := s.durable()
	if d.zxid >= z || s.observer {
		return nil
	}
	return violated("S13", ev.Node, z,
		fact(d.seen, "the disk of server %d is durable up to %s", ev.Node, d.zxid),
		fact(ev.Seq, "it acknowledges %s", z))
}

// newLeader looks at an ACK of NEWLEADER, or the second one, of UPTODATE, which says the same.
func (c *acks) newLeader(ev *trace.Event, z zk.Zxid) []Violation {
	s := c.m.servers[ev.Node]
	need := s.role.brought
	if need == nil || s.observer || c.m.contains(s.durable(), need) {
		return nil
	}
	d := s.durable()
	return violated("S13", ev.Node, z,
		fact(need.seen, "server %d was brought level with server %d up to %s", ev.Node, ev.Peer,
			need.zxid),
		fact(d.seen, "its disk is durable up to %s", d.zxid),
		fact(ev.Seq, "it acknowledges the leader of epoch %d", z.Epoch()))
}
