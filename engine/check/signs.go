package check

import (
	"slices"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// sign is something that a correct server does not do although it breaks no rule, at least not at
// once. By it a bug shows itself.
type sign int

const (
	// cutTooMuch: a truncation to z takes z itself.
	cutTooMuch sign = iota + 1
	// cutCameBack: behind a truncation to z the server still has something beyond z.
	cutCameBack
	// strangerKept: a learner is sent a DIFF from a transaction on that is not in its leader's
	// history, chosen from committedLog.
	strangerKept
	// strangerInLog: the same, chosen from the leader's log.
	strangerInLog
	// partialSnapshot: a learner has left in the middle of a SNAP and kept in memory what it had
	// of it.
	partialSnapshot
	// partialTruncation: it has left behind a TRUNC and kept what it had only in memory.
	partialTruncation
	// memoryBehindLog: a server goes to an election and its memory lacks what is in its log.
	memoryBehindLog
	// foundAndLost: a loss of power takes what a start had found on the disk.
	foundAndLost
)

// shown is a sign at a server.
type shown struct {
	sign sign
	at   node.ID
}

// show notes a sign of the event that is observed.
func (m *model) show(x sign, s *server) { m.signs = append(m.signs, shown{x, s.id}) }

// choose remembers how a leader brings a learner level.
func (m *model) choose(ev *trace.Event) {
	s := m.server(ev.Peer)
	if s == nil || s.role.leader != ev.Node {
		return
	}
	peer, least := zxid(ev, 3), zxid(ev, 5)
	s.role.chosen, s.role.mode, s.role.fromLog = ev.Seq, text(ev, 1), peer < least
	s.role.base = s.mem
	known := m.server(ev.Node).mem.upTo(peer)
	if s.role.mode != "DIFF" || peer.Counter() == 0 || known.zxid == peer {
		return
	}
	if s.role.fromLog {
		m.show(strangerInLog, s)
		return
	}
	m.show(strangerKept, s)
}

// truncate takes a log that is cut behind z.
func (m *model) truncate(ev *trace.Event) {
	s := m.server(ev.Node)
	z := zxid(ev, 0)
	holds := func() bool {
		return slices.ContainsFunc(s.disk.log, func(e *entry) bool { return e.zxid == z })
	}
	had := holds()
	if n := len(s.disk.log); n > 0 {
		s.cutFrom = s.disk.log[n-1].zxid
	}
	s.disk.follow(ev)
	s.disk.truncated(z)
	s.cutTo, s.reloads = z, true
	if had && !holds() {
		m.show(cutTooMuch, s)
	}
}

// reloaded looks at what a server has in memory behind a truncation.
func (m *model) reloaded(s *server, last zk.Zxid) {
	if s.reloads && last > s.cutTo {
		m.show(cutCameBack, s)
	}
	s.reloads = false
	s.role.base = s.mem
}

// leaves is a server that gives up its role and goes to an election.
func (m *model) leaves(s *server) {
	onDisk := m.contains(s.disk.head, s.mem)
	switch {
	case s.role.leader == node.World:
	case onDisk && s.mem != s.disk.head && s.mem != m.committed.root:
		m.show(memoryBehindLog, s)
	case s.role.joined || onDisk:
	case s.role.mode == "SNAP":
		m.show(partialSnapshot, s)
	case s.role.mode == "TRUNC":
		m.show(partialTruncation, s)
	}
	s.endRole()
}

// follows reports whether a violation can come from a bug that has shown itself at some servers.
// What a server does with its own disk is due to that disk; a transaction that is not durable at a
// quorum, to those that do not have it; all else may come from afar, by elections.
func (f *finding) follows(at []node.ID) bool {
	among := at
	switch f.v.Rule {
	case "E4", "E7", "S13", "M1":
		among = []node.ID{f.v.Server}
	case "S12":
		among = f.ackersWithout()
	case "S15":
		h := f.m.holders(f.m.committed.last())
		among = slices.DeleteFunc(slices.Clone(at), func(n node.ID) bool {
			return h.has(f.m.directory.index(zk.SID(n)))
		})
	}
	return slices.ContainsFunc(among, func(n node.ID) bool { return slices.Contains(at, n) })
}

// culprits is the servers at which a bug shows itself by a violation.
func (f *finding) culprits() []node.ID {
	if f.v.Rule == "S12" {
		return f.ackersWithout()
	}
	return []node.ID{f.v.Server}
}

// ackersWithout is who acknowledged a transaction that is committed and does not have it on disk.
func (f *finding) ackersWithout() []node.ID {
	if f.ev.Kind != event.Committed {
		return nil
	}
	var out []node.ID
	for _, sid := range parseSIDs(text(f.ev, 1)) {
		if s := f.m.server(node.ID(sid)); s.durable().zxid < f.v.Zxid {
			out = append(out, s.id)
		}
	}
	return out
}

func (f *finding) server() *server { return f.m.server(f.v.Server) }

// beyondEpoch: the leader has left its epoch by counting.
func (f *finding) beyondEpoch() bool { return f.server().role.epoch != f.v.Zxid.Epoch() }

// bySnapshot: the server was brought level by a snapshot.
func (f *finding) bySnapshot() bool { return f.server().role.mode == "SNAP" }

// brought is what a learner should have on disk; nil for who is no learner or not level.
func (f *finding) brought() *entry {
	s := f.server()
	if s.role.mode == "" || s.role.brought == nil {
		return nil
	}
	if f.v.Rule == "E7" {
		return f.m.committed.common(s.role.brought)
	}
	return s.role.brought
}

// written reports whether it is on disk, synced or not, in the log or in a snapshot.
func (f *finding) written(need *entry) bool {
	d := &f.server().disk
	return f.m.contains(d.head, need) || d.ahead != nil && f.m.contains(d.ahead, need)
}

// based reports whether what the learner had before it was sent transactions is written to its
// disk, so that only those can be missing there.
func (f *finding) based() bool {
	r := &f.server().role
	return r.base != nil && f.written(r.base)
}

// unwritten: of what the learner was sent something is still in memory only.
func (f *finding) unwritten() bool {
	need := f.brought()
	return need != nil && f.based() && !f.written(need)
}

// unsyncedTruncation: the log that was cut is not synced, or the snapshot taken behind that.
func (f *finding) unsyncedTruncation() bool {
	need, s := f.brought(), f.server()
	return need != nil && s.role.mode == "TRUNC" && f.v.Zxid.Counter() == 0 && f.based() &&
		(f.written(need) || !f.m.contains(s.durable(), s.role.base))
}

// unsyncedSync: what the learner was sent is on its way to the log, which is not synced.
func (f *finding) unsyncedSync() bool {
	need := f.brought()
	return need != nil && f.v.Zxid.Counter() == 0 && f.based() &&
		(f.v.Rule == "S13" || f.written(need))
}

// proposalFirst: the first ACK is that of a proposal.
func (f *finding) proposalFirst() bool { return f.v.Zxid.Counter() != 0 }

// saidByLearner: the learner finds no proposal for a COMMIT that was sent in its turn.
func (f *finding) saidByLearner() bool { return f.ev.Kind == event.CommitUnmatched }

// fromTxnLog: what a DIFF held was read from the leader's log.
func (f *finding) fromTxnLog() bool { return f.server().role.fromLog }

// fromCommittedLog: it was in committedLog.
func (f *finding) fromCommittedLog() bool { return !f.server().role.fromLog }

// leftBeforeEpoch: the server has written the history of an epoch, and left or died before it
// wrote the epoch.
func (f *finding) leftBeforeEpoch() bool { return f.server().unentered }

// ackedBeforeCut: somebody had acknowledged the transaction when it was cut from its log.
func (f *finding) ackedBeforeCut() bool {
	return slices.ContainsFunc(f.ackersWithout(), func(n node.ID) bool {
		s := f.m.server(n)
		return s.cutTo < f.v.Zxid && f.v.Zxid <= s.cutFrom
	})
}
