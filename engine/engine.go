package engine

import (
	"zabscope/engine/node"
	"zabscope/engine/scenario"
	"zabscope/engine/sim"
	"zabscope/engine/trace"
)

// Time is virtual nanoseconds since the start of a run.
type Time = node.Time

// Seq is the number of an event, from 1.
type Seq = node.Seq

// Second is a second of virtual time.
const Second = node.Second

// Depths of events, coarse to fine: how closely one must look to want them.
const (
	Decisions  = int(node.Decisions)
	Everything = int(node.Everything)
	Hidden     = int(node.Hidden)
)

// Run is an ensemble and its world. It belongs to one goroutine.
type Run struct {
	script *scenario.Run // how it began
	sim    *sim.Sim
	rec    *trace.Recorder
	sids   []node.ID
	shells []*shell // of each server
	next   int64    // tag of the next request of a script
}

// NewRun makes an ensemble whose servers all start at time 0. The error is that of Config.Validate.
func NewRun(cfg Config) (*Run, error) { return newRun(cfg, nil) }

// newRun does so with an ear for its messages, if there is one.
func newRun(cfg Config, heard func(sim.Delivery)) (*Run, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	sc := cfg.scenario()
	script, err := scenario.Start(sc)
	if err != nil {
		return nil, err
	}
	script.Hear(heard)
	r := takeOver(script, sc)
	for _, id := range r.sids {
		if err := r.sim.Start(id); err != nil {
			return nil, err
		}
	}
	r.happened()
	return r, nil
}

// takeOver makes a run of a scenario whose steps are done.
func takeOver(script *scenario.Run, sc *scenario.Scenario) *Run {
	r := &Run{script: script, sim: script.Sim(), rec: script.Trace(), next: 1}
	for _, s := range sc.Servers {
		r.sids = append(r.sids, node.ID(s.SID))
	}
	r.addShells(script.HandOver())
	return r
}

// Now is the virtual time.
func (r *Run) Now() Time { return r.sim.Now() }

// Next is when something may happen next; false if nothing ever will.
func (r *Run) Next() (Time, bool) { return r.sim.Next() }

// Step lets the next thing happen, and moves the clock no further than that; false means that nothing
// is to come. No thing is smaller: it may be one of which no machine is told, and leave no trace.
func (r *Run) Step() bool {
	told, ok := r.sim.StepOnce()
	if told {
		r.happened()
	}
	return ok
}

// RunUntil lets everything happen that is due until time t, and moves the clock there.
func (r *Run) RunUntil(t Time) {
	for r.sim.StepUntil(t) {
		r.happened()
	}
	r.sim.RunUntil(t)
}

// happened does what follows from every step: shells print what they were told. That it is done
// after each step, and not less often, makes the trace independent of the strides in which time
// passes.
func (r *Run) happened() {
	for _, s := range r.shells {
		s.print()
	}
}

// Recorder is the trace of all that has happened. It grows as the run goes on.
func (r *Run) Recorder() *trace.Recorder { return r.rec }

// DepthOf is how closely one must look to want an event: as its kind says, but the arrival of a
// message is as deep as its sending, and pings are hidden.
func DepthOf(rec *trace.Recorder, e *trace.Event) int { return int(scenario.DepthOf(rec, e)) }
