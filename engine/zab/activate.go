package zab

import (
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// configFromString reads a configuration and makes sure that it is one of an ensemble.
// (QuorumPeer.configFromString)
func (l *Learner) configFromString(text string) (*zk.Membership, error) {
	m, err := zk.ParseMembership(text)
	if err == nil {
		err = m.Check(l.cfg.StandaloneEnabled)
	}
	return m, err
}

// configIn reads the configuration in a transaction; a learner that cannot leaves its leader.
func (l *Learner) configIn(o *node.Out, t *zk.Txn) *zk.Membership {
	if t == nil || t.Type != zk.OpReconfig {
		l.giveUp(o, "a configuration is activated that was not proposed")
		return nil
	}
	m, err := l.configFromString(string(t.Data))
	if err != nil {
		l.giveUp(o, "the configuration is unreadable: "+err.Error())
		return nil
	}
	return m
}

// see makes the configuration in a proposed reconfig the one last seen, and goes on with the
// proposal when that is on disk. (Follower.processPacket and Learner.syncWithLeader, case PROPOSAL)
func (l *Learner) see(o *node.Out, t *zk.Txn, then func(*node.Out)) {
	if !l.cfg.ReconfigEnabled {
		then(o)
		return
	}
	if m := l.configIn(o, t); m != nil {
		l.p.SetLastSeenVerifier(o, m, l.wait(then))
	}
}

// activate makes a configuration the committed one and goes on, unless that is a major change: then
// the learner leaves its leader, as it does while it is synchronized.
// (Learner.syncWithLeader: processReconfig, "changes proposed in reconfig")
func (l *Learner) activate(o *node.Out, m *zk.Membership, leader zk.SID, z zk.Zxid,
	then func(*node.Out)) {
	l.processReconfig(o, m, leader, z, func(o *node.Out, major bool) {
		if major {
			l.giveUp(o, "changes proposed in reconfig")
			return
		}
		then(o)
	})
}

// activateAndCommit is activate in broadcast: the transaction is committed in any case, and the
// learner leaves behind it. (Follower.processPacket, Observer.processPacket)
func (l *Learner) activateAndCommit(o *node.Out, m *zk.Membership, p *jute.QuorumPacket,
	commit func(*node.Out)) {
	l.processReconfig(o, m, p.Leader, p.Zxid, func(o *node.Out, major bool) {
		commit(o)
		if major {
			l.giveUp(o, "changes proposed in reconfig")
		}
	})
}

// processReconfig makes a configuration the committed one; the main thread waits for its files.
// (QuorumPeer.processReconfig)
func (l *Learner) processReconfig(o *node.Out, m *zk.Membership, leader zk.SID, z zk.Zxid,
	then func(o *node.Out, major bool)) {
	major := false
	goOn := l.wait(func(o *node.Out) { then(o, major) })
	l.p.ProcessReconfig(o, m, leader, z, func(o *node.Out, majorChange bool) {
		major = majorChange
		goOn(o)
	})
}

// onCOMMITANDACTIVATE is a commit in broadcast whose transaction is a configuration.
// (Follower.processPacket)
func (l *Learner) onCOMMITANDACTIVATE(o *node.Out, p *jute.QuorumPacket) {
	if m := l.configIn(o, l.zks.FirstPending()); m != nil {
		l.activateAndCommit(o, m, p, func(o *node.Out) { l.commit(o, p.Zxid) })
	}
}

// onINFORMANDACTIVATE is the same to an observer. (Observer.processPacket)
func (l *Learner) onINFORMANDACTIVATE(o *node.Out, p *jute.QuorumPacket) {
	if m := l.configIn(o, p.Txn); m != nil {
		l.activateAndCommit(o, m, p, func(o *node.Out) { l.zks.ApplyCommitted(o, p.Txn) })
	}
}

// onSyncActivate is COMMITANDACTIVATE during synchronization: it counts only if it names the oldest
// proposal, as every other commit; then comes what a COMMIT does.
// (Learner.syncWithLeader, case COMMITANDACTIVATE)
func (l *Learner) onSyncActivate(o *node.Out, p *jute.QuorumPacket) {
	s := &l.sync
	if len(s.notLogged) == 0 || s.notLogged[0].Zxid != p.Zxid {
		l.onSyncCommit(o, p)
		return
	}
	if m := l.configIn(o, s.notLogged[0]); m != nil {
		l.activate(o, m, p.Leader, p.Zxid, func(o *node.Out) { l.onSyncCommit(o, p) })
	}
}

// onSyncInformActivate is INFORMANDACTIVATE during synchronization.
// (Learner.syncWithLeader, case INFORMANDACTIVATE)
func (l *Learner) onSyncInformActivate(o *node.Out, p *jute.QuorumPacket) {
	if m := l.configIn(o, p.Txn); m != nil {
		l.activate(o, m, p.Leader, p.Zxid, func(o *node.Out) { l.onSyncInform(o, p) })
	}
}

// onSyncInform applies what is committed to memory, or keeps it for the log.
// (Learner.syncWithLeader, case INFORM)
func (l *Learner) onSyncInform(o *node.Out, p *jute.QuorumPacket) {
	if l.sync.writeToTxnLog {
		l.sync.notLogged = append(l.sync.notLogged, p.Txn)
		l.sync.committed = append(l.sync.committed, p.Zxid)
		return
	}
	l.applyInSync(o, p.Txn)
}

// seeNewLeaderConfig takes the configuration that NEWLEADER carries for the one last seen; UPTODATE
// will commit it. One that cannot be read is ignored. (Learner.syncWithLeader, case NEWLEADER)
func (l *Learner) seeNewLeaderConfig(o *node.Out, p *jute.QuorumPacket, then func(*node.Out)) {
	m, err := l.configFromString(p.Config)
	if !l.cfg.ReconfigEnabled || len(p.Config) < 2 || err != nil {
		then(o)
		return
	}
	l.sync.newLeaderConfig = m
	l.p.SetLastSeenVerifier(o, m, l.wait(then))
}

// queueReconfig keeps a proposal of the sync phase that is a reconfig.
func (l *Learner) queueReconfig(o *node.Out, t *zk.Txn) {
	l.see(o, t, func(*node.Out) { l.sync.notLogged = append(l.sync.notLogged, t) })
}
