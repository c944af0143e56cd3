package network

import "zabscope/engine/node"

// Arrival is what a machine must be told.
type Arrival struct {
	Kind   node.InputKind // Connected, DialFailed, Accepted, Received or Closed
	Host   Host           // who must be told
	Peer   node.ID
	Conn   node.ConnID
	Port   node.Port
	Msg    node.Message
	Seq    node.Seq // of the event that led to it: the sending, the dial, the close
	Reason string
}

// arrival is what the receiving side of a direction learns.
func (n *Network) arrival(k node.InputKind, c *Conn, side way, reason string) Arrival {
	return Arrival{Kind: k, Host: c.ends[1-side].host, Peer: c.ids[side], Conn: c.id,
		Port: c.port, Reason: reason}
}

// Arrive does what is due. ok is false if no machine must be told.
func (n *Network) Arrive(now node.Time, t Task) (a Arrival, ok bool) {
	if t.way == limit {
		return n.timeOut(now, t.conn)
	}
	w := &t.conn.wires[t.way]
	if t.gen != w.gen || w.count == 0 {
		return Arrival{}, false
	}
	w.due = false
	if !n.flows(t.conn, t.way) {
		return Arrival{}, false // wake schedules it again
	}
	return n.take(now, t.conn, t.way)
}

// take delivers the first packet of a direction.
func (n *Network) take(now node.Time, c *Conn, side way) (a Arrival, ok bool) {
	w := &c.wires[side]
	p := w.pop()
	w.due = false
	if w.count > 0 && n.flows(c, side) {
		n.schedule(c, side, max(now, w.at(0).At))
	}
	to := &c.ends[1-side]
	switch {
	case p.what == syn:
		a, ok = n.accept(now, c)
	case p.what == refuse:
		a, ok = n.arrival(node.DialFailed, c, side, ReasonRefused), to.open
		to.open = false
	case p.what == synAck:
		a, ok = n.arrival(node.Connected, c, side, ""), to.open
		c.up = true
	case p.what == data:
		a, ok = n.receive(now, c, side, &p)
	default:
		a, ok = n.end(c, side, p.what)
	}
	a.Seq = p.Seq
	n.forgetIfOver(c)
	return a, ok
}

// accept is the kernel's answer to a dial.
func (n *Network) accept(now node.Time, c *Conn) (Arrival, bool) {
	if !n.listening(c.ends[1].host, c.port) {
		n.put(now, c, back, Packet{what: refuse, Seq: c.dialled}, 0)
		return Arrival{}, false
	}
	c.ends[1].open = true
	n.put(now, c, back, Packet{what: synAck, Seq: c.dialled}, 0)
	return n.arrival(node.Accepted, c, forth, ""), true
}

func (n *Network) receive(now node.Time, c *Conn, side way, p *Packet) (Arrival, bool) {
	to := &c.ends[1-side]
	if to.open {
		a := n.arrival(node.Received, c, side, "")
		a.Msg = p.Msg
		return a, true
	}
	n.lose(c, side, p, ReasonClosed)
	if to.silent { // back from a loss of power: it knows no such connection
		to.silent = false
		n.put(now, c, 1-side, Packet{what: rst}, 0)
	}
	return Arrival{}, false
}

// end tells the receiving side that the connection is over.
func (n *Network) end(c *Conn, side way, w what) (Arrival, bool) {
	to := &c.ends[1-side]
	if !to.open {
		to.silent = false
		return Arrival{}, false
	}
	to.open = false
	if side == back && !c.up {
		return n.arrival(node.DialFailed, c, side, ReasonReset), true
	}
	reason := ReasonClosed
	if w == rst {
		reason = ReasonReset
	}
	return n.arrival(node.Closed, c, side, reason), true
}

func (n *Network) lose(c *Conn, side way, p *Packet, reason string) {
	if p.what == data {
		n.driver.Lost(p.Seq, c.id, c.ends[side].host, c.ends[1-side].host, reason)
	}
}
