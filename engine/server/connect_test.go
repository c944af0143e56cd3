package server

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// The timeout that a client gets is the one it asks for, within bounds.
// (ZooKeeperServer.processConnectRequest)
func TestNegotiatedTimeout(t *testing.T) {
	for _, x := range []struct{ min, max, ask, got int64 }{
		{500, 600000, 3000, 3000}, {500, 600000, 1, 500}, {500, 600000, 0, 500},
		{500, 600000, 700000, 600000}, {-1, -1, 1, 2 * tick}, {-1, -1, 99999, 20 * tick},
	} {
		w := newEnsemble(t, 1, 1, func(w *ensemble) {
			w.cfg.MinSessionTimeout, w.cfg.MaxSessionTimeout = x.min, x.max
		})
		c := w.connect(1, int32(x.ask))
		if int64(c.timeout) != x.got {
			t.Errorf("asked for %d within %d and %d: got %d, want %d", x.ask, x.min, x.max,
				c.timeout, x.got)
		}
		if w.proposed[0].Timeout != c.timeout {
			t.Errorf("the transaction says %d", w.proposed[0].Timeout)
		}
	}
}

// The client is welcome only when its session is applied at the server it speaks to; what it sent
// in the meantime is taken up then, in order. (FinalRequestProcessor, ServerCnxn.disableRecv)
func TestWelcomeBehindCommit(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.dial(1)
	c.hello(0, [16]byte{}, 9000)
	first, second := c.ask(create("/a", "", 0)), c.ask(get("/a"))
	if len(c.got) != 0 || len(w.servers[1].requests) != 1 {
		t.Fatalf("got %v before the session is committed", c.got)
	}
	w.run()
	if len(c.got) != 3 {
		t.Fatalf("got %d messages, want 3", len(c.got))
	}
	if _, ok := c.got[0].(*jute.ConnectResponse); !ok {
		t.Errorf("the first is %T", c.got[0])
	}
	want(t, c.reply(first), zk.ErrOK)
	want(t, c.reply(second), zk.ErrOK)
	if w.proposed[1].Session>>56 != 1 || w.proposed[1].Session == 0 {
		t.Errorf("the held request came in the name of session %x", w.proposed[1].Session)
	}
}

// A client without the last field is answered without it. (ServerCnxn.isOldClient)
func TestOldClient(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	for _, has := range []bool{true, false} {
		c := w.dial(1)
		c.send(&jute.ConnectRequest{Timeout: 9000, HasReadOnly: has})
		w.run()
		if r := c.got[0].(*jute.ConnectResponse); r.HasReadOnly != has || r.ReadOnly {
			t.Errorf("asked with %v: %+v", has, r)
		}
	}
}

// A wrong password, a session that is gone: zeros, and the end of the connection.
// (ZooKeeperServer.reopenSession, finishSessionInit)
func TestSessionNotTakenUp(t *testing.T) {
	for _, at := range []zk.SID{1, 2} {
		w := newEnsemble(t, 3, 2)
		c := w.connect(3, 9000)
		bad := c.password
		bad[3]++
		for _, x := range []struct {
			why      string
			session  int64
			password [16]byte
		}{
			{"wrong password", c.session, bad},
			{"nobody's session", 12345, jute.SessionPassword(12345)},
		} {
			d := w.dial(at)
			d.hello(x.session, x.password, 9000)
			w.run()
			r := d.welcome()
			if r == nil || *r != (jute.ConnectResponse{HasReadOnly: true}) || !d.closed {
				t.Errorf("server %d, %s: %+v, closed %v", at, x.why, r, d.closed)
			}
		}
		if c.closed {
			t.Error("the true owner is cut off")
		}
		w.run()
		want(t, c.do(create("/a", "", 0)), zk.ErrOK)
	}
}

// A server that is behind what the client has seen sends it away without a word.
// (ZooKeeperServer.processConnectRequest: CloseRequestException CLIENT_ZXID_AHEAD)
func TestClientAhead(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.dial(1)
	c.lastZxid = w.servers[1].db.LastProcessed() + 1
	c.hello(0, [16]byte{}, 9000)
	w.run()
	if len(c.got) != 0 || !c.closed || len(w.proposed) != 0 {
		t.Errorf("got %v, closed %v", c.got, c.closed)
	}
	if e := w.servers[1].find(event.RequestRefused); e == nil || e.Args[0].S != "connect" {
		t.Errorf("told %+v", e)
	}
	d := w.dial(2)
	d.lastZxid = w.servers[2].db.LastProcessed()
	d.hello(0, [16]byte{}, 9000)
	w.run()
	if d.welcome() == nil {
		t.Error("a server that is level refuses too")
	}
}

