package jute

import "zabscope/engine/zk"

// A packet is int type, long zxid, buffer data, vector<Id> authinfo. What data holds depends on
// type and direction; for types that are not listed it is null:
//
//	REQUEST            long session, int cxid, int type of operation, body of the request
//	PROPOSAL, INFORM   the transaction as it stands in the log
//	PING               to the leader: long session, int timeout for each session heard of
//	REVALIDATE         to the leader: long session, int timeout; from it: long session, boolean valid
//	COMMITANDACTIVATE  long designated leader
//	INFORMANDACTIVATE  long designated leader, then as INFORM
//	NEWLEADER          text of the configuration
//	FOLLOWERINFO, OBSERVERINFO  LearnerInfo: long sid, int protocol, long version of configuration
//	LEADERINFO         int protocol
//	ACKEPOCH           int currentEpoch
//
// (org.apache.zookeeper.server.quorum.QuorumPacket, Leader, Learner)
const (
	packetHead   = 4 + 8 + 4 // type, zxid, length of data
	infoSize     = 8 + 4 + 8 // LearnerInfo
	requestHead  = 8 + 4 + 4 // session, cxid, type
	touchSize    = 8 + 4
	protocolZab1 = 0x10000 // Zab 1.0; learners before it send no LearnerInfo but their sid
)

// WireSize implements node.Message: the bytes of the packet on the learner's connection.
func (p *QuorumPacket) WireSize() int {
	n := packetHead + p.dataSize() + 4
	if p.Auth != nil {
		n += idsSize(p.Auth) - 4
	}
	return n
}

// dataSize is the length of what appendData writes.
func (p *QuorumPacket) dataSize() int {
	switch p.Type {
	case zk.PROPOSAL, zk.INFORM:
		return encodedSize(p.Txn)
	case zk.INFORMANDACTIVATE:
		return 8 + encodedSize(p.Txn)
	case zk.COMMITANDACTIVATE:
		return 8
	case zk.FOLLOWERINFO, zk.OBSERVERINFO:
		return p.infoSize()
	case zk.LEADERINFO, zk.ACKEPOCH:
		return 4
	case zk.NEWLEADER:
		return len(p.Config)
	case zk.REQUEST:
		return requestHead + requestSize(p.Request)
	case zk.REVALIDATE:
		if p.Reply {
			return 8 + 1
		}
		return 8 + 4
	case zk.PING:
		return len(p.Touches) * touchSize
	}
	return 0
}

// infoSize is the length of what appendInfo writes; 0 stands for null.
func (p *QuorumPacket) infoSize() int {
	switch {
	case p.Protocol >= protocolZab1:
		return infoSize
	case p.SID < 0:
		return 0
	}
	return 8
}

// hasData tells an empty buffer from a null one: only a learner's PING has the former.
func (p *QuorumPacket) hasData() bool {
	return p.dataSize() > 0 || p.Type == zk.PING && p.Touches != nil
}

// encodedSize knows the size of a transaction that nobody has encoded, without encoding it.
func encodedSize(t *zk.Txn) int {
	if t.Encoded != nil {
		return len(t.Encoded)
	}
	return txnSize(t)
}

// AppendPacket adds a packet as it stands on a learner's connection, which has no length prefix.
// (org.apache.zookeeper.server.quorum.QuorumPacket.serialize)
func AppendPacket(b []byte, p *QuorumPacket) []byte {
	b = appendInt(b, int32(p.Type))
	b = appendLong(b, int64(p.Zxid))
	if p.hasData() {
		b = p.appendData(appendInt(b, int32(p.dataSize())))
	} else {
		b = appendInt(b, null)
	}
	return appendIDs(b, p.Auth)
}

// appendData writes what the data buffer holds.
func (p *QuorumPacket) appendData(b []byte) []byte {
	switch p.Type {
	case zk.PROPOSAL, zk.INFORM:
		return appendEncoded(b, p.Txn)
	case zk.INFORMANDACTIVATE:
		return appendEncoded(appendLong(b, int64(p.Leader)), p.Txn)
	case zk.COMMITANDACTIVATE:
		return appendLong(b, int64(p.Leader))
	case zk.FOLLOWERINFO, zk.OBSERVERINFO:
		return p.appendInfo(b)
	case zk.LEADERINFO:
		return appendInt(b, p.Protocol)
	case zk.ACKEPOCH:
		return appendInt(b, p.Epoch)
	case zk.NEWLEADER:
		return append(b, p.Config...)
	case zk.REQUEST:
		b = appendInt(appendLong(b, p.Session), p.Cxid)
		return AppendRequest(appendInt(b, int32(p.Request.Type)), p.Request)
	case zk.REVALIDATE:
		return p.appendRevalidate(b)
	}
	return p.appendTouches(b)
}

// appendEncoded leaves the transaction alone: it may be shared, so only its maker sets Encoded.
func appendEncoded(b []byte, t *zk.Txn) []byte {
	if t.Encoded != nil {
		return append(b, t.Encoded...)
	}
	return appendTxn(b, t)
}

