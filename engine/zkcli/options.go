package zkcli

import (
	"strconv"
	"strings"
)

// arguments are the words of a line behind the parser: the options that were given, the first value
// of each that takes one, and all other words, the command's name first.
// (org.apache.commons.cli.CommandLine)
type arguments struct {
	given  map[byte]bool
	values map[byte]string
	rest   []string
}

func (a *arguments) has(option byte) bool { return a.given[option] }

// path is the word behind the command's name.
func (a *arguments) path() string { return a.rest[1] }

// optionParser reads options as Commons CLI 1.5 does: -s -w, -sw, -v 3, -v3 and -v=3 are options,
// -5 is one too unless a value is due, -- ends them all, and - is a word.
// (org.apache.commons.cli.DefaultParser)
type optionParser struct {
	options string // as in spec
	args    arguments
	due     byte // the option whose value must come next, 0 for none
	words   bool // only words from here on
}

// parseOptions sorts the words of a line; what is wrong is "" if nothing.
func parseOptions(options string, words []string) (a *arguments, wrong string) {
	p := optionParser{options: options,
		args: arguments{given: map[byte]bool{}, values: map[byte]string{}}}
	for _, w := range words {
		if wrong := p.token(w); wrong != "" {
			return nil, wrong
		}
	}
	if p.due != 0 {
		return nil, missing(p.due)
	}
	return &p.args, ""
}

// token takes one word. (DefaultParser.handleToken)
func (p *optionParser) token(w string) string {
	dashed := strings.HasPrefix(w, "-") && w != "-"
	switch {
	case p.words:
		p.args.rest = append(p.args.rest, w)
	case w == "--":
		p.words = true
	case p.due != 0 && p.isArgument(w):
		p.value(unquoted(w))
	case strings.HasPrefix(w, "--"):
		return unrecognized(w)
	case dashed:
		return p.short(w)
	default:
		p.args.rest = append(p.args.rest, w)
	}
	return ""
}

// isArgument reports whether a word may be the value of an option: it is none itself, or a number.
// (DefaultParser.isArgument)
func (p *optionParser) isArgument(w string) bool {
	if !strings.HasPrefix(w, "-") || w == "-" || !p.knows(w[1]) {
		return true
	}
	_, err := strconv.ParseFloat(w, 64)
	return err == nil
}

// knows reports whether a letter is an option; no colon is.
func (p *optionParser) knows(letter byte) bool {
	return letter != ':' && strings.IndexByte(p.options, letter) >= 0
}

// takesValue reports whether an option has one.
func (p *optionParser) takesValue(letter byte) bool {
	i := strings.IndexByte(p.options, letter)
	return i+1 < len(p.options) && p.options[i+1] == ':'
}

// short takes a word that begins with one dash. (DefaultParser.handleShortAndLongOption)
func (p *optionParser) short(w string) string {
	name, value, assigned := strings.Cut(w[1:], "=")
	if !assigned {
		return p.joined(w)
	}
	if len(name) != 1 || !p.knows(name[0]) || !p.takesValue(name[0]) {
		return unrecognized(w)
	}
	if wrong := p.option(name[0]); wrong != "" {
		return wrong
	}
	p.value(value)
	return ""
}

// joined takes letters behind one dash; what stands behind one with a value is the value.
// (DefaultParser.handleConcatenatedOptions)
func (p *optionParser) joined(w string) string {
	for i := 1; i < len(w); i++ {
		if !p.knows(w[i]) {
			return unrecognized(w)
		}
		if wrong := p.option(w[i]); wrong != "" {
			return wrong
		}
		if p.due != 0 && i+1 < len(w) {
			p.value(w[i+1:])
			return ""
		}
	}
	return ""
}

// option notes an option. (DefaultParser.handleOption)
func (p *optionParser) option(letter byte) string {
	if p.due != 0 {
		return missing(p.due)
	}
	p.args.given[letter] = true
	if p.takesValue(letter) {
		p.due = letter
	}
	return ""
}

// value gives the option its value; of several, the first counts. (CommandLine.getOptionValue)
func (p *optionParser) value(v string) {
	if _, twice := p.args.values[p.due]; !twice {
		p.args.values[p.due] = v
	}
	p.due = 0
}

// unquoted takes double quotes off a value. (org.apache.commons.cli.Util)
func unquoted(v string) string {
	if n := len(v); n > 1 && v[0] == '"' && v[n-1] == '"' && !strings.Contains(v[1:n-1], `"`) {
		return v[1 : n-1]
	}
	return v
}

func unrecognized(w string) string {
	return "org.apache.commons.cli.UnrecognizedOptionException: Unrecognized option: " + w
}

func missing(option byte) string {
	return "org.apache.commons.cli.MissingArgumentException: Missing argument for option: " +
		string(option)
}
