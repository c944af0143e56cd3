package zab

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

const (
	halfTick  = 125 * node.Millisecond
	oneTick   = 2 * halfTick
	syncLimit = 8 * oneTick
)

// patient keeps a learner's socket from timing out, so that the other limits can be seen.
func (f *far) patient() *far {
	f.r.leader.handler(f.conn).readLimit = 1000 * node.Second
	delete(f.r.timers, f.r.leader.handler(f.conn).timer(event.TimerReadTimeout))
	return f
}

// beats answers pings for some time, every half tick.
func (f *far) beats(d node.Time) {
	f.r.t.Helper()
	for ; d > 0; d -= halfTick {
		f.r.pass(min(d, halfTick))
		f.says("PING 1:0")
	}
}

// Everybody is pinged twice a tick, with the zxid proposed last.
func TestPings(t *testing.T) {
	r, f := newActive(t)
	r.pass(halfTick - 1)
	f.gets("")
	r.pass(1)
	f.gets("PING 1:0")
	f.asks(7)
	f.gets("PROPOSAL 1:1")
	r.pass(halfTick)
	f.gets("PING 1:1")
	r.pass(2 * halfTick)
	f.gets("PING 1:1, PING 1:1")
}

// A learner that NEWLEADER was not sent to yet is not pinged: it would not know what to do with it.
func TestNoPingBeforeNewLeader(t *testing.T) {
	r, f := newActive(t)
	late := r.dialIn(3)
	f.beats(oneTick)
	late.gets("")
	late.says("FOLLOWERINFO 0:0")
	f.beats(oneTick)
	late.gets("LEADERINFO 1:0").says("ACKEPOCH 0:0 epoch 0")
	late.gets("SNAP 1:0, stream, NEWLEADER 1:0")
	f.beats(halfTick)
	late.gets("PING 1:0")
}

// Passes with and without the count take turns: the tick grows with every second one.
func TestTickLoop(t *testing.T) {
	r, f := newActive(t)
	var seen []string
	for range 6 {
		f.beats(halfTick)
		seen = append(seen, fmt.Sprintf("%d/%d", r.leader.tick, r.count(event.QuorumChecked)))
	}
	if got := strings.Join(seen, " "); got != "0/0 1/1 1/1 2/2 2/2 3/3" {
		t.Errorf("tick/checks %s", got)
	}
	r.told(event.QuorumChecked, "1,2, true")
	r.decided(event.QuorumChecked, event.SyncedAreQuorum, true)
}

// A learner counts until syncLimit ticks have passed since its last packet; then the leader is
// alone and gives up. (LearnerHandler.synced)
func TestSilentLearnerDropsOutOfTheQuorum(t *testing.T) {
	r, f := newActive(t)
	f.beats(oneTick)
	f.patient()
	last := r.leader.tick
	for r.leader.tick < last+8 {
		r.pass(halfTick)
		r.goesOn()
	}
	r.pass(halfTick)
	delete(r.sent, f.conn) // the pings so far
	r.pass(halfTick)
	if r.leader.tick != last+9 {
		t.Errorf("tick %d, last packet at %d", r.leader.tick, last)
	}
	f.gets("") // who gives up pings nobody
	if r.armed(event.TimerTick) {
		t.Error("the tick loop goes on")
	}
	r.gaveUp("not enough followers are synced, only 1")
	r.told(event.QuorumChecked, "1, false")
}

// One of two silent learners of three servers changes nothing; neither do two of four of five.
func TestQuorumOfLearnersIsEnough(t *testing.T) {
	r := newLeader(t, voters(5)).lead()
	var fs []*far
	for sid := zk.SID(2); sid <= 5; sid++ {
		fs = append(fs, r.dialIn(sid).says("FOLLOWERINFO 0:0"))
	}
	r.fsyncAll()
	for _, f := range fs {
		f.says("ACKEPOCH 0:0 epoch 0")
	}
	r.fsyncAll()
	for _, f := range fs {
		f.says("ACK 1:0")
	}
	for range 200 {
		r.pass(halfTick)
		fs[0].says("PING 1:0")
		fs[3].says("PING 1:0")
	}
	r.goesOn()
	r.told(event.QuorumChecked, "1,2,5, true")
	fs[1].cutOff()
	fs[2].cutOff()
	fs[0].kept()
}

// Before its first packet in broadcast a learner has initLimit and syncLimit together.
func TestFirstDeadlineIsLong(t *testing.T) {
	r, f := newActive(t)
	f.patient()
	if d := r.leader.handler(f.conn).deadline; d != 48 {
		t.Errorf("the first deadline is tick %d, want initLimit + syncLimit", d)
	}
	f.says("PING 1:0")
	if d := r.leader.handler(f.conn).deadline; d != 8 {
		t.Errorf("then it is tick %d, want syncLimit", d)
	}
}

// Any packet of the loop pushes the deadline, even one that is ignored.
func TestAnyPacketIsASignOfLife(t *testing.T) {
	for _, p := range []string{"PING 1:0", "ACK 1:0", "ACK 9:9", "UPTODATE", "COMMIT 1:1"} {
		r, f := newActive(t)
		r.leader.tick = 100
		f.says(p).kept()
		if d := r.leader.handler(f.conn).deadline; d != 108 {
			t.Errorf("%s: deadline %d", p, d)
		}
		r.goesOn()
	}
}

