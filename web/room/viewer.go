package room

import "zabscope/web/ws"

// Viewer is one who watches a room. It is a session of package ws.
type Viewer struct {
	room *Room
	out  *ws.Queue // what the room tells it, in order

	// The room's goroutine alone looks at these.
	gone    bool // no longer in the room
	warned  bool // has been told that it falls behind
	waiting int  // lines of zkCli without an answer
}

// QueueLimit is how many messages a viewer may be behind, beside those that bring it up at first.
const QueueLimit = queueFrames

// Receive asks the room for something, in the words of the protocol, and returns when it is done.
// Answers come with the messages.
func (v *Viewer) Receive(message []byte) {
	v.room.do(func(d *desk) { d.receive(v, message) })
}

// Refuse tells the viewer which limit its message breaks, and ends its time.
func (v *Viewer) Refuse(f ws.Fault) {
	v.room.do(func(d *desk) { d.refuse(v, f) })
}

// Leave takes the viewer out of the room.
func (v *Viewer) Leave() {
	v.room.do(func(d *desk) { d.leave(v, ws.GoingAway, "") })
}
