package zab

import (
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/server"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// learnerPhase is where Learner's main thread stands.
type learnerPhase uint8

const (
	connecting      learnerPhase = iota // connectToLeader
	awaitLeaderInfo                     // registerWithLeader
	awaitOp                             // syncWithLeader, first packet: DIFF, TRUNC or SNAP
	awaitSnapshot                       // the stream behind SNAP
	syncing                             // packets up to UPTODATE
	following                           // broadcast
	learnerEnded
)

// Attempts to reach the leader. (Learner.connectToLeader)
const maxConnectAttempts = 5

// Learner is the role of a peer in state FOLLOWING or OBSERVING.
// (org.apache.zookeeper.server.quorum.Learner, Follower, Observer)
type Learner struct {
	p        Peer
	cfg      *zk.Config
	opt      *zk.Options
	zks      *server.ZooKeeperServer
	observer bool
	leader   zk.SID
	phase    learnerPhase

	conn      node.ConnID
	attempt   int
	startedAt node.Time
	lastRead  node.Time
	readLimit node.Time

	blocked  bool // the main thread waits for its disk; packets wait in the inbox
	inbox    []node.Message
	newEpoch zk.Epoch

	sync syncState
}

// NewLearner returns a learner that has not begun: a follower, or an observer.
func NewLearner(p Peer, observer bool) *Learner {
	return &Learner{p: p, cfg: p.Config(), opt: p.Options(), observer: observer,
		leader: p.Vote().Leader}
}

// Server is the learner's request pipeline, nil before it was synchronized.
func (l *Learner) Server() *server.ZooKeeperServer { return l.zks }

// Follow begins: it looks for the leader that its vote names. (Follower.followLeader,
// Observer.observeLeader)
func (l *Learner) Follow(o *node.Out) {
	l.p.SetZabState(o, zk.Discovery)
	kind := server.FollowerServer
	if l.observer {
		kind = server.ObserverServer
	}
	l.zks = l.p.NewServer(kind, l)
	if _, ok := l.p.Verifier().Membership().Lookup(l.leader); !ok {
		l.giveUp(o, "the leader "+l.leader.String()+" is not in the configuration")
		return
	}
	l.startedAt = o.Now
	l.connect(o)
}

// connect tries once; initLimit bounds all attempts together. (Learner.connectToLeader)
func (l *Learner) connect(o *node.Out) {
	l.attempt++
	left := l.startedAt + ticks(l.cfg, l.cfg.InitLimit) - o.Now
	if left <= 0 {
		l.giveUp(o, "initLimit passed without a connection to the leader")
		return
	}
	l.phase = connecting
	l.conn = l.p.NewConn()
	o.Event(event.ConnectingToLeader).About(node.ID(l.leader)).With(node.Int(int64(l.leader)),
		node.Int(int64(l.attempt))).Set(event.Leader, node.Int(int64(l.leader)))
	o.Dial(l.conn, node.ID(l.leader), zk.QuorumPort,
		o.Now+min(left, ticks(l.cfg, l.cfg.SyncLimit)))
}

// DialFailed waits a little and tries again.
func (l *Learner) DialFailed(o *node.Out, in *node.Input) {
	if in.Conn != l.conn || l.phase != connecting {
		return
	}
	if l.attempt >= maxConnectAttempts {
		l.giveUp(o, "the leader did not accept a connection: "+in.Reason)
		return
	}
	o.SetTimer(node.Timer{Kind: event.TimerReconnect},
		o.Now+node.Time(l.cfg.LeaderConnectRetryDelay)*node.Millisecond)
}

// Connected registers with the leader.
func (l *Learner) Connected(o *node.Out, in *node.Input) {
	if in.Conn != l.conn || l.phase != connecting {
		return
	}
	l.setReadLimit(o, l.cfg.InitLimit)
	l.register(o)
}

// setReadLimit sets SO_TIMEOUT to n ticks.
func (l *Learner) setReadLimit(o *node.Out, n int64) {
	l.readLimit = ticks(l.cfg, n)
	l.lastRead = o.Now
	o.SetTimer(node.Timer{Kind: event.TimerReadTimeout}, o.Now+l.readLimit)
}

// Received takes a packet or the snapshot stream; while the main thread waits for its disk they
// wait in the inbox.
func (l *Learner) Received(o *node.Out, in *node.Input) {
	if in.Conn != l.conn || l.phase == learnerEnded {
		return
	}
	l.lastRead = o.Now
	if l.blocked || len(l.inbox) > 0 {
		l.inbox = append(l.inbox, in.Msg)
		return
	}
	l.handle(o, in.Msg)
}

func (l *Learner) handle(o *node.Out, m node.Message) {
	if s, ok := m.(*jute.SnapshotStream); ok {
		l.onSnapshot(o, s)
		return
	}
	p := m.(*jute.QuorumPacket)
	switch l.phase {
	case awaitLeaderInfo:
		l.onLEADERINFO(o, p)
	case awaitOp:
		l.onSyncOp(o, p)
	case syncing:
		l.onSyncPacket(o, p)
	case following:
		l.onPacket(o, p)
		l.checkRunning(o)
	}
}

// checkRunning ends the role of a learner whose server no longer runs, because its log failed. The
// main thread finds out when it has dealt with a packet.
// (Follower.followLeader, Observer.observeLeader: while isRunning)
func (l *Learner) checkRunning(o *node.Out) {
	if l.phase == following && !l.blocked && !l.zks.Running() {
		l.giveUp(o, "its server no longer runs")
	}
}

// wait blocks the main thread; the function returned unblocks it, goes on, and then reads what
// arrived meanwhile.
func (l *Learner) wait(then func(*node.Out)) func(*node.Out) {
	l.blocked = true
	return func(o *node.Out) {
		if l.phase == learnerEnded {
			return
		}
		l.blocked = false
		l.lastRead = o.Now
		then(o)
		l.checkRunning(o)
		for len(l.inbox) > 0 && !l.blocked && l.phase != learnerEnded {
			m := l.inbox[0]
			l.inbox = l.inbox[1:]
			l.handle(o, m)
		}
	}
}

// Closed means that the leader is gone or has thrown this learner out.
func (l *Learner) Closed(o *node.Out, in *node.Input) {
	if in.Conn == l.conn {
		l.giveUp(o, "the connection to the leader closed")
	}
}

// Fired handles the learner's timers; it reports whether the timer was its own.
func (l *Learner) Fired(o *node.Out, t node.Timer) bool {
	switch t.Kind {
	case event.TimerReconnect:
		l.connect(o)
	case event.TimerReadTimeout:
		l.readTimeout(o)
	default:
		return false
	}
	return true
}

func (l *Learner) readTimeout(o *node.Out) {
	t := node.Timer{Kind: event.TimerReadTimeout}
	switch due := l.lastRead + l.readLimit; {
	case l.blocked:
		o.SetTimer(t, o.Now+l.readLimit)
	case due > o.Now:
		o.SetTimer(t, due)
	default:
		l.giveUp(o, "heard nothing from the leader in time")
	}
}

// giveUp ends the role; the peer then calls Shutdown.
func (l *Learner) giveUp(o *node.Out, reason string) {
	if l.phase == learnerEnded {
		return
	}
	l.phase = learnerEnded
	o.Event(event.LearnerLeft).About(node.ID(l.leader)).With(node.Int(int64(l.leader)),
		node.Text(reason)).Leads()
	l.p.RoleEnded(o)
}

// Shutdown releases what the learner holds. A learner that was in the middle of a SNAP forgets what
// it had read of it, and with the repair also what it had applied behind a TRUNC: neither is on disk.
// (Learner.shutdown)
func (l *Learner) Shutdown(o *node.Out) {
	l.phase = learnerEnded
	o.CancelTimer(node.Timer{Kind: event.TimerReconnect})
	o.CancelTimer(node.Timer{Kind: event.TimerReadTimeout})
	o.Close(l.conn)
	mode := l.p.SyncMode()
	partial := l.opt.ClearPartialSnap && mode == zk.SyncSnap ||
		l.opt.RepairTruncSync && mode == zk.SyncTrunc
	stopServer(o, l.p, l.zks)
	if partial {
		l.p.DB().Clear(o)
	}
	l.p.SetSyncMode(o, zk.SyncNone)
}

func (l *Learner) send(o *node.Out, p *jute.QuorumPacket) { o.Send(l.conn, p) }

func (l *Learner) ack(o *node.Out, z zk.Zxid) {
	l.send(o, &jute.QuorumPacket{Type: zk.ACK, Zxid: z})
}

// stopServer shuts a role's server down. One that was running has memory and log out of step, since
// proposals are logged before they are committed: memory is moved on to the end of the log, so that
// the next vote speaks of what the disk holds (ZOOKEEPER-2845). The log thread has written everything by
// then, which for learners is the behaviour since ZOOKEEPER-4712. (ZooKeeperServer.shutdown)
func stopServer(o *node.Out, p Peer, zks *server.ZooKeeperServer) {
	ran := zks.CanShutdown()
	zks.Shutdown(o)
	if !ran || !p.Options().FastForward {
		return
	}
	if err := p.DB().FastForward(o); err != nil {
		p.DB().Clear(o)
	}
}

// Visible fills in the learner's part of the visible state.
func (l *Learner) Visible(s *node.State) {
	if l.attempt > 0 {
		s.Scalars[event.Leader] = []node.Value{node.Int(int64(l.leader))}
	}
}
