// Package event is what ZooKeeper's machines say to the trace: the kinds of their events, the places
// of their visible state, the questions of their decisions and the names of their timers. It is a
// list of names; sentences are made of them elsewhere.
//
// Reading order: kinds.go, fields.go, checks.go (with the timers).
package event
