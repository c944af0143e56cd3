package election

import (
	"zabscope/engine/node"
	"zabscope/engine/zk/event"
)

// join judges the vote of a server that follows or leads: with votes of the same round first, then
// with all that were heard out of election. (FastLeaderElection.lookForLeader, cases FOLLOWING and
// LEADING)
func (f *FastLeaderElection) join(o *node.Out, n *notification) {
	v := n.vote()
	if n.Round == f.round {
		// Stored without its version, so that between formats only the leader's sid is compared.
		stored := v
		stored.Version = 0
		f.recvset.put(n.sid, stored)
		if f.joins(o, n, f.recvset, inRecvSet) {
			return
		}
	}
	f.outOfElection.put(n.sid, v)
	f.joins(o, n, f.outOfElection, inOutOfElection)
}

// joins reports whether those in the set that share n's vote are a quorum under a leader that says
// so itself; if they are, the round ends with that leader.
func (f *FastLeaderElection) joins(o *node.Out, n *notification, set ballots, in whichSet) bool {
	v := n.vote()
	agreed := f.count(set, v)
	f.explainCounted(o, n.sid, set, in, v, agreed)
	if !agreed || !f.checkLeader(o, n, set) {
		return false
	}
	f.explainJoined(o, n, set)
	// The joiner takes the round of those it joins, even if its own was newer.
	f.round = n.Round
	f.leave(o, v)
	return true
}

// checkLeader guards against electing a leader that has died: others may still name it. That this
// server itself is named counts only for the round it is in. (FastLeaderElection.checkLeader)
func (f *FastLeaderElection) checkLeader(o *node.Out, n *notification, set ballots) bool {
	if !f.opt.CheckLeader {
		return true
	}
	passes, checks := f.leaderChecks(n, set)
	f.explainLeaderChecked(o, n, passes, &checks)
	return passes
}

// leaderChecks asks whether the leader that n names is one.
func (f *FastLeaderElection) leaderChecks(n *notification, set ballots) (passes bool, c Checks) {
	leader := sidValue(n.Leader)
	if c.ask(event.LeaderIsMe, n.Leader == f.peer.SID(), leader, node.Value{}) {
		passes = c.ask(event.RoundIsMine, n.Round == f.round, node.Int(n.Round), node.Int(f.round))
	} else {
		passes = c.ask(event.LeaderSaidSo, set.saysLeading(n.Leader), leader, node.Value{})
	}
	c.decided()
	return passes, c
}
