package sim

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/trace"
)

// View returns a machine's visible state: what the machine itself says, and the fields that the
// driver keeps. Of a machine that is down it is what the disk keeps; of node.World it is the links
// that are cut or held. nil if the machine is unknown.
func (s *Sim) View(id node.ID) *node.State {
	if id == node.World {
		return s.worldView()
	}
	m := s.byID[id]
	if m == nil {
		return nil
	}
	v := s.ownView(m)
	if m.incarnation > 0 {
		v.Scalars[node.FieldProcess] = []node.Value{node.Text(processNames[m.state])}
	}
	v.Maps[node.FieldConns] = map[node.Value][]node.Value{}
	for _, c := range m.conns {
		v.Maps[node.FieldConns][node.Int(int64(c.id))] =
			[]node.Value{node.Int(int64(c.peer)), node.Int(int64(c.port))}
	}
	v.Maps[node.FieldTimers] = map[node.Value][]node.Value{}
	for i := range m.timers {
		if t := &m.timers[i]; t.armed {
			v.Maps[node.FieldTimers][node.Text(t.text)] = []node.Value{node.Int(int64(t.at))}
		}
	}
	v.Maps[node.FieldFiles] = map[node.Value][]node.Value{}
	for _, name := range m.disk.List() {
		v.Maps[node.FieldFiles][node.Text(name)] = []node.Value{node.Int(m.disk.Size(name))}
	}
	return v
}

func (s *Sim) worldView() *node.State {
	v := node.NewState()
	links := map[node.Value][]node.Value{}
	s.eachLink(func(x, y *machine) {
		if state := s.linkState(x, y); state != "" {
			links[linkKey(x, y)] = []node.Value{node.Text(state)}
		}
	})
	v.Maps[node.FieldLinks] = links
	return v
}

// ownView is the protocol's part of the state, in a copy whose fields may be replaced.
func (s *Sim) ownView(m *machine) *node.State {
	v := node.NewState()
	from := m.process
	if from == nil {
		from = m.last
	}
	if from != nil {
		own := from.View()
		maps.Copy(v.Scalars, own.Scalars)
		maps.Copy(v.Lists, own.Lists)
		maps.Copy(v.Maps, own.Maps)
	}
	for _, op := range m.after {
		v.Apply(s.config.Vocabulary, op)
	}
	return v
}

// CheckFold holds the fold of the trace against View, for every machine and the world. The error names the machines
// and the fields that differ. It must be called between steps; only what is new is folded.
func (s *Sim) CheckFold() error {
	if s.rec == nil {
		return errors.New("the run has no trace")
	}
	if s.folded == nil {
		s.folded = trace.NewWorld(s.config.Vocabulary)
	}
	s.rec.Iterate(s.foldTo+1, s.rec.Len(), func(e *trace.Event) bool {
		s.folded.Apply(e)
		return true
	})
	s.foldTo = s.rec.Len()
	var wrong []string
	for _, id := range append(s.IDs(), node.World) {
		folded := s.folded.States[id]
		if folded == nil {
			folded = node.NewState()
		}
		if d := folded.Differences(s.config.Vocabulary, s.View(id)); len(d) > 0 {
			wrong = append(wrong, s.Name(id)+": "+strings.Join(d, ", "))
		}
	}
	if wrong != nil {
		return fmt.Errorf("the fold of %d events differs from the machines: %s", s.foldTo,
			strings.Join(wrong, "; "))
	}
	return nil
}
