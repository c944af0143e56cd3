package web

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"zabscope/engine"
	"zabscope/engine/trace"
	"zabscope/web/room"
)

// yes is told to whoever asks whether to go on.
func yes() bool { return true }

// played is a run to which a person has done things, written down as a room does.
type played struct {
	recipe
	*engine.Run
	done []room.Action
}

// plays makes a run with a seed.
func plays(t testing.TB, seed uint64) *played {
	t.Helper()
	p := &played{recipe: recipe{Servers: 3 + 2*int(seed%2), Seed: seed}}
	run, _, err := p.recipe.run()
	if err != nil {
		t.Fatal(err)
	}
	p.Run = run
	return p
}

// acts does something and writes it down if it left a trace.
func (p *played) acts(a room.Action) {
	before := p.Recorder().Len()
	a.At, a.After = p.Now(), before
	if next, ok := p.Next(); ok && next <= a.At {
		a.Early = true
	}
	var err error
	if a.CLI != "" {
		err = p.Type(a.Server, a.CLI, func([]string) {})
	} else {
		err = p.Do(a.Do)
	}
	if err == nil || p.Recorder().Len() > before {
		p.done = append(p.done, a)
	}
}

// something is a thing that a person may do, now and then nonsense.
func (p *played) something(r *rand.Rand) room.Action {
	id := 1 + r.IntN(p.recipe.Servers)
	other := 1 + id%p.recipe.Servers
	if n := r.IntN(12); n < 4 {
		lines := []string{"create /a one", "set /a two", "ls /", "get /a"}
		return room.Action{CLI: lines[n], Server: id}
	}
	lines := []string{"kill %d", "crash %[1]d", "start %d", "start %d", "pause %d", "resume %d",
		"partition %d | %d", "heal"}
	line := lines[r.IntN(len(lines))]
	switch line {
	case "heal":
		return room.Action{Do: line}
	case "partition %d | %d":
		return room.Action{Do: fmt.Sprintf(line, id, other)}
	}
	return room.Action{Do: fmt.Sprintf(line, id)}
}

// passes lets a little time pass, in one of the ways in which rooms do.
func (p *played) passes(r *rand.Rand) {
	switch r.IntN(4) {
	case 0: // to a moment at which something happens, and all of it
		if next, ok := p.Next(); ok {
			p.RunUntil(next)
		}
	case 1: // into the midst of such a moment, where branches begin
		for before := p.Recorder().Len(); p.Recorder().Len() == before && p.Step(); {
		}
	default:
		p.RunUntil(p.Now() + engine.Time(r.Int64N(int64(engine.Second)/5)))
	}
}

// again makes the run of a recipe again from its past.
func again(t testing.TB, c recipe, past room.Past) *engine.Run {
	t.Helper()
	run, _, err := c.run()
	if err != nil {
		t.Fatal(err)
	}
	if !room.Replay(run, past, yes) {
		t.Fatal("not complete")
	}
	return run
}

// starts reports whether a trace begins as another does.
func starts(long, short *trace.Recorder) error {
	for seq := engine.Seq(1); seq <= short.Len(); seq++ {
		a, _ := long.At(seq)
		b, _ := short.At(seq)
		if x, y := trace.AppendRow(nil, &a), trace.AppendRow(nil, &b); !bytes.Equal(x, y) {
			return fmt.Errorf("event %d is %s, and was %s", seq, y, x)
		}
	}
	return nil
}

// A run from which another branches off at any event, to which then the same is done at the same
// places, has the same trace to the byte.
func TestABranchWithTheSameActionsIsTheSameRun(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := plays(t, seed+1)
		for range 60 {
			p.passes(r)
			if r.IntN(3) == 0 {
				p.acts(p.something(r))
			}
		}
		length := p.Recorder().Len()
		for range 6 {
			cut := 1 + engine.Seq(r.Uint64N(uint64(length)))
			var before, later []room.Action
			for _, a := range p.done {
				if a.After < cut {
					before = append(before, a)
				} else {
					later = append(later, a)
				}
			}
			fork := again(t, p.recipe, room.Past{Actions: before, After: cut})
			if fork.Recorder().Len() < cut {
				t.Fatalf("seed %d: %d events, not %d", seed, fork.Recorder().Len(), cut)
			}
			if err := starts(p.Recorder(), fork.Recorder()); err != nil {
				t.Fatalf("seed %d, cut %d: %v", seed, cut, err)
			}
			whole := &goesOn{fork}
			if !room.Replay(whole, room.Past{Actions: later, After: length}, yes) {
				t.Fatal("not complete")
			}
			if got := fork.Recorder().Bytes(); !bytes.Equal(got, p.Recorder().Bytes()) {
				t.Fatalf("seed %d, cut %d of %d: %v", seed, cut, length,
					starts(p.Recorder(), fork.Recorder()))
			}
		}
	}
}

// goesOn is a run that is replayed from where it stands.
type goesOn struct{ *engine.Run }

// A branch lands at the end of the step in which its event happened, not in the midst of it.
func TestABranchBeginsWhereAStepEnds(t *testing.T) {
	p := plays(t, 7)
	var ends []engine.Seq
	for p.Recorder().Len() < 400 {
		p.Step()
		ends = append(ends, p.Recorder().Len())
	}
	for cut := ends[0] + 1; cut <= 400; cut += 7 {
		got := again(t, p.recipe, room.Past{After: cut}).Recorder().Len()
		want := got
		for _, end := range ends {
			if end >= cut {
				want = end
				break
			}
		}
		if got != want {
			t.Errorf("the branch from %d begins behind %d, not %d", cut, got, want)
		}
	}
}

// BenchmarkBranch measures how long a branch from the end of a run of 100,000 events takes.
func BenchmarkBranch(b *testing.B) {
	p := plays(b, 7)
	p.RunUntil(engine.Second)
	for n := 0; p.Recorder().Len() < 100_000; n++ {
		p.acts(room.Action{CLI: fmt.Sprintf("create /n%d x", n), Server: 1 + n%3})
		p.RunUntil(p.Now() + 5*engine.Second/1000)
	}
	past := room.Past{Actions: p.done, After: p.Recorder().Len()}
	for b.Loop() {
		again(b, p.recipe, past)
	}
}
