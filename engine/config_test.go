package engine

import (
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

func TestANumberOutOfItsBoundsIsRefusedWithASentence(t *testing.T) {
	const ms = Second / 1000
	for _, c := range []struct {
		Config
		want string
	}{
		{Config{}, "an ensemble has 1 to 25 servers, and one of them votes; " +
			"not 0 that vote and 0 that observe"},
		{Config{Servers: 26}, "an ensemble has 1 to 25 servers, and one of them votes; " +
			"not 26 that vote and 0 that observe"},
		{Config{Servers: 20, Observers: 6}, "an ensemble has 1 to 25 servers, and one of them " +
			"votes; not 20 that vote and 6 that observe"},
		{Config{Servers: 3, Observers: -1}, "an ensemble has 1 to 25 servers, and one of them " +
			"votes; not 3 that vote and -1 that observe"},
		{Config{Servers: 3, Standalone: true}, "a server that runs alone is one server and has no " +
			"observers; not 3 that vote and 0 that observe"},
		{Config{Servers: 1, Observers: 1, Standalone: true}, "a server that runs alone is one " +
			"server and has no observers; not 1 that vote and 1 that observe"},
		{Config{Servers: 3, TickTime: 9},
			"tickTime is a number of milliseconds from 10 to 60000, not 9"},
		{Config{Servers: 3, TickTime: 60001},
			"tickTime is a number of milliseconds from 10 to 60000, not 60001"},
		{Config{Servers: 3, InitLimit: -1}, "initLimit is a number of ticks from 1 to 1000, not -1"},
		{Config{Servers: 3, SyncLimit: 1001},
			"syncLimit is a number of ticks from 1 to 1000, not 1001"},
		{Config{Servers: 3, SnapCount: 1},
			"snapCount is a number of transactions from 2 to 1000000, not 1"},
		{Config{Servers: 3, LatencyMin: 2 * ms, LatencyMax: ms}, "a message is under way for 0 to " +
			"10 s, the least time before the greatest; not for 2000 to 1000 µs"},
		{Config{Servers: 3, LatencyMin: -ms}, "a message is under way for 0 to 10 s, the least " +
			"time before the greatest; not for -1000 to 0 µs"},
		{Config{Servers: 3, LatencyMax: 11 * Second}, "a message is under way for 0 to 10 s, the " +
			"least time before the greatest; not for 0 to 11000000 µs"},
		{Config{Servers: 3, Options: zk.Options{CheckLeader: true}}, `there is no ` +
			`learner.syncVariant ""; there are v34snap, v2678, v3911, v4785, v4394, fixed`},
		{Config{Servers: 3, Options: zk.Options{SyncVariant: "banana"}}, `there is no ` +
			`learner.syncVariant "banana"; there are v34snap, v2678, v3911, v4785, v4394, fixed`},
	} {
		if _, err := NewRun(c.Config); err == nil || err.Error() != c.want {
			t.Errorf("%+v: got %v\nwant %s", c.Config, err, c.want)
		}
	}
}

func TestBoundsThemselvesAreTaken(t *testing.T) {
	for _, c := range []Config{
		{Servers: 1}, {Servers: 25}, {Servers: 1, Observers: 24}, {Servers: 1, Standalone: true},
		{Servers: 2, TickTime: 10, InitLimit: 1, SyncLimit: 1, SnapCount: 2},
		{Servers: 2, TickTime: 60000, InitLimit: 1000, SyncLimit: 1000, SnapCount: 1000000},
		{Servers: 2, LatencyMax: 10 * Second}, {Servers: 2, LatencyMin: 1, LatencyMax: 1},
	} {
		if _, err := NewRun(c); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestAnEnsembleOfOneIsNoStandaloneServer(t *testing.T) {
	r := start(t, Config{Servers: 1, Seed: 1})
	r.pass(3 * Second)
	r.are("LEADING")
	r.wants(1, "create /a", "Created /a")
	r.is(1, event.CurrentEpoch, "1")
	r = start(t, Config{Servers: 1, Standalone: true, Seed: 1})
	r.are("STANDALONE")
	r.wants(1, "create /a", "Created /a")
	r.is(1, event.CurrentEpoch, "")
}

func TestTwentyFiveServersElectTheLast(t *testing.T) {
	r := start(t, Config{Servers: 20, Observers: 5, Seed: 3})
	r.pass(5 * Second)
	r.are(strings.Repeat("FOLLOWING, ", 19) + "LEADING" + strings.Repeat(", OBSERVING", 5))
	r.wants(25, "create /a one", "Created /a")
	r.wants(1, "get /a", "one")
}

// Every message between two servers is under way for as long as the configuration allows, and no
// two kinds of it are treated differently.
func TestLatencyIsThatOfTheConfiguration(t *testing.T) {
	const ms = Second / 1000
	r := start(t, Config{Servers: 3, Seed: 4, LatencyMin: 20 * ms, LatencyMax: 30 * ms})
	r.pass(5 * Second)
	seen, least, most := 0, 10*Second, Time(0)
	r.rec.Iterate(1, r.rec.Len(), func(e *trace.Event) bool {
		if e.Kind == node.KindReceived {
			sent, _ := r.rec.At(e.Cause)
			took := e.Time - sent.Time
			seen, least, most = seen+1, min(least, took), max(most, took)
		}
		return true
	})
	if seen < 50 || least < 20*ms || most < 25*ms || most > 40*ms {
		t.Errorf("%d messages took %d to %d µs", seen, least/micro, most/micro)
	}
}

// A leader without followers gives up after syncLimit ticks.
func TestTicksAndLimitsAreThoseOfTheConfiguration(t *testing.T) {
	gaveUp := func(c Config) Time {
		c.Servers, c.Seed = 3, 1
		r := start(t, c)
		r.pass(5 * Second)
		r.are("FOLLOWING, FOLLOWING, LEADING")
		cut := r.Now()
		if err := r.Do("partition 3 | 1,2"); err != nil {
			t.Fatal(err)
		}
		r.pass(60 * Second)
		return r.find(3, event.SteppedDown).Time - cut
	}
	for _, c := range []struct {
		Config
		least, most Time // seconds
	}{
		{Config{TickTime: 100, SyncLimit: 10}, 1, 2},
		{Config{TickTime: 1000, SyncLimit: 10}, 9, 12},
		{Config{TickTime: 1000, SyncLimit: 20}, 19, 22},
	} {
		if d := gaveUp(c.Config); d < c.least*Second || d > c.most*Second {
			t.Errorf("with %d ticks of %d ms the leader gave up after %d ms", c.SyncLimit,
				c.TickTime, d*1000/Second)
		}
	}
}

func TestSnapCountIsThatOfTheConfiguration(t *testing.T) {
	r := start(t, Config{Servers: 1, Standalone: true, Seed: 1, SnapCount: 10})
	r.wants(1, "create /a", "Created /a")
	before := r.rec.Len()
	for range 50 {
		r.wants(1, "set /a x")
	}
	if n := r.count(before, 1, event.SnapshotTaken); n < 5 || n > 12 {
		t.Errorf("%d snapshots in 50 transactions", n)
	}
}

func TestOptionsAreThoseOfTheConfiguration(t *testing.T) {
	for name, o := range map[string]zk.Options{"3.8.0": zk.Options3_8_0(),
		"correct": zk.OptionsCorrect()} {
		r := start(t, Config{Servers: 1, Options: o})
		if got := r.Recorder().Header().Options; got != o {
			t.Errorf("%s became %+v", name, got)
		}
	}
	if got := start(t, Config{Servers: 3}).Recorder().Header().Options; got != zk.Options3_8_0() {
		t.Errorf("nothing said became %+v", got)
	}
	odd := zk.Options3_8_0()
	odd.SyncVariant, odd.TruncPosBug = zk.SyncV4785, true
	r := start(t, Config{Servers: 3, Options: odd})
	if got := r.Recorder().Header().Options; got != odd {
		t.Errorf("options became %+v", got)
	}
}
