package network

import "zabscope/engine/node"

// way is one of the two directions of a connection, or its dial's time limit.
type way uint8

const (
	forth way = iota // from the side that dialled
	back             // to it
	limit            // no direction: the time limit of the dial
)

type what uint8

const (
	syn    what = iota // please open
	synAck             // it is open
	refuse             // it is not
	data
	fin // the sender has closed
	rst // the connection is broken
)

// Packet is something under way.
type Packet struct {
	Msg    node.Message
	Seq    node.Seq // of the event of its sending, 0 if not traced
	Number uint64   // as the driver numbers things
	At     node.Time
	what   what
}

// end is one side of a connection.
type end struct {
	host   Host
	open   bool // its process holds it, be it only half opened
	silent bool // it was open when its host lost power
}

// wire is one direction: a ring of packets.
type wire struct {
	ring  []Packet
	head  int
	count int
	last  node.Time // of the packet behind all others
	gen   uint32    // of the task for the first packet
	due   bool      // that task is scheduled
}

// Conn is one connection.
type Conn struct {
	id         node.ConnID
	port       node.Port
	ids        [2]node.ID // of the side that dialled, of the other
	ends       [2]end
	wires      [2]wire
	up         bool     // the dial has succeeded, as the dialler knows
	dialled    node.Seq // event of the dial
	prev, next *Conn
}

func (w *wire) push(p Packet) {
	if w.count == len(w.ring) {
		ring := make([]Packet, max(4, 2*w.count))
		for i := range w.count {
			ring[i] = *w.at(i)
		}
		w.ring, w.head = ring, 0
	}
	w.ring[(w.head+w.count)&(len(w.ring)-1)] = p
	w.count++
}

func (w *wire) at(i int) *Packet { return &w.ring[(w.head+i)&(len(w.ring)-1)] }

func (w *wire) pop() Packet {
	p := w.ring[w.head]
	w.ring[w.head] = Packet{}
	w.head = (w.head + 1) & (len(w.ring) - 1)
	w.count--
	return p
}

// sideOf tells which end belongs to the host.
func (c *Conn) sideOf(h Host) way {
	if c.ends[0].host == h {
		return forth
	}
	return back
}

// End is one side of an open connection.
type End struct {
	conn *Conn
	side way
}

// End finds the side of a connection that a host holds; ok is false if it is not open there.
func (n *Network) End(h Host, id node.ConnID) (e End, ok bool) {
	c := n.conns[id]
	if c == nil {
		return End{}, false
	}
	side := c.sideOf(h)
	x := &c.ends[side]
	return End{c, side}, x.host == h && x.open && (side == back || c.up)
}

// Peer is the machine at the other side.
func (e End) Peer() node.ID { return e.conn.ids[1-e.side] }

// Send puts a message on its way from this side. seq is the number of the event of its sending.
func (n *Network) Send(now node.Time, e End, m node.Message, seq node.Seq) {
	size := int64(0)
	if n.config.Bandwidth > 0 {
		size = int64(m.WireSize())
	}
	n.put(now, e.conn, e.side, Packet{Msg: m, Seq: seq, what: data}, size)
}

// Close closes a connection at one host, if it is open or half open there.
func (n *Network) Close(now node.Time, h Host, id node.ConnID, seq node.Seq) {
	if c := n.conns[id]; c != nil {
		n.leave(now, c, h, false, seq)
	}
}

// leave closes the end of c at host h, if it has one.
func (n *Network) leave(now node.Time, c *Conn, h Host, silent bool, seq node.Seq) {
	side := c.sideOf(h)
	e := &c.ends[side]
	if e.host != h || !e.open {
		return
	}
	e.open, e.silent = false, silent
	if !silent {
		n.put(now, c, side, Packet{what: fin, Seq: seq}, 0)
	}
	n.forgetIfOver(c)
}

// put adds a packet to a direction.
func (n *Network) put(now node.Time, c *Conn, side way, p Packet, size int64) {
	l := n.link(c, side)
	start := now
	if n.config.Bandwidth > 0 {
		start = max(now, l.free) + node.Time(size*int64(node.Second)/n.config.Bandwidth)
		l.free = start
	}
	w := &c.wires[side]
	w.last = max(w.last, start+n.config.Latency.Draw(l.rand))
	p.At, p.Number = w.last, n.driver.Number()
	w.push(p)
	if w.count == 1 {
		n.schedule(c, side, p.At)
	}
}

func (n *Network) link(c *Conn, side way) *link {
	return &n.links[c.ends[side].host][c.ends[1-side].host]
}

// schedule asks for the arrival of the first packet of a direction.
func (n *Network) schedule(c *Conn, side way, at node.Time) {
	w := &c.wires[side]
	w.gen++
	w.due = true
	n.driver.Schedule(at, w.at(0).Number, Task{c, side, w.gen})
}

// wake schedules what may flow again in both directions of a connection.
func (n *Network) wake(now node.Time, c *Conn) {
	for side := forth; side <= back; side++ {
		w := &c.wires[side]
		if w.count > 0 && !w.due && n.flows(c, side) {
			w.at(0).At = max(w.at(0).At, now+n.config.Retransmit.Draw(n.link(c, side).rand))
			n.schedule(c, side, w.at(0).At)
		}
	}
}

// flows reports whether a direction delivers.
func (n *Network) flows(c *Conn, side way) bool {
	l := n.link(c, side)
	return !l.cut && !l.held && !n.hosts[c.ends[1-side].host].off
}

// forgetIfOver removes a connection that neither side holds and on which nothing is under way.
func (n *Network) forgetIfOver(c *Conn) {
	for side := range c.ends {
		if c.ends[side].open || c.wires[side].count > 0 {
			return
		}
	}
	n.forget(c)
}

// remember adds a connection to the list. Machines find it by its id, unless another has that.
func (n *Network) remember(c *Conn) {
	if n.conns[c.id] == nil {
		n.conns[c.id] = c
	}
	c.prev = n.last
	if n.last != nil {
		n.last.next = c
	} else {
		n.first = c
	}
	n.last = c
}

func (n *Network) forget(c *Conn) {
	if n.conns[c.id] == c {
		delete(n.conns, c.id)
	}
	if c.prev != nil {
		c.prev.next = c.next
	} else {
		n.first = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	} else {
		n.last = c.prev
	}
}
