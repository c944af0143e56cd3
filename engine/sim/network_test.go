package sim_test

import (
	"fmt"
	"slices"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/sim/delay"
	"zabscope/engine/sim/network"
)

// In all stages a packet takes 100 us.

func TestDialTakesOneRoundTrip(t *testing.T) {
	st := newStage(t, 2, nil)
	st.forget()
	st.dial(1, 2, 1)
	st.after(1000)
	st.saw(2, "100 us: accepted 1")
	st.saw(1, "200 us: connected to 2")
	st.send(1, 1, 1, "a", "b")
	st.send(2, 1, 1, "c")
	st.after(1000)
	st.saw(2, "1100 us: a from 1", "1100 us: b from 1")
	st.saw(1, "1100 us: c from 2")
}

// The side that was dialled may speak before the other knows that it is connected, but is not heard
// before that.
func TestAcceptorSpeaksFirst(t *testing.T) {
	st := newStage(t, 2, nil)
	st.forget()
	st.dial(1, 2, 1)
	st.send(1, 1, 1, "too early")
	st.after(150)
	st.send(2, 1, 1, "hello")
	st.after(1000)
	st.saw(1, "200 us: connected to 2", "250 us: hello from 2")
	st.saw(2, "100 us: accepted 1")
}

func TestDialIsRefusedAtOnce(t *testing.T) {
	for _, c := range []struct {
		name    string
		prepare func(*stage)
		peer    node.ID
		want    string
	}{
		{"process is down", func(st *stage) { st.must(st.Kill(2)) }, 2,
			"200 us: dial to 2 failed: connection refused"},
		{"nobody listens", func(st *stage) {
			st.tell(2, func(_ *puppet, o *node.Out) { o.Unlisten(7) })
		}, 2, "200 us: dial to 2 failed: connection refused"},
		{"restarted, does not listen yet", func(st *stage) {
			st.must(st.Kill(2))
			st.must(st.Start(2))
		}, 2, "200 us: dial to 2 failed: connection refused"},
		{"unknown machine", func(*stage) {}, 9, "0 us: dial to 9 failed: connection refused"},
		{"itself", func(*stage) {}, 1, "0 us: dial to 1 failed: connection refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			st := newStage(t, 2, nil)
			c.prepare(st)
			st.forget()
			st.dial(1, c.peer, 1)
			st.after(2_000_000)
			st.saw(1, c.want)
		})
	}
}

func TestDialOfAConnectionThatIsThere(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.after(1000)
	st.forget()
	st.dial(1, 2, 1)
	st.after(1000)
	st.saw(1, "1000 us: dial to 2 failed: connection refused")
	st.send(1, 1, 1, "still works")
	st.after(1000)
	st.saw(2, "2100 us: still works from 1")
}

func TestUnlistenKeepsOpenConnections(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.after(1000)
	st.tell(2, func(_ *puppet, o *node.Out) { o.Unlisten(7); o.Unlisten(8) })
	st.forget()
	st.send(1, 1, 1, "a")
	st.dial(1, 2, 2)
	st.after(1000)
	st.saw(2, "1100 us: a from 1")
	st.saw(1, "1200 us: dial to 2 failed: connection refused")
}

func TestDialAcrossACutTimesOut(t *testing.T) {
	st := newStage(t, 2, nil)
	st.forget()
	st.must(st.Partition([]node.ID{1}, []node.ID{2}, false))
	st.dial(1, 2, 1)
	st.after(1_500_000)
	st.saw(1, "1000000 us: dial to 2 failed: timed out")
	st.must(st.Heal())
	st.after(1000)
	st.saw(2)
}

func TestDialAcrossACutThatHeals(t *testing.T) {
	st := newStage(t, 2, nil)
	st.forget()
	st.must(st.Partition([]node.ID{1}, []node.ID{2}, false))
	st.dial(1, 2, 1)
	st.after(500_000)
	st.must(st.Heal())
	st.after(1000)
	st.saw(2, "500100 us: accepted 1")
	st.saw(1, "500200 us: connected to 2")
}

// The answer to a dial is cut off: the dialler gives up, and the other side, which holds an open
// connection, is told so.
func TestDialWhoseAnswerIsCutOff(t *testing.T) {
	st := newStage(t, 2, nil)
	st.forget()
	st.must(st.Partition([]node.ID{2}, []node.ID{1}, true))
	st.dial(1, 2, 1)
	st.after(1_500_000)
	st.saw(1, "1000000 us: dial to 2 failed: timed out")
	st.saw(2, "100 us: accepted 1", "1000100 us: 1 gone: closed")
	st.must(st.Heal())
	st.after(1000)
	st.saw(1)
}

