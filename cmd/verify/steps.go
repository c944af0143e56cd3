package main

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"zabscope/cmd/verify/rules"
)

// steps is everything that verify does, in order: what is quick to fail stands first.
var steps = []step{
	{"browser", "a Chromium for the tests that drive pages", true, browser},
	{"tshark", "a reader for the tests that capture packets", true, tshark},
	{"layout", "nothing stands where it does not belong", false, layout},
	{"gofmt", "gofmt would change no file", false, gofmt},
	{"templ", "generated templates are those of their sources", false, templFresh},
	{"vet", "go vet ./...", false, vet},
	{"staticcheck", "staticcheck ./...", false, staticcheck},
	{"schedules", "500 random fault schedules, at full speed", true, schedules},
	{"tests", "go test ./...", false, goTests},
}

// toolsMod pins the versions of the programs below, apart from the project's own go.mod.
const toolsMod = "-modfile=cmd/verify/tools/go.mod"

// layout checks the top level of the repository and the Go versions that its modules ask for.
func layout(ctx context.Context, c *checkout) outcome {
	entries, err := c.topLevel(ctx)
	if err != nil {
		return failure("%v", err)
	}
	found := rules.Layout(entries)
	for _, name := range []string{"go.mod", "cmd/verify/tools/go.mod"} {
		mod, err := os.ReadFile(filepath.Join(c.root, name))
		if err != nil {
			return failure("%v", err)
		}
		found = append(found, rules.GoLine(name, string(mod))...)
	}
	var o outcome
	for _, f := range found {
		o.wrong = append(o.wrong, f.String())
	}
	return o
}

// topLevel names what stands at the root. In a git checkout that is what git sees, so a binary
// that .gitignore knows of may lie about; in an unpacked archive it is everything.
func (c *checkout) topLevel(ctx context.Context) ([]string, error) {
	var names []string
	out, err := c.exec(ctx, c.root, "git", "ls-files", "-z",
		"--cached", "--others", "--exclude-standard")
	if err == nil {
		for p := range strings.SplitSeq(strings.TrimRight(out, "\x00"), "\x00") {
			first, _, _ := strings.Cut(p, "/")
			names = append(names, first)
		}
		slices.Sort(names)
		return slices.Compact(names), nil
	}
	entries, err := os.ReadDir(c.root)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

// gofmt compares every Go file with what gofmt would make of it.
func gofmt(_ context.Context, c *checkout) outcome {
	var o outcome
	files := 0
	err := c.walk(".go", func(name string, src []byte) {
		files++
		formatted, err := format.Source(src)
		switch {
		case err != nil:
			o.wrong = append(o.wrong, name+": "+err.Error())
		case !bytes.Equal(src, formatted):
			o.wrong = append(o.wrong, name+": gofmt would change it; run gofmt -w "+name)
		}
	})
	if err != nil {
		return failure("%v", err)
	}
	o.note = fmt.Sprintf("%d files", files)
	return o
}

// vet runs the checks that come with Go.
func vet(ctx context.Context, c *checkout) outcome {
	return c.quiet(ctx, "go", "vet", "./...")
}

// staticcheck runs the checks of honnef.co/go/tools.
func staticcheck(ctx context.Context, c *checkout) outcome {
	return c.quiet(ctx, "go", "tool", toolsMod, "staticcheck", "./...")
}

// schedules plays every random fault schedule; the tests, slowed down by the race detector, play a
// part of them again.
func schedules(ctx context.Context, c *checkout) outcome {
	return c.quiet(ctx, "go", "test", "-count=1", "-timeout=20m", "-run=^TestSchedules$", "./engine")
}

// quiet runs a program that has something to say only when something is wrong.
func (c *checkout) quiet(ctx context.Context, name string, args ...string) outcome {
	out, err := c.exec(ctx, c.root, name, args...)
	if err == nil {
		return outcome{}
	}
	return failure("%s%s %s: %v", out, name, strings.Join(args, " "), err)
}

// walk calls do with the name (below the root, with slashes) and the bytes of every file that
// ends in suffix, test data and what git and npm keep for themselves left out.
func (c *checkout) walk(suffix string, do func(name string, src []byte)) error {
	fsys := os.DirFS(c.root)
	return fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && slices.Contains([]string{".git", "node_modules", "testdata"}, d.Name()):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(p, suffix):
			return nil
		}
		src, err := fs.ReadFile(fsys, p)
		if err == nil {
			do(p, src)
		}
		return err
	})
}
