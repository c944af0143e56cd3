// Package node is the contract between a protocol machine and whoever runs it.
//
// A Machine is one process of a distributed system, written as a pure state machine: it takes one
// Input at a time (a message, a closed connection, a timer, a finished fsync, a command) and appends
// Effects to a buffer that the caller owns. It starts no goroutine, reads no clock, and draws random
// numbers only from the Rand it was given. So a simulated world and a live process run the same code.
//
// Reading order: node.go (Machine, Input, Effect), disk.go (what a machine may do to its disk),
// event.go (what a machine tells the trace), vocabulary.go (the names of those things), out.go (the
// buffer that machines write to), rand.go.
package node
