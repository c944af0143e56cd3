package jute

import (
	"bytes"
	"hash"
	"hash/adler32"

	"zabscope/engine/zk"
)

// A snapshot is written and read part by part, in this order: in a file
//
//	FileHeader Sessions ACLCache Node... EndNodes Seal [Digest Seal] [LastZxid Seal]
//
// and after a SNAP packet
//
//	Sessions ACLCache Node... EndNodes Signature
//
// where
//
//	FileHeader  int magic "ZKSN", int version 2, long dbid -1
//	Sessions    int count; count times long id, int timeout
//	ACLCache    int count; count times long id, vector<ACL>
//	Node        ustring path, buffer data, long id of the ACL, StatPersisted
//	EndNodes    ustring "/"
//	Seal        long Adler32 of all bytes before it, ustring "/"
//	Digest      long zxid, int version, long digest
//	LastZxid    long zxid
//	Signature   ustring "BenWasHere"
//
// (persistence.FileSnap.serialize, DataTree.serialize, LearnerHandler.run)
const snapshotHeader = "ZKSN\x00\x00\x00\x02\xff\xff\xff\xff\xff\xff\xff\xff"

const (
	signature  = "BenWasHere"
	endOfNodes = "/" // the root's own path is "", so no node has this one
)

// SnapshotSession is an open session in a snapshot. Timeout is in milliseconds.
type SnapshotSession struct {
	ID      int64
	Timeout int32
}

// SnapshotACL is an entry of the cache that maps the ids in nodes to lists. Ids count from 1; -1,
// the id of nodes made without a list, means world:anyone and is never in the cache, though that
// list may be there under an id of its own. (ReferenceCountedACLCache.convertAcls)
type SnapshotACL struct {
	ID  int64
	ACL []zk.ACL
}

// SnapshotNode is a node as snapshots have it. (DataNode, StatPersisted)
type SnapshotNode struct {
	Path           string // "" for the root; parents stand before children
	Data           []byte // nil is null
	ACL            int64  // id in the ACL cache or -1
	Czxid, Mzxid   zk.Zxid
	Ctime, Mtime   int64 // wall clock, milliseconds
	Version        int32
	Cversion       int32 // as stored: creations of children, not what clients are told
	Aversion       int32
	EphemeralOwner int64
	Pzxid          zk.Zxid
}

// SnapshotWriter builds a snapshot in memory. The zero value is ready.
type SnapshotWriter struct {
	buf    []byte
	sum    hash.Hash32 // of buf[:summed]
	summed int
}

// NewSnapshotWriter returns a writer with room for size bytes, which may be a guess.
func NewSnapshotWriter(size int) *SnapshotWriter {
	return &SnapshotWriter{buf: make([]byte, 0, size)}
}

// Bytes is all that was written; the caller owns it once it writes no more.
func (w *SnapshotWriter) Bytes() []byte { return w.buf }

// FileHeader writes magic number, version and dbid. (persistence.FileHeader)
func (w *SnapshotWriter) FileHeader() { w.buf = append(w.buf, snapshotHeader...) }

// Sessions writes the open sessions, in the order given. (SerializeUtils.serializeSnapshot)
func (w *SnapshotWriter) Sessions(v []SnapshotSession) {
	w.buf = appendInt(w.buf, int32(len(v)))
	for _, s := range v {
		w.buf = appendInt(appendLong(w.buf, s.ID), s.Timeout)
	}
}

// ACLCache writes the ACL cache, in the order given. (ReferenceCountedACLCache.serialize)
func (w *SnapshotWriter) ACLCache(v []SnapshotACL) {
	w.buf = appendInt(w.buf, int32(len(v)))
	for i := range v {
		w.buf = appendACLs(appendLong(w.buf, v[i].ID), v[i].ACL)
	}
}

// Node writes one node. (DataTree.serializeNode)
func (w *SnapshotWriter) Node(n *SnapshotNode) {
	b := appendString(w.buf, n.Path)
	b = appendBuffer(b, n.Data)
	b = appendLong(b, n.ACL)
	b = appendLong(b, int64(n.Czxid))
	b = appendLong(b, int64(n.Mzxid))
	b = appendLong(b, n.Ctime)
	b = appendLong(b, n.Mtime)
	b = appendInt(b, n.Version)
	b = appendInt(b, n.Cversion)
	b = appendInt(b, n.Aversion)
	b = appendLong(b, n.EphemeralOwner)
	w.buf = appendLong(b, int64(n.Pzxid))
}

// EndNodes ends the list of nodes.
func (w *SnapshotWriter) EndNodes() { w.buf = appendString(w.buf, endOfNodes) }

// Seal writes the Adler32 of all bytes so far, earlier seals included, and the mark by which a
// whole file is known. (SnapStream.sealStream)
func (w *SnapshotWriter) Seal() {
	if w.sum == nil {
		w.sum = adler32.New()
	}
	w.sum.Write(w.buf[w.summed:])
	w.summed = len(w.buf)
	w.buf = appendLong(w.buf, int64(w.sum.Sum32()))
	w.buf = appendString(w.buf, endOfNodes)
}

