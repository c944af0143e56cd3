package storage

import (
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

type recordedSnap struct {
	zxid  zk.Zxid
	mtime int64
	bytes string
}

func recorded(t *testing.T) (txns []*zk.Txn, snaps []recordedSnap) {
	t.Helper()
	text, err := os.ReadFile("testdata/recorded.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "txn":
			b, _ := hex.DecodeString(rest)
			x, err := jute.DecodeTxn(b)
			if err != nil {
				t.Fatal(err)
			}
			txns = append(txns, x)
		case "snap":
			var s recordedSnap
			_, err := fmt.Sscanf(rest, "%x %d %s", (*int64)(&s.zxid), &s.mtime, &s.bytes)
			if err != nil {
				t.Fatal(err)
			}
			snaps = append(snaps, s)
		}
	}
	return txns, snaps
}

// Our tree after the recorded transactions, as a SNAP, is the recorded SNAP to the byte. The
// configuration node carries the time at which that server started.
func TestImageIsTheRecordedOneToTheByte(t *testing.T) {
	txns, snaps := recorded(t)
	if len(txns) != 7 || len(snaps) != 2 {
		t.Fatalf("%d transactions, %d snapshots", len(txns), len(snaps))
	}
	for _, snap := range snaps {
		s := booted(t)
		s.step(func(o *node.Out) {
			o.Now = node.Time(snap.mtime) * node.Millisecond
			s.db.InitConfigNode(o)
		})
		for _, x := range txns {
			if x.Zxid <= snap.zxid {
				s.write(x)
			}
		}
		image := s.db.Image()
		s.expect("bytes", hex.EncodeToString(image.Bytes), snap.bytes)
		s.expect("zxid", image.Zxid.String(), snap.zxid.String())
		s.expect("nodes", strings.Join(image.Nodes, " "),
			"/ /a /a/b /zookeeper /zookeeper/config /zookeeper/quota")
	}
}

// And the recorded SNAP, installed, is the tree after the transactions.
func TestRecordedImageIsInstalled(t *testing.T) {
	txns, snaps := recorded(t)
	for _, snap := range snaps {
		b, _ := hex.DecodeString(snap.bytes)
		s, other := booted(t), booted(t)
		s.step(func(o *node.Out) {
			if err := s.db.Install(o, &jute.SnapshotStream{Bytes: b}, snap.zxid); err != nil {
				t.Fatal(err)
			}
		})
		for _, x := range txns {
			if x.Zxid <= snap.zxid {
				other.write(x)
			}
		}
		if s.db.Tree.Digest() != other.db.Tree.Digest() {
			t.Error("the digests differ")
		}
		s.expect("last processed", s.db.LastProcessed().String(), snap.zxid.String())
		s.expect("committedLog", zxids(s.db.Committed()), "")
	}
}

// Sizes, seals and the digest block of snapshot.0, as the recorded tail has them: the digest of no
// transaction at all.
func TestSnapshotZero(t *testing.T) {
	s := booted(t)
	b, _ := s.disk.Read("version-2/snapshot.0")
	tail := hex.EncodeToString(b[len(b)-46:])
	seal := "000000012f"
	if tail[16:26] != seal || tail[26:66] != "0000000000000000"+"00000002"+"0000000000000000" ||
		tail[82:] != seal {
		t.Errorf("tail %s", tail)
	}
	if !jute.IsValidSnapshot(b) {
		t.Error("not taken for whole")
	}
}

// The digest block names the last transaction, and a tree that differs is noticed when it is
// loaded.
func TestDigestOfASnapshotIsCompared(t *testing.T) {
	s := booted(t)
	s.write(history(1, 3)...)
	s.snapshot()
	s.restart()
	s.load()
	if m := s.db.Tree.Mismatches(); m.Count != 0 {
		t.Errorf("mismatches %+v", m)
	}
	b := slices.Clone(s.disk.files["version-2/snapshot.100000003"].data)
	at := len(b) - 13 - 8 // the digest, in front of the last seal
	b[at+7] ^= 1
	tree, _, err := decodeSnapshot(reseal(b), z(1, 3))
	if err != nil {
		t.Fatal(err)
	}
	if m := tree.Mismatches(); m.Count != 1 || m.First != z(1, 3) {
		t.Errorf("mismatches %+v", m)
	}
}

// reseal gives a snapshot file whose digest was changed a last seal that fits.
func reseal(b []byte) []byte {
	w := jute.NewSnapshotWriter(len(b))
	r := jute.NewSnapshotReader(b)
	r.FileHeader()
	w.FileHeader()
	sessions, _ := r.Sessions()
	w.Sessions(sessions)
	acls, _ := r.ACLCache()
	w.ACLCache(acls)
	var n jute.SnapshotNode
	for more, _ := r.Node(&n); more; more, _ = r.Node(&n) {
		w.Node(&n)
	}
	w.EndNodes()
	w.Seal()
	r.Seal()
	z, version, digest, _ := r.Digest()
	w.Digest(z, version, digest)
	w.Seal()
	return w.Bytes()
}

