package datatree

import (
	"fmt"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/zk"
)

// numbers is a small seeded source.
type numbers uint64

func (n *numbers) upTo(limit int) int {
	*n = *n*6364136223846793005 + 1442695040888963407
	return int(uint64(*n)>>33) % limit
}

// anything is a transaction that may or may not fit the tree: replay meets both.
func (n *numbers) anything(tree *DataTree) zk.Txn {
	path := fmt.Sprintf("/%c", 'a'+rune(n.upTo(4)))
	if n.upTo(2) == 0 {
		path += fmt.Sprintf("/%c", 'a'+rune(n.upTo(4)))
	}
	types := []zk.OpCode{zk.OpCreate, zk.OpCreate2, zk.OpCreateContainer, zk.OpCreateTTL,
		zk.OpSetData, zk.OpSetData, zk.OpDelete, zk.OpSetACL, zk.OpCloseSession, zk.OpMulti}
	x := zk.Txn{Type: types[n.upTo(len(types))], Session: int64(1 + n.upTo(3)), Path: path,
		Version: int32(n.upTo(5)), ParentCVersion: int32(n.upTo(9) - 1), TTL: int64(n.upTo(99))}
	x.Data = make([]byte, n.upTo(6))
	x.ACL = digestACL(fmt.Sprint(n.upTo(3)))
	x.Ephemeral = x.Type == zk.OpCreate && n.upTo(3) == 0
	switch node := tree.Node(path); {
	case x.Type == zk.OpDelete && node != nil && node.NumChildren() > 0:
		x.Type = zk.OpSetData // the leader lets nobody delete those
	case x.Type == zk.OpMulti:
		x.Ops = []zk.Txn{n.anything(tree)}
		for x.Ops[0].Type == zk.OpMulti || x.Ops[0].Type == zk.OpCloseSession {
			x.Ops[0] = n.anything(tree)
		}
	}
	if parent := tree.Node(ParentPath(path)); parent != nil && parent.Stat().EphemeralOwner != 0 {
		x.Type = zk.OpCheck // nor make children below an ephemeral
	}
	return x
}

// After any transactions the incremental digest, size and sets are what counting from nothing
// gives, the tree survives a snapshot, and all nodes that differ are listed as changed.
func TestIncrementalIsRecounted(t *testing.T) {
	for seed := range 50 {
		n := numbers(seed)
		tree := New()
		for z := zk.Zxid(1); z <= 150; z++ {
			before := copyOf(t, tree)
			x := n.anything(tree)
			x.Zxid = z
			out := tree.Apply(&x)
			if got, want := tree.Digest(), recount(tree); got != want {
				t.Fatalf("seed %d, %s %s: digest %#x, counted %#x", seed, x.Type, x.Path, got, want)
			}
			listed := map[string]bool{}
			for _, p := range out.Changed {
				listed[p] = true
			}
			for _, p := range append(before.Paths(), tree.Paths()...) {
				was, is := before.Node(p), tree.Node(p)
				if same := was != nil && is != nil && was.Stat() == is.Stat(); !same && !listed[p] {
					t.Fatalf("seed %d, %s: %s is not among %v", seed, x.Type, p, out.Changed)
				}
			}
		}
		if got, want := tree.ApproxSize(), tree.measure(); got != want {
			t.Errorf("seed %d: size %d, measured %d", seed, got, want)
		}
		sameTree(t, fmt.Sprint("seed ", seed), copyOf(t, tree), tree)
	}
}

// The same transactions give the same tree, outcomes and order of changes.
func TestApplyIsDeterministic(t *testing.T) {
	run := func() string {
		n := numbers(7)
		tree, log := New(), ""
		for w := range int64(20) {
			tree.AddWatch("/a", w, PersistentRecursive)
			tree.AddWatch("/b", w, Persistent)
		}
		for z := zk.Zxid(1); z <= 300; z++ {
			x := n.anything(tree)
			x.Zxid = z
			out := tree.Apply(&x)
			log += fmt.Sprintf("%v %v %v %s\n", out.Err, out.Stat, out.Changed, written(out.Fired))
		}
		return log + fmt.Sprint(tree.Digest(), tree.Paths(), tree.Watches())
	}
	first := run()
	for range 5 {
		if run() != first {
			t.Fatal("two runs differ")
		}
	}
}

// FuzzApply applies whatever a log may hold: the tree never fails and keeps its books.
func FuzzApply(f *testing.F) {
	n := numbers(1)
	for range 20 {
		x := n.anything(New())
		jute.EncodeTxn(&x)
		f.Add(x.Encoded)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := jute.DecodeTxn(b)
		if err != nil {
			return
		}
		s := newScript(t)
		s.create("/a", "one")
		s.ephemeral(x.Session, "/a/e")
		s.tree.AddWatch(x.Path, 1, PersistentRecursive)
		s.tree.Apply(x)
		s.tree.Apply(x)
		reachable := uint64(0)
		for _, p := range s.tree.Paths() {
			node := s.tree.Node(p)
			reachable += s.tree.NodeDigest(p, node.Data, &node.StatPersisted)
		}
		if s.tree.Digest() != reachable {
			t.Errorf("digest %#x, counted %#x", s.tree.Digest(), reachable)
		}
	})
}

func BenchmarkApplySetData(b *testing.B) {
	tree := New()
	tree.Apply(&zk.Txn{Type: zk.OpCreate, Zxid: 1, Path: "/some"})
	x := &zk.Txn{Type: zk.OpSetData, Path: "/some", Data: make([]byte, 100)}
	b.ReportAllocs()
	for b.Loop() {
		x.Zxid++
		tree.Apply(x)
	}
}

func BenchmarkApplyCreateDelete(b *testing.B) {
	tree := New()
	create := &zk.Txn{Type: zk.OpCreate, Path: "/node", Data: make([]byte, 100),
		ACL: zk.OpenACLUnsafe, ParentCVersion: -1}
	remove := &zk.Txn{Type: zk.OpDelete, Path: "/node"}
	b.ReportAllocs()
	for b.Loop() {
		create.Zxid++
		tree.Apply(create)
		remove.Zxid = create.Zxid
		tree.Apply(remove)
	}
}
