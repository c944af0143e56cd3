package client

import (
	"slices"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

func sets(n int) (list []*zk.Request) {
	for range n {
		list = append(list, &zk.Request{Type: zk.OpSetData, Path: "/a"})
	}
	return list
}

func TestAScriptAsksOneByOne(t *testing.T) {
	b := newBench(t, bare)
	b.connect(1)
	b.command(Do{Tag: 10, Requests: sets(2)})
	b.command(Do{Tag: 20, Requests: sets(1), End: true})
	for i, want := range []string{"setData /a", "setData /a", "setData /a", "closeSession "} {
		if got := b.requests(); !slices.Equal(got, []string{want}) {
			t.Fatalf("call %d: sent %v, want %s", i+1, got, want)
		}
		b.answer(int32(i+1), zk.Zxid(i+1), zk.Result{})
	}
	if b.exit == "" || b.c.History().Find(10).Zxid != 1 || b.c.History().Find(20).Zxid != 3 {
		t.Errorf("exit %q, history %+v", b.exit, b.c.History().Ops)
	}
}

func TestAWindowBoundsWhatIsUnderWay(t *testing.T) {
	b := newBench(t, bare)
	b.connect(1)
	b.command(Do{Tag: 1, Requests: sets(5), Window: 3})
	if n := len(b.take()); n != 3 {
		t.Fatalf("%d requests at once, want 3", n)
	}
	b.answer(1, 1, zk.Result{})
	if n := len(b.take()); n != 1 {
		t.Fatalf("%d requests after an answer, want 1", n)
	}
	for xid := int32(2); xid <= 5; xid++ {
		b.answer(xid, zk.Zxid(xid), zk.Result{})
	}
	if b.c.History().Pending() != 0 || len(b.c.History().Ops) != 5 {
		t.Errorf("%+v", b.c.History().Ops)
	}
}

func TestAScriptGivenBeforeTheConnectionWaitsForIt(t *testing.T) {
	b := newBench(t, bare)
	b.command(Connect{2})
	b.command(Do{Tag: 1, Requests: sets(2)})
	b.welcome(77, 30000)
	if got := b.requests(); !slices.Equal(got, []string{"setData /a"}) {
		t.Fatalf("sent %v", got)
	}
}

func TestEnsureCreatesWhatIsNotThere(t *testing.T) {
	for _, there := range []bool{true, false} {
		b := newBench(t, bare)
		b.connect(1)
		b.command(Do{Requests: sets(1)})
		b.command(Do{Requests: sets(1), Ensure: "/a", End: true})
		var got []string
		for xid := int32(1); b.exit == ""; xid++ {
			sent := b.requests()
			got = append(got, sent...)
			r := zk.Result{}
			if !there && sent[0] == "exists /a" {
				r.Err = zk.ErrNoNode
			}
			b.answer(xid, zk.Zxid(xid), r)
		}
		want := []string{"setData /a", "exists /a", "create /a", "setData /a", "closeSession "}
		if there {
			want = slices.Delete(want, 2, 3)
		}
		if !slices.Equal(got, want) {
			t.Errorf("node there: %v; sent %v, want %v", there, got, want)
		}
	}
}

func TestALostConnectionEndsAScript(t *testing.T) {
	b := newBench(t, bare)
	b.connect(1)
	b.command(Do{Tag: 1, Requests: sets(3)})
	b.step(node.Input{Kind: node.Closed, Conn: b.dialled().Conn, Reason: "closed"})
	if n := len(b.c.History().Ops); n != 1 {
		t.Errorf("%d calls were made, want the first only", n)
	}
	b.command(Do{Tag: 7, Requests: sets(3), Window: 2})
	b.wantOutcome(7, zk.ErrConnectionLoss, false)
	if n := len(b.c.History().Ops); n != 2 {
		t.Errorf("%d calls were made, want one that failed at once", n)
	}
}

func TestWatchesAreSetAgainAtTheNextServer(t *testing.T) {
	b := newBench(t, nil)
	b.connect(1)
	reads := []zk.Request{
		{Type: zk.OpGetData, Path: "/b", Watch: true},
		{Type: zk.OpGetData, Path: "/a", Watch: true},
		{Type: zk.OpGetChildren2, Path: "/c", Watch: true},
		{Type: zk.OpExists, Path: "/none", Watch: true},
		{Type: zk.OpExists, Path: "/here", Watch: true},
		{Type: zk.OpGetData, Path: "/unwatched"},
		{Type: zk.OpGetData, Path: "/failed", Watch: true},
		{Type: zk.OpSync, Path: "/odd", Watch: true},
	}
	for i, r := range reads {
		b.call(int64(i), r)
		res := zk.Result{}
		if r.Path == "/none" || r.Path == "/failed" {
			res.Err = zk.ErrNoNode
		}
		b.answer(int32(i+1), 50, res)
	}
	b.receive(&jute.ClientEvent{Zxid: 60, Event: zk.WatchEvent{Type: 3, Path: "/b"}})
	b.command(Move{2})
	b.take()
	b.welcome(77, 30000)
	got := b.take()[0].(*jute.ClientRequest)
	if got.Xid != xidSetWatches || got.Request.RelativeZxid != 60 {
		t.Errorf("xid %d, zxid %s", got.Xid, got.Request.RelativeZxid)
	}
	want := [5][]string{{"/a", "/here"}, {"/none"}, {"/c"}}
	for i := range want {
		if !slices.Equal(got.Request.Watches[i], want[i]) {
			t.Errorf("watches %d: %v, want %v", i, got.Request.Watches[i], want[i])
		}
	}
}

func TestAWatchEventIsRememberedAndUsesItsWatchUp(t *testing.T) {
	for _, x := range []struct {
		kind       int32
		data, kids bool // watches that are left
	}{{1, false, true}, {3, false, true}, {4, true, false}, {2, false, false}} {
		b := newBench(t, nil)
		b.connect(1)
		b.call(1, zk.Request{Type: zk.OpGetData, Path: "/a", Watch: true})
		b.answer(1, 1, zk.Result{})
		b.call(2, zk.Request{Type: zk.OpGetChildren, Path: "/a", Watch: true})
		b.answer(2, 1, zk.Result{})
		b.now = node.Second
		e := zk.WatchEvent{Type: x.kind, Path: "/a"}
		b.receive(&jute.ClientEvent{Zxid: -1, Event: e})
		if n := b.c.History().Notices; len(n) != 1 || n[0] != (Notice{node.Second, e}) {
			t.Errorf("event %d: notices %v", x.kind, n)
		}
		data, kids := b.c.watches[watch{watchData, "/a"}], b.c.watches[watch{watchChild, "/a"}]
		if data != x.data || kids != x.kids {
			t.Errorf("event %d leaves data %v, children %v", x.kind, data, kids)
		}
	}
}