func TestDialWithoutLimitWaits(t *testing.T) {
	st := newStage(t, 2, nil)
	st.forget()
	st.must(st.Partition([]node.ID{1}, []node.ID{2}, false))
	st.tell(1, func(_ *puppet, o *node.Out) { o.Dial(conn(1, 1), 2, 7, 0) })
	st.after(60_000_000)
	st.saw(1)
	st.must(st.Heal())
	st.after(1000)
	st.saw(1, "60000200 us: connected to 2")
}

func TestDiallerChangesItsMind(t *testing.T) {
	st := newStage(t, 2, nil)
	st.forget()
	st.dial(1, 2, 1)
	st.close(1, 1, 1)
	st.after(2_000_000)
	st.saw(1)
	st.saw(2, "100 us: accepted 1", "100 us: 1 gone: closed")
}

// What was sent before a close arrives, then the close. What comes the other way is lost.
func TestCloseComesBehindTheData(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.after(1000)
	st.forget()
	since := st.Recorder().Len()
	st.send(2, 1, 1, "late")
	st.tell(1, func(_ *puppet, o *node.Out) {
		o.Send(conn(1, 1), word("last"))
		o.Close(conn(1, 1))
		o.Send(conn(1, 1), word("never"))
	})
	st.after(1000)
	st.saw(1)
	st.saw(2, "1100 us: last from 1", "1100 us: 1 gone: closed")
	want := []string{"2 world.commanded", "2 toy.said", "1 world.commanded", "1 toy.said",
		"1 net.lost", "2 net.received", "2 net.closed"}
	if got := st.kinds(since); !slices.Equal(got, want) {
		t.Errorf("recorded %v, want %v", got, want)
	}
	st.send(2, 1, 1, "nobody there")
	st.after(1000)
	st.saw(1)
}

func TestEachDirectionIsFirstInFirstOut(t *testing.T) {
	st := newStage(t, 2, func(c *sim.Config) {
		c.Network.Latency = delay.Tail(10*node.Microsecond, 500*node.Microsecond)
	})
	st.dial(1, 2, 1)
	st.after(100_000)
	st.forget()
	var want []string
	for i := range 50 {
		w := fmt.Sprint("w", i)
		want = append(want, w)
		st.send(1, 1, 1, w)
		st.after(20)
	}
	st.after(1_000_000)
	var got []string
	for _, line := range *st.diaries[2] {
		var at, from int
		var w string
		fmt.Sscanf(line, "%d us: %s from %d", &at, &w, &from)
		got = append(got, w)
	}
	if !slices.Equal(got, want) {
		t.Errorf("arrived in the order %v", got)
	}
}

// 1000 bytes a second: a word of 5 letters keeps the line busy for 5 ms, for all connections of the
// direction.
func TestBandwidth(t *testing.T) {
	st := newStage(t, 2, func(c *sim.Config) { c.Network.Bandwidth = 1000 })
	st.dial(1, 2, 1)
	st.dial(1, 2, 2)
	st.after(1000)
	st.forget()
	st.send(1, 1, 1, "12345")
	st.send(1, 1, 2, "12345")
	st.send(2, 1, 1, "1")
	st.after(20_000)
	st.saw(2, "6100 us: 12345 from 1", "11100 us: 12345 from 1")
	st.saw(1, "2100 us: 1 from 2")
}

func TestKillClosesBehindTheData(t *testing.T) {
	st := newStage(t, 3, nil)
	st.dial(1, 2, 1)
	st.dial(3, 1, 1)
	st.after(1000)
	st.forget()
	st.send(1, 1, 1, "last")
	st.must(st.Kill(1))
	st.after(1000)
	st.saw(2, "1100 us: last from 1", "1100 us: 1 gone: closed")
	st.saw(3, "1100 us: 1 gone: closed")
	st.saw(1)
}

func TestKillBehindACutIsSeenAfterItHeals(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.after(1000)
	st.must(st.Partition([]node.ID{1}, []node.ID{2}, false))
	st.forget()
	st.send(1, 1, 1, "last")
	st.must(st.Kill(1))
	st.after(9000)
	st.saw(2)
	st.must(st.Heal())
	st.after(1000)
	st.saw(2, "10100 us: last from 1", "10100 us: 1 gone: closed")
}

// Bytes wait behind a cut, those under way when it came too, and arrive in order.
func TestCutMakesBytesWait(t *testing.T) {
	st := newStage(t, 2, func(c *sim.Config) {
		c.Network.Retransmit = delay.Always(3 * node.Millisecond)
	})
	st.dial(1, 2, 1)
	st.after(1000)
	st.forget()
	st.send(1, 1, 1, "a")
	st.must(st.Partition([]node.ID{2}, []node.ID{1}, false))
	st.send(1, 1, 1, "b")
	st.after(5000)
	st.saw(2)
	st.must(st.Heal())
	st.after(5000)
	st.saw(2, "9000 us: a from 1", "9000 us: b from 1")
}

