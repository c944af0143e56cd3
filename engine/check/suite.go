package check

import (
	"cmp"
	"slices"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
)

// Config is what a suite must know of a run beside its trace.
type Config struct {
	Membership *zk.Membership // of the whole ensemble, at most 64 members
	Options    zk.Options     // they decide which known bugs a violation can be blamed on
	// InitialCounter is zk.Config.InitialCounter: the counter behind which epochs begin, usually
	// 0.
	InitialCounter int64
}

// Checker is one rule, or a few that look at the same thing.
type Checker interface {
	// Kinds lists the events that the checker wants to see.
	Kinds() []node.Kind
	// Observe looks at the next event of those kinds and returns what it breaks. The event is the
	// caller's again when it returns.
	Observe(ev *trace.Event) []Violation
}

// Suite is a set of checkers that follow one run. It belongs to one goroutine. Its memory grows
// with the number of different transactions, not with that of events.
type Suite struct {
	model  *model
	byKind [][]Checker // checkers by kind of event
	live   []suspect
	told   map[told]bool
	event  node.Event
}

// told is what was reported once and need not be again: the same rule at the same server, about
// the same epoch.
type told struct {
	rule   string
	server node.ID
	epoch  zk.Epoch
}

// All returns the suite of all rules for a run of ZooKeeper's machines, whose trace must be
// complete from its first event on.
func All(c Config) *Suite {
	m := newModel(c)
	s := &Suite{model: m, live: suspects(&c.Options), told: map[told]bool{}}
	for _, k := range []Checker{newReigns(m), &proposer{m}, newIntegrity(m), &prefix{m},
		&primary{m}, &commits{m}, &acks{m}, &durability{m}, &losses{m: m}, newVotedIn(m),
		&epochOrder{m}, newPromises(m), &entries{m}, newStreams(m), newActivation(m),
		newBallots(m)} {
		s.add(k)
	}
	return s
}

func (s *Suite) add(c Checker) {
	for _, k := range c.Kinds() {
		for len(s.byKind) <= int(k) {
			s.byKind = append(s.byKind, nil)
		}
		s.byKind[k] = append(s.byKind[k], c)
	}
}

// Observe looks at the next event of the run and returns what it breaks, in the order of Rules.
// Each rule is reported once for each server and epoch.
func (s *Suite) Observe(ev *trace.Event) []Violation {
	s.model.observe(ev)
	for _, x := range s.model.signs {
		s.show(x)
	}
	if int(ev.Kind) >= len(s.byKind) {
		return nil
	}
	var out []Violation
	for _, c := range s.byKind[ev.Kind] {
		if v := c.Observe(ev); v != nil {
			out = append(out, v...)
		}
	}
	if out == nil {
		return nil
	}
	return s.sift(ev, out)
}

// show tells the bugs of a sign.
func (s *Suite) show(x shown) {
	for i := range s.live {
		if s.live[i].sign == x.sign {
			s.live[i].show(x.at)
		}
	}
}

// sift drops what was reported before, and completes and orders the rest.
func (s *Suite) sift(ev *trace.Event, all []Violation) []Violation {
	fresh := slices.DeleteFunc(all, func(v Violation) bool {
		k := told{v.Rule, v.Server, v.Zxid.Epoch()}
		was := s.told[k]
		s.told[k] = true
		return was
	})
	slices.SortStableFunc(fresh, func(a, b Violation) int {
		return cmp.Compare(ranks[a.Rule], ranks[b.Rule])
	})
	for i := range fresh {
		v := &fresh[i]
		v.Seq = ev.Seq
		v.Bug = blame(s.live, &finding{s.model, ev, v})
		// Those without an event, 0, come last.
		slices.SortStableFunc(v.Facts, func(a, b Fact) int { return cmp.Compare(a.Seq-1, b.Seq-1) })
	}
	return fresh
}

// Recording returns what a driver is to call with each event that it has recorded: it records an
// event of kind node.KindViolated behind the one that breaks a rule, at the same machine and
// time, and then calls then, which may be nil.
func (s *Suite) Recording(r *trace.Recorder, then func(Violation)) func(*trace.Event) {
	return func(ev *trace.Event) {
		if ev.Kind == node.KindViolated {
			return
		}
		for _, v := range s.Observe(ev) {
			r.Append(ev.Time, ev.Node, v.Event(&s.event))
			if then != nil {
				then(v)
			}
		}
	}
}
