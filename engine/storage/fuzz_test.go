package storage

import (
	"encoding/hex"
	"testing"

	"zabscope/engine/datatree"
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// FuzzLoadLog starts a server on a log of arbitrary bytes: it loads what can be read or refuses,
// and its facts agree with what it loaded.
func FuzzLoadLog(f *testing.F) {
	s := New(newMemDisk(), zk.DefaultConfig(), zk.Options3_8_0(),
		func() *zk.Membership { return threeServers })
	var out node.Out
	if err := s.Load(&out); err != nil {
		f.Fatal(err)
	}
	for _, x := range history(1, 3) {
		if err := s.Append(&out, x); err != nil {
			f.Fatal(err)
		}
	}
	whole, _ := s.disk.Read("version-2/log.100000001")
	recorded, _ := hex.DecodeString(recordedLog)
	for _, repair := range []bool{false, true} {
		for _, seed := range [][]byte{nil, whole, whole[:len(whole)-5], whole[:9], recorded} {
			f.Add(seed, repair)
		}
	}
	snapshot, _ := s.disk.Read("version-2/snapshot.0")
	f.Fuzz(func(t *testing.T, b []byte, repair bool) {
		disk := newMemDisk()
		disk.Write("version-2/snapshot.0", snapshot)
		disk.Write("version-2/log.100000001", b)
		opt := zk.Options3_8_0()
		opt.RepairTornRecord = repair
		db := New(disk, zk.DefaultConfig(), opt, func() *zk.Membership { return threeServers })
		out := node.Out{Tracing: true}
		out.Begin(0, nil)
		err := db.Load(&out)
		if repair && err != nil {
			t.Errorf("the repaired log is refused: %v", err)
		}
		if err == nil && db.LastLogged() != Inspect(disk).LastLogged() {
			t.Errorf("last logged %s, on disk %s", db.LastLogged(), Inspect(disk).LastLogged())
		}
	})
}

// FuzzSnapshot reads arbitrary bytes as a snapshot file and as a stream to a learner.
func FuzzSnapshot(f *testing.F) {
	s := New(newMemDisk(), zk.DefaultConfig(), zk.Options3_8_0(),
		func() *zk.Membership { return threeServers })
	var out node.Out
	if err := s.Load(&out); err != nil {
		f.Fatal(err)
	}
	for _, x := range append(history(1, 3), createSession(z(1, 4), 7),
		create(z(1, 5), datatree.QuotaPath+"/a", "")) {
		s.ProcessTxn(&out, x, "")
	}
	name, err := s.TakeSnapshot(&out)
	if err != nil {
		f.Fatal(err)
	}
	file, _ := s.disk.Read(name)
	f.Add(file)
	f.Add(file[:60])
	f.Add(s.Image().Bytes)
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		if tree, _, err := decodeSnapshot(b, z(1, 5)); err == nil {
			tree.Apply(setData(z(1, 6), "/a", "x", 9))
			tree.Walk(func(string, *datatree.Node) {})
		}
		db := New(newMemDisk(), zk.DefaultConfig(), zk.Options3_8_0(),
			func() *zk.Membership { return threeServers })
		if err := db.Install(&out, &jute.SnapshotStream{Bytes: b}, z(1, 5)); err == nil {
			db.Image()
		}
	})
}
