package datatree

import (
	"encoding/binary"
	"maps"
	"slices"

	"zabscope/engine/zk"
)

// OpenACL is the id that stands for OpenACLUnsafe without an entry in the cache.
// (ReferenceCountedACLCache.OPEN_UNSAFE_ACL_ID)
const OpenACL int64 = -1

// ACLEntry is one list of the ACL cache with the id by which nodes name it.
type ACLEntry struct {
	ID  int64
	ACL []zk.ACL
}

// aclCache keeps each list that nodes use once.
// (org.apache.zookeeper.server.ReferenceCountedACLCache)
type aclCache struct {
	index   int64 // last id given
	lists   map[int64]*aclList
	byKey   map[string]*aclList
	last    *aclList // answers again without a key, as nearly all creates use one list
	lastACL []zk.ACL // the very slice that led to it
	key     []byte   // scratch
}

type aclList struct {
	id    int64
	acl   []zk.ACL
	key   string
	count int64
}

func newACLCache() aclCache {
	return aclCache{lists: map[int64]*aclList{}, byKey: map[string]*aclList{}}
}

// convert gives the id of a list, counting one more user; nil is Java's null.
// (ReferenceCountedACLCache.convertAcls)
func (c *aclCache) convert(acl []zk.ACL) int64 {
	if acl == nil {
		return OpenACL
	}
	if c.last != nil && sameSlice(acl, c.lastACL) {
		c.last.count++
		return c.last.id
	}
	c.key = appendKey(c.key[:0], acl)
	l := c.byKey[string(c.key)]
	if l == nil {
		c.index++
		l = c.add(c.index, acl)
	}
	l.count++
	c.last, c.lastACL = l, acl
	return l.id
}

func sameSlice(a, b []zk.ACL) bool {
	return len(a) == len(b) && len(a) > 0 && &a[0] == &b[0]
}

func (c *aclCache) add(id int64, acl []zk.ACL) *aclList {
	l := &aclList{id: id, acl: acl, key: string(appendKey(nil, acl))}
	c.lists[id], c.byKey[l.key] = l, l
	return l
}

// appendKey lays a list out so that different lists differ.
func appendKey(b []byte, acl []zk.ACL) []byte {
	for _, a := range acl {
		b = binary.BigEndian.AppendUint32(b, uint32(a.Perms))
		b = binary.AppendUvarint(b, uint64(len(a.ID.Scheme)))
		b = append(b, a.ID.Scheme...)
		b = binary.AppendUvarint(b, uint64(len(a.ID.ID)))
		b = append(b, a.ID.ID...)
	}
	return b
}

// addUsage counts a user of an id that a snapshot names; unknown ids are passed over.
func (c *aclCache) addUsage(id int64) {
	if l := c.lists[id]; l != nil {
		l.count++
	}
}

func (c *aclCache) removeUsage(id int64) {
	l := c.lists[id]
	if l == nil {
		return
	}
	if l.count--; l.count <= 0 {
		c.forget(l)
	}
}

func (c *aclCache) forget(l *aclList) {
	delete(c.lists, l.id)
	if c.byKey[l.key] == l {
		delete(c.byKey, l.key)
	}
	if c.last == l {
		c.last = nil
	}
}

// purgeUnused drops what no node uses. (ReferenceCountedACLCache.purgeUnused)
func (c *aclCache) purgeUnused() {
	for _, id := range slices.Sorted(maps.Keys(c.lists)) {
		if l := c.lists[id]; l.count <= 0 {
			c.forget(l)
		}
	}
}

// nobody is the list of a node whose own is not known: a damaged snapshot opens nothing.
var nobody = []zk.ACL{{Perms: 0, ID: zk.ID{Scheme: "world", ID: "anyone"}}}

// ACL is the list behind an id that a node names. It is shared and must not be changed. An id that
// the tree does not know allows nobody anything. (ReferenceCountedACLCache.convertLong)
func (t *DataTree) ACL(id int64) []zk.ACL {
	if id == OpenACL {
		return zk.OpenACLUnsafe
	}
	if l := t.acls.lists[id]; l != nil {
		return l.acl
	}
	return nobody
}

// ACLs lists the ACL cache in order of ids. (ReferenceCountedACLCache.serialize)
func (t *DataTree) ACLs() []ACLEntry {
	out := make([]ACLEntry, 0, len(t.acls.lists))
	for _, id := range slices.Sorted(maps.Keys(t.acls.lists)) {
		out = append(out, ACLEntry{id, t.acls.lists[id].acl})
	}
	return out
}
