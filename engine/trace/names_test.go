package trace

import (
	"encoding/json"
	"strings"
	"testing"

	"zabscope/engine/node"
)

// The first line of a file, as browsers get it too.
func TestHeaderJSON(t *testing.T) {
	h := Header{Version: "1.0", Seed: 1 << 60, Protocol: "toy",
		Machines: []MachineInfo{{1, "server 1", "voter"}}, Options: map[string]int{"b": 2, "a": 1},
		Vocabulary: &node.Vocabulary{
			Kinds:  []node.KindInfo{{Name: "k", Args: []string{"x"}, Depth: node.Hidden, Source: "C.m"}},
			Fields: []node.FieldInfo{{Name: "f", Shape: node.Map, Columns: []string{"c"}, Survives: true}},
			Checks: []node.CheckInfo{{Name: "q", Values: []string{"v"}}},
			Timers: []string{"t"},
		}}
	got, err := json.Marshal(h)
	want := `{"zabscope":1,"version":"1.0","seed":"1152921504606846976","protocol":"toy",` +
		`"machines":[{"id":1,"name":"server 1","role":"voter"}],"options":{"a":1,"b":2},` +
		`"kinds":[{"name":"k","args":["x"],"depth":3,"source":"C.m"}],` +
		`"fields":[{"name":"f","shape":2,"columns":["c"],"survives":true}],` +
		`"checks":[{"name":"q","values":["v"]}],"timers":["t"]}`
	if err != nil || string(got) != want {
		t.Errorf("header %s, %v\nwant %s", got, err, want)
	}
}

// A header without anything is written and read.
func TestEmptyHeader(t *testing.T) {
	b, err := json.Marshal(Header{})
	if err != nil {
		t.Fatal(err)
	}
	var h Header
	if err := json.Unmarshal(b, &h); err != nil || h.Vocabulary == nil || h.Options != nil {
		t.Errorf("%s came back as %+v, %v", b, h, err)
	}
}

// A bad header leaves what was there.
func TestBadHeaderChangesNothing(t *testing.T) {
	for _, bad := range []string{`{"zabscope":1}`, `{"zabscope":1,"seed":"-1"}`, `{"zabscope":"1"}`,
		`{"zabscope":1,"seed":"1","fields":[{"name":"#1"}]}`,
		`{"zabscope":1,"seed":"1","machines":[{"id":99999999999}]}`} {
		h := Header{Protocol: "before"}
		if err := json.Unmarshal([]byte(bad), &h); err == nil || h.Protocol != "before" {
			t.Errorf("%s: %v, %+v", bad, err, h)
		}
	}
}

func TestTooManyNames(t *testing.T) {
	v := &node.Vocabulary{Kinds: make([]node.KindInfo, 1<<16+1)}
	if err := checkNames(v); err == nil || !strings.Contains(err.Error(), "65537") {
		t.Errorf("checkNames: %v", err)
	}
}

// Every value in a list gets a name of its own, and finds it again.
func TestNameOf(t *testing.T) {
	names := []string{"leader", "", "zxid", "leader", "#0"}
	want := []string{"leader", "#1", "zxid", "#3", "#4", "#5"}
	seen := map[string]bool{}
	for i, w := range want {
		got := nameOf(names, i)
		if got != w || seen[got] {
			t.Errorf("value %d is called %q, want %q", i, got, w)
		}
		seen[got] = true
	}
}

// Names with odd letters survive the way through a file.
func TestOddNames(t *testing.T) {
	v := &node.Vocabulary{Kinds: []node.KindInfo{{Name: `a"b\c`, Args: []string{"日本", "x\ny"}}},
		Fields: []node.FieldInfo{{Name: "f g"}}, Checks: []node.CheckInfo{{Name: "?"}}}
	r := New(Header{Vocabulary: v})
	r.Append(0, 1, new(node.Event).Begin(0).With(node.Int(1), node.Int(2)).Check(0, true).
		Set(0, node.Int(3)))
	back, err := ReadJSON(strings.NewReader(file(t, r, 1, 1)))
	if err != nil || back.Hash() != r.Hash() {
		t.Errorf("read back: %v", err)
	}
}
