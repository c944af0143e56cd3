package jute

import "zabscope/engine/zk"

// The bodies of requests by type:
//
//	create, create2, createContainer  ustring path, buffer data, vector<ACL>, int flags
//	createTTL                         the same, long ttl
//	delete, check                     ustring path, int version
//	setData                           ustring path, buffer data, int version
//	setACL                            ustring path, vector<ACL>, int version
//	exists, getData, getChildren, getChildren2    ustring path, boolean watch
//	getACL, sync, getAllChildrenNumber, getEphemerals  ustring path
//	checkWatches, removeWatches       ustring path, int type
//	addWatch                          ustring path, int mode
//	reconfig                          ustring joining, leaving, newMembers; long curConfigId
//	auth                              int type, ustring scheme, buffer auth
//	sasl                              buffer token
//	setWatches                        long relativeZxid, vector<ustring> data, exist, child
//	setWatches2                       the same, vector<ustring> persistent, recursive
//	createSession                     int timeOut (between servers only)
//	multi, multiRead                  see multi.go
//	ping, closeSession, whoAmI        nothing

// AppendRequest adds the body of a request, as it follows RequestHeader in a client's frame and the
// operation's type in a REQUEST packet. Types without a body add nothing, and so does a request
// that is Malformed. (org.apache.zookeeper.proto records)
func AppendRequest(b []byte, r *zk.Request) []byte {
	if r.Malformed {
		return b
	}
	switch r.Type {
	case zk.OpCreate, zk.OpCreate2, zk.OpCreateContainer, zk.OpCreateTTL:
		return appendCreate(b, r)
	case zk.OpDelete, zk.OpCheck:
		return appendInt(appendString(b, r.Path), r.Version)
	case zk.OpSetData:
		b = appendBuffer(appendString(b, r.Path), r.Data)
		return appendInt(b, r.Version)
	case zk.OpSetACL:
		b = appendACLs(appendString(b, r.Path), r.ACL)
		return appendInt(b, r.Version)
	case zk.OpExists, zk.OpGetData, zk.OpGetChildren, zk.OpGetChildren2:
		return appendBool(appendString(b, r.Path), r.Watch)
	case zk.OpGetACL, zk.OpSync, zk.OpGetAllChildren, zk.OpGetEphemerals, zk.OpDeleteContainer:
		return appendString(b, r.Path)
	case zk.OpCheckWatches, zk.OpRemoveWatches, zk.OpAddWatch:
		return appendInt(appendString(b, r.Path), r.Mode)
	case zk.OpMulti, zk.OpMultiRead:
		return appendMulti(b, r.Ops)
	}
	return appendSessionRequest(b, r)
}

// appendSessionRequest writes the requests that speak of the session or the ensemble, not of a
// node.
func appendSessionRequest(b []byte, r *zk.Request) []byte {
	switch r.Type {
	case zk.OpCreateSession:
		return appendInt(b, r.Timeout)
	case zk.OpReconfig:
		b = appendOptional(b, r.Joining)
		b = appendOptional(b, r.Leaving)
		b = appendOptional(b, r.NewMembers)
		return appendLong(b, r.CurConfigID)
	case zk.OpAuth:
		b = appendString(appendInt(b, r.Mode), r.Scheme)
		return appendBuffer(b, r.Data)
	case zk.OpSasl:
		return appendBuffer(b, r.Data)
	case zk.OpSetWatches, zk.OpSetWatches2:
		b = appendLong(b, int64(r.RelativeZxid))
		for _, w := range r.Watches[:watchLists(r.Type)] {
			b = appendStrings(b, w)
		}
	}
	return b
}

// appendCreate writes CreateRequest or CreateTTLRequest.
func appendCreate(b []byte, r *zk.Request) []byte {
	b = appendBuffer(appendString(b, r.Path), r.Data)
	b = appendInt(appendACLs(b, r.ACL), r.Flags)
	if r.Type == zk.OpCreateTTL {
		b = appendLong(b, r.TTL)
	}
	return b
}

// watchLists is the number of lists of a setWatches: the persistent ones came with type 105.
func watchLists(t zk.OpCode) int {
	if t == zk.OpSetWatches {
		return 3
	}
	return 5
}

