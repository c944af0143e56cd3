package storage

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/datatree"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// author writes random transactions that fit a database, as a leader would prepare them, with the
// digest foreseen where a scratch database on its own disk says what it will be.
type author struct {
	rand    *node.Rand
	scratch *ZKDatabase
	out     node.Out
	last    zk.Zxid
}

func newAuthor(seed uint64) *author {
	s := New(newMemDisk(), zk.DefaultConfig(), zk.Options3_8_0(),
		func() *zk.Membership { return threeServers })
	if err := s.Load(new(node.Out)); err != nil {
		panic(err)
	}
	return &author{rand: node.NewRand(seed), scratch: s, last: z(1, 0)}
}

// next returns the next transaction; now and then a new epoch begins.
func (a *author) next() *zk.Txn {
	a.last++
	if a.rand.Intn(40) == 0 {
		a.last = z(a.last.Epoch()+1, 1)
	}
	x := a.body(4)
	x.Zxid, x.Time, x.Cxid = a.last, int64(a.last.Counter()), int32(a.rand.Intn(100))
	a.scratch.ProcessTxn(&a.out, x, "")
	if a.rand.Intn(3) > 0 {
		x.HasDigest, x.DigestVersion, x.Digest = true, 2, a.scratch.Tree.Digest()
	}
	return encoded(x)
}

func (a *author) body(multi int64) *zk.Txn {
	path := a.path()
	n := a.scratch.Tree.Node(path)
	x := &zk.Txn{Session: 1 + a.rand.Intn(4), Path: path}
	switch k := a.rand.Intn(12); {
	case k == 0 && multi > 0:
		x.Type, x.Path = zk.OpMulti, ""
		for range 1 + a.rand.Intn(4) {
			if part := a.body(0); !related(x.Ops, part.Path) {
				x.Ops = append(x.Ops, *part)
			}
		}
	case k == 1 && multi > 0:
		x.Type, x.Timeout, x.Path = zk.OpCreateSession, 6000, ""
	case k == 2 && multi > 0:
		x.Type, x.Path = zk.OpCloseSession, ""
		if x.HasPaths = a.rand.Intn(2) == 0; x.HasPaths {
			x.Paths = a.scratch.Tree.Ephemerals(x.Session)
		}
	case k == 3:
		x.Type, x.Err, x.Path = zk.OpError, zk.ErrNoNode, ""
	case n == nil:
		a.create(x)
	case k < 6 && n.NumChildren() == 0 && !datatree.IsSpecialPath(path):
		x.Type = zk.OpDelete
	case k < 8:
		x.Type, x.ACL, x.Version = zk.OpSetACL, a.acl(), n.Aversion+1
	default:
		x.Type, x.Data, x.Version = zk.OpSetData, a.data(), n.Version+1
	}
	return x
}

// related reports whether a path is above, below or at that of an earlier part: what may be done
// there is not to be seen in the tree as it is before the multi.
func related(parts []zk.Txn, path string) bool {
	return slices.ContainsFunc(parts, func(p zk.Txn) bool {
		return strings.HasPrefix(p.Path, path) || strings.HasPrefix(path, p.Path)
	})
}

func (a *author) create(x *zk.Txn) {
	x.Type = []zk.OpCode{zk.OpCreate, zk.OpCreate2, zk.OpCreateContainer,
		zk.OpCreateTTL}[a.rand.Intn(4)]
	x.Data, x.ACL = a.data(), a.acl()
	if parent := a.scratch.Tree.Node(datatree.ParentPath(x.Path)); parent != nil {
		x.ParentCVersion = parent.Cversion + 1
		if parent.Stat().EphemeralOwner != 0 {
			*x = zk.Txn{Type: zk.OpError, Err: zk.ErrNoChildrenForEphemerals}
			return
		}
	}
	switch {
	case x.Type == zk.OpCreateTTL:
		x.TTL = 1 + a.rand.Intn(1000)
	case x.Type != zk.OpCreateContainer:
		x.Ephemeral = a.rand.Intn(3) == 0
	}
}

// path is one of some forty, a few of them quotas; its parent need not be there.
func (a *author) path() string {
	p := fmt.Sprintf("/%c", 'a'+rune(a.rand.Intn(5)))
	switch a.rand.Intn(8) {
	case 0, 1, 2:
		p += fmt.Sprintf("/%c", 'a'+rune(a.rand.Intn(5)))
	case 3:
		p = "/zookeeper/quota" + p
	case 4:
		p = "/zookeeper/quota" + p + "/zookeeper_" + []string{"limits", "stats"}[a.rand.Intn(2)]
	}
	return p
}

func (a *author) data() []byte {
	if a.rand.Intn(5) == 0 {
		return nil
	}
	return make([]byte, a.rand.Intn(10))
}

func (a *author) acl() []zk.ACL {
	return []zk.ACL{{Perms: int32(1 + a.rand.Intn(3)), ID: zk.ID{Scheme: "world", ID: "anyone"}}}
}

