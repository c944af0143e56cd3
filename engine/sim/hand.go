package sim

import (
	"cmp"
	"fmt"
	"slices"

	"zabscope/engine/node"
	"zabscope/engine/sim/network"
)

// Pending is something that may happen.
type Pending struct {
	ID   uint64         // what Choose is told
	Kind node.InputKind // what the machine will be told, if it accepts
	At   node.Time      // when it would happen by time; it may be overdue
	From node.ID        // the sender; of timers and fsyncs the machine itself
	To   node.ID        // who will be told

	Conn  node.ConnID // of what comes over the network
	Port  node.Port
	Msg   node.Message // of Received
	Timer node.Timer   // of Fired
	Token node.Token   // of Synced
	Seq   node.Seq     // of the event that led to it; 0 without a trace

	Enabled bool     // it may be chosen now
	Why     string   // if not: why not
	Behind  node.Seq // if it waits behind a message: the event of that one's sending
}

// Pending lists what may happen: packets, time limits of dials, timers, fsyncs; by time, then by
// number.
func (s *Sim) Pending() []Pending {
	var out []Pending
	s.net.Each(func(f *network.Flight) bool {
		p := Pending{ID: f.Number, Kind: f.Kind, At: f.At, From: f.From, To: f.To, Conn: f.Conn,
			Port: f.Port, Msg: f.Msg, Seq: f.Seq}
		p.Why = s.blocked(f)
		p.Enabled = p.Why == ""
		if f.Block == network.Behind {
			p.Behind = s.seqOf(f.First)
		}
		out = append(out, p)
		return true
	})
	for i := range s.queue.keys {
		if p, ok := s.dialLimit(&s.queue.keys[i]); ok {
			out = append(out, p)
		}
	}
	for _, m := range s.machines {
		out = m.appendPending(out)
	}
	slices.SortFunc(out, func(a, b Pending) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// blocked says why a packet cannot arrive even by hand; "" if it can.
func (s *Sim) blocked(f *network.Flight) string {
	switch f.Block {
	case network.Behind:
		return fmt.Sprintf("it waits behind number %d of the same connection", f.First)
	case network.IsCut:
		return fmt.Sprintf("%s is cut off from %s", s.Name(f.To), s.Name(f.From))
	case network.NoPower:
		return s.Name(f.To) + " has no power"
	}
	return ""
}

// dialLimit makes a Pending of an item that is the time limit of a dial.
func (s *Sim) dialLimit(k *key) (Pending, bool) {
	it := &s.queue.items[k.slot]
	if it.kind != wireItem {
		return Pending{}, false
	}
	from, to, id, port, ok := s.net.Dialling(it.task)
	return Pending{ID: k.number, Kind: node.DialFailed, At: k.at, From: to, To: from, Conn: id,
		Port: port, Enabled: true}, ok
}

func (m *machine) appendPending(out []Pending) []Pending {
	for i := range m.timers {
		if t := &m.timers[i]; t.armed && !t.waiting {
			out = append(out, Pending{ID: t.number, Kind: node.Fired, At: t.at, From: m.id, To: m.id,
				Timer: t.name, Seq: t.cause, Enabled: true})
		}
	}
	for i := range m.syncs {
		if y := &m.syncs[i]; y.number != 0 {
			out = append(out, Pending{ID: y.number, Kind: node.Synced, At: y.at, From: m.id, To: m.id,
				Token: y.token, Seq: y.cause, Enabled: true})
		}
	}
	return out
}

// Choose lets one of Pending happen now, under either policy. If its time is still to come, the clock
// moves there, and what was due before is overdue.
func (s *Sim) Choose(id uint64) error {
	for _, p := range s.Pending() {
		if p.ID != id {
			continue
		}
		if !p.Enabled {
			return fmt.Errorf("number %d cannot happen now: %s", id, p.Why)
		}
		s.now = max(s.now, p.At)
		s.happen(&p)
		return nil
	}
	return fmt.Errorf("nothing that may happen has number %d", id)
}

func (s *Sim) happen(p *Pending) {
	switch p.Kind {
	case node.Fired:
		m := s.byID[p.To]
		s.fire(m, m.timerOf[p.Timer])
	case node.Synced:
		m := s.byID[p.To]
		for i := range m.syncs {
			if m.syncs[i].number == p.ID {
				s.endSync(m, int32(i))
				return
			}
		}
	default:
		s.deliverPacket(p)
	}
}

func (s *Sim) deliverPacket(p *Pending) {
	for i := range s.queue.keys {
		k := &s.queue.keys[i]
		if _, ok := s.dialLimit(k); ok && k.number == p.ID {
			if a, ok := s.net.Arrive(s.now, s.queue.items[k.slot].task); ok {
				s.arrive(&a)
			}
			return
		}
	}
	if a, ok := s.net.Deliver(s.now, p.ID); ok {
		s.arrive(&a)
	}
}

// Deliver delivers a message that is under way, now, whether or not its link is held. seq is the
// number of the event of its sending.
func (s *Sim) Deliver(seq node.Seq) error {
	f, err := s.findFlight(seq)
	if err != nil {
		return err
	}
	if f.Block == network.Behind {
		return fmt.Errorf("event %d cannot arrive now: event %d was sent before it on the same "+
			"connection", seq, s.seqOf(f.First))
	}
	if why := s.blocked(f); why != "" {
		return fmt.Errorf("event %d cannot arrive now: %s", seq, why)
	}
	if a, ok := s.net.Deliver(s.now, f.Number); ok {
		s.arrive(&a)
	}
	return nil
}

// Drop loses a message that is under way, as no TCP does without breaking the connection: what was
// sent behind it is lost too, and both sides learn that the connection is gone. seq is the number of
// the event of its sending.
func (s *Sim) Drop(seq node.Seq) error {
	f, err := s.findFlight(seq)
	if err != nil {
		return err
	}
	s.cause = 0
	s.net.Drop(s.now, f.Number, seq)
	return nil
}

// findFlight finds a message by the event of its sending.
func (s *Sim) findFlight(seq node.Seq) (found *network.Flight, err error) {
	if seq != 0 {
		s.net.Each(func(f *network.Flight) bool {
			if f.Seq == seq && f.Kind == node.Received {
				found = f
			}
			return found == nil
		})
	}
	if found == nil {
		return nil, fmt.Errorf("event %d is not a message under way", seq)
	}
	return found, nil
}

// seqOf returns the event that led to the packet with this number.
func (s *Sim) seqOf(number uint64) (seq node.Seq) {
	s.net.Each(func(f *network.Flight) bool {
		if f.Number == number {
			seq = f.Seq
		}
		return f.Number != number
	})
	return seq
}
