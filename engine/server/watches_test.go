package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/datatree"
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

func watched(op zk.OpCode, path string) zk.Request {
	return zk.Request{Type: op, Path: path, Watch: true}
}

// fired writes what came as "type path", in order.
func fired(events []zk.WatchEvent) string {
	var out []string
	for _, e := range events {
		out = append(out, fmt.Sprint(e.Type, " ", e.Path))
	}
	return strings.Join(out, ", ")
}

// Each change and who hears of it; a watch fires once. (WatchManager, DataTree)
func TestWatchesFire(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(1, 9000), w.connect(2, 9000)
	d.do(create("/a", "", 0))
	for _, x := range []struct {
		watch, change zk.Request
		events        string
	}{
		{watched(zk.OpGetData, "/a"), set("/a", "1", -1), "3 /a"},
		{watched(zk.OpExists, "/a"), set("/a", "1", -1), "3 /a"},
		{watched(zk.OpExists, "/b"), create("/b", "", 0), "1 /b"},
		{watched(zk.OpGetChildren, "/a"), create("/a/k", "", 0), "4 /a"},
		{watched(zk.OpGetChildren2, "/a"), del("/a/k", -1), "4 /a"},
		{watched(zk.OpGetData, "/a"), setACL("/a", world(31), -1), ""},
		{watched(zk.OpGetChildren, "/a"), set("/a", "2", -1), "3 /a"}, // of the line before
		{watched(zk.OpGetData, "/b"), del("/b", -1), "2 /b"},
		{watched(zk.OpExists, "/no"), create("/no/x", "", 0), ""}, // fails
		{get("/a"), set("/a", "3", -1), ""},
	} {
		c.do(x.watch)
		d.do(x.change)
		if got := fired(c.events()); got != x.events {
			t.Errorf("%s %s, then %s: events %q, want %q", x.watch.Type, x.watch.Path,
				x.change.Type, got, x.events)
		}
	}
	if n := len(w.servers[1].db.Tree.Watches()); n != 2 { // children of /a, existence of /no
		t.Errorf("%d watches left", n)
	}
}

// Nobody is told of a change after he has seen it. (FinalRequestProcessor: events are queued on the
// connection while the transaction is applied)
func TestEventBeforeAnswer(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 9000)
	c.do(create("/a", "", 0))
	c.do(watched(zk.OpGetData, "/a"))
	c.ask(set("/a", "1", -1))
	c.ask(get("/a"))
	w.run()
	if got := c.transcript(); got != "event /a 3 4=1" {
		t.Errorf("%q", got)
	}
}

// Up to 3.8 an event names no zxid, since 3.9 that of the change. (NIOServerCnxn.process)
func TestZxidOfEvent(t *testing.T) {
	for _, named := range []bool{false, true} {
		w := newEnsemble(t, 3, 2, func(w *ensemble) { w.opt.WatchEventZxid = named })
		c := w.connect(3, 9000)
		c.do(create("/a", "", 0))
		c.do(watched(zk.OpGetData, "/a"))
		c.do(set("/a", "1", -1))
		want := zk.NoZxid
		if named {
			want = 1<<32 | 3
		}
		if m := c.got[0].(*jute.ClientEvent); m.Zxid != want || m.Event.State != 3 {
			t.Errorf("event %+v, want zxid %s", m, want)
		}
	}
}

// Two clients that watch the same are told with the same message, and each once.
func TestManyWatchers(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	var cs []*testClient
	for range 3 {
		cs = append(cs, w.connect(1, 9000))
	}
	cs[0].do(create("/a", "", 0))
	for _, c := range cs {
		c.do(watched(zk.OpGetData, "/a"))
		c.do(watched(zk.OpExists, "/a"))
	}
	cs[1].vanish()
	cs[0].do(set("/a", "1", -1))
	for i, want := range []int{1, 0, 1} {
		if got := len(cs[i].events()); got != want {
			t.Errorf("client %d: %d events", i, got)
		}
	}
}

