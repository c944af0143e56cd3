package storage

import (
	"errors"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

func repairTrunc(_ *zk.Config, o *zk.Options) { o.RepairTruncSnapshots = true }

// An old leader has two proposals that nobody else saw; the new leader answers TRUNC to (1,3). The
// file really is cut (recorded run e-trunc).
func TestTruncateCutsUnseenProposals(t *testing.T) {
	for _, repair := range []bool{false, true} {
		s := booted(t, func(_ *zk.Config, o *zk.Options) { o.RepairTruncSnapshots = repair })
		txns := history(1, 5)
		s.write(txns[:3]...)
		s.log(txns[3:]...)
		if err := s.truncate(z(1, 3)); err != nil {
			t.Fatal(err)
		}
		s.expect("told", strings.Join(s.told, " "),
			"storage.cleared storage.truncated storage.loaded")
		s.expect("logged", s.logged(), "1:1 1:2 1:3")
		s.expect("last logged", s.db.LastLogged().String(), "1:3")
		s.expect("memory", data(s.db.Tree, "/a")+" "+s.db.LastProcessed().String(), "v3 1:3")
		s.expect("committedLog", zxids(s.db.Committed()), "1:1 1:2 1:3")
		if s.db.log.durable != 3 {
			t.Errorf("durable %d", s.db.log.durable)
		}
		// What comes next stands in a file of its own.
		s.write(setData(z(2, 1), "/a", "new", 3))
		s.expect("files", s.files(), "log.100000001 log.200000001 snapshot.0")
	}
}

// Later files go altogether.
func TestTruncateDeletesLaterFiles(t *testing.T) {
	s := booted(t)
	for _, x := range history(1, 4) {
		s.write(x)
		s.roll()
	}
	if err := s.truncate(z(1, 2)); err != nil {
		t.Fatal(err)
	}
	s.expect("files", s.files(), "log.100000001 log.100000002 snapshot.0")
	s.expect("memory", data(s.db.Tree, "/a"), "v2")
}

// FileTxnLog.truncate: the cut goes behind the first record at or beyond z, so one beyond z
// survives if z itself was never logged here, as on a server that got z in a snapshot. The repair
// leaves nothing.
func TestTruncateToWhatIsNotInTheLog(t *testing.T) {
	for _, c := range []struct {
		change func(*zk.Config, *zk.Options)
		logged string
		memory string
	}{
		{func(*zk.Config, *zk.Options) {}, "1:4", "stale1 1:4"},
		{repairTrunc, "", "v3 1:3"},
	} {
		leader := booted(t)
		leader.write(history(1, 3)...)
		s := booted(t, c.change)
		s.step(func(o *node.Out) { s.db.Install(o, leader.db.Image(), z(1, 3)) })
		s.snapshot()
		s.log(setData(z(1, 4), "/a", "stale1", 3), setData(z(1, 5), "/a", "stale2", 4))
		if err := s.truncate(z(1, 3)); err != nil {
			t.Fatal(err)
		}
		s.expect("logged", s.logged(), c.logged)
		s.expect("memory", data(s.db.Tree, "/a")+" "+s.db.LastProcessed().String(), c.memory)
	}
}

// ZOOKEEPER-2832: the old leader took a snapshot that contains (1,4), which nobody else has. TRUNC
// cuts it from the log, and the reload brings it back from the snapshot.
func TestTruncateLeavesNewerSnapshots(t *testing.T) {
	for _, c := range []struct {
		change func(*zk.Config, *zk.Options)
		memory string
		files  string
	}{
		{func(*zk.Config, *zk.Options) {}, "v4 1:4", "log.100000001 snapshot.0 snapshot.100000004"},
		{repairTrunc, "v3 1:3", "log.100000001 snapshot.0"},
	} {
		s := booted(t, c.change)
		s.write(history(1, 4)...)
		s.snapshot()
		if err := s.truncate(z(1, 3)); err != nil {
			t.Fatal(err)
		}
		s.expect("logged", s.logged(), "1:1 1:2 1:3")
		s.expect("memory", data(s.db.Tree, "/a")+" "+s.db.LastProcessed().String(), c.memory)
		s.expect("files", s.files(), c.files)
	}
}

// ZOOKEEPER-1156: the place to cut at was computed without what had been read in bulk, which takes
// committed transactions too.
func TestTruncPosBugCutsTooMuch(t *testing.T) {
	s := booted(t, func(_ *zk.Config, o *zk.Options) { o.TruncPosBug = true })
	s.write(history(1, 5)...)
	if err := s.truncate(z(1, 4)); err != nil {
		t.Fatal(err)
	}
	s.expect("logged", s.logged(), "")
	s.expect("memory", data(s.db.Tree, "/a")+" "+s.db.LastProcessed().String(), "(none) 0:0")
}

// No log, or one that ends before z: the real server gives up, and so does the repaired one where
// nothing on its disk leads to z. The repaired one has touched nothing by then.
func TestTruncateThatCannotBeDone(t *testing.T) {
	for _, c := range []struct {
		why     string
		change  func(*zk.Config, *zk.Options)
		prepare func(s *server)
		to      zk.Zxid
		want    error
	}{
		{"an empty log", func(*zk.Config, *zk.Options) {}, func(*server) {}, z(1, 3), ErrNoLog},
		{"a log that ends before", func(*zk.Config, *zk.Options) {},
			func(s *server) { s.write(history(1, 2)...) }, z(1, 3), ErrNoLog},
		{"a log that never had it", repairTrunc, func(s *server) {
			s.write(history(1, 2)...)
			s.write(setData(z(2, 1), "/a", "x", 2))
		}, z(1, 3), ErrCannotTruncate},
		{"only newer snapshots", repairTrunc, func(s *server) {
			s.write(history(1, 4)...)
			s.snapshot()
			s.disk.Remove("version-2/snapshot.0")
		}, z(1, 3), ErrCannotTruncate},
	} {
		s := booted(t, c.change)
		c.prepare(s)
		files := s.files()
		if err := s.truncate(c.to); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.why, err)
		}
		s.expect(c.why, s.files(), files)
	}
}

// The bare start of an epoch stands in no log: the repaired cut goes where it would stand.
func TestTruncateToTheStartOfAnEpoch(t *testing.T) {
	s := booted(t, repairTrunc)
	s.write(history(1, 3)...)
	s.roll()
	s.log(setData(z(2, 1), "/a", "x", 3))
	if err := s.truncate(z(2, 0)); err != nil {
		t.Fatal(err)
	}
	s.expect("logged", s.logged(), "1:1 1:2 1:3")
	s.expect("memory", data(s.db.Tree, "/a"), "v3")
	s.write(setData(z(2, 1), "/a", "y", 3))
	s.restart()
	s.load()
	s.expect("data", data(s.db.Tree, "/a"), "y")
}
