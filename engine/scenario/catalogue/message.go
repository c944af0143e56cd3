package catalogue

import (
	"fmt"
	"strconv"
	"strings"

	"zabscope/engine/node"
)

// message is a parsed message: its parts in order.
type message []part

// part is a piece of text or, if name is not empty, a place to be filled.
type part struct {
	text   string
	name   string
	format string // "", "list", "hex", "plural" or "select"
	cases  []variant
}

// variant is one branch of a plural or a select.
type variant struct {
	key  string
	then message
}

// arguments finds the value that stands for a name.
type arguments func(name string) (v node.Value, ok bool)

// parser reads one message.
type parser struct {
	text string
	at   int
}

// parse reads a message; the error says what is wrong with it.
func parse(text string) (message, error) {
	p := &parser{text: text}
	m, err := p.message()
	if err == nil && p.at < len(text) {
		err = p.fail("a brace too many")
	}
	return m, err
}

// fail says what is wrong, and where.
func (p *parser) fail(what string) error {
	return fmt.Errorf("%s after %q", what, p.text[:p.at])
}

// message reads up to the end or to the brace that closes a branch.
func (p *parser) message() (message, error) {
	var m message
	for p.at < len(p.text) && p.text[p.at] != '}' {
		if p.text[p.at] == '{' {
			x, err := p.place()
			if err != nil {
				return nil, err
			}
			m = append(m, x)
			continue
		}
		n := strings.IndexAny(p.text[p.at:], "{}")
		if n < 0 {
			n = len(p.text) - p.at
		}
		m = append(m, part{text: p.text[p.at : p.at+n]})
		p.at += n
	}
	return m, nil
}

// place reads what stands between braces.
func (p *parser) place() (part, error) {
	p.at++
	x := part{name: p.word()}
	if x.name == "" {
		return x, p.fail("a place without a name")
	}
	if p.accept(',') {
		x.format = p.word()
	}
	switch x.format {
	case "", "list", "hex":
	case "plural", "select":
		if !p.accept(',') {
			return x, p.fail("no comma before the branches")
		}
		if err := p.branches(&x); err != nil {
			return x, err
		}
	default:
		return x, p.fail("unknown format " + x.format)
	}
	if !p.accept('}') {
		return x, p.fail("no brace at the end of a place")
	}
	return x, nil
}

// branches reads the branches of a plural or a select; other must come last.
func (p *parser) branches(x *part) error {
	for {
		v := variant{key: p.word()}
		if v.key == "" {
			break
		}
		if !p.accept('{') {
			return p.fail("no brace before a branch")
		}
		m, err := p.message()
		if err != nil {
			return err
		}
		v.then = m
		if p.at == len(p.text) {
			return p.fail("no brace at the end of a branch")
		}
		p.at++
		x.cases = append(x.cases, v)
	}
	if n := len(x.cases); n == 0 || x.cases[n-1].key != "other" {
		return p.fail("the last branch is not other")
	}
	return nil
}

// blanks passes over white space inside a place.
func (p *parser) blanks() {
	for p.at < len(p.text) && p.text[p.at] == ' ' {
		p.at++
	}
}

// word reads a name, a format or the key of a branch.
func (p *parser) word() string {
	p.blanks()
	from := p.at
	for p.at < len(p.text) && !strings.ContainsRune(" ,{}", rune(p.text[p.at])) {
		p.at++
	}
	return p.text[from:p.at]
}

// accept takes a character if it comes next.
func (p *parser) accept(c byte) bool {
	p.blanks()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// renderer fills messages of one language.
type renderer struct {
	args arguments
	join func(items []string) string
}

// render fills a message; number is what # stands for.
func (r *renderer) render(m message, number string) string {
	var b strings.Builder
	for i := range m {
		x := &m[i]
		switch {
		case x.name == "" && number != "":
			b.WriteString(strings.ReplaceAll(x.text, "#", number))
		case x.name == "":
			b.WriteString(x.text)
		default:
			b.WriteString(r.fill(x, number))
		}
	}
	return b.String()
}

// fill renders one place; one that nobody knows shows itself.
func (r *renderer) fill(x *part, number string) string {
	v, ok := r.args(x.name)
	if !ok {
		return "{" + x.name + "}"
	}
	switch x.format {
	case "list":
		return r.join(strings.FieldsFunc(v.String(), func(c rune) bool { return c == ',' }))
	case "hex":
		return "0x" + strconv.FormatUint(uint64(v.N), 16)
	case "plural":
		return r.render(choose(x.cases, pluralKeys(v)), strconv.FormatInt(v.N, 10))
	case "select":
		return r.render(choose(x.cases, []string{selectKey(v)}), number)
	}
	return v.String()
}

// choose takes the first branch with one of the keys, the last one otherwise.
func choose(cases []variant, keys []string) message {
	for _, k := range keys {
		for i := range cases {
			if cases[i].key == k {
				return cases[i].then
			}
		}
	}
	return cases[len(cases)-1].then
}

// pluralKeys are the branches that a number may take, the best first. English and its neighbours
// need no more than "one"; a language that does brings its rule here.
func pluralKeys(v node.Value) []string {
	keys := []string{"=" + strconv.FormatInt(v.N, 10)}
	if v.N == 1 {
		keys = append(keys, "one")
	}
	return keys
}

// selectKey is the branch that a value takes.
func selectKey(v node.Value) string {
	if s := v.String(); s != "" && v.Kind != node.NoValue {
		return s
	}
	return "none"
}

// names lists the places of a message and of its branches.
func (m message) names() []string {
	var out []string
	for _, x := range m {
		if x.name != "" {
			out = append(out, x.name)
		}
		for _, v := range x.cases {
			out = append(out, v.then.names()...)
		}
	}
	return out
}
