package jute

import "zabscope/engine/zk"

// An election connection carries one Hello from the side that dialled, then Notifications both
// ways, each with an int length in front:
//
//	Hello         long version, long sid, int length, host:port
//	Notification  int state, long leader, long zxid, long round (28 bytes: up to 3.3)
//	              long peerEpoch, int version (40 bytes: 3.4.6 and later)
//	              int length, text of the configuration (since 3.5)
const (
	helloVersion1   = -65536     // one address
	helloVersion2   = -65535     // several, joined by '|' (multiAddress.enabled)
	maxHelloAddress = 2048       // bytes (InitialMessage.parse)
	maxNotification = 512 * 1024 // bytes (QuorumCnxManager.PACKETMAXSIZE)

	notificationV0   = 28 // up to 3.3: no peerEpoch
	notificationV1   = 40 // 3.4.6 and later: peerEpoch and a version that readers skip
	notificationV2   = 44 // since 3.5, without the configuration's text
	notificationText = 2  // lowest version with a configuration
)

// WireSize implements node.Message.
func (h *Hello) WireSize() int {
	if h.Version >= 0 {
		return 8
	}
	return 8 + 8 + 4 + len(h.Address)
}

// AppendHello adds the first message of an election connection.
// (QuorumCnxManager.startConnection)
func AppendHello(b []byte, h *Hello) []byte {
	b = appendLong(b, h.Version)
	if h.Version >= 0 {
		return b
	}
	b = appendLong(b, int64(h.SID))
	return append(appendInt(b, int32(len(h.Address))), h.Address...)
}

// DecodeHello reads the message at the front of b, n bytes long. io.ErrUnexpectedEOF asks for more;
// ErrMalformed is an unknown version, ErrLength an address of no or too many bytes.
// (QuorumCnxManager.InitialMessage.parse, handleConnection)
func DecodeHello(b []byte) (h *Hello, n int, err error) {
	d := decoder{b: b}
	h = &Hello{Version: d.long()}
	if d.err == nil && h.Version >= 0 {
		h.SID = zk.SID(h.Version)
		return h, d.p, nil
	}
	if d.err == nil && h.Version != helloVersion1 && h.Version != helloVersion2 {
		return nil, 0, ErrMalformed
	}
	h.SID = zk.SID(d.long())
	size := d.int()
	if d.err == nil && (size <= 0 || size > maxHelloAddress) {
		return nil, 0, ErrLength
	}
	h.Address = string(d.take(int(size)))
	if d.err != nil {
		return nil, 0, d.err
	}
	return h, d.p, nil
}

// WireSize implements node.Message: the length prefix is counted.
func (n *Notification) WireSize() int {
	if n.Version < notificationText {
		return 4 + notificationV1
	}
	return 4 + notificationV2 + len(n.Config)
}

// AppendNotification adds an election message with its length prefix: in the present format if
// Version is 2 or more, else in that of 3.4.6, whose version field is 1.
// (FastLeaderElection.buildMsg, QuorumCnxManager.SendWorker.send)
func AppendNotification(b []byte, n *Notification) []byte {
	b = appendInt(b, int32(n.WireSize()-4))
	b = appendInt(b, int32(n.State))
	b = appendLong(b, int64(n.Leader))
	b = appendLong(b, int64(n.Zxid))
	b = appendLong(b, n.Round)
	b = appendLong(b, int64(n.PeerEpoch))
	if n.Version < notificationText {
		return appendInt(b, 1)
	}
	b = appendInt(b, n.Version)
	return append(appendInt(b, int32(len(n.Config))), n.Config...)
}

// DecodeNotification reads the message at the front of b, size bytes long with its prefix.
//
// io.ErrUnexpectedEOF asks for more bytes. ErrLength is a prefix that ends the connection.
// ErrMalformed, which comes with the size, is a message to be skipped: one of 36 bytes as 3.4.5
// sent it, for example. State is as sent and may be none of the four. Membership is left nil.
// (FastLeaderElection.Messenger.WorkerReceiver.run, QuorumCnxManager.RecvWorker.run)
func DecodeNotification(b []byte) (n *Notification, size int, err error) {
	d := decoder{b: b}
	length := d.int()
	if d.err == nil && (length <= 0 || length > maxNotification) {
		return nil, 0, ErrLength
	}
	body := d.take(int(length))
	if d.err != nil {
		return nil, 0, d.err
	}
	n, err = decodeVote(body)
	return n, d.p, err
}

// decodeVote tells the formats apart by length, as FastLeaderElection does: only 28 and 40 bytes
// are known as old.
func decodeVote(b []byte) (*Notification, error) {
	if len(b) < notificationV0 {
		return nil, ErrMalformed
	}
	d := decoder{b: b}
	n := &Notification{State: zk.ServerState(d.int()), Leader: zk.SID(d.long()),
		Zxid: zk.Zxid(d.long()), Round: d.long()}
	switch len(b) {
	case notificationV0:
		n.PeerEpoch = n.Zxid.Epoch()
	case notificationV1:
		n.PeerEpoch = zk.Epoch(d.long())
	default:
		n.PeerEpoch, n.Version = zk.Epoch(d.long()), d.int()
	}
	if n.Version >= notificationText {
		n.Config = string(d.configText())
	}
	if err := d.complete(); err != nil {
		return nil, err
	}
	return n, nil
}

// configText refuses a length below 0, null included. (ZOOKEEPER-3769)
func (d *decoder) configText() []byte {
	size := d.int()
	if size < 0 {
		d.fail(ErrMalformed)
		return nil
	}
	return d.take(int(size))
}
