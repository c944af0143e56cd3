package sim

import (
	"slices"

	"zabscope/engine/node"
)

// effect does one thing that a machine wants done.
func (s *Sim) effect(m *machine, e *node.Effect) {
	switch e.Kind {
	case node.Listen:
		s.net.Listen(m.host, e.Port)
	case node.Unlisten:
		s.net.Unlisten(m.host, e.Port)
	case node.Dial:
		failAt := e.At
		if failAt != 0 {
			failAt = max(s.now, m.clock.when(failAt))
		}
		s.net.Dial(s.now, m.host, e.Conn, e.Peer, e.Port, failAt, s.cause)
	case node.Send:
		s.send(m, e)
	case node.Close:
		s.close(m, e.Conn)
	case node.SetTimer:
		s.setTimer(m, e.Timer, e.At)
	case node.CancelTimer:
		s.cancelTimer(m, e.Timer)
	case node.Sync:
		s.sync(m, e)
	case node.Emit:
		s.emit(m, e.Event)
	case node.Exit:
		s.exit(m, e.Reason)
	}
}

func (s *Sim) send(m *machine, e *node.Effect) {
	end, ok := s.net.End(m.host, e.Conn)
	if !ok {
		return
	}
	seq := node.Seq(0)
	if s.rec != nil {
		seq = s.noteSend(m, end.Peer(), e.Msg)
	}
	s.net.Send(s.now, end, e.Msg, seq)
}

func (s *Sim) close(m *machine, id node.ConnID) {
	s.net.Close(s.now, m.host, id, s.cause)
	if m.dropConn(id) && s.rec != nil {
		s.addOp(node.OpDrop, node.FieldConns, node.Int(int64(id)))
	}
	s.dropWaiting(m, id)
}

// dropWaiting forgets what a process that was paused would still be told of a connection.
func (s *Sim) dropWaiting(m *machine, id node.ConnID) {
	if len(m.inbox) == 0 {
		return
	}
	m.inbox = slices.DeleteFunc(m.inbox, func(in node.Input) bool {
		if in.Conn != id || in.Kind < node.Connected || in.Kind > node.Closed {
			return false
		}
		s.noteUnread(m, &in)
		return true
	})
}

func (m *machine) dropConn(id node.ConnID) bool {
	for i := range m.conns {
		if m.conns[i].id == id {
			m.conns = append(m.conns[:i], m.conns[i+1:]...)
			return true
		}
	}
	return false
}

func (s *Sim) sync(m *machine, e *node.Effect) {
	handle, takes := m.disk.Begin(e.Files)
	for len(m.syncs) <= int(handle) {
		m.syncs = append(m.syncs, syncing{})
	}
	y := syncing{e.Token, m.incarnation, s.cause, s.now + takes, s.newNumber()}
	m.syncs[handle] = y
	s.queue.push(y.at, y.number, item{kind: syncItem, m: m, slot: handle, gen: m.diskLife})
}

func (s *Sim) exit(m *machine, reason string) {
	s.endProcess(m, s.event.Begin(node.KindExited).With(node.Text(reason)), true)
}
