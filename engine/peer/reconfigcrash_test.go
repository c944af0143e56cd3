package peer_test

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim/disk"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// refusals are the errors of section 20.2, each with the check that decided it.
func TestReconfigIsRefused(t *testing.T) {
	four := line(server(4, zk.Participant))
	ask := func(joining, leaving, members string, id int64) *zk.Request {
		return &zk.Request{Type: zk.OpReconfig, Joining: joining, Leaving: leaving,
			NewMembers: members, CurConfigID: id}
	}
	for name, x := range map[string]struct {
		change func(*plan)
		ask    *zk.Request
		want   zk.ErrorCode
		check  node.CheckCode
	}{
		"not enabled": {func(p *plan) { p.zoo.ReconfigEnabled = false }, ask("", "1", "", -1),
			zk.ErrReconfigDisabled, event.ReconfigIsEnabled},
		"another version": {nil, ask("", "1", "", 7), zk.ErrBadVersion, event.ConfigIdMatches},
		"no such spec": {nil, ask("server.4=here", "", "", -1), zk.ErrBadArguments,
			event.MembersMakeSense},
		"no client port": {nil, ask("server.4=10.77.0.5:2888:3888", "", "", -1),
			zk.ErrBadArguments, event.MembersMakeSense},
		"address of another": {nil, ask("server.4=10.77.0.4:2888:3888;2181", "", "", -1),
			zk.ErrBadArguments, event.MembersMakeSense},
		"no number":      {nil, ask("", "one", "", -1), zk.ErrMarshallingError, event.MembersMakeSense},
		"nobody is left": {nil, ask("", "1,2,3", "", -1), zk.ErrBadArguments, event.EnoughVoters},
		"one is left, who would be a standalone server": {
			func(p *plan) { p.zoo.StandaloneEnabled = true }, ask("", "1,3", "", -1),
			zk.ErrBadArguments, event.EnoughVoters},
		"only observers": {nil, ask("", "", line(server(1, zk.Observer)), -1),
			zk.ErrMarshallingError, event.MembersMakeSense},
		"a quorum to come is away": {nil, ask(four+","+line(server(5, zk.Participant))+","+
			line(server(6, zk.Participant)), "", "", -1), zk.ErrNewConfigNoQuorum,
			event.NewConfigIsSynced},
		"no permission": {func(p *plan) { p.zoo.SkipACL = false }, ask("", "1", "", -1),
			zk.ErrNoAuth, event.MayWriteConfig},
	} {
		t.Run(name, func(t *testing.T) {
			change := func(p *plan) {
				if x.change != nil {
					x.change(p)
				}
			}
			e := reconfigurable(t, membership(3, nil), zk.Options3_8_0(), nil, change)
			e.start(1, 2)
			e.until("follower leader down")
			e.start(3)
			e.until("follower leader follower")
			if got := e.connect(1).asks(x.ask).answer().Result.Err; got != x.want {
				t.Errorf("the answer is %v, want %v", got, x.want)
			}
			e.decidedBy(event.ReconfigJudged, x.check, false)
			if v := e.View(2).Scalars[event.LastSeenConfig]; v != nil && v[1].S != "1,2,3" {
				t.Error("a configuration that was refused was seen")
			}
		})
	}
}

// decidedBy wants the last event of a kind to be settled by a question with this answer.
func (e *ensemble) decidedBy(k node.Kind, c node.CheckCode, answer bool) {
	e.t.Helper()
	found := false
	e.eachEvent(k, func(checks []node.Check) {
		found = false
		for _, x := range checks {
			found = found || x.Deciding && x.Code == c && x.Answer == answer
		}
	})
	if !found {
		e.t.Errorf("%s was not settled by %s", event.Vocabulary.Kinds[k].Name,
			event.Vocabulary.Checks[c].Name)
	}
}

// A leader that was cut off cannot shrink the ensemble to itself: the members to come are a quorum,
// but those of now are not. It pays for the attempt: it has seen a configuration in which it alone
// votes, and will follow nobody without a vote of its own for him. Only taking the file away helps.
func TestLeaderInAMinorityCannotShrinkTheEnsemble(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := bootedFor(t, opt)
		s := e.connect(2)
		e.must(e.Partition([]node.ID{2}, []node.ID{1, 3}, false))
		s.reconfig("", "1,3")
		e.until("follower not-serving leader")
		if op := s.answer(); op.Result.Err != zk.ErrConnectionLoss {
			t.Errorf("it ends with %v", op.Result.Err)
		}
		e.told("2 reconfig.judged  1,3  ok", "2 config.seen 1:2 2", "2 leader.ackCounted 1:2 2 2 false",
			"2 leader.steppedDown")
		e.must(e.Heal())
		e.run(20 * node.Second)
		e.untold("2 fle.elected")
		e.decidedBy(event.VotesCounted, event.NewConfigHasQuorum, false)
		e.must(e.Kill(2))
		e.must(e.Disk(2).Remove("zoo.cfg.dynamic.next"))
		e.start(2)
		e.until("follower follower leader")
		e.run(node.Second)
		e.configs("1:0 voters 1,2,3", 1, 2, 3)
	})
}

