package zab

import (
	"slices"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/server"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// leaderPhase is where Leader.lead stands.
type leaderPhase uint8

const (
	waitingForEpoch     leaderPhase = iota // getEpochToPropose
	waitingForEpochAck                     // waitForEpochAck, then the currentEpoch file
	waitingForNewLeader                    // waitForNewLeaderAck
	leading                                // startZkServer was called
	leaderEnded
)

// protocolVersion is what 3.4 and later put into LEADERINFO and LearnerInfo.
const protocolVersion = 0x10000

// stateSummary is how recent a server's history is. (StateSummary)
type stateSummary struct {
	currentEpoch zk.Epoch
	lastZxid     zk.Zxid
}

func (s stateSummary) moreRecentThan(t stateSummary) bool {
	return s.currentEpoch > t.currentEpoch ||
		s.currentEpoch == t.currentEpoch && s.lastZxid > t.lastZxid
}

// Leader is the role of a peer in state LEADING.
// (org.apache.zookeeper.server.quorum.Leader)
type Leader struct {
	p     Peer
	cfg   *zk.Config
	opt   *zk.Options
	zks   *server.ZooKeeperServer
	phase leaderPhase

	handlers []*LearnerHandler // in the order in which they connected

	epoch               zk.Epoch
	epochChosen         bool // but acceptedEpoch may still be on its way to the disk
	connectingFollowers quorum.Tracker
	summary             stateSummary
	electionFinished    bool
	electingFollowers   quorum.Tracker
	newLeaderZxid       zk.Zxid
	newLeaderAcks       quorum.Tracker
	quorumFormed        bool

	lastCommitted, lastProposed zk.Zxid
	outstanding                 proposals
	toBeApplied                 proposals
	forwarding                  []*LearnerHandler // participants that get PROPOSAL and COMMIT
	observing                   []*LearnerHandler // observers that get INFORM
	pendingSyncs                []pendingSync

	starting     bool // startZkServer was called: its configuration is on the way to the disk
	activating   *proposal
	lateAcks     []lateAck // that came meanwhile
	tickDue      bool      // so did a tick
	designated   zk.SID    // who was named to lead the configuration activated last
	mayNotCommit bool      // it was another server (allowedToCommit is false)

	free *proposal
	acks ackNames

	tick     int64
	tickSkip bool
}

// NewLeader returns a leader that has not begun. (Leader constructor)
func NewLeader(p Peer) *Leader {
	l := &Leader{p: p, cfg: p.Config(), opt: p.Options(), epoch: -1, tickSkip: true}
	// An epoch is a matter of the committed configuration alone.
	l.connectingFollowers.Add(p.Verifier())
	l.electingFollowers.Add(p.Verifier())
	return l
}

// addVerifiers lets the committed configuration have a say, and the last seen one while it is newer.
func (l *Leader) addVerifiers(t *quorum.Tracker) {
	t.Add(l.p.Verifier())
	if s := l.p.LastSeenVerifier(); s.Membership().Version > l.p.Verifier().Membership().Version {
		t.Add(s)
	}
}

// Server is the leader's request pipeline.
func (l *Leader) Server() *server.ZooKeeperServer { return l.zks }

// Epoch is the epoch this leader proposes or leads, -1 while nobody has told it an accepted one.
func (l *Leader) Epoch() zk.Epoch { return l.epoch }

// Lead begins. It loads the database, takes the snapshot that every new leader takes, opens the
// quorum port and waits for followers. (Leader.lead)
func (l *Leader) Lead(o *node.Out) {
	o.Listen(zk.QuorumPort)
	l.p.SetZabState(o, zk.Discovery)
	db := l.p.DB()
	l.zks = l.p.NewServer(server.LeaderServer, l)
	l.zks.SetEnsemble(l)
	if err := l.zks.LoadData(o); err != nil {
		l.p.Exit(o, err.Error())
		return
	}
	l.summary = stateSummary{l.p.CurrentEpoch(), db.LastProcessed()}
	l.setWait(o)
	l.proposeEpoch(o, l.p.SID(), l.p.AcceptedEpoch())
}

// setWait gives the current wait of the main thread its initLimit.
func (l *Leader) setWait(o *node.Out) {
	o.SetTimer(node.Timer{Kind: event.TimerLeaderWait}, o.Now+ticks(l.cfg, l.cfg.InitLimit))
}

// epochDecided goes on behind getEpochToPropose.
func (l *Leader) epochDecided(o *node.Out) {
	l.newLeaderZxid = zk.MakeZxid(l.epoch, 0)
	l.zks.SetZxid(l.newLeaderZxid + zk.Zxid(l.cfg.InitialCounter))
	l.lastProposed = l.newLeaderZxid
	l.phase = waitingForEpochAck
	l.setWait(o)
	for _, h := range slices.Clone(l.handlers) {
		h.epochDecided(o)
	}
	l.nameConfig(o, func(o *node.Out) {
		l.addVerifiers(&l.newLeaderAcks)
		l.ackEpoch(o, l.p.SID(), l.summary)
	})
}

// epochAcked goes on behind waitForEpochAck: the leader joins its own epoch on disk, and only then
// counts as one who acknowledged NEWLEADER.
func (l *Leader) epochAcked(o *node.Out) {
	l.p.SetCurrentEpoch(o, l.epoch, func(o *node.Out) {
		l.p.SetZabState(o, zk.Synchronization)
		l.phase = waitingForNewLeader
		l.setWait(o)
		l.ackNewLeader(o, l.p.SID(), l.newLeaderZxid)
		if l.opt.ActivateBeforeAcks && l.phase == waitingForNewLeader {
			l.activate(o)
		}
	})
	for _, h := range slices.Clone(l.handlers) {
		h.epochAcked(o)
	}
}

// activate starts serving. From here on everything in the leader's history counts as committed.
// (Leader.startZkServer)
func (l *Leader) activate(o *node.Out) {
	if l.starting {
		return
	}
	l.starting = true
	o.CancelTimer(node.Timer{Kind: event.TimerLeaderWait})
	l.lastCommitted = l.newLeaderZxid
	e := o.Event(event.Activated).Leads()
	if o.Tracing {
		e.With(node.Int(int64(l.epoch)), event.SIDs(l.newLeaderAcks.Acks()),
			node.Zxid(int64(l.p.DB().LastProcessed())))
	}
	l.activateConfig(o, l.serve)
}

// serve lets clients in and everybody who has acknowledged NEWLEADER.
// (Leader.startZkServer, Leader.lead)
func (l *Leader) serve(o *node.Out) {
	l.phase = leading
	l.zks.Startup(o)
	l.p.UpdateElectionVote(o, l.epoch)
	l.p.DB().SetLastProcessed(o, l.newLeaderZxid)
	l.p.SetZabState(o, zk.Broadcast)
	o.SetTimer(node.Timer{Kind: event.TimerTick}, o.Now+ticks(l.cfg, 1)/2)
	for _, h := range slices.Clone(l.handlers) {
		h.serverStarted(o)
	}
}

// giveUp ends the leadership; the peer then calls Shutdown. (Leader.shutdown)
func (l *Leader) giveUp(o *node.Out, reason string) {
	if l.phase == leaderEnded {
		return
	}
	l.phase = leaderEnded
	o.Event(event.SteppedDown).With(node.Text(reason)).Leads()
	l.p.RoleEnded(o)
}

// Shutdown releases what the leader holds: ports, learners, clients, timers. (Leader.shutdown)
func (l *Leader) Shutdown(o *node.Out) {
	l.phase = leaderEnded
	o.Unlisten(zk.QuorumPort)
	o.CancelTimer(node.Timer{Kind: event.TimerLeaderWait})
	o.CancelTimer(node.Timer{Kind: event.TimerTick})
	for len(l.handlers) > 0 {
		l.handlers[len(l.handlers)-1].close(o, "")
	}
	if l.zks != nil {
		stopServer(o, l.p, l.zks)
	}
}

// Accepted takes a learner's connection. (Leader.LearnerCnxAcceptor)
func (l *Leader) Accepted(o *node.Out, in *node.Input) {
	h := &LearnerHandler{l: l, conn: in.Conn, peer: in.Peer,
		deadline: l.tick + l.cfg.InitLimit + l.cfg.SyncLimit}
	l.handlers = append(l.handlers, h)
	h.armReadTimeout(o, l.cfg.InitLimit)
}

// Received gives a packet to the handler of its connection.
func (l *Leader) Received(o *node.Out, in *node.Input) {
	if l.phase == leaderEnded {
		return
	}
	if h := l.handler(in.Conn); h != nil {
		h.receive(o, in.Msg.(*jute.QuorumPacket))
	}
}

// Closed tells the handler that its learner is gone.
func (l *Leader) Closed(o *node.Out, in *node.Input) {
	if h := l.handler(in.Conn); h != nil && l.phase != leaderEnded {
		h.close(o, "connection closed by the learner")
	}
}

func (l *Leader) handler(c node.ConnID) *LearnerHandler {
	for _, h := range l.handlers {
		if h.conn == c {
			return h
		}
	}
	return nil
}

// Fired handles the leader's timers; it reports whether the timer was its own.
func (l *Leader) Fired(o *node.Out, t node.Timer) bool {
	if l.phase == leaderEnded {
		return false
	}
	switch t.Kind {
	case event.TimerLeaderWait:
		if !l.waitsForDisk() {
			l.giveUp(o, "no quorum within initLimit while "+l.phase.String())
		}
	case event.TimerTick:
		l.halfTick(o)
	case event.TimerReadTimeout:
		if h := l.handler(node.ConnID(t.N)); h != nil {
			h.readTimeout(o)
		}
	case event.TimerHandler:
		if h := l.handler(node.ConnID(t.N)); h != nil {
			h.waited(o)
		}
	default:
		return false
	}
	return true
}

// waitsForDisk reports whether the quorum of the current wait is there and only the epoch file is
// not written yet: the monitor is held meanwhile, and no limit counts.
func (l *Leader) waitsForDisk() bool {
	return l.phase == waitingForEpoch && l.epochChosen ||
		l.phase == waitingForEpochAck && l.electionFinished
}

func (p leaderPhase) String() string {
	return [...]string{"waiting for followers", "waiting for ACKEPOCH",
		"waiting for NEWLEADER acknowledgements", "leading", "ended"}[p]
}

// Visible fills in the leader's part of the visible state.
func (l *Leader) Visible(s *node.State) {
	s.Maps[event.Learners] = map[node.Value][]node.Value{}
	for _, h := range l.handlers {
		if h.shown != "" {
			s.Maps[event.Learners][node.Int(int64(h.peer))] = []node.Value{node.Text(h.shown)}
		}
	}
	s.Maps[event.Outstanding] = map[node.Value][]node.Value{}
	for _, p := range l.outstanding.after(0) {
		v := node.Text("")
		if len(p.acks.Acks()) > 0 {
			v = event.SIDs(p.acks.Acks())
		}
		s.Maps[event.Outstanding][node.Zxid(int64(p.zxid()))] = []node.Value{v}
	}
	if l.lastCommitted > l.newLeaderZxid {
		s.Scalars[event.LogCommitted] = []node.Value{node.Zxid(int64(l.lastCommitted))}
	}
}
