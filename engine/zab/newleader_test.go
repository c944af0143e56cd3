package zab

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// The orders of Learner.syncWithLeader at NEWLEADER, release by release.
func TestNewLeaderOrders(t *testing.T) {
	for _, c := range []struct {
		variant zk.SyncVariant
		epoch   bool // learner.epochBeforeLog
		want    []newLeaderStep
	}{
		{zk.SyncV34Snap, false, []newLeaderStep{stepSnapshotAlways, stepEpoch, stepACK}},
		{zk.SyncV2678, false, []newLeaderStep{stepSnapshot, stepEpoch, stepACK}},
		{zk.SyncV3911, true, []newLeaderStep{stepSnapshot, stepEpoch, stepHandToLog, stepACK}},
		{zk.SyncV3911, false, []newLeaderStep{stepSnapshot, stepHandToLog, stepEpoch, stepACK}},
		{zk.SyncV4785, false, []newLeaderStep{stepSnapshot, stepLogAll, stepEpoch, stepACK}},
		{zk.SyncV4394, false, []newLeaderStep{stepSnapshot, stepLogCommitted, stepEpoch, stepACK}},
		{zk.SyncFixed, false, []newLeaderStep{stepSnapshot, stepLogCommitted, stepEpoch, stepACK}},
		{zk.SyncFixed, true, []newLeaderStep{stepSnapshot, stepEpoch, stepLogCommitted, stepACK}},
	} {
		opt := zk.Options3_8_0()
		opt.SyncVariant, opt.EpochBeforeLog = c.variant, c.epoch
		if got := newLeaderSteps(&opt); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: steps %v, want %v", c.variant, got, c.want)
		}
	}
	opt := zk.OptionsCorrect()
	if got := newLeaderSteps(&opt); got[0] != stepPrepareEpoch {
		t.Errorf("the repaired order begins with %v", got[0])
	}
}

// What each release does between NEWLEADER and its ACK, and then behind UPTODATE, after a DIFF with
// one committed proposal (1:4) and one outstanding (2:1). The fsyncs finish in order.
func TestNewLeaderStepByStep(t *testing.T) {
	for _, c := range []struct {
		variant   zk.SyncVariant
		newLeader string
		uptodate  string
	}{
		{zk.SyncV34Snap, `apply 1:4, write snapshot.100000004, sync currentEpoch.tmp,
			currentEpoch 2, send ACK 2:0`,
			`send ACK 2:0, phase BROADCAST, ready, leader 2, append 2:1,
			sync log.200000001, send ACK 2:1`},
		{zk.SyncV2678, "sync currentEpoch.tmp, currentEpoch 2, send ACK 2:0",
			`send ACK 2:0, phase BROADCAST, ready, leader 2, append 1:4, sync log.100000004,
			apply 1:4, send ACK 1:4, append 2:1, sync log.100000004, send ACK 2:1`},
		{zk.SyncV3911, `sync currentEpoch.tmp, currentEpoch 2, append 1:4, sync log.100000004,
			send ACK 2:0, send ACK 1:4, append 2:1, sync log.100000004, send ACK 2:1`,
			"send ACK 2:0, phase BROADCAST, ready, leader 2, apply 1:4"},
		{zk.SyncV4785, `append 1:4, append 2:1, sync log.100000004, sync currentEpoch.tmp,
			currentEpoch 2, send ACK 2:0`,
			`send ACK 2:0, send ACK 1:4, send ACK 2:1, phase BROADCAST, ready, leader 2,
			apply 1:4`},
		{zk.SyncV4394, `append 1:4, apply 1:4, sync log.100000004, sync currentEpoch.tmp,
			currentEpoch 2, send ACK 2:0`,
			`send ACK 2:0, phase BROADCAST, ready, leader 2, append 2:1, sync log.100000004,
			send ACK 2:1`},
		{zk.SyncFixed, `append 1:4, apply 1:4, sync log.100000004, sync currentEpoch.tmp,
			currentEpoch 2, send ACK 2:0`,
			`send ACK 2:0, phase BROADCAST, ready, leader 2, append 2:1, sync log.100000004,
			send ACK 2:1`},
	} {
		r := registered(t, "1:1..1:3", variant(c.variant))
		r.hears("DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4, PROPOSAL 2:1, NEWLEADER 2:0")
		r.fsyncAll()
		r.did(c.newLeader)
		r.hears("UPTODATE")
		r.fsyncAll()
		r.did(c.uptodate)
		r.hears("COMMIT 2:1")
		r.did("apply 2:1")
		r.goesOn()
		if t.Failed() {
			t.Fatalf("variant %s", c.variant)
		}
	}
}

