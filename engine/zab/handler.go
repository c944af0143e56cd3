package zab

import (
	"slices"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// handlerPhase is where LearnerHandler.run stands.
type handlerPhase uint8

const (
	awaitInfo        handlerPhase = iota // FOLLOWERINFO or OBSERVERINFO
	blockedEpoch                         // in getEpochToPropose
	awaitAckEpoch                        // ACKEPOCH
	blockedEpochAck                      // in waitForEpochAck
	awaitNewLeader                       // first ACK, of NEWLEADER
	blockedNewLeader                     // in waitForNewLeaderAck
	blockedStart                         // until the leader's server runs
	serving                              // packet loop
)

var handlerPhases = [...]string{"awaiting FOLLOWERINFO", "waiting for an epoch",
	"awaiting ACKEPOCH", "waiting for a quorum of ACKEPOCH", "synchronizing",
	"waiting for a quorum of ACKs", "waiting for the leader to start", "broadcast"}

// LearnerHandler is one learner's connection as the leader sees it. Packets that arrive while its
// thread would be blocked wait in the inbox, as they would in the socket.
// (org.apache.zookeeper.server.quorum.LearnerHandler)
type LearnerHandler struct {
	l        *Leader
	conn     node.ConnID
	peer     node.ID
	sid      zk.SID
	observer bool
	phase    handlerPhase
	inbox    []*jute.QuorumPacket
	inHandle bool
	shown    string // the phase in the visible state

	peerLastZxid zk.Zxid   // from ACKEPOCH
	lastRead     node.Time // of a packet, or when the thread began to read
	readLimit    node.Time // SO_TIMEOUT
	sending      bool      // the sender thread runs: pings are sent
	snapping     bool      // a snapshot is on its way and packets wait behind it (ZOOKEEPER-3104)
	queued       []*jute.QuorumPacket
	deadline     int64 // tickOfNextAckDeadline
	limit        syncLimitCheck
}

// SID is the learner's id, 0 until FOLLOWERINFO named it.
func (h *LearnerHandler) SID() zk.SID { return h.sid }

func (h *LearnerHandler) send(o *node.Out, p *jute.QuorumPacket) {
	if h.snapping {
		h.queued = append(h.queued, p)
		return
	}
	o.Send(h.conn, p)
}

// setPhase moves on and shows it.
func (h *LearnerHandler) setPhase(p handlerPhase) { h.phase = p }

// show writes the handler's phase into the visible state, with the event that moved it.
func (h *LearnerHandler) show(e *node.Event) *node.Event {
	h.shown = handlerPhases[h.phase]
	return e.Put(event.Learners, node.Int(int64(h.peer)), node.Text(h.shown))
}

// armReadTimeout sets SO_TIMEOUT to n ticks.
func (h *LearnerHandler) armReadTimeout(o *node.Out, n int64) {
	h.readLimit = ticks(h.l.cfg, n)
	h.lastRead = o.Now
	o.SetTimer(h.timer(event.TimerReadTimeout), o.Now+h.readLimit)
}

func (h *LearnerHandler) timer(kind uint16) node.Timer {
	return node.Timer{Kind: kind, N: int64(h.conn)}
}

// blocked reports whether the handler's thread waits for others and reads nothing.
func (h *LearnerHandler) blocked() bool {
	switch h.phase {
	case blockedEpoch, blockedEpochAck, blockedNewLeader, blockedStart:
		return true
	}
	return false
}

// block lets the thread wait for a quorum, initLimit at most.
func (h *LearnerHandler) block(o *node.Out, p handlerPhase) {
	h.setPhase(p)
	o.SetTimer(h.timer(event.TimerHandler), o.Now+ticks(h.l.cfg, h.l.cfg.InitLimit))
}

// waited is the end of the time that block, or a slow snapshot, was given.
func (h *LearnerHandler) waited(o *node.Out) {
	switch {
	case h.snapping:
		h.endSnap(o)
	case h.phase == blockedEpoch && h.l.epochChosen: // only the disk is awaited
	default:
		h.close(o, "waited longer than initLimit for a quorum")
	}
}

// unblock ends the wait and reads what came meanwhile.
func (h *LearnerHandler) unblock(o *node.Out, p handlerPhase) {
	o.CancelTimer(h.timer(event.TimerHandler))
	h.setPhase(p)
	h.lastRead = o.Now
}

// readTimeout checks SO_TIMEOUT; the clock runs only while the thread reads.
func (h *LearnerHandler) readTimeout(o *node.Out) {
	if h.blocked() {
		o.SetTimer(h.timer(event.TimerReadTimeout), o.Now+h.readLimit)
		return
	}
	if due := h.lastRead + h.readLimit; due > o.Now {
		o.SetTimer(h.timer(event.TimerReadTimeout), due)
		return
	}
	h.close(o, "read timed out")
}

// receive takes a packet from the learner.
func (h *LearnerHandler) receive(o *node.Out, p *jute.QuorumPacket) {
	if !h.blocked() && len(h.inbox) == 0 {
		h.lastRead = o.Now
		h.handle(o, p)
	} else {
		h.inbox = append(h.inbox, p)
	}
	h.drain(o)
}

// drain handles what waited in the inbox, as long as the thread reads. Handling may unblock this
// very handler, so it does not enter itself.
func (h *LearnerHandler) drain(o *node.Out) {
	if h.inHandle {
		return
	}
	h.inHandle = true
	for len(h.inbox) > 0 && !h.blocked() && h.l.handler(h.conn) == h {
		p := h.inbox[0]
		h.inbox = slices.Delete(h.inbox, 0, 1)
		h.handle(o, p)
	}
	h.inHandle = false
}

func (h *LearnerHandler) handle(o *node.Out, p *jute.QuorumPacket) {
	switch h.phase {
	case awaitInfo:
		h.onInfo(o, p)
	case awaitAckEpoch:
		h.onACKEPOCH(o, p)
	case awaitNewLeader:
		h.onFirstACK(o, p)
	case serving:
		h.onPacket(o, p)
	}
}

// onInfo registers the learner. (LearnerHandler.run, first packet)
func (h *LearnerHandler) onInfo(o *node.Out, p *jute.QuorumPacket) {
	if p.Type != zk.FOLLOWERINFO && p.Type != zk.OBSERVERINFO {
		h.close(o, "first packet is "+p.Type.String()+", not FOLLOWERINFO or OBSERVERINFO")
		return
	}
	if p.ConfigVersion > h.l.p.Verifier().Membership().Version {
		h.close(o, "the learner's configuration is newer than the leader's")
		return
	}
	h.sid, h.observer = p.SID, p.Type == zk.OBSERVERINFO
	if h.l.opt.RepairStaleAcks {
		h.l.closeOlder(o, h)
	}
	h.block(o, blockedEpoch)
	h.show(o.Event(event.LearnerRegistered).About(h.peer).With(node.Int(int64(h.sid)),
		node.Int(int64(p.Zxid.Epoch())), node.Text(p.Type.String())))
	if h.l.proposeEpoch(o, h.sid, p.Zxid.Epoch()) {
		h.epochDecided(o)
	}
}

// epochDecided goes on behind getEpochToPropose with LEADERINFO.
func (h *LearnerHandler) epochDecided(o *node.Out) {
	if h.phase != blockedEpoch {
		return
	}
	h.unblock(o, awaitAckEpoch)
	h.send(o, &jute.QuorumPacket{Type: zk.LEADERINFO, Zxid: zk.MakeZxid(h.l.epoch, 0),
		Protocol: protocolVersion})
	h.drain(o)
}

func (h *LearnerHandler) onACKEPOCH(o *node.Out, p *jute.QuorumPacket) {
	if p.Type != zk.ACKEPOCH {
		h.close(o, p.Type.String()+" is not ACKEPOCH")
		return
	}
	h.block(o, blockedEpochAck)
	h.peerLastZxid = p.Zxid
	switch h.l.ackEpoch(o, h.sid, stateSummary{zk.Epoch(p.Epoch), p.Zxid}) {
	case ackRefused:
		h.close(o, "the follower is ahead of the leader")
	case ackLate:
		h.epochAcked(o)
	}
}

// epochAcked goes on behind waitForEpochAck: the learner is brought level.
func (h *LearnerHandler) epochAcked(o *node.Out) {
	if h.phase != blockedEpochAck {
		return
	}
	h.unblock(o, awaitNewLeader)
	h.synchronize(o, h.peerLastZxid)
	h.drain(o)
}

// onFirstACK takes what must be the ACK of NEWLEADER.
func (h *LearnerHandler) onFirstACK(o *node.Out, p *jute.QuorumPacket) {
	if p.Type != zk.ACK {
		h.close(o, "next packet is "+p.Type.String()+", not an ACK")
		return
	}
	h.block(o, blockedNewLeader)
	if h.l.ackNewLeader(o, h.sid, p.Zxid) {
		h.newLeaderAcked(o)
	}
}

// newLeaderAcked goes on behind waitForNewLeaderAck.
func (h *LearnerHandler) newLeaderAcked(o *node.Out) {
	if h.phase != blockedNewLeader {
		return
	}
	h.unblock(o, blockedStart)
	h.limit.started = true
	h.armReadTimeout(o, h.l.cfg.SyncLimit)
	if h.l.phase == leading {
		h.serverStarted(o)
	}
}

// serverStarted lets every learner that has acknowledged NEWLEADER serve.
func (h *LearnerHandler) serverStarted(o *node.Out) {
	h.newLeaderAcked(o)
	if h.phase != blockedStart {
		return
	}
	h.unblock(o, serving)
	h.show(o.Event(event.LearnerLevel).About(h.peer).With(node.Int(int64(h.sid))))
	h.send(o, &jute.QuorumPacket{Type: zk.UPTODATE, Zxid: -1})
	h.drain(o)
}

// onPacket is the packet loop in broadcast. (LearnerHandler.run, while true)
func (h *LearnerHandler) onPacket(o *node.Out, p *jute.QuorumPacket) {
	l := h.l
	h.deadline = l.tick + l.cfg.SyncLimit
	switch p.Type {
	case zk.ACK:
		h.limit.acked(p.Zxid)
		l.processAck(o, h.sid, p.Zxid)
	case zk.PING:
		for _, t := range p.Touches {
			l.zks.Touch(o, t.Session, t.Timeout)
		}
	case zk.REVALIDATE:
		valid := l.zks.RevalidateSession(o, h.sid, p.Session, p.Timeout)
		h.send(o, &jute.QuorumPacket{Type: zk.REVALIDATE, Zxid: p.Zxid, Session: p.Session,
			Timeout: p.Timeout, Valid: valid, Reply: true})
	case zk.REQUEST:
		l.zks.SubmitLearnerRequest(o, h.sid, p)
	}
}

// close ends the handler. A reason is told to the trace; the leader's own shutdown gives none.
// (LearnerHandler.shutdown)
func (h *LearnerHandler) close(o *node.Out, reason string) {
	l := h.l
	i := slices.Index(l.handlers, h)
	if i < 0 {
		return
	}
	l.handlers = slices.Delete(l.handlers, i, i+1)
	l.forwarding = without(l.forwarding, h)
	l.observing = without(l.observing, h)
	e := o.Event(event.HandlerClosed).About(h.peer).With(node.Int(int64(h.sid)), node.Text(reason))
	other := func(x *LearnerHandler) bool { return x.peer == h.peer && x.shown != "" }
	if h.shown != "" && !slices.ContainsFunc(l.handlers, other) {
		e.Drop(event.Learners, node.Int(int64(h.peer)))
	}
	o.CancelTimer(h.timer(event.TimerReadTimeout))
	o.CancelTimer(h.timer(event.TimerHandler))
	o.Close(h.conn)
}

func without(hs []*LearnerHandler, h *LearnerHandler) []*LearnerHandler {
	if i := slices.Index(hs, h); i >= 0 {
		return slices.Delete(hs, i, i+1)
	}
	return hs
}