// steps are the moments of a reconfig at which somebody may lose power: what has just happened.
var joinSteps = []string{
	"2 reconfig.judged", "2 config.seen 1:2", "2 config.written zoo.cfg.dynamic.next",
	"2 leader.proposed 1:2", "2 log.appended 1:2", "2 log.durable 1:2", "1 config.seen 1:2",
	"1 config.written zoo.cfg.dynamic.next", "1 log.durable 1:2", "4 log.durable 1:2",
	"2 leader.committed 1:2", "2 config.installed 1:2",
	"2 config.written zoo.cfg.dynamic.100000002", "2 config.written zoo.cfg",
	"2 reconfig.processed 1:2", "2 zab.packet COMMITANDACTIVATE", "1 config.installed 1:2",
	"1 config.written zoo.cfg.dynamic.100000002", "1 config.written zoo.cfg",
	"1 reconfig.processed 1:2", "1 tree.delivered 1:2", "4 reconfig.processed 1:2",
}

var leaveSteps = append(joinSteps[:len(joinSteps)-2:len(joinSteps)-2], "1 learner.left 2",
	"1 fle.elected 1", "1 storage.snapshotTaken", "1 leader.epochProposed", "3 learner.left 2",
	"2 leader.steppedDown", "1 epoch.accepted 2", "1 leader.activated 2", "3 learner.ready 1")

// Power is lost at each step of a reconfig, at the leader, at a follower, at the server that joins.
// It comes back. Whatever was committed holds, all agree on the members, and the ensemble goes on.
func TestPowerLossAtEachStepOfAReconfig(t *testing.T) {
	for _, x := range []struct {
		name             string
		joining, leaving string
		steps            []string
		victims          []node.ID
	}{
		{"4 joins", line(server(4, zk.Participant)), "", joinSteps, []node.ID{1, 2, 3, 4}},
		{"leader leaves", "", "2", leaveSteps, []node.ID{1, 2, 3}},
	} {
		for _, step := range x.steps {
			for _, victim := range x.victims {
				t.Run(fmt.Sprintf("%s/%s/%d", x.name, step, victim), func(t *testing.T) {
					e := bootedFor(t, zk.OptionsCorrect(), server(4, zk.Participant))
					e.start(4)
					e.until("follower leader follower follower")
					e.now()
					s := e.connect(3)
					s.reconfig(x.joining, x.leaving)
					e.loses(step, victim)
				})
			}
		}
	}
}

// patience is how long an election may take: a server that is out of step sends its vote only when
// it has heard nothing for as long as it waits by then.
const patience = 60 * node.Second

// loses power at a server when something has happened, if it ever does, and wants an ensemble that
// works when it is back.
func (e *ensemble) loses(step string, victim node.ID) {
	e.t.Helper()
	seen := e.mark
	for deadline, met := e.Now()+5*node.Second, false; !met && e.Now() < deadline; {
		e.Step()
		e.rec.Iterate(seen+1, e.rec.Len(), func(ev *trace.Event) bool {
			seen, met = ev.Seq, met || says(ev, step)
			return true
		})
	}
	e.must(e.Crash(victim, disk.Torn(0)))
	committed := e.happened("2 leader.committed 1:2")
	e.run(4 * node.Second)
	e.must(e.Start(victim))
	e.run(patience)
	if n := strings.Count(e.modes(), "leader"); n != 1 {
		e.story(60)
		e.t.Fatalf("%d leaders: %s", n, e.modes())
	}
	var members []string
	for _, id := range []node.ID{1, 2, 3, 4} {
		if !e.Up(id) {
			if !e.happened(fmt.Sprintf("%d peer.startRefused my id %d is not in the peer list", id, id)) {
				e.t.Fatalf("server %d is down", id)
			}
			continue
		}
		v := e.peer(id).Verifier().Membership()
		members = append(members, fmt.Sprint(v.Voters(), zk.Zxid(v.Version)))
		if last := e.peer(id).LastSeenVerifier().Membership(); last.Version != v.Version {
			e.t.Errorf("server %d still waits for configuration %s", id, zk.Zxid(last.Version))
		}
	}
	for _, s := range members[1:] {
		if s != members[0] {
			e.story(60)
			e.t.Fatalf("they disagree on the members: %v", members)
		}
	}
	if committed && strings.Contains(members[0], "1:0") {
		e.t.Errorf("a committed configuration is lost: %s", members[0])
	}
	e.connect(3).creates("/after")
}

