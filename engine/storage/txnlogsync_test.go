package storage

import (
	"fmt"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// long is a database with n transactions of one epoch, logged and committed.
func long(t *testing.T, n int64, change ...func(*zk.Config, *zk.Options)) *server {
	s := booted(t, change...)
	for i := int64(1); i <= n; i++ {
		x := setData(z(1, i), "/", fmt.Sprint(i), int32(i))
		s.tell(func(o *node.Out) {
			if err := s.db.Append(o, x); err != nil {
				t.Fatal(err)
			}
			s.db.SyncFiles()
			s.db.ProcessTxn(o, x, "COMMIT")
			if err := s.db.AddCommitted(x); err != nil {
				t.Fatal(err)
			}
			if i%s.cfg.SnapCount == 0 {
				s.db.RollLog(o)
				s.db.TakeSnapshot(o)
			}
		})
	}
	return s
}

// The recorded leader with 625 transactions said minCommittedLog 0x10000007d, maxCommittedLog
// 0x100000271: 501 entries for a commitLogCount of 500 (recorded run g2).
func TestCommittedLogHoldsOneMoreThanItSays(t *testing.T) {
	s := long(t, 625)
	s.expect("min", s.db.MinCommitted().Hex(), "0x10000007d")
	s.expect("max", s.db.MaxCommitted().Hex(), "0x100000271")
	if n := len(s.db.Committed()); n != 501 {
		t.Errorf("%d entries", n)
	}
	s.step(func(o *node.Out) { s.db.Clear(o) })
	s.expect("cleared", s.db.MinCommitted().Hex()+" "+s.db.MaxCommitted().Hex(), "0x0 0x0")
}

// A list that a leader is sending from does not change under it.
func TestCommittedIsASnapshot(t *testing.T) {
	s := long(t, 3, func(c *zk.Config, _ *zk.Options) {
		c.CommitLogCount, c.ExactLimits = 2, true
	})
	before := s.db.Committed()
	s.apply(setData(z(1, 4), "/", "", 4), setData(z(1, 5), "/", "", 5))
	s.expect("before", zxids(before), "1:1 1:2 1:3")
	s.expect("now", zxids(s.db.Committed()), "1:3 1:4 1:5")
}

// ZOOKEEPER-4925: 3.9.3 puts (1,10) behind (1,4); 3.9.4 refuses the gap, passes over what it has,
// and lets a new epoch begin.
func TestCommittedLogContinuity(t *testing.T) {
	for _, c := range []struct {
		check bool
		next  zk.Zxid
		want  error
		max   zk.Zxid
	}{
		{false, z(1, 10), nil, z(1, 10)},
		{true, z(1, 10), ErrCommittedGap, z(1, 4)},
		{true, z(1, 5), nil, z(1, 5)},
		{true, z(1, 3), nil, z(1, 4)},
		{true, z(2, 1), nil, z(2, 1)},
	} {
		l := committedLog{limit: 500, gapCheck: c.check}
		if err := l.add(&zk.Txn{Zxid: z(1, 4)}); err != nil {
			t.Fatal(err)
		}
		if err := l.add(&zk.Txn{Zxid: c.next}); err != c.want || l.max != c.max {
			t.Errorf("%+v: %v, max %s", c, err, l.max)
		}
	}
}

// Recorded runs g2 and g3: a follower at (1,3) is sent 620 transactions from disk, though the limit
// is a third of a small snapshot: the file being read does not count.
func TestTxnLogFromTheFileBeingRead(t *testing.T) {
	s := long(t, 625)
	limit := s.db.TxnLogSizeLimit()
	if size := s.disk.Size("version-2/snapshot.0"); limit != int64(float64(size)*0.33) {
		t.Errorf("limit %d for a snapshot of %d bytes", limit, size)
	}
	r := s.db.TxnLogFrom(z(1, 3), limit)
	if !r.Found || r.First != z(1, 1) || r.Bytes != 0 || r.TooLarge {
		t.Errorf("%+v", r)
	}
	if n := len(r.Txns); n != 624 || r.Txns[0].Zxid != z(1, 2) {
		t.Errorf("%d transactions from %s", n, r.Txns[0].Zxid)
	}
}

// Recorded run g3b: the leader's log was rolled, and the later files count with their preallocated
// 64 MiB each.
func TestTxnLogFromBehindARoll(t *testing.T) {
	s := long(t, 625, func(c *zk.Config, _ *zk.Options) { c.SnapCount = 200 })
	r := s.db.TxnLogFrom(z(1, 3), s.db.TxnLogSizeLimit())
	if !r.TooLarge || r.Bytes != 3*67108880 || len(r.Txns) != 0 {
		t.Errorf("%+v", r)
	}
	r = s.db.TxnLogFrom(z(1, 3), 0) // 0 is no limit
	if r.TooLarge || len(r.Txns) != 624 {
		t.Errorf("without a limit: too large %t, %d transactions", r.TooLarge, len(r.Txns))
	}
	r = s.db.TxnLogFrom(z(1, 450), s.db.TxnLogSizeLimit())
	if !r.TooLarge || r.First != z(1, 401) || r.Bytes != 67108880 {
		t.Errorf("from the third file: %+v", r)
	}
	r = s.db.TxnLogFrom(z(1, 601), s.db.TxnLogSizeLimit())
	if r.First != z(1, 401) || !r.TooLarge {
		t.Errorf("a file's own first zxid is looked for in the file before: %+v", r)
	}
	r = s.db.TxnLogFrom(z(1, 602), s.db.TxnLogSizeLimit())
	if r.TooLarge || r.First != z(1, 601) || zxids(r.Txns[:2]) != "1:601 1:602" {
		t.Errorf("from the last file: %+v", r)
	}
}

func TestTxnLogThatIsOfNoUse(t *testing.T) {
	leader := long(t, 5)
	s := booted(t)
	s.step(func(o *node.Out) { s.db.Install(o, leader.db.Image(), z(1, 5)) })
	if r := s.db.TxnLogFrom(z(1, 3), 0); r.Found || len(r.Txns) != 0 || r.First != zk.NoZxid {
		t.Errorf("no log: %+v", r)
	}
	s.write(setData(z(1, 6), "/", "", 6))
	if r := s.db.TxnLogFrom(z(1, 3), 0); !r.Found || r.First != z(1, 6) || len(r.Txns) != 0 {
		t.Errorf("purged: %+v", r)
	}
	if r := s.db.TxnLogFrom(z(1, 6), -1); r.Found {
		t.Errorf("switched off: %+v", r)
	}
}

// snapshotSizeFactor -1 makes the limit negative (recorded run g4); more than 1 is taken for a
// mistake, and 0.33 used. (ZKDatabase.ZKDatabase)
func TestTxnLogSizeLimit(t *testing.T) {
	for _, c := range []struct {
		factor float64
		exact  bool
		want   float64
	}{{-1, false, -1}, {0, false, 0}, {0.5, false, 0.5}, {1, false, 1}, {1.01, false, 0.33},
		{1e7, false, 0.33}, {10, true, 10}, {-1, true, -1}} {
		s := booted(t, func(cfg *zk.Config, _ *zk.Options) {
			cfg.SnapshotSizeFactor, cfg.ExactLimits = c.factor, c.exact
		})
		size := float64(s.disk.Size("version-2/snapshot.0"))
		if got := s.db.TxnLogSizeLimit(); got != int64(c.want*size) {
			t.Errorf("%+v: %d for %v bytes", c, got, size)
		}
	}
}

// A commitLogCount below 500 counts as 500. (ZKDatabase.ZKDatabase)
func TestCommittedLogHoldsFiveHundredAtLeast(t *testing.T) {
	for _, c := range []struct {
		count   int
		exact   bool
		entries int
	}{{20, false, 501}, {0, false, 501}, {499, false, 501}, {510, false, 511}, {20, true, 21}} {
		s := long(t, 600, func(cfg *zk.Config, _ *zk.Options) {
			cfg.CommitLogCount, cfg.ExactLimits = c.count, c.exact
		})
		if n := len(s.db.Committed()); n != c.entries {
			t.Errorf("%+v: %d entries", c, n)
		}
	}
}
