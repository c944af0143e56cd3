package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"zabscope/engine/node"
)

func file(t *testing.T, r *Recorder, from, to node.Seq) string {
	t.Helper()
	var b strings.Builder
	if err := WriteJSON(&b, r, from, to); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJSONRoundTrip(t *testing.T) {
	for seed := range uint64(20) {
		r := newRecorder()
		fill(r, seed, 300)
		text := file(t, r, 1, r.Len())
		back, err := ReadJSON(strings.NewReader(text))
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if back.Hash() != r.Hash() {
			t.Errorf("seed %d: the trace changed on its way through a file", seed)
		}
		if file(t, back, 1, back.Len()) != text {
			t.Errorf("seed %d: the file changed on its way through a trace", seed)
		}
	}
}

// Each awkward value survives as argument, key and value.
func TestJSONRoundTripOfEachValue(t *testing.T) {
	r := newRecorder()
	for _, v := range awkward {
		r.Append(0, 1, new(node.Event).Begin(kindVote).With(v).Check(0, false, v).
			Put(fieldAcks, v, v))
	}
	back, err := ReadJSON(strings.NewReader(file(t, r, 1, r.Len())))
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range awkward {
		e, _ := back.At(node.Seq(i + 1))
		op := e.Ops[0]
		if e.Args[0] != v || e.Checks[0].Values[0] != v || op.Key != v || op.Values[0] != v {
			t.Errorf("%#v came back as %#v, %#v, %#v", v, e.Args[0], op.Key, op.Values[0])
		}
	}
}

// A part of a run keeps its numbers.
func TestJSONOfAPart(t *testing.T) {
	r := newRecorder()
	want := fill(r, 4, 100)
	back, err := ReadJSON(strings.NewReader(file(t, r, 41, 60)))
	if err != nil {
		t.Fatal(err)
	}
	if back.First() != 41 || back.Len() != 60 {
		t.Errorf("events %d to %d", back.First(), back.Len())
	}
	e, _ := back.At(50)
	expect(t, &e, &want[49])
	if seq := back.Append(e.Time<<20, 1, new(node.Event)); seq != 61 {
		t.Errorf("the next event is number %d", seq)
	}
}

func TestJSONHeader(t *testing.T) {
	back, err := ReadJSON(strings.NewReader(file(t, newRecorder(), 1, 0)))
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(back.header)
	want, _ := json.Marshal(newRecorder().header)
	if !bytes.Equal(got, want) {
		t.Errorf("header\n%s\nwant\n%s", got, want)
	}
	if back.header.Seed != 1<<64-1 || string(back.header.Options.(json.RawMessage)) != `{"tick":250}` {
		t.Errorf("header %+v", back.header)
	}
}

// One event in each form, as files have it.
func TestJSONLine(t *testing.T) {
	r := newRecorder()
	r.Append(0, 1, new(node.Event).Begin(kindNote))
	r.Append(1500, 2, new(node.Event).Begin(kindVote).About(1).From(1).
		With(node.Int(3), node.Zxid(1<<32|5), node.Text("extra")).
		Check(0, true, node.Int(2), node.Int(1)).Decides().
		Append(fieldLog, node.Zxid(-1), node.Text("/a")).Cut(fieldLog, 0).DropAll(fieldAcks).Reset())
	lines := strings.Split(file(t, r, 1, 2), "\n")
	want := `{"seq":2,"t":1500,"node":2,"kind":"fle.vote","peer":1,"cause":1,` +
		`"args":{"leader":3,"zxid":{"zxid":"1:5","hex":"0x100000005"},"#2":"extra"},` +
		`"checks":[{"check":"fle.larger","answer":true,"deciding":true,` +
		`"values":{"new":2,"mine":1}}],` +
		`"ops":[{"op":"append","field":"log","values":` +
		`{"zxid":{"zxid":"-1:4294967295","hex":"0xffffffffffffffff"},"path":"/a"}},` +
		`{"op":"cut","field":"log","key":0},{"op":"drop","field":"acks"},{"op":"reset"}]}`
	if lines[1] != `{"seq":1,"t":0,"node":1,"kind":"test.note"}` || lines[2] != want {
		t.Errorf("lines\n%s\n%s\nwant\n%s", lines[1], lines[2], want)
	}
}

// Things that the vocabulary does not name are written by number.
func TestJSONOfTheUnnamed(t *testing.T) {
	r := newRecorder()
	e := &node.Event{Kind: 999, Checks: []node.Check{{Code: 77}},
		Ops: []node.Op{{Code: node.OpSet, Field: 555, Values: []node.Value{node.Int(1)}}}}
	r.Append(0, 1, e)
	text := file(t, r, 1, 1)
	for _, name := range []string{`"#999"`, `"#77"`, `"#555"`, `"#0":1`} {
		if !strings.Contains(text, name) {
			t.Errorf("no %s in %s", name, text)
		}
	}
	back, err := ReadJSON(strings.NewReader(text))
	if err != nil || back.Hash() != r.Hash() {
		t.Errorf("read back: %v", err)
	}
}

func TestReadJSONErrorsNameTheLine(t *testing.T) {
	r := newRecorder()
	r.Append(10, 1, new(node.Event).Begin(kindVote).With(node.Int(1)))
	good := file(t, r, 1, 1)
	header, _, _ := strings.Cut(good, "\n")
	ev := func(s string) string { return good + s + "\n" }
	for _, c := range []struct{ text, want string }{
		{"", "line 1: no header"},
		{"{", "line 1: "},
		{"[]", "line 1: "},
		{`{"zabscope":2}`, "line 1: format 2 is not known"},
		{`{"zabscope":1,"seed":"x"}`, `line 1: seed "x" is no number`},
		{`{"zabscope":1,"seed":"1","kinds":[{"name":"a"},{"name":"a"}]}`, `line 1: the vocabulary`},
		{`{"zabscope":1,"seed":"1","checks":[{"name":""}]}`, `line 1: the vocabulary`},
		{header + "\n\n", "line 2: unexpected end"},
		{ev("nonsense"), "line 3: invalid character"},
		{ev(`{"t":10,"kind":"test.note"}`), "line 3: an event needs a seq"},
		{ev(`{"seq":3,"t":10,"kind":"test.note"}`), "line 3: seq 3 does not follow 1"},
		{ev(`{"seq":2,"t":9,"kind":"test.note"}`), "line 3: t 9 is before 10"},
		{ev(`{"seq":2,"t":10,"cause":2,"kind":"test.note"}`), "line 3: cause 2"},
		{ev(`{"seq":2,"t":10,"kind":"what"}`), `line 3: unknown kind "what"`},
		{ev(`{"seq":2,"t":10,"kind":"#70000"}`), `line 3: unknown kind "#70000"`},
		{ev(`{"seq":2,"t":10,"kind":"fle.vote","args":{"zxid":1}}`), `line 3: value "leader" is m`},
		{ev(`{"seq":2,"t":10,"kind":"fle.vote","args":{"leader":[1]}}`), "line 3: value \"leader\": a"},
		{ev(`{"seq":2,"t":10,"kind":"fle.vote","args":{"leader":1.5}}`), "line 3: value \"leader\": s"},
		{ev(`{"seq":2,"t":10,"kind":"fle.vote","args":{"leader":{}}}`), "line 3: value \"leader\": an"},
		{ev(`{"seq":2,"t":10,"kind":"fle.vote","args":{"leader":{"zxid":"1"}}}`), `line 3: value "le`},
		{ev(`{"seq":2,"t":10,"kind":"fle.vote","args":{"leader":{"zxid":5}}}`), `line 3: value "le`},
		{ev(`{"seq":2,"t":10,"kind":"fle.vote","args":{"leader":{"bytes":"x"}}}`), `line 3: value`},
		{ev(`{"seq":2,"t":10,"kind":"test.note","checks":[{"check":"x"}]}`), "line 3: unknown check"},
		{ev(`{"seq":2,"t":10,"kind":"test.note","checks":[{"check":"fle.larger",` +
			`"values":{"x":1}}]}`), "line 3: value"},
		{ev(`{"seq":2,"t":10,"kind":"test.note","ops":[{"op":"x"}]}`), "line 3: unknown operation"},
		{ev(`{"seq":2,"t":10,"kind":"test.note","ops":[{"op":"set","field":"x"}]}`), "line 3: unknown f"},
		{ev(`{"seq":2,"t":10,"kind":"test.note","ops":[{"op":"put","field":"acks","key":[]}]}`),
			"line 3: a list"},
		{ev(`{"seq":2,"t":10,"kind":"test.note","ops":[{"op":"set","field":"log",` +
			`"values":{"path":1}}]}`), `line 3: value "zxid" is missing`},
	} {
		_, err := ReadJSON(strings.NewReader(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %s", c.text[max(0, len(c.text)-90):], err, c.want)
		}
	}
}

// A file without a newline at its end is whole.
func TestReadJSONWithoutLastNewline(t *testing.T) {
	r := newRecorder()
	fill(r, 3, 3)
	back, err := ReadJSON(strings.NewReader(strings.TrimSpace(file(t, r, 1, 3))))
	if err != nil || back.Hash() != r.Hash() {
		t.Errorf("read back: %v", err)
	}
}

// full is a file on a full disk.
type full struct{ room int }

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, errors.New("disk full")
	}
	return len(b), nil
}

