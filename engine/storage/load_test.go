package storage

import (
	"errors"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// A first start finds nothing, writes snapshot.0 and has a database at zxid 0, as every recorded
// run of a real server begins. (FileTxnSnapLog.restore)
func TestFirstStartWritesSnapshotZero(t *testing.T) {
	s := newServer(t)
	if s.db.Initialized() {
		t.Error("a database that was never loaded claims to be")
	}
	s.load()
	s.expect("files", s.files(), "snapshot.0")
	s.expect("told", strings.Join(s.told, " "), "storage.snapshotTaken storage.loaded")
	s.expect("last processed", s.db.LastProcessed().String(), "0:0")
	s.expect("min", s.db.MinCommitted().String(), "0:0")
	s.expect("max", s.db.MaxCommitted().String(), "0:0")
	if !s.db.Initialized() || s.db.Tree.NodeCount() != 5 {
		t.Errorf("initialized %t, %d nodes", s.db.Initialized(), s.db.Tree.NodeCount())
	}
	if got := s.db.LastLogged(); got != zk.NoZxid {
		t.Errorf("last logged %s", got)
	}
}

// All that is logged is replayed, committed or not, and stands in committedLog.
func TestStartReplaysTheWholeLog(t *testing.T) {
	s := booted(t)
	txns := history(1, 5)
	s.write(txns[:3]...)
	s.log(txns[3:]...) // proposed, never committed
	s.expect("before", data(s.db.Tree, "/a"), "v3")
	s.restart()
	s.load()
	s.expect("after", data(s.db.Tree, "/a"), "v5")
	s.expect("last processed", s.db.LastProcessed().String(), "1:5")
	s.expect("committedLog", zxids(s.db.Committed()), "1:1 1:2 1:3 1:4 1:5")
	s.expect("min, max", s.db.MinCommitted().String()+" "+s.db.MaxCommitted().String(), "1:1 1:5")
}

// Each process opens a file of its own: the facts of a follower that was restarted after three
// transactions list log.100000001 and log.100000004.
func TestRestartOpensANewLogFile(t *testing.T) {
	s := booted(t)
	txns := history(1, 10)
	s.write(txns[:3]...)
	s.restart()
	s.load()
	s.write(txns[3:]...)
	s.expect("files", s.files(), "log.100000001 log.100000004 snapshot.0")
	s.restart()
	s.load()
	s.expect("logged", s.logged(), "1:1 1:2 1:3 1:4 1:5 1:6 1:7 1:8 1:9 1:10")
}

// Replay starts behind the newest snapshot, in the last log file that starts before it.
func TestReplayStartsBehindTheNewestSnapshot(t *testing.T) {
	s := booted(t)
	txns := history(1, 9)
	s.write(txns[:4]...)
	s.expect("name", s.snapshot(), "version-2/snapshot.100000004")
	s.write(txns[4:6]...)
	s.roll()
	s.write(txns[6:]...)
	s.restart()
	s.load()
	s.expect("committedLog", zxids(s.db.Committed()), "1:5 1:6 1:7 1:8 1:9")
	s.expect("data", data(s.db.Tree, "/a"), "v9")
}

// A snapshot that is cut off or damaged is passed over for an older one.
func TestDamagedSnapshotIsPassedOver(t *testing.T) {
	damage := map[string]func(f memFile) memFile{
		"empty":     func(memFile) memFile { return memFile{} },
		"cut short": func(f memFile) memFile { return memFile{f.data[:len(f.data)-3], f.size - 3} },
		"one bit": func(f memFile) memFile {
			f.data[40] ^= 1
			return f
		},
		"no root": func(f memFile) memFile {
			w := jute.NewSnapshotWriter(0)
			w.FileHeader()
			w.Sessions(nil)
			w.ACLCache(nil)
			w.EndNodes()
			w.Seal()
			return memFile{w.Bytes(), int64(len(w.Bytes()))}
		},
	}
	for name, spoil := range damage {
		s := booted(t)
		s.write(history(1, 4)...)
		file := s.snapshot()
		s.disk.files[file] = spoil(s.disk.files[file])
		s.restart()
		s.load()
		s.expect(name, zxids(s.db.Committed())+" "+data(s.db.Tree, "/a"), "1:1 1:2 1:3 1:4 v4")
	}
}

func TestStartIsRefused(t *testing.T) {
	for _, c := range []struct {
		why   string
		spoil func(s *server)
		want  error
	}{
		{"a log without a snapshot (ZOOKEEPER-2325)",
			func(s *server) { s.disk.Remove("version-2/snapshot.0") }, ErrNoSnapshot},
		{"snapshots that all look whole and cannot be read",
			func(s *server) { s.disk.files["version-2/snapshot.0"].data[40] ^= 1 },
			ErrNoValidSnapshot},
		{"a record whose checksum is wrong",
			func(s *server) { s.disk.files["version-2/log.100000001"].data[40] ^= 1 },
			jute.ErrChecksum},
		{"a file that is no log",
			func(s *server) { s.disk.files["version-2/log.100000001"].data[0] = 'X' },
			jute.ErrMalformed},
		{"a log file cut short in its header",
			func(s *server) { s.disk.Truncate("version-2/log.100000001", 7) }, jute.ErrEndOfLog},
	} {
		s := booted(t)
		s.write(history(1, 3)...)
		c.spoil(s)
		s.db = New(s.disk, s.cfg, s.opt, s.db.membership)
		s.out.Begin(0, nil)
		err := s.db.Load(&s.out)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.why, err, c.want)
		}
		if s.db.Initialized() {
			t.Errorf("%s: initialized", c.why)
		}
	}
}