// ZOOKEEPER-4685: 3.8.0 hands the proposals to the log thread, which may be faster than the main
// thread with its epoch file: the leader then gets the ACK of a proposal where it expects that of
// NEWLEADER.
func TestLogThreadOvertakesTheMainThread(t *testing.T) {
	r := registered(t, "1:1..1:3", variant(zk.SyncV3911))
	r.opt.EpochBeforeLog = false
	r.hears("DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4, NEWLEADER 2:0")
	r.did("append 1:4, sync log.100000004, sync currentEpoch.tmp")
	r.fsyncAll()
	r.answers("ACK 1:4, ACK 2:0")
}

// crashStory is what the disk holds after a power loss at each point between NEWLEADER and its ACK:
// after no fsync, after the first, and so on.
type crashStory struct {
	name    string
	change  func(*rig)
	history string
	sync    string // what comes before NEWLEADER
	image   string // history of the stream behind SNAP
	points  []string
}

// at runs the story up to the k-th fsync, loses power and says what the start finds; done says that
// there are no more fsyncs.
func (c *crashStory) at(t *testing.T, k int) (found string, done bool) {
	r := registered(t, c.history, c.change)
	r.hears(c.sync)
	if c.image != "" {
		r.hearsMessage(image(t, c.image))
	}
	r.hears("NEWLEADER 2:0")
	for range k {
		r.fsync()
	}
	done = len(r.syncs) == 0
	acked := strings.Contains(lines(r.sent[r.conn()]), "ACK 2:0")
	if err := r.powerLoss(); err != nil {
		return "does not start", done
	}
	found = fmt.Sprintf("epoch %d, last %s", r.db.CurrentEpoch(), r.db.LastProcessed())
	if acked {
		found += ", acknowledged"
	}
	return found, done
}

func correct(r *rig) { r.opt = zk.OptionsCorrect() }

