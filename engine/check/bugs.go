package check

import (
	"slices"

	"zabscope/engine/zk"
)

// bug is a known fault of ZooKeeper that an option of the run brings to life.
type bug struct {
	name  string
	live  func(*zk.Options) bool
	roots []string // rules that it breaks by itself
	then  []string // rules that break as a consequence
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
		[]string{"S11", "S9"}, []string{"S10", "S14", "S4", "M2"}},
	{"ZOOKEEPER-790", func(o *zk.Options) bool { return o.ActivateBeforeAcks },
		[]string{"M7"}, loss},
	{"ZOOKEEPER-1156", func(o *zk.Options) bool { return o.TruncPosBug },
		[]string{"S18"}, with("E4")},
	{"ZOOKEEPER-1154", func(o *zk.Options) bool { return !o.TruncInCommittedLog },
		[]string{"S4", "M6"}, loss},
	{"ZOOKEEPER-3104", func(o *zk.Options) bool { return o.NewLeaderBeforeSnap },
		[]string{"S13"}, with("M1")},
	{"ZOOKEEPER-3642", func(o *zk.Options) bool { return !o.ClearPartialSnap },
		[]string{"E7"}, with("S13")},
	{"ZOOKEEPER-2845", func(o *zk.Options) bool { return !o.FastForward },
		[]string{"S4"}, loss},
	{"ZOOKEEPER-3023", func(o *zk.Options) bool { return o.SyncVariant == zk.SyncV2678 },
		[]string{"S13"}, loss},
	{"ZOOKEEPER-4643", epochBeforeLog, []string{"E7"}, loss},
	{"ZOOKEEPER-4646", func(o *zk.Options) bool { return o.SyncVariant == zk.SyncV3911 },
		[]string{"S13"}, loss},
	{"ZOOKEEPER-4685", func(o *zk.Options) bool { return o.SyncVariant == zk.SyncV3911 },
		[]string{"M4"}, nil},
	{"ZOOKEEPER-4394", func(o *zk.Options) bool {
		return o.SyncVariant == zk.SyncV3911 || o.SyncVariant == zk.SyncV4785
	}, []string{"M1"}, nil},
	{"ZOOKEEPER-4925", func(o *zk.Options) bool { return o.SyncVariant == zk.SyncV4394 },
		[]string{"M6"}, loss},
	{"ZOOKEEPER-1653", func(o *zk.Options) bool { return !o.RepairEpochFirst },
		[]string{"E4"}, nil},
	{"ZOOKEEPER-2832", func(o *zk.Options) bool { return !o.RepairTruncSnapshots },
		nil, with("E4")},
	{"ZOOKEEPER-2846", func(o *zk.Options) bool { return !o.RepairTxnLogSync },
		[]string{"M6"}, loss},
	{"ZOOKEEPER-5094", func(o *zk.Options) bool { return !o.RepairTruncSync },
		[]string{"E7", "S13"}, loss},
	{"repair.forgetStaleAcks", func(o *zk.Options) bool { return !o.RepairStaleAcks },
		nil, loss},
	{"repair.syncAtStart", func(o *zk.Options) bool { return !o.RepairStartSync }, nil, loss},
}

// epochBeforeLog reports whether currentEpoch is written before the transactions of the sync.
func epochBeforeLog(o *zk.Options) bool {
	return o.EpochBeforeLog || o.SyncVariant == zk.SyncV2678
}

// suspects finds the bugs that are live in a run.
func suspects(o *zk.Options) []bug {
	var out []bug
	for _, b := range bugs {
		if b.live(o) {
			out = append(out, b)
		}
	}
	return out
}

// blame names the bug that breaks a rule: one that breaks it by itself, else one that has
// already shown by a rule of its own, else any that may. seen are the rules broken before.
func blame(live []bug, rule string, seen map[string]bool) string {
	shown := func(r string) bool { return seen[r] }
	for _, tells := range []func(*bug) bool{
		func(b *bug) bool { return slices.Contains(b.roots, rule) },
		func(b *bug) bool {
			return slices.Contains(b.then, rule) && slices.ContainsFunc(b.roots, shown)
		},
		func(b *bug) bool { return slices.Contains(b.then, rule) },
	} {
		for i := range live {
			if tells(&live[i]) {
				return live[i].name
			}
		}
	}
	return ""
}
