// Package server is the request side of a ZooKeeper server: the chain of request processors that
// its role asks for, the sessions, and the protocol that clients speak. The role itself, leader or
// learner, stands behind Upstream; the tree and the files stand behind storage.ZKDatabase.
//
// Where ZooKeeper runs a thread for each processor with a queue before it, a request here goes
// through as many processors as it can in one call. Queues remain where a thread would wait for
// somebody else: for an fsync (SyncRequestProcessor), for a commit (CommitProcessor), for the
// leader's answer (pendingSyncs, pendingRevalidations).
//
//	Standalone : Prep -> Sync -> Final
//	Leader     : Prep -> Proposal -> Commit -> ToBeApplied -> Final
//	                        `-> Sync -> Ack
//	Follower   : FollowerRequest -> Commit -> Final,   PROPOSAL -> Sync -> SendAck
//	Observer   : ObserverRequest -> Commit -> Final,   INFORM -> Sync
//
// Reading order: request.go (what travels, and who stands behind), server.go (a server's life),
// client.go and connect.go (the client's edge), auth.go; submit.go (into the chain), prep.go,
// write.go, multi.go, closesession.go, reconfig.go and changes.go (the leader decides), acl.go and
// path.go (what it asks), syncprocessor.go (log), commitprocessor.go (order), final.go, reads.go and
// watches.go (answers); session.go and expiry.go (who is alive); containers.go (what the leader
// cleans up); leader.go and learner.go (what the roles call).
package server
