package zab

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Leader.getEpochToPropose: one more than the largest acceptedEpoch of a quorum with the leader in
// it, whoever comes first.
func TestEpochIsOneMoreThanTheLargestAccepted(t *testing.T) {
	for _, c := range []struct {
		name     string
		accepted map[zk.SID]zk.Epoch
		order    []zk.SID
		want     zk.Epoch
	}{
		{"all are fresh", map[zk.SID]zk.Epoch{1: 0, 2: 0}, []zk.SID{1, 2}, 1},
		{"the leader has accepted most", map[zk.SID]zk.Epoch{1: 7, 2: 3}, []zk.SID{1, 2}, 8},
		{"the follower has accepted most", map[zk.SID]zk.Epoch{1: 3, 2: 7}, []zk.SID{1, 2}, 8},
		{"the same, the follower came first", map[zk.SID]zk.Epoch{1: 3, 2: 7}, []zk.SID{2, 1}, 8},
		{"two followers, the second completes nothing more", map[zk.SID]zk.Epoch{1: 2, 2: 2, 3: 9},
			[]zk.SID{1, 2}, 3},
		{"two followers wait for the leader", map[zk.SID]zk.Epoch{1: 2, 2: 4, 3: 3},
			[]zk.SID{3, 2, 1}, 5},
	} {
		r := newRig(t, voters(3))
		r.writeEpochs(c.accepted[1], 0)
		r.mustLoad()
		r.leader = NewLeader(r)
		for _, sid := range c.order {
			if sid == 1 {
				r.lead()
				continue
			}
			f := r.dialIn(sid)
			f.sends(&jute.QuorumPacket{Type: zk.FOLLOWERINFO, SID: sid,
				Zxid: zk.MakeZxid(c.accepted[sid], 0), Protocol: protocolVersion})
		}
		r.fsyncAll()
		if got := r.leader.Epoch(); got != c.want || r.db.AcceptedEpoch() != c.want {
			t.Errorf("%s: epoch %d, file %d, want %d", c.name, got, r.db.AcceptedEpoch(), c.want)
		}
	}
}

// "...contains the leader itself": two of three followers are a quorum of three and decide nothing.
func TestNoEpochWithoutTheLeaderItself(t *testing.T) {
	r := newLeader(t, voters(3))
	a := r.dialIn(2).says("FOLLOWERINFO 4:0")
	b := r.dialIn(3).says("FOLLOWERINFO 4:0")
	r.told(event.EpochProposed, "3, 4, 5, 2,3, false")
	a.gets("")
	r.lead()
	r.fsyncAll()
	a.gets("LEADERINFO 5:0")
	b.gets("LEADERINFO 5:0")
}

// The checks of the decision stand in the trace, with who was counted.
func TestEpochDecisionExplainsItself(t *testing.T) {
	r := newLeader(t, voters(3)).lead()
	r.told(event.EpochProposed, "1, 0, 1, 1, false")
	r.asked(event.EpochProposed, `leader.waitingForEpoch true; leader.acceptedNotSmaller true 0 -1;
		leader.leaderConnected true 1; leader.connectedQuorum false 1 1 3 *`)
	r.dialIn(2).says("FOLLOWERINFO 0:0")
	r.told(event.EpochProposed, "2, 0, 1, 1,2, true")
	r.asked(event.EpochProposed, `leader.waitingForEpoch true; leader.acceptedNotSmaller false 0 1;
		leader.leaderConnected true 1; leader.connectedQuorum true 1,2 2 3 *`)
	r.told(event.LearnerRegistered, "2, 0, FOLLOWERINFO")
}

// An observer raises the epoch with what it has accepted, but is no part of the quorum.
func TestObserversRaiseTheEpochAndDoNotCount(t *testing.T) {
	r := newLeader(t, voters(4, 4)).lead()
	o := r.dialIn(4).says("OBSERVERINFO 6:0")
	o.gets("")
	r.told(event.EpochProposed, "4, 6, 7, 1, false")
	r.dialIn(2).says("FOLLOWERINFO 1:0")
	r.fsyncAll()
	o.gets("LEADERINFO 7:0")
}

