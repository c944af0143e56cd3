package sim

import (
	"zabscope/engine/node"
	"zabscope/engine/sim/network"
)

// arrive tells a machine what came over the network.
func (s *Sim) arrive(a *network.Arrival) {
	s.give(s.machines[a.Host], &node.Input{Kind: a.Kind, Peer: a.Peer, Conn: a.Conn, Port: a.Port,
		Msg: a.Msg, Reason: a.Reason, Cause: a.Seq})
}

// syncDue ends an fsync; it reports whether the machine was told.
func (s *Sim) syncDue(k *key, it *item) bool {
	m := it.m
	if it.gen != m.diskLife || m.syncs[it.slot].number != k.number {
		return false
	}
	s.now = max(s.now, k.at)
	return s.endSync(m, it.slot)
}

func (s *Sim) endSync(m *machine, handle int32) bool {
	y := m.syncs[handle]
	m.syncs[handle].number = 0
	err := m.disk.Finish(handle)
	if m.state == down || y.incarnation != m.incarnation {
		return false
	}
	in := node.Input{Kind: node.Synced, Token: y.token, Cause: y.cause}
	if err != nil {
		in.Kind, in.Reason = node.SyncFailed, err.Error()
	}
	s.give(m, &in)
	return true
}

// writeback makes durable what nobody synced.
func (s *Sim) writeback(k *key, it *item) {
	if it.gen != it.m.diskLife {
		return
	}
	s.now = max(s.now, k.at)
	it.m.disk.WriteBack()
	it.m.writingBack = false
	s.watchDisk(it.m)
}

// watchDisk sees to it that unsynced data is written back some day.
func (s *Sim) watchDisk(m *machine) {
	if after := m.disk.WritebackAfter(); !m.writingBack && after > 0 && m.disk.Dirty() {
		m.writingBack = true
		s.queue.push(s.now+after, s.newNumber(), item{kind: writebackItem, m: m, gen: m.diskLife})
	}
}

// give tells a process something, or keeps it for when the process is thawed.
func (s *Sim) give(m *machine, in *node.Input) {
	switch m.state {
	case up:
		s.deliver(m, in)
	case paused:
		m.inbox = append(m.inbox, *in)
	}
}

// deliver makes one step of a process that is up: the event of the input, the machine's own step,
// its effects.
func (s *Sim) deliver(m *machine, in *node.Input) {
	s.input = *in
	in = &s.input
	in.Now, in.Incarnation = m.clock.at(s.now), m.incarnation
	s.cause = 0
	s.learn(m, in)
	if s.rec != nil {
		s.noteInput(m, in)
	}
	if in.Kind == node.Received && s.config.Tap != nil {
		s.config.Tap(Delivery{From: in.Peer, To: m.id, Conn: in.Conn, Port: in.Port, Msg: in.Msg,
			At: s.now, Seq: s.cause})
	}
	s.out = m.process.Step(*in, s.out[:0])
	for i := range s.out {
		if m.state == down {
			break // it has ended itself
		}
		s.effect(m, &s.out[i])
	}
	s.noteFiles(m)
	s.watchDisk(m)
}

// learn keeps the driver's own picture of what the machine knows.
func (s *Sim) learn(m *machine, in *node.Input) {
	switch in.Kind {
	case node.Connected, node.Accepted:
		m.conns = append(m.conns, openConn{in.Conn, in.Peer, in.Port})
	case node.Closed:
		m.dropConn(in.Conn)
	case node.Fired:
		t := &m.timers[m.timerOf[in.Timer]]
		t.armed, t.waiting = false, false
	}
}
