package engine_test

import (
	"slices"
	"testing"

	"zabscope/engine"
	"zabscope/engine/trace"
)

// counted is how often each stop would have stopped a run.
func counted(t *testing.T, commands ...string) map[engine.Stop]int {
	t.Helper()
	run, err := engine.NewRun(engine.Config{Servers: 3, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	run.RunUntil(2 * engine.Second)
	for _, c := range commands {
		if err := run.Do(c); err != nil {
			t.Fatalf("%s: %v", c, err)
		}
		run.RunUntil(run.Now() + 3*engine.Second)
	}
	n := map[engine.Stop]int{}
	rec := run.Recorder()
	rec.Iterate(1, rec.Len(), func(e *trace.Event) bool {
		for _, s := range engine.Stops {
			if s.At(e) {
				n[s]++
			}
		}
		return true
	})
	return n
}

func TestStopsOfAFirstElection(t *testing.T) {
	n := counted(t)
	if n[engine.StopElected] != 3 || n[engine.StopVote] == 0 || n[engine.StopEpoch] != 12 ||
		n[engine.StopDiff] != 2 {
		t.Errorf("%v: want every server elected, two epoch files each, written at the\n"+
			"first start and in the election, and a DIFF for each follower", n)
	}
	for _, s := range []engine.Stop{engine.StopTrunc, engine.StopSnap, engine.StopCommit,
		engine.StopQuorumLost, engine.StopViolation, engine.StopNothing} {
		if n[s] != 0 {
			t.Errorf("%s: %d times", s, n[s])
		}
	}
}

func TestStopsOfAWriteAndALostQuorum(t *testing.T) {
	n := counted(t, "write 1 create /a one", "kill 1,2")
	if n[engine.StopCommit] < 2 {
		t.Errorf("%v: the session and the node are two transactions", n)
	}
	if n[engine.StopQuorumLost] != 1 {
		t.Errorf("%v: the leader is left alone and steps down", n)
	}
}

func TestAnEmptyServerStopsAtSnap(t *testing.T) {
	n := counted(t, "write 1 create /a one", "kill 1", "wipe 1", "start 1")
	if n[engine.StopSnap] != 1 {
		t.Errorf("%v: a server with an empty disk gets a snapshot", n)
	}
}

func TestEachStopHasANameOfItsOwn(t *testing.T) {
	if all := slices.Clone(engine.Stops); len(slices.Compact(slices.Sorted(slices.Values(all)))) !=
		len(engine.Stops) {
		t.Errorf("%v", engine.Stops)
	}
}
