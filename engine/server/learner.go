package server

import (
	"fmt"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// LogRequest logs a proposal and keeps it for its commit; it need not be durable for that. The
// start of an epoch is logged by nobody's wish and never committed.
// (FollowerZooKeeperServer.logRequest)
func (s *ZooKeeperServer) LogRequest(o *node.Out, t *zk.Txn) {
	s.Pending(t)
	s.syncProcessor.process(o, syncItem{t, nil})
}

// Pending keeps a proposal for its commit that the caller has logged by other means, as releases
// since ZOOKEEPER-4785 do while they are synchronized. (FollowerZooKeeperServer.pendingTxns)
func (s *ZooKeeperServer) Pending(t *zk.Txn) {
	if t.Zxid.Counter() != 0 {
		s.pendingTxns.push(t)
	}
}

// FirstPending is the oldest proposal that is not committed, nil if there is none.
// (FollowerZooKeeperServer.pendingTxns)
func (s *ZooKeeperServer) FirstPending() *zk.Txn {
	if s.pendingTxns.len() == 0 {
		return nil
	}
	return s.pendingTxns.first()
}

// Commit applies the oldest proposal, which must be z: a follower that is told of another one has
// missed something and must exit. Without any proposal the COMMIT is ignored.
// (FollowerZooKeeperServer.commit)
func (s *ZooKeeperServer) Commit(o *node.Out, z zk.Zxid) error {
	if s.pendingTxns.len() == 0 {
		CommitUnmatched(o, z, zk.NoZxid)
		return nil
	}
	if head := s.pendingTxns.first().Zxid; head != z {
		CommitUnmatched(o, z, head)
		return fmt.Errorf("committing zxid %s but next pending txn %s", z, head)
	}
	s.commitProcessor.commit(o, s.pendingTxns.pop())
	return nil
}

// CommitUnmatched tells of a COMMIT that does not fit, with the oldest proposal there is, NoZxid if
// there is none.
func CommitUnmatched(o *node.Out, z, head zk.Zxid) {
	if o.Tracing {
		o.Event(event.CommitUnmatched).With(node.Zxid(int64(z)), node.Zxid(int64(head))).
			Check(event.HeadMatches, false, node.Zxid(int64(z)), node.Zxid(int64(head))).Decides()
	}
}

// ApplyCommitted logs and applies what an observer is told with INFORM, in zxid order.
// (ObserverZooKeeperServer.commitRequest)
func (s *ZooKeeperServer) ApplyCommitted(o *node.Out, t *zk.Txn) {
	s.syncProcessor.process(o, syncItem{t, nil})
	s.commitProcessor.commit(o, t)
}

// SyncAnswered takes the leader's SYNC: the oldest sync that was sent to it is done. One that
// nobody asked for is ignored. (FollowerZooKeeperServer.sync, ObserverZooKeeperServer.sync)
func (s *ZooKeeperServer) SyncAnswered(o *node.Out) {
	if s.pendingSyncs.len() > 0 {
		s.commitProcessor.commitSync(o, s.pendingSyncs.pop())
	}
}

// FinishRevalidation takes the leader's answer about a session whose client waits here.
// (Learner.revalidate)
func (s *ZooKeeperServer) FinishRevalidation(o *node.Out, session int64, valid bool) {
	c := s.pendingRevalidations[session]
	if c == nil {
		return // the client did not wait for it
	}
	delete(s.pendingRevalidations, session)
	s.finishSessionInit(o, c, valid)
}

// TakeTouches hands out the sessions that were heard of since the last call, in order; never nil.
// (LearnerZooKeeperServer.getTouchSnapshot)
func (s *ZooKeeperServer) TakeTouches() []jute.Touch {
	if s.learner == nil {
		return []jute.Touch{}
	}
	return s.learner.snapshot()
}
