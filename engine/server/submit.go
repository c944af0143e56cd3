package server

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// isValid reports whether a client may ask for the operation at all. (Request.isValid)
func isValid(op zk.OpCode) bool {
	switch op {
	case zk.OpExists, zk.OpGetData, zk.OpGetACL, zk.OpGetChildren, zk.OpGetChildren2, zk.OpSync,
		zk.OpPing, zk.OpSetWatches, zk.OpSetWatches2, zk.OpCheckWatches, zk.OpRemoveWatches,
		zk.OpAddWatch, zk.OpMultiRead, zk.OpWhoAmI, zk.OpGetEphemerals, zk.OpGetAllChildren:
		return true
	}
	return op.IsWrite()
}

// submitRequest lets a request of this server's own client, or of the server itself, into the
// chain. A request of a session that the tracker gave up is dropped without an answer: the
// connection is about to be closed. (ZooKeeperServer.submitRequestNow)
func (s *ZooKeeperServer) submitRequest(o *node.Out, r *Request) {
	c := r.cnxn
	if c != nil && !s.touch(o, c) {
		s.refuse(o, r, "the session is expired")
		return
	}
	if !isValid(r.Op.Type) {
		s.refuse(o, r, "unimplemented")
		s.reply(o, r, zk.Result{Err: zk.ErrUnimplemented}, zk.NoZxid)
		s.closeCnxn(o, c, "unimplemented operation")
		return
	}
	if c != nil {
		s.inProcess++
	}
	switch s.kind {
	case StandaloneServer, LeaderServer:
		s.prepare(o, r)
	default:
		s.processLearnerRequest(o, r)
	}
}

// touch keeps the session of a connection alive. (ZooKeeperServer.touch)
func (s *ZooKeeperServer) touch(o *node.Out, c *serverCnxn) bool {
	if s.learner != nil {
		// In one touch table a second touch changes nothing.
		if c.touched != s.learner.round {
			c.touched = s.learner.round
			s.learner.touchSession(0, c.session, c.timeout)
		}
		return true
	}
	return s.leader.touchSession(millis(o.Now), c.session, c.timeout)
}

// refuse tells why a request goes no further.
func (s *ZooKeeperServer) refuse(o *node.Out, r *Request, reason string) {
	if o.Tracing {
		o.Event(event.RequestRefused).About(r.client()).With(node.Text(r.Op.Type.String()),
			node.Int(r.Session), node.Text(reason))
	}
}

// processLearnerRequest queues a request for its commit before the leader hears of it, and so is
// ready for the answer. (FollowerRequestProcessor.run, ObserverRequestProcessor.run)
func (s *ZooKeeperServer) processLearnerRequest(o *node.Out, r *Request) {
	s.commitProcessor.process(o, r)
	// A closed connection is no reason to keep the request back: ZooKeeper forwards it as well.
	op := r.Op.Type
	if op == zk.OpSync {
		s.pendingSyncs.push(r)
	} else if !op.IsWrite() {
		return
	}
	if o.Tracing {
		o.Event(event.RequestForwarded).About(r.client()).With(node.Text(op.String()),
			node.Int(r.Session), node.Int(int64(r.Cxid)))
	}
	s.up.Forward(o, r)
}
