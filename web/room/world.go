package room

import (
	"math"

	"zabscope/engine"
	"zabscope/engine/trace"
)

// World is what a room runs; an engine.Run is the heart of one. The room is its only user.
type World interface {
	// Now is the virtual time.
	Now() engine.Time
	// Next is when something may happen next; false if nothing ever will.
	Next() (engine.Time, bool)
	// RunUntil lets everything happen that is due until t and moves the time there.
	RunUntil(t engine.Time)
	// Step lets the next thing happen and moves the time no further; false if nothing ever will.
	Step() bool
	// Do carries out a line of the scenario language now. The error is a sentence for people.
	Do(command string) error
	// Type types a line at a zkCli shell on a server now. What it prints is given to printed, once,
	// in the course of a later call of RunUntil, Do or Type, or of this one. The error is a sentence
	// for people; printed is not called then.
	Type(server int, line string, printed func(lines []string)) error
	// Recorder is the trace of all that has happened.
	Recorder() *trace.Recorder
	// Choices lists what may happen next, for those who want to choose. The command of each can be done.
	Choices() []engine.Choice
}

// Action is something that people did to a world: a line of the scenario language, or one of zkCli.
type Action struct {
	At    engine.Time `json:"at"`
	After engine.Seq  `json:"after,omitempty"` // how many events came before it; 0 if that is not said
	// Early says that not all that was due at At had happened yet.
	Early  bool   `json:"early,omitempty"`
	Do     string `json:"do,omitempty"`
	CLI    string `json:"cli,omitempty"`
	Server int    `json:"server,omitempty"` // where CLI was typed
}

// Past is what a run has been so far: what was done to it, and where it stands.
type Past struct {
	Actions []Action
	// After is how many events there are to be, 0 if that is not said. The run then stands at the end
	// of the step of the last of them, and what is due at that time comes later.
	After engine.Seq
	Until engine.Time // how far time goes
}

// Replay does to a new world what was done to another, step by step, so that the trace is the same
// to the byte. It ends early, and reports so, when the world has MaxEvents or goOn says no.
func Replay(w World, p Past, goOn func() bool) (complete bool) {
	for _, a := range p.Actions {
		if !stepTo(w, a.After, a.At, goOn) || !a.Early && !passTo(w, a.At, goOn) {
			return false
		}
		// An action that was refused then is refused now.
		if a.CLI != "" {
			_ = w.Type(a.Server, a.CLI, func([]string) {})
		} else {
			_ = w.Do(a.Do)
		}
	}
	if p.After > 0 {
		return stepTo(w, p.After, farthest, goOn)
	}
	return passTo(w, p.Until, goOn)
}

// farthest is later than anything.
const farthest = engine.Time(math.MaxInt64)

// stepTo lets things happen one by one until there are so many events, but nothing that is due
// after t.
func stepTo(w World, after engine.Seq, t engine.Time, goOn func() bool) bool {
	for w.Recorder().Len() < after {
		next, ok := w.Next()
		if !ok || next > t {
			break
		}
		if w.Recorder().Len() >= MaxEvents || !goOn() {
			return false
		}
		w.Step()
	}
	return true
}

// passTo lets everything happen that is due until t, and moves the time there.
func passTo(w World, t engine.Time, goOn func() bool) bool {
	for {
		next, ok := w.Next()
		if !ok || next > t {
			break
		}
		if w.Recorder().Len() >= MaxEvents || !goOn() {
			return false
		}
		w.RunUntil(next)
	}
	if t > w.Now() {
		w.RunUntil(t)
	}
	return true
}
