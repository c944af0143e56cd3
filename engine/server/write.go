package server

import (
	"fmt"

	"zabscope/engine/datatree"
	"zabscope/engine/zk"
)

// ephemeral says that the node dies with the session. Like those below it reads the flags of a
// create, which are numbers of kinds and not bits. (org.apache.zookeeper.CreateMode.fromFlag)
func ephemeral(flags int32) bool { return flags == 1 || flags == 3 }

// sequential says that the name gets a number.
func sequential(flags int32) bool { return flags == 2 || flags == 3 || flags == zk.FlagTTLSeq }

// container says that the node goes when its last child has gone.
func container(flags int32) bool { return flags == zk.FlagContainer }

// withTTL says that the node goes when it has been left alone for a while.
func withTTL(flags int32) bool { return flags == zk.FlagTTL || flags == zk.FlagTTLSeq }

// checkVersion compares a version asked for, -1 for any. (PrepRequestProcessor.checkAndIncVersion)
func checkVersion(current, expected int32) zk.ErrorCode {
	if expected != -1 && expected != current {
		return zk.ErrBadVersion
	}
	return zk.ErrOK
}

// validateCreate checks flags and session. (PrepRequestProcessor.validateCreateRequest) Nodes with
// a time to live need zookeeper.extendedTypesEnabled, which is off.
func (s *ZooKeeperServer) validateCreate(r *Request, op *zk.Request) zk.ErrorCode {
	switch {
	case op.Flags < 0 || op.Flags > zk.FlagTTLSeq:
		return zk.ErrBadArguments
	case withTTL(op.Flags):
		return zk.ErrUnimplemented
	case op.Type == zk.OpCreateTTL:
		return zk.ErrBadArguments
	case ephemeral(op.Flags):
		return s.leader.checkGlobalSession(r.Session, r.Owner)
	}
	return s.leader.checkSession(r.Session, r.Owner)
}

// prepCreate checks in this order: flags, session, path, ACL, parent, permission on the parent,
// name, existence, kind of the parent. (PrepRequestProcessor.pRequest2TxnCreate)
func (s *ZooKeeperServer) prepCreate(r *Request, hdr *zk.Txn, op *zk.Request,
	x *zk.Txn) zk.ErrorCode {
	if err := s.validateCreate(r, op); err != zk.ErrOK {
		return err
	}
	parentPath, ok := parentOf(op.Path)
	if !ok {
		return zk.ErrBadArguments
	}
	acl, err := fixupACL(op.ACL, r.Auth)
	if err != zk.ErrOK {
		return err
	}
	parent, ok := s.changes.record(parentPath)
	if !ok {
		return zk.ErrNoNode
	}
	if err := s.checkACL(parent.acl, zk.PermCreate, r.Auth); err != zk.ErrOK {
		return err
	}
	path := op.Path
	if sequential(op.Flags) {
		path = fmt.Sprintf("%s%010d", path, parent.stat.Cversion)
	}
	if err := s.checkCreatable(path, &parent); err != zk.ErrOK {
		return err
	}
	x.Path, x.Data, x.ACL = path, op.Data, acl
	x.Ephemeral = ephemeral(op.Flags) && (op.Type == zk.OpCreate || op.Type == zk.OpCreate2)
	x.ParentCVersion = parent.stat.Cversion + 1
	s.noteCreate(hdr, op.Flags, x, parent)
	return zk.ErrOK
}

// checkCreatable checks the final name, existence and the kind of the parent. The node's own name
// is looked at so late because its number may make a good name of a bad one.
func (s *ZooKeeperServer) checkCreatable(path string, parent *changeRecord) zk.ErrorCode {
	if !validPath(path) {
		return zk.ErrBadArguments
	}
	if _, exists := s.changes.record(path); exists {
		return zk.ErrNodeExists
	}
	if owner := parent.stat.EphemeralOwner; owner != 0 && owner != datatree.ContainerOwner {
		return zk.ErrNoChildrenForEphemerals
	}
	return zk.ErrOK
}

// noteCreate notes the parent and the new node as they will be.
func (s *ZooKeeperServer) noteCreate(hdr *zk.Txn, flags int32, x *zk.Txn, parent changeRecord) {
	owner := int64(0)
	switch {
	case container(flags):
		owner = datatree.ContainerOwner
	case ephemeral(flags):
		owner = hdr.Session
	}
	// First the parent: the digest of the last change is that of the transaction.
	parent.zxid = hdr.Zxid
	parent.childCount++
	parent.stat.Cversion, parent.stat.Pzxid = x.ParentCVersion, hdr.Zxid
	s.changes.update(parent)
	s.changes.update(changeRecord{zxid: hdr.Zxid, path: x.Path, acl: x.ACL, data: x.Data,
		stat: datatree.StatPersisted{Czxid: hdr.Zxid, Mzxid: hdr.Zxid, Pzxid: hdr.Zxid,
			Ctime: hdr.Time, Mtime: hdr.Time, EphemeralOwner: owner}})
}