// Digest writes the digest of the tree after transaction z. (DataTree.serializeZxidDigest)
func (w *SnapshotWriter) Digest(z zk.Zxid, version int32, digest uint64) {
	w.buf = appendInt(appendLong(w.buf, int64(z)), version)
	w.buf = appendLong(w.buf, int64(digest))
}

// LastZxid writes the last transaction in the tree, which 3.9 stores where
// serializeLastProcessedZxid is enabled. (DataTree.serializeLastProcessedZxid)
func (w *SnapshotWriter) LastZxid(z zk.Zxid) { w.buf = appendLong(w.buf, int64(z)) }

// Signature ends a stream to a learner. (LearnerHandler.run)
func (w *SnapshotWriter) Signature() { w.buf = appendString(w.buf, signature) }

// SnapshotReader reads what SnapshotWriter wrote, part by part in the same order. Running out of
// bytes is io.ErrUnexpectedEOF; after an error every later call returns the same one.
type SnapshotReader struct {
	d      decoder
	sum    hash.Hash32
	summed int
}

// NewSnapshotReader reads from b, which nodes' data alias.
func NewSnapshotReader(b []byte) *SnapshotReader { return &SnapshotReader{d: decoder{b: b}} }

// Offset is the number of bytes read so far.
func (r *SnapshotReader) Offset() int { return r.d.p }

// More reports whether bytes are left to read: behind the first seal, whether there is a digest.
func (r *SnapshotReader) More() bool { return r.d.left() > 0 }

// FileHeader reads the head of a file; ErrMalformed if it is not that of a snapshot.
func (r *SnapshotReader) FileHeader() error {
	h := r.d.take(len(snapshotHeader))
	if r.d.err == nil && string(h[:8]) != snapshotHeader[:8] {
		r.d.fail(ErrMalformed)
	}
	return r.d.err
}

// Sessions reads the open sessions.
func (r *SnapshotReader) Sessions() ([]SnapshotSession, error) {
	n := r.d.count(12)
	if r.d.err != nil || n <= 0 {
		return nil, r.d.err
	}
	out := make([]SnapshotSession, n)
	for i := range out {
		out[i].ID, out[i].Timeout = r.d.long(), r.d.int()
	}
	return out, r.d.err
}

// ACLCache reads the ACL cache.
func (r *SnapshotReader) ACLCache() ([]SnapshotACL, error) {
	n := r.d.count(12)
	if r.d.err != nil || n <= 0 {
		return nil, r.d.err
	}
	out := make([]SnapshotACL, n)
	for i := range out {
		out[i].ID, out[i].ACL = r.d.long(), r.d.acls()
	}
	return out, r.d.err
}

// Node reads the next node into n, whose Data aliases the reader's bytes; false at the end of the
// nodes, which is then behind the reader, and on an error.
func (r *SnapshotReader) Node(n *SnapshotNode) (bool, error) {
	d := &r.d
	n.Path = d.string()
	if d.err != nil || n.Path == endOfNodes {
		return false, d.err
	}
	n.Data, n.ACL = d.buffer(), d.long()
	n.Czxid, n.Mzxid = zk.Zxid(d.long()), zk.Zxid(d.long())
	n.Ctime, n.Mtime = d.long(), d.long()
	n.Version, n.Cversion, n.Aversion = d.int(), d.int(), d.int()
	n.EphemeralOwner, n.Pzxid = d.long(), zk.Zxid(d.long())
	return d.err == nil, d.err
}

// Seal reads a seal; ErrChecksum if the bytes before it are not what was written.
// (SnapStream.checkSealIntegrity)
func (r *SnapshotReader) Seal() error {
	if r.sum == nil {
		r.sum = adler32.New()
	}
	if r.d.err != nil {
		return r.d.err
	}
	r.sum.Write(r.d.b[r.summed:r.d.p])
	r.summed = r.d.p
	want := r.d.long()
	r.d.string()
	if r.d.err == nil && want != int64(r.sum.Sum32()) {
		r.d.fail(ErrChecksum)
	}
	return r.d.err
}

// Digest reads the digest of the tree after transaction z. (DataTree.deserializeZxidDigest)
func (r *SnapshotReader) Digest() (z zk.Zxid, version int32, digest uint64, err error) {
	z, version, digest = zk.Zxid(r.d.long()), r.d.int(), uint64(r.d.long())
	return z, version, digest, r.d.err
}

// LastZxid reads the last transaction in the tree, behind the digest's seal.
func (r *SnapshotReader) LastZxid() (zk.Zxid, error) {
	z := zk.Zxid(r.d.long())
	return z, r.d.err
}

// Signature reads the end of a stream; ErrMalformed if it is another.
// (Learner.syncWithLeader: "Missing signature")
func (r *SnapshotReader) Signature() error {
	if s := r.d.string(); r.d.err == nil && s != signature {
		r.d.fail(ErrMalformed)
	}
	return r.d.err
}

// IsValidSnapshot is the cheap look at a file's end that decides whether loading it is tried at
// all: a whole file ends with a seal. (SnapStream.isValidSnapshot)
func IsValidSnapshot(b []byte) bool {
	return len(b) >= 10 && bytes.HasSuffix(b, []byte("\x00\x00\x00\x01/"))
}
