package election

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// watcher holds what servers decide against the election's invariants while a schedule runs. It
// knows what was delivered to whom from the world, not from the servers.
type watcher struct {
	w        *world
	seen     []int       // events of each server already looked at
	lives    []uint16    // incarnations
	round    []int64     // last round seen
	proposal []zk.Vote   // last proposal in that round
	heard    []delivered // in this life
	broken   []string    // invariants that did not hold, with the facts
}

func (x *watcher) violated(format string, args ...any) {
	x.broken = append(x.broken, fmt.Sprintf(format, args...))
}

// delivered is what a server was told: who said what, state and format aside, and who said that it
// leads.
type delivered struct {
	votes   map[said]bool
	leading map[zk.SID]bool
}

type said struct {
	by   zk.SID
	vote zk.Vote
}

func watch(w *world) *watcher {
	n := len(w.servers)
	x := &watcher{w: w, seen: make([]int, n), lives: make([]uint16, n), round: make([]int64, n),
		proposal: make([]zk.Vote, n), heard: make([]delivered, n)}
	w.after, w.before = x.look, x.hear
	return x
}

// born forgets what an earlier life of the server was told.
func (x *watcher) born(s *server) {
	if i := s.sid - 1; x.lives[i] != s.incarnation {
		x.lives[i], x.round[i] = s.incarnation, -1
		x.heard[i] = delivered{map[said]bool{}, map[zk.SID]bool{}}
	}
}

// hear notes a message before it is delivered.
func (x *watcher) hear(to *server, from zk.SID, m node.Message) {
	x.born(to)
	n, ok := m.(*jute.Notification)
	if !ok {
		return
	}
	x.heard[to.sid-1].votes[said{from, zk.Vote{Leader: n.Leader, Zxid: n.Zxid,
		ElectionEpoch: n.Round, PeerEpoch: n.PeerEpoch}}] = true
	if n.State == zk.Leading {
		x.heard[to.sid-1].leading[from] = true
	}
}

// look judges the events of one step.
func (x *watcher) look(s *server) {
	x.born(s)
	i := int(s.sid - 1)
	for ; x.seen[i] < len(s.trace); x.seen[i]++ {
		e := &s.trace[x.seen[i]]
		switch e.Kind {
		case event.LookingForLeader:
			x.round[i] = -1
			x.rises(s, e.Args[0].N, e.Args[1].N, e.Args[2].N, e.Args[3].N)
		case event.RoundRaised:
			x.rises(s, e.Args[2].N, e.Args[3].N, e.Args[4].N, e.Args[5].N)
		case event.VoteChanged:
			x.rises(s, x.round[i], e.Args[1].N, e.Args[2].N, e.Args[3].N)
		case event.Elected:
			x.elected(s, e)
		}
	}
	if r := s.fle.Round(); r < s.maxRound && s.fle.looking {
		x.violated("F5: server %d looks in round %d after round %d", s.sid, r, s.maxRound)
	}
	s.maxRound = s.fle.Round()
}

// rises is F2: inside a round a proposal only ever grows; F5: while looking, rounds only grow.
func (x *watcher) rises(s *server, round, leader, zxid, epoch int64) {
	i := int(s.sid - 1)
	v := zk.Vote{Leader: zk.SID(leader), Zxid: zk.Zxid(zxid), PeerEpoch: zk.Epoch(epoch)}
	if round == x.round[i] {
		if better, _ := totalOrder(v, x.proposal[i], 1, true); !better {
			x.violated("F2: server %d goes from %v to %v", s.sid, x.proposal[i], v)
		}
	}
	x.round[i], x.proposal[i] = round, v
}

func (x *watcher) elected(s *server, e *node.Event) {
	leader := zk.SID(e.Args[0].N)
	m := s.verifier.Membership()
	if !m.IsVoter(leader) || s.verifier.Weight(leader) == 0 {
		x.violated("F4: server %d elected %d, which cannot lead", s.sid, leader)
	}
	switch e.Args[4].S {
	case howVote:
		x.byVote(s, e)
	case howJoin:
		if leader != s.sid && !x.heard[s.sid-1].leading[leader] {
			x.violated("F3: server %d joined %d, which never said that it leads", s.sid, leader)
		}
	default:
		x.violated("server %d elected %d in an unknown way", s.sid, leader)
	}
}

// byVote is F1: the supporters are a quorum, and each of them cast the very vote that was elected.
func (x *watcher) byVote(s *server, e *node.Event) {
	want := zk.Vote{Leader: zk.SID(e.Args[0].N), Zxid: zk.Zxid(e.Args[1].N),
		PeerEpoch: zk.Epoch(e.Args[2].N), ElectionEpoch: e.Args[3].N}
	var supporters []zk.SID
	for _, word := range strings.Split(e.Args[5].S, ",") {
		n, _ := strconv.Atoi(word)
		sid := zk.SID(n)
		supporters = append(supporters, sid)
		if sid != s.sid && !x.heard[s.sid-1].votes[said{sid, want}] {
			x.violated("F1: server %d elected %v, but %d never voted so", s.sid, want, sid)
		}
	}
	if !s.verifier.ContainsQuorum(supporters) {
		x.violated("F1: server %d elected %v with %v", s.sid, want, supporters)
	}
}

