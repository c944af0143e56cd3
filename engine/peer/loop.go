package peer

import (
	"zabscope/engine/node"
	"zabscope/engine/quorum"
	"zabscope/engine/server"
	"zabscope/engine/storage"
	"zabscope/engine/zab"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// observerDelayMillis bounds the random pause before an observer looks for a leader again.
// (Observer.waitForObserverElectionDelay, zookeeper.observer.election.DelayMs)
const observerDelayMillis = 200

// start is QuorumPeer.start: read the database, check the epoch files, open the client and the
// election port, look for a leader.
func (p *Peer) start(o *node.Out, incarnation uint16) {
	p.incarnation = incarnation
	if err := p.configErr; err != nil {
		// Before it has looked at its log it does not know how much of that is durable.
		p.refuseStart(o, err).Set(event.LogDurable)
		return
	}
	if err := p.db.Load(o); err != nil {
		p.refuseStart(o, err)
		return
	}
	e, unfinished, err := p.db.UnfinishedEpoch()
	switch {
	case err != nil:
		p.refuseStart(o, err)
	case unfinished:
		p.writeEpoch(o, storage.CurrentEpochFile, e, p.checkEpochs)
	default:
		p.checkEpochs(o)
	}
}

// checkEpochs goes on with the start if the epoch files allow it.
func (p *Peer) checkEpochs(o *node.Out) {
	if err := p.db.CheckEpochs(); err != nil {
		p.refuseStart(o, err)
		return
	}
	o.Listen(zk.ClientPort)
	if !p.cfg.Options.RepairStartSync {
		p.createEpochFiles(o, p.startElection)
		return
	}
	p.await(o, p.db.Files(), func(o *node.Out) { p.createEpochFiles(o, p.startElection) },
		func(o *node.Out, reason string) { p.Exit(o, "fsync failed: "+reason) })
}

// startElection is the rest of QuorumPeer.start.
func (p *Peer) startElection(o *node.Out) {
	p.started = true
	p.showConfig(o)
	p.vote = p.ownVote()
	p.fle.Start(o)
	p.look(o)
}

// ownVote names this server itself, as long as it has elected nobody.
// (QuorumPeer.startLeaderElection)
func (p *Peer) ownVote() zk.Vote {
	return zk.Vote{Leader: p.cfg.SID, Zxid: p.LastLoggedZxid(), ElectionEpoch: -1,
		PeerEpoch: p.CurrentEpoch()}
}

func (p *Peer) refuseStart(o *node.Out, err error) *node.Event {
	e := o.Event(event.StartRefused).With(node.Text(err.Error())).Leads()
	p.db.TellLog(e)
	p.Exit(o, err.Error())
	return e
}

// look enters LOOKING. (QuorumPeer.run, case LOOKING)
func (p *Peer) look(o *node.Out) {
	p.reconfigFlag = false
	p.ending = ended{}
	p.setState(o, zk.Looking)
	p.SetZabState(o, zk.Election)
	p.fle.LookForLeader(o)
}

// settle does what follows from the step just taken: it ends a role that gave up and begins the one
// that the election found. A main thread that waits for its disk does neither yet.
// (QuorumPeer.run)
func (p *Peer) settle(o *node.Out) {
	for p.started && !p.exited && p.blocked == 0 {
		switch {
		case p.ending.zks != nil && !p.ending.flushed:
			if !p.ending.zks.Flushed() {
				return
			}
			p.roleGone(o)
		case p.roleEnded:
			p.endRole(o)
		case p.state != zk.Looking && p.leader == nil && p.learner == nil && !p.pause:
			p.beginRole(o)
		default:
			return
		}
	}
}

func (p *Peer) beginRole(o *node.Out) {
	if p.state == zk.Leading {
		p.leader = zab.NewLeader(p)
		p.leader.Lead(o)
		return
	}
	p.learner = zab.NewLearner(p, p.state == zk.Observing)
	p.learner.Follow(o)
}

// endRole shuts the role down. The main thread waits until the log thread has flushed what it was
// handed, so that the next vote speaks of nothing that a loss of power could take back.
//
// That is so for a leader of every release, and for a learner since ZOOKEEPER-4712: 3.8.0 does not
// stop a learner's log thread, since Learner.shutdown calls a form of shutdown that
// LearnerZooKeeperServer does not override. The memory is moved on, and the next vote is made, while that
// thread may still write (ZOOKEEPER-4541). This engine has the later behaviour only.
// (SyncRequestProcessor.shutdown, LearnerZooKeeperServer.shutdown)
func (p *Peer) endRole(o *node.Out) {
	p.roleEnded = false
	p.generation++
	p.ending = ended{zks: p.zks(), leader: p.leader, learner: p.learner}
	if l := p.leader; l != nil {
		l.Shutdown(o)
	}
	if l := p.learner; l != nil {
		l.Shutdown(o)
	}
	p.leader, p.learner = nil, nil
	if p.ending.zks == nil && !p.exited {
		p.roleGone(o)
	}
}

// roleGone looks for a leader again.
func (p *Peer) roleGone(o *node.Out) {
	p.ending.flushed = true
	if p.state == zk.Observing {
		p.pause = true
		delay := p.rand.Intn(observerDelayMillis)
		o.SetTimer(node.Timer{Kind: event.TimerObserver}, o.Now+node.Time(delay)*node.Millisecond)
		return
	}
	p.afterRole(o)
}

// setState is QuorumPeer.setPeerState. Leaving a role clears what only that role shows.
func (p *Peer) setState(o *node.Out, s zk.ServerState) {
	p.pause = false
	e := o.Event(event.StateChanged).With(node.Text(p.state.String()), node.Text(s.String()))
	left := p.state != zk.Looking
	p.state = s
	e.Set(event.State, node.Text(s.String())).Leads()
	if left || s == zk.Looking {
		e.DropAll(event.Learners).DropAll(event.Outstanding).DropAll(event.Watches)
		e.Set(event.Leader).Set(event.LogCommitted)
	}
}

// Elected takes the result of lookForLeader. (election.Peer)
func (p *Peer) Elected(o *node.Out, v zk.Vote, state zk.ServerState) {
	p.vote = v
	p.setState(o, state)
}

// HeardLooking is of use only to a leader with maxTimeToWaitForEpoch, which is off by default.
// (election.Peer)
func (p *Peer) HeardLooking(*node.Out, zk.SID) {}

// SID is the server's id. (QuorumPeer.getMyId)
func (p *Peer) SID() zk.SID { return p.cfg.SID }

// State is the server's role. (QuorumPeer.getPeerState)
func (p *Peer) State() zk.ServerState { return p.state }

// LearnerType is the role that the configuration gives. (QuorumPeer.getLearnerType)
func (p *Peer) LearnerType() zk.LearnerType { return p.learnerType }

// CurrentVote is the vote last elected. (QuorumPeer.getCurrentVote; election.Peer)
func (p *Peer) CurrentVote() zk.Vote { return p.vote }

// Vote is the same to the roles. (zab.Peer)
func (p *Peer) Vote() zk.Vote { return p.vote }

// LastLoggedZxid loads the database if it was cleared. (QuorumPeer.getLastLoggedZxid)
func (p *Peer) LastLoggedZxid() zk.Zxid {
	if !p.db.Initialized() {
		if err := p.db.Load(&p.out); err != nil {
			return zk.NoZxid
		}
	}
	return p.db.LastProcessed()
}

// Verifier is the committed configuration. (QuorumPeer.getQuorumVerifier)
func (p *Peer) Verifier() quorum.Verifier { return p.verifier }

// LastSeenVerifier is the configuration last proposed; static ensembles know one only.
// (QuorumPeer.getLastSeenQuorumVerifier)
func (p *Peer) LastSeenVerifier() quorum.Verifier { return p.lastSeen }

// Config is the server's zoo.cfg. (zab.Peer)
func (p *Peer) Config() *zk.Config { return &p.cfg.Zoo }

// Options is the behaviour asked for. (zab.Peer)
func (p *Peer) Options() *zk.Options { return &p.cfg.Options }

// DB is the server's database. (zab.Peer)
func (p *Peer) DB() *storage.ZKDatabase { return p.db }

// NewServer makes a role's request pipeline. (zab.Peer)
func (p *Peer) NewServer(kind server.Kind, up server.Upstream) *server.ZooKeeperServer {
	return server.New(kind, p.cfg.SID, p.db, p.cfg.Zoo, p.cfg.Options, up, p.rand, p.newToken,
		func(now node.Time) int64 { return p.cfg.WallBase + int64(now/node.Millisecond) })
}

// SetZabState shows the phase. (QuorumPeer.setZabState)
func (p *Peer) SetZabState(o *node.Out, s zk.ZabState) {
	if p.zabState != s {
		p.zabState = s
		p.showPhase(o, zk.SyncNone)
	}
}

// SetSyncMode shows how this learner is being synchronized. (QuorumPeer.setSyncMode)
func (p *Peer) SetSyncMode(o *node.Out, m zk.SyncMode) {
	if p.syncMode != m {
		was := p.syncMode
		p.syncMode = m
		p.showPhase(o, was)
	}
}

// SyncMode is how this learner is being synchronized. (QuorumPeer.getSyncMode)
func (p *Peer) SyncMode() zk.SyncMode { return p.syncMode }

// showPhase shows the phase and how this learner is being synchronized; over is the way that has
// ended with this, which begins no new phase.
func (p *Peer) showPhase(o *node.Out, over zk.SyncMode) {
	p.phaseShown = true
	a, b := node.Text(p.zabState.String()), node.Text(p.syncMode.String())
	o.Event(event.PhaseChanged).With(a, b, node.Text(over.String())).Set(event.Phase, a, b)
}

// UpdateElectionVote raises the peerEpoch that late joiners are told (ZOOKEEPER-1732, 1805).
// (QuorumPeer.updateElectionVote)
func (p *Peer) UpdateElectionVote(o *node.Out, e zk.Epoch) {
	p.vote.PeerEpoch = e
	ev := o.Event(event.ElectionVoteUpdated).With(node.Int(int64(e)))
	p.fle.CurrentVoteIs(ev, p.vote)
}

// NewConn names a connection. (zab.Peer)
func (p *Peer) NewConn() node.ConnID {
	p.nextConn++
	return node.MakeConn(node.ID(p.cfg.SID), p.incarnation, p.nextConn)
}

// RoleEnded notes that the role gave up; the step under way shuts it down at its end. (zab.Peer)
func (p *Peer) RoleEnded(*node.Out) { p.roleEnded = true }

// Exit ends the process, once. (zab.Peer)
func (p *Peer) Exit(o *node.Out, reason string) {
	if !p.exited {
		p.exited = true
		o.Exit(reason)
	}
}
