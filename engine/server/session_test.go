package server

import (
	"fmt"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

const tick = 250 // of zk.DefaultConfig, milliseconds

// A session expires at the end of the tick in which its timeout ends, and all of that tick
// together, in order of ids. (ExpiryQueue.roundToNextInterval, poll)
func TestExpiryBuckets(t *testing.T) {
	q := newExpiryQueue(100)
	a, b, c := &trackedSession{id: 3}, &trackedSession{id: 1}, &trackedSession{id: 2}
	for _, x := range []struct {
		s       *trackedSession
		now     int64
		timeout int32
		bucket  int64
	}{
		{a, 0, 0, 100}, {a, 99, 0, 100}, {a, 100, 0, 200}, {a, 0, 299, 300}, {b, 10, 200, 300},
		{c, 250, 0, 300}, {a, 1, 299, 400}, {a, 0, 250, 300},
	} {
		if got := q.update(x.s, x.now, x.timeout); got != x.bucket {
			t.Errorf("%d ms at %d: bucket %d, want %d", x.timeout, x.now, got, x.bucket)
		}
	}
	if due := q.poll(299); len(due) != 0 {
		t.Errorf("%d sessions are due too early", len(due))
	}
	q.update(&trackedSession{id: 9}, 0, 450)
	due := q.poll(1000)
	var ids []int64
	for _, s := range due {
		ids = append(ids, s.id)
	}
	if fmt.Sprint(ids) != "[1 2 3 9]" {
		t.Errorf("due %v, want bucket by bucket and by id", ids)
	}
	if _, ok := q.next(); ok {
		t.Error("the queue is not empty")
	}
}

// Sessions leave a bucket from any place in it.
func TestExpiryRemoval(t *testing.T) {
	for gone := range 3 {
		q := newExpiryQueue(100)
		s := []*trackedSession{{id: 1}, {id: 2}, {id: 3}}
		for _, x := range s {
			q.update(x, 0, 50)
		}
		q.remove(s[gone])
		q.remove(s[gone])
		for _, x := range q.poll(100) {
			if x == s[gone] {
				t.Errorf("session %d expires though it was removed", x.id)
			}
		}
		if len(q.buckets) != 0 {
			t.Error("a bucket is left")
		}
	}
}

// An idle session at a follower lives on as long as the follower tells the leader of it, and
// between its timeout and a tick more after that. (SessionTrackerImpl.run, LearnerSessionTracker)
func TestExpiryThroughPings(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 1000)
	c.do(create("/e", "", 1))
	w.ping()
	w.fire(w.now + 900*node.Millisecond)
	c.send(&jute.ClientRequest{Xid: -2, Request: &zk.Request{Type: zk.OpPing}})
	if r := c.reply(-2); r == nil || r.Zxid != 1<<32|2 || r.Result.Err != zk.ErrOK {
		t.Fatalf("ping is answered with %+v", r)
	}
	w.ping() // else the follower's word would be too late
	heard := int64(w.now / node.Millisecond)
	due := node.Time((heard+1000)/tick*tick+tick) * node.Millisecond
	w.fire(due - 1)
	if w.servers[1].db.Tree.Node("/e") == nil || c.closed {
		t.Fatal("the session is dead before its time")
	}
	w.fire(due)
	if w.servers[3].db.Tree.Node("/e") != nil || !c.closed {
		t.Error("the session outlives its time")
	}
	x := w.proposed[len(w.proposed)-1]
	if x.Type != zk.OpCloseSession || x.Session != c.session || x.Cxid != 0 {
		t.Errorf("its end is %+v", x)
	}
	w.wantLevel()
}

// A short session that comes later than a long one is not forgotten over it.
func TestShortSessionBehindLongOne(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	long, short := w.connect(2, 60000), w.connect(2, 1000)
	w.fire(w.now + 1500*node.Millisecond)
	if long.closed || !short.closed {
		t.Errorf("long closed %v, short closed %v", long.closed, short.closed)
	}
	w.fire(w.now + 60*node.Second)
	if !long.closed {
		t.Error("the long one never expires")
	}
}

