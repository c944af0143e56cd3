package election

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

const ms = node.Millisecond

// voters returns whom the notifications went to.
func receivers(out []sent) (to []zk.SID) {
	for _, x := range out {
		to = append(to, x.to)
	}
	return to
}

// recvsetOf lists the visible recvset as sid -> leader.
func (l *lone) recvsetOf() map[zk.SID]zk.SID {
	out := map[zk.SID]zk.SID{}
	for _, b := range l.fle.recvset {
		out[b.sid] = b.vote.Leader
	}
	return out
}

// The start of a round: sets empty, logicalclock + 1, the own vote sent to all and counted when it
// comes back.
func TestRoundBegins(t *testing.T) {
	l := newLone(t, 2, majority(3), func(s *server) { s.zxid, s.epoch = zk.MakeZxid(4, 2), 4 })
	if l.fle.Round() != 1 || !l.ports[zk.ElectionPort] {
		t.Errorf("round %d, ports %v", l.fle.Round(), l.ports)
	}
	if got := l.recvsetOf(); len(got) != 1 || got[2] != 2 {
		t.Errorf("recvset %v, want the own vote", got)
	}
	if at := l.timers[event.TimerFLE]; at != 200*ms {
		t.Errorf("the poll ends at %d", at)
	}
	if len(l.dialed) != 2 {
		t.Errorf("dialled %v, want both others", l.dialed)
	}
	e := l.events(event.LookingForLeader)[0]
	if !e.Pivot || e.Args[0].N != 1 || e.Args[1].N != 2 || e.Args[3].N != 4 {
		t.Errorf("event %+v", e)
	}
}

// A second round keeps nothing of the first.
func TestRoundBeginsAfresh(t *testing.T) {
	l := newLone(t, 1, majority(3))
	l.hear(3, established(zk.Following, 2, 1, 0, 1))
	l.hear(2, looking(2, 0, 0, 1))
	l.fire(event.TimerFinalize)
	l.state = zk.Looking
	l.do(l.fle.LookForLeader)
	if got := l.recvsetOf(); len(got) != 1 || got[1] != 1 || len(l.fle.outOfElection) != 0 {
		t.Errorf("recvset %v, outofelection %v", got, l.fle.outOfElection)
	}
	if l.fle.Round() != 2 || l.timers[event.TimerFLE] != l.now+200*ms {
		t.Errorf("round %d, timer at %d", l.fle.Round(), l.timers[event.TimerFLE])
	}
}

// A poll that brings nothing: while some queue is empty the vote is sent again, otherwise the
// missing connections are tried; the time doubles up to the maximum either way.
func TestPollTimesOut(t *testing.T) {
	l := newLone(t, 1, majority(3))
	for sid := range l.dialed {
		l.take(l.input(node.Input{Kind: node.DialFailed, Conn: l.dialed[sid]}))
	}
	clear(l.dialed)
	l.fire(event.TimerFLE)
	if len(l.dialed) != 2 {
		t.Errorf("nothing was delivered: dialled %v, want all", l.dialed)
	}
	l.silent("no connection")

	l.accept(3)
	l.said()
	l.fire(event.TimerFLE)
	if to := receivers(l.said()); len(to) != 1 || to[0] != 3 {
		t.Errorf("something was delivered: sent again to %v, want the connected one", to)
	}
	want := []int64{800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000}
	for _, w := range want {
		if d := l.timers[event.TimerFLE] - l.now; d != node.Time(w)*ms {
			t.Fatalf("waits %d ms, want %d", d/ms, w)
		}
		l.fire(event.TimerFLE)
	}
	e := l.events(event.NotificationTimedOut)
	if a := e[0].Args; a[0].N != 200 || a[1].N != 400 || a[2].N != 0 {
		t.Errorf("first time-out %v", a)
	}
	if a := e[1].Args; a[0].N != 400 || a[1].N != 800 || a[2].N != 1 {
		t.Errorf("second time-out %v", a)
	}
}

// Each message begins the poll anew, but its time never shrinks within a round.
func TestTimeoutOnlyGrows(t *testing.T) {
	l := newLone(t, 1, majority(5))
	l.fire(event.TimerFLE)
	l.now += 30 * ms
	l.hear(2, looking(2, 0, 0, 1))
	if d := l.timers[event.TimerFLE] - l.now; d != 400*ms {
		t.Errorf("waits %d ms, want 400", d/ms)
	}
}

