package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// losses is S16, S17 and S18: what was committed is never cut off, and every server that leads
// or joins a later epoch has it; S17 says the same of writes whose clients were told that they
// succeeded.
type losses struct {
	m       *model
	replied *entry // the last write that a client was told of
	told    node.Seq
}

func (c *losses) Kinds() []node.Kind {
	return []node.Kind{event.Truncated, event.Activated, event.LearnerReady, event.ClientReplySent}
}

func (c *losses) Observe(ev *trace.Event) []Violation {
	switch ev.Kind {
	case event.Truncated:
		return c.truncated(ev)
	case event.ClientReplySent:
		c.replySent(ev)
		return nil
	}
	s := c.m.servers[ev.Node]
	had := s.mem
	if ev.Kind == event.LearnerReady {
		if s.observer {
			return nil // it applies only now what it was sent; S4 and S5 look at that
		}
		had = c.has(s)
	}
	need := c.needed(s, ev)
	var out []Violation
	if !c.m.contains(had, need) {
		lost := c.lost(had, need)
		out = violated("S16", ev.Node, zk.MakeZxid(s.role.epoch, 0),
			fact(lost.settled, "%s was committed", lost.zxid),
			fact(ev.Seq, "server %d has joined epoch %d without it; its history ends with %s",
				ev.Node, s.role.epoch, had.zxid))
	}
	if ev.Kind == event.Activated && c.replied != nil && !c.m.contains(had, c.replied) {
		out = append(out, violated("S17", ev.Node, zk.MakeZxid(s.role.epoch, 0),
			fact(c.told, "a client was told that its write %s succeeded", c.replied.zxid),
			fact(ev.Seq, "server %d leads epoch %d without it", ev.Node, s.role.epoch))...)
	}
	return out
}

// needed is what was committed before the epoch that the server now leads or joins.
func (c *losses) needed(s *server, ev *trace.Event) *entry {
	if ev.Kind == event.Activated {
		return c.m.committed.last().upTo(zk.MakeZxid(s.role.epoch, 0))
	}
	if l := c.m.leaderOf(s); l != nil && l.role.activated && l.role.epoch == s.role.epoch {
		return c.m.committed.common(l.role.start)
	}
	return c.m.committed.root
}

// has is what a follower that begins to serve has: what is in memory or, where proposals are
// applied only later, what waits for that in the log.
func (c *losses) has(s *server) *entry {
	if s.disk.head.contains(s.mem) {
		return s.disk.head
	}
	return s.mem
}

// lost is the first entry of need that is not in had.
func (c *losses) lost(had, need *entry) *entry {
	for !c.m.contains(had, need.parent) {
		need = need.parent
	}
	return need
}

// truncated looks at what is cut off: memory was cleared before, the log is cut already. A
// leader that sees a learner again cuts off what it has proposed and not committed, to send it
// once more; what others commit meanwhile is not lost by that.
func (c *losses) truncated(ev *trace.Event) []Violation {
	s := c.m.servers[ev.Node]
	z := zxid(ev, 0)
	for _, e := range []*entry{s.was, s.disk.head} {
		if e == nil {
			continue
		}
		for ; e.depth > 0 && e.parent.zxid > z; e = e.parent {
		}
		if e.zxid > z && c.m.committed.has(e) && e.settled < s.role.chosen {
			return violated("S18", ev.Node, e.zxid,
				fact(e.settled, "%s was committed", e.zxid),
				fact(ev.Seq, "server %d truncates its log behind %s", ev.Node, z))
		}
	}
	return nil
}

// replySent remembers the last write that succeeded.
func (c *losses) replySent(ev *trace.Event) {
	if text(ev, 3) != "ok" || !writes[text(ev, 0)] {
		return
	}
	s := c.m.servers[ev.Node]
	if e := s.mem; e.zxid == zxid(ev, 2) && (c.replied == nil || e.depth > c.replied.depth) {
		c.replied, c.told = e, ev.Seq
	}
}

// writes are the names of requests that become transactions.
var writes = func() map[string]bool {
	out := map[string]bool{}
	for op := zk.OpCloseSession; op <= zk.OpWhoAmI; op++ {
		if op.IsWrite() {
			out[op.String()] = true
		}
	}
	return out
}()
