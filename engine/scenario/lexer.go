package scenario

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// token is one word of a line of the text form.
type token struct {
	at     int
	text   string // decoded
	quoted bool
	end    bool // the end of the statement; text is empty
}

// statement is one line of the text form with the indented lines that continue it.
type statement struct {
	*source
	tokens []token // the last one is the end
	next   int
}

// marks are words of their own wherever they stand outside quotes.
const marks = ";|[]"

// statements splits a text into its statements; an indented line continues the one before, and #
// begins a comment where a word could begin. It panics with *Error.
func (s *source) statements() []*statement {
	var out []*statement
	offset := 0
	for line := range strings.SplitAfterSeq(s.text, "\n") {
		tokens := s.words(offset, strings.TrimRight(line, "\r\n"))
		indented := strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")
		switch {
		case len(tokens) == 0:
		case indented && len(out) == 0:
			panic(s.errorAt(tokens[0].at, "an indented line continues the one before; "+
				"there is none"))
		case indented:
			last := out[len(out)-1]
			last.tokens = append(last.tokens[:len(last.tokens)-1], tokens...)
			last.finish(offset + len(line))
		default:
			out = append(out, &statement{source: s, tokens: tokens})
			out[len(out)-1].finish(offset + len(line))
		}
		offset += len(line)
	}
	return out
}

// finish puts the end behind the words of a statement.
func (s *statement) finish(at int) {
	last := s.tokens[len(s.tokens)-1]
	length := len(last.text)
	if last.quoted {
		length = len(strconv.Quote(last.text))
	}
	s.tokens = append(s.tokens, token{at: min(last.at+length, at), end: true})
}

// words splits a line that begins at an offset of the text.
func (s *source) words(offset int, line string) []token {
	var out []token
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
			i++
		case c == '#':
			return out
		case c == '"':
			text, length := s.quoted(offset+i, line[i:])
			out = append(out, token{at: offset + i, text: text, quoted: true})
			i += length
		case strings.IndexByte(marks, c) >= 0:
			out = append(out, token{at: offset + i, text: line[i : i+1]})
			i++
		default:
			n := strings.IndexAny(line[i:], " \t\""+marks)
			if n < 0 {
				n = len(line) - i
			}
			out = append(out, token{at: offset + i, text: line[i : i+n]})
			i += n
		}
	}
	return out
}

// quoted reads a string in double quotes with Go's escapes and says how long it was.
func (s *source) quoted(at int, rest string) (string, int) {
	prefix, err := strconv.QuotedPrefix(rest)
	if err != nil {
		panic(s.errorAt(at, "this string has no end on its line, or an escape that is none"))
	}
	text, err := strconv.Unquote(prefix)
	if err != nil || !utf8.ValidString(text) {
		panic(s.errorAt(at, "this string is not text"))
	}
	return text, len(prefix)
}

// peek is the next word, which stays.
func (s *statement) peek() token { return s.tokens[s.next] }

// take is the next word; the end is never taken.
func (s *statement) take() token {
	t := s.tokens[s.next]
	if !t.end {
		s.next++
	}
	return t
}

// is reports whether the next word is this one, and not in quotes.
func (s *statement) is(word string) bool {
	t := s.peek()
	return !t.quoted && !t.end && t.text == word
}

// accept takes the next word if it is this one.
func (s *statement) accept(word string) bool {
	if s.is(word) {
		s.next++
		return true
	}
	return false
}

// fail ends the reading with an error that points at a word.
func (s *statement) fail(t token, format string, args ...any) {
	panic(s.errorAt(t.at, format, args...))
}

// found names a token, for an error.
func (t token) found() string {
	switch {
	case t.end:
		return "the end of the line"
	case t.quoted:
		return strconv.Quote(t.text)
	}
	return "`" + t.text + "`"
}
