// Package datatree holds the znodes of one server in memory and applies transactions to them, as
// org.apache.zookeeper.server.DataTree of ZooKeeper 3.8.0 does. It never asks whether a transaction
// is allowed: that was decided when the leader prepared it. Applying is deterministic and may be
// repeated: a log replayed over a newer snapshot gives the tree that the log alone gives.
//
// Reading order: node.go (a znode and its Stat), tree.go (the tree and its reads), apply.go (a
// transaction and what comes of it), change.go (create, delete, setData, setACL), session.go
// (ephemerals), digest.go (the tree's 64-bit digest), acl.go, quota.go, watchmanager.go and
// watches.go (who is told), serialize.go (in and out of a snapshot).
package datatree
