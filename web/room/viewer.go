package room

// queueFrames is how many frames a viewer may be behind: some four seconds of them.
const queueFrames = 256

// Statuses that a viewer's session ends with, as websockets number them.
const (
	goingAway = 1001
	tooSlow   = 1008
)

// Viewer is one who watches a room. It is a session of package ws.
type Viewer struct {
	room     *Room
	messages chan []byte
	status   int // why it ended; set before messages is closed
	reason   string
	gone     bool // no longer in the room; the room's goroutine alone looks at it
}

// Messages is what the room tells the viewer, in order. It is closed when the viewer's time is over.
func (v *Viewer) Messages() <-chan []byte { return v.messages }

// Receive asks the room for something, in the words of the protocol, and returns when it is done.
// Answers come with the messages.
func (v *Viewer) Receive(message []byte) {
	v.room.do(func(d *desk) { d.receive(v, message) })
}

// Leave takes the viewer out of the room.
func (v *Viewer) Leave() {
	v.room.do(func(d *desk) { d.leave(v, goingAway, "") })
}

// End tells with which status and reason the viewer's time was over. It may be called once Messages
// is closed.
func (v *Viewer) End() (status int, reason string) { return v.status, v.reason }
