package server

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// Kind is the role that a server's chain of processors is made for.
type Kind uint8

// The kinds.
const (
	StandaloneServer Kind = iota // ZooKeeperServer
	LeaderServer                 // LeaderZooKeeperServer
	FollowerServer               // FollowerZooKeeperServer
	ObserverServer               // ObserverZooKeeperServer
)

// noOwner is the owner of sessions that nobody has claimed and of requests that the server makes by
// itself. (null in SessionTrackerImpl.SessionImpl.owner)
const noOwner = zk.NoLeader

// Request is one request on its way through the processors.
// (org.apache.zookeeper.server.Request)
type Request struct {
	Session int64
	Cxid    int32 // the client's xid; 0 for what a server asks by itself
	Op      *zk.Request
	Auth    []zk.ID     // who asks; nil for requests of the server itself
	Conn    node.ConnID // the client's connection to this server, 0 for none
	Owner   zk.SID      // the server through which it came; zk.NoLeader for nobody
	Learner bool        // it came in a REQUEST packet
	Txn     *zk.Txn     // set by Prep, or by the commit; nil for what needs none

	err  zk.ErrorCode // what Prep found (Request.getException)
	cnxn *serverCnxn  // behind Conn, also when it is closed by now

	members *zk.Membership // reconfig: the new configuration (Request.qv)
	next    *Request       // in its session's queue
}

// Upstream is the role behind the chain of processors, implemented by zab.Leader and zab.Learner.
// The Request in a call may be kept, not changed; of it, only Txn changes afterwards.
type Upstream interface {
	// Propose sends a prepared transaction to the ensemble; the leader's only, in zxid order.
	// (ProposalRequestProcessor calls Leader.propose)
	Propose(o *node.Out, r *Request)
	// Logged says that the transaction is durable here, in log order.
	// (AckRequestProcessor, SendAckRequestProcessor)
	Logged(o *node.Out, t *zk.Txn)
	// Applied says that the leader's own tree holds z. (Leader.ToBeAppliedRequestProcessor)
	Applied(o *node.Out, z zk.Zxid)
	// SyncRequested asks the leader to answer a learner's sync. (Leader.processSync)
	SyncRequested(o *node.Out, r *Request)
	// Forward sends a learner's client's request to the leader. (Learner.request)
	Forward(o *node.Out, r *Request)
	// Revalidate asks the leader whether a session is alive; timeout is in milliseconds.
	// (Learner.validateSession)
	Revalidate(o *node.Out, session int64, timeout int32)
}
