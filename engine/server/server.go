package server

import (
	"maps"
	"slices"

	"zabscope/engine/node"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// state is where a server stands in its life. (ZooKeeperServer.State)
type state uint8

const (
	unstarted state = iota // a leader without a quorum, a learner before NEWLEADER
	initial                // the chain works, clients are not served yet
	running
	failed // a thread met an error that it cannot mend (ERROR)
	shutdown
)

// ZooKeeperServer is one role's request side, from the start of the role to its end. It works on
// the database of the peer, which outlives it.
//
// It begins with the role: a leader's when it looks for followers, a learner's when it has found
// its leader. It is handed what the role receives, calls the role back through Upstream, and is
// thrown away with it. Nothing in it survives but what the database holds, so a client of a role
// that ends is cut off and finds out elsewhere what became of its requests.
// (ZooKeeperServer, LeaderZooKeeperServer, FollowerZooKeeperServer, ObserverZooKeeperServer)
type ZooKeeperServer struct {
	kind      Kind
	sid       zk.SID
	db        *storage.ZKDatabase
	cfg       zk.Config
	opt       zk.Options
	up        Upstream
	rand      *node.Rand
	tokens    func() node.Token
	wallClock func(node.Time) int64
	ensemble  Ensemble // nil at a server that cannot change it

	state     state
	zxid      zk.Zxid // hzxid: the last that was prepared
	exhausted bool    // the epoch's last zxid was prepared

	tracker sessionTracker
	leader  *leaderTracker  // the tracker of a leader or a standalone server, else nil
	learner *learnerTracker // that of a learner, else nil

	// The chain. A learner has no changes: it prepares nothing.
	prepBlocked bool           // Prep waits for the disk before it proposes a reconfig
	submitted   fifo[*Request] // requests behind that one

	changes         outstandingChanges
	syncProcessor   syncRequestProcessor
	commitProcessor commitProcessor

	// What waits for the leader. Answers come on one connection, in the order in which they were
	// asked for, so queues are enough; sessions are answered by name.
	pendingTxns          fifo[*zk.Txn]  // follower: proposed, not committed
	pendingSyncs         fifo[*Request] // learner: at the leader
	pendingRevalidations map[int64]*serverCnxn

	conns      map[node.ConnID]*serverCnxn
	sessionMap map[int64]*serverCnxn // connections by session
	inProcess  int
	stats      Stats
}

// Stats is what srvr reports of a server. (org.apache.zookeeper.server.ServerStats)
type Stats struct {
	Outstanding int   // requests of clients here that have no answer yet
	Connections int   // open connections of clients
	Received    int64 // packets from clients since the role began
	Sent        int64 // packets to clients
}

// New makes the server of a role that begins. It does nothing before Startup. The database stays
// the peer's; tokens makes names for fsyncs; wallClock tells the machine's wall clock in
// milliseconds; up may be nil for a standalone server.
func New(kind Kind, sid zk.SID, db *storage.ZKDatabase, cfg zk.Config, opt zk.Options, up Upstream,
	rand *node.Rand, tokens func() node.Token, wallClock func(node.Time) int64) *ZooKeeperServer {
	s := &ZooKeeperServer{kind: kind, sid: sid, db: db, cfg: cfg, opt: opt, up: up, rand: rand,
		tokens: tokens, wallClock: wallClock, pendingRevalidations: map[int64]*serverCnxn{},
		conns: map[node.ConnID]*serverCnxn{}, sessionMap: map[int64]*serverCnxn{}}
	s.syncProcessor.s, s.commitProcessor.s = s, s
	s.commitProcessor.pending = map[int64]*sessionQueue{}
	return s
}

// LoadData loads the database if it is not in memory, deletes the ephemeral nodes of sessions that
// are gone, and takes a snapshot, as every leader does before it leads.
// (ZooKeeperServer.loadData)
func (s *ZooKeeperServer) LoadData(o *node.Out) error {
	if !s.db.Initialized() {
		if err := s.db.Load(o); err != nil {
			return err
		}
	}
	s.zxid = s.db.LastProcessed()
	s.db.KillDeadSessions(o)
	_, err := s.db.TakeSnapshot(o)
	return err
}

// StartupWithoutServing sets up the chain, so that a learner can log and apply, but lets no client
// in. (ZooKeeperServer.startupWithoutServing)
func (s *ZooKeeperServer) StartupWithoutServing(o *node.Out) {
	if s.state != unstarted {
		return
	}
	s.state = initial
	s.db.ResetSnapshotStats()
	now := millis(o.Now)
	switch s.kind {
	case StandaloneServer, LeaderServer:
		s.leader = newLeaderTracker(now, s.cfg.TickTime, s.sid, s.db.Sessions)
		s.leader.alone = s.kind == StandaloneServer
		s.tracker = s.leader
		s.changes = newOutstandingChanges(s.db)
		s.armSessionTimer(o)
		s.armContainerTimer(o)
	default:
		s.learner = newLearnerTracker(now, s.sid)
		s.tracker = s.learner
	}
}

// StartServing lets clients in, though the log thread may have met an error by now: the server then
// serves without ever acknowledging anything. (ZooKeeperServer.startServing)
func (s *ZooKeeperServer) StartServing(*node.Out) {
	if s.state == initial || s.state == failed {
		s.state = running
	}
}

// Startup sets up the chain and lets clients in. (ZooKeeperServer.startup)
func (s *ZooKeeperServer) Startup(o *node.Out) {
	s.StartupWithoutServing(o)
	s.StartServing(o)
}

// Running reports whether clients are served. (ZooKeeperServer.isRunning)
func (s *ZooKeeperServer) Running() bool { return s.state == running }

// CanShutdown reports whether the server runs, or ran until one of its threads failed: then there is
// something to shut down. (ZooKeeperServer.canShutdown)
func (s *ZooKeeperServer) CanShutdown() bool { return s.state == running || s.state == failed }

// working reports whether the chain takes and gives anything. An error stops only the
// thread that met it; the others go on until the role ends.
func (s *ZooKeeperServer) working() bool {
	return s.state == initial || s.state == running || s.state == failed
}

// Shutdown ends the role: clients are cut off, and what the log thread was handed is written still,
// though nobody hears of it any more. (ZooKeeperServer.shutdown)
func (s *ZooKeeperServer) Shutdown(o *node.Out) {
	if s.state == shutdown {
		return
	}
	s.closeAll(o, "the server ends its role")
	o.CancelTimer(sessionTimer)
	o.CancelTimer(containerTimer)
	if s.working() {
		s.syncProcessor.shutdown(o)
	}
	s.state = shutdown
}

// closeAll cuts off every client, in order of connections.
// (ServerCnxnFactory.closeAll)
func (s *ZooKeeperServer) closeAll(o *node.Out, reason string) {
	for _, id := range slices.Sorted(maps.Keys(s.conns)) {
		s.closeCnxn(o, s.conns[id], reason)
	}
}

// fail notes that a thread has ended: that of the log, which could not "append" or "fsync", or that
// of the commits. A server of an ensemble no longer runs then, and its role ends when it finds out: a
// learner behind the next packet, a leader at the next half tick. A standalone server's process ends.
// (ZooKeeperCriticalThread.handleException, ZooKeeperServerListenerImpl.notifyStopping,
// ZooKeeperServerShutdownHandler.handle)
func (s *ZooKeeperServer) fail(o *node.Out, step, reason string) {
	s.state = failed
	o.Event(event.ThreadFailed).With(node.Text(step), node.Text(reason)).Leads()
	if s.kind == StandaloneServer {
		o.Exit(step + ": " + reason)
	}
}

// SetZxid says after which zxid the next transaction comes. (ZooKeeperServer.setZxid)
func (s *ZooKeeperServer) SetZxid(z zk.Zxid) { s.zxid = z }

// Zxid is the last zxid that was given to a transaction. (ZooKeeperServer.getZxid)
func (s *ZooKeeperServer) Zxid() zk.Zxid { return s.zxid }

// Stats counts what srvr reports.
func (s *ZooKeeperServer) Stats() Stats {
	st := s.stats
	st.Outstanding, st.Connections = s.inProcess, len(s.conns)
	return st
}

// Synced goes on behind an fsync; false if the token is not this server's. Tokens of before
// Shutdown still count: they tell the database what is durable. (SyncRequestProcessor.flush)
func (s *ZooKeeperServer) Synced(o *node.Out, t node.Token) bool {
	return s.syncProcessor.synced(o, t)
}

// SyncFailed ends the log thread if the fsync was its own; false if the token is not this server's.
// Behind Shutdown nothing comes of it. (ZooKeeperCriticalThread.handleException)
func (s *ZooKeeperServer) SyncFailed(o *node.Out, t node.Token, reason string) bool {
	return s.syncProcessor.syncFailed(o, t, reason)
}

// Fired takes the timers of the session tracker and of the ContainerManager; false if the timer is
// not this server's.
func (s *ZooKeeperServer) Fired(o *node.Out, in *node.Input) bool {
	if in.Timer != sessionTimer && in.Timer != containerTimer {
		return false
	}
	switch {
	case s.leader == nil || !s.working():
	case in.Timer == sessionTimer:
		s.expireSessions(o)
	default:
		s.checkContainers(o)
	}
	return true
}

// Flushed reports whether nothing that was handed to the log is still on its way to the disk.
// (SyncRequestProcessor.shutdown)
func (s *ZooKeeperServer) Flushed() bool { return len(s.syncProcessor.syncs) == 0 }

// sessionTimer wakes the tracker of a leader.
var sessionTimer = node.Timer{Kind: event.TimerSessions}

// millis is the time in milliseconds, rounded down.
func millis(t node.Time) int64 { return int64(t / node.Millisecond) }
