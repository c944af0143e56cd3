package trace

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zabscope/engine/node"
)

// rich is an event that says something in each of its fields.
func rich() *node.Event {
	return new(node.Event).Begin(kindVote).About(3).From(1).
		With(node.Int(2), node.Zxid(1<<32|5)).Check(0, true, node.Int(2), node.Int(1)).Decides().
		Put(fieldAcks, node.Int(4), node.Int(1)).Cut(fieldLog, 2)
}

// Whatever is different about an event, the trace is another one.
func TestEveryFieldOfAnEventCounts(t *testing.T) {
	hashOf := func(at node.Time, id node.ID, change func(*node.Event)) [32]byte {
		r := newRecorder()
		r.Append(1, 1, new(node.Event).Begin(kindNote))
		e := rich()
		change(e)
		r.Append(at, id, e)
		return r.Hash()
	}
	same := func(*node.Event) {}
	base := hashOf(10, 2, same)
	if again := hashOf(10, 2, same); again != base {
		t.Error("the same events have two hashes")
	}
	seen := map[[32]byte]string{base: "the event itself"}
	note := func(what string, h [32]byte) {
		if was, twice := seen[h]; twice {
			t.Errorf("%s is as good as %s", what, was)
		}
		seen[h] = what
	}
	note("another time", hashOf(11, 2, same))
	note("another machine", hashOf(10, 3, same))
	for what, change := range map[string]func(*node.Event){
		"another kind":       func(e *node.Event) { e.Kind = kindNote },
		"another peer":       func(e *node.Event) { e.Peer = 4 },
		"no peer":            func(e *node.Event) { e.Peer = node.World },
		"no cause":           func(e *node.Event) { e.Cause = 0 },
		"another argument":   func(e *node.Event) { e.Args[0] = node.Int(3) },
		"an int for a zxid":  func(e *node.Event) { e.Args[1] = node.Int(1<<32 | 5) },
		"a text for an int":  func(e *node.Event) { e.Args[0] = node.Text("2") },
		"an argument less":   func(e *node.Event) { e.Args = e.Args[:1] },
		"an argument more":   func(e *node.Event) { e.With(node.Value{}) },
		"another answer":     func(e *node.Event) { e.Checks[0].Answer = false },
		"a check that does":  func(e *node.Event) { e.Checks[0].Deciding = false },
		"another check":      func(e *node.Event) { e.Checks[0].Code = 1 },
		"a check's value":    func(e *node.Event) { e.Checks[0].Values[1] = node.Int(0) },
		"no checks":          func(e *node.Event) { e.Checks = nil },
		"another operation":  func(e *node.Event) { e.Ops[0].Code = node.OpSet },
		"another field":      func(e *node.Event) { e.Ops[1].Field = fieldAcks },
		"another key":        func(e *node.Event) { e.Ops[0].Key = node.Int(5) },
		"an operation's row": func(e *node.Event) { e.Ops[0].Values[0] = node.Int(2) },
		"other order of ops": func(e *node.Event) { slices.Reverse(e.Ops) },
		"an operation less":  func(e *node.Event) { e.Ops = e.Ops[:1] },
	} {
		note(what, hashOf(10, 2, change))
	}
}

// Two parts of a run, written apart, are together the whole: in their events and in what they fold to.
func TestPartsOfARunAreTogetherTheWhole(t *testing.T) {
	r := newRecorder()
	fill(r, 8, 100)
	for _, at := range []node.Seq{1, 31, 32, 33, 50, 99} {
		first, err1 := ReadJSON(strings.NewReader(file(t, r, 1, at)))
		second, err2 := ReadJSON(strings.NewReader(file(t, r, at+1, 100)))
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if first.Len() != at || second.First() != at+1 || second.Len() != 100 {
			t.Fatalf("split at %d: 1 to %d, %d to %d", at, first.Len(), second.First(), second.Len())
		}
		w := NewWorld(testWords)
		for _, part := range []*Recorder{first, second} {
			part.Iterate(part.First(), part.Len(), func(e *Event) bool {
				want, _ := r.At(e.Seq)
				expect(t, e, &want)
				w.Apply(e)
				return true
			})
		}
		whole := Fold(r, 100)
		if len(w.States) != len(whole.States) {
			t.Errorf("split at %d: %d machines, want %d", at, len(w.States), len(whole.States))
		}
		for id, s := range whole.States {
			if d := w.States[id].Differences(testWords, s); d != nil {
				t.Errorf("split at %d: machine %d differs in %v", at, id, d)
			}
		}
	}
}

// A file that was cut off is refused in its last line, unless the cut fell between two lines.
func TestAFileThatWasCutOff(t *testing.T) {
	r := newRecorder()
	fill(r, 6, 4)
	text := file(t, r, 1, 4)
	header := strings.IndexByte(text, '\n')
	for n := header + 1; n < len(text); n += 1 + n%5 {
		back, err := ReadJSON(strings.NewReader(text[:n]))
		lines := strings.Count(text[:n], "\n")
		whole := text[n-1] == '\n' || text[n] == '\n'
		switch {
		case whole && err != nil:
			t.Errorf("cut at a line's end: %v", err)
		case whole && back.Len() != node.Seq(strings.Count(strings.TrimSpace(text[:n]), "\n")):
			t.Errorf("cut behind line %d: %d events", lines, back.Len())
		case !whole && (err == nil || !strings.HasPrefix(err.Error(),
			fmt.Sprintf("line %d: ", lines+1))):
			t.Fatalf("cut in line %d: %v", lines+1, err)
		}
	}
}

