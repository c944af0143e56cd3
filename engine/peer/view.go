package peer

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Status is what `srvr` tells of a server.
type Status struct {
	Mode      string  // leader, follower, observer, or not-serving
	Zxid      zk.Zxid // lastProcessedZxid, while serving
	NodeCount int     // znodes, the root counted twice as the real server does
}

// Status answers as the four-letter word srvr would. (ServerMetrics, SrvrCommand)
func (p *Peer) Status() Status {
	zks := p.zks()
	if zks == nil || !zks.Running() {
		return Status{Mode: "not-serving"}
	}
	mode := map[zk.ServerState]string{zk.Leading: "leader", zk.Following: "follower",
		zk.Observing: "observer"}[p.state]
	return Status{mode, p.db.LastProcessed(), p.db.Tree.NodeCount()}
}

// View implements node.Machine.
func (p *Peer) View() *node.State {
	s := node.NewState()
	p.db.Visible(s)
	if !p.started {
		return s
	}
	s.Scalars[event.State] = []node.Value{node.Text(p.state.String())}
	if p.phaseShown {
		s.Scalars[event.Phase] = []node.Value{node.Text(p.zabState.String()),
			node.Text(p.syncMode.String())}
	}
	if p.cfg.Zoo.ReconfigEnabled {
		p.visibleConfig(s)
	}
	p.fle.Visible(s)
	role := p.ending
	if p.leader != nil || p.learner != nil {
		role = ended{zks: p.zks(), leader: p.leader, learner: p.learner}
	}
	if role.leader != nil {
		role.leader.Visible(s)
	}
	if role.learner != nil {
		role.learner.Visible(s)
	}
	if role.zks != nil {
		role.zks.Visible(s)
	}
	return s
}

// visibleConfig fills in the members, where they can change.
func (p *Peer) visibleConfig(s *node.State) {
	var e node.Event
	putConfig(&e, event.QuorumConfig, p.verifier)
	putConfig(&e, event.LastSeenConfig, p.lastSeen)
	e.Set(event.LearnerType, node.Text(p.learnerType.String()))
	for _, op := range e.Ops {
		s.Apply(event.Vocabulary, op)
	}
}