// What a client asks for behind its closeSession comes too late.
// (PrepRequestProcessor: setSessionClosing)
func TestRequestBehindClose(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 9000)
	c.ask(bare(zk.OpCloseSession, ""))
	c.ask(create("/late", "", 1))
	w.run()
	if x := w.proposed[len(w.proposed)-1]; x.Type != zk.OpError || x.Err != zk.ErrSessionExpired {
		t.Errorf("proposed %+v", x)
	}
	w.wantLevel()
}

// Expiry is told with what it was decided on.
func TestExpiryExplainsItself(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(2, 1000)
	touched := int64(w.now / node.Millisecond)
	w.fire(w.now + 5*node.Second)
	e := w.servers[2].find(event.SessionExpiring)
	if e == nil {
		t.Fatal("nothing is told")
	}
	want := []node.Value{node.Int(c.session), node.Int(1000), node.Int(touched)}
	if fmt.Sprint(e.Args) != fmt.Sprint(want) || len(e.Checks) != 1 || e.Checks[0].Answer ||
		!e.Checks[0].Deciding || e.Checks[0].Values[1].N != tick*5 {
		t.Errorf("%v %+v, want %v", e.Args, e.Checks, want)
	}
}

// find is the last event of a kind, nil if there is none.
func (m *machine) find(k node.Kind) *node.Event {
	for i := len(m.events) - 1; i >= 0; i-- {
		if m.events[i].Kind == k {
			return &m.events[i]
		}
	}
	return nil
}

// Requests keep a session alive at the leader itself.
func TestRequestsTouch(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(2, 1000)
	for range 10 {
		w.fire(w.now + 900*node.Millisecond)
		want(t, c.do(get("/")), zk.ErrOK)
	}
	w.fire(w.now + 1250*node.Millisecond)
	if !c.closed {
		t.Error("silence does not end the session")
	}
}

// A new leader gives every session its whole timeout anew. (SessionTrackerImpl constructor)
func TestNewLeaderRestartsTimeouts(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 2000)
	w.fire(w.now + 1900*node.Millisecond)
	w.changeLeader(3, 2)
	w.fire(w.now + 1900*node.Millisecond)
	if _, open := w.servers[3].db.Sessions[c.session]; !open {
		t.Fatal("the time before the election counts")
	}
	w.fire(w.now + 500*node.Millisecond)
	if _, open := w.servers[3].db.Sessions[c.session]; open {
		t.Error("the session does not expire at all")
	}
}

// Whatever a session that is gone asks for through a learner fails the same way.
// (LeaderSessionTracker.checkSession: an unknown session is an expired one)
func TestRequestsOfDeadSession(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(1, 9000), w.connect(2, 9000)
	d.do(as(zk.OpCreateContainer, create("/a", "", 4)))
	w.servers[2].s.leader.removeSession(c.session)
	for _, r := range []zk.Request{create("/b", "", 0), create("/b", "", 1), del("/a", -1),
		set("/a", "", -1), setACL("/a", world(31), -1), check("/a", -1),
		as(zk.OpCreate2, create("/b", "", 0))} {
		want(t, c.do(r), zk.ErrSessionExpired)
	}
	wantParts(t, c.do(multi(create("/b", "", 0), check("/a", -1))),
		zk.Result{OpType: zk.OpError, Err: zk.ErrSessionExpired},
		zk.Result{OpType: zk.OpError, Err: zk.ErrRuntimeInconsistency})
	want(t, c.do(bare(zk.OpSync, "/a")), zk.ErrOK) // nobody looks
	w.wantLevel()
}

