package storage

import (
	"slices"

	"zabscope/engine/zk"
)

// TxnLogRange is what the disk log has for a learner that committedLog does not reach back to, and
// why it may be of no use. (ZKDatabase.getProposalsFromTxnLog)
type TxnLogRange struct {
	Found    bool    // there is a log that can be read
	First    zk.Zxid // first in the file that reading begins with; beyond peer if purged
	Bytes    int64   // size of the log files behind that one, padding included
	Limit    int64   // bytes; 0 is no limit
	TooLarge bool    // Bytes > Limit, with a limit
	// Hidden says that behind peer lies a snapshot to which the log does not lead: it came from a
	// leader, and what was logged before it may never have been committed (ZOOKEEPER-2846).
	Hidden bool

	// Txns is the log from the last transaction before peer on, which tells a leader where to cut a
	// learner that has something else at peer. It is empty unless the log is of use.
	Txns []*zk.Txn
}

// TxnLogSizeLimit is how many bytes of log may be sent instead of a snapshot: snapshotSizeFactor
// times the size of the newest one. Negative switches this way off.
// (ZKDatabase.calculateTxnLogSizeLimit)
func (d *ZKDatabase) TxnLogSizeLimit() int64 {
	size := int64(0)
	if s := d.snapshots(); len(s) > 0 {
		size = d.disk.Size(s[0].name)
	}
	return int64(float64(size) * d.cfg.SnapshotSizeFactor)
}

// TxnLogFrom reads the disk log for a learner whose last zxid is peer. The file that reading begins
// with does not count towards limit, only those behind it; each counts with its padding.
// (ZKDatabase.getProposalsFromTxnLog, LearnerHandler.syncFollower)
func (d *ZKDatabase) TxnLogFrom(peer zk.Zxid, limit int64) TxnLogRange {
	r := TxnLogRange{First: zk.NoZxid, Limit: limit}
	p := place{file: d.log.firstFile(peer)}
	for p.file < len(d.log.files) && len(d.log.files[p.file].zxids) == 0 {
		if d.log.files[p.file].err != nil {
			return r
		}
		p.file++
	}
	if limit < 0 || p.file >= len(d.log.files) {
		return r
	}
	r.Found, r.First = true, d.log.files[p.file].zxids[0]
	for _, f := range d.log.files[p.file+1:] {
		r.Bytes += d.disk.Size(f.name)
	}
	r.TooLarge = limit > 0 && r.Bytes > limit
	if r.First > peer || r.TooLarge {
		return r
	}
	_ = d.log.each(d.log.lastBefore(p, peer), func(t *zk.Txn) error { // a damaged log just ends
		r.Txns = append(r.Txns, t)
		return nil
	})
	r.Hidden = d.hides(peer, r.Txns)
	return r
}

// hides reports whether a snapshot newer than peer is named after none of the transactions.
func (d *ZKDatabase) hides(peer zk.Zxid, txns []*zk.Txn) bool {
	for _, s := range zxidFiles(d.disk, snapshotPrefix) {
		named := func(t *zk.Txn) bool { return t.Zxid == s.zxid }
		if s.zxid > peer && !slices.ContainsFunc(txns, named) {
			return true
		}
	}
	return false
}

// lastBefore is the place of the last of the transactions older than z that follow p at once, p
// itself if there is none.
func (l *txnLog) lastBefore(p place, z zk.Zxid) place {
	best := p
	for ; p.file < len(l.files); p.file, p.at = p.file+1, 0 {
		for f := l.files[p.file]; p.at < len(f.zxids); p.at++ {
			if f.zxids[p.at] >= z {
				return best
			}
			best = p
		}
	}
	return best
}
