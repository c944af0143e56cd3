package datatree

import (
	"strings"
	"testing"

	"zabscope/engine/zk"
)

// What each kind of change does to the fields of a Stat. (DataTree.createNode, setData, setACL,
// deleteNode, DataNode.copyStat)
func TestFieldsOfStat(t *testing.T) {
	s := newScript(t)
	s.create("/a", "one")
	s.expect("create", s.stat("/a"), "czxid 1 ctime 10 mzxid 1 mtime 10 pzxid 1 version 0 "+
		"cversion 0 aversion 0 owner 0 length 3 children 0")
	s.set("/a", "three")
	s.expect("setData", s.stat("/a"), "czxid 1 ctime 10 mzxid 2 mtime 20 pzxid 1 version 1 "+
		"cversion 0 aversion 0 owner 0 length 5 children 0")
	s.apply(zk.Txn{Type: zk.OpSetACL, Path: "/a", ACL: zk.ReadACLUnsafe, Version: 1})
	s.expect("setACL", s.stat("/a"), "czxid 1 ctime 10 mzxid 2 mtime 20 pzxid 1 version 1 "+
		"cversion 0 aversion 1 owner 0 length 5 children 0")
	s.create("/a/b", "")
	s.expect("child create", s.stat("/a"), "czxid 1 ctime 10 mzxid 2 mtime 20 pzxid 4 version 1 "+
		"cversion 1 aversion 1 owner 0 length 5 children 1")
	s.set("/a/b", "x")
	s.expect("child setData", s.stat("/a"), "czxid 1 ctime 10 mzxid 2 mtime 20 pzxid 4 version 1 "+
		"cversion 1 aversion 1 owner 0 length 5 children 1")
	s.delete("/a/b")
	s.expect("child delete", s.stat("/a"), "czxid 1 ctime 10 mzxid 2 mtime 20 pzxid 6 version 1 "+
		"cversion 2 aversion 1 owner 0 length 5 children 0")
	s.expect("stored cversion", s.tree.Node("/a").Cversion, 1)
	s.expect("last processed", int64(s.tree.LastProcessedZxid()), 6)
}

