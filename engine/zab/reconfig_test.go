package zab

import (
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// changeable switches reconfig on and access control off; the configuration has a version.
func changeable(r *rig) *rig {
	r.cfg.ReconfigEnabled, r.cfg.SkipACL = true, true
	r.verifier = quorum.New(r.verifier.Membership().WithVersion(1))
	r.lastSeen = r.verifier
	return r
}

// activeFor is the leader of three whose members may be changed, in broadcast with 2 and, to follow
// without a vote, 4.
func activeFor(t *testing.T) (r *rig, f, g *far) {
	t.Helper()
	r = changeable(newRig(t, voters(3)))
	r.vote = zk.Vote{Leader: 1}
	r.lead()
	f, g = r.joins(2), r.registers(4)
	r.fsyncAll()
	f.gets("DIFF 0:0, NEWLEADER 1:0, UPTODATE")
	g.says("ACK 1:0").gets("SNAP 1:0, stream, NEWLEADER 1:0, UPTODATE")
	r.journal = nil
	return r, f, g
}

// opens lets a client of the learner have a session, 1:1.
func (f *far) opens(others ...*far) {
	f.asks(7)
	f.says("ACK 1:1")
	f.r.fsyncAll()
	for _, x := range append(others, f) {
		x.gets("PROPOSAL 1:1, COMMIT 1:1")
	}
}

// changes forwards a reconfig of that session.
func (f *far) changes(joining, leaving string) {
	f.sends(&jute.QuorumPacket{Type: zk.REQUEST, Zxid: zk.NoZxid, Session: 7,
		Request: &zk.Request{Type: zk.OpReconfig, Joining: joining, Leaving: leaving,
			CurConfigID: -1}})
}

// spec is the line by which a server joins.
func spec(sid string) string {
	return "server." + sid + "=10.77.0.1" + sid + ":2888:3888;10.77.0.1" + sid + ":2181"
}

// A configuration without a version gets NEWLEADER's zxid, durably, before the epoch can be
// established; learners get LEADERINFO meanwhile. (Leader.lead)
func TestConfigurationIsNamedBeforeTheEpochIsEstablished(t *testing.T) {
	r := newRig(t, voters(3))
	r.cfg.ReconfigEnabled = true
	r.vote = zk.Vote{Leader: 1}
	r.lead()
	f := r.dialIn(2).says("FOLLOWERINFO 0:0")
	r.fsync()
	f.gets("LEADERINFO 1:0").says("ACKEPOCH 0:0 epoch 0").gets("")
	if r.count(event.EpochEstablished) != 0 {
		t.Error("the epoch is established before the configuration is on disk")
	}
	r.fsync()
	r.told(event.EpochEstablished, "1, 1,2")
	msgs := r.sent[f.conn]
	p := msgs[len(msgs)-1].(*jute.QuorumPacket)
	if !strings.HasSuffix(p.Config, "\nversion=100000000") {
		t.Errorf("NEWLEADER carries\n%s", p.Config)
	}
	r.fsync()
	f.says("ACK 1:0")
	r.told(event.LeaderDesignated, "1, 2, 1:0")
	if r.zks().Running() {
		t.Error("clients are served before the configuration is written")
	}
	f.gets("DIFF 0:0, NEWLEADER 1:0")
	r.fsyncAll()
	f.gets("UPTODATE")
	if v := r.verifier.Membership().Version; v != 1<<32 || !r.zks().Running() {
		t.Errorf("version %x, running %t", v, r.zks().Running())
	}
}

// An epoch needs a quorum of the committed configuration alone; NEWLEADER needs one of that which
// an older leader left behind as well. (Leader.getEpochToPropose, waitForEpochAck,
// waitForNewLeaderAck)
func TestNewLeaderNeedsBothConfigurations(t *testing.T) {
	r := changeable(newRig(t, voters(3)))
	r.lastSeen = quorum.New(voters(5).WithVersion(2))
	r.vote = zk.Vote{Leader: 1}
	r.lead()
	f := r.joins(2)
	r.told(event.EpochEstablished, "1, 1,2")
	f.gets("DIFF 0:0, NEWLEADER 1:0")
	r.asked(event.NewLeaderAcked, "leader.zxidIsNewLeader true 1:0 1:0; "+
		"leader.ackersQuorum true 1,2 2 3; config.newQuorum false 1,2 2 5 *")
	r.joins(4)
	r.asked(event.NewLeaderAcked, "leader.zxidIsNewLeader true 1:0 1:0; "+
		"leader.ackersQuorum true 1,2,4 3 3; config.newQuorum true 1,2,4 3 5 *")
	r.told(event.Activated, "1, 1,2,4, 0:0")
	r.fsyncAll()
	if v := r.verifier.Membership(); v.Version != 2 || r.leader.mayNotCommit {
		t.Errorf("version %d, may not commit: %t", v.Version, r.leader.mayNotCommit)
	}
	f.gets("UPTODATE")
}

// The whole way of a reconfig at the leader: seen on disk, proposed, acknowledged in both
// configurations, committed, on disk, told.
func TestReconfigAtTheLeader(t *testing.T) {
	r, f, g := activeFor(t)
	f.opens(g)
	r.journal = nil
	f.changes(spec("4"), "")
	r.did("sync zoo.cfg.dynamic.next.tmp")
	f.gets("")
	r.fsync()
	f.gets("PROPOSAL 1:2")
	g.gets("PROPOSAL 1:2")
	r.did("send PROPOSAL 1:2, send PROPOSAL 1:2, append 1:2, sync log.100000001")
	r.fsync()
	f.says("ACK 1:2")
	r.asked(event.AckCounted, "leader.previousOutstanding false 1:1; "+
		"leader.ackersQuorum true 1,2 2 3; config.newQuorum false 1,2 2 4 *")
	g.says("ACK 1:2")
	r.asked(event.AckCounted, "leader.previousOutstanding false 1:1; "+
		"leader.ackersQuorum true 1,2,4 3 3; config.newQuorum true 1,2,4 3 4 *")
	r.told(event.Committed, "1:2, 1,2,4")
	r.told(event.LeaderDesignated, "1, 2,4, 1:2")
	r.did("sync zoo.cfg.dynamic.100000002.tmp")
	f.gets("")
	r.fsync()
	f.gets("COMMITANDACTIVATE 1:2")
	g.gets("COMMITANDACTIVATE 1:2")
	r.did("send COMMITANDACTIVATE 1:2, send COMMITANDACTIVATE 1:2, apply 1:2")
}

// While a configuration is activated the leader's lock is held: acknowledgements, ticks and syncs
// wait; a learner that comes level meanwhile is told of the reconfig and of its activation, once.
func TestNothingIsCommittedDuringAnActivation(t *testing.T) {
	r, f, g := activeFor(t)
	f.opens(g)
	late := r.dialIn(3).says("FOLLOWERINFO 0:0").gets("LEADERINFO 1:0")
	f.changes(spec("4"), "")
	r.fsync()
	f.asks(8)
	r.fsync()
	f.says("ACK 1:2, ACK 1:3")
	g.says("ACK 1:2, ACK 1:3").gets("PROPOSAL 1:2, PROPOSAL 1:3")
	f.gets("PROPOSAL 1:2, PROPOSAL 1:3")
	f.sends(&jute.QuorumPacket{Type: zk.REQUEST, Zxid: zk.NoZxid, Session: 7,
		Request: &zk.Request{Type: zk.OpSync, Path: "/"}})
	late.says("ACKEPOCH 0:0 epoch 0")
	late.gets("SNAP 1:1, stream, PROPOSAL 1:2, PROPOSAL 1:3, NEWLEADER 1:0")
	pings := r.leader.tick
	r.step(func(o *node.Out) { r.leader.Fired(o, node.Timer{Kind: event.TimerTick}) })
	r.told(event.Committed, "1:2, 1,2,4")
	if r.leader.tick != pings || !r.leader.tickDue {
		t.Error("the leader ticks under its own lock")
	}
	f.gets("")
	r.fsyncAll()
	f.gets("COMMITANDACTIVATE 1:2, COMMIT 1:3, SYNC 0:0, PING 1:3")
	late.gets("COMMITANDACTIVATE 1:2, COMMIT 1:3, PING 1:3")
	r.told(event.Committed, "1:3, 1,2,4")
}

// A leader that is not in the new configuration names another one, proposes on, and commits nothing
// any more.
func TestRemovedLeaderCommitsNoMore(t *testing.T) {
	r, f, g := activeFor(t)
	h := r.joins(3).gets("SNAP 1:0, stream, NEWLEADER 1:0, UPTODATE")
	f.opens(g, h)
	f.changes("", "1")
	r.fsyncAll()
	h.says("ACK 1:2")
	f.says("ACK 1:2")
	r.told(event.LeaderDesignated, "2, 2,3, 1:2")
	r.decided(event.LeaderDesignated, event.LeaderKeepsVote, false)
	r.fsyncAll()
	p := r.sent[f.conn][1].(*jute.QuorumPacket)
	if p.Type != zk.COMMITANDACTIVATE || p.Leader != 2 {
		t.Errorf("%v names %d", p.Type, p.Leader)
	}
	f.gets("PROPOSAL 1:2, COMMITANDACTIVATE 1:2").asks(8)
	f.gets("PROPOSAL 1:3").says("ACK 1:3")
	h.says("ACK 1:3")
	r.fsyncAll()
	f.gets("")
	r.told(event.AckIgnored, "1:3, 1, designated")
	r.decided(event.AckIgnored, event.MayCommit, false)
	r.goesOn()
}

// Leader.getDesignatedLeader: this leader if it votes at its old address, else who has acknowledged
// most of what came behind, by sid.
func TestDesignatedLeader(t *testing.T) {
	moved := voters(3)
	moved.Members[0].Host = "10.77.9.9"
	type acks map[zk.Zxid][]zk.SID
	for name, x := range map[string]struct {
		next   *zk.Membership
		ackers []zk.SID
		behind acks
		want   zk.SID
	}{
		"it stays":              {voters(4), []zk.SID{1, 2, 4}, nil, 1},
		"it moves":              {moved, []zk.SID{1, 2, 3}, nil, 2},
		"it moves and is alone": {moved, []zk.SID{1}, nil, 1},
		"it observes":           {voters(3, 1), []zk.SID{1, 2, 3}, nil, 2},
		"somebody has more":     {voters(3, 1), []zk.SID{2, 3}, acks{3: {1, 3}}, 3},
		"nobody has more":       {voters(3, 1), []zk.SID{2, 3}, acks{3: {1}, 4: {3}}, 2},
		"more of the first, then the next": {voters(5, 1), []zk.SID{2, 3, 4, 5},
			acks{3: {3, 4, 5}, 4: {4, 5}}, 4},
		"a gap ends it": {voters(3, 1), []zk.SID{2, 3}, acks{4: {3}}, 2},
	} {
		r := newRig(t, voters(5))
		r.mustLoad()
		l := NewLeader(r)
		for z, ackers := range x.behind {
			p := &proposal{packet: &jute.QuorumPacket{Zxid: z}}
			p.acks.Add(quorum.New(x.next))
			for _, s := range ackers {
				p.acks.Ack(s)
			}
			l.outstanding.push(p)
		}
		sortProposals(&l.outstanding)
		var t0 quorum.Tracker
		t0.Add(r.verifier)
		t0.Add(quorum.New(x.next))
		for _, s := range x.ackers {
			t0.Ack(s)
		}
		r.step(func(o *node.Out) {
			if got := l.designatedLeader(o, &t0, 2); got != x.want {
				t.Errorf("%s: %d, want %d", name, got, x.want)
			}
		})
	}
}

// sortProposals puts what a map gave in any order into the order of zxids.
func sortProposals(q *proposals) {
	for i := range q.list {
		for j := i; j > 0 && q.list[j-1].zxid() > q.list[j].zxid(); j-- {
			q.list[j-1], q.list[j] = q.list[j], q.list[j-1]
		}
	}
}

// A learner whose configuration is newer than the leader's is sent away. (LearnerHandler.run)
func TestLearnerWithANewerConfiguration(t *testing.T) {
	r, _, _ := activeFor(t)
	f := r.dialIn(3)
	f.sends(&jute.QuorumPacket{Type: zk.FOLLOWERINFO, SID: 3, Protocol: protocolVersion,
		ConfigVersion: 2})
	f.cutOff()
	r.told(event.HandlerClosed, "0, the learner's configuration is newer than the leader's")
}
