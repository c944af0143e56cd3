// Package zk is ZooKeeper's vocabulary: identifiers, epochs, votes, states, packet and operation
// codes, error codes, transactions and configurations, in the words and with the numbers of Apache
// ZooKeeper 3.8.0. It holds data and no protocol: every other package speaks in its types.
//
// Reading order: ids.go (SID, Zxid, Epoch, Vote), state.go (states, packets, modes), ops.go
// (operations and error codes), txn.go (what a transaction is), request.go (what a client asks),
// options.go (points where releases differ), config.go (one server's zoo.cfg, the members of
// the ensemble), membership.go and member.go (reading them from text), change.go (what a reconfig
// makes of them).
package zk