// lookForLeader: only voters are heard, and only about voters.
func TestOnlyVotersAreJudged(t *testing.T) {
	l := newLone(t, 1, ensemble(4, []zk.SID{4}))
	l.hear(2, looking(4, 9, 9, 1))
	l.ignored("an observer as candidate", reasonLeaderNotVoter)
	e := l.trace[len(l.trace)-1]
	if got := transcript(e.Checks); got != "fle.senderVotes(2)=true fle.candidateVotes(4)=false*" {
		t.Errorf("because %s", got)
	}
	l.hear(2, looking(77, 9, 9, 1))
	l.ignored("a stranger as candidate", reasonLeaderNotVoter)
	if l.fle.proposal.Leader != 1 {
		t.Errorf("proposal %v", l.fle.proposal)
	}
}

// A voter that was one when its message came, but is none when the message is judged.
func TestSenderLosesItsVoteMeanwhile(t *testing.T) {
	l := boundLone(t, 1, majority(3))
	l.hear(3, looking(3, 0, 0, 1))
	l.verifier = ensemble(3, []zk.SID{3})
	l.do(l.fle.LookForLeader)
	if got := transcript(l.events(event.NotificationIgnored)[0].Checks); got !=
		"fle.senderVotes(3)=false*" {
		t.Errorf("because %s", got)
	}
}

// ZOOKEEPER-261: without a trusted database a server listens to nobody and nobody listens to it.
func TestUnknownZxid(t *testing.T) {
	l := newLone(t, 1, majority(3), func(s *server) { s.zxid = zk.NoZxid })
	l.hear(3, looking(3, 5, 5, 1))
	l.ignored("own zxid unknown", reasonMyZxidUnknown)

	l = newLone(t, 1, majority(3))
	l.hear(3, looking(3, 5, zk.NoZxid, 9))
	l.ignored("its zxid unknown", reasonZxidUnknown)
	if l.fle.Round() != 1 {
		t.Error("the round was raised by a message without a zxid")
	}
}

// A newer round voids the votes of the old one. The better of the message and the *initial* vote is
// proposed, not what the server had been convinced of.
func TestNewerRound(t *testing.T) {
	cases := []struct {
		name   string
		heard  jute.Notification // in round 1
		newer  jute.Notification // in round 4
		leader zk.SID
	}{
		{"better than the initial vote", looking(2, 0, 0, 1), looking(3, 0, 0, 4), 3},
		{"worse than the initial vote: own vote again, although 5 had convinced it",
			looking(5, 0, 0, 1), looking(1, 0, 0, 4), 2},
	}
	for _, c := range cases {
		l := newLone(t, 2, majority(5))
		l.hear(4, c.heard)
		l.said()
		l.hear(3, c.newer)
		p := l.fle.proposal
		if p.Leader != c.leader || l.fle.Round() != 4 || p.ElectionEpoch != 4 {
			t.Errorf("%s: proposal %v", c.name, p)
		}
		if got := l.recvsetOf(); len(got) != 2 || got[3] != c.newer.Leader || got[2] != c.leader {
			t.Errorf("%s: recvset %v, want 3's vote and the own one", c.name, got)
		}
		if out := l.said(); len(out) == 0 || out[0].m.(*jute.Notification).Round != 4 {
			t.Errorf("%s: not told to others", c.name)
		}
	}
	l := newLone(t, 2, majority(5))
	l.hear(3, looking(1, 0, 0, 4))
	e := l.events(event.RoundRaised)[0]
	want := "fle.roundNewer(4,1)=true fle.weight(1,1)=true fle.epochLarger(0,0)=false " +
		"fle.epochEqual(0,0)=true fle.zxidLarger(0:0,0:0)=false fle.zxidEqual(0:0,0:0)=true " +
		"fle.sidLarger(1,2)=false* fle.beatsInitial(1,2)=false"
	if got := transcript(e.Checks); got != want || e.Args[1].N != 1 || e.Args[2].N != 4 {
		t.Errorf("args %v because %s", e.Args, got)
	}
}

func TestOlderRound(t *testing.T) {
	l := newLone(t, 1, majority(3))
	l.hear(2, looking(1, 0, 0, 7))
	l.hear(3, looking(3, 9, 9, 6))
	l.ignored("an older round", reasonOlderRound)
	if l.fle.proposal.Leader != 1 || l.recvsetOf()[3] != 0 {
		t.Errorf("proposal %v, recvset %v", l.fle.proposal, l.recvsetOf())
	}
}

