package sim

import (
	"zabscope/engine/node"
	"zabscope/engine/sim/network"
)

type itemKind uint8

const (
	wireItem      itemKind = iota // task: something is due in the network
	timerItem                     // slot: index of a timer of the machine; gen: its generation
	syncItem                      // slot: handle of a sync; gen: life of the disk
	writebackItem                 // gen: life of the disk
)

// item is one thing to come. Items are not taken out when they become void; they say so when their
// time has come.
type item struct {
	kind itemKind
	slot int32
	gen  uint32
	m    *machine
	task network.Task
}

// key orders items: by time, then by number.
type key struct {
	at     node.Time
	number uint64
	slot   int32 // in queue.items
}

func (k *key) before(l *key) bool {
	return k.at < l.at || k.at == l.at && k.number < l.number
}

// queue is a 4-ary heap of keys over a store of items.
type queue struct {
	keys   []key
	items  []item
	unused []int32
}

func (q *queue) push(at node.Time, number uint64, it item) {
	var slot int32
	if n := len(q.unused); n > 0 {
		slot = q.unused[n-1]
		q.unused = q.unused[:n-1]
		q.items[slot] = it
	} else {
		slot = int32(len(q.items))
		q.items = append(q.items, it)
	}
	k := key{at, number, slot}
	q.keys = append(q.keys, k)
	i := len(q.keys) - 1
	for i > 0 {
		parent := (i - 1) >> 2
		if !k.before(&q.keys[parent]) {
			break
		}
		q.keys[i] = q.keys[parent]
		i = parent
	}
	q.keys[i] = k
}

// pop takes out the first item; the queue must not be empty.
func (q *queue) pop() (key, item) {
	top, n := q.keys[0], len(q.keys)-1
	last := q.keys[n]
	q.keys = q.keys[:n]
	if n > 0 {
		q.sink(last)
	}
	q.unused = append(q.unused, top.slot)
	it := q.items[top.slot]
	q.items[top.slot] = item{}
	return top, it
}

// sink puts k in at the top and lets it find its place.
func (q *queue) sink(k key) {
	i, n := 0, len(q.keys)
	for {
		child := i<<2 + 1
		if child >= n {
			break
		}
		best := child
		for c := child + 1; c < n && c < child+4; c++ {
			if q.keys[c].before(&q.keys[best]) {
				best = c
			}
		}
		if !q.keys[best].before(&k) {
			break
		}
		q.keys[i] = q.keys[best]
		i = best
	}
	q.keys[i] = k
}
