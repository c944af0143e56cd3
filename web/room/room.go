package room

import (
	"encoding/json"
	"sync"
	"sync/atomic"
	"time"

	"zabscope/engine"
	"zabscope/web/ws"
)

// Settings of a room. Only Run must be there.
type Settings struct {
	ID       string          // of the room, as in addresses
	Run      string          // names this run of the world, to tell it from others
	Config   json.RawMessage // the request that made the world; nil for none
	Actions  []Action        // what has been done to the world already
	Counters *Counters       // shared with other rooms; nil for some of its own
	Stamped  bool            // frames begin with the wall clock, for measurements
	From     string          // the room whose run this one branches off from; "" for none
	Paused   bool            // the head stands until somebody lets it go on
	Ended    func(*Room)     // called once when the room is gone, by its goroutine; may be nil
}

// Status is how a room stands.
type Status struct {
	ID       string          `json:"id"`
	Run      string          `json:"run"`
	Config   json.RawMessage `json:"config,omitempty"`
	Seed     uint64          `json:"seed,string"`
	Machines []machineInfo   `json:"machines"`
	Head     headState       `json:"head"`
	Events   engine.Seq      `json:"events"`
	Full     bool            `json:"full"` // has MaxEvents, and stands for ever
	Viewers  int             `json:"viewers"`
	Actions  []Action        `json:"actions"`
	Family   []Branch        `json:"family"`
}

// ErrClosed is what joining a room that has ended gives.
var ErrClosed error = ws.Closed{Status: ws.NotFound, Reason: "This run is no longer kept."}

// Why rooms end, as viewers are told.
const (
	reasonShutdown = "The server is shutting down."
	reasonIdle     = "Nobody watched this run for a while."
)

// Room is a world that viewers watch. Its methods may be called by anyone at any time.
type Room struct {
	asked  chan func(*desk) // done in order by the room's goroutine
	quit   chan struct{}
	done   chan struct{}
	once   sync.Once
	events atomic.Int64 // that the world has had, as of late
	idle   atomic.Int64 // since when nobody watches, in nanoseconds since 1970; 0 while somebody does
	family *family      // of its run and those that branch off from it
}

// Open starts a room whose head runs as soon as somebody watches. The room owns the world until
// Close, or until nobody has watched for IdleLimit.
func Open(w World, s Settings) *Room { return openIn(newFamily(), w, s) }

// openIn does so in a family.
func openIn(f *family, w World, s Settings) *Room {
	r := &Room{asked: make(chan func(*desk)), quit: make(chan struct{}), done: make(chan struct{}),
		family: f}
	r.events.Store(int64(w.Recorder().Len()))
	r.idle.Store(time.Now().UnixNano())
	d := newDesk(w, s)
	d.family = f
	go r.run(d, f.join(d.branch()))
	return r
}

// Close ends the room and all its viewers' sessions, and waits until its goroutine is gone.
func (r *Room) Close() {
	r.once.Do(func() { close(r.quit) })
	<-r.done
}

// Join adds a viewer who has the events up to number from, 0 for none. out is the queue for what the
// room tells it, of QueueLimit; the room closes it when the viewer's time is over.
func (r *Room) Join(out *ws.Queue, from engine.Seq) (*Viewer, error) {
	v := &Viewer{room: r, out: out}
	var err error
	if !r.do(func(d *desk) { err = d.join(v, from) }) {
		return nil, ErrClosed
	}
	if err != nil {
		return nil, err
	}
	return v, nil
}

// Status describes the room; false if it has ended.
func (r *Room) Status() (s Status, ok bool) {
	ok = r.do(func(d *desk) { s = d.status() })
	return s, ok
}

// Events is how many events the run has, as of late.
func (r *Room) Events() int { return int(r.events.Load()) }

// Idle is for how long nobody has watched.
func (r *Room) Idle() time.Duration {
	since := r.idle.Load()
	if since == 0 {
		return 0
	}
	return time.Since(time.Unix(0, since))
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
func (r *Room) run(d *desk, news <-chan struct{}) {
	defer func() {
		close(r.done)
		r.family.leave(d.settings.ID)
		if d.settings.Ended != nil {
			d.settings.Ended(r)
		}
	}()
	unwatched := time.NewTimer(IdleLimit)
	defer unwatched.Stop()
	p := newPulse()
	defer p.stop()
	for {
		before := len(d.viewers) > 0
		select {
		case f := <-r.asked:
			f(d)
		case <-news:
			d.tellFamily()
		case now := <-p.due(d):
			d.tick(p.since(now, d))
		case <-unwatched.C:
			d.close(reasonIdle)
			return
		case <-r.quit:
			d.close(reasonShutdown)
			return
		}
		if after := len(d.viewers) > 0; after != before {
			r.watched(after, unwatched)
		}
		r.events.Store(int64(d.world.Recorder().Len()))
	}
}

// watched notes that somebody watches now, or nobody any more.
func (r *Room) watched(yes bool, unwatched *time.Timer) {
	if yes {
		unwatched.Stop()
		r.idle.Store(0)
		return
	}
	unwatched.Reset(IdleLimit)
	r.idle.Store(time.Now().UnixNano())
}

// pulse ticks while the head of a room moves.
type pulse struct {
	timer *time.Timer
	last  time.Time // of the tick before; zero while the head stands
}

func newPulse() *pulse {
	timer := time.NewTimer(0)
	<-timer.C
	return &pulse{timer: timer}
}

func (p *pulse) stop() { p.timer.Stop() }

// due is when to tick next; never while the head stands.
func (p *pulse) due(d *desk) <-chan time.Time {
	if !d.moving() {
		p.last = time.Time{}
		return nil
	}
	if p.last.IsZero() {
		p.last = time.Now()
		p.timer.Reset(frameTime(len(d.viewers)))
	}
	return p.timer.C
}

// since is the wall time since the tick before; the next one is set.
func (p *pulse) since(now time.Time, d *desk) time.Duration {
	wall := now.Sub(p.last)
	p.last = now
	p.timer.Reset(frameTime(len(d.viewers)))
	return wall
}
