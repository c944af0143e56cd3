package trace

import "zabscope/engine/node"

// World is the visible state of all machines, as far as a trace tells it.
type World struct {
	States map[node.ID]*node.State // a machine without events has no entry

	vocabulary *node.Vocabulary
}

// NewWorld returns a world in which nothing has happened.
func NewWorld(v *node.Vocabulary) *World {
	return &World{map[node.ID]*node.State{}, v}
}

// Apply carries out what the event changes. Events must come in order, none left out.
func (w *World) Apply(e *Event) {
	if len(e.Ops) == 0 {
		return
	}
	s := w.States[e.Node]
	if s == nil {
		s = node.NewState()
		w.States[e.Node] = s
	}
	for _, op := range e.Ops {
		s.Apply(w.vocabulary, op)
	}
}

// Fold returns the visible state after event upTo; numbers beyond the end mean the end.
func Fold(r *Recorder, upTo node.Seq) *World {
	w := NewWorld(r.header.Vocabulary)
	r.Iterate(r.First(), upTo, func(e *Event) bool {
		w.Apply(e)
		return true
	})
	return w
}
