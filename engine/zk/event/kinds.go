package event

import "zabscope/engine/node"

// Kinds of events. The arguments of each stand in the table below.
const (
	// Messages, named at their sending.
	NotificationSent node.Kind = node.KindWorldEnd + iota
	PacketSent
	ProposalSent // PROPOSAL, INFORM and the ACTIVATE forms: a packet that carries a transaction
	RequestSent  // REQUEST
	SnapshotSent // the raw stream behind a SNAP packet
	HelloSent    // first message on an election connection
	ConnectRequestSent
	ConnectResponseSent
	ClientRequestSent
	ClientReplySent
	WatchEventSent

	// Election.
	LookingForLeader
	RoundRaised
	VoteChanged
	VoteKept
	NotificationIgnored
	NotificationAnswered
	VotesCounted
	LeaderChecked
	QuorumWaits
	NotificationTimedOut
	Elected
	ElectionConnDropped

	// Peer.
	StateChanged
	PhaseChanged
	ElectionVoteUpdated

	// Discovery.
	ConnectingToLeader
	LearnerRegistered
	EpochProposed
	AcceptedEpochWritten
	CurrentEpochWritten
	LeaderInfoJudged
	AckEpochJudged
	EpochEstablished

	// Synchronization.
	SyncChosen
	ForwardingStarted
	NewLeaderAcked
	LearnerLevel // the leader counts the learner as synchronized and sends UPTODATE
	Activated
	LearnerReady // the learner is past UPTODATE and serves
	Truncated
	SnapshotTaken
	SnapshotInstalled
	DatabaseLoaded
	DatabaseCleared
	FastForwarded

	// Broadcast.
	Proposed
	Appended
	Durable
	AckCounted
	AckIgnored
	Committed
	Delivered
	CommitUnmatched
	LogRolled

	// Giving up.
	SteppedDown
	LearnerLeft
	HandlerClosed
	QuorumChecked
	StartRefused
	EpochWriteFailed

	// Server and sessions.
	RequestPrepared
	RequestForwarded
	RequestRefused
	SessionOpened
	SessionClosed
	SessionExpiring
	SessionRevalidated
	ClientAccepted
	ClientClosed
	WatchSet
	WatchFired
	SyncAnswered

	// Client.
	ClientConnecting
	ClientConnected
	ClientCalled
	ClientAnswered
	ClientLost
	ClientExpired

	// Added to the election: a better vote ended the wait of a quorum.
	QuorumReopened

	// Added to storage: steps that are no transaction.
	LastProcessedSet
	ConfigNodeSet

	// Added to synchronization: the snapshot behind a SNAP is durable.
	SnapshotSynced

	// Added to the client: it has closed its session.
	ClientEnded

	// Dynamic reconfiguration.
	ReconfigJudged     // the leader decides whether a reconfig may be proposed
	ConfigSeen         // lastSeenQuorumVerifier is another
	ConfigInstalled    // quorumVerifier is another: the configuration is committed
	ConfigWritten      // a dynamic configuration file is in its place
	ConfigWriteFailed  //
	LeaderDesignated   // who leads under the new configuration
	ReconfigProcessed  // what a new configuration means for this server
	LearnerTypeChanged // this server begins or ceases to vote
	ElectionRestarted  // a new election object with new connections, rounds from 1
	NewerConfigHeard   // a notification carries a newer configuration

	// Added to the peer: a server without an ensemble serves.
	StandaloneStarted

	// Added to the client: an attempt to connect failed, and no call waited for it.
	ClientAttemptFailed

	// Added to the server: a thread that it cannot do without met an error and has ended.
	ThreadFailed

	kindsEnd
)

func k(name string, depth node.Depth, source string, args ...string) node.KindInfo {
	return node.KindInfo{Name: name, Args: args, Depth: depth, Source: source}
}