// LEADERINFO leaves only when the leader's own acceptedEpoch is on disk: it has promised too.
func TestLeaderPromisesBeforeItAsksForPromises(t *testing.T) {
	r := newLeader(t, voters(3)).lead()
	r.journal = nil
	f := r.dialIn(2).says("FOLLOWERINFO 0:0")
	late := r.dialIn(3).says("FOLLOWERINFO 0:0")
	r.did("sync acceptedEpoch.tmp")
	r.fsync()
	r.did("acceptedEpoch 1, send LEADERINFO 1:0, send LEADERINFO 1:0")
	f.gets("LEADERINFO 1:0")
	late.gets("LEADERINFO 1:0")
}

// After the decision late learners simply get the epoch, whatever they have accepted: it is theirs
// to refuse.
func TestLateJoinersAreToldTheEpoch(t *testing.T) {
	r, _ := newActive(t)
	before := r.count(event.EpochProposed)
	r.dialIn(3).says("FOLLOWERINFO 9:0").gets("LEADERINFO 1:0")
	if r.count(event.EpochProposed) != before {
		t.Error("the epoch was proposed anew")
	}
}

// What may be the first packet, and whose configuration may be how new. (LearnerHandler.run)
func TestFirstPacket(t *testing.T) {
	for _, c := range []struct {
		name   string
		p      jute.QuorumPacket
		refuse string
	}{
		{"a follower", jute.QuorumPacket{Type: zk.FOLLOWERINFO}, ""},
		{"an observer", jute.QuorumPacket{Type: zk.OBSERVERINFO}, ""},
		{"an ACK", jute.QuorumPacket{Type: zk.ACK}, "first packet is ACK"},
		{"an ACKEPOCH", jute.QuorumPacket{Type: zk.ACKEPOCH}, "first packet is ACKEPOCH"},
		{"an older configuration", jute.QuorumPacket{Type: zk.FOLLOWERINFO, ConfigVersion: 4}, ""},
		{"the same configuration", jute.QuorumPacket{Type: zk.FOLLOWERINFO, ConfigVersion: 5}, ""},
		{"a newer configuration", jute.QuorumPacket{Type: zk.FOLLOWERINFO, ConfigVersion: 6},
			"the learner's configuration is newer than the leader's"},
	} {
		m := voters(3)
		m.Version = 5
		r := newLeader(t, m).lead()
		f := r.dialIn(2)
		c.p.SID = 2
		f.sends(&c.p)
		if c.refuse == "" {
			f.kept()
			continue
		}
		f.cutOff()
		if got := r.last(event.HandlerClosed).Args[1].S; len(got) < len(c.refuse) ||
			got[:len(c.refuse)] != c.refuse {
			t.Errorf("%s: closed because %q, want %q", c.name, got, c.refuse)
		}
		r.goesOn()
	}
}

// Leader.waitForEpochAck, row by row; the leader's own state is (2, 2:5).
func TestAckEpochVerdicts(t *testing.T) {
	for _, c := range []struct {
		says    string
		verdict ackVerdict
		decided node.CheckCode
		answer  bool
	}{
		{"ACKEPOCH 2:5 epoch 2", ackCounted, event.PeerIsMoreRecent, false},
		{"ACKEPOCH 2:4 epoch 2", ackCounted, event.PeerIsMoreRecent, false},
		{"ACKEPOCH 1:9 epoch 1", ackCounted, event.PeerIsMoreRecent, false},
		{"ACKEPOCH 2:9 epoch 1", ackCounted, event.PeerIsMoreRecent, false},
		{"ACKEPOCH 2:6 epoch 2", ackRefused, event.PeerIsMoreRecent, true},
		{"ACKEPOCH 0:0 epoch 3", ackRefused, event.PeerIsMoreRecent, true},
		{"ACKEPOCH 2:5 epoch -1", ackSilent, event.AckIsSilent, true},
		{"ACKEPOCH 9:9 epoch -1", ackSilent, event.AckIsSilent, true},
		{"ACKEPOCH -1:4294967295 epoch 1", ackZxidUnknown, event.ZxidIsKnown, false},
	} {
		r := newRig(t, voters(3)).logged("1:1..1:3 2:1..2:5")
		r.writeEpochs(2, 2)
		r.lead()
		f := r.dialIn(2).says("FOLLOWERINFO 2:0")
		r.fsync()
		f.gets("LEADERINFO 3:0").says(c.says)
		if got := r.last(event.AckEpochJudged).Args[5].S; got != string(c.verdict) {
			t.Errorf("%s is %s, want %s", c.says, got, c.verdict)
		}
		r.decided(event.AckEpochJudged, c.decided, c.answer)
		if r.leader.electionFinished != (c.verdict == ackCounted) {
			t.Errorf("%s: quorum %t", c.says, r.leader.electionFinished)
		}
		if c.verdict == ackRefused {
			f.cutOff()
		} else {
			f.kept()
		}
		r.goesOn()
	}
}

