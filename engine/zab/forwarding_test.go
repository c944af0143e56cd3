package zab

import (
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/server"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// A learner that joins under load misses nothing: what is outstanding comes behind the sync, before
// NEWLEADER, and what follows is appended. (Leader.startForwarding, section 8.6)
func TestJoiningUnderLoad(t *testing.T) {
	r, f := newActive(t)
	f.asks(1)
	f.says("ACK 1:1")
	r.fsync()
	f.asks(2)
	f.asks(3)
	late := r.dialIn(3).says("FOLLOWERINFO 0:0, ACKEPOCH 0:0 epoch 0")
	f.asks(4)
	late.gets("LEADERINFO 1:0, SNAP 1:1, stream, PROPOSAL 1:2, PROPOSAL 1:3, NEWLEADER 1:0, " +
		"PROPOSAL 1:4")
	r.told(event.ForwardingStarted, "3, 1:1, 0, 2")
	f.says("ACK 1:2")
	r.fsyncAll()
	late.gets("COMMIT 1:2")
	late.says("ACK 1:0").gets("UPTODATE")
	f.says("ACK 1:3, ACK 1:4")
	late.gets("COMMIT 1:3, COMMIT 1:4")
}

// Its ACKs count from then on, also for what was proposed before it came.
func TestJoinedLearnersAckCounts(t *testing.T) {
	r, f := newActive(t)
	f.asks(1)
	late := r.joins(3)
	late.says("ACK 1:1")
	r.fsyncAll()
	r.told(event.Committed, "1:1, 1,3")
}

// What is committed and not yet in the leader's tree is sent with its COMMIT.
func TestForwardingOfWhatIsToBeApplied(t *testing.T) {
	r, _ := newActive(t)
	l := r.leader
	for _, z := range []string{"1:1", "1:2"} {
		l.toBeApplied.push(l.newProposal(packet(zxid(t, z)), nil))
	}
	for _, z := range []string{"1:3", "1:4"} {
		req := &server.Request{Txn: txn(zxid(t, z))}
		r.step(func(o *node.Out) { l.Propose(o, req) })
	}
	for _, c := range []struct {
		name, after, want, told string
		observer                bool
	}{
		{"a follower at the start", "1:0", "PROPOSAL 1:1, COMMIT 1:1, PROPOSAL 1:2, COMMIT 1:2, " +
			"PROPOSAL 1:3, PROPOSAL 1:4", "5, 1:0, 2, 2", false},
		{"an observer gets no uncommitted ones", "1:0",
			"PROPOSAL 1:1, COMMIT 1:1, PROPOSAL 1:2, COMMIT 1:2", "5, 1:0, 2, 2", true},
		{"a follower that has one", "1:1", "PROPOSAL 1:2, COMMIT 1:2, PROPOSAL 1:3, PROPOSAL 1:4",
			"5, 1:1, 1, 2", false},
		{"a follower that has all that is committed", "1:2", "PROPOSAL 1:3, PROPOSAL 1:4",
			"5, 1:2, 0, 2", false},
		{"a follower that has all", "1:4", "", "5, 1:4, 0, 2", false},
		{"an observer that has all", "1:4", "", "5, 1:4, 0, 2", true},
	} {
		f := r.dialIn(5)
		h := l.handler(f.conn)
		h.sid, h.observer = 5, c.observer
		r.step(func(o *node.Out) { l.startForwarding(o, h, zxid(t, c.after)) })
		f.gets(c.want)
		if r.last(event.ForwardingStarted); t.Failed() {
			t.Error(c.name)
		}
		r.told(event.ForwardingStarted, c.told)
		f.hangsUp()
	}
	if len(l.forwarding) != 1 || len(l.observing) != 0 {
		t.Errorf("%d forwarding, %d observing: those that left are told still", len(l.forwarding),
			len(l.observing))
	}
}

// Nothing is forwarded to a learner before it was brought level. (invariant M3)
func TestNothingBeforeStartForwarding(t *testing.T) {
	r, f := newActive(t)
	late := r.dialIn(3).says("FOLLOWERINFO 0:0")
	f.asks(1)
	f.says("ACK 1:1")
	r.fsync()
	late.gets("LEADERINFO 1:0").says("ACKEPOCH 0:0 epoch 0")
	late.gets("SNAP 1:1, stream, NEWLEADER 1:0")
}

// The packets of each way to bring a learner level; the leader's log is 1:1..1:4 2:1 2:2, it leads
// epoch 3.
func TestSyncOnTheWire(t *testing.T) {
	for _, c := range []struct{ peer, want, told string }{
		{"2:2", "DIFF 2:2", "2, DIFF, 2:2, 2:2, 2:2, 1:1, 2:2, 0"},
		{"1:4", "DIFF 2:2, PROPOSAL 2:1, COMMIT 2:1, PROPOSAL 2:2, COMMIT 2:2",
			"2, DIFF, 2:2, 1:4, 2:2, 1:1, 2:2, 2"},
		{"2:0", "DIFF 2:2, PROPOSAL 2:1, COMMIT 2:1, PROPOSAL 2:2, COMMIT 2:2",
			"2, DIFF, 2:2, 2:0, 2:2, 1:1, 2:2, 2"},
		{"2:9", "TRUNC 2:2", "2, TRUNC, 2:2, 2:9, 2:2, 1:1, 2:2, 0"},
		{"1:5", "SNAP 2:2, stream", "2, SNAP, 0:0, 1:5, 2:2, 1:1, 2:2, 0"},
		{"0:0", "SNAP 2:2, stream", "2, SNAP, 0:0, 0:0, 2:2, 1:1, 2:2, 0"},
	} {
		r := newRig(t, voters(3)).logged("1:1..1:4 2:1 2:2")
		r.writeEpochs(2, 2)
		r.lead()
		f := r.dialIn(2).says("FOLLOWERINFO 2:0")
		r.fsyncAll()
		f.gets("LEADERINFO 3:0").says("ACKEPOCH " + c.peer + " epoch -1")
		r.dialIn(3).says("FOLLOWERINFO 2:0, ACKEPOCH 2:2 epoch 2")
		f.gets(c.want + ", NEWLEADER 3:0")
		for i := range r.events {
			e := &r.events[i]
			if e.Kind == event.SyncChosen && e.Args[0].N == 2 {
				var args []string
				for _, a := range e.Args {
					args = append(args, a.String())
				}
				same(t, c.peer, strings.Join(args, ", "), c.told)
			}
		}
	}
}

// NEWLEADER carries the configuration seen last; a SNAP stream is the tree as it is then.
func TestWhatNewLeaderAndStreamCarry(t *testing.T) {
	r := newRig(t, voters(3)).logged("1:1..1:4")
	r.writeEpochs(1, 1)
	r.lead()
	f := r.dialIn(2).says("FOLLOWERINFO 1:0")
	r.fsyncAll()
	f.says("ACKEPOCH 0:0 epoch 0")
	var stream *jute.SnapshotStream
	var newLeader *jute.QuorumPacket
	for _, m := range r.sent[f.conn] {
		switch m := m.(type) {
		case *jute.SnapshotStream:
			stream = m
		case *jute.QuorumPacket:
			newLeader = m
		}
	}
	if newLeader.Type != zk.NEWLEADER || newLeader.Config != r.verifier.Membership().Text() {
		t.Errorf("%s carries %q", newLeader.Type, newLeader.Config)
	}
	if got := strings.Join(stream.Nodes, " "); !strings.Contains(got, "/1-1 /1-2 /1-3 /1-4") ||
		stream.Zxid != zxid(t, "1:4") {
		t.Errorf("the stream of %s holds %s", stream.Zxid, got)
	}
}

// ZOOKEEPER-3104: NEWLEADER was queued before the snapshot was sent, so that what is proposed and
// committed while it is on its way comes behind NEWLEADER, and the tree that arrives holds more
// than its zxid says. A DIFF is not touched.
func TestNewLeaderBeforeSnap(t *testing.T) {
	r, f := newActive(t)
	r.opt.NewLeaderBeforeSnap = true
	f.asks(1)
	late := r.dialIn(3).says("FOLLOWERINFO 0:0, ACKEPOCH 0:0 epoch 0")
	late.gets("LEADERINFO 1:0, SNAP 1:0")
	f.says("ACK 1:1")
	r.fsync()
	f.asks(2)
	f.beats(oneTick - halfTick)
	late.gets("")
	f.beats(halfTick)
	stream := r.sent[late.conn][0].(*jute.SnapshotStream)
	if stream.Zxid != zxid(t, "1:1") || stream.Sessions != 1 {
		t.Errorf("the stream was read at %s and holds %d sessions", stream.Zxid, stream.Sessions)
	}
	late.gets("stream, PROPOSAL 1:1, NEWLEADER 1:0, COMMIT 1:1, PROPOSAL 1:2")
	f.beats(halfTick)
	late.gets("PING 1:2") // the sender thread runs
	late.says("ACK 1:0").gets("UPTODATE")
	level := r.dialIn(3).says("FOLLOWERINFO 0:0, ACKEPOCH 1:1 epoch 0")
	level.gets("LEADERINFO 1:0, DIFF 1:1, PROPOSAL 1:2, NEWLEADER 1:0")
}
