package server

import (
	"bytes"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// recording is the proposals of a run of Apache ZooKeeper 3.8.0, to be made again to the byte.
type recording struct {
	t    *testing.T
	w    *ensemble
	txns []*zk.Txn
}

// replay starts three servers with leader 2 under a clock that says what the recorded one said.
func replay(t *testing.T, name string) *recording {
	text, err := os.ReadFile("testdata/" + name + ".txns")
	if err != nil {
		t.Fatal(err)
	}
	r := &recording{t: t}
	for _, line := range strings.Split(string(text), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		b, err := hex.DecodeString(strings.Fields(line)[2])
		if err != nil {
			t.Fatal(err)
		}
		x, err := jute.DecodeTxn(b)
		if err != nil {
			t.Fatal(err)
		}
		r.txns = append(r.txns, x)
	}
	r.w = newEnsemble(t, 3, 2, func(w *ensemble) {
		w.wall = func() int64 { return r.next().Time }
	})
	t.Cleanup(r.finish)
	return r
}

// next is the recorded proposal that is due.
func (r *recording) next() *zk.Txn {
	if len(r.w.proposed) >= len(r.txns) {
		return &zk.Txn{}
	}
	return r.txns[len(r.w.proposed)]
}

// connect opens the session that was recorded.
func (r *recording) connect(server zk.SID, timeout int32) *testClient {
	id := r.next().Session
	switch s := r.w.servers[server].s; {
	case s.leader != nil:
		s.leader.nextID = id
	default:
		s.learner.nextID = id
	}
	return r.w.connect(server, timeout)
}

// finish compares all proposals, and the trees of the servers with each other and with the digests.
func (r *recording) finish() {
	for i, x := range r.w.proposed {
		if i < len(r.txns) && !bytes.Equal(x.Encoded, r.txns[i].Encoded) {
			r.t.Errorf("proposal %s\n got %x\nwant %x", x.Zxid, x.Encoded, r.txns[i].Encoded)
		}
	}
	if len(r.w.proposed) != len(r.txns) {
		r.t.Errorf("%d proposals, %d are recorded", len(r.w.proposed), len(r.txns))
	}
	for sid, m := range r.w.servers {
		if n := m.db.Tree.Mismatches(); n.Count > 0 {
			r.t.Errorf("server %d: %d digests differ, the first at %s", sid, n.Count, n.First)
		}
	}
}

// stat is the part of a Stat that does not depend on the clock, in the order of the recordings.
func stat(czxid, mzxid zk.Zxid, version, cversion int32, owner int64, length, children int32,
	pzxid zk.Zxid) zk.Stat {
	return zk.Stat{Czxid: 1<<32 | czxid, Mzxid: 1<<32 | mzxid, Version: version,
		Cversion: cversion, EphemeralOwner: owner, DataLength: length, NumChildren: children,
		Pzxid: 1<<32 | pzxid}
}

// wantStat compares all but the times.
func wantStat(t *testing.T, r *jute.ClientReply, s zk.Stat) {
	t.Helper()
	got := r.Result.Stat
	got.Ctime, got.Mtime = 0, 0
	if got != s {
		t.Errorf("%s: stat %+v, want %+v", r.Type, got, s)
	}
}

// wantAt checks the zxid in the head of an answer.
func wantAt(t *testing.T, r *jute.ClientReply, counter zk.Zxid) {
	t.Helper()
	if r.Zxid != 1<<32|counter {
		t.Errorf("%s: zxid %s in the answer, want 1:%d", r.Type, r.Zxid, counter)
	}
}

// One write at a time through a follower and through the leader; failing writes become error
// transactions; sync; multi.
func TestFactsWriteThroughFollower(t *testing.T) {
	r := replay(t, "l-write-through-follower")
	c := r.connect(1, 300000)
	wantAt(t, c.do(create("/a", "one", 0)), 2)
	wantStat(t, c.do(set("/a", "two", -1)), stat(2, 3, 1, 0, 0, 3, 0, 2))
	want(t, c.do(set("/a", "x", 7)), zk.ErrBadVersion)
	want(t, c.do(create("/a", "again", 0)), zk.ErrNodeExists)
	sync := c.do(bare(zk.OpSync, "/a"))
	wantAt(t, sync, 5)
	if sync.Result.Path != "/a" {
		t.Errorf("sync answers %q", sync.Result.Path)
	}
	got := c.do(get("/a"))
	wantAt(t, got, 5)
	wantStat(t, got, stat(2, 3, 1, 0, 0, 3, 0, 2))
	good := c.do(multi(create("/m", "1", 0), set("/a", "three", -1), check("/a", 2)))
	wantParts(t, good, zk.Result{OpType: zk.OpCreate, Path: "/m"}, zk.Result{OpType: zk.OpSetData},
		zk.Result{OpType: zk.OpCheck})
	wantAt(t, good, 6)
	bad := c.do(multi(create("/n", "1", 0), set("/a", "x", 9)))
	wantParts(t, bad, zk.Result{OpType: zk.OpError},
		zk.Result{OpType: zk.OpError, Err: zk.ErrBadVersion})
	wantAt(t, bad, 7)
	want(t, c.do(del("/m", -1)), zk.ErrOK)
	want(t, c.do(bare(zk.OpCloseSession, "")), zk.ErrOK)
	if !c.closed {
		t.Error("the connection is open behind closeSession")
	}
	d := r.connect(2, 300000)
	wantStat(t, d.do(set("/a", "four", -1)), stat(2, 11, 3, 0, 0, 4, 0, 2))
	want(t, d.do(set("/a", "x", 1)), zk.ErrBadVersion)
	want(t, d.do(bare(zk.OpCloseSession, "")), zk.ErrOK)
	r.wantRequests()
	for sid, m := range r.w.servers {
		root := m.db.Tree.Node("/").Stat()
		if root.Cversion != 2 || root.NumChildren != 2 || root.Pzxid != 1<<32|8 {
			t.Errorf("server %d: the root has %+v", sid, root)
		}
	}
}

// wantParts compares the answer to a multi, Stats left out.
func wantParts(t *testing.T, r *jute.ClientReply, parts ...zk.Result) {
	t.Helper()
	want(t, r, zk.ErrOK)
	if len(r.Result.Ops) != len(parts) {
		t.Fatalf("%d parts, want %d", len(r.Result.Ops), len(parts))
	}
	for i, p := range r.Result.Ops {
		if p.OpType != parts[i].OpType || p.Err != parts[i].Err || p.Path != parts[i].Path {
			t.Errorf("part %d: %v %v %q, want %v %v %q", i, p.OpType, p.Err, p.Path,
				parts[i].OpType, parts[i].Err, parts[i].Path)
		}
	}
}

// wantRequests compares what follower 1 sent to the leader: every write and the sync, no read.
func (r *recording) wantRequests() {
	var got []string
	for _, p := range r.w.servers[1].requests {
		got = append(got, p.Request.Type.String())
	}
	ops := "createSession create setData setData create sync multi multi delete closeSession"
	if s := strings.Join(got, " "); s != ops {
		r.t.Errorf("server 1 sent\n %s, want\n %s", s, ops)
	}
}

// czxid, mzxid, pzxid, version and cversion after create, set, creation and deletion of children,
// sequential children, re-creation.
func TestFactsStatFields(t *testing.T) {
	r := replay(t, "m-stat-fields")
	c := r.connect(1, 300000)
	for _, x := range []struct {
		do      zk.Request
		path    string
		p       zk.Stat
		counter zk.Zxid
	}{
		{create("/p", "v", 0), "/p", stat(2, 2, 0, 0, 0, 1, 0, 2), 2},
		{set("/p", "v1", -1), "", stat(2, 3, 1, 0, 0, 2, 0, 2), 3},
		{create("/p/a", "x", 0), "/p/a", stat(2, 3, 1, 1, 0, 2, 1, 4), 4},
		{set("/p/a", "y", -1), "", stat(2, 3, 1, 1, 0, 2, 1, 4), 5},
		{create("/p/b", "x", 0), "/p/b", stat(2, 3, 1, 2, 0, 2, 2, 6), 6},
		{del("/p/a", -1), "", stat(2, 3, 1, 3, 0, 2, 1, 7), 7},
		{create("/p/a", "z", 0), "/p/a", stat(2, 3, 1, 4, 0, 2, 2, 8), 8},
		{create("/p/s-", "q", 2), "/p/s-0000000003", stat(2, 3, 1, 5, 0, 2, 3, 9), 9},
		{create("/p/s-", "q", 2), "/p/s-0000000004", stat(2, 3, 1, 6, 0, 2, 4, 10), 10},
		{del("/p/s-0000000003", -1), "", stat(2, 3, 1, 7, 0, 2, 3, 11), 11},
		{set("/p", "v2", -1), "", stat(2, 12, 2, 7, 0, 2, 3, 11), 12},
	} {
		done := c.do(x.do)
		wantAt(t, done, x.counter)
		if done.Result.Path != x.path {
			t.Errorf("%s %s: path %q, want %q", x.do.Type, x.do.Path, done.Result.Path, x.path)
		}
		p := c.do(get("/p"))
		wantAt(t, p, x.counter)
		wantStat(t, p, x.p)
	}
	wantStat(t, c.do(get("/p/a")), stat(8, 8, 0, 0, 0, 1, 0, 8))
}

// An ephemeral node and its session: the owner's server is killed, the session moves to another
// server, then the client vanishes and the session's expiry deletes the nodes.
func TestFactsSessionEphemeral(t *testing.T) {
	r := replay(t, "n-session-ephemeral")
	c := r.connect(1, 3000)
	want(t, c.do(create("/e", "x", 1)), zk.ErrOK)
	wantAt(t, c.do(create("/f", "x", 1)), 3)
	// Server 1 is killed and hears of nothing any more.
	r.w.servers[1].s.state = shutdown
	d := r.w.reconnect(c, 3)
	r.w.run()
	if got := d.welcome(); got == nil || got.Session != c.session || got.Timeout != 3000 {
		t.Fatalf("server 3 answers %+v", got)
	}
	e := d.do(get("/e"))
	wantAt(t, e, 3)
	wantStat(t, e, stat(2, 2, 0, 0, c.session, 1, 0, 2))
	d.vanish()
	r.w.fire(r.w.now + 3250*node.Millisecond)
	for _, sid := range []zk.SID{2, 3} {
		root := r.w.servers[sid].db.Tree.Node("/").Stat()
		if root.Cversion != 3 || root.NumChildren != 1 || root.Pzxid != 1<<32|4 {
			t.Errorf("server %d: the root has %+v", sid, root)
		}
	}
}

// A session at follower 1 survives the leader's death and is closed through the new leader.
func TestFactsSessionSurvivesLeader(t *testing.T) {
	r := replay(t, "n2-session-survives-leader")
	c := r.connect(1, 20000)
	wantAt(t, c.do(create("/e", "x", 1)), 2)
	r.w.changeLeader(3, 2)
	if !c.closed {
		t.Error("the client of server 1 is not cut off when the leader is gone")
	}
	c.xid = 1
	d := r.w.reconnect(c, 3)
	r.w.run()
	if got := d.welcome(); got == nil || got.Session != c.session {
		t.Fatalf("server 3 answers %+v", got)
	}
	e := d.do(get("/e"))
	wantStat(t, e, stat(2, 2, 0, 0, c.session, 1, 0, 2))
	if e.Zxid != 2<<32 {
		t.Errorf("zxid %s, want 2:0", e.Zxid)
	}
	want(t, d.do(bare(zk.OpCloseSession, "")), zk.ErrOK)
	if root := r.w.servers[1].db.Tree.Node("/").Stat(); root.Cversion != 1 {
		t.Errorf("server 1: the root has %+v", root)
	}
}
