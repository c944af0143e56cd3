package ws

import (
	"bufio"
	"net"
	"net/http"
	"time"
)

// patient is a ResponseWriter whose connection, once it is taken over, does not set a deadline for
// writing anew that is hardly later than the last: that costs as much as much of the writing.
type patient struct{ http.ResponseWriter }

// Hijack implements http.Hijacker.
func (p patient) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(p.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	return &patientConn{Conn: conn}, buffers, nil
}

// patientConn is one connection. Like gorilla's it has one writer at a time.
type patientConn struct {
	net.Conn
	deadline time.Time // for writing; zero for none
}

// patience is how much later a deadline must be to be worth setting; well below writeWait.
const patience = time.Second

// SetWriteDeadline sets the deadline, or leaves it a little too early.
func (c *patientConn) SetWriteDeadline(t time.Time) error {
	if !t.Before(c.deadline) && t.Sub(c.deadline) < patience {
		return nil
	}
	c.deadline = t
	return c.Conn.SetWriteDeadline(t)
}
