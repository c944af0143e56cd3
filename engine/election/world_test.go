package election

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
)

// world wires the elections of an ensemble by hand: connections are first-in first-out in each
// direction, the order between them is the order of sending or, with a seed, any order.
type world struct {
	t       testing.TB
	servers []*server // server i+1 at index i
	up      []bool
	timers  []map[node.Timer]node.Time
	conns   []*conn
	now     node.Time
	seq     int
	rnd     *node.Rand // nil: in the order of sending
	cut     map[[2]zk.SID]bool
	wire    map[[2]zk.SID][]jute.Notification // all that was sent, by sender and receiver
	record  bool
	steps   int
	after   func(s *server)                               // called after each step
	before  func(to *server, from zk.SID, m node.Message) // called before each delivery
	picks   []move
}

// conn is a connection or an attempt at one; a dialled it.
type conn struct {
	id     node.ConnID
	a, b   zk.SID
	open   bool
	dialed int // sequence number of the attempt, 0 once it is decided
	flight [2][]packet
	gone   [2]bool // the side closed it or was told that it is closed
}

type packet struct {
	seq int
	m   node.Message // nil: the other side closes
}

// move is one thing that may happen next.
type move struct {
	c   *conn
	dir int // 0 a to b, 1 b to a, 2 the dial
	seq int
}

func newWorld(t testing.TB, v quorum.Verifier, n int) *world {
	w := &world{t: t, cut: map[[2]zk.SID]bool{}, wire: map[[2]zk.SID][]jute.Notification{},
		record: true}
	for i := 1; i <= n; i++ {
		m, _ := v.Membership().Lookup(zk.SID(i))
		w.servers = append(w.servers, &server{t: t, sid: zk.SID(i), verifier: v, learner: m.Type,
			tracing: true, keep: true, opt: zk.Options3_8_0()})
		w.up = append(w.up, false)
		w.timers = append(w.timers, map[node.Timer]node.Time{})
	}
	return w
}

func (w *world) server(sid zk.SID) *server { return w.servers[sid-1] }

// start boots servers and lets them look for a leader, in the order given.
func (w *world) start(sids ...zk.SID) {
	for _, sid := range sids {
		s := w.server(sid)
		s.boot()
		w.up[sid-1] = true
		w.do(s, s.fle.Start)
		w.do(s, s.fle.LookForLeader)
	}
}

// again makes a server look for a leader anew, as when its leader is lost.
func (w *world) again(sid zk.SID) {
	s := w.server(sid)
	s.state = zk.Looking
	w.do(s, s.fle.LookForLeader)
}

func (w *world) do(s *server, call func(o *node.Out)) {
	s.now = w.now
	w.take(s, s.step(call))
}

func (w *world) input(sid zk.SID, in node.Input) {
	s := w.server(sid)
	s.now = w.now
	w.take(s, s.input(in))
}

// take carries out what a step asked for.
func (w *world) take(s *server, effects []node.Effect) {
	w.steps++
	for _, x := range effects {
		switch x.Kind {
		case node.Dial:
			w.seq++
			w.conns = append(w.conns, &conn{id: x.Conn, a: s.sid, b: zk.SID(x.Peer), dialed: w.seq})
		case node.Send:
			w.put(s.sid, x.Conn, x.Msg)
		case node.Close:
			w.put(s.sid, x.Conn, nil)
		case node.SetTimer:
			w.timers[s.sid-1][x.Timer] = x.At
		case node.CancelTimer:
			delete(w.timers[s.sid-1], x.Timer)
		}
	}
	if w.after != nil {
		w.after(s)
	}
}

// put sends m on a connection, or closes the sender's side of it.
func (w *world) put(from zk.SID, id node.ConnID, m node.Message) {
	for _, c := range w.conns {
		if c.id != id {
			continue
		}
		dir := c.side(from)
		if !c.open || c.gone[dir] {
			return
		}
		w.seq++
		c.flight[dir] = append(c.flight[dir], packet{w.seq, m})
		if m == nil {
			c.gone[dir] = true
			c.flight[1-dir] = nil
		} else if n, ok := m.(*jute.Notification); ok && w.record {
			k := [2]zk.SID{from, c.other(from)}
			w.wire[k] = append(w.wire[k], *n)
		}
		return
	}
}

func (c *conn) side(s zk.SID) int {
	if s == c.a {
		return 0
	}
	return 1
}

func (c *conn) other(s zk.SID) zk.SID {
	if s == c.a {
		return c.b
	}
	return c.a
}

// moves lists what may happen next: attempts to be decided and the head of each direction that is
// not cut.
func (w *world) moves() []move {
	w.picks = w.picks[:0]
	kept := w.conns[:0]
	for _, c := range w.conns {
		if !c.open && c.dialed == 0 || c.open && c.gone[0] && c.gone[1] {
			continue
		}
		kept = append(kept, c)
		if c.dialed != 0 {
			w.picks = append(w.picks, move{c, 2, c.dialed})
			continue
		}
		for dir := range c.flight {
			if len(c.flight[dir]) > 0 && !w.cut[[2]zk.SID{c.a, c.b}] {
				w.picks = append(w.picks, move{c, dir, c.flight[dir][0].seq})
			}
		}
	}
	w.conns = kept
	return w.picks
}

// next lets one thing happen: a delivery if any is possible, else the earliest timer. With a
// seed, a timer may also come first. It reports whether anything was left to happen.
func (w *world) next() bool {
	ms := w.moves()
	if len(ms) == 0 || w.rnd != nil && w.rnd.Intn(40) == 0 {
		return w.fire() || len(ms) > 0
	}
	m := ms[0]
	if w.rnd != nil {
		m = ms[w.rnd.Intn(int64(len(ms)))]
	} else {
		for _, x := range ms {
			if x.seq < m.seq {
				m = x
			}
		}
	}
	w.play(m)
	return true
}

