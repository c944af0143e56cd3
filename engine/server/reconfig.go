package server

import (
	"errors"

	"zabscope/engine/datatree"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Ensemble is the leader as Prep asks it when the members of the ensemble are to be changed,
// implemented by zab.Leader. (LeaderZooKeeperServer.self and getLeader)
type Ensemble interface {
	// Membership is the committed configuration. (QuorumPeer.getQuorumVerifier)
	Membership() *zk.Membership
	// LastSeenMembership is the configuration last proposed.
	// (QuorumPeer.getLastSeenQuorumVerifier)
	LastSeenMembership() *zk.Membership
	// Synced lists the voters of m that are connected and within syncLimit, the leader among them
	// if it votes, and reports whether they are a quorum of m. (Leader.isQuorumSynced)
	Synced(m *zk.Membership) (servers []zk.SID, quorum bool)
	// SetLastSeen makes m the configuration last seen and goes on when that is on disk; it drops
	// then if the leader has resigned meanwhile. (QuorumPeer.setLastSeenQuorumVerifier)
	SetLastSeen(o *node.Out, m *zk.Membership, then func(*node.Out))
}

// SetEnsemble lets the server change the ensemble; without one reconfig is not implemented, as at a
// standalone server.
func (s *ZooKeeperServer) SetEnsemble(e Ensemble) { s.ensemble = e }

// InitConfigNode writes the committed configuration into /zookeeper/config and tells the clients
// that watch it. (QuorumPeer.initConfigInZKDatabase)
func (s *ZooKeeperServer) InitConfigNode(o *node.Out) {
	s.fire(o, zk.Zxid(s.db.Membership().Version), s.db.InitConfigNode(o))
}

// prepReconfig decides whether a reconfig may be proposed; its version will be the transaction's
// zxid. (PrepRequestProcessor.pRequest2Txn, case reconfig)
func (s *ZooKeeperServer) prepReconfig(o *node.Out, r *Request, hdr *zk.Txn, op *zk.Request,
	x *zk.Txn) zk.ErrorCode {
	e := o.Event(event.ReconfigJudged).Leads()
	m, err := s.judgeReconfig(e, r, op)
	e.With(node.Text(op.Joining), node.Text(op.Leaving), node.Text(op.NewMembers),
		node.Text(err.Error()))
	if err != zk.ErrOK {
		return err
	}
	r.members = m.WithVersion(int64(hdr.Zxid))
	x.Path, x.Data, x.Version = datatree.ConfigPath, []byte(r.members.Text()), -1
	if n, ok := s.changes.record(datatree.ConfigPath); ok {
		n.zxid, n.data = hdr.Zxid, x.Data
		n.stat.Version, n.stat.Mtime, n.stat.Mzxid = -1, hdr.Time, hdr.Zxid
		s.changes.update(n)
	}
	return zk.ErrOK
}

// judgeReconfig asks in this order: is it switched on, may the session ask, is the server a leader,
// is another configuration under way, is the one asked about the last, do the members make sense,
// would enough vote, is a quorum of them level, may the client write the node.
func (s *ZooKeeperServer) judgeReconfig(e *node.Event, r *Request,
	op *zk.Request) (*zk.Membership, zk.ErrorCode) {
	if !asked(e, event.ReconfigIsEnabled, s.cfg.ReconfigEnabled) {
		return nil, zk.ErrReconfigDisabled
	}
	if err := s.leader.checkSession(r.Session, r.Owner); err != zk.ErrOK {
		return nil, err
	}
	if s.ensemble == nil {
		return nil, zk.ErrUnimplemented
	}
	committed, last := s.ensemble.Membership(), s.ensemble.LastSeenMembership()
	a, b := node.Zxid(last.Version), node.Zxid(committed.Version)
	if !asked(e, event.NoReconfigPending, last.Version == committed.Version, a, b) {
		return nil, zk.ErrReconfigInProgress
	}
	if id := op.CurConfigID; id != -1 &&
		!asked(e, event.ConfigIdMatches, id == last.Version, node.Zxid(id), a) {
		return nil, zk.ErrBadVersion
	}
	m, err := s.newMembers(e, last, op)
	if err == zk.ErrOK {
		err = s.judgeMembers(e, r, m)
	}
	return m, err
}

// newMembers makes the new configuration out of the last one and the request.
func (s *ZooKeeperServer) newMembers(e *node.Event, last *zk.Membership,
	op *zk.Request) (m *zk.Membership, code zk.ErrorCode) {
	var err error
	if op.NewMembers != "" {
		m, err = zk.ReplaceMembers(op.NewMembers, s.cfg.StandaloneEnabled)
	} else {
		if !asked(e, event.QuorumsAreMajority, last.Groups == nil) {
			return nil, zk.ErrBadArguments
		}
		m, err = last.Change(op.Joining, op.Leaving)
	}
	if err == nil {
		asked(e, event.MembersMakeSense, true, node.Text(""))
		return m, zk.ErrOK
	}
	asked(e, event.MembersMakeSense, false, node.Text(err.Error()))
	var bad *zk.ConfigError
	if errors.As(err, &bad) && bad.Unchecked {
		return nil, zk.ErrMarshallingError
	}
	return nil, zk.ErrBadArguments
}

// judgeMembers asks whether the new configuration could work, and whether the client may have it.
func (s *ZooKeeperServer) judgeMembers(e *node.Event, r *Request, m *zk.Membership) zk.ErrorCode {
	voters, least := len(m.Voters()), 1
	if s.cfg.StandaloneEnabled {
		least = 2
	}
	if !asked(e, event.EnoughVoters, voters >= least, node.Int(int64(voters)),
		node.Int(int64(least))) {
		return zk.ErrBadArguments
	}
	servers, quorum := s.ensemble.Synced(m)
	if !asked(e, event.NewConfigIsSynced, quorum, event.SIDs(servers),
		node.Int(int64(len(servers))), node.Int(int64(voters))) {
		return zk.ErrNewConfigNoQuorum
	}
	n, _ := s.changes.record(datatree.ConfigPath)
	err := s.checkACL(n.acl, zk.PermWrite, r.Auth)
	asked(e, event.MayWriteConfig, err == zk.ErrOK)
	e.Decides()
	return err
}

// asked adds a question to the decision; an answer of no settles it.
func asked(e *node.Event, c node.CheckCode, answer bool, values ...node.Value) bool {
	e.Check(c, answer, values...)
	if !answer {
		e.Decides()
	}
	return answer
}

// seeMembers proposes a reconfig. Prep does nothing else until this server has the new
// configuration on disk: the reconfig itself and all that follows need a quorum of it.
// (Leader.propose, which blocks ProposalRequestProcessor and with it PrepRequestProcessor)
func (s *ZooKeeperServer) seeMembers(o *node.Out, r *Request) {
	s.prepBlocked = true
	s.ensemble.SetLastSeen(o, r.members, func(o *node.Out) {
		s.prepBlocked = false
		s.propose(o, r)
		for s.submitted.len() > 0 && !s.prepBlocked {
			s.prepare(o, s.submitted.pop())
		}
	})
}