// In the same round a better vote is adopted and told to all, a worse one is only counted.
func TestSameRound(t *testing.T) {
	l := newLone(t, 2, majority(5))
	l.hear(1, looking(1, 0, 0, 1))
	l.silent("a worse vote")
	if e := l.events(event.VoteKept); len(e) != 2 || e[1].Args[0].N != 1 || e[1].Args[4].N != 2 {
		t.Errorf("VoteKept %v (the first is the own vote)", e)
	}
	l.hear(4, looking(4, 0, 0, 1))
	l.said()
	l.hear(3, looking(5, 0, 0, 1))
	if to := receivers(l.said()); len(to) != 3 {
		t.Errorf("told %v, want the three that are connected", to)
	}
	e := l.events(event.VoteChanged)
	if len(e) != 2 || !e[1].Pivot || e[1].Args[1].N != 5 || e[1].Args[4].N != 4 {
		t.Errorf("VoteChanged %v", e)
	}
	want := map[zk.SID]zk.SID{1: 1, 2: 5, 3: 5, 4: 4}
	if got := l.recvsetOf(); len(got) != 4 || got[2] != 5 || got[3] != 5 || got[4] != 4 {
		t.Errorf("recvset %v, want %v", got, want)
	}
}

func TestObservingSenderIsIgnored(t *testing.T) {
	l := newLone(t, 1, majority(3))
	l.hear(2, established(zk.Observing, 3, 1, 0, 1))
	l.ignored("a voter that observes", reasonObserving)
}

// A quorum waits finalizeWait for a better vote and is elected when none comes.
func TestQuorumWaitsThenLeads(t *testing.T) {
	l := newLone(t, 2, majority(3))
	l.hear(1, looking(1, 0, 0, 1))
	l.hear(1, looking(2, 0, 0, 1))
	if at, ok := l.timers[event.TimerFinalize]; !ok || at != l.now+200*ms {
		t.Fatalf("finalizeWait ends at %d, %t", at, ok)
	}
	if _, ok := l.timers[event.TimerFLE]; ok {
		t.Error("two polls at once")
	}
	if len(l.results) != 0 {
		t.Fatal("elected without waiting")
	}
	l.fire(event.TimerFinalize)
	want := result{zk.Vote{Leader: 2, ElectionEpoch: 1}, zk.Leading}
	if len(l.results) != 1 || l.results[0] != want || len(l.timers) != 0 {
		t.Fatalf("elected %v, timers %v", l.results, l.timers)
	}
	e := l.events(event.Elected)[0]
	if !e.Pivot || e.Args[0].N != 2 || e.Args[4].S != "VOTE" || e.Args[5].S != "1,2" {
		t.Errorf("event %+v", e)
	}
	if got := transcript(e.Checks); got != "fle.quorum(1,2,2,3)=true fle.finalized(200)=true*" {
		t.Errorf("because %s", got)
	}
}

// During the wait a message that is no better is lost, and the silence begins anew with it.
func TestDrainForgets(t *testing.T) {
	l := newLone(t, 2, majority(3))
	l.hear(1, looking(2, 0, 0, 1))
	l.now += 150 * ms
	l.hear(3, looking(1, 0, 0, 1))
	l.ignored("not better", reasonNotBetter)
	if at := l.timers[event.TimerFinalize]; at != l.now+200*ms {
		t.Errorf("silence until %d, want it to begin anew at %d", at, l.now)
	}
	if _, counted := l.recvsetOf()[3]; counted {
		t.Error("a message read during the wait was counted")
	}
}

// A better vote ends the wait and is judged like any other.
func TestDrainReopens(t *testing.T) {
	l := newLone(t, 2, majority(3))
	l.hear(1, looking(2, 0, 0, 1))
	l.hear(3, looking(3, 0, 0, 1))
	if _, waits := l.timers[event.TimerFinalize]; !waits || l.fle.proposal.Leader != 3 {
		t.Fatalf("proposal %v", l.fle.proposal) // 2 and 3 are a quorum for 3: a new wait
	}
	if e := l.events(event.QuorumReopened); len(e) != 1 || e[0].Args[1].N != 3 {
		t.Errorf("event %v", e)
	}
	l.fire(event.TimerFinalize)
	if l.results[0].vote.Leader != 3 || l.results[0].state != zk.Following {
		t.Errorf("elected %v", l.results)
	}
}

