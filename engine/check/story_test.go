package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// story is a run told by hand: its verbs make the events that an ensemble would, so that a test
// can leave one out or bend it. The servers are remembered only as far as legal events need it.
type story struct {
	t      testing.TB
	suite  *Suite
	voters int
	event  node.Event
	seq    node.Seq
	told   []trace.Event
	found  []Violation
	srv    map[node.ID]*actor
	leader node.ID
	epoch  zk.Epoch
	next   int64 // counter of the next proposal
}

// actor is a server of a story.
type actor struct {
	log     []zk.Zxid
	applied int
	current zk.Epoch
	member  zk.Member
}

// newStory is an ensemble of n voters, and observers behind them, that have just been started
// with empty disks.
func newStory(t testing.TB, n, observers int, change ...func(*Config)) *story {
	s := &story{t: t, voters: n, srv: map[node.ID]*actor{}}
	var ms []zk.Member
	for i := 1; i <= n+observers; i++ {
		m := zk.Member{SID: zk.SID(i)}
		if i > n {
			m.Type = zk.Observer
		}
		ms = append(ms, m)
		s.srv[node.ID(i)] = &actor{member: m}
	}
	cfg := Config{Membership: zk.NewMembership(ms), Options: zk.OptionsCorrect()}
	for _, c := range change {
		c(&cfg)
	}
	s.suite = All(cfg)
	for i := 1; i <= n+observers; i++ {
		s.start(node.ID(i))
	}
	return s
}

// Values of arguments.
func num(n int64) node.Value            { return node.Int(n) }
func id(n node.ID) node.Value           { return node.Int(int64(n)) }
func word(s string) node.Value          { return node.Text(s) }
func zx(z zk.Zxid) node.Value           { return node.Zxid(int64(z)) }
func yes(b bool) node.Value             { return node.Bool(b) }
func z(e zk.Epoch, c int64) zk.Zxid     { return zk.MakeZxid(e, c) }
func hashOf(z zk.Zxid) node.Value       { return node.Int(int64(z.Epoch())<<16 + z.Counter()) }
func row(z zk.Zxid) []node.Value        { return []node.Value{zx(z), word("set"), word("/a"), hashOf(z)} }
func snapshotName(z zk.Zxid) node.Value { return word(fmt.Sprintf("snapshot.%x", int64(z))) }

func list(ids ...node.ID) node.Value {
	words := make([]string, len(ids))
	for i, n := range ids {
		words[i] = fmt.Sprint(n)
	}
	return word(strings.Join(words, ","))
}

// tell makes one event; ops may be added to e before it is observed.
func (s *story) tell(at node.ID, k node.Kind, args ...node.Value) { s.tellWith(at, 0, k, nil, args) }

// to is the same about a peer.
func (s *story) to(at, peer node.ID, k node.Kind, args ...node.Value) {
	s.tellWith(at, peer, k, nil, args)
}

func (s *story) tellWith(at, peer node.ID, k node.Kind, ops func(e *node.Event),
	args []node.Value) {
	e := s.event.Begin(k).With(args...)
	if ops != nil {
		ops(e)
	}
	s.seq++
	ev := trace.Event{Seq: s.seq, Node: at, Kind: k, Peer: peer, Args: e.Args, Ops: e.Ops}
	s.told = append(s.told, ev.Clone())
	s.found = append(s.found, s.suite.Observe(&ev)...)
}

// start is a process that loads what its disk holds: the log and no snapshot but the first.
func (s *story) start(at node.ID) {
	a := s.srv[at]
	s.tell(at, node.KindStarted, num(1))
	s.loaded(at, true)
	if a.current == 0 && len(a.log) == 0 {
		s.tell(at, event.CurrentEpochWritten, num(0))
		s.tell(at, event.AcceptedEpochWritten, num(0))
	}
	s.tell(at, event.StateChanged, word("LOOKING"), word("LOOKING"))
}

// loaded is the database read from disk; first of a process.
func (s *story) loaded(at node.ID, first bool) {
	a := s.srv[at]
	last := zk.Zxid(0)
	if n := len(a.log); n > 0 {
		last = a.log[n-1]
	}
	s.tellWith(at, 0, event.DatabaseLoaded, func(e *node.Event) {
		if first {
			e.Cut(event.Log, len(a.log)).Set(event.LogDurable, num(int64(len(a.log))))
		}
	}, []node.Value{snapshotName(0), zx(last), num(int64(len(a.log)))})
	a.applied = len(a.log)
}

// elect lets the followers elect a leader, and it itself.
func (s *story) elect(leader node.ID, followers ...node.ID) {
	all := append([]node.ID{leader}, followers...)
	for _, at := range all {
		s.tell(at, event.LookingForLeader, num(1), id(leader), zx(0), num(0))
		s.tellWith(at, 0, event.VotesCounted, func(e *node.Event) {
			for _, from := range all {
				e.Put(event.RecvSet, id(from), id(leader), zx(0), num(0), num(1), word("LOOKING"))
			}
		}, []node.Value{id(leader), list(all...), yes(true)})
		s.elected(at, leader, "VOTE", all...)
	}
}

