// Package engine is the face of everything below it for those who show it to people: it makes runs,
// lets their time pass, and does to them what people ask.
//
// A Run is an ensemble of ZooKeeper servers in a simulated world, with a zkCli.sh at each. It starts no
// goroutine and reads no clock: whoever holds it decides how far its virtual time goes. All that
// happens is in its trace, and nothing else need be looked at.
//
// The engine, from the leaves up; each package says in its own documentation where to begin:
//
//	node                   the contract between a machine and whoever runs it
//	zk, zk/event           ZooKeeper's words; what its machines say to the trace
//	jute, quorum           bytes on wires and disks; who is a quorum
//	datatree, storage      znodes; what a disk holds, and recovery from it
//	election, zab, server  the three parts of a server
//	peer, client           the machines: a server, a client
//	zkcli                  the language of ZooKeeper's own command line
//	sim                    virtual time, network, disks
//	trace                  what happened, and why
//	check                  the promises of Zab, after every event
//	scenario               the language in which runs are written
//	export                 runs as files for other programs, and back
//
// Reading order: engine.go (Run), config.go (what it may be like), command.go (what people may do to
// it), shell.go (what they may ask its servers), stop.go (moments to stand still at), presets.go (runs that have a past already).
package engine
