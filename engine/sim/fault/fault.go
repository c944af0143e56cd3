// Package fault says what goes wrong in a world, as data: a Fault is one thing at one time, a schedule
// is a list of them. Schedules can be written by hand, kept in files, or drawn from a seed.
//
// Reading order: fault.go (Fault, Apply), schedule.go (random schedules).
package fault

import (
	"fmt"

	"zabscope/engine/node"
	"zabscope/engine/sim/disk"
)

// Kind names what a fault does. Beside each stand the fields of Fault that it uses.
type Kind string

// The kinds.
const (
	Start      Kind = "start"      // Node
	Stop       Kind = "stop"       // Node
	Kill       Kind = "kill"       // Node
	Crash      Kind = "crash"      // Node, Bytes: torn bytes that survive, -1 a random number
	Pause      Kind = "pause"      // Node
	Resume     Kind = "resume"     // Node
	Wipe       Kind = "wipe"       // Node
	Partition  Kind = "partition"  // A, B, OneWay
	Heal       Kind = "heal"       //
	Break      Kind = "break"      // Node, Peer: their connections are reset
	SlowDisk   Kind = "slowDisk"   // Node, Delay: added to each fsync
	FillDisk   Kind = "fillDisk"   // Node, Bytes: room that is left
	FailSync   Kind = "failSync"   // Node
	RepairDisk Kind = "repairDisk" // Node
	Skew       Kind = "skew"       // Node, Rate
	Settle     Kind = "settle"     // ends all faults and starts or resumes every machine
	Quiet      Kind = "quiet"      // does nothing: the end of a schedule's quiet time
)

// Fault is one thing that goes wrong, or right again.
type Fault struct {
	At     node.Time `json:"at"` // virtual nanoseconds since the start of the run
	Kind   Kind      `json:"kind"`
	Node   node.ID   `json:"node,omitempty"`
	Peer   node.ID   `json:"peer,omitempty"`
	A      []node.ID `json:"a,omitempty"`
	B      []node.ID `json:"b,omitempty"`
	OneWay bool      `json:"oneWay,omitempty"`
	Delay  node.Time `json:"delay,omitempty"`
	Bytes  int64     `json:"bytes,omitempty"`
	Rate   float64   `json:"rate,omitempty"`
}

// Target is a world that faults can be applied to; *sim.Sim is one. Its calls refuse with a sentence
// what cannot be done.
type Target interface {
	IDs() []node.ID
	Up(id node.ID) bool
	Paused(id node.ID) bool
	Start(id node.ID) error
	Stop(id node.ID) error
	Kill(id node.ID) error
	Crash(id node.ID, torn disk.Torn) error
	Pause(id node.ID) error
	Resume(id node.ID) error
	Wipe(id node.ID) error
	Partition(a, b []node.ID, oneWay bool) error
	Heal() error
	ReleaseAll()
	Break(a, b node.ID) error
	SlowDisk(id node.ID, by node.Time) error
	FillDisk(id node.ID, bytes int64) error
	FailSync(id node.ID) error
	RepairDisk(id node.ID) error
	Skew(id node.ID, rate float64) error
}

// Apply does what the fault says, now, whatever its time. The error says why it cannot be done; in a
// random schedule that is no failure, as a machine may have ended itself before.
func Apply(t Target, f Fault) error {
	switch f.Kind {
	case Start:
		return t.Start(f.Node)
	case Stop:
		return t.Stop(f.Node)
	case Kill:
		return t.Kill(f.Node)
	case Crash:
		return t.Crash(f.Node, disk.Torn(f.Bytes))
	case Pause:
		return t.Pause(f.Node)
	case Resume:
		return t.Resume(f.Node)
	case Wipe:
		return t.Wipe(f.Node)
	case Partition:
		return t.Partition(f.A, f.B, f.OneWay)
	case Heal:
		return t.Heal()
	case Break:
		return t.Break(f.Node, f.Peer)
	case SlowDisk:
		return t.SlowDisk(f.Node, f.Delay)
	case FillDisk:
		return t.FillDisk(f.Node, f.Bytes)
	case FailSync:
		return t.FailSync(f.Node)
	case RepairDisk:
		return t.RepairDisk(f.Node)
	case Skew:
		return t.Skew(f.Node, f.Rate)
	case Settle:
		return settle(t)
	case Quiet:
		return nil
	}
	return fmt.Errorf("no fault is called %q", f.Kind)
}

// settle ends everything that faults may have left behind.
func settle(t Target) error {
	_ = t.Heal() // it refuses when nothing is cut off
	t.ReleaseAll()
	for _, id := range t.IDs() {
		if err := t.RepairDisk(id); err != nil {
			return err
		}
		if err := t.Skew(id, 1); err != nil {
			return err
		}
		if t.Paused(id) {
			if err := t.Resume(id); err != nil {
				return err
			}
		}
		if !t.Up(id) { // a resumed process may have ended itself
			if err := t.Start(id); err != nil {
				return err
			}
		}
	}
	return nil
}
