package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
)

// server is what the trace tells of one server.
type server struct {
	id       node.ID
	index    int // in the membership, -1 for a stranger
	observer bool

	disk disk
	mem  *entry  // what is in memory
	last zk.Zxid // lastProcessedZxid, which may be the bare start of an epoch

	was      *entry // what was in memory before it was cleared
	incoming *entry // history of the snapshot that a leader is sending

	looked bool // it has gone LOOKING since it was started
	role   role
}

// role is what a server remembers from one election to the next.
type role struct {
	leader    node.ID  // whom it follows, or itself
	epoch     zk.Epoch // that it leads or has joined, -1 before
	joined    bool     // LearnerReady or Activated: what it delivers now is final
	activated bool     // as a leader
	diverged  bool     // its history contradicts the committed one, which was reported

	chosen node.Seq // event by which its leader chose how to bring it level, 0 before
	// brought is what a learner has once it is level: the history of its leader when that began to
	// forward to it. nil before.
	brought *entry

	start         *entry   // leader: what it had when it was activated
	since         node.Seq // and the event
	proposed      *entry   // leader: its history with all that it proposed
	lastProposed  zk.Zxid  // 0 before the first
	settled       *entry   // leader: its history up to the last commit
	lastCommitted zk.Zxid  // 0 before the first
}

// promise is an epoch that a server wrote to acceptedEpoch.
type promise struct {
	epoch, before zk.Epoch
	seq           node.Seq
}

func newServer(m *model, id node.ID) *server {
	s := &server{id: id, index: m.voters.index(zk.SID(id)), mem: m.committed.root}
	if s.index >= 0 {
		s.observer = m.voters.members.Members[s.index].Type == zk.Observer
	}
	s.disk.wipe(m.committed.root)
	s.endRole()
	return s
}

// endRole forgets what belonged to a role.
func (s *server) endRole() { s.role = role{epoch: -1} }

// ended is the end of the process.
func (s *server) ended(m *model, ev *trace.Event) {
	s.endRole()
	s.mem, s.last = m.committed.root, 0
	s.was, s.incoming, s.looked = nil, nil, false
	s.disk.follow(ev) // a loss of power may tell what it takes; else the next start will
}

// remember puts a history into memory.
func (s *server) remember(e *entry, last zk.Zxid) { s.mem, s.last = e, last }

// durable is the history that a start would find on disk after a loss of power now.
func (s *server) durable() *entry { return s.disk.durable() }
