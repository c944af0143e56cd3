package election

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

func ballotOf(leader zk.SID, epoch zk.Epoch, zxid zk.Zxid) zk.Vote {
	return zk.Vote{Leader: leader, Zxid: zxid, PeerEpoch: epoch}
}

// transcript writes checks as "question(values)=answer", the deciding one marked with a star.
func transcript(checks []node.Check) string {
	var out []string
	for _, k := range checks {
		var vs []string
		for _, v := range k.Values {
			if v.Kind != node.NoValue {
				vs = append(vs, v.String())
			}
		}
		s := fmt.Sprintf("%s(%s)=%t", event.Vocabulary.Checks[k.Code].Name, strings.Join(vs, ","),
			k.Answer)
		if k.Deciding {
			s += "*"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func explain(c Checks) string {
	var e node.Event
	c.Explain(&e)
	return transcript(e.Checks)
}

// FastLeaderElection.totalOrderPredicate, ZooKeeper 3.8.0, clause by clause.
func TestTotalOrder(t *testing.T) {
	const weightless, weighty = 0, 1
	cases := []struct {
		clause  string
		vote    zk.Vote
		cur     zk.Vote
		weight  int64
		better  bool
		because string
	}{
		{"a candidate of weight 0 never wins", ballotOf(3, 9, 9), ballotOf(1, 1, 1), weightless,
			false, "fle.weight(3,0)=false*"},
		{"1. the larger epoch wins, even with the smaller zxid", ballotOf(1, 2, zk.MakeZxid(1, 1)),
			ballotOf(3, 1, zk.MakeZxid(1, 3)), weighty, true,
			"fle.weight(1,1)=true fle.epochLarger(2,1)=true*"},
		{"1. the smaller epoch loses, even with the larger zxid", ballotOf(3, 1, zk.MakeZxid(1, 9)),
			ballotOf(1, 2, zk.MakeZxid(1, 1)), weighty, false,
			"fle.weight(3,1)=true fle.epochLarger(1,2)=false fle.epochEqual(1,2)=false*"},
		{"2. in one epoch the larger zxid wins, even with the smaller sid",
			ballotOf(1, 1, zk.MakeZxid(1, 2)), ballotOf(3, 1, zk.MakeZxid(1, 1)), weighty, true,
			"fle.weight(1,1)=true fle.epochLarger(1,1)=false fle.epochEqual(1,1)=true " +
				"fle.zxidLarger(1:2,1:1)=true*"},
		{"2. the smaller zxid loses", ballotOf(3, 1, zk.MakeZxid(1, 1)),
			ballotOf(1, 1, zk.MakeZxid(1, 2)), weighty, false,
			"fle.weight(3,1)=true fle.epochLarger(1,1)=false fle.epochEqual(1,1)=true " +
				"fle.zxidLarger(1:1,1:2)=false fle.zxidEqual(1:1,1:2)=false*"},
		{"3. with equal zxids the larger sid wins", ballotOf(3, 0, 0), ballotOf(2, 0, 0), weighty,
			true, "fle.weight(3,1)=true fle.epochLarger(0,0)=false fle.epochEqual(0,0)=true " +
				"fle.zxidLarger(0:0,0:0)=false fle.zxidEqual(0:0,0:0)=true " +
				"fle.sidLarger(3,2)=true*"},
		{"a vote does not beat itself", ballotOf(2, 0, 0), ballotOf(2, 0, 0), weighty, false,
			"fle.weight(2,1)=true fle.epochLarger(0,0)=false fle.epochEqual(0,0)=true " +
				"fle.zxidLarger(0:0,0:0)=false fle.zxidEqual(0:0,0:0)=true " +
				"fle.sidLarger(2,2)=false*"},
		{"anybody beats an observer's empty vote", ballotOf(1, 0, 0),
			ballotOf(zk.NoLeader, minEpoch, zk.MinZxid), weighty, true,
			"fle.weight(1,1)=true fle.epochLarger(0,-9223372036854775808)=true*"},
	}
	for _, c := range cases {
		better, checks := totalOrder(c.vote, c.cur, c.weight, true)
		if got := explain(checks); better != c.better || got != c.because {
			t.Errorf("%s: %t because %s", c.clause, better, got)
		}
	}
}

// Release 3.3 knew no peerEpoch: votes are ordered by zxid and sid alone.
func TestTotalOrderWithoutPeerEpoch(t *testing.T) {
	better, checks := totalOrder(ballotOf(3, 1, 7), ballotOf(1, 2, 6), 1, false)
	want := "fle.weight(3,1)=true fle.zxidLarger(0:7,0:6)=true*"
	if got := explain(checks); !better || got != want {
		t.Errorf("better %t because %s", better, got)
	}
}

// Among candidates with weight the order is strict and total: of two different votes exactly one
// beats the other, and beating is transitive.
func TestTotalOrderIsTotal(t *testing.T) {
	r := node.NewRand(1)
	random := func() zk.Vote {
		return ballotOf(zk.SID(1+r.Intn(3)), zk.Epoch(r.Intn(3)), zk.Zxid(r.Intn(3)))
	}
	beats := func(a, b zk.Vote) bool { x, _ := totalOrder(a, b, 1, true); return x }
	for i := 0; i < 20000; i++ {
		a, b, c := random(), random(), random()
		if a != b && beats(a, b) == beats(b, a) {
			t.Fatalf("%v and %v: both or neither beat the other", a, b)
		}
		if a == b && beats(a, b) {
			t.Fatalf("%v beats itself", a)
		}
		if beats(a, b) && beats(b, c) && !beats(a, c) {
			t.Fatalf("%v > %v > %v is not transitive", a, b, c)
		}
	}
}

// FastLeaderElection.getInitId, getInitLastLoggedZxid, getPeerEpoch: what a server proposes first.
func TestInitialVote(t *testing.T) {
	five := ensemble(5, []zk.SID{4})
	history := func(s *server) { s.zxid, s.epoch = zk.MakeZxid(2, 7), 3 }
	cases := []struct {
		name   string
		sid    zk.SID
		v      quorum.Verifier
		change func(*server)
		want   zk.Vote
	}{
		{"a voter proposes itself, with its epoch file and not its zxid's epoch", 1, five, history,
			zk.Vote{Leader: 1, Zxid: zk.MakeZxid(2, 7), PeerEpoch: 3, ElectionEpoch: 1}},
		{"a participant without a vote proposes nobody", 6, five, history,
			zk.Vote{Leader: zk.NoLeader, Zxid: zk.MakeZxid(2, 7), PeerEpoch: 3, ElectionEpoch: 1}},
		{"an observer has nothing to offer", 4, five,
			func(s *server) { history(s); s.learner = zk.Observer },
			zk.Vote{Leader: zk.NoLeader, Zxid: zk.MinZxid, PeerEpoch: minEpoch, ElectionEpoch: 1}},
		{"in 3.3 the epoch is the zxid's", 1, five,
			func(s *server) { history(s); s.opt.RequirePeerEpoch = false },
			zk.Vote{Leader: 1, Zxid: zk.MakeZxid(2, 7), PeerEpoch: 2, ElectionEpoch: 1}},
	}
	for _, c := range cases {
		l := newLone(t, c.sid, c.v, c.change)
		if got := l.fle.proposal; got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
