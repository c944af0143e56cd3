package server

import (
	"fmt"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// acl lets one id have some permissions.
func acl(perms int32, scheme, id string) []zk.ACL {
	return []zk.ACL{{Perms: perms, ID: zk.ID{Scheme: scheme, ID: id}}}
}

// world grants everybody some permissions.
func world(perms int32) []zk.ACL { return acl(perms, "world", "anyone") }

func withACL(r zk.Request, a []zk.ACL) zk.Request {
	r.ACL = a
	return r
}

func as(op zk.OpCode, r zk.Request) zk.Request {
	r.Type = op
	return r
}

func setACL(path string, a []zk.ACL, version int32) zk.Request {
	return zk.Request{Type: zk.OpSetACL, Path: path, ACL: a, Version: version}
}

// writeErrors is every way in which a write fails, and which of two reasons wins, in the tree that
// TestWriteErrors makes. The column why names the step of PrepRequestProcessor.pRequest2Txn that
// refuses; steps are numbered as they follow each other.
var writeErrors = []struct {
	why string
	r   zk.Request
	err zk.ErrorCode
}{
	{"create 1: CreateMode.fromFlag", create("/x", "", 7), zk.ErrBadArguments},
	{"create 1: before the path", create("x", "", -1), zk.ErrBadArguments},
	{"create 1: extendedTypesEnabled is off", create("/x", "", 5), zk.ErrUnimplemented},
	{"create 1: and so for createTTL", as(zk.OpCreateTTL, create("/x", "", 6)),
		zk.ErrUnimplemented},
	{"create 1: a ttl on a node without", as(zk.OpCreateTTL, create("/x", "", 0)),
		zk.ErrBadArguments},
	{"create 3: no slash", create("x", "", 0), zk.ErrBadArguments},
	{"create 3: a null character", create("/x\x00", "", 0), zk.ErrBadArguments},
	{"create 4: no ACL", withACL(create("/x", "", 0), nil), zk.ErrInvalidACL},
	{"create 4: before the parent", withACL(create("/no/x", "", 0), nil), zk.ErrInvalidACL},
	{"create 5: no parent", create("/no/x", "", 0), zk.ErrNoNode},
	{"create 6: no permission on the parent", create("/nocreate/x", "", 0), zk.ErrNoAuth},
	{"create 6: before existence", create("/nocreate/..", "", 0), zk.ErrNoAuth},
	{"create 8: bad name", create("/d/..", "", 0), zk.ErrBadArguments},
	{"create 8: empty name", create("/d/", "", 0), zk.ErrBadArguments},
	{"create 8: the number makes it good", create("/d/", "", 2), zk.ErrOK},
	{"create 9: is there", create("/d/kid", "", 0), zk.ErrNodeExists},
	{"create 9: the root", create("/", "", 0), zk.ErrNodeExists},
	{"create 10: ephemerals have no children", create("/eph/x", "", 0),
		zk.ErrNoChildrenForEphemerals},
	{"create 10: containers do", create("/box/x", "", 0), zk.ErrOK},

	{"delete 2: no slash", del("d", -1), zk.ErrBadArguments},
	{"delete 2: the root", del("/", -1), zk.ErrBadArguments},
	{"delete 2: /zookeeper", del("/zookeeper", -1), zk.ErrBadArguments},
	{"delete 2: /zookeeper/quota", del("/zookeeper/quota", -1), zk.ErrBadArguments},
	{"delete 2: /zookeeper/config", del("/zookeeper/config", -1), zk.ErrBadArguments},
	{"delete 3: no parent", del("/no/x", -1), zk.ErrNoNode},
	{"delete 4: no permission on the parent", del("/nodelete/kid", -1), zk.ErrNoAuth},
	{"delete 4: before the node", del("/nodelete/no", -1), zk.ErrNoAuth},
	{"delete 5: no node", del("/no", -1), zk.ErrNoNode},
	{"delete 6: version", del("/d", 1), zk.ErrBadVersion},
	{"delete 6: before children", del("/d", 0), zk.ErrNotEmpty},
	{"delete 7: children", del("/d", -1), zk.ErrNotEmpty},
	{"delete: the node's own ACL does not matter", del("/readonly", -1), zk.ErrOK},

	{"setData 2: path", set("/d/", "", -1), zk.ErrBadArguments},
	{"setData 3: no node", set("/no", "", -1), zk.ErrNoNode},
	{"setData 4: no permission", set("/zookeeper/config", "", 9), zk.ErrNoAuth},
	{"setData 6: version", set("/d", "", 1), zk.ErrBadVersion},
	{"setData 6: the version is there", set("/d", "", 0), zk.ErrOK},
	{"setData 6: and then it is not", set("/d", "", 0), zk.ErrBadVersion},
	{"setData: the root", set("/", "", -1), zk.ErrOK},

	{"setACL 2: path", setACL("d", world(1), -1), zk.ErrBadArguments},
	{"setACL 3: no list", setACL("/no", nil, -1), zk.ErrInvalidACL},
	{"setACL 4: no node", setACL("/no", world(1), -1), zk.ErrNoNode},
	{"setACL 5: no permission", setACL("/zookeeper/config", world(1), 9), zk.ErrNoAuth},
	{"setACL 6: version of the list", setACL("/d", world(31), 1), zk.ErrBadVersion},
	{"setACL 6: not of the data", setACL("/d", world(31), 0), zk.ErrOK},

	{"check 2: path", check("d", -1), zk.ErrBadArguments},
	{"check 3: no node", check("/no", -1), zk.ErrNoNode},
	{"check 4: no permission", check("/blind", -1), zk.ErrNoAuth},
	{"check 5: version", check("/d", 0), zk.ErrBadVersion},
	{"check 5: the version is there", check("/d", 1), zk.ErrOK},

	{"reconfig: reconfigEnabled is off", bare(zk.OpReconfig, ""), zk.ErrReconfigDisabled},
}

// A write that fails is answered with its reason, and is a transaction with a zxid of its own.
func TestWriteErrors(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 30000)
	for _, r := range []zk.Request{
		create("/d", "", 0), create("/d/kid", "", 0), create("/eph", "", 1),
		withACL(create("/nocreate", "", 0), world(zk.PermAll&^zk.PermCreate)),
		withACL(create("/nodelete", "", 0), world(zk.PermAll&^zk.PermDelete)),
		create("/nodelete/kid", "", 0),
		withACL(create("/readonly", "", 0), world(zk.PermRead)),
		withACL(create("/blind", "", 0), world(zk.PermAll&^zk.PermRead)),
		as(zk.OpCreateContainer, create("/box", "", 4)),
	} {
		want(t, c.do(r), zk.ErrOK)
	}
	for _, x := range writeErrors {
		before := w.servers[2].s.Zxid()
		r := c.do(x.r)
		if r.Result.Err != x.err {
			t.Errorf("%s: %s %q: %v, want %v", x.why, x.r.Type, x.r.Path, r.Result.Err, x.err)
		}
		last := w.proposed[len(w.proposed)-1]
		if w.servers[2].s.Zxid() != before+1 || last.Zxid != before+1 || r.Zxid != before+1 {
			t.Errorf("%s: zxid %s behind %s, answered at %s", x.why, last.Zxid, before, r.Zxid)
		}
		if x.err != zk.ErrOK && (last.Type != zk.OpError || last.Err != x.err || last.HasDigest) {
			t.Errorf("%s: the transaction is %+v", x.why, last)
		}
	}
	w.wantLevel()
}

