package trace

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/node"
)

// browser is what a page does with rows: it folds them without knowing what they mean. Values are
// kept as the JSON that they came in.
type browser struct {
	survives []bool
	machines map[string]*browserState
}

type browserState struct {
	scalars map[string]string
	lists   map[string][]string
	maps    map[string]map[string]string
}

func newBrowser(t *testing.T, r *Recorder) *browser {
	head, err := json.Marshal(r.Header())
	if err != nil {
		t.Fatal(err)
	}
	var h struct{ Fields []struct{ Survives bool } }
	if err := json.Unmarshal(head, &h); err != nil {
		t.Fatal(err)
	}
	b := &browser{machines: map[string]*browserState{}}
	for _, f := range h.Fields {
		b.survives = append(b.survives, f.Survives)
	}
	return b
}

func (b *browser) row(t *testing.T, row []byte) {
	var cells []json.RawMessage
	if err := json.Unmarshal(row, &cells); err != nil {
		t.Fatalf("%v in %s", err, row)
	}
	var ops [][]json.RawMessage
	if err := json.Unmarshal(cells[8], &ops); err != nil {
		t.Fatal(err)
	}
	s := b.machines[string(cells[2])]
	if s == nil && len(ops) > 0 {
		s = &browserState{map[string]string{}, map[string][]string{}, map[string]map[string]string{}}
		b.machines[string(cells[2])] = s
	}
	for _, op := range ops {
		s.apply(b, string(op[0]), string(op[1]), string(op[2]), string(op[3]))
	}
}

func (s *browserState) apply(b *browser, code, field, key, values string) {
	switch code {
	case "1":
		s.scalars[field] = values
	case "2":
		s.lists[field] = append(s.lists[field], values)
	case "3":
		var n int
		_ = json.Unmarshal([]byte(key), &n)
		if n < len(s.lists[field]) {
			s.lists[field] = slices.Clone(s.lists[field][:n])
		}
	case "4":
		if s.maps[field] == nil {
			s.maps[field] = map[string]string{}
		}
		s.maps[field][key] = values
	case "5":
		if key == "null" {
			delete(s.maps, field)
		} else {
			delete(s.maps[field], key)
		}
	case "6":
		for f, survives := range b.survives {
			if name := string(appendCell(nil, int64(f)))[1:]; !survives {
				delete(s.scalars, name)
				delete(s.lists, name)
				delete(s.maps, name)
			}
		}
	}
}

// written words a state of Go's fold in the same way.
func written(s *node.State) *browserState {
	out := &browserState{map[string]string{}, map[string][]string{}, map[string]map[string]string{}}
	name := func(f node.Field) string { return string(appendCell(nil, int64(f)))[1:] }
	for f, v := range s.Scalars {
		out.scalars[name(f)] = string(appendRowValues(nil, v))
	}
	for f, l := range s.Lists {
		for _, v := range l {
			out.lists[name(f)] = append(out.lists[name(f)], string(appendRowValues(nil, v)))
		}
	}
	for f, m := range s.Maps {
		out.maps[name(f)] = map[string]string{}
		for k, v := range m {
			out.maps[name(f)][string(appendRowValue(nil, &k))] = string(appendRowValues(nil, v))
		}
	}
	return out
}

// text puts a state into a form that can be compared; what is empty is left out.
func (s *browserState) text() string {
	var lines []string
	for f, v := range s.scalars {
		if v != "[]" {
			lines = append(lines, f+"="+v)
		}
	}
	for f, l := range s.lists {
		if len(l) > 0 {
			lines = append(lines, f+"="+strings.Join(l, " "))
		}
	}
	for f, m := range s.maps {
		for k, v := range m {
			lines = append(lines, f+"."+k+"="+v)
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// A page that folds rows sees what Go's fold sees, at any cut.
func TestRowsFoldToTheSameState(t *testing.T) {
	for seed := range uint64(10) {
		r := newRecorder()
		fill(r, seed, 400)
		b := newBrowser(t, r)
		var row []byte
		r.Iterate(1, r.Len(), func(e *Event) bool {
			row = AppendRow(row[:0], e)
			b.row(t, row)
			if e.Seq%57 == 0 || e.Seq == r.Len() {
				compareFolds(t, b, Fold(r, e.Seq))
			}
			return !t.Failed()
		})
	}
}

func compareFolds(t *testing.T, b *browser, w *World) {
	t.Helper()
	if len(b.machines) != len(w.States) {
		t.Errorf("the page knows %d machines, the fold %d", len(b.machines), len(w.States))
	}
	for id, s := range w.States {
		key := string(appendCell(nil, int64(id)))[1:]
		if got, want := b.machines[key].text(), written(s).text(); got != want {
			t.Errorf("machine %d on the page\n%s\nin the fold\n%s", id, got, want)
		}
	}
}