// elected is the end of a round at one server.
func (s *story) elected(at, leader node.ID, how string, supporters ...node.ID) {
	s.tell(at, event.Elected, id(leader), zx(0), num(0), num(1), word(how), list(supporters...))
	state := "FOLLOWING"
	if at == leader {
		state = "LEADING"
	}
	s.tell(at, event.StateChanged, word("LOOKING"), word(state))
}

// discover lets a leader get a quorum of promises for an epoch.
func (s *story) discover(leader node.ID, e zk.Epoch, followers ...node.ID) {
	s.leader, s.epoch, s.next = leader, e, 1
	s.tell(leader, event.AcceptedEpochWritten, num(int64(e)))
	s.ackEpoch(leader, leader)
	for _, f := range followers {
		s.to(leader, f, event.LearnerRegistered, id(f), num(int64(e)-1), word("FOLLOWERINFO"))
		s.to(f, leader, event.LeaderInfoJudged, num(int64(e)), num(int64(e)-1), word("new"))
		s.tell(f, event.AcceptedEpochWritten, num(int64(e)))
		s.to(f, leader, event.PacketSent, word("ACKEPOCH"), zx(s.last(f)),
			word(fmt.Sprintf("currentEpoch %d", s.srv[f].current)))
		s.ackEpoch(leader, f)
	}
	s.tell(leader, event.EpochEstablished, num(int64(e)), list(append(followers, leader)...))
	s.enter(leader)
}

func (s *story) ackEpoch(leader, from node.ID) {
	mine, its := s.srv[leader], s.srv[from]
	s.tell(leader, event.AckEpochJudged, id(from), num(int64(its.current)), zx(s.last(from)),
		num(int64(mine.current)), zx(s.last(leader)), word("counted"))
}

// enter is currentEpoch written.
func (s *story) enter(at node.ID) {
	s.srv[at].current = s.epoch
	s.tell(at, event.CurrentEpochWritten, num(int64(s.epoch)))
}

// last is the end of a server's log.
func (s *story) last(at node.ID) zk.Zxid {
	if l := s.srv[at].log; len(l) > 0 {
		return l[len(l)-1]
	}
	return 0
}

// diff is all that the leader sends to bring a follower level, up to NEWLEADER.
func (s *story) diff(f node.ID) {
	l := s.leader
	from, to := s.last(f), s.last(l)
	s.to(l, f, event.SyncChosen, id(f), word("DIFF"), zx(to), zx(from), zx(to), zx(0), zx(to), num(0))
	s.to(l, f, event.PacketSent, word("DIFF"), zx(to), word(""))
	for _, x := range s.lacks(f) {
		s.send(f, x)
		s.sendCommit(f, x)
	}
	s.forward(f)
}

// lacks is what the leader has and a follower does not.
func (s *story) lacks(f node.ID) []zk.Zxid {
	return s.srv[s.leader].log[len(s.srv[f].log):]
}

func (s *story) send(f node.ID, x zk.Zxid) {
	s.to(s.leader, f, event.ProposalSent, word("PROPOSAL"), zx(x), word("set"), word("/a"), hashOf(x))
}

func (s *story) sendCommit(f node.ID, x zk.Zxid) {
	s.to(s.leader, f, event.PacketSent, word("COMMIT"), zx(x), word(""))
}

func (s *story) forward(f node.ID) {
	s.to(s.leader, f, event.ForwardingStarted, id(f), zx(s.last(s.leader)), num(0), num(0))
	s.to(s.leader, f, event.PacketSent, word("NEWLEADER"), zx(z(s.epoch, 0)), word(""))
}

// take is a follower that logs, syncs and applies what a DIFF brought.
func (s *story) take(f node.ID) {
	for _, x := range s.lacks(f) {
		s.append(f, x)
	}
	s.durable(f)
	s.apply(f, "SYNC")
}

// ackNewLeader is a follower that enters the epoch and says so.
func (s *story) ackNewLeader(f node.ID) {
	s.enter(f)
	s.to(f, s.leader, event.PacketSent, word("ACK"), zx(z(s.epoch, 0)), word(""))
	s.countNewLeader(f)
}

func (s *story) countNewLeader(f node.ID) {
	s.tell(s.leader, event.NewLeaderAcked, id(f), zx(z(s.epoch, 0)), yes(true), list(f))
}

func (s *story) activate(ackers ...node.ID) {
	s.tell(s.leader, event.Activated, num(int64(s.epoch)), list(ackers...), zx(s.last(s.leader)))
}

// ready is a follower past UPTODATE.
func (s *story) ready(f node.ID) {
	s.to(s.leader, f, event.PacketSent, word("UPTODATE"), zx(-1), word(""))
	s.to(f, s.leader, event.LearnerReady, id(s.leader), num(int64(s.epoch)))
}

