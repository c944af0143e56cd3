package node

import (
	"slices"
	"sort"
)

// State is the visible state of one machine: what a fold of the trace knows of it.
type State struct {
	Scalars map[Field][]Value
	Lists   map[Field][][]Value
	Maps    map[Field]map[Value][]Value
}

// NewState returns an empty state.
func NewState() *State {
	return &State{map[Field][]Value{}, map[Field][][]Value{}, map[Field]map[Value][]Value{}}
}

// Apply carries out one operation; it copies what it keeps. Operations that do not fit the state
// (a cut beyond the end, a drop of what is not there) change nothing.
func (s *State) Apply(v *Vocabulary, op Op) {
	switch op.Code {
	case OpSet:
		s.Scalars[op.Field] = slices.Clone(op.Values)
	case OpAppend:
		s.Lists[op.Field] = append(s.Lists[op.Field], slices.Clone(op.Values))
	case OpCut:
		if l := s.Lists[op.Field]; op.Key.N >= 0 && op.Key.N < int64(len(l)) {
			s.Lists[op.Field] = l[:op.Key.N:op.Key.N]
		}
	case OpPut:
		m := s.Maps[op.Field]
		if m == nil {
			m = map[Value][]Value{}
			s.Maps[op.Field] = m
		}
		m[op.Key] = slices.Clone(op.Values)
	case OpDrop:
		if op.Key.Kind == NoValue {
			delete(s.Maps, op.Field)
		} else {
			delete(s.Maps[op.Field], op.Key)
		}
	case OpReset:
		s.reset(v)
	}
}

func (s *State) reset(v *Vocabulary) {
	for i, f := range v.Fields {
		if !f.Survives {
			delete(s.Scalars, Field(i))
			delete(s.Lists, Field(i))
			delete(s.Maps, Field(i))
		}
	}
}

// Differences lists the names of the fields in which two states differ, in vocabulary order. An
// absent list or map equals an empty one.
func (s *State) Differences(v *Vocabulary, t *State) []string {
	var out []string
	for i, f := range v.Fields {
		k := Field(i)
		if !slices.Equal(s.Scalars[k], t.Scalars[k]) ||
			!slices.EqualFunc(s.Lists[k], t.Lists[k], slices.Equal[[]Value]) ||
			!equalMaps(s.Maps[k], t.Maps[k]) {
			out = append(out, f.Name)
		}
	}
	return out
}

func equalMaps(a, b map[Value][]Value) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		w, ok := b[k]
		if !ok || !slices.Equal(v, w) {
			return false
		}
	}
	return true
}

// Keys lists the keys of a map field in a stable order: numbers first, then texts.
func (s *State) Keys(f Field) []Value {
	out := make([]Value, 0, len(s.Maps[f]))
	for k := range s.Maps[f] {
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Kind != b.Kind {
			return a.Kind < b.Kind
		}
		if a.N != b.N {
			return a.N < b.N
		}
		return a.S < b.S
	})
	return out
}
