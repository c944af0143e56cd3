// Package storage is what one server keeps on its disk and what it makes of it: the transaction
// log, the snapshots, the epoch files, and the database in memory that is restored from them, in
// the formats and with the rules of ZooKeeper 3.8.0. It works on a node.Disk, tells the trace what
// changes, and never waits: what needs an fsync is written at once, and the caller asks for the
// fsync.
//
// Reading order: names.go (files), database.go (ZKDatabase and its transactions), load.go
// (recovery), txnlog.go (appending), logindex.go (reading), truncate.go, snapshot.go,
// committedlog.go and txnlogsync.go (what a leader sends to a learner that is behind), epochs.go,
// config.go (the members of the ensemble), inspect.go (facts about a disk), visible.go (the
// operations on the visible state).
package storage
