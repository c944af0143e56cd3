package sim

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"zabscope/engine/node"
)

// Partition cuts the machines of a off from those of b until Heal: what is sent waits, nothing is
// told. oneWay cuts only what goes from a to b. Cuts add up.
func (s *Sim) Partition(a, b []node.ID, oneWay bool) error {
	if len(a) == 0 || len(b) == 0 {
		return errors.New("a partition needs machines on both sides")
	}
	left, err := s.findAll(a)
	if err != nil {
		return err
	}
	right, err := s.findAll(b)
	if err != nil {
		return err
	}
	for _, x := range left {
		for _, y := range right {
			if x == y {
				return fmt.Errorf("%s cannot be on both sides of a partition", x.name)
			}
		}
	}
	for _, x := range left {
		for _, y := range right {
			s.net.Cut(x.host, y.host)
			if !oneWay {
				s.net.Cut(y.host, x.host)
			}
		}
	}
	s.noteWorld(node.KindPartitioned, node.Text(joinIDs(a)), node.Text(joinIDs(b)),
		node.Bool(oneWay))
	return nil
}

// Heal ends all cuts; what waited arrives soon after.
func (s *Sim) Heal() error {
	if !s.anyLink(func(i, j int) bool { return s.net.IsCut(s.machines[i].host, s.machines[j].host) }) {
		return errors.New("nothing is cut off")
	}
	s.noteWorld(node.KindHealed)
	s.net.HealAll(s.now)
	return nil
}

// Hold makes what goes from one machine to another wait until Deliver chooses it, or Release.
func (s *Sim) Hold(from, to node.ID) error {
	x, y, err := s.findLink(from, to)
	if err != nil {
		return err
	}
	if s.net.IsHeld(x.host, y.host) {
		return fmt.Errorf("what goes from %s to %s is already held", x.name, y.name)
	}
	s.net.Hold(x.host, y.host)
	s.noteWorld(node.KindHeld, node.Int(int64(from)), node.Int(int64(to)))
	return nil
}

// Release ends Hold.
func (s *Sim) Release(from, to node.ID) error {
	x, y, err := s.findLink(from, to)
	if err != nil {
		return err
	}
	if !s.net.IsHeld(x.host, y.host) {
		return fmt.Errorf("what goes from %s to %s is not held", x.name, y.name)
	}
	s.noteWorld(node.KindReleased, node.Int(int64(from)), node.Int(int64(to)))
	s.net.Release(s.now, x.host, y.host)
	return nil
}

// ReleaseAll ends all holds, if there are any.
func (s *Sim) ReleaseAll() {
	s.anyLink(func(i, j int) bool {
		x, y := s.machines[i], s.machines[j]
		if s.net.IsHeld(x.host, y.host) {
			_ = s.Release(x.id, y.id) // it is held
		}
		return false
	})
}

// Break resets all connections between two machines: what is under way between them is lost.
func (s *Sim) Break(a, b node.ID) error {
	x, y, err := s.findLink(a, b)
	if err != nil {
		return err
	}
	if !s.net.Connected(x.host, y.host) {
		return fmt.Errorf("%s and %s have no connection", x.name, y.name)
	}
	seq := s.noteWorld(node.KindNoted, node.Text("connections broken: "+joinIDs([]node.ID{a, b})))
	s.net.Break(s.now, x.host, y.host, seq)
	return nil
}

// noteWorld records an event of the world itself; it becomes the cause of what follows.
func (s *Sim) noteWorld(k node.Kind, args ...node.Value) node.Seq {
	s.cause = 0
	s.cause = s.note(node.World, s.event.Begin(k).With(args...))
	return s.cause
}

// anyLink asks f of all pairs of machines until it says yes.
func (s *Sim) anyLink(f func(i, j int) bool) bool {
	for i := range s.machines {
		for j := range s.machines {
			if i != j && f(i, j) {
				return true
			}
		}
	}
	return false
}

func (s *Sim) findAll(ids []node.ID) ([]*machine, error) {
	out := make([]*machine, len(ids))
	for i, id := range ids {
		m, err := s.find(id)
		if err != nil {
			return nil, err
		}
		out[i] = m
	}
	return out, nil
}

func (s *Sim) findLink(a, b node.ID) (x, y *machine, err error) {
	if x, err = s.find(a); err != nil {
		return nil, nil, err
	}
	if y, err = s.find(b); err != nil {
		return nil, nil, err
	}
	if x == y {
		return nil, nil, fmt.Errorf("%s has no link to itself", x.name)
	}
	return x, y, nil
}

func joinIDs(ids []node.ID) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.Itoa(int(id))
	}
	return strings.Join(words, ",")
}
