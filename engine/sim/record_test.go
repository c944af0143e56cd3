package sim_test

import (
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/trace"
)

// chain follows the causes of an event back to the root.
func chain(r *trace.Recorder, seq node.Seq) string {
	var out []string
	for seq != 0 {
		e, _ := r.At(seq)
		w := toyVocabulary.Kinds[e.Kind].Name
		if e.Kind == decided || e.Kind == said {
			w = e.Args[0].S
		}
		out = append(out, w)
		seq = e.Cause
	}
	return strings.Join(out, " < ")
}

// Each event names what led to it: an arrival its sending, a sending the input of its step or the
// last pivot before it in the step, unless the machine names a cause itself.
func TestCauses(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.after(1000)
	var early node.Seq
	st.tell(2, func(p *puppet, _ *node.Out) {
		p.react["hello"] = func(p *puppet, o *node.Out) {
			o.Send(conn(1, 1), word("plain"))
			o.Event(decided).With(node.Text("by the way"))
			o.Send(conn(1, 1), word("still plain"))
			o.Event(decided).With(node.Text("pivot")).Leads()
			o.Send(conn(1, 1), word("pivotal"))
			o.Event(decided).With(node.Text("from memory")).From(early)
			o.Send(conn(1, 1), word("pivotal too"))
		}
	})
	early = st.Recorder().Len()
	st.send(1, 1, 1, "hello")
	st.after(1000)
	got := map[string]string{}
	st.Recorder().Iterate(early+1, st.Recorder().Len(), func(e *trace.Event) bool {
		c := chain(st.Recorder(), e.Seq)
		first, _, _ := strings.Cut(c, " < ")
		got[first] = c
		return true
	})
	root := "net.received < hello < world.commanded"
	for first, want := range map[string]string{
		"plain":       "plain < " + root,
		"by the way":  "by the way < " + root,
		"still plain": "still plain < " + root,
		"pivot":       "pivot < " + root,
		"pivotal":     "pivotal < pivot < " + root,
		"from memory": "from memory < counted < world.commanded",
		"pivotal too": "pivotal too < pivot < " + root,
	} {
		if got[first] != want {
			t.Errorf("%s, want %s", got[first], want)
		}
	}
}

// Dials, closes, timers and fsyncs hand their cause on, as messages do.
func TestCausesAcrossTheDriver(t *testing.T) {
	st := newStage(t, 2, nil)
	lead := func(text string, then func(*puppet, *node.Out)) {
		st.tell(1, func(p *puppet, o *node.Out) {
			o.Event(decided).With(node.Text(text)).Leads()
			then(p, o)
		})
		st.after(2000)
	}
	lead("I dial", func(_ *puppet, o *node.Out) { o.Dial(conn(1, 1), 2, 7, 0) })
	lead("I dial in vain", func(_ *puppet, o *node.Out) { o.Dial(conn(1, 2), 2, 8, 0) })
	lead("I sync", func(_ *puppet, o *node.Out) { o.Sync(1, "log") })
	lead("I wait", func(_ *puppet, o *node.Out) { o.SetTimer(tick(1), o.Now+1) })
	lead("I close", func(_ *puppet, o *node.Out) { o.Close(conn(1, 1)) })
	want := map[node.Kind]string{node.KindAccepted: "I dial", node.KindConnected: "I dial",
		node.KindDialFailed: "I dial in vain", node.KindSynced: "I sync", node.KindFired: "I wait",
		node.KindConnClosed: "I close"}
	st.Recorder().Iterate(1, st.Recorder().Len(), func(e *trace.Event) bool {
		if w, ok := want[e.Kind]; ok {
			cause, _ := st.Recorder().At(e.Cause)
			if len(cause.Args) == 0 || cause.Args[0] != node.Text(w) {
				t.Errorf("%s comes from %+v", toyVocabulary.Kinds[e.Kind].Name, cause)
			}
			delete(want, e.Kind)
		}
		return true
	})
	if len(want) > 0 {
		t.Errorf("never recorded: %v", want)
	}
}

// What a machine is told as the cause of an input is what led to it, not the input's own event.
func TestCauseOfTheInput(t *testing.T) {
	var causes []node.Seq
	c := fixedConfig()
	s := sim.New(c)
	for id := node.ID(1); id <= 2; id++ {
		s.Add(id, "", func(node.Disk, *node.Rand) node.Machine {
			return &player{id: id}
		})
		_ = s.Start(id)
	}
	c.Recorder.Iterate(1, c.Recorder.Len(), func(e *trace.Event) bool {
		causes = append(causes, e.Cause)
		return true
	})
	s.RunUntil(node.Millisecond)
	e, _ := c.Recorder.At(c.Recorder.Len())
	sent, _ := c.Recorder.At(e.Cause)
	if e.Kind != said || sent.Kind != decided || len(causes) == 0 || causes[0] != 0 {
		t.Errorf("last event %+v, from %+v; causes at the start %v", e, sent, causes)
	}
}

// Open connections stand in the visible state of both sides until each learns of the end.
func TestConnectionsInTheVisibleState(t *testing.T) {
	st := newStage(t, 2, nil)
	count := func(id node.ID) int { return len(st.View(id).Maps[node.FieldConns]) }
	expect := func(one, two int) {
		t.Helper()
		if count(1) != one || count(2) != two {
			t.Errorf("%d and %d connections, want %d and %d", count(1), count(2), one, two)
		}
		st.check()
	}
	st.dial(1, 2, 1)
	expect(0, 0)
	st.after(150)
	expect(0, 1)
	st.after(100)
	expect(1, 1)
	st.close(1, 1, 1)
	expect(0, 1)
	st.after(150)
	expect(0, 0)
	st.dial(2, 1, 1)
	st.after(1000)
	expect(1, 1)
	st.must(st.Kill(1))
	expect(0, 1)
}

// CheckFold finds what a machine changes without telling the trace.
func TestCheckFoldFindsSilentChanges(t *testing.T) {
	st := newStage(t, 2, nil)
	st.tell(2, func(p *puppet, _ *node.Out) { p.count += 5 })
	st.Machine(2).(*puppet).count++
	err := st.CheckFold()
	if err == nil || !strings.HasSuffix(err.Error(), "server 2: inputs") {
		t.Errorf("CheckFold: %v", err)
	}
	c := fixedConfig()
	c.Recorder = nil
	if err := sim.New(c).CheckFold(); err == nil {
		t.Error("a run without a trace was checked")
	}
}
