package sim_test

import (
	"bytes"
	"fmt"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/sim/delay"
	"zabscope/engine/sim/fault"
	"zabscope/engine/sim/network"
	"zabscope/engine/trace"
)

var allKinds = []fault.Kind{fault.Kill, fault.Crash, fault.Stop, fault.Pause, fault.Wipe,
	fault.Partition, fault.Break, fault.SlowDisk, fault.FillDisk, fault.FailSync, fault.Skew}

// runSeed runs three scribes through a random schedule and returns the world at its end. each is
// called after each step.
func runSeed(seed uint64, each func(*sim.Sim)) *sim.Sim {
	s := scribes(3, sim.Config{
		Seed:     seed,
		Network:  network.Config{Latency: delay.Tail(50*node.Microsecond, 200*node.Microsecond)},
		Recorder: trace.New(trace.Header{Seed: seed, Vocabulary: toyVocabulary}),
	})
	schedule := fault.Schedule(seed, fault.Options{Machines: s.IDs(), Kinds: allKinds,
		Duration: 400 * node.Millisecond, Gap: 5 * node.Millisecond,
		Quiet: 200 * node.Millisecond})
	for _, f := range schedule {
		for s.StepUntil(f.At) {
			each(s)
		}
		s.RunUntil(f.At)
		_ = fault.Apply(s, f) // a machine may have ended itself before
		each(s)
	}
	return s
}

// Folding the trace gives what the machines say, whatever goes wrong.
func TestFoldUnderFaults(t *testing.T) {
	for seed := range uint64(40) {
		n := 0
		s := runSeed(seed, func(s *sim.Sim) {
			if n++; n%50 == int(seed) {
				if err := s.CheckFold(); err != nil {
					t.Fatalf("seed %d at %d ns: %v", seed, s.Now(), err)
				}
			}
		})
		if err := s.CheckFold(); err != nil {
			t.Errorf("seed %d at its end: %v", seed, err)
		}
		if s.Recorder().Len() < 100 {
			t.Errorf("seed %d: only %d events", seed, s.Recorder().Len())
		}
	}
}

// After the quiet time of a schedule all is well again: everybody has the leader's log.
func TestQuietTimeHeals(t *testing.T) {
	for seed := range uint64(20) {
		s := runSeed(seed, func(*sim.Sim) {})
		lead := s.Machine(1).(*scribe)
		for id := node.ID(2); id <= 3; id++ {
			m := s.Machine(id).(*scribe)
			if len(m.log) < len(lead.log)-5 || m.commit < lead.commit-5 || lead.commit == 0 {
				t.Errorf("seed %d: scribe %d has %d of %d, committed %d of %d", seed, id, len(m.log),
					len(lead.log), m.commit, lead.commit)
			}
		}
	}
}

func TestSameSeedSameTrace(t *testing.T) {
	hashes := map[string]uint64{}
	for seed := range uint64(10) {
		a := runSeed(seed, func(*sim.Sim) {}).Recorder()
		b := runSeed(seed, func(*sim.Sim) {}).Recorder()
		if a.Hash() != b.Hash() || !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("seed %d gave two traces", seed)
		}
		h := fmt.Sprint(a.Hash())
		if other, ok := hashes[h]; ok {
			t.Errorf("seeds %d and %d gave the same trace", other, seed)
		}
		hashes[h] = seed
	}
}

// A run without a trace takes the same course.
func TestDetachedRunIsTheSame(t *testing.T) {
	run := func(r *trace.Recorder) string {
		s := scribes(3, sim.Config{Seed: 5, Recorder: r})
		s.RunUntil(100 * node.Millisecond)
		_ = s.Crash(2, -1)
		s.RunUntil(150 * node.Millisecond)
		_ = s.Start(2)
		s.RunUntil(300 * node.Millisecond)
		m := s.Machine(2).(*scribe)
		return fmt.Sprint(m.log, m.commit)
	}
	with := run(trace.New(trace.Header{Vocabulary: toyVocabulary}))
	if without := run(nil); with != without {
		t.Errorf("without a trace: %s, with: %s", without, with)
	}
}

// What a whole run recorded survives the way through a file.
func TestTraceOfARunThroughJSON(t *testing.T) {
	r := runSeed(3, func(*sim.Sim) {}).Recorder()
	var file bytes.Buffer
	if err := trace.WriteJSON(&file, r, 1, r.Len()); err != nil {
		t.Fatal(err)
	}
	back, err := trace.ReadJSON(&file)
	if err != nil {
		t.Fatal(err)
	}
	if back.Hash() != r.Hash() {
		t.Error("the trace changed on its way through a file")
	}
}
