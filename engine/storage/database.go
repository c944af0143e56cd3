package storage

import (
	"fmt"
	"maps"
	"slices"

	"zabscope/engine/datatree"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Error says why a database cannot be used. ZooKeeper throws an IOException for each.
type Error string

// The reasons. Errors of the disk are node.DiskError, those of damaged files jute.Error.
const (
	// ErrNoSnapshot refuses a log that has no snapshot to start from (ZOOKEEPER-2325).
	ErrNoSnapshot Error = "no snapshot found, but there are log entries"
	// ErrNoValidSnapshot says that snapshots look whole and none of them can be read.
	ErrNoValidSnapshot Error = "not able to find valid snapshots"
	// ErrNoLog says that no log file holds the place to truncate at.
	ErrNoLog Error = "no log files found to truncate"
	// ErrCannotTruncate says that disk and log do not reach the state to return to.
	ErrCannotTruncate Error = "the log does not lead to the state to return to"
	// ErrCommittedGap refuses a transaction that does not follow the last of committedLog.
	ErrCommittedGap Error = "a transaction is missing in committedLog"
)

// Error implements error.
func (e Error) Error() string { return string(e) }

// ZKDatabase is the database of one server: the tree and the sessions in memory, and the log and
// the snapshots that they are restored from. It belongs to one machine. Tree is replaced, not
// changed, by Load, Clear, Install and Truncate. (org.apache.zookeeper.server.ZKDatabase,
// FileTxnSnapLog)
type ZKDatabase struct {
	Tree     *datatree.DataTree
	Sessions map[int64]int32 // open sessions with their timeouts in milliseconds

	disk       node.Disk
	cfg        zk.Config
	opt        zk.Options
	membership func() *zk.Membership

	initialized bool
	shown       bool // the trace knows a lastProcessedZxid
	log         txnLog
	committed   committedLog
	epochs      epochFiles
	txnCount    int64 // transactions logged since the log was rolled
	randRoll    int64 // random parts of the snapshot trigger; negative: to be drawn
	randSize    int64
}

// New returns an empty database on a disk that it does not look at yet. membership tells the
// committed configuration, which stands in /zookeeper/config; nil if there is no ensemble.
// (QuorumPeerMain.runFromConfig: setZKDatabase, initConfigInZKDatabase)
func New(disk node.Disk, cfg zk.Config, opt zk.Options,
	membership func() *zk.Membership) *ZKDatabase {
	cfg = withinLimits(cfg)
	d := &ZKDatabase{disk: disk, cfg: cfg, opt: opt, membership: membership, randRoll: -1}
	d.log = txnLog{disk: disk, preAlloc: cfg.PreAllocSize}
	d.committed = committedLog{limit: cfg.CommitLogCount, gapCheck: opt.CommittedLogGapCheck}
	d.epochs = readEpochFiles(disk)
	d.forget()
	d.setConfig(0)
	return d
}

// withinLimits puts the default where a database takes no other number: for a committedLog that is
// smaller than the default, and for more log than snapshot. (ZKDatabase.ZKDatabase)
func withinLimits(cfg zk.Config) zk.Config {
	if cfg.ExactLimits {
		return cfg
	}
	usual := zk.DefaultConfig()
	cfg.CommitLogCount = max(cfg.CommitLogCount, usual.CommitLogCount)
	if cfg.SnapshotSizeFactor > 1 {
		cfg.SnapshotSizeFactor = usual.SnapshotSizeFactor
	}
	return cfg
}

// Initialized reports whether memory holds a database: loaded or installed, and not cleared since.
// (ZKDatabase.isInitialized)
func (d *ZKDatabase) Initialized() bool { return d.initialized }

// LastProcessed is the zxid of the last transaction in memory, which is also what a server votes
// with. (ZKDatabase.getDataTreeLastProcessedZxid)
func (d *ZKDatabase) LastProcessed() zk.Zxid { return d.Tree.LastProcessedZxid() }

// SetLastProcessed sets it without a transaction: a leader at the start of its epoch, a learner
// after TRUNC. (ZKDatabase.setlastProcessedZxid)
func (d *ZKDatabase) SetLastProcessed(o *node.Out, z zk.Zxid) {
	if d.shown && d.LastProcessed() == z {
		return
	}
	d.shown = true
	d.Tree.SetLastProcessedZxid(z)
	if o.Tracing {
		o.Event(event.LastProcessedSet).With(zxid(z)).Set(event.LastProcessed, zxid(z))
	}
}

// SessionIDs lists the open sessions in order, in a new slice.
func (d *ZKDatabase) SessionIDs() []int64 { return slices.Sorted(maps.Keys(d.Sessions)) }

// Clear forgets what is in memory, not what is on disk. (ZKDatabase.clear)
func (d *ZKDatabase) Clear(o *node.Out) {
	d.forget()
	d.shown = true
	if o.Tracing {
		o.Event(event.DatabaseCleared).DropAll(event.Tree).DropAll(event.Sessions).
			Set(event.LastProcessed, zxid(0))
	}
}

func (d *ZKDatabase) forget() {
	d.Tree, d.Sessions = datatree.New(), map[int64]int32{}
	d.committed.clear()
	d.initialized = false
}

// ProcessTxn applies a transaction to sessions and tree. via says in the trace how it came to be
// applied. The slices of the outcome hold until the next transaction.
// (ZooKeeperServer.processTxn, ZKDatabase.processTxn)
func (d *ZKDatabase) ProcessTxn(o *node.Out, t *zk.Txn, via string) datatree.Outcome {
	out := d.apply(t)
	d.shown = true
	if o.Tracing {
		e := o.Event(event.Delivered).With(zxid(t.Zxid), node.Text(t.Type.String()),
			node.Text(t.Path), hash(t), node.Text(via), node.Text(out.Err.Error()))
		d.putSession(e, t)
		d.putNodes(e, out.Changed)
		e.Set(event.LastProcessed, zxid(d.LastProcessed()))
	}
	return out
}

// apply does what a transaction does, in live and in replay.
// (FileTxnSnapLog.processTransaction)
func (d *ZKDatabase) apply(t *zk.Txn) datatree.Outcome {
	switch t.Type {
	case zk.OpCreateSession:
		d.Sessions[t.Session] = t.Timeout
	case zk.OpCloseSession:
		delete(d.Sessions, t.Session)
	}
	return d.Tree.Apply(t)
}

// KillDeadSessions deletes the ephemeral nodes of sessions that are not open, as a new leader does
// before it serves. (ZooKeeperServer.loadData)
func (d *ZKDatabase) KillDeadSessions(o *node.Out) {
	for _, id := range d.Tree.EphemeralSessions() {
		if _, open := d.Sessions[id]; open {
			continue
		}
		count := len(d.Tree.Ephemerals(id))
		changed := d.Tree.KillSession(id, d.LastProcessed())
		if o.Tracing {
			e := o.Event(event.SessionClosed).With(node.Int(id), node.Int(int64(count)))
			d.putNodes(e, changed)
		}
	}
}

// InitConfigNode writes the configuration that this server knows into /zookeeper/config: nothing in
// the log tells it the initial one. It returns the watches that fire, in a slice that holds until
// the next transaction. (ZKDatabase.initConfigInZKDatabase)
func (d *ZKDatabase) InitConfigNode(o *node.Out) []datatree.Fired {
	if changed := d.setConfig(o.Now); changed && d.initialized && o.Tracing {
		e := o.Event(event.ConfigNodeSet).With(node.Int(d.membership().Version))
		d.putNode(e, datatree.ConfigPath)
	}
	return d.Tree.Fired()
}

// Membership is the committed configuration, as the peer has it.
func (d *ZKDatabase) Membership() *zk.Membership { return d.membership() }

func (d *ZKDatabase) setConfig(now node.Time) bool {
	m := d.membership()
	if m == nil { // a server without an ensemble
		return false
	}
	return d.Tree.SetConfig(m.Text(), zk.Zxid(m.Version), int64(now/node.Millisecond))
}

// wrap says in which file an error was met.
func wrap(name string, err error) error { return fmt.Errorf("%s: %w", base(name), err) }
