package rules

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxFuncLines   = 70  // from the func keyword to the closing brace
	maxFileLines   = 600 // of Go, templ and style sheets
	maxScriptLines = 250 // of a JavaScript module
	maxColumns     = 100 // a tab counts as tabColumns
	tabColumns     = 4
	maxWidePercent = 1 // of the lines of Go, how many may be wider than maxColumns

	exceptionsFile = "cmd/verify/rules/exceptions.txt"
)

// A piece is something that has a length.
type piece struct {
	key   string // as in exceptions.txt: "func engine/zab Leader.lead"
	where string
	lines int
	most  int // the cap for its kind
}

// Sizes caps the length of functions and files. Each line of exceptions.txt lets one of them be
// as long as it is and no longer; a line that is no longer needed, or allows more than is used,
// is itself a finding, so that the list can only shrink.
func Sizes(t *Tree) []Finding {
	allowed, found := parseExceptions(t.exceptions)
	for _, p := range t.pieces() {
		if p.lines <= p.most {
			continue
		}
		limit, listed := allowed[p.key]
		delete(allowed, p.key)
		switch {
		case !listed || p.lines > limit:
			found = append(found, Finding{p.where, fmt.Sprintf(
				"%s has %d lines, more than %d; take out a piece that has a name of its own",
				p.key, p.lines, max(p.most, limit))})
		case p.lines < limit:
			found = append(found, Finding{exceptionsFile, fmt.Sprintf(
				"%s has shrunk to %d lines; so must its number here", p.key, p.lines)})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(allowed)) {
		found = append(found, Finding{exceptionsFile,
			key + " needs no exception; take the line out"})
	}
	return found
}

// pieces lists everything that Sizes measures.
func (t *Tree) pieces() []piece {
	var all []piece
	t.written(func(f *File) {
		all = append(all, piece{"file " + f.Path, f.Path, f.Lines(), maxFileLines})
		for _, d := range f.AST.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				lines := t.Fset.Position(fn.End()).Line - t.Fset.Position(fn.Pos()).Line + 1
				all = append(all, piece{funcKey(f, fn), t.at(f, fn.Pos()), lines, maxFuncLines})
			}
		}
	})
	for _, f := range t.Text {
		most := maxFileLines
		if path.Ext(f.Path) == ".js" {
			most = maxScriptLines
		}
		all = append(all, piece{"file " + f.Path, f.Path, f.Lines(), most})
	}
	return all
}

// funcKey names a function or method as exceptions.txt does.
func funcKey(f *File, fn *ast.FuncDecl) string {
	name := fn.Name.Name
	if r := receiver(fn); r != "" {
		name = r + "." + name
	}
	return "func " + f.Dir() + " " + name
}

// parseExceptions reads lines of the form "KEY LINES", where KEY is that of a piece. Empty lines
// and lines that begin with # say nothing to it.
func parseExceptions(text string) (map[string]int, []Finding) {
	allowed := map[string]int{}
	var found []Finding
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		cut := strings.LastIndexByte(line, ' ')
		n, err := strconv.Atoi(line[cut+1:])
		if cut < 0 || err != nil {
			found = append(found, Finding{exceptionsFile,
				fmt.Sprintf("%q does not end in a number", line)})
			continue
		}
		allowed[line[:cut]] = n
	}
	return allowed, found
}

// Columns keeps wide lines rare in the Go of the whole tree. Where they are not, it names the
// files that have the most, since no single line is to blame.
func Columns(t *Tree) []Finding {
	lines, wide := 0, 0
	var files []Finding
	t.written(func(f *File) {
		lines += f.Lines()
		here := 0
		for line := range strings.Lines(string(f.Src)) {
			if columns(line) > maxColumns {
				here++
			}
		}
		wide += here
		if here > 0 {
			files = append(files, Finding{f.Path, fmt.Sprintf(
				"lines over %d columns: %d", maxColumns, here)})
		}
	})
	if wide*100 < lines*maxWidePercent || wide == 0 {
		return nil
	}
	return append([]Finding{{"the tree", fmt.Sprintf(
		"%d of %d lines of Go are over %d columns; under %d %% may be",
		wide, lines, maxColumns, maxWidePercent)}}, files...)
}

// columns is how wide a line stands on the screen.
func columns(line string) int {
	line = strings.TrimRight(line, "\r\n")
	return utf8.RuneCountInString(line) + strings.Count(line, "\t")*(tabColumns-1)
}
