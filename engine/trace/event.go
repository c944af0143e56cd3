package trace

import "zabscope/engine/node"

// Event is one recorded event, as node.Event with what the recorder knows of it.
type Event struct {
	Seq    node.Seq  // number of the event, consecutive from 1
	Time   node.Time // virtual nanoseconds since the start of the run, never decreasing
	Node   node.ID   // the machine it happened at, node.World for the world itself
	Kind   node.Kind
	Peer   node.ID  // the other machine, node.World for none
	Cause  node.Seq // the event that led to this one, 0 for none
	Args   []node.Value
	Checks []node.Check
	Ops    []node.Op
}

// MachineInfo describes one machine of the run.
type MachineInfo struct {
	ID   node.ID
	Name string // as people say it, "server 2"
	Role string // what the protocol calls it: "participant", "observer", "client"
}

// Header is what a reader must know before the first event.
type Header struct {
	Version    string // of the engine that made the trace
	Seed       uint64 // of the run
	Protocol   string // which protocol the vocabulary belongs to
	Vocabulary *node.Vocabulary
	Machines   []MachineInfo // in id order
	// Options are the protocol's settings: anything that encoding/json can write. A trace that was
	// read from a file holds them as json.RawMessage.
	Options any
}
