package network

import (
	"fmt"
	"slices"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim/delay"
)

// letter is a message that knows its place in what was sent on its direction.
type letter struct{ from, n int }

func (letter) WireSize() int        { return 1 }
func (letter) Describe(*node.Event) {}

// world drives a network by hand: due things in order of time and number.
type world struct {
	t      *testing.T
	net    *Network
	now    node.Time
	number uint64
	due    []due
	lost   []node.Seq
}

type due struct {
	at     node.Time
	number uint64
	task   Task
}

func newWorld(t *testing.T, hosts int, c Config) *world {
	w := &world{t: t}
	w.net = New(c, node.NewRand(1), w)
	for i := range hosts {
		h := w.net.AddHost(node.ID(i + 1))
		w.up(h)
	}
	return w
}

func (w *world) up(h Host) {
	w.net.Up(w.now, h)
	w.net.Listen(h, 7)
	w.net.Listen(h, 7) // once more changes nothing
}

func (w *world) Number() uint64 { w.number++; return w.number }

func (w *world) Schedule(at node.Time, number uint64, t Task) {
	if at < w.now {
		w.t.Errorf("scheduled at %d, before %d", at, w.now)
	}
	w.due = append(w.due, due{at, number, t})
}

func (w *world) Lost(seq node.Seq, _ node.ConnID, _, _ Host, _ string) {
	w.lost = append(w.lost, seq)
}

// next lets the next thing happen; more is false if there is none.
func (w *world) next() (a Arrival, ok, more bool) {
	if len(w.due) == 0 {
		return a, false, false
	}
	i := 0
	for j, d := range w.due {
		if d.at < w.due[i].at || d.at == w.due[i].at && d.number < w.due[i].number {
			i = j
		}
	}
	d := w.due[i]
	w.due = slices.Delete(w.due, i, i+1)
	w.now = max(w.now, d.at)
	a, ok = w.net.Arrive(w.now, d.task)
	return a, ok, true
}

// chaos is a random run: hosts dial, talk, close, die and come back, links are cut, held and broken.
type chaos struct {
	*world
	r     *node.Rand
	hosts int64
	conns []node.ConnID
	sent  int
	seen  map[node.ConnID]map[Host][]letter // what arrived, in order
	fates map[node.Seq]string               // of each message
}

func (c *chaos) host() Host { return Host(c.r.Intn(c.hosts)) }

func (c *chaos) act() {
	h, g := c.host(), c.host()
	switch c.r.Intn(40) {
	case 0, 9, 10, 11:
		id := node.ConnID(len(c.conns) + 1)
		c.conns = append(c.conns, id)
		c.net.Dial(c.now, h, id, node.ID(g+1), 7, c.now+node.Time(c.r.Intn(3000)), 0)
	case 1:
		c.net.Close(c.now, h, c.anyConn(), 0)
	case 2:
		c.net.Down(c.now, h, c.r.Intn(2) == 0, 0)
	case 3, 12, 13:
		if !c.net.hosts[h].up {
			c.up(h)
		}
	case 4:
		if h != g {
			c.net.Cut(h, g)
		}
	case 5, 14, 15:
		c.net.HealAll(c.now)
	case 6:
		c.net.Hold(h, g)
	case 7, 16:
		c.net.Release(c.now, h, g)
	case 8:
		c.fault(h, g)
	default:
		c.send(h)
	}
}

func (c *chaos) fault(h, g Host) {
	if c.r.Intn(2) == 0 {
		c.net.Break(c.now, h, g, 0)
		return
	}
	var flights []uint64
	c.net.Each(func(f *Flight) bool { flights = append(flights, f.Number); return true })
	if len(flights) > 0 {
		c.net.Drop(c.now, flights[c.r.Intn(int64(len(flights)))], 0)
	}
}

func (c *chaos) anyConn() node.ConnID {
	if len(c.conns) == 0 {
		return 0
	}
	recent := c.conns[max(0, len(c.conns)-6):]
	return recent[c.r.Intn(int64(len(recent)))]
}

func (c *chaos) send(h Host) {
	if e, ok := c.net.End(h, c.anyConn()); ok {
		c.sent++
		c.net.Send(c.now, e, letter{int(h), c.sent}, node.Seq(c.sent))
	}
}

