package event

import "zabscope/engine/node"

// Places of a server's and of a client's visible state.
const (
	State          node.Field = node.FieldWorldEnd + iota // ServerState, or STANDALONE
	Phase                                                 // ZabState, SyncMode
	Vote                                                  // proposal or, once elected, currentVote
	Round                                                 // logicalclock
	RecvSet                                               // votes of this round, by sender
	OutOfElection                                         // votes of servers that are not LOOKING
	AcceptedEpoch                                         // file acceptedEpoch
	CurrentEpoch                                          // file currentEpoch
	Leader                                                // the leader this learner follows
	LastProcessed                                         // DataTree.lastProcessedZxid
	Log                                                   // transactions in the log files, in order
	LogDurable                                            // number of log entries that are synced
	LogCommitted                                          // last zxid this server knows as committed
	Learners                                              // leader: its LearnerHandlers
	Outstanding                                           // leader: proposals waiting for a quorum
	Sessions                                              // sessions of the tree
	Tree                                                  // znodes
	Watches                                               // watches of clients connected here
	ClientState                                           // client: connection state
	ClientPending                                         // client: calls without an answer
	QuorumConfig                                          // quorumVerifier, where it may change
	LastSeenConfig                                        // lastSeenQuorumVerifier, where it may change
	LearnerType                                           // role by the configuration, where it may change
	fieldsEnd
)

var fields = [fieldsEnd - node.FieldWorldEnd]node.FieldInfo{
	State - node.FieldWorldEnd: {Name: "state", Columns: []string{"state"}},
	Phase - node.FieldWorldEnd: {Name: "phase", Columns: []string{"zabState", "syncMode"}},
	Vote - node.FieldWorldEnd: {Name: "vote",
		Columns: []string{"leader", "zxid", "peerEpoch", "round"}},
	Round - node.FieldWorldEnd: {Name: "round", Columns: []string{"logicalclock"}},
	RecvSet - node.FieldWorldEnd: {Name: "recvset", Shape: node.Map,
		Columns: []string{"leader", "zxid", "peerEpoch", "round", "state"}},
	OutOfElection - node.FieldWorldEnd: {Name: "outofelection", Shape: node.Map,
		Columns: []string{"leader", "zxid", "peerEpoch", "round", "state"}},
	AcceptedEpoch - node.FieldWorldEnd: {Name: "acceptedEpoch", Columns: []string{"epoch"},
		Survives: true},
	CurrentEpoch - node.FieldWorldEnd: {Name: "currentEpoch", Columns: []string{"epoch"},
		Survives: true},
	Leader - node.FieldWorldEnd:        {Name: "leader", Columns: []string{"sid"}},
	LastProcessed - node.FieldWorldEnd: {Name: "lastProcessed", Columns: []string{"zxid"}},
	Log - node.FieldWorldEnd: {Name: "log", Shape: node.List,
		Columns: []string{"zxid", "txn", "path", "hash"}, Survives: true},
	LogDurable - node.FieldWorldEnd: {Name: "logDurable", Columns: []string{"entries"},
		Survives: true},
	LogCommitted - node.FieldWorldEnd: {Name: "logCommitted", Columns: []string{"zxid"}},
	Learners - node.FieldWorldEnd: {Name: "learners", Shape: node.Map,
		Columns: []string{"phase"}},
	Outstanding - node.FieldWorldEnd: {Name: "outstanding", Shape: node.Map,
		Columns: []string{"ackers"}},
	Sessions - node.FieldWorldEnd: {Name: "sessions", Shape: node.Map,
		Columns: []string{"timeout"}},
	Tree - node.FieldWorldEnd: {Name: "tree", Shape: node.Map, Columns: []string{"data", "czxid",
		"mzxid", "pzxid", "version", "cversion", "aversion", "ephemeralOwner"}},
	Watches - node.FieldWorldEnd: {Name: "watches", Shape: node.Map,
		Columns: []string{"kinds"}},
	ClientState - node.FieldWorldEnd: {Name: "clientState",
		Columns: []string{"state", "server", "session"}},
	ClientPending - node.FieldWorldEnd: {Name: "clientPending", Shape: node.Map,
		Columns: []string{"op", "path"}},
	QuorumConfig - node.FieldWorldEnd: {Name: "quorumConfig",
		Columns: []string{"version", "voters", "observers"}},
	LastSeenConfig - node.FieldWorldEnd: {Name: "lastSeenConfig",
		Columns: []string{"version", "voters", "observers"}},
	LearnerType - node.FieldWorldEnd: {Name: "learnerType", Columns: []string{"type"}},
}
