package client

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// counting is a program that sets paths one after the other and notes how each ended.
type counting struct {
	paths string
	next  int
	ends  []zk.ErrorCode
}

// Line implements Program.
func (p *counting) Line() string { return "set " + p.paths }

// Next implements Program.
func (p *counting) Next(last *zk.Result) *zk.Request {
	if last != nil {
		p.ends = append(p.ends, last.Err)
	}
	if p.next == len(p.paths) {
		return nil
	}
	p.next++
	return &zk.Request{Type: zk.OpSetData, Path: "/" + p.paths[p.next-1:p.next]}
}

func (p *counting) want(t *testing.T, codes ...zk.ErrorCode) {
	t.Helper()
	if !slices.Equal(p.ends, codes) {
		t.Errorf("the calls of %s ended in %v, want %v", p.Line(), p.ends, codes)
	}
}

func (b *bench) wantRequests(want ...string) {
	b.t.Helper()
	if got := b.requests(); !slices.Equal(got, want) {
		b.t.Fatalf("sent %q, want %q", got, want)
	}
}

func TestAProgramAsksOneThingAfterTheOther(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	first, second := &counting{paths: "ab"}, &counting{paths: "c"}
	b.command(Execute{first})
	b.command(Execute{second})
	b.wantRequests("setData /a")
	b.answer(1, 5, zk.Result{})
	b.wantRequests("setData /b")
	b.answer(2, 6, zk.Result{Err: zk.ErrNoNode})
	b.wantRequests("setData /c")
	b.answer(3, 7, zk.Result{})
	b.wantRequests()
	first.want(t, zk.ErrOK, zk.ErrNoNode)
	second.want(t, zk.ErrOK)
	if n := len(b.c.History().Ops); n != 3 {
		t.Errorf("the history has %d calls", n)
	}
}

func TestAProgramWithoutRequestsIsOverAtOnce(t *testing.T) {
	b := newBench(t, nil)
	b.command(Execute{&counting{}})
	p := &counting{paths: "a"}
	b.command(Execute{p})
	b.connect(1) // sends what waits
	b.answer(1, 1, zk.Result{})
	p.want(t, zk.ErrOK)
}

func TestProgramsAndScriptsDoNotDisturbEachOther(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	p := &counting{paths: "ab"}
	b.command(Do{Tag: 10, Requests: sets(2)})
	b.command(Execute{p})
	b.take()
	for xid := int32(1); xid <= 4; xid++ {
		b.answer(xid, zk.Zxid(xid), zk.Result{})
	}
	p.want(t, zk.ErrOK, zk.ErrOK)
	b.wantOutcome(10, zk.ErrOK, false)
	b.wantOutcome(11, zk.ErrOK, false)
}

// A program hears of a lost connection and may go on; what it asks then waits for the next server.
func TestALostConnectionIsToldToTheProgram(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	p, q := &counting{paths: "ab"}, &counting{paths: "c"}
	b.command(Execute{p})
	b.command(Execute{q})
	b.take()
	b.step(node.Input{Kind: node.Closed, Conn: b.dialled().Conn, Reason: "closed"})
	b.wantState(Waiting)
	p.want(t, zk.ErrConnectionLoss)
	b.advance(node.Second)
	b.welcome(77, 30000)
	b.wantRequests("setData /b")
	b.answer(2, 3, zk.Result{})
	p.want(t, zk.ErrConnectionLoss, zk.ErrOK)
	b.wantRequests("setData /c")
	b.answer(3, 4, zk.Result{})
	q.want(t, zk.ErrOK)
}

func TestAnExpiredSessionEndsEveryProgram(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	p, q := &counting{paths: "ab"}, &counting{paths: "c"}
	b.command(Execute{p})
	b.command(Execute{q})
	b.step(node.Input{Kind: node.Closed, Conn: b.dialled().Conn, Reason: "closed"})
	b.advance(node.Second)
	b.welcome(0, 0) // a timeout of 0 says that the session is gone
	b.wantState(Expired)
	p.want(t, zk.ErrConnectionLoss, zk.ErrSessionExpired)
	q.want(t, zk.ErrSessionExpired)
}

func TestAProgramIsNamedByItsLine(t *testing.T) {
	if got := fmt.Sprint(Execute{&counting{paths: "ab"}}); got != "set ab" {
		t.Errorf("named %q", got)
	}
}

