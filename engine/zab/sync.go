package zab

import (
	"slices"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// synchronize decides how the learner is brought level and sends all of it, up to NEWLEADER. What is
// proposed and committed from now on follows on the same connection.
// (LearnerHandler.run and syncFollower)
func (h *LearnerHandler) synchronize(o *node.Out, peerLast zk.Zxid) {
	plan := h.plan(o, peerLast)
	if plan.Op == zk.SNAP && h.l.opt.NewLeaderBeforeSnap {
		h.beginSnap(o, plan.Current)
		return
	}
	if plan.Op == zk.SNAP {
		stream := h.l.p.DB().Image()
		h.send(o, &jute.QuorumPacket{Type: zk.SNAP, Zxid: stream.Zxid})
		o.Send(h.conn, stream)
	} else {
		h.send(o, &jute.QuorumPacket{Type: plan.Op, Zxid: plan.OpZxid})
	}
	for _, t := range plan.Txns {
		h.send(o, &jute.QuorumPacket{Type: zk.PROPOSAL, Zxid: t.Zxid, Txn: t})
		h.send(o, &jute.QuorumPacket{Type: zk.COMMIT, Zxid: t.Zxid})
	}
	h.l.startForwarding(o, h, plan.Current)
	h.sendNewLeader(o)
	h.sending = true
}

// beginSnap is the order before ZOOKEEPER-3104: NEWLEADER is queued before the snapshot is sent, so
// that what is proposed and committed while it is on its way, here one tick, comes behind NEWLEADER.
func (h *LearnerHandler) beginSnap(o *node.Out, current zk.Zxid) {
	h.send(o, &jute.QuorumPacket{Type: zk.SNAP, Zxid: h.l.p.DB().LastProcessed()})
	h.snapping = true
	h.l.startForwarding(o, h, current)
	h.sendNewLeader(o)
	o.SetTimer(h.timer(event.TimerHandler), o.Now+ticks(h.l.cfg, 1))
}

// endSnap sends the tree as it has become meanwhile: it holds more than the SNAP packet said. Then the
// sender thread starts with what was queued.
func (h *LearnerHandler) endSnap(o *node.Out) {
	o.Send(h.conn, h.l.p.DB().Image())
	queued := h.queued
	h.snapping, h.queued, h.sending = false, nil, true
	for _, p := range queued {
		h.send(o, p)
	}
}

func (h *LearnerHandler) sendNewLeader(o *node.Out) {
	h.send(o, &jute.QuorumPacket{Type: zk.NEWLEADER, Zxid: h.l.newLeaderZxid,
		Config: h.l.p.LastSeenVerifier().Membership().Text()})
}

// plan takes the decision and tells it.
func (h *LearnerHandler) plan(o *node.Out, peerLast zk.Zxid) SyncPlan {
	db := h.l.p.DB()
	in := syncInput{peer: peerLast, last: db.LastProcessed(), min: db.MinCommitted(),
		max: db.MaxCommitted(), committedLog: db.Committed(), factor: h.l.cfg.SnapshotSizeFactor,
		opt: h.l.opt}
	in.txnLog = func() storage.TxnLogRange { return db.TxnLogFrom(peerLast, db.TxnLogSizeLimit()) }
	e := o.Event(event.SyncChosen).About(h.peer).Leads()
	plan := decideSync(in, e)
	h.show(e.With(node.Int(int64(h.sid)), node.Text(plan.Op.String()),
		node.Zxid(int64(plan.OpZxid)), node.Zxid(int64(peerLast)), node.Zxid(int64(in.last)),
		node.Zxid(int64(in.min)), node.Zxid(int64(in.max)), node.Int(int64(len(plan.Txns)))))
	if h.l.opt.RepairStaleAcks {
		h.l.forgetAcks(e, h.sid, plan.Current)
	}
	return plan
}

// forgetAcks takes back what a learner acknowledged behind the point to which it is brought: it will
// be sent again, and may have been erased from the learner's log in between.
func (l *Leader) forgetAcks(e *node.Event, sid zk.SID, last zk.Zxid) {
	for _, p := range l.outstanding.after(last) {
		if p.acks.Has(sid) {
			p.acks.Forget(sid)
			e.Put(event.Outstanding, node.Zxid(int64(p.zxid())), event.SIDs(p.acks.Acks()))
		}
	}
}

// closeOlder ends the connections that a learner has left behind, so that no acknowledgement can come
// on one of them any more.
func (l *Leader) closeOlder(o *node.Out, h *LearnerHandler) {
	for _, x := range slices.Clone(l.handlers) {
		if x != h && x.sid == h.sid {
			x.close(o, "the learner has connected anew")
		}
	}
}

// startForwarding sends what is decided or proposed but not yet in the leader's tree, and lets the
// learner hear of all that follows. (Leader.startForwarding)
func (l *Leader) startForwarding(o *node.Out, h *LearnerHandler, last zk.Zxid) {
	sent := 0
	if l.lastProposed > last {
		for _, p := range l.toBeApplied.after(last) {
			h.send(o, p.packet)
			h.send(o, &jute.QuorumPacket{Type: zk.COMMIT, Zxid: p.zxid()})
			sent++
		}
		if !h.observer {
			if p := l.activating; p != nil && p.zxid() > last {
				h.send(o, p.packet) // its COMMITANDACTIVATE is still to come
			}
			for _, p := range l.outstanding.after(last) {
				h.send(o, p.packet)
			}
		}
	}
	if h.observer {
		l.observing = append(l.observing, h)
	} else {
		l.forwarding = append(l.forwarding, h)
	}
	o.Event(event.ForwardingStarted).About(h.peer).With(node.Int(int64(h.sid)),
		node.Zxid(int64(last)), node.Int(int64(sent)), node.Int(int64(l.outstanding.len())))
}
