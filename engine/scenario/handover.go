package scenario

import (
	"zabscope/engine/check"
	"zabscope/engine/node"
)

// HandOver ends the script: whoever calls it moves the world from now on, through Sim, and must not
// call Step, Next or All any more. It returns the first id that no client has; clients may be added
// from there on.
func (r *Run) HandOver() node.ID {
	r.handedOver, r.tapped = true, nil
	return r.nextID
}

// Check holds what has happened since the last check against Zab's promises. What is broken is
// returned, and put into the trace behind the events that break it; to have it stand there whoever
// moves the world, and in whatever strides, call it after every event.
func (r *Run) Check() []check.Violation { return r.check() }
