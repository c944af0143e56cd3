package room

import (
	"errors"
	"sync"
	"time"

	"zabscope/engine"
	"zabscope/engine/trace"
)

// World is what a room runs; engine.Run is one. The room is its only user.
type World interface {
	// Now is the virtual time.
	Now() engine.Time
	// Next is when something may happen next; false if nothing ever will.
	Next() (engine.Time, bool)
	// RunUntil lets everything happen that is due until t and moves the time there.
	RunUntil(t engine.Time)
	// Do carries out a line of the scenario language now. The error is a sentence for people.
	Do(command string) error
	// Recorder is the trace of all that has happened.
	Recorder() *trace.Recorder
}

// ErrClosed is what joining a closed room gives.
var ErrClosed = errors.New("the room is closed")

// frameEvery is the time between two frames. What happens within is sent as one message.
const frameEvery = 16 * time.Millisecond

// Room is a world that viewers watch. Its methods may be called by anyone at any time.
type Room struct {
	asked chan func(*desk) // done in order by the room's goroutine
	quit  chan struct{}
	done  chan struct{}
	once  sync.Once
}

// Open starts a room whose head runs as soon as somebody watches. run names this run of the world, for
// viewers who come back to tell it from another. The room owns the world until Close.
func Open(w World, run string) *Room {
	r := &Room{asked: make(chan func(*desk)), quit: make(chan struct{}), done: make(chan struct{})}
	go r.run(newDesk(w, run))
	return r
}

// Close ends the room and all its viewers' sessions, and waits until its goroutine is gone.
func (r *Room) Close() {
	r.once.Do(func() { close(r.quit) })
	<-r.done
}

// Join adds a viewer who has the events up to number from, 0 for none.
func (r *Room) Join(from engine.Seq) (*Viewer, error) {
	v := &Viewer{room: r}
	if !r.do(func(d *desk) { d.join(v, from) }) {
		return nil, ErrClosed
	}
	return v, nil
}

// do has something done by the room's goroutine and waits for it; false if the room is closed.
func (r *Room) do(f func(*desk)) bool {
	over := make(chan struct{})
	select {
	case r.asked <- func(d *desk) { defer close(over); f(d) }:
		<-over
		return true
	case <-r.done:
		return false
	}
}

// run is the room's goroutine. It sleeps while the head stands still.
func (r *Room) run(d *desk) {
	defer close(r.done)
	defer d.close()
	timer := time.NewTimer(0)
	defer timer.Stop()
	<-timer.C
	var last time.Time // of the tick before; zero while the head stands
	for {
		var due <-chan time.Time
		if d.moving() {
			if last.IsZero() {
				last = time.Now()
				timer.Reset(frameEvery)
			}
			due = timer.C
		} else {
			last = time.Time{}
		}
		select {
		case f := <-r.asked:
			f(d)
		case now := <-due:
			d.tick(now.Sub(last))
			last = now
			timer.Reset(frameEvery)
		case <-r.quit:
			return
		}
	}
}
