package client

import (
	"strconv"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// The Java client's own figures, in milliseconds. (ClientCnxn.SendThread.run)
const (
	maxPingInterval = 10000 // a ping leaves at least this often
	pingMargin      = 1000  // taken off half the read timeout, where there is so much
	maxPause        = 1000  // before an attempt that is not the first: random below this
)

// millis writes a duration for people.
func millis(n int64) string { return strconv.FormatInt(n, 10) + " ms" }

// readTimeout is how long the client bears silence, in milliseconds: two thirds of the session
// timeout. (ClientCnxn.onConnected)
func (c *Client) readTimeout() int64 {
	if c.negotiated > 0 {
		return int64(c.negotiated) * 2 / 3
	}
	return int64(c.cfg.SessionTimeout) * 2 / 3
}

// dialTimeout is how long one server may take to answer, in milliseconds.
func (c *Client) dialTimeout() int64 {
	if c.cfg.DialTimeout > 0 {
		return c.cfg.DialTimeout
	}
	granted := int64(c.cfg.SessionTimeout)
	if c.negotiated > 0 {
		granted = int64(c.negotiated)
	}
	return max(granted/int64(len(c.servers)), 1)
}

// connect dials a server, or with World the next of the list. (ClientCnxn.SendThread.startConnect)
func (c *Client) connect(server node.ID) {
	if server == node.World {
		server = c.servers[c.next]
		c.next = (c.next + 1) % len(c.servers)
	}
	c.server, c.failure = server, ""
	c.dialled++
	c.conn = node.MakeConn(c.cfg.ID, c.incarnation, c.dialled)
	c.setState(event.ClientConnecting, Connecting).About(server).With(node.Int(int64(server)))
	c.out.Dial(c.conn, server, zk.ClientPort,
		c.out.Now+node.Time(c.dialTimeout())*node.Millisecond)
}

// onConnected introduces the client on its new connection.
// (ClientCnxn.SendThread.primeConnection)
func (c *Client) onConnected(conn node.ConnID) {
	if conn != c.conn {
		c.out.Close(conn)
		return
	}
	c.send(&jute.ConnectRequest{LastZxidSeen: c.lastZxid, Timeout: c.cfg.SessionTimeout,
		Session: c.session, Password: c.password, HasReadOnly: true})
	if !c.cfg.Bare {
		c.out.SetTimer(handshake, c.out.Now+node.Time(c.dialTimeout())*node.Millisecond)
	}
}

var (
	handshake = node.Timer{Kind: event.TimerClientConnect, N: timerHandshake}
	pause     = node.Timer{Kind: event.TimerClientConnect, N: timerPause}
	pingTimer = node.Timer{Kind: event.TimerClientPing}
	readTimer = node.Timer{Kind: event.TimerClientRead}
)

// onConnectResponse takes up the session that the server grants.
// (ClientCnxn.SendThread.onConnected)
func (c *Client) onConnectResponse(r *jute.ConnectResponse) {
	c.out.CancelTimer(handshake)
	if r.Timeout <= 0 {
		c.expire()
		return
	}
	c.session, c.password, c.negotiated = r.Session, r.Password, r.Timeout
	e := c.setState(event.ClientConnected, Connected).About(c.server)
	e.With(node.Int(int64(c.server)), node.Int(c.session), node.Int(int64(r.Timeout))).Leads()
	c.armReadTimeout()
	c.armPing()
	c.restoreAuth()
	c.restoreWatches()
	queued := c.queue
	c.queue = nil
	for _, i := range queued {
		c.transmit(i)
	}
}

// expire ends the session for good: only a server can say so. (ClientCnxn.onConnected)
func (c *Client) expire() {
	session := c.session
	c.abandon()
	c.session, c.failure = 0, "session expired"
	c.setState(event.ClientExpired, Expired).With(node.Int(session)).Leads()
	c.fail(zk.ErrSessionExpired)
}

// lose gives up a connection and, unless the client is bare or closing, looks for another server
// after a pause. (ClientCnxn.SendThread.cleanup, startConnect)
func (c *Client) lose(reason string) {
	c.failure = reason
	if c.state == Connected {
		c.lostAt = c.out.Now
	}
	next := Waiting
	if c.cfg.Bare || c.closing || c.givesUp() {
		next = Idle
	}
	c.abandon()
	if c.state == Connecting && c.open() == 0 {
		c.setState(event.ClientAttemptFailed, next).About(c.server).
			With(node.Int(int64(c.server)), node.Text(reason)).Leads()
	} else {
		c.setState(event.ClientLost, next).About(c.server).With(node.Int(int64(c.server)),
			node.Text(reason), node.Int(int64(len(c.pending)))).Leads()
	}
	c.fail(zk.ErrConnectionLoss)
	switch {
	case c.closing:
		c.out.Exit("connection lost while closing")
	case next == Waiting:
		c.out.SetTimer(pause, c.out.Now+node.Time(c.rand.Intn(maxPause))*node.Millisecond)
	}
}

// givesUp reports whether a client with limited patience stops looking for a server: it has no
// session to save, or has been without a server for so long that the ensemble has ended it.
func (c *Client) givesUp() bool {
	return c.cfg.Patience > 0 &&
		(c.session == 0 || c.out.Now-c.lostAt >= node.Time(c.cfg.Patience)*node.Millisecond)
}

// drop cuts the connection on purpose.
func (c *Client) drop(reason string) {
	c.out.CancelTimer(pause)
	if c.conn == 0 {
		if c.state == Waiting {
			c.setState(event.ClientLost, Idle).
				With(node.Int(int64(c.server)), node.Text(reason), node.Int(0))
		}
		return
	}
	c.abandon()
	c.setState(event.ClientLost, Idle).About(c.server).
		With(node.Int(int64(c.server)), node.Text(reason), node.Int(int64(len(c.pending))))
	c.fail(zk.ErrConnectionLoss)
}

// abandon closes the connection and disarms what watched over it.
func (c *Client) abandon() {
	if c.conn != 0 {
		c.out.Close(c.conn)
	}
	c.conn = 0
	c.out.CancelTimer(handshake)
	c.out.CancelTimer(pingTimer)
	c.out.CancelTimer(readTimer)
}

// onDialFailed passes over a server that cannot be reached.
func (c *Client) onDialFailed(conn node.ConnID, reason string) {
	if conn == c.conn {
		c.conn = 0
		c.lose(reason)
	}
}

// onClosed notices that the server, or the network, has ended the connection.
func (c *Client) onClosed(conn node.ConnID, reason string) {
	if conn != c.conn || conn == 0 {
		return
	}
	c.conn = 0
	c.lose(reason)
}

// armReadTimeout pushes the end of patience back.
func (c *Client) armReadTimeout() {
	if !c.cfg.Bare && c.state == Connected {
		c.out.SetTimer(readTimer, c.out.Now+node.Time(c.readTimeout())*node.Millisecond)
	}
}

// armPing sets the time of the next ping: half the read timeout after the last packet sent, less a
// second where that is long. (ClientCnxn.SendThread.run, timeToNextPing)
func (c *Client) armPing() {
	if c.cfg.Bare || c.state != Connected {
		return
	}
	idle := c.readTimeout() / 2
	if idle > pingMargin {
		idle = max(idle-pingMargin, pingMargin)
	}
	idle = min(idle, maxPingInterval)
	c.out.SetTimer(pingTimer, c.lastSend+node.Time(idle)*node.Millisecond)
}

// ping says that the session lives. (ClientCnxn.SendThread.sendPing)
func (c *Client) ping() {
	if c.conn != 0 {
		c.send(&jute.ClientRequest{Xid: xidPing, Request: &zk.Request{Type: zk.OpPing}})
		c.armPing()
	}
}

// send puts a message on the connection and remembers when.
func (c *Client) send(m node.Message) {
	c.lastSend = c.out.Now
	c.out.Send(c.conn, m)
}
