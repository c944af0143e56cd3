package server

import (
	"zabscope/engine/datatree"
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// prepare turns a request that changes something into a transaction, and lets the rest pass if the
// session may ask. A request that fails becomes a transaction too, of type error: it has a zxid of
// its own and is logged and replicated as every other.
// (PrepRequestProcessor.pRequest)
func (s *ZooKeeperServer) prepare(o *node.Out, r *Request) {
	if s.exhausted || !s.working() {
		return // its thread has ended, perhaps of the last zxid of the epoch
	}
	if s.prepBlocked {
		s.submitted.push(r)
		return
	}
	if r.Op.Type.IsWrite() {
		s.makeTxn(o, r)
	} else {
		r.err = s.leader.checkSession(r.Session, r.Owner)
	}
	if s.kind == StandaloneServer {
		s.syncProcessor.process(o, syncItem{r.Txn, r})
		return
	}
	s.processProposal(o, r)
}

// processProposal is ProposalRequestProcessor.processRequest: the request waits for its commit
// before the ensemble hears of it. A learner's sync is the leader's business and waits elsewhere.
func (s *ZooKeeperServer) processProposal(o *node.Out, r *Request) {
	if r.Learner && r.Op.Type == zk.OpSync {
		s.up.SyncRequested(o, r)
		return
	}
	s.commitProcessor.process(o, r)
	switch {
	case r.Txn == nil:
	case r.members != nil:
		s.seeMembers(o, r)
	default:
		s.propose(o, r)
	}
}

// propose gives a transaction to the ensemble and to this server's own log.
func (s *ZooKeeperServer) propose(o *node.Out, r *Request) {
	// The leader resigns over this zxid. The check stands here too because the transaction must not
	// be logged, whether the resignation takes effect within the call or after it.
	s.exhausted = s.opt.RolloverCheck && r.Txn.Zxid.Counter() == 0xffffffff
	s.up.Propose(o, r)
	if !s.exhausted {
		s.syncProcessor.process(o, syncItem{r.Txn, nil})
	}
}

// makeTxn takes the next zxid and prepares the transaction, or the error that it became.
// (PrepRequestProcessor.pRequestHelper)
func (s *ZooKeeperServer) makeTxn(o *node.Out, r *Request) {
	s.zxid++
	t := &zk.Txn{Session: r.Session, Cxid: r.Cxid, Zxid: s.zxid, Time: s.wallClock(o.Now),
		Type: r.Op.Type}
	var failed zk.ErrorCode
	if r.Op.Type == zk.OpMulti {
		failed = s.prepMulti(o, r, t)
	} else {
		failed = s.prepOp(o, r, t, r.Op, t)
	}
	if failed != zk.ErrOK {
		r.err = failed
		*t = zk.Txn{Session: t.Session, Cxid: t.Cxid, Zxid: t.Zxid, Time: t.Time,
			Type: zk.OpError, Err: failed}
	} else {
		t.HasDigest, t.DigestVersion, t.Digest = true, datatree.DigestVersion, s.changes.digest()
	}
	jute.EncodeTxn(t) // once for all packets and logs of the ensemble
	r.Txn = t
	if o.Tracing {
		o.Event(event.RequestPrepared).About(r.client()).With(node.Text(r.Op.Type.String()),
			node.Int(r.Session), node.Int(int64(r.Cxid)), node.Zxid(int64(t.Zxid)),
			node.Text(r.Op.Path), node.Text(r.err.Error()))
	}
}

// prepOp checks one operation against the tree as it will be, writes the body of its transaction
// into x and notes what it changes. The header is hdr; it is x itself unless the operation is part
// of a multi. (PrepRequestProcessor.pRequest2Txn)
func (s *ZooKeeperServer) prepOp(o *node.Out, r *Request, hdr *zk.Txn, op *zk.Request,
	x *zk.Txn) zk.ErrorCode {
	switch op.Type {
	case zk.OpCreate, zk.OpCreate2, zk.OpCreateTTL, zk.OpCreateContainer:
		return s.prepCreate(r, hdr, op, x)
	case zk.OpDelete:
		return s.prepDelete(r, hdr, op, x)
	case zk.OpDeleteContainer:
		return s.prepDeleteContainer(hdr, op, x)
	case zk.OpSetData:
		return s.prepSetData(r, hdr, op, x)
	case zk.OpSetACL:
		return s.prepSetACL(r, hdr, op, x)
	case zk.OpCheck:
		return s.prepCheck(r, op, x)
	case zk.OpReconfig:
		return s.prepReconfig(o, r, hdr, op, x)
	case zk.OpCreateSession:
		x.Timeout = op.Timeout
		s.leader.trackSession(millis(o.Now), r.Session, op.Timeout)
		s.armSessionTimer(o)
		if !s.leader.setOwner(r.Session, r.Owner) {
			return zk.ErrSessionExpired
		}
	case zk.OpCloseSession:
		s.prepCloseSession(hdr, x)
	}
	return zk.ErrOK
}
