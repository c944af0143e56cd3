package storage

import (
	"encoding/hex"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// The start of a real server's log: header, checksum and length of the first entry, its payload, a
// createSession with timeout 6000 and the digest of the empty tree, and the end mark.
const recordedLog = "5a4b4c47000000020000000000000000" + "00000000b4ac0a2c00000030" +
	"01000022792600000000000000000001000000010000" + "01a1fb2a5f78fffffff600001770" +
	"000000020000000051c6d660" + "42"

func TestLogIsTheRecordedOneToTheByte(t *testing.T) {
	s := booted(t)
	x := &zk.Txn{Session: 0x100002279260000, Zxid: z(1, 1), Time: 0x1a1fb2a5f78,
		Type: zk.OpCreateSession, Timeout: 6000}
	// The leader foresees the digest from its own tree.
	x.HasDigest, x.DigestVersion, x.Digest = true, 2, s.db.Tree.Digest()
	s.write(x)
	b, _ := s.disk.Read("version-2/log.100000001")
	s.expect("bytes", hex.EncodeToString(b), recordedLog)
	if m := s.db.Tree.Mismatches(); m.Count != 0 {
		t.Errorf("the tree's digest differs from the recorded one: %+v", m)
	}
	if size := s.disk.Size("version-2/log.100000001"); size != 67108880 {
		t.Errorf("size %d, want 16 bytes and 64 MiB", size)
	}
}

// FilePadding.calculateFileSizeWithPadding
func TestPadding(t *testing.T) {
	const mib64 = 64 << 20
	for _, c := range []struct {
		why                      string
		position, size, prealloc int64
		want                     int64
	}{
		{"a new file", 16, 16, mib64, 16 + mib64},
		{"far from the end", 1000, 16 + mib64, mib64, 16 + mib64},
		{"one byte too far from the end", mib64 + 16 - 4097, mib64 + 16, mib64, mib64 + 16},
		{"4096 bytes from the end", mib64 + 16 - 4096, mib64 + 16, mib64, 2*mib64 + 16},
		{"beyond the end, rounded down to a multiple", 100, 16, 64, 128},
		{"switched off", 16, 16, 0, 16},
		{"switched off by a negative size", 16, 16, -1, 16},
	} {
		if got := padded(c.position, c.size, c.prealloc); got != c.want {
			t.Errorf("%s: %d, want %d", c.why, got, c.want)
		}
	}
}

// A file grows by what was flushed at the last commit, so a batch that runs over the end makes it
// longer than its padding.
func TestPaddingGoesByWhatWasFlushed(t *testing.T) {
	s := booted(t, func(c *zk.Config, _ *zk.Options) { c.PreAllocSize = 8192 })
	big := strings.Repeat("x", 3000)
	size := func() int64 { return s.disk.Size("version-2/log.100000001") }
	s.log(create(z(1, 1), "/a", big))
	if size() != 16+8192 {
		t.Errorf("first: %d", size())
	}
	s.log(setData(z(1, 2), "/a", big, 1))
	if size() != 16+8192 {
		t.Errorf("position 3100 is not within 4096 of the end: %d", size())
	}
	s.log(setData(z(1, 3), "/a", big, 2))
	if size() != 16+2*8192 {
		t.Errorf("position 6100 is: %d", size())
	}
}

// Rolling closes the file; the next transaction names the new one; an fsync covers both.
func TestRollLog(t *testing.T) {
	s := booted(t)
	txns := history(1, 4)
	s.log(txns[:2]...)
	s.step(func(o *node.Out) { s.db.Append(o, txns[2]) })
	s.roll()
	if s.db.LogSize() != 0 {
		t.Errorf("size after the roll: %d", s.db.LogSize())
	}
	s.step(func(o *node.Out) { s.db.Append(o, txns[3]) })
	files := s.db.SyncFiles()
	s.expect("to sync", strings.Join(files, " "), "version-2/log.100000001 version-2/log.100000004")
	s.expect("nothing left", strings.Join(s.db.SyncFiles(), " "), "")
	s.expect("logged", s.logged(), "1:1 1:2 1:3 1:4")
	if got := s.db.LogSize(); got != 67108880 {
		t.Errorf("size of the new file: %d", got)
	}
}

// What is durable counts up to the last transaction before the fsync began, not to what was
// appended while it went on.
func TestSyncedCountsWhatTheFsyncCovered(t *testing.T) {
	s := booted(t)
	txns := history(1, 4)
	s.step(func(o *node.Out) { s.db.Append(o, txns[0]); s.db.Append(o, txns[1]) })
	through := s.db.LastLogged()
	s.db.SyncFiles()
	s.step(func(o *node.Out) { s.db.Append(o, txns[2]) })
	s.step(func(o *node.Out) { s.db.Synced(o, through) })
	s.expect("told", strings.Join(s.told, " "), "log.durable")
	if s.db.log.durable != 2 {
		t.Errorf("durable %d, want 2", s.db.log.durable)
	}
	s.step(func(o *node.Out) { s.db.Synced(o, through) })
	s.expect("told again", strings.Join(s.told, " "), "")
}

// A server that lost its unsynced tail logs the same zxid again, with something else behind it: the
// file of that name is overwritten.
func TestFileOfTheSameNameIsReplaced(t *testing.T) {
	s := booted(t)
	s.write(create(z(1, 1), "/a", "x"))
	s.roll()
	s.write(setData(z(1, 2), "/a", "y", 1))
	s.roll()
	s.log(setData(z(1, 2), "/a", "z", 1))
	s.expect("files", s.files(), "log.100000001 log.100000002 snapshot.0")
	s.restart()
	s.load()
	s.expect("data", data(s.db.Tree, "/a"), "z")
}

// A zxid that is out of order is only warned of; its file takes the place that its name says.
func TestOutOfOrderFileStandsWhereItsNameSays(t *testing.T) {
	s := booted(t)
	s.log(create(z(2, 1), "/a", "x"))
	s.roll()
	s.log(setData(z(1, 7), "/a", "y", 1), setData(z(1, 8), "/a", "z", 2))
	s.expect("logged", s.logged(), "1:7 1:8 2:1")
	s.expect("last logged", s.db.LastLogged().String(), "2:1")
}

// The bytes of a record are made once and shared by all disks.
func TestServersShareTheRecord(t *testing.T) {
	x := create(z(1, 1), "/a", "x")
	booted(t).log(x)
	record := x.Record
	booted(t).log(x)
	if &record[0] != &x.Record[0] || len(record) != jute.RecordSize(x) {
		t.Error("the record was made twice")
	}
}

func TestFullDiskRefusesAppendAndSnapshot(t *testing.T) {
	s := booted(t)
	s.write(history(1, 2)...)
	s.disk.full = true
	s.step(func(o *node.Out) {
		if err := s.db.Append(o, setData(z(1, 3), "/a", "x", 2)); err != node.ErrDiskFull {
			t.Errorf("append: %v", err)
		}
		if _, err := s.db.TakeSnapshot(o); err != node.ErrDiskFull {
			t.Errorf("snapshot: %v", err)
		}
	})
	s.expect("files", s.files(), "log.100000001 snapshot.0")
	s.roll()
	s.step(func(o *node.Out) {
		if err := s.db.Append(o, setData(z(1, 3), "/a", "x", 2)); err != node.ErrDiskFull {
			t.Errorf("append to a new file: %v", err)
		}
	})
}

// A snapshot comes after between snapCount/2 and snapCount transactions, at a point drawn from the
// seed; recorded servers differ in it. (SyncRequestProcessor.shouldSnapshot)
func TestSnapshotTrigger(t *testing.T) {
	points := map[int64]bool{}
	for seed := range uint64(50) {
		s := booted(t, func(c *zk.Config, _ *zk.Options) { c.SnapCount = 20 })
		rand := node.NewRand(seed)
		count := int64(0)
		for !s.db.ShouldSnapshot(rand) {
			count++
			s.out.Begin(0, nil)
			if err := s.db.Append(&s.out, setData(z(1, count), "/a", "", 0)); err != nil {
				t.Fatal(err)
			}
		}
		if count <= 10 || count > 20 {
			t.Errorf("seed %d: snapshot after %d transactions", seed, count)
		}
		points[count] = true
		s.db.RollLog(&s.out)
		if s.db.ShouldSnapshot(rand) {
			t.Errorf("seed %d: another snapshot at once", seed)
		}
	}
	if len(points) < 5 {
		t.Errorf("only the points %v were drawn", points)
	}
}

// The same rule by size: the file counts with its padding, from 2 to 4 GiB.
func TestSnapshotTriggerBySize(t *testing.T) {
	s := booted(t, func(c *zk.Config, _ *zk.Options) { c.PreAllocSize = snapSizeInBytes })
	s.log(create(z(1, 1), "/a", "x"))
	if !s.db.ShouldSnapshot(node.NewRand(1)) {
		t.Error("no snapshot at 4 GiB")
	}
	s = booted(t, func(c *zk.Config, _ *zk.Options) { c.PreAllocSize = snapSizeInBytes/2 - 100 })
	s.log(create(z(1, 1), "/a", "x"))
	s.db.ResetSnapshotStats()
	if s.db.ShouldSnapshot(node.NewRand(1)) {
		t.Error("a snapshot at 2 GiB")
	}
}
