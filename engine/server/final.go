package server

import (
	"zabscope/engine/datatree"
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// finalProcess applies the transaction that a request became, if it became one, and answers the
// client, if it is one of ours. (FinalRequestProcessor.processRequest)
func (s *ZooKeeperServer) finalProcess(o *node.Out, r *Request) {
	var out datatree.Outcome
	if r.Txn != nil {
		var ok bool
		if out, ok = s.processTxn(o, r.Txn, r.cnxn == nil); !ok {
			return
		}
	}
	c := r.cnxn
	if c == nil {
		return
	}
	s.inProcess--
	err := r.err
	if r.Txn != nil && r.Txn.Type == zk.OpError {
		err = r.Txn.Err
	}
	if err == zk.ErrSessionMoved || movedInMulti(&out) {
		// Not the request but the connection is wrong: the client is elsewhere by now
		// (ZOOKEEPER-710).
		s.closeCnxn(o, c, "the session has moved to another server")
		return
	}
	// A client holds on to the largest zxid that it was told and will not go back behind it, so an
	// answer must name what is applied here, not what is committed somewhere.
	last := s.db.LastProcessed()
	switch {
	case err != zk.ErrOK && r.Op.Type != zk.OpMulti || r.Txn != nil && r.Txn.Type == zk.OpError:
		s.reply(o, r, zk.Result{Err: err}, last)
	case r.Op.Type == zk.OpCreateSession:
		s.finishSessionInit(o, c, true)
		return
	case r.Txn != nil:
		res := written(r.Op, &out)
		if r.Op.Type == zk.OpReconfig {
			res.Data = []byte(s.db.Membership().Text())
		}
		s.reply(o, r, res, last)
	default:
		s.reply(o, r, s.read(o, r, r.Op), last)
	}
	if r.Op.Type == zk.OpCloseSession {
		s.closeCnxn(o, c, "the client closed its session")
	}
}

// processTxn applies a transaction to the database, tells the trackers of sessions that begin or
// end, and the clients here whose watches fire: they hear of a change before any later answer. The
// client of a session that ends without its own asking is cut off. With the continuity check a gap in
// committedLog ends the thread that applies what is committed: ok is false, and nobody is answered.
// (ZooKeeperServer.processTxn, FinalRequestProcessor.applyRequest)
func (s *ZooKeeperServer) processTxn(o *node.Out, t *zk.Txn,
	remote bool) (out datatree.Outcome, ok bool) {
	s.sessionEvents(o, t)
	out = s.db.ProcessTxn(o, t, s.via())
	if s.leader != nil {
		s.changes.applied(t.Zxid)
	}
	s.fire(o, t.Zxid, out.Fired)
	if err := s.db.AddCommitted(t); err != nil {
		s.commitProcessor.failed = true
		s.fail(o, "commit", err.Error())
		return out, false
	}
	if remote && t.Type == zk.OpCloseSession {
		s.closeSessionCnxn(o, t.Session, "the session was closed")
	}
	return out, true
}

// sessionEvents tells the tracker, and the trace, of a session that begins or ends.
// (ZooKeeperServer.processTxnForSessionEvents)
func (s *ZooKeeperServer) sessionEvents(o *node.Out, t *zk.Txn) {
	switch t.Type {
	case zk.OpCreateSession:
		s.tracker.commitSession(t.Session, t.Timeout)
		if o.Tracing {
			o.Event(event.SessionOpened).With(node.Int(t.Session), node.Int(int64(t.Timeout)))
		}
	case zk.OpCloseSession:
		s.tracker.removeSession(t.Session)
		if o.Tracing {
			count := len(s.db.Tree.Ephemerals(t.Session))
			o.Event(event.SessionClosed).With(node.Int(t.Session), node.Int(int64(count)))
		}
	}
}

// via names in the trace how transactions come to be applied here.
func (s *ZooKeeperServer) via() string {
	switch s.kind {
	case StandaloneServer:
		return "LOCAL"
	case ObserverServer:
		return "INFORM"
	}
	return "COMMIT"
}

// movedInMulti reports whether a part of a multi failed because the session has moved.
func movedInMulti(out *datatree.Outcome) bool {
	for i := range out.Multi {
		if out.Multi[i].Type == zk.OpError && out.Multi[i].Err == zk.ErrSessionMoved {
			return true
		}
	}
	return false
}

// written is the answer to a request that became a transaction.
func written(op *zk.Request, out *datatree.Outcome) zk.Result {
	if op.Type != zk.OpMulti {
		return writtenPart(op.Type, out)
	}
	res := zk.Result{Ops: make([]zk.Result, len(out.Multi))}
	for i := range out.Multi {
		part := &out.Multi[i]
		res.Ops[i] = writtenPart(part.Type, part)
		res.Ops[i].OpType = multiResult(part.Type)
	}
	return res
}

// writtenPart is the answer to one operation. Its error is not Prep's, which is a transaction of
// its own, but that of a tree in which the transaction cannot be carried out.
func writtenPart(op zk.OpCode, out *datatree.Outcome) zk.Result {
	switch op {
	case zk.OpCreate:
		return zk.Result{Err: out.Err, Path: out.Path}
	case zk.OpCreate2, zk.OpCreateTTL, zk.OpCreateContainer:
		return zk.Result{Err: out.Err, Path: out.Path, Stat: out.Stat}
	}
	return zk.Result{Err: out.Err, Stat: out.Stat}
}

// multiResult is the type under which the answer to a part of a multi is sent.
func multiResult(op zk.OpCode) zk.OpCode {
	switch op {
	case zk.OpCreateTTL, zk.OpCreateContainer:
		return zk.OpCreate2
	}
	return op
}

// reply answers a request, whose cxid is the xid of the client's packet.
func (s *ZooKeeperServer) reply(o *node.Out, r *Request, res zk.Result, zxid zk.Zxid) {
	if r.cnxn.closed {
		return
	}
	s.send(o, r.cnxn, &jute.ClientReply{Xid: r.Cxid, Zxid: zxid, Type: r.Op.Type, Result: res})
}

// fire tells the clients whose watches a change fired. Clients with the same watch are told with
// the same message. Events that went out before the answer to the change itself was made stand
// before it on the wire: nobody sees a change and hears of it later.
func (s *ZooKeeperServer) fire(o *node.Out, zxid zk.Zxid, fired []datatree.Fired) {
	if !s.opt.WatchEventZxid {
		zxid = zk.NoZxid
	}
	var m *jute.ClientEvent
	for i := range fired {
		c := s.conns[node.ConnID(fired[i].Watcher)]
		if c == nil {
			continue
		}
		if m == nil || m.Event != fired[i].Event {
			m = &jute.ClientEvent{Zxid: zxid, Event: fired[i].Event}
		}
		if o.Tracing {
			e := o.Event(event.WatchFired).About(c.peer).With(node.Int(c.session),
				node.Text(m.Event.Path), node.Int(int64(m.Event.Type)))
			s.showWatches(e, c, m.Event.Path)
		}
		s.send(o, c, m)
	}
}
