package zab

import (
	"slices"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/server"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// The way of one transaction: proposed to all, logged by the leader, acknowledged, committed,
// applied.
func TestOneTransaction(t *testing.T) {
	r, f := newActive(t)
	f.asks(7)
	r.did("send PROPOSAL 1:1, append 1:1, sync log.100000001")
	r.told(event.Proposed, "1:1, createSession, , "+r.last(event.Proposed).Args[3].String()+", 1")
	f.says("ACK 1:1")
	r.told(event.AckCounted, "1:1, 2, 2, false")
	r.did("")
	r.fsync()
	r.told(event.AckCounted, "1:1, 1, 1,2, true")
	r.decided(event.AckCounted, event.AckersAreQuorum, true)
	r.told(event.Committed, "1:1, 1,2")
	r.did("send COMMIT 1:1, apply 1:1")
}

// The leader's own log may be slower than two followers, and the transaction is applied before it
// is durable at the leader.
func TestFollowersCommitBeforeTheLeadersDisk(t *testing.T) {
	r, f := newActive(t)
	g := r.joins(3)
	r.journal = nil
	f.asks(7)
	f.says("ACK 1:1")
	g.says("ACK 1:1")
	r.did(`send PROPOSAL 1:1, send PROPOSAL 1:1, append 1:1, sync log.100000001, send COMMIT 1:1,
		send COMMIT 1:1, apply 1:1`)
	r.fsync()
	r.told(event.AckIgnored, "1:1, 1, nothing")
}

// Leader.processAck, the cases that change nothing.
func TestIgnoredAcks(t *testing.T) {
	for _, c := range []struct {
		name, ack string
		before    func(*rig, *far)
		reason    string
		settles   node.CheckCode
		answer    bool
	}{
		{"the second ACK of NEWLEADER", "1:0", nil, ignoredNewLeader, event.ZxidIsNewLeader, true},
		{"nothing was proposed", "1:1", nil, ignoredNothing, event.ZxidIsOutstanding, false},
		{"it is committed and another is not", "1:1", func(r *rig, f *far) {
			f.asks(7)
			f.says("ACK 1:1")
			r.fsyncAll()
			f.asks(8)
		}, ignoredCommitted, event.ZxidIsCommitted, true},
		{"nobody proposed it", "1:9", func(_ *rig, f *far) { f.asks(7) }, ignoredOutstanding,
			event.ZxidIsOutstanding, false},
		{"of another epoch", "7:1", func(_ *rig, f *far) { f.asks(7) }, ignoredOutstanding,
			event.ZxidIsOutstanding, false},
	} {
		r, f := newActive(t)
		if c.before != nil {
			c.before(r, f)
		}
		committed := r.leader.lastCommitted
		f.says("ACK " + c.ack)
		r.told(event.AckIgnored, c.ack+", 2, "+c.reason)
		r.decided(event.AckIgnored, c.settles, c.answer)
		if r.leader.lastCommitted != committed {
			t.Errorf("%s: something was committed", c.name)
		}
		f.kept()
	}
}

// The same server twice is one server; an observer is none.
func TestWhoseAcksCount(t *testing.T) {
	r := newLeader(t, voters(4, 4)).lead()
	f := r.joins(2)
	o := r.dialIn(4).says("OBSERVERINFO 0:0, ACKEPOCH 0:0 epoch 0, ACK 1:0")
	f.asks(7)
	f.says("ACK 1:1, ACK 1:1")
	r.told(event.AckCounted, "1:1, 2, 2, false")
	o.says("ACK 1:1")
	r.told(event.AckIgnored, "1:1, 4, notAVoter")
	r.decided(event.AckIgnored, event.SenderIsVoter, false)
	r.fsync()
	r.told(event.Committed, "1:1, 1,2")
}

// Leader.tryToCommit: commits are in zxid order. What has its quorum early waits, and is not tried
// again when the one before it commits, only with its own next ACK.
func TestCommitOrder(t *testing.T) {
	r, f := newActive(t)
	g := r.joins(3)
	f.asks(7)
	f.asks(8)
	f.says("ACK 1:2")
	g.says("ACK 1:2")
	r.told(event.AckCounted, "1:2, 3, 2,3, true")
	r.decided(event.AckCounted, event.PreviousIsOutstanding, true)
	if r.count(event.Committed) != 0 {
		t.Fatal("1:2 was committed before 1:1")
	}
	f.says("ACK 1:1")
	g.says("ACK 1:1")
	r.told(event.Committed, "1:1, 2,3")
	r.asked(event.Committed, "leader.previousOutstanding false 1:0; leader.ackersQuorum true 2,3 2 3 *")
	r.fsyncAll()
	r.told(event.Committed, "1:2, 1,2,3")
	if got := r.leader.lastCommitted; got != zxid(t, "1:2") || r.leader.outstanding.len() != 0 {
		t.Errorf("committed %s, %d outstanding", got, r.leader.outstanding.len())
	}
}

// Followers are told in the order of the zxids, each COMMIT behind its PROPOSAL.
func TestFollowersHearInOrder(t *testing.T) {
	r, f := newActive(t)
	for s := range int64(3) {
		f.asks(s + 1)
	}
	f.says("ACK 1:1, ACK 1:2, ACK 1:3")
	r.fsyncAll()
	f.gets("PROPOSAL 1:1, PROPOSAL 1:2, PROPOSAL 1:3, COMMIT 1:1, COMMIT 1:2, COMMIT 1:3")
}

// The log thread takes together what waited during its fsync. (SyncRequestProcessor)
func TestGroupCommitAtTheLeader(t *testing.T) {
	r, f := newActive(t)
	for s := range int64(4) {
		f.asks(s + 1)
	}
	r.journal = nil
	r.fsync()
	r.did("append 1:2, append 1:3, append 1:4, sync log.100000001")
	f.says("ACK 1:1, ACK 1:2, ACK 1:3, ACK 1:4")
	r.did("send COMMIT 1:1, apply 1:1")
	r.fsync()
	r.did("send COMMIT 1:2, apply 1:2, send COMMIT 1:3, apply 1:3, send COMMIT 1:4, apply 1:4")
}

// Observers hear nothing of proposals, and INFORM with the whole transaction once it is committed.
func TestObserversAreInformed(t *testing.T) {
	r := newLeader(t, voters(4, 4)).lead()
	f := r.joins(2)
	f.gets("DIFF 0:0, NEWLEADER 1:0, UPTODATE")
	o := r.dialIn(4).says("OBSERVERINFO 0:0, ACKEPOCH 0:0 epoch 0, ACK 1:0")
	o.gets("LEADERINFO 1:0, SNAP 1:0, stream, NEWLEADER 1:0, UPTODATE")
	f.asks(7)
	o.gets("")
	f.says("ACK 1:1")
	r.fsync()
	inform := r.sent[o.conn][0].(*jute.QuorumPacket)
	if inform.Txn == nil || inform.Txn.Zxid != zxid(t, "1:1") {
		t.Error("INFORM carries no transaction")
	}
	o.gets("INFORM 1:1")
	r.pass(halfTick)
	o.gets("PING 1:1")
	f.gets("PROPOSAL 1:1, COMMIT 1:1, PING 1:1")
}

// A learner that leaves is told nothing more; its ACKs of before count.
func TestAckOfALearnerThatLeft(t *testing.T) {
	r, f := newActive(t)
	g := r.joins(3)
	f.asks(7)
	g.says("ACK 1:1")
	g.hangsUp()
	r.fsync()
	r.told(event.Committed, "1:1, 1,3")
	f.gets("PROPOSAL 1:1, COMMIT 1:1")
}

// sync through a learner: answered at once when nothing is outstanding, else behind the commit of
// the last proposal, on the same connection. (Leader.processSync)
func TestSyncAnswers(t *testing.T) {
	r, f := newActive(t)
	g := r.joins(3)
	g.gets("SNAP 1:0, stream, NEWLEADER 1:0, UPTODATE")
	sync := func(x *far, cxid int32) {
		x.sends(&jute.QuorumPacket{Type: zk.REQUEST, Zxid: zk.NoZxid, Session: 7, Cxid: cxid,
			Request: &zk.Request{Type: zk.OpSync, Path: "/"}})
	}
	sync(f, 1)
	f.gets("SYNC 0:0")
	r.told(event.SyncAnswered, "7, 1, 2")
	f.asks(7)
	f.asks(8)
	sync(f, 2)
	sync(g, 3)
	f.asks(9)
	f.gets("PROPOSAL 1:1, PROPOSAL 1:2, PROPOSAL 1:3")
	f.says("ACK 1:1, ACK 1:2, ACK 1:3")
	g.gets("PROPOSAL 1:1, PROPOSAL 1:2, PROPOSAL 1:3")
	r.fsync()
	f.gets("COMMIT 1:1")
	r.fsync()
	f.gets("COMMIT 1:2, SYNC 0:0, COMMIT 1:3")
	g.gets("COMMIT 1:1, COMMIT 1:2, SYNC 0:0, COMMIT 1:3")
}

// A learner that came back before its old connection was noticed to be dead is answered on the new
// one.
func TestSyncIsAnsweredOnTheNewConnection(t *testing.T) {
	r, old := newActive(t)
	f := r.joins(2)
	f.gets("SNAP 1:0, stream, NEWLEADER 1:0, UPTODATE")
	f.sends(&jute.QuorumPacket{Type: zk.REQUEST, Zxid: zk.NoZxid, Session: 7,
		Request: &zk.Request{Type: zk.OpSync, Path: "/"}})
	old.gets("")
	f.gets("SYNC 0:0")
}

// A sync of a learner that left is nobody's.
func TestSyncOfALearnerThatLeft(t *testing.T) {
	r, f := newActive(t)
	g := r.joins(3)
	f.asks(7)
	g.sends(&jute.QuorumPacket{Type: zk.REQUEST, Zxid: zk.NoZxid, Session: 7,
		Request: &zk.Request{Type: zk.OpSync, Path: "/"}})
	g.hangsUp()
	f.says("ACK 1:1")
	r.fsync()
	if r.count(event.SyncAnswered) != 0 {
		t.Error("the answer went to somebody")
	}
	r.goesOn()
}

// Section 2.3: the leader resigns rather than propose the last counter of an epoch. That zxid is
// neither proposed nor logged, and nothing follows it.
func TestRollover(t *testing.T) {
	r := newLeader(t, voters(3))
	r.cfg.InitialCounter = 0xfffffffd
	r.lead()
	f := r.joins(2)
	f.gets("DIFF 0:0, NEWLEADER 1:0, UPTODATE")
	f.asks(7)
	f.gets("PROPOSAL 1:4294967294")
	r.goesOn()
	f.asks(8)
	f.gets("")
	r.gaveUp("the zxid counter of this epoch is used up")
	if got := r.db.LastLogged(); got != zxid(t, "1:4294967294") {
		t.Errorf("logged %s", got)
	}
	f.asks(9)
	f.gets("")
}

// ZOOKEEPER-1277: without the check the counter carries into the epoch, and ACKs with counter 0 are
// taken for those of NEWLEADER: nothing commits any more.
func TestRolloverUnchecked(t *testing.T) {
	r := newLeader(t, voters(3))
	r.cfg.InitialCounter, r.opt.RolloverCheck = 0xfffffffe, false
	r.lead()
	f := r.joins(2)
	f.asks(7)
	f.asks(8)
	f.gets("DIFF 0:0, NEWLEADER 1:0, UPTODATE, PROPOSAL 1:4294967295, PROPOSAL 2:0")
	f.says("ACK 1:4294967295")
	r.fsync()
	f.says("ACK 2:0")
	r.told(event.Committed, "1:4294967295, 1,2")
	r.told(event.AckIgnored, "2:0, 2, newLeader")
	r.fsync()
	r.told(event.AckIgnored, "2:0, 1, newLeader")
	if r.leader.outstanding.len() != 1 {
		t.Error("2:0 does not wait any more")
	}
}

// The learner's half of the interface is none of the leader's business.
func TestLeaderIgnoresTheLearnersCalls(t *testing.T) {
	r, _ := newActive(t)
	r.step(func(o *node.Out) {
		r.leader.Forward(o, &server.Request{})
		r.leader.Revalidate(o, 7, 4000)
		r.leader.Applied(o, zxid(t, "9:9"))
	})
	r.did("")
}

// The proposals of steady state come from a free list; what they say of acknowledgements is new.
func TestProposalsAreUsedAgain(t *testing.T) {
	r, f := newActive(t)
	for s := range zk.Zxid(3) {
		f.asks(int64(s) + 1)
		p := r.leader.outstanding.first()
		if len(p.acks.Acks()) != 0 {
			t.Fatal("a new proposal is acknowledged already")
		}
		z := zk.MakeZxid(1, int64(s)+1)
		f.says("ACK " + z.String())
		r.fsync()
		if r.leader.free != p {
			t.Error("the proposal was not given back")
		}
	}
	r.told(event.Committed, "1:3, 1,2")
}

// The names of the last few sets of servers are kept, in order of use.
func TestAckNames(t *testing.T) {
	var a ackNames
	sets := [][]zk.SID{{1}, {1, 2}, {2, 3}, {1, 2, 3}, {3}, {1, 2}, nil}
	for _, s := range slices.Concat(sets, sets) {
		if got, want := a.of(s), event.SIDs(s); got != want {
			t.Errorf("%v is written %q, want %q", s, got.S, want.S)
		}
	}
}

// Leader.outstandingProposals and toBeApplied keep zxid order and find by zxid.
func TestProposalsInOrder(t *testing.T) {
	var q proposals
	for round := range 3 {
		for i := range zk.Zxid(3000) {
			p := &proposal{}
			p.packet = packet(zk.Zxid(round)<<32 | i + 1)
			q.push(p)
		}
		for i := range zk.Zxid(3000) {
			z := zk.Zxid(round)<<32 | i + 1
			if q.find(z) == nil || q.find(z+5000) != nil || len(q.after(z)) != q.len()-1 {
				t.Fatalf("find or after is wrong at %s", z)
			}
			if q.first().zxid() != z || q.pop().zxid() != z {
				t.Fatalf("out of order at %s", z)
			}
		}
		if q.first() != nil || q.len() != 0 {
			t.Fatal("not empty")
		}
	}
}
