package server

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// commitProcessor keeps each session's requests in order: what follows a write of the same session
// waits until that write is committed and applied, so that a client reads its own writes. Requests
// of other sessions pass. Commits come in zxid order, and this server's own clients' writes among
// them in the order in which they were queued. (org.apache.zookeeper.server.quorum.CommitProcessor)
//
// At the leader the requests of learners pass through it as well. They wait for their commits like
// others, so that a client that has moved to the leader reads what it wrote before it moved.
type commitProcessor struct {
	s       *ZooKeeperServer
	writes  fifo[*Request]          // queuedWriteRequests
	pending map[int64]*sessionQueue // pendingRequests; every queue begins with a write
	free    *sessionQueue
	failed  bool // the thread met an error and has ended
}

// sessionQueue is the requests of one session that wait, linked by Request.next.
type sessionQueue struct {
	head, tail *Request
	next       *sessionQueue // in the free list
}

// needCommit reports whether a request waits for a commit. A sync waits on learners only, for the
// leader's SYNC; at the leader it passes like a read. (CommitProcessor.needCommit, matchSyncs)
func (p *commitProcessor) needCommit(op zk.OpCode) bool {
	return op.IsWrite() || op == zk.OpSync && p.s.learner != nil
}

// process takes a request from the front of the chain. (CommitProcessor.processRequest, run)
func (p *commitProcessor) process(o *node.Out, r *Request) {
	if p.failed {
		return
	}
	write := p.needCommit(r.Op.Type)
	q := p.pending[r.Session]
	if q == nil {
		if !write {
			p.s.finalProcess(o, r)
			return
		}
		q = p.newQueue()
		p.pending[r.Session] = q
	}
	if q.head == nil {
		q.head = r
	} else {
		q.tail.next = r
	}
	q.tail = r
	if write {
		p.writes.push(r)
	}
}

// newQueue takes one from the free list: a client that waits for each answer needs one per write.
func (p *commitProcessor) newQueue() *sessionQueue {
	q := p.free
	if q == nil {
		return &sessionQueue{}
	}
	p.free, q.next = q.next, nil
	return q
}

// commit takes what the ensemble has committed. If it is the oldest write that waits here, that
// request goes on with the transaction, and then the reads behind it.
// (CommitProcessor.commit, run)
func (p *commitProcessor) commit(o *node.Out, t *zk.Txn) {
	if p.s.state == shutdown || p.failed {
		return
	}
	r := p.takeLocal(t.Session, t.Cxid)
	if r == nil {
		if _, ok := p.s.processTxn(o, t, true); ok {
			p.applied(o, t.Zxid)
		}
		return
	}
	r.Txn = t
	p.s.finalProcess(o, r)
	if p.failed {
		return
	}
	p.applied(o, t.Zxid)
	p.drain(o, r.Session)
}

// applied tells the leader that its tree holds z. (Leader.ToBeAppliedRequestProcessor)
func (p *commitProcessor) applied(o *node.Out, z zk.Zxid) {
	if p.s.kind == LeaderServer {
		p.s.up.Applied(o, z)
	}
}

// commitSync lets a learner's sync go on. (CommitProcessor.commit of a request without a header)
func (p *commitProcessor) commitSync(o *node.Out, r *Request) {
	if p.failed || p.takeLocal(r.Session, r.Cxid) == nil {
		return
	}
	p.s.finalProcess(o, r)
	p.drain(o, r.Session)
}

// takeLocal takes the oldest write out of its queues if it is the one that was asked for under this
// session and cxid; nil if it is not.
func (p *commitProcessor) takeLocal(session int64, cxid int32) *Request {
	if p.writes.len() == 0 {
		return nil
	}
	r := p.writes.first()
	if r.Session != session || r.Cxid != cxid {
		return nil
	}
	p.writes.pop()
	q := p.pending[session]
	q.head, r.next = r.next, nil
	return r
}

// drain lets the reads up to the session's next write pass.
func (p *commitProcessor) drain(o *node.Out, session int64) {
	q := p.pending[session]
	for q.head != nil && !p.needCommit(q.head.Op.Type) {
		r := q.head
		q.head, r.next = r.next, nil
		p.s.finalProcess(o, r)
	}
	if q.head == nil {
		delete(p.pending, session)
		q.tail, q.next = nil, p.free
		p.free = q
	}
}
