package server

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

// xids lists the answers that came, by xid, with what each says.
func (c *testClient) transcript() string {
	var out []string
	for _, m := range c.got {
		switch m := m.(type) {
		case *jute.ClientReply:
			s := fmt.Sprint(m.Xid)
			if m.Result.Err != zk.ErrOK {
				s += "!" + m.Result.Err.Error()
			} else if m.Type == zk.OpGetData {
				s += "=" + string(m.Result.Data)
			}
			out = append(out, s)
		case *jute.ClientEvent:
			out = append(out, "event "+m.Event.Path)
		}
	}
	return strings.Join(out, " ")
}

// A session's reads wait for its own writes before them; reads of others pass. Answers come in the
// order of the requests. (CommitProcessor)
func TestReadYourWrites(t *testing.T) {
	for _, at := range []zk.SID{1, 2} {
		w := newEnsemble(t, 3, 2)
		c, d := w.connect(at, 9000), w.connect(at, 9000)
		c.do(create("/a", "0", 0))
		c.ask(get("/a"))
		c.ask(set("/a", "1", -1))
		c.ask(get("/a"))
		c.ask(get("/no"))
		c.ask(set("/a", "2", -1))
		c.ask(set("/a", "9", 7))
		c.ask(get("/a"))
		d.ask(get("/a"))
		c.send(&jute.ClientRequest{Xid: -2, Request: &zk.Request{Type: zk.OpPing}})
		if c.transcript() != "2=0" || d.transcript() != "1=0" {
			t.Errorf("server %d, before any commit: %q and %q", at, c.transcript(), d.transcript())
		}
		w.run()
		if got, want := c.transcript(), "2=0 3 4=1 5!NoNode 6 7!BadVersion 8=2 -2"; got != want {
			t.Errorf("server %d: %q, want %q", at, got, want)
		}
		if p := &w.servers[at].s.commitProcessor; len(p.pending) != 0 || p.writes.len() != 0 {
			t.Errorf("server %d: %d sessions wait in an ensemble at rest", at, len(p.pending))
		}
	}
}

// Commits of other servers' writes pass between a server's own.
func TestCommitsOfOthers(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d, e := w.connect(1, 9000), w.connect(2, 9000), w.connect(3, 9000)
	c.do(create("/a", "", 0))
	var asked int
	for i := range 20 {
		for k, x := range []*testClient{c, d, e} {
			if (i+k)%3 != 0 {
				x.ask(set("/a", fmt.Sprint(i, k), -1))
				x.ask(get("/a"))
				asked++
			}
		}
	}
	w.run()
	if n := int(w.servers[3].db.Tree.Node("/a").Version); n != asked {
		t.Errorf("version %d after %d writes", n, asked)
	}
	for k, x := range []*testClient{c, d, e} {
		var last int32
		for _, m := range x.got {
			r := m.(*jute.ClientReply)
			if r.Xid <= last || r.Result.Err != zk.ErrOK {
				t.Errorf("client %d: answer %d behind %d, %v", k, r.Xid, last, r.Result.Err)
			}
			last = r.Xid
		}
	}
	w.wantLevel()
}

// The tree holds a committed transaction though the follower's own log is not synced yet.
// (pendingTxns is filled when the PROPOSAL is received)
func TestAppliedBeforeDurable(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 9000)
	f := w.servers[3]
	w.holding = true
	c.ask(create("/a", "", 0))
	w.run()
	w.servers[1].finishSync()
	w.servers[2].finishSync()
	w.run()
	if f.db.Tree.Node("/a") == nil || len(f.syncs) != 1 {
		t.Errorf("applied %v with %d fsyncs under way", f.db.Tree.Node("/a") != nil, len(f.syncs))
	}
	f.finishSync()
	if !slices.Contains(f.logged, zk.Zxid(1<<32|2)) {
		w.run()
	}
	if !slices.Contains(f.logged, zk.Zxid(1<<32|2)) {
		t.Errorf("server 3 acknowledged %v", f.logged)
	}
}

// A COMMIT that names another transaction than the oldest ends the process; one that finds nothing
// is ignored. Both are told. (FollowerZooKeeperServer.commit)
func TestUnmatchedCommit(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	f := w.servers[1]
	f.in(func(o *node.Out) {
		if err := f.s.Commit(o, 1<<32|1); err != nil {
			t.Errorf("with nothing pending: %v", err)
		}
	})
	if e := f.find(event.CommitUnmatched); e == nil || e.Args[1].N != -1 {
		t.Errorf("told %+v", e)
	}
	x := &zk.Txn{Zxid: 1<<32 | 1, Type: zk.OpError, Err: zk.ErrNoNode}
	f.in(func(o *node.Out) {
		f.s.LogRequest(o, &zk.Txn{Zxid: 1 << 32, Type: zk.OpError}) // never committed
		f.s.LogRequest(o, x)
		f.s.Pending(&zk.Txn{Zxid: 1<<32 | 2, Type: zk.OpError})
	})
	f.in(func(o *node.Out) {
		err := f.s.Commit(o, 1<<32|2)
		if err == nil || err.Error() != "committing zxid 1:2 but next pending txn 1:1" {
			t.Errorf("a gap: %v", err)
		}
	})
	if e := f.find(event.CommitUnmatched); len(e.Checks) != 1 || e.Checks[0].Answer {
		t.Errorf("told %+v", e)
	}
	f.in(func(o *node.Out) {
		for z := zk.Zxid(1); z <= 2; z++ {
			if err := f.s.Commit(o, 1<<32|z); err != nil {
				t.Error(err)
			}
		}
	})
	if z := f.db.LastProcessed(); z != 1<<32|2 {
		t.Errorf("applied up to %s", z)
	}
}

