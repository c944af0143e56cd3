package peer_test

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/client"
	"zabscope/engine/node"
	"zabscope/engine/peer"
	"zabscope/engine/sim"
	"zabscope/engine/storage"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// ensemble is n servers in a simulated world. When the test ends, the fold of its trace must equal
// the state of its machines, and every event must have what its kind names.
type ensemble struct {
	*sim.Sim
	t       testing.TB
	rec     *trace.Recorder
	mark    node.Seq // told begins behind it
	damaged bool     // a test has changed a disk behind the trace's back
	clients node.ID
}

// plan is what one may change before the ensemble is made.
type plan struct {
	observers []zk.SID
	zoo       zk.Config
	sim       sim.Config
	opt       zk.Options
}

func newEnsemble(t testing.TB, n int, opt zk.Options, change ...func(*plan)) *ensemble {
	t.Helper()
	rec := trace.New(trace.Header{Vocabulary: event.Vocabulary})
	p := plan{zoo: zk.DefaultConfig(), opt: opt,
		sim: sim.Config{Seed: 1, Vocabulary: event.Vocabulary, Recorder: rec, OnCrash: cutLog}}
	for _, f := range change {
		f(&p)
	}
	m := membership(n, p.observers)
	e := &ensemble{t: t, rec: rec, Sim: sim.New(p.sim), clients: node.FirstClient}
	for _, x := range m.Members {
		cfg := peer.Config{SID: x.SID, Type: x.Type, Membership: m, Zoo: p.zoo, Options: p.opt}
		e.Add(node.ID(x.SID), "",
			func(d node.Disk, r *node.Rand) node.Machine { return peer.New(cfg, d, r) })
	}
	t.Cleanup(e.check)
	return e
}

// cutLog tells the trace what a loss of power takes from the log.
func cutLog(_ node.ID, d node.Disk, e *node.Event) {
	n := len(storage.Inspect(d).Txns)
	e.Cut(event.Log, n)
}

func membership(n int, observers []zk.SID) *zk.Membership {
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

// check is what holds of every run.
func (e *ensemble) check() {
	if e.t.Failed() {
		return
	}
	e.fold()
	e.rec.Iterate(1, e.rec.Len(), func(ev *trace.Event) bool {
		fits(e.t, ev)
		return !e.t.Failed()
	})
}

// fold holds the fold of the trace against the machines.
func (e *ensemble) fold() {
	e.t.Helper()
	if err := e.CheckFold(); err != nil && !e.damaged {
		e.t.Fatalf("fold: %v", err)
	}
}

// fits wants as many arguments and values as the vocabulary names, one deciding check at most, and
// a cause that came before.
func fits(t testing.TB, e *trace.Event) {
	v := event.Vocabulary
	k := v.Kinds[e.Kind]
	if len(e.Args) != len(k.Args) {
		t.Errorf("%s has the arguments %v, its kind names %v", k.Name, e.Args, k.Args)
	}
	if e.Cause >= e.Seq {
		t.Errorf("event %d, %s, is caused by %d", e.Seq, k.Name, e.Cause)
	}
	deciding := 0
	for _, c := range e.Checks {
		q := v.Checks[c.Code]
		if len(c.Values) != len(q.Values) {
			t.Errorf("%s asks %s of %v, it names %v", k.Name, q.Name, c.Values, q.Values)
		}
		if c.Deciding {
			deciding++
		}
	}
	if deciding > 1 || deciding == 0 && judges(e) {
		t.Errorf("%s has %d deciding checks", k.Name, deciding)
	}
	for _, op := range e.Ops {
		f := v.Fields[op.Field]
		if values := op.Code == node.OpPut || op.Code == node.OpAppend; values &&
			len(op.Values) != len(f.Columns) {
			t.Errorf("%s writes %v to %s, whose columns are %v", k.Name, op.Values, f.Name,
				f.Columns)
		}
	}
}

// judgements are the kinds of events that tell of a decision about votes, epochs, synchronization
// and commits: they say which question settled it.
var judgements = map[node.Kind]bool{
	event.NotificationIgnored: true, event.NotificationAnswered: true, event.RoundRaised: true,
	event.VoteChanged: true, event.VoteKept: true, event.VotesCounted: true,
	event.LeaderChecked: true, event.QuorumReopened: true, event.Elected: true,
	event.NewerConfigHeard: true, event.EpochProposed: true, event.LeaderInfoJudged: true,
	event.AckEpochJudged: true, event.EpochEstablished: true, event.SyncChosen: true,
	event.NewLeaderAcked: true, event.AckCounted: true, event.AckIgnored: true,
	event.Committed: true, event.CommitUnmatched: true, event.QuorumChecked: true,
	event.ReconfigJudged: true, event.LeaderDesignated: true, event.ReconfigProcessed: true,
}

// judges reports whether an event is one of them. A designated leader is taken without any question.
func judges(e *trace.Event) bool {
	return judgements[e.Kind] && !(e.Kind == event.Elected && e.Args[4].S == "DESIGNATED")
}

// must fails the test for what the world refuses.
func (e *ensemble) must(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatal(err)
	}
}

