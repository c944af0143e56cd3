// Package rules holds this repository to the rules that its style and its architecture rest on:
// which package may import which, which packages are pure, what is documented, how long things
// may grow, and what no test may do.
//
// Each rule reads source with go/parser alone, so all of them together take a second, need no
// build, and work on a tree that lives in memory; the tests use that to show of every rule that
// it can fail.
//
// Reading order: rules.go (what a rule is, and the list), tree.go (the source they read),
// imports.go (the import table: start there when a package is added), purity.go, docs.go,
// sizes.go, habits.go, layout.go.
package rules

import (
	"fmt"
	"go/token"
)

// A Finding is one place where the tree breaks a rule.
type Finding struct {
	Where string // a path below the root, with a line where one is known: "engine/zab/leader.go:12"
	Says  string // what is wrong and what to do, as a sentence without its full stop
}

// String gives the finding as one line of a report.
func (f Finding) String() string { return f.Where + ": " + f.Says }

// A Rule is one thing that must hold of the whole tree.
type Rule struct {
	Name  string                // unique, in the words of a test name: "import-table"
	Why   string                // the reason, for whoever meets the rule by breaking it
	Check func(*Tree) []Finding // the places that break it, in the order of the tree
}

// All lists every rule that reads source. Layout and GoLine look at other things and stand apart.
var All = []Rule{
	{"import-table", "imports point one way, so that a part can be read and tested alone", Imports},
	{"purity", "the same inputs must give the same bytes on every machine", Purity},
	{"package-docs", "a package's first sentence says what its job is", PackageDocs},
	{"exported-docs", "an exported name is a promise, and a promise is written down", ExportedDocs},
	{"sizes", "what does not fit on a screen is not read", Sizes},
	{"columns", "two files side by side should fit too", Columns},
	{"no-skips", "a test that may be left out says nothing when it passes", NoSkips},
	{"no-sleeps", "a sleeping test is slow today and wrong tomorrow", NoSleeps},
	{"no-promises", "code says what is, not what will be", NoPromises},
}

// at names a position in a file as a Finding's Where.
func (t *Tree) at(f *File, p token.Pos) string {
	return lineOf(f, t.Fset.Position(p).Line)
}

// lineOf does the same for a line number, counted from 1.
func lineOf(f *File, line int) string { return fmt.Sprintf("%s:%d", f.Path, line) }
