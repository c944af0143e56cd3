package scenario

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"zabscope/engine/zk"
)

// places remembers where in the text the parts of a scenario stood, for errors that only show when
// the whole is known.
type places struct {
	head  map[string]int // by headLine.Key
	steps []int
}

// Parse reads a scenario in either form: a text whose first character is a brace is JSON. name is
// what errors call the text. The error is an *Error.
func Parse(name string, text []byte) (sc *Scenario, err error) {
	s := source{name, string(text)}
	defer func() {
		if x := recover(); x != nil {
			e, ok := x.(*Error)
			if !ok {
				panic(x)
			}
			sc, err = nil, e
		}
	}()
	s.checkUTF8()
	at := places{head: map[string]int{}}
	if strings.HasPrefix(strings.TrimLeft(s.text, " \t\r\n"), "{") {
		v, err := readJSON(s)
		if err != nil {
			return nil, err
		}
		d := &decoder{source: s, places: at}
		sc = d.scenario(v)
		at = d.places
	} else {
		sc = s.textScenario(&at)
	}
	s.check(sc, at)
	return sc, nil
}

// ParseStep reads one step in the text form, for an ensemble that runs already. The error is an
// *Error.
func ParseStep(name, text string) (step Step, err error) {
	s := source{name, text}
	defer func() {
		if x := recover(); x != nil {
			e, ok := x.(*Error)
			if !ok {
				panic(x)
			}
			err = e
		}
	}()
	s.checkUTF8()
	list := s.statements()
	if len(list) != 1 {
		return Step{}, s.errorAt(0, "expected one command, found %d", len(list))
	}
	first := list[0].take()
	c := commandNamed(first.text)
	if c == nil || first.quoted {
		list[0].fail(first, "expected a command, found %s; commands are %s", first.found(),
			commandNames())
	}
	return list[0].step(c), nil
}

// checkUTF8 refuses bytes that are no text. It panics with *Error.
func (s *source) checkUTF8() {
	for i, c := range s.text {
		if _, n := utf8.DecodeRuneInString(s.text[i:]); c == utf8.RuneError && n == 1 {
			panic(s.errorAt(i, "this is no text: a byte that is not UTF-8"))
		}
	}
}

// check holds what the parts of a scenario say of each other. It panics with *Error.
func (s *source) check(sc *Scenario, at places) {
	fail := func(key, message string) {
		offset, ok := at.head[key]
		if !ok {
			offset = len(s.text)
		}
		panic(s.errorAt(offset, "%s", message))
	}
	if m := sc.checkSize(); m != "" && sc.MaxServers > MaxServersByOption {
		fail("maxServers", m)
	} else if m != "" {
		fail("servers", m)
	}
	if sc.Latency.Max < sc.Latency.Min {
		fail("latency", "the greatest latency is less than the least")
	}
	if _, err := sc.options(); err != nil {
		fail("options", err.Error())
	}
	for _, x := range []struct {
		key  string
		sids []zk.SID
	}{{"groups", slices.Concat(sc.Groups...)}, {"weights", weightSIDs(sc.Weights)},
		{"per_server", perServerSIDs(sc.PerServer)}} {
		for _, id := range x.sids {
			if !sc.has(id) {
				fail(x.key, fmt.Sprintf("%s names server %d, which is not in the ensemble", x.key,
					id))
			}
		}
	}
	for i := range sc.Steps {
		if m := sc.checkStep(&sc.Steps[i]); m != "" {
			panic(s.errorAt(at.steps[i], "%s", m))
		}
	}
}

// weightSIDs lists the servers that weights name.
func weightSIDs(list []Weight) []zk.SID {
	var out []zk.SID
	for _, w := range list {
		out = append(out, w.SID)
	}
	return out
}

// perServerSIDs lists the servers that single configurations are for or name.
func perServerSIDs(list []PerServer) []zk.SID {
	var out []zk.SID
	for _, p := range list {
		out = append(append(out, p.SID), p.View...)
	}
	return out
}