// What a client missed while it was elsewhere fires at once, in front of the answer; the rest is
// watched. (DataTree.setWatches)
func TestSetWatches(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(1, 9000), w.connect(2, 9000)
	for _, p := range []string{"/same", "/set", "/gone", "/kids", "/kid/"} {
		d.do(create(strings.TrimSuffix(p, "/"), "", 0))
	}
	since := c.do(get("/same")).Zxid
	d.do(set("/set", "", -1))
	d.do(del("/gone", -1))
	d.do(create("/kids/k", "", 0))
	d.do(create("/born", "", 0))
	xid := int32(-8)
	c.send(&jute.ClientRequest{Xid: xid, Request: &zk.Request{Type: zk.OpSetWatches,
		RelativeZxid: since, Watches: [5][]string{{"/same", "/set", "/gone"}, {"/born", "/unborn"},
			{"/kids", "/kid", "/gone"}}}})
	if _, ok := c.got[len(c.got)-1].(*jute.ClientReply); !ok {
		t.Error("the answer is not the last that came")
	}
	want(t, c.reply(xid), zk.ErrOK)
	if got := fired(c.events()); got != "3 /set, 2 /gone, 1 /born, 4 /kids, 2 /gone" {
		t.Errorf("events %q", got)
	}
	d.do(set("/same", "", -1))
	d.do(create("/unborn", "", 0))
	d.do(create("/kid/k", "", 0))
	if got := fired(c.events()); got != "3 /same, 1 /unborn, 4 /kid" {
		t.Errorf("then %q", got)
	}
	c.do(zk.Request{Type: zk.OpSetWatches2, Watches: [5][]string{3: {"/same"}, 4: {"/kids"}}})
	d.do(set("/same", "", -1))
	d.do(set("/same", "", -1))
	d.do(set("/kids/k", "", -1))
	if got := fired(c.events()); got != "3 /same, 3 /same, 3 /kids/k" {
		t.Errorf("persistent: %q", got)
	}
}

// Watches that stay, what is asked of them, and their removal.
// (FinalRequestProcessor, cases addWatch, checkWatches, removeWatches)
func TestAddAndRemoveWatches(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 9000)
	c.do(create("/a", "", 0))
	mode := func(op zk.OpCode, path string, mode int32) zk.Request {
		return zk.Request{Type: op, Path: path, Mode: mode}
	}
	for i, x := range []struct {
		r   zk.Request
		err zk.ErrorCode
	}{
		{mode(zk.OpCheckWatches, "/a", datatree.AnyWatches), zk.ErrNoWatcher},
		{mode(zk.OpAddWatch, "/a", 0), zk.ErrOK},
		{mode(zk.OpAddWatch, "/r", 1), zk.ErrOK},
		{mode(zk.OpAddWatch, "/a", 2), zk.ErrMarshallingError},
		{mode(zk.OpAddWatch, "/a", -1), zk.ErrMarshallingError},
		{mode(zk.OpCheckWatches, "/a", datatree.ChildrenWatches), zk.ErrOK},
		{mode(zk.OpCheckWatches, "/a", datatree.DataWatches), zk.ErrOK},
		{mode(zk.OpCheckWatches, "/a", 0), zk.ErrMarshallingError},
		{mode(zk.OpCheckWatches, "/a", 4), zk.ErrMarshallingError},
		{mode(zk.OpRemoveWatches, "/a", datatree.DataWatches), zk.ErrOK},
		{mode(zk.OpRemoveWatches, "/a", datatree.DataWatches), zk.ErrNoWatcher},
		{mode(zk.OpRemoveWatches, "/a", datatree.AnyWatches), zk.ErrOK},
		{mode(zk.OpRemoveWatches, "/b", datatree.AnyWatches), zk.ErrNoWatcher},
	} {
		if r := c.do(x.r); r.Result.Err != x.err {
			t.Errorf("%d: %s %s: %v, want %v", i, x.r.Type, x.r.Path, r.Result.Err, x.err)
		}
	}
	c.do(create("/r", "", 0))
	c.do(create("/r/k", "", 0))
	if got := fired(c.events()); got != "1 /r, 1 /r/k" {
		t.Errorf("recursive: %q", got)
	}
}

// The watches that the trace tells of are those that are there, also when connections end.
func TestWatchesInTheTrace(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(1, 9000), w.connect(1, 9000)
	f := w.servers[1]
	key := func(c *testClient, path string) node.Value {
		return node.Text(fmt.Sprintf("0x%x %s", uint64(c.session), path))
	}
	steps := []func(){
		func() { c.do(create("/a", "", 0)) },
		func() { c.do(watched(zk.OpGetData, "/a")) },
		func() { c.do(watched(zk.OpGetChildren, "/a")) },
		func() { d.do(watched(zk.OpExists, "/b")) },
		func() { d.do(zk.Request{Type: zk.OpAddWatch, Path: "/", Mode: 1}) },
		func() { d.do(zk.Request{Type: zk.OpSetWatches, Watches: [5][]string{{"/c"}, {"/e"}}}) },
		func() { c.do(set("/a", "", -1)) },
		func() { c.do(create("/b", "", 0)) },
		func() { c.do(zk.Request{Type: zk.OpRemoveWatches, Path: "/a", Mode: 1}) },
		func() { d.vanish() },
		func() { f.in(f.s.Shutdown) },
	}
	for i, step := range steps {
		step()
		want := node.NewState()
		f.s.Visible(want)
		fold := f.folded.Maps[event.Watches]
		if fmt.Sprint(fold) != fmt.Sprint(want.Maps[event.Watches]) && len(fold)+
			len(want.Maps[event.Watches]) > 0 {
			t.Errorf("step %d: the trace tells %v, there are %v", i, fold, want.Maps[event.Watches])
		}
		if i == 2 && fold[key(c, "/a")][0] != node.Text("data, child") {
			t.Errorf("watches of /a: %v", fold)
		}
	}
	if n := len(f.db.Tree.Watches()); n != 0 {
		t.Errorf("%d watches of nobody", n)
	}
	if e := f.find(event.WatchFired); e == nil || e.Args[1] != node.Text("/b") {
		t.Errorf("told %+v", e)
	}
}

