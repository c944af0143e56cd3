package zab

import (
	"slices"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Membership is the committed configuration. (server.Ensemble)
func (l *Leader) Membership() *zk.Membership { return l.p.Verifier().Membership() }

// LastSeenMembership is the configuration last proposed. (server.Ensemble)
func (l *Leader) LastSeenMembership() *zk.Membership { return l.p.LastSeenVerifier().Membership() }

// Synced lists those who vote in m and are level with this leader, and reports whether they are a
// quorum of it. (Leader.isQuorumSynced; server.Ensemble)
func (l *Leader) Synced(m *zk.Membership) (servers []zk.SID, isQuorum bool) {
	var t quorum.Tracker
	v := quorum.New(m)
	t.Add(v)
	t.Ack(l.p.SID())
	for _, h := range l.forwarding {
		if h.synced() {
			t.Ack(h.sid)
		}
	}
	return t.Acks(), t.HasAllQuorums()
}

// SetLastSeen makes m the configuration last seen, durably. (server.Ensemble)
func (l *Leader) SetLastSeen(o *node.Out, m *zk.Membership, then func(*node.Out)) {
	l.p.SetLastSeenVerifier(o, m, then)
}

// nameConfig gives a configuration that no reconfig made the zxid of NEWLEADER as its version, so
// that the configurations of servers that never met this ensemble are older. It counts as committed
// when NEWLEADER is acknowledged. (Leader.lead; ZOOKEEPER-1783)
func (l *Leader) nameConfig(o *node.Out, then func(*node.Out)) {
	cur, seen := l.Membership(), l.LastSeenMembership()
	if cur.Version != 0 || seen.Version != 0 {
		then(o)
		return
	}
	l.p.SetLastSeenVerifier(o, cur.WithVersion(int64(l.newLeaderZxid)), then)
}

// designatedLeader says who is to lead once the configuration that t's last verifier knows is
// active: this leader if it still votes at its old address, otherwise the one of those who
// acknowledged it that has acknowledged most of what was proposed behind zxid z.
// (Leader.getDesignatedLeader)
func (l *Leader) designatedLeader(o *node.Out, t *quorum.Tracker, z zk.Zxid) zk.SID {
	vs := t.Verifiers()
	next := vs[len(vs)-1].Membership()
	e := o.Event(event.LeaderDesignated).Leads()
	leader := l.p.SID()
	candidates := othersIn(t, next, leader)
	stays := l.keepsVote(next) || len(candidates) == 0
	e.Check(event.LeaderKeepsVote, stays, node.Int(int64(leader)))
	if !stays {
		leader = l.mostUpToDate(e, candidates, z)
	}
	if o.Tracing {
		e.Decides().With(node.Int(int64(leader)), event.SIDs(candidates), node.Zxid(next.Version))
	}
	return leader
}

// keepsVote reports whether this leader votes in m under the quorum address that it has.
func (l *Leader) keepsVote(m *zk.Membership) bool {
	then, ok := m.Lookup(l.p.SID())
	now, _ := l.Membership().Lookup(l.p.SID())
	return ok && then.Type == zk.Participant && then.Host == now.Host &&
		then.QuorumPort == now.QuorumPort
}

// othersIn lists those in the tracker who vote in m, but for me.
func othersIn(t *quorum.Tracker, m *zk.Membership, me zk.SID) []zk.SID {
	var out []zk.SID
	for _, s := range t.Acks() {
		if s != me && m.IsVoter(s) {
			out = append(out, s)
		}
	}
	return out
}

// mostUpToDate narrows the candidates down to those who have acknowledged the next outstanding
// proposal in every configuration that it counts in, and so on, as long as somebody is left.
func (l *Leader) mostUpToDate(e *node.Event, candidates []zk.SID, z zk.Zxid) zk.SID {
	best := candidates[0]
	for p := l.outstanding.find(z + 1); p != nil; p = l.outstanding.find(p.zxid() + 1) {
		for _, v := range p.acks.Verifiers() {
			candidates = slices.DeleteFunc(slices.Clone(candidates), func(s zk.SID) bool {
				return !p.acks.Has(s) || !v.Membership().IsVoter(s)
			})
			e.Check(event.CandidatesAckedIt, len(candidates) > 0, node.Zxid(int64(p.zxid())),
				event.SIDs(candidates))
			if len(candidates) == 0 {
				return best
			}
			if best = candidates[0]; len(candidates) == 1 {
				return best
			}
		}
	}
	return best
}

// activateConfig makes the configuration of NEWLEADER the committed one, of a reconfig that an
// older leader left behind too. Another server may have to lead it: then this leader serves and
// commits nothing. (Leader.startZkServer)
func (l *Leader) activateConfig(o *node.Out, then func(*node.Out)) {
	if !l.cfg.ReconfigEnabled {
		then(o)
		return
	}
	leader := l.designatedLeader(o, &l.newLeaderAcks, l.newLeaderZxid)
	l.p.ProcessReconfig(o, l.LastSeenMembership(), leader, l.zks.Zxid(),
		func(o *node.Out, _ bool) {
			l.designate(leader)
			then(o)
		})
}

// designate notes who commits from now on.
func (l *Leader) designate(leader zk.SID) {
	l.designated = leader
	l.mayNotCommit = l.mayNotCommit || leader != l.p.SID()
}

// commitReconfig activates the configuration of a proposal that is committed, here and with
// everybody else. While it is written to disk nothing else is acknowledged, as under the leader's
// lock. (Leader.tryToCommit, case reconfig)
func (l *Leader) commitReconfig(o *node.Out, p *proposal) {
	l.activating = p
	vs := p.acks.Verifiers()
	next := vs[len(vs)-1].Membership()
	leader := l.designatedLeader(o, &p.acks, p.zxid())
	l.p.ProcessReconfig(o, next, leader, l.zks.Zxid(), func(o *node.Out, _ bool) {
		l.activating = nil
		l.toBeApplied.push(p)
		l.designate(leader)
		z := p.zxid()
		l.broadcastActivate(o, p, leader)
		l.zks.CommitTxn(o, p.packet.Txn)
		l.releaseSyncs(o, z)
		l.goOn(o)
	})
}

// broadcastActivate tells followers COMMITANDACTIVATE and observers INFORMANDACTIVATE. Followers
// that have to leave close their connections themselves: so a quorum of them is sure to be told.
// (Leader.commitAndActivate, informAndActivate)
func (l *Leader) broadcastActivate(o *node.Out, p *proposal, leader zk.SID) {
	for _, h := range slices.Clone(l.forwarding) {
		h.send(o, &jute.QuorumPacket{Type: zk.COMMITANDACTIVATE, Zxid: p.zxid(), Leader: leader})
	}
	for _, h := range slices.Clone(l.observing) {
		h.send(o, &jute.QuorumPacket{Type: zk.INFORMANDACTIVATE, Zxid: p.zxid(), Leader: leader,
			Txn: p.packet.Txn})
	}
}

// lateAck is an acknowledgement that came while a configuration was activated.
type lateAck struct {
	sid  zk.SID
	zxid zk.Zxid
}

// goOn does what waited for the activation: proposals behind the reconfig may have their quorum by
// now, as they wait for other servers; then acknowledgements that came late, and a tick.
// (Leader.processAck, behind tryToCommit)
func (l *Leader) goOn(o *node.Out) {
	for l.activating == nil && !l.mayNotCommit {
		if p := l.outstanding.first(); p == nil || !l.tryToCommit(o, p) {
			break
		}
	}
	for len(l.lateAcks) > 0 && l.activating == nil {
		a := l.lateAcks[0]
		l.lateAcks = l.lateAcks[1:]
		l.processAck(o, a.sid, a.zxid)
	}
	if l.tickDue && l.activating == nil {
		l.tickDue = false
		l.halfTick(o)
	}
}

// explainQuorum adds to an event whether those in the tracker are a quorum of the committed
// configuration and, where another was seen, of that one as well. The last question settles it.
func (l *Leader) explainQuorum(e *node.Event, c node.CheckCode, t *quorum.Tracker,
	names node.Value) *node.Event {
	count := node.Int(int64(len(t.Acks())))
	for i, v := range t.Verifiers() {
		has := v.ContainsQuorum(t.Acks())
		if i > 0 {
			c = event.NewConfigHasQuorum
		}
		e.Check(c, has, names, count, node.Int(int64(len(v.Membership().Voters()))))
		if !has {
			break
		}
	}
	return e.Decides()
}
