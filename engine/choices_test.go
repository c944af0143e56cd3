package engine

import (
	"bytes"
	"fmt"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
)

// chooses does the first thing of a kind that may be done, which must be there.
func (r *running) chooses(kind string, to node.ID) Choice {
	r.t.Helper()
	for _, c := range r.Choices() {
		if c.Kind == kind && c.To == to && c.Why == "" {
			if err := r.Do(c.Do); err != nil {
				r.t.Fatalf("%s: %v", c.Do, err)
			}
			return c
		}
	}
	r.t.Fatalf("no %s for %d among %+v", kind, to, r.Choices())
	return Choice{}
}

// logged reports whether a server has a zxid in its log, as the trace tells.
func (r *running) logged(id node.ID, zxid node.Value) bool {
	w := trace.NewWorld(r.rec.Header().Vocabulary)
	r.rec.Iterate(1, r.rec.Len(), func(e *trace.Event) bool {
		w.Apply(e)
		return true
	})
	for _, entry := range w.States[id].Lists[event.Log] {
		if entry[0] == zxid {
			return true
		}
	}
	return false
}

// The leader alone logs a proposal, whose messages are lost; it dies, two others go on, and when it
// comes back it must forget what it logged. (The scenario e-trunc, by hand.)
func TestByHandALeaderAloneLogsAProposal(t *testing.T) {
	r := trio(t)
	r.wants(3, "create /a one", "Created /a")
	r.pass(Second)
	r.types(3, "set /a lost")
	lost := node.Zxid(1<<32 + 3)
	r.chooses("packet", 3) // the request
	r.chooses("disk", 3)
	if !r.logged(3, lost) || r.logged(1, lost) || r.logged(2, lost) {
		t.Fatal("not the leader alone has it")
	}
	for _, c := range r.Choices() {
		if c.Kind == "packet" && c.From == 3 && c.To < 3 && c.Why == "" {
			if err := r.Do(fmt.Sprint("vanish ", c.Seq)); err != nil {
				t.Fatal(err)
			}
		}
	}
	r.do("kill 3", "start 3")
	before := r.rec.Len()
	r.pass(3 * Second)
	if r.logged(3, lost) || r.logged(1, lost) {
		t.Error("it is still there")
	}
	trunc := false
	r.rec.Iterate(1, before, func(e *trace.Event) bool {
		trunc = trunc || StopTrunc.At(e)
		return true
	})
	if !trunc {
		t.Error("nobody was sent TRUNC")
	}
}

// What waits behind something says behind what, and cannot be chosen.
func TestChoicesSayWhatTheyWaitFor(t *testing.T) {
	r := trio(t)
	if err := r.Do("hold 3 to 1"); err != nil {
		t.Fatal(err)
	}
	r.wants(3, "create /a one", "Created /a")
	var first, second Choice
	for _, c := range r.Choices() {
		switch {
		case c.From == 3 && c.To == 1 && c.Kind == "packet" && c.Why == "":
			first = c
		case c.From == 3 && c.To == 1 && c.Ahead != 0:
			second = c
		}
	}
	if first.Seq == 0 || second.Ahead != first.Seq || r.Do(second.Do) == nil {
		t.Errorf("first %+v, then %+v", first, second)
	}
}

// By hand, things happen in any order, and the trace is the same each time.
func TestChoicesMadeAgainMakeTheSameRun(t *testing.T) {
	play := func() []byte {
		r := start(t, Config{Servers: 3, Seed: 5})
		rand := node.NewRand(1)
		for range 400 {
			var can []Choice
			for _, c := range r.Choices() {
				if c.Why == "" && c.To < node.FirstClient {
					can = append(can, c)
				}
			}
			if err := r.Do(can[rand.Intn(int64(len(can)))].Do); err != nil {
				t.Fatal(err)
			}
		}
		return r.rec.Bytes()
	}
	if !bytes.Equal(play(), play()) {
		t.Error("two traces")
	}
}