// Reads that are about nodes, and how each fails. (FinalRequestProcessor)
func TestReads(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(3, 9000)
	c.do(create("/a", "one", 0))
	c.do(create("/a/y", "", 0))
	c.do(create("/a/x", "", 0))
	c.do(withACL(create("/blind", "", 0), world(zk.PermWrite)))
	for _, x := range []struct {
		r   zk.Request
		err zk.ErrorCode
	}{
		{bare(zk.OpExists, "/a"), zk.ErrOK}, {bare(zk.OpExists, "/no"), zk.ErrNoNode},
		{bare(zk.OpExists, "/a\x00"), zk.ErrBadArguments},
		{bare(zk.OpExists, "/blind"), zk.ErrOK},
		{get("/a"), zk.ErrOK}, {get("/no"), zk.ErrNoNode}, {get("/blind"), zk.ErrNoAuth},
		{bare(zk.OpGetChildren, "/no"), zk.ErrNoNode},
		{bare(zk.OpGetChildren2, "/blind"), zk.ErrNoAuth},
		{bare(zk.OpGetACL, "/no"), zk.ErrNoNode}, {bare(zk.OpGetACL, "/blind"), zk.ErrNoAuth},
		{bare(zk.OpGetACL, "/a"), zk.ErrOK}, {bare(zk.OpSync, "/no"), zk.ErrOK},
		{zk.Request{Type: zk.OpMultiRead, Ops: []zk.Request{bare(zk.OpExists, "/a")}},
			zk.ErrMarshallingError},
	} {
		if r := c.do(x.r); r.Result.Err != x.err {
			t.Errorf("%s %s: %v, want %v", x.r.Type, x.r.Path, r.Result.Err, x.err)
		}
	}
	names := []string{"x", "y"}
	if r := c.do(bare(zk.OpGetChildren, "/a")); !slices.Equal(r.Result.Children, names) ||
		r.Result.Stat.Czxid != 0 {
		t.Errorf("getChildren %+v", r.Result)
	}
	if r := c.do(bare(zk.OpGetChildren2, "/a")); !slices.Equal(r.Result.Children, names) ||
		r.Result.Stat.NumChildren != 2 {
		t.Errorf("getChildren2 %+v", r.Result)
	}
}

// A client's own ephemerals by prefix, and the number of nodes below a path.
// (FinalRequestProcessor, cases getEphemerals, getAllChildrenNumber)
func TestCountingReads(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(1, 9000), w.connect(1, 9000)
	for _, p := range []string{"/e2", "/e1", "/f"} {
		c.do(create(p, "", 1))
	}
	d.do(create("/e3", "", 1))
	for prefix, paths := range map[string]string{"": "[/e1 /e2 /f]", "/": "[/e1 /e2 /f]",
		" ": "[/e1 /e2 /f]", "/e": "[/e1 /e2]", "/no": "[]"} {
		r := c.do(bare(zk.OpGetEphemerals, prefix))
		if got := fmt.Sprint(r.Result.Children); got != paths {
			t.Errorf("ephemerals below %q: %s", prefix, got)
		}
	}
	for path, count := range map[string]int32{"/": 7, "/zookeeper": 2, "/f": 0} {
		r := c.do(bare(zk.OpGetAllChildren, path))
		if r.Result.Stat.NumChildren != count {
			t.Errorf("%d below %s, want %d", r.Result.Stat.NumChildren, path, count)
		}
	}
	want(t, c.do(bare(zk.OpGetAllChildren, "/no")), zk.ErrNoNode)
}

// A multiRead fails part by part. (FinalRequestProcessor, case multiRead)
func TestMultiRead(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 9000)
	c.do(create("/a", "one", 0))
	r := c.do(zk.Request{Type: zk.OpMultiRead, Ops: []zk.Request{get("/a"), get("/no"),
		bare(zk.OpGetChildren, "/"), bare(zk.OpGetChildren, "/no")}})
	wantParts(t, r, zk.Result{OpType: zk.OpGetData},
		zk.Result{OpType: zk.OpError, Err: zk.ErrNoNode}, zk.Result{OpType: zk.OpGetChildren},
		zk.Result{OpType: zk.OpError, Err: zk.ErrNoNode})
	if p := r.Result.Ops; string(p[0].Data) != "one" || len(p[2].Children) != 2 {
		t.Errorf("%+v", p)
	}
}
