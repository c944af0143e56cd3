package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"zabscope/engine"
	"zabscope/engine/node"
	"zabscope/engine/scenario"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
)

// file is the trace of a run as a file.
func file(t testing.TB, rec *trace.Recorder) string {
	t.Helper()
	return written(t, func(b *bytes.Buffer) error { return Trace(b, rec) })
}

// A trace that is read back is the same, folds to the same, and every form of it is the same.
func TestImportGivesBackWhatWasExported(t *testing.T) {
	recs := map[string]*trace.Recorder{"failover": theFailover(), "awkward": awkward()}
	for name, text := range scripts(t) {
		if len(recs) < 5 || name == "o-reconfig" {
			recs[name] = made(t, &Made{Origin: engine.Origin{Script: text}})
		}
	}
	for name, rec := range recs {
		text := file(t, rec)
		again, err := Import(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if again.Hash() != rec.Hash() || file(t, again) != text {
			t.Errorf("%s comes back otherwise", name)
		}
		sameFolds(t, rec, again)
		for i, form := range []func(*bytes.Buffer, *trace.Recorder) error{
			func(b *bytes.Buffer, r *trace.Recorder) error { return Transcript(b, r, Part{Depth: 2}) },
			func(b *bytes.Buffer, r *trace.Recorder) error { return Page(b, r, Part{}, "x") },
			func(b *bytes.Buffer, r *trace.Recorder) error { return Mermaid(b, r, Part{Depth: 1}) },
			func(b *bytes.Buffer, r *trace.Recorder) error { return ShiViz(b, r, Part{Depth: 1}) },
		} {
			if written(t, func(b *bytes.Buffer) error { return form(b, rec) }) !=
				written(t, func(b *bytes.Buffer) error { return form(b, again) }) {
				t.Errorf("%s: form %d differs", name, i)
			}
		}
	}
}

// sameFolds compares the visible states in the middle and at the end.
func sameFolds(t *testing.T, a, b *trace.Recorder) {
	t.Helper()
	for _, upTo := range []node.Seq{a.Len() / 2, a.Len()} {
		x, y := trace.Fold(a, upTo), trace.Fold(b, upTo)
		for id, s := range x.States {
			if d := s.Differences(event.Vocabulary, y.States[id]); len(d) > 0 {
				t.Errorf("machine %d differs in %v at event %d", id, d, upTo)
			}
		}
	}
}

// small is a trace of a few lines that tests break.
func small(t testing.TB) (head string, lines []string) {
	t.Helper()
	rec := trace.New(trace.Header{Version: scenario.Version, Seed: 1, Protocol: "zookeeper",
		Vocabulary: event.Vocabulary, Machines: []trace.MachineInfo{{ID: 1, Name: "server 1"}}})
	var e node.Event
	rec.Append(0, 1, e.Begin(node.KindStarted).With(node.Int(1)).
		Set(node.FieldProcess, node.Text("up")))
	rec.Append(5, 1, e.Begin(node.KindNoted).With(node.Text("x")).
		Put(node.FieldConns, node.Int(3), node.Int(2), node.Int(2888)))
	all := strings.Split(file(t, rec), "\n")
	return all[0], all[1:3]
}

// A file that is not what it should be is refused with what is wrong with it, and where.
func TestImportRefuses(t *testing.T) {
	head, lines := small(t)
	other := func(old, now string) string { return strings.Replace(head, old, now, 1) }
	event := func(line string) string { return head + "\n" + line + "\n" }
	first := lines[0] + "\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "line 1: this is no trace, whose"},
		{"not JSON", "hello", "line 1: this is no trace, whose"},
		{"other JSON", `{"servers":{}}`, "line 1: this is no trace, whose"},
		{"a list", "[1,2]\n", "line 1: this is no trace, whose"},
		{"null", "null\n", "line 1: this is no trace, whose"},
		{"other version", other(`"version":"1"`, `"version":"0.9"`),
			`line 1: this trace was made by engine version "0.9", and this is version "1"`},
		{"other format", other(`"zabscope":1`, `"zabscope":2`), "line 1: format 2 is not known"},
		{"other protocol", other(`"zookeeper"`, `"raft"`), `line 1: this is a trace of the protocol "raft"`},
		{"other words", other(`"world.started"`, `"world.begun"`), "line 1: its words are not those"},
		{"other fields", other(`"process"`, `"processes"`), "line 1: its words are not those"},
		{"no words", `{"zabscope":1,"version":"1","seed":"1","protocol":"zookeeper"}`,
			"line 1: its words are not those"},
		{"no seed", other(`"seed":"1"`, `"seed":"x"`), `line 1: seed "x" is no number`},
		{"the world twice", event(first)[:0] + other(`"id":1`, `"id":0`), "line 1: machine 0"},
		{"cut off", event(lines[0][:len(lines[0])-9]), "line 2: unexpected end of JSON"},
		{"not all", event(lines[1]), "line 2: the trace begins with event 2"},
		{"a gap", event(first + `{"seq":3,"t":1,"node":1,"kind":"world.noted"}`), "line 3: seq 3 does"},
		{"back in time", event(first + strings.Replace(lines[1], `"t":5`, `"t":-1`, 1)), "line 3: t -1"},
		{"a later cause", event(first + `{"seq":2,"t":5,"node":1,"kind":"world.noted","cause":2}`),
			"line 3: cause 2"},
		{"unknown kind", event(`{"seq":1,"t":0,"node":1,"kind":"x"}`), `line 2: unknown kind "x"`},
		{"kind by number", event(`{"seq":1,"t":0,"node":1,"kind":"#9999"}`),
			"line 2: event 1: there is no kind of event 9999"},
		{"unknown machine", event(`{"seq":1,"t":0,"node":7,"kind":"world.noted"}`),
			"line 2: event 1: machine 7 is not in the head"},
		{"too many arguments", event(`{"seq":1,"t":0,"node":1,"kind":"world.killed","args":{"#0":1}}`),
			"line 2: event 1: world.killed has 0 arguments, not 1"},
		{"unknown check", event(`{"seq":1,"t":0,"node":1,"kind":"world.noted","checks":[{"check":"#9999"}]}`),
			"line 2: event 1: there is no check 9999"},
		{"unknown field", event(`{"seq":1,"t":0,"node":1,"kind":"world.noted","ops":[{"op":"set","field":"#999"}]}`),
			"line 2: event 1: there is no field 999"},
		{"wrong shape", event(`{"seq":1,"t":0,"node":1,"kind":"world.noted","ops":[{"op":"put","field":"process"}]}`),
			"line 2: event 1: the field process has no operation"},
		{"a cut below nothing", event(`{"seq":1,"t":0,"node":1,"kind":"world.noted","ops":[{"op":"cut","field":"log","key":-1}]}`),
			"line 2: event 1: the field log cannot be cut to -1 entries"},
		{"too many columns", event(`{"seq":1,"t":0,"node":1,"kind":"world.noted","ops":[{"op":"set",` +
			`"field":"process","values":{"state":"up","#1":2}}]}`), "line 2: event 1: the field process has 1"},
	} {
		rec, err := Import(strings.NewReader(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, %v; want %s", c.name, rec != nil, err, c.want)
		}
	}
}

func TestAnotherEnginesTraceIsAVersionError(t *testing.T) {
	head, _ := small(t)
	_, err := Import(strings.NewReader(strings.Replace(head, `"version":"1"`, `"version":"7"`, 1)))
	var v *VersionError
	if !errors.As(err, &v) || v.Theirs != "7" || v.Ours != scenario.Version {
		t.Errorf("%v", err)
	}
}

func TestAnEmptyRunIsATrace(t *testing.T) {
	head, _ := small(t)
	rec, err := Import(strings.NewReader(head))
	if err != nil || rec.Len() != 0 {
		t.Errorf("%v", err)
	}
}

// endless gives the same bytes for ever.
type endless string

func (e endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		n += copy(p[n:], e)
	}
	return n, nil
}

