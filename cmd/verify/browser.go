package main

import (
	"context"
	"errors"
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

// A host is what findBrowser asks the machine; tests describe other machines.
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
	const wayOut = "install Chromium (on Debian: apt-get install chromium), or run with -fast"
	if _, err := h.lookPath("apt-get"); err != nil {
		return fmt.Errorf("no browser on PATH under any of the names %s, and no apt-get to "+
			"install one; %s", strings.Join(browserNames, ", "), wayOut)
	}
	if !h.root {
		return errors.New("no browser on PATH, and only root may install one; " + wayOut)
	}
	fmt.Fprintln(c.out, "  no browser yet: installing chromium, some 110 MB")
	for _, args := range [][]string{{"update"}, {"install", "-y", "chromium"}} {
		env := append([]string{"DEBIAN_FRONTEND=noninteractive", "apt-get"}, args...)
		if out, err := c.exec(ctx, c.root, "env", env...); err != nil {
			return fmt.Errorf("no browser on PATH, and apt-get %s failed: %w\n%s",
				args[0], err, lastLines(out, 10))
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
