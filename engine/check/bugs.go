package check

import (
	"slices"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
)

// bug is a known fault of ZooKeeper that an option of the run brings to life. It is blamed for
// nothing before it has shown itself: by a sign, or by a rule that it breaks by itself.
type bug struct {
	name  string
	live  func(*zk.Options) bool
	sign  sign                  // what it does that breaks no rule at once; 0 for nothing
	roots []string              // rules that it breaks by itself
	marks func(f *finding) bool // whether a violation of roots is its work; nil: always
	then  []string              // rules that break as a consequence
}

// loss is what follows when the disks of a quorum do not hold what was committed.
var loss = []string{"S12", "S15", "S16", "S17", "S18", "S4", "S7", "S19", "S2", "S5", "M2", "M6",
	"E7"}

// with joins more rules to loss.
func with(more ...string) []string { return append(more, loss...) }

// bugs are in the order in which they are named: what is more specific first. Those that nobody
// has reported to the ZooKeeper project go by the option that repairs them.
var bugs = []bug{
	{"ZOOKEEPER-1277", func(o *zk.Options) bool { return !o.RolloverCheck },
		0, []string{"S11", "S9"}, (*finding).beyondEpoch, []string{"S10", "S14", "S4", "M2"}},
	{"ZOOKEEPER-790", func(o *zk.Options) bool { return o.ActivateBeforeAcks },
		0, []string{"M7"}, nil, loss},
	{"ZOOKEEPER-1156", func(o *zk.Options) bool { return o.TruncPosBug },
		cutTooMuch, nil, nil, with("E4")},
	{"ZOOKEEPER-1154", func(o *zk.Options) bool { return !o.TruncInCommittedLog },
		strangerKept, nil, nil, loss},
	{"ZOOKEEPER-3104", func(o *zk.Options) bool { return o.NewLeaderBeforeSnap },
		0, []string{"S13"}, (*finding).bySnapshot, with("M1")},
	{"ZOOKEEPER-3642", func(o *zk.Options) bool { return !o.ClearPartialSnap },
		partialSnapshot, nil, nil, with("S13")},
	{"ZOOKEEPER-2845", func(o *zk.Options) bool { return !o.FastForward },
		memoryBehindLog, nil, nil, loss},
	{"ZOOKEEPER-3023", func(o *zk.Options) bool { return o.SyncVariant == zk.SyncV2678 },
		0, []string{"S13"}, (*finding).unwritten, loss},
	{"ZOOKEEPER-4643", epochBeforeLog, 0, []string{"E7"}, (*finding).unwritten, loss},
	{"ZOOKEEPER-5094", func(o *zk.Options) bool { return !o.RepairTruncSync },
		partialTruncation, []string{"E7", "S13"}, (*finding).unsyncedTruncation, with("S13")},
	{"ZOOKEEPER-4646", func(o *zk.Options) bool { return o.SyncVariant == zk.SyncV3911 },
		0, []string{"S13", "E7"}, (*finding).unsyncedSync, loss},
	{"ZOOKEEPER-4685", func(o *zk.Options) bool { return o.SyncVariant == zk.SyncV3911 },
		0, []string{"M4"}, (*finding).proposalFirst, nil},
	{"ZOOKEEPER-4394", func(o *zk.Options) bool {
		return o.SyncVariant == zk.SyncV3911 || o.SyncVariant == zk.SyncV4785
	}, 0, []string{"M1"}, (*finding).saidByLearner, nil},
	{"ZOOKEEPER-4925", func(o *zk.Options) bool { return o.SyncVariant == zk.SyncV4394 },
		0, []string{"M6"}, (*finding).fromCommittedLog, loss},
	{"ZOOKEEPER-1653", func(o *zk.Options) bool { return !o.RepairEpochFirst },
		0, []string{"E4"}, (*finding).leftBeforeEpoch, nil},
	{"ZOOKEEPER-2832", func(o *zk.Options) bool { return !o.RepairTruncSnapshots },
		cutCameBack, nil, nil, with("E4")},
	{"ZOOKEEPER-2846", func(o *zk.Options) bool { return !o.RepairTxnLogSync },
		strangerInLog, []string{"M6"}, (*finding).fromTxnLog, loss},
	{"repair.forgetStaleAcks", func(o *zk.Options) bool { return !o.RepairStaleAcks },
		0, []string{"S12"}, (*finding).ackedBeforeCut, loss},
	{"repair.syncAtStart", func(o *zk.Options) bool { return !o.RepairStartSync },
		foundAndLost, nil, nil, loss},
}

// epochBeforeLog reports whether currentEpoch is written before the transactions of the sync.
func epochBeforeLog(o *zk.Options) bool {
	return o.EpochBeforeLog || o.SyncVariant == zk.SyncV2678
}

// suspect is a bug that is live in a run, and the servers at which it has shown itself.
type suspect struct {
	bug
	at []node.ID
}

// suspects finds the bugs that are live in a run.
func suspects(o *zk.Options) []suspect {
	var out []suspect
	for _, b := range bugs {
		if b.live(o) {
			out = append(out, suspect{bug: b})
		}
	}
	return out
}

// show notes that the bug has shown itself at a server.
func (s *suspect) show(at node.ID) {
	if !slices.Contains(s.at, at) {
		s.at = append(s.at, at)
	}
}

// blame names the bug that breaks a rule: one of whose work it bears the marks, else one that has
// shown itself before where it can have led to this; "" for none.
func blame(live []suspect, f *finding) string {
	for i := range live {
		b := &live[i]
		if slices.Contains(b.roots, f.v.Rule) && (b.marks == nil || b.marks(f)) {
			for _, at := range f.culprits() {
				b.show(at)
			}
			return b.name
		}
	}
	for i := range live {
		if b := &live[i]; slices.Contains(b.then, f.v.Rule) && f.follows(b.at) {
			return b.name
		}
	}
	return ""
}

// finding is a violation with what is known when it is seen.
type finding struct {
	m  *model
	ev *trace.Event
	v  *Violation
}
