package zab

import (
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
)

// The rig's configurations are as the peer keeps them: in memory at once, on disk after an fsync
// each.

func (r *rig) SetLastSeenVerifier(o *node.Out, m *zk.Membership, then func(*node.Out)) {
	if !r.cfg.ReconfigEnabled || m.Version == r.lastSeen.Membership().Version {
		then(o)
		return
	}
	r.lastSeen = quorum.New(m)
	name, tmp, err := r.db.WriteNextConfig(m)
	r.putConfig(o, name, tmp, err, r.ofThisRole(then))
}

// ProcessReconfig takes the naming of another leader for the only major change.
func (r *rig) ProcessReconfig(o *node.Out, m *zk.Membership, leader zk.SID, _ zk.Zxid,
	then func(*node.Out, bool)) {
	major := leader != zk.NoLeader && leader != r.vote.Leader
	if !r.cfg.ReconfigEnabled || m.Version <= r.verifier.Membership().Version {
		then(o, false)
		return
	}
	r.verifier = quorum.New(m)
	if r.lastSeen.Membership().Version < m.Version {
		r.lastSeen = r.verifier
	}
	name, tmp, err := r.db.WriteDynamicConfig(m)
	r.putConfig(o, name, tmp, err, r.ofThisRole(func(o *node.Out) { then(o, major) }))
}

func (r *rig) putConfig(o *node.Out, name, tmp string, err error, then func(*node.Out)) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
	r.await(o, []string{tmp}, func(o *node.Out) {
		if err := r.db.CommitConfig(o, name); err != nil {
			r.t.Fatal(err)
		}
		then(o)
	})
}
