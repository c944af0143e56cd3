package scenario

import (
	"encoding/json"
	"strings"
)

// jsonKind is the type of a JSON value, in the words that errors use.
type jsonKind string

const (
	jsonObject jsonKind = "an object"
	jsonArray  jsonKind = "an array"
	jsonString jsonKind = "a string"
	jsonNumber jsonKind = "a number"
	jsonBool   jsonKind = "true or false"
	jsonNull   jsonKind = "null"
)

// value is one JSON value with its place in the text, which the standard decoder forgets and errors
// need.
type value struct {
	at     int
	kind   jsonKind
	text   string // string: decoded; number: as written; bool: "true" or "false"
	items  []*value
	fields []field
}

// field is one member of an object, in the order of the text.
type field struct {
	key   string
	keyAt int
	value *value
}

// get finds a member of an object, nil if there is none.
func (v *value) get(key string) *value {
	for _, f := range v.fields {
		if f.key == key {
			return f.value
		}
	}
	return nil
}

// maxDepth bounds how deep a JSON text may nest; a scenario needs seven.
const maxDepth = 40

// jsonReader reads a JSON text. Its methods panic with *Error, which readJSON turns into a result.
type jsonReader struct {
	source
	at    int
	depth int
}

// readJSON reads a JSON text; the error is an *Error.
func readJSON(s source) (v *value, err error) {
	r := &jsonReader{source: s}
	defer func() {
		if x := recover(); x != nil {
			e, ok := x.(*Error)
			if !ok {
				panic(x)
			}
			err = e
		}
	}()
	v = r.value()
	r.blanks()
	if r.at < len(r.text) {
		r.fail("there is more text after the end of the scenario")
	}
	return v, nil
}

// fail ends the reading with an error at the current place.
func (r *jsonReader) fail(format string, args ...any) { panic(r.errorAt(r.at, format, args...)) }

// blanks passes over white space.
func (r *jsonReader) blanks() {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
}

// peek is the next character that is no blank, 0 at the end.
func (r *jsonReader) peek() byte {
	r.blanks()
	if r.at == len(r.text) {
		return 0
	}
	return r.text[r.at]
}

// expect takes a character that must come next.
func (r *jsonReader) expect(c byte, where string) {
	if r.peek() != c {
		r.fail("expected %q %s, found %s", c, where, r.found())
	}
	r.at++
}

// found names what stands at the current place, for an error.
func (r *jsonReader) found() string {
	rest := r.text[r.at:]
	if rest == "" {
		return "the end of the text"
	}
	if i := strings.IndexAny(rest, " \t\r\n,:[]{}"); i > 0 {
		rest = rest[:i]
	} else if i == 0 {
		rest = rest[:1]
	}
	if len(rest) > 20 {
		rest = rest[:20] + "..."
	}
	return "`" + rest + "`"
}

// value reads any value.
func (r *jsonReader) value() *value {
	c := r.peek()
	v := &value{at: r.at}
	if r.depth++; r.depth > maxDepth {
		r.fail("the text nests deeper than any scenario")
	}
	switch {
	case c == '{':
		v.kind = jsonObject
		r.object(v)
	case c == '[':
		v.kind = jsonArray
		r.array(v)
	case c == '"':
		v.kind, v.text = jsonString, r.str()
	default:
		r.literal(v)
	}
	r.depth--
	return v
}

// object reads what stands between braces; a name may stand there once.
func (r *jsonReader) object(v *value) {
	r.at++
	for r.peek() != '}' {
		if len(v.fields) > 0 {
			r.expect(',', "or `}` after a value")
		}
		if r.peek() != '"' {
			r.fail("expected the name of a value in quotes, found %s", r.found())
		}
		at := r.at
		key := r.str()
		if v.get(key) != nil {
			panic(r.errorAt(at, "%q is there twice", key))
		}
		r.expect(':', "after a name")
		v.fields = append(v.fields, field{key, at, r.value()})
	}
	r.at++
}

// array reads what stands between brackets.
func (r *jsonReader) array(v *value) {
	r.at++
	for r.peek() != ']' {
		if len(v.items) > 0 {
			r.expect(',', "or `]` after a value")
		}
		v.items = append(v.items, r.value())
	}
	r.at++
}

// str reads a string and leaves the decoding of escapes to the standard library.
func (r *jsonReader) str() string {
	end := r.at + 1
	for end < len(r.text) && r.text[end] != '"' && r.text[end] != '\n' {
		if r.text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(r.text) || r.text[end] != '"' {
		r.fail("this string has no end on its line")
	}
	var s string
	if json.Unmarshal([]byte(r.text[r.at:end+1]), &s) != nil {
		r.fail("this string is not well-formed JSON")
	}
	r.at = end + 1
	return s
}

// literal reads what has no quotes: numbers, true, false, null.
func (r *jsonReader) literal(v *value) {
	rest := r.text[r.at:]
	if i := strings.IndexAny(rest, " \t\r\n,:[]{}\""); i >= 0 {
		rest = rest[:i]
	}
	switch {
	case rest == "true" || rest == "false":
		v.kind = jsonBool
	case rest == "null":
		v.kind = jsonNull
	case rest != "" && json.Valid([]byte(rest)):
		v.kind = jsonNumber
	default:
		r.fail("expected a value, found %s", r.found())
	}
	v.text = rest
	r.at += len(rest)
}
