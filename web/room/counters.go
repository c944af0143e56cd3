package room

import "sync/atomic"

// Counters count what happens in all rooms that share them, since they were made.
type Counters struct {
	Events     atomic.Int64 // that rooms have told
	Frames     atomic.Int64 // encoded, once for all viewers of a room
	Deliveries atomic.Int64 // messages put into the queues of viewers
	Viewers    atomic.Int64 // that watch now
	Slow       atomic.Int64 // viewers cut off because they fell too far behind
	Faulty     atomic.Int64 // viewers cut off for what they sent
	Done       atomic.Int64 // commands carried out
	Refused    atomic.Int64 // commands that could not be
	Opened     atomic.Int64 // rooms
	Dropped    atomic.Int64 // rooms ended because nobody watched
}
