// Package peer is one server of the ensemble: QuorumPeer, the loop that looks for a leader, plays
// the role it finds, and looks again. A Peer is a node.Machine; it joins the election, the roles
// of Zab, the request pipeline and the database, and owns what they share.
//
// Reading order: peer.go (Peer and its Step), loop.go (start, roles, looking), reconfig.go (other
// members, other roles), disk.go (epoch files and fsyncs), view.go (what can be seen of it);
// standalone.go (Standalone, a server without an ensemble, and which of the two a configuration
// asks for).
package peer
