package storage

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Load restores memory from disk: the newest snapshot that can be read, and every transaction
// logged behind it, committed or not, which also fill committedLog. A disk with neither gets
// snapshot.0, which is not synced. On an error memory is as good as cleared and the server must not
// start.
// (ZKDatabase.loadDataBase, FileTxnSnapLog.restore)
func (d *ZKDatabase) Load(o *node.Out) error {
	d.initialized = false
	d.epochs = readEpochFiles(d.disk)
	snapshot, err := d.restore()
	if err != nil {
		return err
	}
	first := !d.log.indexed
	if err := d.log.index(d.opt.RepairTornRecord); err != nil {
		return err
	}
	if first && d.opt.RepairTornRecord {
		if err := d.dropBeyondGap(); err != nil {
			return err
		}
	}
	replayed := 0
	switch {
	case snapshot != "":
		if replayed, err = d.replay(nil); err != nil {
			return err
		}
	case len(d.log.files) > 0:
		return ErrNoSnapshot
	default:
		if snapshot, err = d.TakeSnapshot(o); err != nil {
			return err
		}
	}
	d.initialized, d.shown = true, true
	if o.Tracing {
		d.tellLoaded(o, base(snapshot), replayed, first)
	}
	return nil
}

func (d *ZKDatabase) tellLoaded(o *node.Out, snapshot string, replayed int, first bool) {
	e := o.Event(event.DatabaseLoaded).With(node.Text(snapshot), zxid(d.LastProcessed()),
		node.Int(int64(replayed)))
	if first { // what a loss of power took is gone, and what is left counts as history
		e.Cut(event.Log, d.log.length()).Set(event.LogDurable, node.Int(int64(d.log.durable)))
	}
	d.putMemory(e)
}

// FastForward applies what is logged behind the last transaction in memory: a leader or follower
// that gave up knows no more what of it was committed, but it will vote with all of it
// (ZOOKEEPER-2845).
// (ZKDatabase.fastForwardDataBase)
func (d *ZKDatabase) FastForward(o *node.Out) error {
	var e *node.Event
	if _, behind, _ := d.log.find(d.LastProcessed() + 1); behind && o.Tracing {
		e = o.Event(event.FastForwarded)
	}
	replayed, err := d.replay(e)
	d.initialized, d.shown = true, true
	if e != nil {
		e.With(zxid(d.LastProcessed()), node.Int(int64(replayed)))
		e.Set(event.LastProcessed, zxid(d.LastProcessed()))
	}
	return err
}

// replay applies the log behind the last transaction in memory, and tells e, if there is one, what
// changes. (FileTxnSnapLog.fastForwardFromEdits)
func (d *ZKDatabase) replay(e *node.Event) (replayed int, err error) {
	from, ok, err := d.log.find(d.LastProcessed() + 1)
	if !ok {
		return 0, err
	}
	err = d.log.each(from, func(t *zk.Txn) error {
		out := d.apply(t)
		replayed++
		if e != nil {
			d.putSession(e, t)
			d.putNodes(e, out.Changed)
		}
		return d.AddCommitted(t)
	})
	return replayed, err
}

// index finds the log files and reads where their transactions are, once. A last file that is
// empty, because power was lost before its header was written, is deleted.
// (FileTxnLog.FileTxnIterator.init, goToNextLog)
func (l *txnLog) index(repair bool) error {
	if l.indexed {
		return nil
	}
	l.files, l.current = nil, nil
	for _, n := range zxidFiles(l.disk, logPrefix) {
		l.files = append(l.files, readLogFile(l.disk, n))
	}
	for i, f := range l.files {
		if last := i == len(l.files)-1; f.err == nil || !last && !repair {
			continue
		}
		if err := l.removeFrom(i + 1); err != nil {
			return err
		}
		if err := l.mend(f, repair); err != nil {
			return err
		}
		break
	}
	l.indexed, l.durable = true, l.length()
	return nil
}

// removeFrom deletes the files from number i on.
func (l *txnLog) removeFrom(i int) error {
	for _, f := range l.files[i:] {
		if err := l.disk.Remove(f.name); err != nil {
			return err
		}
	}
	l.files = l.files[:i]
	return nil
}

// dropBeyondGap is the repair for a log file that was closed, not yet synced, and lost its end with the
// power while the next file kept something. What is behind the gap was never synced either.
func (d *ZKDatabase) dropBeyondGap() error {
	last := d.LastProcessed() // of the snapshot
	for i, f := range d.log.files {
		for k, z := range f.zxids {
			if z <= last {
				continue
			}
			if z != last+1 && z.Epoch() == last.Epoch() && !last.IsNewEpoch() {
				return d.log.cut(place{i, k}, false)
			}
			last = z
		}
	}
	return nil
}

// mend deals with a file that does not end as it should, the last one or, with the repair, the one
// that becomes the last. With the repair, what is damaged in it was never synced, for an fsync covers
// all that was written before: it is cut off, and so is what follows.
func (l *txnLog) mend(f *logFile, repair bool) error {
	size := l.disk.Size(f.name)
	headless := size < f.start(0) || len(f.zxids) == 0
	switch {
	case size == 0, repair && headless:
		l.files = l.files[:len(l.files)-1]
		return l.disk.Remove(f.name)
	case repair:
		f.err = nil
		return l.disk.Truncate(f.name, f.end())
	}
	return nil
}
