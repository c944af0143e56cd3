package storage

import (
	"slices"

	"zabscope/engine/zk"
)

// committedLog is the transactions a leader can send from memory. min and max keep their last
// values when it is emptied other than by Clear, and are 0 before the first.
// (ZKDatabase.committedLog, minCommittedLog, maxCommittedLog)
type committedLog struct {
	limit    int
	gapCheck bool
	txns     []*zk.Txn
	min, max zk.Zxid
}

func (c *committedLog) clear() { c.txns, c.min, c.max = nil, 0, 0 }

// add appends a transaction. The oldest goes when there were more than limit before, so that the
// log holds one more than it is said to. (ZKDatabase.addCommittedProposal)
func (c *committedLog) add(t *zk.Txn) error {
	if c.gapCheck && len(c.txns) > 0 {
		switch {
		case t.Zxid <= c.max:
			return nil
		case t.Zxid != c.max+1 && t.Zxid.Epoch() == c.max.Epoch():
			return ErrCommittedGap
		}
	}
	if len(c.txns) > c.limit {
		c.txns = c.txns[1:]
		if len(c.txns) > 0 {
			c.min = c.txns[0].Zxid
		}
	}
	if len(c.txns) == 0 {
		c.min = t.Zxid
	}
	c.txns, c.max = append(c.txns, t), t.Zxid
	return nil
}

// AddCommitted adds a committed transaction to committedLog. With the continuity check on, a
// transaction that is not newer is passed over and ErrCommittedGap is returned if one is missing
// before it (ZOOKEEPER-4925). (ZKDatabase.addCommittedProposal)
func (d *ZKDatabase) AddCommitted(t *zk.Txn) error { return d.committed.add(t) }

// MinCommitted is the first zxid in committedLog, 0 if nothing was added yet.
// (ZKDatabase.getminCommittedLog)
func (d *ZKDatabase) MinCommitted() zk.Zxid { return d.committed.min }

// MaxCommitted is the last zxid in committedLog, 0 if nothing was added yet.
// (ZKDatabase.getmaxCommittedLog)
func (d *ZKDatabase) MaxCommitted() zk.Zxid { return d.committed.max }

// Committed is committedLog, oldest first. The slice stays as it is when more is added; it must not
// be changed. (ZKDatabase.getCommittedLog)
func (d *ZKDatabase) Committed() []*zk.Txn { return slices.Clip(d.committed.txns) }
