package scenario

import (
	"bytes"
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// racy are the parts of a step that depend on timing even where all recorded runs agreed.
var racy = []string{"notifications", "lastVote", "log", "limit"}

// difference is one value that is not what was recorded.
type difference struct {
	path      string
	want, got any
}

// absent stands for a value that is not there.
const absent = "(absent)"

// comparison collects the differences between recorded facts and facts of ours.
type comparison struct{ out []difference }

func (c *comparison) add(path []string, want, got any) {
	c.out = append(c.out, difference{"/" + strings.Join(path, "/"), want, got})
}

func (c *comparison) compare(want, got any, path []string) {
	if varies(want) || len(path) == 3 && path[0] == "steps" && slices.Contains(racy, path[2]) {
		return
	}
	switch w := want.(type) {
	case map[string]any:
		if g, ok := got.(map[string]any); ok {
			c.objects(w, g, path)
			return
		}
	case []any:
		if g, ok := got.([]any); ok {
			c.lists(w, g, path)
			return
		}
	}
	if !reflect.DeepEqual(want, got) {
		c.add(path, want, got)
	}
}

func (c *comparison) objects(want, got map[string]any, path []string) {
	for _, k := range sortedKeys(want) {
		g, ok := got[k]
		switch {
		case ok:
			c.compare(want[k], g, extend(path, k))
		case !slices.Contains(racy, k) && !varies(want[k]) && !isAbsent(want[k]):
			c.add(extend(path, k), want[k], absent)
		}
	}
	for _, k := range sortedKeys(got) {
		if _, ok := want[k]; !ok && !slices.Contains(racy, k) {
			c.add(extend(path, k), absent, got[k])
		}
	}
}

func (c *comparison) lists(want, got []any, path []string) {
	if slices.Contains(path, "links") {
		want, got = sortAcks(want), sortAcks(got)
	}
	if len(want) == len(got) {
		for i := range want {
			c.compare(want[i], got[i], extend(path, strconv.Itoa(i)))
		}
		return
	}
	if !slices.ContainsFunc(want, varies) { // the parts varied, so may their number
		c.add(path, want, got)
	}
}

func extend(path []string, key string) []string {
	return append(path[:len(path):len(path)], key)
}

func sortedKeys(m map[string]any) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func varies(v any) bool {
	m, ok := v.(map[string]any)
	return ok && m["__varies__"] != nil
}

func isAbsent(v any) bool {
	m, ok := v.(map[string]any)
	return ok && m["__absent__"] != nil
}

// sortAcks compares ACKs as a set: those of synchronized transactions race that of UPTODATE.
func sortAcks(l []any) []any {
	var at []int
	var acks []any
	for i, p := range l {
		if m, ok := p.(map[string]any); ok && m["type"] == "ACK" {
			if _, ok := m["zxid"].(string); !ok {
				return l
			}
			at, acks = append(at, i), append(acks, p)
		}
	}
	zxid := func(p any) uint64 {
		n, _ := strconv.ParseUint(p.(map[string]any)["zxid"].(string), 0, 64)
		return n
	}
	slices.SortStableFunc(acks, func(a, b any) int { return cmp.Compare(zxid(a), zxid(b)) })
	out := slices.Clone(l)
	for k, i := range at {
		out[i] = acks[k]
	}
	return out
}

// values counts the values of recorded facts that did not vary.
func values(v any) int {
	n := 0
	switch x := v.(type) {
	case map[string]any:
		if varies(x) {
			return 0
		}
		for _, y := range x {
			n += values(y)
		}
	case []any:
		for _, y := range x {
			n += values(y)
		}
	default:
		n = 1
	}
	return n
}

// generic turns JSON, or anything that can be written as JSON, into maps and lists.
func generic(t *testing.T, v any) any {
	t.Helper()
	text, ok := v.([]byte)
	if !ok {
		var err error
		if text, err = json.Marshal(v); err != nil {
			t.Fatal(err)
		}
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var out any
	if err := d.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}
