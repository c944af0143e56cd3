package sim_test

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
)

func tick(n int64) node.Timer { return node.Timer{Kind: timerTick, N: n} }

func (st *stage) set(n int64, at node.Time) {
	st.t.Helper()
	st.tell(1, func(_ *puppet, o *node.Out) { o.SetTimer(tick(n), at*node.Microsecond) })
}

func TestTimersFireInOrder(t *testing.T) {
	st := newStage(t, 1, nil)
	st.forget()
	st.set(1, 300)
	st.set(2, 100)
	st.set(3, 300)
	st.set(4, 200)
	st.after(1000)
	st.saw(1, "100 us: timer 2", "200 us: timer 4", "300 us: timer 1", "300 us: timer 3")
}

// Each line sets one timer anew, for later or earlier, any number of times: only the last counts.
func TestTimerIsReplaced(t *testing.T) {
	for _, c := range []struct {
		at   []node.Time
		want string
	}{
		{[]node.Time{100, 300}, "300 us: timer 1"},
		{[]node.Time{300, 100}, "100 us: timer 1"},
		{[]node.Time{300, 100, 200}, "200 us: timer 1"},
		{[]node.Time{100, 400, 200, 300}, "300 us: timer 1"},
		{[]node.Time{100, 100}, "100 us: timer 1"},
	} {
		st := newStage(t, 1, nil)
		st.forget()
		for _, at := range c.at {
			st.set(1, at)
		}
		st.after(1000)
		st.saw(1, c.want)
		if st.Step() {
			t.Errorf("%v: something is left in the queue", c.at)
		}
	}
}

// Timers of one time fire in the order in which they were last set, also when one was pushed back.
func TestTimersOfOneTime(t *testing.T) {
	st := newStage(t, 1, nil)
	st.forget()
	st.set(1, 100)
	st.set(2, 300)
	st.set(1, 300)
	st.after(1000)
	st.saw(1, "300 us: timer 2", "300 us: timer 1")
}

func TestTimerIsCancelled(t *testing.T) {
	st := newStage(t, 1, nil)
	st.forget()
	st.set(1, 100)
	st.tell(1, func(_ *puppet, o *node.Out) {
		o.CancelTimer(tick(1))
		o.CancelTimer(tick(7)) // never set: no error
		o.CancelTimer(tick(1))
	})
	st.after(50)
	st.set(1, 200)
	st.after(1000)
	st.saw(1, "200 us: timer 1")
}

// A timer set for the past fires at once, not before.
func TestTimerOfThePast(t *testing.T) {
	st := newStage(t, 1, nil)
	st.after(1000)
	st.forget()
	st.set(1, 10)
	st.after(0)
	st.saw(1, "1000 us: timer 1")
}

func TestTimersEndWithTheirProcess(t *testing.T) {
	st := newStage(t, 1, nil)
	st.set(1, 100)
	st.must(st.Kill(1))
	st.start(1)
	st.set(2, 200)
	st.forget()
	st.after(1000)
	st.saw(1, "200 us: timer 2")
}

// The cause of a timer's firing is what armed it last.
func TestCauseOfFired(t *testing.T) {
	st := newStage(t, 1, nil)
	st.set(1, 100)
	st.set(1, 200)
	armed := st.Recorder().Len() - 1 // the command, before the puppet's own count
	st.after(1000)
	var fired trace.Event
	st.Recorder().Iterate(armed, st.Recorder().Len(), func(e *trace.Event) bool {
		if e.Kind == node.KindFired {
			fired = e.Clone()
		}
		return true
	})
	if fired.Cause != armed || fired.Args[0] != node.Text("tick") || fired.Args[1] != node.Int(1) {
		t.Errorf("%+v, armed by %d", fired, armed)
	}
}

// Timers stand in the visible state by name and, if they have one, number.
func TestTimersInTheVisibleState(t *testing.T) {
	st := newStage(t, 1, nil)
	st.set(0, 100)
	st.set(3, 200)
	st.tell(1, func(_ *puppet, o *node.Out) { o.SetTimer(node.Timer{Kind: 99}, node.Second) })
	v := st.View(1)
	for key, at := range map[string]node.Time{"tick": 100 * node.Microsecond,
		"tick.3": 200 * node.Microsecond, "99": node.Second} {
		got := v.Maps[node.FieldTimers][node.Text(key)]
		if len(got) != 1 || got[0] != node.Int(int64(at)) {
			t.Errorf("timer %s is at %v", key, got)
		}
	}
	st.after(150)
	if len(st.View(1).Maps[node.FieldTimers]) != 2 {
		t.Error("a timer that fired is still armed")
	}
}

// A fast clock fires early by the world's time, a slow one late; what is armed moves with the rate.
func TestSkew(t *testing.T) {
	st := newStage(t, 2, nil)
	st.must(st.Skew(1, 2))
	st.forget()
	st.set(1, 1000)
	st.set(2, 3000)
	st.after(500)
	st.saw(1, "1000 us: timer 1")
	st.must(st.Skew(1, 0.5))
	since := st.Recorder().Len()
	st.must(st.Skew(1, 0.5)) // the same rate: nothing happens
	if st.Recorder().Len() != since {
		t.Error("a rate that did not change was recorded")
	}
	if got := st.View(1).Maps[node.FieldTimers][node.Text("tick.2")][0]; got != node.Int(
		int64(4500*node.Microsecond)) {
		t.Errorf("the timer moved to %v", got)
	}
	st.after(3900)
	st.saw(1)
	st.after(200)
	st.saw(1, "3000 us: timer 2")
	st.must(st.Skew(1, 1))
	st.tell(1, func(_ *puppet, o *node.Out) {
		o.Dial(conn(1, 1), 2, 7, o.Now+node.Second)
	})
	st.after(1000)
	st.saw(1, "3250 us: connected to 2")
}
