package node

import (
	"slices"
	"testing"
)

// A protocol of three places: a scalar, a list that survives a crash, and a map.
const (
	role Field = FieldWorldEnd + iota
	ledger
	marks
)

var words = NewVocabulary(nil, []FieldInfo{
	{Name: "role"},
	{Name: "ledger", Shape: List, Survives: true},
	{Name: "marks", Shape: Map},
}, nil, nil)

func apply(s *State, ops ...Op) *State {
	for _, op := range ops {
		s.Apply(words, op)
	}
	return s
}

func values(vs ...Value) []Value { return vs }

func set(v ...Value) Op          { return Op{Code: OpSet, Field: role, Values: v} }
func add(v ...Value) Op          { return Op{Code: OpAppend, Field: ledger, Values: v} }
func cut(n int64) Op             { return Op{Code: OpCut, Field: ledger, Key: Int(n)} }
func put(k Value, v ...Value) Op { return Op{Code: OpPut, Field: marks, Key: k, Values: v} }
func drop(k Value) Op            { return Op{Code: OpDrop, Field: marks, Key: k} }

// Every story is told twice: what happens, and the shortest way to the same state. An operation
// that does not fit changes nothing.
func TestTheFoldKnowsSixOperations(t *testing.T) {
	for _, c := range []struct {
		name        string
		story, want []Op
	}{
		{"a scalar keeps its last values", []Op{set(Int(1)), set(Text("b"), Int(2))},
			[]Op{set(Text("b"), Int(2))}},
		{"a scalar without values is as if never set", []Op{set(Int(1)), set()}, nil},
		{"a list keeps order", []Op{add(Int(1)), add(Int(2))}, []Op{add(Int(1)), add(Int(2))}},
		{"a cut keeps the first", []Op{add(Int(1)), add(Int(2)), add(Int(3)), cut(1)},
			[]Op{add(Int(1))}},
		{"a cut behind the end changes nothing", []Op{add(Int(1)), cut(5), cut(-1)},
			[]Op{add(Int(1))}},
		{"what is added after a cut takes its place", []Op{add(Int(1)), add(Int(2)), cut(1),
			add(Int(3))}, []Op{add(Int(1)), add(Int(3))}},
		{"a map keeps the last entry of a key", []Op{put(Int(1), Int(1)), put(Int(1), Int(2))},
			[]Op{put(Int(1), Int(2))}},
		{"keys of different kinds are different", []Op{put(Int(1), Int(1)), put(Zxid(1), Int(2))},
			[]Op{put(Zxid(1), Int(2)), put(Int(1), Int(1))}},
		{"an entry can go", []Op{put(Int(1), Int(1)), drop(Int(1)), drop(Int(7))}, nil},
		{"all entries can go", []Op{put(Int(1), Int(1)), put(Int(2), Int(1)), drop(Value{})}, nil},
		{"a crash leaves what survives", []Op{set(Int(1)), add(Int(1)), put(Int(1), Int(1)),
			{Code: OpReset}}, []Op{add(Int(1))}},
	} {
		got, want := apply(NewState(), c.story...), apply(NewState(), c.want...)
		if d := got.Differences(words, want); d != nil {
			t.Errorf("%s: differs in %v", c.name, d)
		}
	}
}

func TestDifferencesNamesTheFields(t *testing.T) {
	a := apply(NewState(), set(Int(1)), add(Int(1)), put(Int(1), Int(1)))
	for _, c := range []struct {
		change Op
		want   []string
	}{
		{set(Int(2)), []string{"role"}},
		{add(Int(2)), []string{"ledger"}},
		{put(Int(1), Int(2)), []string{"marks"}},
		{put(Int(2), Int(1)), []string{"marks"}},
		{Op{Code: OpReset}, []string{"role", "marks"}},
	} {
		b := apply(NewState(), set(Int(1)), add(Int(1)), put(Int(1), Int(1)), c.change)
		if got := a.Differences(words, b); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.change, got, c.want)
		}
	}
}

// The state owns what it keeps: the slices of an event are used again by the next step.
func TestTheStateCopiesWhatItKeeps(t *testing.T) {
	v := values(Int(1))
	s := apply(NewState(), Op{Code: OpSet, Field: role, Values: v},
		Op{Code: OpAppend, Field: ledger, Values: v}, Op{Code: OpPut, Field: marks, Values: v})
	v[0] = Int(9)
	want := apply(NewState(), set(Int(1)), add(Int(1)), put(Value{}, Int(1)))
	if d := s.Differences(words, want); d != nil {
		t.Errorf("changed from outside: %v", d)
	}
}

func TestKeysComeInOrder(t *testing.T) {
	s := apply(NewState(), put(Text("b")), put(Int(10)), put(Text("a")), put(Int(2)), put(Zxid(1)))
	want := values(Int(2), Int(10), Zxid(1), Text("a"), Text("b"))
	if got := s.Keys(marks); !slices.Equal(got, want) {
		t.Errorf("keys %v, want %v", got, want)
	}
}

func TestValuesReadAsPeopleWriteThem(t *testing.T) {
	for v, want := range map[Value]string{
		Int(-3): "-3", Zxid(1<<32 | 4): "1:4", Zxid(0): "0:0", Zxid(-1): "none",
		Text("x y"): "x y", Bool(true): "true", Bool(false): "false", {}: "-",
	} {
		if got := v.String(); got != want {
			t.Errorf("%+v reads %q, want %q", v, got, want)
		}
	}
}

// The driver's own words stand first in every vocabulary, whole.
func TestEveryVocabularyBeginsWithTheDriversWords(t *testing.T) {
	for i, k := range words.Kinds[:KindWorldEnd] {
		if k.Name == "" {
			t.Errorf("kind %d has no name", i)
		}
	}
	for i, f := range words.Fields[:FieldWorldEnd] {
		if f.Name == "" || len(f.Columns) == 0 {
			t.Errorf("field %d has no name or no columns", i)
		}
	}
	other := NewVocabulary([]KindInfo{{Name: "x"}}, nil, nil, nil)
	if len(words.Kinds) != int(KindWorldEnd) || other.Kinds[KindWorldEnd].Name != "x" {
		t.Error("two vocabularies share their memory")
	}
}
