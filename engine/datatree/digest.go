package datatree

import (
	"encoding/binary"
	"hash/crc32"
	"strings"

	"zabscope/engine/zk"
)

// DigestVersion is the version of the digest's definition. (DigestCalculator.DIGEST_VERSION)
const DigestVersion = 2

// ZxidDigest is the digest of the tree right after a transaction. Zxid 0 is "none".
// (DataTree.ZxidDigest)
type ZxidDigest struct {
	Zxid    zk.Zxid
	Version int32
	Digest  uint64
}

// Mismatches counts the transactions after which the tree's digest was not the one that the leader
// had foreseen, and names the first. (DataTree.reportDigestMismatch)
type Mismatches struct {
	Count int
	First zk.Zxid
}

// Digest is the digest of the whole tree: the sum of those of its nodes. (DataTree.getTreeDigest)
func (t *DataTree) Digest() uint64 { return t.digest }

// LastDigest is the digest after the last transaction applied, which need not be that of the zxid
// last processed; zero before the first and until the zxid of a fuzzy snapshot's digest is
// reached. (DataTree.getLastProcessedZxidDigest)
func (t *DataTree) LastDigest() ZxidDigest { return t.last }

// Mismatches tells how often a digest in a transaction or a snapshot did not fit.
func (t *DataTree) Mismatches() Mismatches { return t.mismatches }

// NodeDigest is the share that a node would have in the digest: the CRC32 of its path, its data and
// sixty bytes of its Stat. Nodes below /zookeeper have none, for quotas are counted by each server
// alone. The leader uses it to foresee the digest after a transaction.
// (DigestCalculator.calculateDigest)
func (t *DataTree) NodeDigest(path string, data []byte, s *StatPersisted) uint64 {
	return t.scratch.node(path, data, s)
}

// digester is the buffer in which a node's Stat is laid out.
type digester struct{ buf [512]byte }

func (d *digester) node(path string, data []byte, s *StatPersisted) uint64 {
	if strings.HasPrefix(path, SystemPath+"/") {
		return 0
	}
	if path == Root {
		path = ""
	}
	crc := uint32(0)
	for len(path) > 0 { // through the buffer, for a conversion to bytes would allocate
		k := copy(d.buf[:], path)
		crc, path = crc32.Update(crc, crc32.IEEETable, d.buf[:k]), path[k:]
	}
	crc = crc32.Update(crc, crc32.IEEETable, data)
	b := d.buf[:60]
	binary.BigEndian.PutUint64(b, uint64(s.Czxid))
	binary.BigEndian.PutUint64(b[8:], uint64(s.Mzxid))
	binary.BigEndian.PutUint64(b[16:], uint64(s.Pzxid))
	binary.BigEndian.PutUint64(b[24:], uint64(s.Ctime))
	binary.BigEndian.PutUint64(b[32:], uint64(s.Mtime))
	binary.BigEndian.PutUint32(b[40:], uint32(s.Version))
	binary.BigEndian.PutUint32(b[44:], uint32(s.Cversion))
	binary.BigEndian.PutUint32(b[48:], uint32(s.Aversion))
	binary.BigEndian.PutUint64(b[52:], uint64(s.EphemeralOwner))
	return uint64(crc32.Update(crc, crc32.IEEETable, b))
}

// addDigest counts a node that is new or has changed; its old share must have been taken out.
func (t *DataTree) addDigest(path string, n *Node) {
	n.digest = t.scratch.node(path, n.Data, &n.StatPersisted)
	t.digest += n.digest
}

func (t *DataTree) dropDigest(n *Node) { t.digest -= n.digest }

// checkDigest holds the tree against the digest that came with the transaction, and remembers the
// tree's own. While the tree may hold effects of later transactions, it does neither.
// (DataTree.processTxn, compareSnapshotDigests, compareDigest)
func (t *DataTree) checkDigest(x *zk.Txn) {
	if t.loaded != nil {
		t.CompareSnapshotDigest(x.Zxid)
	} else {
		t.last = ZxidDigest{x.Zxid, DigestVersion, t.digest}
	}
	if x.HasDigest && t.loaded == nil && x.DigestVersion == DigestVersion && x.Digest != t.digest {
		t.mismatch(x.Zxid)
	}
}

// SetSnapshotDigest tells the tree the digest that a snapshot names; taken is the zxid in the
// snapshot's name. A digest of before that zxid says nothing and is dropped.
// (DataTree.deserializeZxidDigest)
func (t *DataTree) SetSnapshotDigest(d ZxidDigest, taken zk.Zxid) {
	t.loaded = nil
	if d.Zxid > 0 && d.Zxid >= taken {
		t.loaded = &d
	}
}

// CompareSnapshotDigest compares the tree with the loaded snapshot's digest if z is that digest's
// zxid: from there on the tree holds nothing of later transactions.
// (DataTree.compareSnapshotDigests)
func (t *DataTree) CompareSnapshotDigest(z zk.Zxid) {
	if t.loaded == nil || t.loaded.Zxid != z {
		return
	}
	if t.loaded.Version == DigestVersion && t.loaded.Digest != t.digest {
		t.mismatch(z)
	}
	t.loaded = nil
}

func (t *DataTree) mismatch(z zk.Zxid) {
	if t.mismatches.Count == 0 {
		t.mismatches.First = z
	}
	t.mismatches.Count++
}