func TestWriteJSONReportsTheWritersError(t *testing.T) {
	r := newRecorder()
	fill(r, 3, 2000)
	for _, room := range []int{0, 5000, 20_000} {
		if err := WriteJSON(&full{room}, r, 1, r.Len()); err == nil {
			t.Errorf("no error with room for %d bytes", room)
		}
	}
	bad := New(Header{Vocabulary: testWords, Options: func() {}})
	if err := WriteJSON(&full{1 << 20}, bad, 1, 0); err == nil {
		t.Error("options that are no JSON were written")
	}
}

// Whatever a file holds, reading it gives an error or a trace that can be written and read again.
func FuzzReadJSON(f *testing.F) {
	r := newRecorder()
	fill(r, 1, 20)
	var b bytes.Buffer
	if err := WriteJSON(&b, r, 1, r.Len()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:b.Len()/2])
	f.Add([]byte(`{"zabscope":1,"seed":"1","kinds":[{"name":"a","args":["x","x"]}]}` + "\n" +
		`{"seq":5,"t":1,"kind":"a","args":{"x":{"zxid":"-1:1"},"#1":{"bytes":"ff"}},` +
		`"ops":[{"op":"set","field":"#9","values":{"#0":null}},{"op":"reset","field":"#1"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := ReadJSON(bytes.NewReader(data))
		if err != nil {
			return
		}
		Fold(r, r.Len())
		text := file(t, r, r.First(), r.Len())
		back, err := ReadJSON(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if again := file(t, back, back.First(), back.Len()); again != text {
			t.Fatalf("the file changed:\n%s\n%s", text, again)
		}
	})
}
