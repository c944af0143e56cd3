package server

import (
	"zabscope/engine/datatree"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
)

// changeRecord is a node as it will be once a transaction that is prepared but not applied is
// applied. (ZooKeeperServer.ChangeRecord)
//
// It holds all that a later request may be checked against, and the digests that the transaction
// will lead to: a server that applies it and finds another digest has diverged.
type changeRecord struct {
	zxid       zk.Zxid
	path       string
	gone       bool // the transaction deletes the node
	stat       datatree.StatPersisted
	childCount int
	acl        []zk.ACL
	data       []byte
	nodeDigest uint64 // the node's share of the digest
	treeDigest uint64 // the tree's digest once this change is made
}

// outstandingChanges is the tree as it will be: the changes of all transactions that are prepared
// but not applied, oldest first, and the youngest for each path.
// (ZooKeeperServer.outstandingChanges, outstandingChangesForPath)
type outstandingChanges struct {
	db      *storage.ZKDatabase
	list    fifo[*changeRecord]
	forPath map[string]*changeRecord
	free    []*changeRecord
}

// newOutstandingChanges starts level with the database, which it asks anew each time: its tree may
// be replaced.
func newOutstandingChanges(db *storage.ZKDatabase) outstandingChanges {
	return outstandingChanges{db: db, forPath: map[string]*changeRecord{}}
}

// record is a copy of a node as it will be; ok is false if there will be none.
// (PrepRequestProcessor.getRecordForPath)
func (c *outstandingChanges) record(path string) (r changeRecord, ok bool) {
	if last := c.forPath[path]; last != nil {
		return *last, !last.gone
	}
	n := c.db.Tree.Node(path)
	if n == nil {
		return changeRecord{}, false
	}
	return changeRecord{zxid: -1, path: path, stat: n.StatPersisted, childCount: n.NumChildren(),
		acl: c.db.Tree.ACL(n.ACL), data: n.Data, nodeDigest: n.Digest()}, true
}

// add takes over a change; r.zxid is its transaction's. (PrepRequestProcessor.addChangeRecord)
func (c *outstandingChanges) add(r changeRecord) {
	var p *changeRecord
	if n := len(c.free); n > 0 {
		p, c.free = c.free[n-1], c.free[:n-1]
	} else {
		p = new(changeRecord)
	}
	*p = r
	c.list.push(p)
	c.forPath[r.path] = p
}

// update adds a node that is new or changed and counts it in the digest.
// (PrepRequestProcessor.precalculateDigest with ADD, UPDATE)
func (c *outstandingChanges) update(r changeRecord) {
	was := r.nodeDigest
	r.nodeDigest = c.db.Tree.NodeDigest(r.path, r.data, &r.stat)
	r.treeDigest = c.digest() - was + r.nodeDigest
	c.add(r)
}

// remove adds the end of a node. (PrepRequestProcessor.precalculateDigest with REMOVE)
func (c *outstandingChanges) remove(zxid zk.Zxid, path string, childCount int, nodeDigest uint64) {
	c.add(changeRecord{zxid: zxid, path: path, gone: true, childCount: childCount,
		treeDigest: c.digest() - nodeDigest})
}

// digest is the digest of the tree as it will be. (PrepRequestProcessor.getCurrentTreeDigest)
func (c *outstandingChanges) digest() uint64 {
	if c.list.len() == 0 {
		return c.db.Tree.Digest()
	}
	return c.list.last().treeDigest
}

// applied drops the changes up to zxid, which the tree holds now. (ZooKeeperServer.processTxn)
func (c *outstandingChanges) applied(zxid zk.Zxid) {
	for c.list.len() > 0 && c.list.first().zxid <= zxid {
		r := c.list.pop()
		if c.forPath[r.path] == r {
			delete(c.forPath, r.path)
		}
		c.release(r)
	}
}

// release keeps a record for the next change: one is needed for every write.
func (c *outstandingChanges) release(r *changeRecord) {
	*r = changeRecord{}
	c.free = append(c.free, r)
}

// pending remembers the changes that a multi's operations, named by path, would hide, those of the
// parents included. (PrepRequestProcessor.getPendingChanges)
func (c *outstandingChanges) pending(ops []zk.Request) map[string]*changeRecord {
	found := map[string]*changeRecord{}
	for i := range ops {
		path := ops[i].Path
		if r := c.forPath[path]; r != nil {
			found[path] = r
		}
		if parent, ok := parentOf(path); ok && c.forPath[parent] != nil {
			found[parent] = c.forPath[parent]
		}
	}
	return found
}

// rollback takes back the changes of a multi that failed and brings those to light again that it
// hid. (PrepRequestProcessor.rollbackPendingChanges)
func (c *outstandingChanges) rollback(zxid zk.Zxid, hidden map[string]*changeRecord) {
	for c.list.len() > 0 && c.list.last().zxid == zxid {
		r := c.list.popLast()
		delete(c.forPath, r.path)
		c.release(r)
	}
	for path, r := range hidden {
		c.forPath[path] = r
	}
}
