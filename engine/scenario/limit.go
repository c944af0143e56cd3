package scenario

import (
	"fmt"

	"zabscope/engine/node"
)

// Bounds of what one step may ask for.
const (
	maxCount = 1_000_000 // of requests or deliveries
	maxSize  = 1 << 20   // bytes of data, jute.maxbuffer of a real server
	maxBytes = 256 << 20 // of all requests of a step together
)

// checkCount says what is wrong with the numbers of a step, "" if nothing.
func (s *Step) checkCount() string {
	switch {
	case s.Count < 0 || s.Count > maxCount:
		return fmt.Sprintf("a count lies between 0 and %d", maxCount)
	case s.Size < 0 || s.Size > maxSize:
		return fmt.Sprintf("a size lies between 0 and %d bytes", maxSize)
	case s.Count*s.Size > maxBytes:
		return fmt.Sprintf("%d requests of %d bytes are more than %d bytes", s.Count, s.Size,
			maxBytes)
	}
	return ""
}

// Limit bounds what the script may take in all: events of its trace, and virtual time. The step
// that goes beyond is broken off; it is refused, and none follows it. For scripts of strangers.
func (r *Run) Limit(events node.Seq, until node.Time) { r.mostEvents, r.mostTime = events, until }

// tooLong is the panic by which a step is broken off.
type tooLong string

// endIfTooLong makes an error of the panic of a step that went beyond the limit.
func (r *Run) endIfTooLong(err *error) {
	x := recover()
	if x == nil {
		return
	}
	why, ok := x.(tooLong)
	if !ok {
		panic(x)
	}
	r.ended, *err = true, Refusal(why)
}

// within breaks the step off if it has gone beyond the limit.
func (r *Run) within() {
	switch {
	case r.mostEvents > 0 && r.rec.Len() > r.mostEvents:
		panic(tooLong(fmt.Sprintf("the run has more than %d events", r.mostEvents)))
	case r.mostTime > 0 && r.sim.Now() > r.mostTime:
		panic(tooLong(fmt.Sprintf("the run takes more than %d s", r.mostTime/node.Second)))
	}
}

// runTo lets everything happen that is due by time t, and moves the clock there.
func (r *Run) runTo(t node.Time) {
	for r.sim.StepUntil(t) {
		r.within()
	}
	r.sim.RunUntil(t)
	r.within()
}
