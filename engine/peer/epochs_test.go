package peer_test

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
)

const (
	acceptedTmp = storage.AcceptedEpochFile + ".tmp"
	currentTmp  = storage.CurrentEpochFile + ".tmp"
)

// exists waits for a file on a server's disk.
func (e *ensemble) exists(id node.ID, name string) {
	e.t.Helper()
	e.wait(name, func() bool { return e.Disk(id).Size(name) >= 0 })
}

// damage writes a file behind the back of everybody; the trace then knows no more what the disk
// holds.
func (e *ensemble) damage(id node.ID, name, content string) {
	e.t.Helper()
	e.damaged = true
	e.must(e.Disk(id).Write(name, []byte(content)))
}

// The power fails while acceptedEpoch.tmp is on its way to the disk: nothing was promised, and the
// server promises the same epoch when it is back.
func TestPowerLossBeforeTheRenameOfAcceptedEpoch(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := newEnsemble(t, 3, opt)
		e.start(1, 2, 3)
		e.until("follower follower leader")
		e.must(e.Kill(3))
		e.must(e.SlowDisk(1, 100*node.Millisecond))
		e.now()
		e.exists(1, acceptedTmp)
		e.untold("1 epoch.accepted 2")
		e.must(e.Crash(1, 0))
		if got := e.epochs(1); got != "1/1" {
			t.Errorf("epochs %s", got)
		}
		e.must(e.RepairDisk(1))
		e.start(1)
		e.until("follower leader down")
		e.told("1 world.crashed", "1 world.started 2", "1 epoch.accepted", "1 learner.ready 2")
	})
}

// A process that is killed there leaves the .tmp file in the page cache. That of acceptedEpoch
// means nothing to the next start.
func TestKillBeforeTheRenameOfAcceptedEpoch(t *testing.T) {
	e := newEnsemble(t, 3, zk.Options3_8_0())
	e.start(1, 2, 3)
	e.until("follower follower leader")
	e.must(e.Kill(3))
	e.must(e.SlowDisk(1, 100*node.Millisecond))
	e.exists(1, acceptedTmp)
	e.must(e.Kill(1))
	e.must(e.RepairDisk(1))
	if got := e.epochs(1); got != "1/1" {
		t.Errorf("epochs %s", got)
	}
	e.start(1)
	e.until("follower leader down")
	if got := e.epochs(1); got != e.epochs(2) {
		t.Errorf("epochs %s and %s", got, e.epochs(2))
	}
}

// joinedBySnap is an active ensemble with a transaction, whose third server has just got a SNAP,
// has it on disk, and has begun to write currentEpoch beside its place.
func joinedBySnap(t *testing.T, opt zk.Options) *ensemble {
	e := newEnsemble(t, 3, opt)
	e.start(1, 2)
	e.until("follower leader down")
	e.connect(2).creates("/a")
	e.must(e.SlowDisk(3, 50*node.Millisecond))
	e.start(3)
	e.untilSaid("3 storage.snapshotSynced snapshot.100000002 1:2")
	e.exists(3, currentTmp)
	return e
}

// Killed between the snapshot and the rename of currentEpoch: the history has reached epoch 1 and
// the file says 0, but currentEpoch.tmp shows why, and is adopted.
func TestKilledBetweenSnapshotAndCurrentEpoch(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := joinedBySnap(t, opt)
		e.must(e.Kill(3))
		if got := e.epochs(3); got != "1/0" {
			t.Fatalf("epochs %s", got)
		}
		e.must(e.RepairDisk(3))
		e.start(3)
		e.until("follower leader follower")
		e.told("3 world.started 2", "3 storage.loaded snapshot.100000002 1:2", "3 epoch.current 1",
			"3 learner.leaderInfo 1 1 accepted", "3 learner.ready 2 1")
		e.trees("a")
	})
}