// A byte that went wrong is told with its line, or one behind it where numbers no longer follow each
// other; or else what is read can be written again.
func TestAFileWithAWrongByte(t *testing.T) {
	r := newRecorder()
	fill(r, 7, 6)
	text := file(t, r, 1, 6)
	a := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 300 {
		b := []byte(text)
		at := a.IntN(len(b))
		b[at] = byte(a.IntN(256))
		back, err := ReadJSON(bytes.NewReader(b))
		if err == nil {
			again := file(t, back, back.First(), back.Len())
			if _, err := ReadJSON(strings.NewReader(again)); err != nil {
				t.Fatalf("byte %d as %q: %v", at, b[at], err)
			}
			continue
		}
		refused++
		rest, ok := strings.CutPrefix(err.Error(), "line ")
		digits, why, _ := strings.Cut(rest, ": ")
		line, notANumber := strconv.Atoi(digits)
		damaged := strings.Count(text[:at], "\n") + 1
		if !ok || notANumber != nil || why == "" || line < damaged || line > damaged+1 && damaged > 1 {
			t.Fatalf("byte %d as %q, in line %d: %v", at, b[at], damaged, err)
		}
	}
	if refused < 100 {
		t.Errorf("only %d files were refused", refused)
	}
}

// What is wrong with a line is said in full.
func TestWhatIsWrongWithALine(t *testing.T) {
	head := file(t, newRecorder(), 1, 0)
	for _, x := range []struct{ line, want string }{
		{`{"seq":0,"kind":"test.note"}`, "an event needs a seq from 1"},
		{`{"seq":1,"t":-1,"kind":"test.note"}`, "t -1 is before 0"},
		{`{"seq":1,"cause":1,"kind":"test.note"}`, "cause 1 does not come before seq 1"},
		{`{"seq":1}`, `unknown kind ""`},
		{`{"seq":1,"kind":"#x"}`, `unknown kind "#x"`},
		{`{"seq":1,"kind":"#-1"}`, `unknown kind "#-1"`},
		{`{"seq":1,"kind":"fle.vote","args":{"zxid":1}}`, `value "leader" is missing`},
		{`{"seq":1,"kind":"fle.vote","args":{"leader":1,"#2":1}}`, `value "zxid" is missing`},
		{`{"seq":1,"kind":"fle.vote","args":{"leader":[]}}`, `value "leader": a list is no value`},
		{`{"seq":1,"kind":"fle.vote","args":{"leader":{"x":1}}}`,
			`value "leader": an object must be a zxid or bytes`},
		{`{"seq":1,"kind":"fle.vote","args":{"leader":{"zxid":"1:x"}}}`,
			`value "leader": "1:x" is no zxid`},
		{`{"seq":1,"kind":"fle.vote","args":{"leader":{"zxid":"1:-1"}}}`,
			`value "leader": "1:-1" is no zxid`},
		{`{"seq":1,"kind":"fle.vote","args":{"leader":{"zxid":"4294967296:1"}}}`,
			`value "leader": "4294967296:1" is no zxid`},
		{`{"seq":1,"kind":"fle.vote","args":{"leader":{"bytes":"f"}}}`,
			`value "leader": encoding/hex: odd length hex string`},
		{`{"seq":1,"kind":"fle.vote","args":{"leader":9223372036854775808}}`,
			`value "leader": strconv.ParseInt: parsing ` +
				`"9223372036854775808": value out of range`},
		{`{"seq":1,"kind":"test.note","checks":[{"check":"fle.smaller"}]}`,
			`unknown check "fle.smaller"`},
		{`{"seq":1,"kind":"test.note","checks":[{"check":"fle.larger","values":{"a":1}}]}`,
			`value "new" is missing`},
		{`{"seq":1,"kind":"test.note","ops":[{"op":"add","field":"vote"}]}`,
			`unknown operation "add"`},
		{`{"seq":1,"kind":"test.note","ops":[{"op":"set","field":"votes"}]}`,
			`unknown field "votes"`},
		{`{"seq":1,"kind":"test.note","ops":[{"op":"set"}]}`, `unknown field ""`},
		{`{"seq":1,"kind":"test.note","ops":[{"op":"put","field":"acks","key":{}}]}`,
			`an object must be a zxid or bytes`},
	} {
		_, err := ReadJSON(strings.NewReader(head + x.line + "\n"))
		if err == nil || err.Error() != "line 2: "+x.want {
			t.Errorf("%s:\n got %v\nwant line 2: %s", x.line, err, x.want)
		}
	}
}

// A single line, behind a good header, is an error or an event that comes back as it was.
func FuzzReadLine(f *testing.F) {
	var b bytes.Buffer
	r := newRecorder()
	fill(r, 2, 10)
	if err := WriteJSON(&b, r, 1, 10); err != nil {
		f.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	for i, l := range lines[1:] {
		f.Add(strings.Replace(l, fmt.Sprintf(`"seq":%d,`, i+1), `"seq":1,`, 1))
	}
	f.Add(`{"seq":18446744073709551615,"t":9223372036854775807,"node":-1,"kind":"#65535"}`)
	f.Add(`{"seq":1,"kind":"test.note","args":{"#0":{"zxid":"-2147483648:4294967295"}}}`)
	f.Add(`{"seq":1,"kind":"test.note","ops":[{"op":"reset"},{"op":"drop","field":"log"}]}`)
	f.Fuzz(func(t *testing.T, line string) {
		back, err := ReadJSON(strings.NewReader(lines[0] + "\n" + line))
		if err != nil || back.Len() == 0 || back.Len() < back.First() {
			return
		}
		e, _ := back.At(back.First())
		again, err := ReadJSON(strings.NewReader(file(t, back, back.First(), back.Len())))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		got, ok := again.At(again.First())
		if !ok || !same(&got, &e) {
			t.Fatalf("%s came back as %+v, was %+v", line, got, e)
		}
	})
}
