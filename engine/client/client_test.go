package client

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

func TestAFirstConnectionOpensASession(t *testing.T) {
	b := newBench(t, nil)
	b.command(Connect{2})
	d := b.dialled()
	if d.Peer != 2 || d.Port != zk.ClientPort || d.At != 10*node.Second {
		t.Fatalf("dialled %+v, want server 2 within a third of the session timeout", d)
	}
	b.accept()
	want := &jute.ConnectRequest{Timeout: 30000, HasReadOnly: true}
	if got := b.take(); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Fatalf("sent %+v, want %+v", got, want)
	}
	b.wantState(Connecting)
	b.receive(&jute.ConnectResponse{Timeout: 20000, Session: 77})
	b.wantState(Connected)
	if b.c.Session() != 77 || b.c.Timeout() != 20000 || b.c.Server() != 2 {
		t.Errorf("session %d, timeout %d, server %d", b.c.Session(), b.c.Timeout(), b.c.Server())
	}
}

func TestAConnectionIsNotOpenedTwice(t *testing.T) {
	b := newBench(t, nil)
	b.connect(2)
	b.command(Connect{3})
	if len(b.dials) != 1 {
		t.Errorf("dialled %d times", len(b.dials))
	}
}

func TestACallIsRemembered(t *testing.T) {
	b := newBench(t, nil)
	b.connect(2)
	b.now = 5 * node.Second
	b.call(9, zk.Request{Type: zk.OpGetData, Path: "/a"})
	b.now = 6 * node.Second
	b.answer(1, 7, zk.Result{Data: []byte("x")})
	want := Op{Tag: 9, Xid: 1, Request: &zk.Request{Type: zk.OpGetData, Path: "/a"}, Server: 2,
		Invoked: 5 * node.Second, Done: true, Answered: 6 * node.Second, Zxid: 7,
		Result: zk.Result{Data: []byte("x")}}
	if got := b.c.History().Ops; len(got) != 1 || !reflect.DeepEqual(got[0], want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if b.c.LastZxid() != 7 || b.c.History().Pending() != 0 {
		t.Errorf("last zxid %s, %d pending", b.c.LastZxid(), b.c.History().Pending())
	}
	if b.c.History().Find(10) != nil {
		t.Error("found a call that nobody made")
	}
}

func TestCallsMayOverlapAndAreAnsweredInOrder(t *testing.T) {
	b := newBench(t, nil)
	b.call(1, zk.Request{Type: zk.OpSync, Path: "/early"})
	if b.take() != nil {
		t.Fatal("sent something without a connection")
	}
	b.connect(1)
	b.call(2, zk.Request{Type: zk.OpGetData, Path: "/a"})
	if got, want := b.requests(), []string{"sync /early", "getData /a"}; !slices.Equal(got, want) {
		t.Fatalf("sent %v, want %v", got, want)
	}
	if b.c.History().Pending() != 2 {
		t.Fatal(b.c.History().Pending(), "pending")
	}
	b.answer(1, 3, zk.Result{})
	b.answer(2, 2, zk.Result{Err: zk.ErrNoNode})
	b.wantOutcome(1, zk.ErrOK, false)
	b.wantOutcome(2, zk.ErrNoNode, false)
	if b.c.LastZxid() != 3 {
		t.Error("an older zxid was taken for the last one seen")
	}
}

func TestAnAnswerOutOfOrderEndsTheConnection(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	b.call(1, zk.Request{Type: zk.OpSync, Path: "/a"})
	b.call(2, zk.Request{Type: zk.OpSync, Path: "/b"})
	b.answer(2, 1, zk.Result{})
	b.wantState(Waiting)
	b.wantOutcome(1, zk.ErrConnectionLoss, true)
}

func TestAnswersThatNobodyWaitsForAreIgnored(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	b.answer(5, 4, zk.Result{})
	b.answer(-2, 9, zk.Result{})
	b.wantState(Connected)
	if b.c.LastZxid() != 4 {
		t.Error("last zxid", b.c.LastZxid(), "want that of the reply, not that of the ping")
	}
}

// ClientCnxn.SendThread.run: timeToNextPing = readTimeout/2 - idle - (idle > 1000 ? 1000 : 0), and
// never more than MAX_SEND_PING_INTERVAL.
func TestPingsLeaveInTime(t *testing.T) {
	for _, x := range []struct{ timeout, ping int64 }{
		{3000, 1000}, {1500, 500}, {4500, 1000}, {6000, 1000}, {30000, 9000}, {300000, 10000},
	} {
		t.Run(fmt.Sprint(x.timeout), func(t *testing.T) {
			b := newBench(t, func(c *Config) { c.SessionTimeout = int32(x.timeout) })
			b.connect(1)
			due := node.Time(x.ping) * node.Millisecond
			b.advance(due - 1)
			if got := b.take(); got != nil {
				t.Fatalf("sent %v too early", got)
			}
			b.advance(due)
			if got := b.requests(); !slices.Equal(got, []string{"ping "}) {
				t.Fatalf("sent %v, want a ping", got)
			}
		})
	}
}

func TestARequestPutsThePingOff(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	b.advance(8 * node.Second)
	b.call(1, zk.Request{Type: zk.OpSync, Path: "/a"})
	b.take()
	b.advance(16 * node.Second)
	if got := b.take(); got != nil {
		t.Errorf("sent %v within 9 s of a request", got)
	}
}

func TestSilenceEndsAConnectionAndAnotherServerIsAsked(t *testing.T) {
	b := newBench(t, nil)
	b.connect(b.c.servers[2])
	b.call(1, zk.Request{Type: zk.OpSetData, Path: "/a"})
	b.advance(19999 * node.Millisecond)
	b.wantState(Connected)
	b.advance(20000 * node.Millisecond)
	b.wantState(Waiting)
	if b.c.Failure() != "nothing heard for 20000 ms" || len(b.closed) != 1 {
		t.Errorf("failure %q, closed %v", b.c.Failure(), b.closed)
	}
	b.wantOutcome(1, zk.ErrConnectionLoss, true)
	b.advance(21 * node.Second)
	b.wantState(Connecting)
	if b.dialled().Peer != b.c.servers[0] {
		t.Errorf("dialled %d, want the first of the list %v", b.dialled().Peer, b.c.servers)
	}
}

func TestASessionIsTakenAlong(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	b.call(1, zk.Request{Type: zk.OpSync, Path: "/a"})
	b.answer(1, 42, zk.Result{})
	b.command(Move{3})
	b.accept()
	want := &jute.ConnectRequest{LastZxidSeen: 42, Timeout: 30000, Session: 77,
		Password: [16]byte{1, 2, 3}, HasReadOnly: true}
	got := b.take()
	if last := got[len(got)-1]; !reflect.DeepEqual(last, want) || b.dialled().Peer != 3 {
		t.Errorf("sent %+v to %d, want %+v", last, b.dialled().Peer, want)
	}
	b.receive(&jute.ConnectResponse{Timeout: 30000, Session: 77})
	b.call(2, zk.Request{Type: zk.OpSync, Path: "/b"})
	if o := b.c.History().Find(2); o.Xid != 2 || o.Server != 3 {
		t.Errorf("xid %d at server %d: requests are counted on", o.Xid, o.Server)
	}
}

func TestAServerThatRefusesIsPassedOver(t *testing.T) {
	b := newBench(t, nil)
	b.command(Connect{})
	for _, want := range []node.ID{b.c.servers[0], b.c.servers[1], b.c.servers[2], b.c.servers[0]} {
		if b.dialled().Peer != want {
			t.Fatalf("dialled %d, want %d of %v", b.dialled().Peer, want, b.c.servers)
		}
		b.step(node.Input{Kind: node.DialFailed, Conn: b.dialled().Conn, Reason: "refused"})
		b.wantState(Waiting)
		b.advance(b.now + node.Second)
	}
	if b.c.Failure() != "" {
		t.Error("a new attempt still shows the failure of the last:", b.c.Failure())
	}
}

func TestAServerThatDoesNotAnswerTheIntroductionIsLeft(t *testing.T) {
	b := newBench(t, nil)
	b.command(Connect{1})
	b.accept()
	b.advance(10 * node.Second)
	b.wantState(Waiting)
	if b.c.Failure() != "no answer to the connect request" {
		t.Error(b.c.Failure())
	}
}

func TestASessionThatIsGoneIsGoneForGood(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	b.step(node.Input{Kind: node.Closed, Conn: b.dialled().Conn, Reason: "closed"})
	b.call(1, zk.Request{Type: zk.OpSync, Path: "/a"})
	b.advance(node.Second)
	b.accept()
	b.receive(&jute.ConnectResponse{})
	b.wantState(Expired)
	b.wantOutcome(1, zk.ErrSessionExpired, false)
	b.call(2, zk.Request{Type: zk.OpSync, Path: "/a"})
	b.wantOutcome(2, zk.ErrSessionExpired, false)
	b.command(Connect{2})
	b.wantState(Expired)
	if len(b.timers) != 0 {
		t.Error("timers are left:", b.timers)
	}
	b.command(End{})
	if b.exit == "" {
		t.Error("a client without a session does not go when told to")
	}
}

func TestWhatComesOverAnOldConnectionIsIgnored(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	old := b.dialled().Conn
	b.command(Move{2})
	b.step(node.Input{Kind: node.Closed, Conn: old, Reason: "closed"})
	b.step(node.Input{Kind: node.Received, Conn: old, Msg: &jute.ConnectResponse{}})
	b.step(node.Input{Kind: node.DialFailed, Conn: old})
	b.wantState(Connecting)
	b.step(node.Input{Kind: node.Connected, Conn: old})
	if n := len(b.closed); n != 2 || b.closed[1] != old {
		t.Error("a connection that came too late was not closed:", b.closed)
	}
}

func TestADroppedConnectionStaysAway(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	b.call(1, zk.Request{Type: zk.OpDelete, Path: "/a"})
	b.command(Drop{})
	b.wantState(Idle)
	b.wantOutcome(1, zk.ErrConnectionLoss, true)
	b.advance(node.Second * 100)
	if len(b.dials) != 1 || b.c.Session() != 77 {
		t.Errorf("%d dials, session %d", len(b.dials), b.c.Session())
	}
	b.command(Drop{}) // nothing to drop
	b.wantState(Idle)
}

func TestDroppingWhileWaitingEndsTheSearch(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	b.step(node.Input{Kind: node.Closed, Conn: b.dialled().Conn, Reason: "closed"})
	b.wantState(Waiting)
	b.command(Drop{})
	b.wantState(Idle)
	b.advance(node.Second * 100)
	if len(b.dials) != 1 {
		t.Error("it went on looking")
	}
}

func TestAClosedSessionEndsTheProcess(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	b.command(End{})
	if got := b.requests(); !slices.Equal(got, []string{"closeSession "}) || b.exit != "" {
		t.Fatalf("sent %v, exit %q", got, b.exit)
	}
	b.answer(1, 5, zk.Result{})
	b.wantState(Closed)
	if b.exit != "session closed" || !slices.Contains(b.kinds, event.ClientEnded) {
		t.Errorf("exit %q", b.exit)
	}
	b.call(2, zk.Request{Type: zk.OpSync, Path: "/"})
	b.wantOutcome(2, zk.ErrSessionExpired, false)
}

func TestAConnectionLostWhileClosingEndsTheProcessToo(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	b.command(End{})
	b.step(node.Input{Kind: node.Closed, Conn: b.dialled().Conn, Reason: "closed"})
	if b.exit != "connection lost while closing" || len(b.dials) != 1 {
		t.Errorf("exit %q, %d dials", b.exit, len(b.dials))
	}
	b.wantOutcome(-1, zk.ErrConnectionLoss, true)
}

func TestAStoppedClientJustGoes(t *testing.T) {
	b := newBench(t, nil)
	b.step(node.Input{Kind: node.Stop})
	if b.exit != "stopped" {
		t.Error(b.exit)
	}
}

func TestABareClientDoesNothingUnasked(t *testing.T) {
	b := newBench(t, bare)
	b.connect(2)
	if len(b.timers) != 0 {
		t.Fatal("a bare client has timers:", b.timers)
	}
	b.call(1, zk.Request{Type: zk.OpSync, Path: "/a"})
	b.step(node.Input{Kind: node.Closed, Conn: b.dialled().Conn, Reason: "closed"})
	b.wantState(Idle)
	b.wantOutcome(1, zk.ErrConnectionLoss, true)
	if len(b.timers) != 0 || len(b.dials) != 1 || b.c.Failure() != "closed" {
		t.Errorf("timers %v, %d dials, failure %q", b.timers, len(b.dials), b.c.Failure())
	}
	b.call(2, zk.Request{Type: zk.OpSync, Path: "/a"})
	b.wantOutcome(2, zk.ErrConnectionLoss, false)
}

func TestTheOrderOfServersFollowsFromTheSeed(t *testing.T) {
	order := func(seed uint64) string {
		c := New(Config{ID: me, Servers: []node.ID{1, 2, 3, 4, 5}}, node.NewRand(seed))
		return fmt.Sprint(c.servers)
	}
	seen := map[string]bool{}
	for seed := uint64(0); seed < 20; seed++ {
		if first, again := order(seed), order(seed); first != again {
			t.Fatal("one seed, two orders")
		}
		seen[order(seed)] = true
	}
	if len(seen) < 10 {
		t.Errorf("20 seeds gave %d orders", len(seen))
	}
}

func TestWithoutATraceNoEventsAreMade(t *testing.T) {
	c := New(Config{ID: me, Servers: []node.ID{1}}, node.NewRand(1))
	for _, e := range c.Step(node.Input{Kind: node.Commanded, Command: Connect{1}}, nil) {
		if e.Kind == node.Emit {
			t.Error("an event was emitted")
		}
	}
}

func TestCommandsSayWhatTheyAre(t *testing.T) {
	get := &zk.Request{Type: zk.OpGetData, Path: "/a"}
	for want, c := range map[string]fmt.Stringer{
		"connect": Connect{}, "connect to 2": Connect{2}, "getData /a": Call{Request: get},
		"drop the connection": Drop{}, "move to 3": Move{3}, "close the session": End{},
	} {
		if c.String() != want {
			t.Errorf("%q, want %q", c, want)
		}
	}
	for want, d := range map[string]Do{"close the session": {}, "getData /a": {
		Requests: []*zk.Request{get}}, "getData /a and 1 more": {Requests: []*zk.Request{get, get}}} {
		if d.String() != want {
			t.Errorf("%q, want %q", d, want)
		}
	}
}
