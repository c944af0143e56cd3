package datatree

import "zabscope/engine/zk"

// createNode adds a node. If it is there already, as it may be when a log is replayed over a newer
// snapshot, its ACL becomes that of the transaction. (DataTree.createNode)
func (t *DataTree) createNode(hdr, x *zk.Txn, owner int64) (*Node, zk.ErrorCode) {
	parentPath, name, ok := split(x.Path)
	parent := t.nodes[parentPath]
	switch {
	case x.Path == Root:
		return nil, zk.ErrNodeExists
	case !ok || parent == nil:
		return nil, zk.ErrNoNode
	}
	acl := t.acls.convert(x.ACL)
	if old := t.nodes[x.Path]; old != nil {
		old.ACL = acl
		return nil, zk.ErrNodeExists
	}
	child := &Node{Data: x.Data, ACL: acl, StatPersisted: StatPersisted{
		Czxid: hdr.Zxid, Mzxid: hdr.Zxid, Pzxid: hdr.Zxid, Ctime: hdr.Time, Mtime: hdr.Time,
		EphemeralOwner: owner}}
	t.dropDigest(parent)
	raiseCversion(parent, x.ParentCVersion, hdr.Zxid)
	parent.addChild(name)
	t.addDigest(parentPath, parent)
	t.touch(parentPath, parent)
	t.touch(x.Path, child)
	t.nodes[x.Path] = child
	t.addDigest(x.Path, child)
	t.size += nodeSize(x.Path, child)
	t.register(x.Path, owner)
	t.quotaCreated(x.Path, parentPath, name, len(x.Data))
	t.trigger(&t.dataWatches, x.Path, nodeCreated, nil)
	t.trigger(&t.childWatches, shown(parentPath), nodeChildrenChanged, nil)
	return child, zk.ErrOK
}

// raiseCversion moves a parent's cversion to what the transaction says, never back: the create may
// be a replay that an earlier snapshot already knows of. -1 stands in logs that do not say.
func raiseCversion(parent *Node, cversion int32, zxid zk.Zxid) {
	if cversion == -1 {
		cversion = parent.Cversion + 1
	}
	if cversion > parent.Cversion {
		parent.Cversion, parent.Pzxid = cversion, zxid
	}
}

// setCversionPzxid raises the parent's cversion and pzxid after a create found its node there; err
// is what it found. (DataTree.setCversionPzxid)
func (t *DataTree) setCversionPzxid(path string, cversion int32, zxid zk.Zxid,
	err zk.ErrorCode) zk.ErrorCode {
	n := t.nodes[path]
	if n == nil {
		return zk.ErrNoNode
	}
	t.dropDigest(n)
	raiseCversion(n, cversion, zxid)
	t.addDigest(path, n)
	t.touch(path, n)
	return err
}

// deleteNode removes a node. The parent's pzxid moves even if the node is gone already.
// (DataTree.deleteNode)
func (t *DataTree) deleteNode(path string, zxid zk.Zxid) zk.ErrorCode {
	parentPath, name, ok := split(path)
	parent := t.nodes[parentPath]
	if !ok || parent == nil {
		return zk.ErrNoNode
	}
	t.dropDigest(parent)
	parent.removeChild(name)
	parent.Pzxid = max(parent.Pzxid, zxid)
	t.addDigest(parentPath, parent)
	t.touch(parentPath, parent)
	n := t.nodes[path]
	if n == nil {
		return zk.ErrNoNode
	}
	delete(t.nodes, path)
	t.dropDigest(n)
	t.changed = append(t.changed, path)
	t.acls.removeUsage(n.ACL)
	t.size -= nodeSize(path, n)
	t.unregister(path, n.EphemeralOwner)
	t.quotaDeleted(path, parentPath, name, len(n.Data))
	processed := t.trigger(&t.dataWatches, path, nodeDeleted, nil)
	t.trigger(&t.childWatches, path, nodeDeleted, processed)
	t.trigger(&t.childWatches, shown(parentPath), nodeChildrenChanged, nil)
	return zk.ErrOK
}

// setData replaces the data of a node; the version is the transaction's. (DataTree.setData)
func (t *DataTree) setData(path string, data []byte, version int32, zxid zk.Zxid,
	time int64) (zk.Stat, zk.ErrorCode) {
	n := t.nodes[path]
	if n == nil {
		return zk.Stat{}, zk.ErrNoNode
	}
	grown := len(data) - len(n.Data)
	t.dropDigest(n)
	n.Data, n.Version, n.Mzxid, n.Mtime = data, version, zxid, time
	t.addDigest(path, n)
	t.touch(path, n)
	t.size += int64(grown)
	t.useQuota(path, grown, 0)
	t.trigger(&t.dataWatches, path, nodeDataChanged, nil)
	return n.Stat(), zk.ErrOK
}

// setACL replaces the ACL of a node; the version is the transaction's. (DataTree.setACL)
func (t *DataTree) setACL(path string, acl []zk.ACL, version int32) (zk.Stat, zk.ErrorCode) {
	n := t.nodes[path]
	if n == nil {
		return zk.Stat{}, zk.ErrNoNode
	}
	t.acls.removeUsage(n.ACL)
	t.dropDigest(n)
	n.Aversion, n.ACL = version, t.acls.convert(acl)
	t.addDigest(path, n)
	t.touch(path, n)
	return n.Stat(), zk.ErrOK
}

// SetConfig writes the text of the configuration into /zookeeper/config, making the node if it is
// missing. It is no transaction: every server does it by itself when it learns of a configuration,
// and gives the configuration's version, in which the node was last changed, as zxid. Time is
// milliseconds. It reports whether anything that a client sees, but the time, is new.
// (ZKDatabase.initConfigInZKDatabase)
func (t *DataTree) SetConfig(text string, zxid zk.Zxid, time int64) bool {
	t.applied++
	t.changed, t.fired = t.changed[:0], t.fired[:0]
	n := t.nodes[ConfigPath]
	if n == nil {
		t.AddConfigNode()
		n = t.nodes[ConfigPath]
	}
	if n == nil {
		return false
	}
	same := string(n.Data) == text && n.Version == -1 && n.Mzxid == zxid
	_, _ = t.setData(ConfigPath, []byte(text), -1, zxid, time)
	return !same
}

// Fired lists the watches that the last SetConfig fired, in order; the slice is the tree's.
func (t *DataTree) Fired() []Fired { return t.fired }
