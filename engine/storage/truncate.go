package storage

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Truncate cuts the log behind transaction z, deletes all later files, and loads the database anew.
// Like the real server it cuts behind the first transaction at or beyond z, so that one beyond z
// stays if z itself is not in the log, and it leaves newer snapshots alone, from which Load brings
// back what was cut (ZOOKEEPER-2832). With the repair it leaves nothing beyond z, and touches
// nothing if the disk does not lead to z. On an error the process exits.
// (ZKDatabase.truncateLog, FileTxnLog.truncate)
func (d *ZKDatabase) Truncate(o *node.Out, z zk.Zxid) error {
	if err := d.log.index(d.opt.RepairTornRecord); err != nil {
		return err
	}
	p, ok, err := d.log.find(z)
	if err != nil {
		return err
	}
	if !ok {
		return ErrNoLog
	}
	keep := place{p.file, p.at + 1}
	if d.opt.RepairTruncSnapshots {
		if keep, err = d.exactCut(p, z); err != nil {
			return err
		}
	}
	d.Clear(o)
	removed := d.log.length()
	if err := d.log.cut(keep, d.opt.TruncPosBug); err != nil {
		return err
	}
	if d.opt.RepairTruncSnapshots {
		if err := d.removeSnapshotsBeyond(z); err != nil {
			return err
		}
	}
	left := d.log.length()
	if o.Tracing {
		e := o.Event(event.Truncated).With(zxid(z), node.Int(int64(removed-left)))
		e.Cut(event.Log, left).Set(event.LogDurable, node.Int(int64(d.log.durable)))
	}
	return d.Load(o)
}

// cut keeps the transactions before p. The file stays open no longer, so that the next transaction
// starts a new one. With the bug the place was taken from a stream that did not count what was read
// in bulk, payloads and checksums (ZOOKEEPER-1156).
func (l *txnLog) cut(p place, posBug bool) error {
	f := l.files[p.file]
	end := f.start(p.at)
	if posBug {
		const counted = 4 + 1 // of each transaction, its length and its end mark
		end = f.start(0) + int64(counted*p.at)
	}
	if err := l.disk.Truncate(f.name, end); err != nil {
		return err
	}
	if err := l.removeFrom(p.file + 1); err != nil {
		return err
	}
	for p.at > 0 && f.ends[p.at-1] > end {
		p.at--
	}
	f.zxids, f.ends, f.err = f.zxids[:p.at], f.ends[:p.at], nil
	l.current, l.durable = nil, min(l.durable, l.length())
	return nil
}

// exactCut is where the repaired truncation cuts: behind z, or where z would stand. The bare start
// of an epoch stands in no log; any other z must be there or have a snapshot.
func (d *ZKDatabase) exactCut(p place, z zk.Zxid) (place, error) {
	if d.log.files[p.file].zxids[p.at] == z {
		p.at++
	} else if !z.IsNewEpoch() && d.disk.Size(zxidName(snapshotPrefix, z)) < 0 {
		return p, ErrCannotTruncate
	}
	for _, s := range d.snapshots() {
		if s.zxid <= z {
			return p, nil
		}
	}
	return p, ErrCannotTruncate
}

func (d *ZKDatabase) removeSnapshotsBeyond(z zk.Zxid) error {
	for _, s := range zxidFiles(d.disk, snapshotPrefix) {
		if s.zxid > z {
			if err := d.disk.Remove(s.name); err != nil {
				return err
			}
		}
	}
	return nil
}
