// Package election is how a peer that knows no leader finds one: FastLeaderElection (electionAlg
// 3) with its WorkerReceiver and the connections of QuorumCnxManager, as one pure part of a peer.
//
// # Threads become queues
//
// Where ZooKeeper's threads wait in a queue, the part keeps the queue and goes on as far as it
// can in every step: WorkerReceiver looks at each message when it arrives, whatever the peer's
// state, and lookForLeader takes what the receiver left for it. Its two waits are timers:
// event.TimerFLE is the poll with the growing timeout, event.TimerFinalize the poll of
// finalizeWait once a quorum agrees. A server's own notification comes back through the loopback
// of QuorumCnxManager and is looked at in the same step, after all sends: a vote counts only once
// it was heard, one's own too.
//
// # Four ways in which it surprises
//
// All of these are facts recorded from Apache ZooKeeper 3.8.0, and the tests hold them.
//
//   - A quorum waits only 200 ms for a better vote, so the largest sid does not always win a
//     common start; what is read during the wait without being better is lost for good.
//   - The peerEpoch of a vote is the candidate's currentEpoch file, compared before the zxid: a
//     server with less data but a newer epoch wins.
//   - A new connection begins with the last message sent on the old one, so a late joiner hears a
//     stale LOOKING vote before the answer of a server that FOLLOWS or LEADS. Those answers repeat
//     zxid and round of the election; only their peerEpoch is raised afterwards.
//   - An observer is answered with the vote last elected even by servers that look themselves. It
//     may so elect a leader that has just died, fail to reach it, and look again.
//
// # What may be switched
//
// zk.Options.CheckLeader, FullHouse, StrictEquality and RequirePeerEpoch bring back what releases
// before 3.4 and 3.4.6 did: believing followers of a dead leader, electing without a quorum once
// all have voted, never finding a leader whose followers remember another round, and votes
// without epochs.
//
// # Reading order
//
// peer.go (what the election asks of its peer), election.go (the part and its inputs), order.go
// (which vote is better), ballots.go (recvset, outofelection, who supports a vote), receiver.go
// (WorkerReceiver), look.go and judge.go (lookForLeader), join.go (joining an ensemble that has a
// leader), cnxmanager.go (connections), explain.go (events), visible.go (the visible state).
package election
