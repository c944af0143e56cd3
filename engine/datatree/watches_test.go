package datatree

import (
	"slices"
	"testing"

	"zabscope/engine/zk"
)

// Which change fires what where. (DataTree.createNode, deleteNode, setData)
func TestWhichChangeFiresWhat(t *testing.T) {
	const onNode, onParent = 1, 2
	for _, c := range []struct {
		why    string
		change func(s *script)
		want   string
	}{
		{"create", func(s *script) { s.create("/p/new", "") }, "2:children /p"},
		{"setData", func(s *script) { s.set("/p/n", "x") }, "1:data /p/n"},
		{"setACL", func(s *script) { s.apply(zk.Txn{Type: zk.OpSetACL, Path: "/p/n"}) }, ""},
		{"delete", func(s *script) { s.delete("/p/n") }, "1:deleted /p/n, 2:children /p"},
		{"delete of nothing", func(s *script) { s.delete("/p/x") }, ""},
		{"child create", func(s *script) { s.create("/p/n/c", "") }, "1:children /p/n"},
	} {
		s := newScript(t)
		s.create("/p", "")
		s.create("/p/n", "")
		s.tree.AddDataWatch("/p/n", onNode)
		s.tree.AddChildWatch("/p/n", onNode)
		s.tree.AddChildWatch("/p", onParent)
		c.change(s)
		s.expect(c.why, s.fired(), c.want)
	}
}

// exists watches what is not there yet; the watch fires once.
func TestWatchOnWhatIsNotThere(t *testing.T) {
	s := newScript(t)
	s.tree.AddDataWatch("/a", 7)
	s.create("/a", "")
	s.expect("create", s.fired(), "7:created /a")
	s.set("/a", "x")
	s.expect("it is gone", s.fired(), "")
	s.expect("count", len(s.tree.Watches()), 0)
}

// A watcher of data and children hears of a delete once; one that watches children alone hears it
// too.
func TestDeleteIsToldOnce(t *testing.T) {
	s := newScript(t)
	s.create("/a", "")
	s.tree.AddDataWatch("/a", 1)
	s.tree.AddChildWatch("/a", 1)
	s.tree.AddChildWatch("/a", 2)
	s.delete("/a")
	s.expect("delete", s.fired(), "1:deleted /a, 2:deleted /a")
	s.expect("count", len(s.tree.Watches()), 0)
}

// Watchers hear in order of their numbers, whatever the order in which they came.
func TestOrderOfWatchers(t *testing.T) {
	s := newScript(t)
	s.create("/a", "")
	for _, w := range []int64{5, 1, 9, 3} {
		s.tree.AddDataWatch("/a", w)
	}
	s.set("/a", "")
	s.expect("order", s.fired(), "1:data /a, 3:data /a, 5:data /a, 9:data /a")
}

// Persistent watches stay; recursive ones hear of all below, but never of children.
func TestPersistentWatches(t *testing.T) {
	s := newScript(t)
	s.create("/a", "")
	s.tree.AddWatch("/a", 1, Persistent)
	s.tree.AddWatch("/a", 2, PersistentRecursive)
	s.expect("tables", len(s.tree.Watches()), 3)
	for _, c := range []struct {
		do   func()
		want string
	}{
		{func() { s.set("/a", "x") }, "1:data /a, 2:data /a"},
		{func() { s.create("/a/b", "") }, "2:created /a/b, 1:children /a"},
		{func() { s.set("/a/b", "x") }, "2:data /a/b"},
		{func() { s.delete("/a/b") }, "2:deleted /a/b, 1:children /a"},
		{func() { s.create("/ab", "") }, ""},
		{func() { s.delete("/a") }, "1:deleted /a, 2:deleted /a"},
		{func() { s.create("/a", "") }, "1:created /a, 2:created /a"},
	} {
		c.do()
		s.expect(c.want, s.fired(), c.want)
	}
	s.tree.AddWatch("/", 3, PersistentRecursive)
	s.set("/a", "y")
	s.expect("from the root", s.fired(), "1:data /a, 2:data /a, 3:data /a")
}

