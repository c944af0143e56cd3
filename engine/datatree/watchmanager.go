package datatree

import (
	"maps"
	"slices"
	"strings"

	"zabscope/engine/zk"
)

// Types of watch events that a change of the tree causes.
// (org.apache.zookeeper.Watcher.Event.EventType)
const (
	nodeCreated         int32 = 1
	nodeDeleted         int32 = 2
	nodeDataChanged     int32 = 3
	nodeChildrenChanged int32 = 4
)

const syncConnected int32 = 3 // Watcher.Event.KeeperState of every event of the tree

// WatcherMode says how long a watch lasts. (org.apache.zookeeper.server.watch.WatcherMode)
type WatcherMode uint8

// The modes. The numbers of addWatch requests are one less. (ZooDefs.AddWatchModes)
const (
	Standard            WatcherMode = iota // fires once
	Persistent                             // stays
	PersistentRecursive                    // stays, and fires for everything below its path too
)

// Fired is one watch that fired, and whom to tell.
type Fired struct {
	Watcher int64
	Event   zk.WatchEvent
}

// watchManager is one table of watches. A watcher has one mode for a path: the last that was asked
// for, as in all releases before 3.9. (org.apache.zookeeper.server.watch.WatchManager)
type watchManager struct {
	table     map[string]map[int64]WatcherMode
	paths     map[int64]map[string]struct{} // the same by watcher
	recursive int                           // watches that look at more than their path
}

// add sets a watch; it reports whether the watcher had none at the path.
// (WatchManager.addWatch)
func (m *watchManager) add(path string, watcher int64, mode WatcherMode) bool {
	if m.table == nil {
		m.table = map[string]map[int64]WatcherMode{}
		m.paths = map[int64]map[string]struct{}{}
	}
	at := m.table[path]
	if at == nil {
		at = map[int64]WatcherMode{}
		m.table[path] = at
	}
	old, had := at[watcher]
	m.recursive += recursives(mode) - recursives(old)
	at[watcher] = mode
	if m.paths[watcher] == nil {
		m.paths[watcher] = map[string]struct{}{}
	}
	m.paths[watcher][path] = struct{}{}
	return !had
}

func recursives(mode WatcherMode) int {
	if mode == PersistentRecursive {
		return 1
	}
	return 0
}

// remove takes one watch out; it reports whether it was there. (WatchManager.removeWatcher)
func (m *watchManager) remove(path string, watcher int64) bool {
	mode, had := m.table[path][watcher]
	if !had {
		return false
	}
	m.recursive -= recursives(mode)
	delete(m.table[path], watcher)
	if len(m.table[path]) == 0 {
		delete(m.table, path)
	}
	delete(m.paths[watcher], path)
	if len(m.paths[watcher]) == 0 {
		delete(m.paths, watcher)
	}
	return true
}

// removeAll forgets a watcher. (WatchManager.removeWatcher)
func (m *watchManager) removeAll(watcher int64) {
	for _, path := range slices.Collect(maps.Keys(m.paths[watcher])) {
		m.remove(path, watcher)
	}
}

func (m *watchManager) contains(path string, watcher int64) bool {
	_, has := m.table[path][watcher]
	return has
}

// trigger takes out, in order of watchers, those who want to hear of an event at a path: all that
// watch the path, and above it those that watch recursively, unless it is about children. One-time
// watches at the path go. (WatchManager.triggerWatch)
func (m *watchManager) trigger(path string, event int32) []int64 {
	if len(m.table) == 0 {
		return nil
	}
	var found []int64
	for p := path; ; p = ParentPath(p) {
		for _, w := range slices.Sorted(maps.Keys(m.table[p])) {
			switch mode := m.table[p][w]; {
			case mode == PersistentRecursive:
				if event != nodeChildrenChanged {
					found = append(found, w)
				}
			case p == path:
				found = append(found, w)
				if mode == Standard {
					m.remove(p, w)
				}
			}
		}
		if p == Root || m.recursive == 0 || !strings.HasPrefix(p, Root) {
			break
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}
