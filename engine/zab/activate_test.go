package zab

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// reconfigTxn is a reconfig to servers 1 to n, of the zxid that names it.
func reconfigTxn(z zk.Zxid, n int) *zk.Txn {
	t := &zk.Txn{Zxid: z, Type: zk.OpReconfig, Path: "/zookeeper/config", Version: -1,
		Data: []byte(voters(n).WithVersion(int64(z)).Text())}
	jute.EncodeTxn(t)
	return t
}

// proposes hands a follower the PROPOSAL of a reconfig, activates the commit of one with the leader
// that it names.
func (r *rig) proposes(z string, n int) {
	x := reconfigTxn(zxid(r.t, z), n)
	r.hearsMessage(&jute.QuorumPacket{Type: zk.PROPOSAL, Zxid: x.Zxid, Txn: x})
}

func (r *rig) activates(z string, leader zk.SID) {
	r.hearsMessage(&jute.QuorumPacket{Type: zk.COMMITANDACTIVATE, Zxid: zxid(r.t, z),
		Leader: leader})
}

func (r *rig) informs(z string, n int, leader zk.SID) {
	x := reconfigTxn(zxid(r.t, z), n)
	r.hearsMessage(&jute.QuorumPacket{Type: zk.INFORMANDACTIVATE, Zxid: x.Zxid, Txn: x,
		Leader: leader})
}

// may lets the rig's members be changed.
func may(r *rig) { changeable(r) }

// A follower has the configuration on disk before it logs the reconfig, and both before it
// acknowledges; what comes meanwhile waits. (Follower.processPacket)
func TestFollowerSeesAConfiguration(t *testing.T) {
	r := ready(t, may)
	r.proposes("2:1", 4)
	r.hears("PROPOSAL 2:2")
	r.did("sync zoo.cfg.dynamic.next.tmp")
	r.fsync()
	r.did("append 2:1, sync log.200000001")
	r.fsyncAll()
	r.answers("ACK 2:1, ACK 2:2")
	if v := r.lastSeen.Membership(); len(v.Voters()) != 4 || v.Version != 2<<32|1 {
		t.Errorf("last seen is %s", v.Text())
	}
	if len(r.verifier.Membership().Voters()) != 3 {
		t.Error("a configuration that was only proposed is in force")
	}
}

// COMMITANDACTIVATE installs it, and the transaction is applied when that is on disk.
func TestFollowerActivatesAConfiguration(t *testing.T) {
	r := ready(t, may)
	r.proposes("2:1", 4)
	r.fsyncAll()
	r.journal = nil
	r.activates("2:1", 2)
	r.hears("PROPOSAL 2:2")
	r.did("sync zoo.cfg.dynamic.200000001.tmp")
	r.fsyncAll()
	r.did("apply 2:1, append 2:2, sync log.200000001, send ACK 2:2")
	r.goesOn()
	if len(r.verifier.Membership().Voters()) != 4 {
		t.Error("the configuration is not in force")
	}
}

// When another leader is named the follower leaves, behind the commit.
// (Follower.processPacket: fzk.commit, then "changes proposed in reconfig")
func TestFollowerLeavesForTheDesignatedLeader(t *testing.T) {
	r := ready(t, may)
	r.proposes("2:1", 4)
	r.fsyncAll()
	r.journal = nil
	r.activates("2:1", 3)
	r.fsyncAll()
	r.did("sync zoo.cfg.dynamic.200000001.tmp, apply 2:1")
	r.gaveUp("changes proposed in reconfig")
	r.shutdown()
	if got := r.db.LastProcessed(); got != zxid(t, "2:1") {
		t.Errorf("its memory ends at %s", got)
	}
}

// A leader that activates what it did not propose, or what cannot be read, is left.
func TestNonsenseIsNotActivated(t *testing.T) {
	r := ready(t, may)
	r.activates("2:1", 2)
	r.gaveUp("was not proposed")

	r = ready(t, may)
	r.hears("PROPOSAL 2:1")
	r.fsyncAll()
	r.activates("2:1", 2)
	r.gaveUp("was not proposed")

	r = ready(t, may)
	bad := &zk.Txn{Zxid: zxid(t, "2:1"), Type: zk.OpReconfig, Data: []byte("server.1=nowhere")}
	r.hearsMessage(&jute.QuorumPacket{Type: zk.PROPOSAL, Zxid: bad.Zxid, Txn: bad})
	r.gaveUp("the configuration is unreadable")
}

// Where reconfig is not enabled the transaction is one like any other.
func TestReconfigMeansNothingWhereItIsNotEnabled(t *testing.T) {
	r := ready(t)
	r.proposes("2:1", 4)
	r.fsyncAll()
	r.activates("2:1", 3)
	r.did("append 2:1, sync log.200000001, send ACK 2:1, apply 2:1")
	r.goesOn()
	if len(r.verifier.Membership().Voters()) != 3 {
		t.Error("the configuration is in force")
	}
}

