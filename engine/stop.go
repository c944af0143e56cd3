package engine

import (
	"slices"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
)

// A Stop names a kind of moment at which somebody may want a run to stand still. Its text is its
// name in the protocol of the site.
type Stop string

// The moments, in the order in which a run comes to them.
const (
	StopVote       Stop = "vote"       // a server changes its vote
	StopElected    Stop = "elected"    // a server's election ends
	StopEpoch      Stop = "epoch"      // acceptedEpoch or currentEpoch is written
	StopDiff       Stop = "DIFF"       // a leader chooses DIFF for a learner
	StopTrunc      Stop = "TRUNC"      // likewise TRUNC
	StopSnap       Stop = "SNAP"       // likewise SNAP
	StopCommit     Stop = "commit"     // a leader commits a transaction
	StopQuorumLost Stop = "quorumLost" // a leader steps down
	StopViolation  Stop = "violation"  // an invariant fails
	StopNothing    Stop = "nothing"    // nothing can happen any more
)

// Stops are all of them.
var Stops = []Stop{StopVote, StopElected, StopEpoch, StopDiff, StopTrunc, StopSnap, StopCommit,
	StopQuorumLost, StopViolation, StopNothing}

// stopKinds are the kinds of events that are such moments. StopNothing is none: it is known from
// Run.Next.
var stopKinds = map[Stop][]node.Kind{
	StopVote:       {event.VoteChanged},
	StopElected:    {event.Elected},
	StopEpoch:      {event.AcceptedEpochWritten, event.CurrentEpochWritten},
	StopDiff:       {event.SyncChosen},
	StopTrunc:      {event.SyncChosen},
	StopSnap:       {event.SyncChosen},
	StopCommit:     {event.Committed},
	StopQuorumLost: {event.SteppedDown},
	StopViolation:  {node.KindViolated},
}

// syncModeArg is the place of the mode among the arguments of event.SyncChosen.
const syncModeArg = 1

// At reports whether an event is such a moment.
func (s Stop) At(e *trace.Event) bool {
	if !slices.Contains(stopKinds[s], e.Kind) {
		return false
	}
	return e.Kind != event.SyncChosen || e.Args[syncModeArg].S == string(s)
}
