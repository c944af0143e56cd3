package jute

import "zabscope/engine/zk"

// Client and server exchange frames: an int length, then
//
//	ConnectRequest   int protocolVersion, long lastZxidSeen, int timeOut, long sessionId,
//	                 buffer passwd, boolean readOnly (since 3.4)
//	ConnectResponse  int protocolVersion, int timeOut, long sessionId, buffer passwd,
//	                 boolean readOnly (if the request has it)
//	request          RequestHeader: int xid, int type; then a body by type
//	reply            ReplyHeader: int xid, long zxid, int err; then, if err is 0, a body by type
//	event            ReplyHeader with xid -1; WatcherEvent: int type, int state, ustring path

// frame reads the length prefix of a client frame and returns a decoder for its body and the size
// of both. (NIOServerCnxn.readLength)
func frame(b []byte) (body decoder, size int, err error) {
	d := decoder{b: b}
	n := d.int()
	if d.err == nil && (n < 0 || n > MaxFrame) {
		return decoder{}, 0, ErrLength
	}
	body.b = d.take(int(n))
	return body, d.p, d.err
}

const passwordSize = 4 + 16 // with its length, which stands before it though it never varies

// WireSize implements node.Message: the length prefix is counted.
func (c *ConnectRequest) WireSize() int {
	n := 4 + 4 + 8 + 4 + 8 + passwordSize
	if c.HasReadOnly {
		n++
	}
	return n
}

// AppendConnectRequest adds the frame with which a client opens a connection.
func AppendConnectRequest(b []byte, c *ConnectRequest) []byte {
	b = appendInt(b, int32(c.WireSize()-4))
	b = appendInt(b, c.ProtocolVersion)
	b = appendLong(b, int64(c.LastZxidSeen))
	b = appendInt(b, c.Timeout)
	b = appendLong(b, c.Session)
	b = appendBuffer(b, c.Password[:])
	if c.HasReadOnly {
		b = appendBool(b, c.ReadOnly)
	}
	return b
}

// DecodeConnectRequest reads the frame at the front of b, n bytes long. A password that is not 16
// bytes long is none: it comes back as zeros. (ZooKeeperServer.processConnectRequest)
func DecodeConnectRequest(b []byte) (c *ConnectRequest, n int, err error) {
	d, n, err := frame(b)
	if err != nil {
		return nil, 0, err
	}
	c = &ConnectRequest{ProtocolVersion: d.int(), LastZxidSeen: zk.Zxid(d.long()),
		Timeout: d.int(), Session: d.long(), Password: d.password()}
	c.HasReadOnly, c.ReadOnly = d.readOnly()
	if err := d.complete(); err != nil {
		return nil, 0, err
	}
	return c, n, nil
}

// WireSize implements node.Message: the length prefix is counted.
func (c *ConnectResponse) WireSize() int {
	n := 4 + 4 + 4 + 8 + passwordSize
	if c.HasReadOnly {
		n++
	}
	return n
}

// AppendConnectResponse adds the frame with which a server takes or refuses a session.
func AppendConnectResponse(b []byte, c *ConnectResponse) []byte {
	b = appendInt(b, int32(c.WireSize()-4))
	b = appendInt(b, c.ProtocolVersion)
	b = appendInt(b, c.Timeout)
	b = appendLong(b, c.Session)
	b = appendBuffer(b, c.Password[:])
	if c.HasReadOnly {
		b = appendBool(b, c.ReadOnly)
	}
	return b
}

// DecodeConnectResponse reads the frame at the front of b, n bytes long.
func DecodeConnectResponse(b []byte) (c *ConnectResponse, n int, err error) {
	d, n, err := frame(b)
	if err != nil {
		return nil, 0, err
	}
	c = &ConnectResponse{ProtocolVersion: d.int(), Timeout: d.int(), Session: d.long(),
		Password: d.password()}
	c.HasReadOnly, c.ReadOnly = d.readOnly()
	if err := d.complete(); err != nil {
		return nil, 0, err
	}
	return c, n, nil
}

// password returns zeros, which no session has, unless the field has the right length.
func (d *decoder) password() (p [16]byte) {
	if b := d.buffer(); len(b) == len(p) {
		copy(p[:], b)
	}
	return p
}

// readOnly reads the last field, which clients before 3.4 do not send.
func (d *decoder) readOnly() (there, value bool) {
	if d.left() == 0 {
		return false, false
	}
	return true, d.bool()
}

// WireSize implements node.Message: the length prefix is counted.
func (c *ClientRequest) WireSize() int { return 4 + 8 + requestSize(c.Request) }

// AppendClientRequest adds a frame of RequestHeader and body.
func AppendClientRequest(b []byte, c *ClientRequest) []byte {
	b = appendInt(b, int32(c.WireSize()-4))
	b = appendInt(b, c.Xid)
	return AppendRequest(appendInt(b, int32(c.Request.Type)), c.Request)
}

// DecodeClientRequest reads the frame at the front of b, n bytes long. A body that makes no sense
// is no error: Request.Malformed is then set, for the server has to answer it.
func DecodeClientRequest(b []byte) (c *ClientRequest, n int, err error) {
	d, n, err := frame(b)
	if err != nil {
		return nil, 0, err
	}
	c = &ClientRequest{Xid: d.int()}
	op := zk.OpCode(d.int())
	if err := d.complete(); err != nil {
		return nil, 0, err
	}
	c.Request = decodeOrMark(op, d.b[d.p:])
	return c, n, nil
}

// FrameXid looks at the xid of a frame from a server, by which a client knows what to decode: -1 is
// a ClientEvent, anything else the reply to the request of that number.
// (ClientCnxn.SendThread.readResponse)
func FrameXid(b []byte) (int32, error) {
	d := decoder{b: b}
	d.take(4)
	xid := d.int()
	return xid, d.err
}

const (
	replyHead = 4 + 8 + 4 // ReplyHeader
	eventXid  = -1        // no client numbers a request so (ClientCnxn.NOTIFICATION_XID)
)

// WireSize implements node.Message: the length prefix is counted.
func (c *ClientEvent) WireSize() int { return 4 + replyHead + 4 + 4 + stringSize(c.Event.Path) }

// AppendClientEvent adds a frame of ReplyHeader and WatcherEvent. (NIOServerCnxn.process)
func AppendClientEvent(b []byte, c *ClientEvent) []byte {
	b = appendInt(b, int32(c.WireSize()-4))
	b = appendInt(b, eventXid)
	b = appendLong(b, int64(c.Zxid))
	b = appendInt(b, int32(zk.ErrOK))
	b = appendInt(b, c.Event.Type)
	b = appendInt(b, c.Event.State)
	return appendString(b, c.Event.Path)
}

// DecodeClientEvent reads the frame at the front of b, n bytes long; ErrMalformed if its xid is not
// -1.
func DecodeClientEvent(b []byte) (c *ClientEvent, n int, err error) {
	d, n, err := frame(b)
	if err != nil {
		return nil, 0, err
	}
	if d.int() != eventXid {
		d.fail(ErrMalformed)
	}
	c = &ClientEvent{Zxid: zk.Zxid(d.long())}
	d.int() // err is always 0
	c.Event = zk.WatchEvent{Type: d.int(), State: d.int(), Path: d.string()}
	if err := d.complete(); err != nil {
		return nil, 0, err
	}
	return c, n, nil
}
