package client

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// connectTimeout = sessionTimeout / hostProvider.size(), of the timeout that was asked for at first
// and of the one that was granted later. (ClientCnxn, ClientCnxn.SendThread.onConnected)
func TestHowLongADialMayTake(t *testing.T) {
	for _, x := range []struct {
		name          string
		change        func(*Config)
		granted       int32
		first, second node.Time // milliseconds
	}{
		{"a third of what was asked for, then of what was granted", func(*Config) {}, 6000, 10000, 2000},
		{"the caller's own figure, always", func(c *Config) { c.DialTimeout = 700 }, 6000, 700, 700},
		{"one server gets it all", func(c *Config) { c.Servers = c.Servers[:1] }, 6000, 30000, 6000},
		{"never nothing", func(c *Config) { c.SessionTimeout = 1 }, 2, 1, 1},
	} {
		b := newBench(t, x.change)
		b.command(Connect{1})
		if got := b.dialled().At; got != x.first*node.Millisecond {
			t.Errorf("%s: the first dial may take %d ms", x.name, got/node.Millisecond)
		}
		b.welcome(77, x.granted)
		b.command(Move{1})
		if got := b.dialled().At - b.now; got != x.second*node.Millisecond {
			t.Errorf("%s: the next may take %d ms", x.name, got/node.Millisecond)
		}
	}
}

// The server grants what it likes; silence and pings are measured by that.
func TestWhatIsGrantedCounts(t *testing.T) {
	b := newBench(t, nil)
	b.command(Connect{1})
	b.welcome(77, 6000)
	b.advance(1000 * node.Millisecond) // 4000/2, less a second
	if got := b.requests(); len(got) != 1 || got[0] != "ping " {
		t.Errorf("sent %v after a second", got)
	}
	b.advance(3999 * node.Millisecond)
	b.wantState(Connected)
	b.advance(4000 * node.Millisecond)
	b.wantState(Waiting)
	if b.c.Failure() != "nothing heard for 4000 ms" {
		t.Error(b.c.Failure())
	}
}

// Whatever arrives is a sign of life, be it the answer to a ping or a watch event.
func TestAnythingHeardIsASignOfLife(t *testing.T) {
	for name, m := range map[string]node.Message{
		"a ping's answer": &jute.ClientReply{Xid: xidPing},
		"a watch event":   &jute.ClientEvent{Zxid: -1, Event: zk.WatchEvent{Type: 1, Path: "/a"}},
		"a late answer":   &jute.ClientReply{Xid: 9, Zxid: 3},
	} {
		b := newBench(t, nil)
		b.connect(1)
		b.advance(15 * node.Second)
		b.receive(m)
		b.advance(34999 * node.Millisecond)
		b.wantState(Connected)
		b.advance(35 * node.Second)
		if b.c.State() != Waiting {
			t.Errorf("%s: the client is %s", name, b.c.State())
		}
	}
}

// A watch event carries a zxid since 3.9, before that -1, which is none.
func TestTheZxidOfAWatchEvent(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	for _, x := range []struct{ carried, last zk.Zxid }{{7, 7}, {-1, 7}, {5, 7}, {9, 9}} {
		b.receive(&jute.ClientEvent{Zxid: x.carried, Event: zk.WatchEvent{Type: 3, Path: "/a"}})
		if b.c.LastZxid() != x.last {
			t.Errorf("after %d the last zxid is %d, want %d", x.carried, b.c.LastZxid(), x.last)
		}
	}
	if n := len(b.c.History().Notices); n != 4 {
		t.Errorf("%d notices", n)
	}
}

// A client with little patience looks for a server only while it has a session to save, and only for
// so long.
func TestPatienceRunsOut(t *testing.T) {
	b := newBench(t, func(c *Config) { c.Patience = 5000 })
	b.command(Connect{1})
	b.step(node.Input{Kind: node.DialFailed, Conn: b.dialled().Conn, Reason: "refused"})
	b.wantState(Idle) // it never had a session

	b.connect(1)
	b.now = 10 * node.Second
	b.step(node.Input{Kind: node.Closed, Conn: b.dialled().Conn, Reason: "closed"})
	for b.c.State() != Idle && b.now < 60*node.Second {
		b.wantState(Waiting)
		b.advance(b.now + node.Second)
		b.step(node.Input{Kind: node.DialFailed, Conn: b.dialled().Conn, Reason: "refused"})
	}
	if d := b.now - 10*node.Second; d < 5*node.Second || d > 6*node.Second {
		t.Errorf("it looked for %d ms", d/node.Millisecond)
	}
	b.command(Connect{2}) // told to, it tries again, with the session it had
	b.accept()
	if got := b.take(); len(got) != 1 || got[0].(*jute.ConnectRequest).Session != 77 {
		t.Errorf("sent %+v", got)
	}
}
