package zab

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// far is a learner, played by the test, at the other end of a connection to the leader.
type far struct {
	r    *rig
	conn node.ConnID
	sid  zk.SID
}

// newLeader is server 1 as leader of the ensemble, with its database loaded; Lead was not called.
func newLeader(t testing.TB, m *zk.Membership) *rig {
	t.Helper()
	r := newRig(t, m)
	r.mustLoad()
	r.leader = NewLeader(r)
	return r
}

// lead calls Lead.
func (r *rig) lead() *rig {
	if r.db == nil {
		r.mustLoad()
	}
	if r.leader == nil {
		r.leader = NewLeader(r)
	}
	r.step(r.leader.Lead)
	return r
}

// dialIn opens a connection from a learner.
func (r *rig) dialIn(sid zk.SID) *far {
	r.conns++
	f := &far{r, node.MakeConn(node.ID(sid), 1, r.conns), sid}
	in := &node.Input{Kind: node.Accepted, Conn: f.conn, Peer: node.ID(sid),
		Port: zk.QuorumPort}
	r.step(func(o *node.Out) { r.leader.Accepted(o, in) })
	return f
}

// says hands packets to the leader, one after the other: "FOLLOWERINFO 0:0, ACKEPOCH 0:0 epoch 0".
func (f *far) says(packets string) *far {
	f.r.t.Helper()
	for _, s := range script(packets) {
		p := read(f.r.t, s)
		p.SID = f.sid
		f.sends(p)
	}
	return f
}

func (f *far) sends(p *jute.QuorumPacket) {
	in := &node.Input{Kind: node.Received, Conn: f.conn, Peer: node.ID(f.sid), Msg: p}
	f.r.step(func(o *node.Out) { f.r.leader.Received(o, in) })
}

// sessionTimeout is that of the sessions asked for, in milliseconds: few tests last so long.
const sessionTimeout = 60000

// asks forwards a client's createSession, which the leader proposes as its next transaction.
func (f *far) asks(session int64) {
	f.sends(&jute.QuorumPacket{Type: zk.REQUEST, Zxid: zk.NoZxid, Session: session,
		Request: &zk.Request{Type: zk.OpCreateSession, Timeout: sessionTimeout}})
}

// hangsUp closes the connection from the learner's side.
func (f *far) hangsUp() {
	in := &node.Input{Kind: node.Closed, Conn: f.conn, Peer: node.ID(f.sid)}
	f.r.step(func(o *node.Out) { f.r.leader.Closed(o, in) })
}

// gets compares what the leader has sent to the learner since the last time; "" for nothing.
func (f *far) gets(want string) *far {
	f.r.t.Helper()
	got := lines(f.r.sent[f.conn])
	delete(f.r.sent, f.conn)
	if got != want {
		f.r.t.Errorf("server %d gets\n\t%s\nwant\n\t%s", f.sid, got, want)
	}
	return f
}

// cutOff wants the leader to have closed the connection; kept wants the contrary.
func (f *far) cutOff() {
	f.r.t.Helper()
	if !f.r.closed[f.conn] {
		f.r.t.Errorf("the leader keeps server %d, want it to close the connection", f.sid)
	}
}

func (f *far) kept() {
	f.r.t.Helper()
	if f.r.closed[f.conn] {
		f.r.t.Errorf("the leader closed the connection of server %d", f.sid)
	}
}

// registers is a learner with an empty history up to its ACKEPOCH.
func (r *rig) registers(sid zk.SID) *far {
	r.t.Helper()
	f := r.dialIn(sid).says("FOLLOWERINFO 0:0")
	r.fsyncAll()
	return f.gets("LEADERINFO 1:0").says("ACKEPOCH 0:0 epoch 0")
}

// joins is a learner with an empty history up to UPTODATE.
func (r *rig) joins(sid zk.SID) *far {
	r.t.Helper()
	f := r.registers(sid)
	r.fsyncAll()
	return f.says("ACK 1:0")
}

// newActive is the leader of three, in its first epoch, in broadcast with server 2.
func newActive(t testing.TB) (*rig, *far) {
	t.Helper()
	r := newLeader(t, voters(3)).lead()
	f := r.joins(2)
	f.gets("DIFF 0:0, NEWLEADER 1:0, UPTODATE")
	r.journal = nil
	return r, f
}

// newFollower is server 1 as follower of server 2, with its database loaded; an observer if the
// ensemble says so.
func newFollower(t testing.TB, m *zk.Membership) *rig {
	t.Helper()
	return newRig(t, m).asFollower()
}

// asFollower loads the database and makes the role.
func (r *rig) asFollower() *rig {
	r.t.Helper()
	r.mustLoad()
	r.vote = zk.Vote{Leader: 2}
	r.learner = NewLearner(r, r.kind == zk.Observer)
	return r
}

// follow calls Follow.
func (r *rig) follow() *rig {
	r.step(r.learner.Follow)
	return r
}

// conn is the connection that the learner dialled last.
func (r *rig) conn() node.ConnID { return r.dials[len(r.dials)-1].Conn }

// connected lets the last attempt to connect succeed.
func (r *rig) connected() *rig {
	in := &node.Input{Kind: node.Connected, Conn: r.conn(), Peer: 2, Port: zk.QuorumPort}
	r.step(func(o *node.Out) { r.learner.Connected(o, in) })
	return r
}

// refused lets the last attempt to connect fail.
func (r *rig) refused() {
	in := &node.Input{Kind: node.DialFailed, Conn: r.conn(), Peer: 2, Reason: "refused"}
	r.step(func(o *node.Out) { r.learner.DialFailed(o, in) })
}

// hears hands packets from the leader to the learner, one after the other.
func (r *rig) hears(packets string) *rig {
	r.t.Helper()
	for _, s := range script(packets) {
		r.hearsMessage(read(r.t, s))
	}
	return r
}

func (r *rig) hearsMessage(m node.Message) {
	in := &node.Input{Kind: node.Received, Conn: r.conn(), Peer: 2, Msg: m}
	r.step(func(o *node.Out) { r.learner.Received(o, in) })
}

// leaderGone closes the connection from the leader's side.
func (r *rig) leaderGone() {
	in := &node.Input{Kind: node.Closed, Conn: r.conn(), Peer: 2}
	r.step(func(o *node.Out) { r.learner.Closed(o, in) })
}

// answers compares what the learner has sent since the last time; "" for nothing.
func (r *rig) answers(want string) *rig {
	r.t.Helper()
	got := lines(r.sent[r.conn()])
	delete(r.sent, r.conn())
	same(r.t, "the learner says", got, want)
	return r
}

// shutdown does what the peer does when a role has ended.
func (r *rig) shutdown() {
	if r.leader != nil {
		r.step(r.leader.Shutdown)
		return
	}
	r.step(r.learner.Shutdown)
}
