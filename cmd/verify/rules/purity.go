package rules

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

// closed are the packages of the standard library that a pure package may not import at all,
// with everything below them. What each would let in is said in the finding.
var closed = []struct{ path, lets string }{
	{"os", "the operating system"},
	{"net", "the network"},
	{"sync", "locks"},
	{"syscall", "the operating system"},
	{"unsafe", "memory addresses"},
	{"log", "the clock and standard error"},
	{"crypto/rand", "unseeded randomness"},
	{"hash/maphash", "a seed of its own in every process"},
}

// clock are the names of package time that read the wall clock or wait for it. The rest of it
// (Duration, units, formatting) is arithmetic and open.
var clock = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick",
	"NewTimer", "NewTicker", "Timer", "Ticker"}

// seeded are the names of math/rand and math/rand/v2 that make or name a generator with a seed
// that the caller gives. Every other name draws from the process's own generator.
var seeded = []string{"New", "NewSource", "NewZipf", "NewPCG", "NewChaCha8",
	"Source", "Source64", "Rand", "Zipf", "PCG", "ChaCha8"}

// Purity keeps goroutines, locks, the clock, unseeded randomness, the operating system and the
// network out of the pure packages of the import table. Tests of those packages are free.
func Purity(t *Tree) []Finding {
	var found []Finding
	for _, f := range t.Go {
		row, ok := rowOf(f.Dir())
		if !ok || !row.Pure || f.Test {
			continue
		}
		names := importNames(f.AST)
		for _, spec := range f.AST.Imports {
			if says := impureImport(spec); says != "" {
				found = append(found, Finding{t.at(f, spec.Pos()), says})
			}
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			if says := impureNode(n, names); says != "" {
				found = append(found, Finding{t.at(f, n.Pos()), says})
			}
			return true
		})
	}
	return found
}

// impureImport says why a pure package may not have an import, "" when it may.
func impureImport(spec *ast.ImportSpec) string {
	p := importPath(spec)
	if p == "net/netip" { // arithmetic on addresses, as its own documentation says; it opens nothing
		return ""
	}
	for _, c := range closed {
		if p == c.path || strings.HasPrefix(p, c.path+"/") {
			return fmt.Sprintf("a pure package imports %s, which lets in %s", p, c.lets)
		}
	}
	watched := p == "time" || isRand(p)
	if watched && spec.Name != nil && spec.Name.Name == "." {
		return fmt.Sprintf("a pure package imports %s without its name, hiding what it uses", p)
	}
	return ""
}

// impureNode says why a piece of code has no place in a pure package, "" when it has.
func impureNode(n ast.Node, names map[string]string) string {
	switch n := n.(type) {
	case *ast.GoStmt:
		return "a pure package starts a goroutine"
	case *ast.SelectStmt:
		return "a pure package selects between channels, in an order nobody decides"
	case *ast.SelectorExpr:
		p, name := qualified(n, names), n.Sel.Name
		switch {
		case p == "time" && slices.Contains(clock, name):
			return "a pure package uses time." + name + "; time is an input (node.Input.Now)"
		case isRand(p) && !slices.Contains(seeded, name):
			return "a pure package draws from the global generator with rand." + name
		}
	}
	return ""
}

// isRand reports whether an import path is one of the two packages with a global generator.
func isRand(p string) bool { return p == "math/rand" || p == "math/rand/v2" }

// importNames maps the name by which a file knows each import to the import's path.
func importNames(f *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range f.Imports {
		p := importPath(spec)
		name := path.Base(p)
		if name == "v2" {
			name = path.Base(path.Dir(p))
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = p
	}
	return names
}

// qualified gives the import path behind the x of x.Name, "" when x is not an import.
func qualified(sel *ast.SelectorExpr, names map[string]string) string {
	x, ok := sel.X.(*ast.Ident)
	if !ok || declaredHere(x) {
		return ""
	}
	return names[x.Name]
}

// declaredHere reports whether an identifier is declared in its own file, as a variable named
// time is: the parser resolves those and leaves the names of imports alone.
func declaredHere(x *ast.Ident) bool { return x.Obj != nil && x.Obj.Pos() != token.NoPos }
