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
	p.fle.Visible(s)
	if p.leader != nil {
		p.leader.Visible(s)
	}
	if p.learner != nil {
		p.learner.Visible(s)
	}
	if zks := p.zks(); zks != nil {
		zks.Visible(s)
	}
	return s
}
