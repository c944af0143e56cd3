package client

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// bench is a client on a workbench: a test plays the network, the servers and the clock. After each
// step it holds the fold of the client's events against its View.
type bench struct {
	t      *testing.T
	c      *Client
	now    node.Time
	fold   *node.State
	timers map[node.Timer]node.Time
	dials  []node.Effect
	sent   []node.Message // since the last take
	closed []node.ConnID
	exit   string
	kinds  []node.Kind
}

const me = node.FirstClient

// newBench starts a client of servers 1, 2 and 3 with a session timeout of 30 s.
func newBench(t *testing.T, change func(*Config)) *bench {
	t.Helper()
	cfg := Config{ID: me, Servers: []node.ID{1, 2, 3}, SessionTimeout: 30000}
	if change != nil {
		change(&cfg)
	}
	b := &bench{t: t, c: New(cfg, node.NewRand(1)), fold: node.NewState(),
		timers: map[node.Timer]node.Time{}}
	b.c.SetTracing(true)
	b.step(node.Input{Kind: node.Start, Incarnation: 1})
	return b
}

func bare(c *Config) { c.Bare = true }

func (b *bench) step(in node.Input) {
	b.t.Helper()
	in.Now = b.now
	for _, e := range b.c.Step(in, nil) {
		switch e.Kind {
		case node.Dial:
			b.dials = append(b.dials, e)
		case node.Send:
			b.sent = append(b.sent, e.Msg)
		case node.Close:
			b.closed = append(b.closed, e.Conn)
		case node.SetTimer:
			b.timers[e.Timer] = e.At
		case node.CancelTimer:
			delete(b.timers, e.Timer)
		case node.Exit:
			b.exit = e.Reason
		case node.Emit:
			b.kinds = append(b.kinds, e.Event.Kind)
			for _, op := range e.Event.Ops {
				b.fold.Apply(event.Vocabulary, op)
			}
		}
	}
	if d := b.fold.Differences(event.Vocabulary, b.c.View()); d != nil {
		b.t.Fatalf("the fold of the events differs from the view in %v", d)
	}
}

func (b *bench) command(c any) {
	b.t.Helper()
	b.step(node.Input{Kind: node.Commanded, Command: c})
}

// dialled is the last attempt to connect.
func (b *bench) dialled() node.Effect { return b.dials[len(b.dials)-1] }

// accept lets the last dial succeed.
func (b *bench) accept() {
	b.t.Helper()
	b.step(node.Input{Kind: node.Connected, Conn: b.dialled().Conn, Port: zk.ClientPort})
}

func (b *bench) receive(m node.Message) {
	b.t.Helper()
	b.step(node.Input{Kind: node.Received, Conn: b.dialled().Conn, Msg: m})
}

// connect opens session 77 at a server, with the timeout that was asked for.
func (b *bench) connect(server node.ID) {
	b.t.Helper()
	b.command(Connect{server})
	b.welcome(77, b.c.cfg.SessionTimeout)
}

// welcome lets the last dial succeed and answers with a session.
func (b *bench) welcome(session int64, timeout int32) {
	b.t.Helper()
	b.accept()
	b.take()
	b.receive(&jute.ConnectResponse{Timeout: timeout, Session: session,
		Password: [16]byte{1, 2, 3}})
}

// take returns what was sent since the last time.
func (b *bench) take() []node.Message {
	out := b.sent
	b.sent = nil
	return out
}

// requests are the calls and pings sent since the last time, as op and path.
func (b *bench) requests() (out []string) {
	for _, m := range b.take() {
		r := m.(*jute.ClientRequest)
		out = append(out, r.Request.Type.String()+" "+r.Request.Path)
	}
	return out
}

// advance moves the clock and fires what is due, in the order of time.
func (b *bench) advance(to node.Time) {
	b.t.Helper()
	for {
		var due node.Timer
		at := to + 1
		for t, when := range b.timers {
			if when < at || when == at && t.Kind < due.Kind {
				due, at = t, when
			}
		}
		if at > to {
			b.now = to
			return
		}
		delete(b.timers, due)
		b.now = at
		b.step(node.Input{Kind: node.Fired, Timer: due})
	}
}

// answer replies to a call.
func (b *bench) answer(xid int32, zxid zk.Zxid, r zk.Result) {
	b.t.Helper()
	b.receive(&jute.ClientReply{Xid: xid, Zxid: zxid, Result: r})
}

func (b *bench) call(tag int64, r zk.Request) {
	b.t.Helper()
	b.command(Call{Tag: tag, Request: &r})
}

func (b *bench) wantState(want State) {
	b.t.Helper()
	if b.c.State() != want {
		b.t.Fatalf("the client is %s, want %s (%s)", b.c.State(), want, b.c.Failure())
	}
}

// outcome is the error of the call with a tag, and whether its effect is unknown.
func (b *bench) wantOutcome(tag int64, err zk.ErrorCode, unknown bool) {
	b.t.Helper()
	o := b.c.History().Find(tag)
	if o == nil || !o.Done || o.Result.Err != err || o.Unknown != unknown {
		b.t.Fatalf("call %d ended in %+v, want %v, unknown %v", tag, o, err, unknown)
	}
}
