package zk

import (
	"fmt"
	"math"
)

// SID is a server id, the number in the file myid. Real ensembles use 0..255, because a session
// id takes its low byte; the simulator accepts any positive number. (QuorumPeer.getMyId)
type SID int64

// NoLeader is proposed by servers that may not be elected: observers and non-voting followers.
// (FastLeaderElection.getInitId returns Long.MIN_VALUE)
const NoLeader SID = math.MinInt64

// String returns the decimal id, or "none" for NoLeader.
func (s SID) String() string {
	if s == NoLeader {
		return "none"
	}
	return fmt.Sprintf("%d", int64(s))
}

// Epoch numbers leaderships: the high 32 bits of a Zxid. -1 means "not told" where a packet or a
// vote says so.
type Epoch int64

// Zxid is a transaction id: epoch in the high 32 bits, counter in the low 32. Zxids are ordered
// as signed 64-bit numbers. (org.apache.zookeeper.server.util.ZxidUtils)
type Zxid int64

// NoZxid marks a database that was never initialised (votes with it are ignored, ZOOKEEPER-261)
// and the zxid field of packets that carry none.
const NoZxid Zxid = -1

// MinZxid is what an observer reports as its last zxid in a vote.
// (FastLeaderElection.getInitLastLoggedZxid)
const MinZxid Zxid = math.MinInt64

// MakeZxid joins an epoch and a counter. (ZxidUtils.makeZxid)
func MakeZxid(e Epoch, counter int64) Zxid {
	return Zxid(int64(e)<<32 | counter&0xffffffff)
}

// Epoch is the high half, sign kept. (ZxidUtils.getEpochFromZxid)
func (z Zxid) Epoch() Epoch { return Epoch(z >> 32) }

// Counter is the low half, in [0, 1<<32). (ZxidUtils.getCounterFromZxid)
func (z Zxid) Counter() int64 { return int64(z) & 0xffffffff }

// IsNewEpoch reports whether z is the bare start of an epoch, which no transaction carries.
// (LearnerHandler.syncFollower: isPeerNewEpochZxid)
func (z Zxid) IsNewEpoch() bool { return z.Counter() == 0 }

// String writes epoch:counter, as people read it.
func (z Zxid) String() string {
	switch z {
	case NoZxid:
		return "none"
	case MinZxid:
		return "min"
	}
	return fmt.Sprintf("%d:%d", int64(z.Epoch()), z.Counter())
}

// Hex writes 0x and lower-case digits without leading zeros, as log lines and srvr do.
func (z Zxid) Hex() string { return fmt.Sprintf("0x%x", uint64(z)) }

// Vote is what a server proposes or has elected. (org.apache.zookeeper.server.quorum.Vote)
type Vote struct {
	Leader        SID
	Zxid          Zxid
	ElectionEpoch int64 // logicalclock of the voter, -1 if unknown
	PeerEpoch     Epoch // currentEpoch of the candidate, -1 if unknown
	State         ServerState
	Version       int32 // 0 for votes that name no format version
}

// SameBallot reports whether two votes name the same candidate with the same history in the same
// round. (Vote.equals, case "either state is LOOKING")
func (v Vote) SameBallot(w Vote) bool {
	return v.Leader == w.Leader && v.Zxid == w.Zxid &&
		v.ElectionEpoch == w.ElectionEpoch && v.PeerEpoch == w.PeerEpoch
}

// Equal is Vote.equals of 3.8.0: a full comparison when either side is LOOKING, otherwise leader
// and peerEpoch (ZOOKEEPER-1732), and the leader alone between votes of different formats.
func (v Vote) Equal(w Vote) bool {
	switch {
	case v.State == Looking || w.State == Looking:
		return v.SameBallot(w)
	case (v.Version > 0) == (w.Version > 0):
		return v.Leader == w.Leader && v.PeerEpoch == w.PeerEpoch
	default:
		return v.Leader == w.Leader
	}
}

// String is the vote as lessons write it: (leader, epoch:counter, peerEpoch, round).
func (v Vote) String() string {
	return fmt.Sprintf("(leader %s, zxid %s, peerEpoch %d, round %d)",
		v.Leader, v.Zxid, v.PeerEpoch, v.ElectionEpoch)
}
