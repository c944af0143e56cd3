package zab

import (
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/server"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
)

// Peer is what a role needs of the peer that plays it. (QuorumPeer)
//
// Writing an epoch or a configuration takes an fsync: the calls return at once and run then when the
// file is durable, unless the role has ended by that time.
type Peer interface {
	SID() zk.SID
	LearnerType() zk.LearnerType
	Config() *zk.Config
	Options() *zk.Options
	Verifier() quorum.Verifier
	LastSeenVerifier() quorum.Verifier
	Vote() zk.Vote

	DB() *storage.ZKDatabase
	// NewServer makes the request pipeline of a role on the peer's database.
	NewServer(kind server.Kind, up server.Upstream) *server.ZooKeeperServer

	AcceptedEpoch() zk.Epoch
	CurrentEpoch() zk.Epoch
	SetAcceptedEpoch(o *node.Out, e zk.Epoch, then func(*node.Out))
	SetCurrentEpoch(o *node.Out, e zk.Epoch, then func(*node.Out))
	// PrepareCurrentEpoch puts currentEpoch.tmp on disk without renaming it: a start adopts it when
	// the history has reached that epoch.
	PrepareCurrentEpoch(o *node.Out, e zk.Epoch, then func(*node.Out))
	// SyncFiles makes files durable and then goes on, one way or the other.
	SyncFiles(o *node.Out, files []string, then func(*node.Out),
		failed func(o *node.Out, reason string))

	SetZabState(o *node.Out, s zk.ZabState)
	SetSyncMode(o *node.Out, m zk.SyncMode)
	SyncMode() zk.SyncMode
	// UpdateElectionVote raises the peerEpoch of the vote that late joiners are told.
	UpdateElectionVote(o *node.Out, e zk.Epoch)

	// SetLastSeenVerifier makes m the configuration last seen, unless it is that already, writes it
	// beside the committed one, and goes on. Where reconfig is not enabled it only goes on.
	SetLastSeenVerifier(o *node.Out, m *zk.Membership, then func(*node.Out))
	// ProcessReconfig makes m the committed configuration if it is newer, writes it, and does all
	// that follows for the peer: another election, another role, another leader. The leader and a
	// zxid are those that were designated, NoLeader if none was. majorChange says that the role must
	// end; the peer then knows what to do without an election, if a leader was designated. Where
	// reconfig is not enabled nothing happens.
	ProcessReconfig(o *node.Out, m *zk.Membership, leader zk.SID, z zk.Zxid,
		then func(o *node.Out, majorChange bool))

	NewConn() node.ConnID
	// RoleEnded is called once when the role gives up; the peer shuts it down and looks for a
	// leader. The cause stands in the trace already.
	RoleEnded(o *node.Out)
	// Exit ends the process, as System.exit does.
	Exit(o *node.Out, reason string)
}

// ticks converts ticks to time.
func ticks(c *zk.Config, n int64) node.Time {
	return node.Time(c.TickTime*n) * node.Millisecond
}
