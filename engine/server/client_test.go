package server

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// testClient is one connection of a client, and what came over it.
type testClient struct {
	w        *ensemble
	id       node.ConnID
	peer     node.ID
	server   zk.SID
	session  int64
	password [16]byte
	timeout  int32
	xid      int32
	lastZxid zk.Zxid
	got      []node.Message
	closed   bool
}

// dial opens a connection and says nothing.
func (w *ensemble) dial(server zk.SID) *testClient {
	w.nConns++
	c := &testClient{w: w, peer: node.FirstClient, server: server,
		id: node.MakeConn(node.FirstClient, 1, w.nConns)}
	w.conns[c.id] = c
	m := w.servers[server]
	m.in(func(o *node.Out) {
		m.s.Accepted(o, &node.Input{Kind: node.Accepted, Conn: c.id, Peer: c.peer,
			Port: zk.ClientPort, Now: w.now})
	})
	return c
}

// connect opens a new session and returns when it is established.
func (w *ensemble) connect(server zk.SID, timeout int32) *testClient {
	w.t.Helper()
	c := w.dial(server)
	c.hello(0, [16]byte{}, timeout)
	w.run()
	if c.welcome(); c.session == 0 {
		w.t.Fatalf("server %d opened no session", server)
	}
	return c
}

// reconnect takes the session of c to a server, on a new connection.
func (w *ensemble) reconnect(c *testClient, server zk.SID) *testClient {
	d := w.dial(server)
	d.xid, d.lastZxid = c.xid, c.lastZxid
	d.hello(c.session, c.password, c.timeout)
	return d
}

func (c *testClient) hello(session int64, password [16]byte, timeout int32) {
	c.send(&jute.ConnectRequest{Session: session, Password: password, Timeout: timeout,
		LastZxidSeen: c.lastZxid, HasReadOnly: true})
}

// welcome takes the ConnectResponse out of what came; nil if there is none.
func (c *testClient) welcome() *jute.ConnectResponse {
	for i, m := range c.got {
		if r, ok := m.(*jute.ConnectResponse); ok {
			c.got = append(c.got[:i:i], c.got[i+1:]...)
			c.session, c.password, c.timeout = r.Session, r.Password, r.Timeout
			return r
		}
	}
	return nil
}

func (c *testClient) send(m node.Message) {
	s := c.w.servers[c.server]
	s.in(func(o *node.Out) {
		s.s.Received(o, &node.Input{Kind: node.Received, Conn: c.id, Peer: c.peer,
			Port: zk.ClientPort, Now: c.w.now, Msg: m})
	})
}

// ask sends a request and does not wait.
func (c *testClient) ask(r zk.Request) int32 {
	c.xid++
	c.send(&jute.ClientRequest{Xid: c.xid, Request: &r})
	return c.xid
}

// do sends a request, lets the ensemble come to rest and returns the answer.
func (c *testClient) do(r zk.Request) *jute.ClientReply {
	c.w.t.Helper()
	xid := c.ask(r)
	c.w.run()
	reply := c.reply(xid)
	if reply == nil {
		c.w.t.Fatalf("no answer to %s %s", r.Type, r.Path)
	}
	return reply
}

// reply takes the answer to xid out of what came; nil if there is none.
func (c *testClient) reply(xid int32) *jute.ClientReply {
	for i, m := range c.got {
		if r, ok := m.(*jute.ClientReply); ok && r.Xid == xid {
			c.got = append(c.got[:i:i], c.got[i+1:]...)
			c.lastZxid = max(c.lastZxid, r.Zxid)
			return r
		}
	}
	return nil
}

// vanish closes the connection from the client's side.
func (c *testClient) vanish() {
	c.closed = true
	s := c.w.servers[c.server]
	s.in(func(o *node.Out) {
		s.s.Closed(o, &node.Input{Kind: node.Closed, Conn: c.id, Peer: c.peer, Reason: "gone"})
	})
}

// events lists the watch events that came, and forgets them.
func (c *testClient) events() []zk.WatchEvent {
	var out []zk.WatchEvent
	rest := c.got[:0]
	for _, m := range c.got {
		if e, ok := m.(*jute.ClientEvent); ok {
			out = append(out, e.Event)
		} else {
			rest = append(rest, m)
		}
	}
	c.got = rest
	return out
}

// Requests, as a client library makes them.

func create(path, data string, flags int32) zk.Request {
	return zk.Request{Type: zk.OpCreate, Path: path, Data: []byte(data), Flags: flags,
		ACL: zk.OpenACLUnsafe}
}

func set(path, data string, version int32) zk.Request {
	return zk.Request{Type: zk.OpSetData, Path: path, Data: []byte(data), Version: version}
}

func del(path string, version int32) zk.Request {
	return zk.Request{Type: zk.OpDelete, Path: path, Version: version}
}

func check(path string, version int32) zk.Request {
	return zk.Request{Type: zk.OpCheck, Path: path, Version: version}
}

func get(path string) zk.Request { return zk.Request{Type: zk.OpGetData, Path: path} }

func multi(ops ...zk.Request) zk.Request { return zk.Request{Type: zk.OpMulti, Ops: ops} }

func bare(op zk.OpCode, path string) zk.Request { return zk.Request{Type: op, Path: path} }

// want checks the error of an answer.
func want(t testing.TB, r *jute.ClientReply, err zk.ErrorCode) {
	t.Helper()
	if r.Result.Err != err {
		t.Errorf("%s: %v, want %v", r.Type, r.Result.Err, err)
	}
}