// What a transaction reports: error, path, and a Stat where the client asked for one.
func TestOutcome(t *testing.T) {
	s := newScript(t)
	for _, c := range []struct {
		x       zk.Txn
		err     zk.ErrorCode
		version int32 // of the Stat; -1 for no Stat
		changed string
	}{
		{zk.Txn{Type: zk.OpCreate, Path: "/a", ParentCVersion: 1}, zk.ErrOK, -1, "/ /a"},
		{zk.Txn{Type: zk.OpCreate2, Path: "/a/b", ParentCVersion: 1}, zk.ErrOK, 0, "/a /a/b"},
		{zk.Txn{Type: zk.OpCreateContainer, Path: "/c", ParentCVersion: 2}, zk.ErrOK, 0, "/ /c"},
		{zk.Txn{Type: zk.OpCreateTTL, Path: "/t", TTL: 5, ParentCVersion: 3}, zk.ErrOK, 0, "/ /t"},
		{zk.Txn{Type: zk.OpSetData, Path: "/a", Version: 4}, zk.ErrOK, 4, "/a"},
		{zk.Txn{Type: zk.OpSetACL, Path: "/a", Version: 2}, zk.ErrOK, 4, "/a"},
		{zk.Txn{Type: zk.OpReconfig, Path: ConfigPath, Version: -1}, zk.ErrOK, -1, ConfigPath},
		{zk.Txn{Type: zk.OpDelete, Path: "/a/b"}, zk.ErrOK, -1, "/a /a/b"},
		{zk.Txn{Type: zk.OpDeleteContainer, Path: "/c"}, zk.ErrOK, -1, "/ /c"},
		{zk.Txn{Type: zk.OpCheck, Path: "/a", Version: 4}, zk.ErrOK, -1, ""},
		{zk.Txn{Type: zk.OpCreateSession, Session: 7, Timeout: 6000}, zk.ErrOK, -1, ""},
		{zk.Txn{Type: zk.OpError, Err: zk.ErrBadVersion}, zk.ErrBadVersion, -1, ""},

		// replayed over a tree that is further on
		{zk.Txn{Type: zk.OpCreate, Path: "/a", ParentCVersion: 1}, zk.ErrNodeExists, -1, "/"},
		{zk.Txn{Type: zk.OpCreate2, Path: "/a", ParentCVersion: 1}, zk.ErrNodeExists, -1, ""},
		{zk.Txn{Type: zk.OpCreate, Path: "/x/y"}, zk.ErrNoNode, -1, ""},
		{zk.Txn{Type: zk.OpSetData, Path: "/x"}, zk.ErrNoNode, -1, ""},
		{zk.Txn{Type: zk.OpSetACL, Path: "/x"}, zk.ErrNoNode, -1, ""},
		{zk.Txn{Type: zk.OpDelete, Path: "/x"}, zk.ErrNoNode, -1, "/"},
		{zk.Txn{Type: zk.OpDelete, Path: "/x/y"}, zk.ErrNoNode, -1, ""},

		// no leader prepares these; a damaged log may hold them
		{zk.Txn{Type: zk.OpCreate, Path: "/"}, zk.ErrNodeExists, -1, ""},
		{zk.Txn{Type: zk.OpDelete, Path: "/"}, zk.ErrNoNode, -1, ""},
		{zk.Txn{Type: zk.OpCreate, Path: "relative"}, zk.ErrNoNode, -1, ""},
		{zk.Txn{Type: zk.OpDelete, Path: ""}, zk.ErrNoNode, -1, ""},
	} {
		out := s.apply(c.x)
		what := c.x.Type.String() + " " + c.x.Path
		s.expect(what+" err", out.Err, c.err)
		s.expect(what+" path", out.Path, c.x.Path)
		s.expect(what+" changed", strings.Join(out.Changed, " "), c.changed)
		wants := c.version >= 0 || c.x.Type == zk.OpReconfig
		if hasStat := out.Stat != (zk.Stat{}); hasStat != wants {
			t.Errorf("%s: stat %+v", what, out.Stat)
		} else if hasStat {
			s.expect(what+" version", out.Stat.Version, c.version)
		}
	}
	s.expect("digest", s.tree.Digest(), recount(s.tree))
}

// Replaying a create that a newer snapshot knows raises the parent's cversion and pzxid, never
// lowers them, and gives the child the transaction's ACL.
func TestReplayedCreateRaisesTheParent(t *testing.T) {
	for _, c := range []struct {
		stored, txn int32
		zxid        zk.Zxid
		cversion    int32
		pzxid       zk.Zxid
	}{
		{3, 5, 90, 5, 90},
		{3, 3, 90, 3, 50},
		{3, 2, 90, 3, 50},
		{3, -1, 90, 4, 90}, // logs of before 3.4 do not say
	} {
		tree := New()
		for i := range c.stored {
			path := "/" + string(rune('a'+i))
			tree.Apply(&zk.Txn{Type: zk.OpCreate, Zxid: 50, Path: path, ParentCVersion: i + 1})
		}
		out := tree.Apply(&zk.Txn{Type: zk.OpCreate, Zxid: c.zxid, Path: "/a",
			ParentCVersion: c.txn, ACL: zk.ReadACLUnsafe})
		root := tree.Node("/")
		if out.Err != zk.ErrNodeExists || root.Cversion != c.cversion || root.Pzxid != c.pzxid {
			t.Errorf("%+v: %v, cversion %d, pzxid %d", c, out.Err, root.Cversion, root.Pzxid)
		}
		if acl := tree.ACL(tree.Node("/a").ACL); acl[0] != zk.ReadACLUnsafe[0] {
			t.Errorf("ACL %v", acl)
		}
		if tree.Digest() != recount(tree) {
			t.Errorf("%+v: digest", c)
		}
	}
}

