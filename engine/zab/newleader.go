package zab

import (
	"path"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// newLeaderStep is one thing that a learner does between NEWLEADER and its ACK. Their order is what
// a family of bugs is about: see zk.SyncVariant.
type newLeaderStep uint8

const (
	stepSnapshot       newLeaderStep = iota // write the snapshot, if one is needed
	stepSnapshotAlways                      // write one in any case
	stepPrepareEpoch                        // put currentEpoch.tmp on disk first
	stepEpoch                               // make currentEpoch durable
	stepHandToLog                           // give all proposals to the log thread, do not wait
	stepLogAll                              // append all proposals and wait for the fsync
	stepLogCommitted                        // append and apply what is committed, wait for the fsync
	stepACK                                 // acknowledge NEWLEADER
)

// newLeaderSteps is the order of a release. (Learner.syncWithLeader, case NEWLEADER)
func newLeaderSteps(opt *zk.Options) []newLeaderStep {
	switch opt.SyncVariant {
	case zk.SyncV34Snap:
		return []newLeaderStep{stepSnapshotAlways, stepEpoch, stepACK}
	case zk.SyncV2678:
		return []newLeaderStep{stepSnapshot, stepEpoch, stepACK}
	case zk.SyncV3911:
		if !opt.EpochBeforeLog {
			return []newLeaderStep{stepSnapshot, stepHandToLog, stepEpoch, stepACK}
		}
		return []newLeaderStep{stepSnapshot, stepEpoch, stepHandToLog, stepACK}
	case zk.SyncV4785:
		return []newLeaderStep{stepSnapshot, stepLogAll, stepEpoch, stepACK}
	case zk.SyncV4394, zk.SyncFixed:
		return logCommittedSteps(opt)
	}
	panic("no learner.syncVariant " + string(opt.SyncVariant)) // Options.Validate refuses it
}

// logCommittedSteps is the order since 3.9.3, with what repairs change in it.
func logCommittedSteps(opt *zk.Options) []newLeaderStep {
	steps := []newLeaderStep{stepSnapshot, stepLogCommitted, stepEpoch, stepACK}
	if opt.EpochBeforeLog {
		steps = []newLeaderStep{stepSnapshot, stepEpoch, stepLogCommitted, stepACK}
	}
	if opt.RepairEpochFirst {
		steps = append([]newLeaderStep{stepPrepareEpoch}, steps...)
	}
	return steps
}

func (l *Learner) onNEWLEADER(o *node.Out, p *jute.QuorumPacket) {
	l.sync.newLeaderZxid = p.Zxid
	l.sync.steps = newLeaderSteps(l.opt)
	l.seeNewLeaderConfig(o, p, l.nextStep)
}

// nextStep does the steps one after the other; those that wait for the disk go on from there.
func (l *Learner) nextStep(o *node.Out) {
	for len(l.sync.steps) > 0 && !l.blocked && l.phase == syncing {
		s := l.sync.steps[0]
		l.sync.steps = l.sync.steps[1:]
		l.do(o, s)
	}
}

func (l *Learner) do(o *node.Out, step newLeaderStep) {
	switch step {
	case stepSnapshot:
		if l.sync.snapshotNeeded {
			l.takeSnapshot(o)
		}
	case stepSnapshotAlways:
		l.takeSnapshot(o)
	case stepPrepareEpoch:
		if l.sync.snapshotNeeded || len(l.sync.committed) > 0 {
			l.p.PrepareCurrentEpoch(o, l.newEpoch, l.wait(l.nextStep))
		}
	case stepEpoch:
		l.p.SetCurrentEpoch(o, l.newEpoch, l.wait(l.nextStep))
	case stepHandToLog:
		l.startPipeline(o)
		l.handToLog(o)
	case stepLogAll:
		l.logAll(o)
	case stepLogCommitted:
		l.logCommitted(o)
	case stepACK:
		l.sync.writeToTxnLog = true
		l.setReadLimit(o, l.cfg.SyncLimit)
		l.p.SetSyncMode(o, zk.SyncNone)
		l.ack(o, l.sync.newLeaderZxid)
	}
}

// takeSnapshot writes a snapshot; after a SNAP, and with the repair after a TRUNC, the main thread waits
// until it is durable, and with it the log that was cut.
func (l *Learner) takeSnapshot(o *node.Out) {
	db := l.p.DB()
	name, err := db.TakeSnapshot(o)
	if err != nil {
		l.p.Exit(o, "the snapshot cannot be written: "+err.Error())
		return
	}
	if l.sync.syncSnapshot {
		files := []string{name}
		if l.p.SyncMode() == zk.SyncTrunc {
			files = db.Files()
		}
		z, done := db.LastProcessed(), l.wait(l.nextStep)
		l.p.SyncFiles(o, files, func(o *node.Out) {
			o.Event(event.SnapshotSynced).With(node.Text(path.Base(name)), node.Zxid(int64(z)))
			done(o)
		}, func(o *node.Out, reason string) {
			l.p.Exit(o, "the snapshot cannot be synced: "+reason)
		})
	}
}

// startPipeline lets the log thread run without serving clients. (startupWithoutServing)
func (l *Learner) startPipeline(o *node.Out) { l.zks.StartupWithoutServing(o) }

// handToLog gives every pending proposal to the log thread, which acknowledges each when it is
// durable; the ACK of NEWLEADER does not wait for that (ZOOKEEPER-3911, 4646, 4685).
func (l *Learner) handToLog(o *node.Out) {
	if l.observer {
		return
	}
	for _, t := range l.sync.notLogged {
		l.zks.LogRequest(o, t)
	}
	l.sync.notLogged = nil
}

// logAll appends every pending proposal and waits for the fsync (ZOOKEEPER-4785).
func (l *Learner) logAll(o *node.Out) {
	if l.observer {
		return
	}
	l.startPipeline(o)
	for _, t := range l.sync.notLogged {
		if !l.append(o, t) {
			return
		}
		l.zks.Pending(t)
		l.sync.toAck = append(l.sync.toAck, t.Zxid)
	}
	l.sync.notLogged = nil
	l.syncLog(o)
}

// logCommitted appends and applies the committed proposals, in order, and waits for the fsync; the
// uncommitted ones stay pending (ZOOKEEPER-4394).
func (l *Learner) logCommitted(o *node.Out) {
	if l.observer || len(l.sync.committed) == 0 {
		return
	}
	s := &l.sync
	for _, z := range s.committed {
		if len(s.notLogged) == 0 || s.notLogged[0].Zxid != z {
			break
		}
		if !l.append(o, s.notLogged[0]) {
			return
		}
		l.applyInSync(o, s.notLogged[0])
		s.notLogged = s.notLogged[1:]
	}
	s.committed = nil
	l.syncLog(o)
}

func (l *Learner) append(o *node.Out, t *zk.Txn) bool {
	if err := l.p.DB().Append(o, t); err != nil {
		l.giveUp(o, "the log cannot be written: "+err.Error())
		return false
	}
	return true
}

// syncLog waits until what was appended is durable.
func (l *Learner) syncLog(o *node.Out) {
	db := l.p.DB()
	through := db.LastLogged()
	done := l.wait(l.nextStep)
	files := db.SyncFiles()
	l.p.SyncFiles(o, files, func(o *node.Out) {
		db.Synced(o, through)
		done(o)
	}, func(o *node.Out, reason string) {
		db.SyncFailed(files)
		l.giveUp(o, "the log cannot be synced: "+reason)
	})
}

// onUPTODATE says that a quorum has acknowledged the new leader, and with it the configuration that
// NEWLEADER carried. (Learner.syncWithLeader, case UPTODATE)
func (l *Learner) onUPTODATE(o *node.Out) {
	if m := l.sync.newLeaderConfig; m != nil {
		l.activate(o, m, zk.NoLeader, 0, l.serve)
		return
	}
	l.serve(o)
}

// serve ends the synchronization and lets clients in. (Learner.syncWithLeader, behind the loop)
func (l *Learner) serve(o *node.Out) {
	s := &l.sync
	l.ack(o, zk.MakeZxid(l.newEpoch, 0))
	for _, z := range s.toAck {
		l.ack(o, z)
	}
	l.phase = following
	l.p.SetZabState(o, zk.Broadcast)
	o.Event(event.LearnerReady).About(node.ID(l.leader)).With(node.Int(int64(l.leader)),
		node.Int(int64(l.newEpoch))).Leads()
	l.zks.Startup(o)
	l.p.UpdateElectionVote(o, l.newEpoch)
	if l.observer {
		l.applyPairs(o)
		return
	}
	for _, t := range s.notLogged {
		l.zks.LogRequest(o, t)
	}
	for _, z := range s.committed {
		if !l.commit(o, z) {
			break
		}
	}
	l.sync = syncState{}
}

// applyPairs is the observer's end of the sync phase: proposals whose commit came are applied.
func (l *Learner) applyPairs(o *node.Out) {
	s := &l.sync
	for _, z := range s.committed {
		if len(s.notLogged) == 0 || s.notLogged[0].Zxid != z {
			break
		}
		l.zks.ApplyCommitted(o, s.notLogged[0])
		s.notLogged = s.notLogged[1:]
	}
	l.sync = syncState{}
}
