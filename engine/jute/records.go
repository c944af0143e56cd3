package jute

import (
	"bytes"

	"zabscope/engine/zk"
)

// openACL is the vector of one entry that nearly every node has: world:anyone, everything.
var openACL = appendACLs(nil, zk.OpenACLUnsafe)

// appendACLs writes a vector of ACL; nil is written as empty, for no server sends null.
func appendACLs(b []byte, v []zk.ACL) []byte {
	b = appendInt(b, int32(len(v)))
	for i := range v {
		b = appendInt(b, v[i].Perms)
		b = appendString(b, v[i].ID.Scheme)
		b = appendString(b, v[i].ID.ID)
	}
	return b
}

// aclsSize is the length of what appendACLs writes.
func aclsSize(v []zk.ACL) int {
	n := 4
	for i := range v {
		n += 4 + stringSize(v[i].ID.Scheme) + stringSize(v[i].ID.ID)
	}
	return n
}

// acls shares zk.OpenACLUnsafe where it can, so that most nodes cost no list of their own.
func (d *decoder) acls() []zk.ACL {
	if d.err == nil && bytes.HasPrefix(d.b[d.p:], openACL) {
		d.p += len(openACL)
		return zk.OpenACLUnsafe
	}
	n := d.count(12)
	if n <= 0 {
		return nil
	}
	out := make([]zk.ACL, n)
	for i := range out {
		out[i].Perms = d.int()
		out[i].ID = d.id()
	}
	return out
}

// id reads ustring scheme, ustring id.
func (d *decoder) id() zk.ID {
	scheme := d.string()
	return zk.ID{Scheme: scheme, ID: d.string()}
}

// appendIDs writes nil as null.
func appendIDs(b []byte, v []zk.ID) []byte {
	if v == nil {
		return appendInt(b, null)
	}
	b = appendInt(b, int32(len(v)))
	for i := range v {
		b = appendString(b, v[i].Scheme)
		b = appendString(b, v[i].ID)
	}
	return b
}

// idsSize is the length of what appendIDs writes.
func idsSize(v []zk.ID) int {
	n := 4
	for i := range v {
		n += stringSize(v[i].Scheme) + stringSize(v[i].ID)
	}
	return n
}

// ids returns nil for null only.
func (d *decoder) ids() []zk.ID {
	n := d.count(8)
	if n == null {
		return nil
	}
	out := make([]zk.ID, n)
	for i := range out {
		out[i] = d.id()
	}
	return out
}

const statSize = 68

// appendStat writes what clients are told of a node; StatPersisted of snapshots has no dataLength
// and numChildren. (org.apache.zookeeper.data.Stat)
func appendStat(b []byte, s *zk.Stat) []byte {
	b = appendLong(b, int64(s.Czxid))
	b = appendLong(b, int64(s.Mzxid))
	b = appendLong(b, s.Ctime)
	b = appendLong(b, s.Mtime)
	b = appendInt(b, s.Version)
	b = appendInt(b, s.Cversion)
	b = appendInt(b, s.Aversion)
	b = appendLong(b, s.EphemeralOwner)
	b = appendInt(b, s.DataLength)
	b = appendInt(b, s.NumChildren)
	return appendLong(b, int64(s.Pzxid))
}

// stat reads the same.
func (d *decoder) stat() zk.Stat {
	return zk.Stat{
		Czxid: zk.Zxid(d.long()), Mzxid: zk.Zxid(d.long()), Ctime: d.long(), Mtime: d.long(),
		Version: d.int(), Cversion: d.int(), Aversion: d.int(), EphemeralOwner: d.long(),
		DataLength: d.int(), NumChildren: d.int(), Pzxid: zk.Zxid(d.long()),
	}
}
