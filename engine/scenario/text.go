package scenario

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// textScenario reads the text form and notes in p where things stood. It panics with *Error.
func (s *source) textScenario(p *places) *Scenario {
	sc := &Scenario{}
	seen := map[string]bool{}
	for _, st := range s.statements() {
		first := st.take()
		h := headWord(first)
		c := commandNamed(first.text)
		switch {
		case first.quoted || h == nil && c == nil:
			st.fail(first, "expected a command, found %s; commands are %s", first.found(),
				commandNames())
		case h == nil:
			sc.Steps = append(sc.Steps, st.step(c))
			p.steps = append(p.steps, first.at)
		case len(sc.Steps) > 0:
			st.fail(first, "%s belongs before the first step", first.text)
		case seen[h.Key] && h.Key != "per_server":
			st.fail(first, "%s is there twice", first.text)
		default:
			seen[h.Key] = true
			p.head[h.Key] = first.at
			st.into(h.in(sc), h.Word)
			st.wantEnd()
		}
	}
	return sc
}

// headWord finds the head line that begins with a word, nil if there is none.
func headWord(t token) *headLine {
	for i := range head {
		if head[i].Word == t.text && !t.quoted {
			return &head[i]
		}
	}
	return nil
}

// wantEnd refuses words that nobody asked for.
func (s *statement) wantEnd() {
	if t := s.peek(); !t.end {
		s.fail(t, "expected the end of the line, found %s", t.found())
	}
}

// step reads the rest of a command's line: parameters without a word first, in their order, then
// those with one, in any.
func (s *statement) step(c *Command) Step {
	step := newStep(c.Name)
	params := c.params()
	given := map[string]bool{}
	for _, p := range params {
		if p.Word == "" {
			if t := s.peek(); t.end {
				s.fail(t, "%s needs %s here. Usage: %s", c.Name, p.About, c.Usage())
			}
			s.into(p.at(&step), p.Key)
			given[p.Key] = true
		}
	}
	for !s.peek().end {
		t := s.take()
		i := slices.IndexFunc(params, func(p Param) bool { return p.Word == t.text })
		switch {
		case i < 0 || t.quoted || t.text == "":
			s.fail(t, "%s does not know %s. Usage: %s", c.Name, t.found(), c.Usage())
		case given[params[i].Key]:
			s.fail(t, "%s is there twice", t.text)
		}
		given[params[i].Key] = true
		s.into(params[i].at(&step), params[i].Word)
	}
	for _, p := range params {
		if p.Need && !given[p.Key] {
			s.fail(s.peek(), "%s needs `%s` and then %s", c.Name, p.Word, p.About)
		}
	}
	return step
}

// into reads a field, whose type says how it is written.
func (s *statement) into(field any, what string) {
	switch p := field.(type) {
	case *string:
		*p = s.str(what)
	case *bool:
		*p = true
	case *int:
		*p = int(s.number(what, 0, math.MaxInt32))
	case *int64:
		*p = s.number(what, 0, 1<<53)
	case *uint64:
		*p = uint64(s.number(what, 0, 1<<53))
	case *Millis:
		*p = Millis(s.duration(what) / node.Millisecond)
	case *float64:
		*p = s.float(what)
	case *node.Time:
		*p = s.duration(what)
	case *zk.SID:
		*p = s.sid(what)
	case *[]zk.SID:
		*p = s.sids(what)
	default:
		s.compound(field, what)
	}
}

// compound fills the fields that are more than one word.
func (s *statement) compound(field any, what string) {
	switch p := field.(type) {
	case *[]Server:
		*p = s.servers()
	case *[]Setting:
		*p = s.settings(what)
	case *[][]zk.SID:
		*p = append(*p, s.sids(what))
		for s.accept("|") {
			*p = append(*p, s.sids(what))
		}
	case *[]Weight:
		for _, x := range s.pairs(what) {
			*p = append(*p, Weight{x.sid, s.pairNumber(x, what)})
		}
	case *[]PerServer:
		*p = append(*p, s.perServer())
		slices.SortStableFunc(*p, func(a, b PerServer) int { return int(a.SID - b.SID) })
	case *Latency:
		*p = Latency{s.duration("the least latency"), s.duration("the greatest latency")}
	case *Joiners:
		if t := s.peek(); t.quoted {
			p.Spec = s.take().text
		} else {
			p.SIDs = s.sids(what)
		}
	case *[]Txn:
		*p = s.txns()
	case **Until:
		*p = s.until()
	}
}

