package peer_test

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/peer"
	"zabscope/engine/sim"
	"zabscope/engine/storage"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// lone is one server in a world of its own, of the kind that its configuration asks for.
func lone(t *testing.T, voters int, standaloneEnabled bool, opt zk.Options) *ensemble {
	t.Helper()
	rec := trace.New(trace.Header{Vocabulary: event.Vocabulary})
	e := &ensemble{t: t, rec: rec, clients: node.FirstClient, Sim: sim.New(sim.Config{Seed: 1,
		Vocabulary: event.Vocabulary, Recorder: rec, OnCrash: storage.TellLoss})}
	zoo := zk.DefaultConfig()
	zoo.StandaloneEnabled = standaloneEnabled
	cfg := peer.Config{SID: 1, Membership: membership(voters, nil), Zoo: zoo, Options: opt}
	e.Add(1, "", func(d node.Disk, r *node.Rand) node.Machine { return peer.Main(cfg, d, r) })
	t.Cleanup(e.check)
	return e
}

func (e *ensemble) mode() string { return e.Machine(1).(peer.Server).Status().Mode }

// QuorumPeerConfig.isDistributed: a lone voter that may be standalone is; everybody else is not.
func TestTheConfigurationDecidesWhichServerIsStarted(t *testing.T) {
	for _, c := range []struct {
		voters  int
		enabled bool
		alone   bool
	}{{1, true, true}, {1, false, false}, {2, true, false}, {3, true, false}} {
		e := lone(t, c.voters, c.enabled, zk.Options3_8_0())
		e.start(1)
		if _, alone := e.Machine(1).(*peer.Standalone); alone != c.alone {
			t.Errorf("%d voters, standaloneEnabled %t: standalone is %t", c.voters, c.enabled, alone)
		}
	}
}

func TestAStandaloneServerServesBeforeAnyTimePasses(t *testing.T) {
	e := lone(t, 1, true, zk.Options3_8_0())
	e.start(1)
	if e.mode() != "standalone" || e.Now() != 0 {
		t.Fatalf("it is %s at %d", e.mode(), e.Now())
	}
	e.told("1 storage.loaded snapshot.0 0:0 0", "1 storage.snapshotTaken snapshot.0 0:0",
		"1 server.standalone 0:0")
	e.now()
	e.connect(1).creates("/a")
	e.told("1 log.appended 0:1 createSession", "1 log.durable 0:1", "1 tree.delivered 0:1",
		"1 log.appended 0:2 create", "1 log.durable 0:2", "1 tree.delivered 0:2 create /a")
}

// With the repair it makes its first snapshot durable before it serves.
func TestARepairedStandaloneServerSyncsBeforeItServes(t *testing.T) {
	e := lone(t, 1, true, zk.OptionsCorrect())
	e.start(1)
	if e.mode() != "not-serving" {
		t.Fatalf("it is %s before its disk is synced", e.mode())
	}
	e.wait("standalone", func() bool { return e.mode() == "standalone" })
	e.must(e.Crash(1, 0))
	e.start(1)
	e.wait("standalone", func() bool { return e.mode() == "standalone" })
	e.told("1 disk.synced", "1 server.standalone 0:0", "1 world.crashed", "1 world.started 2",
		"1 disk.synced", "1 server.standalone 0:0")
}

func TestAStandaloneServerEndsWhenItsDiskCannotBeSynced(t *testing.T) {
	e := lone(t, 1, true, zk.OptionsCorrect())
	e.must(e.FailSync(1))
	e.start(1)
	e.wait("the end", func() bool { return !e.Up(1) })
	e.told("1 disk.syncFailed", "1 world.exited")
}

// A session that outlives the process expires under the next, and takes its nodes along.
func TestSessionsOutliveAStandaloneServersProcess(t *testing.T) {
	e := lone(t, 1, true, zk.Options3_8_0())
	e.start(1)
	s := e.connect(1)
	s.asks(&zk.Request{Type: zk.OpCreate, Path: "/e", ACL: zk.OpenACLUnsafe, Flags: 1}).answer()
	e.must(e.Kill(1))
	e.run(10 * node.Second)
	e.start(1)
	e.now()
	e.run(590 * node.Second)
	e.untold("1 session.closed")
	e.run(20 * node.Second)
	e.told("1 session.expiring", "1 session.closed", "1 tree.delivered 0:3 closeSession")
}
