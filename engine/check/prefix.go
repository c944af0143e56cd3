package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
)

// prefix is S2 to S6: all servers deliver the same sequence. S4 asks it of every final delivery,
// by its place; S3, S5 and S6 ask that zxids rise without gaps at each server, so that no two
// servers can disagree about an order. S2 in its own right is the disagreement that no later
// delivery can mend: two transactions of one zxid. (PrefixConsistency, Agreement, TotalOrder,
// LocalPrimaryOrder and GlobalPrimaryOrder of ZkV3_7_0.tla)
type prefix struct{ m *model }

func (c *prefix) Kinds() []node.Kind {
	return []node.Kind{event.Delivered, event.Committed, event.Activated, event.LearnerReady}
}

func (c *prefix) Observe(ev *trace.Event) []Violation {
	var out []Violation
	if f := c.m.fork; f != nil {
		out = c.forked(f, ev)
	}
	if ev.Kind != event.Delivered {
		return out
	}
	s := c.m.servers[ev.Node]
	e := s.mem
	if !s.role.joined || e.depth < 2 {
		return out
	}
	prev, z := e.parent.zxid, e.zxid
	switch {
	case z == prev+1:
	case z.Epoch() < prev.Epoch():
		out = append(out, c.outOfOrder("S6", e, ev)...)
	case z <= prev:
		out = append(out, c.outOfOrder("S3", e, ev)...)
	case z.Epoch() == prev.Epoch() || z.Counter() != c.m.config.InitialCounter+1:
		out = append(out, c.outOfOrder("S5", e, ev)...)
	}
	return out
}

// forked tells of a history that contradicts the committed one.
func (c *prefix) forked(f *fork, ev *trace.Event) []Violation {
	theirs, ours := f.theirs, f.ours
	mine := fact(theirs.seen, "server %d has %s at place %d", f.at.id, theirs.zxid, theirs.depth)
	facts := []Fact{
		fact(ours.settled, "%s was committed at place %d", ours.zxid, ours.depth), mine,
		fact(ev.Seq, "it counts at server %d in epoch %d", f.at.id, f.at.role.epoch)}
	out := violated("S4", f.at.id, theirs.zxid, facts...)
	if theirs.zxid == ours.zxid {
		out = append(out, violated("S2", f.at.id, theirs.zxid,
			fact(ours.settled, "%s was committed with hash %08x", ours.zxid, ours.hash),
			fact(theirs.seen, "server %d has it with hash %08x", f.at.id, theirs.hash))...)
	}
	return out
}

func (c *prefix) outOfOrder(rule string, e *entry, ev *trace.Event) []Violation {
	return violated(rule, ev.Node, e.zxid,
		fact(e.parent.seen, "server %d delivered %s before", ev.Node, e.parent.zxid),
		fact(ev.Seq, "now it delivers %s", e.zxid))
}