func (e *ensemble) start(ids ...node.ID) {
	e.t.Helper()
	for _, id := range ids {
		e.must(e.Start(id))
	}
}

func (e *ensemble) peer(id node.ID) *peer.Peer {
	p, _ := e.Machine(id).(*peer.Peer)
	return p
}

// modes is the role of every server, as srvr tells it.
func (e *ensemble) modes() string {
	var out []string
	for _, id := range e.IDs() {
		switch {
		case id.IsClient():
		case !e.Up(id):
			out = append(out, "down")
		default:
			out = append(out, e.peer(id).Status().Mode)
		}
	}
	return strings.Join(out, " ")
}

// until runs the world until the roles are as given, 30 virtual seconds at most.
func (e *ensemble) until(want string) {
	e.t.Helper()
	e.wait("roles "+want, func() bool { return e.modes() == want })
	e.fold()
}

// wait runs the world until something holds, 30 virtual seconds at most.
func (e *ensemble) wait(what string, holds func() bool) {
	e.t.Helper()
	deadline := e.Now() + 30*node.Second
	for !holds() {
		if e.Now() > deadline || !e.Step() {
			e.story(120)
			e.t.Fatalf("waited for %s; roles are %s", what, e.modes())
		}
	}
}

// run lets the world go on for some time.
func (e *ensemble) run(d node.Time) { e.RunUntil(e.Now() + d) }

// untilSaid runs the world until a line is told; told and untold then begin behind it.
func (e *ensemble) untilSaid(want string) {
	e.t.Helper()
	e.wait(want, func() bool {
		found := node.Seq(0)
		e.rec.Iterate(e.mark+1, e.rec.Len(), func(ev *trace.Event) bool {
			if says(ev, want) {
				found = ev.Seq
			}
			return found == 0
		})
		if found == 0 {
			return false
		}
		e.mark = found
		return true
	})
}

// text writes an event as the stories of these tests do: "2 leader.activated 1 1,2 0:0".
func text(ev *trace.Event) string {
	s := fmt.Sprintf("%d %s", ev.Node, event.Vocabulary.Kinds[ev.Kind].Name)
	for _, a := range ev.Args {
		s += " " + a.String()
	}
	return s
}

// says reports whether an event begins with the words of a line.
func says(ev *trace.Event, line string) bool {
	return strings.HasPrefix(text(ev)+" ", line+" ")
}

// told wants the lines in the trace, in this order, other events between them; those between the
// mark and now are looked at, and the mark moves to the last of them.
func (e *ensemble) told(lines ...string) {
	e.t.Helper()
	i, last := 0, e.mark
	e.rec.Iterate(e.mark+1, e.rec.Len(), func(ev *trace.Event) bool {
		if says(ev, lines[i]) {
			i, last = i+1, ev.Seq
		}
		return i < len(lines)
	})
	if i < len(lines) {
		e.story(150)
		e.t.Fatalf("line %d of the story was not told: %s", i+1, lines[i])
	}
	e.mark = last
}

// untold wants no such line between the mark and now.
func (e *ensemble) untold(line string) {
	e.t.Helper()
	e.rec.Iterate(e.mark+1, e.rec.Len(), func(ev *trace.Event) bool {
		if says(ev, line) {
			e.t.Errorf("event %d was not to happen: %s", ev.Seq, text(ev))
		}
		return true
	})
}

// now moves the mark to the end of the trace.
func (e *ensemble) now() { e.mark = e.rec.Len() }

// packets lists the packets from one server to another since the mark, pings left out.
func (e *ensemble) packets(from, to node.ID) string {
	var out []string
	e.rec.Iterate(e.mark+1, e.rec.Len(), func(ev *trace.Event) bool {
		switch {
		case ev.Node != from || ev.Peer != to:
		case ev.Kind == event.SnapshotSent:
			out = append(out, "stream")
		case ev.Kind == event.PacketSent && ev.Args[0].S == "PING":
		case ev.Kind == event.PacketSent && ev.Args[0].S == "ACKEPOCH":
			out = append(out, ev.Args[0].S+" "+ev.Args[1].String()+" "+ev.Args[2].S)
		case ev.Kind == event.PacketSent || ev.Kind == event.ProposalSent:
			out = append(out, strings.TrimSuffix(ev.Args[0].S+" "+ev.Args[1].String(), " none"))
		}
		return true
	})
	return strings.Join(out, ", ")
}

