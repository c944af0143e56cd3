package jute

import (
	"hash/adler32"

	"zabscope/engine/zk"
)

// A transaction is a header, a body by its type and a digest that may be missing:
//
//	TxnHeader        long clientId, int cxid, long zxid, long time, int type
//	create, create2  ustring path, buffer data, vector<ACL>, boolean ephemeral, int parentCVersion
//	createContainer  ustring path, buffer data, vector<ACL>, int parentCVersion
//	createTTL        ustring path, buffer data, vector<ACL>, int parentCVersion, long ttl
//	delete, deleteContainer  ustring path
//	setData, reconfig        ustring path, buffer data, int version
//	setACL           ustring path, vector<ACL>, int version
//	check            ustring path, int version (in a multi only)
//	createSession    int timeOut
//	closeSession     vector<ustring> paths2Delete, or nothing
//	error            int err
//	multi            vector of int type, buffer body
//	TxnDigest        int version, long digest
//
// (org.apache.zookeeper.txn; zookeeper.jute)
const (
	headerSize = 8 + 4 + 8 + 8 + 4 // TxnHeader
	digestSize = 4 + 8             // TxnDigest
)

// EncodeTxn sets t.Encoded to header, body and, where there is one, digest, t.Checksum to its
// Adler32, and t.Record to the record of a log around them. One allocation holds it all. A
// transaction that is encoded already stays as it is. (SerializeUtils.serializeRequest)
func EncodeTxn(t *zk.Txn) {
	if t.Encoded != nil {
		return
	}
	n := txnSize(t)
	r := make([]byte, recordHead, recordHead+n+1)
	r = append(appendTxn(r, t), recordMark)
	t.Encoded = r[recordHead : recordHead+n : recordHead+n]
	t.Checksum = adler32.Checksum(t.Encoded)
	appendInt(appendLong(r[:0], int64(t.Checksum)), int32(n))
	t.Record = r
}

// DecodeTxn reads a transaction that fills all of b. Encoded and Data alias b, so b must not change
// afterwards. ErrMalformed if b ends too early or the type is unknown; bytes left over are ignored.
// (SerializeUtils.deserializeTxn)
func DecodeTxn(b []byte) (*zk.Txn, error) { return decodeTxn(b, adler32.Checksum(b)) }

// decodeTxn is DecodeTxn for bytes whose Adler32 is known.
func decodeTxn(b []byte, sum uint32) (*zk.Txn, error) {
	d := decoder{b: b}
	t := &zk.Txn{Session: d.long(), Cxid: d.int(), Zxid: zk.Zxid(d.long()), Time: d.long(),
		Type: zk.OpCode(d.int())}
	if d.err == nil && t.Type == zk.OpCloseSession {
		d.closeSession(t)
	} else {
		d.txnBody(t)
	}
	if err := d.complete(); err != nil {
		return nil, err
	}
	if d.left() >= digestSize {
		t.HasDigest, t.DigestVersion, t.Digest = true, d.int(), uint64(d.long())
	}
	t.Encoded, t.Checksum = b, sum
	return t, nil
}

// txnSize is the length of what appendTxn writes.
func txnSize(t *zk.Txn) int {
	n := headerSize + txnBodySize(t)
	if t.HasDigest {
		n += digestSize
	}
	return n
}

// appendTxn writes header, body and digest.
func appendTxn(b []byte, t *zk.Txn) []byte {
	b = appendLong(b, t.Session)
	b = appendInt(b, t.Cxid)
	b = appendLong(b, int64(t.Zxid))
	b = appendLong(b, t.Time)
	b = appendInt(b, int32(t.Type))
	b = appendTxnBody(b, t)
	if t.HasDigest {
		b = appendLong(appendInt(b, t.DigestVersion), int64(t.Digest))
	}
	return b
}

// txnBodySize is the length of what appendTxnBody writes.
func txnBodySize(t *zk.Txn) int {
	switch t.Type {
	case zk.OpCreate, zk.OpCreate2:
		return createTxnSize(t) + 1
	case zk.OpCreateContainer:
		return createTxnSize(t)
	case zk.OpCreateTTL:
		return createTxnSize(t) + 8
	case zk.OpDelete, zk.OpDeleteContainer:
		return stringSize(t.Path)
	case zk.OpSetData, zk.OpReconfig:
		return stringSize(t.Path) + 4 + len(t.Data) + 4
	case zk.OpSetACL:
		return stringSize(t.Path) + aclsSize(t.ACL) + 4
	case zk.OpCheck:
		return stringSize(t.Path) + 4
	case zk.OpCreateSession, zk.OpError:
		return 4
	case zk.OpMulti:
		n := 4
		for i := range t.Ops {
			n += 8 + txnBodySize(&t.Ops[i])
		}
		return n
	}
	if t.HasPaths {
		return stringsSize(t.Paths)
	}
	return 0
}

// createTxnSize is what the four records of creates have in common.
func createTxnSize(t *zk.Txn) int {
	return stringSize(t.Path) + 4 + len(t.Data) + aclsSize(t.ACL) + 4
}