// What is adopted is written anew and synced before the server takes part: a loss of power right
// behind that leaves it. (QuorumPeer.loadDataBase calls setCurrentEpoch)
func TestAdoptedEpochIsDurable(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := joinedBySnap(t, opt)
		e.must(e.Kill(3))
		e.must(e.RepairDisk(3))
		e.start(3)
		e.untilSaid("3 epoch.current 1")
		e.must(e.Crash(3, 0))
		if got := e.epochs(3); got != "1/1" {
			t.Errorf("epochs %s", got)
		}
		e.start(3)
		e.until("follower leader follower")
		e.trees("a")
	})
}

// A disk that refuses what is to be adopted is no disk to start from.
func TestAdoptedEpochThatCannotBeWritten(t *testing.T) {
	e := joinedBySnap(t, zk.Options3_8_0())
	e.must(e.Kill(3))
	e.must(e.RepairDisk(3))
	e.must(e.FailSync(3))
	e.start(3)
	e.untilSaid("3 epoch.writeFailed version-2/currentEpoch input/output error")
	e.told("3 world.exited input/output error")
	e.must(e.RepairDisk(3))
	e.start(3)
	e.until("follower leader follower")
}

// A loss of power at the same point takes currentEpoch.tmp too, and 3.8.0 refuses to start
// (ZOOKEEPER-1653). The repaired order has made it durable before the snapshot.
func TestPowerLossBetweenSnapshotAndCurrentEpoch(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := joinedBySnap(t, opt)
		e.must(e.Crash(3, 0))
		e.must(e.RepairDisk(3))
		e.start(3)
		if opt.RepairEpochFirst {
			e.until("follower leader follower")
			e.trees("a")
			return
		}
		e.told("3 world.started 2", "3 storage.loaded snapshot.100000002 1:2",
			"3 peer.startRefused the current epoch, 0, is older than the last zxid, 1:2",
			"3 world.exited")
		if e.modes() != "follower leader down" {
			t.Errorf("roles %s", e.modes())
		}
	})
}