// Once a session is going, nothing can be asked for in its name: through a learner that is an error
// transaction, at the leader itself the connection is about to be cut.
// (SessionTrackerImpl.checkSession, ZooKeeperServer.submitRequestNow: MissingSessionException)
func TestRequestsOfClosingSession(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	far, near := w.connect(1, 30000), w.connect(2, 30000)
	lead := w.servers[2]
	lead.s.leader.setSessionClosing(far.session)
	lead.s.leader.setSessionClosing(near.session)
	want(t, far.do(create("/a", "", 0)), zk.ErrSessionExpired)
	near.ask(create("/b", "", 0))
	w.run()
	if len(near.got) != 0 || lead.db.Tree.Node("/b") != nil {
		t.Error("the leader's own client gets an answer")
	}
	e := lead.find(event.RequestRefused)
	if e == nil || e.Args[2].S != "the session is expired" {
		t.Errorf("told %+v", e)
	}
	if lead.s.RevalidateSession(&lead.out, 1, far.session, 30000) {
		t.Error("a session that is going is taken up again")
	}
}

// A session that is closed by its client ends behind its earlier requests, and its ephemerals end
// with it, those under way included. (PrepRequestProcessor.pRequest2Txn, case closeSession)
func TestCloseSessionTakesEphemeralsUnderWay(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(1, 30000), w.connect(3, 30000)
	d.do(create("/dir", "", 0))
	c.do(create("/dir/old", "", 1))
	c.do(create("/dir/gone", "", 1))
	d.do(create("/dir/other", "", 1))
	c.ask(create("/dir/new", "", 1))
	c.ask(create("/dir/brief", "", 1))
	c.ask(del("/dir/brief", -1))
	c.ask(del("/dir/gone", -1))
	end := c.ask(bare(zk.OpCloseSession, ""))
	late := d.ask(del("/dir", -1))
	w.run()
	want(t, c.reply(end), zk.ErrOK)
	if !c.closed || d.closed {
		t.Error("the wrong connection is closed")
	}
	var x *zk.Txn
	for _, p := range w.proposed {
		if p.Type == zk.OpCloseSession {
			x = p
		}
	}
	if fmt.Sprint(x.Paths) != "[/dir/new /dir/old]" || !x.HasPaths {
		t.Errorf("closeSession deletes %v", x.Paths)
	}
	want(t, d.reply(late), zk.ErrNotEmpty)
	want(t, d.do(del("/dir/other", -1)), zk.ErrOK)
	want(t, d.do(del("/dir", -1)), zk.ErrOK)
	w.wantLevel()
}

// Until the end of a session is applied, the parent of its ephemerals counts as full.
// (PrepRequestProcessor 3.8.0 does not count the parent's children down)
func TestParentOfDyingEphemerals(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(1, 30000), w.connect(1, 30000)
	d.do(create("/dir", "", 0))
	c.do(create("/dir/e", "", 1))
	c.ask(bare(zk.OpCloseSession, ""))
	early := d.ask(del("/dir", -1))
	w.run()
	want(t, d.reply(early), zk.ErrNotEmpty)
	want(t, d.do(del("/dir", -1)), zk.ErrOK)
	w.wantLevel()
}

// Who comes first owns a session; requests through another server are refused until the leader was
// asked. (SessionTrackerImpl.checkSession, Leader.revalidateSession)
func TestOwnerOfSession(t *testing.T) {
	tr := newLeaderTracker(0, tick, 2, map[int64]int32{7: 1000})
	for i, x := range []struct {
		owner zk.SID
		err   zk.ErrorCode
	}{
		{noOwner, zk.ErrOK}, {1, zk.ErrOK}, {1, zk.ErrOK}, {3, zk.ErrSessionMoved},
	} {
		if err := tr.checkSession(7, x.owner); err != x.err {
			t.Errorf("%d: %v through server %d, want %v", i, err, x.owner, x.err)
		}
	}
	if !tr.setOwner(7, 3) || tr.checkSession(7, 1) != zk.ErrSessionMoved ||
		tr.checkSession(7, 3) != zk.ErrOK {
		t.Error("the session does not move")
	}
	if tr.setOwner(8, 3) || tr.checkSession(8, 3) != zk.ErrSessionExpired {
		t.Error("a session that nobody knows")
	}
}

