package peer_test

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// A follower that loses its leader while its log is on the way to the disk looks for a leader only
// when the log is durable: its vote speaks of what a loss of power cannot take back.
// (SyncRequestProcessor.shutdown: join, then flush)
func TestRoleEndsWhenTheLogIsFlushed(t *testing.T) {
	e := booted(t, zk.OptionsCorrect())
	e.must(e.SlowDisk(1, 2*node.Second))
	e.connect(2).creates("/a")
	e.run(50 * node.Millisecond)
	e.now()
	e.must(e.Break(1, 2))
	e.run(node.Second)
	e.untold("1 peer.stateChanged")
	if got := e.modes(); got != "not-serving leader follower" {
		t.Errorf("roles %s", got)
	}
	e.untilSaid("1 peer.stateChanged FOLLOWING LOOKING")
	e.must(e.Crash(1, 0))
	if got := e.log(1); got != "1:1 1:2" {
		t.Errorf("the disk of 1 holds %s", got)
	}
	e.must(e.RepairDisk(1))
	e.start(1)
	e.until("follower leader follower")
}

// A learner whose main thread waits for its disk in the middle of the synchronization ends its role
// only then, and what the fsync made durable is known as such.
func TestRoleEndsWhenTheSyncIsDone(t *testing.T) {
	e := booted(t, zk.OptionsCorrect())
	s := e.connect(2)
	e.must(e.Kill(1))
	s.creates("/a", "/b")
	e.must(e.SlowDisk(1, 500*node.Millisecond))
	e.start(1)
	e.now()
	e.untilSaid("1 log.appended")
	e.must(e.Break(1, 2))
	e.run(100 * node.Millisecond)
	e.untold("1 peer.stateChanged")
	e.untilSaid("1 log.durable")
	e.told("1 peer.stateChanged FOLLOWING LOOKING")
	e.must(e.RepairDisk(1))
	e.until("follower leader follower")
	e.trees("a b")
}