// The state and the round of what ends the wait do not matter: a better vote of an older round
// ends it too, is then ignored, and the quorum that stood is not looked at again before the next
// message.
func TestDrainReopenedByAnOlderRound(t *testing.T) {
	l := newLone(t, 1, majority(3))
	l.hear(2, looking(2, 0, 0, 5)) // round 5
	l.hear(3, looking(3, 0, 0, 4))
	l.ignored("the older round", reasonOlderRound)
	if _, waits := l.timers[event.TimerFinalize]; waits {
		t.Fatal("still waiting")
	}
	if at := l.timers[event.TimerFLE]; at != l.now+200*ms {
		t.Fatalf("the poll ends at %d", at)
	}
	l.hear(2, looking(2, 0, 0, 5))
	l.fire(event.TimerFinalize)
	if l.results[0].vote.Leader != 2 {
		t.Errorf("elected %v", l.results)
	}
}

// A follower's role is its learner type's.
func TestObserverElectsAsObserver(t *testing.T) {
	l := newLone(t, 4, ensemble(4, []zk.SID{4}), func(s *server) { s.learner = zk.Observer })
	if got := l.recvsetOf(); len(got) != 0 {
		t.Errorf("an observer counts %v", got)
	}
	l.hear(1, looking(3, 0, 0, 1))
	l.hear(2, looking(3, 0, 0, 1))
	l.fire(event.TimerFinalize)
	if l.results[0].state != zk.Observing || l.results[0].vote.Leader != 3 {
		t.Errorf("elected %v", l.results)
	}
}

// The wait cannot be ended by the timer of the poll, nor the poll by that of the wait, and a server
// that has a leader is woken by neither.
func TestTimersOfAnotherPhase(t *testing.T) {
	fired := func(l *lone, kind uint16) {
		l.take(l.input(node.Input{Kind: node.Fired, Timer: node.Timer{Kind: kind}}))
	}
	l := newLone(t, 2, majority(3))
	fired(l, event.TimerFinalize)
	if len(l.results) != 0 {
		t.Error("elected without a quorum")
	}
	l.hear(1, looking(2, 0, 0, 1))
	fired(l, event.TimerFLE)
	if len(l.events(event.NotificationTimedOut)) != 0 {
		t.Error("timed out while waiting")
	}
	l.fire(event.TimerFinalize)
	fired(l, event.TimerFinalize)
	fired(l, event.TimerFLE)
	if len(l.results) != 1 || len(l.events(event.NotificationTimedOut)) != 0 {
		t.Errorf("results %v", l.results)
	}
}

// Release 3.3: once every voter has voted, for whomever, the proposal is elected without a wait.
func TestFullHouse(t *testing.T) {
	l := newLone(t, 2, majority(3), func(s *server) { s.opt.FullHouse = true })
	l.hear(1, looking(1, 0, 0, 1))
	if len(l.results) != 0 {
		t.Fatal("elected before the last vote")
	}
	l.hear(3, looking(3, 0, 0, 1))
	if len(l.results) != 1 || l.results[0].vote.Leader != 3 {
		t.Fatalf("elected %v", l.results)
	}
	e := l.events(event.Elected)[0]
	if got := transcript(e.Checks); got != "fle.fullHouse(3,3)=true*" || e.Args[4].S != "VOTE" {
		t.Errorf("%v because %s", e.Args, got)
	}
}

// After ShutDown nothing moves any more.
func TestShutDown(t *testing.T) {
	l := newLone(t, 2, majority(3))
	c := l.accept(3)
	silent := l.acceptSilent(3)
	l.do(l.fle.ShutDown)
	if l.ports[zk.ElectionPort] || len(l.timers) != 0 || len(l.closed) != 2 ||
		l.closed[0] != c || l.closed[1] != silent {
		t.Errorf("ports %v, timers %v, closed %v", l.ports, l.timers, l.closed)
	}
	l.said()
	l.receive(c, &jute.Notification{})
	late := l.acceptSilent(3)
	l.take(l.input(node.Input{Kind: node.Connected, Conn: l.dialed[1]}))
	l.do(l.fle.LookForLeader)
	l.do(l.fle.ShutDown)
	l.silent("after the end")
	if l.fle.Round() != 1 || len(l.closed) != 4 || l.closed[2] != late {
		t.Errorf("round %d, closed %v", l.fle.Round(), l.closed)
	}
}
