package storage

import (
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

func (s *server) setEpoch(name string, e zk.Epoch) {
	s.t.Helper()
	s.step(func(o *node.Out) {
		if _, err := s.db.WriteEpochTmp(name, e); err != nil {
			s.t.Fatal(err)
		}
		if err := s.db.CommitEpoch(o, name, e); err != nil {
			s.t.Fatal(err)
		}
	})
}

func (s *server) checkEpochs() (err error) {
	s.t.Helper()
	s.step(func(o *node.Out) { err = adoptAndCheck(o, s.db) })
	return err
}

// adoptAndCheck is what a start does: it adopts what is unfinished, then it asks.
func adoptAndCheck(o *node.Out, db *ZKDatabase) error {
	e, unfinished, err := db.UnfinishedEpoch()
	if unfinished {
		if _, err = db.WriteEpochTmp(CurrentEpochFile, e); err == nil {
			err = db.CommitEpoch(o, CurrentEpochFile, e)
		}
	}
	if err != nil {
		return err
	}
	return db.CheckEpochs()
}

// A real server's epoch file holds one digit and no newline.
func TestEpochFileIsTheRecordedOne(t *testing.T) {
	s := booted(t)
	s.expect("missing", strings.Join(s.db.MissingEpochFiles(), " "),
		"version-2/currentEpoch version-2/acceptedEpoch")
	if s.db.AcceptedEpoch() != -1 || s.db.CurrentEpoch() != -1 {
		t.Error("epochs of files that are not there")
	}
	s.setEpoch(AcceptedEpochFile, 1)
	s.expect("told", strings.Join(s.told, " "), "epoch.accepted")
	s.setEpoch(CurrentEpochFile, 1)
	s.expect("told", strings.Join(s.told, " "), "epoch.current")
	b, _ := s.disk.Read(AcceptedEpochFile)
	s.expect("bytes", string(b), "1")
	s.expect("files", s.files(), "acceptedEpoch currentEpoch snapshot.0")
	s.expect("missing", strings.Join(s.db.MissingEpochFiles(), " "), "")
	s.restart()
	s.load()
	if s.db.AcceptedEpoch() != 1 || s.db.CurrentEpoch() != 1 {
		t.Error("not read again")
	}
}

// Until the rename the old value holds, on disk and in memory.
func TestEpochTmpChangesNothing(t *testing.T) {
	s := booted(t)
	s.setEpoch(AcceptedEpochFile, 1)
	s.step(func(*node.Out) { s.db.WriteEpochTmp(AcceptedEpochFile, 2) })
	if s.db.AcceptedEpoch() != 1 {
		t.Error("memory is ahead of the file")
	}
	s.restart()
	s.load()
	if s.db.AcceptedEpoch() != 1 {
		t.Error("the file beside counts")
	}
	if err := s.db.CommitEpoch(&s.out, CurrentEpochFile, 2); err != node.ErrNoFile {
		t.Errorf("commit of what was not written: %v", err)
	}
}

// What a start asks of the epoch files. (QuorumPeer.loadDataBase; ZOOKEEPER-1653 for the tmp rule)
func TestStartChecksEpochs(t *testing.T) {
	for _, c := range []struct {
		why               string
		last              zk.Epoch // epoch of the last zxid
		accepted, current string   // "" for no file
		tmp               string
		want              string // what the error says, "" for none
		becomes           zk.Epoch
	}{
		{"no files", 3, "", "", "", "", -1},
		{"all level", 3, "3", "3", "", "", 3},
		{"promised more", 3, "5", "3", "", "", 3},
		{"synchronized with an epoch that wrote nothing", 1, "3", "3", "", "", 3},
		{"history ahead of currentEpoch", 3, "3", "2", "", "older than the last zxid", 0},
		{"the same between tmp and rename", 3, "3", "2", "3", "", 3},
		{"a tmp without need", 3, "4", "3", "4", "", 3},
		{"accepted behind current (ZOOKEEPER-2307)", 3, "3", "4", "", "less than the current", 0},
		{"accepted behind the tmp", 3, "2", "2", "3", "less than the current", 0},
		{"no number", 3, "three", "3", "", `found "three"`, 0},
		{"no number in the tmp", 3, "3", "2", "", `found ""`, 0},
		{"a line behind it", 3, "3\nmore", "3\n", "", "", 3},
		{"only accepted, behind", 3, "2", "", "", "less than the current", 0},
	} {
		s := booted(t)
		s.write(create(z(c.last, 1), "/a", ""))
		put := func(name, text string) {
			if text != "" {
				s.disk.Write(name, []byte(text))
			}
		}
		put(AcceptedEpochFile, c.accepted)
		put(CurrentEpochFile, c.current)
		put(CurrentEpochFile+".tmp", c.tmp)
		if strings.Contains(c.why, "in the tmp") {
			s.disk.Write(CurrentEpochFile+".tmp", nil)
		}
		s.out.Tracing = false
		if err := s.db.Load(&s.out); err != nil {
			t.Fatal(err)
		}
		err := adoptAndCheck(&s.out, s.db)
		switch {
		case c.want == "" && err != nil, c.want != "" && err == nil:
			t.Errorf("%s: %v", c.why, err)
		case err != nil && !strings.Contains(err.Error(), c.want):
			t.Errorf("%s: %v", c.why, err)
		case err == nil && s.db.CurrentEpoch() != c.becomes:
			t.Errorf("%s: currentEpoch %d", c.why, s.db.CurrentEpoch())
		}
	}
}

// The adopted tmp is told.
func TestAdoptedEpochIsTold(t *testing.T) {
	s := booted(t)
	s.setEpoch(AcceptedEpochFile, 3)
	s.setEpoch(CurrentEpochFile, 2)
	s.write(create(z(3, 1), "/a", ""))
	s.step(func(*node.Out) { s.db.WriteEpochTmp(CurrentEpochFile, 3) })
	if err := s.checkEpochs(); err != nil {
		t.Fatal(err)
	}
	s.expect("told", strings.Join(s.told, " "), "epoch.current")
}

// Facts about a disk do not need its server.
func TestInspect(t *testing.T) {
	s := booted(t)
	s.write(history(1, 3)...)
	s.roll()
	s.snapshot()
	s.write(setData(z(1, 4), "/a", "x", 3))
	s.setEpoch(AcceptedEpochFile, 2)
	s.disk.files["version-2/snapshot.5"] = memFile{}
	s.disk.files["version-2/log.xyz"] = memFile{}
	s.disk.files["version-2/log.100000001"].data[20] ^= 1
	f := Inspect(s.disk)
	s.expect("logged", zxids(f.Txns), "1:4")
	s.expect("last", f.LastLogged().String(), "1:4")
	if len(f.Logs) != 2 || f.Logs[0].Txns != 0 || f.Logs[0].Err == nil || f.Logs[1].Txns != 1 ||
		f.Logs[1].Name != "log.100000004" || f.Logs[1].Size != 67108880 {
		t.Errorf("%+v", f.Logs)
	}
	if len(f.Snapshots) != 3 || f.Snapshots[1].Whole || !f.Snapshots[2].Whole ||
		f.Snapshots[2].Zxid != z(1, 3) {
		t.Errorf("%+v", f.Snapshots)
	}
	if f.AcceptedEpoch != 2 || f.CurrentEpoch != -1 {
		t.Errorf("epochs %d %d", f.AcceptedEpoch, f.CurrentEpoch)
	}
	if empty := Inspect(newMemDisk()); empty.LastLogged() != zk.NoZxid {
		t.Errorf("an empty disk: %+v", empty)
	}
}
