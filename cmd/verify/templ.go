package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// templFresh generates every template once more and compares. It works on a copy of the sources
// in a temporary folder, so nothing in the checkout changes however it ends.
func templFresh(ctx context.Context, c *checkout) outcome {
	sources, err := c.read(".templ")
	if err != nil {
		return failure("%v", err)
	}
	committed, err := c.read("_templ.go")
	if err != nil {
		return failure("%v", err)
	}
	if len(sources) == 0 && len(committed) == 0 {
		return outcome{note: "no templates"}
	}
	generated, err := c.generate(ctx, sources)
	if err != nil {
		return failure("%v", err)
	}
	note := fmt.Sprintf("%d templates", len(sources))
	return outcome{note: note, wrong: stale(committed, generated)}
}

// read gives the files that end in suffix, by their names below the root.
func (c *checkout) read(suffix string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := c.walk(suffix, func(name string, src []byte) { files[name] = src })
	return files, err
}

// generate runs templ over sources and gives the Go files that it made, by the names that they
// have in the checkout.
func (c *checkout) generate(ctx context.Context, sources map[string][]byte) (
	map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "zabscope-templ-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	for name, src := range sources {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			return nil, err
		}
		if err := os.WriteFile(p, src, 0o644); err != nil {
			return nil, err
		}
	}
	out, err := c.exec(ctx, c.root, "go", "tool", toolsMod, "templ", "generate", "-path", dir)
	if err != nil {
		return nil, fmt.Errorf("templ generate: %w\n%s", err, lastLines(out, 20))
	}
	copied := &checkout{root: dir}
	return copied.read("_templ.go")
}

// stale lists where the committed files are not the generated ones.
func stale(committed, generated map[string][]byte) []string {
	const again = "; run go tool " + toolsMod + " templ generate"
	all := map[string][]byte{}
	maps.Copy(all, committed)
	maps.Copy(all, generated)
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		was, have := committed[name]
		is, made := generated[name]
		switch {
		case !made:
			wrong = append(wrong, name+": has no source "+
				strings.TrimSuffix(name, "_templ.go")+".templ; remove it")
		case !have:
			wrong = append(wrong, name+": is missing"+again)
		case !bytes.Equal(was, is):
			wrong = append(wrong, name+": is not what its source makes"+again)
		}
	}
	return wrong
}
