package rules

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"
)

// PackageDocs wants a package comment in every package, opening "Package name" the way go doc
// shows it; a command's opens as it likes.
func PackageDocs(t *Tree) []Finding {
	type pack struct{ name, doc string }
	var order []string
	packs := map[string]*pack{}
	t.written(func(f *File) {
		if f.Test {
			return
		}
		p := packs[f.Dir()]
		if p == nil {
			p = &pack{name: f.AST.Name.Name}
			packs[f.Dir()] = p
			order = append(order, f.Dir())
		}
		p.doc += f.AST.Doc.Text()
	})
	var found []Finding
	for _, dir := range order {
		p := packs[dir]
		switch {
		case p.doc == "":
			found = append(found, Finding{dir, "has no package comment"})
		case p.name != "main" && !strings.HasPrefix(p.doc, "Package "+p.name+" "):
			found = append(found, Finding{dir, fmt.Sprintf(
				"the package comment does not open with \"Package %s\"", p.name)})
		}
	}
	return found
}

// ExportedDocs wants a comment on every exported type, function, method, constant and variable.
// The comment above a group of constants or variables speaks for the group.
func ExportedDocs(t *Tree) []Finding {
	var found []Finding
	t.written(func(f *File) {
		if f.Test {
			return
		}
		for _, d := range f.AST.Decls {
			for _, name := range undocumented(d) {
				found = append(found, Finding{t.at(f, name.Pos()), name.Name + " has no comment"})
			}
		}
	})
	return found
}

// undocumented lists the exported names of a declaration that nothing explains.
func undocumented(d ast.Decl) []*ast.Ident {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc.Text() == "" && d.Name.IsExported() && exportedReceiver(d) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		return undocumentedSpecs(d)
	}
	return nil
}

// undocumentedSpecs does the same for the types, constants and variables of one declaration.
func undocumentedSpecs(d *ast.GenDecl) []*ast.Ident {
	alone := !d.Lparen.IsValid()
	var names []*ast.Ident
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			said := s.Doc.Text() + s.Comment.Text()
			if alone {
				said += d.Doc.Text()
			}
			if said == "" && s.Name.IsExported() {
				names = append(names, s.Name)
			}
		case *ast.ValueSpec:
			if s.Doc.Text()+s.Comment.Text()+d.Doc.Text() != "" {
				continue
			}
			for _, n := range s.Names {
				if n.IsExported() {
					names = append(names, n)
				}
			}
		}
	}
	return names
}

// exportedReceiver reports whether a function can be called from outside by its type: it has no
// receiver, or one of an exported type.
func exportedReceiver(d *ast.FuncDecl) bool {
	return d.Recv == nil || token.IsExported(receiver(d))
}

// receiver is the name of the type that a method belongs to, "" for a plain function.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return ""
	}
	x := d.Recv.List[0].Type
	for {
		switch inner := x.(type) {
		case *ast.StarExpr:
			x = inner.X
		case *ast.IndexExpr: // a type with a parameter
			x = inner.X
		case *ast.IndexListExpr: // a type with several
			x = inner.X
		case *ast.Ident:
			return inner.Name
		default:
			return ""
		}
	}
}
