package zab

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// story is one row of LearnerHandler.syncFollower.
type story struct {
	name         string
	peer, last   string
	committedLog string
	factor       float64
	disk         string // the log files, all of them
	tooLarge     bool
	hidden       bool // a snapshot hides a part of the files
	change       func(*zk.Options)
	want         string // op zxid, then the transactions
	decided      node.CheckCode
}

var stories = []story{
	{name: "level: DIFF with its own zxid", peer: "1:9", last: "1:9", committedLog: "1:1..1:9",
		want: "DIFF 1:9", decided: event.PeerHasLast},
	{name: "level at the start of an epoch nobody wrote in", peer: "2:0", last: "2:0",
		want: "DIFF 2:0", decided: event.PeerHasLast},
	{name: "a few behind", peer: "1:7", last: "1:9", committedLog: "1:1..1:9",
		want: "DIFF 1:9 + 1:8 1:9", decided: event.PeerZxidIsInLog},
	{name: "behind across an election", peer: "1:2", last: "2:2", committedLog: "1:1..1:3 2:1 2:2",
		want: "DIFF 2:2 + 1:3 2:1 2:2", decided: event.PeerZxidIsInLog},
	{name: "beyond: the write that never was", peer: "1:5", last: "2:0", committedLog: "1:1..1:4",
		want: "TRUNC 1:4", decided: event.PeerIsAtNewEpoch},
	{name: "beyond, from an epoch of the future", peer: "2:5", last: "1:9",
		committedLog: "1:1..1:9", want: "TRUNC 1:9", decided: event.PeerIsAtNewEpoch},
	{name: "a hole across epochs is no TRUNC", peer: "1:5", last: "2:2",
		committedLog: "1:1..1:4 2:1 2:2", want: "SNAP", decided: event.SameEpoch},
	{name: "3.4 sent TRUNC and a diff there", peer: "1:5", last: "2:2",
		committedLog: "1:1..1:4 2:1 2:2",
		change:       func(o *zk.Options) { o.TruncAcrossEpochs = true }, want: "TRUNC 1:4 + 2:1 2:2", decided: event.SameEpoch},
	{name: "before ZOOKEEPER-1154 it got a plain DIFF", peer: "1:5", last: "2:2",
		committedLog: "1:1..1:4 2:1 2:2",
		change:       func(o *zk.Options) { o.TruncInCommittedLog = false }, want: "DIFF 2:2 + 2:1 2:2", decided: event.PeerZxidIsInLog},
	{name: "a hole inside one epoch is TRUNC and a diff", peer: "1:3", last: "1:5",
		committedLog: "1:1 1:2 1:4 1:5", want: "TRUNC 1:2 + 1:4 1:5", decided: event.SameEpoch},
	{name: "at the start of an epoch with writes after it", peer: "2:0", last: "2:2",
		committedLog: "1:1..1:4 2:1 2:2", want: "DIFF 2:2 + 2:1 2:2",
		decided: event.PeerIsAtNewEpoch},
	{name: "the leader came up by SNAP: committedLog is empty", peer: "1:3", last: "2:0",
		factor: -1, want: "SNAP", decided: event.TxnLogSyncAllowed},
	{name: "an empty newcomer and no log file", peer: "0:0", last: "1:0", factor: 0.33,
		want: "SNAP", decided: event.TxnLogHoldsPeer},
	{name: "an empty newcomer: the log starts behind it", peer: "0:0", last: "1:9", factor: 0.33,
		committedLog: "1:1..1:9", disk: "1:1..1:9", want: "SNAP", decided: event.TxnLogHoldsPeer},
	{name: "far behind: the disk log, then memory", peer: "1:2", last: "1:9", factor: 0.33,
		committedLog: "1:6..1:9", disk: "1:1..1:9", want: "DIFF 1:9 + 1:3..1:9",
		decided: event.PeerZxidIsInLog},
	{name: "far behind and the log is large", peer: "1:2", last: "1:9", factor: 0.33,
		committedLog: "1:6..1:9", disk: "1:1..1:9", tooLarge: true, want: "SNAP",
		decided: event.TxnLogIsSmallEnough},
	{name: "far behind and the disk log switched off", peer: "1:2", last: "1:9", factor: -1,
		committedLog: "1:6..1:9", disk: "1:1..1:9", want: "SNAP",
		decided: event.TxnLogSyncAllowed},
	{name: "a snapshot hides a part of the disk log (2846)", peer: "1:2", last: "1:9",
		factor: 0.33, committedLog: "1:6..1:9", disk: "1:1..1:9", hidden: true,
		want: "DIFF 1:9 + 1:3..1:9", decided: event.PeerZxidIsInLog},
	{name: "repaired it is not used then", peer: "1:2", last: "1:9", factor: 0.33,
		committedLog: "1:6..1:9", disk: "1:1..1:9", hidden: true, change: repairTxnLogSync,
		want: "SNAP", decided: event.TxnLogHoldsPeer},
	{name: "repaired it is not used for a peer that it does not hold", peer: "1:3", last: "1:9",
		factor: 0.33, committedLog: "1:6..1:9", disk: "1:1 1:2 1:4..1:9",
		change: repairTxnLogSync, want: "SNAP", decided: event.TxnLogHoldsPeer},
	{name: "repaired it is used where nothing is in doubt", peer: "1:2", last: "1:9", factor: 0.33,
		committedLog: "1:6..1:9", disk: "1:1..1:9", change: repairTxnLogSync,
		want: "DIFF 1:9 + 1:3..1:9", decided: event.PeerZxidIsInLog},
	{name: "a gap, and something else at the peer's place on disk", peer: "1:3", last: "2:9",
		factor: 0.33, committedLog: "2:6..2:9", disk: "1:1 1:2 2:1..2:4", want: "SNAP",
		decided: event.TxnLogReachesMin},
	{name: "a gap between disk and memory", peer: "1:2", last: "1:9", factor: 0.33,
		committedLog: "1:6..1:9", disk: "1:1..1:4", want: "SNAP", decided: event.TxnLogReachesMin},
}

