package sim

import (
	"zabscope/engine/node"
	"zabscope/engine/sim/disk"
	"zabscope/engine/sim/network"
	"zabscope/engine/trace"
)

// Policy says what makes things happen.
type Policy uint8

// The policies.
const (
	ByTime Policy = iota // each thing happens when its time has come
	ByHand               // nothing happens but what Choose is told
)

// Config describes a world. Only the vocabulary is needed.
type Config struct {
	Seed       uint64
	Vocabulary *node.Vocabulary
	Network    network.Config
	Disk       disk.Config // of every machine
	// Recorder is the trace; nil: none, at no cost. Machines with a method SetTracing(bool) are told.
	Recorder *trace.Recorder
	Policy   Policy
	// Tap, if set, sees each message that is delivered, before its receiver does.
	Tap func(Delivery)
	// OnEvent, if set, sees each event as soon as it is recorded, but without the changes of the
	// driver's own fields that its step may still add. The event is its until it returns. It may
	// append events of the same machine to the recorder.
	OnEvent func(*trace.Event)
	// OnCrash, if set, may add to the event of a loss of power what the machine's visible state
	// loses with its disk, which is as the next start will find it.
	OnCrash func(id node.ID, disk node.Disk, e *node.Event)
}

// Delivery is a message that reaches its receiver.
type Delivery struct {
	From, To node.ID
	Conn     node.ConnID
	Port     node.Port
	Msg      node.Message
	At       node.Time
	Seq      node.Seq // of the event of its arrival; 0 without a trace
}

// Tracer is what a machine implements to learn whether its events are kept.
type Tracer interface{ SetTracing(on bool) }
