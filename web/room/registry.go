package room

import (
	"fmt"
	"sync"

	"zabscope/web/ws"
)

// Registry keeps the rooms of a site, so many and no more. Its methods may be called by anyone at
// any time.
type Registry struct {
	// Counters are shared by all its rooms.
	Counters Counters

	mu     sync.Mutex
	rooms  map[string]*Room
	closed bool
}

// NewRegistry makes an empty one.
func NewRegistry() *Registry { return &Registry{rooms: map[string]*Room{}} }

// errFull is what opening a room gives when there is no place for another.
var errFull error = ws.Closed{Status: ws.TryLater,
	Reason: "All rooms are taken. Try again in a minute."}

// Get finds a room; false if there is none of that id, or no longer.
func (g *Registry) Get(id string) (*Room, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	r, ok := g.rooms[id]
	return r, ok
}

// Open makes the room of s.ID around a world. If there is one already it is returned instead, and
// the world of make is never made. Where rooms are scarce, the one that nobody has watched for longest
// makes way; the error, a ws.Closed, says that none could.
func (g *Registry) Open(s Settings, make func() (World, error)) (*Room, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if r, ok := g.rooms[s.ID]; ok {
		return r, nil
	}
	if g.closed {
		return nil, ws.Closed{Status: ws.GoingAway, Reason: reasonShutdown}
	}
	for g.crowded() {
		if !g.dropIdle() {
			return nil, errFull
		}
	}
	w, err := make()
	if err != nil {
		return nil, fmt.Errorf("no world for a room: %w", err)
	}
	s.Counters = &g.Counters
	s.Ended = func(r *Room) { g.forget(s.ID, r) }
	f := newFamily()
	if from, ok := g.rooms[s.From]; ok {
		f = from.family
	}
	r := openIn(f, w, s)
	g.rooms[s.ID] = r
	g.Counters.Opened.Add(1)
	return r, nil
}

// crowded reports whether there is no place for one more room.
func (g *Registry) crowded() bool {
	events := 0
	for _, r := range g.rooms {
		events += r.Events()
	}
	return len(g.rooms) >= MaxRooms || events >= MaxEventsInAll
}

// dropIdle ends the room that nobody has watched for longest; false if all have been lately.
func (g *Registry) dropIdle() bool {
	id, longest := "", GraceTime
	for i, r := range g.rooms {
		if idle := r.Idle(); idle > longest {
			id, longest = i, idle
		}
	}
	if id == "" {
		return false
	}
	r := g.rooms[id]
	delete(g.rooms, id)
	g.Counters.Dropped.Add(1)
	go r.Close()
	return true
}

// forget takes out a room that has ended by itself.
func (g *Registry) forget(id string, r *Room) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.rooms[id] == r {
		delete(g.rooms, id)
		g.Counters.Dropped.Add(1)
	}
}

// Len is how many rooms there are.
func (g *Registry) Len() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.rooms)
}

// Close ends all rooms, and opens no more. It returns when they are gone.
func (g *Registry) Close() {
	g.mu.Lock()
	g.closed = true
	rooms := g.rooms
	g.rooms = map[string]*Room{}
	g.mu.Unlock()
	var all sync.WaitGroup
	for _, r := range rooms {
		all.Go(r.Close)
	}
	all.Wait()
}
