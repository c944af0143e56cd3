package room

import (
	"time"

	"zabscope/engine"
)

const (
	// MaxEvents is how long a run may become; then it stops and says so.
	MaxEvents = 1_000_000
	// MaxActions is how often something may be done to a run.
	MaxActions = 10_000
	// MaxViewers is how many may watch one room.
	MaxViewers = 5_000
	// MaxRooms is how many rooms there may be at once, watched or not.
	MaxRooms = 500
	// MaxEventsInAll is how many events the rooms may hold together before no more are opened. One
	// takes some 200 bytes of memory.
	MaxEventsInAll = 8 * MaxEvents
	// IdleLimit is how long a room without viewers is kept; its time stands still meanwhile.
	IdleLimit = 30 * time.Minute
	// GraceTime is how long a room without viewers is kept even when another one needs its place;
	// well below IdleLimit, and enough to come back after a lost connection.
	GraceTime = time.Minute
)

const (
	// frameEvery is the time between two frames, at least. What happens within is sent as one message.
	frameEvery = 16 * time.Millisecond
	// eachViewer is the time that a frame may take for each viewer, so that sending frames takes about
	// half of one core however many watch; but a frame comes every crowdEvery at least.
	eachViewer = 32 * time.Microsecond
	crowdEvery = 50 * time.Millisecond
	// clockEvery is how many ticks without events pass until viewers hear the time all the same.
	clockEvery = 3
	// queueFrames is how many messages a viewer may be behind, some four seconds of them; at warnAt
	// it is told so.
	queueFrames = 256
	warnAt      = queueFrames / 2
	// maxWaiting is how many lines of zkCli one viewer may have open.
	maxWaiting = 8
	// mostPerTick is how many events one tick may bring, so that no room keeps the others waiting;
	// what is left over happens with the next, and time passes more slowly.
	mostPerTick = 20_000
	// stepReach is how far a single step looks for something to show.
	stepReach = 30 * engine.Second
	// maxReason is the length to which sentences about a viewer's words are cut, in bytes.
	maxReason = 480
)

// frameTime is the time between two frames for a number of viewers.
func frameTime(viewers int) time.Duration {
	return min(crowdEvery, max(frameEvery, time.Duration(viewers)*eachViewer))
}
