package rules

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
)

// A Tree is the source of one Go module, parsed. Nothing in it is changed by a rule.
type Tree struct {
	Module string         // the module path of go.mod: "zabscope"
	Fset   *token.FileSet // positions of every Go file
	Go     []*File        // Go files in the order of their paths, tests and generated ones included
	Text   []*File        // scripts, style sheets and templ files, written by hand

	exceptions string // the text of exceptions.txt, empty where there is none
}

// A File is one source file of a Tree.
type File struct {
	Path      string    // below the root, with slashes
	Src       []byte    // the bytes as they stand
	AST       *ast.File // nil unless it is a Go file
	Test      bool      // its name ends in _test.go
	Generated bool      // it carries Go's "Code generated" line
}

// Dir is the path of the file's package below the module, "." for the root itself.
func (f *File) Dir() string { return path.Dir(f.Path) }

// Lines counts the lines of the file; a last line needs no newline to count.
func (f *File) Lines() int {
	n := bytes.Count(f.Src, []byte("\n"))
	if len(f.Src) > 0 && f.Src[len(f.Src)-1] != '\n' {
		n++
	}
	return n
}

// Load reads and parses a module. It leaves out what Go leaves out (testdata, names that begin
// with a dot or an underscore, modules inside the module) and what others wrote (vendor,
// node_modules). It fails when go.mod is missing or a Go file does not parse.
func Load(fsys fs.FS) (*Tree, error) {
	mod, err := fs.ReadFile(fsys, "go.mod")
	if err != nil {
		return nil, fmt.Errorf("not the root of a module: %w", err)
	}
	t := &Tree{Module: modulePath(mod), Fset: token.NewFileSet()}
	if b, err := fs.ReadFile(fsys, exceptionsFile); err == nil {
		t.exceptions = string(b)
	}
	err = fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && leftOut(fsys, p):
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		return t.add(fsys, p)
	})
	return t, err
}

// leftOut reports whether a folder holds nothing that the rules judge.
func leftOut(fsys fs.FS, p string) bool {
	name := path.Base(p)
	switch {
	case p == ".":
		return false
	case name == "testdata", name == "vendor", name == "node_modules":
		return true
	case name[0] == '.', name[0] == '_':
		return true
	}
	_, err := fs.Stat(fsys, path.Join(p, "go.mod"))
	return err == nil
}

// add reads one file into the tree when it is of a kind that a rule looks at.
func (t *Tree) add(fsys fs.FS, p string) error {
	ext := path.Ext(p)
	switch ext {
	case ".go", ".js", ".css", ".templ":
	default:
		return nil
	}
	src, err := fs.ReadFile(fsys, p)
	if err != nil {
		return err
	}
	f := &File{Path: p, Src: src}
	if ext != ".go" {
		t.Text = append(t.Text, f)
		return nil
	}
	f.AST, err = parser.ParseFile(t.Fset, p, src, parser.ParseComments)
	if err != nil {
		return err
	}
	f.Test = strings.HasSuffix(p, "_test.go")
	f.Generated = ast.IsGenerated(f.AST)
	t.Go = append(t.Go, f)
	return nil
}

// written calls do for each Go file that a person wrote.
func (t *Tree) written(do func(*File)) {
	for _, f := range t.Go {
		if !f.Generated {
			do(f)
		}
	}
}

// modulePath takes the module path out of the text of a go.mod, "" when it names none.
func modulePath(mod []byte) string {
	for line := range strings.Lines(string(mod)) {
		if name, ok := strings.CutPrefix(line, "module "); ok {
			return strings.TrimSpace(name)
		}
	}
	return ""
}