// requestSize is the length of what AppendRequest writes.
func requestSize(r *zk.Request) int {
	if r.Malformed {
		return 0
	}
	switch r.Type {
	case zk.OpCreate, zk.OpCreate2, zk.OpCreateContainer:
		return createSize(r)
	case zk.OpCreateTTL:
		return createSize(r) + 8
	case zk.OpDelete, zk.OpCheck, zk.OpCheckWatches, zk.OpRemoveWatches, zk.OpAddWatch:
		return stringSize(r.Path) + 4
	case zk.OpSetData:
		return stringSize(r.Path) + 4 + len(r.Data) + 4
	case zk.OpSetACL:
		return stringSize(r.Path) + aclsSize(r.ACL) + 4
	case zk.OpExists, zk.OpGetData, zk.OpGetChildren, zk.OpGetChildren2:
		return stringSize(r.Path) + 1
	case zk.OpGetACL, zk.OpSync, zk.OpGetAllChildren, zk.OpGetEphemerals, zk.OpDeleteContainer:
		return stringSize(r.Path)
	case zk.OpMulti, zk.OpMultiRead:
		return multiSize(r.Ops)
	}
	return sessionRequestSize(r)
}

// createSize is the length of a CreateRequest.
func createSize(r *zk.Request) int {
	return stringSize(r.Path) + 4 + len(r.Data) + aclsSize(r.ACL) + 4
}

// sessionRequestSize is the length of what appendSessionRequest writes.
func sessionRequestSize(r *zk.Request) int {
	switch r.Type {
	case zk.OpCreateSession:
		return 4
	case zk.OpReconfig:
		return stringSize(r.Joining) + stringSize(r.Leaving) + stringSize(r.NewMembers) + 8
	case zk.OpAuth:
		return 4 + stringSize(r.Scheme) + 4 + len(r.Data)
	case zk.OpSasl:
		return 4 + len(r.Data)
	case zk.OpSetWatches, zk.OpSetWatches2:
		n := 8
		for _, w := range r.Watches[:watchLists(r.Type)] {
			n += stringsSize(w)
		}
		return n
	}
	return 0
}

// DecodeRequest reads the body of a request of type t from b, which Data aliases. ErrMalformed if b
// ends too early, ErrLength for a length that cannot be; bytes left over are ignored. Of a type
// that nobody knows it reads nothing and reports no error: servers answer ErrUnimplemented.
func DecodeRequest(t zk.OpCode, b []byte) (*zk.Request, error) {
	d := decoder{b: b}
	r := &zk.Request{Type: t}
	d.request(r)
	if err := d.complete(); err != nil {
		return nil, err
	}
	return r, nil
}

// decodeOrMark makes a request of a body that came over a wire, whatever is in it.
// (PrepRequestProcessor.pRequest: an IOException becomes MARSHALLINGERROR)
func decodeOrMark(t zk.OpCode, b []byte) *zk.Request {
	r, err := DecodeRequest(t, b)
	if err != nil {
		return &zk.Request{Type: t, Malformed: true}
	}
	return r
}

// request reads the body that belongs to r.Type.
func (d *decoder) request(r *zk.Request) {
	switch r.Type {
	case zk.OpCreate, zk.OpCreate2, zk.OpCreateContainer, zk.OpCreateTTL:
		r.Path, r.Data, r.ACL, r.Flags = d.string(), d.buffer(), d.acls(), d.int()
		if r.Type == zk.OpCreateTTL {
			r.TTL = d.long()
		}
	case zk.OpDelete, zk.OpCheck:
		r.Path, r.Version = d.string(), d.int()
	case zk.OpSetData:
		r.Path, r.Data, r.Version = d.string(), d.buffer(), d.int()
	case zk.OpSetACL:
		r.Path, r.ACL, r.Version = d.string(), d.acls(), d.int()
	case zk.OpExists, zk.OpGetData, zk.OpGetChildren, zk.OpGetChildren2:
		r.Path, r.Watch = d.string(), d.bool()
	case zk.OpGetACL, zk.OpSync, zk.OpGetAllChildren, zk.OpGetEphemerals, zk.OpDeleteContainer:
		r.Path = d.string()
	case zk.OpCheckWatches, zk.OpRemoveWatches, zk.OpAddWatch:
		r.Path, r.Mode = d.string(), d.int()
	case zk.OpMulti, zk.OpMultiRead:
		d.multi(r)
	default:
		d.sessionRequest(r)
	}
}

// sessionRequest reads what appendSessionRequest writes.
func (d *decoder) sessionRequest(r *zk.Request) {
	switch r.Type {
	case zk.OpCreateSession:
		r.Timeout = d.int()
	case zk.OpReconfig:
		r.Joining, r.Leaving, r.NewMembers = d.string(), d.string(), d.string()
		r.CurConfigID = d.long()
	case zk.OpAuth:
		r.Mode, r.Scheme, r.Data = d.int(), d.string(), d.buffer()
	case zk.OpSasl:
		r.Data = d.buffer()
	case zk.OpSetWatches, zk.OpSetWatches2:
		r.RelativeZxid = zk.Zxid(d.long())
		for i := range r.Watches[:watchLists(r.Type)] {
			r.Watches[i] = d.strings()
		}
	}
}