// A server answers a proof of identity at once, before what is under way.
// ClientCnxn.primeConnection shows every proof to the next server, with the xid -4.
func TestAProofOfIdentityIsShownToEveryServer(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	b.call(1, zk.Request{Type: zk.OpSync, Path: "/a"})
	b.call(2, zk.Request{Type: zk.OpAuth, Scheme: "digest", Data: []byte("u:p")})
	b.call(3, zk.Request{Type: zk.OpAuth, Scheme: "nope"})
	b.authAnswer(2, zk.ErrOK)
	b.authAnswer(3, zk.ErrAuthFailed)
	b.wantState(Connected)
	b.wantOutcome(2, zk.ErrOK, false)
	b.wantOutcome(3, zk.ErrAuthFailed, false)
	b.answer(1, 1, zk.Result{})
	b.wantOutcome(1, zk.ErrOK, false)

	b.step(node.Input{Kind: node.Closed, Conn: b.dialled().Conn, Reason: "closed"})
	b.advance(node.Second)
	b.take()
	b.accept()
	b.take()
	b.receive(welcomeBack)
	sent := b.take()
	if len(sent) != 1 || !isAuth(sent[0]) {
		t.Fatalf("the next server is sent %v, want the proof that was taken", sent)
	}
	b.authAnswer(-4, zk.ErrOK)
	b.wantState(Connected)
}

// With limited patience a client looks for a server only as long as its session can live.
func TestPatienceEnds(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Patience = 30000 })
	b.connect(1)
	b.step(node.Input{Kind: node.Closed, Conn: b.dialled().Conn, Reason: "closed"})
	b.wantState(Waiting)
	for b.c.State() != Idle {
		b.advance(b.now + node.Second)
		if b.c.State() == Connecting {
			b.step(node.Input{Kind: node.DialFailed, Conn: b.dialled().Conn,
				Reason: "connection refused"})
		}
		if b.now > 60*node.Second {
			t.Fatal("it looks for a server still")
		}
	}
	if b.now < 30*node.Second {
		t.Errorf("it gave up after %d s", b.now/node.Second)
	}
	b.advance(10 * 60 * node.Second)
	b.wantState(Idle)

	// Told to, it looks for the session again, and again for as long.
	b.command(Connect{2})
	b.step(node.Input{Kind: node.DialFailed, Conn: b.dialled().Conn, Reason: "connection refused"})
	b.wantState(Waiting)
}

func TestWithoutASessionThereIsNothingToLookFor(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Patience = 30000 })
	b.command(Connect{1})
	b.call(1, zk.Request{Type: zk.OpSync, Path: "/a"})
	b.step(node.Input{Kind: node.DialFailed, Conn: b.dialled().Conn, Reason: "connection refused"})
	b.wantState(Idle)
	b.wantOutcome(1, zk.ErrConnectionLoss, false)
}

// An attempt that fails while no call waits is no news; a call that fails with it is.
func TestFailedAttemptsAreTold(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	b.step(node.Input{Kind: node.Closed, Conn: b.dialled().Conn, Reason: "closed"})
	attempt := func(want string) {
		t.Helper()
		b.advance(b.now + node.Second)
		b.kinds = nil
		b.step(node.Input{Kind: node.DialFailed, Conn: b.dialled().Conn,
			Reason: "connection refused"})
		var got []string
		for _, k := range b.kinds {
			got = append(got, event.Vocabulary.Kinds[k].Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("told %v, want %s", got, want)
		}
	}
	attempt("client.attemptFailed")
	b.call(1, zk.Request{Type: zk.OpSync, Path: "/a"})
	attempt("client.lost client.answered")
	attempt("client.attemptFailed")
}

// welcomeBack takes up session 77.
var welcomeBack = &jute.ConnectResponse{Timeout: 30000, Session: 77}

// authAnswer replies to a proof of identity.
func (b *bench) authAnswer(xid int32, err zk.ErrorCode) {
	b.t.Helper()
	b.receive(&jute.ClientReply{Xid: xid, Type: zk.OpAuth, Result: zk.Result{Err: err}})
}

// isAuth reports whether a message is the proof of u:p, sent as a connection begins.
func isAuth(m node.Message) bool {
	r, ok := m.(*jute.ClientRequest)
	return ok && r.Xid == -4 && r.Request.Type == zk.OpAuth && string(r.Request.Data) == "u:p"
}
