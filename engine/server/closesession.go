package server

import (
	"slices"

	"zabscope/engine/zk"
)

// The list in the transaction is what all servers delete. Before 3.6 each server deleted what its
// own tree gave to the session, and trees that were restored from fuzzy snapshots could differ.

// prepCloseSession lists the ephemeral nodes that die with the session: those of the tree, without
// those whose deletion is prepared, with those whose creation is. Nobody checks the session, for
// the request may come from its expiry. (PrepRequestProcessor.pRequest2Txn, case closeSession)
func (s *ZooKeeperServer) prepCloseSession(hdr, x *zk.Txn) {
	x.HasPaths, x.Paths = true, s.ephemerals(hdr.Session)
	for _, path := range x.Paths {
		s.noteEphemeralGone(hdr, path)
	}
	s.leader.setSessionClosing(hdr.Session)
}

// ephemerals lists the nodes that the session will own, in lexical order, where ZooKeeper has the
// order of a hash table.
func (s *ZooKeeperServer) ephemerals(session int64) []string {
	paths := s.db.Tree.Ephemerals(session)
	for _, c := range s.changes.list.all() {
		at, found := slices.BinarySearch(paths, c.path)
		switch {
		case c.gone && found:
			paths = slices.Delete(paths, at, at+1)
		case !c.gone && !found && c.stat.EphemeralOwner == session:
			paths = slices.Insert(paths, at, c.path)
		}
	}
	return paths
}

// noteEphemeralGone notes the parent without counting a child less, as ZooKeeper 3.8.0 does: until
// the transaction is applied, a parent that would be empty cannot be deleted.
func (s *ZooKeeperServer) noteEphemeralGone(hdr *zk.Txn, path string) {
	n, _ := s.changes.record(path)
	if parentPath, ok := deletableParent(path); ok {
		if parent, ok := s.changes.record(parentPath); ok {
			parent.zxid, parent.stat.Pzxid = hdr.Zxid, hdr.Zxid
			s.changes.update(parent)
		}
	}
	s.changes.remove(hdr.Zxid, path, 0, n.nodeDigest)
}
