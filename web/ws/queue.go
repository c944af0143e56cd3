package ws

import (
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Queue is what waits to be sent over one connection. Whoever puts something in is never kept waiting.
// A goroutine writes it out; it is there only while there is something to write now and then, because
// its stack would be much of what a quiet connection costs. Its methods may be called by anyone.
type Queue struct {
	conn *websocket.Conn // nil: nobody writes it out

	mu     sync.Mutex
	items  []*Message // from first on they wait
	first  int
	limit  int
	used   bool // something was put in since the last look
	closed bool
	status int // to close with
	reason string

	writer    writerState
	wake      chan struct{} // to a writer that rests
	dismissed bool          // it shall not rest again but leave
	ended     chan struct{} // closed by the last writer
}

type writerState uint8

const (
	noWriter writerState = iota
	resting
	writing
	parted // there was a last one, and there will be no other
)

// restLimit is how long a writer rests before it goes.
const restLimit = time.Second

// NewQueue makes a queue without a connection, for so many messages.
func NewQueue(limit int) *Queue {
	return &Queue{limit: limit, wake: make(chan struct{}, 1), ended: make(chan struct{})}
}

// Grow makes place for n more messages.
func (q *Queue) Grow(n int) {
	q.mu.Lock()
	q.limit += n
	q.mu.Unlock()
}

// Put adds a message and says for how many more there is place; ok is false, and the message is not
// in, where there was none or the queue is closed.
func (q *Queue) Put(m *Message) (left int, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	left = q.limit - (len(q.items) - q.first)
	if left <= 0 || q.closed {
		return 0, false
	}
	q.items = append(q.items, m)
	q.used = true
	q.rouse()
	return left - 1, true
}

// Close ends the connection with a status and a reason, of up to 120 bytes, once all that waits has
// been sent. Nothing more can be put in.
func (q *Queue) Close(status int, reason string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.closed, q.status, q.reason = true, status, reason
	q.rouse()
}

// Take takes out what has waited longest; nil if nothing waits.
func (q *Queue) Take() *Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.take()
}

func (q *Queue) take() *Message {
	if q.first == len(q.items) {
		return nil
	}
	m := q.items[q.first]
	q.items[q.first] = nil
	if q.first++; q.first == len(q.items) {
		q.items, q.first = q.items[:0], 0
	}
	return m
}

// End is what the queue was closed with; nothing if it is open.
func (q *Queue) End() (status int, reason string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.status, q.reason
}

func (q *Queue) isClosed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

// begin writes out what waits at first, by the goroutine that will read: for many connections there
// is nothing to write later, or not soon.
func (q *Queue) begin() {
	q.mu.Lock()
	n := len(q.items) - q.first
	q.mu.Unlock()
	for range n {
		if m := q.Take(); m != nil && write(q.conn, m) != nil {
			q.conn.Close()
			q.drop()
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.writer = noWriter
	if q.closed || q.first < len(q.items) {
		q.rouse()
	}
}

// rouse sees to it that somebody writes.
func (q *Queue) rouse() {
	switch {
	case q.conn == nil:
	case q.writer == noWriter:
		q.writer = writing
		go q.write()
		time.AfterFunc(restLimit, q.look)
	case q.writer == resting:
		q.writer = writing
		q.wake <- struct{}{}
	}
}

// look sends away a writer that has had nothing to do for a while.
func (q *Queue) look() {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.writer == noWriter || q.writer == parted:
	case q.used || q.writer == writing:
		q.used = false
		time.AfterFunc(restLimit, q.look)
	default:
		q.dismissed, q.writer = true, writing
		q.wake <- struct{}{}
	}
}

// What a writer does next.
type turn uint8

const (
	send turn = iota
	rest
	leave
	part // say goodbye
)

// write sends what there is, and rests, until it is sent away, or the queue or the connection ends.
func (q *Queue) write() {
	for {
		message, what := q.next()
		switch what {
		case send:
			if write(q.conn, message) != nil {
				q.conn.Close()
				q.drop()
			}
		case rest:
			<-q.wake
		case leave:
			return
		case part:
			closeWith(q.conn, q.status, q.reason) // they change no more
			close(q.ended)
			return
		}
	}
}

func (q *Queue) next() (*Message, turn) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if m := q.take(); m != nil {
		return m, send
	}
	switch {
	case q.closed:
		q.writer = parted
		return nil, part
	case q.dismissed:
		q.dismissed, q.writer, q.items = false, noWriter, nil
		return nil, leave
	}
	q.writer = resting
	return nil, rest
}

// drop throws away what waits and closes the queue: the connection is gone.
func (q *Queue) drop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items, q.first, q.closed = nil, 0, true
}
