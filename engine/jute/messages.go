package jute

import (
	"fmt"

	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// QuorumPacket is one packet between learner and leader, decoded. Type decides which of the fields
// behind Zxid are meaningful. It is immutable once sent and may be shared by several learners.
// (org.apache.zookeeper.server.quorum.QuorumPacket; section comments name the data part)
type QuorumPacket struct {
	Type zk.PacketType
	Zxid zk.Zxid

	Txn    *zk.Txn // PROPOSAL, INFORM, INFORMANDACTIVATE
	Leader zk.SID  // COMMITANDACTIVATE, INFORMANDACTIVATE: designated leader

	SID           zk.SID // FOLLOWERINFO, OBSERVERINFO (LearnerInfo.serverid)
	Protocol      int32  // FOLLOWERINFO, OBSERVERINFO, LEADERINFO: 0x10000
	ConfigVersion int64  // FOLLOWERINFO, OBSERVERINFO
	Epoch         int32  // ACKEPOCH: currentEpoch or -1
	Config        string // NEWLEADER: configuration text; empty is null

	Session int64       // REQUEST, REVALIDATE
	Cxid    int32       // REQUEST
	Request *zk.Request // REQUEST: operation and body
	Auth    []zk.ID     // REQUEST: who asks (authinfo); nil is null
	Timeout int32       // REVALIDATE to the leader, milliseconds
	Valid   bool        // REVALIDATE from the leader
	Reply   bool        // REVALIDATE: it is the leader's answer
	Touches []Touch     // PING to the leader; nil in the leader's own
}

// Touch says that a session was heard of. Timeout is in milliseconds.
type Touch struct {
	Session int64
	Timeout int32
}

// Describe implements node.Message.
func (p *QuorumPacket) Describe(e *node.Event) {
	switch {
	case p.Txn != nil:
		e.Begin(event.ProposalSent).With(node.Text(p.Type.String()), node.Zxid(int64(p.Zxid)),
			node.Text(p.Txn.Type.String()), node.Text(p.Txn.Path), node.Int(int64(p.Txn.Checksum)))
	case p.Type == zk.REQUEST:
		e.Begin(event.RequestSent).With(node.Text(p.Request.Type.String()), node.Int(p.Session),
			node.Int(int64(p.Cxid)), node.Text(p.Request.Path))
	default:
		e.Begin(event.PacketSent).With(node.Text(p.Type.String()), node.Zxid(int64(p.Zxid)),
			node.Text(p.detail()))
	}
}

func (p *QuorumPacket) detail() string {
	switch p.Type {
	case zk.FOLLOWERINFO, zk.OBSERVERINFO:
		return fmt.Sprintf("sid %d, config version %x", p.SID, p.ConfigVersion)
	case zk.ACKEPOCH:
		return fmt.Sprintf("currentEpoch %d", p.Epoch)
	case zk.COMMITANDACTIVATE:
		return fmt.Sprintf("designated leader %d", p.Leader)
	case zk.REVALIDATE:
		if p.Reply {
			return fmt.Sprintf("session 0x%x valid %t", p.Session, p.Valid)
		}
		return fmt.Sprintf("session 0x%x timeout %d", p.Session, p.Timeout)
	}
	return ""
}

// SnapshotStream is the raw snapshot that follows a SNAP packet: its bytes as they stand on the
// wire, signature included, and what is in it. Shared and immutable.
// (LearnerHandler.run: serializeSnapshot, then writeString("BenWasHere"))
type SnapshotStream struct {
	Zxid     zk.Zxid
	Bytes    []byte   // sessions, ACL cache, nodes, signature
	Nodes    []string // paths in the stream, sorted, the root as "/"
	Sessions int
}

// WireSize implements node.Message.
func (s *SnapshotStream) WireSize() int { return len(s.Bytes) }

// Describe implements node.Message.
func (s *SnapshotStream) Describe(e *node.Event) {
	e.Begin(event.SnapshotSent).With(node.Zxid(int64(s.Zxid)), node.Int(int64(len(s.Nodes))),
		node.Int(int64(s.Sessions)))
}

// Hello is the first message on an election connection, from the side that dialled.
// (QuorumCnxManager.InitialMessage)
type Hello struct {
	Version int64 // -65536; a value >= 0 is the sid of a 3.4 server and nothing follows
	SID     zk.SID
	Address string // host:port of the sender's election listener
}

// Describe implements node.Message.
func (h *Hello) Describe(e *node.Event) {
	e.Begin(event.HelloSent).With(node.Int(int64(h.SID)), node.Text(h.Address))
}

// Notification is an election message. (FastLeaderElection.buildMsg, Notification)
type Notification struct {
	State     zk.ServerState
	Leader    zk.SID
	Zxid      zk.Zxid
	Round     int64 // electionEpoch
	PeerEpoch zk.Epoch
	Version   int32 // 2 since 3.5; 0 after reading a message of 28 or 40 bytes
	Config    string
	// Membership is Config parsed by the receiver, nil where there is none or it equals its own.
	Membership *zk.Membership
}

// Describe implements node.Message.
func (n *Notification) Describe(e *node.Event) {
	leader := node.Int(int64(n.Leader))
	if n.Leader == zk.NoLeader {
		leader = node.Text("none")
	}
	e.Begin(event.NotificationSent).With(node.Text(n.State.String()), leader,
		node.Zxid(int64(n.Zxid)), node.Int(n.Round), node.Int(int64(n.PeerEpoch)))
}

// ConnectRequest opens a session or takes up an old one. (proto.ConnectRequest)
type ConnectRequest struct {
	ProtocolVersion int32
	LastZxidSeen    zk.Zxid
	Timeout         int32 // milliseconds
	Session         int64 // 0 for a new session
	Password        [16]byte
	HasReadOnly     bool // the last field is there (clients since 3.4)
	ReadOnly        bool
}

// Describe implements node.Message.
func (c *ConnectRequest) Describe(e *node.Event) {
	e.Begin(event.ConnectRequestSent).With(node.Int(c.Session), node.Int(int64(c.Timeout)),
		node.Zxid(int64(c.LastZxidSeen)))
}

// ConnectResponse answers a ConnectRequest; a timeout of 0 says that the session is expired.
// (proto.ConnectResponse)
type ConnectResponse struct {
	ProtocolVersion int32
	Timeout         int32
	Session         int64
	Password        [16]byte
	HasReadOnly     bool
	ReadOnly        bool
}

// Describe implements node.Message.
func (c *ConnectResponse) Describe(e *node.Event) {
	e.Begin(event.ConnectResponseSent).With(node.Int(c.Session), node.Int(int64(c.Timeout)))
}

// ClientRequest is one request of a connected client: RequestHeader and body.
type ClientRequest struct {
	Xid     int32 // from 1; -2 ping, -4 auth, -8 setWatches
	Request *zk.Request
}

// Describe implements node.Message.
func (c *ClientRequest) Describe(e *node.Event) {
	e.Begin(event.ClientRequestSent).With(node.Text(c.Request.Type.String()),
		node.Int(int64(c.Xid)), node.Text(c.Request.Path), node.Text(string(c.Request.Data)))
}

// ClientReply is one answer: ReplyHeader and, without an error, the body.
type ClientReply struct {
	Xid    int32
	Zxid   zk.Zxid // lastProcessedZxid of the server when it answered
	Type   zk.OpCode
	Result zk.Result
}

// Describe implements node.Message.
func (c *ClientReply) Describe(e *node.Event) {
	e.Begin(event.ClientReplySent).With(node.Text(c.Type.String()), node.Int(int64(c.Xid)),
		node.Zxid(int64(c.Zxid)), node.Text(c.Result.Err.Error()), node.Text(c.Result.Path))
}

// ClientEvent carries a watch event (xid -1). (proto.WatcherEvent)
type ClientEvent struct {
	Zxid  zk.Zxid // -1 up to 3.8
	Event zk.WatchEvent
}

// Describe implements node.Message.
func (c *ClientEvent) Describe(e *node.Event) {
	e.Begin(event.WatchEventSent).With(node.Int(int64(c.Event.Type)), node.Text(c.Event.Path),
		node.Zxid(int64(c.Zxid)))
}