// Before 3.9 a watcher has one mode for a path: a getData over a persistent watch makes it fire
// once.
func TestLaterModeReplacesTheEarlier(t *testing.T) {
	s := newScript(t)
	s.create("/a", "")
	s.tree.AddWatch("/a", 1, PersistentRecursive)
	s.tree.AddDataWatch("/a", 1)
	s.set("/a", "x")
	s.expect("first", s.fired(), "1:data /a")
	s.set("/a", "y")
	s.expect("second", s.fired(), "")
	if s.tree.dataWatches.recursive != 0 {
		t.Errorf("%d recursive watches are counted", s.tree.dataWatches.recursive)
	}
}

func TestRemoveWatches(t *testing.T) {
	for _, c := range []struct {
		kind  int32
		found bool
		left  int
	}{{ChildrenWatches, true, 1}, {DataWatches, true, 1}, {AnyWatches, true, 0}} {
		s := newScript(t)
		s.tree.AddDataWatch("/a", 1)
		s.tree.AddChildWatch("/a", 1)
		s.expect("contains", s.tree.ContainsWatcher("/a", c.kind, 1), true)
		s.expect("contains for another", s.tree.ContainsWatcher("/a", c.kind, 2), false)
		s.expect("remove for another", s.tree.RemoveWatch("/a", c.kind, 2), false)
		s.expect("remove", s.tree.RemoveWatch("/a", c.kind, 1), c.found)
		s.expect("left", len(s.tree.Watches()), c.left)
		s.expect("again", s.tree.RemoveWatch("/a", c.kind, 1), false)
	}
}

// A closed connection takes its watches with it.
func TestRemoveWatcher(t *testing.T) {
	s := newScript(t)
	s.create("/a", "")
	s.tree.AddWatch("/a", 1, Persistent)
	s.tree.AddWatch("/", 1, PersistentRecursive)
	s.tree.AddDataWatch("/a", 2)
	s.tree.RemoveWatcher(1)
	s.tree.RemoveWatcher(99)
	s.expect("left", len(s.tree.Watches()), 1)
	s.set("/a", "x")
	s.expect("fired", s.fired(), "2:data /a")
}

// A client that saw zxid 3 comes back. (DataTree.setWatches)
func TestSetWatches(t *testing.T) {
	s := newScript(t)
	s.create("/old", "")   // 1
	s.create("/fresh", "") // 2
	s.create("/gone", "")  // 3
	s.set("/fresh", "x")   // 4
	s.create("/fresh/c", "")
	s.delete("/gone")
	fired := s.tree.SetWatches(3, [5][]string{
		{"/old", "/fresh", "/gone"},
		{"/old", "/gone"},
		{"/old", "/fresh", "/gone"},
		{"/p"}, {"/r"},
	}, 1)
	s.expect("missed", written(fired), "1:data /fresh, 1:deleted /gone, 1:created /old, "+
		"1:children /fresh, 1:deleted /gone")
	want := []Watch{{"/gone", 1, false, Standard}, {"/old", 1, false, Standard},
		{"/old", 1, true, Standard}, {"/p", 1, false, Persistent}, {"/p", 1, true, Persistent},
		{"/r", 1, false, PersistentRecursive}}
	if got := s.tree.Watches(); !slices.Equal(got, want) {
		t.Errorf("set %v\nwant %v", got, want)
	}
}

// Lists of watches have one order.
func TestWatchesAreListedInOrder(t *testing.T) {
	tree := New()
	tree.AddChildWatch("/b", 2)
	tree.AddDataWatch("/b", 2)
	tree.AddDataWatch("/b", 1)
	tree.AddDataWatch("/a", 9)
	want := []Watch{{"/a", 9, false, Standard}, {"/b", 1, false, Standard},
		{"/b", 2, false, Standard}, {"/b", 2, true, Standard}}
	if got := tree.Watches(); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}
