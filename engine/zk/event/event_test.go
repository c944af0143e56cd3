package event

import (
	"strings"
	"testing"

	"zabscope/engine/node"
)

// Every constant has its row, every row a dotted name of its own, and every name that ZooKeeper knows
// its class and method.
func TestTheVocabularyIsWhole(t *testing.T) {
	names := map[string]bool{}
	once := func(what, name string) {
		if name == "" || names[what+name] {
			t.Errorf("%s %q is empty or there twice", what, name)
		}
		names[what+name] = true
	}
	for i, k := range Vocabulary.Kinds {
		once("kind", k.Name)
		if !strings.Contains(k.Name, ".") {
			t.Errorf("kind %q has no dot", k.Name)
		}
		if node.Kind(i) >= node.KindWorldEnd && !strings.Contains(k.Source, ".") {
			t.Errorf("%s: %q is no class and method", k.Name, k.Source)
		}
	}
	for _, f := range Vocabulary.Fields {
		once("field", f.Name)
		if len(f.Columns) == 0 {
			t.Errorf("field %q has no columns", f.Name)
		}
	}
	for _, c := range Vocabulary.Checks {
		once("check", c.Name)
	}
	for _, n := range Vocabulary.Timers {
		once("timer", n)
	}
}

func TestSIDsAreListedAsPeopleWriteThem(t *testing.T) {
	for want, ids := range map[string][]int64{"": nil, "3": {3}, "1,2,10": {1, 2, 10}} {
		if got := SIDs(ids); got != node.Text(want) {
			t.Errorf("%v is %v", ids, got)
		}
	}
}
