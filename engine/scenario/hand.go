package scenario

import (
	"fmt"
	"strconv"

	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/zk/event"
)

// handCommands choose what happens next, instead of time.
func handCommands() []Command {
	event := Param{Key: "event", Need: true, About: "number of the event that sent it",
		at: func(s *Step) any { return &s.Event }}
	to := Param{Key: "machine", Word: "at", About: "who receives, if the event sent to several",
		at: func(s *Step) any { return &s.Machine }}
	machine := Param{Key: "machine", Need: true, About: "a server, or a client by its number from 1001",
		at: func(s *Step) any { return &s.Machine }}
	timer := Param{Key: "timer", Need: true, About: "its name, such as leader.tick",
		at: func(s *Step) any { return &s.Timer }}
	return []Command{
		{"arrive", "lets one thing that is under way arrive now: a message, or word of a connection",
			[]Param{event, to}, (*Run).arrive},
		{"vanish", "loses one message that is under way, and with it its connection",
			[]Param{event}, (*Run).vanish},
		{"fire", "lets a timer fire now", []Param{machine, timer}, (*Run).fire},
		{"flush", "ends the fsync that a machine began first", []Param{machine}, (*Run).flush},
	}
}

// arrive lets what an event sent reach its receiver, before its time or behind it.
func (r *Run) arrive(s *Step) (outcome, error) {
	err := fmt.Errorf("nothing that event %d sent is under way", s.Event)
	for _, p := range r.sim.Pending() {
		if !onTheWay(&p) || p.Seq != node.Seq(s.Event) ||
			s.Machine != 0 && p.To != node.ID(s.Machine) {
			continue
		}
		if p.Kind == node.Received {
			return nil, r.sim.Deliver(p.Seq)
		}
		if err = r.sim.Choose(p.ID); err == nil {
			return nil, nil
		}
	}
	return nil, err
}

// onTheWay reports whether something comes over the network. The time limit of a dial does not.
func onTheWay(p *sim.Pending) bool {
	return p.Kind != node.Fired && p.Kind != node.Synced && p.Seq != 0
}

// vanish takes a message out of its connection, which no TCP survives: the connection breaks.
func (r *Run) vanish(s *Step) (outcome, error) { return nil, r.sim.Drop(node.Seq(s.Event)) }

// fire lets a timer fire; if its time is still to come, that is what time it is then.
func (r *Run) fire(s *Step) (outcome, error) {
	for _, p := range r.sim.Pending() {
		if p.Kind == node.Fired && p.To == node.ID(s.Machine) && TimerName(p.Timer) == s.Timer {
			return nil, r.sim.Choose(p.ID)
		}
	}
	return nil, fmt.Errorf("%s has no timer %s that runs", r.sim.Name(node.ID(s.Machine)), s.Timer)
}

// flush ends an fsync; if its time is still to come, that is what time it is then.
func (r *Run) flush(s *Step) (outcome, error) {
	for _, p := range r.sim.Pending() {
		if p.Kind == node.Synced && p.To == node.ID(s.Machine) {
			return nil, r.sim.Choose(p.ID)
		}
	}
	return nil, fmt.Errorf("%s waits for no fsync", r.sim.Name(node.ID(s.Machine)))
}

// TimerName is the name of a timer in visible states and in the command fire: that of its kind and,
// unless it is 0, its number.
func TimerName(t node.Timer) string {
	name := event.Vocabulary.Timers[t.Kind]
	if t.N == 0 {
		return name
	}
	return name + "." + strconv.FormatInt(t.N, 10)
}