// The same session on a second connection of the same server ends the first.
// (NIOServerCnxnFactory.closeSession, CLIENT_RECONNECT)
func TestSecondConnection(t *testing.T) {
	for _, at := range []zk.SID{1, 2} {
		w := newEnsemble(t, 3, 2)
		c := w.connect(at, 9000)
		d := w.reconnect(c, at)
		if !c.closed || d.closed {
			t.Fatalf("server %d: first closed %v, second closed %v", at, c.closed, d.closed)
		}
		e := w.reconnect(c, at) // while the leader is being asked about the second
		w.run()
		if at == 1 && d.welcome() != nil {
			t.Error("a connection that is closed is welcome")
		}
		if e.welcome() == nil || !d.closed {
			t.Errorf("server %d: the third is not taken up, or the second stays", at)
		}
		want(t, e.do(get("/")), zk.ErrOK)
		if n := w.servers[at].s.Stats().Connections; n != 1 {
			t.Errorf("%d connections", n)
		}
	}
}

// Words out of turn end the connection. (NIOServerCnxn.readPayload, readConnectRequest)
func TestOutOfTurn(t *testing.T) {
	ping := &jute.ClientRequest{Xid: -2, Request: &zk.Request{Type: zk.OpPing}}
	hello := &jute.ConnectRequest{Timeout: 9000}
	for name, f := range map[string]func(w *ensemble) *testClient{
		"a request before the ConnectRequest": func(w *ensemble) *testClient {
			c := w.dial(1)
			c.send(ping)
			return c
		},
		"a second ConnectRequest": func(w *ensemble) *testClient {
			c := w.connect(1, 9000)
			c.send(hello)
			return c
		},
		"what no client sends": func(w *ensemble) *testClient {
			c := w.connect(1, 9000)
			c.send(&jute.QuorumPacket{})
			return c
		},
		"a server that does not serve": func(w *ensemble) *testClient {
			c := w.dial(1)
			w.servers[1].s.state = initial
			c.send(hello)
			return c
		},
		"a server that has met an error": func(w *ensemble) *testClient {
			c := w.connect(1, 9000)
			w.servers[1].s.state = failed
			c.send(ping)
			return c
		},
		"a connection that was made before": func(w *ensemble) *testClient {
			c := w.dial(1)
			delete(w.servers[1].s.conns, c.id)
			c.send(hello)
			return c
		},
	} {
		w := newEnsemble(t, 3, 2)
		c := f(w)
		w.run()
		if !c.closed {
			t.Errorf("%s: the connection stays", name)
		}
	}
}

// What is not an operation is answered so, with no zxid, and the connection ends.
// (UnimplementedRequestProcessor)
func TestUnimplemented(t *testing.T) {
	for _, at := range []zk.SID{1, 2} {
		w := newEnsemble(t, 3, 2)
		c := w.connect(at, 9000)
		r := c.do(bare(zk.OpCode(55), "/"))
		if r.Result.Err != zk.ErrUnimplemented || r.Zxid != zk.NoZxid || !c.closed {
			t.Errorf("server %d: %+v, closed %v", at, r, c.closed)
		}
		if n := w.servers[at].s.Stats().Outstanding; n != 0 {
			t.Errorf("server %d: %d outstanding", at, n)
		}
	}
}

// A client that goes away mid-way leaves its session, and nobody else waits for its answers.
func TestClientGoesAway(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(1, 9000), w.connect(1, 9000)
	c.ask(create("/a", "", 0))
	c.ask(get("/a"))
	if n := w.servers[1].s.Stats(); n.Outstanding != 2 || n.Connections != 2 {
		t.Errorf("stats %+v", n)
	}
	c.vanish()
	got := len(c.got)
	w.run()
	if len(c.got) != got {
		t.Error("an answer went to a closed connection")
	}
	want(t, d.do(get("/a")), zk.ErrOK)
	if n := w.servers[1].s.Stats(); n.Outstanding != 0 || n.Connections != 1 || n.Received != 5 ||
		n.Sent != 3 {
		t.Errorf("stats %+v", n)
	}
	if _, open := w.servers[2].db.Sessions[c.session]; !open {
		t.Error("the session went with the connection")
	}
}

// The end of a role cuts off all clients, in order, and takes no more requests.
func TestShutdownCutsClientsOff(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(2, 9000), w.connect(2, 9000)
	lead := w.servers[2]
	lead.in(lead.s.Shutdown)
	if !c.closed || !d.closed || lead.s.Running() || lead.s.Stats().Connections != 0 {
		t.Error("clients are served still")
	}
	if _, armed := lead.timers[sessionTimer]; armed {
		t.Error("the session timer stays")
	}
	proposed := len(w.proposed)
	lead.in(func(o *node.Out) {
		late := &jute.QuorumPacket{Request: &zk.Request{Type: zk.OpDelete}}
		lead.s.SubmitLearnerRequest(o, 1, late)
		lead.s.CommitTxn(o, &zk.Txn{Zxid: 99 << 32, Type: zk.OpError})
		lead.s.Fired(o, &node.Input{Timer: sessionTimer})
		lead.s.Shutdown(o)
	})
	if len(w.proposed) != proposed || lead.db.LastProcessed() == 99<<32 {
		t.Error("a server that was shut down works on")
	}
}
