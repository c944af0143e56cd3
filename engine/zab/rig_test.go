package zab

import (
	"fmt"
	"path"
	"sort"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/server"
	"zabscope/engine/sim/disk"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// rig is one role under test: a Peer made of plain fields, with a real database on a simulated
// disk, and everything around it played by hand. Nothing happens unless a test says so: packets are
// handed in, fsyncs finish on command, the clock moves when it is moved.
type rig struct {
	t        testing.TB
	sid      zk.SID
	kind     zk.LearnerType
	cfg      zk.Config
	opt      zk.Options
	verifier quorum.Verifier
	lastSeen quorum.Verifier
	vote     zk.Vote

	disk    *disk.Disk
	db      *storage.ZKDatabase
	leader  *Leader
	learner *Learner

	now      node.Time
	out      node.Out
	effects  []node.Effect
	timers   map[node.Timer]node.Time
	syncs    []fsync // under way, oldest first
	waits    map[node.Token]func(*node.Out)
	tokens   node.Token
	failures map[node.Token]func(*node.Out, string)
	conns    uint32
	ports    map[node.Port]bool
	dials    []node.Effect
	sent     map[node.ConnID][]node.Message // not yet looked at
	closed   map[node.ConnID]bool
	events   []node.Event
	folded   *node.State // what the events tell
	journal  []string    // what the role did, in order, since it was last looked at
	ended    bool        // RoleEnded was called
	exit     string      // the reason of Exit, "" while the process lives

	syncMode  zk.SyncMode
	voteEpoch zk.Epoch // of UpdateElectionVote
}

// fsync is one that is under way. Those without a continuation belong to the request pipeline.
type fsync struct {
	token  node.Token
	handle int32
	files  []string
	then   func(*node.Out)
}

// voters is an ensemble of servers 1 to n; those listed observe.
func voters(n int, observers ...zk.SID) *zk.Membership {
	var ms []zk.Member
	for i := 1; i <= n; i++ {
		m := zk.Member{SID: zk.SID(i), Host: fmt.Sprintf("10.77.0.%d", i+1),
			QuorumPort: zk.QuorumPort, ElectionPort: zk.ElectionPort, ClientPort: zk.ClientPort}
		for _, s := range observers {
			if s == m.SID {
				m.Type = zk.Observer
			}
		}
		ms = append(ms, m)
	}
	return zk.NewMembership(ms)
}

// newRig is server 1 of the ensemble with an empty disk: 3.8.0, a tick of 250 ms, an initLimit of
// 10 seconds, a syncLimit of 2.
func newRig(t testing.TB, m *zk.Membership) *rig {
	t.Helper()
	self, _ := m.Lookup(1)
	r := &rig{t: t, sid: 1, kind: self.Type, cfg: zk.DefaultConfig(), opt: zk.Options3_8_0(),
		timers: map[node.Timer]node.Time{}, ports: map[node.Port]bool{},
		waits:    map[node.Token]func(*node.Out){},
		failures: map[node.Token]func(*node.Out, string){},
		sent:     map[node.ConnID][]node.Message{}, closed: map[node.ConnID]bool{}, voteEpoch: -1,
		folded: node.NewState()}
	r.verifier = quorum.New(m)
	r.lastSeen = r.verifier
	r.disk = disk.New(disk.Config{}, node.NewRand(7))
	r.out.Tracing = true
	r.writeEpochs(0, 0)
	return r
}

// writeEpochs puts both epoch files on the disk, durably.
func (r *rig) writeEpochs(accepted, current zk.Epoch) {
	for name, e := range map[string]zk.Epoch{storage.AcceptedEpochFile: accepted,
		storage.CurrentEpochFile: current} {
		if err := r.disk.Write(name, []byte(fmt.Sprint(int64(e)))); err != nil {
			r.t.Fatal(err)
		}
	}
	r.disk.WriteBack()
}

// logged puts a log with these transactions on the disk, durably: "1:1..1:4 2:1".
func (r *rig) logged(zxids string) *rig {
	r.t.Helper()
	db := storage.New(r.disk, r.cfg, r.opt, r.verifier.Membership)
	var o node.Out
	if err := db.Load(&o); err != nil {
		r.t.Fatal(err)
	}
	for _, t := range txns(r.t, zxids) {
		if err := db.Append(&o, t); err != nil {
			r.t.Fatal(err)
		}
	}
	r.disk.WriteBack()
	return r
}

// load reads the disk as the start of a process does.
func (r *rig) load() error {
	r.db = storage.New(r.disk, r.cfg, r.opt, r.verifier.Membership)
	var err error
	r.step(func(o *node.Out) {
		if err = r.db.Load(o); err == nil {
			err = r.finishEpoch(o)
		}
	})
	return err
}

// finishEpoch adopts currentEpoch.tmp, if the start needs it, and checks the epoch files.
func (r *rig) finishEpoch(o *node.Out) error {
	e, unfinished, err := r.db.UnfinishedEpoch()
	if unfinished {
		if _, err = r.db.WriteEpochTmp(storage.CurrentEpochFile, e); err == nil {
			err = r.db.CommitEpoch(o, storage.CurrentEpochFile, e)
		}
	}
	if err != nil {
		return err
	}
	return r.db.CheckEpochs()
}

// mustLoad is load where it cannot fail.
func (r *rig) mustLoad() {
	r.t.Helper()
	if err := r.load(); err != nil {
		r.t.Fatal(err)
	}
	r.journal = nil
}

// powerLoss loses what was not synced and starts again with a new process, without a role.
func (r *rig) powerLoss() error {
	r.disk.Crash(0)
	r.leader, r.learner = nil, nil
	r.syncs, r.timers = nil, map[node.Timer]node.Time{}
	r.ended, r.exit, r.folded = false, "", node.NewState()
	return r.load()
}

// step gives the role one occasion to act and does what it asks for.
func (r *rig) step(f func(o *node.Out)) {
	r.out.Begin(r.now, r.effects[:0])
	f(&r.out)
	r.effects = r.out.End()
	for i := range r.effects {
		r.effect(&r.effects[i])
	}
	r.fold()
}

// leaderFields are the places of the visible state that the leader's own events write.
var leaderFields = []node.Field{event.Learners, event.Outstanding, event.LogCommitted}

// fold holds what the leader's events say of the visible state against the leader.
func (r *rig) fold() {
	r.t.Helper()
	if r.leader == nil || r.ended || r.exit != "" {
		return
	}
	shown, told := node.NewState(), node.NewState()
	r.leader.Visible(shown)
	for _, f := range leaderFields {
		told.Scalars[f], told.Maps[f] = r.folded.Scalars[f], r.folded.Maps[f]
	}
	for _, name := range told.Differences(event.Vocabulary, shown) {
		for _, f := range leaderFields {
			if event.Vocabulary.Fields[f].Name == name {
				r.t.Fatalf("%s: the events say %v%v, the leader %v%v", name, told.Scalars[f],
					told.Maps[f], shown.Scalars[f], shown.Maps[f])
			}
		}
	}
}

func (r *rig) effect(e *node.Effect) {
	if r.exit != "" {
		return // the process has ended
	}
	switch e.Kind {
	case node.Listen:
		r.ports[e.Port] = true
	case node.Unlisten:
		delete(r.ports, e.Port)
	case node.Dial:
		r.dials = append(r.dials, *e)
	case node.Send:
		r.send(e)
	case node.Close:
		r.closed[e.Conn] = true
	case node.SetTimer:
		r.timers[e.Timer] = e.At
	case node.CancelTimer:
		delete(r.timers, e.Timer)
	case node.Sync:
		r.begin(e)
	case node.Emit:
		r.keep(e.Event)
	case node.Exit:
		r.exit = e.Reason
		r.note("exit")
	}
}

func (r *rig) send(e *node.Effect) {
	if r.closed[e.Conn] {
		return
	}
	r.sent[e.Conn] = append(r.sent[e.Conn], e.Msg)
	r.note("send " + line(e.Msg))
}

// begin starts an fsync.
func (r *rig) begin(e *node.Effect) {
	handle, _ := r.disk.Begin(e.Files)
	var names []string
	for _, f := range e.Files {
		names = append(names, path.Base(f))
	}
	r.note("sync " + strings.Join(names, " "))
	r.syncs = append(r.syncs, fsync{e.Token, handle, names, r.waits[e.Token]})
}

// fsync finishes the oldest fsync under way.
func (r *rig) fsync() {
	r.t.Helper()
	if len(r.syncs) == 0 {
		r.t.Fatal("no fsync is under way")
	}
	f := r.syncs[0]
	r.syncs = r.syncs[1:]
	if err := r.disk.Finish(f.handle); err != nil {
		r.t.Fatal(err)
	}
	r.step(func(o *node.Out) {
		if f.then != nil {
			f.then(o)
		} else if !r.zks().Synced(o, f.token) {
			r.t.Fatalf("nobody waits for the fsync of %v", f.files)
		}
	})
}

// fsyncAll finishes fsyncs until none is under way.
func (r *rig) fsyncAll() {
	r.t.Helper()
	for len(r.syncs) > 0 {
		r.fsync()
	}
}

func (r *rig) zks() *server.ZooKeeperServer {
	if r.leader != nil {
		return r.leader.Server()
	}
	return r.learner.Server()
}

// pass lets time pass; timers fire when they are due, in order.
func (r *rig) pass(d node.Time) {
	end := r.now + d
	for {
		t, at, ok := r.nextTimer()
		if !ok || at > end || r.ended || r.exit != "" {
			break
		}
		r.now = max(r.now, at)
		delete(r.timers, t)
		r.step(func(o *node.Out) { r.fired(o, t) })
	}
	r.now = end
}

func (r *rig) nextTimer() (node.Timer, node.Time, bool) {
	var all []node.Timer
	for t := range r.timers {
		all = append(all, t)
	}
	if len(all) == 0 {
		return node.Timer{}, 0, false
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if r.timers[a] != r.timers[b] {
			return r.timers[a] < r.timers[b]
		}
		return a.Kind < b.Kind || a.Kind == b.Kind && a.N < b.N
	})
	return all[0], r.timers[all[0]], true
}

