package datatree

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/zk"
)

// script is a tree that transactions are written to one by one: zxids count from 1, and the time of
// each is its zxid times ten.
type script struct {
	t    *testing.T
	tree *DataTree
	zxid zk.Zxid
	last Outcome
}

func newScript(t *testing.T) *script { return &script{t: t, tree: New()} }

// apply gives x the next zxid and applies it.
func (s *script) apply(x zk.Txn) Outcome {
	s.zxid++
	x.Zxid, x.Time = s.zxid, int64(s.zxid)*10
	s.last = s.tree.Apply(&x)
	return s.last
}

// create makes a node as a leader would prepare it: the parent's cversion grows by one.
func (s *script) create(path, data string) Outcome {
	return s.apply(s.creation(zk.Txn{Type: zk.OpCreate, Path: path, Data: []byte(data)}))
}

func (s *script) ephemeral(session int64, path string) Outcome {
	return s.apply(s.creation(zk.Txn{Type: zk.OpCreate, Path: path, Session: session,
		Ephemeral: true}))
}

func (s *script) creation(x zk.Txn) zk.Txn {
	if parent := s.tree.Node(ParentPath(x.Path)); parent != nil {
		x.ParentCVersion = parent.Cversion + 1
	}
	return x
}

func (s *script) set(path, data string) Outcome {
	version := int32(0)
	if n := s.tree.Node(path); n != nil {
		version = n.Version + 1
	}
	return s.apply(zk.Txn{Type: zk.OpSetData, Path: path, Data: []byte(data), Version: version})
}

func (s *script) delete(path string) Outcome {
	return s.apply(zk.Txn{Type: zk.OpDelete, Path: path})
}

// stat writes a node's Stat.
func (s *script) stat(path string) string {
	st, ok := s.tree.Stat(path)
	if !ok {
		return "none"
	}
	return fmt.Sprintf("czxid %d ctime %d mzxid %d mtime %d pzxid %d version %d cversion %d "+
		"aversion %d owner %d length %d children %d", st.Czxid, st.Ctime, st.Mzxid, st.Mtime,
		st.Pzxid, st.Version, st.Cversion, st.Aversion, st.EphemeralOwner, st.DataLength,
		st.NumChildren)
}

func (s *script) expect(what string, got, want any) {
	s.t.Helper()
	if g, w := fmt.Sprint(got), fmt.Sprint(want); g != w {
		s.t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// fired writes the watches that the last transaction fired: watcher:type path.
func (s *script) fired() string { return written(s.last.Fired) }

func written(fired []Fired) string {
	var out []string
	for _, f := range fired {
		kind := map[int32]string{nodeCreated: "created", nodeDeleted: "deleted",
			nodeDataChanged: "data", nodeChildrenChanged: "children"}[f.Event.Type]
		if f.Event.State != syncConnected {
			kind = "bad state"
		}
		out = append(out, fmt.Sprintf("%d:%s %s", f.Watcher, kind, f.Event.Path))
	}
	return strings.Join(out, ", ")
}

// recount computes the digest of a tree from nothing.
func recount(t *DataTree) uint64 {
	sum := uint64(0)
	t.Walk(func(path string, n *Node) { sum += t.NodeDigest(path, n.Data, &n.StatPersisted) })
	return sum
}

// copyOf passes a tree through what a snapshot keeps of it.
func copyOf(t *testing.T, tree *DataTree) *DataTree {
	t.Helper()
	l := NewLoader(tree.ACLs())
	tree.Walk(func(path string, n *Node) {
		err := l.Node(path, &Node{Data: n.Data, ACL: n.ACL, StatPersisted: n.StatPersisted})
		if err != nil {
			t.Fatal(err)
		}
	})
	c, err := l.Done()
	if err != nil {
		t.Fatal(err)
	}
	c.SetLastProcessedZxid(tree.LastProcessedZxid())
	return c
}

// sameTree compares what clients can see of two trees.
func sameTree(t *testing.T, what string, got, want *DataTree) {
	t.Helper()
	if g, w := got.Paths(), want.Paths(); !slices.Equal(g, w) {
		t.Fatalf("%s: nodes %v, want %v", what, g, w)
	}
	for _, p := range want.Paths() {
		g, w := got.Node(p), want.Node(p)
		if g.Stat() != w.Stat() || string(g.Data) != string(w.Data) ||
			!slices.Equal(got.ACL(g.ACL), want.ACL(w.ACL)) {
			t.Errorf("%s: %s\n got %+v %q\nwant %+v %q", what, p, g.Stat(), g.Data, w.Stat(),
				w.Data)
		}
	}
	if g, w := got.Digest(), want.Digest(); g != w {
		t.Errorf("%s: digest %#x, want %#x", what, g, w)
	}
	if g, w := ephemerals(got), ephemerals(want); !slices.Equal(g, w) {
		t.Errorf("%s: ephemeral nodes %v, want %v", what, g, w)
	}
}

// ephemerals lists the ephemeral nodes of all sessions, with their owners.
func ephemerals(t *DataTree) []string {
	var out []string
	for _, id := range t.EphemeralSessions() {
		for _, path := range t.Ephemerals(id) {
			out = append(out, fmt.Sprintf("%#x %s", id, path))
		}
	}
	return out
}
