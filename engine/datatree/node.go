package datatree

import (
	"slices"
	"sort"

	"zabscope/engine/zk"
)

// StatPersisted is what a snapshot keeps of a node besides data, ACL and children.
// (org.apache.zookeeper.data.StatPersisted)
type StatPersisted struct {
	Czxid, Mzxid   zk.Zxid
	Ctime, Mtime   int64 // wall clock of the leader, milliseconds
	Version        int32 // of the data
	Cversion       int32 // creations of children; clients see another number, see Node.Stat
	Aversion       int32 // of the ACL
	EphemeralOwner int64 // session, or the mark of a container or TTL node, or 0
	Pzxid          zk.Zxid
}

// Node is one znode. Data, ACL and Stat may be read by everyone and are changed by the tree only;
// the bytes of Data never change. (org.apache.zookeeper.server.DataNode)
type Node struct {
	Data []byte // nil is Java's null
	ACL  int64  // id in the tree's ACL cache, OpenACL for world:anyone
	StatPersisted

	children []string // names without slashes, sorted
	digest   uint64   // this node's share of the tree's digest
	touched  uint64   // last transaction, by the tree's own count, that listed the node as changed
}

// NumChildren is the number of children.
func (n *Node) NumChildren() int { return len(n.children) }

// Digest is the node's share in the digest of its tree. (DigestCalculator.calculateDigest)
func (n *Node) Digest() uint64 { return n.digest }

// Stat is what a client is told of the node. Its cversion counts creations and deletions of
// children, while the node keeps creations only: each child that is gone was created and deleted.
// (DataNode.copyStat)
func (n *Node) Stat() zk.Stat {
	s := zk.Stat{
		Czxid: n.Czxid, Mzxid: n.Mzxid, Pzxid: n.Pzxid, Ctime: n.Ctime, Mtime: n.Mtime,
		Version: n.Version, Aversion: n.Aversion,
		Cversion:   2*n.Cversion - int32(len(n.children)),
		DataLength: int32(len(n.Data)), NumChildren: int32(len(n.children)),
	}
	if kindOf(n.EphemeralOwner) == ownedBySession {
		s.EphemeralOwner = n.EphemeralOwner
	}
	return s
}

func (n *Node) addChild(name string) {
	at, found := slices.BinarySearch(n.children, name)
	if !found {
		n.children = slices.Insert(n.children, at, name)
	}
}

func (n *Node) removeChild(name string) {
	at := sort.SearchStrings(n.children, name)
	if at < len(n.children) && n.children[at] == name {
		n.children = slices.Delete(n.children, at, at+1)
	}
}

// ContainerOwner is the ephemeralOwner of every container node.
// (EphemeralType.CONTAINER_EPHEMERAL_OWNER, Long.MIN_VALUE)
const ContainerOwner int64 = -1 << 63

const (
	ttlMark = int64(-1) << 56 // top byte 0xff, the two bytes behind it 0
	ttlMax  = 1<<40 - 1       // milliseconds
)

// TTLOwner is the ephemeralOwner of a node that may be deleted once it has been without children
// and changes for ttl milliseconds; ttl is cut to [0, 1<<40). (EphemeralType.TTL.toEphemeralOwner)
func TTLOwner(ttl int64) int64 { return ttlMark | max(0, min(ttl, ttlMax)) }

// TTL is the lifetime in milliseconds that an ephemeralOwner encodes; ok is false if it encodes
// none. (EphemeralType.TTL.getValue)
func TTL(ephemeralOwner int64) (millis int64, ok bool) {
	return ephemeralOwner & ttlMax, kindOf(ephemeralOwner) == ownedByTTL
}

// ownership says what an ephemeralOwner means. (org.apache.zookeeper.server.EphemeralType)
type ownership uint8

const (
	ownedByNobody ownership = iota
	ownedBySession
	ownedByContainer
	ownedByTTL
)

func kindOf(ephemeralOwner int64) ownership {
	switch {
	case ephemeralOwner == 0:
		return ownedByNobody
	case ephemeralOwner == ContainerOwner:
		return ownedByContainer
	case ephemeralOwner&^ttlMax == ttlMark:
		return ownedByTTL
	}
	return ownedBySession
}
