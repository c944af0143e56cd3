// Command verify is the project's one test command. It finds or installs what the tests need,
// runs every check there is, and closes with a line that a person and a machine can read alike:
// "N passed, N failed", where N counts Go tests and the steps themselves.
//
//	go run ./cmd/verify              everything, as continuous integration does
//	go run ./cmd/verify -fast        while working: installs nothing, no browser, no race detector
//	go run ./cmd/verify -only vet    one step (or several: -only gofmt,vet)
//	go run ./cmd/verify -v           with the output of every test
//
// The exit code is 0 when nothing failed, 1 when something did, 2 when the command line makes no
// sense.
//
// Reading order: main.go (flags and the closing line), step.go (what a step is and how one is
// shown), steps.go (the list, and the short ones), browser.go, templ.go, gotest.go. The rules
// about source that every test run holds are package rules.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole command but for the process around it. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	fast := flags.Bool("fast", false, "install nothing, no browser tests, no race detector")
	only := flags.String("only", "", "run just these `steps`, by name, with commas between them")
	verbose := flags.Bool("v", false, "print the output of every test")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "verify takes flags only, not %q; see -h\n", flags.Arg(0))
		return 2
	}
	chosen, err := choose(steps, *only, *fast)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	root, err := findRoot()
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	c := &checkout{root: root, fast: *fast, verbose: *verbose, out: stdout, exec: execute}
	return c.verify(ctx, chosen)
}

// choose picks the steps to run: those named in only, or all; -fast leaves out the slow ones
// unless they are named.
func choose(all []step, only string, fast bool) ([]step, error) {
	var chosen []step
	if only == "" {
		for _, s := range all {
			if !s.slow || !fast {
				chosen = append(chosen, s)
			}
		}
		return chosen, nil
	}
	for name := range strings.SplitSeq(only, ",") {
		s, ok := stepNamed(all, strings.TrimSpace(name))
		if !ok {
			return nil, fmt.Errorf("there is no step %q; the steps are %s", name, stepNames(all))
		}
		chosen = append(chosen, s)
	}
	return chosen, nil
}

// findRoot walks up from the working directory to the folder of this module's go.mod.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), "module zabscope\n") {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("verify runs inside a checkout of zabscope, and this is none")
		}
		dir = up
	}
}
