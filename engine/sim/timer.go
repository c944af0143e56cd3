package sim

import (
	"strconv"

	"zabscope/engine/node"
)

// timer is a timer by its name. Re-arming it for later leaves its item in the queue: the item moves
// on when its time comes, so that a timeout that is pushed back with each packet costs no work on the
// queue.
type timer struct {
	name    node.Timer
	text    string // the key in the visible state
	armed   bool
	waiting bool      // it fired while the process was paused
	local   node.Time // when it fires, by the machine's clock
	at      node.Time // the same by the world's
	number  uint64
	cause   node.Seq // event that armed it

	queued   bool // an item of this generation is in the queue
	queuedAt node.Time
	gen      uint32
}

// timerKey is the key of a timer in the visible state: the name of its kind and, unless it is 0, its
// number.
func (s *Sim) timerKey(t node.Timer) string {
	name := strconv.Itoa(int(t.Kind))
	if int(t.Kind) < len(s.config.Vocabulary.Timers) {
		name = s.config.Vocabulary.Timers[t.Kind]
	}
	if t.N == 0 {
		return name
	}
	return name + "." + strconv.FormatInt(t.N, 10)
}

func (s *Sim) setTimer(m *machine, name node.Timer, local node.Time) {
	i, ok := m.timerOf[name]
	if !ok {
		i = int32(len(m.timers))
		m.timerOf[name] = i
		m.timers = append(m.timers, timer{name: name, text: s.timerKey(name)})
	}
	t := &m.timers[i]
	if t.waiting {
		s.dropFired(m, t)
	}
	t.armed, t.local, t.cause = true, local, s.cause
	s.placeTimer(m, i)
	if s.rec != nil {
		s.addOp(node.OpPut, node.FieldTimers, node.Text(t.text), node.Int(int64(t.at)))
	}
}

// placeTimer finds the time of an armed timer and puts it into the queue.
func (s *Sim) placeTimer(m *machine, i int32) {
	t := &m.timers[i]
	t.at, t.number = max(s.now, m.clock.when(t.local)), s.newNumber()
	if t.queued && t.queuedAt <= t.at {
		return
	}
	m.timerGen++
	t.gen = m.timerGen
	s.queueTimer(m, i)
}

func (s *Sim) queueTimer(m *machine, i int32) {
	t := &m.timers[i]
	t.queued, t.queuedAt = true, t.at
	s.queue.push(t.at, t.number, item{kind: timerItem, m: m, slot: i, gen: t.gen})
}

func (s *Sim) cancelTimer(m *machine, name node.Timer) {
	i, ok := m.timerOf[name]
	if !ok || !m.timers[i].armed {
		return
	}
	t := &m.timers[i]
	if t.waiting {
		s.dropFired(m, t)
	}
	t.armed = false
	if s.rec != nil {
		s.addOp(node.OpDrop, node.FieldTimers, node.Text(t.text))
	}
}

// dropFired forgets that a timer of a process that was paused has fired.
func (s *Sim) dropFired(m *machine, t *timer) {
	t.waiting = false
	for i := range m.inbox {
		if m.inbox[i].Kind == node.Fired && m.inbox[i].Timer == t.name {
			m.inbox = append(m.inbox[:i], m.inbox[i+1:]...)
			return
		}
	}
}

// timerDue handles an item of the queue; it reports whether the timer fired.
func (s *Sim) timerDue(k *key, it *item) bool {
	m := it.m
	if int(it.slot) >= len(m.timers) || m.timers[it.slot].gen != it.gen {
		return false
	}
	t := &m.timers[it.slot]
	t.queued = false
	if !t.armed || t.waiting {
		return false
	}
	if t.number != k.number {
		s.queueTimer(m, it.slot)
		return false
	}
	s.now = max(s.now, k.at)
	s.fire(m, it.slot)
	return true
}

func (s *Sim) fire(m *machine, i int32) {
	t := &m.timers[i]
	t.waiting = m.state == paused
	t.armed = t.waiting
	s.give(m, &node.Input{Kind: node.Fired, Timer: t.name, Cause: t.cause})
}

// forgetTimers disarms everything: the process has ended.
func (m *machine) forgetTimers() {
	clear(m.timerOf)
	m.timers = m.timers[:0]
}
