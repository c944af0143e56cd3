package datatree

import "zabscope/engine/zk"

// Outcome is what came of applying a transaction. (DataTree.ProcessTxnResult)
type Outcome struct {
	Type  zk.OpCode
	Err   zk.ErrorCode // of an error transaction, or of a replay over a newer tree
	Path  string
	Stat  zk.Stat   // create2, createTTL, createContainer, setData, reconfig, setACL
	Multi []Outcome // one for each part of a multi

	// Changed lists the paths of the nodes that are new, changed or gone, the root as "/". It may
	// name a node twice. The slice is the tree's and holds until the next Apply.
	Changed []string
	// Fired lists the watches that fired, in order. The slice is the tree's and holds until the
	// next Apply.
	Fired []Fired
}

// Apply carries out a transaction and moves lastProcessedZxid to it, if that is a step forward;
// only after all parts of a multi, so that no snapshot can name a zxid of which it holds a part
// (ZOOKEEPER-3127). Sessions are the database's: the tree knows their ephemerals only.
// (DataTree.processTxn)
func (t *DataTree) Apply(x *zk.Txn) Outcome {
	t.applied++
	t.changed, t.fired = t.changed[:0], t.fired[:0]
	out := t.process(x, x)
	t.lastProcessed = max(t.lastProcessed, x.Zxid)
	t.checkDigest(x)
	out.Changed, out.Fired = t.changed, t.fired
	return out
}

// process applies the body x under the header of hdr, which differ for the parts of a multi.
func (t *DataTree) process(hdr, x *zk.Txn) Outcome {
	out := Outcome{Type: x.Type, Path: x.Path}
	switch x.Type {
	case zk.OpCreate, zk.OpCreate2, zk.OpCreateTTL, zk.OpCreateContainer:
		t.processCreate(hdr, x, &out)
	case zk.OpDelete, zk.OpDeleteContainer:
		out.Err = t.deleteNode(x.Path, hdr.Zxid)
	case zk.OpSetData, zk.OpReconfig:
		out.Stat, out.Err = t.setData(x.Path, x.Data, x.Version, hdr.Zxid, hdr.Time)
	case zk.OpSetACL:
		out.Stat, out.Err = t.setACL(x.Path, x.ACL, x.Version)
	case zk.OpCloseSession:
		t.killSession(hdr.Session, hdr.Zxid, x.Paths)
	case zk.OpError:
		out.Err = x.Err
	case zk.OpMulti:
		t.processMulti(hdr, x, &out)
	}
	return out
}

func (t *DataTree) processCreate(hdr, x *zk.Txn, out *Outcome) {
	owner := int64(0)
	switch {
	case x.Type == zk.OpCreateTTL:
		owner = TTLOwner(x.TTL)
	case x.Type == zk.OpCreateContainer:
		owner = ContainerOwner
	case x.Ephemeral:
		owner = hdr.Session
	}
	child, err := t.createNode(hdr, x, owner)
	out.Err = err
	switch {
	case err == zk.ErrOK && x.Type != zk.OpCreate:
		out.Stat = child.Stat()
	case err == zk.ErrNodeExists && x.Type == zk.OpCreate:
		// The snapshot was taken after the child was made again and before its parent was written.
		// ZooKeeper mends the parent for this one kind of create only.
		if parent, _, ok := split(x.Path); ok {
			out.Err = t.setCversionPzxid(parent, x.ParentCVersion, hdr.Zxid, err)
		}
	}
}

// processMulti applies the parts in order, or, if one of them is an error, none of them: those
// before the one that failed report 0, those behind it a runtime inconsistency.
func (t *DataTree) processMulti(hdr, x *zk.Txn, out *Outcome) {
	failed := false
	for i := range x.Ops {
		failed = failed || x.Ops[i].Type == zk.OpError
	}
	out.Multi = make([]Outcome, 0, len(x.Ops))
	seen := false
	for i := range x.Ops {
		part := &x.Ops[i]
		seen = seen || part.Type == zk.OpError
		var o Outcome
		switch {
		case failed && part.Type != zk.OpError && seen:
			o = Outcome{Type: zk.OpError, Err: zk.ErrRuntimeInconsistency}
		case failed && part.Type != zk.OpError:
			o = Outcome{Type: zk.OpError}
		default:
			o = t.process(hdr, part)
		}
		if out.Err == zk.ErrOK {
			out.Err = o.Err
		}
		out.Multi = append(out.Multi, o)
	}
}

// touch lists the node as changed, once for each transaction.
func (t *DataTree) touch(path string, n *Node) {
	if n.touched != t.applied {
		n.touched = t.applied
		t.changed = append(t.changed, shown(path))
	}
}