var crashStories = []crashStory{
	{"3.9.5 logs what is committed, then joins the epoch", variant(zk.SyncFixed), "1:1..1:3",
		"DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4", "",
		[]string{"epoch 1, last 1:3", "epoch 1, last 1:4", "epoch 2, last 1:4, acknowledged"}},
	{"3.9.3 does the same", variant(zk.SyncV4394), "1:1..1:3",
		"DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4", "",
		[]string{"epoch 1, last 1:3", "epoch 1, last 1:4", "epoch 2, last 1:4, acknowledged"}},
	{"3.8.5 logs all, then joins the epoch", variant(zk.SyncV4785), "1:1..1:3",
		"DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4", "",
		[]string{"epoch 1, last 1:3", "epoch 1, last 1:4", "epoch 2, last 1:4, acknowledged"}},
	{"3.8.0 joins the epoch and acknowledges before the log is durable (4643, 4646)",
		variant(zk.SyncV3911), "1:1..1:3", "DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4", "",
		[]string{"epoch 1, last 1:3", "epoch 2, last 1:3, acknowledged",
			"epoch 2, last 1:4, acknowledged"}},
	{"3.4.10 acknowledges from memory (3023)", variant(zk.SyncV2678), "1:1..1:3",
		"DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4", "",
		[]string{"epoch 1, last 1:3", "epoch 2, last 1:3, acknowledged"}},
	{"3.4.0 writes a snapshot and does not sync it", variant(zk.SyncV34Snap), "1:1..1:3",
		"DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4", "",
		[]string{"epoch 1, last 1:3", "epoch 2, last 1:3, acknowledged"}},
	{"an empty DIFF needs the epoch only", variant(zk.SyncFixed), "1:1..1:3", "DIFF 1:3", "",
		[]string{"epoch 1, last 1:3", "epoch 2, last 1:3, acknowledged"}},
	{"TRUNC is durable before the epoch", variant(zk.SyncFixed), "1:1..1:5", "TRUNC 1:3", "",
		[]string{"epoch 1, last 1:3", "epoch 2, last 1:3, acknowledged"}},
	{"SNAP is durable before the epoch", variant(zk.SyncFixed), "1:1..1:3", "SNAP 1:5",
		"1:1..1:5", []string{"epoch 1, last 1:3", "epoch 1, last 1:5",
			"epoch 2, last 1:5, acknowledged"}},
	{"SNAP in 3.8.0 too", variant(zk.SyncV3911), "1:1..1:3", "SNAP 1:5", "1:1..1:5",
		[]string{"epoch 1, last 1:3", "epoch 1, last 1:5", "epoch 2, last 1:5, acknowledged"}},
	{"SNAP of the new epoch and a crash before currentEpoch (1653)", variant(zk.SyncFixed),
		"1:1..1:3", "SNAP 2:0", "1:1..1:5", []string{"epoch 1, last 1:3", "does not start",
			"epoch 2, last 2:0, acknowledged"}},
	{"the same repaired: currentEpoch.tmp first", correct, "1:1..1:3", "SNAP 2:0", "1:1..1:5",
		[]string{"epoch 1, last 1:3", "epoch 1, last 1:3", "epoch 2, last 2:0",
			"epoch 2, last 2:0, acknowledged"}},
	{"a DIFF with transactions of the new epoch and a crash before currentEpoch",
		variant(zk.SyncFixed), "1:1..1:3",
		"DIFF 2:1, PROPOSAL 1:4, COMMIT 1:4, PROPOSAL 2:1, COMMIT 2:1", "",
		[]string{"epoch 1, last 1:3", "does not start", "epoch 2, last 2:1, acknowledged"}},
	{"the same repaired", correct, "1:1..1:3",
		"DIFF 2:1, PROPOSAL 1:4, COMMIT 1:4, PROPOSAL 2:1, COMMIT 2:1", "",
		[]string{"epoch 1, last 1:3", "epoch 1, last 1:3", "epoch 2, last 2:1",
			"epoch 2, last 2:1, acknowledged"}},
	{"the repaired order with nothing to log prepares nothing", correct, "1:1..1:3", "DIFF 1:3",
		"", []string{"epoch 1, last 1:3", "epoch 2, last 1:3, acknowledged"}},
}

// Power is lost at every point between NEWLEADER and its ACK.
func TestPowerLossAtNewLeader(t *testing.T) {
	for _, c := range crashStories {
		for k := 0; ; k++ {
			found, done := c.at(t, k)
			want := "no more fsyncs"
			if k < len(c.points) {
				want = c.points[k]
			}
			if found != want {
				t.Errorf("%s, after %d fsyncs:\n\t%s, want\n\t%s", c.name, k, found, want)
			}
			if done {
				if k+1 < len(c.points) {
					t.Errorf("%s: %d fsyncs, want %d", c.name, k, len(c.points)-1)
				}
				break
			}
		}
	}
}

