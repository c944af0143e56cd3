package scenario

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error says what is wrong with a scenario, and where.
type Error struct {
	File    string // as it was given to Parse
	Line    int    // from 1; 0 where the fault is in no one place
	Column  int    // in characters, from 1
	Message string // one sentence: what was found, what was expected
	Excerpt string // the line itself, or the piece of a long line around the place
	caret   int    // characters of Excerpt before the place
}

// Error writes the place, the sentence, and the line with a caret under the place.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s\n    %s\n    %s^", e.File, e.Line, e.Column, e.Message,
		e.Excerpt, strings.Repeat(" ", e.caret))
}

// source is a text with a name, from which errors quote.
type source struct {
	file string
	text string
}

// Of a long line, an error quotes this many characters before the place, and this many in all.
const (
	excerptBefore = 50
	excerptLength = 90
)

// errorAt makes an error that points at a byte of the text.
func (s *source) errorAt(offset int, format string, args ...any) *Error {
	offset = min(max(offset, 0), len(s.text))
	start := strings.LastIndexByte(s.text[:offset], '\n') + 1
	line, _, _ := strings.Cut(s.text[start:], "\n")
	before := utf8.RuneCountInString(s.text[start:offset])
	e := &Error{File: s.file, Line: strings.Count(s.text[:offset], "\n") + 1, Column: before + 1,
		Message: fmt.Sprintf(format, args...), caret: before}
	runes := []rune(strings.ReplaceAll(strings.TrimRight(line, "\r"), "\t", " "))
	if cut := before - excerptBefore; cut > 0 {
		runes = append([]rune("..."), runes[min(cut, len(runes)):]...)
		e.caret = excerptBefore + 3
	}
	if len(runes) > excerptLength {
		runes = append(runes[:excerptLength], []rune("...")...)
	}
	e.Excerpt = string(runes)
	return e
}
