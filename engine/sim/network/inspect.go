package network

import "zabscope/engine/node"

// Block says why something under way cannot arrive now.
type Block uint8

// The reasons, strongest first.
const (
	Free    Block = iota
	Behind        // another packet of the same direction is before it
	IsCut         // the direction is cut
	NoPower       // the receiving machine has no power
	Held          // the direction is held: it may be chosen by hand
)

// Flight is something under way.
type Flight struct {
	Packet
	Kind     node.InputKind // what the receiver will learn, if it accepts
	From, To node.ID
	Conn     node.ConnID
	Port     node.Port
	Block    Block
	First    uint64 // with Behind: number of the packet at the head of the direction
}

// becomes names what a packet is to its receiver.
var becomes = [...]node.InputKind{syn: node.Accepted, synAck: node.Connected,
	refuse: node.DialFailed, data: node.Received, fin: node.Closed, rst: node.Closed}

// Each calls f with everything under way, connections in the order in which they were dialled, until
// f returns false.
func (n *Network) Each(f func(*Flight) bool) {
	for c := n.first; c != nil; c = c.next {
		for side := forth; side <= back; side++ {
			for i := range c.wires[side].count {
				x := n.flight(c, side, i)
				if !f(&x) {
					return
				}
			}
		}
	}
}

func (n *Network) flight(c *Conn, side way, i int) Flight {
	w := &c.wires[side]
	p := *w.at(i)
	x := Flight{Packet: p, Kind: becomes[p.what], From: c.ids[side], To: c.ids[1-side],
		Conn: c.id, Port: c.port, First: w.at(0).Number}
	l := n.link(c, side)
	switch {
	case i > 0:
		x.Block = Behind
	case l.cut:
		x.Block = IsCut
	case n.hosts[c.ends[1-side].host].off:
		x.Block = NoPower
	case l.held:
		x.Block = Held
	}
	return x
}

// Dialling returns the dial whose time limit the task is; ok is false for other tasks and for dials
// that are over.
func (n *Network) Dialling(t Task) (from, to node.ID, id node.ConnID, port node.Port, ok bool) {
	c := t.conn
	return c.ids[0], c.ids[1], c.id, c.port, t.way == limit && !c.up && c.ends[0].open
}

// Connected reports whether two hosts share a connection, be it only half open.
func (n *Network) Connected(a, b Host) bool {
	for c := n.first; c != nil; c = c.next {
		x, y := c.ends[0].host, c.ends[1].host
		if x == a && y == b || x == b && y == a {
			return true
		}
	}
	return false
}
