package client

import (
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// State says how far a client's connection is.
type State string

// The states. Java's client knows CONNECTING, CONNECTED, CLOSED and no name for the others.
// (ZooKeeper.States)
const (
	Idle       State = "idle"       // no connection, and none is sought
	Connecting State = "connecting" // dialling, or waiting for a ConnectResponse
	Waiting    State = "waiting"    // pausing before the next attempt
	Connected  State = "connected"
	Expired    State = "expired" // a server said that the session is gone
	Closed     State = "closed"  // the session was closed by the client
)

// firstConnect and pause are the two uses of the connect timer.
const (
	timerHandshake = 1
	timerPause     = 2
)

// Client is one client process. (org.apache.zookeeper.ClientCnxn with its SendThread)
type Client struct {
	cfg  Config
	rand *node.Rand
	out  node.Out

	state       State
	failure     string // why the last attempt or connection ended
	servers     []node.ID
	next        int // place in servers
	server      node.ID
	conn        node.ConnID // 0: none
	dialled     uint32
	incarnation uint16

	session    int64
	password   [16]byte
	negotiated int32 // session timeout granted, milliseconds
	lastZxid   zk.Zxid
	xid        int32
	lastSend   node.Time

	queue   []int // calls that wait for a connection: places in history.Ops
	pending []int // calls sent and not answered
	closing bool
	scripts []script      // what is left of Do commands, the first under way
	auth    []*zk.Request // proofs of identity that servers took, for the next one
	lostAt  node.Time     // when the client was last connected, or told to connect

	programs    []Program // the first under way
	programCall int       // its call: a place in history.Ops, or noCall
	watches     map[watch]bool
	history     History
}

// New makes a client, for one life of its process; rand decides its order of servers and its
// pauses.
func New(cfg Config, rand *node.Rand) *Client {
	c := &Client{cfg: cfg, rand: rand, state: Idle, watches: map[watch]bool{}, programCall: noCall}
	c.servers = append(c.servers, cfg.Servers...)
	for i := len(c.servers) - 1; i > 0; i-- {
		j := rand.Intn(int64(i + 1))
		c.servers[i], c.servers[j] = c.servers[j], c.servers[i]
	}
	return c
}

// SetTracing tells whether anybody records what the client says.
func (c *Client) SetTracing(on bool) { c.out.Tracing = on }

// State tells how far the connection is.
func (c *Client) State() State { return c.state }

// Failure tells why the last connection, or attempt at one, ended; "" while there is none.
func (c *Client) Failure() string { return c.failure }

// Session is the id of the session, 0 while there is none.
func (c *Client) Session() int64 { return c.session }

// Timeout is the session timeout that the server granted, in milliseconds.
func (c *Client) Timeout() int32 { return c.negotiated }

// Server is the server that the client is connected to or was last, World before the first.
func (c *Client) Server() node.ID { return c.server }

// LastZxid is the largest zxid that an answer carried. (ClientCnxn.lastZxid)
func (c *Client) LastZxid() zk.Zxid { return c.lastZxid }

// History is the client's own record; it grows with every step.
func (c *Client) History() *History { return &c.history }

// Step implements node.Machine.
func (c *Client) Step(in node.Input, out []node.Effect) []node.Effect {
	c.out.Begin(in.Now, out)
	switch in.Kind {
	case node.Start:
		c.incarnation = in.Incarnation
	case node.Stop:
		c.out.Exit("stopped")
	case node.Connected:
		c.onConnected(in.Conn)
	case node.DialFailed:
		c.onDialFailed(in.Conn, in.Reason)
	case node.Received:
		c.onReceived(in.Conn, in.Msg)
	case node.Closed:
		c.onClosed(in.Conn, in.Reason)
	case node.Fired:
		c.onFired(in.Timer)
	case node.Commanded:
		c.onCommand(in.Command)
	}
	return c.out.End()
}

// onCommand does what the program around the client asks.
func (c *Client) onCommand(command any) {
	switch x := command.(type) {
	case Connect:
		if c.conn == 0 && c.state != Expired {
			c.lostAt = c.out.Now
			c.connect(x.Server)
		}
	case Call:
		c.call(x)
	case Drop:
		c.drop("dropped by the client")
	case Move:
		c.drop("moved by the client")
		c.connect(x.Server)
	case Do:
		c.do(x)
	case Execute:
		c.execute(x.Program)
	case End:
		c.end()
	}
}

// onFired gives up on a server, or tries the next, or keeps the session alive.
func (c *Client) onFired(t node.Timer) {
	switch {
	case t.Kind == event.TimerClientPing:
		c.ping()
	case t.Kind == event.TimerClientRead:
		c.lose("nothing heard for " + millis(c.readTimeout()))
	case t.N == timerHandshake:
		c.lose("no answer to the connect request")
	case t.N == timerPause:
		c.connect(node.World)
	}
}

// onReceived takes a message of the present connection; any is a sign of life.
// (ClientCnxn.SendThread.readResponse)
func (c *Client) onReceived(conn node.ConnID, m node.Message) {
	if conn != c.conn || conn == 0 {
		return
	}
	c.armReadTimeout()
	switch x := m.(type) {
	case *jute.ConnectResponse:
		c.onConnectResponse(x)
	case *jute.ClientReply:
		c.onReply(x)
	case *jute.ClientEvent:
		c.onEvent(x)
	}
}
