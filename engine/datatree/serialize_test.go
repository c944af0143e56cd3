package datatree

import (
	"slices"
	"strings"
	"testing"

	"zabscope/engine/zk"
)

// Parents before children, children by name, the root as "".
func TestWalkOrder(t *testing.T) {
	s := newScript(t)
	for _, p := range []string{"/b", "/a", "/b/y", "/b/x", "/c"} {
		s.create(p, "")
	}
	var paths []string
	s.tree.Walk(func(path string, _ *Node) { paths = append(paths, path) })
	s.expect("order", strings.Join(paths, " "),
		" /a /b /b/x /b/y /c /zookeeper /zookeeper/config /zookeeper/quota")
}

// All that a tree knows comes back from what a snapshot keeps.
func TestLoaderRestoresEverything(t *testing.T) {
	s := newScript(t)
	s.create("/a", "one")
	s.ephemeral(7, "/e")
	s.apply(s.creation(zk.Txn{Type: zk.OpCreateContainer, Path: "/c", ACL: digestACL("u")}))
	s.apply(s.creation(zk.Txn{Type: zk.OpCreateTTL, Path: "/t", TTL: 9}))
	c := copyOf(t, s.tree)
	sameTree(t, "copy", c, s.tree)
	s.expect("containers", c.Containers(), []string{"/c"})
	s.expect("ttls", c.TTLs(), []string{"/t"})
	s.expect("ephemerals", c.Ephemerals(7), []string{"/e"})
	s.expect("size", c.ApproxSize(), s.tree.ApproxSize())
	s.expect("count", c.NodeCount(), s.tree.NodeCount())
	s.expect("ACLs", len(c.ACLs()), len(s.tree.ACLs()))
	c.Apply(&zk.Txn{Type: zk.OpCreate, Zxid: 9, Path: "/x", ACL: digestACL("v")})
	s.expect("ids go on", c.Node("/x").ACL, 3)
}

// Lists that no node uses do not come back.
func TestLoaderDropsUnusedACLs(t *testing.T) {
	l := NewLoader([]ACLEntry{{5, digestACL("used")}, {6, digestACL("unused")}})
	if err := l.Node("", &Node{ACL: 5}); err != nil {
		t.Fatal(err)
	}
	tree, err := l.Done()
	if err != nil {
		t.Fatal(err)
	}
	if acls := tree.ACLs(); len(acls) != 1 || acls[0].ID != 5 {
		t.Errorf("%v", acls)
	}
	tree.Apply(&zk.Txn{Type: zk.OpCreate, Zxid: 1, Path: "/x", ACL: digestACL("new")})
	if id := tree.Node("/x").ACL; id != 7 {
		t.Errorf("id %d", id)
	}
}

func TestLoaderRefuses(t *testing.T) {
	for why, paths := range map[string][]string{
		"a child without its parent": {"", "/a/b"},
		"a node before the root":     {"/a"},
		"a node twice":               {"", "/a", "/a"},
		"the root twice":             {"", ""},
		"a path that is none":        {"", "a"},
		"the root by its other name": {"/"},
	} {
		l := NewLoader(nil)
		refused := slices.ContainsFunc(paths, func(p string) bool {
			return l.Node(p, &Node{}) != nil
		})
		if !refused {
			t.Errorf("%s is taken", why)
		}
	}
	if _, err := NewLoader(nil).Done(); err == nil {
		t.Error("nothing at all is taken for a tree")
	}
}

// While a loaded snapshot may hold effects of later transactions, digests are not compared; from
// the zxid of its own digest on they are.
func TestDigestsAfterAFuzzySnapshot(t *testing.T) {
	s := newScript(t)
	s.create("/a", "") // 1
	for _, c := range []struct {
		why        string
		digest     ZxidDigest
		taken      zk.Zxid
		mismatches int // after transactions 2, 3 and 4, each with a wrong digest
	}{
		{"no digest", ZxidDigest{}, 1, 3},
		{"of before the snapshot", ZxidDigest{Zxid: 1, Version: 2}, 2, 3},
		{"reached at 3, wrong itself", ZxidDigest{Zxid: 3, Version: 2}, 1, 3},
		{"reached at 3, of another version", ZxidDigest{Zxid: 3, Version: 1}, 1, 2},
		{"never reached", ZxidDigest{Zxid: 99, Version: 2}, 1, 0},
	} {
		tree := copyOf(t, s.tree)
		tree.SetSnapshotDigest(c.digest, c.taken)
		for zxid := zk.Zxid(2); zxid <= 4; zxid++ {
			tree.Apply(&zk.Txn{Type: zk.OpSetData, Path: "/a", Zxid: zxid, HasDigest: true,
				DigestVersion: 2, Digest: 1})
		}
		if got := tree.Mismatches().Count; got != c.mismatches {
			t.Errorf("%s: %d mismatches, want %d", c.why, got, c.mismatches)
		}
	}
}

// The digest for the next snapshot is that of the last transaction, none before the first.
func TestLastDigest(t *testing.T) {
	s := newScript(t)
	s.expect("none", s.tree.LastDigest(), ZxidDigest{})
	s.create("/a", "")
	s.expect("after one", s.tree.LastDigest(), ZxidDigest{1, 2, s.tree.Digest()})
	s.tree.SetLastProcessedZxid(1 << 32)
	s.expect("a new epoch changes nothing", s.tree.LastDigest().Zxid, zk.Zxid(1))
	s.apply(zk.Txn{Type: zk.OpError, HasDigest: true, DigestVersion: 1, Digest: 5})
	s.expect("another version is not compared", s.tree.Mismatches().Count, 0)
}
