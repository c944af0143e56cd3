package zk

import (
	"fmt"
	"strings"
)

// SyncVariant names what a learner does between NEWLEADER and its ACK, which changed five times.
type SyncVariant string

// The variants, oldest first. (Learner.syncWithLeader of the releases named)
const (
	SyncV34Snap SyncVariant = "v34snap" // 3.4.0: always a snapshot, then currentEpoch, ACK
	SyncV2678   SyncVariant = "v2678"   // 3.4.10, 3.5.3: no snapshot after DIFF; logged after UPTODATE
	SyncV3911   SyncVariant = "v3911"   // 3.8.0: currentEpoch, hand to the log thread, ACK
	SyncV4785   SyncVariant = "v4785"   // 3.8.5, 3.9.2: append and fsync all, currentEpoch, ACK
	SyncV4394   SyncVariant = "v4394"   // 3.9.3: log and apply what is committed, committedLog left
	SyncFixed   SyncVariant = "fixed"   // 3.9.4 and later
)

// SyncVariants lists them, oldest first. Callers must not change it.
var SyncVariants = []SyncVariant{SyncV34Snap, SyncV2678, SyncV3911, SyncV4785, SyncV4394, SyncFixed}

// Options holds points where releases of ZooKeeper differ in what an ensemble promises: those of
// election, of synchronization from 3.4 on, of activation, and of the files that bear on them; beside
// them the repairs that no release has. Not held are the synchronization of 3.3 and before, in which
// a learner without an epoch of its own follows whoever leads; what fsync does, which is a matter of
// the simulated disk and of forceSync; and operations, commands and errors that releases added. The
// JSON names are those by which scenarios and people set them. Options3_8_0 is the default everywhere;
// the zero value is not meaningful.
type Options struct {
	SyncVariant    SyncVariant `json:"learner.syncVariant"`
	EpochBeforeLog bool        `json:"learner.epochBeforeLog"` // isolates ZOOKEEPER-4643
	// FastForward moves memory on to the end of the log when a role ends. The log thread is always
	// stopped and waited for first, as in releases with ZOOKEEPER-4712; a learner of 3.8.0 does not.
	FastForward      bool `json:"learner.shutdownFastForward"` // ZOOKEEPER-2845 fixed
	ClearPartialSnap bool `json:"learner.clearOnPartialSnap"`  // ZOOKEEPER-3642 fixed
	LearnerGapCheck  bool `json:"learner.continuityCheck"`     // 3.9.4

	NewLeaderBeforeSnap  bool `json:"leader.newLeaderBeforeSnap"`         // ZOOKEEPER-3104
	TruncInCommittedLog  bool `json:"leader.syncTruncWithinCommittedLog"` // ZOOKEEPER-1154 fixed
	TruncAcrossEpochs    bool `json:"leader.truncAcrossEpochs"`           // 3.4 and older
	ActivateBeforeAcks   bool `json:"leader.activateBeforeAcks"`          // ZOOKEEPER-790
	RolloverCheck        bool `json:"leader.rolloverCheck"`               // ZOOKEEPER-1277 fixed
	CommittedLogGapCheck bool `json:"committedLog.continuityCheck"`       // 3.9.4

	TruncPosBug bool `json:"storage.truncPosBug"` // ZOOKEEPER-1156

	RequirePeerEpoch bool `json:"fle.requirePeerEpoch"` // 3.4 and later
	CheckLeader      bool `json:"fle.checkLeader"`      // 3.4 and later
	FullHouse        bool `json:"fle.fullHouseShortcut"`
	StrictEquality   bool `json:"fle.strictOutOfElectionEquality"` // before ZOOKEEPER-1732

	WatchEventZxid bool `json:"watch.eventZxid"`        // 3.9
	LastZxidBlock  bool `json:"snapshot.lastZxidBlock"` // 3.9

	// RepairEpochFirst: the learner prepares currentEpoch.tmp before the NEWLEADER snapshot, or
	// before it logs what a DIFF brought, so that a crash between the two leaves a server that starts
	// (the rest of ZOOKEEPER-1653).
	RepairEpochFirst bool `json:"repair.epochTmpBeforeSnapshot"`
	// RepairTruncSnapshots: truncation also removes snapshots newer than the cut (ZOOKEEPER-2832),
	// and cuts before a transaction beyond it where the log does not hold the one to cut behind.
	RepairTruncSnapshots bool `json:"repair.truncateSnapshots"`
	// RepairTxnLogSync: the leader sends from its disk log only what it holds as committed and only
	// when the peer's last zxid stands in that log (ZOOKEEPER-2846).
	RepairTxnLogSync bool `json:"repair.txnLogSync"`
	// RepairTornRecord: a last log record whose checksum fails is a torn tail and is dropped.
	RepairTornRecord bool `json:"repair.tornRecord"`
	// RepairStartSync: a server makes durable what it finds and makes on its disk at a start, before
	// it takes part: a log that a killed process left in the page cache, the snapshot.0 without which
	// a log is refused.
	RepairStartSync bool `json:"repair.syncAtStart"`
	// RepairTruncSync: a learner makes the truncated log and the snapshot behind it durable before it
	// acknowledges NEWLEADER, and forgets what is in memory if it leaves before, as it does after a
	// SNAP (ZOOKEEPER-5094).
	RepairTruncSync bool `json:"repair.syncTruncation"`
	// RepairStaleAcks: the leader that brings a learner level forgets what the learner acknowledged
	// behind that point on an earlier connection, since a TRUNC may just have erased it.
	RepairStaleAcks bool `json:"repair.forgetStaleAcks"`
	// RepairAnswerLoop: a server without a vote that says the same again at once, before the shortest
	// time after which notifications are repeated, is not told the same again.
	// Otherwise two servers, none a voter to the other, answer each other's answers for ever.
	RepairAnswerLoop bool `json:"repair.answerNonVotersOnce"`
}

// Options3_8_0 is the behaviour of Apache ZooKeeper 3.8.0, the default.
func Options3_8_0() Options {
	return Options{
		SyncVariant: SyncV3911, EpochBeforeLog: true, FastForward: true, ClearPartialSnap: true,
		TruncInCommittedLog: true, RolloverCheck: true, RequirePeerEpoch: true, CheckLeader: true,
	}
}

// OptionsCorrect is 3.9.5, as far as Options tells releases apart, with every repair switched on: the
// variant in which no fault schedule may violate an invariant.
func OptionsCorrect() Options {
	o := Options3_8_0()
	o.SyncVariant, o.EpochBeforeLog = SyncFixed, false
	o.LearnerGapCheck, o.CommittedLogGapCheck = true, true
	o.WatchEventZxid, o.LastZxidBlock = true, true
	o.RepairEpochFirst, o.RepairTruncSnapshots = true, true
	o.RepairTxnLogSync, o.RepairTornRecord = true, true
	o.RepairStartSync, o.RepairTruncSync, o.RepairStaleAcks = true, true, true
	o.RepairAnswerLoop = true
	return o
}

// Validate says in a sentence what no server could run with, nil if all is well: every option is a
// switch but one. It does not fill anything in.
func (o *Options) Validate() error {
	names := make([]string, len(SyncVariants))
	for i, v := range SyncVariants {
		if v == o.SyncVariant {
			return nil
		}
		names[i] = string(v)
	}
	return fmt.Errorf("there is no learner.syncVariant %q; there are %s", string(o.SyncVariant),
		strings.Join(names, ", "))
}
