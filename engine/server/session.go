package server

import (
	"maps"
	"slices"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// sessionTracker knows which sessions are alive. Times are milliseconds since the start of the run.
// The timeouts of the sessions that the tree knows are the database's.
// (org.apache.zookeeper.server.SessionTracker)
type sessionTracker interface {
	// createSession makes the id of a new session.
	createSession(now int64, timeout int32) int64
	// commitSession notes that the createSession transaction of a session was applied.
	commitSession(id int64, timeout int32)
	// removeSession notes that its closeSession transaction was applied.
	removeSession(id int64)
	// touchSession keeps a session alive; false says that it is gone or going.
	touchSession(now int64, id int64, timeout int32) bool
}

// leaderTracker decides when sessions expire. (SessionTrackerImpl, LeaderSessionTracker)
//
// Only a leader decides that, for all servers; its decision is a transaction like every other. It
// starts from the sessions of its database and knows nothing of their last touches, so a change of
// leaders gives every session its whole timeout once more.
type leaderTracker struct {
	sessions map[int64]*trackedSession
	queue    expiryQueue
	nextID   int64
	armed    int64 // time of the timer, 0 for none
	alone    bool  // of a standalone server, which tells a session it does not know from an expired one
}

// newLeaderTracker gives every session its whole timeout anew. (SessionTrackerImpl constructor)
func newLeaderTracker(now, tick int64, sid zk.SID, known map[int64]int32) *leaderTracker {
	t := &leaderTracker{sessions: map[int64]*trackedSession{}, queue: newExpiryQueue(tick),
		nextID: jute.InitialSessionID(now, sid)}
	for _, id := range slices.Sorted(maps.Keys(known)) {
		t.trackSession(now, id, known[id])
	}
	return t
}

// createSession tracks the session at once: it expires also when its transaction never commits.
func (t *leaderTracker) createSession(now int64, timeout int32) int64 {
	id := t.nextID
	t.nextID++
	t.trackSession(now, id, timeout)
	return id
}

// trackSession begins to watch a session, or touches one that is watched.
// (SessionTrackerImpl.trackSession)
func (t *leaderTracker) trackSession(now, id int64, timeout int32) {
	s := t.sessions[id]
	if s == nil {
		s = &trackedSession{id: id, timeout: timeout, owner: noOwner}
		t.sessions[id] = s
	}
	s.lastTouch = now
	t.queue.update(s, now, timeout)
}

// commitSession has nothing to add: the session is tracked since it was prepared, and its timeout
// is the database's.
func (t *leaderTracker) commitSession(int64, int32) {}

// removeSession forgets the session and with it who owned it.
func (t *leaderTracker) removeSession(id int64) {
	if s := t.sessions[id]; s != nil {
		t.queue.remove(s)
		delete(t.sessions, id)
	}
}

// touchSession moves the session to a later bucket, which in most cases is the one it is in.
func (t *leaderTracker) touchSession(now int64, id int64, timeout int32) bool {
	s := t.sessions[id]
	if s == nil || s.closing {
		return false
	}
	s.lastTouch = now
	t.queue.update(s, now, timeout)
	return true
}

// setSessionClosing marks a session that must not be used any more.
// (SessionTrackerImpl.setSessionClosing)
func (t *leaderTracker) setSessionClosing(id int64) {
	if s := t.sessions[id]; s != nil {
		s.closing = true
	}
}

// checkSession asks whether a request of the session may come through owner; who comes first owns
// a session that nobody has claimed. A leader takes a session that it does not know for expired; a
// standalone server says what it is.
// (SessionTrackerImpl.checkSession, LeaderSessionTracker.checkSession)
func (t *leaderTracker) checkSession(id int64, owner zk.SID) zk.ErrorCode {
	s := t.sessions[id]
	switch {
	case s == nil && t.alone:
		return zk.ErrUnknownSession
	case s == nil || s.closing:
		return zk.ErrSessionExpired
	case s.owner == noOwner:
		s.owner = owner
	case s.owner != owner:
		return zk.ErrSessionMoved
	}
	return zk.ErrOK
}

// checkGlobalSession is checkSession for an ephemeral node: an unknown session is expired everywhere.
// (SessionTracker.checkGlobalSession)
func (t *leaderTracker) checkGlobalSession(id int64, owner zk.SID) zk.ErrorCode {
	err := t.checkSession(id, owner)
	if err == zk.ErrUnknownSession {
		return zk.ErrSessionExpired
	}
	return err
}

// setOwner says through whom the session's requests come from now on; false if there is no such
// session any more. (SessionTrackerImpl.setOwner)
func (t *leaderTracker) setOwner(id int64, owner zk.SID) bool {
	s := t.sessions[id]
	if s == nil || s.closing {
		return false
	}
	s.owner = owner
	return true
}

// learnerTracker only remembers who was heard of, until the leader's next PING asks.
// (LearnerSessionTracker)
type learnerTracker struct {
	nextID  int64
	touches map[int64]int32
	round   uint64 // number of the touch table, from 1
}

// newLearnerTracker starts with an empty touch table: the leader knows the sessions itself.
func newLearnerTracker(now int64, sid zk.SID) *learnerTracker {
	return &learnerTracker{nextID: jute.InitialSessionID(now, sid), touches: map[int64]int32{},
		round: 1}
}

// createSession makes an id that no other server makes, so that nobody need be asked.
func (t *learnerTracker) createSession(int64, int32) int64 {
	t.nextID++
	return t.nextID - 1
}

// commitSession counts as a touch, on every learner: the leader hears of a new session from all.
func (t *learnerTracker) commitSession(id int64, timeout int32) { t.touches[id] = timeout }

// removeSession keeps the leader from hearing of a session that it has closed.
func (t *learnerTracker) removeSession(id int64) { delete(t.touches, id) }

// touchSession cannot fail: only the leader knows which sessions are alive.
func (t *learnerTracker) touchSession(_ int64, id int64, timeout int32) bool {
	t.touches[id] = timeout
	return true
}

// snapshot hands out the touch table in order of sessions and begins a new one.
// (LearnerSessionTracker.snapshot)
func (t *learnerTracker) snapshot() []jute.Touch {
	out := make([]jute.Touch, 0, len(t.touches))
	for _, id := range slices.Sorted(maps.Keys(t.touches)) {
		out = append(out, jute.Touch{Session: id, Timeout: t.touches[id]})
	}
	clear(t.touches)
	t.round++
	return out
}

// armSessionTimer sets the timer to the earliest bucket, unless it will fire before.
// (ExpiryQueue.getWaitTime)
func (s *ZooKeeperServer) armSessionTimer(o *node.Out) {
	t := s.leader
	if t == nil {
		return
	}
	if at, ok := t.queue.next(); ok && (t.armed == 0 || at < t.armed) {
		t.armed = at
		o.SetTimer(sessionTimer, node.Time(at)*node.Millisecond)
	}
}

// expireSessions closes the sessions whose time has come. (SessionTrackerImpl.run)
func (s *ZooKeeperServer) expireSessions(o *node.Out) {
	s.leader.armed = 0
	for _, x := range s.leader.queue.poll(millis(o.Now)) {
		s.expire(o, x)
	}
	s.armSessionTimer(o)
}

// expire closes a session in the name of nobody: the end of a session is a transaction as every
// other. (ZooKeeperServer.expire)
func (s *ZooKeeperServer) expire(o *node.Out, x *trackedSession) {
	if o.Tracing {
		id, idle := node.Int(x.id), node.Int(millis(o.Now)-x.lastTouch)
		o.Event(event.SessionExpiring).With(id, node.Int(int64(x.timeout)), node.Int(x.lastTouch)).
			Check(event.SessionIsTouched, false, id, idle).Decides().Leads()
	}
	s.submitRequest(o, &Request{Session: x.id, Owner: noOwner,
		Op: &zk.Request{Type: zk.OpCloseSession}})
}
