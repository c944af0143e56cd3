package scenario

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// author writes scenarios at random that make sense as far as a parser can tell.
type author struct{ *rand.Rand }

// maybe is true half of the time.
func (a author) maybe() bool { return a.IntN(2) == 0 }

// pick is any of a list.
func pick[T any](a author, list ...T) T { return list[a.IntN(len(list))] }

// members are the servers of every scenario of an author.
const members = 6

// sid is any member.
func (a author) sid() zk.SID { return zk.SID(1 + a.IntN(members)) }

// sids are some members in any order.
func (a author) sids() []zk.SID {
	all := a.Perm(members)
	var out []zk.SID
	for _, i := range all[:1+a.IntN(members-1)] {
		out = append(out, zk.SID(i+1))
	}
	return out
}

// time is any time that a form can write, to the nanosecond.
func (a author) time() node.Time {
	unit := pick(a, 1, node.Microsecond, node.Millisecond, node.Second)
	return node.Time(a.IntN(5000)) * unit
}

// text is a word that the text form may have trouble with.
func (a author) text() string {
	words := append([]string{"x", "two words", "é", "\t", "\"", "\\", "#", "a#b", ";", "|", "[", "]",
		"a=b", "\x00", "\n", " ", "0", "any", "observers", "oneway", "\u2028", "🦓"}, afterData...)
	return pick(a, words...) + pick(a, "", "", pick(a, words...))
}

// path is any path that ZooKeeper allows.
func (a author) path() string {
	p := ""
	for range a.IntN(3) {
		p += "/" + pick(a, "a", "b-", "zoo keeper", "until", "é", "...", "#", `"`)
	}
	if p == "" {
		return "/"
	}
	return p
}

// txn is any request; inside a multi only those that may stand there.
func (a author) txn(inside bool) Txn {
	x := newTxn(pick(a, "create", "set", "delete", "check"))
	if !inside {
		x = newTxn(pick(a, txnForms...).op)
	}
	for _, arg := range txnFormNamed(x.Op).args {
		switch arg {
		case "path":
			x.Path = a.path()
		case "data?":
			x.Data = pick(a, "", a.text())
		case "flags?":
			x.Flags = int32(a.IntN(4))
		case "version?":
			x.Version = int32(a.IntN(4) - 1)
		case "watch?":
			x.Watch = a.maybe()
		case "ops":
			for range a.IntN(4) {
				x.Ops = append(x.Ops, a.txn(true))
			}
		}
	}
	return x
}

// until is a condition with at least one part.
func (a author) until() *Until {
	u := newUntil()
	if a.maybe() {
		u.Serving = a.sids()
	}
	if a.maybe() {
		u.NotServing = a.sids()
	}
	if a.maybe() {
		u.Leader = pick(a, "any", a.sid().String())
	}
	for s := zk.SID(1); s <= members; s++ {
		if a.maybe() {
			u.Roles = append(u.Roles, Role{s, pick(a, roleNames...)})
		}
		if a.maybe() {
			u.Logged = append(u.Logged, Logged{s, int64(a.IntN(100))})
		}
	}
	if a.maybe() {
		u.Min = a.time()
	}
	u.Timeout = a.time()
	return u
}

// fill writes something into a field of a step.
func (a author) fill(field any) {
	switch p := field.(type) {
	case *string:
		*p = a.text()
	case *bool:
		*p = true
	case *int64:
		*p = 1 + int64(a.IntN(200))
	case *Millis:
		*p = Millis(1 + a.IntN(9000))
	case *float64:
		*p = 0.1 + 9*a.Float64()
	case *node.Time:
		*p = a.time()
	case *zk.SID:
		*p = a.sid()
	case *[]zk.SID:
		*p = a.sids()
	case *Joiners:
		*p = pick(a, Joiners{SIDs: a.sids()}, Joiners{Spec: "server.9=" + a.text()})
	case *[]Txn:
		for range 1 + a.IntN(3) {
			*p = append(*p, a.txn(false))
		}
	case **Until:
		*p = a.until()
	default:
		panic(fmt.Sprintf("no author writes a %T", field))
	}
}

