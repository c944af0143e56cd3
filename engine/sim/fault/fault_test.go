package fault

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim/disk"
)

var five = []node.ID{1, 2, 3, 4, 5}

// board is a world that writes down what is done to it, and refuses what a real one would.
type board struct {
	up, frozen map[node.ID]bool
	cut        bool
	calls      []string
}

func newBoard() *board {
	b := &board{up: map[node.ID]bool{}, frozen: map[node.ID]bool{}}
	for _, id := range five {
		b.up[id] = true
	}
	return b
}

func (b *board) did(ok bool, format string, args ...any) error {
	call := fmt.Sprintf(format, args...)
	if !ok {
		return fmt.Errorf("cannot %s", call)
	}
	b.calls = append(b.calls, call)
	return nil
}

func (b *board) end(id node.ID, format string, args ...any) error {
	err := b.did(b.up[id], format, args...)
	b.up[id], b.frozen[id] = false, false
	return err
}

func (b *board) IDs() []node.ID         { return five }
func (b *board) Up(id node.ID) bool     { return b.up[id] }
func (b *board) Paused(id node.ID) bool { return b.frozen[id] }
func (b *board) ReleaseAll()            { _ = b.did(true, "release all") }

func (b *board) Start(id node.ID) error {
	err := b.did(!b.up[id], "start %d", id)
	b.up[id] = true
	return err
}

func (b *board) Stop(id node.ID) error { return b.end(id, "stop %d", id) }
func (b *board) Kill(id node.ID) error { return b.end(id, "kill %d", id) }

func (b *board) Crash(id node.ID, torn disk.Torn) error { return b.end(id, "crash %d %d", id, torn) }

func (b *board) Pause(id node.ID) error {
	err := b.did(b.up[id] && !b.frozen[id], "pause %d", id)
	b.frozen[id] = true
	return err
}

func (b *board) Resume(id node.ID) error {
	err := b.did(b.frozen[id], "resume %d", id)
	b.frozen[id] = false
	return err
}

func (b *board) Wipe(id node.ID) error { return b.did(!b.up[id], "wipe %d", id) }

func (b *board) Partition(x, y []node.ID, oneWay bool) error {
	b.cut = true
	return b.did(len(x) > 0 && len(y) > 0, "partition %v %v %v", x, y, oneWay)
}

func (b *board) Heal() error {
	err := b.did(b.cut, "heal")
	b.cut = false
	return err
}

func (b *board) Break(x, y node.ID) error { return b.did(x != y, "break %d %d", x, y) }

func (b *board) SlowDisk(id node.ID, by node.Time) error { return b.did(true, "slow %d %d", id, by) }
func (b *board) FillDisk(id node.ID, n int64) error      { return b.did(true, "fill %d %d", id, n) }
func (b *board) FailSync(id node.ID) error               { return b.did(true, "failSync %d", id) }
func (b *board) RepairDisk(id node.ID) error             { return b.did(true, "repair %d", id) }
func (b *board) Skew(id node.ID, rate float64) error     { return b.did(true, "skew %d %v", id, rate) }

var everyKind = []Fault{
	{Kind: Stop, Node: 1}, {Kind: Start, Node: 1}, {Kind: Kill, Node: 2},
	{Kind: Wipe, Node: 2}, {Kind: Crash, Node: 3, Bytes: -1}, {Kind: Pause, Node: 4},
	{Kind: Resume, Node: 4}, {Kind: Partition, A: []node.ID{1, 2}, B: []node.ID{3}, OneWay: true},
	{Kind: Heal}, {Kind: Break, Node: 1, Peer: 5}, {Kind: SlowDisk, Node: 1, Delay: 7},
	{Kind: FillDisk, Node: 1, Bytes: 9}, {Kind: FailSync, Node: 1}, {Kind: RepairDisk, Node: 1},
	{Kind: Skew, Node: 1, Rate: 1.5}, {Kind: Quiet},
}

func TestApplyDoesWhatTheFaultSays(t *testing.T) {
	b := newBoard()
	for _, f := range everyKind {
		if err := Apply(b, f); err != nil {
			t.Errorf("%s: %v", f.Kind, err)
		}
	}
	want := []string{"stop 1", "start 1", "kill 2", "wipe 2", "crash 3 -1", "pause 4", "resume 4",
		"partition [1 2] [3] true", "heal", "break 1 5", "slow 1 7", "fill 1 9", "failSync 1",
		"repair 1", "skew 1 1.5"}
	if !slices.Equal(b.calls, want) {
		t.Errorf("did %q", b.calls)
	}
}

func TestApplyRefuses(t *testing.T) {
	b := newBoard()
	for _, f := range []Fault{{Kind: "flood"}, {}, {Kind: Start, Node: 1}, {Kind: Resume, Node: 1},
		{Kind: Heal}} {
		if err := Apply(b, f); err == nil {
			t.Errorf("%q was applied", f.Kind)
		}
	}
	if b.calls != nil {
		t.Errorf("but did %q", b.calls)
	}
}

