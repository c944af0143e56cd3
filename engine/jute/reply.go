package jute

import "zabscope/engine/zk"

// The bodies of replies by type of the request:
//
//	create, sync                        ustring path
//	create2, createContainer, createTTL ustring path, Stat
//	exists, setData, setACL             Stat
//	getData, reconfig                   buffer data, Stat
//	getACL                              vector<ACL>, Stat
//	getChildren, getEphemerals          vector<ustring>
//	getChildren2                        vector<ustring>, Stat
//	getAllChildrenNumber                int
//	addWatch                            int, always 0 (an ErrorResponse)
//	sasl                                buffer token
//	whoAmI                              vector of ustring scheme, ustring user
//	multi, multiRead                    see multi.go
//	delete, check, ping, closeSession, auth, setWatches, removeWatches ...  nothing

// WireSize implements node.Message: the length prefix is counted.
func (c *ClientReply) WireSize() int {
	n := 4 + replyHead
	if c.Result.Err == zk.ErrOK {
		n += resultSize(c.Type, &c.Result)
	}
	return n
}

// AppendReply adds a frame of ReplyHeader and, unless there was an error, the body that belongs to
// the operation Type. (NIOServerCnxn.sendResponse)
func AppendReply(b []byte, c *ClientReply) []byte {
	b = appendInt(b, int32(c.WireSize()-4))
	b = appendInt(b, c.Xid)
	b = appendLong(b, int64(c.Zxid))
	b = appendInt(b, int32(c.Result.Err))
	if c.Result.Err == zk.ErrOK {
		b = appendResult(b, c.Type, &c.Result)
	}
	return b
}

// DecodeReply reads the frame at the front of b, n bytes long, as the reply to a request of type
// op: nothing in the frame tells that. (ClientCnxn.SendThread.readResponse)
func DecodeReply(b []byte, op zk.OpCode) (c *ClientReply, n int, err error) {
	d, n, err := frame(b)
	if err != nil {
		return nil, 0, err
	}
	c = &ClientReply{Xid: d.int(), Zxid: zk.Zxid(d.long()), Type: op}
	c.Result.Err = zk.ErrorCode(d.int())
	if d.err == nil && c.Result.Err == zk.ErrOK {
		d.result(op, &c.Result)
	}
	if err := d.complete(); err != nil {
		return nil, 0, err
	}
	return c, n, nil
}

// resultSize is the length of what appendResult writes.
func resultSize(t zk.OpCode, r *zk.Result) int {
	switch t {
	case zk.OpCreate, zk.OpSync:
		return stringSize(r.Path)
	case zk.OpCreate2, zk.OpCreateContainer, zk.OpCreateTTL:
		return stringSize(r.Path) + statSize
	case zk.OpExists, zk.OpSetData, zk.OpSetACL:
		return statSize
	case zk.OpGetData, zk.OpReconfig:
		return 4 + len(r.Data) + statSize
	case zk.OpGetACL:
		return aclsSize(r.ACL) + statSize
	case zk.OpGetChildren, zk.OpGetEphemerals:
		return stringsSize(r.Children)
	case zk.OpGetChildren2:
		return stringsSize(r.Children) + statSize
	case zk.OpGetAllChildren, zk.OpAddWatch:
		return 4
	case zk.OpSasl:
		return 4 + len(r.Data)
	case zk.OpWhoAmI:
		return idsSize(r.IDs)
	case zk.OpMulti, zk.OpMultiRead:
		return multiResultSize(r.Ops)
	}
	return 0
}

// appendResult writes the body of a good reply. getAllChildrenNumber answers with
// Stat.NumChildren, addWatch with an ErrorResponse that says 0.
func appendResult(b []byte, t zk.OpCode, r *zk.Result) []byte {
	switch t {
	case zk.OpCreate, zk.OpSync:
		return appendString(b, r.Path)
	case zk.OpCreate2, zk.OpCreateContainer, zk.OpCreateTTL:
		return appendStat(appendString(b, r.Path), &r.Stat)
	case zk.OpExists, zk.OpSetData, zk.OpSetACL:
		return appendStat(b, &r.Stat)
	case zk.OpGetData, zk.OpReconfig:
		return appendStat(appendBuffer(b, r.Data), &r.Stat)
	case zk.OpGetACL:
		return appendStat(appendACLs(b, r.ACL), &r.Stat)
	case zk.OpGetChildren, zk.OpGetEphemerals:
		return appendStrings(b, r.Children)
	case zk.OpGetChildren2:
		return appendStat(appendStrings(b, r.Children), &r.Stat)
	case zk.OpGetAllChildren:
		return appendInt(b, r.Stat.NumChildren)
	case zk.OpAddWatch:
		return appendInt(b, int32(zk.ErrOK))
	case zk.OpSasl:
		return appendBuffer(b, r.Data)
	case zk.OpWhoAmI:
		return appendIDs(b, r.IDs)
	case zk.OpMulti, zk.OpMultiRead:
		return appendMultiResult(b, r.Ops)
	}
	return b
}

// result reads the body of a good reply to a request of type t.
func (d *decoder) result(t zk.OpCode, r *zk.Result) {
	switch t {
	case zk.OpCreate, zk.OpSync:
		r.Path = d.string()
	case zk.OpCreate2, zk.OpCreateContainer, zk.OpCreateTTL:
		r.Path, r.Stat = d.string(), d.stat()
	case zk.OpExists, zk.OpSetData, zk.OpSetACL:
		r.Stat = d.stat()
	case zk.OpGetData, zk.OpReconfig:
		r.Data, r.Stat = d.buffer(), d.stat()
	case zk.OpGetACL:
		r.ACL, r.Stat = d.acls(), d.stat()
	case zk.OpGetChildren, zk.OpGetEphemerals:
		r.Children = d.strings()
	case zk.OpGetChildren2:
		r.Children, r.Stat = d.strings(), d.stat()
	case zk.OpGetAllChildren:
		r.Stat.NumChildren = d.int()
	case zk.OpAddWatch:
		d.int()
	case zk.OpSasl:
		r.Data = d.buffer()
	case zk.OpWhoAmI:
		r.IDs = d.ids()
	case zk.OpMulti, zk.OpMultiRead:
		d.multiResult(t, r)
	}
}
