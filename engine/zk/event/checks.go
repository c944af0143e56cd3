package event

import "zabscope/engine/node"

// Questions that ZooKeeper's decisions ask. Each has a sentence in the catalogue; the values stand
// in the table below.
const (
	CandidateHasWeight  node.CheckCode = iota // new vote's candidate has weight > 0
	EpochIsLarger                             // peerEpoch new > mine
	EpochIsEqual                              // and if not larger, equal
	ZxidIsLarger                              // zxid new > mine
	ZxidIsEqual                               //
	SIDIsLarger                               // sid new > mine
	SenderIsVoter                             // sender stands in the voting view
	CandidateIsVoter                          // so does the proposed leader
	RoundIsNewer                              // round new > logicalclock
	RoundIsOlder                              // round new < logicalclock
	BeatsInitialVote                          // the vote received beats my own initial one
	SupportersAreQuorum                       // those with my vote are a quorum
	NoBetterVoteCame                          // finalizeWait passed in silence
	LeaderIsMe                                // the vote names me
	LeaderSaidSo                              // a vote of the leader itself says LEADING
	RoundIsMine                               // its round is my logicalclock

	StillWaitingForEpoch  // getEpochToPropose has not decided
	AcceptedIsNotSmaller  // accepted >= epoch, so epoch becomes accepted + 1
	LeaderIsConnected     // the leader itself is in connectingFollowers
	ConnectedAreQuorum    // connectingFollowers hold a quorum
	EpochIsNewToMe        // LEADERINFO epoch > acceptedEpoch
	EpochWasAccepted      // LEADERINFO epoch = acceptedEpoch
	EpochAlreadyDecided   // waitForEpochAck is over
	AckIsSilent           // ACKEPOCH says -1
	PeerIsMoreRecent      // its (currentEpoch, lastZxid) beats the leader's
	AckersAreQuorum       // those that acked are a quorum
	PeerHasLast           // rule 1: peerLastZxid = lastProcessedZxid
	PeerIsBeyond          // rule 2: peerLastZxid > maxCommittedLog
	PeerIsAtNewEpoch      // peerLastZxid is epoch<<32
	PeerIsInCommittedLog  // rule 3: min <= peerLastZxid <= max
	TxnLogSyncAllowed     // rule 4: snapshotSizeFactor >= 0 and peer < min
	TxnLogHoldsPeer       // the disk log still starts at or before peerLastZxid
	TxnLogIsSmallEnough   // size of later log files <= factor x snapshot
	TxnLogReachesMin      // no gap between disk log and committedLog
	PeerZxidIsInLog       // the log holds peerLastZxid itself
	SameEpoch             // the first entry beyond it has the peer's epoch
	ZxidIsNewLeader       // ACK names epoch<<32
	PreviousIsOutstanding // zxid-1 waits for its quorum
	ZxidIsOutstanding     // the proposal acknowledged is known and waits
	SyncedAreQuorum       // learners within syncLimit are a quorum
	SessionIsTouched      // somebody touched the session within its timeout
	SessionIsKnown        // the leader's tracker knows the session
	HeadMatches           // the commit names the oldest pending transaction
	EveryVoterVoted       // a vote of every voter is in, for whomever (3.3)

	ReconfigIsEnabled // reconfigEnabled
	NoReconfigPending // lastSeenQuorumVerifier is the committed one
	ConfigIdMatches   // the request names no version, or the last seen one
	QuorumsAreMajority
	MembersMakeSense   // the new configuration can be read and makes an ensemble
	EnoughVoters       // two voters, or one where a single one is an ensemble
	NewConfigIsSynced  // a quorum of the new configuration is connected and within syncLimit
	MayWriteConfig     // permission WRITE on /zookeeper/config
	LeaderKeepsVote    // the leader votes in the new configuration, at its old address
	CandidatesAckedIt  // some of the candidates have acknowledged a later proposal too
	ConfigIsNewer      // its version is larger than that of the committed one
	MembersDiffer      // and it is more than the old one under a new version
	RoleChanges        // this server begins or ceases to vote
	LeaderChanges      // the designated leader is not the one of the current vote
	NewConfigHasQuorum // they are a quorum of the configuration that is not committed yet, too
	MayCommit          // allowedToCommit: no other leader was designated
	LeaderStaysVoter   // no leader is named: does the present one vote in both, at the same address
	SenderIsLooking    // the notification says LOOKING
	IAmLooking         // so does this server
	ZxidIsKnown        // a zxid was told at all: it is not -1
	ZxidIsCommitted    // zxid <= lastCommitted
	checksEnd
)

