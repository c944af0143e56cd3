package peer_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/datatree"
	"zabscope/engine/node"
	"zabscope/engine/peer"
	"zabscope/engine/sim"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// reconfigurable is an ensemble whose members may be changed, with servers that are to join. Who is
// to join lists itself and all members in its own configuration, as it must to start.
func reconfigurable(t testing.TB, members *zk.Membership, opt zk.Options, joiners []zk.Member,
	change ...func(*plan)) *ensemble {
	t.Helper()
	rec := trace.New(trace.Header{Vocabulary: event.Vocabulary})
	p := plan{zoo: zk.DefaultConfig(), opt: opt,
		sim: sim.Config{Seed: 1, Vocabulary: event.Vocabulary, Recorder: rec, OnCrash: cutLog}}
	p.zoo.ReconfigEnabled, p.zoo.SkipACL = true, true
	for _, f := range change {
		f(&p)
	}
	e := &ensemble{t: t, rec: rec, Sim: sim.New(p.sim), clients: node.FirstClient}
	add := func(x zk.Member, m *zk.Membership) {
		cfg := peer.Config{SID: x.SID, Type: x.Type, Membership: m, Zoo: p.zoo, Options: p.opt}
		e.Add(node.ID(x.SID), "",
			func(d node.Disk, r *node.Rand) node.Machine { return peer.New(cfg, d, r) })
	}
	for _, x := range members.Members {
		add(x, members)
	}
	for _, x := range joiners {
		add(x, zk.NewMembership(append(slices.Clone(members.Members), x)))
	}
	t.Cleanup(e.check)
	t.Cleanup(func() { configSafety(t, rec) })
	return e
}

// server is a member as the tests' configurations list it.
func server(id int, role zk.LearnerType) zk.Member {
	return zk.Member{SID: zk.SID(id), Type: role, Host: fmt.Sprintf("10.77.0.%d", id+1),
		QuorumPort: zk.QuorumPort, ElectionPort: zk.ElectionPort, ClientPort: zk.ClientPort}
}

func line(x zk.Member) string { return fmt.Sprintf("server.%d=%s", x.SID, x.Spec()) }

// bootedFor is three servers that may be joined by the others: 2 leads, 1 and 3 follow.
func bootedFor(t testing.TB, opt zk.Options, joiners ...zk.Member) *ensemble {
	t.Helper()
	e := reconfigurable(t, membership(3, nil), opt, joiners)
	e.start(1, 2)
	e.until("follower leader down" + strings.Repeat(" down", len(joiners)))
	e.start(3)
	e.until("follower leader follower" + strings.Repeat(" down", len(joiners)))
	e.now()
	return e
}

func (s *session) reconfig(joining, leaving string) *session {
	s.e.t.Helper()
	return s.asks(&zk.Request{Type: zk.OpReconfig, Joining: joining, Leaving: leaving,
		CurConfigID: -1})
}

// reconfigured wants the change to be confirmed and returns what the client is told of it.
func (s *session) reconfigured(joining, leaving string) string {
	s.e.t.Helper()
	op := s.reconfig(joining, leaving).answer()
	if op.Result.Err != zk.ErrOK {
		s.e.story(100)
		s.e.t.Fatalf("reconfig joining %q leaving %q: %v", joining, leaving, op.Result.Err)
	}
	return string(op.Result.Data)
}

// configs wants these servers to hold a configuration: "1:2 voters 1,2,3" or "... observers 4".
func (e *ensemble) configs(want string, ids ...node.ID) {
	e.t.Helper()
	for _, id := range ids {
		v := e.View(id).Scalars[event.QuorumConfig]
		got := v[0].String() + " voters " + v[1].S
		if v[2].S != "" {
			got += " observers " + v[2].S
		}
		if got != want {
			e.t.Errorf("server %d has configuration %s, want %s", id, got, want)
		}
		text := e.View(id).Maps[event.Tree][node.Text(datatree.ConfigPath)][0].S
		if e.peer(id).Verifier().Membership().Text() != text {
			e.t.Errorf("server %d has in its tree\n%s", id, text)
		}
	}
}

// configFiles are the files of a server's configuration.
func (e *ensemble) configFiles(id node.ID) string {
	var out []string
	for _, f := range e.Disk(id).List() {
		if rest, ok := strings.CutPrefix(f, "zoo.cfg"); ok {
			out = append(out, "zoo.cfg"+rest)
		}
	}
	return strings.Join(out, " ")
}

