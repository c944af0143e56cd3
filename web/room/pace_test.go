package room

import (
	"testing"
	"time"

	"zabscope/engine"
)

func TestParseSpeed(t *testing.T) {
	for text, want := range map[string]struct {
		speed speed
		ok    bool
	}{
		"auto": {0, true}, "1": {1, true}, "0.05": {0.05, true}, "10": {10, true},
		"0.0001": {0.0001, true}, "0": {0, false}, "-1": {0, false}, "11": {0, false},
		"": {0, false}, "1x": {0, false}, "Inf": {0, false},
	} {
		got, ok := parseSpeed(text)
		if ok != want.ok || ok && got != want.speed {
			t.Errorf("%q: %v, %t", text, got, ok)
		}
		if ok && got.String() != text {
			t.Errorf("%q is written %q", text, got)
		}
	}
}

func TestAutoIsSlowAfterADecisionAndFasterTheLongerNothingIsDecided(t *testing.T) {
	var auto speed
	last := 0.0
	for _, quiet := range []engine.Time{0, ms / 10, ms, 10 * ms, 100 * ms, engine.Second} {
		r := auto.rate(quiet)
		if r < last || r < slowest || r > fastest {
			t.Errorf("%d ns after a decision: %g, before that %g", quiet, r, last)
		}
		last = r
	}
	if auto.rate(0) != slowest || auto.rate(engine.Second) != fastest {
		t.Errorf("from %g to %g", auto.rate(0), auto.rate(engine.Second))
	}
}

// An election takes some 10 ms in which much is decided and 200 ms of finalizeWait.
func TestAtSpeedAutoAnElectionTakesSeveralSecondsOnScreen(t *testing.T) {
	const decisions = 40
	var script []happening
	for i := range decisions {
		at := engine.Time(i) * ms / 5
		if i >= decisions/2 {
			at += 200 * ms
		}
		script = append(script, happening{at, decided})
	}
	d, v := watched(t, newToy(script...))
	var wall time.Duration
	for d.frames.last < decisions {
		d.tick(frameEvery)
		wall += frameEvery
		read(t, v)
	}
	if wall < 4*time.Second || wall > 12*time.Second {
		t.Errorf("%v", wall)
	}
}

func TestAtSpeedAutoTheHeadStopsShortAtADecision(t *testing.T) {
	d, _ := watched(t, newToy(happening{500 * ms, decided}, happening{501 * ms, noted}))
	d.world.RunUntil(499 * ms)
	d.tick(longestTick) // at full speed: 100 ms
	if d.world.Now() != 500*ms {
		t.Errorf("went to %d ns", d.world.Now())
	}
}

func TestAMachineThatSleptDoesNotRunThroughWhatItSlept(t *testing.T) {
	d, _ := watched(t, newToy())
	d.speed = 1
	d.tick(time.Hour)
	if d.world.Now() != engine.Time(longestTick) {
		t.Errorf("an hour became %d ns", d.world.Now())
	}
}
