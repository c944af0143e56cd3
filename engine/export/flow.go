package export

import (
	"bufio"
	"cmp"
	"fmt"
	"hash/fnv"
	"io"
	"net/netip"
	"slices"

	"zabscope/engine"
	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/sim/network"
	"zabscope/engine/trace"
)

// Pcap makes a run again and writes all that goes over its wires as a capture file: what a recorder
// beside every receiver would have heard, each frame at the virtual time of its arrival (in
// nanoseconds, from 0). What was lost on its way is not in it. Servers have the addresses of the facts
// (the k-th, from 0: 10.77.0.k+2) and ZooKeeper's ports; clients and whoever dials have 10.78.0.0/16
// and a port from 32768 on. Acknowledgements travel with data; alone only in handshakes and farewells.
//
// goOn is asked now and then whether to go on; the error is ErrStopped if it says no, or that of w, or
// that the run cannot be made.
func Pcap(w io.Writer, m *Made, goOn func() bool) error {
	out := bufio.NewWriter(w)
	t := &tap{capture: newCapture(out), flows: map[node.ConnID]*flow{},
		hosts: map[node.ID]netip.Addr{}, ports: map[node.ID]node.Port{}}
	_, err := m.Again(t.hear, func(r *engine.Run) bool {
		t.drain(r.Recorder())
		return t.err == nil && goOn()
	})
	if t.err != nil {
		return t.err
	}
	return cmp.Or(err, out.Flush())
}

// tap follows the connections of a run.
type tap struct {
	*capture
	heard []sim.Delivery // messages whose arrival drain has not yet seen
	seen  node.Seq
	flows map[node.ConnID]*flow
	hosts map[node.ID]netip.Addr
	ports map[node.ID]node.Port // last port that a machine dialled from, 0 for none
	bytes []byte
}

// flow is one connection. Side 0 has dialled, side 1 was listening.
type flow struct {
	id   node.ConnID
	ends [2]endpoint
	next [2]uint32 // sequence number of what each side sends next
	open [2]bool   // a process holds it, or will
	log  [2][]mark // what each side hears, until recall has seen it
	got  [2]uint32 // what each side may acknowledge, as of the last message that it sent
}

// mark says that after an event a side had all before this sequence number of the other's.
type mark struct {
	seq  node.Seq
	next uint32
}

// hear keeps a message until its arrival is in the trace.
func (t *tap) hear(d sim.Delivery) { t.heard = append(t.heard, d) }

// drain writes the frames of the events since the last time.
func (t *tap) drain(rec *trace.Recorder) {
	rec.Iterate(t.seen+1, rec.Len(), func(e *trace.Event) bool {
		t.event(rec, e)
		t.farewells(e)
		t.seen = e.Seq
		return t.err == nil
	})
	t.heard = t.heard[:0]
}

// event writes the frames of one event.
func (t *tap) event(rec *trace.Recorder, e *trace.Event) {
	if e.Kind < node.KindConnected || e.Kind > node.KindReceived {
		return
	}
	id := node.ConnID(e.Args[0].N)
	f := t.flows[id]
	switch e.Kind {
	case node.KindAccepted:
		f = t.dial(rec, id, e.Node, e.Args[1].N)
		t.send(e.Time, f, 0, flagSYN, nil)
	case node.KindConnected:
		if f != nil {
			t.send(e.Time, f, 1, flagSYN|flagACK, nil)
			t.send(e.Time, f, 0, flagACK, nil)
		}
	case node.KindDialFailed:
		t.failed(rec, e, id)
	case node.KindReceived:
		t.message(e, f)
	case node.KindConnClosed:
		t.closed(e, f)
	}
}

// dial begins to follow a connection to a port of a machine.
func (t *tap) dial(rec *trace.Recorder, id node.ConnID, to node.ID, port int64) *flow {
	from := dialler(id)
	t.ports[from] = max(t.ports[from]+1, firstPort)
	f := &flow{id: id, open: [2]bool{true, true}, ends: [2]endpoint{
		{t.host(rec, from), t.ports[from]}, {t.host(rec, to), node.Port(port)}}}
	for side := range f.next {
		h := fnv.New32a()
		fmt.Fprint(h, id, side)
		f.next[side] = h.Sum32()
		f.got[1-side] = f.next[side] + 1
	}
	t.flows[id] = f
	return f
}

// firstPort is the first port that a machine dials from; behind the last, 65535, it comes again.
const firstPort = 32768

// dialler is the machine that made the name of a connection. (node.MakeConn)
func dialler(id node.ConnID) node.ID { return node.ID(id >> 48) }

// host is the address of a machine: servers count as the head of the trace lists them.
func (t *tap) host(rec *trace.Recorder, id node.ID) netip.Addr {
	if a, ok := t.hosts[id]; ok {
		return a
	}
	k, second := int(id-node.FirstClient), byte(78)
	if !id.IsClient() {
		second = 77
		k = slices.IndexFunc(rec.Header().Machines,
			func(m trace.MachineInfo) bool { return m.ID == id })
	}
	a := netip.AddrFrom4([4]byte{10, second, byte((k + 1) / 250), byte((k+1)%250 + 1)})
	t.hosts[id] = a
	return a
}

