package election

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// heardOn lists what went from one server to another since the start, consecutive repeats
// removed, as the facts recorded from Apache ZooKeeper 3.8.0 list it: state leader zxid round
// peerEpoch.
func (w *world) heardOn(from, to zk.SID) string {
	var out []string
	for _, n := range w.wire[[2]zk.SID{from, to}] {
		s := fmt.Sprintf("%s %s %x %d %d", n.State, n.Leader, uint64(n.Zxid), n.Round, n.PeerEpoch)
		if len(out) == 0 || out[len(out)-1] != s {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}

func (w *world) forget() { clear(w.wire) }

func (w *world) expect(from, to zk.SID, want string) {
	w.t.Helper()
	if got := w.heardOn(from, to); got != want {
		w.t.Errorf("%d>%d\n got %s\nwant %s", from, to, got, want)
	}
}

// history gives a server a past, before it starts.
func (w *world) history(sid zk.SID, epoch zk.Epoch, zxid zk.Zxid) {
	w.server(sid).epoch, w.server(sid).zxid = epoch, zxid
}

func (w *world) untilLed(leader zk.SID, sids ...zk.SID) {
	w.t.Helper()
	w.until(fmt.Sprintf("%v under leader %d", sids, leader),
		func() bool { return w.agreed(leader, sids...) })
}

// Facts recorded from Apache ZooKeeper 3.8.0, a-boot-one-by-one: 1 looks alone, 2 leads once 1
// and 2 are a quorum, 3 finds them. 3 hears the re-sent LOOKING votes first.
func TestBootOneByOne(t *testing.T) {
	w := newWorld(t, majority(3), 3)
	w.start(1)
	w.pass(3000)
	if w.server(1).state != zk.Looking {
		t.Fatal("a third of the ensemble elected a leader")
	}
	w.start(2)
	w.untilLed(2, 1, 2)
	w.expect(1, 2, "LOOKING 1 0 1 0, LOOKING 2 0 1 0")
	w.expect(2, 1, "LOOKING 2 0 1 0")

	w.activate(1, 1, 2)
	w.forget()
	w.start(3)
	w.untilLed(2, 1, 2, 3)
	w.expect(3, 1, "LOOKING 3 0 1 0")
	w.expect(3, 2, "LOOKING 3 0 1 0")
	w.expect(1, 3, "LOOKING 2 0 1 0, FOLLOWING 2 0 1 1")
	w.expect(2, 3, "LOOKING 2 0 1 0, LEADING 2 0 1 1")
	if v := w.server(3).vote; v.PeerEpoch != 1 || v.ElectionEpoch != 1 {
		t.Errorf("3 joined with %v", v)
	}
}

// Facts recorded from Apache ZooKeeper 3.8.0, b-failover, the last step: 3 leads since round 2,
// the old leader 2 comes back in round 1, is told the stale vote of round 2 first and votes with
// it.
func TestFailoverAndReturn(t *testing.T) {
	last := zk.MakeZxid(1, 4)
	w := newWorld(t, majority(3), 3)
	w.start(1, 2)
	w.untilLed(2, 1, 2)
	w.activate(1, 1, 2)
	w.start(3)
	w.untilLed(2, 1, 2, 3)
	w.activate(1, 3)
	for sid := zk.SID(1); sid <= 3; sid++ {
		w.history(sid, 1, last)
	}
	w.kill(2)
	w.forget()
	w.again(1)
	w.again(3)
	w.untilLed(3, 1, 3)
	w.expect(3, 1, "LOOKING 3 100000004 2 1")

	w.activate(2, 1, 3)
	w.settle()
	w.forget()
	w.start(2)
	w.untilLed(3, 1, 2, 3)
	w.expect(2, 1, "LOOKING 2 100000004 1 1, LOOKING 3 100000004 2 1")
	// 1's stale vote overtakes the connection to 3 here, so 2's first vote never leaves its queue.
	w.expect(2, 3, "LOOKING 3 100000004 2 1")
	w.expect(1, 2, "LOOKING 3 100000004 2 1, FOLLOWING 3 100000004 2 2")
	w.expect(3, 2, "LOOKING 3 100000004 2 1, LEADING 3 100000004 2 2")
}

// Facts recorded from Apache ZooKeeper 3.8.0, h-observer: an observer proposes nobody and is
// answered by each server that has a leader.
func TestObserverJoins(t *testing.T) {
	w := newWorld(t, ensemble(4, []zk.SID{4}), 4)
	w.start(1, 2)
	w.untilLed(2, 1, 2)
	w.activate(1, 1, 2)
	w.start(3)
	w.untilLed(2, 1, 2, 3)
	w.activate(1, 3)
	w.start(4)
	w.untilLed(2, 1, 2, 3, 4)
	const nobody = "LOOKING none 8000000000000000 1 -9223372036854775808"
	for sid := zk.SID(1); sid <= 3; sid++ {
		w.expect(4, sid, nobody)
	}
	w.expect(1, 4, "FOLLOWING 2 0 1 1")
	w.expect(2, 4, "LEADING 2 0 1 1")
	w.expect(3, 4, "FOLLOWING 2 0 1 1")
}

// The same facts, leader 2 killed: voters that look answer an observer with the vote they last
// elected. The observer believes them, elects the dead leader, and looks again.
func TestObserverElectsTheDeadLeader(t *testing.T) {
	w := newWorld(t, ensemble(4, []zk.SID{4}), 4)
	w.start(1, 2, 3)
	w.untilLed(3, 1, 2, 3)
	w.activate(1, 1, 2, 3)
	w.start(4)
	w.untilLed(3, 1, 2, 3, 4)
	w.kill(3)
	for _, sid := range []zk.SID{4, 1, 2} {
		w.again(sid)
	}
	w.forget()
	observer := w.server(4)
	w.until("4 has elected again", func() bool { return len(observer.results) == 2 })
	if r := observer.results[1]; r.vote.Leader != 3 || r.state != zk.Observing {
		t.Fatalf("4 elected %v", r)
	}
	w.untilLed(2, 1, 2)
	w.activate(2, 1, 2)
	w.again(4)
	w.untilLed(2, 1, 2, 4)
}

// d-all-at-once: three fresh servers, everything delivered in order: the largest sid wins.
func TestThreeFreshServers(t *testing.T) {
	w := newWorld(t, majority(3), 3)
	w.start(1, 2, 3)
	w.untilLed(3, 1, 2, 3)
	if w.now > 500*ms {
		t.Errorf("took %d ms", w.now/ms)
	}
}

// The same with 3 delayed by more than finalizeWait: a quorum does not wait for it.
func TestFastPairElectsWithoutTheThird(t *testing.T) {
	w := newWorld(t, majority(3), 3)
	w.partition(1, 3)
	w.partition(2, 3)
	w.start(1, 2, 3)
	w.pass(250)
	if !w.agreed(2, 1, 2) {
		t.Fatal("1 and 2 should have elected 2")
	}
	w.activate(1, 1, 2)
	w.heal()
	w.untilLed(2, 1, 2, 3)
}

// A vote that arrives within finalizeWait reopens the election.
func TestThirdArrivesWithinFinalizeWait(t *testing.T) {
	w := newWorld(t, majority(3), 3)
	w.start(1, 2)
	w.pass(150)
	if w.server(1).state != zk.Looking {
		t.Fatal("too late for the scenario")
	}
	w.start(3)
	w.untilLed(3, 1, 2, 3)
	reopened := len(w.server(1).events(event.QuorumReopened)) +
		len(w.server(2).events(event.QuorumReopened))
	if reopened != 2 {
		t.Errorf("%d quorums were reopened, want 2", reopened)
	}
}

// c-stale-cannot-win: more recent data beats the larger sid, in either order of starting.
func TestStaleServerCannotWin(t *testing.T) {
	for _, order := range [][]zk.SID{{1, 3}, {3, 1}} {
		w := newWorld(t, majority(3), 3)
		w.history(1, 2, zk.MakeZxid(2, 5))
		w.history(3, 1, zk.MakeZxid(1, 900))
		w.start(order...)
		w.untilLed(1, 1, 3)
	}
}

// r-epoch-beats-sid and w-epoch-beats-zxid: currentEpoch is compared before zxid and sid.
func TestEpochBeatsZxid(t *testing.T) {
	w := newWorld(t, majority(3), 3)
	w.history(1, 2, zk.MakeZxid(1, 4))
	w.history(2, 1, zk.MakeZxid(1, 5))
	w.start(1, 2)
	w.untilLed(1, 1, 2)
}

// v-empty-snapshot-beats-sid: a zxid at the bare start of an epoch counts like any other.
func TestEmptySnapshotBeatsSid(t *testing.T) {
	w := newWorld(t, majority(3), 3)
	w.history(1, 1, zk.MakeZxid(1, 0))
	w.history(2, 1, 0)
	w.start(1, 2)
	w.untilLed(1, 1, 2)
}

// Five servers with a split vote, cut in a triple and a pair, then healed: the triple's leader
// stays.
func TestSplitVotes(t *testing.T) {
	w := newWorld(t, majority(5), 5)
	for _, a := range []zk.SID{1, 2, 3} {
		w.partition(a, 4)
		w.partition(a, 5)
	}
	w.start(1, 2, 3, 4, 5)
	w.untilLed(3, 1, 2, 3)
	w.pass(2000)
	if w.server(4).state != zk.Looking || w.server(5).state != zk.Looking {
		t.Fatal("two of five elected a leader")
	}
	w.activate(1, 1, 2, 3)
	w.heal()
	w.untilLed(3, 1, 2, 3, 4, 5)
}

// Votes lost with their connection are sent again: on the new connection, or when the poll times
// out.
func TestLostNotifications(t *testing.T) {
	w := newWorld(t, majority(3), 3)
	w.start(1, 2, 3)
	for i := 0; i < 40; i++ {
		w.next()
		if i%8 == 7 {
			w.reset(1, 2)
			w.reset(1, 3)
			w.reset(2, 3)
		}
	}
	w.until("somebody leads a quorum", func() bool {
		for sid := zk.SID(1); sid <= 3; sid++ {
			if w.server(sid).state == zk.Leading {
				return true
			}
		}
		return false
	})
}

// 4.7: the leader crashed and its followers have not noticed. A newcomer hears a quorum of
// FOLLOWING but no leader, and keeps looking until they look as well.
func TestNewcomerDoesNotFollowADeadLeader(t *testing.T) {
	w := newWorld(t, majority(5), 5)
	w.start(1, 2, 3, 5)
	w.untilLed(5, 1, 2, 3, 5)
	w.activate(1, 1, 2, 3, 5)
	w.kill(5)
	w.start(4)
	w.pass(2000)
	if w.server(4).state != zk.Looking {
		t.Fatalf("4 follows %d", w.server(4).vote.Leader)
	}
	checked := w.server(4).events(event.LeaderChecked)
	if len(checked) == 0 || transcript(checked[0].Checks) !=
		"fle.leaderIsMe(5)=false fle.leaderSaidSo(5)=false*" {
		t.Errorf("leader checks: %v", checked)
	}
	for sid := zk.SID(1); sid <= 3; sid++ {
		w.history(sid, 1, 0)
		w.again(sid)
	}
	w.untilLed(3, 1, 2, 3)
	w.activate(2, 1, 2, 3)
	w.untilLed(3, 1, 2, 3, 4)
}

// 4.7: who was elected does not lead. The others look again, one round later.
func TestElectedServerDiesAtOnce(t *testing.T) {
	w := newWorld(t, majority(3), 3)
	w.start(1, 2, 3)
	w.untilLed(3, 1, 2, 3)
	w.kill(3)
	w.again(1)
	w.again(2)
	w.untilLed(2, 1, 2)
	if r := w.server(2).fle.Round(); r != 2 {
		t.Errorf("round %d, want 2", r)
	}
}

// p3-zero-weight: 1 and 3 are no quorum because 3 has no weight, and 3 proposes itself in vain.
func TestWeightZeroIsNeverElected(t *testing.T) {
	w := newWorld(t, weighted(1, 1, 0), 3)
	w.start(1, 3)
	w.pass(3000)
	if w.server(1).state != zk.Looking || w.server(3).state != zk.Looking {
		t.Fatal("a vote without weight counted")
	}
	w.expect(3, 1, "LOOKING 3 0 1 0")
	w.expect(1, 3, "LOOKING 1 0 1 0")
	w.start(2)
	w.untilLed(2, 1, 2)
	w.activate(1, 1, 2)
	w.untilLed(2, 1, 2, 3)
}

// p-weights: the weight of 1 is a quorum by itself.
func TestOneHeavyServerIsAQuorum(t *testing.T) {
	w := newWorld(t, weighted(3, 1, 1), 3)
	w.start(2, 3)
	w.pass(3000)
	if w.server(2).state != zk.Looking || w.server(3).state != zk.Looking {
		t.Fatal("2 and 3 weigh less than half")
	}
	w.kill(2)
	w.kill(3)
	w.start(1)
	w.untilLed(1, 1)
}

// p2-groups: a majority of the groups, each by a majority of its weight.
func TestGroups(t *testing.T) {
	m := *ensemble(5, nil).Membership()
	m.Groups = [][]zk.SID{{1, 2, 3}, {4}, {5}}
	v := quorum.New(&m)
	w := newWorld(t, v, 5)
	w.start(1, 2, 3)
	w.pass(3000)
	if w.server(3).state != zk.Looking {
		t.Fatal("one group of three is no quorum")
	}
	w = newWorld(t, v, 5)
	w.start(4, 5)
	w.untilLed(5, 4, 5)
}

// A single server is its own quorum: it elects itself with nobody to talk to.
func TestStandalone(t *testing.T) {
	w := newWorld(t, majority(1), 1)
	w.start(1)
	w.untilLed(1, 1)
	if w.now != 200*ms {
		t.Errorf("took %d ms, want finalizeWait", w.now/ms)
	}
}

// ZOOKEEPER-1732, as the project's own test stages it: the round and zxid of a follower's
// remembered vote differ from the leader's. Since its mending a late joiner finds the leader all
// the same.
func TestLateJoinerWithDifferingVotes(t *testing.T) {
	for _, strict := range []bool{false, true} {
		w := newWorld(t, majority(3), 3)
		for _, s := range w.servers {
			s.opt.StrictEquality = strict
		}
		w.start(1, 2)
		w.untilLed(2, 1, 2)
		w.activate(1, 1, 2)
		w.server(1).vote.ElectionEpoch += 100
		w.server(1).vote.Zxid += 100
		w.start(3)
		w.pass(30000)
		if joined := w.server(3).state == zk.Following; joined == strict {
			t.Errorf("strict %t: joined %t", strict, joined)
		}
	}
}

// A peer whose election was rebuilt starts its rounds at 1 and is told the current one.
func TestRebuiltElection(t *testing.T) {
	w := newWorld(t, majority(3), 3)
	w.start(1, 2, 3)
	w.untilLed(3, 1, 2, 3)
	for _, sid := range []zk.SID{1, 2, 3} {
		w.again(sid)
	}
	s := w.server(1)
	w.do(s, s.fle.ShutDown)
	w.start(1)
	w.untilLed(3, 1, 2, 3)
	if r := s.fle.Round(); r != 2 {
		t.Errorf("round %d, want that of the others", r)
	}
}

// The same steps give the same effects: no order of a map shows.
func TestSameInputsSameEffects(t *testing.T) {
	run := func() string {
		var b strings.Builder
		w := newWorld(t, majority(5), 5)
		w.after = func(s *server) {
			for _, x := range s.effects {
				fmt.Fprintf(&b, "%d %d %d %d\n", s.sid, x.Kind, x.Conn, x.At)
			}
		}
		w.start(1, 2, 3, 4, 5)
		w.untilLed(5, 1, 2, 3, 4, 5)
		return b.String()
	}
	if a, b := run(), run(); a != b {
		t.Error("two runs differ")
	}
}

// Without a listener no event is made, and the result is the same.
func TestUntraced(t *testing.T) {
	w := newWorld(t, majority(3), 3)
	for _, s := range w.servers {
		s.tracing, s.keep = false, false
	}
	w.after = func(s *server) {
		for _, x := range s.effects {
			if x.Kind == node.Emit {
				t.Fatal("an event was emitted")
			}
		}
	}
	w.start(1, 2, 3)
	w.untilLed(3, 1, 2, 3)
	own := node.NewState()
	w.server(1).fle.Visible(own)
	if v := own.Scalars[event.Vote]; len(v) != 4 || v[0].N != 3 {
		t.Errorf("visible vote %v", v)
	}
}

// Before its first round the election shows nothing.
func TestNothingVisibleAtFirst(t *testing.T) {
	l := boundLone(t, 1, majority(3))
	own := node.NewState()
	l.fle.Visible(own)
	if len(own.Scalars)+len(own.Maps) != 0 {
		t.Errorf("visible: %v", own)
	}
}

// A vote that the peer changes by itself shows, even before the first round.
func TestCurrentVoteIs(t *testing.T) {
	l := boundLone(t, 1, majority(3))
	l.vote = zk.Vote{Leader: 3, Zxid: 8, ElectionEpoch: -1, PeerEpoch: -1}
	l.do(func(o *node.Out) { l.fle.CurrentVoteIs(o.Event(node.KindNoted), l.vote) })
	v := l.fold.Scalars[event.Vote]
	if len(v) != 4 || v[0].N != 3 || v[1].N != 8 || v[2].N != -1 || v[3].N != -1 {
		t.Errorf("visible vote %v", v)
	}
}

// One message is shared by all its receivers: a broadcast makes one.
func TestBroadcastSharesOneMessage(t *testing.T) {
	l := newLone(t, 1, majority(4))
	l.accept(2)
	l.accept(3)
	l.accept(4)
	l.said()
	l.hear(4, looking(4, 0, 0, 1))
	out := l.said()
	if len(out) != 3 {
		t.Fatalf("sent %v, want one to each other server", out)
	}
	for _, x := range out {
		if x.m.(*jute.Notification) != out[0].m.(*jute.Notification) {
			t.Error("two messages for one broadcast")
		}
	}
}
