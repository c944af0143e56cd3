package sim

import (
	"math"

	"zabscope/engine/node"
)

// Step lets the next thing happen; false means that nothing is to come, or that things happen by
// hand.
func (s *Sim) Step() bool {
	return s.StepUntil(math.MaxInt64)
}

// StepUntil lets the next thing happen that is due by time t; false means that there is none, or
// that things happen by hand. The clock stays where the last thing happened.
func (s *Sim) StepUntil(t node.Time) bool {
	for s.config.Policy == ByTime && len(s.queue.keys) > 0 && s.queue.keys[0].at <= t {
		if s.next() {
			return true
		}
	}
	return false
}

// StepOnce takes the first thing from the queue, which may turn out to be void or to concern no
// machine; told reports whether a machine was told of something. ok is false if nothing is to come,
// or if things happen by hand.
func (s *Sim) StepOnce() (told, ok bool) {
	if s.config.Policy != ByTime || len(s.queue.keys) == 0 {
		return false, false
	}
	return s.next(), true
}

// RunUntil lets everything happen that is due by time t, and moves the clock there. By hand only the
// clock moves.
func (s *Sim) RunUntil(t node.Time) {
	for s.StepUntil(t) {
	}
	s.now = max(s.now, t)
}

// Run lets things happen until cond holds, which is asked before the first and after each; it gives
// up after maxEvents of them, or when nothing is to come. It reports whether cond holds.
func (s *Sim) Run(cond func() bool, maxEvents int) bool {
	for range maxEvents {
		if cond() {
			return true
		}
		if !s.Step() {
			return false
		}
	}
	return cond()
}

// SetPolicy changes what makes things happen. What is overdue when time takes over again happens at
// once, in its order.
func (s *Sim) SetPolicy(p Policy) { s.config.Policy = p }

// Policy tells what makes things happen.
func (s *Sim) Policy() Policy { return s.config.Policy }

// Next is the time of the next thing to come, which may turn out to be void; ok is false if nothing
// is to come.
func (s *Sim) Next() (t node.Time, ok bool) {
	if len(s.queue.keys) == 0 {
		return 0, false
	}
	return max(s.now, s.queue.keys[0].at), true
}

// next takes the first item from the queue; it reports whether anything happened to a machine.
func (s *Sim) next() bool {
	k, it := s.queue.pop()
	switch it.kind {
	case wireItem:
		s.now = max(s.now, k.at)
		if a, ok := s.net.Arrive(s.now, it.task); ok {
			s.arrive(&a)
			return true
		}
	case timerItem:
		return s.timerDue(&k, &it)
	case syncItem:
		return s.syncDue(&k, &it)
	case writebackItem:
		s.writeback(&k, &it)
	}
	return false
}
