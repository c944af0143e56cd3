package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// reigns is S8, leader uniqueness: for each epoch at most one server has a quorum of ACKEPOCH,
// and at most one is activated. Two candidates may offer the same epoch, and two leaders of
// different epochs may be active at once; both are legal. (Leadership1 and Leadership2 of
// ZkV3_7_0.tla)
type reigns struct {
	m           *model
	established map[zk.Epoch]claim
	activated   map[zk.Epoch]claim
}

// claim is a server's claim to an epoch.
type claim struct {
	server node.ID
	seq    node.Seq
}

func newReigns(m *model) *reigns {
	return &reigns{m, map[zk.Epoch]claim{}, map[zk.Epoch]claim{}}
}

func (c *reigns) Kinds() []node.Kind {
	return []node.Kind{event.EpochEstablished, event.Activated}
}

func (c *reigns) Observe(ev *trace.Event) []Violation {
	claims, what := c.established, "has a quorum of ACKEPOCH for"
	if ev.Kind == event.Activated {
		claims, what = c.activated, "is activated for"
	}
	e := zk.Epoch(ev.Args[0].N)
	first, ok := claims[e]
	if !ok {
		claims[e] = claim{ev.Node, ev.Seq}
		return nil
	}
	if first.server == ev.Node {
		return nil
	}
	return violated("S8", ev.Node, zk.MakeZxid(e, 0),
		fact(first.seq, "server %d %s epoch %d", first.server, what, e),
		fact(ev.Seq, "server %d %s epoch %d, too", ev.Node, what, e))
}

// votedIn is S19, election safety: a leader is activated only if, among those whose ACKEPOCH it
// counted, there is a quorum none of which had a more recent history, currentEpoch first, then
// the last zxid. (Leader.waitForEpochAck)
type votedIn struct {
	m    *model
	acks map[node.ID][]ackEpoch // by leader, of its present role
}

// ackEpoch is a counted ACKEPOCH and what the leader had to compare with.
type ackEpoch struct {
	sid          zk.SID
	epoch, mine  zk.Epoch
	zxid, myZxid zk.Zxid
	seq          node.Seq
	ahead        bool
}

func newVotedIn(m *model) *votedIn { return &votedIn{m, map[node.ID][]ackEpoch{}} }

func (c *votedIn) Kinds() []node.Kind {
	return []node.Kind{event.StateChanged, event.AckEpochJudged, event.Activated}
}

func (c *votedIn) Observe(ev *trace.Event) []Violation {
	switch ev.Kind {
	case event.StateChanged:
		delete(c.acks, ev.Node)
		return nil
	case event.AckEpochJudged:
		if text(ev, 5) != "counted" {
			return nil
		}
		a := ackEpoch{sid: zk.SID(ev.Args[0].N), epoch: zk.Epoch(ev.Args[1].N),
			mine: zk.Epoch(ev.Args[3].N), zxid: zxid(ev, 2), myZxid: zxid(ev, 4), seq: ev.Seq}
		a.ahead = a.epoch > a.mine || a.epoch == a.mine && a.zxid > a.myZxid
		c.acks[ev.Node] = append(c.acks[ev.Node], a)
		return nil
	}
	var supporters set
	facts := []Fact{fact(ev.Seq, "server %d is activated for epoch %d", ev.Node, ev.Args[0].N)}
	for _, a := range c.acks[ev.Node] {
		if !a.ahead {
			supporters.add(c.m.directory.index(a.sid))
			continue
		}
		facts = append(facts, fact(a.seq, "server %d had (epoch %d, zxid %s), the leader only "+
			"(epoch %d, zxid %s)", a.sid, a.epoch, a.zxid, a.mine, a.myZxid))
	}
	if c.m.servers[ev.Node].quorum(supporters) {
		return nil
	}
	facts = append(facts, fact(0, "not more recent than the leader: %s",
		c.m.directory.names(supporters)))
	return violated("S19", ev.Node, zk.MakeZxid(zk.Epoch(ev.Args[0].N), 0), facts...)
}
