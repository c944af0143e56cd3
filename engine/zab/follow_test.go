package zab

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/server"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Follower.processPacket: a proposal is logged, acknowledged when it is durable, and applied when
// it is committed; the two do not wait for each other.
func TestFollowerInBroadcast(t *testing.T) {
	r := ready(t).hears("PROPOSAL 2:1")
	r.did("append 2:1, sync log.200000001")
	r.fsync()
	r.did("send ACK 2:1")
	r.hears("COMMIT 2:1")
	r.did("apply 2:1")
	r.hears("PROPOSAL 2:2, COMMIT 2:2") // a quorum without this server
	r.did("append 2:2, sync log.200000001, apply 2:2")
	r.fsync()
	r.did("send ACK 2:2")
}

// Several ACKs leave together behind one fsync, in order.
func TestFollowerGroupCommit(t *testing.T) {
	r := ready(t).hears("PROPOSAL 2:1, PROPOSAL 2:2, PROPOSAL 2:3, PROPOSAL 2:4")
	r.did("append 2:1, sync log.200000001")
	r.fsync()
	r.did("send ACK 2:1, append 2:2, append 2:3, append 2:4, sync log.200000001")
	r.fsync()
	r.did("send ACK 2:2, send ACK 2:3, send ACK 2:4")
}

// COMMIT must name the oldest pending transaction, else the process exits
// (UNMATCHED_TXN_COMMIT); without any it is ignored. (FollowerZooKeeperServer.commit)
func TestCommitsThatDoNotMatch(t *testing.T) {
	for _, c := range []struct{ hears, told, exit string }{
		{"COMMIT 2:1", "2:1, none", ""},
		{"PROPOSAL 2:1, COMMIT 2:1, COMMIT 2:1", "2:1, none", ""},
		{"PROPOSAL 2:1, COMMIT 2:2", "2:2, 2:1",
			"committing zxid 2:2 but next pending txn 2:1"},
		{"PROPOSAL 2:1, PROPOSAL 2:2, COMMIT 2:2", "2:2, 2:1",
			"committing zxid 2:2 but next pending txn 2:1"},
	} {
		r := ready(t).hears(c.hears)
		r.told(event.CommitUnmatched, c.told)
		if r.exit != c.exit {
			t.Errorf("%s: exit %q, want %q", c.hears, r.exit, c.exit)
		}
	}
}

// The same behind UPTODATE, with what was committed during the sync.
func TestCommitThatDoesNotMatchBehindUptodate(t *testing.T) {
	r := registered(t, "1:1..1:3", variant(zk.SyncFixed)).hears("DIFF 1:3, NEWLEADER 2:0")
	r.fsyncAll()
	r.hears("PROPOSAL 2:1, PROPOSAL 2:2, COMMIT 2:2, UPTODATE")
	if r.exit != "committing zxid 2:2 but next pending txn 2:1" {
		t.Errorf("exit %q", r.exit)
	}
}

// A proposal that leaves a gap is only remarked in broadcast; the COMMIT order finds it out.
func TestGapInBroadcast(t *testing.T) {
	ready(t).hears("PROPOSAL 2:1, PROPOSAL 2:3, COMMIT 2:1").goesOn()
}

// The start of an epoch is logged by nobody's wish and never waits for a commit.
func TestProposalWithCounterZero(t *testing.T) {
	r := ready(t).hears("PROPOSAL 3:0, PROPOSAL 3:1, COMMIT 3:1")
	r.goesOn()
	if r.db.LastProcessed() != zxid(t, "3:1") {
		t.Errorf("applied up to %s", r.db.LastProcessed())
	}
}

// PING is answered with the same zxid and the sessions heard of since the last one, then none.
func TestPingAnswersWithTouches(t *testing.T) {
	r := ready(t)
	create := &zk.Txn{Zxid: zxid(t, "2:1"), Type: zk.OpCreateSession, Session: 7, Timeout: 4000}
	jute.EncodeTxn(create)
	r.hearsMessage(&jute.QuorumPacket{Type: zk.PROPOSAL, Zxid: create.Zxid, Txn: create})
	r.hears("COMMIT 2:1")
	r.hears("PING 2:1").answers("PING 2:1 [{7 4000}]")
	r.hears("PING 2:1").answers("PING 2:1")
	if p := r.learner; p.phase != following {
		t.Error("the follower left")
	}
}

// A PING's answer has an empty list, not none: its data part is there on the wire.
func TestPingAnswerHasAList(t *testing.T) {
	r := ready(t).hears("PING 2:0")
	if p := r.sent[r.conn()][0].(*jute.QuorumPacket); p.Touches == nil {
		t.Error("no list of touches")
	}
}