func (r *rig) fired(o *node.Out, t node.Timer) {
	in := &node.Input{Kind: node.Fired, Timer: t, Now: r.now}
	switch {
	case r.zks() != nil && r.zks().Fired(o, in):
	case r.leader != nil && r.leader.Fired(o, t):
	case r.learner != nil && r.learner.Fired(o, t):
	default:
		r.t.Errorf("nobody knows the timer %v", t)
	}
}

// armed reports whether a timer of this kind is armed.
func (r *rig) armed(kind uint16) bool {
	for t := range r.timers {
		if t.Kind == kind {
			return true
		}
	}
	return false
}

// keep holds an event against the vocabulary and keeps it.
func (r *rig) keep(e *node.Event) {
	r.t.Helper()
	fits(r.t, e)
	c := *e
	c.Args = append([]node.Value(nil), e.Args...)
	c.Checks = append([]node.Check(nil), e.Checks...)
	for i := range c.Checks {
		c.Checks[i].Values = append([]node.Value(nil), e.Checks[i].Values...)
	}
	r.events = append(r.events, c)
	for _, op := range e.Ops {
		r.folded.Apply(event.Vocabulary, op)
	}
	if verb, ok := journalled[e.Kind]; ok {
		r.note(strings.TrimSpace(verb + " " + e.Args[0].String()))
	}
}

