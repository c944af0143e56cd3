package election

import (
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
)

// Peer is what the election needs to know of the peer it belongs to, and what it tells it.
// The callbacks run inside the step that caused them. (QuorumPeer, as FastLeaderElection sees it)
type Peer interface {
	// SID is the server's own id. (QuorumPeer.getMyId)
	SID() zk.SID
	// State is the role; LOOKING as long as the election has to find a leader.
	// (QuorumPeer.getPeerState)
	State() zk.ServerState
	// LearnerType is the role that the configuration gives. (QuorumPeer.getLearnerType)
	LearnerType() zk.LearnerType
	// CurrentVote is the vote last elected, its peerEpoch refreshed after activation; before the
	// first election the server itself. (QuorumPeer.getCurrentVote)
	CurrentVote() zk.Vote
	// LastLoggedZxid is what the server votes with; zk.NoZxid when it has no trusted database.
	// (QuorumPeer.getLastLoggedZxid)
	LastLoggedZxid() zk.Zxid
	// CurrentEpoch is the epoch file's value. (QuorumPeer.getCurrentEpoch)
	CurrentEpoch() zk.Epoch
	// Verifier is the committed configuration, never nil. (QuorumPeer.getQuorumVerifier)
	Verifier() quorum.Verifier
	// LastSeenVerifier is the configuration last proposed, nil or the committed one if there is no
	// other. (QuorumPeer.getLastSeenQuorumVerifier)
	LastSeenVerifier() quorum.Verifier

	// Elected ends a round: the peer takes v as its current vote and enters the state.
	// (the return of FastLeaderElection.lookForLeader, with QuorumPeer.setPeerState)
	Elected(o *node.Out, v zk.Vote, state zk.ServerState)
	// HeardLooking tells a peer that leads that a voter is LOOKING. (Leader.reportLookingSid)
	HeardLooking(o *node.Out, sid zk.SID)
	// SawNewerConfig tells a LOOKING peer of a configuration newer than its own: it may adopt it.
	// If it calls ShutDown meanwhile, the message that carried it is dropped.
	// (QuorumPeer.processReconfig, called by WorkerReceiver.run)
	SawNewerConfig(o *node.Out, m *zk.Membership)
}
