package network

import "zabscope/engine/node"

// Dial starts to open a connection from a host to a port of machine peer. It ends in an Arrival of
// kind node.Connected or node.DialFailed, the latter at failAt at the latest; 0 sets no limit. A
// machine outside the network, the host itself, and a connection that there is already refuse at
// once. seq is the number of the event that led to the dial.
func (n *Network) Dial(now node.Time, from Host, id node.ConnID, peer node.ID, port node.Port,
	failAt node.Time, seq node.Seq) {
	c := &Conn{id: id, port: port, dialled: seq, ids: [2]node.ID{n.hosts[from].id, peer}}
	to, known := n.byID[peer]
	refused := !known || to == from || n.conns[id] != nil
	if !known {
		to = from
	}
	c.ends = [2]end{{host: from, open: true}, {host: to}}
	n.remember(c)
	if refused {
		c.wires[back].push(Packet{what: refuse, At: now, Number: n.driver.Number(), Seq: seq})
		n.schedule(c, back, now)
		return
	}
	n.put(now, c, forth, Packet{what: syn, Seq: seq}, 0)
	if failAt != 0 {
		n.driver.Schedule(max(now, failAt), n.driver.Number(), Task{c, limit, 0})
	}
}

// timeOut ends a dial that had no answer in time.
func (n *Network) timeOut(now node.Time, c *Conn) (Arrival, bool) {
	if c.up || !c.ends[0].open {
		return Arrival{}, false
	}
	a := n.arrival(node.DialFailed, c, back, ReasonTimeout)
	a.Seq = c.dialled
	if w := &c.wires[forth]; w.count > 0 && w.at(0).what == syn {
		w.pop() // the other side has not seen it
		w.gen++
		w.due = false
		c.ends[0].open = false
		n.forgetIfOver(c)
		return a, true
	}
	n.leave(now, c, c.ends[0].host, false, c.dialled)
	return a, true
}
