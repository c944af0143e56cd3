package rules

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
)

// A Row of the import table says of one package whether it is pure and what of this module it
// may import. The standard library is open to all, less what Purity forbids.
type Row struct {
	Package string // path below the module
	Pure    bool   // no goroutine, lock, clock, operating system, network or other module
	May     string // packages, separated by blanks; see resolve for how they are written
}

// pure makes the column of the table read as a word.
const pure, impure = true, false

// Table is the whole import rule. A package that stands here and does not exist is no error; a
// package that exists and does not stand here is one. Tests are free to import more.
var Table = []Row{
	// leaves
	{"engine/node", pure, ""},
	{"engine/zk", pure, ""},
	{"engine/zk/event", pure, "node zk"},

	// parts
	{"engine/jute", pure, "node zk zk/event"},
	{"engine/quorum", pure, "zk"},
	{"engine/datatree", pure, "zk jute"},
	{"engine/storage", pure, "node zk zk/event jute datatree"},
	{"engine/election", pure, "node zk zk/event jute quorum"},
	{"engine/election/legacy", pure, "node zk zk/event jute quorum election"},
	{"engine/server", pure, "node zk zk/event jute quorum storage datatree"},
	{"engine/zab", pure, "node zk zk/event jute quorum storage server"},

	// machines
	{"engine/peer", pure, "node zk zk/event jute quorum datatree storage " +
		"election election/legacy zab server"},
	{"engine/client", pure, "node zk zk/event jute"},
	{"engine/zkcli", pure, "zk"},
	{"engine/lab/kafka", pure, "node"},
	{"engine/lab/redis", pure, "node"},

	// drivers: they see node.Machine, never a machine or its parts
	{"engine/trace", impure, "node"},
	{"engine/sim/delay", impure, "node"},
	{"engine/sim/network", impure, "node sim/delay"},
	{"engine/sim/disk", impure, "node sim/delay"},
	{"engine/sim", impure, "node trace sim/delay sim/network sim/disk"},
	{"engine/sim/fault", impure, "node sim sim/disk"},
	{"engine/check", impure, "node zk zk/event trace"},
	{"engine/transport", impure, "node zk jute"},
	{"engine/live", impure, "node transport"},

	// language and facade
	{"engine/scenario/catalogue", impure, "node trace zk/event"},
	{"engine/scenario", impure, "scenario/catalogue node zk zk/event jute quorum datatree storage " +
		"election zab server peer client sim sim/* trace check"},
	{"engine", impure, "engine/* !transport !live !export"},
	{"engine/export", impure, "engine node zk zk/event jute trace scenario scenario/catalogue " +
		"sim sim/network zkcli"},

	// site
	{"lessons", impure, "scenario"},
	{"static", impure, ""},
	{"templates", impure, "static"},
	{"web", impure, "engine engine/* web/* lessons templates static"},
	{"web/ws", impure, ""},
	{"web/room", impure, "web/ws engine trace"},

	// commands
	{"cmd/zabscope", impure, "web static lessons engine export node scenario peer live trace zk"},
	{"cmd/verify", impure, "cmd/verify/rules"},
	{"cmd/verify/rules", impure, ""},
}

// tops are the top-level folders that hold Go: a name in May that begins with none of them
// stands below engine.
var tops = []string{"cmd", "engine", "lessons", "static", "templates", "web"}

// resolve turns a name as written in May into a path below the module: "zab" is engine/zab and
// "web/ws" is itself.
func resolve(name string) string {
	first, _, _ := strings.Cut(name, "/")
	if slices.Contains(tops, first) {
		return name
	}
	return "engine/" + name
}

// may reports whether the row lets its package import another of this module. "x/*" stands for
// everything below x, and "!x" takes x out again wherever in the list it stands.
func (r Row) may(target string) bool {
	allowed := false
	for name := range strings.FieldsSeq(r.May) {
		if not, ok := strings.CutPrefix(name, "!"); ok && resolve(not) == target {
			return false
		}
		below, wild := strings.CutSuffix(resolve(name), "*")
		if wild && strings.HasPrefix(target, below) || resolve(name) == target {
			allowed = true
		}
	}
	return allowed
}

// rowOf finds the row of a package, and false when the table does not know it.
func rowOf(pkg string) (Row, bool) {
	i := slices.IndexFunc(Table, func(r Row) bool { return r.Package == pkg })
	if i < 0 {
		return Row{}, false
	}
	return Table[i], true
}

// Imports holds the import table: every package must stand in it, and may import of this module
// only what its row lists. Pure packages import no other module either.
func Imports(t *Tree) []Finding {
	var found []Finding
	unknown := map[string]bool{}
	for _, f := range t.Go {
		if f.Test {
			continue
		}
		row, ok := rowOf(f.Dir())
		if !ok {
			if !unknown[f.Dir()] {
				unknown[f.Dir()] = true
				found = append(found, Finding{f.Dir(),
					"not in the import table; give it a row in cmd/verify/rules/imports.go"})
			}
			continue
		}
		for _, spec := range f.AST.Imports {
			if says := t.refuses(row, importPath(spec)); says != "" {
				found = append(found, Finding{t.at(f, spec.Pos()), says})
			}
		}
	}
	return found
}

// refuses says why a row does not allow an import, "" when it does.
func (t *Tree) refuses(row Row, imported string) string {
	ours, inside := strings.CutPrefix(imported, t.Module+"/")
	switch {
	case inside && !row.may(ours):
		return fmt.Sprintf("%s may not import %s (it may: %s)",
			row.Package, ours, orNothing(row.May))
	case !inside && row.Pure && !standard(imported):
		return fmt.Sprintf("%s is pure and imports %s; only the standard library is open to it",
			row.Package, imported)
	}
	return ""
}

// orNothing keeps an empty list readable inside a sentence.
func orNothing(list string) string {
	if list == "" {
		return "nothing of this module"
	}
	return list
}

// standard reports whether an import path is of the standard library: its first element has no
// dot, where that of a module to download must have one.
func standard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// importPath is the path of an import without its quotes.
func importPath(spec *ast.ImportSpec) string {
	p, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return spec.Path.Value // the parser accepts no such literal, so this is only for show
	}
	return p
}
