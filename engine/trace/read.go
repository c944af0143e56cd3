package trace

import (
	"slices"

	"zabscope/engine/node"
)

// Iterate calls f with the events numbered from to to, both included, in order, until f returns
// false. Numbers outside the trace are left out. The event and its slices are f's until it returns;
// Clone keeps one.
func (r *Recorder) Iterate(from, to node.Seq, f func(*Event) bool) {
	from, to = max(from, r.First()), min(to, r.Len())
	if from > to {
		return
	}
	var c cursor
	c.seek(r, from)
	for c.event.Seq < to {
		c.next()
		if c.event.Seq >= from && !f(&c.event) {
			return
		}
	}
}

// At returns a copy of one event; ok is false if the trace has none of this number.
func (r *Recorder) At(seq node.Seq) (e Event, ok bool) {
	r.Iterate(seq, seq, func(x *Event) bool {
		e, ok = x.Clone(), true
		return true
	})
	return e, ok
}

// Clone returns a copy that shares nothing with the event.
func (e *Event) Clone() Event {
	c := *e
	c.Args = slices.Clone(e.Args)
	c.Checks = slices.Clone(e.Checks)
	for i := range c.Checks {
		c.Checks[i].Values = slices.Clone(c.Checks[i].Values)
	}
	c.Ops = slices.Clone(e.Ops)
	for i := range c.Ops {
		c.Ops[i].Values = slices.Clone(c.Ops[i].Values)
	}
	return c
}
