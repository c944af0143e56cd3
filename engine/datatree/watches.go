package datatree

import (
	"cmp"
	"slices"
	"strings"

	"zabscope/engine/zk"
)

// trigger fires the watches of one table, passing over those watchers that heard of the change
// already; it returns who was told. (WatchManager.triggerWatch)
func (t *DataTree) trigger(m *watchManager, path string, event int32, supress []int64) []int64 {
	watchers := m.trigger(path, event)
	for _, w := range watchers {
		if _, told := slices.BinarySearch(supress, w); !told {
			t.fired = append(t.fired, Fired{w, eventAt(path, event)})
		}
	}
	return watchers
}

func eventAt(path string, event int32) zk.WatchEvent {
	return zk.WatchEvent{Type: event, State: syncConnected, Path: path}
}

// AddDataWatch watches data and existence of path once, as getData and exists ask for. The watcher
// is whatever number its owner knows it by. (DataTree.getData, statNode)
func (t *DataTree) AddDataWatch(path string, watcher int64) {
	t.dataWatches.add(path, watcher, Standard)
}

// AddChildWatch watches the children of path once, as getChildren asks for.
// (DataTree.getChildren)
func (t *DataTree) AddChildWatch(path string, watcher int64) {
	t.childWatches.add(path, watcher, Standard)
}

// AddWatch sets a watch that stays until it is removed; a recursive one stands in the table of data
// watches alone. (DataTree.addWatch)
func (t *DataTree) AddWatch(path string, watcher int64, mode WatcherMode) {
	t.dataWatches.add(path, watcher, mode)
	if mode != PersistentRecursive {
		t.childWatches.add(path, watcher, mode)
	}
}

// Types of watches that a client may ask to remove. (org.apache.zookeeper.Watcher.WatcherType)
const (
	ChildrenWatches int32 = 1
	DataWatches     int32 = 2
	AnyWatches      int32 = 3
)

// ContainsWatcher reports whether the watcher has a watch of the kind at path.
// (DataTree.containsWatcher)
func (t *DataTree) ContainsWatcher(path string, kind int32, watcher int64) bool {
	return kind != DataWatches && t.childWatches.contains(path, watcher) ||
		kind != ChildrenWatches && t.dataWatches.contains(path, watcher)
}

// RemoveWatch removes the watcher's watches of the kind at path, of whatever mode; it reports
// whether there were any. (DataTree.removeWatch)
func (t *DataTree) RemoveWatch(path string, kind int32, watcher int64) bool {
	removed := kind != DataWatches && t.childWatches.remove(path, watcher)
	return kind != ChildrenWatches && t.dataWatches.remove(path, watcher) || removed
}

// RemoveWatcher forgets a watcher whose connection is gone. (DataTree.removeCnxn)
func (t *DataTree) RemoveWatcher(watcher int64) {
	t.dataWatches.removeAll(watcher)
	t.childWatches.removeAll(watcher)
}

// SetWatches takes up the watches of a client that was elsewhere for a while: those whose change it
// missed, which is what is newer than relativeZxid, its last zxid, fire at once and are returned,
// the others are set. The lists are those of zk.Request.Watches. (DataTree.setWatches)
func (t *DataTree) SetWatches(relativeZxid zk.Zxid, lists [5][]string, watcher int64) []Fired {
	var fired []Fired
	for _, path := range lists[0] {
		n := t.nodes[path]
		switch {
		case n == nil:
			fired = append(fired, Fired{watcher, eventAt(path, nodeDeleted)})
		case n.Mzxid > relativeZxid:
			fired = append(fired, Fired{watcher, eventAt(path, nodeDataChanged)})
		default:
			t.dataWatches.add(path, watcher, Standard)
		}
	}
	for _, path := range lists[1] {
		if t.nodes[path] != nil {
			fired = append(fired, Fired{watcher, eventAt(path, nodeCreated)})
		} else {
			t.dataWatches.add(path, watcher, Standard)
		}
	}
	for _, path := range lists[2] {
		n := t.nodes[path]
		switch {
		case n == nil:
			fired = append(fired, Fired{watcher, eventAt(path, nodeDeleted)})
		case n.Pzxid > relativeZxid:
			fired = append(fired, Fired{watcher, eventAt(path, nodeChildrenChanged)})
		default:
			t.childWatches.add(path, watcher, Standard)
		}
	}
	for _, path := range lists[3] {
		t.AddWatch(path, watcher, Persistent)
	}
	for _, path := range lists[4] {
		t.AddWatch(path, watcher, PersistentRecursive)
	}
	return fired
}

// Watch is one watch, for lists. (WatchManager.dumpWatches)
type Watch struct {
	Path    string
	Watcher int64
	Child   bool // it stands in the table of child watches
	Mode    WatcherMode
}

// Watches lists all watches in order of path, watcher and table.
func (t *DataTree) Watches() []Watch {
	var out []Watch
	collect := func(m *watchManager, child bool) {
		for path, at := range m.table {
			for w, mode := range at {
				out = append(out, Watch{path, w, child, mode})
			}
		}
	}
	collect(&t.dataWatches, false)
	collect(&t.childWatches, true)
	slices.SortFunc(out, compareWatches)
	return out
}

func compareWatches(a, b Watch) int {
	switch {
	case a.Path != b.Path:
		return strings.Compare(a.Path, b.Path)
	case a.Watcher != b.Watcher:
		return cmp.Compare(a.Watcher, b.Watcher)
	case a.Child == b.Child:
		return 0
	case b.Child:
		return -1
	}
	return 1
}
