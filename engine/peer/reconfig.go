package peer

import (
	"fmt"
	"strings"

	"zabscope/engine/election"
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// designatedHow is how a leader was found that a reconfig named, as the event Elected says it.
const designatedHow = "DESIGNATED"

// readConfig finds out who the members are: those of the last configuration that this server
// activated, else those of its own list. The role that the list gives wins over peerType.
// (QuorumPeerConfig.parse, QuorumPeerMain.runFromConfig)
func (p *Peer) readConfig(disk node.Disk) {
	committed, next, err := storage.ReadConfig(disk)
	p.configErr = err
	m := p.cfg.Membership
	if committed != nil {
		m = committed
	}
	p.verifier = quorum.New(m)
	p.lastSeen = p.verifier
	if next != nil && p.cfg.Zoo.ReconfigEnabled && next.Version > m.Version {
		p.lastSeen = quorum.New(next)
	}
	me, listed := m.Lookup(p.cfg.SID)
	p.learnerType = me.Type
	if p.configErr == nil && !listed {
		p.configErr = fmt.Errorf("my id %d is not in the peer list", p.cfg.SID)
	}
}

// showConfig tells with what members this server starts.
func (p *Peer) showConfig(o *node.Out) {
	if !p.cfg.Zoo.ReconfigEnabled {
		return
	}
	if p.lastSeen == p.verifier {
		p.db.RemoveNextConfig()
	}
	e := p.configEvent(o, event.ConfigInstalled, p.verifier).
		Set(event.LearnerType, node.Text(p.learnerType.String()))
	putConfig(e, event.QuorumConfig, p.verifier)
	putConfig(e, event.LastSeenConfig, p.lastSeen)
}

func (p *Peer) configEvent(o *node.Out, k node.Kind, v quorum.Verifier) *node.Event {
	m := v.Membership()
	return o.Event(k).Leads().With(node.Zxid(m.Version), event.SIDs(m.Voters()),
		event.SIDs(m.Observers()), groupsText(m), weightsText(m))
}

// groupsText lists the groups, "1,2|3,4,5"; majority quorums have none.
func groupsText(m *zk.Membership) node.Value {
	text := make([]string, len(m.Groups))
	for i, g := range m.Groups {
		text[i] = event.SIDs(g).S
	}
	return node.Text(strings.Join(text, "|"))
}

// weightsText lists the members whose weight is not 1, "3:0,5:2".
func weightsText(m *zk.Membership) node.Value {
	var text []string
	for _, x := range m.Members {
		if w := m.Weight(x.SID); w != 1 {
			text = append(text, fmt.Sprintf("%d:%d", x.SID, w))
		}
	}
	return node.Text(strings.Join(text, ","))
}

func putConfig(e *node.Event, f node.Field, v quorum.Verifier) {
	m := v.Membership()
	e.Set(f, node.Zxid(m.Version), event.SIDs(m.Voters()), event.SIDs(m.Observers()))
}

// SetLastSeenVerifier makes m the configuration last seen, even if it is older: a leader that never
// saw the newer one takes it back. (QuorumPeer.setLastSeenQuorumVerifier; zab.Peer)
func (p *Peer) SetLastSeenVerifier(o *node.Out, m *zk.Membership, then func(*node.Out)) {
	if !p.cfg.Zoo.ReconfigEnabled || m.Version == p.lastSeen.Membership().Version {
		then(o)
		return
	}
	p.lastSeen = quorum.New(m)
	putConfig(p.configEvent(o, event.ConfigSeen, p.lastSeen), event.LastSeenConfig, p.lastSeen)
	p.fle.ConnectNewPeers(o)
	name, tmp, err := p.db.WriteNextConfig(m)
	p.writeConfig(o, name, tmp, err, p.ofThisRole(then))
}

// ProcessReconfig makes m the committed configuration. (QuorumPeer.processReconfig; zab.Peer)
func (p *Peer) ProcessReconfig(o *node.Out, m *zk.Membership, leader zk.SID, z zk.Zxid,
	then func(o *node.Out, majorChange bool)) {
	p.processReconfig(o, m, designation{leader, z}, true, then)
}

// designation is the leader that a reconfig names, with the zxid it has at least; NoLeader for
// none.
type designation struct {
	leader zk.SID
	zxid   zk.Zxid
}

// processReconfig finishes what it began even if the role ends meanwhile, as its thread would; only
// then is dropped in that case. (QuorumPeer.processReconfig)
func (p *Peer) processReconfig(o *node.Out, m *zk.Membership, d designation, restart bool,
	then func(*node.Out, bool)) {
	major := false
	goOn := p.ofThisRole(func(o *node.Out) { then(o, major) })
	switch prev := p.verifier.Membership(); {
	case !p.cfg.Zoo.ReconfigEnabled:
		then(o, false)
	case m.Version <= prev.Version:
		p.initConfigNode(o)
		goOn(o)
	default:
		p.setVerifier(o, m, func(o *node.Out) {
			p.initConfigNode(o)
			major = p.takeOver(o, prev, d, restart)
			goOn(o)
		})
	}
}

// setVerifier installs a newer configuration: in memory at once, then on disk.
// (QuorumPeer.setQuorumVerifier)
func (p *Peer) setVerifier(o *node.Out, m *zk.Membership, then func(*node.Out)) {
	p.verifier = quorum.New(m)
	e := p.configEvent(o, event.ConfigInstalled, p.verifier)
	putConfig(e, event.QuorumConfig, p.verifier)
	if m.Version > p.lastSeen.Membership().Version {
		p.lastSeen = p.verifier
		putConfig(e, event.LastSeenConfig, p.lastSeen)
	}
	name, tmp, err := p.db.WriteDynamicConfig(m)
	p.writeConfig(o, name, tmp, err, func(o *node.Out) {
		name, tmp, err := p.db.WriteStaticConfig(m)
		p.writeConfig(o, name, tmp, err, func(o *node.Out) {
			if p.lastSeen.Membership().Version == m.Version {
				p.db.RemoveNextConfig()
			}
			then(o)
		})
	})
}

// writeConfig puts a file that was written beside its place there, durably. A server whose disk
// refuses only says so. (AtomicFileWritingIdiom)
func (p *Peer) writeConfig(o *node.Out, name, tmp string, err error, then func(*node.Out)) {
	failed := func(o *node.Out, reason string) {
		o.Event(event.ConfigWriteFailed).With(node.Text(name), node.Text(reason))
		then(o)
	}
	if err != nil {
		failed(o, err.Error())
		return
	}
	p.awaitBlocked(o, []string{tmp}, func(o *node.Out) {
		if err := p.db.CommitConfig(o, name); err != nil {
			failed(o, err.Error())
			return
		}
		then(o)
	}, failed)
}

// initConfigNode writes the configuration into the tree: no transaction in the log does it for the
// first one, nor for one that was heard of in an election. (QuorumPeer.initConfigInZKDatabase)
func (p *Peer) initConfigNode(o *node.Out) {
	if zks := p.zks(); zks != nil {
		zks.InitConfigNode(o)
		return
	}
	p.db.InitConfigNode(o)
}

// takeOver does what follows from a newer configuration and reports whether the role must end; a
// LOOKING peer has none. The new configuration is installed by now.
// (QuorumPeer.processReconfig, behind setQuorumVerifier)
func (p *Peer) takeOver(o *node.Out, prev *zk.Membership, d designation, restart bool) bool {
	m := p.verifier.Membership()
	differs := !m.Equal(prev)
	role := roleIn(m, p.cfg.SID)
	roleChange := differs && role != p.learnerType
	leaderChange := differs && p.state != zk.Looking && p.leaderChanges(prev, m, d)
	e := o.Event(event.ReconfigProcessed).Leads()
	if o.Tracing {
		p.explainReconfig(e, prev, d, differs, roleChange, leaderChange)
	}
	if !differs {
		return false
	}
	if roleChange {
		p.updateLearnerType(o, role)
	}
	switch {
	case d.leader == zk.NoLeader:
		p.reconfigFlag = false
	case leaderChange:
		// As if it had been elected. (QuorumPeer.updateVote)
		p.vote = zk.Vote{Leader: d.leader, Zxid: d.zxid, ElectionEpoch: -1, PeerEpoch: -1}
		p.reconfigFlag = true
	}
	if restart {
		p.restartElection(o)
	}
	return roleChange || leaderChange
}

// roleIn is the role that a configuration gives: who is not in it follows without a vote.
// (QuorumPeer.updateLearnerType)
func roleIn(m *zk.Membership, s zk.SID) zk.LearnerType {
	x, _ := m.Lookup(s)
	return x.Type
}

// leaderChanges reports whether another leader is designated or, if none is, whether the present
// one is a voter at the same address in both configurations.
func (p *Peer) leaderChanges(prev, m *zk.Membership, d designation) bool {
	if d.leader != zk.NoLeader {
		return d.leader != p.vote.Leader
	}
	then, ok := prev.Lookup(p.vote.Leader)
	now, still := m.Lookup(p.vote.Leader)
	return !ok || !still || then.Type != zk.Participant || now.Type != zk.Participant ||
		then.Host != now.Host || then.QuorumPort != now.QuorumPort
}

func (p *Peer) explainReconfig(e *node.Event, prev *zk.Membership, d designation,
	differs, roleChange, leaderChange bool) {
	m := p.verifier.Membership()
	major := p.state != zk.Looking && (roleChange || leaderChange)
	e.With(node.Zxid(m.Version), sidValue(d.leader), node.Bool(major))
	e.Check(event.ConfigIsNewer, true, node.Zxid(m.Version), node.Zxid(prev.Version))
	e.Check(event.MembersDiffer, differs)
	if differs {
		e.Check(event.RoleChanges, roleChange, node.Text(p.learnerType.String()),
			node.Text(roleIn(m, p.cfg.SID).String()))
	}
	switch {
	case !differs || roleChange || p.state == zk.Looking:
	case d.leader != zk.NoLeader:
		e.Check(event.LeaderChanges, leaderChange, sidValue(p.vote.Leader), sidValue(d.leader))
	default:
		e.Check(event.LeaderStaysVoter, !leaderChange, sidValue(p.vote.Leader))
	}
	e.Decides()
}

// sidValue writes a leader; none is NoValue.
func sidValue(s zk.SID) node.Value {
	if s == zk.NoLeader {
		return node.Value{}
	}
	return node.Int(int64(s))
}

// updateLearnerType takes the role that the configuration gives; the next state follows without an
// election, if a leader is designated. (QuorumPeer.updateLearnerType)
func (p *Peer) updateLearnerType(o *node.Out, t zk.LearnerType) {
	o.Event(event.LearnerTypeChanged).With(node.Text(p.learnerType.String()),
		node.Text(t.String())).Set(event.LearnerType, node.Text(t.String()))
	p.learnerType, p.reconfigFlag = t, true
}

// restartElection replaces the election by a new one, whose rounds and connections begin anew.
// (QuorumPeer.restartLeaderElection)
func (p *Peer) restartElection(o *node.Out) {
	p.fle.ShutDown(o)
	p.fle = election.New(p, p.cfg.Zoo, p.cfg.Options, p.NewConn)
	e := o.Event(event.ElectionRestarted).With(node.Zxid(p.verifier.Membership().Version)).Leads()
	p.fle.Restarted(e, p.vote)
	p.fle.Start(o)
}

// SawNewerConfig adopts a configuration that a LOOKING peer hears of. If it has other members the
// round is void, and a new election begins. (FastLeaderElection.Messenger.WorkerReceiver.run;
// election.Peer)
func (p *Peer) SawNewerConfig(o *node.Out, m *zk.Membership) {
	restart := !m.Equal(p.verifier.Membership())
	if restart {
		p.fle.ShutDown(o)
	}
	p.processReconfig(o, m, designation{leader: zk.NoLeader}, false,
		func(o *node.Out, _ bool) {
			if restart {
				p.vote = p.ownVote()
				p.restartElection(o)
				p.fle.LookForLeader(o)
			}
		})
}

// afterRole goes on when a role has ended: under the leader that a reconfig has designated, if one
// did, or by looking for one. (QuorumPeer.updateServerState)
func (p *Peer) afterRole(o *node.Out) {
	if !p.reconfigFlag {
		p.look(o)
		return
	}
	p.reconfigFlag = false
	state := zk.Observing
	switch {
	case p.vote.Leader == p.cfg.SID:
		state = zk.Leading
	case p.learnerType == zk.Participant:
		state = zk.Following
	}
	v := &p.vote
	o.Event(event.Elected).About(node.ID(v.Leader)).Leads().With(sidValue(v.Leader),
		node.Zxid(int64(v.Zxid)), node.Int(int64(v.PeerEpoch)), node.Int(v.ElectionEpoch),
		node.Text(designatedHow), node.Text(""))
	p.setState(o, state)
}
