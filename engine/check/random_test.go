package check

import (
	"math/rand/v2"
	"slices"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk/event"
)

// play is a legal run of five voters whose turns are drawn: writes, followers that leave, die and
// come back, leaders that are replaced, proposals that come to nothing.
type play struct {
	*story
	*rand.Rand
	synced []node.ID // followers that serve
	down   []node.ID // everybody else but the leader; their processes run, LOOKING
	writes int
}

// newPlay begins with server 5 leading all others.
func newPlay(t testing.TB, seed uint64) *play {
	p := &play{story: newStory(t, 5, 0), Rand: rand.New(rand.NewPCG(seed, 5)),
		synced: []node.ID{1, 2, 3, 4}}
	p.lead(5, 1, p.synced...)
	return p
}

// take one of a list out of it.
func (p *play) one(list *[]node.ID) node.ID {
	i := p.IntN(len(*list))
	x := (*list)[i]
	*list = slices.Delete(slices.Clone(*list), i, i+1)
	return x
}

// turn is one thing that may happen.
func (p *play) turn() {
	switch n := p.IntN(10); {
	case n < 4:
		p.write(p.synced...)
		p.writes++
	case n < 6 && len(p.synced) > 2:
		p.leave(p.one(&p.synced))
	case n < 8 && len(p.down) > 0:
		p.rejoin(p.one(&p.down))
	case n == 8 && len(p.down) == 0:
		p.replace(false)
	case n == 9 && len(p.down) == 0 && len(p.synced) == 4:
		p.replace(true)
	}
}

// leave is a follower that loses its leader; it may lose its process, too, and start again.
func (p *play) leave(f node.ID) {
	p.to(p.leader, f, event.HandlerClosed, id(f), word("gone"))
	switch p.IntN(3) {
	case 0:
		p.look(f)
	case 1:
		p.tell(f, node.KindKilled)
		p.start(f)
	case 2:
		p.crash(f, len(p.srv[f].log)) // all of it was synced
		p.start(f)
	}
	p.down = append(p.down, f)
}

// rejoin is a server that hears of the leader and is brought level.
func (p *play) rejoin(f node.ID) {
	p.outside(f, p.leader, "LEADING")
	p.elected(f, p.leader, "JOIN", p.synced...)
	p.to(p.leader, f, event.LearnerRegistered, id(f), num(int64(p.srv[f].current)),
		word("FOLLOWERINFO"))
	if p.srv[f].current < p.epoch {
		p.tell(f, event.AcceptedEpochWritten, num(int64(p.epoch)))
	}
	p.diff(f)
	p.story.take(f)
	p.ackNewLeader(f)
	p.ready(f)
	p.synced = append(p.synced, f)
}

// replace is the end of a leader. With a proposal that nobody else has heard of it comes back and
// cuts that off.
func (p *play) replace(orphan bool) {
	old := p.leader
	if orphan {
		p.propose()
	}
	for _, f := range p.synced {
		p.to(old, f, event.HandlerClosed, id(f), word("the leader ends"))
	}
	p.look(append(p.synced, old)...)
	rest := slices.Clone(p.synced)
	next := p.one(&rest)
	if !orphan {
		rest = append(rest, old)
	}
	p.lead(next, p.epoch+1, rest...)
	p.synced = rest
	if orphan {
		p.cutOff(old)
		p.synced = append(p.synced, old)
	}
}

// cutOff brings back a server whose log has one transaction too many.
func (p *play) cutOff(f node.ID) {
	p.outside(f, p.leader, "LEADING")
	p.elected(f, p.leader, "JOIN", p.synced...)
	p.tell(f, event.AcceptedEpochWritten, num(int64(p.epoch)))
	p.to(p.leader, f, event.LearnerRegistered, id(f), num(1), word("FOLLOWERINFO"))
	last := p.last(p.leader)
	p.to(p.leader, f, event.SyncChosen, id(f), word("TRUNC"), zx(last), zx(p.last(f)), zx(last), zx(0),
		zx(last), num(0))
	p.to(p.leader, f, event.PacketSent, word("TRUNC"), zx(last), word(""))
	p.forward(f)
	p.truncate(f, len(p.srv[f].log)-1)
	p.ackNewLeader(f)
	p.ready(f)
}

// Nothing that Zab allows is held against anybody, in whatever order it happens; and after any such
// run, what it forbids is seen at once.
func TestRandomLegalRunsAreSilent(t *testing.T) {
	writes, epochs := 0, 0
	for seed := range uint64(60) {
		p := newPlay(t, seed)
		for range 80 {
			p.turn()
			if len(p.found) > 0 {
				t.Logf("seed %d, epoch %d, serving %v, away %v", seed, p.epoch, p.synced, p.down)
				p.legal()
				return
			}
		}
		writes, epochs = writes+p.writes, epochs+int(p.epoch)
		for _, x := range []struct {
			rule string
			do   func()
		}{
			{"S1", func() { p.deliver(p.synced[0], z(p.epoch, 999), "COMMIT") }},
			{"S8", func() { p.tell(p.synced[1], event.Activated, num(int64(p.epoch)), list(1), zx(0)) }},
			{"S10", func() {
				p.tell(p.leader, event.Proposed, zx(p.write(p.synced...)), word("set"),
					word("/b"), num(4711), num(int64(p.epoch)))
			}},
			{"E2", func() { p.tell(p.synced[0], event.CurrentEpochWritten, num(int64(p.epoch)-1)) }},
			{"M3", func() { p.sendCommit(9, z(p.epoch, 1)) }},
			{"F2", func() { p.revote(0, 4, 3, mine...) }},
		} {
			if x.do(); !p.has(x.rule) {
				t.Fatalf("seed %d: %s is not seen, only %q", seed, x.rule, p.rules())
			}
		}
	}
	if writes < 1000 || epochs < 200 {
		t.Errorf("only %d writes and %d epochs", writes, epochs)
	}
}
