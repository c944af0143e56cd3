package peer

import (
	"zabscope/engine/node"
	"zabscope/engine/server"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Server is a server process of either kind: a Peer of an ensemble, or a Standalone.
type Server interface {
	node.Machine
	// SetTracing tells whether anybody records what the server says.
	SetTracing(on bool)
	// Status answers as the four-letter word srvr would.
	Status() Status
}

// Main makes the process that a configuration asks for, not yet started.
// (QuorumPeerMain.initializeAndRun)
func Main(cfg Config, disk node.Disk, rand *node.Rand) Server {
	if isDistributed(&cfg) {
		return New(cfg, disk, rand)
	}
	return NewStandalone(cfg, disk, rand)
}

// isDistributed reports whether the server is one of an ensemble: it always is, unless
// standaloneEnabled lets a lone voter do without one. (QuorumPeerConfig.isDistributed)
func isDistributed(cfg *Config) bool {
	return !cfg.Zoo.StandaloneEnabled || len(cfg.Membership.Voters()) > 1
}

// StandaloneState is what the field State of the visible state says of a server without an
// ensemble; QuorumPeer.ServerState has no word for it.
const StandaloneState = "STANDALONE"

// Standalone is a server without an ensemble. Nobody else has its data: it has no epochs, logs
// every transaction under epoch 0, and answers as soon as its own disk has it.
// (org.apache.zookeeper.server.ZooKeeperServerMain)
type Standalone struct {
	cfg   Config
	rand  *node.Rand
	out   node.Out
	token node.Token
	db    *storage.ZKDatabase
	zks   *server.ZooKeeperServer // nil before the start

	starting node.Token // an fsync that the start waits for; 0: none
	started  bool       // it serves, or did
}

// standaloneID is the server id that session ids begin with.
// (ZooKeeperServer.createSessionTrackerServerId)
const standaloneID = 1

// NewStandalone returns a server whose process has not started. The disk is its own, as it was
// left.
func NewStandalone(cfg Config, disk node.Disk, rand *node.Rand) *Standalone {
	none := func() *zk.Membership { return nil }
	return &Standalone{cfg: cfg, rand: rand, db: storage.New(disk, cfg.Zoo, cfg.Options, none)}
}

// SetTracing tells whether anybody records what the server says.
func (s *Standalone) SetTracing(on bool) { s.out.Tracing = on }

// Step implements node.Machine.
func (s *Standalone) Step(in node.Input, buf []node.Effect) []node.Effect {
	o := &s.out
	o.Begin(in.Now, buf)
	if in.Kind == node.Start {
		s.start(o)
	} else if s.zks != nil {
		s.input(o, &in)
	}
	return o.End()
}

// start reads the database and serves, without asking anybody.
// (ZooKeeperServerMain.runFromConfig, ServerCnxnFactory.startup)
func (s *Standalone) start(o *node.Out) {
	zks := server.New(server.StandaloneServer, standaloneID, s.db, s.cfg.Zoo, s.cfg.Options, nil,
		s.rand, s.newToken, s.wallClock)
	if err := zks.LoadData(o); err != nil {
		o.Event(event.StartRefused).With(node.Text(err.Error())).Leads()
		o.Exit(err.Error())
		return
	}
	s.zks = zks
	if s.cfg.Options.RepairStartSync {
		s.starting = s.newToken()
		o.Sync(s.starting, s.db.Files()...)
		return
	}
	s.serve(o)
}

func (s *Standalone) serve(o *node.Out) {
	s.starting, s.started = 0, true
	o.Listen(zk.ClientPort)
	o.Event(event.StandaloneStarted).With(node.Zxid(int64(s.db.LastProcessed()))).
		Set(event.State, node.Text(StandaloneState)).Leads()
	s.zks.Startup(o)
}

func (s *Standalone) newToken() node.Token {
	s.token++
	return s.token
}

func (s *Standalone) wallClock(now node.Time) int64 {
	return s.cfg.WallBase + int64(now/node.Millisecond)
}

func (s *Standalone) input(o *node.Out, in *node.Input) {
	switch in.Kind {
	case node.Synced, node.SyncFailed:
		s.synced(o, in)
	case node.Accepted:
		s.zks.Accepted(o, in)
	case node.Received:
		s.zks.Received(o, in)
	case node.Closed:
		s.zks.Closed(o, in)
	case node.Fired:
		s.zks.Fired(o, in)
	}
}

func (s *Standalone) synced(o *node.Out, in *node.Input) {
	switch {
	case in.Kind == node.SyncFailed && in.Token == s.starting:
		o.Exit("fsync failed: " + in.Reason)
	case in.Kind == node.SyncFailed:
		s.zks.SyncFailed(o, in.Token, in.Reason)
	case in.Token == s.starting:
		s.serve(o)
	default:
		s.zks.Synced(o, in.Token)
	}
}

// Status answers as the four-letter word srvr would. (ServerMetrics, SrvrCommand)
func (s *Standalone) Status() Status {
	if s.zks == nil || !s.zks.Running() {
		return Status{Mode: "not-serving"}
	}
	return Status{"standalone", s.db.LastProcessed(), s.db.Tree.NodeCount()}
}

// View implements node.Machine.
func (s *Standalone) View() *node.State {
	v := node.NewState()
	s.db.Visible(v)
	if s.started {
		v.Scalars[event.State] = []node.Value{node.Text(StandaloneState)}
		s.zks.Visible(v)
	}
	return v
}
