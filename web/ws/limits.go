package ws

import (
	"time"

	"github.com/gorilla/websocket"
)

// ReadLimit is the number of bytes that a message from a viewer may have.
const ReadLimit = 4 << 10

// A viewer may send Burst messages at once, and Rate a second for ever. A key that repeats sends
// some 30 a second.
const (
	Burst = 120
	Rate  = 60
)

// A connection that says nothing for pongWait, though it is asked every pingEvery, is dead; pingEvery
// must be well below pongWait. writeWait bounds the sending of one message, closeWait how long
// a viewer may take to agree to the end.
const (
	pongWait  = 45 * time.Second
	pingEvery = 20 * time.Second
	writeWait = 10 * time.Second
	closeWait = time.Second
)

// Statuses to close with. (RFC 6455, section 7.4)
const (
	GoingAway = websocket.CloseGoingAway       // the server ends
	TooSlow   = websocket.ClosePolicyViolation // the viewer fell too far behind
	BadWords  = websocket.ClosePolicyViolation // the viewer said what is none of the protocol, or too much
	TooBig    = websocket.CloseMessageTooBig   // the viewer said too much at once
	TryLater  = websocket.CloseTryAgainLater   // there is no room now
	NotFound  = 4404                           // there is no such run, or no longer
)

// Fault is what is wrong with a message before anybody has read it.
type Fault int

// The faults.
const (
	FaultBinary Fault = iota + 1 // not a text
	FaultBig                     // more than ReadLimit bytes
	FaultOften                   // more messages than Burst and Rate allow
)

// bucket holds what a viewer may still send.
type bucket struct {
	left float64
	last time.Time
}

func newBucket(now time.Time) *bucket { return &bucket{left: Burst, last: now} }

// take takes one message out, and reports whether there was one.
func (b *bucket) take(now time.Time) bool {
	b.left = min(Burst, b.left+Rate*now.Sub(b.last).Seconds())
	b.last = now
	if b.left < 1 {
		return false
	}
	b.left--
	return true
}
