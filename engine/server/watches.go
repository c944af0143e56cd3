package server

import (
	"fmt"

	"zabscope/engine/datatree"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Watches belong to a connection of this server, not to a session: they are neither logged nor
// replicated, and a client that comes back on another connection brings its own list (setWatches).
// The tree holds them under the connection's number, because it alone knows what changes.

// readWatches answers the requests that are about watches alone.
func (s *ZooKeeperServer) readWatches(o *node.Out, r *Request, op *zk.Request) zk.Result {
	tree, c := s.db.Tree, r.cnxn
	switch op.Type {
	case zk.OpSetWatches, zk.OpSetWatches2:
		s.setWatches(o, r, op)
	case zk.OpAddWatch:
		if op.Mode < 0 || op.Mode > 1 {
			return zk.Result{Err: zk.ErrMarshallingError}
		}
		tree.AddWatch(op.Path, c.watcher(), datatree.WatcherMode(op.Mode+1))
		s.watchSet(o, c, op.Path, [...]string{"persistent", "persistent recursive"}[op.Mode])
	case zk.OpCheckWatches, zk.OpRemoveWatches:
		if op.Mode < datatree.ChildrenWatches || op.Mode > datatree.AnyWatches {
			return zk.Result{Err: zk.ErrMarshallingError}
		}
		if !tree.ContainsWatcher(op.Path, op.Mode, c.watcher()) {
			return zk.Result{Err: zk.ErrNoWatcher}
		}
		if op.Type == zk.OpRemoveWatches {
			tree.RemoveWatch(op.Path, op.Mode, c.watcher())
			s.watchSet(o, c, op.Path, "removed")
		}
	}
	return zk.Result{}
}

// setWatches takes up the watches that a client had at another server, or on another connection;
// those whose change it missed fire at once. (DataTree.setWatches)
func (s *ZooKeeperServer) setWatches(o *node.Out, r *Request, op *zk.Request) {
	fired := s.db.Tree.SetWatches(op.RelativeZxid, op.Watches, r.cnxn.watcher())
	if o.Tracing {
		for i, kind := range [...]string{"data", "exist", "child", "persistent",
			"persistent recursive"} {
			for _, path := range op.Watches[i] {
				s.watchSet(o, r.cnxn, path, kind)
			}
		}
	}
	s.fire(o, s.db.LastProcessed(), fired)
}

// watchSet tells that a watch was set or removed.
func (s *ZooKeeperServer) watchSet(o *node.Out, c *serverCnxn, path, kind string) {
	if o.Tracing {
		e := o.Event(event.WatchSet).About(c.peer).With(node.Int(c.session), node.Text(path),
			node.Text(kind))
		s.showWatches(e, c, path)
	}
}

// showWatches writes into the visible state which watches the client has at path now.
func (s *ZooKeeperServer) showWatches(e *node.Event, c *serverCnxn, path string) {
	tree, key := s.db.Tree, watchKey(c, path)
	kinds := watchKinds(tree.ContainsWatcher(path, datatree.DataWatches, c.watcher()),
		tree.ContainsWatcher(path, datatree.ChildrenWatches, c.watcher()))
	if kinds == "" {
		e.Drop(event.Watches, key)
		return
	}
	e.Put(event.Watches, key, node.Text(kinds))
}

// dropWatches takes the watches of a connection that ends out of the visible state.
func (s *ZooKeeperServer) dropWatches(e *node.Event, c *serverCnxn) {
	for _, w := range s.db.Tree.Watches() {
		if w.Watcher == c.watcher() {
			e.Drop(event.Watches, watchKey(c, w.Path))
		}
	}
}

// watchKey is the key of field Watches: session and path.
func watchKey(c *serverCnxn, path string) node.Value {
	return node.Text(fmt.Sprintf("0x%x %s", uint64(c.session), path))
}

// watchKinds names the tables in which a watch stands. A watch that stays looks here like one that
// fires once: the difference shows when it fires.
func watchKinds(data, child bool) string {
	switch {
	case data && child:
		return "data, child"
	case data:
		return "data"
	case child:
		return "child"
	}
	return ""
}

// Visible adds the fields of the visible state that belong to the server: Watches.
func (s *ZooKeeperServer) Visible(v *node.State) {
	for _, w := range s.db.Tree.Watches() {
		c := s.conns[node.ConnID(w.Watcher)]
		if c == nil {
			continue
		}
		tree := s.db.Tree
		kinds := watchKinds(tree.ContainsWatcher(w.Path, datatree.DataWatches, w.Watcher),
			tree.ContainsWatcher(w.Path, datatree.ChildrenWatches, w.Watcher))
		if v.Maps[event.Watches] == nil {
			v.Maps[event.Watches] = map[node.Value][]node.Value{}
		}
		v.Maps[event.Watches][watchKey(c, w.Path)] = []node.Value{node.Text(kinds)}
	}
}
