package sim

import (
	"fmt"

	"zabscope/engine/node"
	"zabscope/engine/sim/disk"
)

// Start starts a machine's process: its memory is empty, its disk as it was left.
func (s *Sim) Start(id node.ID) error {
	m, err := s.find(id)
	switch {
	case err != nil:
		return err
	case m.state == up:
		return fmt.Errorf("%s is already up", m.name)
	case m.state == paused:
		return fmt.Errorf("%s is paused; resume it", m.name)
	}
	m.incarnation++
	m.last, m.after = nil, nil
	m.process = m.factory(m.disk, m.rand.Split(uint64(m.incarnation)))
	if t, ok := m.process.(Tracer); ok {
		t.SetTracing(s.rec != nil)
	}
	m.state = up
	s.net.Up(s.now, m.host)
	s.give(m, &node.Input{Kind: node.Start})
	return nil
}

// Kill ends a process at once (SIGKILL). What it wrote stays in the page cache; its connections
// close behind the data that was already sent.
func (s *Sim) Kill(id node.ID) error {
	m, err := s.findUp(id)
	if err != nil {
		return err
	}
	s.cause = 0
	s.endProcess(m, s.event.Begin(node.KindKilled), true)
	return nil
}

// Crash is a loss of power: the process ends and what was not synced is lost, but for what torn
// leaves of it. A machine whose process has already ended may still lose what it left unsynced.
func (s *Sim) Crash(id node.ID, torn disk.Torn) error {
	m, err := s.find(id)
	if err != nil {
		return err
	}
	if m.state == down && !m.disk.Dirty() {
		return fmt.Errorf("%s is already down and has nothing to lose", m.name)
	}
	s.cause = 0
	lost := m.disk.Crash(torn)
	s.voidDisk(m)
	s.endProcess(m, s.event.Begin(node.KindCrashed).With(node.Int(lost)), false)
	return nil
}

// Stop ends a process in an orderly way: it is told, acts on it, and ends.
func (s *Sim) Stop(id node.ID) error {
	m, err := s.findRunning(id)
	if err != nil {
		return err
	}
	s.deliver(m, &node.Input{Kind: node.Stop})
	if m.state == up {
		s.endProcess(m, s.event.Begin(node.KindStopped), true)
	}
	return nil
}

// Pause freezes a process (SIGSTOP). The kernel goes on: it accepts connections, keeps what arrives
// and counts the time; the process is told of it all by Resume.
func (s *Sim) Pause(id node.ID) error {
	m, err := s.findRunning(id)
	if err != nil {
		return err
	}
	m.state = paused
	s.cause = 0
	s.note(id, s.event.Begin(node.KindPaused).
		Set(node.FieldProcess, node.Text(processNames[paused])))
	return nil
}

// Resume thaws a process. It is told at once of what happened meanwhile, in order.
func (s *Sim) Resume(id node.ID) error {
	m, err := s.find(id)
	if err != nil {
		return err
	}
	if m.state != paused {
		return fmt.Errorf("%s is not paused", m.name)
	}
	m.state = up
	s.cause = 0
	s.note(id, s.event.Begin(node.KindResumed).Set(node.FieldProcess, node.Text(processNames[up])))
	for m.state == up && len(m.inbox) > 0 {
		in := m.inbox[0]
		m.inbox = m.inbox[1:]
		s.deliver(m, &in)
	}
	return nil
}

// Wipe empties the disk of a machine that is down.
func (s *Sim) Wipe(id node.ID) error {
	m, err := s.find(id)
	if err != nil {
		return err
	}
	if m.state != down {
		return fmt.Errorf("%s is up; stop it before its disk is wiped", m.name)
	}
	m.disk.Wipe()
	s.voidDisk(m)
	s.cause = 0
	e := s.event.Begin(node.KindWiped)
	for i, f := range s.config.Vocabulary.Fields {
		if f.Survives && node.Field(i) != node.FieldProcess && node.Field(i) != node.FieldLinks {
			emptyField(e, node.Field(i), f.Shape)
		}
	}
	m.disk.TakeChanged(func(string) {})
	s.noteDown(m, e)
	return nil
}

func emptyField(e *node.Event, f node.Field, shape node.Shape) {
	switch shape {
	case node.Scalar:
		e.Set(f)
	case node.List:
		e.Cut(f, 0)
	case node.Map:
		e.DropAll(f)
	}
}

// Command asks a machine for something, as a client's caller does.
func (s *Sim) Command(id node.ID, command any) error {
	m, err := s.findUp(id)
	if err != nil {
		return err
	}
	s.give(m, &node.Input{Kind: node.Commanded, Command: command})
	return nil
}

// Skew makes a machine's clock run rate times as fast as the world's from now on; 1 is right. Timers
// that are armed fire when that clock says so. A clock that runs at this rate already is left alone.
func (s *Sim) Skew(id node.ID, rate float64) error {
	m, err := s.find(id)
	if err != nil {
		return err
	}
	if !(rate >= 0.001 && rate <= 1000) {
		return fmt.Errorf("a clock cannot run %v times as fast; 0.001 to 1000 can be simulated", rate)
	}
	parts := int64(rate*normalRate + 0.5)
	if parts == m.clock.rate {
		return nil
	}
	m.clock.set(s.now, parts)
	s.cause = 0
	e := s.event.Begin(node.KindClockSkewed).With(node.Text(fmt.Sprint(rate)))
	for i := range m.timers {
		if t := &m.timers[i]; t.armed && !t.waiting {
			s.placeTimer(m, int32(i))
			e.Put(node.FieldTimers, node.Text(t.text), node.Int(int64(t.at)))
		}
	}
	s.note(id, e)
	return nil
}

// endProcess takes a process out of the world. e is the event that reports it; power tells whether
// the machine runs on.
func (s *Sim) endProcess(m *machine, e *node.Event, power bool) {
	if m.process != nil {
		m.last, m.process = m.process, nil
	}
	m.state = down
	e.Set(node.FieldProcess, node.Text(processNames[down])).Reset()
	if !power && s.config.OnCrash != nil {
		s.config.OnCrash(m.id, m.disk, e)
	}
	seq := s.noteDown(m, e)
	s.net.Down(s.now, m.host, power, seq)
	s.cause = seq
	for i := range m.inbox {
		s.noteUnread(m, &m.inbox[i])
	}
	m.inbox, m.conns = nil, m.conns[:0]
	m.forgetTimers()
}

// noteDown records an event of a machine that is down and keeps what it changes for View.
func (s *Sim) noteDown(m *machine, e *node.Event) node.Seq {
	for _, op := range e.Ops {
		op.Values = append([]node.Value(nil), op.Values...)
		m.after = append(m.after, op)
	}
	seq := s.note(m.id, e)
	s.noteFiles(m)
	return seq
}

// voidDisk forgets what the disk had under way.
func (s *Sim) voidDisk(m *machine) {
	m.diskLife++
	m.syncs = m.syncs[:0]
	m.writingBack = false
}

// findUp finds a machine whose process exists.
func (s *Sim) findUp(id node.ID) (*machine, error) {
	m, err := s.find(id)
	if err == nil && m.state == down {
		err = fmt.Errorf("%s is down", m.name)
	}
	return m, err
}

// findRunning finds a machine whose process exists and is not paused.
func (s *Sim) findRunning(id node.ID) (*machine, error) {
	m, err := s.findUp(id)
	if err == nil && m.state == paused {
		err = fmt.Errorf("%s is paused; resume it first", m.name)
	}
	return m, err
}