// Observers apply what they are informed of, log it, and acknowledge nothing; PROPOSAL and COMMIT
// are not for them.
func TestObserverInBroadcast(t *testing.T) {
	r := ready(t, observing).hears("INFORM 2:1")
	r.did("append 2:1, sync log.200000001, apply 2:1")
	r.fsync()
	r.did("")
	r.hears("PROPOSAL 2:2, COMMIT 2:2")
	r.did("")
	r.hears("PING 2:1").answers("PING 2:1")
	r.goesOn()
}

// A follower ignores INFORM, and everybody a second UPTODATE.
func TestPacketsThatAreIgnored(t *testing.T) {
	r := ready(t).hears("INFORM 2:1, UPTODATE, NEWLEADER 2:0, DIFF 2:0, ACK 2:0")
	r.did("")
	r.goesOn()
}

// sync: the request goes to the leader, its SYNC lets the oldest one go on.
func TestFollowerSync(t *testing.T) {
	r := ready(t).hears("SYNC 0:0") // nobody asked
	r.goesOn()
	req := &server.Request{Session: 7, Cxid: 3, Op: &zk.Request{Type: zk.OpSync, Path: "/"}}
	r.step(func(o *node.Out) { r.learner.Forward(o, req) })
	p := r.sent[r.conn()][0].(*jute.QuorumPacket)
	if p.Session != 7 || p.Cxid != 3 || p.Request != req.Op {
		t.Errorf("forwarded %+v", p)
	}
	r.answers("REQUEST sync")
}

// A write is forwarded with who asks.
func TestForwardCarriesTheClient(t *testing.T) {
	r := ready(t)
	req := &server.Request{Session: 9, Cxid: 1, Auth: []zk.ID{{Scheme: "digest", ID: "a:b"}},
		Op: &zk.Request{Type: zk.OpSetData, Path: "/a"}}
	r.step(func(o *node.Out) { r.learner.Forward(o, req) })
	p := r.sent[r.conn()][0].(*jute.QuorumPacket)
	if len(p.Auth) != 1 || p.Auth[0].ID != "a:b" || p.Zxid != zk.NoZxid {
		t.Errorf("forwarded %+v", p)
	}
}

// REVALIDATE goes up with the timeout asked for; an answer for nobody is ignored.
func TestFollowerRevalidates(t *testing.T) {
	r := ready(t)
	r.step(func(o *node.Out) { r.learner.Revalidate(o, 7, 4000) })
	if p := r.sent[r.conn()][0].(*jute.QuorumPacket); p.Timeout != 4000 || p.Reply {
		t.Errorf("asked %+v", p)
	}
	r.answers("REVALIDATE 7")
	r.hearsMessage(&jute.QuorumPacket{Type: zk.REVALIDATE, Session: 7, Valid: true, Reply: true})
	r.goesOn()
}

// The leader's half of the interface is none of the learner's business.
func TestLearnerIgnoresTheLeadersCalls(t *testing.T) {
	r := ready(t)
	r.step(func(o *node.Out) {
		r.learner.Propose(o, &server.Request{})
		r.learner.Applied(o, zxid(t, "2:1"))
		r.learner.SyncRequested(o, &server.Request{})
	})
	r.did("")
}

// A durable proposal of a role that has ended is not acknowledged any more.
func TestNoAckBehindTheEnd(t *testing.T) {
	r := ready(t).hears("PROPOSAL 2:1")
	r.leaderGone()
	r.fsync()
	r.answers("")
	r.shutdown()
}

// The log cannot be written: the log thread ends, nothing is acknowledged, and the follower leaves
// behind the packet that it deals with. (Follower.followLeader: while isRunning)
func TestFullDiskInBroadcast(t *testing.T) {
	r := ready(t)
	r.disk.SetRoom(0)
	r.hears("PROPOSAL 2:1")
	r.gaveUp("its server no longer runs")
	r.answers("")
}

// The same with an fsync, whose failure comes between two packets: a PING is answered before the
// follower leaves.
func TestFailedFsyncInBroadcast(t *testing.T) {
	r := ready(t).hears("PROPOSAL 2:1")
	r.step(func(o *node.Out) {
		r.learner.zks.SyncFailed(o, r.syncs[0].token, "input/output error")
	})
	if r.ended {
		t.Error("it left before the next packet")
	}
	r.hears("PING 2:1").answers("PING 2:1")
	r.gaveUp("its server no longer runs")
}

// A follower that was active restarts with the whole log, committed or not, and votes with it.
func TestRestartCountsWhatIsLogged(t *testing.T) {
	r := ready(t).hears("PROPOSAL 2:1, PROPOSAL 2:2, COMMIT 2:1")
	r.fsync()
	if err := r.powerLoss(); err != nil {
		t.Fatal(err)
	}
	if got := r.db.LastProcessed(); got != zxid(t, "2:1") {
		t.Errorf("2:2 was not synced, the vote says %s", got)
	}
	r.asFollower().follow().connected().answers("FOLLOWERINFO 2:0")
}
