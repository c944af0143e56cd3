package election

import (
	"slices"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// server is a peer that does nothing but elect: what the tests know of it stands in plain fields.
type server struct {
	t           testing.TB
	sid         zk.SID
	state       zk.ServerState
	learner     zk.LearnerType
	vote        zk.Vote // currentVote
	zxid        zk.Zxid
	epoch       zk.Epoch
	verifier    quorum.Verifier
	lastSeen    quorum.Verifier
	opt         zk.Options
	incarnation uint16
	dials       uint32

	fle     *FastLeaderElection
	now     node.Time
	out     node.Out
	effects []node.Effect

	results  []result // of the rounds, in order
	heard    []zk.SID // HeardLooking
	newer    []*zk.Membership
	onNewer  func(o *node.Out)
	trace    []node.Event // kept when tracing
	tracing  bool
	keep     bool // keep the trace and hold its fold against the state
	fold     *node.State
	maxRound int64
}

type result struct {
	vote  zk.Vote
	state zk.ServerState
}

func (s *server) SID() zk.SID                       { return s.sid }
func (s *server) State() zk.ServerState             { return s.state }
func (s *server) LearnerType() zk.LearnerType       { return s.learner }
func (s *server) CurrentVote() zk.Vote              { return s.vote }
func (s *server) LastLoggedZxid() zk.Zxid           { return s.zxid }
func (s *server) CurrentEpoch() zk.Epoch            { return s.epoch }
func (s *server) Verifier() quorum.Verifier         { return s.verifier }
func (s *server) LastSeenVerifier() quorum.Verifier { return s.lastSeen }

func (s *server) HeardLooking(_ *node.Out, sid zk.SID) { s.heard = append(s.heard, sid) }

func (s *server) Elected(_ *node.Out, v zk.Vote, state zk.ServerState) {
	s.vote, s.state = v, state
	s.results = append(s.results, result{v, state})
}

func (s *server) SawNewerConfig(o *node.Out, m *zk.Membership) {
	s.newer = append(s.newer, m)
	if s.onNewer != nil {
		s.onNewer(o)
	}
}

// boot makes the process start: a fresh election, nothing sent yet.
func (s *server) boot() {
	s.incarnation++
	s.dials = 0
	s.state = zk.Looking
	s.vote = zk.Vote{Leader: s.sid, Zxid: s.zxid, PeerEpoch: s.epoch, ElectionEpoch: -1}
	s.fle = New(s, zk.DefaultConfig(), s.opt, func() node.ConnID {
		s.dials++
		return node.MakeConn(node.ID(s.sid), s.incarnation, s.dials)
	})
	s.fold = node.NewState()
	s.maxRound = 0
}

// step runs one call of the election and returns its effects, valid until the next.
func (s *server) step(call func(o *node.Out)) []node.Effect {
	s.out.Tracing = s.tracing
	s.out.Begin(s.now, s.effects[:0])
	call(&s.out)
	s.effects = s.out.End()
	if s.keep {
		s.check()
	}
	return s.effects
}

// check folds the events of a step and holds the result against the election's own state.
func (s *server) check() {
	for _, x := range s.effects {
		if x.Kind != node.Emit {
			continue
		}
		for _, op := range x.Event.Ops {
			s.fold.Apply(event.Vocabulary, op)
		}
		e := *x.Event
		e.Args, e.Ops = slices.Clone(e.Args), nil
		e.Checks = slices.Clone(e.Checks)
		for i := range e.Checks {
			e.Checks[i].Values = slices.Clone(e.Checks[i].Values)
		}
		s.trace = append(s.trace, e)
	}
	own := node.NewState()
	s.fle.Visible(own)
	if d := s.fold.Differences(event.Vocabulary, own); d != nil {
		s.t.Fatalf("server %d: the fold of its trace differs in %v", s.sid, d)
	}
}

// input runs the method that a peer would call for in.
func (s *server) input(in node.Input) []node.Effect {
	in.Port, in.Now = zk.ElectionPort, s.now
	return s.step(func(o *node.Out) { s.dispatch(o, &in) })
}

func (s *server) dispatch(o *node.Out, in *node.Input) {
	switch in.Kind {
	case node.Accepted:
		s.fle.Accepted(o, in)
	case node.Connected:
		s.fle.Connected(o, in)
	case node.DialFailed:
		s.fle.DialFailed(o, in)
	case node.Received:
		s.fle.Received(o, in)
	case node.Closed:
		s.fle.Closed(o, in)
	case node.Fired:
		s.fle.Fired(o, in)
	}
}

// events lists the events of a kind, oldest first.
func (s *server) events(k node.Kind) []node.Event {
	var out []node.Event
	for _, e := range s.trace {
		if e.Kind == k {
			out = append(out, e)
		}
	}
	return out
}

// majority is an ensemble of voters 1 to n.
func majority(n int) quorum.Verifier { return ensemble(n, nil) }

// ensemble is servers 1 to n of which some observe.
func ensemble(n int, observers []zk.SID) quorum.Verifier {
	var ms []zk.Member
	for i := 1; i <= n; i++ {
		m := zk.Member{SID: zk.SID(i), Host: "10.0.0." + zk.SID(i).String(),
			QuorumPort: zk.QuorumPort, ElectionPort: zk.ElectionPort, ClientPort: zk.ClientPort}
		if slices.Contains(observers, m.SID) {
			m.Type = zk.Observer
		}
		ms = append(ms, m)
	}
	return quorum.New(zk.NewMembership(ms))
}

// weighted is servers 1 to n in one group with weights.
func weighted(weights ...int64) quorum.Verifier {
	m := *ensemble(len(weights), nil).Membership()
	m.Weights = map[zk.SID]int64{}
	m.Groups = [][]zk.SID{nil}
	for i, w := range weights {
		m.Groups[0] = append(m.Groups[0], zk.SID(i+1))
		m.Weights[zk.SID(i+1)] = w
	}
	return quorum.New(&m)
}

// lone is one server whose connections the test plays by hand.
type lone struct {
	*server
	conn   map[zk.SID]node.ConnID
	sent   []sent // election messages since the last call of said
	hellos []sent
	closed []node.ConnID
	dialed map[zk.SID]node.ConnID
	next   uint32
	timers map[uint16]node.Time
	ports  map[node.Port]bool
}

type sent struct {
	to zk.SID
	m  node.Message
}

// newLone boots server sid of an ensemble and begins a round.
func newLone(t testing.TB, sid zk.SID, v quorum.Verifier, change ...func(*server)) *lone {
	l := boundLone(t, sid, v, change...)
	l.do(l.fle.LookForLeader)
	return l
}

// boundLone boots a server that listens and does nothing else.
func boundLone(t testing.TB, sid zk.SID, v quorum.Verifier, change ...func(*server)) *lone {
	s := &server{t: t, sid: sid, verifier: v, tracing: true, keep: true, opt: zk.Options3_8_0()}
	for _, f := range change {
		f(s)
	}
	s.boot()
	l := &lone{server: s, conn: map[zk.SID]node.ConnID{}, dialed: map[zk.SID]node.ConnID{},
		timers: map[uint16]node.Time{}, ports: map[node.Port]bool{}}
	l.do(l.fle.Start)
	return l
}

func (l *lone) do(call func(o *node.Out)) { l.take(l.step(call)) }

func (l *lone) take(effects []node.Effect) {
	for _, x := range effects {
		switch x.Kind {
		case node.Listen:
			l.ports[x.Port] = true
		case node.Unlisten:
			delete(l.ports, x.Port)
		case node.Dial:
			l.dialed[zk.SID(x.Peer)] = x.Conn
		case node.Send:
			l.record(x.Conn, x.Msg)
		case node.Close:
			l.closed = append(l.closed, x.Conn)
		case node.SetTimer:
			l.timers[x.Timer.Kind] = x.At
		case node.CancelTimer:
			delete(l.timers, x.Timer.Kind)
		}
	}
}

func (l *lone) record(c node.ConnID, m node.Message) {
	to := zk.SID(-1)
	for sid, x := range l.conn {
		if x == c {
			to = sid
		}
	}
	for sid, x := range l.dialed {
		if x == c {
			to = sid
		}
	}
	if _, ok := m.(*jute.Hello); ok {
		l.hellos = append(l.hellos, sent{to, m})
		return
	}
	l.sent = append(l.sent, sent{to, m})
}

// accept opens a connection that sid dialled and plays its initial message.
func (l *lone) accept(sid zk.SID) node.ConnID {
	c := l.acceptSilent(sid)
	l.conn[sid] = c
	l.receive(c, &jute.Hello{Version: protocolV1, SID: sid, Address: "10.0.0.9:3888"})
	return c
}

// acceptSilent opens a connection that sid dialled, without a word.
func (l *lone) acceptSilent(sid zk.SID) node.ConnID {
	l.next++
	c := node.MakeConn(node.ID(sid), 1, l.next)
	l.take(l.input(node.Input{Kind: node.Accepted, Conn: c, Peer: node.ID(sid)}))
	return c
}

func (l *lone) receive(c node.ConnID, m node.Message) {
	l.take(l.input(node.Input{Kind: node.Received, Conn: c, Msg: m}))
}

// connect makes the dial to sid succeed.
func (l *lone) connect(sid zk.SID) node.ConnID {
	c, ok := l.dialed[sid]
	if !ok {
		l.t.Fatalf("server %d did not dial %d", l.sid, sid)
	}
	delete(l.dialed, sid)
	l.conn[sid] = c
	l.take(l.input(node.Input{Kind: node.Connected, Conn: c, Peer: node.ID(sid)}))
	return c
}

// hear delivers a notification from sid, over a connection made for it if there is none.
func (l *lone) hear(sid zk.SID, n jute.Notification) {
	if _, ok := l.conn[sid]; !ok {
		if sid > l.sid {
			l.accept(sid)
		} else {
			l.accept(sid) // closed at once, and called back
			l.connect(sid)
		}
		l.sent = nil
	}
	l.receive(l.conn[sid], &n)
}

// fire lets an armed timer fire at its time.
func (l *lone) fire(kind uint16) {
	at, ok := l.timers[kind]
	if !ok {
		l.t.Fatalf("server %d has not armed timer %d", l.sid, kind)
	}
	delete(l.timers, kind)
	l.now = at
	l.take(l.input(node.Input{Kind: node.Fired, Timer: node.Timer{Kind: kind}}))
}

// said returns the notifications sent since the last call.
func (l *lone) said() []sent {
	out := l.sent
	l.sent = nil
	return out
}

// looking makes the notification of a LOOKING server.
func looking(leader zk.SID, epoch zk.Epoch, zxid zk.Zxid, round int64) jute.Notification {
	return jute.Notification{State: zk.Looking, Leader: leader, Zxid: zxid, Round: round,
		PeerEpoch: epoch, Version: 2}
}

// established makes the notification of a server that has a leader.
func established(state zk.ServerState, leader zk.SID, epoch zk.Epoch, zxid zk.Zxid,
	round int64) jute.Notification {
	return jute.Notification{State: state, Leader: leader, Zxid: zxid, Round: round,
		PeerEpoch: epoch, Version: 2}
}
