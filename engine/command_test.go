package engine

import (
	"bytes"
	"fmt"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/scenario"
)

// worn is an ensemble of five in which much can be refused: 1 is paused, 2 down with a clean disk, 3
// up, 4 cut off, and what goes from 3 to 5 is held.
func worn(t *testing.T) *running {
	t.Helper()
	r := start(t, Config{Servers: 5, Seed: 3})
	r.pass(3 * Second)
	r.wants(3, "create /a one", "Created /a")
	r.do("stop 2", "partition 4 | 3,5", "hold 3 to 5", "pause 1")
	return r
}

// badLines are lines that must be refused, by verb: a bad server stands among good ones, at each
// place; or the state does not allow it.
var badLines = map[string][]string{
	"start":     {"start 2,9", "start 9,2", "start 2,3", "start 2,1", "start 2 gap 1s"},
	"kill":      {"kill 3,9", "kill 9,3", "kill 3,2", "kill 2", "kill 3,3", "kill 3 until serving 1"},
	"stop":      {"stop 3,9", "stop 3,1", "stop 3,2", "stop 9"},
	"crash":     {"crash 3,9", "crash 9,3", "crash 3,2", "crash 2"},
	"pause":     {"pause 9", "pause 1", "pause 2"},
	"resume":    {"resume 9", "resume 2", "resume 3"},
	"wipe":      {"wipe 9", "wipe 3", "wipe 1"},
	"skew":      {"skew 9 rate 2", "skew 3 rate 11", "skew 3 rate 0"},
	"disk":      {"disk 9 slow", "disk 3 wet"},
	"partition": {"partition 3 | 5,9", "partition 9,3 | 5", "partition 3,5 | 4,5"},
	"heal":      {"heal 1", "heal quiet 1s"},
	"hold":      {"hold 3 to 9", "hold 9 to 3", "hold 3 to 3", "hold 3 to 5"},
	"release":   {"release 3 to 9", "release 5 to 3", "release 3 to 3"},
	"deliver":   {"deliver 9 to 3", "deliver 5 to 2", "deliver 3 to 5 count 100000"},
	"lose":      {"lose 9 to 3", "lose 3 to 2", "lose 3 to 5 packet TRUNC"},
	"arrive":    {"arrive 1", "arrive 999999"},
	"vanish":    {"vanish 1", "vanish 999999"},
	"fire":      {"fire 9 leader.tick", "fire 3 nothing", "fire 2 leader.tick"},
	"flush":     {"flush 9", "flush 2"},
	"write":     {"write 9 create /b", "write 3 create b", "write 3 create /b leave_open"},
	"read":      {"read 9 /a", "read 3 a"},
	"wait":      {"wait"}, "note": {`note "x"`}, "bulk": {"bulk 3 /a count 2"},
	"client": {"client c via 3"}, "do": {"do c get /a"}, "send": {"send c get /a"},
	"drop": {"drop c"}, "move": {"move c via 3"}, "end": {"end c"}, "refused": {"refused 3"},
	"reconfig": {"reconfig 3 leaving 5"},
}

// A line that is refused has done nothing: the trace is as long, the same things may happen next, and
// what happens later is what happens without it.
func TestARefusedLineLeavesTheRunAsItIs(t *testing.T) {
	r, other := worn(t), worn(t)
	for _, c := range scenario.Commands() {
		if len(badLines[c.Name]) == 0 {
			t.Errorf("nothing bad is tried with %s", c.Name)
		}
		for _, line := range badLines[c.Name] {
			trace, may, now := r.rec.Bytes(), fmt.Sprint(r.Choices()), r.Now()
			err := r.Do(line)
			if err == nil {
				t.Fatalf("%s was carried out", line)
			}
			if !bytes.Equal(trace, r.rec.Bytes()) {
				t.Fatalf("%s: %v; but it left a trace", line, err)
			}
			if may != fmt.Sprint(r.Choices()) || now != r.Now() {
				t.Fatalf("%s: %v; but other things may happen next", line, err)
			}
		}
	}
	for _, x := range []*running{r, other} {
		x.do("heal", "resume 1", "start 2", "release 3 to 5", "write 3 set /a two")
		x.pass(10 * Second)
	}
	if !bytes.Equal(r.rec.Bytes(), other.rec.Bytes()) {
		t.Error("what was refused shows later")
	}
}

// Each error is the sentence that the scenario language has for it.
func TestARefusalSaysWhy(t *testing.T) {
	r := worn(t)
	for line, want := range map[string]string{
		"kill 1,9":            "there is no server 9 in this ensemble",
		"kill 3,2":            "server 2 is down",
		"start 2,3":           "server 3 is running already",
		"stop 3,1":            "server 1 is paused; resume it or kill it",
		"crash 2":             "server 2 is down",
		"disk 3 wet":          `there is no disk fault "wet"; there are slow, full, broken, whole`,
		"kill 3 until min 1s": "until is for scenarios; leave it out here",
		"start 2 gap 1s":      "gap is for scenarios; leave it out here",
		"wait":                "wait works in scenarios, not in a run that is watched",
	} {
		if err := r.Do(line); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}

// A process that was killed leaves what it had not synced in the page cache: the power can still fail,
// here as in scenarios.
func TestThePowerMayFailBehindAKill(t *testing.T) {
	r := trio(t)
	r.types(3, "create /a one")
	for lost := false; !lost; lost = r.sim.Disk(3).Dirty() {
		r.Step()
	}
	for _, line := range []string{"kill 3", "crash 3"} {
		if err := r.Do(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Do("crash 3"); err == nil || err.Error() != "server 3 is down" {
		t.Errorf("there is nothing left to lose, and it says %v", err)
	}
	if n := r.count(0, 3, node.KindCrashed); n != 1 {
		t.Errorf("the power failed %d times", n)
	}
}