// A delete of what is gone still moves the parent's pzxid, and only forwards.
func TestReplayedDeleteMovesPzxid(t *testing.T) {
	tree := New()
	tree.Apply(&zk.Txn{Type: zk.OpDelete, Zxid: 9, Path: "/x"})
	tree.Apply(&zk.Txn{Type: zk.OpDelete, Zxid: 5, Path: "/x"})
	if p := tree.Node("/").Pzxid; p != 9 {
		t.Errorf("pzxid %d", p)
	}
	if tree.LastProcessedZxid() != 9 {
		t.Errorf("last processed %d goes back", tree.LastProcessedZxid())
	}
}

// Containers and TTL nodes keep their kind in ephemeralOwner and hide it from clients.
func TestContainersAndTTL(t *testing.T) {
	s := newScript(t)
	s.apply(s.creation(zk.Txn{Type: zk.OpCreateContainer, Path: "/c"}))
	s.apply(s.creation(zk.Txn{Type: zk.OpCreateTTL, Path: "/t", TTL: 1500}))
	s.expect("containers", s.tree.Containers(), []string{"/c"})
	s.expect("ttls", s.tree.TTLs(), []string{"/t"})
	s.expect("ephemerals", len(ephemerals(s.tree)), 0)
	for _, p := range []string{"/c", "/t"} {
		if st, _ := s.tree.Stat(p); st.EphemeralOwner != 0 {
			t.Errorf("%s shows owner %x", p, st.EphemeralOwner)
		}
	}
	millis, ok := TTL(s.tree.Node("/t").EphemeralOwner)
	s.expect("ttl", []any{millis, ok}, []any{1500, true})
	_, ok = TTL(s.tree.Node("/c").EphemeralOwner)
	s.expect("a container has none", ok, false)
	s.delete("/c")
	s.delete("/t")
	s.expect("left", []int{len(s.tree.Containers()), len(s.tree.TTLs())}, "[0 0]")
}

// EphemeralType.get
func TestMeaningOfEphemeralOwner(t *testing.T) {
	for owner, want := range map[int64]ownership{
		0: ownedByNobody, -1 << 63: ownedByContainer, 0x100002279260000: ownedBySession,
		TTLOwner(0): ownedByTTL, TTLOwner(ttlMax): ownedByTTL, TTLOwner(1 << 41): ownedByTTL,
		TTLOwner(-5): ownedByTTL,
		-2:           ownedBySession, // top byte 0xff, but the next two are not 0
	} {
		if got := kindOf(owner); got != want {
			t.Errorf("%#x: %d, want %d", owner, got, want)
		}
	}
	if ttl, _ := TTL(TTLOwner(1 << 41)); ttl != ttlMax {
		t.Errorf("a ttl that is too long becomes %d", ttl)
	}
}

// The parts of a multi in order, under one zxid. (DataTree.processTxn, case multi)
func TestMulti(t *testing.T) {
	s := newScript(t)
	s.create("/a", "1")
	out := s.apply(zk.Txn{Type: zk.OpMulti, Ops: []zk.Txn{
		{Type: zk.OpCheck, Path: "/a", Version: 0},
		{Type: zk.OpCreate2, Path: "/a/b", ParentCVersion: 1},
		{Type: zk.OpSetData, Path: "/a/b", Data: []byte("x"), Version: 1},
		{Type: zk.OpDelete, Path: "/a/b"},
	}})
	s.expect("err", out.Err, zk.ErrOK)
	s.expect("parts", len(out.Multi), 4)
	for i, want := range []zk.OpCode{zk.OpCheck, zk.OpCreate2, zk.OpSetData, zk.OpDelete} {
		s.expect("type", out.Multi[i].Type, want)
	}
	s.expect("stat of the create", out.Multi[1].Stat.Czxid, zk.Zxid(2))
	s.expect("stat of the setData", out.Multi[2].Stat.Version, 1)
	s.expect("changed", strings.Join(out.Changed, " "), "/a /a/b /a/b")
	s.expect("/a", s.stat("/a"), "czxid 1 ctime 10 mzxid 1 mtime 10 pzxid 2 version 0 "+
		"cversion 2 aversion 0 owner 0 length 1 children 0")
	s.expect("last processed", int64(s.tree.LastProcessedZxid()), 2)
}

