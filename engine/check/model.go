package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// model is what the trace has told so far, kept up to date before any checker looks at an event.
type model struct {
	config    Config
	directory directory
	first     *quorums   // of the membership that the run begins with
	latest    []*quorums // the last two that were committed, the newest last
	servers   []*server  // by machine id; nil: not a server, or nothing heard of it
	committed committed
	reigns    []reign // activated leaders, in the order of events
	fork      *fork   // set while the event is observed by which a history contradicts another
	signs     []shown // of bugs, by the event that is observed
}

// reign is one leader's time.
type reign struct {
	epoch    zk.Epoch
	leader   node.ID
	start    *entry   // what it began with
	since    node.Seq // Activated
	proposed node.Seq // its first proposal, 0 before
}

// fork is a contradiction between two histories that both count.
type fork struct {
	at     *server
	theirs *entry // what at has, where something else is committed
	ours   *entry // that something
}

func newModel(c Config) *model {
	m := &model{config: c}
	m.first = newQuorums(&m.directory, c.Membership)
	m.latest = []*quorums{m.first}
	m.committed.root = empty()
	return m
}

// server finds the server of an event, making it known; nil for clients and the world.
func (m *model) server(id node.ID) *server {
	if id <= node.World || id.IsClient() {
		return nil
	}
	for len(m.servers) <= int(id) {
		m.servers = append(m.servers, nil)
	}
	s := m.servers[id]
	if s == nil {
		s = newServer(m, id)
		m.servers[id] = s
	}
	return s
}

// observe takes the next event.
func (m *model) observe(ev *trace.Event) {
	m.fork, m.signs = nil, m.signs[:0]
	switch ev.Kind {
	case event.Delivered:
		m.delivered(ev)
	case event.Appended:
		m.server(ev.Node).disk.append(zxid(ev, 0), hash(ev, 2), ev)
	case event.Durable:
		m.server(ev.Node).disk.follow(ev)
	case event.Proposed:
		m.proposed(ev)
	case event.Committed:
		m.commit(ev)
	default:
		m.observeRare(ev)
	}
}

// observeRare takes the events that do not come with each transaction.
func (m *model) observeRare(ev *trace.Event) {
	switch ev.Kind {
	case node.KindKilled, node.KindCrashed, node.KindStopped, node.KindExited:
		if s := m.server(ev.Node); s != nil {
			s.ended(m, ev)
		}
	case node.KindWiped:
		if s := m.server(ev.Node); s != nil {
			s.disk.wipe(m.committed.root)
		}
	case event.StateChanged:
		if text(ev, 1) == zk.Looking.String() {
			m.leaves(m.server(ev.Node))
		}
	case event.Elected:
		m.server(ev.Node).role.leader = node.ID(ev.Args[0].N)
	case event.AcceptedEpochWritten, event.CurrentEpochWritten:
		m.epochWritten(ev)
	case event.Activated:
		m.activated(ev)
	case event.LearnerReady:
		m.joined(ev)
	case event.SyncChosen:
		m.choose(ev)
	case event.ForwardingStarted:
		if s := m.server(ev.Peer); s != nil && s.role.leader == ev.Node {
			s.role.brought = m.server(ev.Node).mem
		}
	default:
		m.observeStorage(ev)
	}
}

func (m *model) observeStorage(ev *trace.Event) {
	switch ev.Kind {
	case event.SnapshotSent:
		if s := m.server(ev.Peer); s != nil {
			s.incoming = m.server(ev.Node).mem
		}
	case event.SnapshotInstalled:
		m.installed(ev)
	case event.SnapshotTaken:
		s := m.server(ev.Node)
		s.disk.snapshotTaken(text(ev, 0), s.mem)
	case event.SnapshotSynced:
		m.server(ev.Node).disk.snapshotSynced(text(ev, 0))
	case event.DatabaseLoaded:
		m.loaded(ev)
	case event.DatabaseCleared:
		s := m.server(ev.Node)
		s.was = s.mem
		s.remember(m.committed.root, 0)
	case event.FastForwarded:
		s := m.server(ev.Node)
		for _, e := range s.disk.log[s.disk.behind(s.last):] {
			s.mem = s.mem.then(e.zxid, e.hash, ev.Seq, ev.Node)
		}
		s.last = zxid(ev, 0)
	case event.LastProcessedSet:
		m.server(ev.Node).last = zxid(ev, 0)
	case event.ConfigInstalled, event.ConfigSeen:
		m.configured(ev)
	case event.LearnerTypeChanged:
		m.server(ev.Node).observer = text(ev, 1) == zk.Observer.String()
	case event.Truncated:
		m.truncate(ev)
	}
}

// delivered is a transaction applied to memory. It is final if the server has joined an epoch.
func (m *model) delivered(ev *trace.Event) {
	s := m.server(ev.Node)
	z := zxid(ev, 0)
	s.remember(s.mem.then(z, hash(ev, 3), ev.Seq, ev.Node), z)
	if s.role.joined && text(ev, 4) != viaReplay {
		m.settle(s, s.mem, ev)
	}
}