// str reads a word or a quoted string.
func (s *statement) str(what string) string {
	t := s.take()
	if t.end || !t.quoted && strings.Contains(marks, t.text) {
		s.fail(t, "expected a word for %s, found %s", what, t.found())
	}
	return t.text
}

// number reads a whole number within bounds.
func (s *statement) number(what string, lo, hi int64) int64 {
	t := s.take()
	n, err := strconv.ParseInt(t.text, 10, 64)
	if err != nil || t.quoted || n < lo || n > hi {
		s.fail(t, "expected a whole number from %d to %d for %s, found %s", lo, hi, what,
			t.found())
	}
	return n
}

// float reads any number that is one.
func (s *statement) float(what string) float64 {
	t := s.take()
	x, err := strconv.ParseFloat(t.text, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		s.fail(t, "expected a number for %s, found %s", what, t.found())
	}
	return x
}

// units are the suffixes of durations; a bare number means seconds.
var units = []struct {
	suffix string
	unit   node.Time
}{{"us", node.Microsecond}, {"ms", node.Millisecond}, {"s", node.Second}, {"", node.Second}}

// duration reads a time with its unit.
func (s *statement) duration(what string) node.Time {
	t := s.take()
	for _, u := range units {
		digits, ok := strings.CutSuffix(t.text, u.suffix)
		if !ok {
			continue
		}
		x, err := strconv.ParseFloat(digits, 64)
		d := math.Round(x * float64(u.unit))
		if err == nil && d >= 0 && d <= maxSeconds*float64(node.Second) && !t.quoted {
			return node.Time(d)
		}
	}
	s.fail(t, "expected a duration such as 2s, 400ms or 500us for %s, up to a day, found %s",
		what, t.found())
	return 0
}

// sid reads one server id.
func (s *statement) sid(what string) zk.SID {
	t := s.take()
	n, ok := sidOf(t.text)
	if !ok || t.quoted {
		s.fail(t, "expected a server id from 1 to %d for %s, found %s", maxSID, what, t.found())
	}
	return n
}

// sids reads a list of server ids joined by commas, blanks after a comma allowed.
func (s *statement) sids(what string) []zk.SID {
	out := []zk.SID{}
	for more := true; more; {
		t := s.take()
		text, open := strings.CutSuffix(t.text, ",")
		for part := range strings.SplitSeq(text, ",") {
			n, ok := sidOf(part)
			if !ok || t.quoted {
				s.fail(t, "expected server ids such as 1,2 for %s, found %s", what, t.found())
			}
			if slices.Contains(out, n) {
				s.fail(t, "server %d stands twice in %s", n, what)
			}
			out = append(out, n)
		}
		more = open
	}
	return out
}

// servers reads the voters and, behind a word of their own, the observers.
func (s *statement) servers() []Server {
	var out []Server
	add := func(ids []zk.SID, t zk.LearnerType) {
		for _, id := range ids {
			out = append(out, Server{id, t})
		}
	}
	if !s.is("observers") {
		add(s.sids("servers"), zk.Participant)
	}
	if s.accept("observers") {
		add(s.sids("observers"), zk.Observer)
	}
	slices.SortStableFunc(out, func(a, b Server) int { return int(a.SID - b.SID) })
	return out
}

// settings reads key=value words up to the end of the line or another keyword of it.
func (s *statement) settings(what string) []Setting {
	var out []Setting
	for {
		t := s.peek()
		key, v, ok := strings.Cut(t.text, "=")
		if t.end || t.quoted || !ok {
			break
		}
		s.take()
		if v == "" && s.peek().quoted {
			v = s.take().text
		}
		if err := checkSetting(what, Setting{key, v}); err != "" {
			s.fail(t, "%s", err)
		}
		if slices.ContainsFunc(out, func(x Setting) bool { return x.Key == key }) {
			s.fail(t, "%s is there twice", key)
		}
		out = append(out, Setting{key, v})
	}
	if out == nil {
		s.fail(s.peek(), "expected a setting such as key=value, found %s", s.peek().found())
	}
	return out
}

// perServer reads what one server is told differently.
func (s *statement) perServer() PerServer {
	p := PerServer{SID: s.sid("server")}
	for !s.peek().end {
		switch {
		case s.accept("view"):
			p.View = s.sids("view")
		case s.accept("cfg"):
			p.Cfg = s.settings("cfg")
		case s.accept("sys"):
			p.Sys = s.settings("sys")
		default:
			s.fail(s.peek(), "expected view, cfg or sys, found %s", s.peek().found())
		}
	}
	return p
}
