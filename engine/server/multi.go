package server

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// allowedInMulti lists what a multi may consist of. (MultiOperationRecord.deserialize)
func allowedInMulti(op zk.OpCode) bool {
	switch op {
	case zk.OpCreate, zk.OpCreate2, zk.OpCreateTTL, zk.OpCreateContainer, zk.OpDelete,
		zk.OpSetData, zk.OpCheck:
		return true
	}
	return false
}

// prepMulti prepares the operations in order under one zxid, each against what those before it
// will have changed. If one fails, its changes and those before it are taken back, and from it on
// every part is an error: its own, then a runtime inconsistency. The transaction stays a multi.
// What is returned says that the request as a whole made no sense.
// (PrepRequestProcessor.pRequestHelper, case multi)
func (s *ZooKeeperServer) prepMulti(o *node.Out, r *Request, t *zk.Txn) zk.ErrorCode {
	ops := r.Op.Ops
	for i := range ops {
		if !allowedInMulti(ops[i].Type) {
			return zk.ErrMarshallingError
		}
	}
	hidden := s.changes.pending(ops) // before the first part hides anything (ZOOKEEPER-1624)
	t.Ops = make([]zk.Txn, len(ops))
	for i := range ops {
		x := &t.Ops[i]
		if r.err != zk.ErrOK {
			*x = zk.Txn{Type: zk.OpError, Err: zk.ErrRuntimeInconsistency}
			continue
		}
		x.Type = ops[i].Type
		if r.err = s.prepOp(o, r, t, &ops[i], x); r.err != zk.ErrOK {
			*x = zk.Txn{Type: zk.OpError, Err: r.err}
			s.changes.rollback(t.Zxid, hidden)
		}
	}
	return zk.ErrOK
}