// happened reports whether a line was told since the mark.
func (e *ensemble) happened(line string) bool {
	found := false
	e.rec.Iterate(e.mark+1, e.rec.Len(), func(ev *trace.Event) bool {
		found = found || says(ev, line)
		return !found
	})
	return found
}

// The leader had its new configuration on disk, and had told nobody, when it lost its power. The
// others go on with the old one, and take the new one back from the old leader when it returns.
func TestOldConfigurationComesBack(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := bootedFor(t, opt, server(4, zk.Participant))
		e.start(4)
		e.until("follower leader follower follower")
		s := e.connect(2)
		e.run(6 * node.Second) // what nobody synced is on disk by now
		e.must(e.Partition([]node.ID{2}, []node.ID{1, 3, 4}, false))
		s.reconfig(line(server(4, zk.Participant)), "")
		e.untilSaid("2 config.seen 1:2")
		e.untilSaid("2 config.written zoo.cfg.dynamic.next")
		e.must(e.Crash(2, 0))
		e.until("follower down leader follower")
		e.must(e.Heal())
		e.now()
		e.start(2)
		e.until("follower follower leader follower")
		e.told("2 config.installed 1:0 1,2,3", "2 fle.elected 3 1:1", "2 learner.leaderInfo 2",
			"2 config.seen 1:0 1,2,3", "2 config.written zoo.cfg.dynamic.next", "2 learner.ready 3 2")
		e.decidedBy(event.VotesCounted, event.NewConfigHasQuorum, true)
		e.configs("1:0 voters 1,2,3", 1, 2, 3, 4)
		if v := e.View(2).Scalars[event.LastSeenConfig]; v[0].String() != "1:0" {
			t.Errorf("2 has last seen %v", v)
		}
	})
}

// A follower logged the reconfig that its dead leader could not commit. It wins, and its NEWLEADER
// needs the acknowledgement of a quorum of both configurations: the reconfig is committed with the
// new epoch.
func TestReconfigIsFinishedByTheNextLeader(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := bootedFor(t, opt, server(4, zk.Participant))
		e.start(4)
		e.until("follower leader follower follower")
		s := e.connect(2)
		e.must(e.Hold(1, 2))
		e.must(e.Hold(3, 2))
		e.must(e.Hold(4, 2))
		s.reconfig(line(server(4, zk.Participant)), "")
		e.untilSaid("3 log.durable 1:2")
		e.must(e.Kill(2))
		e.ReleaseAll()
		e.wait("a leader", func() bool { return strings.Contains(e.modes(), "leader") })
		e.run(3 * node.Second)
		e.start(2)
		e.run(3 * node.Second)
		e.told("3 leader.activated 2", "3 leader.designated 3", "3 config.installed 1:2 1,2,3,4")
		e.configs("1:2 voters 1,2,3,4", 1, 2, 3, 4)
	})
}

// The server that is designated to lead dies before it does: the others look for a leader, among
// the members that there are now.
func TestDesignatedLeaderDies(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := bootedFor(t, opt, server(4, zk.Participant))
		e.start(4)
		e.until("follower leader follower follower")
		e.connect(3).reconfigured(line(server(4, zk.Participant)), "")
		e.run(100 * node.Millisecond)
		e.now()
		s := e.connect(4)
		e.must(e.Hold(3, 2))
		s.reconfig("", "2")
		e.untilSaid("2 zab.packet COMMITANDACTIVATE 1:4 designated leader 1")
		e.must(e.Kill(1))
		e.ReleaseAll()
		e.until("down follower follower leader")
		e.told("3 fle.elected 1 1:4 -1 -1 DESIGNATED", "3 learner.left 1", "3 fle.lookForLeader")
		e.run(2 * node.Second)
		e.configs("1:4 voters 1,3,4", 2, 3, 4)
		e.start(1)
		e.run(2 * node.Second)
		e.configs("1:4 voters 1,3,4", 1, 2, 3, 4)
	})
}
