package election

import (
	"slices"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// reason returns why the last connection was given up.
func (l *lone) reason() string {
	e := l.events(event.ElectionConnDropped)
	if len(e) == 0 {
		return ""
	}
	return e[len(e)-1].Args[1].S
}

// leaderOf is whom a sent notification proposes.
func leaderOf(x sent) zk.SID { return x.m.(*jute.Notification).Leader }

// startConnection, smaller sid to larger: say who you are, close, be called back.
func TestDialledByTheSmaller(t *testing.T) {
	l := newLone(t, 1, majority(3))
	c := l.connect(3)
	if len(l.hellos) != 1 || !slices.Contains(l.closed, c) {
		t.Fatalf("hellos %v, closed %v", l.hellos, l.closed)
	}
	want := jute.Hello{Version: -65536, SID: 1, Address: "10.0.0.1:3888"}
	if h := *l.hellos[0].m.(*jute.Hello); h != want {
		t.Errorf("initial message %+v, want %+v", h, want)
	}
	l.silent("votes go over the larger sid's connection")
	if l.reason() != "largerSidCallsBack" {
		t.Errorf("reason %q", l.reason())
	}
	l.accept(3)
	if out := l.said(); len(out) != 1 || out[0].to != 3 {
		t.Errorf("sent %v, want the vote that waited", out)
	}
}

// startConnection, larger sid to smaller: say who you are and keep it.
func TestDialledByTheLarger(t *testing.T) {
	l := newLone(t, 3, majority(3))
	c := l.connect(1)
	if len(l.hellos) != 1 || len(l.closed) != 0 {
		t.Fatalf("hellos %v, closed %v", l.hellos, l.closed)
	}
	if out := l.said(); len(out) != 1 || out[0].to != 1 {
		t.Errorf("sent %v", out)
	}
	l.receive(c, &jute.Notification{Leader: 1, Round: 1, Version: 2})
	if l.recvsetOf()[1] != 1 {
		t.Error("what came back was not read")
	}
}

// handleConnection, from a smaller sid: end what there is, close, call back.
func TestAcceptedFromTheSmaller(t *testing.T) {
	l := newLone(t, 3, majority(3))
	old := l.connect(1)
	l.said()
	c := l.accept(1)
	if !slices.Contains(l.closed, old) || !slices.Contains(l.closed, c) {
		t.Fatalf("closed %v, want %d and %d", l.closed, old, c)
	}
	if l.reason() != "smallerSidIsCalledBack" {
		t.Errorf("reason %q", l.reason())
	}
	l.receive(old, &jute.Notification{Leader: 9, Round: 1})
	l.connect(1)
	if out := l.said(); len(out) != 1 || leaderOf(out[0]) != 3 {
		t.Errorf("sent %v, want the last message again", out)
	}
}

// The call back is one attempt even if the smaller sid asks twice, or one is under way.
func TestOneAttemptAtATime(t *testing.T) {
	l := newLone(t, 3, majority(3))
	first := l.dialed[1]
	l.accept(1)
	l.accept(1)
	if l.dialed[1] != first {
		t.Error("dialled again while an attempt was under way")
	}
	l.take(l.input(node.Input{Kind: node.DialFailed, Conn: first}))
	l.accept(1)
	if l.dialed[1] == first {
		t.Error("not dialled after the attempt had failed")
	}
}

// handleConnection, from a larger sid: it replaces what there is.
func TestAcceptedFromTheLarger(t *testing.T) {
	l := newLone(t, 1, majority(3))
	old := l.accept(3)
	l.said()
	c := l.accept(3)
	if len(l.closed) != 1 || l.closed[0] != old || l.reason() != "replaced" {
		t.Errorf("closed %v, reason %q", l.closed, l.reason())
	}
	if out := l.said(); len(out) != 1 {
		t.Errorf("sent %v, want the last message again", out)
	}
	l.receive(old, &jute.Notification{Leader: 3, Round: 1, Version: 2})
	if l.fle.proposal.Leader != 1 {
		t.Error("a message on a replaced connection was read")
	}
	l.receive(c, &jute.Notification{Leader: 3, Round: 1, Version: 2})
	if l.fle.proposal.Leader != 3 {
		t.Error("a message on the new connection was not read")
	}
	l.take(l.input(node.Input{Kind: node.Closed, Conn: old}))
	if l.fle.qcm.link(3).worker != c {
		t.Error("the end of the old connection ended the new one")
	}
}

// handleConnection, own sid: nothing happens. (ZOOKEEPER-2164)
func TestAcceptedFromOwnSid(t *testing.T) {
	l := newLone(t, 2, majority(3))
	c := l.accept(2)
	l.receive(c, &jute.Notification{Leader: 3, Round: 1, Version: 2})
	if l.reason() != "ownSid" || len(l.closed) != 0 || l.fle.proposal.Leader != 2 {
		t.Errorf("reason %q, closed %v", l.reason(), l.closed)
	}
}

// InitialMessage: a first long of 0 or more is the sid of an old server; other versions than the
// two known ones are refused; V2 is read like V1.
func TestInitialMessageVersions(t *testing.T) {
	l := newLone(t, 1, majority(3))
	c := l.acceptSilent(3)
	l.receive(c, &jute.Hello{Version: 3})
	if l.fle.qcm.link(3).worker != c {
		t.Error("a 3.4 server was not recognised")
	}
	c = l.acceptSilent(2)
	l.receive(c, &jute.Hello{Version: protocolV2, SID: 2, Address: "h:1|h:2"})
	if l.fle.qcm.link(2).worker != c {
		t.Error("version 2 was not recognised")
	}
	c = l.acceptSilent(2)
	l.receive(c, &jute.Hello{Version: -7, SID: 2})
	if !slices.Contains(l.closed, c) || l.reason() != "unknownVersion" {
		t.Errorf("closed %v, reason %q", l.closed, l.reason())
	}
}

// A connection that begins with anything but the initial message is closed; a second initial
// message on an open one is ignored.
func TestInitialMessageComesFirst(t *testing.T) {
	l := newLone(t, 1, majority(3))
	c := l.acceptSilent(3)
	l.receive(c, &jute.Notification{Leader: 3, Round: 1, Version: 2})
	if !slices.Contains(l.closed, c) || l.fle.proposal.Leader != 1 {
		t.Errorf("closed %v, proposal %v", l.closed, l.fle.proposal)
	}
	c = l.accept(2)
	l.receive(c, &jute.Hello{Version: protocolV1, SID: 3})
	if l.fle.qcm.link(2).worker != c || l.fle.qcm.link(3).worker != 0 {
		t.Error("a connection changed hands")
	}
}

// Strangers: a larger sid is served as it comes; a smaller one is called back if it said where,
// else left alone.
func TestStrangers(t *testing.T) {
	l := newLone(t, 5, majority(5), func(s *server) { s.verifier = ensemble(7, nil) })
	l.verifier = majority(5)
	l.accept(6)
	l.receive(l.conn[6], &jute.Notification{State: zk.Looking, Leader: zk.NoLeader, Version: 2})
	if out := l.said(); len(out) == 0 || out[len(out)-1].to != 6 {
		t.Errorf("sent %v, want an answer to 6", out)
	}

	l = newLone(t, 5, ensemble(7, nil))
	l.verifier = ensemble(1, nil)
	clear(l.dialed)
	for _, h := range []jute.Hello{{Version: protocolV1, SID: -1, Address: "h:1"},
		{Version: protocolV1, SID: 1 << 40, Address: "h:1"}, {Version: 0}} {
		c := l.acceptSilent(h.SID)
		l.receive(c, &h)
	}
	if len(l.dialed) != 0 {
		t.Errorf("dialled %v", l.dialed)
	}
	s := newLone(t, 5, majority(5), func(s *server) { s.verifier = ensemble(1, nil) })
	s.accept(3)
	if _, ok := s.dialed[3]; !ok {
		t.Error("a stranger that said where it listens was not called back")
	}
}

// Nobody is dialled whom no configuration knows; one that is only proposed counts.
func TestDialOnlyMembers(t *testing.T) {
	l := newLone(t, 1, majority(1))
	if len(l.dialed) != 0 {
		t.Errorf("dialled %v", l.dialed)
	}
	l.do(func(o *node.Out) { l.fle.qcm.toSend(o, 3, &jute.Notification{}) })
	if len(l.dialed) != 0 {
		t.Errorf("dialled a stranger: %v", l.dialed)
	}
	l.lastSeen = majority(3)
	l.do(l.fle.qcm.connectAll)
	if len(l.dialed) != 1 {
		t.Errorf("dialled %v, want 3", l.dialed)
	}
}

// CircularBlockingQueue of one: an unsent message gives way to a newer one.
func TestSendQueueHoldsOne(t *testing.T) {
	l := newLone(t, 1, majority(3))
	l.hear(2, looking(2, 0, 0, 1)) // convinces it; the vote for 1 was never sent to 3
	l.said()
	l.accept(3)
	out := l.said()
	if len(out) != 1 || leaderOf(out[0]) != 2 {
		t.Errorf("sent %v, want the vote for 2 alone", out)
	}
}

// SendWorker: a new connection with an empty queue begins with the last message sent, so that a
// vote lost with the old connection comes through.
func TestLastMessageIsSentAgain(t *testing.T) {
	l := newLone(t, 1, majority(3))
	l.accept(3)
	l.take(l.input(node.Input{Kind: node.Closed, Conn: l.conn[3]}))
	l.said()
	l.accept(3)
	if out := l.said(); len(out) != 1 || leaderOf(out[0]) != 1 {
		t.Errorf("sent %v, want the last message", out)
	}
	fresh := boundLone(t, 1, majority(3))
	fresh.accept(3)
	fresh.silent("nothing was ever sent")
}

// A message is remembered as sent when it leaves the queue, so that one that was queued while there
// was no connection is sent once.
func TestQueuedMessageIsSentOnce(t *testing.T) {
	l := newLone(t, 3, majority(3))
	l.connect(1)
	if out := l.said(); len(out) != 1 {
		t.Errorf("sent %v", out)
	}
}

// The death of a connection is noticed and nothing more: the next send dials again.
func TestClosedConnectionIsDialledAtTheNextSend(t *testing.T) {
	l := newLone(t, 3, majority(3))
	c := l.connect(1)
	clear(l.dialed)
	l.take(l.input(node.Input{Kind: node.Closed, Conn: c}))
	if len(l.dialed) != 0 {
		t.Errorf("dialled %v at once", l.dialed)
	}
	l.do(func(o *node.Out) { l.fle.qcm.toSend(o, 1, &jute.Notification{}) })
	if len(l.dialed) != 1 {
		t.Errorf("dialled %v", l.dialed)
	}
}

// An attempt is given cnxTimeout; one that nobody wants any more is closed when it succeeds.
func TestDialDeadline(t *testing.T) {
	l := boundLone(t, 3, majority(3))
	var at node.Time
	for _, x := range l.step(l.fle.LookForLeader) {
		if x.Kind == node.Dial {
			at = x.At
		}
	}
	if at != 1000*ms {
		t.Errorf("fails at %d", at)
	}
	stray := node.MakeConn(1, 1, 99)
	l.take(l.input(node.Input{Kind: node.Connected, Conn: stray}))
	if !slices.Contains(l.closed, stray) {
		t.Error("a connection that nobody asked for stays open")
	}
}

// haveDelivered: any queue that is empty counts; a peer that was never sent anything has no queue.
func TestHaveDelivered(t *testing.T) {
	l := boundLone(t, 2, majority(3))
	q := &l.fle.qcm
	if q.haveDelivered() {
		t.Error("delivered before anything was sent")
	}
	l.accept(1)
	if q.haveDelivered() {
		t.Error("delivered to a peer that is only called back")
	}
	l.do(l.fle.LookForLeader)
	if q.haveDelivered() {
		t.Error("delivered without a connection")
	}
	l.connect(1)
	if !q.haveDelivered() {
		t.Error("one empty queue should do")
	}
}

// An initial message that never comes, on a connection that closes, leaves nothing behind.
func TestSilentConnectionCloses(t *testing.T) {
	l := newLone(t, 1, majority(3))
	c := l.acceptSilent(3)
	l.take(l.input(node.Input{Kind: node.Closed, Conn: c}))
	l.receive(c, &jute.Hello{Version: protocolV1, SID: 3})
	if len(l.fle.qcm.pending) != 0 || l.fle.qcm.link(3).worker != 0 {
		t.Error("a closed connection was used")
	}
}

// A server outside its own configuration has no address to offer; receivers skip the wildcard.
func TestInitialMessageOfAStranger(t *testing.T) {
	l := newLone(t, 7, majority(3))
	l.connect(1)
	if h := l.hellos[0].m.(*jute.Hello); h.Address != "0.0.0.0:3888" {
		t.Errorf("address %q", h.Address)
	}
}