// step is any step of a command.
func (a author) step(c *Command) Step {
	s := newStep(c.Name)
	for _, p := range c.params() {
		if p.Need || a.maybe() {
			a.fill(p.at(&s))
		}
	}
	// What a parser refuses although each part makes sense.
	if s.From == s.To && s.From != 0 {
		s.To = s.From%members + 1
	}
	s.B = slices.DeleteFunc(s.B, func(x zk.SID) bool { return slices.Contains(s.A, x) })
	if s.Op == "partition" && len(s.B) == 0 {
		s.A, s.B = s.A[:1], []zk.SID{s.A[0]%members + 1}
	}
	if s.Path != "" {
		s.Path = a.path()
	}
	if s.Fault != "" {
		s.Fault = pick(a, diskFaults...)
	}
	return s
}

// scenario is one with every command, in any order.
func (a author) scenario() *Scenario {
	sc := &Scenario{Name: a.text(), Shows: a.text(), Seed: a.Uint64() >> 11, Reconfig: a.maybe()}
	for s := zk.SID(1); s <= members; s++ {
		x := Server{SID: s}
		if s > 3 && a.maybe() {
			x.Type = zk.Observer
		}
		sc.Servers = append(sc.Servers, x)
		if a.maybe() {
			sc.Weights = append(sc.Weights, Weight{s, int64(a.IntN(9))})
		}
		if a.maybe() {
			sc.PerServer = append(sc.PerServer, PerServer{SID: s, View: a.sids(),
				Cfg: []Setting{{"tickTime", fmt.Sprint(1 + a.IntN(5000))}}})
		}
	}
	if a.maybe() {
		sc.Groups = [][]zk.SID{{1, 2}, {3}}
		sc.Options = []Setting{{"release", pick(a, releaseNames()...)}, {"fle.checkLeader", "false"}}
		sc.Sys = []Setting{{"zookeeper.forceSync", "no"}, {"zookeeper.snapCount", "20"}}
		lo := a.time()
		sc.Latency = Latency{lo, lo + 1 + a.time()}
	}
	for range 2 {
		for _, i := range a.Perm(len(commands)) {
			sc.Steps = append(sc.Steps, a.step(&commands[i]))
		}
	}
	return sc
}

// Whatever an author writes comes back from either form as it was.
func TestRandomScenariosSurviveBothForms(t *testing.T) {
	for seed := range uint64(60) {
		a := author{rand.New(rand.NewPCG(seed, 1))}
		sameForms(t, a.scenario())
		if t.Failed() {
			t.Fatal("seed", seed)
		}
	}
}

// Each step alone reads back from its line, as a person would type it at a prompt.
func TestRandomStepsSurviveTheirLine(t *testing.T) {
	a := author{rand.New(rand.NewPCG(9, 9))}
	for range 40 {
		for i := range commands {
			s := a.step(&commands[i])
			again, err := ParseStep("line", s.Text())
			if err != nil || again.Text() != s.Text() {
				t.Fatalf("%v\n%s\n%s", err, s.Text(), again.Text())
			}
		}
	}
}

// A text with a byte changed is read or refused with a place inside it, never anything else.
func TestDamagedScenariosAreReadOrRefused(t *testing.T) {
	a := author{rand.New(rand.NewPCG(3, 3))}
	sc := a.scenario()
	for _, form := range []string{sc.Text(), string(sc.JSON())} {
		lines := 1
		for _, c := range form {
			if c == '\n' {
				lines++
			}
		}
		for range 500 {
			b := []byte(form)
			b[a.IntN(len(b))] = byte(a.IntN(256))
			_, err := Parse("damaged", b)
			e, ok := err.(*Error)
			if err != nil && (!ok || e.Line < 1 || e.Line > lines+1 || e.Column < 1 || e.Message == "") {
				t.Fatalf("%#v", err)
			}
		}
	}
}
