package rules

import (
	"slices"
	"strings"
)

// topLevel is everything that may stand at the root of the repository, beside names that begin
// with a dot.
var topLevel = []string{"cmd", "engine", "web", "static", "templates", "lessons",
	"go.mod", "go.sum", "README.md", "LICENSE"}

// Layout holds the top level of the repository: the root is the first page that a visitor
// reads. It takes the names of the entries there.
func Layout(entries []string) []Finding {
	var found []Finding
	for _, name := range entries {
		if !strings.HasPrefix(name, ".") && !slices.Contains(topLevel, name) {
			found = append(found, Finding{name, "has no place at the top level (there may be: " +
				strings.Join(topLevel, " ") + ")"})
		}
	}
	return found
}

// GoLine wants a go.mod to ask for the first release of a Go version ("go 1.26.0"). Tools write
// the release that they run on, and then machines with an older one refuse the module.
func GoLine(where, mod string) []Finding {
	for line := range strings.Lines(mod) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "go "); ok {
			if strings.HasSuffix(v, ".0") {
				return nil
			}
			return []Finding{{where, "asks for go " + v + "; ask for the .0 of that version"}}
		}
	}
	return []Finding{{where, "has no go line"}}
}
