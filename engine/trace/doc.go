// Package trace records what happened in a run: an append-only list of numbered events, each with
// its time, its machine, its cause, the checks of its decision and what it changed of the visible
// state. It knows no protocol; a vocabulary at the head of the trace names everything.
//
// Events are kept packed, some twenty bytes each, texts once. Folding the events from the first to
// the n-th gives the visible state after the n-th.
//
// Reading order: event.go (Header, Event), recorder.go (Append, AddOp), encode.go and decode.go (the
// packed form), read.go (At, Iterate), fold.go (World), row.go (the compact form that browsers get),
// write.go and parse.go (JSON lines, the form of saved files).
package trace