// wantLevel checks that all servers hold the same tree and that every digest was foreseen.
func (w *ensemble) wantLevel() {
	w.t.Helper()
	lead := w.servers[w.leader]
	for _, m := range w.all() {
		if n := m.db.Tree.Mismatches(); n.Count > 0 {
			w.t.Errorf("server %d: %d digests differ, the first at %s", m.sid, n.Count, n.First)
		}
		if m.db.Tree.Digest() != lead.db.Tree.Digest() ||
			m.db.LastProcessed() != lead.db.LastProcessed() {
			w.t.Errorf("server %d holds another tree than the leader", m.sid)
		}
	}
	if n := lead.s.changes.list.len(); n != 0 || len(lead.s.changes.forPath) != 0 {
		w.t.Errorf("%d changes are outstanding in an ensemble at rest", n)
	}
}

// A second request is prepared against what the first will have changed, before anything is logged.
// (ZooKeeperServer.outstandingChanges)
func TestPreparedAgainstOutstandingChanges(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 30000)
	var xids []int32
	for _, r := range []zk.Request{
		create("/a", "", 0), create("/a/b", "", 0), del("/a", -1), set("/a", "1", 0),
		set("/a", "2", 0), set("/a", "2", 1), del("/a/b", -1), create("/a/n", "", 2),
		create("/a/n", "", 2), del("/a/n0000000001", -1), del("/a/n0000000002", -1), del("/a", 2),
		create("/a/b", "", 0), create("/a", "", 0),
	} {
		xids = append(xids, c.ask(r))
	}
	if w.servers[2].db.LastProcessed() != 1<<32|1 {
		t.Fatal("a write was applied too early for this test")
	}
	w.run()
	for i, err := range []zk.ErrorCode{zk.ErrOK, zk.ErrOK, zk.ErrNotEmpty, zk.ErrOK,
		zk.ErrBadVersion, zk.ErrOK, zk.ErrOK, zk.ErrOK, zk.ErrOK, zk.ErrOK, zk.ErrOK, zk.ErrOK,
		zk.ErrNoNode, zk.ErrOK} {
		if r := c.reply(xids[i]); r == nil || r.Result.Err != err {
			t.Errorf("request %d: %+v, want %v", i, r, err)
		}
	}
	w.wantLevel()
}

// The root has two names: writes to "/" do not see creations below "" that are under way, nor does
// the digest that the leader foresees. ZooKeeper's own digests differ then too.
// (PrepRequestProcessor.getRecordForPath with path and parentPath)
func TestWriteToRootUnderWay(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 30000)
	c.ask(create("/a", "", 0))
	c.ask(set("/", "x", 0))
	w.run()
	for _, m := range w.all() {
		if n := m.db.Tree.Mismatches(); n.Count != 1 || n.First != 1<<32|3 {
			t.Errorf("server %d: %+v", m.sid, n)
		}
	}
	want(t, c.do(create("/b", "", 0)), zk.ErrOK)
	if n := w.servers[3].db.Tree.Mismatches(); n.Count != 1 {
		t.Errorf("in an ensemble at rest %+v", n)
	}
}

