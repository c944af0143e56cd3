package zab

import (
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/server"
	"zabscope/engine/zk"
)

// onPacket is broadcast as a learner sees it. (Follower.processPacket, Observer.processPacket)
func (l *Learner) onPacket(o *node.Out, p *jute.QuorumPacket) {
	switch p.Type {
	case zk.PING:
		l.send(o, &jute.QuorumPacket{Type: zk.PING, Zxid: p.Zxid, Touches: l.zks.TakeTouches()})
	case zk.PROPOSAL:
		switch {
		case l.observer:
		case p.Txn.Type == zk.OpReconfig:
			l.see(o, p.Txn, func(o *node.Out) { l.zks.LogRequest(o, p.Txn) })
		default:
			l.zks.LogRequest(o, p.Txn)
		}
	case zk.COMMIT:
		if !l.observer {
			l.commit(o, p.Zxid)
		}
	case zk.COMMITANDACTIVATE:
		if !l.observer {
			l.onCOMMITANDACTIVATE(o, p)
		}
	case zk.INFORMANDACTIVATE:
		if l.observer {
			l.onINFORMANDACTIVATE(o, p)
		}
	case zk.INFORM:
		if l.observer {
			l.zks.ApplyCommitted(o, p.Txn)
		}
	case zk.SYNC:
		l.zks.SyncAnswered(o)
	case zk.REVALIDATE:
		l.zks.FinishRevalidation(o, p.Session, p.Valid)
	}
}

// commit applies the oldest pending transaction; any other zxid ends the process.
// (FollowerZooKeeperServer.commit)
func (l *Learner) commit(o *node.Out, z zk.Zxid) bool {
	if err := l.zks.Commit(o, z); err != nil {
		l.p.Exit(o, err.Error())
		return false
	}
	return true
}

// Logged acknowledges a durable proposal. (SendAckRequestProcessor; server.Upstream)
func (l *Learner) Logged(o *node.Out, t *zk.Txn) {
	if l.phase != learnerEnded && !l.observer {
		l.ack(o, t.Zxid)
	}
}

// Forward sends a client's request to the leader. (Learner.request; server.Upstream)
func (l *Learner) Forward(o *node.Out, r *server.Request) {
	l.send(o, &jute.QuorumPacket{Type: zk.REQUEST, Zxid: -1, Session: r.Session, Cxid: r.Cxid,
		Request: r.Op, Auth: r.Auth})
}

// Revalidate asks the leader whether a session that moved here is alive.
// (Learner.validateSession; server.Upstream)
func (l *Learner) Revalidate(o *node.Out, session int64, timeout int32) {
	l.send(o, &jute.QuorumPacket{Type: zk.REVALIDATE, Zxid: -1, Session: session,
		Timeout: timeout})
}

// Propose is the leader's business. (server.Upstream)
func (l *Learner) Propose(*node.Out, *server.Request) {}

// Applied is the leader's business. (server.Upstream)
func (l *Learner) Applied(*node.Out, zk.Zxid) {}

// SyncRequested is the leader's business. (server.Upstream)
func (l *Learner) SyncRequested(*node.Out, *server.Request) {}