// A configuration that nobody gave a version gets that of the first NEWLEADER: 1:0. It is in the
// tree, on disk, and in the votes; the leader's first followers hear of it in NEWLEADER.
func TestFirstLeaderNamesTheConfiguration(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := reconfigurable(t, membership(3, nil), opt, nil)
		e.start(1, 2)
		e.until("follower leader down")
		e.told("2 config.installed 0:0 1,2,3", "2 config.seen 1:0 1,2,3",
			"2 config.written zoo.cfg.dynamic.next", "2 leader.epochEstablished 1 1,2",
			"1 config.seen 1:0 1,2,3", "1 config.written zoo.cfg.dynamic.next",
			"2 leader.activated 1 1,2", "2 leader.designated 2 1 1:0",
			"2 config.installed 1:0 1,2,3", "2 config.written zoo.cfg.dynamic.100000000",
			"2 config.written zoo.cfg", "2 reconfig.processed 1:0 2 false",
			"1 config.installed 1:0 1,2,3", "1 reconfig.processed 1:0 - false", "1 learner.ready 2 1")
		e.configs("1:0 voters 1,2,3", 1, 2)
		for _, id := range []node.ID{1, 2} {
			if got := e.configFiles(id); got != "zoo.cfg zoo.cfg.dynamic.100000000" {
				t.Errorf("server %d has the files %s", id, got)
			}
		}
		e.now()
		e.start(3)
		e.until("follower leader follower")
		e.told("3 fle.newerConfig 2 1:0 0:0", "3 config.installed 1:0 1,2,3",
			"3 fle.elected 2 0:0 1 1 JOIN", "2 leader.learnerRegistered 3")
		e.untold("3 fle.restarted")
		e.configs("1:0 voters 1,2,3", 1, 2, 3)
	})
}

// A server that is in nobody's configuration but its own follows without a vote. Then it joins: the
// reconfig needs a majority of three and of four, and from then on it takes three of four.
func TestServerJoins(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := bootedFor(t, opt, server(4, zk.Participant))
		e.start(4)
		e.until("follower leader follower follower")
		e.told("4 config.installed 0:0 1,2,3,4", "4 fle.newerConfig 3 1:0 0:0",
			"4 config.installed 1:0 1,2,3", "4 reconfig.processed 1:0 - false", "4 fle.restarted 1:0",
			"4 fle.lookForLeader 1 none", "4 fle.elected 2", "2 leader.learnerRegistered 4 0 FOLLOWERINFO")
		s := e.connect(2)
		e.must(e.Hold(1, 2))
		e.must(e.Hold(3, 2))
		s.asks(create("/a"))
		e.untilSaid("2 leader.ackIgnored 1:2 4 notAVoter")
		e.must(e.Release(1, 2))
		e.must(e.Release(3, 2))
		s.answer()
		data := s.reconfigured(line(server(4, zk.Participant)), "")
		if want := e.peer(1).Verifier().Membership().Text(); data != want {
			t.Errorf("the client is told\n%s\nwant\n%s", data, want)
		}
		e.run(100 * node.Millisecond)
		e.told("2 reconfig.judged server.4=10.77.0.5:2888:3888:participant;10.77.0.5:2181",
			"2 config.seen 1:3 1,2,3,4", "2 config.written zoo.cfg.dynamic.next",
			"2 leader.proposed 1:3 reconfig /zookeeper/config", "2 leader.committed 1:3",
			"2 leader.designated 2", "2 config.installed 1:3 1,2,3,4", "2 fle.restarted 1:3",
			"2 zab.packet COMMITANDACTIVATE 1:3 designated leader 2", "4 config.installed 1:3 1,2,3,4",
			"4 reconfig.processed 1:3 2 false")
		e.configs("1:3 voters 1,2,3,4", 1, 2, 3, 4)
		e.must(e.Kill(1))
		e.connect(4).creates("/b")
		e.must(e.Kill(3))
		e.until("down not-serving down not-serving")
		e.start(1)
		e.wait("a leader", func() bool { return strings.Contains(e.modes(), "leader") })
		e.run(node.Second)
		e.trees("a b")
	})
}

