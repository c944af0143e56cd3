package ws

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// Session is what one connection is joined to.
type Session interface {
	// Messages is what to send, in order. Closing it ends the connection; Leave must close it.
	Messages() <-chan *Message
	// Receive takes one message. Calls come one at a time; the message is the session's to keep.
	Receive(message []byte)
	// Refuse is called instead of Receive for a message that breaks a limit. It should end the session
	// with a word about it: whatever else comes in is thrown away.
	Refuse(f Fault)
	// Leave is called once, when nothing more will be received.
	Leave()
	// End is the status and the reason, up to 120 bytes, to close with once Messages is closed.
	End() (status int, reason string)
}

// Closed is an error that ends a connection with a status and a reason that viewers see.
type Closed struct {
	Status int
	Reason string
}

// Error is the reason.
func (c Closed) Error() string { return c.Reason }

// Upgrader makes websockets of requests. Its zero value is ready.
type Upgrader struct {
	// Refuse answers a request that is no websocket's, or comes from a page of another site; nil
	// answers with the status alone.
	Refuse func(w http.ResponseWriter, r *http.Request, status int, reason error)
}

// buffers are shared by all writers, so that a quiet connection costs little.
var buffers sync.Pool

// Serve makes a websocket of the request and joins it to a session until either side ends it. A
// request from a page of another site is refused. When it returns an error the request has been
// answered; a Closed from join is what the viewer is told, any other error is not.
func (u *Upgrader) Serve(w http.ResponseWriter, r *http.Request,
	join func() (Session, error)) error {
	upgrader := websocket.Upgrader{ReadBufferSize: 512, WriteBufferSize: 4 << 10,
		WriteBufferPool: &buffers, EnableCompression: true, Error: u.Refuse}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return fmt.Errorf("upgrade: %w", err)
	}
	defer conn.Close()
	session, err := join()
	if err != nil {
		goodbye := Closed{GoingAway, "The server cannot let you in."}
		errors.As(err, &goodbye)
		closeWith(conn, goodbye.Status, goodbye.Reason)
		discard(conn)
		return fmt.Errorf("join: %w", err)
	}
	written := make(chan struct{})
	var ending atomic.Bool
	go func() {
		defer close(written)
		write(conn, session, &ending)
	}()
	read(conn, session, &ending)
	session.Leave()
	<-written
	return nil
}

// read hands messages to the session until the connection ends. Once it is ending, signs of life
// prolong it no more.
func read(conn *websocket.Conn, session Session, ending *atomic.Bool) {
	alive := func(string) error {
		if ending.Load() {
			return nil
		}
		return conn.SetReadDeadline(time.Now().Add(pongWait))
	}
	if alive("") != nil {
		return
	}
	conn.SetPongHandler(alive)
	allowed := newBucket(time.Now())
	conn.SetPingHandler(func(data string) error {
		if allowed.take(time.Now()) {
			_ = pong(conn, data) // a connection that is gone ends by itself
		}
		return alive("")
	})
	for {
		message, fault, err := next(conn)
		switch {
		case err != nil:
			return
		case !allowed.take(time.Now()):
			fault = FaultOften
		}
		if fault != 0 {
			session.Refuse(fault)
			discard(conn)
			return
		}
		session.Receive(message)
	}
}

// next reads one message; too long a one only as far as it takes to see that.
func next(conn *websocket.Conn) ([]byte, Fault, error) {
	kind, r, err := conn.NextReader()
	if err != nil {
		return nil, 0, err
	}
	if kind != websocket.TextMessage {
		return nil, FaultBinary, nil
	}
	message, err := io.ReadAll(io.LimitReader(r, ReadLimit+1))
	if err == nil && len(message) > ReadLimit {
		return nil, FaultBig, nil
	}
	return message, 0, err
}

// discard throws away what still comes, until the connection ends or its time is over: closing a
// connection with something unread would take back what was sent last.
func discard(conn *websocket.Conn) {
	for {
		_, r, err := conn.NextReader()
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			return
		}
	}
}

// write sends what the session gives, and pings, until the session or the connection ends. Then it
// makes the reader end too.
func write(conn *websocket.Conn, session Session, ending *atomic.Bool) {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		select {
		case message, ok := <-session.Messages():
			if !ok {
				ending.Store(true)
				status, reason := session.End()
				closeWith(conn, status, reason)
				return
			}
			if send(conn, message) != nil {
				conn.Close()
				return
			}
		case <-ping.C:
			deadline := time.Now().Add(writeWait)
			if conn.WriteControl(websocket.PingMessage, nil, deadline) != nil {
				conn.Close()
				return
			}
		}
	}
}

func pong(conn *websocket.Conn, data string) error {
	return conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWait))
}

func send(conn *websocket.Conn, m *Message) error {
	if err := conn.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	conn.EnableWriteCompression(m.deflates())
	return conn.WritePreparedMessage(m.frame())
}

// closeWith says goodbye, and gives the viewer a moment to do the same. Errors are those of a
// connection that is gone, which is what is wanted.
func closeWith(conn *websocket.Conn, status int, reason string) {
	goodbye := websocket.FormatCloseMessage(status, reason)
	deadline := time.Now().Add(closeWait)
	if conn.WriteControl(websocket.CloseMessage, goodbye, deadline) != nil ||
		conn.SetReadDeadline(deadline) != nil {
		conn.Close()
	}
}
