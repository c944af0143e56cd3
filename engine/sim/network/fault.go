package network

import "zabscope/engine/node"

// Cut silences the direction between two hosts until HealAll: what is sent waits.
func (n *Network) Cut(from, to Host) { n.links[from][to].cut = true }

// HealAll ends all cuts.
func (n *Network) HealAll(now node.Time) {
	for i := range n.links {
		for j := range n.links[i] {
			n.links[i][j].cut = false
		}
	}
	n.wakeAll(now)
}

// IsCut reports whether the direction is cut.
func (n *Network) IsCut(from, to Host) bool { return n.links[from][to].cut }

// Hold makes the direction wait until each delivery is chosen (see Deliver) or Release.
func (n *Network) Hold(from, to Host) { n.links[from][to].held = true }

// Release ends a hold.
func (n *Network) Release(now node.Time, from, to Host) {
	n.links[from][to].held = false
	n.wakeAll(now)
}

// IsHeld reports whether the direction is held.
func (n *Network) IsHeld(from, to Host) bool { return n.links[from][to].held }

func (n *Network) wakeAll(now node.Time) {
	for c := n.first; c != nil; c = c.next {
		n.wake(now, c)
	}
}

// Break resets all connections between two hosts: what is under way is lost, and each side learns
// of it a latency later. It returns how many connections there were.
func (n *Network) Break(now node.Time, a, b Host, seq node.Seq) int {
	broken := 0
	for c := n.first; c != nil; {
		next := c.next
		x, y := c.ends[0].host, c.ends[1].host
		if x == a && y == b || x == b && y == a {
			n.loseFrom(c, forth, 0)
			n.loseFrom(c, back, 0)
			n.reset(now, c, seq)
			broken++
		}
		c = next
	}
	return broken
}

// Drop loses one packet, which breaks its connection as TCP would be broken in the end: all that was
// sent behind it in the same direction is lost too, and both sides learn of it. The packet must be
// under way.
func (n *Network) Drop(now node.Time, number uint64, seq node.Seq) {
	c, side, i := n.find(number)
	if c == nil {
		return
	}
	n.loseFrom(c, side, i)
	n.reset(now, c, seq)
}

// loseFrom empties a direction from its i-th packet on.
func (n *Network) loseFrom(c *Conn, side way, i int) {
	w := &c.wires[side]
	for k := i; k < w.count; k++ {
		p := w.at(k)
		n.lose(c, side, p, ReasonBroken)
		*p = Packet{}
	}
	w.count = i
	if i == 0 {
		w.gen++
		w.due = false
	}
}

// reset tells both sides that the connection is broken.
func (n *Network) reset(now node.Time, c *Conn, seq node.Seq) {
	n.put(now, c, forth, Packet{what: rst, Seq: seq}, 0)
	n.put(now, c, back, Packet{what: rst, Seq: seq}, 0)
}

// Deliver delivers a packet now, which must be the first of its direction.
func (n *Network) Deliver(now node.Time, number uint64) (Arrival, bool) {
	c, side, i := n.find(number)
	if c == nil || i != 0 {
		return Arrival{}, false
	}
	c.wires[side].gen++ // the task for it is void
	return n.take(now, c, side)
}

func (n *Network) find(number uint64) (*Conn, way, int) {
	for c := n.first; c != nil; c = c.next {
		for side := forth; side <= back; side++ {
			for i := range c.wires[side].count {
				if c.wires[side].at(i).Number == number {
					return c, side, i
				}
			}
		}
	}
	return nil, 0, 0
}