// If one part is an error none is applied: those before it say 0, those behind it say that they are
// inconsistent. (DataTree.processTxn, case multi)
func TestFailedMulti(t *testing.T) {
	s := newScript(t)
	s.create("/a", "1")
	before := s.tree.Digest()
	out := s.apply(zk.Txn{Type: zk.OpMulti, Ops: []zk.Txn{
		{Type: zk.OpSetData, Path: "/a", Data: []byte("2"), Version: 1},
		{Type: zk.OpError, Err: zk.ErrNodeExists},
		{Type: zk.OpDelete, Path: "/a"},
		{Type: zk.OpError, Err: zk.ErrRuntimeInconsistency},
	}})
	s.expect("err", out.Err, zk.ErrNodeExists)
	var errs []zk.ErrorCode
	for _, o := range out.Multi {
		s.expect("type", o.Type, zk.OpError)
		errs = append(errs, o.Err)
	}
	s.expect("errs", errs, []zk.ErrorCode{zk.ErrOK, zk.ErrNodeExists,
		zk.ErrRuntimeInconsistency, zk.ErrRuntimeInconsistency})
	s.expect("nothing changed", s.tree.Digest(), before)
	s.expect("last processed", int64(s.tree.LastProcessedZxid()), 2)
}

// The listed nodes go, then those that the session still owns here. (DataTree.killSession)
func TestCloseSession(t *testing.T) {
	for _, c := range []struct {
		why   string
		x     zk.Txn
		order string
	}{
		{"with a list", zk.Txn{HasPaths: true, Paths: []string{"/e2", "/e1"}}, "/ /e2 /e1"},
		{"with a part of it", zk.Txn{HasPaths: true, Paths: []string{"/e2"}}, "/ /e2 /e1"},
		{"without a list", zk.Txn{}, "/ /e1 /e2"},
		{"with one that is gone", zk.Txn{HasPaths: true, Paths: []string{"/x", "/e1", "/e2"}},
			"/ /e1 /e2"},
	} {
		s := newScript(t)
		s.ephemeral(7, "/e1")
		s.ephemeral(7, "/e2")
		s.ephemeral(8, "/other")
		s.expect("owned", s.tree.Ephemerals(7), []string{"/e1", "/e2"})
		c.x.Type, c.x.Session = zk.OpCloseSession, 7
		out := s.apply(c.x)
		s.expect(c.why, strings.Join(out.Changed, " "), c.order)
		s.expect("left", s.tree.EphemeralSessions(), []int64{8})
		s.expect("others", s.tree.Ephemerals(8), []string{"/other"})
		s.expect("digest", s.tree.Digest(), recount(s.tree))
	}
}

// Outside of a transaction, for sessions that nobody knows.
func TestKillSession(t *testing.T) {
	s := newScript(t)
	s.ephemeral(7, "/e1")
	changed := s.tree.KillSession(7, 9)
	s.expect("changed", strings.Join(changed, " "), "/ /e1")
	s.expect("pzxid", int64(s.tree.Node("/").Pzxid), 9)
	s.expect("unknown", len(s.tree.KillSession(99, 9)), 0)
	s.expect("last processed", int64(s.tree.LastProcessedZxid()), 1)
}

