package datatree

import (
	"maps"
	"slices"

	"zabscope/engine/zk"
)

// register notes a new node where its kind is looked up: under its session, or among the containers
// or the TTL nodes.
func (t *DataTree) register(path string, owner int64) {
	switch kindOf(owner) {
	case ownedByContainer:
		t.containers[path] = struct{}{}
	case ownedByTTL:
		t.ttls[path] = struct{}{}
	case ownedBySession:
		paths := t.ephemerals[owner]
		if paths == nil {
			paths = map[string]struct{}{}
			t.ephemerals[owner] = paths
		}
		paths[path] = struct{}{}
	}
}

func (t *DataTree) unregister(path string, owner int64) {
	switch kindOf(owner) {
	case ownedByContainer:
		delete(t.containers, path)
	case ownedByTTL:
		delete(t.ttls, path)
	case ownedBySession:
		delete(t.ephemerals[owner], path)
	}
}

// Ephemerals lists the ephemeral nodes of a session, sorted, in a new slice.
// (DataTree.getEphemerals)
func (t *DataTree) Ephemerals(session int64) []string {
	return slices.Sorted(maps.Keys(t.ephemerals[session]))
}

// EphemeralSessions lists the sessions that own, or have owned, ephemeral nodes, in order.
// (DataTree.getSessions)
func (t *DataTree) EphemeralSessions() []int64 { return slices.Sorted(maps.Keys(t.ephemerals)) }

// Containers lists the container nodes, sorted, in a new slice. (DataTree.getContainers)
func (t *DataTree) Containers() []string { return slices.Sorted(maps.Keys(t.containers)) }

// TTLs lists the nodes with a time to live, sorted, in a new slice. (DataTree.getTtls)
func (t *DataTree) TTLs() []string { return slices.Sorted(maps.Keys(t.ttls)) }

// KillSession deletes the ephemeral nodes of a session outside of any transaction, as a leader does
// at start with those of sessions that have no timeout entry. The paths returned are the tree's
// and hold until the next change. (DataTree.killSession)
func (t *DataTree) KillSession(session int64, zxid zk.Zxid) (changed []string) {
	t.applied++
	t.changed, t.fired = t.changed[:0], t.fired[:0]
	t.killSession(session, zxid, nil)
	return t.changed
}

// killSession deletes the nodes that the transaction lists and then, on the way of each server
// alone, those that the session still owns here.
func (t *DataTree) killSession(session int64, zxid zk.Zxid, listed []string) {
	owned := t.ephemerals[session]
	delete(t.ephemerals, session)
	for _, path := range listed {
		t.deleteNode(path, zxid)
		delete(owned, path)
	}
	for _, path := range slices.Sorted(maps.Keys(owned)) {
		t.deleteNode(path, zxid)
	}
}
