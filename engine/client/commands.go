package client

import (
	"fmt"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// Config describes a client. Servers must not be empty; everything else has a meaning at zero.
type Config struct {
	// ID is the machine's own id, node.FirstClient or above.
	ID node.ID
	// Servers is the connect string: whom the client may ask. It is shuffled once, by Rand.
	Servers []node.ID
	// SessionTimeout is what the client asks for, in milliseconds.
	SessionTimeout int32
	// Bare switches off what the Java client does unasked: pings, the read timeout, and looking for
	// another server when a connection fails.
	Bare bool
	// DialTimeout bounds an attempt to connect, in milliseconds; 0 takes the Java client's rule,
	// the session timeout divided by the number of servers. (ClientCnxn.onConnected)
	DialTimeout int64
	// Patience, if not 0, is for how long a client that has lost its server looks for one by
	// itself, in milliseconds; without a session it does not. The Java client never stops.
	Patience int64
}

// Connect is the command to open the session, or to take it up again: at one server or, with World,
// at the next of the shuffled list. It is refused silently while a connection is open.
type Connect struct{ Server node.ID }

// String names the command in the trace.
func (c Connect) String() string {
	if c.Server == node.World {
		return "connect"
	}
	return fmt.Sprintf("connect to %d", c.Server)
}

// Call is the command to ask something of the server. Calls may be made without waiting for the
// answers of earlier ones; the server answers in their order. A call made while the client is not
// connected waits for the next connection.
type Call struct {
	// Tag is the caller's name for the call, by which History.Find finds it.
	Tag int64
	// Request is what is asked; the client does not change it.
	Request *zk.Request
}

// String names the command in the trace.
func (c Call) String() string { return c.Request.Type.String() + " " + c.Request.Path }

// Do is the command to make several calls in order, and perhaps to close the session after the
// last. Commands of this kind are carried out one after another.
type Do struct {
	// Tag names the first call, Tag+1 the second, and so on.
	Tag int64
	// Requests are the calls.
	Requests []*zk.Request
	// Window is how many of them may wait for their answers at once; 0 is 1.
	Window int
	// Ensure, if not empty, is a path that is created first if it does not exist.
	Ensure string
	// End closes the session after the last answer.
	End bool
}

// String names the command in the trace.
func (d Do) String() string {
	switch n := len(d.Requests); n {
	case 0:
		return "close the session"
	case 1:
		return d.Requests[0].Type.String() + " " + d.Requests[0].Path
	default:
		return fmt.Sprintf("%s %s and %d more", d.Requests[0].Type, d.Requests[0].Path, n-1)
	}
}

// Drop is the command to cut the connection and to stay away; the session lives on at the ensemble
// until its timeout.
type Drop struct{}

// String names the command in the trace.
func (Drop) String() string { return "drop the connection" }

// Move is the command to cut the connection, if there is one, and to go on with the same session at
// another server.
type Move struct{ Server node.ID }

// String names the command in the trace.
func (m Move) String() string { return fmt.Sprintf("move to %d", m.Server) }

// End is the command to close the session; the process ends when that is answered.
type End struct{}

// String names the command in the trace.
func (End) String() string { return "close the session" }
