package room

import "zabscope/web/ws"

// Viewer is one who watches a room. It is a session of package ws.
type Viewer struct {
	room     *Room
	messages chan *ws.Message
	status   int // why it ended; set before messages is closed
	reason   string

	// The room's goroutine alone looks at these.
	gone    bool // no longer in the room
	warned  bool // has been told that it falls behind
	waiting int  // lines of zkCli without an answer
}

// put adds a message to the queue; false means that it is full.
func (v *Viewer) put(m *ws.Message) bool {
	select {
	case v.messages <- m:
		return true
	default:
		return false
	}
}

// Messages is what the room tells the viewer, in order. It is closed when the viewer's time is over.
func (v *Viewer) Messages() <-chan *ws.Message { return v.messages }

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

// End tells with which status and reason the viewer's time was over. It may be called once Messages
// is closed.
func (v *Viewer) End() (status int, reason string) { return v.status, v.reason }