func repairTxnLogSync(o *zk.Options) { o.RepairTxnLogSync = true }

func (s story) decide(t *testing.T) (SyncPlan, *node.Event) {
	opt := zk.Options3_8_0()
	if s.change != nil {
		s.change(&opt)
	}
	log := txns(t, s.committedLog)
	in := syncInput{peer: zxid(t, s.peer), last: zxid(t, s.last), committedLog: log,
		factor: s.factor, opt: &opt}
	if len(log) > 0 {
		in.min, in.max = log[0].Zxid, log[len(log)-1].Zxid
	}
	in.txnLog = func() storage.TxnLogRange {
		disk := txns(t, s.disk)
		r := storage.TxnLogRange{Found: len(disk) > 0, TooLarge: s.tooLarge, Txns: disk,
			Hidden: s.hidden}
		if r.Found {
			r.First = disk[0].Zxid
		}
		return r
	}
	e := new(node.Event).Begin(event.SyncChosen)
	return decideSync(in, e), e
}

func (p SyncPlan) String() string {
	if p.Op == zk.SNAP {
		return "SNAP"
	}
	s := fmt.Sprintf("%s %s", p.Op, p.OpZxid)
	if len(p.Txns) > 0 {
		s += " +"
	}
	for _, x := range p.Txns {
		s += " " + x.Zxid.String()
	}
	return s
}

// Each row names the situation of LearnerHandler.syncFollower, what is sent, and the question that
// settled it.
func TestSyncDecision(t *testing.T) {
	for _, s := range stories {
		plan, e := s.decide(t)
		want := s.want
		if head, tail, ok := strings.Cut(s.want, "+"); ok {
			want = head + "+"
			for _, x := range txns(t, tail) {
				want += " " + x.Zxid.String()
			}
		}
		if got := plan.String(); got != want {
			t.Errorf("%s: sent %s, want %s", s.name, got, want)
		}
		deciding, count := -1, 0
		for i, c := range e.Checks {
			if c.Deciding {
				deciding = i
				count++
			}
		}
		if count != 1 {
			t.Errorf("%s: %d checks decide: %v", s.name, count, e.Checks)
		}
		if deciding < 0 || e.Checks[deciding].Code != s.decided {
			t.Errorf("%s: decided by check %d of %v, want %v", s.name, deciding, e.Checks,
				s.decided)
		}
	}
}

// The zxid behind which forwarding starts is the last one the learner is then known to have.
func TestForwardingStartsBehindThePlan(t *testing.T) {
	for _, s := range stories {
		plan, _ := s.decide(t)
		want := zxid(t, s.last)
		switch {
		case plan.Op != zk.SNAP && len(plan.Txns) > 0:
			want = plan.Txns[len(plan.Txns)-1].Zxid
		case plan.Op != zk.SNAP:
			want = plan.OpZxid
		}
		if plan.Current != want {
			t.Errorf("%s: forwarding starts behind %s, want %s", s.name, plan.Current, want)
		}
	}
}
