package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// streams is M1, M2, M3 and M6: what a leader sends to a learner is first how it is brought
// level, whole and in order, and then every proposal and commit, each at its turn; of a reconfig
// the commit is COMMITANDACTIVATE. Links keep their order, so what is sent says what will be read.
// M1 is also broken where a learner says that it cannot match a COMMIT, whatever its leader sent.
//
// A learner that comes back before its leader has noticed that it left has two connections for a
// while, and the trace does not tell which of them a packet takes: then nothing is asked of
// either.
type streams struct {
	m    *model
	open map[link]*stream
	conn map[link]int // registered connections
	last *stream      // looked up last
	key  link
}

// link is a leader and a learner.
type link struct{ from, to node.ID }

// stream is what a leader has sent since it chose how to bring the learner level.
type stream struct {
	chosen     node.Seq // SyncChosen
	sync       []*entry // DIFF, TRUNC: what is still to come
	begun      bool     // DIFF, TRUNC or SNAP was sent: the connection is there
	forwarding bool
	sent       zk.Zxid // last proposal, or where the synchronization starts; 0: unknown
	first      bool    // no proposal was sent yet
	waiting    []zk.Zxid
	head       int  // of waiting
	blind      bool // there was another connection at the same time
}

func newStreams(m *model) *streams {
	return &streams{m: m, open: map[link]*stream{}, conn: map[link]int{}}
}

func (c *streams) Kinds() []node.Kind {
	return []node.Kind{event.PacketSent, event.ProposalSent, event.LearnerRegistered,
		event.SyncChosen, event.ForwardingStarted, event.HandlerClosed, event.CommitUnmatched}
}

func (c *streams) Observe(ev *trace.Event) []Violation {
	switch ev.Kind {
	case event.PacketSent:
		switch text(ev, 0) {
		case "COMMIT", "COMMITANDACTIVATE":
			return c.commit(ev)
		case "DIFF", "TRUNC", "SNAP":
			if st := c.stream(ev); st != nil {
				st.begun = true
			}
		}
		return nil
	case event.ProposalSent:
		return c.proposal(ev)
	case event.LearnerRegistered:
		c.registered(ev, 1)
	case event.SyncChosen:
		c.choose(ev)
	case event.ForwardingStarted:
		return c.forward(ev)
	case event.HandlerClosed:
		if ev.Args[0].N != 0 {
			c.registered(ev, -1)
		}
	case event.CommitUnmatched:
		return violated("M1", ev.Node, zxid(ev, 0), fact(ev.Seq,
			"server %d is told to commit %s, and the oldest that waits there is %s", ev.Node,
			zxid(ev, 0), zxid(ev, 1)))
	}
	return nil
}

// registered counts the connections of a learner.
func (c *streams) registered(ev *trace.Event, by int) {
	k := link{ev.Node, ev.Peer}
	c.conn[k] += by
	c.last = nil
	switch st := c.open[k]; {
	case c.conn[k] <= 0:
		delete(c.conn, k)
		delete(c.open, k)
	case st != nil:
		st.blind = true
	}
}

// stream finds the stream of an event, nil if none is open.
func (c *streams) stream(ev *trace.Event) *stream {
	k := link{ev.Node, ev.Peer}
	if c.last == nil || c.key != k {
		c.last, c.key = c.open[k], k
	}
	return c.last
}

// choose opens a stream. What a DIFF or TRUNC has to send is the leader's history behind the
// place that the learner is at, or returns to.
func (c *streams) choose(ev *trace.Event) {
	k := link{ev.Node, ev.Peer}
	st := &stream{chosen: ev.Seq, first: true, blind: c.conn[k] > 1}
	mem := c.m.servers[ev.Node].mem
	switch text(ev, 1) {
	case "DIFF":
		st.sent = zxid(ev, 3)
		st.sync = mem.behind(st.sent)
	case "TRUNC":
		st.sent = zxid(ev, 2)
		st.sync = mem.behind(st.sent)
	default:
		st.sent = mem.zxid
	}
	c.open[k], c.last = st, nil
}

func (c *streams) proposal(ev *trace.Event) []Violation {
	z := zxid(ev, 1)
	st := c.stream(ev)
	if st == nil {
		return violated("M3", ev.Peer, z, fact(ev.Seq,
			"server %d sends %s to server %d, to which it does not forward", ev.Node, z, ev.Peer))
	}
	if st.blind {
		return nil
	}
	inform := text(ev, 0) != "PROPOSAL"
	if !inform {
		st.waiting = append(st.waiting, z)
	}
	var out []Violation
	switch {
	case len(st.sync) > 0 && st.sync[0].zxid != z:
		out = violated("M6", ev.Peer, z,
			fact(st.chosen, "server %d chose how to bring server %d level", ev.Node, ev.Peer),
			fact(ev.Seq, "it sends %s where %s is next", z, st.sync[0].zxid))
		st.sync = nil
	case len(st.sync) > 0:
		st.sync = st.sync[1:]
	case !st.follows(z, c.m.config.InitialCounter+1):
		out = violated("M2", ev.Peer, z, fact(ev.Seq,
			"server %d sends %s to server %d behind %s", ev.Node, z, ev.Peer, st.sent))
	}
	st.sent, st.first = z, false
	return out
}

// follows reports whether z may come next: one more, or the first of a newer epoch.
func (st *stream) follows(z zk.Zxid, first int64) bool {
	return z == st.sent+1 || z.Epoch() > st.sent.Epoch() && (st.first || z.Counter() == first) ||
		st.first && st.sent.Counter() == 0 && z > st.sent
}

func (c *streams) commit(ev *trace.Event) []Violation {
	z := zxid(ev, 1)
	st := c.stream(ev)
	if st == nil {
		return violated("M3", ev.Peer, z, fact(ev.Seq,
			"server %d sends %s %s to server %d, to which it does not forward", ev.Node,
			text(ev, 0), z, ev.Peer))
	}
	if st.blind {
		return nil
	}
	if st.head < len(st.waiting) && st.waiting[st.head] == z {
		st.pop()
		return nil
	}
	oldest := zk.NoZxid
	if st.head < len(st.waiting) {
		oldest = st.waiting[st.head]
	}
	return violated("M1", ev.Peer, z, fact(ev.Seq,
		"server %d sends %s %s to server %d, whose oldest proposal is %s", ev.Node, text(ev, 0), z,
		ev.Peer, oldest))
}

// pop takes the oldest waiting proposal out; the room of those gone is used again.
func (st *stream) pop() {
	st.head++
	if st.head == len(st.waiting) {
		st.waiting, st.head = st.waiting[:0], 0
	} else if st.head > 1024 && 2*st.head > len(st.waiting) {
		n := copy(st.waiting, st.waiting[st.head:])
		st.waiting, st.head = st.waiting[:n], 0
	}
}

// forward is the end of the synchronization: nothing of a DIFF may be missing.
func (c *streams) forward(ev *trace.Event) []Violation {
	st := c.stream(ev)
	if st == nil || st.blind || st.forwarding {
		return nil
	}
	st.forwarding = true
	if len(st.sync) == 0 || !st.begun {
		return nil
	}
	missing := st.sync[0]
	st.sync = nil
	return violated("M6", ev.Peer, missing.zxid,
		fact(missing.seen, "server %d has %s", ev.Node, missing.zxid),
		fact(st.chosen, "it chose how to bring server %d level", ev.Peer),
		fact(ev.Seq, "it did so without %s", missing.zxid))
}
