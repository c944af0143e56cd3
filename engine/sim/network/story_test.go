package network

import (
	"slices"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim/delay"
)

// A packet takes 10 in all stories; hosts 0, 1, 2 are machines 1, 2, 3 and listen on port 7.

// fixture is a world of three hosts, and connection 5 from host 0 to host 1 if open is set.
func fixture(t *testing.T, open bool, change func(*Config)) *world {
	c := Config{Latency: delay.Always(10)}
	if change != nil {
		change(&c)
	}
	w := newWorld(t, 3, c)
	if open {
		w.net.Dial(0, 0, 5, 2, 7, 0, 0)
		w.story()
		w.now = 100
	}
	return w
}

// say sends a message on connection 5.
func (w *world) say(h Host, seq node.Seq) {
	w.t.Helper()
	e, ok := w.net.End(h, 5)
	if !ok {
		w.t.Fatalf("connection 5 is not open at host %d", h)
	}
	w.net.Send(w.now, e, letter{}, seq)
}

// Each story is what somebody does, and what the machines are told of it.
var stories = []struct {
	name string
	open bool
	do   func(w *world)
	want []string
}{
	{"nobody listens on that port", false, func(w *world) { w.net.Dial(0, 0, 1, 2, 8, 0, 0) },
		[]string{"20: 1 failedconnection refused"}},
	{"the process is down", false, func(w *world) {
		w.net.Down(0, 1, true, 0)
		w.net.Dial(0, 0, 1, 2, 7, 0, 0)
	}, []string{"20: 1 failedconnection refused"}},
	{"the process dies before the dial arrives", false, func(w *world) {
		w.net.Dial(0, 0, 1, 2, 7, 0, 0)
		w.net.Down(5, 1, true, 0)
	}, []string{"20: 1 failedconnection refused"}},
	{"the dialler dies before the answer", false, func(w *world) {
		w.net.Dial(0, 0, 1, 2, 7, 0, 0)
		w.net.Down(5, 0, true, 0)
	}, []string{"10: 2 accepted", "15: 2 closedclosed"}},
	{"the answer comes too late", false, func(w *world) { w.net.Dial(0, 0, 1, 2, 7, 15, 0) },
		[]string{"10: 2 accepted", "15: 1 failedtimed out", "25: 2 closedclosed"}},
	{"the answer comes just in time", false, func(w *world) { w.net.Dial(0, 0, 1, 2, 7, 21, 0) },
		[]string{"10: 2 accepted", "20: 1 connected"}},
	{"the limit has passed already", false, func(w *world) {
		w.now = 50
		w.net.Dial(50, 0, 1, 2, 7, 40, 0)
	}, []string{"50: 1 failedtimed out"}},
	{"the port is closed while the dial is under way", false, func(w *world) {
		w.net.Dial(0, 0, 1, 2, 7, 0, 0)
		w.net.Unlisten(1, 7)
	}, []string{"20: 1 failedconnection refused"}},
	{"the acceptor hangs up at once", false, func(w *world) {
		w.net.Dial(0, 0, 1, 2, 7, 0, 0)
		w.next()
		w.net.Close(10, 1, 1, 0)
	}, []string{"20: 1 connected", "20: 1 closedclosed"}},
	{"both hang up at once", true, func(w *world) {
		w.net.Close(100, 0, 5, 0)
		w.net.Close(100, 1, 5, 0)
	}, nil},
	{"data, then the end", true, func(w *world) {
		w.say(0, 1)
		w.say(0, 2)
		w.net.Down(100, 0, true, 0)
	}, []string{"110: 2 received", "110: 2 received", "110: 2 closedclosed"}},
	{"a process ends and another starts in its place", true, func(w *world) {
		w.net.Down(100, 1, true, 0)
		w.up(1)
		w.say(0, 1)
	}, []string{"110: 1 closedclosed"}},
	{"power fails without a word", true, func(w *world) {
		w.net.config.CrashSilent = true
		w.net.Down(100, 1, false, 0)
	}, nil},
	{"power fails, and comes back to a question", true, func(w *world) {
		w.net.config.CrashSilent = true
		w.net.Down(100, 1, false, 0)
		w.say(0, 1)
		w.story()
		w.now = 500
		w.up(1)
	}, []string{"520: 1 closedconnection reset"}},
	{"power fails while the dial is under way", false, func(w *world) {
		w.net.config.CrashSilent = true
		w.net.Dial(0, 0, 1, 2, 7, 400, 0)
		w.net.Down(5, 1, false, 0)
	}, []string{"400: 1 failedtimed out"}},
	{"a cut in both directions", true, func(w *world) {
		w.net.Cut(0, 1)
		w.net.Cut(1, 0)
		w.say(0, 1)
		w.say(1, 2)
	}, nil},
	{"a cut that heals", true, func(w *world) {
		w.say(0, 1)
		w.net.Cut(0, 1)
		w.story()
		w.say(0, 2)
		w.now = 300
		w.net.HealAll(300)
	}, []string{"310: 2 received", "310: 2 received"}},
	{"a cut that heals before the packet would have come", true, func(w *world) {
		w.say(0, 1)
		w.net.Cut(0, 1)
		w.net.HealAll(105)
	}, []string{"110: 2 received"}},
	{"a cut elsewhere", true, func(w *world) {
		w.net.Cut(0, 2)
		w.net.Cut(2, 1)
		w.say(0, 1)
	}, []string{"110: 2 received"}},
	{"a hold under a cut, released first", true, func(w *world) {
		w.net.Cut(0, 1)
		w.net.Hold(0, 1)
		w.say(0, 1)
		w.story()
		w.now = 200
		w.net.Release(200, 0, 1)
	}, nil},
	{"a hold that is released", true, func(w *world) {
		w.net.Hold(0, 1)
		w.say(0, 1)
		w.story()
		w.now = 200
		w.net.Release(200, 0, 1)
	}, []string{"210: 2 received"}},
	{"a broken connection", true, func(w *world) {
		w.say(0, 1)
		w.say(1, 2)
		w.net.Break(100, 1, 0, 0)
	}, []string{"110: 2 closedconnection reset", "110: 1 closedconnection reset"}},
	{"a broken dial", false, func(w *world) {
		w.net.Dial(0, 0, 1, 2, 7, 0, 0)
		w.net.Break(5, 0, 1, 0)
	}, []string{"15: 1 failedconnection reset"}},
	{"a break behind a cut", true, func(w *world) {
		w.net.Cut(0, 1)
		w.net.Break(100, 0, 1, 0)
	}, []string{"110: 1 closedconnection reset"}},
}

