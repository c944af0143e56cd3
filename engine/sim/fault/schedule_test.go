package fault

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/node"
)

// allKinds are those that a schedule can be asked to use.
var allKinds = []Kind{Kill, Crash, Stop, Pause, Wipe, Partition, Break, SlowDisk, FillDisk, FailSync,
	Skew}

// What is drawn lies in the ranges that make sense: a disk that is slow and not dead, a clock between
// half and double speed, a partition that leaves nobody out.
func TestWhatIsDrawnMakesSense(t *testing.T) {
	every(t, Options{Machines: five, Kinds: allKinds}, func(t *testing.T, s []Fault) {
		for _, f := range s {
			if why := nonsense(f); why != "" {
				t.Errorf("%s: %+v", why, f)
			}
		}
	})
}

// nonsense says what is wrong with a drawn fault, "" if nothing.
func nonsense(f Fault) string {
	switch f.Kind {
	case SlowDisk:
		if f.Delay < 5*node.Millisecond || f.Delay > node.Second {
			return "an fsync is slower by 5 ms to 1 s"
		}
	case FillDisk:
		if f.Bytes < 0 || f.Bytes >= 64<<10 {
			return "less than 64 KiB are left on a full disk"
		}
	case Skew:
		if f.Rate < 0.5 || f.Rate > 2 {
			return "a clock runs at half to double speed"
		}
	case Crash:
		if f.Bytes != 0 && f.Bytes != -1 {
			return "a crash leaves nothing that is not synced, or a random part"
		}
	case Break:
		if f.Node == f.Peer {
			return "a connection has two ends"
		}
	case Partition:
		return nonsenseSides(f)
	}
	return ""
}

func nonsenseSides(f Fault) string {
	both := slices.Sorted(slices.Values(append(slices.Clone(f.A), f.B...)))
	switch {
	case len(f.A) == 0 || len(f.B) == 0:
		return "both sides have somebody"
	case !slices.IsSorted(f.A) || !slices.IsSorted(f.B):
		return "sides are in order"
	case !slices.Equal(both, five):
		return "everybody is on one side"
	}
	return ""
}

// A schedule uses the kinds that it is given and what takes them back, and no others.
func TestASchedulesKindsAreThoseAskedFor(t *testing.T) {
	for _, x := range []struct {
		kind Kind
		undo []Kind
	}{
		{Kill, []Kind{Start}}, {Crash, []Kind{Start}}, {Stop, []Kind{Start}}, {Pause, []Kind{Resume}},
		{Wipe, nil}, {Partition, []Kind{Heal}}, {Break, nil}, {SlowDisk, []Kind{RepairDisk, Skew}},
		{FillDisk, []Kind{RepairDisk, Skew}}, {FailSync, []Kind{RepairDisk, Skew}},
		{Skew, []Kind{RepairDisk}},
	} {
		allowed := append([]Kind{x.kind, Settle, Quiet}, x.undo...)
		used := map[Kind]int{}
		for seed := range uint64(40) {
			for _, f := range Schedule(seed, Options{Machines: five, Kinds: []Kind{x.kind}}) {
				used[f.Kind]++
				if !slices.Contains(allowed, f.Kind) {
					t.Fatalf("asked for %s, got %+v", x.kind, f)
				}
			}
		}
		for _, k := range append([]Kind{x.kind}, x.undo...) {
			if used[k] == 0 && x.kind != Wipe { // alone it finds nobody who is down
				t.Errorf("asked for %s, and no schedule has %s", x.kind, k)
			}
		}
	}
}

// Only who is down is wiped or started, only who is paused is resumed, and nobody goes down twice.
func TestASchedulesStepsFollowFromEachOther(t *testing.T) {
	wiped := 0
	every(t, Options{Machines: five, Kinds: allKinds}, func(t *testing.T, s []Fault) {
		state := map[node.ID]Kind{}
		for _, f := range s[:len(s)-2] {
			was := state[f.Node]
			ok := true
			switch f.Kind {
			case Kill, Crash, Stop, Pause:
				ok, state[f.Node] = was == "", f.Kind
			case Start:
				ok = was != "" && was != Pause
				delete(state, f.Node)
			case Resume:
				ok = was == Pause
				delete(state, f.Node)
			case Wipe:
				ok = was != "" && was != Pause
				wiped++
			}
			if !ok {
				t.Fatalf("%+v after %q", f, was)
			}
		}
	})
	if wiped == 0 {
		t.Error("no disk is ever wiped")
	}
}

