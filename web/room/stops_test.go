package room

import (
	"slices"
	"strings"
	"testing"

	"zabscope/engine"
	"zabscope/engine/node"
)

func TestTheHeadStandsAtAMomentThatSomebodyAskedFor(t *testing.T) {
	script := append(every(ms, 5, noted), happening{6 * ms, node.KindViolated},
		happening{7 * ms, noted})
	d, v := watched(t, newToy(script...))
	d.speed = 1
	if err := d.moveHead("stop violation commit"); err != nil {
		t.Fatal(err)
	}
	if h := read(t, v)[0].Head; !slices.Equal(h.Stops, []engine.Stop{"commit", "violation"}) {
		t.Errorf("everybody hears what was asked for, not %v", h.Stops)
	}
	for range 3 {
		d.tick(frameEvery)
	}
	told := read(t, v)
	if got := seqs(t, told); !slices.Equal(got, upTo(1, 6)) {
		t.Errorf("events %v: the head passed the violation", got)
	}
	last := told[len(told)-1].Head
	if last == nil || last.Playing || last.Stopped == nil || last.Stopped.By != engine.StopViolation ||
		last.Stopped.Seq != 6 {
		t.Errorf("head %+v", last)
	}

	if err := d.moveHead("play"); err != nil {
		t.Fatal(err)
	}
	if h := read(t, v)[0].Head; h.Stopped != nil || len(h.Stops) != 2 {
		t.Errorf("head %+v: it runs, and will stop again", h)
	}
	d.tick(frameEvery)
	if got := seqs(t, read(t, v)); !slices.Equal(got, []int{7}) {
		t.Errorf("events %v after the violation", got)
	}
}

func TestACommandMayLeadToSuchAMoment(t *testing.T) {
	d, v := watched(t, newToy())
	d.stops = []engine.Stop{engine.StopViolation}
	err := d.act(Action{Do: "kill 1"}, func() error {
		d.world.(*toy).happen(node.KindViolated)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	told := read(t, v)
	if h := told[len(told)-1].Head; h == nil || h.Playing || h.Stopped == nil || h.Stopped.Seq != 1 {
		t.Errorf("head %+v", h)
	}
}

func TestTheHeadStandsWhenNothingCanHappen(t *testing.T) {
	d, v := watched(t, newToy(every(ms, 2, noted)...))
	d.speed, d.stops = 1, []engine.Stop{engine.StopNothing}
	d.tick(frameEvery)
	told := read(t, v)
	if h := told[len(told)-1].Head; h == nil || h.Playing || h.Stopped == nil || h.Stopped.Seq != 2 {
		t.Errorf("head %+v", h)
	}
}

func TestAStopThatIsNoneIsRefused(t *testing.T) {
	d, _ := watched(t, newToy())
	d.stops = []engine.Stop{engine.StopVote}
	err := d.moveHead("stop TRUNC tea")
	if err == nil || !strings.Contains(err.Error(), "vote elected epoch DIFF TRUNC SNAP") ||
		!strings.Contains(err.Error(), `not at "tea"`) {
		t.Errorf("%v", err)
	}
	if !slices.Equal(d.stops, []engine.Stop{engine.StopVote}) {
		t.Errorf("stops %v: a refusal changes nothing", d.stops)
	}
	if err := d.moveHead("stop"); err != nil || len(d.stops) != 0 {
		t.Errorf("%v, stops %v", err, d.stops)
	}
}