func TestStories(t *testing.T) {
	for _, s := range stories {
		t.Run(s.name, func(t *testing.T) {
			w := fixture(t, s.open, nil)
			s.do(w)
			if got := w.story(); !slices.Equal(got, s.want) {
				t.Errorf("told %q, want %q", got, s.want)
			}
		})
	}
}

// Each message that will never arrive is reported once, when that is sure.
func TestLostMessages(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(w *world)
		want []node.Seq
	}{
		{"none", func(w *world) { w.say(0, 1) }, nil},
		{"to a side that has closed", func(w *world) {
			w.net.Close(100, 1, 5, 0)
			w.say(0, 1)
			w.say(0, 2)
		}, []node.Seq{1, 2}},
		{"to a process that has died", func(w *world) {
			w.say(0, 1)
			w.net.Down(100, 1, true, 0)
		}, []node.Seq{1}},
		{"on a connection that broke", func(w *world) {
			w.say(0, 1)
			w.say(1, 2)
			w.net.Break(100, 0, 1, 0)
		}, []node.Seq{1, 2}},
		{"dropped, and what was behind it", func(w *world) {
			w.say(0, 1)
			w.say(0, 2)
			w.say(0, 3)
			w.say(1, 4)
			var second uint64
			w.net.Each(func(f *Flight) bool { second = f.Number; return f.Seq < 2 })
			w.net.Drop(100, second, 0)
		}, []node.Seq{2, 3}},
		{"to a machine that lost its power", func(w *world) {
			w.net.config.CrashSilent = true
			w.net.Down(100, 1, false, 0)
			w.say(0, 1)
			w.story()
			w.up(1)
		}, []node.Seq{1}},
	} {
		w := fixture(t, true, nil)
		c.do(w)
		w.story()
		if !slices.Equal(w.lost, c.want) {
			t.Errorf("%s: lost %v, want %v", c.name, w.lost, c.want)
		}
	}
}

// What an arrival tells: who, which connection, and the event that led to it.
func TestArrivals(t *testing.T) {
	w := fixture(t, false, nil)
	w.net.Dial(0, 0, 5, 2, 7, 0, 41)
	w.next()
	a, ok, _ := w.next()
	want := Arrival{Kind: node.Connected, Host: 0, Peer: 2, Conn: 5, Port: 7, Seq: 41}
	if !ok || a != want {
		t.Errorf("connected: %+v", a)
	}
	w.say(0, 42)
	a, _, _ = w.next()
	want = Arrival{Kind: node.Received, Host: 1, Peer: 1, Conn: 5, Port: 7, Msg: letter{}, Seq: 42}
	if a != want {
		t.Errorf("received: %+v", a)
	}
	w.net.Close(w.now, 1, 5, 43)
	a, _, _ = w.next()
	want = Arrival{Kind: node.Closed, Host: 0, Peer: 2, Conn: 5, Port: 7, Reason: ReasonClosed, Seq: 43}
	if a != want {
		t.Errorf("closed: %+v", a)
	}
}

// Bandwidth is shared by all connections of a direction, and only by them.
func TestBandwidthIsSharedByADirection(t *testing.T) {
	w := fixture(t, false, func(c *Config) { c.Bandwidth = 1_000_000 }) // a byte a microsecond
	for id := node.ConnID(1); id <= 2; id++ {
		w.net.Dial(0, 0, id, 2, 7, 0, 0)
	}
	w.story()
	w.now = 100
	for id := node.ConnID(1); id <= 2; id++ {
		for _, h := range []Host{0, 1} {
			e, _ := w.net.End(h, id)
			w.net.Send(100, e, letter{}, 0)
		}
	}
	w.tells("1110: 2 received", "1110: 1 received", "2110: 2 received", "2110: 1 received")
}
