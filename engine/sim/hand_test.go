package sim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim"
)

// pending words what may happen, with the numbers that Choose is told.
func pending(st *stage) (words []string, ids []uint64) {
	for _, p := range st.Pending() {
		w := fmt.Sprintf("%d us %d>%d ", p.At/node.Microsecond, p.From, p.To)
		switch p.Kind {
		case node.Received:
			w += string(p.Msg.(word))
		case node.Accepted:
			w += "dial"
		case node.Connected:
			w += "answer"
		case node.DialFailed:
			w += "no answer"
		case node.Closed:
			w += "close"
		case node.Fired:
			w += fmt.Sprint("timer ", p.Timer.N)
		case node.Synced:
			w += fmt.Sprint("synced ", p.Token)
		}
		if !p.Enabled {
			w += " ("
			if i := strings.Index(p.Why, "number"); i >= 0 {
				p.Why = "it waits behind another"
			}
			w += p.Why + ")"
		}
		words, ids = append(words, w), append(ids, p.ID)
	}
	return words, ids
}

func (st *stage) pends(want ...string) []uint64 {
	st.t.Helper()
	got, ids := pending(st)
	if !slices.Equal(got, want) {
		st.t.Errorf("pending\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"),
			strings.Join(want, "\n\t"))
	}
	return ids
}

func byHand(c *sim.Config) { c.Policy = sim.ByHand }

// By hand nothing happens but what is chosen; the clock goes to what is chosen, not back.
func TestByHand(t *testing.T) {
	st := newStage(t, 2, byHand)
	st.forget()
	st.dial(1, 2, 1)
	st.set(1, 50)
	st.tell(2, func(p *puppet, o *node.Out) {
		_ = p.disk.Append("log", []byte("x"))
		o.Sync(3, "log")
	})
	if st.Step() || st.Policy() != sim.ByHand {
		t.Error("something happened by itself")
	}
	ids := st.pends("50 us 1>1 timer 1", "100 us 1>2 dial", "1000 us 2>2 synced 3",
		"1000000 us 2>1 no answer")
	st.must(st.Choose(ids[2]))
	st.must(st.Choose(ids[1]))
	st.saw(2, "1000 us: synced 3", "1000 us: accepted 1")
	ids = st.pends("50 us 1>1 timer 1", "1100 us 2>1 answer", "1000000 us 2>1 no answer")
	st.must(st.Choose(ids[1]))
	st.must(st.Choose(ids[0]))
	st.saw(1, "1100 us: connected to 2", "1100 us: timer 1")
	st.pends()
	if err := st.Choose(ids[0]); err == nil {
		t.Error("a timer fired twice")
	}
}

// Each direction of a connection stays first in, first out.
func TestByHandKeepsTheOrderOfAConnection(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.dial(1, 2, 2)
	st.after(1000)
	st.SetPolicy(sim.ByHand)
	st.forget()
	st.send(1, 1, 1, "a", "b")
	st.send(1, 1, 2, "c")
	st.send(2, 1, 1, "d")
	ids := st.pends("1100 us 1>2 a", "1100 us 1>2 b (it waits behind another)",
		"1100 us 1>2 c", "1100 us 2>1 d")
	if err := st.Choose(ids[1]); err == nil || !strings.Contains(err.Error(), "waits behind") {
		t.Errorf("the second before the first: %v", err)
	}
	st.must(st.Choose(ids[2]))
	st.must(st.Choose(ids[3]))
	st.must(st.Choose(ids[0]))
	st.must(st.Choose(ids[1]))
	st.saw(2, "1100 us: c from 1", "1100 us: a from 1", "1100 us: b from 1")
}

// When time takes over again, what is overdue happens at once, in its order.
func TestFromHandToTime(t *testing.T) {
	st := newStage(t, 1, byHand)
	st.set(1, 100)
	st.set(2, 200)
	st.set(3, 300)
	st.forget()
	ids := st.pends("100 us 1>1 timer 1", "200 us 1>1 timer 2", "300 us 1>1 timer 3")
	st.must(st.Choose(ids[2]))
	st.SetPolicy(sim.ByTime)
	st.after(1)
	st.saw(1, "300 us: timer 3", "300 us: timer 1", "300 us: timer 2")
}

// A dial's time limit can be chosen: then it fails.
func TestChooseTheLimitOfADial(t *testing.T) {
	st := newStage(t, 2, byHand)
	st.forget()
	st.dial(1, 2, 1)
	ids := st.pends("100 us 1>2 dial", "1000000 us 2>1 no answer")
	st.must(st.Choose(ids[1]))
	st.saw(1, "1000000 us: dial to 2 failed: timed out")
	st.pends()
}

func TestByHandOnlyTheClockRuns(t *testing.T) {
	st := newStage(t, 1, byHand)
	st.set(1, 100)
	st.forget()
	st.after(5000)
	st.saw(1)
	if st.Now() != 5*node.Millisecond {
		t.Errorf("the clock shows %d", st.Now())
	}
}

