package zab

import (
	"sort"

	"zabscope/engine/jute"
	"zabscope/engine/quorum"
	"zabscope/engine/server"
	"zabscope/engine/zk"
)

// proposal is a transaction on its way to a quorum. (Leader.Proposal)
type proposal struct {
	packet *jute.QuorumPacket // PROPOSAL, shared with every follower
	req    *server.Request
	acks   quorum.Tracker
	next   *proposal // in the leader's free list
}

func (p *proposal) zxid() zk.Zxid { return p.packet.Zxid }

// proposals is a queue in zxid order: outstandingProposals and toBeApplied of the Java class.
type proposals struct {
	list []*proposal
	head int
}

func (q *proposals) len() int { return len(q.list) - q.head }

func (q *proposals) push(p *proposal) { q.list = append(q.list, p) }

// first is the oldest proposal, nil when there is none.
func (q *proposals) first() *proposal {
	if q.len() == 0 {
		return nil
	}
	return q.list[q.head]
}

// pop removes the oldest proposal; the room of those gone is used again.
func (q *proposals) pop() *proposal {
	p := q.list[q.head]
	q.list[q.head] = nil
	q.head++
	if q.head == len(q.list) {
		q.list, q.head = q.list[:0], 0
	} else if q.head > 1024 && q.head > len(q.list)/2 {
		n := copy(q.list, q.list[q.head:])
		clear(q.list[n:])
		q.list, q.head = q.list[:n], 0
	}
	return p
}

// after lists the proposals with a zxid above z; the slice is valid until the next change.
func (q *proposals) after(z zk.Zxid) []*proposal {
	live := q.list[q.head:]
	return live[sort.Search(len(live), func(i int) bool { return live[i].zxid() > z }):]
}

// find returns the proposal of zxid z, nil if it is not here.
func (q *proposals) find(z zk.Zxid) *proposal {
	if l := q.after(z - 1); len(l) > 0 && l[0].zxid() == z {
		return l[0]
	}
	return nil
}
