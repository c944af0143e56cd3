package zab

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// nonsense draws packets that may stand at any place: of all types, with zxids near those in use.
type nonsense struct{ *node.Rand }

func (n nonsense) packet() *jute.QuorumPacket {
	p := &jute.QuorumPacket{Type: zk.REQUEST + zk.PacketType(n.Intn(19)), SID: zk.SID(n.Intn(5)),
		Zxid: zk.MakeZxid(zk.Epoch(n.Intn(3)), n.Intn(6)), Epoch: int32(n.Intn(3)) - 1,
		Session: n.Intn(3), Cxid: int32(n.Intn(3)), Timeout: 4000, Protocol: protocolVersion}
	switch p.Type {
	case zk.PROPOSAL, zk.INFORM, zk.INFORMANDACTIVATE:
		p.Txn = txn(p.Zxid)
	case zk.REQUEST:
		p.Request = &zk.Request{Type: zk.OpCreateSession, Timeout: 4000}
	case zk.PING:
		p.Touches = []jute.Touch{{Session: n.Intn(3), Timeout: 4000}}
	}
	return p
}

// A leader takes whatever its learners say, at whatever time: it refuses, ignores or gives up, and
// never commits what has no quorum.
func TestLeaderSurvivesNonsense(t *testing.T) {
	for seed := range uint64(150) {
		n := nonsense{node.NewRand(seed)}
		r := newLeader(t, voters(5, 5)).lead()
		var fs []*far
		for range 120 {
			switch k := n.Intn(20); {
			case k < 2:
				fs = append(fs, r.dialIn(zk.SID(2+n.Intn(4))))
			case k < 6 && len(r.syncs) > 0:
				r.fsync()
			case k < 7:
				r.pass(node.Time(n.Intn(int64(oneTick))))
			case k < 8 && len(fs) > 0:
				fs[n.Intn(int64(len(fs)))].hangsUp()
			case k < 12 && len(fs) > 0:
				f := fs[n.Intn(int64(len(fs)))]
				f.says([]string{"FOLLOWERINFO 0:0", "ACKEPOCH 0:0 epoch 0", "ACK 1:0",
					"ACK 1:1"}[n.Intn(4)])
			case len(fs) > 0:
				fs[n.Intn(int64(len(fs)))].sends(n.packet())
			}
			if r.ended || r.exit != "" {
				break
			}
		}
		for i := range r.events {
			if e := &r.events[i]; e.Kind == event.Committed && len(e.Args[1].S) < len("1,2") {
				t.Errorf("seed %d: %s was committed by %s", seed, e.Args[0], e.Args[1])
			}
		}
		r.shutdown()
		if len(r.timers) != 0 {
			t.Errorf("seed %d: timers %v run on", seed, r.timers)
		}
	}
}

// A learner takes whatever its leader says: it leaves, exits or ignores, and never serves before
// UPTODATE.
func TestLearnerSurvivesNonsense(t *testing.T) {
	usual := []string{"LEADERINFO 2:0", "DIFF 1:3", "PROPOSAL 1:4", "COMMIT 1:4", "NEWLEADER 2:0",
		"UPTODATE", "PING 2:0", "SNAP 1:3"}
	for seed := range uint64(300) {
		n := nonsense{node.NewRand(seed)}
		r := newRig(t, voters(3))
		if seed%3 == 0 {
			observing(r)
		}
		if seed%2 == 0 {
			r.opt = zk.OptionsCorrect()
		}
		r.logged("1:1..1:3")
		r.writeEpochs(1, 1)
		r.asFollower().follow().connected()
		next, uptodate := 0, false
		for range 60 {
			switch k := n.Intn(10); {
			case k < 3 && len(r.syncs) > 0:
				r.fsync()
			case k < 4:
				r.pass(node.Time(n.Intn(int64(oneTick))))
			case k < 8 && next < len(usual):
				uptodate = uptodate || usual[next] == "UPTODATE"
				r.hears(usual[next])
				next++
			case k < 9:
				p := n.packet()
				uptodate = uptodate || p.Type == zk.UPTODATE
				r.hearsMessage(p)
			}
			if r.ended || r.exit != "" {
				break
			}
			if r.zks().Running() && !uptodate {
				t.Fatalf("seed %d: it serves before UPTODATE", seed)
			}
		}
		if r.exit == "" {
			r.shutdown()
		}
	}
}