func q(name string, values ...string) node.CheckInfo {
	return node.CheckInfo{Name: name, Values: values}
}

var checks = [checksEnd]node.CheckInfo{
	CandidateHasWeight:    q("fle.weight", "candidate", "weight"),
	EpochIsLarger:         q("fle.epochLarger", "new", "mine"),
	EpochIsEqual:          q("fle.epochEqual", "new", "mine"),
	ZxidIsLarger:          q("fle.zxidLarger", "new", "mine"),
	ZxidIsEqual:           q("fle.zxidEqual", "new", "mine"),
	SIDIsLarger:           q("fle.sidLarger", "new", "mine"),
	SenderIsVoter:         q("fle.senderVotes", "sid"),
	CandidateIsVoter:      q("fle.candidateVotes", "sid"),
	RoundIsNewer:          q("fle.roundNewer", "new", "mine"),
	RoundIsOlder:          q("fle.roundOlder", "new", "mine"),
	BeatsInitialVote:      q("fle.beatsInitial", "new", "mine"),
	SupportersAreQuorum:   q("fle.quorum", "supporters", "count", "voters"),
	NoBetterVoteCame:      q("fle.finalized", "milliseconds"),
	LeaderIsMe:            q("fle.leaderIsMe", "leader"),
	LeaderSaidSo:          q("fle.leaderSaidSo", "leader"),
	RoundIsMine:           q("fle.roundIsMine", "round", "mine"),
	StillWaitingForEpoch:  q("leader.waitingForEpoch"),
	AcceptedIsNotSmaller:  q("leader.acceptedNotSmaller", "accepted", "epoch"),
	LeaderIsConnected:     q("leader.leaderConnected", "leader"),
	ConnectedAreQuorum:    q("leader.connectedQuorum", "connected", "count", "voters"),
	EpochIsNewToMe:        q("learner.epochNew", "epoch", "accepted"),
	EpochWasAccepted:      q("learner.epochAccepted", "epoch", "accepted"),
	EpochAlreadyDecided:   q("leader.epochDecided", "epoch"),
	AckIsSilent:           q("leader.ackSilent", "currentEpoch"),
	PeerIsMoreRecent:      q("leader.peerMoreRecent", "epoch", "zxid", "myEpoch", "myZxid"),
	AckersAreQuorum:       q("leader.ackersQuorum", "ackers", "count", "voters"),
	PeerHasLast:           q("sync.peerHasLast", "peer", "last"),
	PeerIsBeyond:          q("sync.peerBeyond", "peer", "max"),
	PeerIsAtNewEpoch:      q("sync.peerAtNewEpoch", "peer"),
	PeerIsInCommittedLog:  q("sync.peerInCommittedLog", "peer", "min", "max"),
	TxnLogSyncAllowed:     q("sync.txnLogAllowed", "peer", "min", "factor"),
	TxnLogHoldsPeer:       q("sync.txnLogHolds", "peer", "first"),
	TxnLogIsSmallEnough:   q("sync.txnLogSmall", "bytes", "limit"),
	TxnLogReachesMin:      q("sync.txnLogReaches", "last", "min"),
	PeerZxidIsInLog:       q("sync.peerInLog", "peer", "found"),
	SameEpoch:             q("sync.sameEpoch", "next", "peer"),
	ZxidIsNewLeader:       q("leader.zxidIsNewLeader", "zxid", "newLeader"),
	PreviousIsOutstanding: q("leader.previousOutstanding", "previous"),
	ZxidIsOutstanding:     q("leader.outstanding", "zxid"),
	SyncedAreQuorum:       q("leader.syncedQuorum", "synced", "count", "voters"),
	SessionIsTouched:      q("session.touched", "session", "milliseconds"),
	SessionIsKnown:        q("session.known", "session"),
	HeadMatches:           q("follower.headMatches", "zxid", "head"),
	EveryVoterVoted:       q("fle.fullHouse", "votes", "voters"),
	ReconfigIsEnabled:     q("reconfig.enabled"),
	NoReconfigPending:     q("reconfig.nonePending", "lastSeen", "committed"),
	ConfigIdMatches:       q("reconfig.versionMatches", "asked", "lastSeen"),
	QuorumsAreMajority:    q("reconfig.majority"),
	MembersMakeSense:      q("reconfig.wellFormed", "reason"),
	EnoughVoters:          q("reconfig.enoughVoters", "voters", "least"),
	NewConfigIsSynced:     q("reconfig.synced", "synced", "count", "voters"),
	MayWriteConfig:        q("reconfig.mayWrite"),
	LeaderKeepsVote:       q("reconfig.leaderVotes", "leader"),
	CandidatesAckedIt:     q("reconfig.candidatesAcked", "zxid", "candidates"),
	ConfigIsNewer:         q("reconfig.newer", "new", "mine"),
	MembersDiffer:         q("reconfig.differs"),
	RoleChanges:           q("reconfig.roleChanges", "old", "new"),
	LeaderChanges:         q("reconfig.leaderChanges", "old", "new"),
	NewConfigHasQuorum:    q("config.newQuorum", "servers", "count", "voters"),
	LeaderStaysVoter:      q("reconfig.leaderStays", "leader"),
	MayCommit:             q("leader.mayCommit", "designated"),
	SenderIsLooking:       q("fle.senderLooks", "sid", "state"),
	IAmLooking:            q("fle.iLook", "state"),
	ZxidIsKnown:           q("fle.zxidKnown", "zxid"),
	ZxidIsCommitted:       q("leader.zxidCommitted", "zxid", "lastCommitted"),
}

