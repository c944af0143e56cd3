package peer

import (
	"zabscope/engine/node"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// diskWait is what goes on when an fsync is done, and what happens if it fails.
type diskWait struct {
	token  node.Token
	then   func(*node.Out)
	failed func(o *node.Out, reason string)
}

func (p *Peer) newToken() node.Token {
	p.nextToken++
	return p.nextToken
}

// await asks for an fsync and remembers what follows it.
func (p *Peer) await(o *node.Out, files []string, then func(*node.Out),
	failed func(o *node.Out, reason string)) {
	t := p.newToken()
	p.waits = append(p.waits, diskWait{t, then, failed})
	o.Sync(t, files...)
}

// awaitBlocked is await for the main thread, which does nothing else meanwhile.
func (p *Peer) awaitBlocked(o *node.Out, files []string, then func(*node.Out),
	failed func(o *node.Out, reason string)) {
	p.blocked++
	p.await(o, files, func(o *node.Out) {
		p.blocked--
		then(o)
	}, func(o *node.Out, reason string) {
		p.blocked--
		failed(o, reason)
	})
}

// takeWait forgets who waits for an fsync that is over.
func (p *Peer) takeWait(t node.Token) (w diskWait, ok bool) {
	for i, w := range p.waits {
		if w.token == t {
			p.waits = append(p.waits[:i], p.waits[i+1:]...)
			return w, true
		}
	}
	return diskWait{}, false
}

// syncFailed tells whoever waited for the fsync. Only a snapshot ends the process: an epoch file or
// a log that cannot be written ends the role. (IOException of the callers of FileChannel.force)
func (p *Peer) syncFailed(o *node.Out, t node.Token, reason string) {
	if w, ok := p.takeWait(t); ok {
		w.failed(o, reason)
		return
	}
	if zks := p.zks(); zks != nil && zks.SyncFailed(o, t, reason) {
		return
	}
	if p.ending.zks != nil {
		p.ending.zks.SyncFailed(o, t, reason)
	}
}

// synced goes on with whoever waited for the fsync.
func (p *Peer) synced(o *node.Out, t node.Token) {
	if w, ok := p.takeWait(t); ok {
		w.then(o)
		return
	}
	if zks := p.zks(); zks != nil && zks.Synced(o, t) {
		return
	}
	if p.ending.zks != nil {
		p.ending.zks.Synced(o, t)
	}
}

// ofThisRole makes a continuation that is dropped if the role has ended meanwhile.
func (p *Peer) ofThisRole(then func(*node.Out)) func(*node.Out) {
	g := p.generation
	return func(o *node.Out) {
		if g == p.generation && !p.roleEnded {
			then(o)
		}
	}
}

// SyncFiles makes files durable and then goes on; a role that ends meanwhile is shut down only then.
// (zab.Peer)
func (p *Peer) SyncFiles(o *node.Out, files []string, then func(*node.Out),
	failed func(o *node.Out, reason string)) {
	p.awaitBlocked(o, files, then, failed)
}

// AcceptedEpoch is the file's value. (QuorumPeer.getAcceptedEpoch)
func (p *Peer) AcceptedEpoch() zk.Epoch { return p.db.AcceptedEpoch() }

// CurrentEpoch is the file's value. (QuorumPeer.getCurrentEpoch)
func (p *Peer) CurrentEpoch() zk.Epoch { return p.db.CurrentEpoch() }

// SetAcceptedEpoch writes the file, then the field (ZOOKEEPER-2307).
// (QuorumPeer.setAcceptedEpoch)
func (p *Peer) SetAcceptedEpoch(o *node.Out, e zk.Epoch, then func(*node.Out)) {
	p.writeEpoch(o, storage.AcceptedEpochFile, e, p.ofThisRole(then))
}

// SetCurrentEpoch writes the file, then the field. (QuorumPeer.setCurrentEpoch)
func (p *Peer) SetCurrentEpoch(o *node.Out, e zk.Epoch, then func(*node.Out)) {
	p.writeEpoch(o, storage.CurrentEpochFile, e, p.ofThisRole(then))
}

// PrepareCurrentEpoch makes currentEpoch.tmp durable and leaves it at that. (zab.Peer)
func (p *Peer) PrepareCurrentEpoch(o *node.Out, e zk.Epoch, then func(*node.Out)) {
	p.writeEpochTmp(o, storage.CurrentEpochFile, e, p.ofThisRole(then))
}

// writeEpoch writes an epoch file as AtomicFileWritingIdiom does: beside it, fsync, rename. The
// rename happens even if the role has ended by then, because its thread would finish the call.
func (p *Peer) writeEpoch(o *node.Out, file string, e zk.Epoch, then func(*node.Out)) {
	p.writeEpochTmp(o, file, e, func(o *node.Out) {
		if err := p.db.CommitEpoch(o, file, e); err != nil {
			p.epochFailed(o, file, err.Error())
			return
		}
		then(o)
	})
}

func (p *Peer) writeEpochTmp(o *node.Out, file string, e zk.Epoch, then func(*node.Out)) {
	tmp, err := p.db.WriteEpochTmp(file, e)
	if err != nil {
		p.epochFailed(o, file, err.Error())
		return
	}
	p.awaitBlocked(o, []string{tmp}, then, func(o *node.Out, reason string) {
		p.epochFailed(o, file, reason)
	})
}

// epochFailed ends the role, as the IOException does; a start without epoch files is refused.
func (p *Peer) epochFailed(o *node.Out, file, reason string) {
	o.Event(event.EpochWriteFailed).With(node.Text(file), node.Text(reason)).Leads()
	if p.started {
		p.RoleEnded(o)
		return
	}
	p.Exit(o, reason)
}

// createEpochFiles writes those that are missing, from the epoch of the last zxid.
// (QuorumPeer.loadDataBase)
func (p *Peer) createEpochFiles(o *node.Out, then func(*node.Out)) {
	missing := p.db.MissingEpochFiles()
	if len(missing) == 0 {
		then(o)
		return
	}
	p.writeEpoch(o, missing[0], p.db.LastProcessed().Epoch(), func(o *node.Out) {
		p.createEpochFiles(o, then)
	})
}