// Broadcast: the handler's socket times out after syncLimit without a packet.
func TestReadTimeoutInBroadcast(t *testing.T) {
	r, f := newActive(t)
	f.beats(oneTick)
	r.pass(syncLimit - 1)
	f.kept()
	r.pass(1)
	f.cutOff()
	r.told(event.HandlerClosed, "2, read timed out")
}

// LearnerHandler.SyncLimitCheck: a learner that pings and does not acknowledge is sent away at the
// next ping.
func TestUnacknowledgedProposalClosesTheHandler(t *testing.T) {
	r, f := newActive(t)
	f.beats(oneTick)
	f.asks(7)
	f.beats(syncLimit - halfTick)
	f.kept()
	f.beats(halfTick)
	f.cutOff()
	r.told(event.HandlerClosed, "2, a proposal was not acknowledged within syncLimit")
}

// An ACK in time keeps it, proposal by proposal.
func TestAcknowledgedProposalsKeepTheHandler(t *testing.T) {
	r, f := newActive(t)
	for i := range int64(6) {
		f.asks(i + 1)
		f.beats(syncLimit - oneTick)
		f.says(fmt.Sprintf("ACK 1:%d", i+1))
	}
	f.kept()
	r.goesOn()
	f.beats(3 * syncLimit)
	f.kept()
}

// What was proposed before the learner acknowledged NEWLEADER is not watched: the check starts
// then.
func TestSyncLimitCheckStartsWithTheAckOfNewLeader(t *testing.T) {
	r, f := newActive(t)
	late := r.dialIn(3).says("FOLLOWERINFO 0:0, ACKEPOCH 0:0 epoch 0")
	f.asks(7)
	f.says("ACK 1:1")
	r.fsyncAll()
	f.beats(syncLimit + oneTick)
	late.kept()
	late.says("ACK 1:0").gets("LEADERINFO 1:0, SNAP 1:0, stream, NEWLEADER 1:0, PROPOSAL 1:1, " +
		"COMMIT 1:1, " + strings.Repeat("PING 1:1, ", 18) + "UPTODATE")
	f.beats(syncLimit - oneTick)
	late.kept()
}

// LearnerHandler.SyncLimitCheck follows two proposals, the oldest and the newest.
func TestSyncLimitCheckFollowsTwoProposals(t *testing.T) {
	c := syncLimitCheck{}
	c.proposed(1, 5)
	if c.expired(1000, 10) {
		t.Error("it must not count before NEWLEADER is acknowledged")
	}
	c.started = true
	c.proposed(1, 10)
	c.proposed(2, 20)
	c.proposed(3, 30)
	if c.expired(19, 10) || !c.expired(20, 10) {
		t.Error("the age is that of the oldest")
	}
	c.acked(2)
	if !c.expired(20, 10) {
		t.Error("2 is not followed, so its ACK changes nothing")
	}
	c.acked(1)
	if c.expired(39, 10) || !c.expired(40, 10) {
		t.Error("then the newest is followed")
	}
	c.acked(3)
	if c.expired(1000, 10) {
		t.Error("all are acknowledged")
	}
}

// The newest may be acknowledged first; the oldest is followed still. (updateAck, second case)
func TestSyncLimitCheckNewestFirst(t *testing.T) {
	c := syncLimitCheck{started: true}
	c.proposed(1, 10)
	c.proposed(2, 20)
	c.acked(2)
	if !c.expired(20, 10) {
		t.Error("1 is not acknowledged")
	}
	c.acked(1)
	if c.expired(1000, 10) {
		t.Error("nothing is left")
	}
}

// A learner's PING carries the sessions that it has heard of; they live on at the leader.
func TestPingTouchesSessions(t *testing.T) {
	r, f := newActive(t)
	f.asks(7)
	f.says("ACK 1:1")
	r.fsyncAll()
	touch := func(d node.Time, touches ...jute.Touch) {
		for ; d > 0; d -= oneTick {
			r.pass(oneTick)
			f.sends(&jute.QuorumPacket{Type: zk.PING, Zxid: 1 << 32, Touches: touches})
		}
	}
	touch(80*node.Second, jute.Touch{Session: 7, Timeout: sessionTimeout})
	if r.count(event.SessionExpiring) != 0 {
		t.Fatal("the session was touched every tick and expired")
	}
	touch(59 * node.Second)
	if r.count(event.SessionExpiring) != 0 {
		t.Fatal("the session expired before its timeout of a minute")
	}
	touch(2*node.Second, jute.Touch{Session: 8, Timeout: sessionTimeout})
	if r.count(event.SessionExpiring) != 1 {
		t.Error("the session was not touched any more and lives")
	}
}

// REVALIDATE: a session that moved to another server is known or not.
func TestRevalidate(t *testing.T) {
	r, f := newActive(t)
	f.asks(7)
	f.says("ACK 1:1").gets("PROPOSAL 1:1")
	r.fsyncAll()
	f.gets("COMMIT 1:1")
	for _, c := range []struct {
		session int64
		want    string
	}{{7, "REVALIDATE 7 true"}, {8, "REVALIDATE 8 false"}} {
		f.sends(&jute.QuorumPacket{Type: zk.REVALIDATE, Zxid: zk.NoZxid, Session: c.session,
			Timeout: 4000})
		f.gets(c.want)
	}
}
