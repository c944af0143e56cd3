package storage

import (
	"slices"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// txnLog is the log files of one server, with an index of what is where.
// (org.apache.zookeeper.server.persistence.FileTxnLog)
type txnLog struct {
	disk     node.Disk
	preAlloc int64
	indexed  bool
	files    []*logFile // in order of their names' zxids
	durable  int        // transactions that are known to be synced

	current *logFile // appended to; nil: the next transaction opens a new file
	flushed int64    // end of current at the last SyncFiles, by which padding goes
	size    int64    // of current, with padding
}

// padNear is how near to its end a file must be to grow. (FilePadding)
const padNear = 4096

// padded is the size that a file of size bytes is to have, written up to position: one more
// preallocation when the end is near, and none when that is switched off.
// (FilePadding.calculateFileSizeWithPadding)
func padded(position, size, preAlloc int64) int64 {
	switch {
	case preAlloc <= 0 || position+padNear < size:
		return size
	case position > size:
		size = position + preAlloc
		return size - size%preAlloc
	}
	return size + preAlloc
}

// Append writes a transaction to the log, opening a file named after it if none is open. It is not
// durable before the next fsync of SyncFiles. Nothing checks its zxid: ZooKeeper only warns of one
// that is out of order. (FileTxnLog.append)
func (d *ZKDatabase) Append(o *node.Out, t *zk.Txn) error {
	if t.Record == nil {
		t.Record = jute.EncodeRecord(t)
	}
	replaced, err := d.log.append(t)
	if err != nil {
		return err
	}
	d.txnCount++
	if o.Tracing {
		e := o.Event(event.Appended).With(zxid(t.Zxid), node.Text(t.Type.String()), hash(t),
			node.Text(base(d.log.current.name)))
		if d.log.current == d.log.files[len(d.log.files)-1] && !replaced {
			appendRow(e, t)
		} else {
			d.relist(e)
		}
	}
	return nil
}

// append reports whether it replaced a file, whose transactions are gone.
func (l *txnLog) append(t *zk.Txn) (replaced bool, err error) {
	if l.current == nil {
		if replaced, err = l.open(t.Zxid); err != nil {
			return replaced, err
		}
	}
	f := l.current
	if size := padded(l.flushed, l.size, l.preAlloc); size != l.size {
		if err := l.disk.Extend(f.name, size); err != nil {
			return replaced, err
		}
		l.size = size
	}
	if err := l.disk.Append(f.name, t.Record); err != nil {
		return replaced, err
	}
	f.add(t.Zxid, len(t.Record))
	f.dirty = true
	return replaced, nil
}

// open starts a file named after z; one of that name is overwritten.
func (l *txnLog) open(z zk.Zxid) (replaced bool, err error) {
	f := newLogFile(zxidName(logPrefix, z), z)
	if err := l.disk.Write(f.name, jute.LogHeader); err != nil {
		return false, err
	}
	at := len(l.files)
	for at > 0 && l.files[at-1].first >= z {
		at--
	}
	if at < len(l.files) {
		l.durable = min(l.durable, l.before(place{at, 0}))
	}
	if at < len(l.files) && l.files[at].first == z {
		replaced = len(l.files[at].zxids) > 0
		l.files[at] = f
	} else {
		l.files = slices.Insert(l.files, at, f)
	}
	l.current, l.flushed, l.size = f, f.end(), f.end()
	return replaced, nil
}

// SyncFiles lists the log files that were written since it was last called: an fsync of them makes
// durable what was appended up to now. The slice is the database's and is never changed.
// (FileTxnLog.commit)
func (d *ZKDatabase) SyncFiles() []string {
	if f := d.log.current; f != nil {
		d.log.flushed = f.end()
		d.log.size = max(d.log.size, f.end())
	}
	var one *logFile
	var many []string
	for _, f := range d.log.files {
		switch {
		case !f.dirty:
			continue
		case one == nil:
			one = f
		case many == nil:
			many = []string{one.name, f.name}
		default:
			many = append(many, f.name)
		}
		f.dirty = false
	}
	if many == nil && one != nil {
		return one.alone
	}
	return many
}

// Synced notes that the fsync is done which made the log durable up to transaction through,
// LastLogged at the time of SyncFiles. (FileTxnLog.commit)
func (d *ZKDatabase) Synced(o *node.Out, through zk.Zxid) {
	n := d.log.through(through)
	if n <= d.log.durable {
		return
	}
	d.log.durable = n
	if o.Tracing {
		o.Event(event.Durable).With(zxid(through)).Set(event.LogDurable, node.Int(int64(n)))
	}
}

// SyncFailed notes that the fsync of these files has failed, as SyncFiles named them: they are among
// the next ones again. (FileTxnLog.streamsToFlush)
func (d *ZKDatabase) SyncFailed(files []string) {
	for _, f := range d.log.files {
		if slices.Contains(files, f.name) {
			f.dirty = true
		}
	}
}

// through is the number of transactions up to the last of zxid z, 0 if there is none.
func (l *txnLog) through(z zk.Zxid) int {
	for i := len(l.files) - 1; i >= 0; i-- {
		f := l.files[i]
		for k := len(f.zxids) - 1; k >= 0; k-- {
			if f.zxids[k] == z {
				return l.before(place{i, k}) + 1
			}
		}
	}
	return 0
}

// LogSize is the size in bytes, padding included, of what was logged since the log was rolled.
// (FileTxnLog.getTotalLogSize)
func (d *ZKDatabase) LogSize() int64 {
	if d.log.current == nil {
		return 0
	}
	return d.log.size
}

// RollLog closes the current log file: the next transaction opens another. The file closed is still
// among SyncFiles if it is not durable. (ZKDatabase.rollLog)
func (d *ZKDatabase) RollLog(o *node.Out) {
	d.log.current = nil
	d.txnCount = 0
	if o.Tracing {
		o.Event(event.LogRolled).With(zxid(d.LastProcessed()))
	}
}

// snapSizeInBytes is the size that the log may not reach without a snapshot.
// (SyncRequestProcessor.snapSizeInBytes)
const snapSizeInBytes = 4 << 30

// ShouldSnapshot reports whether enough was logged since the log was rolled for a snapshot: between
// half of snapCount transactions and all of it, or 2 to 4 GiB, at a point drawn from rand, so that
// the servers of an ensemble do not stop together. When it says so, the next point is drawn.
// (SyncRequestProcessor.shouldSnapshot)
func (d *ZKDatabase) ShouldSnapshot(rand *node.Rand) bool {
	half := max(d.cfg.SnapCount, 2) / 2
	if d.randRoll < 0 {
		d.randRoll, d.randSize = rand.Intn(half), rand.Intn(snapSizeInBytes/2)
	}
	if d.txnCount <= half+d.randRoll && d.LogSize() <= snapSizeInBytes/2+d.randSize {
		return false
	}
	d.randRoll = -1
	return true
}

// ResetSnapshotStats draws the point of the next snapshot anew, as a SyncRequestProcessor does when
// it starts. (SyncRequestProcessor.resetSnapshotStats)
func (d *ZKDatabase) ResetSnapshotStats() { d.randRoll = -1 }