// Names of sequential nodes take the creations of the parent, not its children; deletions give
// no number back. (PrepRequestProcessor.pRequest2TxnCreate)
func TestSequentialNames(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(2, 30000)
	c.do(create("/q", "", 0))
	for i, x := range []struct {
		r    zk.Request
		path string
	}{
		{create("/q/n-", "", 2), "/q/n-0000000000"},
		{create("/q/plain", "", 0), "/q/plain"},
		{create("/q/n-", "", 3), "/q/n-0000000002"},
		{del("/q/plain", -1), ""},
		{create("/q/", "", 2), "/q/0000000003"},
		{create("/q/n-0000000002", "", 0), ""},
		{as(zk.OpCreate2, create("/q/m", "", 2)), "/q/m0000000004"},
	} {
		if r := c.do(x.r); r.Result.Path != x.path {
			t.Errorf("%d: %q, want %q", i, r.Result.Path, x.path)
		}
	}
	c.w.servers[2].db.Tree.Node("/q").Cversion = -2
	if r := c.do(create("/q/n", "", 2)); r.Result.Path != "/q/n-000000002" {
		t.Errorf("behind the overflow: %q", r.Result.Path)
	}
}

// create answers the path; create2 and createContainer the Stat too.
// (FinalRequestProcessor.processRequest)
func TestAnswersToCreates(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(3, 30000)
	if r := c.do(create("/a", "x", 0)); r.Result.Stat.Czxid != 0 || r.Result.Path != "/a" {
		t.Errorf("create answers %+v", r.Result)
	}
	r := c.do(as(zk.OpCreate2, create("/b", "x", 1)))
	if r.Result.Stat.EphemeralOwner != c.session {
		t.Errorf("create2 answers %+v", r.Result)
	}
	r = c.do(as(zk.OpCreateContainer, create("/c", "x", 4)))
	if r.Result.Stat.Czxid != r.Zxid || r.Result.Stat.EphemeralOwner != 0 {
		t.Errorf("createContainer answers %+v", r.Result)
	}
	if n := w.servers[1].db.Tree.Containers(); len(n) != 1 {
		t.Errorf("containers %v", n)
	}
	w.wantLevel()
}

// A container goes when the leader asks for it, if it is empty; what is none does not.
// (PrepRequestProcessor.pRequest2Txn, case deleteContainer)
func TestDeleteContainer(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(2, 30000)
	c.do(as(zk.OpCreateContainer, create("/box", "", 4)))
	c.do(create("/box/kid", "", 0))
	c.do(create("/eph", "", 1))
	for _, x := range []struct {
		path string
		err  zk.ErrorCode
	}{
		{"/box", zk.ErrNotEmpty}, {"/eph", zk.ErrBadVersion}, {"/no", zk.ErrNoNode},
		{"/", zk.ErrBadArguments}, {"/box/kid", zk.ErrOK}, {"/box", zk.ErrOK},
	} {
		want(t, c.do(bare(zk.OpDeleteContainer, x.path)), x.err)
	}
	w.wantLevel()
}

// Time and zxid of a transaction are the leader's; the answer's zxid is what the answering server
// has applied. (PrepRequestProcessor.pRequest2Txn, FinalRequestProcessor)
func TestHeaderOfTxn(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 30000)
	w.now += 5 * node.Second
	c.do(create("/a", "", 0))
	x := w.proposed[len(w.proposed)-1]
	if x.Time != 1795214697941+6000 || x.Session != c.session || x.Cxid != 1 ||
		x.Zxid != 1<<32|2 || x.Encoded == nil {
		t.Errorf("header %+v", x)
	}
	s := w.servers[1].db.Tree.Node("/a").Stat()
	if s.Ctime != x.Time || s.Mtime != x.Time {
		t.Errorf("stat %+v", s)
	}
}

// The last zxid of an epoch is offered to the leader, who resigns instead; nothing is logged, and
// nothing is prepared any more. (Leader.propose, XidRolloverException)
func TestCounterRunsOut(t *testing.T) {
	for _, check := range []bool{true, false} {
		w := newEnsemble(t, 3, 2, func(w *ensemble) { w.opt.RolloverCheck = check })
		c := w.connect(1, 30000)
		lead := w.servers[2]
		lead.s.SetZxid(zk.MakeZxid(1, 0xfffffffe))
		c.ask(create("/a", "", 0))
		c.ask(create("/b", "", 0))
		w.run()
		got := fmt.Sprint(len(w.proposed)-1, lead.s.Zxid(), len(lead.logged)-1)
		if want := map[bool]string{true: "1 1:4294967295 0", false: "2 2:0 2"}[check]; got != want {
			t.Errorf("check %v: proposed, zxid, logged %s, want %s", check, got, want)
		}
	}
}
