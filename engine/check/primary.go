package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// proposer is S9 and S11: in an epoch only its activated leader proposes, counting from 1 on
// without gaps. (Leader.propose)
type proposer struct{ m *model }

func (c *proposer) Kinds() []node.Kind { return []node.Kind{event.Proposed} }

func (c *proposer) Observe(ev *trace.Event) []Violation {
	r := &c.m.servers[ev.Node].role
	z, e := zxid(ev, 0), zk.Epoch(ev.Args[4].N)
	expected := r.lastProposed + 1
	if r.lastProposed == 0 {
		expected = zk.MakeZxid(e, c.m.config.InitialCounter+1)
	}
	r.lastProposed = z
	var out []Violation
	if z != expected || z.Counter() == 0 {
		out = violated("S11", ev.Node, z, fact(ev.Seq,
			"server %d, leader of epoch %d, proposes %s where %s is next", ev.Node, e, z, expected))
	}
	switch {
	case !r.activated:
		out = append(out, violated("S9", ev.Node, z, fact(ev.Seq,
			"server %d proposes %s but is not activated as a leader", ev.Node, z))...)
	case r.epoch != z.Epoch():
		out = append(out, violated("S9", ev.Node, z,
			fact(r.since, "server %d was activated for epoch %d", ev.Node, r.epoch),
			fact(ev.Seq, "it proposes %s", z))...)
	}
	return out
}

// primary is S7, primary integrity: before its first proposal a leader has delivered all of
// older epochs that anybody ever delivers. What is delivered later is held against the leaders
// that have proposed by then.
type primary struct{ m *model }

func (c *primary) Kinds() []node.Kind {
	return []node.Kind{event.Proposed, event.Delivered, event.Committed, event.LearnerReady}
}

func (c *primary) Observe(ev *trace.Event) []Violation {
	if ev.Kind == event.Proposed {
		return c.first(ev)
	}
	s := c.m.servers[ev.Node]
	n := len(c.m.reigns)
	if n == 0 || !s.role.joined || s.mem.zxid.Epoch() >= c.m.reigns[n-1].epoch {
		return nil
	}
	for i := n - 1; i >= 0; i-- {
		r := &c.m.reigns[i]
		if r.proposed != 0 && r.epoch > s.mem.zxid.Epoch() && !c.m.contains(r.start, s.mem) {
			return violated("S7", r.leader, zk.MakeZxid(r.epoch, 0),
				fact(r.proposed, "server %d proposed in epoch %d", r.leader, r.epoch),
				fact(ev.Seq, "server %d delivers %s, which that leader did not have", s.id,
					s.mem.zxid))
		}
	}
	return nil
}

// first looks at a leader's first proposal.
func (c *primary) first(ev *trace.Event) []Violation {
	s := c.m.servers[ev.Node]
	var r *reign
	for i := len(c.m.reigns) - 1; i >= 0 && r == nil; i-- {
		if c.m.reigns[i].leader == ev.Node && c.m.reigns[i].since == s.role.since {
			r = &c.m.reigns[i]
		}
	}
	if r == nil || r.proposed != 0 {
		return nil
	}
	r.proposed = ev.Seq
	last := c.m.committed.last().upTo(zk.MakeZxid(r.epoch, 0))
	if c.m.contains(r.start, last) {
		return nil
	}
	return violated("S7", ev.Node, zk.MakeZxid(r.epoch, 0),
		fact(last.settled, "%s was delivered", last.zxid),
		fact(r.since, "server %d was activated for epoch %d without it", ev.Node, r.epoch),
		fact(ev.Seq, "and proposes"))
}
