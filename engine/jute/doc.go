// Package jute turns records into bytes and back, exactly as Apache ZooKeeper 3.8.0 has them on its
// wires and in its files: packets between learner and leader, election messages, client frames,
// transaction logs and snapshots. It also holds the structs of those messages, which machines
// exchange as they are; inside a simulation nothing is encoded but transactions.
//
// Every AppendX adds the bytes of an X to a slice and returns it, every DecodeX reads one X from
// the front of a slice. Byte slices in what is decoded alias the input, strings are copied. A
// decoder answers any bytes with a value or an error and allocates no more than a small multiple of
// them.
//
// Reading order: messages.go (what machines exchange), archive.go (primitive types, errors,
// limits), records.go (ACL, Id, Stat), txn.go and log.go (transactions and the file they are kept
// in), snapshot.go and stream.go (snapshots in files and after a SNAP packet), packet.go (learner
// and leader), election.go (Hello, Notification), connect.go, request.go, multi.go and reply.go
// (clients), session.go (ids and passwords of sessions).
package jute
