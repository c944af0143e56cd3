package room

import (
	"encoding/json"
	"errors"
	"testing"

	"zabscope/engine"
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/web/ws"
)

// Kinds of the toy's events, one of each depth.
const (
	decided node.Kind = node.KindWorldEnd + iota
	sent
	noted
	ticked
)

// toy is a world that does what its script says, when it says it.
type toy struct {
	now    engine.Time
	script []happening // in the order of time
	rec    *trace.Recorder
	asked  []string
	shells []func([]string) // lines that wait for their answers
}

type happening struct {
	at   engine.Time
	kind node.Kind
}

func newToy(script ...happening) *toy {
	kinds := []node.KindInfo{
		{Name: "toy.decided", Args: []string{"what"}, Depth: node.Decisions},
		{Name: "toy.sent", Depth: node.Packets},
		{Name: "toy.noted", Depth: node.Everything},
		{Name: "toy.ticked", Depth: node.Hidden},
	}
	return &toy{script: script, rec: trace.New(trace.Header{Version: "1", Seed: 7, Protocol: "toy",
		Vocabulary: node.NewVocabulary(kinds, nil, nil, nil),
		Machines:   []trace.MachineInfo{{ID: 1, Name: "toy 1", Role: "toy"}}})}
}

func (t *toy) Now() engine.Time          { return t.now }
func (t *toy) Recorder() *trace.Recorder { return t.rec }

func (t *toy) Next() (engine.Time, bool) {
	if len(t.script) == 0 {
		return 0, false
	}
	return t.script[0].at, true
}

func (t *toy) RunUntil(until engine.Time) {
	for len(t.script) > 0 && t.script[0].at <= until {
		h := t.script[0]
		t.script = t.script[1:]
		t.now = max(t.now, h.at)
		t.happen(h.kind)
	}
	t.now = max(t.now, until)
}

func (t *toy) Choices() []engine.Choice { return nil }

func (t *toy) Step() bool {
	if len(t.script) == 0 {
		return false
	}
	h := t.script[0]
	t.script = t.script[1:]
	t.now = max(t.now, h.at)
	t.happen(h.kind)
	return true
}

func (t *toy) happen(k node.Kind) {
	var e node.Event
	t.rec.Append(t.now, 1, e.Begin(k))
}

func (t *toy) Do(command string) error {
	t.asked = append(t.asked, command)
	if command == "kill 9" {
		return errors.New("no server 9; this ensemble has 1 to 3")
	}
	t.happen(noted)
	return nil
}

// Type answers "ls" at once and everything else when the test says so.
func (t *toy) Type(server int, line string, printed func([]string)) error {
	if server > 3 {
		return errors.New("no server 9; this ensemble has 1 to 3")
	}
	t.happen(noted)
	if line == "ls" {
		printed([]string{"[zookeeper]"})
		return nil
	}
	t.shells = append(t.shells, printed)
	return nil
}

// nearlyFull makes a world that has all events that a run may have but for a few, and a script.
func nearlyFull(few int, script ...happening) *toy {
	w := newToy(script...)
	for range MaxEvents - few {
		w.happen(noted)
	}
	return w
}

// every makes a script of n happenings of a kind, step apart, the first at step.
func every(step engine.Time, n int, kind node.Kind) []happening {
	var out []happening
	for i := range n {
		out = append(out, happening{step * engine.Time(i+1), kind})
	}
	return out
}

// heard is a message to a viewer, decoded.
type heard struct {
	Protocol int
	Run      string
	Kinds    []struct{ Name string }
	Frame    int
	Head     *headState
	Rows     []json.RawMessage
	ID       int64
	OK       bool
	Code     string
	Error    string
	Lines    []string
	Actions  []Action
	Action   *Action
	Choices  []engine.Choice
	Slow     *slowState
	T        int64
}

// read takes all messages that wait for a viewer.
func read(t *testing.T, v *Viewer) []heard {
	t.Helper()
	var out []heard
	for m := v.out.Take(); m != nil; m = v.out.Take() {
		out = append(out, decode(t, m.Text()))
	}
	return out
}

func decode(t *testing.T, m []byte) heard {
	t.Helper()
	var h heard
	if err := json.Unmarshal(m, &h); err != nil {
		t.Fatalf("%v in %s", err, m)
	}
	return h
}

// seqs lists the numbers of all events in some messages.
func seqs(t *testing.T, messages []heard) []int {
	t.Helper()
	var out []int
	for _, m := range messages {
		for _, r := range m.Rows {
			var row []any
			if err := json.Unmarshal(r, &row); err != nil {
				t.Fatal(err)
			}
			out = append(out, int(row[0].(float64)))
		}
	}
	return out
}

func newViewer() *Viewer { return &Viewer{out: ws.NewQueue(QueueLimit)} }

// joins lets a viewer in.
func joins(t *testing.T, d *desk, v *Viewer, from engine.Seq) {
	t.Helper()
	if err := d.join(v, from); err != nil {
		t.Fatal(err)
	}
}

// watched makes a desk with one viewer, who has heard what is said at first.
func watched(t *testing.T, w *toy) (*desk, *Viewer) {
	t.Helper()
	d := newDesk(w, Settings{Run: "run"})
	v := newViewer()
	joins(t, d, v, 0)
	read(t, v)
	return d, v
}
