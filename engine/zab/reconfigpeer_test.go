package zab

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// The rig's ensemble never changes: what a reconfig needs of a peer is played by others.

func (r *rig) SetLastSeenVerifier(o *node.Out, _ *zk.Membership, then func(*node.Out)) { then(o) }

func (r *rig) ProcessReconfig(o *node.Out, _ *zk.Membership, _ zk.SID, _ zk.Zxid,
	then func(*node.Out, bool)) {
	then(o, false)
}