// A client that moved leaves a connection behind. What still comes over it is refused, and the
// connection ends without an answer. (ZOOKEEPER-710)
func TestSessionMoved(t *testing.T) {
	for _, x := range []struct {
		from, to zk.SID
		ask      zk.Request
		cut      bool
	}{
		{1, 3, create("/b", "", 0), true}, {1, 2, create("/b", "", 0), true},
		{2, 3, create("/b", "", 0), true}, {2, 3, get("/a"), true}, {1, 3, get("/a"), false},
	} {
		w := newEnsemble(t, 3, 2)
		c := w.connect(x.from, 30000)
		c.do(create("/a", "", 0))
		d := w.reconnect(c, x.to)
		w.run()
		if r := d.welcome(); r == nil || r.Session != c.session {
			t.Fatalf("from %d to %d: %+v", x.from, x.to, r)
		}
		want(t, d.do(set("/a", "", -1)), zk.ErrOK)
		c.xid = 10
		xid := c.ask(x.ask)
		w.run()
		if answered := c.reply(xid) != nil; answered == x.cut || c.closed != x.cut {
			t.Errorf("from %d to %d, %s: answered %v, closed %v", x.from, x.to, x.ask.Type,
				answered, c.closed)
		}
		want(t, d.do(get("/a")), zk.ErrOK)
		w.wantLevel()
	}
}

// Ids begin with the server's number and count up. (SessionTrackerImpl.initializeNextSessionId)
func TestSessionIDs(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	a, b, c := w.connect(1, 9000), w.connect(1, 9000), w.connect(2, 9000)
	if a.session>>56 != 1 || b.session != a.session+1 || c.session>>56 != 2 {
		t.Errorf("%x %x %x", a.session, b.session, c.session)
	}
	first := jute.InitialSessionID(1000, 1)
	if a.session != first || a.password != jute.SessionPassword(first) {
		t.Errorf("%x with password %x", a.session, a.password)
	}
}

// A touch table names each session once, in order, and begins anew when it was taken.
// (LearnerSessionTracker.snapshot)
func TestTouchTable(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	a, b := w.connect(1, 9000), w.connect(1, 8000)
	f := w.servers[1].s
	if got := fmt.Sprint(f.TakeTouches()); got != fmt.Sprint([]jute.Touch{
		{Session: a.session, Timeout: 9000}, {Session: b.session, Timeout: 8000}}) {
		t.Errorf("touches %s", got)
	}
	if got := f.TakeTouches(); got == nil || len(got) != 0 {
		t.Errorf("then %v", got)
	}
	for range 3 {
		b.do(get("/"))
	}
	b.do(create("/x", "", 0))
	if got := f.TakeTouches(); len(got) != 1 || got[0].Session != b.session {
		t.Errorf("then %v", got)
	}
	b.do(get("/"))
	b.do(bare(zk.OpCloseSession, ""))
	if got := f.TakeTouches(); len(got) != 0 {
		t.Errorf("a closed session is touched: %v", got)
	}
	// Every learner hears of every new session.
	if got := w.servers[3].s.TakeTouches(); len(got) != 1 || got[0].Session != a.session {
		t.Errorf("server 3: %v", got)
	}
	if got := w.servers[2].s.TakeTouches(); got == nil || len(got) != 0 {
		t.Errorf("the leader: %v", got)
	}
}

// A standalone server knows an expired session from one that it never heard of, but for ephemeral
// nodes; a leader does not. (SessionTrackerImpl.checkSession, checkGlobalSession,
// LeaderSessionTracker.checkSession)
func TestUnknownSession(t *testing.T) {
	for alone, want := range map[bool]zk.ErrorCode{true: zk.ErrUnknownSession,
		false: zk.ErrSessionExpired} {
		tr := newLeaderTracker(0, 1000, 1, map[int64]int32{7: 1000})
		tr.alone = alone
		if err := tr.checkSession(8, 1); err != want {
			t.Errorf("alone %t: an unknown session is %v, want %v", alone, err, want)
		}
		if err := tr.checkGlobalSession(8, 1); err != zk.ErrSessionExpired {
			t.Errorf("alone %t: for an ephemeral node it is %v", alone, err)
		}
		tr.setSessionClosing(7)
		if err := tr.checkSession(7, 1); err != zk.ErrSessionExpired {
			t.Errorf("alone %t: a closing session is %v", alone, err)
		}
	}
}
