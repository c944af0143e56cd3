package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// epochOrder is E1 to E4: neither epoch file ever goes back, and a server that has loaded its
// database finds acceptedEpoch, currentEpoch and the epoch of its last transaction in that
// order. It looks at the start when the server goes LOOKING or is refused, since an interrupted
// write of currentEpoch is mended in between.
type epochOrder struct{ m *model }

func (c *epochOrder) Kinds() []node.Kind {
	return []node.Kind{event.AcceptedEpochWritten, event.CurrentEpochWritten, event.StateChanged,
		event.StartRefused}
}

func (c *epochOrder) Observe(ev *trace.Event) []Violation {
	s := c.m.servers[ev.Node]
	d := &s.disk
	switch ev.Kind {
	case event.AcceptedEpochWritten:
		p := d.promises[len(d.promises)-1]
		return c.smaller("E1", "acceptedEpoch", p.before, p.epoch, ev)
	case event.CurrentEpochWritten:
		return c.smaller("E2", "currentEpoch", d.before, d.current, ev)
	}
	if s.looked {
		return nil
	}
	s.looked = true
	var out []Violation
	if d.accepted >= 0 && d.current > d.accepted {
		out = violated("E3", ev.Node, zk.MakeZxid(d.current, 0), fact(ev.Seq,
			"server %d starts with acceptedEpoch %d and currentEpoch %d", ev.Node, d.accepted,
			d.current))
	}
	if e := s.mem.zxid.Epoch(); d.current >= 0 && e > d.current {
		out = append(out, violated("E4", ev.Node, zk.MakeZxid(e, 0),
			fact(s.mem.seen, "the history of server %d ends with %s", ev.Node, s.mem.zxid),
			fact(ev.Seq, "it starts with currentEpoch %d", d.current))...)
	}
	return out
}

func (c *epochOrder) smaller(rule, file string, before, now zk.Epoch,
	ev *trace.Event) []Violation {
	if now >= before {
		return nil
	}
	return violated(rule, ev.Node, zk.MakeZxid(now, 0),
		fact(ev.Seq, "server %d writes %s %d over %d", ev.Node, file, now, before))
}

// promises is E5 and E6: those who give a new epoch its quorum had accepted only smaller ones
// before, and each counts for one leader only.
type promises struct {
	m       *model
	counted map[claimant]claim
}

// claimant is a server in the epoch that it accepted.
type claimant struct {
	server node.ID
	epoch  zk.Epoch
}

func newPromises(m *model) *promises { return &promises{m, map[claimant]claim{}} }

func (c *promises) Kinds() []node.Kind {
	return []node.Kind{event.PacketSent, event.EpochEstablished}
}

func (c *promises) Observe(ev *trace.Event) []Violation {
	if ev.Kind == event.EpochEstablished {
		return c.established(ev)
	}
	if text(ev, 0) != "ACKEPOCH" || text(ev, 2) == silentAck {
		return nil
	}
	return c.counts(ev, c.m.servers[ev.Node].disk.accepted, ev.Peer)
}

// silentAck is an ACKEPOCH that does not count: the epoch was accepted before.
const silentAck = "currentEpoch -1"

// counts notes that a server lets itself be counted by a leader.
func (c *promises) counts(ev *trace.Event, e zk.Epoch, leader node.ID) []Violation {
	k := claimant{ev.Node, e}
	first, ok := c.counted[k]
	if !ok {
		c.counted[k] = claim{leader, ev.Seq}
		return nil
	}
	if first.server == leader {
		return nil
	}
	return violated("E6", ev.Node, zk.MakeZxid(e, 0),
		fact(first.seq, "server %d counts for server %d in epoch %d", ev.Node, first.server, e),
		fact(ev.Seq, "it counts for server %d, too", leader))
}

func (c *promises) established(ev *trace.Event) []Violation {
	e := zk.Epoch(ev.Args[0].N)
	out := c.counts(ev, e, ev.Node)
	ackers := c.m.directory.parse(text(ev, 1))
	for i := range c.m.directory.sids {
		if !ackers.has(i) {
			continue
		}
		id := c.m.directory.id(i)
		p, ok := c.m.server(id).disk.promised(e)
		switch {
		case !ok:
			out = append(out, violated("E5", id, zk.MakeZxid(e, 0), fact(ev.Seq,
				"server %d is in the quorum of epoch %d and has not accepted it", id, e))...)
		case p.before >= e:
			out = append(out, violated("E5", id, zk.MakeZxid(e, 0),
				fact(p.seq, "server %d accepted epoch %d after epoch %d", id, e, p.before),
				fact(ev.Seq, "it is in the quorum of epoch %d", e))...)
		}
	}
	return out
}

// entries is E7: who enters an epoch on disk, by currentEpoch, has on disk all that was
// committed of the history that the epoch begins with. Else it would win elections over those
// who have it.
type entries struct{ m *model }

func (c *entries) Kinds() []node.Kind { return []node.Kind{event.CurrentEpochWritten} }

func (c *entries) Observe(ev *trace.Event) []Violation {
	s := c.m.servers[ev.Node]
	history := s.role.brought
	if history == nil {
		history = s.mem
	}
	need := c.m.committed.common(history)
	if s.role.leader == node.World || s.observer || c.m.contains(s.durable(), need) {
		return nil
	}
	d := s.durable()
	return violated("E7", ev.Node, zk.MakeZxid(zk.Epoch(ev.Args[0].N), 0),
		fact(need.settled, "%s was committed", need.zxid),
		fact(d.seen, "the disk of server %d is durable up to %s", ev.Node, d.zxid),
		fact(ev.Seq, "it enters epoch %d", ev.Args[0].N))
}