// A damaged file that reading does not come to is not noticed.
func TestDamageBeforeTheSnapshotIsNotNoticed(t *testing.T) {
	s := booted(t)
	txns := history(1, 6)
	s.write(txns[:3]...)
	s.roll()
	s.write(txns[3:]...)
	s.snapshot()
	s.disk.files["version-2/log.100000001"].data[40] ^= 1
	s.db = New(s.disk, s.cfg, s.opt, s.db.membership)
	s.out.Begin(0, nil)
	if err := s.db.Load(&s.out); err != nil {
		t.Fatal(err)
	}
	s.expect("data", data(s.db.Tree, "/a"), "v6")
}

// A file ends at the first record that is not whole, and the next file is read.
// (FileTxnLog.FileTxnIterator.next)
func TestTornTail(t *testing.T) {
	txns := history(1, 3)
	for lost := 1; lost <= jute.RecordSize(txns[2]); lost++ {
		s := booted(t)
		s.write(txns...)
		name := "version-2/log.100000001"
		s.disk.Truncate(name, int64(len(s.disk.files[name].data)-lost))
		s.restart()
		s.load()
		s.expect("logged", s.logged(), "1:1 1:2")
		s.write(setData(z(1, 3), "/a", "again", 2))
		s.expect("files", s.files(), "log.100000001 log.100000003 snapshot.0")
		s.restart()
		s.load()
		s.expect("data", data(s.db.Tree, "/a"), "again")
	}
}

// An empty last file is what is left when power goes before its header is written.
func TestEmptyLastFileIsDeleted(t *testing.T) {
	s := booted(t)
	s.write(history(1, 3)...)
	s.disk.files["version-2/log.100000004"] = memFile{}
	s.restart()
	s.load()
	s.expect("files", s.files(), "log.100000001 snapshot.0")
}

// With the repair a last record that fails its checksum is a torn tail; so is a header.
func TestRepairedTornTail(t *testing.T) {
	repair := func(_ *zk.Config, o *zk.Options) { o.RepairTornRecord = true }
	s := booted(t, repair)
	s.write(history(1, 3)...)
	f := s.disk.files["version-2/log.100000001"]
	f.data[len(f.data)-3] ^= 1
	s.restart()
	s.load()
	s.expect("logged", s.logged(), "1:1 1:2")
	s.expect("data", data(s.db.Tree, "/a"), "v2")

	s.roll()
	s.write(setData(z(1, 3), "/a", "x", 2))
	s.disk.Truncate("version-2/log.100000003", 5)
	s.restart()
	s.load()
	s.expect("files", s.files(), "log.100000001 snapshot.0")
}

// A leader that lost its quorum has (1,4) and (1,5) in its log and not in its tree. What it votes
// with afterwards must cover them (ZOOKEEPER-2845).
func TestFastForwardAppliesWhatIsLogged(t *testing.T) {
	s := booted(t)
	txns := history(1, 5)
	s.write(txns[:3]...)
	s.log(txns[3:]...)
	s.step(func(o *node.Out) {
		if err := s.db.FastForward(o); err != nil {
			t.Fatal(err)
		}
	})
	s.expect("told", strings.Join(s.told, " "), "storage.fastForwarded")
	s.expect("last processed", s.db.LastProcessed().String(), "1:5")
	s.expect("committedLog", zxids(s.db.Committed()), "1:1 1:2 1:3 1:4 1:5")
	s.step(func(o *node.Out) { s.db.FastForward(o) })
	s.expect("nothing to do", strings.Join(s.told, " "), "")
}

// Sessions and their ephemerals come back from log and snapshot alike.
func TestSessionsAreRestored(t *testing.T) {
	ephemeral := encoded(&zk.Txn{Type: zk.OpCreate, Zxid: z(1, 3), Session: 7, Path: "/e",
		ACL: zk.OpenACLUnsafe, Ephemeral: true, ParentCVersion: 1})
	s := booted(t)
	s.write(createSession(z(1, 1), 7), createSession(z(1, 2), 9), ephemeral)
	s.snapshot()
	s.write(closeSession(z(1, 4), 9))
	s.restart()
	s.load()
	if ids := s.db.SessionIDs(); len(ids) != 1 || ids[0] != 7 || s.db.Sessions[7] != 6000 {
		t.Errorf("sessions %v", s.db.Sessions)
	}
	s.write(closeSession(z(1, 5), 7, "/e"))
	s.expect("ephemeral", data(s.db.Tree, "/e"), "(none)")
	s.restart()
	s.load()
	s.expect("after restart", data(s.db.Tree, "/e"), "(none)")
}

// A session without a timeout entry is dead; the new leader removes its ephemerals.
func TestKillDeadSessions(t *testing.T) {
	s := booted(t)
	s.write(encoded(&zk.Txn{Type: zk.OpCreate, Zxid: z(1, 1), Session: 7, Path: "/e",
		Ephemeral: true, ParentCVersion: 1}))
	s.step(func(o *node.Out) { s.db.KillDeadSessions(o) })
	s.expect("told", strings.Join(s.told, " "), "session.closed")
	s.expect("ephemeral", data(s.db.Tree, "/e"), "(none)")
}