func TestReads(t *testing.T) {
	s := newScript(t)
	s.create("/b", "two")
	s.create("/b/y", "")
	s.create("/b/x", "")
	s.create("/b/x/z", "")
	s.create("/bx", "")
	data, st, ok := s.tree.Get("/b")
	s.expect("get", []any{string(data), st.NumChildren, ok}, []any{"two", 2, true})
	names, _ := s.tree.Children("/b")
	s.expect("children", names, []string{"x", "y"})
	names[0] = "changed"
	again, _ := s.tree.Children("/b")
	s.expect("children are a copy", again, []string{"x", "y"})
	s.expect("below /b", s.tree.Descendants("/b"), 3)
	s.expect("below /", s.tree.Descendants("/"), 8)
	s.expect("nodes", s.tree.NodeCount(), 10)
	s.expect("paths", s.tree.Paths()[:4], []string{"/", "/b", "/b/x", "/b/x/z"})
	if _, _, ok := s.tree.Get("/none"); ok {
		t.Error("get of nothing")
	}
	if _, ok := s.tree.Children("/none"); ok {
		t.Error("children of nothing")
	}
	for path, want := range map[string]string{"/a/b": "/a", "/a": "/", "/": "/", "": "/"} {
		s.expect("parent of "+path, ParentPath(path), want)
	}
	for _, p := range []string{"/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"} {
		s.expect(p+" is special", IsSpecialPath(p), true)
	}
	s.expect("/a is special", IsSpecialPath("/a"), false)
}

// The size is that of paths and data; the empty tree's own counts too.
func TestApproxSize(t *testing.T) {
	s := newScript(t)
	empty := int64(len("/") + len(SystemPath) + len(QuotaPath) + len(ConfigPath))
	s.expect("empty", s.tree.ApproxSize(), empty)
	s.create("/abc", "12345")
	s.expect("create", s.tree.ApproxSize(), empty+9)
	s.set("/abc", "1")
	s.expect("setData", s.tree.ApproxSize(), empty+5)
	s.delete("/abc")
	s.expect("delete", s.tree.ApproxSize(), empty)
}

// The configuration node of a new server as recorded: version -1, aversion -1, no zxid.
func TestConfigNode(t *testing.T) {
	s := newScript(t)
	digest := s.tree.Digest()
	s.expect("new", s.tree.SetConfig("server.1=...", 0, 99), true)
	s.expect("stat", s.stat(ConfigPath), "czxid 0 ctime 0 mzxid 0 mtime 99 pzxid 0 version -1 "+
		"cversion 0 aversion -1 owner 0 length 12 children 0")
	s.expect("the same again", s.tree.SetConfig("server.1=...", 0, 100), false)
	s.expect("another version", s.tree.SetConfig("server.1=...", 5, 100), true)
	s.expect("another text", s.tree.SetConfig("server.2=...", 5, 100), true)
	s.expect("digest", s.tree.Digest(), digest)
	s.expect("ACL", s.tree.ACL(s.tree.Node(ConfigPath).ACL), zk.ReadACLUnsafe)

	// A snapshot of before 3.5 has none.
	s.delete(ConfigPath)
	s.expect("missing", s.tree.SetConfig("server.1=...", 0, 1), true)
	s.expect("made", s.tree.Node(ConfigPath).Aversion, -1)
	s.delete(ConfigPath)
	s.delete(SystemPath)
	s.expect("nowhere to put it", s.tree.SetConfig("server.1=...", 0, 1), false)
}

// A node that the transaction touches twice is listed once.
func TestChangedListsEachNodeOnce(t *testing.T) {
	s := newScript(t)
	out := s.apply(zk.Txn{Type: zk.OpMulti, Ops: []zk.Txn{
		{Type: zk.OpCreate, Path: "/a", ParentCVersion: 1},
		{Type: zk.OpCreate, Path: "/b", ParentCVersion: 2},
		{Type: zk.OpSetData, Path: "/a", Version: 1},
	}})
	s.expect("changed", strings.Join(out.Changed, " "), "/ /a /b")
}