// journalled are the events that stand in the journal, with the word for each. Their first argument
// follows.
var journalled = map[node.Kind]string{
	event.Appended: "append", event.Delivered: "apply", event.SnapshotTaken: "write",
	event.SnapshotInstalled: "install", event.AcceptedEpochWritten: "acceptedEpoch",
	event.CurrentEpochWritten: "currentEpoch", event.Truncated: "truncate",
	event.PhaseChanged: "phase", event.LearnerReady: "ready, leader", event.Activated: "activate",
}

// fits wants as many arguments and values as the vocabulary names, and one deciding check at most.
func fits(t testing.TB, e *node.Event) {
	t.Helper()
	v := event.Vocabulary
	if got, want := len(e.Args), len(v.Kinds[e.Kind].Args); got != want {
		t.Errorf("%s has %d arguments %v, its kind names %d: %v", v.Kinds[e.Kind].Name, got, e.Args,
			want, v.Kinds[e.Kind].Args)
	}
	deciding := 0
	for _, c := range e.Checks {
		if c.Deciding {
			deciding++
		}
		if got, want := len(c.Values), len(v.Checks[c.Code].Values); got != want {
			t.Errorf("%s asks %s of %d values %v, %d are named", v.Kinds[e.Kind].Name,
				v.Checks[c.Code].Name, got, c.Values, want)
		}
	}
	if deciding > 1 {
		t.Errorf("%s has %d deciding checks", v.Kinds[e.Kind].Name, deciding)
	}
}

