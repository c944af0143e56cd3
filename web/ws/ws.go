package ws

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Session is what one connection is joined to. It speaks through a Queue.
type Session interface {
	// Receive takes one message. Calls come one at a time; the message is the session's to keep.
	Receive(message []byte)
	// Refuse is called instead of Receive for a message that breaks a limit. It should close the queue
	// with a word about it: whatever else comes in is thrown away.
	Refuse(f Fault)
	// Leave is called once, when nothing more will be received. It must close the queue.
	Leave()
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

// Serve makes a websocket of the request and joins it to a session; then it returns, so that nothing
// of the request is kept, and the connection goes on until either side ends it. Then ended is called.
// join gets the queue for so many messages that the session is to speak through. A request from a page
// of another site is refused. When Serve returns an error the request has been answered and ended is
// not called; a Closed from join is what the viewer is told, any other error is not.
func (u *Upgrader) Serve(w http.ResponseWriter, r *http.Request, limit int,
	join func(*Queue) (Session, error), ended func()) error {
	upgrader := websocket.Upgrader{ReadBufferSize: 512, WriteBufferSize: 4 << 10,
		WriteBufferPool: &buffers, EnableCompression: true, Error: u.Refuse}
	conn, err := upgrader.Upgrade(patient{w}, r, nil)
	if err != nil {
		return fmt.Errorf("upgrade: %w", err)
	}
	q := NewQueue(limit)
	q.conn, q.writer = conn, writing // until it begins
	session, err := join(q)
	if err != nil {
		goodbye := Closed{GoingAway, "The server cannot let you in."}
		errors.As(err, &goodbye)
		closeWith(conn, goodbye.Status, goodbye.Reason)
		discard(conn)
		conn.Close()
		return fmt.Errorf("join: %w", err)
	}
	go run(conn, q, session, ended)
	return nil
}

// run reads until the connection has ended, and says goodbye.
func run(conn *websocket.Conn, q *Queue, session Session, ended func()) {
	defer ended()
	defer conn.Close()
	defer keepAsking(conn)()
	q.begin()
	read(conn, session, q)
	session.Leave()
	<-q.ended
}

// read hands messages to the session until the connection ends. Once it is ending, signs of life
// prolong it no more.
func read(conn *websocket.Conn, session Session, q *Queue) {
	alive := func(string) error {
		if q.isClosed() {
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

// keepAsking pings now and then, until it is stopped; whoever does not answer is dead to the reader.
func keepAsking(conn *websocket.Conn) (stop func() bool) {
	var timer *time.Timer
	timer = time.AfterFunc(time.Hour, func() {
		deadline := time.Now().Add(writeWait)
		if conn.WriteControl(websocket.PingMessage, nil, deadline) == nil {
			timer.Reset(pingEvery)
		}
	})
	timer.Reset(pingEvery)
	return timer.Stop
}

func pong(conn *websocket.Conn, data string) error {
	return conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(writeWait))
}

// write sends one message.
func write(conn *websocket.Conn, m *Message) error {
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
