package zab

import (
	"fmt"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/server"
	"zabscope/engine/zk"
)

// syncState is what syncWithLeader keeps in local variables.
type syncState struct {
	snapshotNeeded bool // a snapshot must be written at NEWLEADER
	syncSnapshot   bool // and be durable before the ACK
	writeToTxnLog  bool // proposals go to the log, not only to memory
	lastQueued     zk.Zxid
	snapZxid       zk.Zxid
	notLogged      []*zk.Txn // packetsNotLogged (packetsNotCommitted before 3.9.3)
	committed      []zk.Zxid // packetsCommitted
	toAck          []zk.Zxid // logged at NEWLEADER, acknowledged behind UPTODATE
	steps          []newLeaderStep
	newLeaderZxid  zk.Zxid

	newLeaderConfig *zk.Membership // newLeaderQV: what UPTODATE will commit
}

// onSyncOp takes the packet that says how this learner is brought level.
// (Learner.syncWithLeader, first packet)
func (l *Learner) onSyncOp(o *node.Out, p *jute.QuorumPacket) {
	l.sync = syncState{snapshotNeeded: true}
	db := l.p.DB()
	switch p.Type {
	case zk.DIFF:
		l.p.SetSyncMode(o, zk.SyncDiff)
		l.sync.snapshotNeeded = l.opt.SyncVariant == zk.SyncV34Snap
	case zk.SNAP:
		l.p.SetSyncMode(o, zk.SyncSnap)
		l.sync.syncSnapshot = true
		l.sync.snapZxid = p.Zxid
		l.phase = awaitSnapshot
		return
	case zk.TRUNC:
		l.p.SetSyncMode(o, zk.SyncTrunc)
		l.sync.syncSnapshot = l.opt.RepairTruncSync
		if err := db.Truncate(o, p.Zxid); err != nil {
			l.p.Exit(o, "the log cannot be truncated: "+err.Error())
			return
		}
		db.SetLastProcessed(o, p.Zxid)
	default:
		l.p.Exit(o, "unexpected packet "+p.Type.String()+" instead of DIFF, TRUNC or SNAP")
		return
	}
	l.synchronizeRest(o)
}

// onSnapshot replaces the whole tree by the leader's.
func (l *Learner) onSnapshot(o *node.Out, s *jute.SnapshotStream) {
	if l.phase != awaitSnapshot {
		l.p.Exit(o, "a snapshot without a SNAP packet")
		return
	}
	if err := l.p.DB().Install(o, s, l.sync.snapZxid); err != nil {
		l.giveUp(o, "the snapshot is unreadable: "+err.Error())
		return
	}
	l.synchronizeRest(o)
}

func (l *Learner) synchronizeRest(o *node.Out) {
	db := l.p.DB()
	db.InitConfigNode(o)
	l.sync.lastQueued = db.LastProcessed()
	l.sync.writeToTxnLog = !l.sync.snapshotNeeded
	l.phase = syncing
}

// onSyncPacket takes what follows the first packet, up to UPTODATE. Pings are not answered.
func (l *Learner) onSyncPacket(o *node.Out, p *jute.QuorumPacket) {
	switch p.Type {
	case zk.PROPOSAL:
		l.queue(o, p)
	case zk.COMMIT:
		l.onSyncCommit(o, p)
	case zk.COMMITANDACTIVATE:
		l.onSyncActivate(o, p)
	case zk.INFORM:
		l.onSyncInform(o, p)
	case zk.INFORMANDACTIVATE:
		l.onSyncInformActivate(o, p)
	case zk.NEWLEADER:
		l.onNEWLEADER(o, p)
	case zk.UPTODATE:
		l.onUPTODATE(o)
	}
}

// queue keeps a proposal of the sync phase; a gap is only remarked, or fatal since 3.9.4.
func (l *Learner) queue(o *node.Out, p *jute.QuorumPacket) {
	s := &l.sync
	gap := s.lastQueued != 0 && p.Zxid != s.lastQueued+1 &&
		p.Zxid.Epoch() <= s.lastQueued.Epoch()
	if gap && l.opt.LearnerGapCheck {
		l.giveUp(o, fmt.Sprintf("PROPOSAL %s does not follow %s", p.Zxid, s.lastQueued))
		return
	}
	s.lastQueued = p.Zxid
	if p.Txn.Type == zk.OpReconfig {
		l.queueReconfig(o, p.Txn)
		return
	}
	s.notLogged = append(s.notLogged, p.Txn)
}

// onSyncCommit applies the oldest proposal to memory, or remembers the commit for later when
// proposals go to the log.
func (l *Learner) onSyncCommit(o *node.Out, p *jute.QuorumPacket) {
	s := &l.sync
	if len(s.notLogged) == 0 && l.commitNeedsHead() {
		server.CommitUnmatched(o, p.Zxid, zk.NoZxid)
		l.giveUp(o, "NullPointerException: COMMIT "+p.Zxid.String()+
			" finds no proposal (ZOOKEEPER-4394)")
		return
	}
	if s.writeToTxnLog {
		s.committed = append(s.committed, p.Zxid)
		return
	}
	if len(s.notLogged) > 0 && s.notLogged[0].Zxid == p.Zxid {
		l.applyInSync(o, s.notLogged[0])
		s.notLogged = s.notLogged[1:]
	}
}

// commitNeedsHead reports whether a COMMIT looks at the head of the queue without asking whether
// there is one. (ZOOKEEPER-4394, up to 3.8.6 and 3.9.2)
func (l *Learner) commitNeedsHead() bool {
	return l.opt.SyncVariant != zk.SyncV4394 && l.opt.SyncVariant != zk.SyncFixed
}

// applyInSync applies a committed transaction to memory. Only since 3.9.4 does committedLog get it too
// (ZOOKEEPER-4925). (ZooKeeperServer.processTxn)
func (l *Learner) applyInSync(o *node.Out, t *zk.Txn) {
	db := l.p.DB()
	db.ProcessTxn(o, t, "SYNC")
	if l.opt.SyncVariant == zk.SyncFixed {
		if err := db.AddCommitted(t); err != nil {
			l.giveUp(o, err.Error())
		}
	}
}
