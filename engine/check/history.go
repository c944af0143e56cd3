package check

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// entry is one transaction at its place in a history. It names the whole history that ends with
// it, and equal histories end with the same entry, so that comparing two takes one comparison.
type entry struct {
	parent  *entry
	child   *entry // the first that was seen to follow
	sibling *entry // the next child of parent
	zxid    zk.Zxid
	hash    uint32
	depth   int32    // number of entries up to here; 0 for the empty history
	seen    node.Seq // event that first showed it
	settled node.Seq // event that made it part of the committed history
	at      node.ID  // server of the event settled, or before that of seen
}

// empty is a history without transactions.
func empty() *entry { return &entry{} }

// then is the history with one transaction more; ev is the event that shows it.
func (e *entry) then(z zk.Zxid, hash uint32, seq node.Seq, at node.ID) *entry {
	for c := e.child; c != nil; c = c.sibling {
		if c.zxid == z && c.hash == hash {
			return c
		}
	}
	c := &entry{parent: e, sibling: e.child, zxid: z, hash: hash, depth: e.depth + 1, seen: seq,
		at: at}
	e.child = c
	return c
}

// next is the history with transaction z more, nil if none such was seen.
func (e *entry) next(z zk.Zxid) *entry {
	for c := e.child; c != nil; c = c.sibling {
		if c.zxid == z {
			return c
		}
	}
	return nil
}

// contains reports whether history e begins with history x.
func (e *entry) contains(x *entry) bool {
	for e.depth > x.depth {
		e = e.parent
	}
	return e == x
}

// upTo is the part of history e up to zxid z.
func (e *entry) upTo(z zk.Zxid) *entry {
	for e.depth > 0 && e.zxid > z {
		e = e.parent
	}
	return e
}

// behind lists the entries of e behind zxid z, oldest first.
func (e *entry) behind(z zk.Zxid) []*entry {
	n := 0
	for x := e; x.depth > 0 && x.zxid > z; x = x.parent {
		n++
	}
	out := make([]*entry, n)
	for ; n > 0; n-- {
		out[n-1], e = e, e.parent
	}
	return out
}

// committed is the one sequence that all servers must deliver: list[i] has depth i+1.
type committed struct {
	root *entry
	list []*entry
}

// last is the whole committed history.
func (c *committed) last() *entry { return c.first(len(c.list)) }

// first is the history of the first n committed transactions.
func (c *committed) first(n int) *entry {
	if n == 0 {
		return c.root
	}
	return c.list[n-1]
}

// has reports whether history e is a part of the committed one.
func (c *committed) has(e *entry) bool {
	return e == c.root || int(e.depth) <= len(c.list) && c.list[e.depth-1] == e
}

// common is the longest beginning that history e shares with the committed one.
func (c *committed) common(e *entry) *entry {
	for e.depth > 0 && !c.has(e) {
		e = e.parent
	}
	return e
}

// settle makes history e committed. If it contradicts what is committed, nothing changes and
// fork is the first entry of e that stands where another is committed.
func (c *committed) settle(e *entry, seq node.Seq, at node.ID) (fork *entry) {
	have := int32(len(c.list))
	if e.depth <= have && c.has(e) {
		return nil
	}
	x := e
	for x.depth > have+1 {
		x = x.parent
	}
	if x.depth <= have || x.parent != c.last() {
		for !c.has(x.parent) {
			x = x.parent
		}
		return x
	}
	if x == e { // the usual case: one more
		e.settled, e.at = seq, at
		c.list = append(c.list, e)
		return nil
	}
	c.list = append(c.list, make([]*entry, e.depth-have)...)
	for ; e.depth > have; e = e.parent {
		e.settled, e.at = seq, at
		c.list[e.depth-1] = e
	}
	return nil
}