// QuorumPeer.loadDataBase: what the epoch files say must fit the history, else the process ends.
func TestStartRefusals(t *testing.T) {
	for _, c := range []struct {
		name, file, content, reason string
	}{
		{"acceptedEpoch behind currentEpoch", storage.AcceptedEpochFile, "0",
			"the accepted epoch, 0, is less than the current epoch, 2"},
		{"currentEpoch behind the history", storage.CurrentEpochFile, "0",
			"the current epoch, 0, is older than the last zxid, 1:2"},
		{"acceptedEpoch is no number", storage.AcceptedEpochFile, "two", `found "two"`},
		{"currentEpoch is empty", storage.CurrentEpochFile, "", `found ""`},
		{"currentEpoch and more", storage.CurrentEpochFile, "2 or 3", `found "2 or 3"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newEnsemble(t, 3, zk.Options3_8_0())
			e.start(1, 2)
			e.until("follower leader down")
			e.connect(2).creates("/a")
			e.must(e.Kill(2))
			e.start(3)
			e.wait("a new leader", func() bool { return e.epochs(1) == "2/2" })
			e.must(e.Kill(1))
			e.damage(1, c.file, c.content)
			e.now()
			e.start(1)
			e.told("1 world.started 2", "1 peer.startRefused "+c.reason, "1 world.exited")
			e.untold("1 fle.lookForLeader")
			if e.Up(1) {
				t.Error("the process lives")
			}
		})
	}
}

// What the first line says counts, and a missing file is made from the history.
func TestStartsThatAreNotRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*ensemble)
	}{
		{"a second line", func(e *ensemble) {
			e.damage(1, storage.CurrentEpochFile, "1\nand more")
		}},
		{"acceptedEpoch far ahead", func(e *ensemble) {
			e.damage(1, storage.AcceptedEpochFile, "9")
		}},
		{"no epoch files", func(e *ensemble) {
			e.damaged = true
			e.must(e.Disk(1).Remove(storage.AcceptedEpochFile))
			e.must(e.Disk(1).Remove(storage.CurrentEpochFile))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := newEnsemble(t, 3, zk.Options3_8_0())
			e.start(1, 2)
			e.until("follower leader down")
			e.connect(2).creates("/a")
			e.must(e.Kill(1))
			c.change(e)
			e.start(1, 3)
			e.wait("all serve", func() bool { return !strings.Contains(e.modes(), "not") })
			e.trees("a")
		})
	}
}

// A server that has accepted epoch 9 makes the next leader choose 10, as long as it is in the
// quorum.
func TestEpochsAreNeverUsedTwice(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	e.must(e.Kill(1))
	e.damage(1, storage.AcceptedEpochFile, "9")
	e.start(1)
	e.run(node.Second)
	e.told("1 learner.leaderInfo 1 9 old", "1 learner.left 2 the leader's epoch is smaller")
	e.must(e.Kill(3))
	e.until("follower leader down")
	e.told("2 leader.epochProposed", "2 epoch.accepted 10", "1 learner.leaderInfo 10 9 new")
}

// Each failover uses the next epoch, on every disk: acceptedEpoch first, then currentEpoch.
func TestEpochsGrowWithEveryLeader(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := booted(t, opt)
		leader := node.ID(2)
		for epoch := 2; epoch <= 6; epoch++ {
			e.must(e.Kill(leader))
			old := leader
			e.wait("a leader", func() bool {
				for _, id := range []node.ID{1, 2, 3} {
					if e.Up(id) && e.peer(id).Status().Mode == "leader" {
						leader = id
						return true
					}
				}
				return false
			})
			e.told(fmt.Sprintf("%d epoch.accepted %d", leader, epoch),
				fmt.Sprintf("%d epoch.current %d", leader, epoch),
				fmt.Sprintf("%d leader.activated %d", leader, epoch))
			e.start(old)
			e.wait("all serve", func() bool { return !strings.Contains(e.modes(), "not") })
			for _, id := range []node.ID{1, 2, 3} {
				if want := fmt.Sprintf("%d/%d", epoch, epoch); e.epochs(id) != want {
					t.Errorf("%d has the epochs %s, want %s", id, e.epochs(id), want)
				}
			}
		}
	})
}

// A disk without room for an epoch file ends the role, not the process: the server tries again.
func TestEpochFileThatCannotBeWritten(t *testing.T) {
	e := newEnsemble(t, 3, zk.Options3_8_0())
	e.start(1, 2)
	e.until("follower leader down")
	e.start(3)
	e.until("follower leader follower")
	e.must(e.Kill(2))
	e.must(e.FillDisk(1, 0))
	e.now()
	e.untilSaid("1 epoch.writeFailed version-2/acceptedEpoch no space left on device")
	e.untilSaid("1 peer.stateChanged LOOKING")
	if !e.Up(1) {
		t.Fatal("the process ended")
	}
	e.must(e.RepairDisk(1))
	e.until("follower down leader")
}

// A first start without room for the epoch files is no start.
func TestFirstStartOnAFullDisk(t *testing.T) {
	e := newEnsemble(t, 3, zk.Options3_8_0())
	e.must(e.FillDisk(1, 400)) // enough for snapshot.0
	e.start(1)
	e.run(node.Second)
	if e.Up(1) {
		t.Fatal("the process lives")
	}
	e.must(e.RepairDisk(1))
	e.start(1, 2)
	e.until("follower leader down")
}

// The disk breaks between the fsync of acceptedEpoch.tmp and its rename: the role ends, nothing is
// promised (ZOOKEEPER-2307: file first, then the field).
func TestRenameOfAnEpochFileFails(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	e.must(e.SlowDisk(1, 50*node.Millisecond))
	e.must(e.Kill(2))
	e.now()
	e.exists(1, acceptedTmp)
	e.must(e.BreakDisk(1))
	e.untilSaid("1 epoch.writeFailed version-2/acceptedEpoch input/output error")
	e.untold("1 zab.packet ACKEPOCH")
	if got := e.epochs(1); got != "1/1" || !e.Up(1) {
		t.Errorf("epochs %s, up %t", got, e.Up(1))
	}
	e.must(e.RepairDisk(1))
	e.until("follower down leader")
	e.told("1 learner.leaderInfo")
}