// The order without any known fault: at every crash point the server starts, an ACK that left finds
// all committed transactions on the disk (S13), and so does the new epoch (E7).
func TestRepairedOrderIsSafeAtEveryPoint(t *testing.T) {
	for sync, committed := range map[string]string{
		"DIFF 1:3":                           "1:3",
		"DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4": "1:4",
		"DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4, PROPOSAL 2:1": "1:4",
		"DIFF 2:1, PROPOSAL 2:1, COMMIT 2:1":               "2:1",
		"DIFF 2:2, PROPOSAL 1:4, COMMIT 1:4, PROPOSAL 2:1, COMMIT 2:1, " +
			"PROPOSAL 2:2, COMMIT 2:2": "2:2",
		"TRUNC 1:2":                           "1:2",
		"TRUNC 1:2, PROPOSAL 1:3, COMMIT 1:3": "1:3",
	} {
		c := crashStory{change: correct, history: "1:1..1:3", sync: sync}
		for k, done := 0, false; !done; k++ {
			var found string
			found, done = c.at(t, k)
			var epoch int64
			var last string
			if _, err := fmt.Sscanf(strings.ReplaceAll(found, ",", " "), "epoch %d last %s", &epoch,
				&last); err != nil {
				t.Fatalf("%s, after %d fsyncs: %s", sync, k, found)
			}
			if (epoch == 2 || strings.Contains(found, "acknowledged")) &&
				zxid(t, last) < zxid(t, committed) {
				t.Errorf("%s, after %d fsyncs: %s", sync, k, found)
			}
		}
	}
}

// NEWLEADER ends the longer time-out and the synchronization's mode.
func TestAckOfNewLeaderChangesTheLimits(t *testing.T) {
	r := registered(t, "1:1..1:3").hears("DIFF 1:3")
	if r.learner.readLimit != 10*node.Second || r.syncMode != zk.SyncDiff {
		t.Errorf("limit %d, mode %s", r.learner.readLimit, r.syncMode)
	}
	r.hears("NEWLEADER 2:0")
	r.fsync()
	if r.learner.readLimit != syncLimit || r.syncMode != zk.SyncNone {
		t.Errorf("limit %d, mode %s", r.learner.readLimit, r.syncMode)
	}
}

// Clients are not served before UPTODATE, in whatever release.
func TestNotServingBeforeUptodate(t *testing.T) {
	for _, v := range []zk.SyncVariant{zk.SyncV34Snap, zk.SyncV2678, zk.SyncV3911, zk.SyncV4785,
		zk.SyncV4394, zk.SyncFixed} {
		r := registered(t, "1:1..1:3", variant(v)).hears("DIFF 1:3, NEWLEADER 2:0")
		r.fsyncAll()
		if r.zks().Running() {
			t.Errorf("%s serves before UPTODATE", v)
		}
		r.hears("UPTODATE")
		if !r.zks().Running() || r.voteEpoch != 2 {
			t.Errorf("%s: running %t, vote epoch %d", v, r.zks().Running(), r.voteEpoch)
		}
		r.told(event.LearnerReady, "2, 2")
	}
}

// A learner that leaves while its epoch file is on the way to the disk: nothing goes on from there.
func TestLeaderGoneDuringTheEpochFile(t *testing.T) {
	r := registered(t, "1:1..1:3").hears("DIFF 1:3, NEWLEADER 2:0")
	r.leaderGone()
	r.fsync()
	r.answers("")
	if r.db.CurrentEpoch() != 2 {
		t.Error("the file was under way and must be there")
	}
}

// The same while the log of the sync is on its way: the epoch is not joined.
func TestLeaderGoneDuringTheLog(t *testing.T) {
	r := registered(t, "1:1..1:3", variant(zk.SyncFixed)).hears("DIFF 1:4, PROPOSAL 1:4, " +
		"COMMIT 1:4, NEWLEADER 2:0")
	r.leaderGone()
	r.shutdown()
	r.fsync()
	r.answers("")
	if len(r.syncs) != 0 || r.db.CurrentEpoch() != 1 {
		t.Errorf("it went on: epoch %d", r.db.CurrentEpoch())
	}
	if _, there := r.disk.Read(storage.CurrentEpochFile + ".tmp"); there {
		t.Error("currentEpoch.tmp is there")
	}
}
