package ws

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// ReadLimit is the number of bytes that a message from a viewer may have.
const ReadLimit = 4 << 10

// A connection that says nothing for pongWait, though it is asked every pingEvery, is dead; pingEvery
// must be well below pongWait. writeWait bounds the sending of one message, closeWait how long
// a viewer may take to agree to the end.
const (
	pongWait  = 45 * time.Second
	pingEvery = 20 * time.Second
	writeWait = 10 * time.Second
	closeWait = time.Second
)

// Session is what one connection is joined to.
type Session interface {
	// Messages is what to send, in order. Closing it ends the connection; Leave must close it.
	Messages() <-chan []byte
	// Receive takes one message. Calls come one at a time; the message is the session's to keep.
	Receive(message []byte)
	// Leave is called once, when nothing more will be received.
	Leave()
	// End is the status and the reason, up to 120 bytes, to close with once Messages is closed.
	End() (status int, reason string)
}

// Statuses to close with. (RFC 6455, section 7.4.1)
const (
	GoingAway = websocket.CloseGoingAway       // the server ends
	TooSlow   = websocket.ClosePolicyViolation // the viewer fell too far behind
)

// Buffers are small, and the writers' are shared, so that a quiet connection costs little.
var upgrader = websocket.Upgrader{
	ReadBufferSize:  512,
	WriteBufferSize: 4 << 10,
	WriteBufferPool: &sync.Pool{},
}

// Serve makes a websocket of the request and joins it to a session until either side ends it. A
// request from a page of another site is refused. When it returns an error the request has been
// answered.
func Serve(w http.ResponseWriter, r *http.Request, join func() (Session, error)) error {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return fmt.Errorf("upgrade: %w", err)
	}
	defer conn.Close()
	session, err := join()
	if err != nil {
		closeWith(conn, GoingAway, err.Error())
		return fmt.Errorf("join: %w", err)
	}
	written := make(chan struct{})
	go func() {
		defer close(written)
		write(conn, session)
	}()
	read(conn, session)
	session.Leave()
	<-written
	return nil
}

// read hands messages to the session until the connection ends.
func read(conn *websocket.Conn, session Session) {
	conn.SetReadLimit(ReadLimit)
	alive := func(string) error { return conn.SetReadDeadline(time.Now().Add(pongWait)) }
	if alive("") != nil {
		return
	}
	conn.SetPongHandler(alive)
	for {
		kind, message, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if kind == websocket.TextMessage {
			session.Receive(message)
		}
	}
}

// write sends what the session gives, and pings, until the session or the connection ends. Then it
// makes the reader end too.
func write(conn *websocket.Conn, session Session) {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		select {
		case message, ok := <-session.Messages():
			if !ok {
				status, reason := session.End()
				closeWith(conn, status, reason)
				return
			}
			if send(conn, websocket.TextMessage, message) != nil {
				conn.Close()
				return
			}
		case <-ping.C:
			if send(conn, websocket.PingMessage, nil) != nil {
				conn.Close()
				return
			}
		}
	}
}

func send(conn *websocket.Conn, kind int, message []byte) error {
	if err := conn.SetWriteDeadline(time.Now().Add(writeWait)); err != nil {
		return err
	}
	return conn.WriteMessage(kind, message)
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
