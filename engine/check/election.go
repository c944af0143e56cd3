package check

import (
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// ballots is F1 to F5, what elections may do. Votes are read from the changes of the visible
// state, the same that people see.
type ballots struct {
	m       *model
	servers map[node.ID]*ballotBox
}

// ballotBox is the election as one server sees it.
type ballotBox struct {
	round   int64
	votes   map[int64]ballot // recvset, by sender
	outside map[int64]ballot // outofelection
}

// ballot is a vote in one of the sets.
type ballot struct {
	leader, zxid, epoch, round int64
	state                      string
	seq                        node.Seq
}

func newBallots(m *model) *ballots { return &ballots{m, map[node.ID]*ballotBox{}} }

func (c *ballots) Kinds() []node.Kind {
	return []node.Kind{node.KindStarted, event.ElectionRestarted, event.LookingForLeader,
		event.RoundRaised, event.VoteChanged, event.VotesCounted, event.Elected}
}

func (c *ballots) Observe(ev *trace.Event) []Violation {
	if ev.Node.IsClient() {
		return nil
	}
	b := c.servers[ev.Node]
	if b == nil || ev.Kind == node.KindStarted || ev.Kind == event.ElectionRestarted {
		b = &ballotBox{votes: map[int64]ballot{}, outside: map[int64]ballot{}}
		c.servers[ev.Node] = b
	}
	b.follow(ev)
	switch ev.Kind {
	case event.LookingForLeader:
		return b.enter(ev, ev.Args[0].N)
	case event.RoundRaised:
		return b.enter(ev, ev.Args[2].N)
	case event.VoteChanged:
		return c.changed(ev)
	case event.Elected:
		return c.elected(ev, b)
	}
	return nil
}

// follow takes the changes of the sets that an event carries.
func (b *ballotBox) follow(ev *trace.Event) {
	for i := range ev.Ops {
		op := &ev.Ops[i]
		set := b.votes
		switch op.Field {
		case event.OutOfElection:
			set = b.outside
		case event.RecvSet:
		default:
			continue
		}
		switch {
		case op.Code == node.OpPut && len(op.Values) == 5:
			v := op.Values
			set[op.Key.N] = ballot{v[0].N, v[1].N, v[2].N, v[3].N, v[4].S, ev.Seq}
		case op.Code == node.OpDrop && op.Key.Kind == node.NoValue:
			clear(set)
		case op.Code == node.OpDrop:
			delete(set, op.Key.N)
		}
	}
}

// enter is F5: a round that begins or is taken from others is not older than the one before.
// Only who joins an ensemble may go back to its round.
func (b *ballotBox) enter(ev *trace.Event, round int64) []Violation {
	was := b.round
	b.round = round
	if round >= was {
		return nil
	}
	return violated("F5", ev.Node, 0,
		fact(ev.Seq, "server %d goes from round %d to round %d", ev.Node, was, round))
}

// changed is F2. (FastLeaderElection.totalOrderPredicate)
func (c *ballots) changed(ev *trace.Event) []Violation {
	now := [3]int64{ev.Args[3].N, ev.Args[2].N, ev.Args[1].N}
	was := [3]int64{ev.Args[6].N, ev.Args[5].N, ev.Args[4].N}
	if ev.Args[4].Kind != node.IntValue {
		return nil // it had voted for nobody
	}
	for i := range now {
		if now[i] > was[i] {
			return nil
		}
		if now[i] < was[i] {
			break
		}
	}
	return violated("F2", ev.Node, 0, fact(ev.Seq,
		"server %d turns from (epoch %d, zxid %s, id %d) to (epoch %d, zxid %s, id %d)", ev.Node,
		was[0], zk.Zxid(was[1]), was[2], now[0], zk.Zxid(now[1]), now[2]))
}

// elected looks at whom a server takes for its leader: by votes, because it joins an ensemble, or
// because a reconfig has designated it, which takes no votes.
func (c *ballots) elected(ev *trace.Event, b *ballotBox) []Violation {
	leader := ev.Args[0].N
	var out []Violation
	s := c.m.server(ev.Node)
	if i := c.m.directory.index(zk.SID(leader)); !s.config.voters.has(i) &&
		!(s.seen != nil && s.seen.voters.has(i)) {
		out = violated("F4", ev.Node, 0, fact(ev.Seq,
			"server %d elects %s, who is no voter with weight", ev.Node, ev.Args[0]))
	}
	b.round = ev.Args[3].N
	switch text(ev, 4) {
	case "JOIN":
		out = append(out, c.joined(ev, b, leader)...)
	case "VOTE":
		out = append(out, c.voted(ev, b)...)
	}
	return out
}

// voted is F1: the supporters are a quorum of every configuration that has a say, and each one's
// vote is the result.
func (c *ballots) voted(ev *trace.Event, b *ballotBox) []Violation {
	supporters := c.m.directory.parse(text(ev, 5))
	result := ballot{ev.Args[0].N, ev.Args[1].N, ev.Args[2].N, ev.Args[3].N, "", 0}
	if !c.m.server(ev.Node).quorums(supporters) {
		return violated("F1", ev.Node, 0, fact(ev.Seq,
			"server %d elects server %d with the votes of %s", ev.Node, result.leader,
			c.m.directory.names(supporters)))
	}
	for i := range c.m.directory.sids {
		id := int64(c.m.directory.id(i))
		if v, ok := b.votes[id]; supporters.has(i) && node.ID(id) != ev.Node &&
			(!ok || !v.same(result)) {
			return violated("F1", ev.Node, 0, v.fact(id),
				fact(ev.Seq, "server %d counts it for (epoch %d, zxid %s, id %d) in round %d",
					ev.Node, result.epoch, zk.Zxid(result.zxid), result.leader, result.round))
		}
	}
	return nil
}

// fact tells of the vote of a server, or that there is none.
func (v ballot) fact(id int64) Fact {
	if v.seq == 0 {
		return fact(0, "no vote of server %d is known", id)
	}
	return fact(v.seq, "the vote of server %d is for (epoch %d, zxid %s, id %d) in round %d", id,
		v.epoch, zk.Zxid(v.zxid), v.leader, v.round)
}

func (v ballot) same(w ballot) bool {
	return v.leader == w.leader && v.zxid == w.zxid && v.epoch == w.epoch && v.round == w.round
}

// joined is F3.
func (c *ballots) joined(ev *trace.Event, b *ballotBox, leader int64) []Violation {
	leading := zk.Leading.String()
	if node.ID(leader) == ev.Node || b.votes[leader].state == leading ||
		b.outside[leader].state == leading {
		return nil
	}
	return violated("F3", ev.Node, 0, fact(ev.Seq,
		"server %d joins server %d, from which it has not heard that it leads", ev.Node, leader))
}