// An observer that is no more recent goes on and is not counted. (Leader.isParticipant)
func TestAckEpochOfAnObserver(t *testing.T) {
	r := newLeader(t, voters(4, 4)).lead()
	f := r.dialIn(2).says("FOLLOWERINFO 0:0")
	r.fsync()
	r.dialIn(4).says("OBSERVERINFO 0:0, ACKEPOCH 0:0 epoch 0").kept()
	r.told(event.AckEpochJudged, "4, 0, 0:0, 0, 0:0, notAVoter")
	r.decided(event.AckEpochJudged, event.SenderIsVoter, false)
	if r.leader.electionFinished {
		t.Error("an observer made the quorum")
	}
	f.says("ACKEPOCH 0:0 epoch 0")
	r.told(event.AckEpochJudged, "2, 0, 0:0, 0, 0:0, counted")
}

// A server that is ahead is sent away and the leader waits for another one.
func TestLeaderGoesOnWithoutTheServerAhead(t *testing.T) {
	r := newLeader(t, voters(3)).lead()
	ahead := r.registers(3)
	ahead.r.told(event.AckEpochJudged, "3, 0, 0:0, 0, 0:0, counted")
	r = newLeader(t, voters(3)).lead()
	ahead = r.dialIn(3).says("FOLLOWERINFO 0:0")
	r.fsync()
	ahead.gets("LEADERINFO 1:0").says("ACKEPOCH 0:1 epoch 0").gets("").cutOff()
	r.told(event.HandlerClosed, "3, the follower is ahead of the leader")
	r.joins(2).gets("DIFF 0:0, NEWLEADER 1:0, UPTODATE").kept()
}

// -1 says "I have promised this epoch before, do not count my state again": it is synchronized, but
// only once others are a quorum.
func TestSilentAckIsSynchronizedNotCounted(t *testing.T) {
	r := newLeader(t, voters(3)).lead()
	silent := r.dialIn(2).says("FOLLOWERINFO 1:0")
	r.fsync()
	silent.gets("LEADERINFO 2:0").says("ACKEPOCH 0:0 epoch -1").gets("")
	other := r.dialIn(3).says("FOLLOWERINFO 1:0").gets("LEADERINFO 2:0")
	other.says("ACKEPOCH 0:0 epoch 1").cutOff() // ahead: it has followed a leader of epoch 1
	silent.gets("")
	r.dialIn(3).says("FOLLOWERINFO 1:0").gets("LEADERINFO 2:0").says("ACKEPOCH 0:0 epoch 0").
		gets("DIFF 0:0, NEWLEADER 2:0")
	silent.gets("DIFF 0:0, NEWLEADER 2:0")
	r.told(event.EpochEstablished, "2, 1,3")
	r.asked(event.EpochEstablished, "leader.ackersQuorum true 1,3 2 3 *")
}

// Behind the quorum nothing is compared any more: a server that is ahead is truncated, not refused.
func TestLateAckEpochIsNotCompared(t *testing.T) {
	r, _ := newActive(t)
	f := r.dialIn(3).says("FOLLOWERINFO 0:0").gets("LEADERINFO 1:0")
	f.says("ACKEPOCH 0:9 epoch 7")
	r.told(event.AckEpochJudged, "3, 7, 0:9, 0, 0:0, late")
	r.decided(event.AckEpochJudged, event.EpochAlreadyDecided, true)
	f.kept()
}

// An observer's ACKEPOCH is compared, for it may be ahead too, but it is not counted.
func TestObserversAckEpoch(t *testing.T) {
	r := newLeader(t, voters(4, 3, 4)).lead()
	f := r.dialIn(2).says("FOLLOWERINFO 0:0")
	r.fsync()
	f.gets("LEADERINFO 1:0")
	ahead := r.dialIn(3).says("OBSERVERINFO 0:0, ACKEPOCH 0:1 epoch 0")
	ahead.cutOff()
	level := r.dialIn(4).says("OBSERVERINFO 0:0, ACKEPOCH 0:0 epoch 0")
	level.gets("LEADERINFO 1:0")
	if r.leader.electionFinished {
		t.Error("an observer completed the quorum")
	}
	f.says("ACKEPOCH 0:0 epoch 0")
	level.gets("DIFF 0:0, NEWLEADER 1:0")
}

