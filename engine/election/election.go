package election

import (
	"math"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// minEpoch is the peerEpoch of an observer's vote. (FastLeaderElection.getPeerEpoch)
const minEpoch zk.Epoch = math.MinInt64

// notificationVersion is the format of the messages sent: 2, with the configuration's text.
// (FastLeaderElection.Notification.CURRENTVERSION)
const notificationVersion = 2

// The two timers. Each exists once per server.
var (
	timerFLE      = node.Timer{Kind: event.TimerFLE}
	timerFinalize = node.Timer{Kind: event.TimerFinalize}
)

// FastLeaderElection is the election of one peer during one life of its process, or until a new
// configuration makes the peer build another. The zero value is not usable; see New.
// (org.apache.zookeeper.server.quorum.FastLeaderElection)
type FastLeaderElection struct {
	peer Peer
	cfg  zk.Config
	opt  zk.Options
	qcm  quorumCnxManager

	round    int64   // logicalclock
	proposal zk.Vote // proposedLeader, proposedZxid, proposedEpoch
	queue    []notification
	stopped  bool

	// Of the lookForLeader call under way or, when looking is false, of the last one.
	looking       bool
	waiting       bool  // a quorum agrees: finalizeWait runs
	polled        bool  // the poll began anew in this step
	timeout       int64 // milliseconds until the next NotificationTimedOut
	recvset       ballots
	outOfElection ballots

	tracker   quorum.Tracker
	votersOf  [2]*zk.Membership // what voterList was made of
	voterList []zk.SID
	textOf    *zk.Membership // what text was made of
	text      string

	shown      zk.Vote // field Vote of the visible state
	showsVote  bool    // it was ever set
	everLooked bool    // so were Round and the sets
}

// notification is a message with its sender. (FastLeaderElection.Notification)
type notification struct {
	sid zk.SID
	*jute.Notification
}

// vote is the ballot that the message carries.
func (n *notification) vote() zk.Vote {
	return zk.Vote{Leader: n.Leader, Zxid: n.Zxid, ElectionEpoch: n.Round, PeerEpoch: n.PeerEpoch,
		State: n.State, Version: n.Version}
}

// New returns the election of a peer. Conns names a fresh connection at each call; it is called
// once per Dial. Nothing is sent before Start.
func New(p Peer, cfg zk.Config, opt zk.Options, conns func() node.ConnID) *FastLeaderElection {
	f := &FastLeaderElection{peer: p, cfg: cfg, opt: opt}
	f.qcm.peer, f.qcm.cnxTimeout, f.qcm.conns = p, cfg.CnxTimeout, conns
	return f
}

// Round is the logicalclock: how many rounds this server has taken part in, 0 before the first.
// (FastLeaderElection.getLogicalClock)
func (f *FastLeaderElection) Round() int64 { return f.round }

// Start opens the election port. (QuorumCnxManager.Listener.start)
func (f *FastLeaderElection) Start(o *node.Out) { o.Listen(zk.ElectionPort) }

// Accepted takes a connection that somebody dialled; its initial message decides what becomes of
// it. (QuorumCnxManager.receiveConnection)
func (f *FastLeaderElection) Accepted(o *node.Out, in *node.Input) {
	if f.stopped {
		o.Close(in.Conn)
		return
	}
	f.qcm.accepted(in.Conn)
}

// Connected takes a connection that this server dialled. (QuorumCnxManager.initiateConnection)
func (f *FastLeaderElection) Connected(o *node.Out, in *node.Input) {
	if f.stopped {
		o.Close(in.Conn)
		return
	}
	f.qcm.connected(o, in.Conn)
}

// DialFailed ends an attempt to connect; the next send or time-out makes another.
// (QuorumCnxManager.connectOne)
func (f *FastLeaderElection) DialFailed(_ *node.Out, in *node.Input) { f.qcm.closed(in.Conn) }

// Closed ends a connection. (QuorumCnxManager.RecvWorker.run, at its end)
func (f *FastLeaderElection) Closed(_ *node.Out, in *node.Input) { f.qcm.closed(in.Conn) }

// Received takes a jute.Hello or a jute.Notification. Anything else, and messages on connections
// that were given up, are ignored. (QuorumCnxManager.RecvWorker.run)
func (f *FastLeaderElection) Received(o *node.Out, in *node.Input) {
	if f.stopped {
		return
	}
	f.qcm.received(o, in.Conn, in.Msg)
	f.run(o)
}

// Fired takes the timers event.TimerFLE and event.TimerFinalize.
func (f *FastLeaderElection) Fired(o *node.Out, in *node.Input) {
	if !f.looking {
		return
	}
	switch {
	case in.Timer.Kind == event.TimerFLE && !f.waiting:
		f.timedOut(o)
	case in.Timer.Kind == event.TimerFinalize && f.waiting:
		f.finalize(o)
	}
	f.run(o)
}

// ConnectNewPeers opens connections to members that the configuration last seen has and the committed
// one has not. (QuorumPeer.connectNewPeers)
func (f *FastLeaderElection) ConnectNewPeers(o *node.Out) {
	if !f.stopped {
		f.qcm.connectNew(o)
	}
}

// ShutDown ends the election for good: it closes the port and all connections. A peer that goes on
// needs a new FastLeaderElection, whose rounds start at 1 again; to keep the visible state true, it
// begins the first of them in the same step. (FastLeaderElection.shutdown)
func (f *FastLeaderElection) ShutDown(o *node.Out) {
	if f.stopped {
		return
	}
	f.stopLooking(o)
	f.stopped = true
	o.Unlisten(zk.ElectionPort)
	f.qcm.halt(o)
}

// run goes on until every message is dealt with: the receiver first, then lookForLeader. At the end
// the poll that lookForLeader stands in is armed, if it began anew.
func (f *FastLeaderElection) run(o *node.Out) {
	for !f.stopped {
		if n, ok := f.qcm.pollRecvQueue(); ok {
			f.workerReceiver(o, n)
		} else if f.looking && len(f.queue) > 0 {
			n := f.queue[0]
			f.queue = f.queue[:copy(f.queue, f.queue[1:])]
			f.polled = true
			f.consider(o, &n)
		} else {
			break
		}
	}
	if f.looking && f.polled {
		f.arm(o)
	}
	f.polled = false
}

func (f *FastLeaderElection) arm(o *node.Out) {
	if f.waiting {
		o.SetTimer(timerFinalize, o.Now+node.Time(f.cfg.FinalizeWait)*node.Millisecond)
		return
	}
	o.SetTimer(timerFLE, o.Now+node.Time(f.timeout)*node.Millisecond)
}