// same compares two databases in all that they keep, but for times that each server has for itself.
func same(t *testing.T, what string, got, want *ZKDatabase) {
	t.Helper()
	if !maps.Equal(got.Sessions, want.Sessions) {
		t.Fatalf("%s: sessions %v, want %v", what, got.Sessions, want.Sessions)
	}
	if g, w := got.Tree.Digest(), want.Tree.Digest(); g != w {
		t.Errorf("%s: digest %#x, want %#x", what, g, w)
	}
	paths := want.Tree.Paths()
	if g := got.Tree.Paths(); !slices.Equal(g, paths) {
		t.Fatalf("%s: nodes %v, want %v", what, g, paths)
	}
	for _, p := range paths {
		g, w := got.Tree.Node(p), want.Tree.Node(p)
		if quota(p) { // each server counts for itself, and afresh when it loads a snapshot
			continue
		}
		if g.Stat() != w.Stat() && p != datatree.ConfigPath || string(g.Data) != string(w.Data) ||
			!slices.Equal(got.Tree.ACL(g.ACL), want.Tree.ACL(w.ACL)) {
			t.Fatalf("%s: %s\n got %+v %q\nwant %+v %q", what, p, g.Stat(), g.Data, w.Stat(),
				w.Data)
		}
	}
	for id := range want.Sessions {
		if g, w := got.Tree.Ephemerals(id), want.Tree.Ephemerals(id); !slices.Equal(g, w) {
			t.Errorf("%s: ephemerals %v, want %v", what, g, w)
		}
	}
	if g, w := got.LastProcessed(), want.LastProcessed(); g != w {
		t.Errorf("%s: last processed %s, want %s", what, g, w)
	}
}

// Whatever the moments of snapshots, rolls, restarts and clearings, what is restored from the disk
// is what the live database holds, and so is what a learner gets by SNAP. Every digest foreseen
// fits.
func TestRestoredIsLive(t *testing.T) {
	for seed := range uint64(25) {
		a := newAuthor(seed)
		s := booted(t)
		for range 80 {
			s.write(a.next())
			switch a.rand.Intn(20) {
			case 0:
				s.snapshot()
			case 1:
				s.roll()
			case 2:
				s.restart()
				s.load()
			case 3:
				s.step(func(o *node.Out) { s.db.Clear(o) })
				s.load()
			}
		}
		what := fmt.Sprintf("seed %d", seed)
		if m := s.db.Tree.Mismatches(); m.Count > 0 {
			t.Fatalf("%s: digest mismatches %+v", what, m)
		}
		same(t, what+", live", s.db, a.scratch)
		learner := booted(t)
		image := s.db.Image()
		learner.step(func(o *node.Out) {
			if err := learner.db.Install(o, image, s.db.LastProcessed()); err != nil {
				t.Fatal(err)
			}
		})
		same(t, what+", learner", learner.db, s.db)
		s.restart()
		s.load()
		same(t, what+", restored", s.db, learner.db)
	}
}

// A log replayed over a snapshot that is newer than its name says, as real servers write them, ends
// in the same tree: what is there already is passed over, and no cversion or pzxid
// goes back. Digests are compared from the zxid on that the snapshot's own digest names.
func TestReplayOverAFuzzySnapshot(t *testing.T) {
	child := func(id zk.Zxid, path string, cversion int32, session int64) *zk.Txn {
		return encoded(&zk.Txn{Type: zk.OpCreate, Zxid: id, Path: path, Session: session,
			Ephemeral: session != 0, ParentCVersion: cversion})
	}
	s := booted(t)
	s.write(create(z(1, 1), "/a", "v1"), create(z(1, 2), "/b", ""), createSession(z(1, 3), 7),
		child(z(1, 4), "/e", 3, 7))
	named := s.db.LastProcessed()
	s.write(child(z(1, 5), "/a/x", 1, 0), setData(z(1, 6), "/a", "v2", 1),
		setData(z(1, 7), "/a", "v3", 2),
		encoded(&zk.Txn{Type: zk.OpDelete, Zxid: z(1, 8), Path: "/b"}),
		closeSession(z(1, 9), 7, "/e"), child(z(1, 10), "/a/y", 2, 0),
		encoded(&zk.Txn{Type: zk.OpDelete, Zxid: z(1, 11), Path: "/a/y"}))
	s.disk.Rename(s.snapshot(), zxidName(snapshotPrefix, named))
	s.write(setData(z(1, 12), "/a/x", "later", 1))
	live := s.db
	s.restart()
	s.load()
	same(t, "restored", s.db, live)
	s.expect("replayed", zxids(s.db.Committed()), "1:5 1:6 1:7 1:8 1:9 1:10 1:11 1:12")
	if m := s.db.Tree.Mismatches(); m.Count > 0 {
		t.Errorf("mismatches %+v", m)
	}
}

func quota(path string) bool { return strings.HasPrefix(path, datatree.QuotaPath+"/") }

// Truncation to any transaction gives the tree of that transaction.
func TestTruncatedIsThePrefix(t *testing.T) {
	for seed := range uint64(30) {
		a := newAuthor(seed)
		s := booted(t, repairTrunc)
		prefix := booted(t)
		var all []*zk.Txn
		for range 30 {
			x := a.next()
			all = append(all, x)
			s.write(x)
			switch a.rand.Intn(6) {
			case 0:
				s.roll()
			case 1:
				s.snapshot()
			}
		}
		cut := a.rand.Intn(int64(len(all)))
		if err := s.truncate(all[cut].Zxid); err != nil {
			t.Fatal(err)
		}
		prefix.write(all[:cut+1]...)
		same(t, fmt.Sprintf("seed %d", seed), s.db, prefix.db)
	}
}