// A follower is removed. It stays and is told everything, but its acknowledgements count for
// nothing; once it has ended it cannot start any more.
func TestFollowerIsRemoved(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := bootedFor(t, opt)
		s := e.connect(2)
		s.reconfigured("", "1")
		e.untilSaid("1 config.installed 1:2 2,3")
		e.untilSaid("1 reconfig.processed 1:2 2 false")
		e.must(e.Hold(3, 2))
		s.asks(create("/a"))
		e.untilSaid("2 leader.ackIgnored 1:3 1 notAVoter")
		e.must(e.Release(3, 2))
		e.untilSaid("1 tree.delivered 1:3")
		s.answer()
		e.untold("1 learner.left")
		e.configs("1:2 voters 2,3", 1, 2, 3)
		e.must(e.Kill(1))
		e.now()
		e.start(1)
		e.run(node.Second)
		e.told("1 peer.startRefused my id 1 is not in the peer list", "1 world.exited")
		s.creates("/b")
	})
}

// The leader is removed: the most up to date of the others is designated and leads at once, without
// an election; the others follow it at once; the old leader proposes on and commits nothing, until
// it notices that it is alone, and then follows without a vote. (as recorded from 3.8.0)
func TestLeaderIsRemoved(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := bootedFor(t, opt)
		atLeader := e.connect(2)
		atLeader.reconfigured("", "2")
		e.told("2 leader.designated 1 1,3 1:2", "2 config.installed 1:2 1,3",
			"2 reconfig.processed 1:2 1 true", "2 zab.packet COMMITANDACTIVATE 1:2 designated leader 1")
		atLeader.asks(create("/lost"))
		e.until("leader follower follower")
		e.told("1 config.installed 1:2 1,3", "1 reconfig.processed 1:2 1 true",
			"1 tree.delivered 1:2", "1 learner.left 2 changes proposed in reconfig",
			"1 fle.elected 1 1:2 -1 -1 DESIGNATED", "1 peer.stateChanged FOLLOWING LEADING",
			"2 leader.steppedDown", "2 fle.elected 1 1:2 -1 -1 DESIGNATED",
			"2 peer.stateChanged LEADING FOLLOWING", "2 learner.ready 1 2")
		e.mark = 0
		e.told("2 leader.ackIgnored 1:3 2 designated")
		if op := atLeader.answer(); op.Result.Err != zk.ErrConnectionLoss {
			t.Errorf("what the removed leader proposed ended with %v", op.Result.Err)
		}
		e.run(node.Second)
		e.configs("1:2 voters 1,3", 1, 2, 3)
		e.connect(3).creates("/a")
		e.run(node.Second)
		e.trees("a")
	})
}

// An observer becomes a participant, and back: each time it leaves its leader, as its role changes,
// and comes back in the other role without looking for a leader. Removed, it follows without a
// vote.
func TestObserverBecomesParticipantAndObserverAgain(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := reconfigurable(t, membership(4, []zk.SID{4}), opt, nil)
		e.start(1, 2)
		e.until("follower leader down down")
		e.start(3, 4)
		e.until("follower leader follower observer")
		e.now()
		s := e.connect(1)
		s.reconfigured(line(server(4, zk.Participant)), "")
		e.until("follower leader follower follower")
		e.sent(2, 4, "INFORM 1:1, INFORMANDACTIVATE 1:2, LEADERINFO 1:0, DIFF 1:2, "+
			"NEWLEADER 1:0, UPTODATE")
		e.told("4 reconfig.processed 1:2 2 true", "4 peer.learnerTypeChanged observer participant",
			"4 learner.left 2 changes proposed in reconfig", "4 fle.elected 2",
			"4 peer.stateChanged OBSERVING FOLLOWING", "2 leader.learnerRegistered 4 1 FOLLOWERINFO")
		e.configs("1:2 voters 1,2,3,4", 1, 2, 3, 4)
		e.now()
		s.reconfigured(line(server(4, zk.Observer)), "")
		e.until("follower leader follower observer")
		e.told("4 peer.learnerTypeChanged participant observer",
			"4 peer.stateChanged FOLLOWING OBSERVING", "2 leader.learnerRegistered 4 1 OBSERVERINFO")
		e.configs("1:3 voters 1,2,3 observers 4", 1, 2, 3, 4)
		s.creates("/a")
		e.run(100 * node.Millisecond)
		e.trees("a")
		e.now()
		s.reconfigured("", "4")
		e.until("follower leader follower follower")
		e.told("4 config.installed 1:5 1,2,3", "4 peer.learnerTypeChanged observer participant",
			"4 peer.stateChanged OBSERVING FOLLOWING", "2 leader.learnerRegistered 4 1 FOLLOWERINFO")
	})
}