// viaReplay marks deliveries from a server's own log.
const viaReplay = "REPLAY"

// settle takes a history for committed, unless it contradicts what is.
func (m *model) settle(s *server, e *entry, ev *trace.Event) {
	if s.role.diverged {
		return
	}
	theirs := m.committed.settle(e, ev.Seq, ev.Node)
	if theirs == nil {
		return
	}
	s.role.diverged = true
	m.fork = &fork{s, theirs, m.committed.list[theirs.depth-1]}
}

func (m *model) proposed(ev *trace.Event) {
	r := &m.server(ev.Node).role
	if r.proposed == nil { // not activated: another rule's business
		r.proposed = m.server(ev.Node).mem
		r.settled = r.proposed
	}
	r.proposed = r.proposed.then(zxid(ev, 0), hash(ev, 3), ev.Seq, ev.Node)
}

func (m *model) commit(ev *trace.Event) {
	s := m.server(ev.Node)
	if s.role.settled == nil {
		return
	}
	if e := s.role.settled.next(zxid(ev, 0)); e != nil {
		s.role.settled = e
		m.settle(s, e, ev)
	}
}

// activated is a leader that begins to serve: from now on all that it has counts as committed.
func (m *model) activated(ev *trace.Event) {
	s := m.server(ev.Node)
	s.role.epoch, s.role.joined, s.role.activated = zk.Epoch(ev.Args[0].N), true, true
	s.role.start, s.role.since = s.mem, ev.Seq
	s.role.proposed, s.role.settled = s.mem, s.mem
	m.reigns = append(m.reigns, reign{epoch: s.role.epoch, leader: s.id, start: s.mem,
		since: ev.Seq})
	m.settle(s, s.mem, ev)
}

func (m *model) joined(ev *trace.Event) {
	s := m.server(ev.Node)
	s.role.epoch, s.role.joined = zk.Epoch(ev.Args[1].N), true
	m.settle(s, s.mem, ev)
}

func (m *model) epochWritten(ev *trace.Event) {
	d := &m.server(ev.Node).disk
	e := zk.Epoch(ev.Args[0].N)
	if ev.Kind == event.CurrentEpochWritten {
		d.before, d.current = d.current, e
		m.server(ev.Node).unentered = false
		return
	}
	d.promises = append(d.promises, promise{e, d.accepted, ev.Seq})
	d.accepted = e
}

func (m *model) installed(ev *trace.Event) {
	s := m.server(ev.Node)
	e := s.incoming
	if e == nil {
		e = s.disk.foreign(zxid(ev, 0), ev)
	}
	s.remember(e, zxid(ev, 0))
	s.role.base = e
}

func (m *model) loaded(ev *trace.Event) {
	s := m.server(ev.Node)
	s.disk.follow(ev)
	name := text(ev, 0)
	s.remember(s.disk.load(name, ev), zxid(ev, 1))
	s.was = nil
	m.reloaded(s, zxid(ev, 1))
	if len(ev.Ops) > 0 && ev.Ops[0].Field == event.Log {
		s.disk.started(name)
	}
}

// configured takes a server's configuration, committed or only seen. One without groups has
// majority quorums.
func (m *model) configured(ev *trace.Event) {
	s := m.server(ev.Node)
	z := zxid(ev, 0)
	q := m.first
	if z != m.first.version {
		q = &quorums{version: z, voters: m.directory.enrollAll(text(ev, 1))}
		m.directory.enrollAll(text(ev, 2))
		if len(ev.Args) > 4 && text(ev, 3) != "" {
			q.setGroups(&m.directory, text(ev, 3), text(ev, 4))
		}
	}
	if ev.Kind == event.ConfigSeen {
		s.seen = q
		return
	}
	s.config = q
	if last := m.latest[len(m.latest)-1]; q.version > last.version {
		m.latest = []*quorums{last, q}
	}
}

// leaderOf is the server that s follows, nil if it follows none.
func (m *model) leaderOf(s *server) *server { return m.server(s.role.leader) }

// Arguments of events.
func zxid(ev *trace.Event, i int) zk.Zxid { return zk.Zxid(ev.Args[i].N) }
func hash(ev *trace.Event, i int) uint32  { return uint32(ev.Args[i].N) }
func text(ev *trace.Event, i int) string  { return ev.Args[i].S }

// contains reports whether history a begins with history b, at once where both are committed.
func (m *model) contains(a, b *entry) bool {
	if m.committed.has(a) && m.committed.has(b) {
		return b.depth <= a.depth
	}
	return a.contains(b)
}

// holders is the servers that have history e on disk for good.
func (m *model) holders(e *entry) set {
	var s set
	for i := range m.directory.sids {
		if x := m.server(m.directory.id(i)); m.contains(x.durable(), e) {
			s.add(i)
		}
	}
	return s
}
