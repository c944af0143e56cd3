package sim

import (
	"fmt"

	"zabscope/engine/node"
	"zabscope/engine/sim/network"
	"zabscope/engine/trace"
)

// note records an event of the driver or of a machine. Without a cause of its own the event gets the
// current one.
func (s *Sim) note(id node.ID, e *node.Event) node.Seq {
	if s.rec == nil {
		return 0
	}
	if e.Cause == 0 {
		e.Cause = s.cause
	}
	seq := s.rec.Append(s.now, id, e)
	if s.config.OnEvent != nil {
		s.told = trace.Event{Seq: seq, Time: s.now, Node: id, Kind: e.Kind, Peer: e.Peer,
			Cause: e.Cause, Args: e.Args, Checks: e.Checks, Ops: e.Ops}
		s.config.OnEvent(&s.told)
	}
	return seq
}

// emit records what a machine tells; what it marked as a pivot leads to the rest of the step.
func (s *Sim) emit(m *machine, e *node.Event) {
	if seq := s.note(m.id, e); seq != 0 && e.Pivot {
		s.cause = seq
	}
}

// noteSend records that a message leaves.
func (s *Sim) noteSend(m *machine, peer node.ID, msg node.Message) node.Seq {
	e := s.event.Begin(0)
	msg.Describe(e)
	e.Peer = peer
	return s.note(m.id, e)
}

// noteInput records what a machine is told; it becomes the cause of the step.
func (s *Sim) noteInput(m *machine, in *node.Input) {
	e := s.event.Begin(0)
	e.Peer, e.Cause = in.Peer, in.Cause
	conn := node.Int(int64(in.Conn))
	switch in.Kind {
	case node.Start:
		e.Kind = node.KindStarted
		e.With(node.Int(int64(in.Incarnation))).Set(node.FieldProcess, node.Text(processNames[up]))
	case node.Stop:
		e.Kind = node.KindCommanded
		e.With(node.Text("stop"))
	case node.Commanded:
		e.Kind = node.KindCommanded
		e.With(node.Text(fmt.Sprint(in.Command)))
	case node.Connected, node.Accepted:
		e.Kind = node.KindConnected
		if in.Kind == node.Accepted {
			e.Kind = node.KindAccepted
		}
		e.With(conn, node.Int(int64(in.Port))).
			Put(node.FieldConns, conn, node.Int(int64(in.Peer)), node.Int(int64(in.Port)))
	case node.DialFailed:
		e.Kind = node.KindDialFailed
		e.With(conn, node.Int(int64(in.Port)), node.Text(in.Reason))
	case node.Closed:
		e.Kind = node.KindConnClosed
		e.With(conn, node.Int(int64(in.Port)), node.Text(in.Reason)).Drop(node.FieldConns, conn)
	case node.Received:
		e.Kind = node.KindReceived
		e.With(conn)
	case node.Fired:
		s.describeFired(m, in, e)
	case node.Synced:
		e.Kind = node.KindSynced
		e.With(node.Int(int64(in.Token)))
	case node.SyncFailed:
		e.Kind = node.KindSyncFailed
		e.With(node.Int(int64(in.Token)), node.Text(in.Reason))
	}
	s.cause = s.note(m.id, e)
}

func (s *Sim) describeFired(m *machine, in *node.Input, e *node.Event) {
	t := &m.timers[m.timerOf[in.Timer]]
	e.Kind = node.KindFired
	name := t.text
	if int(in.Timer.Kind) < len(s.config.Vocabulary.Timers) {
		name = s.config.Vocabulary.Timers[in.Timer.Kind]
	}
	e.With(node.Text(name), node.Int(in.Timer.N)).Drop(node.FieldTimers, node.Text(t.text))
}

// addOp adds a change of the driver's own fields to the event recorded last, which belongs to the
// same step.
func (s *Sim) addOp(c node.OpCode, f node.Field, key node.Value, values ...node.Value) {
	op := node.Op{Code: c, Field: f, Key: key, Values: values}
	s.rec.AddOp(&op)
}

// noteFiles tells the trace which files changed their size in this step.
func (s *Sim) noteFiles(m *machine) {
	m.disk.TakeChanged(func(name string) {
		if s.rec == nil {
			return
		}
		if size := m.disk.Size(name); size >= 0 {
			s.addOp(node.OpPut, node.FieldFiles, node.Text(name), node.Int(size))
		} else {
			s.addOp(node.OpDrop, node.FieldFiles, node.Text(name))
		}
	})
}

// noteUnread records a message that reached a machine but that its process never read.
func (s *Sim) noteUnread(m *machine, in *node.Input) {
	if s.rec == nil || in.Kind != node.Received {
		return
	}
	e := s.event.Begin(node.KindLost).With(node.Int(int64(in.Conn)), node.Text(network.ReasonClosed))
	e.Peer, e.Cause = in.Peer, in.Cause
	s.note(m.id, e)
}
