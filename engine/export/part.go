package export

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"zabscope/engine/node"
	"zabscope/engine/scenario"
	"zabscope/engine/scenario/catalogue"
	"zabscope/engine/trace"
)

// Part says which events of a trace are wanted, and in which language. The zero value is all decisions,
// in English.
type Part struct {
	From, To node.Seq   // both included; 0 means the first and the last
	Depth    node.Depth // what lies deeper is left out
	Language string     // one that catalogue.Languages lists; "" is English
	// Most is how many events are written before the form ends with a line that says so; 0 takes the
	// form's own limit, which for Transcript and ShiViz is none.
	Most int
}

// Trace writes the whole trace as lines of JSON. (trace.WriteJSON)
func Trace(w io.Writer, rec *trace.Recorder) error {
	return trace.WriteJSON(w, rec, rec.First(), rec.Len())
}

// teller walks through a part and words its events.
type teller struct {
	rec      *trace.Recorder
	part     Part
	from, to node.Seq
	c        *catalogue.Catalogue
	told     int
	next     node.Seq // first event that was left out because of Most; 0 if none was
}

// newTeller settles what the part leaves open; most is the form's own limit, 0 for none. The error
// names the language.
func newTeller(rec *trace.Recorder, p Part, most int) (*teller, error) {
	if p.Language == "" {
		p.Language = "en"
	}
	c, err := catalogue.Load(p.Language)
	if err != nil {
		return nil, err
	}
	if p.Most <= 0 || most > 0 && p.Most > most {
		p.Most = most
	}
	t := &teller{rec: rec, part: p, from: max(p.From, rec.First()), to: rec.Len(), c: c}
	if p.To != 0 {
		t.to = min(t.to, p.To)
	}
	return t, nil
}

// each calls f with the events that are wanted, until f says no or there have been enough.
func (t *teller) each(f func(*trace.Event) bool) {
	t.rec.Iterate(t.from, t.to, func(e *trace.Event) bool {
		if t.wants(e) {
			return f(e)
		}
		return t.next == 0
	})
}

// wants reports whether an event is shown, and counts it. When there have been enough it notes where
// the rest begins.
func (t *teller) wants(e *trace.Event) bool {
	if scenario.DepthOf(t.rec, e) > t.part.Depth {
		return false
	}
	if t.part.Most > 0 && t.told == t.part.Most {
		t.next = e.Seq
		return false
	}
	t.told++
	return true
}

// cut is what to say when each has left something out, "" if it has not.
func (t *teller) cut() string {
	if t.next == 0 {
		return ""
	}
	return fmt.Sprintf("Cut after %d events. The rest begins with event %d: ask for it with "+
		"from=%d, or look less closely.", t.told, t.next, t.next)
}

// sentence is what an event says, on one line.
func (t *teller) sentence(e *trace.Event) string { return oneLine(t.c.Event(t.rec, e)) }

// name is what a machine is called.
func (t *teller) name(id node.ID) string { return nameOf(t.rec, id) }

// nameOf is what the head of a trace calls a machine.
func nameOf(rec *trace.Recorder, id node.ID) string {
	if id == node.World {
		return "world"
	}
	for _, m := range rec.Header().Machines {
		if m.ID == id {
			return oneLine(m.Name)
		}
	}
	return "machine " + strconv.Itoa(int(id))
}

// summary is what a reader must know before the first event.
func summary(rec *trace.Recorder) string {
	h := rec.Header()
	names := make([]string, len(h.Machines))
	for i, m := range h.Machines {
		names[i] = oneLine(m.Name)
	}
	return fmt.Sprintf("Engine version %s, seed %d, %d events; %s.", oneLine(h.Version), h.Seed,
		uint64(rec.Len()-rec.First()+1), strings.Join(names, ", "))
}

// oneLine shows what would break a line, or write backwards, as an escape.
func oneLine(s string) string {
	if strings.IndexFunc(s, unprintable) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unprintable(r) {
			quoted := strconv.QuoteRuneToASCII(r)
			b.WriteString(quoted[1 : len(quoted)-1])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// unprintable reports whether a character stays out of a line of text.
func unprintable(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }
