package storage

import (
	"slices"

	"zabscope/engine/datatree"
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// maxSnapshotsTried is how many snapshots a start looks at, newest first. (FileSnap.deserialize)
const maxSnapshotsTried = 100

// snapshots lists those whose end looks whole, newest first. (FileSnap.findNValidSnapshots)
func (d *ZKDatabase) snapshots() []namedZxid {
	var valid []namedZxid
	all := zxidFiles(d.disk, snapshotPrefix)
	slices.Reverse(all)
	for _, s := range all {
		if b, _ := d.disk.Read(s.name); jute.IsValidSnapshot(b) {
			valid = append(valid, s)
		}
	}
	return valid[:min(len(valid), maxSnapshotsTried)]
}

// restore loads the newest snapshot that can be read and returns its name, "" if there is none. A
// snapshot that cannot be read is passed over for an older one, whose log may still be there.
// (FileSnap.deserialize)
func (d *ZKDatabase) restore() (name string, err error) {
	snapshots := d.snapshots()
	for _, s := range snapshots {
		b, _ := d.disk.Read(s.name)
		tree, sessions, err := decodeSnapshot(b, s.zxid)
		if err != nil {
			continue
		}
		d.forget()
		d.Tree, d.Sessions = tree, sessions
		return s.name, nil
	}
	if len(snapshots) > 0 {
		return "", ErrNoValidSnapshot
	}
	return "", nil
}

// decodeSnapshot reads a snapshot file; taken is the zxid in its name.
// (FileSnap.deserialize)
func decodeSnapshot(b []byte, taken zk.Zxid) (*datatree.DataTree, map[int64]int32, error) {
	r := jute.NewSnapshotReader(b)
	if err := r.FileHeader(); err != nil {
		return nil, nil, err
	}
	tree, sessions, err := decodeBody(r)
	if err != nil {
		return nil, nil, err
	}
	if err := r.Seal(); err != nil {
		return nil, nil, err
	}
	if r.More() {
		if err := decodeDigest(r, tree, taken); err != nil {
			return nil, nil, err
		}
	}
	if r.More() { // serializeLastProcessedZxid, 3.9 and later
		if taken, err = r.LastZxid(); err == nil {
			err = r.Seal()
		}
	}
	tree.SetLastProcessedZxid(taken)
	tree.CompareSnapshotDigest(taken)
	return tree, sessions, err
}

func decodeDigest(r *jute.SnapshotReader, tree *datatree.DataTree, taken zk.Zxid) error {
	z, version, digest, err := r.Digest()
	if err != nil {
		return err
	}
	tree.SetSnapshotDigest(datatree.ZxidDigest{Zxid: z, Version: version, Digest: digest}, taken)
	return r.Seal()
}

// decodeBody reads what files and streams share: sessions, ACLs, nodes.
// (SerializeUtils.deserializeSnapshot)
func decodeBody(r *jute.SnapshotReader) (*datatree.DataTree, map[int64]int32, error) {
	list, err := r.Sessions()
	if err != nil {
		return nil, nil, err
	}
	sessions := make(map[int64]int32, len(list))
	for _, s := range list {
		sessions[s.ID] = s.Timeout
	}
	cache, err := r.ACLCache()
	if err != nil {
		return nil, nil, err
	}
	acls := make([]datatree.ACLEntry, len(cache))
	for i, a := range cache {
		acls[i] = datatree.ACLEntry(a)
	}
	loader := datatree.NewLoader(acls)
	var n jute.SnapshotNode
	for {
		more, err := r.Node(&n)
		if err != nil {
			return nil, nil, err
		}
		if !more {
			break
		}
		if err := loader.Node(n.Path, &datatree.Node{Data: n.Data, ACL: n.ACL,
			StatPersisted: datatree.StatPersisted{Czxid: n.Czxid, Mzxid: n.Mzxid, Ctime: n.Ctime,
				Mtime: n.Mtime, Version: n.Version, Cversion: n.Cversion, Aversion: n.Aversion,
				EphemeralOwner: n.EphemeralOwner, Pzxid: n.Pzxid}}); err != nil {
			return nil, nil, err
		}
	}
	tree, err := loader.Done()
	return tree, sessions, err
}

// encodeBody writes what files and streams share.
// (SerializeUtils.serializeSnapshot)
func (d *ZKDatabase) encodeBody(w *jute.SnapshotWriter) {
	sessions := make([]jute.SnapshotSession, 0, len(d.Sessions))
	for _, id := range d.SessionIDs() {
		sessions = append(sessions, jute.SnapshotSession{ID: id, Timeout: d.Sessions[id]})
	}
	w.Sessions(sessions)
	var acls []jute.SnapshotACL
	for _, a := range d.Tree.ACLs() {
		acls = append(acls, jute.SnapshotACL(a))
	}
	w.ACLCache(acls)
	d.Tree.Walk(func(path string, n *datatree.Node) {
		w.Node(&jute.SnapshotNode{Path: path, Data: n.Data, ACL: n.ACL, Czxid: n.Czxid,
			Mzxid: n.Mzxid, Ctime: n.Ctime, Mtime: n.Mtime, Version: n.Version,
			Cversion: n.Cversion, Aversion: n.Aversion, EphemeralOwner: n.EphemeralOwner,
			Pzxid: n.Pzxid})
	})
	w.EndNodes()
}

// encodedSize guesses how much room a snapshot takes.
func (d *ZKDatabase) encodedSize() int {
	const perNode, fixed = 80, 256 // lengths, ACL id, StatPersisted; header, ACLs, seals
	return fixed + int(d.Tree.ApproxSize()) + perNode*d.Tree.NodeCount() + 12*len(d.Sessions)
}

// TakeSnapshot writes memory to a file named after its last transaction and returns the file's
// name. It is not synced: a caller that must not lose it asks for that. Between two steps of the
// machine nothing changes, so it is never fuzzy. (FileTxnSnapLog.save, FileSnap.serialize)
func (d *ZKDatabase) TakeSnapshot(o *node.Out) (name string, err error) {
	w := jute.NewSnapshotWriter(d.encodedSize())
	w.FileHeader()
	d.encodeBody(w)
	w.Seal()
	digest := d.Tree.LastDigest()
	w.Digest(digest.Zxid, datatree.DigestVersion, digest.Digest)
	w.Seal()
	if d.opt.LastZxidBlock {
		w.LastZxid(d.LastProcessed())
		w.Seal()
	}
	name = zxidName(snapshotPrefix, d.LastProcessed())
	if err := d.disk.Write(name, w.Bytes()); err != nil {
		if d.disk.Size(name) == 0 { // of a full disk, or else it would be taken for a snapshot
			_ = d.disk.Remove(name)
		}
		return "", err
	}
	if o.Tracing {
		o.Event(event.SnapshotTaken).With(node.Text(base(name)), zxid(d.LastProcessed()))
	}
	return name, nil
}

// Image is memory as a leader sends it behind a SNAP packet. (ZKDatabase.serializeSnapshot)
func (d *ZKDatabase) Image() *jute.SnapshotStream {
	w := jute.NewSnapshotWriter(d.encodedSize())
	d.encodeBody(w)
	w.Signature()
	return &jute.SnapshotStream{Zxid: d.LastProcessed(), Bytes: w.Bytes(), Nodes: d.Tree.Paths(),
		Sessions: len(d.Sessions)}
}

// Install replaces memory by the leader's; z is the zxid of the SNAP packet. Without
// reconfiguration the learner's own configuration goes back into the tree. Nothing is written to
// disk: until NEWLEADER the disk holds what it held. On an error memory is cleared.
// (Learner.syncWithLeader, ZKDatabase.deserializeSnapshot)
func (d *ZKDatabase) Install(o *node.Out, s *jute.SnapshotStream, z zk.Zxid) error {
	r := jute.NewSnapshotReader(s.Bytes)
	tree, sessions, err := decodeBody(r)
	if err == nil {
		err = r.Signature()
	}
	if err != nil {
		d.Clear(o)
		return err
	}
	d.forget()
	d.Tree, d.Sessions = tree, sessions
	if !d.cfg.ReconfigEnabled {
		d.setConfig(o.Now)
	}
	d.Tree.SetLastProcessedZxid(z)
	d.initialized, d.shown = true, true
	if o.Tracing {
		e := o.Event(event.SnapshotInstalled).With(zxid(z), node.Int(int64(tree.NodeCount()-1)))
		d.putMemory(e)
	}
	return nil
}
