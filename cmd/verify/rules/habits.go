package rules

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

// NoSkips wants every test to run everywhere.
func NoSkips(t *Tree) []Finding {
	skips := []string{"Skip", "Skipf", "SkipNow"}
	handles := []string{"t", "b", "f", "tb"}
	return t.inTests(func(sel *ast.SelectorExpr, _ map[string]string) string {
		x, ok := sel.X.(*ast.Ident)
		if ok && slices.Contains(handles, x.Name) && slices.Contains(skips, sel.Sel.Name) {
			return "a test leaves itself out; make what it needs a part of the test, or fail"
		}
		return ""
	})
}

// NoSleeps wants tests to wait for what they wait for.
func NoSleeps(t *Tree) []Finding {
	return t.inTests(func(sel *ast.SelectorExpr, names map[string]string) string {
		if qualified(sel, names) == "time" && sel.Sel.Name == "Sleep" {
			return "a test sleeps; wait for the condition, or use testing/synctest"
		}
		return ""
	})
}

// inTests asks judge about every x.Name in a test file, with the names of the file's imports,
// and collects what it objects to.
func (t *Tree) inTests(judge func(*ast.SelectorExpr, map[string]string) string) []Finding {
	var found []Finding
	for _, f := range t.Go {
		if !f.Test {
			continue
		}
		names := importNames(f.AST)
		ast.Inspect(f.AST, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if says := judge(sel, names); says != "" {
				found = append(found, Finding{t.at(f, sel.Pos()), says})
			}
			return true
		})
	}
	return found
}

// promise matches the words that stand for work left over. They are put together here, or this
// line would break its own rule.
var promise = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)

// NoPromises wants no such word in a comment of a Go file, nor anywhere in the other sources.
func NoPromises(t *Tree) []Finding {
	const says = "promises work; do it, or take the promise out"
	var found []Finding
	t.written(func(f *File) {
		for _, group := range f.AST.Comments {
			for _, c := range group.List {
				if promise.MatchString(c.Text) {
					found = append(found, Finding{t.at(f, c.Pos()), says})
				}
			}
		}
	})
	for _, f := range t.Text {
		line := 0
		for text := range strings.Lines(string(f.Src)) {
			line++
			if promise.MatchString(text) {
				found = append(found, Finding{lineOf(f, line), says})
			}
		}
	}
	return found
}