// randomWorld is an ensemble with random histories, drawn from r.
func randomWorld(t testing.TB, r *node.Rand) *world {
	n := int(2 + r.Intn(4))
	v := majority(n)
	switch r.Intn(4) {
	case 0:
		v = ensemble(n+1, []zk.SID{zk.SID(n + 1)})
		n++
	case 1:
		ws := make([]int64, n)
		for i := range ws {
			ws[i] = r.Intn(3)
		}
		ws[r.Intn(int64(n))] = 1
		v = weighted(ws...)
	}
	w := newWorld(t, v, n)
	w.rnd, w.record = r.Split(1), false
	for i := range w.servers {
		epoch := zk.Epoch(r.Intn(3))
		w.history(zk.SID(i+1), epoch, zk.MakeZxid(epoch, r.Intn(3)))
	}
	return w
}

// disturb does one of the things that go wrong: connections reset, cuts, deaths, late starts,
// leaders given up.
func disturb(w *world, r *node.Rand) {
	n := int64(len(w.servers))
	a, b := zk.SID(1+r.Intn(n)), zk.SID(1+r.Intn(n))
	switch r.Intn(6) {
	case 0:
		w.reset(a, b)
	case 1:
		if a != b {
			w.partition(a, b)
		}
	case 2:
		w.heal()
	case 3:
		if w.up[a-1] {
			w.kill(a)
		}
	case 4:
		if !w.up[a-1] {
			w.start(a)
		}
	case 5:
		if w.up[a-1] && w.server(a).state != zk.Looking {
			w.again(a)
		}
	}
}

// calm ends all trouble: everybody is up and connected, and whoever follows somebody that does not
// lead looks again, as it would after failing to connect.
func calm(w *world) {
	w.heal()
	for i := range w.servers {
		if !w.up[i] {
			w.start(zk.SID(i + 1))
		}
	}
}

// giveUp is what discovery does to servers whose leader does not lead, or leads too few.
func giveUp(w *world) {
	for _, s := range w.servers {
		if s.state == zk.Looking {
			continue
		}
		var with []zk.SID
		for _, f := range w.servers {
			if f.state != zk.Looking && f.vote.Leader == s.vote.Leader {
				with = append(with, f.sid)
			}
		}
		if w.server(s.vote.Leader).state != zk.Leading || !s.verifier.ContainsQuorum(with) {
			w.again(s.sid)
		}
	}
}

func oneLeader(w *world) bool {
	leader := w.servers[0].vote.Leader
	for _, s := range w.servers {
		if s.state == zk.Looking || s.vote.Leader != leader {
			return false
		}
	}
	return leader > 0 && w.server(leader).state == zk.Leading
}

// schedule runs one seed: trouble first, then calm, in which one leader must be found. It returns
// what was broken.
func schedule(w *world, r *node.Rand) []string {
	x := watch(w)
	for i := range w.servers {
		if r.Intn(4) > 0 {
			w.start(zk.SID(i + 1))
		}
	}
	for i := 0; i < 150; i++ {
		if r.Intn(15) == 0 {
			disturb(w, r)
		}
		w.next()
	}
	calm(w)
	for i := 0; !oneLeader(w); i++ {
		if i == 5000 {
			x.violated("L1: no leader that all agree on")
			break
		}
		if !w.next() || i%300 == 299 {
			giveUp(w)
		}
	}
	return x.broken
}

// The election's invariants over random schedules: F1 supporters are a quorum with the same vote,
// F2 proposals only grow in a round, F3 a leader is joined only on its own word, F4 who cannot
// lead is never elected, F5 rounds only grow while looking. And the ensemble finds one leader in
// the end.
func TestInvariantsOverRandomSchedules(t *testing.T) {
	seeds := uint64(1500)
	if testing.Short() {
		seeds = 300
	}
	for seed := uint64(0); seed < seeds; seed++ {
		r := node.NewRand(seed)
		if broken := schedule(randomWorld(t, r), r); broken != nil {
			t.Fatalf("seed %d: %s", seed, broken[0])
		}
	}
}

// What older releases left out is missed: without the leader's own word F3 breaks, with the
// shortcut of the full house F1 does, and nothing else.
func TestOldReleasesBreakInvariants(t *testing.T) {
	cases := []struct {
		id  string
		opt func(*zk.Options)
	}{
		{"F3", func(o *zk.Options) { o.CheckLeader = false }},
		{"F1", func(o *zk.Options) { o.FullHouse = true }},
	}
	for _, c := range cases {
		found := 0
		for seed := uint64(0); seed < 200; seed++ {
			r := node.NewRand(seed)
			w := randomWorld(t, r)
			for _, s := range w.servers {
				c.opt(&s.opt)
			}
			for _, b := range schedule(w, r) {
				found++
				if !strings.HasPrefix(b, c.id) {
					t.Fatalf("seed %d broke %s, want %s alone", seed, b, c.id)
				}
			}
		}
		if found == 0 {
			t.Errorf("%s was never broken", c.id)
		}
	}
}

// Three fresh servers in every order of delivery that 1500 seeds give: one leader, never the
// smallest sid, and mostly the largest.
func TestThreeServersInAnyOrder(t *testing.T) {
	led := map[zk.SID]int{}
	for seed := uint64(0); seed < 1500; seed++ {
		w := newWorld(t, majority(3), 3)
		w.rnd = node.NewRand(seed)
		x := watch(w)
		w.start(1, 2, 3)
		for i := 0; !oneLeader(w); i++ {
			if !w.next() || i%400 == 399 {
				giveUp(w)
			}
		}
		if x.broken != nil {
			t.Fatalf("seed %d: %s", seed, x.broken[0])
		}
		led[w.servers[0].vote.Leader]++
	}
	if led[1] != 0 || led[3] < led[2] {
		t.Errorf("elected: %v", led)
	}
}