// appendInfo writes the sid alone for a learner of before Zab 1.0. (Learner.registerWithLeader)
func (p *QuorumPacket) appendInfo(b []byte) []byte {
	b = appendLong(b, int64(p.SID))
	if p.Protocol < protocolZab1 {
		return b
	}
	return appendLong(appendInt(b, p.Protocol), p.ConfigVersion)
}

// appendRevalidate writes question or answer. (Learner.validateSession, LearnerHandler.run)
func (p *QuorumPacket) appendRevalidate(b []byte) []byte {
	b = appendLong(b, p.Session)
	if p.Reply {
		return appendBool(b, p.Valid)
	}
	return appendInt(b, p.Timeout)
}

// appendTouches writes the sessions that a learner heard of. (Learner.ping)
func (p *QuorumPacket) appendTouches(b []byte) []byte {
	for _, t := range p.Touches {
		b = appendInt(appendLong(b, t.Session), t.Timeout)
	}
	return b
}

// DecodePacket reads the packet at the front of b, n bytes long. toLeader says which way it
// travelled, because PING and REVALIDATE differ by direction. io.ErrUnexpectedEOF asks for more
// bytes; after any other error the connection is useless.
//
// A packet of unknown type comes back with type and zxid alone, as ZooKeeper ignores those. A
// REQUEST whose body makes no sense comes back with Request.Malformed set, for the leader has to
// answer it.
func DecodePacket(b []byte, toLeader bool) (p *QuorumPacket, n int, err error) {
	d := decoder{b: b}
	p = &QuorumPacket{Type: zk.PacketType(d.int()), Zxid: zk.Zxid(d.long())}
	data := d.buffer()
	p.Auth = d.ids()
	if d.err != nil {
		return nil, 0, d.err
	}
	if err := p.decodeData(data, toLeader); err != nil {
		return nil, 0, err
	}
	return p, d.p, nil
}

// decodeData reads the data part, which is nil for null.
func (p *QuorumPacket) decodeData(data []byte, toLeader bool) (err error) {
	d := decoder{b: data}
	switch p.Type {
	case zk.PROPOSAL, zk.INFORM:
		p.Txn, err = DecodeTxn(data)
		return err
	case zk.INFORMANDACTIVATE:
		p.Leader = zk.SID(d.long())
		p.Txn, err = DecodeTxn(data[d.p:])
		return err
	case zk.COMMITANDACTIVATE:
		p.Leader = zk.SID(d.long())
	case zk.FOLLOWERINFO, zk.OBSERVERINFO:
		p.decodeInfo(data)
	case zk.LEADERINFO:
		p.Protocol = d.int()
	case zk.ACKEPOCH:
		p.Epoch = d.int()
	case zk.NEWLEADER:
		p.Config = string(data)
	case zk.REQUEST:
		p.decodeRequest(&d)
	case zk.REVALIDATE:
		p.decodeRevalidate(&d, toLeader)
	case zk.PING:
		if toLeader {
			p.decodeTouches(&d)
		}
	}
	return d.complete()
}

// decodeInfo takes what there is of a LearnerInfo: the sid since 8 bytes, the protocol since 12,
// the version of the configuration since 20. A learner that does not say its sid gets -1 here and a
// number of its own from the leader. (LearnerHandler.run)
func (p *QuorumPacket) decodeInfo(data []byte) {
	p.Protocol = 1
	if data == nil {
		p.SID = -1
		return
	}
	d := decoder{b: data}
	if len(data) >= 8 {
		p.SID = zk.SID(d.long())
	}
	if len(data) >= 12 {
		p.Protocol = d.int()
	}
	if len(data) >= infoSize {
		p.ConfigVersion = d.long()
	}
}

// decodeRequest reads a client's request as a learner passes it on. (LearnerHandler.run)
func (p *QuorumPacket) decodeRequest(d *decoder) {
	p.Session, p.Cxid = d.long(), d.int()
	op := zk.OpCode(d.int())
	if d.err == nil {
		p.Request = decodeOrMark(op, d.b[d.p:])
	}
}

// decodeRevalidate tells question and answer by direction, for their lengths differ only by what
// follows the session.
func (p *QuorumPacket) decodeRevalidate(d *decoder, toLeader bool) {
	p.Session = d.long()
	if toLeader {
		p.Timeout = d.int()
	} else {
		p.Reply, p.Valid = true, d.bool()
	}
}

// decodeTouches keeps null apart from empty, so that a packet is written as it was read.
func (p *QuorumPacket) decodeTouches(d *decoder) {
	if d.b == nil {
		return
	}
	if len(d.b)%touchSize != 0 {
		d.fail(ErrMalformed)
		return
	}
	p.Touches = make([]Touch, len(d.b)/touchSize)
	for i := range p.Touches {
		p.Touches[i] = Touch{d.long(), d.int()}
	}
}
