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
	e := s.event.Begin(node.KindPartitioned).With(node.Text(joinIDs(a)), node.Text(joinIDs(b)),
		node.Bool(oneWay))
	for _, x := range left {
		for _, y := range right {
			s.net.Cut(x.host, y.host)
			s.putLink(e, x, y)
			if !oneWay {
				s.net.Cut(y.host, x.host)
				s.putLink(e, y, x)
			}
		}
	}
	s.noteWorld(e)
	return nil
}

// Heal ends all cuts; what waited arrives soon after.
func (s *Sim) Heal() error {
	var cut [][2]*machine
	s.eachLink(func(x, y *machine) {
		if s.net.IsCut(x.host, y.host) {
			cut = append(cut, [2]*machine{x, y})
		}
	})
	if cut == nil {
		return errors.New("nothing is cut off")
	}
	s.net.HealAll(s.now)
	e := s.event.Begin(node.KindHealed)
	for _, l := range cut {
		s.putLink(e, l[0], l[1])
	}
	s.noteWorld(e)
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
	e := s.event.Begin(node.KindHeld).With(node.Int(int64(from)), node.Int(int64(to)))
	s.putLink(e, x, y)
	s.noteWorld(e)
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
	s.net.Release(s.now, x.host, y.host)
	e := s.event.Begin(node.KindReleased).With(node.Int(int64(from)), node.Int(int64(to)))
	s.putLink(e, x, y)
	s.noteWorld(e)
	return nil
}

// ReleaseAll ends all holds, if there are any.
func (s *Sim) ReleaseAll() {
	s.eachLink(func(x, y *machine) {
		if s.net.IsHeld(x.host, y.host) {
			_ = s.Release(x.id, y.id) // it is held
		}
	})
}

// putLink tells the visible state of the world how the link from x to y is now.
func (s *Sim) putLink(e *node.Event, x, y *machine) {
	if state := s.linkState(x, y); state != "" {
		e.Put(node.FieldLinks, linkKey(x, y), node.Text(state))
	} else {
		e.Drop(node.FieldLinks, linkKey(x, y))
	}
}

// linkKey is the key of a link in the visible state of the world: "1>2".
func linkKey(x, y *machine) node.Value {
	return node.Text(strconv.Itoa(int(x.id)) + ">" + strconv.Itoa(int(y.id)))
}

// linkState is "cut", "held", "cut,held" or, when the link is open, "".
func (s *Sim) linkState(x, y *machine) string {
	switch cut, held := s.net.IsCut(x.host, y.host), s.net.IsHeld(x.host, y.host); {
	case cut && held:
		return "cut,held"
	case cut:
		return "cut"
	case held:
		return "held"
	}
	return ""
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
	seq := s.noteWorld(s.event.Begin(node.KindNoted).
		With(node.Text("connections broken: " + joinIDs([]node.ID{a, b}))))
	s.net.Break(s.now, x.host, y.host, seq)
	return nil
}

// noteWorld records an event of the world itself; it becomes the cause of what follows.
func (s *Sim) noteWorld(e *node.Event) node.Seq {
	s.cause = 0
	s.cause = s.note(node.World, e)
	return s.cause
}

// eachLink calls f with all ordered pairs of machines.
func (s *Sim) eachLink(f func(x, y *machine)) {
	for _, x := range s.machines {
		for _, y := range s.machines {
			if x != y {
				f(x, y)
			}
		}
	}
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
