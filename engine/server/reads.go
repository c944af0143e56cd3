package server

import (
	"slices"
	"strings"

	"zabscope/engine/datatree"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// read answers a request that changes nothing, from the tree as it is here and now.
// (FinalRequestProcessor.processRequest, the cases behind check)
func (s *ZooKeeperServer) read(o *node.Out, r *Request, op *zk.Request) zk.Result {
	switch op.Type {
	case zk.OpPing, zk.OpCloseSession:
		return zk.Result{}
	case zk.OpSync:
		return zk.Result{Path: op.Path}
	case zk.OpExists:
		return s.exists(o, r, op)
	case zk.OpGetData:
		return s.getData(o, r, op)
	case zk.OpGetChildren, zk.OpGetChildren2:
		return s.getChildren(o, r, op)
	case zk.OpGetAllChildren:
		return s.getAllChildrenNumber(r, op)
	case zk.OpGetEphemerals:
		return s.getEphemerals(r, op)
	case zk.OpGetACL:
		return s.getACL(r, op)
	case zk.OpMultiRead:
		return s.multiRead(o, r, op)
	case zk.OpWhoAmI:
		return whoAmI(r)
	default:
		return s.readWatches(o, r, op)
	}
}

// exists asks for no permission, and its watch is set whether the node is there or not: that is how
// a client waits for one.
func (s *ZooKeeperServer) exists(o *node.Out, r *Request, op *zk.Request) zk.Result {
	if strings.IndexByte(op.Path, 0) >= 0 {
		return zk.Result{Err: zk.ErrBadArguments}
	}
	if op.Watch {
		s.db.Tree.AddDataWatch(op.Path, r.cnxn.watcher())
		s.watchSet(o, r.cnxn, op.Path, "data")
	}
	stat, ok := s.db.Tree.Stat(op.Path)
	if !ok {
		return zk.Result{Err: zk.ErrNoNode}
	}
	return zk.Result{Stat: stat}
}

// readable finds a node that the client may read.
func (s *ZooKeeperServer) readable(r *Request, path string) (*datatree.Node, zk.ErrorCode) {
	n := s.db.Tree.Node(path)
	if n == nil {
		return nil, zk.ErrNoNode
	}
	return n, s.checkACL(s.db.Tree.ACL(n.ACL), zk.PermRead, r.Auth)
}

// getData sets its watch only on a node that is there and may be read.
func (s *ZooKeeperServer) getData(o *node.Out, r *Request, op *zk.Request) zk.Result {
	n, err := s.readable(r, op.Path)
	if err != zk.ErrOK {
		return zk.Result{Err: err}
	}
	if op.Watch {
		s.db.Tree.AddDataWatch(op.Path, r.cnxn.watcher())
		s.watchSet(o, r.cnxn, op.Path, "data")
	}
	return zk.Result{Data: n.Data, Stat: n.Stat()}
}

// getChildren lists names in lexical order, where ZooKeeper has the order of a hash table.
func (s *ZooKeeperServer) getChildren(o *node.Out, r *Request, op *zk.Request) zk.Result {
	n, err := s.readable(r, op.Path)
	if err != zk.ErrOK {
		return zk.Result{Err: err}
	}
	if op.Watch {
		s.db.Tree.AddChildWatch(op.Path, r.cnxn.watcher())
		s.watchSet(o, r.cnxn, op.Path, "child")
	}
	names, _ := s.db.Tree.Children(op.Path)
	if op.Type == zk.OpGetChildren {
		return zk.Result{Children: names}
	}
	return zk.Result{Children: names, Stat: n.Stat()}
}

// getAllChildrenNumber counts the nodes below path.
func (s *ZooKeeperServer) getAllChildrenNumber(r *Request, op *zk.Request) zk.Result {
	if _, err := s.readable(r, op.Path); err != zk.ErrOK {
		return zk.Result{Err: err}
	}
	return zk.Result{Stat: zk.Stat{NumChildren: int32(s.db.Tree.Descendants(op.Path))}}
}

// getEphemerals lists the client's own ephemeral nodes whose paths begin with a prefix.
func (s *ZooKeeperServer) getEphemerals(r *Request, op *zk.Request) zk.Result {
	paths, prefix := s.db.Tree.Ephemerals(r.Session), strings.TrimSpace(op.Path)
	if prefix == "" || prefix == "/" {
		return zk.Result{Children: paths}
	}
	return zk.Result{Children: slices.DeleteFunc(paths, func(p string) bool {
		return !strings.HasPrefix(p, op.Path)
	})}
}

// getACL is for those who may read or administer; only the latter see the hashes of passwords.
func (s *ZooKeeperServer) getACL(r *Request, op *zk.Request) zk.Result {
	n := s.db.Tree.Node(op.Path)
	if n == nil {
		return zk.Result{Err: zk.ErrNoNode}
	}
	acl := s.db.Tree.ACL(n.ACL)
	if err := s.checkACL(acl, zk.PermRead|zk.PermAdmin, r.Auth); err != zk.ErrOK {
		return zk.Result{Err: err}
	}
	if s.checkACL(acl, zk.PermAdmin, r.Auth) != zk.ErrOK {
		acl = maskDigests(acl)
	}
	return zk.Result{ACL: acl, Stat: n.Stat()}
}

// multiRead answers each part by itself; a part that fails says why.
func (s *ZooKeeperServer) multiRead(o *node.Out, r *Request, op *zk.Request) zk.Result {
	bad := func(p zk.Request) bool { return p.Type != zk.OpGetData && p.Type != zk.OpGetChildren }
	if slices.ContainsFunc(op.Ops, bad) {
		return zk.Result{Err: zk.ErrMarshallingError}
	}
	res := zk.Result{Ops: make([]zk.Result, len(op.Ops))}
	for i := range op.Ops {
		part := &res.Ops[i]
		*part = s.read(o, r, &op.Ops[i])
		part.OpType = op.Ops[i].Type
		if part.Err != zk.ErrOK {
			part.OpType = zk.OpError
		}
	}
	return res
}

// whoAmI lists scheme and user name of what the client has shown itself to be.
// (AuthUtil.getClientInfos)
func whoAmI(r *Request) zk.Result {
	res := zk.Result{IDs: make([]zk.ID, len(r.Auth))}
	for i, id := range r.Auth {
		res.IDs[i].Scheme = id.Scheme
		if p := providerOf(id.Scheme); p != nil {
			res.IDs[i].ID = p.userName(id.ID)
		}
	}
	return res
}
