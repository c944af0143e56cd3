package peer

import (
	"zabscope/engine/election"
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/server"
	"zabscope/engine/storage"
	"zabscope/engine/zab"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Config is one server's configuration.
type Config struct {
	SID        zk.SID
	Type       zk.LearnerType
	Membership *zk.Membership
	Zoo        zk.Config
	Options    zk.Options
	WallBase   int64 // wall clock at virtual time 0, milliseconds since 1970
}

// Peer is one server. (org.apache.zookeeper.server.quorum.QuorumPeer)
type Peer struct {
	cfg         Config
	rand        *node.Rand
	out         node.Out
	incarnation uint16
	nextConn    uint32
	nextToken   node.Token
	waits       []diskWait

	verifier    quorum.Verifier // the committed configuration
	lastSeen    quorum.Verifier // the configuration last proposed or heard of
	learnerType zk.LearnerType  // the role that verifier gives
	configErr   error           // why the configuration allows no start
	db          *storage.ZKDatabase
	fle         *election.FastLeaderElection
	started     bool // both epoch files are on disk: the election may begin

	state      zk.ServerState
	zabState   zk.ZabState
	syncMode   zk.SyncMode
	phaseShown bool
	vote       zk.Vote
	leader     *zab.Leader  // in state LEADING
	learner    *zab.Learner // in state FOLLOWING or OBSERVING
	ending     ended        // the role before, until the server is LOOKING
	roleEnded  bool
	generation int  // counts roles, so that a late fsync does not wake the next one
	pause      bool // an observer rests before it looks again
	blocked    int  // fsyncs that the main thread waits for
	exited     bool

	reconfigFlag bool // a reconfig was activated that decides what the peer is to be next
}

// ended is a role that was shut down, until the server is LOOKING: first its log thread writes what it
// was handed, then an observer rests.
type ended struct {
	zks     *server.ZooKeeperServer // nil: there is none
	leader  *zab.Leader
	learner *zab.Learner
	flushed bool
}

// New returns a server whose process has not started. The disk is its own, as it was left.
func New(cfg Config, disk node.Disk, rand *node.Rand) *Peer {
	p := &Peer{cfg: cfg, rand: rand}
	p.readConfig(disk)
	p.db = storage.New(disk, cfg.Zoo, cfg.Options, func() *zk.Membership {
		return p.verifier.Membership()
	})
	p.fle = election.New(p, cfg.Zoo, cfg.Options, p.NewConn)
	return p
}

// SetTracing tells whether anybody records what the server says.
func (p *Peer) SetTracing(on bool) { p.out.Tracing = on }

// Step implements node.Machine.
func (p *Peer) Step(in node.Input, buf []node.Effect) []node.Effect {
	o := &p.out
	o.Begin(in.Now, buf)
	if !p.exited {
		p.input(o, &in)
		p.settle(o)
	}
	return o.End()
}

func (p *Peer) input(o *node.Out, in *node.Input) {
	switch in.Kind {
	case node.Start:
		p.start(o, in.Incarnation)
	case node.Connected, node.DialFailed, node.Accepted, node.Received, node.Closed:
		switch in.Port {
		case zk.ElectionPort:
			p.electionInput(o, in)
		case zk.QuorumPort:
			p.quorumInput(o, in)
		case zk.ClientPort:
			p.clientInput(o, in)
		}
	case node.Fired:
		p.fired(o, in)
	case node.Synced:
		p.synced(o, in.Token)
	case node.SyncFailed:
		p.syncFailed(o, in.Token, in.Reason)
	}
}

func (p *Peer) electionInput(o *node.Out, in *node.Input) {
	switch in.Kind {
	case node.Connected:
		p.fle.Connected(o, in)
	case node.DialFailed:
		p.fle.DialFailed(o, in)
	case node.Accepted:
		p.fle.Accepted(o, in)
	case node.Received:
		p.fle.Received(o, in)
	case node.Closed:
		p.fle.Closed(o, in)
	}
}

// quorumInput goes to the leader for connections that learners opened, else to the learner. What
// arrives for a role that has ended finds nobody.
func (p *Peer) quorumInput(o *node.Out, in *node.Input) {
	switch {
	case in.Kind == node.Accepted && p.leader == nil:
		o.Close(in.Conn)
	case in.Kind == node.Accepted:
		p.leader.Accepted(o, in)
	case in.Kind == node.Connected && p.learner != nil:
		p.learner.Connected(o, in)
	case in.Kind == node.DialFailed && p.learner != nil:
		p.learner.DialFailed(o, in)
	case in.Kind == node.Received && p.leader != nil:
		p.leader.Received(o, in)
	case in.Kind == node.Received && p.learner != nil:
		p.learner.Received(o, in)
	case in.Kind == node.Closed && p.leader != nil:
		p.leader.Closed(o, in)
	case in.Kind == node.Closed && p.learner != nil:
		p.learner.Closed(o, in)
	}
}

// clientInput goes to the server of the role; without one that was started the connection is closed
// at the first message. (NIOServerCnxn.readPayload: "ZooKeeperServer not running")
func (p *Peer) clientInput(o *node.Out, in *node.Input) {
	zks := p.zks()
	if zks == nil || !zks.CanShutdown() {
		if in.Kind == node.Received {
			o.Close(in.Conn)
		}
		return
	}
	switch in.Kind {
	case node.Accepted:
		zks.Accepted(o, in)
	case node.Received:
		zks.Received(o, in)
	case node.Closed:
		zks.Closed(o, in)
	}
}

func (p *Peer) fired(o *node.Out, in *node.Input) {
	switch k := in.Timer.Kind; {
	case k == event.TimerFLE || k == event.TimerFinalize:
		p.fle.Fired(o, in)
	case k == event.TimerObserver:
		p.afterRole(o)
	case p.zks() != nil && p.zks().Fired(o, in):
	case p.leader != nil:
		p.leader.Fired(o, in.Timer)
	case p.learner != nil:
		p.learner.Fired(o, in.Timer)
	}
}

// zks is the request pipeline of the role under way, nil without one.
func (p *Peer) zks() *server.ZooKeeperServer {
	switch {
	case p.leader != nil:
		return p.leader.Server()
	case p.learner != nil:
		return p.learner.Server()
	}
	return nil
}