func (c *chaos) arrived(a Arrival) {
	if a.Kind != node.Received {
		return
	}
	c.fate(a.Seq, "received")
	if c.seen[a.Conn] == nil {
		c.seen[a.Conn] = map[Host][]letter{}
	}
	c.seen[a.Conn][a.Host] = append(c.seen[a.Conn][a.Host], a.Msg.(letter))
}

func (c *chaos) fate(seq node.Seq, what string) {
	if was := c.fates[seq]; was != "" {
		c.t.Errorf("message %d was %s, then %s", seq, was, what)
	}
	c.fates[seq] = what
}

// run acts at random for a while, then ends all faults and lets everything arrive.
func (c *chaos) run() {
	for range 1000 {
		c.act()
		for range c.r.Intn(3) {
			if a, ok, _ := c.next(); ok {
				c.arrived(a)
			}
		}
	}
	c.net.HealAll(c.now)
	for h := range Host(c.hosts) {
		if !c.net.hosts[h].up {
			c.up(h)
		}
		for g := range Host(c.hosts) {
			c.net.Release(c.now, h, g)
		}
	}
	for {
		a, ok, more := c.next()
		if !more {
			break
		}
		if ok {
			c.arrived(a)
		}
	}
	for _, seq := range c.lost {
		c.fate(seq, "lost")
	}
}

// Whatever goes wrong, each message arrives once or is lost once, each direction keeps its order
// without gaps before the first loss, and what is over is forgotten.
func TestEveryMessageArrivesOrIsLost(t *testing.T) {
	total := 0
	for seed := range uint64(150) {
		w := newWorld(t, 4, Config{Latency: delay.Tail(10, 300), CrashSilent: seed%2 == 0})
		c := &chaos{world: w, r: node.NewRand(seed), hosts: 4,
			seen: map[node.ConnID]map[Host][]letter{}, fates: map[node.Seq]string{}}
		c.run()
		if len(c.fates) != c.sent {
			t.Errorf("seed %d: %d of %d messages have a fate", seed, len(c.fates), c.sent)
		}
		for id, ends := range c.seen {
			for h, list := range ends {
				if !slices.IsSortedFunc(list, func(a, b letter) int { return a.n - b.n }) {
					t.Errorf("seed %d: connection %d at host %d: %v", seed, id, h, list)
				}
			}
		}
		for x := w.net.first; x != nil; x = x.next {
			if !x.ends[0].open && !x.ends[1].open {
				t.Errorf("seed %d: connection %d is over, but not forgotten", seed, x.id)
			}
			if x.wires[0].count+x.wires[1].count > 0 {
				t.Errorf("seed %d: something hangs on connection %d", seed, x.id)
			}
		}
		if t.Failed() {
			return
		}
		total += c.sent
	}
	if total < 5000 {
		t.Errorf("only %d messages", total)
	}
}

// story drives a network to its end and words what the machines are told.
func (w *world) story() (out []string) {
	for {
		a, ok, more := w.next()
		if !more {
			return out
		}
		if ok {
			out = append(out, fmt.Sprintf("%d: %d %s", w.now, w.net.hosts[a.Host].id, word(a)))
		}
	}
}

func word(a Arrival) string {
	names := map[node.InputKind]string{node.Connected: "connected", node.Accepted: "accepted",
		node.Received: "received", node.Closed: "closed", node.DialFailed: "failed"}
	return names[a.Kind] + a.Reason
}

func (w *world) tells(want ...string) {
	w.t.Helper()
	if got := w.story(); !slices.Equal(got, want) {
		w.t.Errorf("told %q, want %q", got, want)
	}
}

func TestRoundTrip(t *testing.T) {
	w := newWorld(t, 2, Config{Latency: delay.Always(10)})
	w.net.Dial(0, 0, 5, 2, 7, 0, 0)
	w.tells("10: 2 accepted", "20: 1 connected")
	e, ok := w.net.End(0, 5)
	if !ok || e.Peer() != 2 {
		t.Errorf("the connection leads to %d", e.Peer())
	}
	w.net.Send(20, e, letter{}, 0)
	w.tells("30: 2 received")
	w.net.Close(30, 1, 5, 0)
	w.tells("40: 1 closedclosed")
	if w.net.first != nil || w.net.last != nil || len(w.net.conns) != 0 {
		t.Error("the connection is not forgotten")
	}
	if _, ok := w.net.End(0, 5); ok {
		t.Error("a closed connection is open")
	}
	w.net.Close(30, 1, 5, 0) // nothing to close: nothing happens
	w.tells()
}

