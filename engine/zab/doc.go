// Package zab is ZooKeeper Atomic Broadcast as its servers run it: discovery of a new epoch,
// synchronization of the learners, activation, broadcast, and every limit at which a leader or a
// learner gives up.
//
// The Java classes are Leader, LearnerHandler, Learner, Follower and Observer. Where their threads
// block, the objects here hold the same named phases as explicit states, and packets wait in an
// inbox as they would in the socket.
//
// Reading order: peer.go (what a role needs of its peer), leader.go (the phases of Leader.lead),
// discovery.go (epochs), handler.go (one learner, seen by the leader), syncplan.go (DIFF, TRUNC or
// SNAP, the decision), sync.go (carrying it out), broadcast.go (proposals, acknowledgements,
// commits), reconfig.go (other members, another leader), liveness.go (ticks, pings, limits); then
// learner.go, register.go, follow.go, syncwith.go, newleader.go, activate.go for the other side.
package zab
