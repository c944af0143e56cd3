package datatree

import (
	"slices"
	"testing"

	"zabscope/engine/zk"
)

func digestACL(user string) []zk.ACL {
	return []zk.ACL{{Perms: zk.PermAll, ID: zk.ID{Scheme: "digest", ID: user}}}
}

// The configuration node's list is id 1 on every server; the next list is 2 (recorded snapshots).
func TestACLIdsCountFromTheConfigNode(t *testing.T) {
	s := newScript(t)
	s.apply(zk.Txn{Type: zk.OpCreate, Path: "/a", ACL: zk.OpenACLUnsafe, ParentCVersion: 1})
	s.apply(zk.Txn{Type: zk.OpCreate, Path: "/b", ACL: digestACL("u"), ParentCVersion: 2})
	s.apply(zk.Txn{Type: zk.OpCreate, Path: "/c", ACL: slices.Clone(zk.OpenACLUnsafe),
		ParentCVersion: 3})
	s.apply(zk.Txn{Type: zk.OpCreate, Path: "/d", ParentCVersion: 4})
	for path, want := range map[string]int64{ConfigPath: 1, "/a": 2, "/b": 3, "/c": 2,
		"/d": OpenACL, "/": OpenACL} {
		s.expect(path, s.tree.Node(path).ACL, want)
	}
	s.expect("the open list", s.tree.ACL(OpenACL), zk.OpenACLUnsafe)
	s.expect("a digest", s.tree.ACL(3), digestACL("u"))
}

// A list goes with its last node, and its id is not given again.
func TestUnusedACLsGo(t *testing.T) {
	s := newScript(t)
	s.apply(zk.Txn{Type: zk.OpCreate, Path: "/a", ACL: digestACL("u"), ParentCVersion: 1})
	s.apply(zk.Txn{Type: zk.OpCreate, Path: "/b", ACL: digestACL("u"), ParentCVersion: 2})
	s.delete("/a")
	s.expect("one user left", len(s.tree.ACLs()), 2)
	s.delete("/b")
	s.expect("none left", len(s.tree.ACLs()), 1)
	s.apply(zk.Txn{Type: zk.OpCreate, Path: "/c", ACL: digestACL("u"), ParentCVersion: 3})
	s.expect("a new id", s.tree.Node("/c").ACL, 3)
}

// setACL lets go of the old list, even when both are the same.
func TestSetACLCounts(t *testing.T) {
	s := newScript(t)
	acl := digestACL("u")
	s.apply(zk.Txn{Type: zk.OpCreate, Path: "/a", ACL: acl, ParentCVersion: 1})
	s.apply(zk.Txn{Type: zk.OpSetACL, Path: "/a", ACL: acl, Version: 1})
	s.expect("the same list", s.tree.ACL(s.tree.Node("/a").ACL), acl)
	s.apply(zk.Txn{Type: zk.OpSetACL, Path: "/a", ACL: zk.ReadACLUnsafe, Version: 2})
	s.expect("shared with the configuration node", s.tree.Node("/a").ACL, 1)
	s.expect("lists", len(s.tree.ACLs()), 1)
}

// Lists that differ only in where one text ends and the next begins are different.
func TestSimilarACLsDiffer(t *testing.T) {
	c := newACLCache()
	ids := map[int64]bool{}
	for _, id := range []zk.ID{{Scheme: "ab", ID: "c"}, {Scheme: "a", ID: "bc"},
		{Scheme: "", ID: "abc"}, {Scheme: "abc", ID: ""}} {
		ids[c.convert([]zk.ACL{{Perms: 1, ID: id}})] = true
	}
	ids[c.convert([]zk.ACL{})] = true
	if len(ids) != 5 {
		t.Errorf("ids %v", ids)
	}
}

// An id that no list stands behind, in a damaged snapshot, lets nobody do anything.
func TestUnknownACLAllowsNothing(t *testing.T) {
	if acl := New().ACL(99); len(acl) != 1 || acl[0].Perms != 0 {
		t.Errorf("%v", acl)
	}
}