func (r *rig) note(s string) { r.journal = append(r.journal, s) }

// did compares the journal with what was expected, one entry a line or between commas.
func (r *rig) did(want string) {
	r.t.Helper()
	got := r.journal
	r.journal = nil
	same(r.t, "did", strings.Join(got, ", "), want)
}

// same compares two lists written with commas, whatever the blanks and line ends in the second.
func same(t testing.TB, verb, got, want string) {
	t.Helper()
	if want = strings.Join(strings.Fields(want), " "); got != want {
		t.Errorf("%s\n\t%s\nwant\n\t%s", verb, got, want)
	}
}

// last is the last event of a kind; there must be one.
func (r *rig) last(k node.Kind) *node.Event {
	r.t.Helper()
	for i := len(r.events) - 1; i >= 0; i-- {
		if r.events[i].Kind == k {
			return &r.events[i]
		}
	}
	r.t.Fatalf("no %s was said", event.Vocabulary.Kinds[k].Name)
	return nil
}

// count is the number of events of a kind.
func (r *rig) count(k node.Kind) int {
	n := 0
	for i := range r.events {
		if r.events[i].Kind == k {
			n++
		}
	}
	return n
}

// told compares the arguments of the last event of a kind.
func (r *rig) told(k node.Kind, want string) {
	r.t.Helper()
	var args []string
	for _, a := range r.last(k).Args {
		args = append(args, a.String())
	}
	same(r.t, event.Vocabulary.Kinds[k].Name, strings.Join(args, ", "), want)
}

// decided compares the check that settled the last event of a kind.
func (r *rig) decided(k node.Kind, code node.CheckCode, answer bool) {
	r.t.Helper()
	for _, c := range r.last(k).Checks {
		if c.Deciding && c.Code == code && c.Answer == answer {
			return
		}
	}
	r.t.Errorf("%s was not settled by %s = %t but %v", event.Vocabulary.Kinds[k].Name,
		event.Vocabulary.Checks[code].Name, answer, r.last(k).Checks)
}

// asked compares all checks of the last event of a kind: name, answer, values; "*" behind the one
// that decides.
func (r *rig) asked(k node.Kind, want string) {
	r.t.Helper()
	var out []string
	for _, c := range r.last(k).Checks {
		s := fmt.Sprintf("%s %t", event.Vocabulary.Checks[c.Code].Name, c.Answer)
		for _, v := range c.Values {
			s += " " + v.String()
		}
		if c.Deciding {
			s += " *"
		}
		out = append(out, s)
	}
	same(r.t, event.Vocabulary.Kinds[k].Name+" asks", strings.Join(out, "; "), want)
}

// gaveUp wants the role to have ended for a reason that contains the words.
func (r *rig) gaveUp(words string) {
	r.t.Helper()
	k, reason := event.SteppedDown, 0
	if r.learner != nil {
		k, reason = event.LearnerLeft, 1
	}
	if !r.ended {
		r.t.Fatalf("the role goes on, want it to end: %s", words)
	}
	if got := r.last(k).Args[reason].S; !strings.Contains(got, words) {
		r.t.Errorf("the role ended: %s; want %s", got, words)
	}
}

// goesOn wants the role to live.
func (r *rig) goesOn() {
	r.t.Helper()
	if r.ended || r.exit != "" {
		r.t.Fatalf("the role has ended, exit %q", r.exit)
	}
}
