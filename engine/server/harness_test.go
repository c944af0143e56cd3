package server

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// memDisk is a disk in memory. With broken set, every write fails, and with refuse set those to
// files whose name holds it.
type memDisk struct {
	files  map[string][]byte
	sizes  map[string]int64
	broken bool
	refuse string
}

func newMemDisk() *memDisk {
	return &memDisk{files: map[string][]byte{}, sizes: map[string]int64{}}
}

func (d *memDisk) List() []string {
	var out []string
	for name := range d.files {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (d *memDisk) Size(name string) int64 {
	if _, ok := d.files[name]; !ok {
		return -1
	}
	return max(d.sizes[name], int64(len(d.files[name])))
}

func (d *memDisk) Read(name string) ([]byte, bool) {
	b, ok := d.files[name]
	return bytes.Clone(b), ok
}

func (d *memDisk) fault() error {
	if d.broken {
		return node.ErrDiskFull
	}
	return nil
}

func (d *memDisk) Write(name string, b []byte) error {
	if d.broken || d.refuse != "" && strings.Contains(name, d.refuse) {
		return node.ErrDiskFull
	}
	d.files[name], d.sizes[name] = bytes.Clone(b), 0
	return nil
}

func (d *memDisk) Append(name string, b []byte) error {
	if d.broken {
		return node.ErrDiskFull
	}
	d.files[name] = append(d.files[name], b...)
	return nil
}

func (d *memDisk) Extend(name string, size int64) error {
	d.sizes[name] = size
	return d.fault()
}

func (d *memDisk) Truncate(name string, size int64) error {
	d.files[name], d.sizes[name] = d.files[name][:size], 0
	return d.fault()
}

func (d *memDisk) Rename(from, to string) error {
	d.files[to], d.sizes[to] = d.files[from], d.sizes[from]
	return d.Remove(from)
}

func (d *memDisk) Remove(name string) error {
	delete(d.files, name)
	delete(d.sizes, name)
	return d.fault()
}

// machine is one server of an ensemble with what a peer would keep of it.
type machine struct {
	w       *ensemble
	sid     zk.SID
	s       *ZooKeeperServer
	db      *storage.ZKDatabase
	disk    *memDisk
	out     node.Out
	effects []node.Effect
	tokens  node.Token
	syncs   []node.Token // under way
	syncing int          // fsyncs asked for in all
	timers  map[node.Timer]node.Time
	exit    string
	events  []node.Event
	folded  *node.State

	// the learner's side
	requests []*jute.QuorumPacket // REQUESTs it has sent
	logged   []zk.Zxid
}

// ensemble is servers wired to each other by hand: a quorum protocol that loses nothing and elects
// nobody, with packets that wait in one queue.
type ensemble struct {
	t       testing.TB
	cfg     zk.Config
	opt     zk.Options
	servers map[zk.SID]*machine
	leader  zk.SID
	now     node.Time
	wall    func() int64
	queue   []func()
	conns   map[node.ConnID]*testClient
	nConns  uint32
	holding bool // fsyncs do not finish by themselves

	lastProposed zk.Zxid
	outstanding  []*outstandingTxn
	pendingSyncs []pendingSync
	applied      []zk.Zxid
	proposed     []*zk.Txn
}

type outstandingTxn struct {
	t    *zk.Txn
	acks int
}

type pendingSync struct {
	after zk.Zxid
	r     *Request
}

// members is the configuration of servers 1 to n.
func members(n int) func() *zk.Membership {
	var ms []zk.Member
	for i := 1; i <= n; i++ {
		ms = append(ms, zk.Member{SID: zk.SID(i), Host: fmt.Sprintf("10.77.0.%d", i+1),
			QuorumPort: 2888, ElectionPort: 3888, ClientPort: 2181})
	}
	m := zk.NewMembership(ms)
	return func() *zk.Membership { return m }
}

// newEnsemble starts n servers; server leader leads epoch 1, the others follow.
func newEnsemble(t testing.TB, n int, leader zk.SID, change ...func(*ensemble)) *ensemble {
	w := &ensemble{t: t, cfg: zk.DefaultConfig(), opt: zk.Options3_8_0(), leader: leader,
		servers: map[zk.SID]*machine{}, conns: map[node.ConnID]*testClient{},
		now: 1000 * node.Millisecond}
	w.wall = func() int64 { return 1795214697941 + int64(w.now/node.Millisecond) }
	for _, f := range change {
		f(w)
	}
	for i := 1; i <= n; i++ {
		kind := FollowerServer
		switch {
		case n == 1 && leader == 0:
			kind = StandaloneServer
		case zk.SID(i) == leader:
			kind = LeaderServer
		}
		w.add(zk.SID(i), kind, n)
	}
	if leader != 0 {
		w.lead(1)
	}
	return w
}

// add makes a server and loads its database.
func (w *ensemble) add(sid zk.SID, kind Kind, n int) *machine {
	m := &machine{w: w, sid: sid, disk: newMemDisk(), timers: map[node.Timer]node.Time{},
		folded: node.NewState()}
	_, bench := w.t.(*testing.B)
	m.out.Tracing = !bench
	m.db = storage.New(m.disk, w.cfg, w.opt, members(n))
	var up Upstream = fakeLearner{m}
	if kind != FollowerServer && kind != ObserverServer {
		up = fakeLeader{w}
	}
	m.s = New(kind, sid, m.db, w.cfg, w.opt, up, node.NewRand(uint64(sid)),
		func() node.Token { m.tokens++; return m.tokens },
		func(node.Time) int64 { return w.wall() })
	w.servers[sid] = m
	m.in(func(o *node.Out) {
		if err := m.db.Load(o); err != nil {
			w.t.Fatal(err)
		}
		m.s.Startup(o)
	})
	return m
}

// lead begins an epoch at the leader.
func (w *ensemble) lead(e zk.Epoch) {
	m := w.servers[w.leader]
	w.lastProposed = zk.MakeZxid(e, 0)
	m.s.SetZxid(w.lastProposed)
	m.in(func(o *node.Out) { m.db.SetLastProcessed(o, w.lastProposed) })
}

// in runs a step of the machine and carries out its effects.
func (m *machine) in(f func(o *node.Out)) {
	m.out.Begin(m.w.now, m.effects[:0])
	f(&m.out)
	m.effects = m.out.End()
	for _, e := range m.effects {
		m.effect(e)
	}
}

func (m *machine) effect(e node.Effect) {
	switch e.Kind {
	case node.Send:
		if c := m.w.conns[e.Conn]; c != nil && !c.closed {
			c.got = append(c.got, e.Msg)
		}
	case node.Close:
		if c := m.w.conns[e.Conn]; c != nil {
			c.closed = true
		}
	case node.SetTimer:
		m.timers[e.Timer] = e.At
	case node.CancelTimer:
		delete(m.timers, e.Timer)
	case node.Sync:
		m.syncs = append(m.syncs, e.Token)
		m.syncing++
		if !m.w.holding {
			m.w.post(m.finishSync)
		}
	case node.Exit:
		m.exit = e.Reason
	case node.Emit:
		m.record(e.Event)
	}
}

// record keeps a copy of an event and folds it.
func (m *machine) record(e *node.Event) {
	c := *e
	c.Args = slices.Clone(e.Args)
	c.Checks = slices.Clone(e.Checks)
	m.events = append(m.events, c)
	for _, op := range e.Ops {
		m.folded.Apply(event.Vocabulary, op)
	}
}

// finishSync lets the oldest fsync under way finish.
func (m *machine) finishSync() {
	if len(m.syncs) == 0 {
		return
	}
	t := m.syncs[0]
	m.syncs = m.syncs[1:]
	m.in(func(o *node.Out) {
		if !m.s.Synced(o, t) {
			m.w.t.Errorf("server %d does not know token %d", m.sid, t)
		}
	})
}

// post puts a packet into the queue of the ensemble.
func (w *ensemble) post(f func()) { w.queue = append(w.queue, f) }

// run delivers what is in the queue until it is empty.
func (w *ensemble) run() {
	for i := 0; len(w.queue) > 0; i++ {
		f := w.queue[0]
		w.queue = w.queue[1:]
		f()
		if i > 1<<22 {
			w.t.Fatal("the ensemble does not come to rest")
		}
	}
	w.queue = nil
}

// fire lets time pass to a moment, timers included.
func (w *ensemble) fire(to node.Time) {
	for {
		var next *machine
		var timer node.Timer
		at := to
		for _, m := range w.all() {
			for _, x := range []node.Timer{sessionTimer, containerTimer} {
				if t, ok := m.timers[x]; ok && t <= at {
					next, timer, at = m, x, t
				}
			}
		}
		if next == nil {
			w.now = to
			return
		}
		w.now = at
		delete(next.timers, timer)
		next.in(func(o *node.Out) {
			next.s.Fired(o, &node.Input{Kind: node.Fired, Now: at, Timer: timer})
		})
		w.run()
	}
}

// fakeLeader is a leader whose followers always answer.
type fakeLeader struct{ w *ensemble }

func (l fakeLeader) Propose(_ *node.Out, r *Request) {
	w := l.w
	w.lastProposed = r.Txn.Zxid
	w.proposed = append(w.proposed, r.Txn)
	w.outstanding = append(w.outstanding, &outstandingTxn{t: r.Txn})
	for _, m := range w.learners() {
		w.post(func() {
			m.in(func(o *node.Out) {
				if m.s.kind == FollowerServer {
					m.s.LogRequest(o, r.Txn)
				}
			})
		})
	}
}

// learners lists the servers that do not lead, in order.
func (w *ensemble) learners() []*machine {
	return slices.DeleteFunc(w.all(), func(m *machine) bool { return m.sid == w.leader })
}

func (l fakeLeader) Logged(o *node.Out, t *zk.Txn) { l.w.ack(o, l.w.leader, t.Zxid) }

// ack counts one and commits in order what a majority has.
func (w *ensemble) ack(o *node.Out, from zk.SID, z zk.Zxid) {
	w.servers[from].logged = append(w.servers[from].logged, z)
	voters := 0
	for _, m := range w.servers {
		if m.s.kind != ObserverServer {
			voters++
		}
	}
	for _, p := range w.outstanding {
		if p.t.Zxid == z {
			p.acks++
		}
	}
	for len(w.outstanding) > 0 && w.outstanding[0].acks > voters/2 {
		t := w.outstanding[0].t
		w.outstanding = w.outstanding[1:]
		w.commit(o, t)
	}
}

func (w *ensemble) commit(o *node.Out, t *zk.Txn) {
	for _, m := range w.learners() {
		w.post(func() {
			m.in(func(o *node.Out) {
				if m.s.kind == ObserverServer {
					m.s.ApplyCommitted(o, t)
				} else if err := m.s.Commit(o, t.Zxid); err != nil {
					w.t.Errorf("server %d: %v", m.sid, err)
				}
			})
		})
	}
	w.servers[w.leader].s.CommitTxn(o, t)
	for len(w.pendingSyncs) > 0 && w.pendingSyncs[0].after <= t.Zxid {
		w.sendSync(w.pendingSyncs[0].r)
		w.pendingSyncs = w.pendingSyncs[1:]
	}
}

func (l fakeLeader) Applied(_ *node.Out, z zk.Zxid) { l.w.applied = append(l.w.applied, z) }

func (l fakeLeader) SyncRequested(_ *node.Out, r *Request) {
	if len(l.w.outstanding) > 0 {
		l.w.pendingSyncs = append(l.w.pendingSyncs, pendingSync{l.w.lastProposed, r})
		return
	}
	l.w.sendSync(r)
}

func (w *ensemble) sendSync(r *Request) {
	m := w.servers[r.Owner]
	w.post(func() { m.in(m.s.SyncAnswered) })
}

func (fakeLeader) Forward(*node.Out, *Request)        {}
func (fakeLeader) Revalidate(*node.Out, int64, int32) {}
func (fakeLearner) Propose(*node.Out, *Request)       {}
func (fakeLearner) Applied(*node.Out, zk.Zxid)        {}
func (fakeLearner) SyncRequested(*node.Out, *Request) {}

// fakeLearner sends what a learner sends.
type fakeLearner struct{ m *machine }

func (l fakeLearner) Logged(_ *node.Out, t *zk.Txn) {
	w := l.m.w
	w.post(func() {
		w.servers[w.leader].in(func(o *node.Out) { w.ack(o, l.m.sid, t.Zxid) })
	})
}

func (l fakeLearner) Forward(_ *node.Out, r *Request) {
	w := l.m.w
	p := &jute.QuorumPacket{Type: zk.REQUEST, Zxid: -1, Session: r.Session, Cxid: r.Cxid,
		Request: r.Op, Auth: r.Auth}
	l.m.requests = append(l.m.requests, p)
	w.post(func() {
		m := w.servers[w.leader]
		m.in(func(o *node.Out) { m.s.SubmitLearnerRequest(o, l.m.sid, p) })
	})
}

func (l fakeLearner) Revalidate(_ *node.Out, session int64, timeout int32) {
	w, m := l.m.w, l.m
	w.post(func() {
		valid := false
		lead := w.servers[w.leader]
		lead.in(func(o *node.Out) { valid = lead.s.RevalidateSession(o, m.sid, session, timeout) })
		w.post(func() {
			m.in(func(o *node.Out) { m.s.FinishRevalidation(o, session, valid) })
		})
	})
}

// ping takes what a PING reply of every learner carries to the leader.
func (w *ensemble) ping() {
	lead := w.servers[w.leader]
	for _, m := range w.learners() {
		for _, x := range m.s.TakeTouches() {
			lead.in(func(o *node.Out) { lead.s.Touch(o, x.Session, x.Timeout) })
		}
	}
}

// changeLeader takes the leader away and lets another server lead an epoch; the rest follow it, on
// the databases they have.
func (w *ensemble) changeLeader(to zk.SID, e zk.Epoch) {
	w.servers[w.leader].in(w.servers[w.leader].s.Shutdown)
	delete(w.servers, w.leader)
	w.leader = to
	for _, m := range w.all() {
		m.in(m.s.Shutdown)
		kind, up := FollowerServer, Upstream(fakeLearner{m})
		if m.sid == to {
			kind, up = LeaderServer, fakeLeader{w}
		}
		m.s = New(kind, m.sid, m.db, w.cfg, w.opt, up, m.s.rand, m.s.tokens, m.s.wallClock)
		m.in(m.s.Startup)
	}
	w.lead(e)
}

// all lists the servers in order.
func (w *ensemble) all() []*machine {
	var out []*machine
	for sid := zk.SID(1); sid < 10; sid++ {
		if m := w.servers[sid]; m != nil {
			out = append(out, m)
		}
	}
	return out
}
