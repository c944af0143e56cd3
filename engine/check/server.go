package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
)

// server is what the trace tells of one server.
type server struct {
	id       node.ID
	observer bool
	config   *quorums // committed, as far as this server knows
	seen     *quorums // seen last, nil for none; it has a say while it is newer

	disk disk
	mem  *entry  // what is in memory
	last zk.Zxid // lastProcessedZxid, which may be the bare start of an epoch

	was      *entry // what was in memory before it was cleared
	incoming *entry // history of the snapshot that a leader is sending

	cutFrom, cutTo zk.Zxid // end of the log before and behind the last truncation
	reloads        bool    // it was cut, and the database is not read yet
	// unentered: it wrote history of an epoch that it left, or died in, before it wrote the epoch.
	unentered bool

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

	chosen  node.Seq // event by which its leader chose how to bring it level, 0 before
	mode    string   // DIFF, TRUNC or SNAP; "" before
	fromLog bool     // chosen from the leader's log
	base    *entry   // what it had in memory before it was sent transactions
	// brought is what a learner has once it is level: the history of its leader when that began
	// to forward to it. nil before.
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
	s := &server{id: id, mem: m.committed.root, config: m.first}
	if x, ok := m.config.Membership.Lookup(zk.SID(id)); ok {
		s.observer = x.Type == zk.Observer
	}
	s.disk.wipe(m.committed.root)
	s.endRole()
	return s
}

// endRole forgets what belonged to a role.
func (s *server) endRole() {
	d := &s.disk
	if s.role.mode != "" && !s.role.joined && d.current < max(d.head.zxid, d.until).Epoch() {
		s.unentered = true
	}
	s.role = role{epoch: -1}
}

// ended is the end of the process.
func (s *server) ended(m *model, ev *trace.Event) {
	s.endRole()
	s.mem, s.last = m.committed.root, 0
	s.was, s.incoming, s.looked, s.reloads = nil, nil, false, false
	had := s.durable()
	s.disk.follow(ev) // a loss of power may tell what it takes; else the next start will
	if !m.contains(s.durable(), had) {
		m.show(foundAndLost, s)
	}
}

// remember puts a history into memory.
func (s *server) remember(e *entry, last zk.Zxid) { s.mem, s.last = e, last }

// durable is the history that a start would find on disk after a loss of power now.
func (s *server) durable() *entry { return s.disk.durable() }

// quorum reports whether a set is a quorum of the server's committed configuration.
func (s *server) quorum(x set) bool { return s.config.has(x) }

// quorums reports whether it is one of every configuration that has a say for a leader.
func (s *server) quorums(x set) bool {
	return s.config.has(x) && (s.seen == nil || s.seen.version <= s.config.version || s.seen.has(x))
}
