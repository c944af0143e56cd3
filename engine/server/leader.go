package server

import (
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// SubmitLearnerRequest takes a REQUEST packet that came through the learner from. It was checked
// there, and goes straight to Prep. (LeaderZooKeeperServer.submitLearnerRequest)
func (s *ZooKeeperServer) SubmitLearnerRequest(o *node.Out, from zk.SID, p *jute.QuorumPacket) {
	s.prepare(o, &Request{Session: p.Session, Cxid: p.Cxid, Op: p.Request, Auth: p.Auth,
		Owner: from, Learner: true})
}

// The leader's own clients and the learners' REQUESTs meet in Prep: from there on there is one
// order, that of the zxids, and everything below follows it.

// CommitTxn applies what a quorum has, and answers whoever asked for it through this server. It is
// called in zxid order. (CommitProcessor.commit)
func (s *ZooKeeperServer) CommitTxn(o *node.Out, t *zk.Txn) { s.commitProcessor.commit(o, t) }

// Touch keeps a session alive for timeout milliseconds more: a learner has heard of it.
// (LeaderZooKeeperServer.touch)
func (s *ZooKeeperServer) Touch(o *node.Out, session int64, timeout int32) {
	if s.leader != nil {
		s.leader.touchSession(millis(o.Now), session, timeout)
	}
}

// RevalidateSession reports whether a session is alive and, if it is, lets its requests come
// through server from, and from no other, from now on. (Leader.revalidateSession)
func (s *ZooKeeperServer) RevalidateSession(o *node.Out, from zk.SID, session int64,
	timeout int32) bool {
	valid := s.leader != nil && s.leader.touchSession(millis(o.Now), session, timeout)
	if valid {
		s.leader.setOwner(session, from)
	}
	if o.Tracing {
		o.Event(event.SessionRevalidated).With(node.Int(session), node.Bool(valid)).
			Check(event.SessionIsKnown, valid, node.Int(session)).Decides()
	}
	return valid
}