// About one partition in four is one-way, and about one crash in two leaves torn bytes.
func TestRareFormsAreNotTooRare(t *testing.T) {
	var cuts, oneWay, crashes, torn int
	for seed := range uint64(200) {
		for _, f := range Schedule(seed, Options{Machines: five, Kinds: []Kind{Partition, Crash}}) {
			switch f.Kind {
			case Partition:
				cuts++
				if f.OneWay {
					oneWay++
				}
			case Crash:
				crashes++
				if f.Bytes == -1 {
					torn++
				}
			}
		}
	}
	if oneWay*100 < cuts*15 || oneWay*100 > cuts*35 {
		t.Errorf("%d of %d partitions are one-way", oneWay, cuts)
	}
	if torn*100 < crashes*40 || torn*100 > crashes*60 {
		t.Errorf("%d of %d crashes leave torn bytes", torn, crashes)
	}
}

// Times are the caller's: nothing before Begin, nothing wrong behind Begin+Duration, and Quiet later
// the end.
func TestTimesAreTheCallers(t *testing.T) {
	o := Options{Machines: five, Begin: 7 * node.Second, Duration: 3 * node.Second,
		Gap: 50 * node.Millisecond, Quiet: node.Second}
	every(t, o, func(t *testing.T, s []Fault) {
		n := len(s)
		if s[0].At < o.Begin || s[n-2].At != 10*node.Second || s[n-1].At != 11*node.Second {
			t.Errorf("from %d to %d and %d", s[0].At, s[n-2].At, s[n-1].At)
		}
		if n > 2 && s[n-3].At >= 10*node.Second {
			t.Errorf("%+v comes when all should be over", s[n-3])
		}
	})
}

// Faults are taken back while the schedule lasts, not only at its end: most of the time most of the
// machines run.
func TestMostMachinesRunMostOfTheTime(t *testing.T) {
	down, all := node.Time(0), node.Time(0)
	for seed := range uint64(200) {
		b, last := newBoard(), node.Time(0)
		for _, f := range Schedule(seed, Options{Machines: five}) {
			for _, id := range five {
				if all += f.At - last; !b.up[id] || b.frozen[id] {
					down += f.At - last
				}
			}
			last = f.At
			_ = Apply(b, f)
		}
	}
	if share := 100 * down / all; share < 5 || share > 50 {
		t.Errorf("machines are down for %d %% of the time", share)
	}
}

// One schedule as it stands in a file: who keeps a seed in a report must find the same faults again.
func TestAScheduleOfOneSeed(t *testing.T) {
	var lines []string
	for _, f := range Schedule(4, Options{Machines: five[:3], Duration: 3 * node.Second}) {
		b, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(b))
	}
	if got := strings.Join(lines, "\n"); got != scheduleOfSeed4 {
		t.Errorf("got\n%s\nwant\n%s", got, scheduleOfSeed4)
	}
}

// stubborn is a world in which one thing cannot be done.
type stubborn struct {
	*board
	no string
}

func (s stubborn) refuse(what string) error {
	if s.no == what {
		return errors.New(what + " is refused")
	}
	return nil
}

func (s stubborn) RepairDisk(id node.ID) error {
	return errors.Join(s.refuse("repair"), s.board.RepairDisk(id))
}

func (s stubborn) Skew(id node.ID, rate float64) error {
	return errors.Join(s.refuse("skew"), s.board.Skew(id, rate))
}

func (s stubborn) Resume(id node.ID) error {
	return errors.Join(s.refuse("resume"), s.board.Resume(id))
}

func (s stubborn) Start(id node.ID) error {
	return errors.Join(s.refuse("start"), s.board.Start(id))
}

// What cannot be settled is told, and what comes behind it is left as it is.
func TestSettleTellsWhatItCannotDo(t *testing.T) {
	for what, last := range map[string]string{"repair": "repair 1", "skew": "skew 1 1",
		"start": "start 1", "resume": "resume 2"} {
		b := newBoard()
		_, _ = b.Kill(1), b.Pause(2)
		err := Apply(stubborn{b, what}, Fault{Kind: Settle})
		if err == nil || err.Error() != what+" is refused" {
			t.Errorf("%s: %v", what, err)
		}
		if got := b.calls[len(b.calls)-1]; got != last {
			t.Errorf("%s: it goes on to %s", what, got)
		}
	}
	if err := Apply(newBoard(), Fault{Kind: "flood"}); fmt.Sprint(err) != `no fault is called "flood"` {
		t.Error(err)
	}
}

const scheduleOfSeed4 = `{"at":2187223209,"kind":"partition","a":[3],"b":[1,2]}
{"at":2376265972,"kind":"heal"}
{"at":2431753763,"kind":"kill","node":2}
{"at":3000000000,"kind":"settle"}
{"at":23000000000,"kind":"quiet"}`