// The quorum of ACKEPOCH needs the leader too, which counts itself at once.
func TestLeaderIsTheFirstToAckItsEpoch(t *testing.T) {
	r := newLeader(t, voters(3)).lead()
	r.dialIn(2).says("FOLLOWERINFO 0:0")
	r.fsync()
	r.told(event.AckEpochJudged, "1, 0, 0:0, 0, 0:0, counted")
	if r.leader.electionFinished {
		t.Error("one of three is no quorum")
	}
}

// In place of ACKEPOCH nothing else is taken.
func TestOtherPacketForAckEpoch(t *testing.T) {
	r := newLeader(t, voters(3)).lead()
	f := r.dialIn(2).says("FOLLOWERINFO 0:0")
	r.fsync()
	f.says("ACK 1:0").cutOff()
	r.told(event.HandlerClosed, "2, ACK is not ACKEPOCH")
	r.goesOn()
}

// What a learner sends while its handler's thread waits is read afterwards, as from a socket.
func TestPacketsWaitWhileTheHandlerWaits(t *testing.T) {
	r := newLeader(t, voters(3)).lead()
	f := r.dialIn(2).says("FOLLOWERINFO 0:0, ACKEPOCH 0:0 epoch 0, ACK 1:0")
	f.gets("")
	r.fsync() // acceptedEpoch
	f.gets("LEADERINFO 1:0, DIFF 0:0, NEWLEADER 1:0")
	r.fsync() // currentEpoch
	f.gets("UPTODATE")
}

// A learner that talks out of turn while it waits is sent away when its handler reads on; those
// that wait behind it are served.
func TestNonsenseInTheInboxHurtsNobodyElse(t *testing.T) {
	r := newLeader(t, voters(5)).lead()
	mad := r.dialIn(2).says("FOLLOWERINFO 0:0, FOLLOWERINFO 0:0")
	a := r.dialIn(3).says("FOLLOWERINFO 0:0")
	b := r.dialIn(4).says("FOLLOWERINFO 0:0")
	r.fsync()
	mad.cutOff()
	a.gets("LEADERINFO 1:0")
	b.gets("LEADERINFO 1:0")
}

// The leader votes with the epoch before the new one: what it compares is its state at election.
func TestLeaderStateIsThatOfTheElection(t *testing.T) {
	r := newRig(t, voters(3)).logged("1:1..1:3")
	r.writeEpochs(4, 1)
	r.lead()
	f := r.dialIn(2).says("FOLLOWERINFO 3:0")
	r.fsync()
	f.gets("LEADERINFO 5:0").says("ACKEPOCH 1:3 epoch 1")
	r.told(event.AckEpochJudged, "2, 1, 1:3, 1, 1:3, counted")
	r.fsync()
	if r.db.CurrentEpoch() != 5 || r.db.AcceptedEpoch() != 5 {
		t.Errorf("epochs %d, %d on disk", r.db.AcceptedEpoch(), r.db.CurrentEpoch())
	}
}

// A leader that starts takes a snapshot, before anybody may connect. (ZooKeeperServer.loadData)
func TestLeaderTakesASnapshotFirst(t *testing.T) {
	r := newRig(t, voters(3)).logged("1:1..1:3")
	r.writeEpochs(1, 1)
	r.lead()
	r.did("phase DISCOVERY, write snapshot.100000003")
	if !r.ports[zk.QuorumPort] {
		t.Error("the quorum port is closed")
	}
}

// A leader without a readable database is no server at all.
func TestLeaderWithoutADatabaseExits(t *testing.T) {
	r := newLeader(t, voters(3))
	r.step(r.db.Clear)
	for _, name := range r.disk.List() {
		if err := r.disk.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	damaged := []byte("ZKSN damaged / \x00\x00\x00\x01/")
	if err := r.disk.Write("version-2/snapshot.0", damaged); err != nil {
		t.Fatal(err)
	}
	r.lead()
	if r.exit == "" {
		t.Error("it leads without a database")
	}
}
