package zab

import (
	"slices"

	"zabscope/engine/node"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// SyncPlan is how a learner is to be brought level.
type SyncPlan struct {
	Op      zk.PacketType // DIFF, TRUNC or SNAP
	OpZxid  zk.Zxid       // of the DIFF or TRUNC packet; a SNAP reads its own
	Txns    []*zk.Txn     // PROPOSAL and COMMIT of each follow a DIFF or TRUNC
	Current zk.Zxid       // the last zxid the learner will then have: forwarding starts behind it
}

// syncInput is all that the decision looks at.
type syncInput struct {
	peer, last   zk.Zxid
	min, max     zk.Zxid // of committedLog as the database keeps them, 0 when it is empty
	committedLog []*zk.Txn
	factor       float64                    // snapshotSizeFactor
	txnLog       func() storage.TxnLogRange // the disk log from peer on, with its size checked
	opt          *zk.Options
}

// decideSync is the decision tree of LearnerHandler.syncFollower. Its questions go to e in order,
// the one that settled it marked.
func decideSync(in syncInput, e *node.Event) SyncPlan {
	if len(in.committedLog) == 0 {
		in.min, in.max = in.last, in.last
	}
	z := func(v zk.Zxid) node.Value { return node.Zxid(int64(v)) }
	snap := SyncPlan{Op: zk.SNAP, Current: in.last}
	ask := func(c node.CheckCode, answer bool, values ...node.Value) bool {
		e.Check(c, answer, values...)
		return answer
	}
	newEpoch := in.peer.IsNewEpoch()
	switch {
	case ask(event.PeerHasLast, in.peer == in.last, z(in.peer), z(in.last)):
		e.Decides()
		return SyncPlan{Op: zk.DIFF, OpZxid: in.peer, Current: in.peer}
	case ask(event.PeerIsBeyond, in.peer > in.max, z(in.peer), z(in.max)) &&
		!ask(event.PeerIsAtNewEpoch, newEpoch, z(in.peer)):
		e.Decides()
		return SyncPlan{Op: zk.TRUNC, OpZxid: in.max, Current: in.max}
	case ask(event.PeerIsInCommittedLog, in.min <= in.peer && in.peer <= in.max, z(in.peer),
		z(in.min), z(in.max)):
		q := proposalQueue{in: &in, current: in.peer}
		q.add(in.committedLog, 0, e)
		return q.plan(snap)
	case ask(event.TxnLogSyncAllowed, in.peer < in.min && in.factor >= 0, z(in.peer), z(in.min),
		node.Bool(in.factor >= 0)):
		return in.fromTxnLog(e, snap)
	}
	e.Decides()
	return snap
}

// fromTxnLog is rule 4: the disk log up to minCommittedLog, then committedLog.
func (in *syncInput) fromTxnLog(e *node.Event, snap SyncPlan) SyncPlan {
	r := in.txnLog()
	holds := r.Found && r.First <= in.peer
	if in.opt.RepairTxnLogSync && !r.TooLarge {
		at := func(t *zk.Txn) bool { return t.Zxid == in.peer }
		holds = holds && !r.Hidden && slices.ContainsFunc(r.Txns, at)
	}
	e.Check(event.TxnLogHoldsPeer, holds, node.Zxid(int64(in.peer)), node.Zxid(int64(r.First)))
	if !holds {
		e.Decides()
		return snap
	}
	e.Check(event.TxnLogIsSmallEnough, !r.TooLarge, node.Int(r.Bytes), node.Int(r.Limit))
	if r.TooLarge {
		e.Decides()
		return snap
	}
	q := proposalQueue{in: in, current: in.peer}
	q.add(r.Txns, in.min, e)
	reaches := q.current >= in.min
	e.Check(event.TxnLogReachesMin, reaches, node.Zxid(int64(q.current)), node.Zxid(int64(in.min)))
	if !reaches {
		for i := range e.Checks { // what was chosen on the way there counts no more
			e.Checks[i].Deciding = false
		}
		e.Decides()
		return snap
	}
	q.add(in.committedLog, 0, e)
	return q.plan(snap)
}

// proposalQueue is LearnerHandler.queueCommittedProposals: it walks a log, chooses DIFF or TRUNC at
// the first entry that tells, and collects what the learner lacks.
type proposalQueue struct {
	in      *syncInput
	op      zk.PacketType // 0 until chosen
	opZxid  zk.Zxid
	current zk.Zxid
	txns    []*zk.Txn
}

// add walks one log up to limit (0 for no limit).
func (q *proposalQueue) add(log []*zk.Txn, limit zk.Zxid, e *node.Event) {
	prev := zk.Zxid(-1)
	for _, t := range log {
		if limit != 0 && t.Zxid > limit {
			break
		}
		if t.Zxid < q.in.peer {
			prev = t.Zxid
			continue
		}
		if q.op == 0 && !q.choose(t.Zxid, prev, e) {
			return
		}
		if t.Zxid > q.current {
			q.txns = append(q.txns, t)
			q.current = t.Zxid
		}
	}
	if q.op == 0 && q.in.peer.IsNewEpoch() {
		q.op, q.opZxid = zk.DIFF, q.in.max
	}
}

// choose looks at z, the first entry that is not older than the peer's last; prev is the one before.
// It reports false when neither DIFF nor TRUNC will do.
func (q *proposalQueue) choose(z, prev zk.Zxid, e *node.Event) bool {
	peer := q.in.peer
	found := z == peer
	e.Check(event.PeerZxidIsInLog, found, node.Zxid(int64(peer)), node.Zxid(int64(z)))
	if found || !q.in.opt.TruncInCommittedLog {
		q.op, q.opZxid = zk.DIFF, q.in.max
		e.Decides()
		return true
	}
	e.Check(event.PeerIsAtNewEpoch, peer.IsNewEpoch(), node.Zxid(int64(peer)))
	if peer.IsNewEpoch() {
		q.op, q.opZxid = zk.DIFF, q.in.max
		e.Decides()
		return true
	}
	same := z.Epoch() == peer.Epoch()
	e.Check(event.SameEpoch, same, node.Zxid(int64(z)), node.Zxid(int64(peer))).Decides()
	if !same && !q.in.opt.TruncAcrossEpochs {
		return false
	}
	q.op, q.opZxid = zk.TRUNC, prev
	return true
}

func (q *proposalQueue) plan(snap SyncPlan) SyncPlan {
	if q.op == 0 {
		return snap
	}
	return SyncPlan{Op: q.op, OpZxid: q.opZxid, Txns: q.txns, Current: q.current}
}
