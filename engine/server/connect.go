package server

import (
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// processConnectRequest opens a session or takes up an old one. Nothing more is read from the
// connection until that is settled. A client that has seen more than this server is sent away: here
// it would see time run backwards. (ZooKeeperServer.processConnectRequest)
func (s *ZooKeeperServer) processConnectRequest(o *node.Out, c *serverCnxn,
	m *jute.ConnectRequest) {
	// There is no answer for this in the protocol: a ConnectResponse would end the session.
	if last := s.db.LastProcessed(); m.LastZxidSeen > last {
		if o.Tracing {
			o.Event(event.RequestRefused).About(c.peer).With(node.Text("connect"),
				node.Int(m.Session), node.Text("it has seen zxid "+m.LastZxidSeen.String()+
					", our last is "+last.String()))
		}
		s.closeCnxn(o, c, "client must try another server")
		return
	}
	c.readOnly = m.HasReadOnly
	c.timeout = min(max(m.Timeout, s.minSessionTimeout()), s.maxSessionTimeout())
	if m.Session == 0 {
		s.createSession(o, c)
		return
	}
	s.closeSessionCnxn(o, m.Session, "the client connected anew")
	c.session = m.Session
	s.sessionMap[c.session] = c
	s.reopenSession(o, c, m.Password)
}

// minSessionTimeout is the lower bound of what a client gets, in milliseconds; two ticks if the
// configuration does not say. A server that cannot be heard of in time by its leader would lose
// shorter sessions.
// (ZooKeeperServer.setMinSessionTimeout)
func (s *ZooKeeperServer) minSessionTimeout() int32 {
	if s.cfg.MinSessionTimeout == -1 {
		return int32(2 * s.cfg.TickTime)
	}
	return int32(s.cfg.MinSessionTimeout)
}

// maxSessionTimeout is the upper bound. (ZooKeeperServer.setMaxSessionTimeout)
func (s *ZooKeeperServer) maxSessionTimeout() int32 {
	if s.cfg.MaxSessionTimeout == -1 {
		return int32(20 * s.cfg.TickTime)
	}
	return int32(s.cfg.MaxSessionTimeout)
}

// A session is opened in four steps: the server that the client found makes the id and the
// password, the leader's Prep tracks it, the ensemble commits it, and when it is applied where the
// client waits, the client is told. Taking up an old session costs no transaction.

// createSession sends the new session through the ensemble; the client is answered when the
// transaction is applied here. (ZooKeeperServer.createSession)
func (s *ZooKeeperServer) createSession(o *node.Out, c *serverCnxn) {
	c.session = s.tracker.createSession(millis(o.Now), c.timeout)
	s.armSessionTimer(o)
	s.sessionMap[c.session] = c
	s.submitRequest(o, &Request{Session: c.session, Conn: c.id, Owner: noOwner, cnxn: c,
		Op: &zk.Request{Type: zk.OpCreateSession, Timeout: c.timeout}})
}

// reopenSession takes up a session whose password the client knows: the leader can tell whether it
// is alive, a learner must ask. (ZooKeeperServer.reopenSession, revalidateSession)
func (s *ZooKeeperServer) reopenSession(o *node.Out, c *serverCnxn, password [16]byte) {
	switch {
	case password != jute.SessionPassword(c.session):
		s.finishSessionInit(o, c, false)
	case s.learner != nil:
		s.pendingRevalidations[c.session] = c
		s.up.Revalidate(o, c.session, c.timeout)
	default:
		valid := s.RevalidateSession(o, s.sid, c.session, c.timeout)
		s.finishSessionInit(o, c, valid)
	}
}

// finishSessionInit answers the ConnectRequest and reads on. An invalid session is told by zeros,
// and the connection ends. (ZooKeeperServer.finishSessionInit)
func (s *ZooKeeperServer) finishSessionInit(o *node.Out, c *serverCnxn, valid bool) {
	if c.closed {
		return
	}
	if !valid {
		s.send(o, c, &jute.ConnectResponse{HasReadOnly: c.readOnly})
		s.closeCnxn(o, c, "the session is expired")
		return
	}
	if o.Tracing {
		o.Event(event.ClientAccepted).About(c.peer).With(node.Int(c.session),
			node.Int(int64(c.timeout)))
	}
	s.send(o, c, &jute.ConnectResponse{Timeout: c.timeout, Session: c.session,
		Password: jute.SessionPassword(c.session), HasReadOnly: c.readOnly})
	s.enableRecv(o, c)
}