// 3.9 writes the last zxid behind the digest; 3.8.0 reads such a file and goes by its name.
func TestLastZxidBlock(t *testing.T) {
	s := booted(t, func(_ *zk.Config, o *zk.Options) { o.LastZxidBlock = true })
	s.write(history(1, 3)...)
	name := s.snapshot()
	with := len(s.disk.files[name].data)
	s.db.opt.LastZxidBlock = false
	s.snapshot()
	if without := len(s.disk.files[name].data); with-without != 8+13 {
		t.Errorf("%d and %d bytes", with, without)
	}
	s.db.opt.LastZxidBlock = true
	s.snapshot()
	s.restart()
	s.load()
	s.expect("last processed", s.db.LastProcessed().String(), "1:3")
}

// A learner that gets SNAP holds the leader's tree in memory and its own files on disk, stale log
// entries included (recorded run f): only a snapshot hides them.
func TestInstallLeavesTheDiskAlone(t *testing.T) {
	leader, learner := booted(t), booted(t)
	leader.write(history(1, 3)...)
	leader.write(setData(z(2, 1), "/a", "new", 3))
	learner.write(history(1, 3)...)
	learner.log(setData(z(1, 4), "/a", "lost", 3))

	learner.step(func(o *node.Out) {
		if err := learner.db.Install(o, leader.db.Image(), z(2, 1)); err != nil {
			t.Fatal(err)
		}
	})
	learner.expect("told", strings.Join(learner.told, " "), "storage.snapshotInstalled")
	learner.expect("memory", data(learner.db.Tree, "/a"), "new")
	learner.expect("log", learner.logged(), "1:1 1:2 1:3 1:4")
	learner.snapshot()
	learner.restart()
	learner.load()
	learner.expect("after restart", data(learner.db.Tree, "/a"), "new")
	learner.expect("replayed", zxids(learner.db.Committed()), "")
	learner.expect("log", learner.logged(), "1:1 1:2 1:3 1:4")
}

// A stream that ends early or lacks the signature clears memory.
func TestBrokenStreamClearsMemory(t *testing.T) {
	leader := booted(t)
	leader.write(history(1, 3)...)
	whole := leader.db.Image().Bytes
	for _, b := range [][]byte{nil, whole[:40], whole[:len(whole)-1],
		append(slices.Clone(whole[:len(whole)-1]), 'X')} {
		s := booted(t)
		s.write(history(1, 2)...)
		s.step(func(o *node.Out) {
			if err := s.db.Install(o, &jute.SnapshotStream{Bytes: b}, z(1, 3)); err == nil {
				t.Errorf("%d bytes are taken for a snapshot", len(b))
			}
		})
		if s.db.Initialized() {
			t.Error("initialized")
		}
		s.load()
		s.expect("disk", data(s.db.Tree, "/a"), "v2")
	}
}

// The learner's configuration replaces the leader's unless reconfiguration is on.
func TestInstallRestoresTheConfiguration(t *testing.T) {
	other := zk.NewMembership([]zk.Member{{SID: 9, Host: "elsewhere"}})
	leader := booted(t)
	leader.db.membership = func() *zk.Membership { return other }
	leader.step(func(o *node.Out) { leader.db.InitConfigNode(o) })
	leader.expect("told", strings.Join(leader.told, " "), "storage.configNode")
	for _, reconfig := range []bool{false, true} {
		s := booted(t, func(c *zk.Config, _ *zk.Options) { c.ReconfigEnabled = reconfig })
		s.step(func(o *node.Out) { s.db.Install(o, leader.db.Image(), z(1, 0)) })
		want := threeServers
		if reconfig {
			want = other
		}
		s.expect("config", data(s.db.Tree, "/zookeeper/config"), want.Text())
	}
}

// The trace tells the whole tree after a load, once: nothing of the old one is left.
func TestLoadTellsTheWholeTree(t *testing.T) {
	s := booted(t)
	s.write(history(1, 2)...)
	s.step(func(o *node.Out) { s.db.Clear(o) })
	s.expect("told", strings.Join(s.told, " "), "storage.cleared")
	if n := len(s.seen.Maps[event.Tree]); n != 0 {
		t.Errorf("%d nodes are seen after Clear", n)
	}
	s.load()
	if n := len(s.seen.Maps[event.Tree]); n != 5 {
		t.Errorf("%d nodes are seen after Load, want 5", n)
	}
}
