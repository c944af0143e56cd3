package server

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// syncItem is what the log thread is handed: a transaction; at a standalone server also the request
// behind it, which may have none.
type syncItem struct {
	txn *zk.Txn
	req *Request
}

// fsync is one that is under way. Through is the last transaction that it makes durable.
type fsync struct {
	token   node.Token
	through zk.Zxid
	files   []string
}

// syncRequestProcessor appends transactions to the log and makes them durable, many with one fsync:
// what comes while an fsync is under way waits, unwritten, and is written and synced together when
// it is done. (org.apache.zookeeper.server.SyncRequestProcessor)
//
// So an acknowledgement never leaves before its transaction is durable, several leave together, and
// what a loss of power can take is what no one was told of.
type syncRequestProcessor struct {
	s       *ZooKeeperServer
	queue   fifo[syncItem] // queuedRequests
	toFlush []syncItem     // appended
	spare   []syncItem
	logged  zk.Zxid // the last transaction appended
	syncs   []fsync // one, and the last one of all at the end
	failed  bool    // the thread met an error and has ended
}

// process takes one transaction, in zxid order. (SyncRequestProcessor.processRequest)
func (p *syncRequestProcessor) process(o *node.Out, it syncItem) {
	p.queue.push(it)
	p.run(o)
}

// running reports whether the thread lives.
func (p *syncRequestProcessor) running() bool { return !p.failed && p.s.working() }

// run writes what waits until an fsync is under way or nothing waits any more.
// (SyncRequestProcessor.run)
func (p *syncRequestProcessor) run(o *node.Out) {
	for p.queue.len() > 0 && len(p.syncs) == 0 && p.running() {
		p.fill(o)
		if len(p.toFlush) > 0 {
			p.flush(o)
		}
	}
}

// fill appends a batch. A standalone server's reads pass when no write is before them.
func (p *syncRequestProcessor) fill(o *node.Out) {
	batch := max(p.s.cfg.MaxBatchSize, 1)
	for p.queue.len() > 0 && len(p.toFlush) < batch {
		it := p.queue.pop()
		if it.txn == nil && len(p.toFlush) == 0 {
			p.s.finalProcess(o, it.req)
			continue
		}
		if !p.append(o, it) {
			return
		}
	}
}

// append writes one transaction and, now and then, starts a new log file behind a snapshot.
func (p *syncRequestProcessor) append(o *node.Out, it syncItem) bool {
	p.toFlush = append(p.toFlush, it)
	if it.txn == nil {
		return true
	}
	if err := p.s.db.Append(o, it.txn); err != nil {
		p.fail(o, "append", err.Error())
		return false
	}
	p.logged = it.txn.Zxid
	if !p.s.db.ShouldSnapshot(p.s.rand) {
		return true
	}
	p.s.db.RollLog(o)
	if _, err := p.s.db.TakeSnapshot(o); err != nil {
		p.failed = true
		o.Exit("cannot take a snapshot: " + err.Error())
		return false
	}
	return true
}

// fail ends the log thread: what waits is never written, and nothing is acknowledged any more.
// (SyncRequestProcessor.run)
func (p *syncRequestProcessor) fail(o *node.Out, step, reason string) {
	if !p.running() {
		return
	}
	p.failed = true
	p.s.fail(o, step, reason)
}

// flush makes the batch durable; without forceSync it is taken for durable at once.
// (SyncRequestProcessor.flush)
func (p *syncRequestProcessor) flush(o *node.Out) {
	if !p.running() {
		return
	}
	if !p.s.cfg.ForceSync {
		p.next(o)
		return
	}
	p.sync(o)
}

// sync asks for the fsync of everything appended so far.
func (p *syncRequestProcessor) sync(o *node.Out) {
	token, files := p.s.tokens(), p.s.db.SyncFiles()
	p.syncs = append(p.syncs, fsync{token, p.logged, files})
	o.Sync(token, files...)
}

// take forgets an fsync that is over; ok is false if it is not one of this processor's.
func (p *syncRequestProcessor) take(t node.Token) (f fsync, ok bool) {
	for i, f := range p.syncs {
		if f.token == t {
			p.syncs = append(p.syncs[:i], p.syncs[i+1:]...)
			return f, true
		}
	}
	return fsync{}, false
}

// synced goes on behind an fsync; false if it is not one of this processor's.
func (p *syncRequestProcessor) synced(o *node.Out, t node.Token) bool {
	f, mine := p.take(t)
	if !mine {
		return false
	}
	p.s.db.Synced(o, f.through)
	if p.running() {
		p.next(o)
		p.run(o)
	}
	return true
}

// syncFailed ends the thread; false if the fsync is not one of this processor's. The files are
// tried again by whoever syncs the log next.
func (p *syncRequestProcessor) syncFailed(o *node.Out, t node.Token, reason string) bool {
	f, mine := p.take(t)
	if mine {
		p.s.db.SyncFailed(f.files)
		p.fail(o, "fsync", reason)
	}
	return mine
}

// next hands the batch on.
func (p *syncRequestProcessor) next(o *node.Out) {
	batch := p.toFlush
	p.toFlush = p.spare[:0]
	for _, it := range batch {
		if p.s.kind == StandaloneServer {
			p.s.finalProcess(o, it.req)
		} else if p.s.kind != ObserverServer {
			p.s.up.Logged(o, it.txn)
		}
	}
	clear(batch)
	p.spare = batch[:0]
}

// shutdown writes and syncs what still waits, as the thread does before it ends; nobody is told. A
// role that ends must not leave unwritten what it was handed: the next vote is about what the log
// holds. For learners that is the behaviour since ZOOKEEPER-4712; in 3.8.0 nobody stops their thread, nor
// waits for it. A thread that met an error has ended before and writes nothing.
// (SyncRequestProcessor.shutdown)
func (p *syncRequestProcessor) shutdown(o *node.Out) {
	if p.failed {
		return
	}
	waiting := p.queue.len() > 0
	for p.queue.len() > 0 {
		if it := p.queue.pop(); it.txn != nil && !p.append(o, it) {
			return
		}
	}
	if waiting && p.s.cfg.ForceSync {
		p.sync(o)
	}
}