var kinds = [kindsEnd - node.KindWorldEnd]node.KindInfo{
	NotificationSent - node.KindWorldEnd: k("fle.notification", node.Packets,
		"FastLeaderElection.buildMsg", "state", "leader", "zxid", "round", "peerEpoch"),
	PacketSent - node.KindWorldEnd: k("zab.packet", node.Packets, "LearnerHandler.packetToString",
		"type", "zxid", "detail"),
	ProposalSent - node.KindWorldEnd: k("zab.proposal", node.Packets, "Leader.propose",
		"type", "zxid", "txn", "path", "hash"),
	RequestSent - node.KindWorldEnd: k("zab.request", node.Packets, "Learner.request",
		"op", "session", "cxid", "path"),
	SnapshotSent - node.KindWorldEnd: k("zab.snapshotStream", node.Packets, "LearnerHandler.run",
		"zxid", "nodes", "sessions"),
	HelloSent - node.KindWorldEnd: k("qcm.hello", node.Everything,
		"QuorumCnxManager.startConnection", "sid", "address"),
	ConnectRequestSent - node.KindWorldEnd: k("client.connectRequest", node.Packets,
		"ClientCnxn.SendThread.primeConnection", "session", "timeout", "lastZxid"),
	ConnectResponseSent - node.KindWorldEnd: k("client.connectResponse", node.Packets,
		"ZooKeeperServer.finishSessionInit", "session", "timeout"),
	ClientRequestSent - node.KindWorldEnd: k("client.request", node.Packets,
		"ClientCnxn.queuePacket", "op", "xid", "path", "data"),
	ClientReplySent - node.KindWorldEnd: k("client.reply", node.Packets,
		"FinalRequestProcessor.processRequest", "op", "xid", "zxid", "err", "path"),
	WatchEventSent - node.KindWorldEnd: k("client.watchEvent", node.Packets,
		"NIOServerCnxn.process", "type", "path", "zxid"),

	LookingForLeader - node.KindWorldEnd: k("fle.lookForLeader", node.Decisions,
		"FastLeaderElection.lookForLeader", "round", "leader", "zxid", "peerEpoch"),
	RoundRaised - node.KindWorldEnd: k("fle.roundRaised", node.Decisions,
		"FastLeaderElection.lookForLeader", "from", "old", "new", "leader", "zxid", "peerEpoch"),
	VoteChanged - node.KindWorldEnd: k("fle.voteChanged", node.Decisions,
		"FastLeaderElection.totalOrderPredicate", "from", "leader", "zxid", "peerEpoch",
		"oldLeader", "oldZxid", "oldPeerEpoch"),
	VoteKept - node.KindWorldEnd: k("fle.voteKept", node.Everything,
		"FastLeaderElection.totalOrderPredicate", "from", "leader", "zxid", "peerEpoch",
		"myLeader", "myZxid", "myPeerEpoch"),
	NotificationIgnored - node.KindWorldEnd: k("fle.ignored", node.Everything,
		"FastLeaderElection.lookForLeader", "from", "reason"),
	NotificationAnswered - node.KindWorldEnd: k("fle.answered", node.Everything,
		"FastLeaderElection.Messenger.WorkerReceiver.run", "to", "reason"),
	VotesCounted - node.KindWorldEnd: k("fle.votesCounted", node.Everything,
		"FastLeaderElection.getVoteTracker", "leader", "supporters", "quorum"),
	LeaderChecked - node.KindWorldEnd: k("fle.leaderChecked", node.Everything,
		"FastLeaderElection.checkLeader", "leader", "passes"),
	QuorumWaits - node.KindWorldEnd: k("fle.quorumWaits", node.Decisions,
		"FastLeaderElection.lookForLeader", "leader", "supporters", "milliseconds"),
	NotificationTimedOut - node.KindWorldEnd: k("fle.timedOut", node.Everything,
		"FastLeaderElection.lookForLeader", "waited", "next", "delivered"),
	Elected - node.KindWorldEnd: k("fle.elected", node.Decisions,
		"FastLeaderElection.lookForLeader", "leader", "zxid", "peerEpoch", "round", "how",
		"supporters"),
	ElectionConnDropped - node.KindWorldEnd: k("qcm.dropped", node.Everything,
		"QuorumCnxManager.handleConnection", "sid", "reason"),

	StateChanged - node.KindWorldEnd: k("peer.stateChanged", node.Decisions,
		"QuorumPeer.setPeerState", "old", "new"),
	PhaseChanged - node.KindWorldEnd: k("peer.phaseChanged", node.Decisions,
		"QuorumPeer.setZabState", "zabState", "syncMode", "ended"),

	ElectionVoteUpdated - node.KindWorldEnd: k("peer.electionVoteUpdated", node.Everything,
		"QuorumPeer.updateElectionVote", "peerEpoch"),

	ConnectingToLeader - node.KindWorldEnd: k("learner.connecting", node.Everything,
		"Learner.connectToLeader", "leader", "attempt"),
	LearnerRegistered - node.KindWorldEnd: k("leader.learnerRegistered", node.Decisions,
		"LearnerHandler.run", "learner", "acceptedEpoch", "kind"),
	EpochProposed - node.KindWorldEnd: k("leader.epochProposed", node.Decisions,
		"Leader.getEpochToPropose", "sid", "acceptedEpoch", "epoch", "connected", "quorum"),
	AcceptedEpochWritten - node.KindWorldEnd: k("epoch.accepted", node.Decisions,
		"QuorumPeer.setAcceptedEpoch", "epoch"),
	CurrentEpochWritten - node.KindWorldEnd: k("epoch.current", node.Decisions,
		"QuorumPeer.setCurrentEpoch", "epoch"),
	LeaderInfoJudged - node.KindWorldEnd: k("learner.leaderInfo", node.Decisions,
		"Learner.registerWithLeader", "epoch", "acceptedEpoch", "verdict"),
	AckEpochJudged - node.KindWorldEnd: k("leader.ackEpoch", node.Decisions,
		"Leader.waitForEpochAck", "sid", "currentEpoch", "lastZxid", "myEpoch", "myZxid", "verdict"),
	EpochEstablished - node.KindWorldEnd: k("leader.epochEstablished", node.Decisions,
		"Leader.waitForEpochAck", "epoch", "ackers"),

	SyncChosen - node.KindWorldEnd: k("leader.syncChosen", node.Decisions,
		"LearnerHandler.syncFollower", "learner", "mode", "opZxid", "peerLastZxid", "lastProcessed",
		"minCommittedLog", "maxCommittedLog", "txns"),
	ForwardingStarted - node.KindWorldEnd: k("leader.startForwarding", node.Everything,
		"Leader.startForwarding", "learner", "after", "toBeApplied", "outstanding"),
	NewLeaderAcked - node.KindWorldEnd: k("leader.newLeaderAcked", node.Decisions,
		"Leader.waitForNewLeaderAck", "learner", "zxid", "counted", "ackers"),
	LearnerLevel - node.KindWorldEnd: k("leader.learnerLevel", node.Decisions,
		"LearnerHandler.run", "learner"),
	Activated - node.KindWorldEnd: k("leader.activated", node.Decisions,
		"Leader.startZkServer", "epoch", "ackers", "lastZxid"),
	LearnerReady - node.KindWorldEnd: k("learner.ready", node.Decisions,
		"Learner.syncWithLeader", "leader", "epoch"),
	Truncated - node.KindWorldEnd: k("storage.truncated", node.Decisions,
		"ZKDatabase.truncateLog", "zxid", "removed"),
	SnapshotTaken - node.KindWorldEnd: k("storage.snapshotTaken", node.Decisions,
		"FileTxnSnapLog.save", "file", "zxid"),
	SnapshotInstalled - node.KindWorldEnd: k("storage.snapshotInstalled", node.Decisions,
		"Learner.syncWithLeader", "zxid", "nodes"),
	DatabaseLoaded - node.KindWorldEnd: k("storage.loaded", node.Decisions,
		"ZKDatabase.loadDataBase", "snapshot", "lastZxid", "replayed"),
	DatabaseCleared - node.KindWorldEnd: k("storage.cleared", node.Everything,
		"ZKDatabase.clear"),
	FastForwarded - node.KindWorldEnd: k("storage.fastForwarded", node.Decisions,
		"ZKDatabase.fastForwardDataBase", "lastZxid", "replayed"),

	Proposed - node.KindWorldEnd: k("leader.proposed", node.Decisions, "Leader.propose",
		"zxid", "txn", "path", "hash", "epoch"),
	Appended - node.KindWorldEnd: k("log.appended", node.Everything, "FileTxnLog.append",
		"zxid", "txn", "hash", "file"),
	Durable - node.KindWorldEnd: k("log.durable", node.Everything, "FileTxnLog.commit", "zxid"),
	AckCounted - node.KindWorldEnd: k("leader.ackCounted", node.Everything, "Leader.processAck",
		"zxid", "sid", "ackers", "quorum"),
	AckIgnored - node.KindWorldEnd: k("leader.ackIgnored", node.Everything, "Leader.processAck",
		"zxid", "sid", "reason"),
	Committed - node.KindWorldEnd: k("leader.committed", node.Decisions, "Leader.tryToCommit",
		"zxid", "ackers"),
	Delivered - node.KindWorldEnd: k("tree.delivered", node.Everything, "DataTree.processTxn",
		"zxid", "txn", "path", "hash", "via", "err"),
	CommitUnmatched - node.KindWorldEnd: k("follower.commitUnmatched", node.Decisions,
		"FollowerZooKeeperServer.commit", "zxid", "head"),
	LogRolled - node.KindWorldEnd: k("log.rolled", node.Everything,
		"SyncRequestProcessor.run", "snapshotZxid"),

	SteppedDown - node.KindWorldEnd: k("leader.steppedDown", node.Decisions, "Leader.shutdown",
		"reason"),
	LearnerLeft - node.KindWorldEnd: k("learner.left", node.Decisions, "Learner.shutdown",
		"leader", "reason"),
	HandlerClosed - node.KindWorldEnd: k("leader.handlerClosed", node.Decisions,
		"LearnerHandler.shutdown", "learner", "reason"),
	QuorumChecked - node.KindWorldEnd: k("leader.quorumChecked", node.Hidden, "Leader.lead",
		"synced", "quorum"),
	StartRefused - node.KindWorldEnd: k("peer.startRefused", node.Decisions,
		"QuorumPeer.loadDataBase", "reason"),

	EpochWriteFailed - node.KindWorldEnd: k("epoch.writeFailed", node.Decisions,
		"QuorumPeer.writeLongToFile", "file", "reason"),

	RequestPrepared - node.KindWorldEnd: k("server.prepared", node.Everything,
		"PrepRequestProcessor.pRequest", "op", "session", "cxid", "zxid", "path", "err"),
	RequestForwarded - node.KindWorldEnd: k("server.forwarded", node.Everything,
		"FollowerRequestProcessor.run", "op", "session", "cxid"),
	RequestRefused - node.KindWorldEnd: k("server.refused", node.Decisions,
		"ZooKeeperServer.processPacket", "op", "session", "reason"),
	SessionOpened - node.KindWorldEnd: k("session.opened", node.Everything,
		"SessionTrackerImpl.commitSession", "session", "timeout"),
	SessionClosed - node.KindWorldEnd: k("session.closed", node.Everything,
		"DataTree.killSession", "session", "ephemerals"),
	SessionExpiring - node.KindWorldEnd: k("session.expiring", node.Decisions,
		"SessionTrackerImpl.run", "session", "timeout", "lastTouch"),
	SessionRevalidated - node.KindWorldEnd: k("session.revalidated", node.Decisions,
		"Leader.revalidateSession", "session", "valid"),
	ClientAccepted - node.KindWorldEnd: k("server.clientAccepted", node.Everything,
		"ZooKeeperServer.processConnectRequest", "session", "timeout"),
	ClientClosed - node.KindWorldEnd: k("server.clientClosed", node.Everything,
		"NIOServerCnxn.close", "session", "reason"),
	WatchSet - node.KindWorldEnd: k("watch.set", node.Everything, "WatchManager.addWatch",
		"session", "path", "kind"),
	WatchFired - node.KindWorldEnd: k("watch.fired", node.Decisions,
		"WatchManager.triggerWatch", "session", "path", "type"),
	SyncAnswered - node.KindWorldEnd: k("leader.syncAnswered", node.Everything,
		"Leader.sendSync", "session", "cxid", "to"),

	ClientConnecting - node.KindWorldEnd: k("client.connecting", node.Everything,
		"ClientCnxn.SendThread.startConnect", "server"),
	ClientConnected - node.KindWorldEnd: k("client.connected", node.Decisions,
		"ClientCnxn.SendThread.onConnected", "server", "session", "timeout"),
	ClientCalled - node.KindWorldEnd: k("client.called", node.Decisions, "ZooKeeper.submitRequest",
		"op", "path", "data", "xid"),
	ClientAnswered - node.KindWorldEnd: k("client.answered", node.Decisions,
		"ClientCnxn.finishPacket", "op", "xid", "zxid", "err", "path", "data"),
	ClientLost - node.KindWorldEnd: k("client.lost", node.Decisions,
		"ClientCnxn.SendThread.cleanup", "server", "reason", "unknown"),
	ClientExpired - node.KindWorldEnd: k("client.expired", node.Decisions,
		"ClientCnxn.SendThread.onConnected", "session"),

	QuorumReopened - node.KindWorldEnd: k("fle.reopened", node.Decisions,
		"FastLeaderElection.lookForLeader", "from", "leader", "zxid", "peerEpoch"),

	LastProcessedSet - node.KindWorldEnd: k("storage.lastProcessed", node.Everything,
		"ZKDatabase.setlastProcessedZxid", "zxid"),
	ConfigNodeSet - node.KindWorldEnd: k("storage.configNode", node.Everything,
		"ZKDatabase.initConfigInZKDatabase", "version"),

	SnapshotSynced - node.KindWorldEnd: k("storage.snapshotSynced", node.Everything,
		"FileSnap.serialize", "file", "zxid"),

	ClientEnded - node.KindWorldEnd: k("client.ended", node.Decisions, "ZooKeeper.close",
		"server", "session"),

	ReconfigJudged - node.KindWorldEnd: k("reconfig.judged", node.Decisions,
		"PrepRequestProcessor.pRequest2Txn", "joining", "leaving", "newMembers", "err"),
	ConfigSeen - node.KindWorldEnd: k("config.seen", node.Decisions,
		"QuorumPeer.setLastSeenQuorumVerifier", "version", "voters", "observers", "groups",
		"weights"),
	ConfigInstalled - node.KindWorldEnd: k("config.installed", node.Decisions,
		"QuorumPeer.setQuorumVerifier", "version", "voters", "observers", "groups",
		"weights"),
	ConfigWritten - node.KindWorldEnd: k("config.written", node.Everything,
		"QuorumPeerConfig.writeDynamicConfig", "file"),
	ConfigWriteFailed - node.KindWorldEnd: k("config.writeFailed", node.Decisions,
		"QuorumPeerConfig.writeDynamicConfig", "file", "reason"),
	LeaderDesignated - node.KindWorldEnd: k("leader.designated", node.Decisions,
		"Leader.getDesignatedLeader", "leader", "candidates", "version"),
	ReconfigProcessed - node.KindWorldEnd: k("reconfig.processed", node.Decisions,
		"QuorumPeer.processReconfig", "version", "leader", "majorChange"),
	LearnerTypeChanged - node.KindWorldEnd: k("peer.learnerTypeChanged", node.Decisions,
		"QuorumPeer.updateLearnerType", "old", "new"),
	ElectionRestarted - node.KindWorldEnd: k("fle.restarted", node.Decisions,
		"QuorumPeer.restartLeaderElection", "version"),
	NewerConfigHeard - node.KindWorldEnd: k("fle.newerConfig", node.Decisions,
		"FastLeaderElection.Messenger.WorkerReceiver.run", "from", "version", "mine"),

	StandaloneStarted - node.KindWorldEnd: k("server.standalone", node.Decisions,
		"ZooKeeperServerMain.runFromConfig", "lastZxid"),

	ClientAttemptFailed - node.KindWorldEnd: k("client.attemptFailed", node.Everything,
		"ClientCnxn.SendThread.cleanup", "server", "reason"),

	ThreadFailed - node.KindWorldEnd: k("server.threadFailed", node.Decisions,
		"ZooKeeperCriticalThread.handleException", "step", "reason"),
}
