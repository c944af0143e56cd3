package engine

import (
	"fmt"

	"zabscope/engine/node"
	"zabscope/engine/scenario"
)

// Choice is something that may happen next, and the command that makes it happen.
type Choice struct {
	Do   string  `json:"do"`             // a line for Run.Do
	Kind string  `json:"kind"`           // "packet", "connection", "disk" or "timer"
	From node.ID `json:"from"`           // who sends; of timers and disks the machine itself
	To   node.ID `json:"to"`             // who will be told
	Seq  Seq     `json:"seq,omitempty"`  // the event that led to it
	Name string  `json:"name,omitempty"` // of a timer
	At   Time    `json:"at"`             // when it happens if nobody chooses; it may be overdue

	Why   string `json:"why,omitempty"`   // why it cannot happen now; "" if it can
	Ahead Seq    `json:"ahead,omitempty"` // the sending of the message that must arrive before it
}

// Choices lists what may happen next, by time: what is under way, timers that run, fsyncs that are
// to end. What cannot happen now is there with the reason. Time limits of dials are left out.
func (r *Run) Choices() []Choice {
	var out []Choice
	for _, p := range r.sim.Pending() {
		c := Choice{From: p.From, To: p.To, Seq: p.Seq, At: p.At, Why: p.Why, Ahead: p.Behind}
		switch {
		case p.Kind == node.Fired:
			c.Kind, c.Name = "timer", scenario.TimerName(p.Timer)
			c.Do = fmt.Sprintf("fire %d %s", p.To, c.Name)
		case p.Kind == node.Synced:
			c.Kind, c.Do = "disk", fmt.Sprintf("flush %d", p.To)
		case p.Seq == 0:
			continue
		case p.Kind == node.Received:
			c.Kind, c.Do = "packet", fmt.Sprintf("arrive %d", p.Seq)
		default:
			c.Kind, c.Do = "connection", fmt.Sprintf("arrive %d at %d", p.Seq, p.To)
		}
		out = append(out, c)
	}
	return out
}