// A sync is answered behind everything that was proposed when it reached the leader, and the reads
// behind it see that. (FollowerRequestProcessor, Leader.processSync, FollowerZooKeeperServer.sync)
func TestSyncThroughFollower(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(1, 9000), w.connect(2, 9000)
	d.do(create("/a", "0", 0))
	w.holding = true
	d.ask(set("/a", "1", -1))
	c.ask(bare(zk.OpSync, "/a"))
	c.ask(get("/a"))
	c.ask(bare(zk.OpSync, "/b"))
	w.run()
	if len(c.got) != 0 || len(w.pendingSyncs) != 2 {
		t.Fatalf("got %q before the commit; %d syncs wait", c.transcript(), len(w.pendingSyncs))
	}
	for range 3 {
		for _, m := range w.all() {
			m.finishSync()
		}
		w.run()
	}
	if got := c.transcript(); got != "1 2=1 3" {
		t.Errorf("%q", got)
	}
	if p := c.reply(1); p.Result.Path != "/a" || p.Zxid != 1<<32|4 {
		t.Errorf("sync answers %+v", p)
	}
}

// At the leader a sync passes like a read: behind its own session's writes, and else at once.
// (CommitProcessor.matchSyncs is false)
func TestSyncAtLeader(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(2, 9000), w.connect(2, 9000)
	c.ask(create("/a", "", 0))
	c.ask(bare(zk.OpSync, "/a"))
	d.ask(bare(zk.OpSync, "/a"))
	if c.transcript() != "" || d.transcript() != "1" {
		t.Errorf("before the commit %q and %q", c.transcript(), d.transcript())
	}
	w.run()
	if got := c.transcript(); got != "1 2" {
		t.Errorf("%q", got)
	}
}

// A SYNC that nobody asked for changes nothing.
func TestUnaskedSync(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	f := w.servers[1]
	f.in(f.s.SyncAnswered)
	c := w.connect(1, 9000)
	c.ask(create("/a", "", 0))
	c.ask(bare(zk.OpSync, "/a"))
	f.in(f.s.SyncAnswered) // too early: a write is before it
	w.run()
	want(t, c.reply(1), zk.ErrOK)
}

// The leader's toBeApplied is told of every transaction in order, behind its application.
// (Leader.ToBeAppliedRequestProcessor)
func TestAppliedIsTold(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(1, 9000), w.connect(2, 9000)
	c.do(create("/a", "", 0))
	d.do(create("/a", "", 0))
	var all []zk.Zxid
	for _, x := range w.proposed {
		all = append(all, x.Zxid)
	}
	if !slices.Equal(w.applied, all) {
		t.Errorf("applied %v of %v", w.applied, all)
	}
}

// An observer logs and applies what it is told, and votes on nothing; its clients write through it.
// (ObserverZooKeeperServer)
func TestObserver(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	ob := w.add(4, ObserverServer, 3)
	c := w.connect(4, 9000)
	want(t, c.do(create("/a", "1", 0)), zk.ErrOK)
	c.ask(set("/a", "2", -1))
	c.ask(bare(zk.OpSync, "/a"))
	c.ask(get("/a"))
	w.run()
	if got := c.transcript(); got != "2 3 4=2" {
		t.Errorf("%q", got)
	}
	if len(ob.logged) != 0 || ob.syncing == 0 {
		t.Errorf("it acknowledged %v; %d fsyncs", ob.logged, ob.syncing)
	}
	if e := ob.find(event.Delivered); e.Args[4].S != "INFORM" {
		t.Errorf("told %+v", e)
	}
	w.wantLevel()
}

// One server alone: requests are logged before they are applied, and reads keep their place.
// (ZooKeeperServer.setupRequestProcessors)
func TestStandalone(t *testing.T) {
	w := newEnsemble(t, 1, 0)
	m := w.servers[1]
	c := w.connect(1, 9000)
	w.holding = true
	c.ask(get("/a"))
	c.ask(create("/a", "1", 0))
	c.ask(get("/a"))
	c.ask(set("/a", "2", 5))
	c.ask(get("/a"))
	if got := c.transcript(); got != "1!NoNode" {
		t.Errorf("before the fsync %q", got)
	}
	for range 2 {
		m.finishSync()
	}
	if got := c.transcript(); got != "1!NoNode 2 3=1 4!BadVersion 5=1" {
		t.Errorf("%q", got)
	}
	w.holding = false
	want(t, c.do(bare(zk.OpReconfig, "")), zk.ErrReconfigDisabled)
	c.vanish()
	w.fire(w.now + 10*node.Second)
	if len(m.db.Sessions) != 0 {
		t.Error("the session does not expire")
	}
}

// With the continuity check of 3.9.4 a gap in committedLog ends the thread that applies what is
// committed: the server no longer runs, nothing more is applied and nobody is answered. Without it
// nobody notices. (ZKDatabase.addCommittedProposal, CommitProcessor.run)
func TestGapInCommittedLog(t *testing.T) {
	for checks, want := range map[bool]string{false: "1:4 true", true: "1:3 false"} {
		w, f := follower(t, func(w *ensemble) { w.opt.CommittedLogGapCheck = checks })
		f.propose(1, 3, 4)
		f.finishSync()
		f.in(func(o *node.Out) {
			for _, c := range []zk.Zxid{1, 3, 4} {
				if err := f.s.Commit(o, 1<<32|c); err != nil {
					t.Error(err)
				}
			}
		})
		w.run()
		if got := fmt.Sprint(f.db.LastProcessed(), f.s.Running()); got != want {
			t.Errorf("check %t: %s, want %s", checks, got, want)
		}
	}
}