// A file without an end is given up at the first limit that it breaks.
func TestImportIsBounded(t *testing.T) {
	head, _ := small(t)
	for name, c := range map[string]struct {
		in   io.Reader
		want string
	}{
		"a head without end": {endless("{"), "a line, near line 1, has more than 8 MiB"},
		"a line without end": {io.MultiReader(strings.NewReader(head+"\n{\"seq\":"), endless(" 1")),
			"a line, near line 2, has more than 8 MiB"},
	} {
		in := &counted{in: c.in}
		if _, err := Import(in); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if in.n > 100<<20 {
			t.Errorf("%s: %d bytes were read", name, in.n)
		}
	}
	for want, b := range map[string]*bounded{
		"the file has more than 1024 MiB":        {in: endless("x\n"), bytes: MaxTraceBytes},
		"the trace has more than 1010000 events": {in: endless("x\n"), lines: MaxTraceEvents - 1},
	} {
		for n := range 2 { // and it stays so
			_, err := b.Read(make([]byte, 9))
			if err == nil || err.Error() != want {
				t.Errorf("time %d: %v instead of %s", n+1, err, want)
			}
		}
	}
}

// counted counts what is read.
type counted struct {
	in io.Reader
	n  int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += n
	return n, err
}

// broken is a source that fails.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the cable came out") }