// Settle leaves a world in which everything runs.
func TestSettle(t *testing.T) {
	b := newBoard()
	_ = b.Kill(1)
	_ = b.Pause(2)
	_ = b.Partition(five[:1], five[1:], false)
	b.calls = nil
	if err := Apply(b, Fault{Kind: Settle}); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(b.calls, ", ")
	want := "heal, release all, repair 1, skew 1 1, start 1, repair 2, skew 2 1, resume 2, " +
		"repair 3, skew 3 1, repair 4, skew 4 1, repair 5, skew 5 1"
	if got != want {
		t.Errorf("did %s", got)
	}
}

func TestFaultsAreData(t *testing.T) {
	for _, f := range everyKind {
		b, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var back Fault
		if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, f) {
			t.Errorf("%s came back as %+v: %v", b, back, err)
		}
	}
	b, _ := json.Marshal(Fault{At: 5, Kind: Kill, Node: 2})
	if string(b) != `{"at":5,"kind":"kill","node":2}` {
		t.Errorf("written as %s", b)
	}
}

// every calls f with the schedules of many seeds.
func every(t *testing.T, o Options, f func(t *testing.T, s []Fault)) {
	for seed := range uint64(300) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { f(t, Schedule(seed, o)) })
	}
}

// A schedule is in order of time, ends with Settle and quiet, and does nothing that a world in which
// nothing else happens would refuse.
func TestSchedulesFitTheWorld(t *testing.T) {
	o := Options{Machines: five, Begin: node.Second, Kinds: []Kind{Kill, Crash, Stop, Pause, Wipe,
		Partition, Break, SlowDisk, FillDisk, FailSync, Skew}}
	every(t, o, func(t *testing.T, s []Fault) {
		n := len(s)
		if n < 3 || s[n-2].Kind != Settle || s[n-1].Kind != Quiet ||
			s[n-2].At != 21*node.Second || s[n-1].At != 41*node.Second {
			t.Fatalf("ends with %+v", s[max(0, n-2):])
		}
		b, last := newBoard(), node.Second
		for _, f := range s {
			if f.At < last {
				t.Errorf("%+v comes after %d", f, last)
			}
			last = f.At
			if err := Apply(b, f); err != nil {
				t.Errorf("%+v: %v", f, err)
			}
		}
	})
}

func TestMaxDown(t *testing.T) {
	every(t, Options{Machines: five, MaxDown: 2}, func(t *testing.T, s []Fault) {
		b := newBoard()
		for _, f := range s {
			_ = Apply(b, f)
			down := 0
			for _, id := range five {
				if !b.up[id] || b.frozen[id] {
					down++
				}
			}
			if down > 2 {
				t.Fatalf("%d are down after %+v", down, f)
			}
		}
	})
}

func TestSameSeedSameSchedule(t *testing.T) {
	o := Options{Machines: five}
	for seed := range uint64(50) {
		if !reflect.DeepEqual(Schedule(seed, o), Schedule(seed, o)) {
			t.Errorf("seed %d gave two schedules", seed)
		}
		if reflect.DeepEqual(Schedule(seed, o), Schedule(seed+1, o)) {
			t.Errorf("seeds %d and %d gave the same schedule", seed, seed+1)
		}
	}
}

// Swarm testing: each usual kind is absent from many schedules and present in many, and so are pairs
// of kinds.
func TestSeedsDifferInTheirKinds(t *testing.T) {
	with := map[Kind]int{}
	alone := 0
	for seed := range uint64(300) {
		seen := map[Kind]bool{}
		for _, f := range Schedule(seed, Options{Machines: five}) {
			if slices.Contains(usualKinds, f.Kind) && (f.Kind != Skew || f.Rate != 1) {
				seen[f.Kind] = true
			}
		}
		for k := range seen {
			with[k]++
		}
		if len(seen) == 1 {
			alone++
		}
	}
	for _, k := range usualKinds {
		if with[k] < 60 || with[k] > 240 {
			t.Errorf("%s is in %d of 300 schedules", k, with[k])
		}
	}
	if alone == 0 {
		t.Error("no schedule has a kind alone")
	}
}

// Gap is the mean time between faults, as long as there is something left to break.
func TestGap(t *testing.T) {
	n := 0
	for seed := range uint64(100) {
		n += len(Schedule(seed, Options{Machines: five, Kinds: []Kind{Partition},
			Gap: 100 * node.Millisecond})) - 2
	}
	if mean := 100 * 20 * node.Second / node.Time(n); mean < 70*node.Millisecond ||
		mean > 140*node.Millisecond {
		t.Errorf("one fault every %d ms", mean/node.Millisecond)
	}
}

func TestSchedulesWithoutMachinesOrKinds(t *testing.T) {
	for _, o := range []Options{{}, {Machines: five, Kinds: []Kind{}},
		{Machines: five[:1], Kinds: []Kind{Partition, Break}}} {
		if s := Schedule(1, o); len(s) != 2 {
			t.Errorf("%+v: %v", o, s)
		}
	}
}