// appendTxnBody writes the record that belongs to the type; a type that makes no transactions has
// none.
func appendTxnBody(b []byte, t *zk.Txn) []byte {
	switch t.Type {
	case zk.OpCreate, zk.OpCreate2, zk.OpCreateContainer, zk.OpCreateTTL:
		return appendCreateTxn(b, t)
	case zk.OpDelete, zk.OpDeleteContainer:
		return appendString(b, t.Path)
	case zk.OpSetData, zk.OpReconfig:
		b = appendBuffer(appendString(b, t.Path), t.Data)
		return appendInt(b, t.Version)
	case zk.OpSetACL:
		b = appendACLs(appendString(b, t.Path), t.ACL)
		return appendInt(b, t.Version)
	case zk.OpCheck:
		return appendInt(appendString(b, t.Path), t.Version)
	case zk.OpCreateSession:
		return appendInt(b, t.Timeout)
	case zk.OpError:
		return appendInt(b, int32(t.Err))
	case zk.OpMulti:
		return appendMultiTxn(b, t.Ops)
	}
	if t.HasPaths {
		return appendStrings(b, t.Paths)
	}
	return b
}

// appendCreateTxn writes the four records that differ in their ends only: CreateTxn has ephemeral,
// CreateTTLTxn has ttl, CreateContainerTxn neither.
func appendCreateTxn(b []byte, t *zk.Txn) []byte {
	b = appendBuffer(appendString(b, t.Path), t.Data)
	b = appendACLs(b, t.ACL)
	if t.Type == zk.OpCreate || t.Type == zk.OpCreate2 {
		b = appendBool(b, t.Ephemeral)
	}
	b = appendInt(b, t.ParentCVersion)
	if t.Type == zk.OpCreateTTL {
		b = appendLong(b, t.TTL)
	}
	return b
}

// appendMultiTxn writes each part as a type and a buffer. (MultiTxn, Txn)
func appendMultiTxn(b []byte, ops []zk.Txn) []byte {
	b = appendInt(b, int32(len(ops)))
	for i := range ops {
		b = appendInt(b, int32(ops[i].Type))
		b = appendInt(b, int32(txnBodySize(&ops[i])))
		b = appendTxnBody(b, &ops[i])
	}
	return b
}

// txnBody reads the record that belongs to t.Type. closeSession is not among them: it cannot be
// part of a multi, and its record may be missing.
func (d *decoder) txnBody(t *zk.Txn) {
	switch t.Type {
	case zk.OpCreate, zk.OpCreate2, zk.OpCreateContainer, zk.OpCreateTTL:
		d.createTxn(t)
	case zk.OpDelete, zk.OpDeleteContainer:
		t.Path = d.string()
	case zk.OpSetData, zk.OpReconfig:
		t.Path, t.Data, t.Version = d.string(), d.buffer(), d.int()
	case zk.OpSetACL:
		t.Path, t.ACL, t.Version = d.string(), d.acls(), d.int()
	case zk.OpCheck:
		t.Path, t.Version = d.string(), d.int()
	case zk.OpCreateSession:
		t.Timeout = d.int()
	case zk.OpError:
		t.Err = zk.ErrorCode(d.int())
	case zk.OpMulti:
		d.multiTxn(t)
	default:
		d.fail(ErrMalformed)
	}
}

func (d *decoder) createTxn(t *zk.Txn) {
	t.Path, t.Data, t.ACL = d.string(), d.buffer(), d.acls()
	if t.Type == zk.OpCreate || t.Type == zk.OpCreate2 {
		t.Ephemeral = d.bool()
	}
	if t.Type == zk.OpCreate && d.err == nil && d.left() == 0 {
		// CreateTxnV0 of the oldest logs; -1 makes DataTree.createNode count for itself.
		t.ParentCVersion = -1
		return
	}
	t.ParentCVersion = d.int()
	if t.Type == zk.OpCreateTTL {
		t.TTL = d.long()
	}
}

// closeSession reads the list of paths that stands there since 3.6, unless closeSessionTxn.enabled
// is off. Without it the digest follows at once; taken for a list it makes no sense.
func (d *decoder) closeSession(t *zk.Txn) {
	if d.left() == 0 {
		return
	}
	e := decoder{b: d.b, p: d.p}
	t.Paths = e.strings()
	if e.err != nil && d.left() == digestSize {
		t.Paths = nil
		return
	}
	t.HasPaths = true
	*d = e
}

// multiTxn reads the parts; a multi inside a multi is refused, as no server makes one.
func (d *decoder) multiTxn(t *zk.Txn) {
	n := d.count(8)
	if n <= 0 {
		return
	}
	t.Ops = make([]zk.Txn, 0, min(n, 16))
	for range n {
		op := zk.Txn{Type: zk.OpCode(d.int())}
		part := decoder{b: d.buffer()}
		if d.err != nil {
			return
		}
		if op.Type == zk.OpMulti {
			part.fail(ErrMalformed)
		}
		part.txnBody(&op)
		if err := part.complete(); err != nil {
			d.fail(err)
			return
		}
		t.Ops = append(t.Ops, op)
	}
}
