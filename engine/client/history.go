package client

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// Op is one call: what was asked of whom, and what came of it.
type Op struct {
	Tag     int64
	Xid     int32
	Request *zk.Request
	Server  node.ID   // whom it was sent to; World if it never left
	Invoked node.Time // when it was asked for

	Done     bool      // it has an outcome
	Answered node.Time // when the outcome came
	Zxid     zk.Zxid   // the server's last zxid when it answered; NoZxid without an answer
	Result   zk.Result // Err is ErrConnectionLoss where no answer came
	// Unknown says that the call was sent and its answer lost: it may have taken effect, may do so
	// later, or never.
	Unknown bool
}

// Notice is one watch event, as it arrived.
type Notice struct {
	At    node.Time
	Event zk.WatchEvent
}

// History is what a client remembers of its life: the input of a linearizability check and the
// source of a scenario's results. It only grows.
type History struct {
	Ops     []Op // in the order in which they were asked for
	Notices []Notice
}

// Find returns the last call with this tag, nil if there is none. The pointer is good until the
// next step of the client.
func (h *History) Find(tag int64) *Op {
	for i := len(h.Ops) - 1; i >= 0; i-- {
		if h.Ops[i].Tag == tag {
			return &h.Ops[i]
		}
	}
	return nil
}

// Pending counts the calls that have no outcome yet.
func (h *History) Pending() int {
	n := 0
	for i := range h.Ops {
		if !h.Ops[i].Done {
			n++
		}
	}
	return n
}
