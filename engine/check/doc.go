// Package check holds a run against what Zab promises: the safety properties S1 to S19, the
// rules of the epochs E1 to E7, the legality of messages M1 to M7 and of elections F1 to F5. It
// sees nothing but the trace, so that a mistake of the engine cannot hide itself, and looks at
// each event once, when it is recorded, at a cost that does not grow with the run.
//
// The heart of it is one question: do all servers deliver the same transactions in the same
// order? Each history is kept as a chain of entries that is shared by all who have it, so that
// two histories agree where they are the same pointer (history.go). What a server reads back
// from its own log at a start is tentative, as it may contain what was never committed; it
// counts only when the server has joined an epoch with it. Two servers that both lead are legal,
// too.
//
// Reading order: suite.go (Suite, All), violation.go (Violation, the rules in words), bugs.go
// (which known bugs a violation points to), history.go, server.go, disk.go and model.go (what
// the trace tells about each server), then a file for each group of rules: integrity.go,
// prefix.go, primary.go, leaders.go, commit.go, acks.go, loss.go, epochs.go, streams.go,
// activation.go, election.go.
package check