func TestOneWayCut(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.after(1000)
	st.forget()
	st.must(st.Partition([]node.ID{1}, []node.ID{2}, true))
	st.send(1, 1, 1, "there")
	st.send(2, 1, 1, "back")
	st.after(1000)
	st.saw(1, "1100 us: back from 2")
	st.saw(2)
}

func TestCutsLeaveOthersAlone(t *testing.T) {
	st := newStage(t, 3, nil)
	st.dial(1, 2, 1)
	st.dial(1, 3, 2)
	st.after(1000)
	st.forget()
	st.must(st.Partition([]node.ID{1}, []node.ID{2}, false))
	st.send(1, 1, 1, "x")
	st.send(1, 1, 2, "x")
	st.after(1000)
	st.saw(2)
	st.saw(3, "1100 us: x from 1")
}

// A machine that loses power closes like a killed one, unless it is silent: then its peer learns of
// it by the answer to what it sends once the machine is back.
func TestSilentCrash(t *testing.T) {
	silent := func(c *sim.Config) { c.Network.CrashSilent = true }
	st := newStage(t, 2, silent)
	st.dial(1, 2, 1)
	st.after(1000)
	st.forget()
	st.must(st.Crash(2, 0))
	st.send(1, 1, 1, "anybody there?")
	st.dial(1, 2, 2)
	st.after(1_500_000)
	st.saw(1, "1001000 us: dial to 2 failed: timed out")
	st.start(2)
	st.after(1000)
	st.saw(1, "1501200 us: 2 gone: connection reset")
	st.saw(2, "1501000 us: start 2")
	st.dial(1, 2, 3)
	st.after(1000)
	st.saw(1, "1502200 us: connected to 2")
}

func TestCrashClosesConnections(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.after(1000)
	st.forget()
	st.must(st.Crash(2, 0))
	st.after(1000)
	st.saw(1, "1100 us: 2 gone: closed")
}

// A silent peer of a closed connection: both sides are gone, nothing is left to wait for.
func TestSilentCrashOfBothSides(t *testing.T) {
	st := newStage(t, 2, func(c *sim.Config) { c.Network.CrashSilent = true })
	st.dial(1, 2, 1)
	st.after(1000)
	st.must(st.Crash(2, 0))
	st.must(st.Crash(1, 0))
	st.start(1)
	st.start(2)
	st.forget()
	st.after(1000)
	st.saw(1)
	st.saw(2)
	if p := st.Pending(); len(p) != 0 {
		t.Errorf("still pending: %v", p)
	}
}

func TestBreakResetsBothSides(t *testing.T) {
	st := newStage(t, 3, nil)
	st.dial(1, 2, 1)
	st.dial(2, 1, 1)
	st.dial(1, 3, 2)
	st.after(1000)
	st.dial(1, 2, 3)
	st.send(1, 1, 1, "lost")
	st.forget()
	since := st.Recorder().Len()
	st.must(st.Break(2, 1))
	st.after(1000)
	st.saw(1, "1100 us: 2 gone: connection reset", "1100 us: 2 gone: connection reset",
		"1100 us: dial to 2 failed: connection reset")
	st.saw(2, "1100 us: 1 gone: connection reset", "1100 us: 1 gone: connection reset")
	st.saw(3)
	if got := st.kinds(since)[:2]; !slices.Equal(got, []string{"0 world.noted", "2 net.lost"}) {
		t.Errorf("recorded %v", got)
	}
	if err := st.Break(1, 2); err == nil ||
		err.Error() != "server 1 and server 2 have no connection" {
		t.Errorf("second break: %v", err)
	}
}

// Losing one packet loses all behind it, and the connection.
func TestDropBreaksTheConnection(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.after(1000)
	st.forget()
	st.send(1, 1, 1, "a", "b", "c")
	var sent []node.Seq
	for _, p := range st.Pending() {
		sent = append(sent, p.Seq)
	}
	st.must(st.Drop(sent[1]))
	st.after(1000)
	st.saw(2, "1100 us: a from 1", "1100 us: 1 gone: connection reset")
	st.saw(1, "1100 us: 2 gone: connection reset")
	if err := st.Drop(sent[1]); err == nil {
		t.Error("dropped twice")
	}
}

func TestDefaultsOfTheNetwork(t *testing.T) {
	for name, c := range map[string]struct {
		config network.Config
		lo, hi node.Time
	}{
		"zero value": {network.Config{}, 100, 200},
		"loopback":   {network.Loopback(), 20, 40},
	} {
		st := newStage(t, 2, func(x *sim.Config) { x.Network = c.config })
		st.dial(1, 2, 1)
		for _, p := range st.Pending() {
			us := p.At / node.Microsecond
			if p.Kind == node.Accepted && (us < c.lo || us > c.hi) {
				t.Errorf("%s: a packet takes %d us, not %d to %d", name, us, c.lo, c.hi)
			}
		}
	}
}
