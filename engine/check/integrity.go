package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// integrity is S1 and S10: what is delivered was proposed by some leader, or stood on a disk
// when the run began, and no zxid stands for two transactions.
type integrity struct {
	m      *model
	epochs map[zk.Epoch]*proposals
	now    *proposals // of the epoch looked up last
}

// proposals is what was proposed in one epoch. Counters are contiguous but for those of faulty
// leaders, so that a list will do.
type proposals struct {
	epoch  zk.Epoch
	first  int64 // counter of the first
	list   []proposal
	others map[int64]proposal // counters that do not continue the list
}

type proposal struct {
	hash   uint32
	leader node.ID
	seq    node.Seq
}

func newIntegrity(m *model) *integrity {
	return &integrity{m: m, epochs: map[zk.Epoch]*proposals{}}
}

func (c *integrity) Kinds() []node.Kind {
	return []node.Kind{event.Proposed, event.Delivered}
}

func (c *integrity) Observe(ev *trace.Event) []Violation {
	z := zxid(ev, 0)
	p := c.of(z.Epoch())
	h := hash(ev, 3)
	was, known := p.find(z.Counter())
	switch {
	case ev.Kind == event.Proposed && !known:
		p.add(z.Counter(), proposal{h, ev.Node, ev.Seq})
	case ev.Kind == event.Proposed && was.hash != h:
		return violated("S10", ev.Node, z,
			fact(was.seq, "server %d proposed %s with hash %08x", was.leader, z, was.hash),
			fact(ev.Seq, "server %d proposed %s with hash %08x", ev.Node, z, h))
	case ev.Kind == event.Delivered && known && was.hash != h:
		return violated("S1", ev.Node, z,
			fact(was.seq, "%s was proposed with hash %08x", z, was.hash),
			fact(ev.Seq, "server %d delivers %s with hash %08x", ev.Node, z, h))
	case ev.Kind == event.Delivered && !known && text(ev, 4) != viaLocal:
		return violated("S1", ev.Node, z,
			fact(ev.Seq, "server %d delivers %s, which nobody proposed", ev.Node, z))
	}
	return nil
}

// viaLocal marks deliveries of a standalone server, which proposes nothing.
const viaLocal = "LOCAL"

func (c *integrity) of(e zk.Epoch) *proposals {
	if c.now != nil && c.now.epoch == e {
		return c.now
	}
	p := c.epochs[e]
	if p == nil {
		p = &proposals{epoch: e, first: -1, others: map[int64]proposal{}}
		c.epochs[e] = p
	}
	c.now = p
	return p
}

func (p *proposals) find(counter int64) (proposal, bool) {
	if i := counter - p.first; p.first >= 0 && i >= 0 && i < int64(len(p.list)) {
		return p.list[i], true
	}
	x, ok := p.others[counter]
	return x, ok
}

func (p *proposals) add(counter int64, x proposal) {
	if p.first < 0 {
		p.first = counter
	}
	if counter == p.first+int64(len(p.list)) {
		p.list = append(p.list, x)
		return
	}
	p.others[counter] = x
}
