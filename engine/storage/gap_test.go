package storage

import (
	"errors"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

func repairTorn(_ *zk.Config, o *zk.Options) { o.RepairTornRecord = true }

// rolled is a server whose log stands in two files, (1,1) to (1,3) and (1,4) to (1,5), and whose
// first file has lost its last record with the power.
func rolled(t *testing.T, change ...func(*zk.Config, *zk.Options)) *server {
	s := booted(t, change...)
	txns := history(1, 5)
	s.write(txns[:3]...)
	s.roll()
	s.write(txns[3:]...)
	name := "version-2/log.100000001"
	s.disk.Truncate(name, int64(len(s.disk.files[name].data)-jute.RecordSize(txns[2])))
	s.restart()
	return s
}

// A file that was rolled and not yet synced loses its end while the next one keeps something: what is
// behind the gap was never synced either, and the repair drops it.
func TestRepairDropsWhatIsBeyondAGap(t *testing.T) {
	s := rolled(t, repairTorn)
	s.load()
	s.expect("logged", s.logged(), "1:1 1:2")
	s.expect("data", data(s.db.Tree, "/a"), "v2")
	s.write(setData(z(1, 3), "/a", "again", 2))
	s.restart()
	s.load()
	s.expect("data", data(s.db.Tree, "/a"), "again")
}

// Without it the hole is replayed, or refused by the continuity check of 3.9.4.
func TestGapWithoutTheRepair(t *testing.T) {
	s := rolled(t)
	if err := s.db.Load(&s.out); err != nil {
		t.Fatal(err)
	}
	s.expect("data", data(s.db.Tree, "/a"), "v5")

	s = rolled(t, func(_ *zk.Config, o *zk.Options) { o.CommittedLogGapCheck = true })
	if err := s.db.Load(&s.out); !errors.Is(err, ErrCommittedGap) {
		t.Errorf("load: %v", err)
	}
}

// A gap that a snapshot covers, or the change to a new epoch, is none.
func TestCoveredGapsStay(t *testing.T) {
	s := booted(t, repairTorn)
	txns := history(1, 5)
	s.write(txns[:2]...)
	s.apply(txns[2:4]...) // as a SNAP brings them
	s.snapshot()
	s.write(txns[4])
	s.write(setData(z(2, 1), "/a", "next epoch", 5))
	s.restart()
	s.load()
	s.expect("logged", s.logged(), "1:1 1:2 1:5 2:1")
	s.expect("data", data(s.db.Tree, "/a"), "next epoch")
}

// Damage in a file that is not the last ends the log there, too.
func TestRepairedDamageBeforeTheLastFile(t *testing.T) {
	s := booted(t, repairTorn)
	txns := history(1, 5)
	s.write(txns[:3]...)
	s.roll()
	s.write(txns[3:]...)
	f := s.disk.files["version-2/log.100000001"]
	f.data[len(f.data)-3] ^= 1
	s.restart()
	s.load()
	s.expect("logged", s.logged(), "1:1 1:2")
	s.expect("files", s.files(), "log.100000001 snapshot.0")
}

// What a loss of power leaves is told so that the fold sees the log as the next start will find it.
func TestTellLoss(t *testing.T) {
	for _, c := range []struct {
		name string
		lose func(s *server)
		want string
	}{
		{"nothing", func(*server) {}, "1:1 1:2 1:3 1:4 1:5"},
		{"the tail", func(s *server) { s.disk.Remove("version-2/log.100000004") }, "1:1 1:2 1:3"},
		{"the middle", func(s *server) {
			name := "version-2/log.100000001"
			s.disk.Truncate(name, int64(len(s.disk.files[name].data)-2))
		}, "1:1 1:2 1:4 1:5"},
		{"all", func(s *server) { s.disk = newMemDisk() }, ""},
	} {
		s := booted(t)
		txns := history(1, 5)
		s.write(txns[:3]...)
		s.roll()
		s.write(txns[3:]...)
		c.lose(s)
		var e node.Event
		TellLoss(1, s.disk, &e)
		for _, op := range e.Ops {
			s.seen.Apply(event.Vocabulary, op)
		}
		got := ""
		for i, row := range s.seen.Lists[event.Log] {
			if i > 0 {
				got += " "
			}
			got += zk.Zxid(row[0].N).String()
		}
		s.expect(c.name, got, c.want)
	}
	var e node.Event
	if TellLoss(node.FirstClient, newMemDisk(), &e); len(e.Ops) != 0 {
		t.Errorf("a client's crash changes %v", e.Ops)
	}
}

// A start that is refused leaves the trace and the view in step, wherever it stopped.
func TestTellLogOfARefusedStart(t *testing.T) {
	refused := func(s *server) {
		t.Helper()
		s.step(func(o *node.Out) {
			if err := s.db.Load(o); err == nil {
				t.Error("the start is not refused")
			}
			s.db.TellLog(o.Event(event.StartRefused))
		})
	}
	s := rolled(t, func(_ *zk.Config, o *zk.Options) { o.CommittedLogGapCheck = true })
	s.seen.Lists[event.Log] = append(s.seen.Lists[event.Log][:2:2], s.seen.Lists[event.Log][3:]...)
	refused(s) // after the log was read

	s = booted(t)
	s.write(history(1, 3)...)
	s.restart()
	s.disk.files["version-2/snapshot.0"] = memFile{[]byte("\x00\x00\x00\x01/"), 5}
	refused(s) // before
}
