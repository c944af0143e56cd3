package engine

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
)

// origins are the ways in which a run begins.
func origins() map[string]Origin {
	return map[string]Origin{
		"config": {Config: Config{Servers: 3, Seed: 4, Options: zk.Options3_8_0()}},
		"preset": {Preset: "lost-proposal", Seed: 4},
		"script": {Script: "servers 1,2,3\nseed 4\nstart 1,2,3 until serving 1,2,3"},
	}
}

// Whoever listens hears each message that arrives, in order, from the first on; and the run is the same
// as without a listener.
func TestOriginsAreHeardFromTheFirstMessageOn(t *testing.T) {
	for name, o := range origins() {
		var heard []Seq
		r, err := o.Open(func(d sim.Delivery) { heard = append(heard, d.Seq) })
		if err != nil {
			t.Fatal(err)
		}
		quiet, err := o.Open(nil)
		if err != nil {
			t.Fatal(err)
		}
		until := r.Now() + 2*Second
		r.RunUntil(until)
		quiet.RunUntil(until)
		if quiet.Recorder().Hash() != r.Recorder().Hash() {
			t.Errorf("%s: listening changes the run", name)
		}
		i := 0
		r.Recorder().Iterate(1, r.Recorder().Len(), func(e *trace.Event) bool {
			if e.Kind == node.KindReceived {
				if i >= len(heard) || heard[i] != e.Seq {
					t.Fatalf("%s: message %d, event %d, was not heard", name, i, e.Seq)
				}
				i++
			}
			return true
		})
		if i != len(heard) || i == 0 {
			t.Errorf("%s: %d messages were heard, %d arrived", name, len(heard), i)
		}
	}
}

// The scenario of an origin leads to the same world: the same leader, the same logs.
func TestTheScenarioOfAnOriginDoesTheSame(t *testing.T) {
	for name, o := range origins() {
		sc, err := o.Scenario()
		if err != nil {
			t.Fatal(err)
		}
		one, err := o.Open(nil)
		if err != nil {
			t.Fatal(err)
		}
		two, err := Origin{Script: sc.Text()}.Open(nil)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, sc.Text())
		}
		until := max(one.Now(), two.Now()) + 3*Second
		one.RunUntil(until)
		two.RunUntil(until)
		for _, id := range []int{1, 2, 3} {
			a, errA := one.Status(id)
			b, errB := two.Status(id)
			if errA != nil || errB != nil || a[len(a)-1] != b[len(b)-1] {
				t.Errorf("%s: server %d: %v, %v", name, id, a, b)
			}
		}
	}
}

func TestOriginsThatMakeNoSense(t *testing.T) {
	for _, o := range []Origin{{}, {Preset: "none"}, {Script: "frob"},
		{Config: Config{Servers: MaxServers + 1}}} {
		if _, err := o.Scenario(); err == nil {
			t.Errorf("%+v has a scenario", o)
		}
		if _, err := o.Open(nil); err == nil {
			t.Errorf("%+v opens", o)
		}
	}
}