// During synchronization a reconfig is seen with its PROPOSAL, and NEWLEADER's configuration with
// NEWLEADER: each is on disk before anything else happens. UPTODATE commits the latter, and only
// then does the learner serve. (Learner.syncWithLeader)
func TestConfigurationsOfTheSynchronization(t *testing.T) {
	r := registered(t, "1:1..1:3", may)
	r.hears("DIFF 1:5")
	r.proposes("1:4", 4)
	r.did("sync zoo.cfg.dynamic.next.tmp")
	r.hears("COMMIT 1:4, PROPOSAL 1:5, COMMIT 1:5")
	r.hearsMessage(&jute.QuorumPacket{Type: zk.NEWLEADER, Zxid: zxid(t, "2:0"),
		Config: voters(5).WithVersion(2 << 32).Text()})
	r.did("")
	r.fsync()
	r.did("sync zoo.cfg.dynamic.next.tmp")
	r.fsync()
	r.did("sync currentEpoch.tmp")
	r.fsyncAll()
	r.answers("ACK 2:0, ACK 1:4, ACK 1:5")
	r.journal = nil
	r.hears("UPTODATE")
	r.did("sync zoo.cfg.dynamic.200000000.tmp")
	if r.zks().Running() {
		t.Error("clients are served before the configuration is written")
	}
	r.fsyncAll()
	r.did("send ACK 2:0, phase BROADCAST, ready, leader 2, apply 1:4, apply 1:5")
	if v := r.verifier.Membership(); v.Version != 2<<32 || len(v.Voters()) != 5 {
		t.Errorf("in force is %s", v.Text())
	}
}

// A NEWLEADER without a configuration that can be read commits none. (Learner.syncWithLeader)
func TestNewLeaderWithoutAConfiguration(t *testing.T) {
	for _, text := range []string{"", "x", "server.1=nowhere", "server.1=a:1:2:observer"} {
		r := registered(t, "1:1..1:3", may).hears("DIFF 1:3")
		r.hearsMessage(&jute.QuorumPacket{Type: zk.NEWLEADER, Zxid: zxid(t, "2:0"), Config: text})
		r.fsyncAll()
		r.hears("UPTODATE")
		r.goesOn()
		if !r.zks().Running() || r.lastSeen != r.verifier {
			t.Errorf("%q: running %t, last seen %s", text, r.zks().Running(),
				r.lastSeen.Membership().Text())
		}
	}
}

// COMMITANDACTIVATE may come before UPTODATE: it counts if it names the oldest proposal, and may
// send the learner away. (Learner.syncWithLeader, case COMMITANDACTIVATE)
func TestActivationDuringSynchronization(t *testing.T) {
	for leader, stays := range map[zk.SID]bool{2: true, 3: false} {
		r := registered(t, "1:1..1:3", may).hears("DIFF 1:3, PROPOSAL 1:4")
		r.proposes("1:5", 4)
		r.fsync()
		r.activates("1:5", leader) // 1:4 is the oldest: a commit like any other
		r.hears("COMMIT 1:4")
		if r.verifier.Membership().Version != 1 {
			t.Error("it was activated out of order")
		}
		r = registered(t, "1:1..1:3", may).hears("DIFF 1:3")
		r.proposes("1:4", 4)
		r.fsync()
		r.activates("1:4", leader)
		r.fsync()
		if v := r.verifier.Membership().Version; v != 1<<32|4 {
			t.Errorf("version %x is in force", v)
		}
		if stays {
			r.goesOn()
		} else {
			r.gaveUp("changes proposed in reconfig")
		}
	}
}

// An observer is told with INFORMANDACTIVATE. It logs and applies the transaction even if it then has
// to leave.
// (Observer.processPacket)
func TestObserverActivatesAConfiguration(t *testing.T) {
	watching := func(r *rig) {
		observing(r)
		changeable(r)
	}
	r := ready(t, watching)
	r.informs("2:1", 5, 2)
	r.did("sync zoo.cfg.dynamic.200000001.tmp")
	r.fsyncAll()
	r.did("append 2:1, sync log.200000001, apply 2:1")
	r.goesOn()

	r = ready(t, watching)
	r.informs("2:1", 5, 3)
	r.fsyncAll()
	r.did("sync zoo.cfg.dynamic.200000001.tmp, append 2:1, sync log.200000001, apply 2:1")
	r.gaveUp("changes proposed in reconfig")
	r.shutdown()
	if got := r.db.LastProcessed(); got != zxid(t, "2:1") {
		t.Errorf("its memory ends at %s", got)
	}
}

// Before UPTODATE the same packet is kept like an INFORM.
func TestObserverActivatesDuringSynchronization(t *testing.T) {
	r := registered(t, "1:1..1:3", func(r *rig) {
		observing(r)
		changeable(r)
	}).hears("DIFF 1:3")
	r.hearsMessage(&jute.QuorumPacket{Type: zk.NEWLEADER, Zxid: zxid(t, "2:0")})
	r.fsyncAll()
	r.informs("2:1", 5, 2)
	r.fsyncAll()
	r.journal = nil
	r.hears("UPTODATE")
	r.did("send ACK 2:0, phase BROADCAST, ready, leader 2, append 2:1, sync log.200000001, apply 2:1")
}

// A follower is sent away by UPTODATE if NEWLEADER's configuration has another leader in mind.
func TestUptodateMayBeAMajorChange(t *testing.T) {
	r := registered(t, "1:1..1:3", may)
	stranger := &firm{rig: r}
	r.learner = NewLearner(stranger, false)
	r.follow().connected().hears("LEADERINFO 2:0")
	r.fsyncAll()
	r.hears("DIFF 1:3")
	r.hearsMessage(&jute.QuorumPacket{Type: zk.NEWLEADER, Zxid: zxid(t, "2:0"),
		Config: voters(4).WithVersion(2 << 32).Text()})
	r.fsyncAll()
	r.hears("UPTODATE")
	r.gaveUp("changes proposed in reconfig")
	if r.count(event.LearnerReady) != 0 {
		t.Error("it was ready")
	}
}

// firm is a peer for which every configuration is a major change.
type firm struct{ *rig }

func (f *firm) ProcessReconfig(o *node.Out, m *zk.Membership, _ zk.SID, _ zk.Zxid,
	then func(*node.Out, bool)) {
	f.verifier = quorum.New(m)
	then(o, true)
}
