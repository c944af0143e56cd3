package election

import (
	"cmp"
	"slices"
	"strconv"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Versions of the initial message. (QuorumCnxManager.PROTOCOL_VERSION_V1, _V2)
const (
	protocolV1 = -65536
	protocolV2 = -65535
)

// quorumCnxManager keeps one connection to each other server: the one that the larger sid opened.
// (org.apache.zookeeper.server.quorum.QuorumCnxManager)
type quorumCnxManager struct {
	peer       Peer
	cnxTimeout int64 // milliseconds
	conns      func() node.ConnID

	links     []link        // ascending sid
	pending   []node.ConnID // accepted, initial message still to come
	recvQueue []notification

	helloOf *zk.Membership // what hello was made of
	hello   *jute.Hello
}

// link is what is kept for one other server.
type link struct {
	sid     zk.SID
	worker  node.ConnID        // the connection with a SendWorker and a RecvWorker, 0 for none
	dialing node.ConnID        // attempt under way, 0 for none
	queued  bool               // queueSendMap has an entry for sid
	queue   *jute.Notification // that entry: the one message still to be sent, nil when empty
	last    *jute.Notification // lastMessageSent

	asked, told zk.Vote   // of a server without a vote: its last message, and what it was answered
	toldAt      node.Time // and when
}

// link returns what is kept for sid, made at first need; valid until the next call.
func (q *quorumCnxManager) link(sid zk.SID) *link {
	i, found := slices.BinarySearchFunc(q.links, sid, func(l link, s zk.SID) int {
		return cmp.Compare(l.sid, s)
	})
	if !found {
		q.links = slices.Insert(q.links, i, link{sid: sid})
	}
	return &q.links[i]
}

// pollRecvQueue takes the oldest message received. The queue is emptied in every step, so that its
// limit of 100 messages is never reached. (QuorumCnxManager.pollRecvQueue)
func (q *quorumCnxManager) pollRecvQueue() (notification, bool) {
	if len(q.recvQueue) == 0 {
		return notification{}, false
	}
	n := q.recvQueue[0]
	q.recvQueue = q.recvQueue[:copy(q.recvQueue, q.recvQueue[1:])]
	return n, true
}

// toSend queues a message in place of an unsent older one: only the newest vote is of any use.
// What a server sends to itself is received at once. (QuorumCnxManager.toSend)
func (q *quorumCnxManager) toSend(o *node.Out, sid zk.SID, n *jute.Notification) {
	if sid == q.peer.SID() {
		q.recvQueue = append(q.recvQueue, notification{sid, n})
		return
	}
	l := q.link(sid)
	l.queue, l.queued = n, true
	if l.worker != 0 {
		l.sendQueued(o)
		return
	}
	q.connectOne(o, l)
}

// saidBefore reports whether a message was answered in the same way less than within ago, on a
// connection that has not broken since; if not, it is taken to be answered now. Who waits longer before
// it asks again may have forgotten what it was told: its next search can have the same round number.
func (q *quorumCnxManager) saidBefore(now node.Time, n *notification, answer zk.Vote,
	within node.Time) bool {
	l := q.link(n.sid)
	if l.worker != 0 && l.asked == n.vote() && l.told == answer && now-l.toldAt < within {
		return true
	}
	l.asked, l.told, l.toldAt = n.vote(), answer, now
	return false
}

// sendQueued is the loop of a SendWorker: what is taken from the queue is remembered as sent before
// it is. (QuorumCnxManager.SendWorker.run)
func (l *link) sendQueued(o *node.Out) {
	l.last, l.queue = l.queue, nil
	o.Send(l.worker, l.last)
}

// connectOne dials a member to whom there is no connection yet.
// (QuorumCnxManager.connectOne)
func (q *quorumCnxManager) connectOne(o *node.Out, l *link) {
	if l.worker == 0 && l.dialing == 0 && q.isMember(l.sid) {
		q.dial(o, l)
	}
}

func (q *quorumCnxManager) dial(o *node.Out, l *link) {
	l.dialing = q.conns()
	o.Dial(l.dialing, peerID(l.sid), zk.ElectionPort,
		o.Now+node.Time(q.cnxTimeout)*node.Millisecond)
}

// isMember reports whether an address is configured for sid, in the committed configuration or in
// the one last seen.
func (q *quorumCnxManager) isMember(sid zk.SID) bool {
	_, ok := q.peer.Verifier().Membership().Lookup(sid)
	if seen := q.peer.LastSeenVerifier(); !ok && seen != nil {
		_, ok = seen.Membership().Lookup(sid)
	}
	return ok
}

// connectNew dials the members that only the configuration last seen knows.
// (QuorumPeer.connectNewPeers)
func (q *quorumCnxManager) connectNew(o *node.Out) {
	committed, seen := q.peer.Verifier().Membership(), q.peer.LastSeenVerifier()
	if seen == nil {
		return
	}
	for _, m := range seen.Membership().Members {
		if _, known := committed.Lookup(m.SID); !known && m.SID != q.peer.SID() {
			q.connectOne(o, q.link(m.SID))
		}
	}
}

// connectAll dials everybody to whom something was ever sent. (QuorumCnxManager.connectAll)
func (q *quorumCnxManager) connectAll(o *node.Out) {
	for i := range q.links {
		if q.links[i].queued {
			q.connectOne(o, &q.links[i])
		}
	}
}

// haveDelivered reports whether any queue is empty: a sign that the network works, not that every
// server was told. (QuorumCnxManager.haveDelivered)
func (q *quorumCnxManager) haveDelivered() bool {
	for i := range q.links {
		if q.links[i].queued && q.links[i].queue == nil {
			return true
		}
	}
	return false
}

func (q *quorumCnxManager) accepted(c node.ConnID) { q.pending = append(q.pending, c) }

// connected sends the initial message on a connection that this server dialled, and gives it up at
// once if the other sid is larger: that server calls back. (QuorumCnxManager.startConnection)
func (q *quorumCnxManager) connected(o *node.Out, c node.ConnID) {
	for i := range q.links {
		l := &q.links[i]
		if l.dialing != c {
			continue
		}
		l.dialing = 0
		o.Send(c, q.initialMessage())
		if l.sid > q.peer.SID() {
			o.Close(c)
			q.dropped(o, l.sid, "largerSidCallsBack")
			return
		}
		q.startWorkers(o, l, c)
		return
	}
	o.Close(c)
}

// closed forgets a connection, open or under way.
func (q *quorumCnxManager) closed(c node.ConnID) {
	for i := range q.links {
		l := &q.links[i]
		if l.worker == c {
			l.worker = 0
		}
		if l.dialing == c {
			l.dialing = 0
		}
	}
	q.takePending(c)
}

// takePending reports whether the initial message of c is still to come, and forgets that.
func (q *quorumCnxManager) takePending(c node.ConnID) bool {
	i := slices.Index(q.pending, c)
	if i >= 0 {
		q.pending = slices.Delete(q.pending, i, i+1)
	}
	return i >= 0
}

// received takes a message off the wire.
func (q *quorumCnxManager) received(o *node.Out, c node.ConnID, m node.Message) {
	switch m := m.(type) {
	case *jute.Hello:
		if q.takePending(c) {
			q.handleConnection(o, c, m)
		}
	case *jute.Notification:
		if q.takePending(c) {
			o.Close(c)
			return
		}
		for i := range q.links {
			if q.links[i].worker == c {
				q.recvQueue = append(q.recvQueue, notification{q.links[i].sid, m})
			}
		}
	}
}

// handleConnection decides over a connection that sid dialled: kept if sid is larger than this
// server's, otherwise closed and dialled from here. (QuorumCnxManager.handleConnection)
func (q *quorumCnxManager) handleConnection(o *node.Out, c node.ConnID, h *jute.Hello) {
	sid := h.SID
	switch {
	case h.Version >= 0:
		sid = zk.SID(h.Version)
	case h.Version != protocolV1 && h.Version != protocolV2:
		o.Close(c)
		q.dropped(o, sid, "unknownVersion")
		return
	}
	switch me := q.peer.SID(); {
	case sid > me:
		q.startWorkers(o, q.link(sid), c)
	// A configuration error; the connection is left to whoever opened it. (ZOOKEEPER-2164)
	case sid == me:
		q.dropped(o, sid, "ownSid")
	default:
		q.callBack(o, c, sid, h.Address != "")
	}
}

// callBack replaces a connection that a smaller sid dialled by one of this server's own. Whoever
// named an address is dialled even if the configuration does not know it.
func (q *quorumCnxManager) callBack(o *node.Out, c node.ConnID, sid zk.SID, hasAddress bool) {
	o.Close(c)
	if !q.isMember(sid) && (!hasAddress || peerID(sid) == node.World) {
		q.dropped(o, sid, "unknownSid")
		return
	}
	q.dropped(o, sid, "smallerSidIsCalledBack")
	// The smaller sid dials only when it has no connection, so one that seems open is dead.
	l := q.link(sid)
	if l.worker != 0 {
		o.Close(l.worker)
		l.worker = 0
	}
	if l.dialing == 0 {
		q.dial(o, l)
	}
}

// startWorkers makes c the connection to a server in place of an older one. With nothing to send,
// the last message is sent again, for it may have been lost with the old connection.
// (QuorumCnxManager.SendWorker.run, before its loop)
func (q *quorumCnxManager) startWorkers(o *node.Out, l *link, c node.ConnID) {
	if l.worker != 0 {
		o.Close(l.worker)
		q.dropped(o, l.sid, "replaced")
	}
	l.worker, l.queued = c, true
	switch {
	case l.queue != nil:
		l.sendQueued(o)
	case l.last != nil:
		o.Send(c, l.last)
	}
}

// halt closes everything. (QuorumCnxManager.halt)
func (q *quorumCnxManager) halt(o *node.Out) {
	for i := range q.links {
		if c := q.links[i].worker; c != 0 {
			o.Close(c)
		}
		q.links[i] = link{sid: q.links[i].sid}
	}
	for _, c := range q.pending {
		o.Close(c)
	}
	q.pending, q.recvQueue = nil, nil
}

// initialMessage names this server and its election address.
// (QuorumCnxManager.InitialMessage)
func (q *quorumCnxManager) initialMessage() *jute.Hello {
	m := q.peer.Verifier().Membership()
	if q.helloOf == m {
		return q.hello
	}
	me, ok := m.Lookup(q.peer.SID())
	if !ok {
		me.Host, me.ElectionPort = "0.0.0.0", zk.ElectionPort
	}
	q.helloOf = m
	q.hello = &jute.Hello{Version: protocolV1, SID: q.peer.SID(),
		Address: me.Host + ":" + strconv.Itoa(me.ElectionPort)}
	return q.hello
}

func (q *quorumCnxManager) dropped(o *node.Out, sid zk.SID, reason string) {
	if o.Tracing {
		o.Event(event.ElectionConnDropped).About(peerID(sid)).With(node.Int(int64(sid)),
			node.Text(reason))
	}
}
