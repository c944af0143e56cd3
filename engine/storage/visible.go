package storage

import (
	"zabscope/engine/datatree"
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

func zxid(z zk.Zxid) node.Value { return node.Zxid(int64(z)) }

// hash tells transactions of one zxid apart: the checksum of their bytes.
func hash(t *zk.Txn) node.Value {
	jute.EncodeTxn(t)
	return node.Int(int64(t.Checksum))
}

// logRow is a transaction as the visible log shows it.
func logRow(t *zk.Txn) [4]node.Value {
	return [4]node.Value{zxid(t.Zxid), node.Text(t.Type.String()), node.Text(t.Path), hash(t)}
}

func appendRow(e *node.Event, t *zk.Txn) {
	row := logRow(t)
	e.Append(event.Log, row[:]...)
}

// relist tells the whole log anew, after a file was opened whose name is not the last: the order of
// the files is that of their names.
func (d *ZKDatabase) relist(e *node.Event) {
	e.Cut(event.Log, 0)
	for _, t := range Inspect(d.disk).Txns {
		appendRow(e, t)
	}
	e.Set(event.LogDurable, node.Int(int64(d.log.durable)))
}

// nodeRow is a node as the visible tree shows it: as clients see it, but with the owner of every
// kind.
func nodeRow(n *datatree.Node) [8]node.Value {
	s := n.Stat()
	return [8]node.Value{node.Text(string(n.Data)), zxid(s.Czxid), zxid(s.Mzxid), zxid(s.Pzxid),
		node.Int(int64(s.Version)), node.Int(int64(s.Cversion)), node.Int(int64(s.Aversion)),
		node.Int(n.EphemeralOwner)}
}

// putNode tells how the node at path is now, or that it is gone.
func (d *ZKDatabase) putNode(e *node.Event, path string) {
	if n := d.Tree.Node(path); n != nil {
		row := nodeRow(n)
		e.Put(event.Tree, node.Text(path), row[:]...)
		return
	}
	e.Drop(event.Tree, node.Text(path))
}

func (d *ZKDatabase) putNodes(e *node.Event, paths []string) {
	for _, p := range paths {
		d.putNode(e, p)
	}
}

// putSession tells what a transaction does to the sessions.
func (d *ZKDatabase) putSession(e *node.Event, t *zk.Txn) {
	switch t.Type {
	case zk.OpCreateSession:
		e.Put(event.Sessions, node.Int(t.Session), node.Int(int64(t.Timeout)))
	case zk.OpCloseSession:
		e.Drop(event.Sessions, node.Int(t.Session))
	}
}

// putMemory tells all that memory holds.
func (d *ZKDatabase) putMemory(e *node.Event) {
	e.DropAll(event.Tree).DropAll(event.Sessions)
	d.putNodes(e, d.Tree.Paths())
	for _, id := range d.SessionIDs() {
		e.Put(event.Sessions, node.Int(id), node.Int(int64(d.Sessions[id])))
	}
	e.Set(event.LastProcessed, zxid(d.LastProcessed()))
}

// Visible fills in what the trace tells of this database: log, epochs, and, while there is one in
// memory, tree and sessions.
func (d *ZKDatabase) Visible(s *node.State) {
	VisibleDisk(d.disk, s)
	if d.log.indexed {
		s.Scalars[event.LogDurable] = []node.Value{node.Int(int64(d.log.durable))}
	}
	if d.shown {
		s.Scalars[event.LastProcessed] = []node.Value{zxid(d.LastProcessed())}
	}
	if !d.initialized {
		return
	}
	var e node.Event
	d.putMemory(&e)
	for _, op := range e.Ops {
		s.Apply(event.Vocabulary, op)
	}
}

// TellLog adds to the event of a start that is refused what the database found of the log before.
func (d *ZKDatabase) TellLog(e *node.Event) {
	if !d.log.indexed {
		e.Set(event.LogDurable)
		return
	}
	e.Cut(event.Log, d.log.length()).Set(event.LogDurable, node.Int(int64(d.log.durable)))
}

// TellLoss adds to the event of a loss of power what it takes from the visible log; disk is as the
// next start will find it. It is made for sim.Config.OnCrash. What is left is a prefix of the log,
// unless a file that was closed and not synced has lost its end: so everything behind the first gap
// is told anew.
func TellLoss(id node.ID, disk node.Disk, e *node.Event) {
	if id.IsClient() {
		return
	}
	left := Inspect(disk).Txns
	n := min(1, len(left))
	for n > 0 && n < len(left) && left[n].Zxid == left[n-1].Zxid+1 {
		n++
	}
	e.Cut(event.Log, n)
	for _, t := range left[n:] {
		appendRow(e, t)
	}
	e.Set(event.LogDurable, node.Int(int64(len(left))))
}

// VisibleDisk fills in what survives the end of the process: the log and the epochs, read from a
// disk. How much of the log is synced is not known from there.
func VisibleDisk(disk node.Disk, s *node.State) {
	f := Inspect(disk)
	var e node.Event
	for _, t := range f.Txns {
		appendRow(&e, t)
	}
	for _, op := range e.Ops {
		s.Apply(event.Vocabulary, op)
	}
	if f.AcceptedEpoch >= 0 {
		s.Scalars[event.AcceptedEpoch] = []node.Value{node.Int(int64(f.AcceptedEpoch))}
	}
	if f.CurrentEpoch >= 0 {
		s.Scalars[event.CurrentEpoch] = []node.Value{node.Int(int64(f.CurrentEpoch))}
	}
}
