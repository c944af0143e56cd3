package scenario

import (
	"slices"
	"strconv"
	"strings"

	"zabscope/engine/zk"
)

// pair is one SID=something word.
type pair struct {
	token token
	sid   zk.SID
	text  string
}

// pairs reads words such as 1=leader until one is none; there must be one. They come back sorted.
func (s *statement) pairs(what string) []pair {
	var out []pair
	for {
		t := s.peek()
		left, right, ok := strings.Cut(t.text, "=")
		if t.end || t.quoted || !ok {
			break
		}
		id, ok := sidOf(left)
		if !ok || right == "" {
			s.fail(t, "expected a server id, an equals sign and a value for %s, found %s", what,
				t.found())
		}
		if slices.ContainsFunc(out, func(p pair) bool { return p.sid == id }) {
			s.fail(t, "server %d stands twice in %s", id, what)
		}
		out = append(out, pair{s.take(), id, right})
	}
	if out == nil {
		s.fail(s.peek(), "expected a server id, an equals sign and a value for %s, found %s",
			what, s.peek().found())
	}
	slices.SortFunc(out, func(a, b pair) int { return int(a.sid - b.sid) })
	return out
}

// pairNumber is the number behind the equals sign.
func (s *statement) pairNumber(p pair, what string) int64 {
	n, err := strconv.ParseInt(p.text, 10, 32)
	if err != nil || n < 0 {
		s.fail(p.token, "expected a whole number for %s, found %q", what, p.text)
	}
	return n
}

// until reads the parts of a condition until a word is none of them; there must be one.
func (s *statement) until() *Until {
	u := newUntil()
	for {
		t := s.peek()
		if t.quoted || t.end || !slices.Contains(untilWords, t.text) {
			break
		}
		s.take()
		s.condition(u, t)
	}
	if u.empty() {
		s.fail(s.peek(), "expected a condition (%s), found %s", untilUsage, s.peek().found())
	}
	return u
}

var untilWords = []string{"serving", "not_serving", "roles", "leader", "logged", "min", "timeout"}

// condition reads one part of a condition, whose first word is taken.
func (s *statement) condition(u *Until, t token) {
	switch t.text {
	case "serving":
		u.Serving = s.sids(t.text)
	case "not_serving":
		u.NotServing = s.sids(t.text)
	case "leader":
		if u.Leader = "any"; !s.accept("any") {
			u.Leader = s.sid("leader").String()
		}
	case "roles":
		for _, p := range s.pairs(t.text) {
			if !slices.Contains(roleNames, p.text) {
				s.fail(p.token, "expected %s, found %q", strings.Join(roleNames, ", "), p.text)
			}
			u.Roles = append(u.Roles, Role{p.sid, p.text})
		}
	case "logged":
		for _, p := range s.pairs(t.text) {
			u.Logged = append(u.Logged, Logged{p.sid, s.pairNumber(p, t.text)})
		}
	case "min":
		u.Min = s.duration(t.text)
	case "timeout":
		u.Timeout = s.duration(t.text)
	}
}

// txns reads requests separated by semicolons. A condition, a note and the like end them, so data
// that is spelled like one of those words must stand in quotes.
func (s *statement) txns() []Txn {
	out := []Txn{s.txn()}
	for s.accept(";") {
		out = append(out, s.txn())
	}
	return out
}

// txn reads one request.
func (s *statement) txn() Txn {
	t := s.take()
	f := txnFormNamed(t.text)
	if f == nil || t.quoted {
		s.fail(t, "expected a request (%s), found %s", txnNames(), t.found())
	}
	x := newTxn(f.op)
	for _, arg := range f.args {
		switch arg {
		case "path":
			p := s.peek()
			x.Path = s.str("a path")
			if err := checkPath(x.Path); err != "" {
				s.fail(p, "%s, found %s", err, p.found())
			}
		case "data?":
			if s.isData() {
				x.Data = s.take().text
			}
		case "flags?":
			x.Flags = s.flags()
		case "version?":
			if s.accept("version") {
				x.Version = int32(s.number("a version", -1, 1<<31-1))
			}
		case "watch?":
			x.Watch = s.accept("watch")
		case "ops":
			x.Ops = s.multi()
		}
	}
	return x
}

// afterData are the words that may follow a request's data and so are none.
var afterData = []string{"ephemeral", "sequential", "version", "watch", "until", "quiet", "limit",
	"note", "leave_open"}

// isData reports whether the next word is a request's data and not what follows it.
func (s *statement) isData() bool {
	t := s.peek()
	return t.quoted || !t.end && !slices.Contains(afterData, t.text) &&
		!strings.Contains(marks, t.text)
}

// flags reads how a node is created.
func (s *statement) flags() int32 {
	var f int32
	if s.accept("ephemeral") {
		f |= zk.FlagEphemeral
	}
	if s.accept("sequential") {
		f |= zk.FlagSequential
	}
	return f
}

// multi reads the parts between brackets.
func (s *statement) multi() []Txn {
	if t := s.peek(); !s.accept("[") {
		s.fail(t, "expected `[` before the parts of a multi, found %s", t.found())
	}
	if s.accept("]") {
		return nil
	}
	var out []Txn
	for more := true; more; more = s.accept(";") {
		t := s.peek()
		x := s.txn()
		if !slices.Contains(multiParts, x.Op) {
			s.fail(t, "a multi is made of %s", strings.Join(multiParts, ", "))
		}
		out = append(out, x)
	}
	if t := s.peek(); !s.accept("]") {
		s.fail(t, "expected `]` after the parts of a multi, found %s", t.found())
	}
	return out
}