// checkSize says what is wrong with the number of servers, "" if nothing.
func (sc *Scenario) checkSize() string {
	limit := MaxServers
	if sc.MaxServers > 0 {
		limit = sc.MaxServers
	}
	switch {
	case limit > MaxServersByOption:
		return fmt.Sprintf("an ensemble has at most %d servers", MaxServersByOption)
	case len(sc.Servers) == 0:
		return "a scenario needs at least one server"
	case len(sc.Servers) > limit && sc.MaxServers == 0:
		return fmt.Sprintf("%d servers are more than %d; set maxServers if that is meant",
			len(sc.Servers), limit)
	case len(sc.Servers) > limit:
		return fmt.Sprintf("%d servers are more than maxServers, which is %d", len(sc.Servers),
			limit)
	}
	return sc.checkServers()
}

// checkServers says what is wrong with the list of servers, "" if nothing.
func (sc *Scenario) checkServers() string {
	voters := 0
	for i, x := range sc.Servers {
		if i > 0 && sc.Servers[i-1].SID == x.SID {
			return fmt.Sprintf("server %d is there twice", x.SID)
		}
		if x.Type == zk.Participant {
			voters++
		}
	}
	if voters == 0 {
		return "an ensemble needs at least one server that votes"
	}
	return sc.checkAlone(voters)
}

// has reports whether a server is a member.
func (sc *Scenario) has(id zk.SID) bool {
	return slices.ContainsFunc(sc.Servers, func(s Server) bool { return s.SID == id })
}

// checkStep says what is wrong with a step whatever happened before it, "" if nothing.
func (sc *Scenario) checkStep(s *Step) string {
	ids := slices.Concat(s.SIDs, s.A, s.B, s.Joining.SIDs)
	for _, id := range []zk.SID{s.SID, s.From, s.To, s.Via} {
		if id != 0 {
			ids = append(ids, id)
		}
	}
	if s.Until != nil {
		ids = append(ids, s.Until.sids()...)
	}
	for _, id := range ids {
		if !sc.has(id) {
			return fmt.Sprintf("there is no server %d in this ensemble", id)
		}
	}
	for _, id := range s.A {
		if slices.Contains(s.B, id) {
			return fmt.Sprintf("server %d stands on both sides of the partition", id)
		}
	}
	switch {
	case s.From != 0 && s.From == s.To:
		return "a link has two ends"
	case s.Op == "skew" && (s.Rate < 0.1 || s.Rate > 10):
		return "a clock's rate lies between 0.1 and 10"
	case s.Op == "disk" && !slices.Contains(diskFaults, s.Fault):
		return fmt.Sprintf("there is no disk fault %q; there are %s", s.Fault,
			strings.Join(diskFaults, ", "))
	}
	if m := s.checkCount(); m != "" {
		return m
	}
	if m := s.checkNeeds(); m != "" || s.Path == "" {
		return m
	}
	return checkPath(s.Path)
}

// checkNeeds says what the step must say and does not, "" if nothing: what is written as nothing
// could not be read again.
func (s *Step) checkNeeds() string {
	for _, p := range commandNamed(s.Op).Params {
		if _, said := textOf(p.at(s)); p.Need && !said {
			return fmt.Sprintf("%s needs %q: %s", s.Op, p.Key, p.About)
		}
	}
	return ""
}

// diskFaults are the states that the command disk can put a disk in.
var diskFaults = []string{"slow", "full", "broken", "whole"}

// sids lists all servers that a condition names.
func (u *Until) sids() []zk.SID {
	ids := slices.Concat(u.Serving, u.NotServing)
	for _, r := range u.Roles {
		ids = append(ids, r.SID)
	}
	for _, l := range u.Logged {
		ids = append(ids, l.SID)
	}
	if id, ok := sidOf(u.Leader); ok {
		ids = append(ids, id)
	}
	return ids
}
