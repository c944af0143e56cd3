package zab

import (
	"strings"
	"testing"

	"zabscope/engine/datatree"
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// registered is a follower with a history in epoch 1 whose leader of epoch 2 is about to
// synchronize it.
func registered(t testing.TB, history string, change ...func(*rig)) *rig {
	t.Helper()
	r := newRig(t, voters(3))
	for _, f := range change {
		f(r)
	}
	r.logged(history)
	r.writeEpochs(1, 1)
	r.asFollower().follow().connected().hears("LEADERINFO 2:0")
	r.fsync()
	r.sent = map[node.ConnID][]node.Message{}
	r.journal = nil
	return r
}

// ready is a follower in broadcast, with the history 1:1..1:3.
func ready(t testing.TB, change ...func(*rig)) *rig {
	t.Helper()
	r := registered(t, "1:1..1:3", change...).hears("DIFF 1:3, NEWLEADER 2:0, UPTODATE")
	r.fsyncAll()
	r.goesOn()
	if r.learner.phase != following {
		t.Fatal("the follower is not ready")
	}
	r.sent = map[node.ConnID][]node.Message{}
	r.journal = nil
	return r
}

func variant(v zk.SyncVariant) func(*rig) {
	return func(r *rig) {
		r.opt.SyncVariant = v
		r.opt.EpochBeforeLog = v == zk.SyncV3911
	}
}

// observing makes the rig an observer of the same ensemble.
func observing(r *rig) {
	*r = *newRig(r.t, voters(4, 1))
}

// image is a database elsewhere whose history is the one given, as a SNAP stream.
func image(t testing.TB, zxids string) *jute.SnapshotStream {
	t.Helper()
	r := newRig(t, voters(3)).logged(zxids)
	r.writeEpochs(1, 1)
	r.mustLoad()
	return r.db.Image()
}

// paths lists the nodes of these tests in memory.
func (r *rig) paths() string {
	var out []string
	for _, p := range r.db.Tree.Paths() {
		if p != "/" && !strings.HasPrefix(p, "/zookeeper") {
			out = append(out, p)
		}
	}
	return strings.Join(out, " ")
}

// DIFF: what is there stays, no snapshot will be needed.
func TestFirstPacketDiff(t *testing.T) {
	r := registered(t, "1:1..1:3").hears("DIFF 1:4")
	if r.syncMode != zk.SyncDiff || r.db.LastProcessed() != zxid(t, "1:3") ||
		r.learner.sync.snapshotNeeded {
		t.Errorf("mode %s at %s", r.syncMode, r.db.LastProcessed())
	}
	r.did("")
}

// TRUNC cuts log and memory at once.
func TestFirstPacketTrunc(t *testing.T) {
	r := registered(t, "1:1..1:5").hears("TRUNC 1:3")
	if r.syncMode != zk.SyncTrunc || r.db.LastProcessed() != zxid(t, "1:3") ||
		r.db.LastLogged() != zxid(t, "1:3") || r.paths() != "/1-1 /1-2 /1-3" {
		t.Errorf("mode %s at %s, logged %s: %s", r.syncMode, r.db.LastProcessed(),
			r.db.LastLogged(), r.paths())
	}
	r.did("truncate 1:3")
	r.told(event.Truncated, "1:3, 2")
	r.hears("NEWLEADER 2:0")
	r.did("write snapshot.100000003, sync currentEpoch.tmp")
}

// A log is cut behind the first transaction at or beyond the zxid, so that one beyond it stays
// where the zxid itself is in no log; memory says nevertheless what the leader said.
// (FileTxnLog.truncate)
func TestTruncToTheStartOfAnEpoch(t *testing.T) {
	r := registered(t, "1:1..1:3").hears("TRUNC 1:0")
	if r.db.LastProcessed() != zxid(t, "1:0") || r.db.LastLogged() != zxid(t, "1:1") {
		t.Errorf("at %s, logged %s", r.db.LastProcessed(), r.db.LastLogged())
	}
}

// TRUNC to a place that the log does not know ends the process.
func TestTruncThatCannotBe(t *testing.T) {
	r := registered(t, "1:1..1:3").hears("TRUNC 1:9")
	if !strings.HasPrefix(r.exit, "the log cannot be truncated") {
		t.Errorf("exit %q", r.exit)
	}
}

// SNAP replaces memory only; the disk keeps what it had until NEWLEADER.
func TestFirstPacketSnap(t *testing.T) {
	r := registered(t, "1:1..1:2").hears("SNAP 1:4")
	if r.syncMode != zk.SyncSnap || r.paths() != "/1-1 /1-2" {
		t.Errorf("mode %s: %s", r.syncMode, r.paths())
	}
	r.hearsMessage(image(t, "1:1..1:4"))
	r.did("install 1:4")
	if r.paths() != "/1-1 /1-2 /1-3 /1-4" || r.db.LastProcessed() != zxid(t, "1:4") ||
		r.db.LastLogged() != zxid(t, "1:2") {
		t.Errorf("%s at %s, logged %s", r.paths(), r.db.LastProcessed(), r.db.LastLogged())
	}
	if err := r.powerLoss(); err != nil || r.paths() != "/1-1 /1-2" {
		t.Errorf("after a power loss: %s, %v", r.paths(), err)
	}
}

// The zxid of the SNAP packet is what counts, not that of the stream, which may hold more.
func TestSnapIsNamedByItsPacket(t *testing.T) {
	r := registered(t, "1:1").hears("SNAP 1:3")
	r.hearsMessage(image(t, "1:1..1:4"))
	if r.db.LastProcessed() != zxid(t, "1:3") {
		t.Errorf("last processed %s", r.db.LastProcessed())
	}
	r.hears("NEWLEADER 2:0")
	r.did("install 1:3, write snapshot.100000003, sync snapshot.100000003")
}

// /zookeeper/config is the learner's own, whatever the leader's tree says.
func TestConfigNodeIsTheLearnersOwn(t *testing.T) {
	r := registered(t, "1:1").hears("SNAP 1:4")
	other := newRig(t, voters(5)).logged("1:1..1:4")
	other.writeEpochs(1, 1)
	other.mustLoad()
	r.hearsMessage(other.db.Image())
	if got := string(r.db.Tree.Node(datatree.ConfigPath).Data); got !=
		r.verifier.Membership().Text() {
		t.Errorf("/zookeeper/config holds %q", got)
	}
}

// The same without a SNAP: the disk may hold a configuration of before.
func TestConfigNodeFromAnOlderDisk(t *testing.T) {
	r := registered(t, "1:1..1:3", func(r *rig) {
		now := r.verifier
		r.verifier = newRig(t, voters(5)).verifier
		r.logged("1:1")
		r.verifier = now
	})
	r.hears("DIFF 1:3")
	if got := string(r.db.Tree.Node(datatree.ConfigPath).Data); got !=
		r.verifier.Membership().Text() {
		t.Errorf("/zookeeper/config holds %q", got)
	}
}

// A stream that cannot be read ends the role, with an empty memory.
func TestDamagedStream(t *testing.T) {
	r := registered(t, "1:1..1:2").hears("SNAP 1:4")
	s := *image(t, "1:1..1:4")
	s.Bytes = s.Bytes[:len(s.Bytes)-3]
	r.hearsMessage(&s)
	r.gaveUp("the snapshot is unreadable")
	r.shutdown()
	if r.paths() != "" || r.syncMode != zk.SyncNone {
		t.Errorf("%q in memory, mode %s", r.paths(), r.syncMode)
	}
}

// A stream nobody announced, or a first packet that says nothing of synchronization, ends the
// process.
func TestFirstPacketOther(t *testing.T) {
	for _, p := range []string{"NEWLEADER 2:0", "PROPOSAL 1:4", "UPTODATE", "PING 2:0"} {
		if r := registered(t, "1:1").hears(p); !strings.HasPrefix(r.exit, "unexpected packet") {
			t.Errorf("%s: exit %q", p, r.exit)
		}
	}
	r := registered(t, "1:1").hears("DIFF 1:1")
	r.hearsMessage(image(t, "1:1..1:2"))
	if r.exit != "a snapshot without a SNAP packet" {
		t.Errorf("exit %q", r.exit)
	}
}

// Behind a TRUNC or SNAP committed transactions go into memory as they come, until NEWLEADER.
func TestCommitsGoToMemoryWhenASnapshotFollows(t *testing.T) {
	r := registered(t, "1:1..1:5").hears("TRUNC 1:3")
	r.hears("PROPOSAL 1:4, PROPOSAL 1:5, COMMIT 1:4")
	r.did("truncate 1:3, apply 1:4")
	r.hears("COMMIT 1:9") // not the oldest: a warning, no more
	r.hears("COMMIT 1:5, NEWLEADER 2:0")
	r.did("apply 1:5, write snapshot.100000005, sync currentEpoch.tmp")
}

// Behind a DIFF they wait: they must be logged, and until NEWLEADER nothing is.
func TestCommitsOfADiffWait(t *testing.T) {
	r := registered(t, "1:1..1:3").hears("DIFF 1:5, PROPOSAL 1:4, COMMIT 1:4, PROPOSAL 1:5, " +
		"COMMIT 1:5")
	r.did("")
	if r.db.LastProcessed() != zxid(t, "1:3") {
		t.Errorf("last processed %s", r.db.LastProcessed())
	}
}

// ZOOKEEPER-4394: a COMMIT that finds no proposal is a NullPointerException up to 3.8.6 and 3.9.2,
// and nothing since.
func TestCommitWithAnEmptyQueue(t *testing.T) {
	for v, leaves := range map[zk.SyncVariant]bool{zk.SyncV34Snap: true, zk.SyncV2678: true,
		zk.SyncV3911: true, zk.SyncV4785: true, zk.SyncV4394: false, zk.SyncFixed: false} {
		r := registered(t, "1:1..1:3", variant(v)).hears("DIFF 1:3, COMMIT 1:4")
		if leaves {
			r.gaveUp("NullPointerException: COMMIT 1:4 finds no proposal (ZOOKEEPER-4394)")
		} else if r.goesOn(); r.ended {
			t.Errorf("%s: ended", v)
		}
	}
	registered(t, "1:1..1:3", variant(zk.SyncFixed)).hears("TRUNC 1:2, COMMIT 1:4").goesOn()
}

// The whole of it: a proposal outstanding at NEWLEADER commits before UPTODATE. 3.8.0 has handed it
// to the log thread and forgotten it; 3.9.5 has kept it and commits it behind UPTODATE.
func TestOutstandingProposalCommitsBeforeUptodate(t *testing.T) {
	const stream = "DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4, PROPOSAL 2:1, NEWLEADER 2:0"
	for v, leaves := range map[zk.SyncVariant]bool{zk.SyncV3911: true, zk.SyncV4785: true,
		zk.SyncV4394: false, zk.SyncFixed: false, zk.SyncV2678: false} {
		r := registered(t, "1:1..1:3", variant(v)).hears(stream)
		r.fsyncAll()
		r.hears("COMMIT 2:1")
		if leaves {
			r.gaveUp("ZOOKEEPER-4394")
			continue
		}
		r.hears("UPTODATE")
		r.fsyncAll()
		r.goesOn()
		if r.paths() != "/1-1 /1-2 /1-3 /1-4 /2-1" || r.db.LastLogged() != zxid(t, "2:1") {
			t.Errorf("%s: %s, logged %s", v, r.paths(), r.db.LastLogged())
		}
	}
}

// A gap in the proposals is remarked only, and since 3.9.4 fatal.
func TestGapsInTheSync(t *testing.T) {
	for _, c := range []struct {
		hears string
		gap   bool
	}{
		{"DIFF 1:5, PROPOSAL 1:4, PROPOSAL 1:5", false},
		{"DIFF 1:5, PROPOSAL 1:5", true},
		{"DIFF 1:5, PROPOSAL 1:4, PROPOSAL 1:6", true},
		{"DIFF 1:5, PROPOSAL 1:4, PROPOSAL 1:4", true},
		{"DIFF 1:5, PROPOSAL 1:4, PROPOSAL 1:3", true},
		{"DIFF 2:1, PROPOSAL 2:1", false},
		{"DIFF 2:1, PROPOSAL 1:4, PROPOSAL 2:7", false},
		{"DIFF 2:1, PROPOSAL 2:1, PROPOSAL 1:4", true},
	} {
		for _, check := range []bool{false, true} {
			r := registered(t, "1:1..1:3", func(r *rig) { r.opt.LearnerGapCheck = check })
			r.hears(c.hears)
			if got := r.ended; got != (check && c.gap) {
				t.Errorf("%s, check %t: left %t", c.hears, check, got)
			}
		}
	}
	r := registered(t, "1:1..1:3", func(r *rig) { r.opt.LearnerGapCheck = true })
	r.hears("DIFF 1:5, PROPOSAL 1:5")
	r.gaveUp("PROPOSAL 1:5 does not follow 1:3")
}

// A server without a history takes whatever is the first.
func TestNoGapBehindNothing(t *testing.T) {
	r := newRig(t, voters(3))
	r.opt.LearnerGapCheck = true
	r.asFollower().follow().connected().hears("LEADERINFO 1:0")
	r.fsync()
	r.hears("DIFF 1:5, PROPOSAL 1:5").goesOn()
}

// Pings are not answered while the learner is synchronized, nor is anything else it does not know.
func TestPingsInTheSync(t *testing.T) {
	r := registered(t, "1:1").hears("DIFF 1:1, PING 2:0, SYNC 0:0, NEWLEADER 2:0, PING 2:0")
	r.fsync()
	r.answers("ACK 2:0").goesOn()
}

// Packets behind NEWLEADER wait while the disk is busy and are read in order then.
func TestInboxWhileTheDiskIsBusy(t *testing.T) {
	r := registered(t, "1:1..1:3", variant(zk.SyncFixed)).hears("DIFF 1:4, PROPOSAL 1:4, " +
		"COMMIT 1:4, NEWLEADER 2:0, PROPOSAL 2:1, COMMIT 2:1, UPTODATE, PING 2:1, PROPOSAL 2:2")
	r.did("append 1:4, apply 1:4, sync log.100000004")
	if len(r.learner.inbox) != 5 {
		t.Errorf("%d packets wait", len(r.learner.inbox))
	}
	r.fsync()
	r.did("sync currentEpoch.tmp")
	r.fsync()
	r.did(`currentEpoch 2, send ACK 2:0, send ACK 2:0, phase BROADCAST, ready, leader 2,
		append 2:1, sync log.100000004, apply 2:1, send PING 2:1`)
	r.fsync()
	r.did("send ACK 2:1, append 2:2, sync log.100000004")
}

// A SNAP that arrives while the promise is being written waits with its stream.
func TestStreamWaitsInTheInboxToo(t *testing.T) {
	r := newRig(t, voters(3)).asFollower().follow().connected()
	r.hears("LEADERINFO 1:0, SNAP 1:4")
	r.hearsMessage(image(t, "1:1..1:4"))
	r.hears("NEWLEADER 1:0")
	r.journal = nil
	r.fsync()
	r.did(`acceptedEpoch 1, send ACKEPOCH 0:0 epoch 0, phase SYNCHRONIZATION, install 1:4,
		write snapshot.100000004, sync snapshot.100000004`)
}

// Observers: PROPOSAL and COMMIT during the sync, then INFORM; what is committed is applied behind
// UPTODATE, and the ACKs of NEWLEADER and UPTODATE are the only ones.
func TestObserverIsSynchronized(t *testing.T) {
	r := registered(t, "1:1..1:3", observing).hears("DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4, " +
		"INFORM 2:1, NEWLEADER 2:0")
	r.fsyncAll()
	r.answers("ACK 2:0")
	r.hears("INFORM 2:2, UPTODATE, INFORM 2:3")
	r.fsyncAll()
	r.answers("ACK 2:0")
	if r.paths() != "/1-1 /1-2 /1-3 /1-4 /2-1 /2-2 /2-3" || r.db.LastLogged() != zxid(t, "2:3") {
		t.Errorf("%s, logged %s", r.paths(), r.db.LastLogged())
	}
}

// In no release does an observer log or acknowledge what it is sent during the sync.
func TestObserverAtNewLeader(t *testing.T) {
	for _, v := range []zk.SyncVariant{zk.SyncV34Snap, zk.SyncV2678, zk.SyncV3911, zk.SyncV4785,
		zk.SyncV4394, zk.SyncFixed} {
		r := registered(t, "1:1..1:3", observing, variant(v))
		r.hears("DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4, NEWLEADER 2:0")
		r.fsyncAll()
		r.answers("ACK 2:0")
		if got := r.db.LastLogged(); got != zxid(t, "1:3") {
			t.Errorf("%s: logged %s at NEWLEADER", v, got)
		}
		r.hears("UPTODATE")
		r.fsyncAll()
		r.answers("ACK 2:0")
		if r.paths() != "/1-1 /1-2 /1-3 /1-4" {
			t.Errorf("%s: %s", v, r.paths())
		}
	}
}

// Behind the snapshot of a SNAP proposals go to the log as behind a DIFF: they must not be in
// memory only.
func TestProposalsBehindTheSnapshotAreLogged(t *testing.T) {
	for _, v := range []zk.SyncVariant{zk.SyncV2678, zk.SyncV4394, zk.SyncFixed} {
		r := registered(t, "1:1", variant(v)).hears("SNAP 1:4")
		r.hearsMessage(image(t, "1:1..1:4"))
		r.hears("NEWLEADER 2:0")
		r.fsyncAll()
		r.hears("PROPOSAL 2:1, COMMIT 2:1, PROPOSAL 2:2, UPTODATE")
		r.fsyncAll()
		r.answers("ACK 2:0, ACK 2:0, ACK 2:1, ACK 2:2")
		if err := r.powerLoss(); err != nil || r.paths() != "/1-1 /1-2 /1-3 /1-4 /2-1 /2-2" {
			t.Errorf("%s: after a power loss %s, %v", v, r.paths(), err)
		}
	}
}

// An observer that gets a SNAP applies what it is informed of at once.
func TestObserverInformedBehindASnap(t *testing.T) {
	r := registered(t, "1:1", observing).hears("SNAP 1:4")
	r.hearsMessage(image(t, "1:1..1:4"))
	r.hears("INFORM 2:1")
	r.did("install 1:4, apply 2:1")
	r.hears("NEWLEADER 2:0")
	r.did("write snapshot.200000001, sync snapshot.200000001")
}

// ZOOKEEPER-3642: a learner that stops in the middle of a SNAP forgets what it has read, so that
// its next vote speaks of its disk.
func TestPartialSnapIsForgotten(t *testing.T) {
	for _, clears := range []bool{true, false} {
		r := registered(t, "1:1..1:2", func(r *rig) { r.opt.ClearPartialSnap = clears })
		r.hears("SNAP 1:4")
		r.hearsMessage(image(t, "1:1..1:4"))
		r.leaderGone()
		r.shutdown()
		if clears == r.db.Initialized() {
			t.Errorf("clearOnPartialSnap %t: memory is kept %t", clears, r.db.Initialized())
		}
		if want := zxid(t, "1:4"); !clears && r.db.LastProcessed() != want {
			t.Errorf("without the fix the next vote says %s, want %s", r.db.LastProcessed(), want)
		}
	}
}

// Once NEWLEADER is acknowledged the SNAP is on disk and stays in memory.
func TestWholeSnapIsKept(t *testing.T) {
	r := registered(t, "1:1..1:2").hears("SNAP 1:4")
	r.hearsMessage(image(t, "1:1..1:4"))
	r.hears("NEWLEADER 2:0")
	r.fsyncAll()
	r.leaderGone()
	r.shutdown()
	if !r.db.Initialized() || r.db.LastProcessed() != zxid(t, "1:4") {
		t.Errorf("memory at %s", r.db.LastProcessed())
	}
}

// ZOOKEEPER-2845: a follower that stops has logged more than it has applied. Memory is moved on to
// the end of the log, unless the fix is switched off.
func TestFastForwardOnShutdown(t *testing.T) {
	for _, c := range []struct {
		fix  bool
		want string
	}{{true, "2:2"}, {false, "2:1"}} {
		r := ready(t, func(r *rig) { r.opt.FastForward = c.fix })
		r.hears("PROPOSAL 2:1, PROPOSAL 2:2, COMMIT 2:1")
		r.fsyncAll()
		r.leaderGone()
		r.shutdown()
		if got := r.db.LastProcessed(); got != zxid(t, c.want) {
			t.Errorf("shutdownFastForward %t: the next vote says %s, want %s", c.fix, got, c.want)
		}
	}
}

// What the log thread still had to write is written at the end, and counts.
func TestShutdownWritesWhatWaits(t *testing.T) {
	r := ready(t).hears("PROPOSAL 2:1, PROPOSAL 2:2, PROPOSAL 2:3")
	r.leaderGone()
	r.shutdown()
	r.answers("")
	if got := r.db.LastProcessed(); got != zxid(t, "2:3") {
		t.Errorf("the next vote says %s", got)
	}
}

// A log that cannot be read any more: memory is cleared, and loaded anew before the next vote.
func TestFastForwardOfADamagedLog(t *testing.T) {
	r := ready(t).hears("PROPOSAL 2:1")
	r.fsyncAll()
	name := "version-2/log.200000001"
	b, _ := r.disk.Read(name)
	b = append([]byte(nil), b...)
	b[len(b)-5] ^= 0xff
	if err := r.disk.Write(name, b); err != nil {
		t.Fatal(err)
	}
	r.leaderGone()
	r.shutdown()
	if r.db.Initialized() {
		t.Error("memory is kept though the log cannot be read")
	}
}

// A disk that is full: the epoch file ends the role, the snapshot and the log end the process.
func TestFullDiskWhileSynchronizing(t *testing.T) {
	r := newFollower(t, voters(3)).follow().connected()
	r.disk.SetRoom(0)
	if r.hears("LEADERINFO 2:0"); !r.ended || r.exit != "" {
		t.Errorf("acceptedEpoch: ended %t, exit %q", r.ended, r.exit)
	}
	r = registered(t, "1:1..1:3").hears("SNAP 1:4")
	r.hearsMessage(image(t, "1:1..1:4"))
	r.disk.SetRoom(0)
	if r.hears("NEWLEADER 2:0"); !strings.HasPrefix(r.exit, "the snapshot cannot be written") {
		t.Errorf("snapshot: exit %q", r.exit)
	}
	for _, v := range []zk.SyncVariant{zk.SyncV4785, zk.SyncFixed} {
		r = registered(t, "1:1..1:3", variant(v)).hears("DIFF 1:4, PROPOSAL 1:4, COMMIT 1:4")
		r.disk.SetRoom(0)
		r.hears("NEWLEADER 2:0").gaveUp("the log cannot be written: no space left on device")
	}
}

// Only since 3.9.4 does what is applied during the sync reach committedLog (ZOOKEEPER-4925).
func TestCommittedLogOfTheSync(t *testing.T) {
	for v, want := range map[zk.SyncVariant]string{zk.SyncV4394: "1:3", zk.SyncFixed: "1:5"} {
		r := registered(t, "1:1..1:3", variant(v)).hears("DIFF 1:5, PROPOSAL 1:4, COMMIT 1:4, " +
			"PROPOSAL 1:5, COMMIT 1:5, NEWLEADER 2:0")
		r.fsyncAll()
		if got := r.db.MaxCommitted(); got != zxid(t, want) {
			t.Errorf("%s: committedLog ends with %s, want %s", v, got, want)
		}
		if r.db.LastProcessed() != zxid(t, "1:5") {
			t.Errorf("%s: applied up to %s", v, r.db.LastProcessed())
		}
	}
}

// With the continuity check a hole is refused where it would arise.
func TestHoleInCommittedLogIsRefused(t *testing.T) {
	r := registered(t, "1:1..1:3", func(r *rig) { r.opt = zk.OptionsCorrect() })
	r.opt.LearnerGapCheck = false
	r.hears("DIFF 1:5, PROPOSAL 1:5, COMMIT 1:5, NEWLEADER 2:0")
	r.fsync()
	r.gaveUp(storage.ErrCommittedGap.Error())
}
