package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// Text writes the scenario in the text form, conditions on a line of their own.
func (sc *Scenario) Text() string {
	var b strings.Builder
	for _, h := range head {
		field := h.in(sc)
		if list, ok := field.(*[]PerServer); ok {
			for _, p := range *list {
				fmt.Fprintf(&b, "%s %s\n", h.Word, textPerServer(p))
			}
		} else if t, ok := textOf(field); ok {
			b.WriteString(strings.TrimRight(h.Word+" "+t, " ") + "\n")
		}
	}
	if b.Len() > 0 && len(sc.Steps) > 0 {
		b.WriteByte('\n')
	}
	for i := range sc.Steps {
		b.WriteString(sc.Steps[i].Text() + "\n")
	}
	return b.String()
}

// Text is the step in the text form: one line, and a second, indented, for its condition.
func (s *Step) Text() string {
	words := []string{s.Op}
	c := commandNamed(s.Op)
	for _, p := range c.params() {
		t, ok := textOf(p.at(s))
		if !ok {
			continue
		}
		if p.Key == "until" {
			words = append(words, "\n ")
		}
		if p.Word != "" {
			words = append(words, p.Word)
		}
		if t != "" {
			words = append(words, t)
		}
	}
	return strings.ReplaceAll(strings.Join(words, " "), " \n ", "\n ")
}

// textOf writes a field; ok is false where it says nothing.
func textOf(field any) (text string, ok bool) {
	switch p := field.(type) {
	case *string:
		return word(*p), *p != ""
	case *bool:
		return "", *p
	case *int:
		return strconv.Itoa(*p), *p != 0
	case *int64:
		return strconv.FormatInt(*p, 10), *p != 0
	case *uint64:
		return strconv.FormatUint(*p, 10), *p != 0
	case *Millis:
		return textDuration(node.Time(*p) * node.Millisecond), *p != 0
	case *float64:
		return strconv.FormatFloat(*p, 'f', -1, 64), *p != 0
	case *node.Time:
		return textDuration(*p), *p != unsaid
	case *zk.SID:
		return p.String(), *p != 0
	case *[]zk.SID:
		return textSIDs(*p), *p != nil
	}
	return textOfCompound(field)
}

// textOfCompound does the same for fields that are more than one value.
func textOfCompound(field any) (text string, ok bool) {
	switch p := field.(type) {
	case *[]Server:
		return textServers(*p), len(*p) > 0
	case *[]Setting:
		return textSettings(*p), len(*p) > 0
	case *[][]zk.SID:
		groups := make([]string, len(*p))
		for i, g := range *p {
			groups[i] = textSIDs(g)
		}
		return strings.Join(groups, " | "), len(*p) > 0
	case *[]Weight:
		return joined(*p, func(w Weight) string { return fmt.Sprintf("%d=%d", w.SID, w.Weight) }),
			len(*p) > 0
	case *Latency:
		return textDuration(p.Min) + " " + textDuration(p.Max), *p != Latency{}
	case *Joiners:
		if p.SIDs != nil {
			return textSIDs(p.SIDs), true
		}
		return strconv.Quote(p.Spec), p.Spec != ""
	case *[]Txn:
		return textTxns(*p), *p != nil
	case **Until:
		return textUntil(*p), !(*p).empty()
	}
	return "", false
}

// joined writes a list with blanks in between.
func joined[T any](list []T, text func(T) string) string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = text(x)
	}
	return strings.Join(out, " ")
}

// word writes a string bare where it reads back as one word that means nothing else.
func word(s string) string {
	plain := s != "" && s[0] != '#' && !slices.Contains(afterData, s) && !isKeyword(s)
	for _, r := range s {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) || r == '"' ||
			strings.ContainsRune(marks, r) {
			plain = false
		}
	}
	if plain {
		return s
	}
	return strconv.Quote(s)
}

