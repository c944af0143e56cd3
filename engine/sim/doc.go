// Package sim runs machines in a simulated world: one virtual clock, one queue of things to come, a
// network, a disk for each machine. It knows no protocol: machines are node.Machine.
//
// Everything that happens follows from the seed, the machines and the controls, in the order in
// which they are called. The trace, if one is attached, is the same to the byte each time.
//
// Reading order: config.go, sim.go (Sim, Add, the machines), queue.go and step.go (the loop), input.go
// (what machines are told), effect.go and timer.go (what machines want), record.go (what the trace is
// told), control.go, control_net.go and control_disk.go (what people do to the world), hand.go
// (choosing what happens next), view.go (the visible state, and its check against the trace).
package sim
