package server

import (
	"strings"
	"testing"

	"zabscope/engine/datatree"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// fakeQuorum is the leader as Prep asks it: committed and last seen configuration, who is level,
// and a disk that is done when the test says so.
type fakeQuorum struct {
	w               *ensemble
	committed, last *zk.Membership
	level           []zk.SID
	writing         func(*node.Out) // what goes on when the file is on disk
}

func (q *fakeQuorum) Membership() *zk.Membership         { return q.committed }
func (q *fakeQuorum) LastSeenMembership() *zk.Membership { return q.last }

func (q *fakeQuorum) Synced(m *zk.Membership) ([]zk.SID, bool) {
	var out []zk.SID
	for _, s := range q.level {
		if m.IsVoter(s) {
			out = append(out, s)
		}
	}
	return out, 2*len(out) > len(m.Voters())
}

func (q *fakeQuorum) SetLastSeen(_ *node.Out, m *zk.Membership, then func(*node.Out)) {
	q.last, q.writing = m, then
}

// written lets the file be on disk.
func (q *fakeQuorum) written() {
	then := q.writing
	q.writing = nil
	q.w.servers[q.w.leader].in(then)
	q.w.run()
}

// changeable is three servers, 2 leads, whose members may be changed.
func changeable(t *testing.T, change ...func(*ensemble)) (*ensemble, *fakeQuorum) {
	w := newEnsemble(t, 3, 2, append([]func(*ensemble){func(w *ensemble) {
		w.cfg.ReconfigEnabled, w.cfg.SkipACL = true, true
	}}, change...)...)
	m := members(3)().WithVersion(1 << 32)
	q := &fakeQuorum{w: w, committed: m, last: m, level: []zk.SID{1, 2, 3}}
	w.servers[2].s.SetEnsemble(q)
	return w, q
}

func leave(sid string) zk.Request {
	return zk.Request{Type: zk.OpReconfig, Leaving: sid, CurConfigID: -1}
}

// A reconfig becomes setData of /zookeeper/config under its own zxid as the version, but with a
// type of its own and without counting the node's versions. (PrepRequestProcessor.pRequest2Txn)
func TestReconfigBecomesATransaction(t *testing.T) {
	w, q := changeable(t)
	c := w.connect(1, 10000)
	xid := c.ask(leave("1"))
	w.run()
	if len(w.proposed) != 1 {
		t.Fatalf("%d transactions were proposed before the configuration was on disk", len(w.proposed))
	}
	q.written()
	x := w.proposed[1]
	if x.Type != zk.OpReconfig || x.Path != datatree.ConfigPath || x.Version != -1 {
		t.Errorf("it is %+v", x)
	}
	want := q.committed.Members[1:]
	m, err := zk.ParseMembership(string(x.Data))
	if err != nil || zk.Zxid(m.Version) != x.Zxid || len(m.Members) != 2 || m.Members[0] != want[0] {
		t.Errorf("its data is %v, %v\n%s", m, err, x.Data)
	}
	r := c.reply(xid)
	if r == nil || r.Result.Err != zk.ErrOK || r.Result.Stat.Version != -1 ||
		r.Result.Stat.Mzxid != x.Zxid {
		t.Fatalf("the answer is %+v", r)
	}
	if string(r.Result.Data) != members(3)().Text() {
		t.Errorf("the server tells another configuration than its own\n%s", r.Result.Data)
	}
}

// While the new configuration is on its way to the disk Prep does nothing: what comes meanwhile is
// proposed behind the reconfig, in order, syncs of learners too.
func TestRequestsWaitForTheConfigurationToBeWritten(t *testing.T) {
	w, q := changeable(t)
	c, d := w.connect(2, 10000), w.connect(1, 10000)
	before := len(w.proposed)
	c.ask(leave("1"))
	a := d.ask(zk.Request{Type: zk.OpCreate, Path: "/a", ACL: zk.OpenACLUnsafe})
	s := d.ask(zk.Request{Type: zk.OpSync, Path: "/"})
	b := d.ask(zk.Request{Type: zk.OpCreate, Path: "/b", ACL: zk.OpenACLUnsafe})
	w.run()
	if len(w.proposed) != before || d.reply(a) != nil || d.reply(s) != nil {
		t.Fatal("somebody was served")
	}
	q.written()
	var types []string
	for _, x := range w.proposed[before:] {
		types = append(types, x.Type.String())
	}
	if got := strings.Join(types, " "); got != "reconfig create create" {
		t.Errorf("proposed were %s", got)
	}
	for _, xid := range []int32{a, s, b} {
		if r := d.reply(xid); r == nil || r.Result.Err != zk.ErrOK {
			t.Errorf("request %d: %+v", xid, r)
		}
	}
}

// Everything that may be wrong, in the order in which it is asked; the last question decided it.
func TestReconfigIsJudgedInOrder(t *testing.T) {
	for name, x := range map[string]struct {
		cfg    func(*ensemble)
		change func(*fakeQuorum)
		ask    zk.Request
		want   zk.ErrorCode
		asked  string
	}{
		"all is well": {nil, nil, leave("1"), zk.ErrOK, "reconfig.enabled reconfig.nonePending " +
			"reconfig.majority reconfig.wellFormed reconfig.enoughVoters reconfig.synced " +
			"reconfig.mayWrite"},
		"all at once": {nil, nil, zk.Request{Type: zk.OpReconfig, CurConfigID: 1 << 32,
			NewMembers: "server.2=h:1:2;3,server.3=h:4:5;6"}, zk.ErrOK,
			"reconfig.enabled reconfig.nonePending reconfig.versionMatches reconfig.wellFormed " +
				"reconfig.enoughVoters reconfig.synced reconfig.mayWrite"},
		"off": {func(w *ensemble) { w.cfg.ReconfigEnabled = false }, nil, leave("1"),
			zk.ErrReconfigDisabled, "reconfig.enabled"},
		"pending": {nil, func(q *fakeQuorum) { q.last = q.last.WithVersion(1<<32 | 9) }, leave("1"),
			zk.ErrReconfigInProgress, "reconfig.enabled reconfig.nonePending"},
		"version": {nil, nil, zk.Request{Type: zk.OpReconfig, Leaving: "1", CurConfigID: 4},
			zk.ErrBadVersion, "reconfig.enabled reconfig.nonePending reconfig.versionMatches"},
		"groups": {nil, func(q *fakeQuorum) {
			q.last = q.last.WithVersion(1 << 32)
			q.last.Groups = [][]zk.SID{{1, 2, 3}}
		}, leave("1"), zk.ErrBadArguments, "reconfig.enabled reconfig.nonePending reconfig.majority"},
		"not level": {nil, func(q *fakeQuorum) { q.level = []zk.SID{1, 2} }, leave("1"),
			zk.ErrNewConfigNoQuorum, "reconfig.enabled reconfig.nonePending reconfig.majority " +
				"reconfig.wellFormed reconfig.enoughVoters reconfig.synced"},
	} {
		w, q := changeable(t, func(w *ensemble) {
			if x.cfg != nil {
				x.cfg(w)
			}
		})
		if x.change != nil {
			x.change(q)
		}
		c := w.connect(2, 10000)
		xid := c.ask(x.ask)
		w.run()
		if q.writing != nil {
			q.written()
		}
		if r := c.reply(xid); r == nil || r.Result.Err != x.want {
			t.Errorf("%s: %+v, want %v", name, r, x.want)
		}
		if got := w.servers[2].asked(event.ReconfigJudged); got != x.asked {
			t.Errorf("%s: asked were %s, want %s", name, got, x.asked)
		}
	}
}

// asked names the questions of the last event of a kind; all but the last are answered with yes.
func (m *machine) asked(k node.Kind) string {
	var names []string
	for _, e := range m.events {
		if e.Kind != k {
			continue
		}
		names = nil
		for i, c := range e.Checks {
			names = append(names, event.Vocabulary.Checks[c.Code].Name)
			if last := i == len(e.Checks)-1; !last && !c.Answer || last != c.Deciding {
				names = append(names, "?")
			}
		}
	}
	return strings.Join(names, " ")
}

// A standalone server has nothing to change. (PrepRequestProcessor, ClassCastException)
func TestReconfigOfAStandaloneServer(t *testing.T) {
	w := newEnsemble(t, 1, 0, func(w *ensemble) { w.cfg.ReconfigEnabled = true })
	if r := w.connect(1, 10000).do(leave("1")); r.Result.Err != zk.ErrUnimplemented {
		t.Errorf("%+v", r)
	}
}

// Without skipACL only the super user may write /zookeeper/config; with it anybody may do anything.
func TestSkipACL(t *testing.T) {
	for _, skip := range []bool{false, true} {
		w, q := changeable(t, func(w *ensemble) { w.cfg.SkipACL = skip })
		c := w.connect(2, 10000)
		secret := []zk.ACL{{Perms: zk.PermAll, ID: zk.ID{Scheme: "digest", ID: "bob:x"}}}
		c.do(zk.Request{Type: zk.OpCreate, Path: "/a", ACL: secret})
		want := zk.ErrNoAuth
		if skip {
			want = zk.ErrOK
		}
		for _, r := range []zk.Request{{Type: zk.OpGetData, Path: "/a"},
			{Type: zk.OpSetData, Path: "/a", Version: -1}, {Type: zk.OpGetACL, Path: "/a"}} {
			if got := c.do(r).Result.Err; got != want {
				t.Errorf("skipACL %t, %v: %v, want %v", skip, r.Type, got, want)
			}
		}
		xid := c.ask(leave("1"))
		w.run()
		if q.writing != nil {
			q.written()
		}
		if got := c.reply(xid).Result.Err; got != want {
			t.Errorf("skipACL %t, reconfig: %v, want %v", skip, got, want)
		}
	}
}
