package server

import (
	"testing"

	"zabscope/engine/zk"
)

// A multi that fails leaves no trace in what later requests are prepared against, whatever it had
// changed before it failed. (PrepRequestProcessor.rollbackPendingChanges)
func TestFailedMultiIsRolledBack(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 30000)
	c.do(create("/a", "", 0))
	c.do(create("/a/old", "", 0))
	// All of this is prepared before anything is applied.
	first := c.ask(set("/a/old", "1", 0))
	seq := c.ask(create("/a/n", "", 2))
	bad := c.ask(multi(set("/a/old", "2", 1), create("/a/new", "", 0), create("/a/n", "", 2),
		del("/a/old", -1), check("/a", 5)))
	after := []int32{c.ask(set("/a/old", "3", 1)), c.ask(create("/a/n", "", 2)),
		c.ask(create("/a/new", "", 0)), c.ask(set("/a", "", 0))}
	w.run()
	want(t, c.reply(first), zk.ErrOK)
	if r := c.reply(seq); r.Result.Path != "/a/n0000000001" {
		t.Errorf("before the multi: %q", r.Result.Path)
	}
	broken := zk.Result{OpType: zk.OpError}
	wantParts(t, c.reply(bad), broken, broken, broken, broken,
		zk.Result{OpType: zk.OpError, Err: zk.ErrBadVersion})
	for i, xid := range after {
		r := c.reply(xid)
		want(t, r, zk.ErrOK)
		if i == 1 && r.Result.Path != "/a/n0000000002" {
			t.Errorf("behind the multi: %q, so its sequential node still counts", r.Result.Path)
		}
	}
	w.wantLevel()
}

// With nothing else outstanding the roll-back leaves nothing behind.
func TestFailedMultiAlone(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(2, 30000)
	bad := c.do(multi(create("/a", "", 0), create("/a/b", "", 0), create("/a", "", 0),
		create("/c", "", 0)))
	wantParts(t, bad, zk.Result{OpType: zk.OpError}, zk.Result{OpType: zk.OpError},
		zk.Result{OpType: zk.OpError, Err: zk.ErrNodeExists},
		zk.Result{OpType: zk.OpError, Err: zk.ErrRuntimeInconsistency})
	if x := w.proposed[len(w.proposed)-1]; x.Type != zk.OpMulti || !x.HasDigest ||
		x.Digest != w.servers[2].db.Tree.Digest() || x.Ops[3].Type != zk.OpError {
		t.Errorf("proposed %+v", x)
	}
	want(t, c.do(create("/a", "", 0)), zk.ErrOK)
	w.wantLevel()
}

// The parts see each other, share one zxid, and answer each in its own way.
// (FinalRequestProcessor.processRequest, case multi)
func TestMultiAnswers(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 30000)
	r := c.do(multi(create("/a", "1", 0), as(zk.OpCreate2, create("/a/s", "", 2)),
		as(zk.OpCreateContainer, create("/a/c", "", 4)), set("/a", "22", 0), check("/a", 1),
		del("/a/c", 0)))
	wantParts(t, r, zk.Result{OpType: zk.OpCreate, Path: "/a"},
		zk.Result{OpType: zk.OpCreate2, Path: "/a/s0000000000"},
		zk.Result{OpType: zk.OpCreate2, Path: "/a/c"}, zk.Result{OpType: zk.OpSetData},
		zk.Result{OpType: zk.OpCheck}, zk.Result{OpType: zk.OpDelete})
	for _, i := range []int{1, 3} {
		if s := r.Result.Ops[i].Stat; s.Mzxid != r.Zxid {
			t.Errorf("part %d: stat %+v", i, s)
		}
	}
	if r := c.do(multi()); r.Result.Err != zk.ErrOK || len(r.Result.Ops) != 0 {
		t.Errorf("an empty multi answers %+v", r.Result)
	}
	w.wantLevel()
}

// A multi of what it must not hold makes no sense as a whole, but has its zxid.
// (MultiOperationRecord.deserialize throws an IOException)
func TestMultiOfReads(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 30000)
	for _, r := range []zk.Request{multi(create("/a", "", 0), get("/a")), multi(multi()),
		multi(bare(zk.OpReconfig, "")), multi(bare(zk.OpCloseSession, ""))} {
		want(t, c.do(r), zk.ErrMarshallingError)
		if x := w.proposed[len(w.proposed)-1]; x.Type != zk.OpError ||
			x.Err != zk.ErrMarshallingError {
			t.Errorf("proposed %+v", x)
		}
	}
	w.wantLevel()
}

// A part that finds the session moved ends the connection; an answer would go to the wrong place.
// (FinalRequestProcessor.processRequest, case multi: SessionMovedException)
func TestMultiOfMovedSession(t *testing.T) {
	for _, at := range []zk.SID{1, 2} {
		w := newEnsemble(t, 3, 2)
		c := w.connect(at, 30000)
		c.do(create("/a", "", 0))
		w.servers[2].s.leader.setOwner(c.session, 3)
		xid := c.ask(multi(create("/b", "", 0)))
		w.run()
		if c.reply(xid) != nil || !c.closed {
			t.Errorf("server %d: answered %+v, closed %v", at, c.got, c.closed)
		}
		w.wantLevel()
	}
}
