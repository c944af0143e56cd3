package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// browserNames are the names under which distributions install the browser, in the order in
// which the tests look for it too.
var browserNames = []string{"chromium", "chromium-browser", "google-chrome"}

// browser finds the Chromium that drives pages in tests, and installs Debian's when there is none
// and it may.
func browser(ctx context.Context, c *checkout) outcome {
	return findBrowser(ctx, c, host{
		lookPath: exec.LookPath,
		root:     os.Geteuid() == 0,
	})
}

// A host is what findBrowser and findTshark ask the machine; tests describe other machines.
type host struct {
	lookPath func(name string) (string, error)
	root     bool // may install packages
}

// findBrowser is browser on any host.
func findBrowser(ctx context.Context, c *checkout, h host) outcome {
	path, ok := h.anyOf(browserNames)
	if !ok {
		if err := c.installBrowser(ctx, h); err != nil {
			return failure("%v", err)
		}
		if path, ok = h.anyOf(browserNames); !ok {
			return failure("chromium was installed and still is not on PATH")
		}
	}
	version, err := c.exec(ctx, c.root, path, "--version")
	if err != nil {
		return failure("%s does not start: %v\n%s", path, err, version)
	}
	return outcome{note: lastLine(version)}
}

// anyOf finds the first of some programs that is there.
func (h host) anyOf(names []string) (path string, ok bool) {
	for _, name := range names {
		if path, err := h.lookPath(name); err == nil {
			return path, true
		}
	}
	return "", false
}

// installBrowser installs Debian's chromium. It fails with what a person can do about it.
func (c *checkout) installBrowser(ctx context.Context, h host) error {
	return c.install(ctx, h, debian{what: "browser", names: browserNames, title: "Chromium",
		name: "chromium", size: "110 MB"})
}

// debian is a package of Debian.
type debian struct {
	what  string   // what is missing without it, one word
	names []string // of the program, on PATH
	title string   // as people call it
	name  string   // as apt-get does
	size  string   // of what is downloaded
}

// install installs a package. It fails with what a person can do about it.
func (c *checkout) install(ctx context.Context, h host, d debian) error {
	wayOut := fmt.Sprintf("install %s (on Debian: apt-get install %s), or run with -fast", d.title,
		d.name)
	if _, err := h.lookPath("apt-get"); err != nil {
		return fmt.Errorf("no %s on PATH under any of the names %s, and no apt-get to install one; %s",
			d.what, strings.Join(d.names, ", "), wayOut)
	}
	if !h.root {
		return fmt.Errorf("no %s on PATH, and only root may install one; %s", d.what, wayOut)
	}
	fmt.Fprintf(c.out, "  no %s yet: installing %s, some %s\n", d.what, d.name, d.size)
	for _, args := range [][]string{{"update"}, {"install", "-y", d.name}} {
		env := append([]string{"DEBIAN_FRONTEND=noninteractive", "apt-get"}, args...)
		if out, err := c.exec(ctx, c.root, "env", env...); err != nil {
			return fmt.Errorf("no %s on PATH, and apt-get %s failed: %w\n%s", d.what, args[0], err,
				lastLines(out, 10))
		}
	}
	return nil
}

// lastLine is the last line of a text that has something on it. Debian's chromium is a script that
// may complain before it answers.
func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:])
}

// lastLines keeps the end of a long output, where programs say what went wrong. It says so when
// it left something out.
func lastLines(text string, n int) string {
	all := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(all) <= n {
		return strings.Join(all, "\n")
	}
	left := len(all) - n
	return fmt.Sprintf("(%d lines before this)\n", left) + strings.Join(all[left:], "\n")
}
