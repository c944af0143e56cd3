package server

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// checkInterval is the time between two looks at the containers.
// (ContainerManager.checkIntervalMs, znode.container.checkIntervalMs)
const checkInterval = 60 * node.Second

// containerTimer wakes the leader's ContainerManager.
var containerTimer = node.Timer{Kind: event.TimerContainers}

// armContainerTimer sets the time of the next look. Leaders alone look, and the first time is one
// interval after they began. (LeaderZooKeeperServer.startup, ContainerManager.start)
func (s *ZooKeeperServer) armContainerTimer(o *node.Out) {
	if s.kind == LeaderServer {
		o.SetTimer(containerTimer, o.Now+checkInterval)
	}
}

// checkContainers asks for the deletion of every container that had children and has none now. The
// request takes the way of every write, in the name of no session.
// (ContainerManager.checkContainers, getCandidates)
func (s *ZooKeeperServer) checkContainers(o *node.Out) {
	for _, path := range s.db.Tree.Containers() {
		if n := s.db.Tree.Node(path); n != nil && n.Cversion > 0 && n.NumChildren() == 0 {
			s.prepare(o, &Request{Owner: noOwner,
				Op: &zk.Request{Type: zk.OpDeleteContainer, Path: path}})
		}
	}
	s.armContainerTimer(o)
}
