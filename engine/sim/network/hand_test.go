package network

import (
	"slices"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim/delay"
)

// flights lists what is under way, the numbers in order of the list.
func (w *world) flights() (out []Flight) {
	w.net.Each(func(f *Flight) bool { out = append(out, *f); return true })
	return out
}

// On a held direction, each delivery is chosen by hand: the first and then the next, and time plays
// no part.
func TestDeliveriesAreChosenByHand(t *testing.T) {
	w := fixture(t, true, nil)
	w.net.Hold(0, 1)
	for seq := node.Seq(1); seq <= 3; seq++ {
		w.say(0, seq)
	}
	w.tells() // nothing moves by itself
	if !w.net.IsHeld(0, 1) || w.net.IsHeld(1, 0) {
		t.Error("the wrong direction is held")
	}
	waiting := w.flights()
	if _, ok := w.net.Deliver(w.now, waiting[1].Number); ok {
		t.Error("the second came before the first")
	}
	for i, f := range waiting[:2] {
		a, ok := w.net.Deliver(w.now, f.Number)
		if !ok || a.Kind != node.Received || a.Seq != node.Seq(i+1) || a.Host != 1 {
			t.Errorf("delivered %+v, %v", a, ok)
		}
		if _, again := w.net.Deliver(w.now, f.Number); again {
			t.Error("it came twice")
		}
	}
	w.now = 500
	w.net.Release(500, 0, 1)
	w.tells("510: 2 received")
	if w.net.IsHeld(0, 1) {
		t.Error("a released direction is held")
	}
}

// What is chosen by hand may overtake time on a direction that flows, and comes once all the same.
func TestAChosenDeliveryIsNotMadeTwice(t *testing.T) {
	w := fixture(t, true, nil)
	w.say(0, 1)
	w.say(0, 2)
	if _, ok := w.net.Deliver(w.now, w.flights()[0].Number); !ok {
		t.Error("the first is not under way")
	}
	w.tells("110: 2 received")
}

// A dial on a held link is held, too: its way there, and the answer by itself.
func TestADialCanBeHeld(t *testing.T) {
	w := fixture(t, false, nil)
	w.net.Hold(0, 1)
	w.net.Dial(0, 0, 1, 2, 7, 0, 9)
	w.tells()
	f := w.flights()
	if len(f) != 1 || f[0].Kind != node.Accepted || f[0].Block != Held || f[0].Seq != 9 {
		t.Fatalf("under way: %+v", f)
	}
	w.net.Hold(1, 0)
	if a, ok := w.net.Deliver(40, f[0].Number); !ok || a.Kind != node.Accepted {
		t.Errorf("delivered %+v", a)
	}
	if f = w.flights(); len(f) != 1 || f[0].Kind != node.Connected || f[0].From != 2 || f[0].To != 1 {
		t.Errorf("under way: %+v", f)
	}
	w.tells()
	w.now = 60
	w.net.Release(60, 1, 0)
	w.tells("70: 1 connected")
}

// A dial to nowhere is refused at once: there is no such machine, it is the dialler's own, or the
// connection is there already.
func TestDialsThatAreRefusedAtOnce(t *testing.T) {
	for name, x := range map[string]struct {
		id   node.ConnID
		peer node.ID
	}{"no such machine": {1, 99}, "oneself": {1, 1}, "a connection that is there": {5, 2}} {
		w := fixture(t, true, nil)
		w.net.Dial(100, 0, x.id, x.peer, 7, 0, 3)
		a, ok, _ := w.next()
		want := Arrival{Kind: node.DialFailed, Host: 0, Peer: x.peer, Conn: x.id, Port: 7, Seq: 3,
			Reason: ReasonRefused}
		if !ok || a != want || w.now != 100 {
			t.Errorf("%s: %+v at %d", name, a, w.now)
		}
		if e, ok := w.net.End(0, 5); !ok || e.Peer() != 2 {
			t.Errorf("%s: the older connection is gone", name)
		}
	}
}