// What waits for a machine that is cut off or without power says so.
func TestPendingSaysWhyNot(t *testing.T) {
	st := newStage(t, 3, func(c *sim.Config) { c.Network.CrashSilent = true })
	st.dial(1, 2, 1)
	st.dial(1, 3, 2)
	st.after(1000)
	st.must(st.Partition([]node.ID{1}, []node.ID{2}, false))
	st.must(st.Crash(3, 0))
	st.send(1, 1, 1, "a", "b")
	st.send(1, 1, 2, "c")
	ids := st.pends("1100 us 1>2 a (server 2 is cut off from server 1)",
		"1100 us 1>2 b (it waits behind another)", "1100 us 1>3 c (server 3 has no power)")
	if err := st.Choose(ids[0]); err == nil {
		t.Error("a packet went through a cut")
	}
	if err := st.Deliver(st.Pending()[2].Seq); err == nil ||
		!strings.HasSuffix(err.Error(), "server 3 has no power") {
		t.Errorf("delivered to a machine without power: %v", err)
	}
}

// A held link delivers what is chosen, in order, while everything else goes on by time.
func TestHold(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.after(1000)
	st.must(st.Hold(1, 2))
	st.forget()
	st.send(1, 1, 1, "a", "b", "c")
	st.send(2, 1, 1, "back")
	st.after(1000)
	st.saw(1, "1100 us: back from 2")
	st.saw(2)
	p := st.Pending()
	if err := st.Deliver(p[1].Seq); err == nil || !strings.HasSuffix(err.Error(),
		fmt.Sprintf("event %d was sent before it on the same connection", p[0].Seq)) {
		t.Errorf("b before a: %v", err)
	}
	st.must(st.Deliver(p[0].Seq))
	st.must(st.Choose(p[1].ID))
	st.after(500)
	st.saw(2, "2000 us: a from 1", "2000 us: b from 1")
	st.must(st.Release(1, 2))
	st.after(1000)
	st.saw(2, "2600 us: c from 1")
	st.must(st.Hold(1, 2))
	st.ReleaseAll()
	st.ReleaseAll() // nothing is held: nothing happens
	st.send(1, 1, 1, "d")
	st.after(1000)
	st.saw(2, "3600 us: d from 1")
}

// A message may be delivered before its time; the clock stays.
func TestDeliverEarly(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.after(1000)
	st.forget()
	st.send(1, 1, 1, "a", "b")
	st.must(st.Deliver(st.Pending()[0].Seq))
	st.saw(2, "1000 us: a from 1")
	st.after(1000)
	st.saw(2, "1100 us: b from 1")
}

// Run stops when its condition holds, when its patience ends, or when nothing is to come.
func TestRun(t *testing.T) {
	for _, c := range []struct {
		until, most, fired int
		holds              bool
	}{{2, 100, 2, true}, {9, 100, 3, false}, {3, 2, 2, false}, {2, 2, 2, true}, {0, 0, 0, true}} {
		st := newStage(t, 1, nil)
		for i := range node.Time(3) {
			st.set(int64(i), 100+i)
		}
		st.forget()
		holds := st.Run(func() bool { return len(*st.diaries[1]) == c.until }, c.most)
		if holds != c.holds || len(*st.diaries[1]) != c.fired {
			t.Errorf("Run until %d of at most %d: %v after %d", c.until, c.most, holds,
				len(*st.diaries[1]))
		}
	}
}

func TestNext(t *testing.T) {
	st := newStage(t, 1, nil)
	if _, ok := st.Next(); ok {
		t.Error("something is to come")
	}
	st.set(1, 100)
	if at, ok := st.Next(); !ok || at != 100*node.Microsecond {
		t.Errorf("next at %d", at)
	}
	if st.StepUntil(99*node.Microsecond) || !st.StepUntil(100*node.Microsecond) {
		t.Error("StepUntil does not keep to its time")
	}
}

// The tap sees each message before its receiver does, with the number of its arrival.
func TestTap(t *testing.T) {
	var seen []sim.Delivery
	st := newStage(t, 2, func(c *sim.Config) {
		c.Tap = func(d sim.Delivery) { seen = append(seen, d) }
	})
	st.dial(1, 2, 1)
	st.after(1000)
	st.send(1, 1, 1, "a")
	st.after(1000)
	want := sim.Delivery{From: 1, To: 2, Conn: conn(1, 1), Port: 7, Msg: word("a"),
		At: 1100 * node.Microsecond, Seq: seen[0].Seq}
	if len(seen) != 1 || seen[0] != want {
		t.Fatalf("the tap saw %+v", seen)
	}
	if e, _ := st.Recorder().At(seen[0].Seq); e.Kind != node.KindReceived || e.Node != 2 {
		t.Errorf("event %+v", e)
	}
}