// send writes a segment of one side, with all that it may acknowledge, and counts what it takes of the
// sequence.
func (t *tap) send(at node.Time, f *flow, side int, flags byte, data []byte) {
	s := segment{from: f.ends[side], to: f.ends[1-side], seq: f.next[side], flags: flags, data: data}
	if flags&flagACK != 0 {
		s.ack = f.got[side]
		if data == nil {
			s.ack = f.next[1-side]
		}
	}
	t.frame(at, &s)
	f.next[side] += uint32(len(data))
	if flags&(flagSYN|flagFIN) != 0 {
		f.next[side]++
	}
}

// message writes a message that arrives, in as many segments as it needs.
func (t *tap) message(e *trace.Event, f *flow) {
	i := slices.IndexFunc(t.heard, func(d sim.Delivery) bool { return d.Seq == e.Seq })
	if i < 0 || f == nil {
		t.err = cmp.Or(t.err, fmt.Errorf("event %d: no message was heard", e.Seq))
		return
	}
	var err error
	t.bytes, err = appendMessage(t.bytes[:0], t.heard[i].Msg)
	if err != nil {
		t.err = cmp.Or(t.err, err)
		return
	}
	t.heard = t.heard[i+1:]
	side := 0
	if dialler(f.id) == e.Node {
		side = 1
	}
	f.recall(side, e.Cause)
	for rest := t.bytes; len(rest) > 0; {
		n := min(len(rest), maxSegment)
		flags := byte(flagACK)
		if n == len(rest) {
			flags |= flagPSH
		}
		t.send(e.Time, f, side, flags, rest[:n])
		rest = rest[n:]
	}
	f.log[1-side] = append(f.log[1-side], mark{e.Seq, f.next[side]})
}

// recall settles what a side had heard when it sent something, in the event of number sent.
func (f *flow) recall(side int, sent node.Seq) {
	log := f.log[side]
	for len(log) > 0 && log[0].seq <= sent {
		f.got[side] = log[0].next
		log = log[1:]
	}
	f.log[side] = log
}

// failed writes an attempt to connect that came to nothing.
func (t *tap) failed(rec *trace.Recorder, e *trace.Event, id node.ConnID) {
	f, reason := t.flows[id], e.Args[2].S
	if f == nil { // nobody has accepted it
		f = t.dial(rec, id, e.Peer, e.Args[1].N)
		t.send(e.Time, f, 0, flagSYN, nil)
	} else if reason == network.ReasonTimeout {
		return // the other side will hear that it is over
	}
	if reason != network.ReasonTimeout {
		t.send(e.Time, f, 1, flagRST|flagACK, nil)
	}
	delete(t.flows, id)
}

// closed writes how a machine learns that a connection is over.
func (t *tap) closed(e *trace.Event, f *flow) {
	if f == nil {
		return // both ends have been written already
	}
	side := 0
	if dialler(f.id) == e.Node {
		side = 1
	}
	if e.Args[2].S != network.ReasonClosed {
		t.send(e.Time, f, side, flagRST|flagACK, nil)
		delete(t.flows, f.id)
		return
	}
	t.part(e.Time, f, side)
}

// part writes an orderly end that a side has begun.
func (t *tap) part(at node.Time, f *flow, side int) {
	t.send(at, f, side, flagFIN|flagACK, nil)
	t.send(at, f, 1-side, flagFIN|flagACK, nil)
	t.send(at, f, side, flagACK, nil)
	delete(t.flows, f.id)
}

// farewells notes which connections a machine gives up in an event. Where both ends have, neither
// will hear of it.
func (t *tap) farewells(e *trace.Event) {
	for i := range e.Ops {
		op := &e.Ops[i]
		switch {
		case op.Code == node.OpReset:
			t.leaveAll(e)
		case op.Code == node.OpDrop && op.Field == node.FieldConns && op.Key.Kind != node.NoValue:
			t.leave(e, t.flows[node.ConnID(op.Key.N)])
		}
	}
}

// leaveAll ends all connections of a process.
func (t *tap) leaveAll(e *trace.Event) {
	var mine []*flow
	for _, f := range t.flows { // sorted below
		if a := t.hosts[e.Node]; f.ends[0].addr == a || f.ends[1].addr == a {
			mine = append(mine, f)
		}
	}
	slices.SortFunc(mine, func(a, b *flow) int { return cmp.Compare(a.id, b.id) })
	for _, f := range mine {
		t.leave(e, f)
	}
}

// leave ends one connection at a machine.
func (t *tap) leave(e *trace.Event, f *flow) {
	if f == nil {
		return
	}
	side := 1
	if dialler(f.id) == e.Node {
		side = 0
	}
	f.open[side] = false
	if !f.open[1-side] {
		t.part(e.Time, f, side)
	}
}