func TestImportFromABrokenSource(t *testing.T) {
	head, _ := small(t)
	for _, in := range []io.Reader{broken{}, io.MultiReader(strings.NewReader(head+"\n"), broken{})} {
		if _, err := Import(in); err == nil || !strings.Contains(err.Error(), "the cable came out") {
			t.Error(err)
		}
	}
	if _, err := ImportScenario("x", broken{}); err == nil {
		t.Error("a scenario from nowhere")
	}
}

func TestImportScenario(t *testing.T) {
	for _, text := range []string{"servers 1,2\nstart 1,2", script(t, "e-trunc")} {
		if sc, err := ImportScenario("kept", strings.NewReader(text)); err != nil || len(sc.Steps) == 0 {
			t.Errorf("%v", err)
		}
	}
	var e *scenario.Error
	if _, err := ImportScenario("kept", strings.NewReader("servers 1\nfrob")); !errors.As(err, &e) ||
		e.Line != 2 {
		t.Errorf("%v", err)
	}
	if _, err := ImportScenario("kept", endless("#")); err == nil ||
		err.Error() != "kept has more than 1024 KiB" {
		t.Errorf("%v", err)
	}
}

func TestTracesAreToldFromScenarios(t *testing.T) {
	head, _ := small(t)
	for text, want := range map[string]bool{head: true, "\ufeff \n{ \"zabscope\": 1": true, "": false,
		"servers 1": false, script(t, "e-trunc"): false, `{"zab`: false} {
		if IsTrace([]byte(text)) != want {
			t.Errorf("%.30q: %t", text, !want)
		}
	}
}

// FuzzImport gives Import anything. What it takes can be folded and written in every form, and comes
// back from there.
func FuzzImport(f *testing.F) {
	head, lines := small(f)
	f.Add(lines[0] + "\n" + lines[1])
	f.Add(`{"seq":1,"t":0,"node":1,"kind":"net.received","peer":1,"args":{"conn":9}}`)
	f.Add(`{"seq":1,"t":9,"node":0,"kind":"zab.packet","args":{"type":{"bytes":"ff"}}}`)
	f.Add(`{"seq":1,"t":9,"node":1,"kind":"fle.elected","checks":[{"check":"#0","deciding":true}]}`)
	f.Add(`{"seq":1,"t":0,"node":1,"kind":"world.noted","ops":[{"op":"reset"},{"op":"drop","field":"conns"}]}`)
	all := strings.SplitAfter(file(f, theFailover()), "\n")
	f.Add(strings.Join(all[1:40], ""))
	f.Fuzz(func(t *testing.T, events string) {
		rec, err := Import(strings.NewReader(head + "\n" + events))
		if err != nil {
			return
		}
		trace.Fold(rec, rec.Len())
		p := Part{Depth: node.Hidden}
		for i, err := range []error{Page(io.Discard, rec, p, "x"), Mermaid(io.Discard, rec, p),
			ShiViz(io.Discard, rec, p)} {
			if err != nil {
				t.Errorf("form %d: %v", i, err)
			}
		}
		again, err := Import(strings.NewReader(file(t, rec)))
		if err != nil || again.Hash() != rec.Hash() {
			t.Errorf("comes back otherwise: %v", err)
		}
	})
}

// FuzzImportHead does so with the first line.
func FuzzImportHead(f *testing.F) {
	head, lines := small(f)
	f.Add(head)
	f.Add(`{"zabscope":1,"version":"1","seed":"1","protocol":"zookeeper","kinds":[]}`)
	f.Fuzz(func(t *testing.T, head string) {
		rec, err := Import(strings.NewReader(head + "\n" + lines[0]))
		if err == nil && (rec.Len() != 1 || !json.Valid([]byte(head))) {
			t.Errorf("%d events behind %q", rec.Len(), head)
		}
	})
}