// A server that was away while the members changed hears of it in the election, from votes alone,
// and begins its election anew with the members that there are now.
func TestServerThatWasAwayHearsOfTheChange(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := bootedFor(t, opt, server(4, zk.Participant))
		e.start(4)
		e.until("follower leader follower follower")
		e.must(e.Kill(1))
		s := e.connect(3)
		s.reconfigured(line(server(4, zk.Participant)), "")
		e.now()
		e.start(1)
		e.until("follower leader follower follower")
		e.told("1 config.installed 1:0 1,2,3", "1 fle.newerConfig", "1 config.installed 1:2 1,2,3,4",
			"1 config.written zoo.cfg.dynamic.100000002", "1 fle.restarted 1:2", "1 fle.elected 2",
			"2 leader.learnerRegistered 1 1 FOLLOWERINFO", "1 learner.ready 2 1")
		e.configs("1:2 voters 1,2,3,4", 1, 2, 3, 4)
	})
}

// While a reconfig waits for its quorums another one is refused. (sections 20.2 and 20.3: ZooKeeper
// allows one at a time)
func TestSecondReconfigMeanwhileIsRefused(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := bootedFor(t, opt, server(4, zk.Participant))
		e.start(4)
		e.until("follower leader follower follower")
		first, second := e.connect(2), e.connect(2)
		for _, id := range []node.ID{1, 3, 4} {
			e.must(e.Hold(id, 2))
		}
		first.reconfig(line(server(4, zk.Participant)), "")
		e.untilSaid("2 leader.proposed 1:3 reconfig")
		second.reconfig("", "1")
		e.untilSaid("2 reconfig.judged  1  ReconfigInProgress")
		for _, id := range []node.ID{1, 3, 4} {
			e.must(e.Release(id, 2))
		}
		if op := second.answer(); op.Result.Err != zk.ErrReconfigInProgress {
			t.Errorf("the second one ends with %v", op.Result.Err)
		}
		if op := first.answer(); op.Result.Err != zk.ErrOK {
			t.Errorf("the first one ends with %v", op.Result.Err)
		}
		e.run(100 * node.Millisecond)
		e.configs("1:3 voters 1,2,3,4", 1, 2, 3, 4)
	})
}

// What is proposed behind a reconfig that is not committed yet needs a majority of both
// configurations, too: with 4 and 5 as voters to come and away, nothing goes on.
func TestBothMajoritiesAreNeededUntilTheReconfigIsCommitted(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		joiners := []zk.Member{server(4, zk.Participant), server(5, zk.Participant)}
		e := bootedFor(t, opt, joiners...)
		e.start(4, 5)
		e.until("follower leader follower follower follower")
		s := e.connect(2)
		for _, id := range []node.ID{1, 4, 5} {
			e.must(e.Hold(id, 2))
		}
		s.reconfig(line(joiners[0])+","+line(joiners[1]), "")
		s.asks(create("/a"))
		e.run(500 * node.Millisecond)
		e.told("2 leader.ackCounted 1:2 3 2,3 false", "2 leader.ackCounted 1:3 3 2,3 false")
		e.untold("2 leader.committed 1:2")
		e.must(e.Release(4, 2))
		e.untilSaid("2 leader.committed 1:2 2,3,4")
		e.untilSaid("2 leader.committed 1:3")
		if op := s.answer(); op.Result.Err != zk.ErrOK {
			t.Error(op.Result.Err)
		}
	})
}

// A client that watches /zookeeper/config hears of the change once, at every server.
func TestWatchOfTheConfiguration(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := bootedFor(t, opt)
		watchers := []*session{e.connect(1), e.connect(2), e.connect(3)}
		for _, w := range watchers {
			w.asks(&zk.Request{Type: zk.OpGetData, Path: datatree.ConfigPath, Watch: true}).answer()
		}
		e.connect(2).reconfigured("", "1")
		e.run(100 * node.Millisecond)
		for _, w := range watchers {
			events := 0
			e.rec.Iterate(1, e.rec.Len(), func(ev *trace.Event) bool {
				if ev.Kind == event.WatchFired && ev.Peer == w.id {
					events++
				}
				return true
			})
			if events != 1 {
				t.Errorf("%d events for the watch of client %d", events, w.id)
			}
		}
	})
}

