package ws

import (
	"context"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

// pipes is a listener whose connections are made in memory, so that the time of a test may be fake.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours, nil
}

// inMemory joins a client to a session, and calls do in fake time.
func inMemory(t *testing.T, do func(*testing.T, *script, *websocket.Conn)) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript()
		p := &pipes{make(chan net.Conn), make(chan struct{})}
		server := &http.Server{Handler: s}
		go server.Serve(p) //nolint:errcheck // it ends with the listener
		dialer := websocket.Dialer{NetDialContext: p.dial}
		conn, _, err := dialer.Dial("ws://memory/", nil)
		if err != nil {
			t.Fatal(err)
		}
		do(t, s, conn)
		conn.Close()
		<-s.ended
		server.Close()
	})
}

func TestAConnectionThatAnswersPingsLives(t *testing.T) {
	inMemory(t, func(t *testing.T, s *script, conn *websocket.Conn) {
		go func() {
			for {
				if _, _, err := conn.ReadMessage(); err != nil { // answers pings meanwhile
					return
				}
			}
		}()
		<-time.After(10 * pongWait)
		synctest.Wait()
		if len(s.left) > 0 {
			t.Error("cut off")
		}
	})
}

func TestAConnectionThatFallsSilentIsGivenUp(t *testing.T) {
	inMemory(t, func(t *testing.T, s *script, conn *websocket.Conn) {
		conn.SetPingHandler(func(string) error { return nil })
		go func() {
			for {
				if _, _, err := conn.ReadMessage(); err != nil {
					return
				}
			}
		}()
		start := time.Now()
		<-s.left
		if waited := time.Since(start); waited != pongWait {
			t.Errorf("given up after %v", waited)
		}
	})
}

func TestAConnectionThatTakesNothingIsGivenUp(t *testing.T) {
	inMemory(t, func(t *testing.T, s *script, _ *websocket.Conn) {
		s.say("nobody reads this")
		start := time.Now()
		<-s.left
		if waited := time.Since(start); waited != writeWait {
			t.Errorf("given up after %v", waited)
		}
	})
}
