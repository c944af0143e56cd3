package zab

import (
	"slices"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/server"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// pendingSync is a client's sync that waits for a commit.
type pendingSync struct {
	after zk.Zxid
	req   *server.Request
}

// Propose sends a prepared transaction to the followers. The zxid that would exhaust the counter is
// never proposed: the leader resigns instead. (Leader.propose; server.Upstream)
func (l *Leader) Propose(o *node.Out, r *server.Request) {
	t := r.Txn
	if l.opt.RolloverCheck && t.Zxid.Counter() == 0xffffffff {
		l.giveUp(o, "the zxid counter of this epoch is used up")
		return
	}
	p := l.newProposal(&jute.QuorumPacket{Type: zk.PROPOSAL, Zxid: t.Zxid, Txn: t}, r)
	l.lastProposed = t.Zxid
	l.outstanding.push(p)
	if o.Tracing {
		o.Event(event.Proposed).With(node.Zxid(int64(t.Zxid)), node.Text(t.Type.String()),
			node.Text(t.Path), node.Int(int64(t.Checksum)), node.Int(int64(l.epoch))).
			Put(event.Outstanding, node.Zxid(int64(t.Zxid)), node.Text("")).Leads()
	}
	for _, h := range l.forwarding {
		h.limit.proposed(t.Zxid, o.Now)
		h.send(o, p.packet)
	}
}

// newProposal takes one from the free list, so that steady state allocates none.
func (l *Leader) newProposal(pkt *jute.QuorumPacket, r *server.Request) *proposal {
	p := l.free
	if p == nil {
		p = &proposal{}
	} else {
		l.free = p.next
	}
	p.packet, p.req, p.next = pkt, r, nil
	p.acks.Reset()
	l.addVerifiers(&p.acks)
	return p
}

// Logged is the leader's own acknowledgement, once its log is durable.
// (AckRequestProcessor; server.Upstream)
func (l *Leader) Logged(o *node.Out, t *zk.Txn) { l.processAck(o, l.p.SID(), t.Zxid) }

// Reasons of AckIgnored, stable codes.
const (
	ignoredDesignated  = "designated"  // another server is designated to lead
	ignoredNewLeader   = "newLeader"   // it answers NEWLEADER or UPTODATE
	ignoredNothing     = "nothing"     // nothing is outstanding
	ignoredCommitted   = "committed"   // it is committed already
	ignoredOutstanding = "outstanding" // it is not outstanding
	ignoredNotAVoter   = "notAVoter"   // the sender has no vote
)

// processAck counts an acknowledgement and commits what it completes. (Leader.processAck)
func (l *Leader) processAck(o *node.Out, sid zk.SID, z zk.Zxid) {
	if l.activating != nil {
		l.lateAcks = append(l.lateAcks, lateAck{sid, z})
		return
	}
	p, reason := l.acknowledged(z)
	if p == nil {
		l.ignoreAck(o, sid, z, reason)
		return
	}
	if p.acks.Ack(sid) {
		l.countAck(o, p, sid)
	} else {
		l.ignoreAck(o, sid, z, ignoredNotAVoter)
	}
	l.tryToCommit(o, p)
}

// acknowledged finds the proposal of an acknowledgement, or says why none counts, by the first
// question of Leader.processAck that settles it.
func (l *Leader) acknowledged(z zk.Zxid) (*proposal, string) {
	switch {
	case l.mayNotCommit:
		return nil, ignoredDesignated
	case z.Counter() == 0:
		return nil, ignoredNewLeader
	case l.outstanding.len() == 0:
		return nil, ignoredNothing
	case z <= l.lastCommitted:
		return nil, ignoredCommitted
	}
	return l.outstanding.find(z), ignoredOutstanding
}

// ignoreAck tells why an acknowledgement does not count.
func (l *Leader) ignoreAck(o *node.Out, sid zk.SID, z zk.Zxid, reason string) {
	if !o.Tracing {
		return
	}
	v := node.Zxid(int64(z))
	e := o.Event(event.AckIgnored).With(v, node.Int(int64(sid)), node.Text(reason))
	last := node.Zxid(int64(l.lastCommitted))
	switch reason {
	case ignoredDesignated:
		e.Check(event.MayCommit, false, node.Int(int64(l.designated)))
	case ignoredNewLeader:
		e.Check(event.ZxidIsNewLeader, true, v, node.Zxid(int64(l.newLeaderZxid)))
	case ignoredNothing:
		e.Check(event.ZxidIsOutstanding, false, v)
	case ignoredCommitted:
		e.Check(event.ZxidIsCommitted, true, v, last)
	case ignoredOutstanding:
		e.Check(event.ZxidIsCommitted, false, v, last).Check(event.ZxidIsOutstanding, false, v)
	case ignoredNotAVoter:
		e.Check(event.ZxidIsOutstanding, true, v).
			Check(event.SenderIsVoter, false, node.Int(int64(sid)))
	}
	e.Decides()
}

// countAck tells the tally, and what keeps the proposal from its commit: one before it that waits,
// or a quorum.
func (l *Leader) countAck(o *node.Out, p *proposal, sid zk.SID) {
	if !o.Tracing {
		return
	}
	names := l.acks.of(p.acks.Acks())
	z := node.Zxid(int64(p.zxid()))
	enough := p.acks.HasAllQuorums()
	e := o.Event(event.AckCounted).With(z, node.Int(int64(sid)), names, node.Bool(enough))
	if !l.explainPrevious(e, p) {
		l.explainQuorum(e, event.AckersAreQuorum, &p.acks, names)
	}
	e.Put(event.Outstanding, z, names)
}

// explainPrevious adds to an event whether the proposal before p still waits, which settles that p
// does, whatever its quorum.
func (l *Leader) explainPrevious(e *node.Event, p *proposal) (waits bool) {
	waits = l.outstanding.first() != p
	e.Check(event.PreviousIsOutstanding, waits, node.Zxid(int64(p.zxid()-1)))
	if waits {
		e.Decides()
	}
	return waits
}

// tryToCommit commits a proposal that has its quorum, if all before it are committed, and reports
// whether it did. (Leader.tryToCommit)
func (l *Leader) tryToCommit(o *node.Out, p *proposal) bool {
	if l.outstanding.first() != p || !p.acks.HasAllQuorums() {
		return false
	}
	l.explainCommit(o, p)
	l.outstanding.pop()
	z := p.zxid()
	l.lastCommitted = z
	if p.packet.Txn.Type == zk.OpReconfig {
		l.commitReconfig(o, p)
		return true
	}
	l.toBeApplied.push(p)
	l.broadcast(o, p)
	l.zks.CommitTxn(o, p.packet.Txn)
	l.releaseSyncs(o, z)
	return true
}

// explainCommit tells that a proposal, the oldest outstanding, is committed.
func (l *Leader) explainCommit(o *node.Out, p *proposal) {
	if !o.Tracing {
		return
	}
	z, names := node.Zxid(int64(p.zxid())), l.acks.of(p.acks.Acks())
	e := o.Event(event.Committed).With(z, names)
	l.explainPrevious(e, p)
	l.explainQuorum(e, event.AckersAreQuorum, &p.acks, names).
		Set(event.LogCommitted, z).Drop(event.Outstanding, z).Leads()
}

// broadcast tells followers COMMIT and observers INFORM. (Leader.commit, Leader.inform)
func (l *Leader) broadcast(o *node.Out, p *proposal) {
	if len(l.forwarding) > 0 {
		c := &jute.QuorumPacket{Type: zk.COMMIT, Zxid: p.zxid()}
		for _, h := range l.forwarding {
			h.send(o, c)
		}
	}
	if len(l.observing) > 0 {
		c := &jute.QuorumPacket{Type: zk.INFORM, Zxid: p.zxid(), Txn: p.packet.Txn}
		for _, h := range l.observing {
			h.send(o, c)
		}
	}
}

// Applied removes what the tree holds from toBeApplied.
// (ToBeAppliedRequestProcessor; server.Upstream)
func (l *Leader) Applied(_ *node.Out, z zk.Zxid) {
	if p := l.toBeApplied.first(); p != nil && p.zxid() == z {
		l.toBeApplied.pop()
		p.packet, p.req, p.next = nil, nil, l.free
		l.free = p
	}
}

// SyncRequested answers a learner's sync at once when nothing is outstanding, else behind the
// commit of the last proposal. (Leader.processSync; server.Upstream)
func (l *Leader) SyncRequested(o *node.Out, r *server.Request) {
	if l.outstanding.len() == 0 && l.activating == nil {
		l.sendSync(o, r)
		return
	}
	l.pendingSyncs = append(l.pendingSyncs, pendingSync{l.lastProposed, r})
}

func (l *Leader) releaseSyncs(o *node.Out, z zk.Zxid) {
	for len(l.pendingSyncs) > 0 && l.pendingSyncs[0].after <= z {
		l.sendSync(o, l.pendingSyncs[0].req)
		l.pendingSyncs = l.pendingSyncs[1:]
	}
}

// sendSync answers on the connection of the learner that asked, the newest if an old one was not
// noticed to be dead yet. (Leader.sendSync)
func (l *Leader) sendSync(o *node.Out, r *server.Request) {
	for _, h := range slices.Backward(l.handlers) {
		if h.sid == r.Owner && h.phase == serving {
			o.Event(event.SyncAnswered).About(h.peer).With(node.Int(r.Session),
				node.Int(int64(r.Cxid)), node.Int(int64(h.sid)))
			h.send(o, &jute.QuorumPacket{Type: zk.SYNC})
			return
		}
	}
}

// Forward is a learner's business. (server.Upstream)
func (l *Leader) Forward(*node.Out, *server.Request) {}

// Revalidate is a learner's business. (server.Upstream)
func (l *Leader) Revalidate(*node.Out, int64, int32) {}

// ackNames remembers how the last few sets of servers are written, because the same ones come back
// with every transaction.
type ackNames struct {
	sets  [4][]zk.SID
	names [4]node.Value
	next  int
}

func (a *ackNames) of(set []zk.SID) node.Value {
	for i, s := range a.sets {
		if equalSIDs(s, set) {
			return a.names[i]
		}
	}
	i := a.next
	a.next = (i + 1) % len(a.sets)
	a.sets[i] = append(a.sets[i][:0], set...)
	a.names[i] = event.SIDs(set)
	return a.names[i]
}

func equalSIDs(a, b []zk.SID) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