// Three servers become one, which goes on alone: standaloneEnabled is off.
func TestLastVoterGoesOnAlone(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := bootedFor(t, opt)
		s := e.connect(2)
		s.reconfigured("", "1,3")
		e.configs("1:2 voters 2", 2)
		e.must(e.Kill(1))
		e.must(e.Kill(3))
		s.creates("/a")
		e.must(e.Kill(2))
		e.start(2)
		e.until("down leader down")
		e.trees("a")
	})
}

// All members at once, in groups: nothing can be added to those one by one any more.
func TestMajorityBecomesHierarchy(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := bootedFor(t, opt)
		s := e.connect(1)
		all := line(server(1, zk.Participant)) + "," + line(server(2, zk.Participant)) + "," +
			line(server(3, zk.Participant)) + ",group.1=1:2:3,weight.1=1,weight.2=3"
		op := s.asks(&zk.Request{Type: zk.OpReconfig, NewMembers: all, CurConfigID: 1 << 32}).answer()
		if op.Result.Err != zk.ErrOK {
			t.Fatal(op.Result.Err)
		}
		e.run(100 * node.Millisecond)
		e.configs("1:2 voters 1,2,3", 1, 2, 3)
		if got := e.peer(3).Verifier().Weight(2); got != 3 {
			t.Errorf("2 has weight %d", got)
		}
		e.must(e.Kill(1))
		e.must(e.Kill(3))
		e.run(5 * node.Second)
		if got := e.modes(); got != "down leader down" {
			t.Errorf("2 has three of five votes; roles are %s", got)
		}
		op = e.connect(2).reconfig("", "1").answer()
		if op.Result.Err != zk.ErrBadArguments {
			t.Errorf("one by one: %v", op.Result.Err)
		}
	})
}

// configSafety is S20: what is proposed while a configuration waits to be committed is committed by
// a quorum of both, and so is a leader activated.
func configSafety(t testing.TB, rec *trace.Recorder) {
	type config struct{ version, voters string }
	installed, seen := map[node.ID]config{}, map[node.ID]config{}
	needs := map[node.ID]map[string][]config{}
	both := func(id node.ID) []config {
		if installed[id].version == "" {
			return nil // it cannot change
		}
		if seen[id].version == installed[id].version {
			return []config{installed[id]}
		}
		return []config{installed[id], seen[id]}
	}
	hold := func(ev *trace.Event, cs []config, ackers string) {
		for _, c := range cs {
			voters, n := strings.Split(c.voters, ","), 0
			for _, s := range strings.Split(ackers, ",") {
				if slices.Contains(voters, s) {
					n++
				}
			}
			if 2*n <= len(voters) {
				t.Errorf("S20: %s (event %d) has %s, no quorum of configuration %s: %s", text(ev),
					ev.Seq, ackers, c.version, c.voters)
			}
		}
	}
	rec.Iterate(1, rec.Len(), func(ev *trace.Event) bool {
		switch ev.Kind {
		case event.ConfigInstalled:
			installed[ev.Node] = config{ev.Args[0].String(), ev.Args[1].S}
			fallthrough
		case event.ConfigSeen:
			seen[ev.Node] = config{ev.Args[0].String(), ev.Args[1].S}
			for i := range ev.Ops { // a start finds the last seen one on its disk
				if o := &ev.Ops[i]; o.Field == event.LastSeenConfig {
					seen[ev.Node] = config{o.Values[0].String(), o.Values[1].S}
				}
			}
		case event.Activated:
			needs[ev.Node] = map[string][]config{}
			hold(ev, both(ev.Node), ev.Args[1].S)
		case event.Proposed:
			needs[ev.Node][ev.Args[0].String()] = both(ev.Node)
		case event.Committed:
			if cs := needs[ev.Node][ev.Args[0].String()]; !hierarchical(rec) {
				hold(ev, cs, ev.Args[1].S)
			}
		}
		return true
	})
}

// hierarchical reports whether a run has groups; then majorities of servers say nothing.
func hierarchical(rec *trace.Recorder) bool {
	found := false
	rec.Iterate(1, rec.Len(), func(ev *trace.Event) bool {
		found = ev.Kind == event.ReconfigJudged && strings.Contains(ev.Args[2].S, "group.")
		return !found
	})
	return found
}

// eachEvent hands out the questions of every event of a kind.
func (e *ensemble) eachEvent(k node.Kind, f func([]node.Check)) {
	e.rec.Iterate(1, e.rec.Len(), func(ev *trace.Event) bool {
		if ev.Kind == k {
			f(ev.Checks)
		}
		return true
	})
}