// sent compares packets with what was expected.
func (e *ensemble) sent(from, to node.ID, want string) {
	e.t.Helper()
	if got := e.packets(from, to); got != want {
		e.t.Errorf("%d sends to %d\n\t%s\nwant\n\t%s", from, to, got, want)
	}
}

// story prints the last events, for failures.
func (e *ensemble) story(n node.Seq) {
	from := node.Seq(1)
	if e.rec.Len() > n {
		from = e.rec.Len() - n
	}
	e.rec.Iterate(from, e.rec.Len(), func(ev *trace.Event) bool {
		e.t.Logf("%5d %9.3fms %s", ev.Seq, float64(ev.Time)/1e6, text(ev))
		return true
	})
}

// session is a client with an open session at one server.
type session struct {
	e   *ensemble
	id  node.ID
	tag int64
}

// connect opens a session at a server and waits for it.
func (e *ensemble) connect(server node.ID) *session {
	e.t.Helper()
	s := e.tryConnect(server)
	e.wait("a session", func() bool { return s.machine().State() == client.Connected })
	return s
}

// tryConnect asks for a session and does not wait. The client is bare: it goes nowhere else.
func (e *ensemble) tryConnect(server node.ID) *session {
	e.t.Helper()
	s := &session{e: e, id: e.clients}
	e.clients++
	cfg := client.Config{ID: s.id, Servers: []node.ID{server}, SessionTimeout: 600000, Bare: true}
	e.Add(s.id, "", func(_ node.Disk, r *node.Rand) node.Machine { return client.New(cfg, r) })
	e.start(s.id)
	e.must(e.Command(s.id, client.Connect{Server: server}))
	return s
}

func (s *session) machine() *client.Client { return s.e.Machine(s.id).(*client.Client) }

// asks sends a request and does not wait.
func (s *session) asks(r *zk.Request) *session {
	s.e.t.Helper()
	s.tag++
	s.e.must(s.e.Command(s.id, client.Call{Tag: s.tag, Request: r}))
	return s
}

// answer waits for the outcome of the last request.
func (s *session) answer() *client.Op {
	s.e.t.Helper()
	var op *client.Op
	s.e.wait("an answer", func() bool {
		op = s.machine().History().Find(s.tag)
		return op != nil && op.Done
	})
	return op
}

func create(path string) *zk.Request {
	return &zk.Request{Type: zk.OpCreate, Path: path, ACL: zk.OpenACLUnsafe}
}

// creates makes nodes and wants every one of them to be confirmed.
func (s *session) creates(paths ...string) *session {
	s.e.t.Helper()
	for _, p := range paths {
		if op := s.asks(create(p)).answer(); op.Result.Err != zk.ErrOK {
			s.e.t.Fatalf("create %s: %v", p, op.Result.Err)
		}
	}
	return s
}

// tree lists the nodes that a server has in memory, those of the system left out.
func (e *ensemble) tree(id node.ID) string {
	var out []string
	s := e.View(id)
	for _, k := range s.Keys(event.Tree) {
		if k.S != "/" && !strings.HasPrefix(k.S, "/zookeeper") {
			out = append(out, strings.TrimPrefix(k.S, "/"))
		}
	}
	return strings.Join(out, " ")
}

// trees wants the same nodes at all servers that are up.
func (e *ensemble) trees(want string) {
	e.t.Helper()
	for _, id := range e.IDs() {
		if id.IsClient() || !e.Up(id) {
			continue
		}
		if got := e.tree(id); got != want {
			e.t.Errorf("server %d has the nodes %q, want %q", id, got, want)
		}
	}
}

// log is the zxids in a server's log files.
func (e *ensemble) log(id node.ID) string {
	var out []string
	for _, t := range storage.Inspect(e.Disk(id)).Txns {
		out = append(out, t.Zxid.String())
	}
	return strings.Join(out, " ")
}

// epochs are a server's epoch files, "accepted/current".
func (e *ensemble) epochs(id node.ID) string {
	f := storage.Inspect(e.Disk(id))
	return fmt.Sprintf("%d/%d", f.AcceptedEpoch, f.CurrentEpoch)
}

// booted is three servers, 2 leads, 1 and 3 follow.
func booted(t testing.TB, opt zk.Options, change ...func(*plan)) *ensemble {
	t.Helper()
	e := newEnsemble(t, 3, opt, change...)
	e.start(1, 2)
	e.until("follower leader down")
	e.start(3)
	e.until("follower leader follower")
	e.now()
	return e
}

// releases are the two behaviours that every story must come through.
var releases = map[string]zk.Options{"3.8.0": zk.Options3_8_0(), "correct": zk.OptionsCorrect()}

// inBoth runs a story under both.
func inBoth(t *testing.T, story func(t *testing.T, opt zk.Options)) {
	for name, opt := range releases {
		t.Run(name, func(t *testing.T) { story(t, opt) })
	}
}