// isKeyword reports whether some command has a parameter that begins with the word.
func isKeyword(s string) bool {
	for _, c := range commands {
		for _, p := range c.Params {
			if p.Word == s {
				return true
			}
		}
	}
	return false
}

// textDuration writes a time with the unit in which it is shortest.
func textDuration(t node.Time) string {
	for _, u := range []string{"s", "ms", "us"} {
		unit := map[string]node.Time{"s": node.Second, "ms": node.Millisecond,
			"us": node.Microsecond}[u]
		if t%unit == 0 {
			return strconv.FormatInt(int64(t/unit), 10) + u
		}
	}
	return strconv.FormatFloat(float64(t)/float64(node.Microsecond), 'f', -1, 64) + "us"
}

// textSIDs writes server ids as statement.sids reads them.
func textSIDs(ids []zk.SID) string {
	out := make([]string, len(ids))
	for i, s := range ids {
		out[i] = s.String()
	}
	return strings.Join(out, ",")
}

// textServers writes voters first, then observers.
func textServers(servers []Server) string {
	var voters, observers []zk.SID
	for _, s := range servers {
		if s.Type == zk.Observer {
			observers = append(observers, s.SID)
		} else {
			voters = append(voters, s.SID)
		}
	}
	text := textSIDs(voters)
	if observers != nil {
		text += " observers " + textSIDs(observers)
	}
	return strings.TrimSpace(text)
}

// textSettings writes key=value words.
func textSettings(settings []Setting) string {
	return joined(settings, func(s Setting) string { return s.Key + "=" + word(s.Value) })
}

// textPerServer writes what one server is told differently.
func textPerServer(p PerServer) string {
	text := p.SID.String()
	if p.View != nil {
		text += " view " + textSIDs(p.View)
	}
	if len(p.Cfg) > 0 {
		text += " cfg " + textSettings(p.Cfg)
	}
	if len(p.Sys) > 0 {
		text += " sys " + textSettings(p.Sys)
	}
	return text
}

// textTxns writes requests with semicolons in between.
func textTxns(list []Txn) string {
	out := make([]string, len(list))
	for i, t := range list {
		out[i] = textTxn(t)
	}
	return strings.Join(out, "; ")
}

// textTxn writes a request without what says nothing.
func textTxn(t Txn) string {
	words := []string{t.Op}
	for _, arg := range txnFormNamed(t.Op).args {
		switch arg {
		case "path":
			words = append(words, word(t.Path))
		case "data?":
			if t.Data != "" {
				words = append(words, word(t.Data))
			}
		case "flags?":
			if t.Flags&zk.FlagEphemeral != 0 {
				words = append(words, "ephemeral")
			}
			if t.Flags&zk.FlagSequential != 0 {
				words = append(words, "sequential")
			}
		case "version?":
			if t.Version != -1 {
				words = append(words, fmt.Sprintf("version %d", t.Version))
			}
		case "watch?":
			if t.Watch {
				words = append(words, "watch")
			}
		case "ops":
			words = append(words, "["+textTxns(t.Ops)+"]")
		}
	}
	return strings.Join(words, " ")
}

// textUntil writes a condition.
func textUntil(u *Until) string {
	if u.empty() {
		return ""
	}
	var words []string
	say := func(ok bool, name, text string) {
		if ok {
			words = append(words, name+" "+text)
		}
	}
	say(u.Serving != nil, "serving", textSIDs(u.Serving))
	say(u.NotServing != nil, "not_serving", textSIDs(u.NotServing))
	say(len(u.Roles) > 0, "roles",
		joined(u.Roles, func(r Role) string { return r.SID.String() + "=" + r.Role }))
	say(u.Leader != "", "leader", u.Leader)
	say(len(u.Logged) > 0, "logged",
		joined(u.Logged, func(l Logged) string { return fmt.Sprintf("%d=%d", l.SID, l.N) }))
	say(u.Min != unsaid, "min", textDuration(u.Min))
	say(u.Timeout != unsaid, "timeout", textDuration(u.Timeout))
	return strings.Join(words, " ")
}
