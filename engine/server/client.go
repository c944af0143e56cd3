package server

import (
	"slices"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// serverCnxn is one client's connection. (org.apache.zookeeper.server.ServerCnxn)
//
// It outlives its closing in the requests that it has asked for: they take their way through the
// ensemble, and their answers find it closed.
type serverCnxn struct {
	id      node.ConnID
	peer    node.ID
	session int64 // 0 before the ConnectRequest
	timeout int32 // milliseconds, negotiated
	auth    []zk.ID
	touched uint64 // touch table in which the session stands already

	initialized bool // the ConnectRequest came
	readOnly    bool // ... and had a last field, so that the answer has one
	reading     bool // ... and was answered: requests are read
	closed      bool
	held        []*jute.ClientRequest // in the socket while requests are not read
}

// addAuthInfo notes who the client is, once. Requests under way keep the list they came with.
// (ServerCnxn.addAuthInfo)
func (c *serverCnxn) addAuthInfo(id zk.ID) {
	if !slices.Contains(c.auth, id) {
		c.auth = append(slices.Clip(c.auth), id)
	}
}

// watcher is the number by which the tree knows the connection.
func (c *serverCnxn) watcher() int64 { return int64(c.id) }

// client is the machine that asks, node.World if there is none.
func (r *Request) client() node.ID {
	if r.cnxn == nil {
		return node.World
	}
	return r.cnxn.peer
}

// Accepted takes a client's connection. From the start it is known by its address.
// (NIOServerCnxnFactory.createConnection)
func (s *ZooKeeperServer) Accepted(o *node.Out, in *node.Input) {
	s.conns[in.Conn] = &serverCnxn{id: in.Conn, peer: in.Peer,
		auth: []zk.ID{{Scheme: "ip", ID: clientAddress(in.Peer)}}}
}

// Received takes what a client sent. A connection that was made while nobody served is closed at
// its first word, and so is one that speaks out of turn. (NIOServerCnxn.readPayload)
func (s *ZooKeeperServer) Received(o *node.Out, in *node.Input) {
	c := s.conns[in.Conn]
	if c == nil {
		o.Close(in.Conn)
		return
	}
	s.stats.Received++
	switch m := in.Msg.(type) {
	case *jute.ClientRequest:
		if c.reading && s.Running() {
			s.processPacket(o, c, m)
			return
		}
		if c.initialized && s.Running() {
			c.held = append(c.held, m)
			return
		}
	case *jute.ConnectRequest:
		if !c.initialized && s.Running() {
			c.initialized = true
			s.processConnectRequest(o, c, m)
			return
		}
	}
	s.closeCnxn(o, c, "not a request that can be taken now")
}

// Closed forgets a connection that the client closed or lost. Its session lives on.
// (NIOServerCnxn.close)
func (s *ZooKeeperServer) Closed(o *node.Out, in *node.Input) {
	if c := s.conns[in.Conn]; c != nil {
		s.forgetCnxn(o, c, in.Reason)
	}
}

// processPacket answers auth packets and lets everything else into the chain. No SASL login is set
// up, and then a server answers a SASL token with none. (ZooKeeperServer.processPacket)
func (s *ZooKeeperServer) processPacket(o *node.Out, c *serverCnxn, m *jute.ClientRequest) {
	switch m.Request.Type {
	case zk.OpAuth:
		s.authenticate(o, c, m.Xid, m.Request)
		return
	case zk.OpSasl:
		s.send(o, c, &jute.ClientReply{Xid: m.Xid, Type: zk.OpSasl})
		return
	}
	s.submitRequest(o, &Request{Session: c.session, Cxid: m.Xid, Op: m.Request, Auth: c.auth,
		Conn: c.id, Owner: s.sid, cnxn: c})
}

// enableRecv reads on, beginning with what waited. (ServerCnxn.enableRecv)
func (s *ZooKeeperServer) enableRecv(o *node.Out, c *serverCnxn) {
	c.reading = true
	held := c.held
	c.held = nil
	for _, m := range held {
		if c.closed {
			return
		}
		s.processPacket(o, c, m)
	}
}

// send puts a message on a client's connection, if it is open still.
func (s *ZooKeeperServer) send(o *node.Out, c *serverCnxn, m node.Message) {
	if c != nil && !c.closed {
		s.stats.Sent++
		o.Send(c.id, m)
	}
}

// closeCnxn closes a client's connection; what was sent before still arrives.
// (ServerCnxn.sendCloseSession, close)
func (s *ZooKeeperServer) closeCnxn(o *node.Out, c *serverCnxn, reason string) {
	if c == nil || c.closed {
		return
	}
	s.forgetCnxn(o, c, reason)
	o.Close(c.id)
}

// forgetCnxn drops all that belongs to a connection: its watches, its claim on the session.
// (NIOServerCnxnFactory.removeCnxn, ZooKeeperServer.removeCnxn)
func (s *ZooKeeperServer) forgetCnxn(o *node.Out, c *serverCnxn, reason string) {
	c.closed, c.held = true, nil
	delete(s.conns, c.id)
	delete(s.sessionMap, c.session) // no other open connection holds the session
	delete(s.pendingRevalidations, c.session)
	e := o.Event(event.ClientClosed).About(c.peer)
	if o.Tracing {
		e.With(node.Int(c.session), node.Text(reason))
		s.dropWatches(e, c)
	}
	s.db.Tree.RemoveWatcher(c.watcher())
}

// closeSessionCnxn closes the connection that holds a session here, if there is one.
// (ServerCnxnFactory.closeSession)
func (s *ZooKeeperServer) closeSessionCnxn(o *node.Out, session int64, reason string) {
	s.closeCnxn(o, s.sessionMap[session], reason)
}
