package catalogue

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"zabscope/engine/node"
	"zabscope/engine/trace"
)

//go:embed *.json
var files embed.FS

// Languages lists the languages that there are, by their codes.
func Languages() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // it is embedded
	}
	var out []string
	for _, e := range entries {
		out = append(out, strings.TrimSuffix(e.Name(), ".json"))
	}
	slices.Sort(out)
	return out
}

// Source is the file of a language as it stands, for readers that render in a browser; ok is false
// if there is none. The slice is the caller's.
func Source(language string) (text []byte, ok bool) {
	text, err := files.ReadFile(language + ".json")
	return text, err == nil
}

// Catalogue is the messages of one language. It is never changed after Load.
type Catalogue struct {
	names  map[string]message // patterns of the language itself
	events map[string]message // by name of the kind
	nouns  map[string]message // what a sent message is called, by name of the kind
	checks map[string]check   // by name of the check
}

// check is how a question is worded: as a question, and as a clause after "because" for either
// answer.
type check struct{ ask, yes, no message }

// file is the form of a language's file.
type file struct {
	Language string
	Names    map[string]string
	Events   map[string]string
	Nouns    map[string]string
	Checks   map[string]map[string]string
}

// Load reads the catalogue of a language. The error says which language or message is at fault.
func Load(language string) (*Catalogue, error) {
	text, ok := Source(language)
	if !ok {
		return nil, fmt.Errorf("no catalogue for %q; there are %s", language,
			strings.Join(Languages(), ", "))
	}
	return read(text)
}

// read makes a catalogue of a file.
func read(text []byte) (*Catalogue, error) {
	var f file
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	c := &Catalogue{checks: map[string]check{}}
	var err error
	if c.names, err = parseAll(f.Names); err != nil {
		return nil, err
	}
	if c.events, err = parseAll(f.Events); err != nil {
		return nil, err
	}
	if c.nouns, err = parseAll(f.Nouns); err != nil {
		return nil, err
	}
	for name, forms := range f.Checks { // into a map: order cannot show
		m, err := parseAll(forms)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		c.checks[name] = check{m["ask"], m["yes"], m["no"]}
	}
	return c, nil
}

// parseAll parses the messages of one kind.
func parseAll(texts map[string]string) (map[string]message, error) {
	out := map[string]message{}
	for name, text := range texts { // into a map: order cannot show
		m, err := parse(text)
		if err != nil {
			return nil, fmt.Errorf("message %s: %w", name, err)
		}
		out[name] = m
	}
	return out, nil
}

// Event is what an event of the trace says, as a sentence with its reason.
func (c *Catalogue) Event(rec *trace.Recorder, e *trace.Event) string {
	m, ok := c.events[rec.Header().Vocabulary.Kinds[e.Kind].Name]
	if !ok {
		return rec.Header().Vocabulary.Kinds[e.Kind].Name
	}
	return capital(c.renderer(c.arguments(rec, e)).render(m, ""))
}

// arguments are what the places of an event's message stand for.
func (c *Catalogue) arguments(rec *trace.Recorder, e *trace.Event) arguments {
	kind := &rec.Header().Vocabulary.Kinds[e.Kind]
	return func(name string) (node.Value, bool) {
		switch name {
		case "node":
			return node.Text(c.machine(rec, e.Node)), true
		case "peer":
			return node.Text(c.machine(rec, e.Peer)), true
		case "why":
			return node.Text(c.why(rec, e)), true
		case "noun":
			return node.Text(c.noun(rec, e)), true
		case "cause":
			cause, ok := rec.At(e.Cause)
			if !ok {
				return node.Text(""), true
			}
			return node.Text(c.noun(rec, &cause)), true
		}
		if i := slices.Index(kind.Args, name); i >= 0 && i < len(e.Args) {
			return e.Args[i], true
		}
		return node.Value{}, false
	}
}

// noun is what the event sends, "" if it sends nothing.
func (c *Catalogue) noun(rec *trace.Recorder, e *trace.Event) string {
	m, ok := c.nouns[rec.Header().Vocabulary.Kinds[e.Kind].Name]
	if !ok {
		return ""
	}
	return c.renderer(c.arguments(rec, e)).render(m, "")
}

// why is the clause of the check that decided, "" if none did.
func (c *Catalogue) why(rec *trace.Recorder, e *trace.Event) string {
	for i := range e.Checks {
		if k := &e.Checks[i]; k.Deciding {
			return c.clause(rec, k)
		}
	}
	return ""
}

// clause is a check as a reason: it says how it was answered.
func (c *Catalogue) clause(rec *trace.Recorder, k *node.Check) string {
	forms := c.checks[rec.Header().Vocabulary.Checks[k.Code].Name]
	m := forms.no
	if k.Answer {
		m = forms.yes
	}
	return c.renderer(checkArguments(rec, k)).render(m, "")
}

// Check is a question of a decision with its answer.
func (c *Catalogue) Check(rec *trace.Recorder, k *node.Check) string {
	ask := c.renderer(checkArguments(rec, k)).
		render(c.checks[rec.Header().Vocabulary.Checks[k.Code].Name].ask, "")
	return c.pattern("question", map[string]node.Value{"ask": node.Text(ask),
		"answer": node.Bool(k.Answer)})
}

// checkArguments are what the places of a check's message stand for.
func checkArguments(rec *trace.Recorder, k *node.Check) arguments {
	names := rec.Header().Vocabulary.Checks[k.Code].Values
	return func(name string) (node.Value, bool) {
		if i := slices.Index(names, name); i >= 0 && i < len(k.Values) {
			return k.Values[i], true
		}
		return node.Value{}, false
	}
}

// Line is a sentence with the time at which it became true.
func (c *Catalogue) Line(t node.Time, sentence string) string {
	seconds := strconv.FormatFloat(float64(t)/float64(node.Second), 'f', 3, 64)
	return c.pattern("sentence", map[string]node.Value{"seconds": node.Text(seconds),
		"text": node.Text(sentence)})
}

// machine is what a machine is called.
func (c *Catalogue) machine(rec *trace.Recorder, id node.ID) string {
	key, name := "server", ""
	switch {
	case id == node.World:
		key = "world"
	case id.IsClient():
		key = "client"
	}
	for _, m := range rec.Header().Machines {
		if m.ID == id {
			name = m.Name
		}
	}
	return c.pattern(key, map[string]node.Value{"id": node.Int(int64(id)),
		"name": node.Text(name)})
}

// pattern fills one of the language's own patterns.
func (c *Catalogue) pattern(name string, values map[string]node.Value) string {
	return c.renderer(func(arg string) (node.Value, bool) {
		v, ok := values[arg]
		return v, ok
	}).render(c.names[name], "")
}

// renderer fills messages with these arguments.
func (c *Catalogue) renderer(args arguments) *renderer { return &renderer{args, c.join} }

// join lists items as the language does.
func (c *Catalogue) join(items []string) string {
	if len(items) == 0 {
		return c.pattern("listNone", nil)
	}
	text := items[0]
	for i, item := range items[1:] {
		key := "listMiddle"
		if i == len(items)-2 {
			key = "listEnd"
		}
		text = c.pattern(key, map[string]node.Value{"left": node.Text(text),
			"right": node.Text(item)})
	}
	return text
}

// capital makes the first letter of a sentence a capital.
func capital(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}
