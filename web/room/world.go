package room

import (
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
	// Do carries out a line of the scenario language now. The error is a sentence for people.
	Do(command string) error
	// Type types a line at a zkCli shell on a server now. What it prints is given to printed, once,
	// in the course of a later call of RunUntil, Do or Type, or of this one. The error is a sentence
	// for people; printed is not called then.
	Type(server int, line string, printed func(lines []string)) error
	// Recorder is the trace of all that has happened.
	Recorder() *trace.Recorder
}

// Action is something that people did to a world: a line of the scenario language, or one of zkCli.
type Action struct {
	At     engine.Time `json:"at"`
	Do     string      `json:"do,omitempty"`
	CLI    string      `json:"cli,omitempty"`
	Server int         `json:"server,omitempty"` // where CLI was typed
}

// Replay does to a new world what was done to another, in order, and then lets it run until a
// time. It ends early, and reports so, when the world has MaxEvents or goOn says no.
func Replay(w World, actions []Action, until engine.Time, goOn func() bool) (complete bool) {
	for _, a := range actions {
		if !replayTo(w, a.At, goOn) {
			return false
		}
		// An action that was refused then is refused now.
		if a.CLI != "" {
			_ = w.Type(a.Server, a.CLI, func([]string) {})
		} else {
			_ = w.Do(a.Do)
		}
	}
	return replayTo(w, until, goOn)
}

func replayTo(w World, t engine.Time, goOn func() bool) bool {
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
