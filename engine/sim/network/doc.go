// Package network simulates TCP between machines: connections with two directions, each first in,
// first out; latency and bandwidth; cuts, which are silence; holds; broken connections.
//
// It knows when something arrives, not who waits for it: a Driver keeps the clock, calls Arrive when
// the time has come, and tells the machine. What a kernel does by itself (accepting, refusing,
// closing the connections of a dead process) happens here.
//
// Deviations from real TCP, all on purpose: bytes behind a cut wait forever and no connection dies
// of silence; a close is seen by the other side only after all data; whoever closes learns nothing
// more of the connection; messages arrive whole.
//
// Reading order: network.go (Config, Network, hosts), conn.go (connections and their two wires),
// dial.go (opening), arrive.go (what happens when a packet arrives), fault.go (cuts, holds, broken
// connections), inspect.go (what is under way).
package network
