package export

import (
	"errors"
	"fmt"

	"zabscope/engine"
	"zabscope/engine/sim"
)

// Action is something that was done to a run: a line of the scenario language, or one of zkCli.
type Action struct {
	At     engine.Time // not before the action above it
	After  engine.Seq  // how many events came before it; 0 if that is not said
	Early  bool        // not all that was due at At had happened yet
	Do     string
	CLI    string
	Server int // where CLI was typed
}

// Made is how a run was made: all that is needed to make it again.
type Made struct {
	Origin  engine.Origin
	Actions []Action
	Until   engine.Time // how far it goes, unless an action comes later
}

// ErrStopped is the error of making a run that its caller stopped.
var ErrStopped = errors.New("stopped before the end")

// Again makes the run. After each moment in which something happened it calls after, which may say
// no; the error is ErrStopped then, and otherwise that of engine.Origin.Open. heard, if it is not nil,
// sees the messages.
func (m *Made) Again(heard func(sim.Delivery), after func(*engine.Run) bool) (*engine.Run, error) {
	r, err := m.Origin.Open(heard)
	if err != nil {
		return nil, err
	}
	for _, a := range m.Actions {
		if !stepUntil(r, &a, after) || !a.Early && !passUntil(r, a.At, after) {
			return nil, ErrStopped
		}
		// What was refused then is refused now, and is part of the run all the same.
		if a.CLI != "" {
			_ = r.Type(a.Server, a.CLI, func([]string) {})
		} else {
			_ = r.Do(a.Do)
		}
	}
	if !passUntil(r, m.Until, after) {
		return nil, ErrStopped
	}
	return r, nil
}

// stepUntil lets things happen one by one until there are as many events as came before an action.
func stepUntil(r *engine.Run, a *Action, after func(*engine.Run) bool) bool {
	for r.Recorder().Len() < a.After {
		next, ok := r.Next()
		if !ok || next > a.At {
			break
		}
		r.Step()
		if !after(r) {
			return false
		}
	}
	return true
}

// passUntil lets time pass.
func passUntil(r *engine.Run, t engine.Time, after func(*engine.Run) bool) bool {
	for {
		next, ok := r.Next()
		if !ok || next > t {
			break
		}
		r.RunUntil(next)
		if !after(r) {
			return false
		}
	}
	if t > r.Now() {
		r.RunUntil(t)
	}
	return after(r)
}

// String names an action for people.
func (a *Action) String() string {
	if a.CLI != "" {
		return fmt.Sprintf("%q at the client of server %d", oneLine(a.CLI), a.Server)
	}
	return fmt.Sprintf("%q", oneLine(a.Do))
}