// Timers of a server and of a client.
const (
	TimerFLE         uint16 = iota // poll of the receive queue in lookForLeader
	TimerFinalize                  // finalizeWait
	TimerReconnect                 // next attempt to reach the leader
	TimerTick                      // leader: half a tick
	TimerLeaderWait                // leader: initLimit of the current wait
	TimerReadTimeout               // learner or handler: SO_TIMEOUT
	TimerHandler                   // handler N: wait for an epoch or NEWLEADER quorum
	TimerSessions                  // session expiry bucket
	TimerFlush                     // group commit
	TimerObserver                  // pause before an observer looks again
	TimerClientPing
	TimerClientRead
	TimerClientConnect
	TimerContainers // leader: the ContainerManager's next look
	timersEnd
)

var timers = [timersEnd]string{TimerFLE: "fle.notification", TimerFinalize: "fle.finalizeWait",
	TimerReconnect: "learner.reconnect", TimerTick: "leader.tick",
	TimerLeaderWait: "leader.initLimit", TimerReadTimeout: "learner.readTimeout",
	TimerHandler: "handler.wait", TimerSessions: "session.expiry", TimerFlush: "log.flush",
	TimerObserver: "observer.delay", TimerClientPing: "client.ping", TimerClientRead: "client.readTimeout",
	TimerClientConnect: "client.connect", TimerContainers: "leader.containers"}

// Vocabulary is all of it, behind the driver's own words.
var Vocabulary = node.NewVocabulary(kinds[:], fields[:], checks[:], timers[:])

// SIDs joins server ids with commas, as events list them.
func SIDs[T ~int64](ids []T) node.Value {
	b := make([]byte, 0, 2*len(ids))
	for i, s := range ids {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendInt(b, int64(s))
	}
	return node.Text(string(b))
}

func appendInt(b []byte, n int64) []byte {
	if n < 0 {
		return append(b, "none"...)
	}
	if n >= 10 {
		b = appendInt(b, n/10)
	}
	return append(b, byte('0'+n%10))
}