func (w *world) play(m move) {
	if m.dir == 2 {
		w.decide(m.c)
		return
	}
	c := m.c
	p := c.flight[m.dir][0]
	c.flight[m.dir] = c.flight[m.dir][1:]
	to := c.b
	if m.dir == 1 {
		to = c.a
	}
	if c.gone[1-m.dir] {
		return
	}
	if p.m != nil {
		if w.before != nil {
			w.before(w.server(to), c.other(to), p.m)
		}
		w.input(to, node.Input{Kind: node.Received, Conn: c.id, Peer: node.ID(c.other(to)),
			Msg: p.m})
		return
	}
	c.gone[1-m.dir] = true
	w.input(to, node.Input{Kind: node.Closed, Conn: c.id, Peer: node.ID(c.other(to))})
}

// decide ends an attempt to connect.
func (w *world) decide(c *conn) {
	c.dialed = 0
	if !w.up[c.b-1] || w.cut[[2]zk.SID{c.a, c.b}] {
		w.input(c.a, node.Input{Kind: node.DialFailed, Conn: c.id, Peer: node.ID(c.b)})
		return
	}
	c.open = true
	w.input(c.b, node.Input{Kind: node.Accepted, Conn: c.id, Peer: node.ID(c.a)})
	w.input(c.a, node.Input{Kind: node.Connected, Conn: c.id, Peer: node.ID(c.b)})
}

// fire lets the earliest timer fire; the smaller sid comes first at equal times.
func (w *world) fire() bool {
	var who *server
	var which node.Timer
	best := node.Time(-1)
	for i, ts := range w.timers {
		for t, at := range ts {
			if best < 0 || at < best || at == best && w.servers[i] == who && t.Kind < which.Kind {
				who, which, best = w.servers[i], t, at
			}
		}
	}
	if who == nil {
		return false
	}
	delete(w.timers[who.sid-1], which)
	w.now = max(w.now, best)
	w.input(who.sid, node.Input{Kind: node.Fired, Timer: which})
	return true
}

// settle delivers all that is under way without letting time pass.
func (w *world) settle() {
	rnd := w.rnd
	w.rnd = nil
	for len(w.moves()) > 0 {
		w.next()
	}
	w.rnd = rnd
}

// until goes on until cond holds; it fails the test after too many steps.
func (w *world) until(what string, cond func() bool) {
	w.t.Helper()
	for i := 0; !cond(); i++ {
		if i > 20000 || !w.next() {
			w.t.Fatalf("never happened: %s (after %d steps)", what, i)
		}
	}
}

// pass lets virtual milliseconds go by.
func (w *world) pass(milliseconds int64) {
	end := w.now + node.Time(milliseconds)*node.Millisecond
	for {
		w.settle()
		if at := w.earliest(); at < 0 || at > end {
			break
		}
		w.fire()
	}
	w.now = end
}

func (w *world) earliest() node.Time {
	best := node.Time(-1)
	for _, ts := range w.timers {
		for _, at := range ts {
			if best < 0 || at < best {
				best = at
			}
		}
	}
	return best
}

// partition cuts two servers off from each other: what is under way waits, nobody is told.
func (w *world) partition(a, b zk.SID) {
	w.cut[[2]zk.SID{a, b}], w.cut[[2]zk.SID{b, a}] = true, true
}

func (w *world) heal() { clear(w.cut) }

// reset breaks every connection between two servers: what is under way is lost, both are told.
func (w *world) reset(a, b zk.SID) {
	for _, c := range append([]*conn(nil), w.conns...) {
		if c.open && (c.a == a && c.b == b || c.a == b && c.b == a) {
			w.sever(c)
		}
	}
}

func (w *world) sever(c *conn) {
	c.open = false
	for dir, sid := range [2]zk.SID{c.a, c.b} {
		c.flight[dir] = nil
		if !c.gone[dir] && w.up[sid-1] {
			c.gone[dir] = true
			w.input(sid, node.Input{Kind: node.Closed, Conn: c.id, Peer: node.ID(c.other(sid))})
		}
	}
}

// kill ends a process; its connections are reset.
func (w *world) kill(sid zk.SID) {
	w.up[sid-1] = false
	clear(w.timers[sid-1])
	for _, c := range append([]*conn(nil), w.conns...) {
		if c.a == sid && c.dialed != 0 {
			c.dialed = 0
		}
		if c.open && (c.a == sid || c.b == sid) {
			w.sever(c)
		}
	}
}

// agreed reports whether all these servers follow or lead under one leader, and that it leads.
func (w *world) agreed(leader zk.SID, sids ...zk.SID) bool {
	for _, sid := range sids {
		s := w.server(sid)
		want := zk.Following
		if sid == leader {
			want = zk.Leading
		} else if s.learner == zk.Observer {
			want = zk.Observing
		}
		if s.state != want || s.vote.Leader != leader {
			return false
		}
	}
	return true
}

// activate is what a working leadership does to the votes of its members: their peerEpoch becomes
// the new epoch. (QuorumPeer.updateElectionVote)
func (w *world) activate(epoch zk.Epoch, sids ...zk.SID) {
	for _, sid := range sids {
		s := w.server(sid)
		s.epoch, s.vote.PeerEpoch = epoch, epoch
		w.do(s, func(o *node.Out) {
			s.fle.CurrentVoteIs(o.Event(node.KindNoted).With(node.Text("activated")), s.vote)
		})
	}
}