// A dial's time limit can be told from other tasks as long as it may strike.
func TestATimeLimitIsTold(t *testing.T) {
	w := fixture(t, false, nil)
	w.net.Dial(0, 0, 4, 2, 7, 400, 0)
	limits := func() (n int) {
		for _, d := range w.due {
			if from, to, id, port, ok := w.net.Dialling(d.task); ok {
				n++
				if from != 1 || to != 2 || id != 4 || port != 7 || d.at != 400 {
					t.Errorf("%d to %d, connection %d, port %d, at %d", from, to, id, port, d.at)
				}
			}
		}
		return n
	}
	if n := limits(); n != 1 {
		t.Errorf("%d dials have a limit", n)
	}
	w.next()
	w.next()
	if n := limits(); n != 0 {
		t.Errorf("%d dials have a limit when all are over", n)
	}
	w.tells()
}

// Two hosts share a connection from the first packet of its dial until both sides have let go of it.
func TestConnectedFromTheDialToTheEnd(t *testing.T) {
	w := fixture(t, false, nil)
	want := func(when string, yes bool) {
		t.Helper()
		if w.net.Connected(0, 1) != yes || w.net.Connected(1, 0) != yes || w.net.Connected(0, 2) {
			t.Errorf("%s: connected %v", when, !yes)
		}
	}
	want("before", false)
	w.net.Dial(0, 0, 1, 2, 7, 0, 0)
	want("under way", true)
	w.story()
	want("open", true)
	w.net.Close(w.now, 0, 1, 0)
	want("closed at one side", true)
	w.story()
	want("closed at both", false)
}

// Break tells how many connections it has broken, of those two hosts only.
func TestBreakCountsConnections(t *testing.T) {
	w := fixture(t, true, nil)
	w.net.Dial(100, 1, 6, 1, 7, 0, 0)
	w.net.Dial(100, 0, 8, 3, 7, 0, 0)
	w.story()
	if n := w.net.Break(w.now, 1, 0, 0); n != 2 {
		t.Errorf("%d connections were broken", n)
	}
	w.story()
	if n := w.net.Break(w.now, 1, 0, 0); n != 0 || !w.net.Connected(0, 2) {
		t.Errorf("%d more were broken", n)
	}
}

// Ports that nobody opened, closed twice, or that a dead process had are not listened on.
func TestPorts(t *testing.T) {
	w := fixture(t, false, nil)
	w.net.Unlisten(1, 99) // was never open
	w.net.Listen(1, 8)
	w.net.Unlisten(1, 7)
	w.net.Dial(0, 0, 1, 2, 8, 0, 0)
	w.net.Dial(0, 0, 2, 2, 7, 0, 0)
	w.tells("10: 2 accepted", "20: 1 connected", "20: 1 failedconnection refused")
	w.net.Down(w.now, 1, true, 0)
	w.story()
	w.net.Up(w.now, 1) // a new process listens on nothing yet
	from := w.now
	w.net.Dial(from, 0, 3, 2, 8, 0, 0)
	w.story()
	if _, ok := w.net.End(0, 3); ok || w.now != from+20 {
		t.Errorf("a new process inherited a port; at %d", w.now-from)
	}
}

// Loopback is faster than any link, and a link takes 100 to 200 microseconds unless said otherwise.
func TestLatencies(t *testing.T) {
	for name, x := range map[string]struct {
		config Config
		lo, hi node.Time
	}{
		"default":  {Config{}, 100 * node.Microsecond, 200 * node.Microsecond},
		"loopback": {Loopback(), 20 * node.Microsecond, 40 * node.Microsecond},
		"fixed":    {Config{Latency: delay.Always(7)}, 7, 7},
	} {
		w := newWorld(t, 2, x.config)
		var seen []node.Time
		for id := node.ConnID(1); id <= 200; id++ {
			from := w.now
			w.net.Dial(from, 0, id, 2, 7, 0, 0)
			w.next()
			seen = append(seen, w.now-from)
			w.story()
		}
		if slices.Min(seen) < x.lo || slices.Max(seen) > x.hi {
			t.Errorf("%s: %d to %d ns", name, slices.Min(seen), slices.Max(seen))
		}
		if x.hi > x.lo && slices.Max(seen)-slices.Min(seen) < (x.hi-x.lo)/2 {
			t.Errorf("%s: latencies hardly differ", name)
		}
	}
}
