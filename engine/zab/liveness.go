package zab

import (
	"slices"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// halfTick is one pass of the leader's loop: twice a tick it pings everybody, once a tick it counts
// who is still synchronized and gives up without a quorum. (Leader.lead, while true)
func (l *Leader) halfTick(o *node.Out) {
	if l.activating != nil {
		l.tickDue = true
		return
	}
	if !l.tickSkip {
		l.tick++
	}
	if !l.zks.Running() {
		l.giveUp(o, "Unexpected internal error")
		return
	}
	if !l.tickSkip && !l.checkQuorum(o) {
		return
	}
	l.tickSkip = !l.tickSkip
	for _, h := range slices.Clone(l.handlers) {
		h.ping(o)
	}
	o.SetTimer(node.Timer{Kind: event.TimerTick}, o.Now+ticks(l.cfg, 1)/2)
}

// checkQuorum counts the learners within syncLimit.
func (l *Leader) checkQuorum(o *node.Out) bool {
	var synced quorum.Tracker
	l.addVerifiers(&synced)
	synced.Ack(l.p.SID())
	for _, h := range l.handlers {
		if h.synced() {
			synced.Ack(h.sid)
		}
	}
	enough := synced.HasAllQuorums()
	if o.Tracing {
		names := l.acks.of(synced.Acks())
		e := o.Event(event.QuorumChecked).With(names, node.Bool(enough))
		l.explainQuorum(e, event.SyncedAreQuorum, &synced, names)
		if !enough {
			e.Leads()
		}
	}
	if !enough {
		l.giveUp(o, "not enough followers are synced, only "+event.SIDs(synced.Acks()).S)
	}
	return enough
}

// synced reports whether the learner was heard of within syncLimit. (LearnerHandler.synced)
func (h *LearnerHandler) synced() bool { return h.l.tick <= h.deadline }

// ping sends PING, or closes the handler whose learner has left a proposal unacknowledged for longer
// than syncLimit. (LearnerHandler.ping)
func (h *LearnerHandler) ping(o *node.Out) {
	if !h.sending {
		return
	}
	if h.limit.expired(o.Now, ticks(h.l.cfg, h.l.cfg.SyncLimit)) {
		h.close(o, "a proposal was not acknowledged within syncLimit")
		return
	}
	h.send(o, &jute.QuorumPacket{Type: zk.PING, Zxid: h.l.lastProposed})
}

// syncLimitCheck watches the age of the oldest proposal without an ACK; to be cheap it follows only
// two at a time. (LearnerHandler.SyncLimitCheck)
type syncLimitCheck struct {
	started               bool
	currentZxid, nextZxid zk.Zxid
	currentTime, nextTime node.Time // 0: none
}

func (c *syncLimitCheck) proposed(z zk.Zxid, now node.Time) {
	if !c.started {
		return
	}
	if c.currentTime == 0 {
		c.currentZxid, c.currentTime = z, now
	} else {
		c.nextZxid, c.nextTime = z, now
	}
}

func (c *syncLimitCheck) acked(z zk.Zxid) {
	switch {
	case c.currentTime != 0 && z == c.currentZxid:
		c.currentZxid, c.currentTime = c.nextZxid, c.nextTime
		c.nextZxid, c.nextTime = 0, 0
	case c.nextTime != 0 && z == c.nextZxid:
		c.nextZxid, c.nextTime = 0, 0
	}
}

func (c *syncLimitCheck) expired(now, limit node.Time) bool {
	return c.currentTime != 0 && now-c.currentTime >= limit
}