// prepDelete checks in this order: session, path, parent, permission on the parent, node, version,
// children. (PrepRequestProcessor.pRequest2Txn, case delete)
func (s *ZooKeeperServer) prepDelete(r *Request, hdr *zk.Txn, op *zk.Request,
	x *zk.Txn) zk.ErrorCode {
	if err := s.leader.checkSession(r.Session, r.Owner); err != zk.ErrOK {
		return err
	}
	parentPath, ok := deletableParent(op.Path)
	if !ok {
		return zk.ErrBadArguments
	}
	parent, ok := s.changes.record(parentPath)
	if !ok {
		return zk.ErrNoNode
	}
	if err := s.checkACL(parent.acl, zk.PermDelete, r.Auth); err != zk.ErrOK {
		return err
	}
	n, ok := s.changes.record(op.Path)
	if !ok {
		return zk.ErrNoNode
	}
	if err := checkVersion(n.stat.Version, op.Version); err != zk.ErrOK {
		return err
	}
	if n.childCount > 0 {
		return zk.ErrNotEmpty
	}
	x.Path = op.Path
	s.noteDelete(hdr, parent, n.nodeDigest, x.Path)
	return zk.ErrOK
}

// noteDelete notes the parent with a child less, and the node as gone. The parent's cversion stays:
// it counts creations.
func (s *ZooKeeperServer) noteDelete(hdr *zk.Txn, parent changeRecord, nodeDigest uint64,
	path string) {
	parent.zxid = hdr.Zxid
	parent.childCount--
	parent.stat.Pzxid = hdr.Zxid
	s.changes.update(parent)
	s.changes.remove(hdr.Zxid, path, -1, nodeDigest)
}

// prepDeleteContainer deletes a container that has no children; the leader alone asks for it.
// (PrepRequestProcessor.pRequest2Txn, case deleteContainer)
func (s *ZooKeeperServer) prepDeleteContainer(hdr *zk.Txn, op *zk.Request,
	x *zk.Txn) zk.ErrorCode {
	parentPath, ok := deletableParent(op.Path)
	if !ok {
		return zk.ErrBadArguments
	}
	n, ok := s.changes.record(op.Path)
	switch {
	case !ok:
		return zk.ErrNoNode
	case n.childCount > 0:
		return zk.ErrNotEmpty
	case n.stat.EphemeralOwner != 0 && n.stat.EphemeralOwner != datatree.ContainerOwner:
		return zk.ErrBadVersion
	}
	parent, ok := s.changes.record(parentPath)
	if !ok {
		return zk.ErrNoNode
	}
	x.Path = op.Path
	s.noteDelete(hdr, parent, n.nodeDigest, x.Path)
	return zk.ErrOK
}

// prepSetData checks in this order: session, path, node, permission, version.
// (PrepRequestProcessor.pRequest2Txn, case setData)
func (s *ZooKeeperServer) prepSetData(r *Request, hdr *zk.Txn, op *zk.Request,
	x *zk.Txn) zk.ErrorCode {
	n, err := s.checkNode(r, op, zk.PermWrite)
	if err != zk.ErrOK {
		return err
	}
	if err := checkVersion(n.stat.Version, op.Version); err != zk.ErrOK {
		return err
	}
	x.Path, x.Data, x.Version = op.Path, op.Data, n.stat.Version+1
	n.zxid, n.data = hdr.Zxid, op.Data
	n.stat.Version, n.stat.Mtime, n.stat.Mzxid = x.Version, hdr.Time, hdr.Zxid
	s.changes.update(n)
	return zk.ErrOK
}

// checkNode checks session, path, node and permission, in this order.
func (s *ZooKeeperServer) checkNode(r *Request, op *zk.Request, perm int32) (n changeRecord,
	err zk.ErrorCode) {
	if err := s.leader.checkSession(r.Session, r.Owner); err != zk.ErrOK {
		return n, err
	}
	if !validPath(op.Path) {
		return n, zk.ErrBadArguments
	}
	n, ok := s.changes.record(op.Path)
	if !ok {
		return n, zk.ErrNoNode
	}
	return n, s.checkACL(n.acl, perm, r.Auth)
}

// prepSetACL checks in this order: session, path, ACL, node, permission, version of the ACL. What
// is noted keeps the old list, as in ZooKeeper: requests prepared meanwhile are held against it.
// (PrepRequestProcessor.pRequest2Txn, case setACL)
func (s *ZooKeeperServer) prepSetACL(r *Request, hdr *zk.Txn, op *zk.Request,
	x *zk.Txn) zk.ErrorCode {
	if err := s.leader.checkSession(r.Session, r.Owner); err != zk.ErrOK {
		return err
	}
	if !validPath(op.Path) {
		return zk.ErrBadArguments
	}
	acl, err := fixupACL(op.ACL, r.Auth)
	if err != zk.ErrOK {
		return err
	}
	n, err := s.checkNode(r, op, zk.PermAdmin)
	if err != zk.ErrOK {
		return err
	}
	if err := checkVersion(n.stat.Aversion, op.Version); err != zk.ErrOK {
		return err
	}
	x.Path, x.ACL, x.Version = op.Path, acl, n.stat.Aversion+1
	n.zxid, n.stat.Aversion = hdr.Zxid, x.Version
	s.changes.update(n)
	return zk.ErrOK
}

// prepCheck changes nothing; its transaction names the version after the one asked for.
// (PrepRequestProcessor.pRequest2Txn, case check)
func (s *ZooKeeperServer) prepCheck(r *Request, op *zk.Request, x *zk.Txn) zk.ErrorCode {
	n, err := s.checkNode(r, op, zk.PermRead)
	if err != zk.ErrOK {
		return err
	}
	x.Path, x.Version = op.Path, n.stat.Version+1
	return checkVersion(n.stat.Version, op.Version)
}
