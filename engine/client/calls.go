package client

import (
	"slices"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Request numbers with a meaning of their own; calls count from 1. (ClientCnxn)
const (
	xidEvent      = -1
	xidPing       = -2
	xidAuth       = -4
	xidSetWatches = -8
)

// call notes a call and sends it if it can.
func (c *Client) call(x Call) {
	c.xid++
	c.history.Ops = append(c.history.Ops, Op{Tag: x.Tag, Xid: c.xid, Request: x.Request,
		Invoked: c.out.Now, Zxid: zk.NoZxid})
	i := len(c.history.Ops) - 1
	r := x.Request
	e := c.out.Event(event.ClientCalled).With(node.Text(r.Type.String()), node.Text(r.Path),
		node.Text(string(r.Data)), node.Int(int64(c.xid))).Leads()
	e.Put(event.ClientPending, node.Int(int64(c.xid)), node.Text(r.Type.String()),
		node.Text(r.Path))
	switch {
	case c.state == Connected:
		c.transmit(i)
	case c.state == Expired || c.state == Closed:
		c.scripts = nil
		c.settle(i, zk.ErrSessionExpired)
	case c.state == Idle && c.cfg.Bare:
		c.scripts = nil
		c.settle(i, zk.ErrConnectionLoss)
	default:
		c.queue = append(c.queue, i)
	}
}

// transmit puts a noted call on the connection. (ClientCnxnSocketNIO.doIO)
func (c *Client) transmit(i int) {
	o := &c.history.Ops[i]
	o.Server = c.server
	c.pending = append(c.pending, i)
	c.send(&jute.ClientRequest{Xid: o.Xid, Request: o.Request})
	c.armPing()
}

// onReply matches an answer with the oldest call that waits; a server answers in order.
// (ClientCnxn.SendThread.readResponse)
func (c *Client) onReply(r *jute.ClientReply) {
	if r.Xid < 0 {
		return
	}
	if r.Zxid > 0 {
		c.lastZxid = max(c.lastZxid, r.Zxid)
	}
	if len(c.pending) == 0 {
		return
	}
	at := c.answeredBy(r)
	i := c.pending[at]
	if c.history.Ops[i].Xid != r.Xid {
		c.lose("the server answered out of order")
		return
	}
	c.pending = slices.Delete(c.pending, at, at+1)
	c.history.Ops[i].Zxid, c.history.Ops[i].Result = r.Zxid, r.Result
	c.registerWatch(&c.history.Ops[i])
	c.registerAuth(&c.history.Ops[i])
	c.settle(i, zk.ErrOK)
	c.advance()
	if c.closing && c.history.Ops[i].Request.Type == zk.OpCloseSession {
		c.finish()
	}
}

// answeredBy is the place in pending of the call that a reply must be about: the oldest, but for
// proofs of identity, which a server answers at once.
func (c *Client) answeredBy(r *jute.ClientReply) int {
	if r.Type == zk.OpAuth {
		for at, i := range c.pending {
			if c.history.Ops[i].Xid == r.Xid {
				return at
			}
		}
	}
	return 0
}

// registerAuth keeps a proof that was taken: a connection has to be told anew who the client is.
// (ClientCnxn.addAuthInfo)
func (c *Client) registerAuth(o *Op) {
	if o.Request.Type == zk.OpAuth && o.Result.Err == zk.ErrOK {
		c.auth = append(c.auth, o.Request)
	}
}

// restoreAuth tells a new server who the client is. (ClientCnxn.SendThread.primeConnection)
func (c *Client) restoreAuth() {
	for _, q := range c.auth {
		c.send(&jute.ClientRequest{Xid: xidAuth, Request: q})
	}
}

// end asks for the session to be closed. A client that has no connection and seeks none just goes;
// its session ends by its timeout. (ZooKeeper.close)
func (c *Client) end() {
	if c.state == Idle || c.state == Expired {
		c.out.Exit("gone without closing its session")
		return
	}
	c.closing = true
	c.call(Call{Tag: closingTag, Request: &zk.Request{Type: zk.OpCloseSession}})
}

// finish ends the process after its session was closed. (ZooKeeper.close)
func (c *Client) finish() {
	session := c.session
	c.abandon()
	c.session = 0
	c.setState(event.ClientEnded, Closed).About(c.server).
		With(node.Int(int64(c.server)), node.Int(session)).Leads()
	c.out.Exit("session closed")
}

// settle gives a call its outcome: the answer that stands in the history already or, with a code,
// the lack of one.
func (c *Client) settle(i int, code zk.ErrorCode) {
	o := &c.history.Ops[i]
	o.Done, o.Answered = true, c.out.Now
	if code != zk.ErrOK {
		o.Result = zk.Result{Err: code}
		o.Unknown = code == zk.ErrConnectionLoss && o.Server != node.World
	}
	c.out.Event(event.ClientAnswered).About(o.Server).With(
		node.Text(o.Request.Type.String()), node.Int(int64(o.Xid)), node.Zxid(int64(o.Zxid)),
		node.Text(o.Result.Err.Error()), node.Text(o.Request.Path),
		node.Text(string(o.Result.Data))).
		Drop(event.ClientPending, node.Int(int64(o.Xid)))
	c.programAnswered(i)
}

// fail ends all calls without an answer. What was sent before a loss may still take effect; what
// never left did not. (ClientCnxn.conLossPacket)
func (c *Client) fail(code zk.ErrorCode) {
	waiting := append(c.pending, c.queue...)
	c.pending, c.queue, c.scripts = nil, nil, nil
	for _, i := range waiting {
		c.settle(i, code)
	}
}

// onEvent takes a watch event, which has no request. (ClientCnxn.EventThread.queueEvent)
func (c *Client) onEvent(e *jute.ClientEvent) {
	if e.Zxid > 0 {
		c.lastZxid = max(c.lastZxid, e.Zxid)
	}
	c.history.Notices = append(c.history.Notices, Notice{c.out.Now, e.Event})
	c.watchFired(e.Event)
}
