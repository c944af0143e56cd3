package zab

import (
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/server"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// The rig as the role's Peer. Epoch files are written beside their place, synced and renamed, as
// AtomicFileWritingIdiom does.
var _ Peer = (*rig)(nil)

func (r *rig) SID() zk.SID                       { return r.sid }
func (r *rig) LearnerType() zk.LearnerType       { return r.kind }
func (r *rig) Config() *zk.Config                { return &r.cfg }
func (r *rig) Options() *zk.Options              { return &r.opt }
func (r *rig) Verifier() quorum.Verifier         { return r.verifier }
func (r *rig) LastSeenVerifier() quorum.Verifier { return r.lastSeen }
func (r *rig) Vote() zk.Vote                     { return r.vote }
func (r *rig) DB() *storage.ZKDatabase           { return r.db }
func (r *rig) AcceptedEpoch() zk.Epoch           { return r.db.AcceptedEpoch() }
func (r *rig) CurrentEpoch() zk.Epoch            { return r.db.CurrentEpoch() }
func (r *rig) SyncMode() zk.SyncMode             { return r.syncMode }
func (r *rig) RoleEnded(*node.Out)               { r.ended = true }
func (r *rig) Exit(o *node.Out, reason string)   { o.Exit(reason) }

func (r *rig) NewServer(kind server.Kind, up server.Upstream) *server.ZooKeeperServer {
	return server.New(kind, r.sid, r.db, r.cfg, r.opt, up, node.NewRand(1),
		func() node.Token { r.tokens++; return r.tokens },
		func(now node.Time) int64 { return int64(now / node.Millisecond) })
}

func (r *rig) NewConn() node.ConnID {
	r.conns++
	return node.MakeConn(node.ID(r.sid), 1, r.conns)
}

func (r *rig) SetAcceptedEpoch(o *node.Out, e zk.Epoch, then func(*node.Out)) {
	r.writeEpoch(o, storage.AcceptedEpochFile, e, then)
}

func (r *rig) SetCurrentEpoch(o *node.Out, e zk.Epoch, then func(*node.Out)) {
	r.writeEpoch(o, storage.CurrentEpochFile, e, then)
}

func (r *rig) PrepareCurrentEpoch(o *node.Out, e zk.Epoch, then func(*node.Out)) {
	r.writeEpochTmp(o, storage.CurrentEpochFile, e, r.ofThisRole(then))
}

func (r *rig) writeEpoch(o *node.Out, file string, e zk.Epoch, then func(*node.Out)) {
	r.writeEpochTmp(o, file, e, func(o *node.Out) {
		if err := r.db.CommitEpoch(o, file, e); err != nil {
			r.t.Fatal(err)
		}
		r.ofThisRole(then)(o)
	})
}

func (r *rig) writeEpochTmp(o *node.Out, file string, e zk.Epoch, then func(*node.Out)) {
	tmp, err := r.db.WriteEpochTmp(file, e)
	if err != nil {
		r.ended = true
		return
	}
	r.await(o, []string{tmp}, then)
}

func (r *rig) SyncFiles(o *node.Out, files []string, then func(*node.Out),
	failed func(*node.Out, string)) {
	r.await(o, files, r.ofThisRole(then))
	r.failures[r.tokens] = failed
}

func (r *rig) await(o *node.Out, files []string, then func(*node.Out)) {
	r.tokens++
	r.waits[r.tokens] = then
	o.Sync(r.tokens, files...)
}

// ofThisRole drops a continuation when the role has ended meanwhile.
func (r *rig) ofThisRole(then func(*node.Out)) func(*node.Out) {
	return func(o *node.Out) {
		if !r.ended {
			then(o)
		}
	}
}

func (r *rig) SetZabState(o *node.Out, s zk.ZabState) {
	o.Event(event.PhaseChanged).With(node.Text(s.String()), node.Text(r.syncMode.String()),
		node.Text(zk.SyncNone.String()))
}

func (r *rig) SetSyncMode(_ *node.Out, m zk.SyncMode) { r.syncMode = m }

func (r *rig) UpdateElectionVote(_ *node.Out, e zk.Epoch) { r.voteEpoch = e }