// lead is a whole legal way from LOOKING to broadcast.
func (s *story) lead(leader node.ID, e zk.Epoch, followers ...node.ID) {
	s.elect(leader, followers...)
	s.discover(leader, e, followers...)
	s.countNewLeader(leader)
	for _, f := range followers {
		s.diff(f)
		s.take(f)
		s.ackNewLeader(f)
	}
	s.activate(append(followers, leader)...)
	for _, f := range followers {
		s.ready(f)
	}
}

// append, durable and apply are the ways of a transaction at one server.
func (s *story) append(at node.ID, x zk.Zxid) {
	s.srv[at].log = append(s.srv[at].log, x)
	s.tellWith(at, 0, event.Appended, func(e *node.Event) { e.Append(event.Log, row(x)...) },
		[]node.Value{zx(x), word("set"), hashOf(x), word("log.1")})
}

func (s *story) durable(at node.ID) {
	n := len(s.srv[at].log)
	s.tellWith(at, 0, event.Durable, func(e *node.Event) {
		e.Set(event.LogDurable, num(int64(n)))
	}, []node.Value{zx(s.last(at))})
}

func (s *story) apply(at node.ID, via string) {
	a := s.srv[at]
	for ; a.applied < len(a.log); a.applied++ {
		s.deliver(at, a.log[a.applied], via)
	}
}

func (s *story) deliver(at node.ID, x zk.Zxid, via string) {
	s.tell(at, event.Delivered, zx(x), word("set"), word("/a"), hashOf(x), word(via), word("ok"))
}

// propose is a new transaction at the leader, in its own log and on disk, and sent to the
// followers.
func (s *story) propose(followers ...node.ID) zk.Zxid {
	x := z(s.epoch, s.next)
	s.next++
	s.proposed(x)
	for _, f := range followers {
		s.send(f, x)
	}
	s.append(s.leader, x)
	s.durable(s.leader)
	return x
}

func (s *story) proposed(x zk.Zxid) {
	s.tell(s.leader, event.Proposed, zx(x), word("set"), word("/a"), hashOf(x), num(int64(s.epoch)))
}

// log is a follower that has a proposal on disk and says so.
func (s *story) log(f node.ID, x zk.Zxid) {
	s.append(f, x)
	s.durable(f)
	s.ack(f, x)
}

func (s *story) ack(f node.ID, x zk.Zxid) {
	s.to(f, s.leader, event.PacketSent, word("ACK"), zx(x), word(""))
}

// commit is the leader's decision, told and applied everywhere.
func (s *story) commit(x zk.Zxid, followers ...node.ID) {
	s.committed(x)
	for _, f := range followers {
		s.sendCommit(f, x)
	}
	s.apply(s.leader, "COMMIT")
	for _, f := range followers {
		s.apply(f, "COMMIT")
	}
}

func (s *story) committed(x zk.Zxid) {
	s.tell(s.leader, event.Committed, zx(x), word("1,2"))
}

// write is a whole legal write.
func (s *story) write(followers ...node.ID) zk.Zxid {
	x := s.propose(followers...)
	for _, f := range followers {
		s.log(f, x)
	}
	s.commit(x, followers...)
	return x
}

// reply is a client that is told of a write's success.
func (s *story) reply(at node.ID, x zk.Zxid) {
	s.to(at, node.FirstClient, event.ClientReplySent, word("setData"), num(1), zx(x), word("ok"),
		word("/a"))
}

// look is a server that gives its role up.
func (s *story) look(ids ...node.ID) {
	for _, at := range ids {
		s.tell(at, event.StateChanged, word("FOLLOWING"), word("LOOKING"))
	}
}

// crash takes what is not synced, and down the server goes; what is left is what left says.
func (s *story) crash(at node.ID, left int) {
	a := s.srv[at]
	a.log = a.log[:left]
	a.applied = 0
	s.tellWith(at, 0, node.KindCrashed, func(e *node.Event) { e.Cut(event.Log, left) },
		[]node.Value{num(1)})
}

// truncate cuts a follower's log back to its first n transactions.
func (s *story) truncate(at node.ID, n int) {
	a := s.srv[at]
	a.log, a.applied = a.log[:n], 0
	s.tell(at, event.DatabaseCleared)
	s.tellWith(at, 0, event.Truncated, func(e *node.Event) {
		e.Cut(event.Log, n).Set(event.LogDurable, num(int64(n)))
	}, []node.Value{zx(s.last(at)), num(1)})
	s.loaded(at, false)
}

// rules lists what was broken, in order.
func (s *story) rules() string {
	var out []string
	for _, v := range s.found {
		out = append(out, v.Rule)
	}
	return strings.Join(out, " ")
}

// expect fails unless exactly these rules were broken, in this order.
func (s *story) expect(want string) {
	s.t.Helper()
	if got := s.rules(); got != want {
		for _, v := range s.found {
			s.t.Logf("server %d: %s", v.Server, v)
		}
		s.t.Errorf("broken: %q, want %q", got, want)
	}
}

// legal fails if anything is broken yet.
func (s *story) legal() {
	s.t.Helper()
	s.expect("")
}

// has reports whether a rule was broken.
func (s *story) has(rule string) bool {
	return slices.ContainsFunc(s.found, func(v Violation) bool { return v.Rule == rule })
}