// The same links draw the same latencies, in whatever order the hosts were added.
func TestLinksHaveTheirOwnRandomness(t *testing.T) {
	first := func(ids ...node.ID) node.Time {
		w := &world{t: t}
		w.net = New(Config{Latency: delay.Between(0, 1_000_000)}, node.NewRand(1), w)
		var from Host
		for _, id := range ids {
			h := w.net.AddHost(id)
			w.up(h)
			if id == 3 {
				from = h
			}
		}
		w.net.Dial(0, from, 1, 1, 7, 0, 0)
		w.next()
		return w.now
	}
	if a, b := first(1, 2, 3), first(3, 1, 4, 5); a != b {
		t.Errorf("3 to 1 takes %d or %d", a, b)
	}
}

// A ring of packets keeps its order while it grows and turns.
func TestRing(t *testing.T) {
	var w wire
	r := node.NewRand(1)
	pushed, popped := uint64(0), uint64(0)
	for range 10_000 {
		if r.Intn(100) < 55 {
			pushed++
			w.push(Packet{Number: pushed})
		} else if w.count > 0 {
			popped++
			if p := w.pop(); p.Number != popped {
				t.Fatalf("number %d came instead of %d", p.Number, popped)
			}
		}
		for i := range min(w.count, 3) {
			if w.at(i).Number != popped+uint64(i)+1 {
				t.Fatalf("place %d holds number %d", i, w.at(i).Number)
			}
		}
	}
	if uint64(w.count) != pushed-popped {
		t.Errorf("%d packets, want %d", w.count, pushed-popped)
	}
}

// What is under way is listed with what keeps it.
func TestEach(t *testing.T) {
	w := newWorld(t, 3, Config{Latency: delay.Always(10), CrashSilent: true})
	for i, peer := range []node.ID{2, 3} {
		w.net.Dial(0, 0, node.ConnID(i+1), peer, 7, 0, 0)
	}
	w.story()
	for id := node.ConnID(1); id <= 2; id++ {
		e, _ := w.net.End(0, id)
		w.net.Send(w.now, e, letter{}, 0)
		w.net.Send(w.now, e, letter{}, 0)
		w.net.Close(w.now, 0, id, 0)
	}
	w.net.Down(w.now, 2, false, 0)
	list := func() (out []Block) {
		w.net.Each(func(f *Flight) bool { out = append(out, f.Block); return true })
		return out
	}
	if got := list(); !slices.Equal(got, []Block{Free, Behind, Behind, NoPower, Behind, Behind}) {
		t.Errorf("blocks %v", got)
	}
	w.net.Hold(0, 1)
	if got := list()[0]; got != Held {
		t.Errorf("block %v", got)
	}
	w.net.Cut(0, 1)
	if got := list()[0]; got != IsCut || !w.net.IsCut(0, 1) || w.net.IsCut(1, 0) {
		t.Errorf("block %v", got)
	}
	n := 0
	w.net.Each(func(f *Flight) bool { n++; return n < 2 })
	if n != 2 {
		t.Errorf("went on to %d", n)
	}
	var last Flight
	w.net.Each(func(f *Flight) bool { last = *f; return true })
	if last.Kind != node.Closed || last.From != 1 || last.To != 3 {
		t.Errorf("last %+v", last)
	}
	if _, ok := w.net.Deliver(w.now, last.Number); ok {
		t.Error("delivered what waits behind others")
	}
	if _, ok := w.net.Deliver(w.now, 99_999); ok {
		t.Error("delivered what is not under way")
	}
	w.net.Drop(w.now, 99_999, 0) // not under way: nothing happens
	if w.lost != nil {
		t.Errorf("lost %v", w.lost)
	}
}

func BenchmarkMessage(b *testing.B) {
	w := &world{}
	w.net = New(Config{}, node.NewRand(1), w)
	for id := node.ID(1); id <= 2; id++ {
		w.up(w.net.AddHost(id))
	}
	w.net.Dial(0, 0, 5, 2, 7, 0, 0)
	w.story()
	e, _ := w.net.End(0, 5)
	var m node.Message = letter{}
	b.ReportAllocs()
	for b.Loop() {
		w.net.Send(w.now, e, m, 0)
		w.next()
	}
}
