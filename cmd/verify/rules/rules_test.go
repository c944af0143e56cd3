package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// tree builds a module named zabscope from paths and texts; no file of it has to compile.
func tree(t *testing.T, files map[string]string) *Tree {
	t.Helper()
	fsys := fstest.MapFS{"go.mod": {Data: []byte("module zabscope\n\ngo 1.26.0\n")}}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	loaded, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// one is a module of a single file.
func one(name, text string) map[string]string { return map[string]string{name: text} }

// lines repeats a line of code.
func lines(n int, line string) string { return strings.Repeat(line+"\n", n) }

// longFunc is a file with one method that has n lines from func to brace.
func longFunc(n int) string {
	return "package zab\n\nfunc (l *Leader) lead() {\n" + lines(n-2, "\tstep()") + "}\n"
}

// broken has for each rule trees that break it: what they hold and what the first finding says.
var broken = map[string][]struct {
	name  string
	files map[string]string
	want  string
}{
	"import-table": {
		{"a leaf reaches up",
			one("engine/zk/a.go", "package zk\n\nimport _ \"zabscope/engine/zab\"\n"),
			"a.go:3: engine/zk may not import engine/zab (it may: nothing of this module)"},
		{"the facade takes a driver of real machines",
			one("engine/a.go", "package engine\n\nimport _ \"zabscope/engine/live\"\n"),
			"engine/a.go:3: engine may not import engine/live"},
		{"a package nobody placed",
			one("engine/cache/a.go", "package cache\n"),
			"engine/cache: not in the import table"},
		{"a pure package takes another module",
			one("engine/zab/a.go", "package zab\n\nimport _ \"github.com/google/go-cmp/cmp\"\n"),
			"engine/zab/a.go:3: engine/zab is pure and imports github.com/google/go-cmp/cmp"},
	},
	"purity": {
		{"the clock", one("engine/zab/a.go",
			"package zab\n\nimport \"time\"\n\nvar t = time.Now()\n"),
			"a.go:5: a pure package uses time.Now"},
		{"time since", one("engine/zab/a.go",
			"package zab\n\nimport \"time\"\n\nvar d = time.Since(t)\n"), "uses time.Since"},
		{"a timer under another name", one("engine/zab/a.go",
			"package zab\n\nimport clock \"time\"\n\nvar c = clock.NewTimer(1)\n"),
			"uses time.NewTimer"},
		{"the clock without its name", one("engine/zab/a.go",
			"package zab\n\nimport . \"time\"\n\nvar t = Now()\n"),
			"imports time without its name"},
		{"a goroutine", one("engine/peer/a.go",
			"package peer\n\nfunc f() { go f() }\n"), "a.go:3: a pure package starts a goroutine"},
		{"select", one("engine/peer/a.go",
			"package peer\n\nfunc f() { select {} }\n"), "selects between channels"},
		{"a lock", one("engine/peer/a.go",
			"package peer\n\nimport _ \"sync\"\n"), "imports sync, which lets in locks"},
		{"an atomic", one("engine/peer/a.go",
			"package peer\n\nimport _ \"sync/atomic\"\n"), "imports sync/atomic"},
		{"the operating system", one("engine/storage/a.go",
			"package storage\n\nimport _ \"os\"\n"), "imports os"},
		{"the network", one("engine/zab/a.go",
			"package zab\n\nimport _ \"net/http\"\n"), "imports net/http"},
		{"addresses", one("engine/jute/a.go",
			"package jute\n\nimport _ \"unsafe\"\n"), "imports unsafe"},
		{"true randomness", one("engine/node/a.go",
			"package node\n\nimport _ \"crypto/rand\"\n"), "imports crypto/rand"},
		{"the global generator", one("engine/node/a.go",
			"package node\n\nimport \"math/rand\"\n\nvar n = rand.Intn(3)\n"),
			"global generator with rand.Intn"},
		{"the other global generator", one("engine/node/a.go",
			"package node\n\nimport \"math/rand/v2\"\n\nvar n = rand.N(3)\n"),
			"global generator with rand.N"},
	},
	"package-docs": {
		{"no comment", one("engine/zab/a.go", "package zab\n"),
			"engine/zab: has no package comment"},
		{"a comment about something else", one("engine/zab/a.go",
			"// Leaders and followers.\npackage zab\n"), "does not open with \"Package zab\""},
		{"a comment in a test alone", map[string]string{
			"engine/zab/a.go":      "package zab\n",
			"engine/zab/a_test.go": "// Package zab tests.\npackage zab\n",
		}, "engine/zab: has no package comment"},
	},
	"exported-docs": {
		{"a type", one("engine/zab/a.go", "package zab\n\ntype Leader int\n"),
			"engine/zab/a.go:3: Leader has no comment"},
		{"a function", one("engine/zab/a.go", "package zab\n\nfunc Lead() {}\n"),
			"Lead has no comment"},
		{"a method of a generic type", one("engine/zab/a.go",
			"package zab\n\nfunc (q *Queue[T]) Push(x T) {}\n"), "Push has no comment"},
		{"a constant", one("engine/zab/a.go", "package zab\n\nconst Max = 1\n"),
			"Max has no comment"},
		{"one of a group of types", one("engine/zab/a.go",
			"package zab\n\n// Kinds.\ntype (\n\tA int\n)\n"), "A has no comment"},
	},
	"sizes": {
		{"a function", one("engine/zab/a.go", longFunc(71)),
			"engine/zab/a.go:3: func engine/zab Leader.lead has 71 lines, more than 70"},
		{"a file", one("engine/zab/a.go", "package zab\n"+lines(600, "")),
			"file engine/zab/a.go has 601 lines, more than 600"},
		{"a script", one("static/js/draw.js", lines(251, "step();")),
			"has 251 lines, more than 250"},
		{"a style sheet", one("static/css/main.css", lines(601, "a{}")),
			"has 601 lines, more than 600"},
		{"an exception outgrown", map[string]string{
			"engine/zab/a.go": longFunc(85),
			exceptionsFile:    "func engine/zab Leader.lead 84\n",
		}, "has 85 lines, more than 84"},
		{"an exception with room to grow", map[string]string{
			"engine/zab/a.go": longFunc(80),
			exceptionsFile:    "func engine/zab Leader.lead 84\n",
		}, "has shrunk to 80 lines; so must its number here"},
		{"an exception nobody needs", map[string]string{
			"engine/zab/a.go": longFunc(70),
			exceptionsFile:    "func engine/zab Leader.lead 84\n",
		}, "needs no exception"},
		{"an exception without a number", one(exceptionsFile, "func engine/zab Leader.lead\n"),
			"does not end in a number"},
	},
	"columns": {
		{"one line in a hundred", one("engine/zab/a.go",
			lines(98, "")+"package zab\n"+"// "+strings.Repeat("x", 98)+"\n"),
			"the tree: 1 of 100 lines of Go are over 100 columns"},
		{"tabs count", one("engine/zab/a.go",
			"package zab\n\nfunc f() {\n"+strings.Repeat("\t", 25)+"f()\n}\n"), "1 of 5 lines"},
	},
	"no-skips": {
		{"a test", one("engine/zab/a_test.go",
			"package zab\n\nfunc TestX(tb *testing.T) { tb.Skip() }\n"),
			"a_test.go:3: a test leaves itself out"},
		{"with a reason", one("engine/zab/a_test.go",
			"package zab\n\nfunc BenchmarkX(b *testing.B) { b.Skipf(\"slow\") }\n"),
			"leaves itself out"},
	},
	"no-sleeps": {
		{"a sleep under another name", one("web/a_test.go",
			"package web\n\nimport clock \"time\"\n\nfunc f() { clock.Sleep(1) }\n"),
			"a_test.go:5: a test sleeps"},
	},
	"no-promises": {
		{"a comment", one("web/a.go", "package web\n\n// TO"+"DO: more.\n"),
			"web/a.go:3: promises work"},
		{"a script", one("static/js/a.js", "step();\n// FIX"+"ME\n"),
			"static/js/a.js:2: promises work"},
	},
}

func TestEachRuleCanFail(t *testing.T) {
	for _, rule := range All {
		if len(broken[rule.Name]) == 0 {
			t.Errorf("no tree here breaks the rule %s", rule.Name)
		}
		for _, c := range broken[rule.Name] {
			t.Run(rule.Name+"/"+c.name, func(t *testing.T) {
				found := rule.Check(tree(t, c.files))
				if len(found) == 0 || !strings.Contains(found[0].String(), c.want) {
					t.Errorf("found %q\nwant %q", found, c.want)
				}
			})
		}
	}
}

// allowed are trees that come close to a rule and keep it. Every rule must let each of them pass,
// so a file here documents its package and its names.
var allowed = map[string]map[string]string{
	"an empty tree": nil,
	"imports down the table, and across in a test": {
		"engine/zab/a.go":      "// Package zab leads.\npackage zab\n\nimport _ \"zabscope/engine/zk\"\n",
		"engine/zab/a_test.go": "package zab\n\nimport _ \"zabscope/engine/sim\"\n",
	},
	"a star in the table": one("engine/sim/a.go",
		"// Package sim runs.\npackage sim\n\nimport _ \"zabscope/engine/sim/disk\"\n"),
	"arithmetic on durations, and a seeded generator": one("engine/node/a.go",
		"// Package node is.\npackage node\n\nimport (\n\t\"math/rand/v2\"\n\t\"time\"\n)\n\n"+
			"const tick = 2 * time.Second\n\nvar r = rand.New(rand.NewPCG(1, 2))\n"),
	"a variable that has the name of the clock": one("engine/node/a.go",
		"// Package node is.\npackage node\n\nimport \"time\"\n\nvar _ time.Duration\n\n"+
			"func f() {\n\ttime := box{}\n\ttime.Now()\n}\n"),
	"a clock in a package that may have one": one("engine/live/a.go",
		"// Package live runs.\npackage live\n\nimport \"time\"\n\nvar start = time.Now()\n"),
	"a clock in a test of a pure package": one("engine/node/a_test.go",
		"package node\n\nimport \"time\"\n\nvar start = time.Now()\n"),
	"a command's own opening": one("cmd/zabscope/a.go",
		"// Zabscope shows.\npackage main\n"),
	"a group of constants under one comment": one("engine/zk/a.go",
		"// Package zk is.\npackage zk\n\n// States.\nconst (\n\tA = 1\n\tB = 2\n)\n"),
	"a method that nobody outside can call": one("engine/zk/a.go",
		"// Package zk is.\npackage zk\n\nfunc (h heap) Len() int { return 0 }\n"),
	"generated code": one("engine/zk/a.go",
		"// Code generated by hand. DO NOT EDIT.\n\n// Package zk is.\npackage zk\n"+
			lines(700, "func Wide() {}"+strings.Repeat(" ", 100))),
	"an exception in use": {
		"engine/zab/a.go": "// Package zab leads.\n" + longFunc(84),
		exceptionsFile:    "# why\n\nfunc engine/zab Leader.lead 84\n",
	},
	"a decoder that skips": one("engine/jute/a_test.go",
		"package jute\n\nfunc f(d *Decoder) { d.Skip(4) }\n"),
	"test data, vendored and nested code": {
		"engine/zab/testdata/a.go": "package nothing\n",
		"static/vendor/lib.js":     lines(9000, "x"),
		"cmd/verify/tools/go.mod":  "module tools\n",
		"cmd/verify/tools/a.go":    "package tools\n",
	},
}

func TestRulesLetPass(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(allowed)) {
		t.Run(name, func(t *testing.T) {
			loaded := tree(t, allowed[name])
			for _, rule := range All {
				for _, f := range rule.Check(loaded) {
					t.Errorf("%s: %s", rule.Name, f)
				}
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, fsys := range map[string]fstest.MapFS{
		"a folder without go.mod": {"a.go": {Data: []byte("package a\n")}},
		"Go that does not parse": {
			"go.mod": {Data: []byte("module zabscope\n")},
			"a.go":   {Data: []byte("package\n")},
		},
	} {
		if _, err := Load(fsys); err == nil {
			t.Errorf("%s was loaded", name)
		}
	}
}

// TestTableIsSound catches a slip of the pen in the table itself.
func TestTableIsSound(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range Table {
		if seen[row.Package] {
			t.Errorf("%s has two rows", row.Package)
		}
		seen[row.Package] = true
	}
	for _, row := range Table {
		for name := range strings.FieldsSeq(row.May) {
			target := resolve(strings.TrimPrefix(name, "!"))
			if strings.HasSuffix(target, "/*") {
				continue
			}
			if !seen[target] {
				t.Errorf("%s may import %s, which has no row", row.Package, target)
			}
			if r, _ := rowOf(target); row.Pure && !r.Pure {
				t.Errorf("%s is pure and may import %s, which is not", row.Package, target)
			}
		}
	}
}

// TestTablePointsDown holds what the order of the table says: a row imports only rows above it,
// but for a folder's own parts.
func TestTablePointsDown(t *testing.T) {
	for i, row := range Table {
		for _, later := range Table[i:] {
			part := strings.HasPrefix(later.Package, row.Package+"/")
			if row.may(later.Package) && !part {
				t.Errorf("%s may import %s, which stands below it", row.Package, later.Package)
			}
		}
	}
}

func TestLayout(t *testing.T) {
	kept := []string{".ci", ".gitignore", "LICENSE", "README.md", "cmd", "engine", "go.mod"}
	if found := Layout(kept); len(found) != 0 {
		t.Errorf("the agreed layout is refused: %v", found)
	}
	found := Layout(append(kept, "docs"))
	if len(found) != 1 || !strings.HasPrefix(found[0].String(), "docs: has no place") {
		t.Errorf("found %v, want one about docs", found)
	}
}

func TestGoLine(t *testing.T) {
	for mod, findings := range map[string]int{
		"module zabscope\n\ngo 1.26.0\n": 0,
		"module zabscope\n\ngo 1.26.8\n": 1,
		"module zabscope\n":              1,
	} {
		if found := GoLine("go.mod", mod); len(found) != findings {
			t.Errorf("%q: found %v, want %d", mod, found, findings)
		}
	}
}

func ExampleFinding() {
	fmt.Println(Finding{"engine/zab/leader.go:12", "Leader has no comment"})
	// Output: engine/zab/leader.go:12: Leader has no comment
}
