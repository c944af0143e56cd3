package export

import (
	"bufio"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/trace"
)

// shivizParser is the expression by which ShiViz reads what ShiViz writes. It stands in the first line,
// and an empty one, for "no delimiter", in the second, where ShiViz looks for both.
const shivizParser = `(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`

// clock is a vector clock: how many events of each machine come before, or are, the present one.
type clock map[node.ID]int

// join takes over what another clock knows.
func (c clock) join(other clock) {
	for id, n := range other { // a greatest value: order cannot show
		c[id] = max(c[id], n)
	}
}

// clocks follow the causes of a trace.
type clocks struct {
	last   map[node.Seq]node.Seq // events that led to one elsewhere, and the last such
	of     map[node.ID]clock     // each machine's, now
	cause  map[node.Seq]clock    // of events in last, while they are needed
	hosts  map[node.ID]string
	buffer []byte
}

// ShiViz writes a part of a trace as a log for ShiViz, https://bestchai.bitbucket.io/shiviz: for each
// event its host with a vector clock, and its sentence. The clocks follow the causes in the trace, also
// through events that the part leaves out: an event knows those that led to it, be it by a message,
// and those before it on its machine.
func ShiViz(w io.Writer, rec *trace.Recorder, p Part) error {
	t, err := newTeller(rec, p, 0)
	if err != nil {
		return err
	}
	c := newClocks(rec, t.to)
	out := bufio.NewWriter(w)
	out.WriteString(shivizParser + "\n\n")
	rec.Iterate(rec.First(), t.to, func(e *trace.Event) bool {
		c.learn(e)
		if e.Seq >= t.from && t.wants(e) {
			c.of[e.Node][e.Node]++
			out.Write(c.line(e))
			_, err = out.WriteString(t.sentence(e) + "\n")
		}
		c.keep(e)
		return err == nil && t.next == 0
	})
	return out.Flush()
}

// newClocks looks which events of a trace, up to one, led to others elsewhere.
func newClocks(rec *trace.Recorder, to node.Seq) *clocks {
	c := &clocks{last: map[node.Seq]node.Seq{}, of: map[node.ID]clock{},
		cause: map[node.Seq]clock{}, hosts: map[node.ID]string{}}
	rec.Iterate(rec.First(), to, func(e *trace.Event) bool {
		if c.hosts[e.Node] == "" {
			c.hosts[e.Node] = strings.ReplaceAll(nameOf(rec, e.Node), " ", "-")
		}
		if e.Cause >= rec.First() && (e.Peer != node.World || e.Node == node.World) {
			c.last[e.Cause] = e.Seq
		}
		return true
	})
	return c
}

// learn brings the clock of an event's machine to what the event may know.
func (c *clocks) learn(e *trace.Event) {
	mine := c.of[e.Node]
	if mine == nil {
		mine = clock{}
		c.of[e.Node] = mine
	}
	if known := c.cause[e.Cause]; known != nil {
		mine.join(known)
		if c.last[e.Cause] == e.Seq {
			delete(c.cause, e.Cause)
		}
	}
}

// keep holds the clock of an event that will be somebody's cause.
func (c *clocks) keep(e *trace.Event) {
	if c.last[e.Seq] != 0 {
		c.cause[e.Seq] = maps.Clone(c.of[e.Node])
	}
}

// line is the host and the clock of an event, good until the next call.
func (c *clocks) line(e *trace.Event) []byte {
	b := append(append(c.buffer[:0], c.hosts[e.Node]...), " {"...)
	mine := c.of[e.Node]
	for i, id := range slices.Sorted(maps.Keys(mine)) {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendQuote(b, c.hosts[id])
		b = strconv.AppendInt(append(b, ':'), int64(mine[id]), 10)
	}
	c.buffer = append(b, "}\n"...)
	return c.buffer
}
