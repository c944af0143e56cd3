// Command zabscope is Zabscope's one binary: the site where a ZooKeeper ensemble can be watched,
// stopped and broken, and the same engine without a screen. A word picks the command; without
// one it serves.
//
//	zabscope                 serve the site
//	zabscope help            what there is
//	zabscope help COMMAND    one command in full
//
// Exit codes: 0 when all is well, 1 when a command found something wrong (its verdict), 2 when
// the command line makes no sense.
//
// Reading order: main.go (from the command line to a command), help.go (what it says of itself),
// then one file per command, named by it.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// A command is one thing that zabscope does.
type command struct {
	name    string // the word that picks it
	usage   string // what follows that word, "" when nothing does: "[-seed N] SCENARIO.json"
	about   string // what it does, in a few words that begin with a verb
	details string // the rest of its help: flags, examples, exit codes

	// run does it and returns the exit code. args are what follows the name. It must return soon
	// after ctx is done, and uses no stream but the three given.
	run func(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int
}

// commands are all there are, in the order in which help shows them. A command lives in a file of
// its own, as a value with its name; a new one is a new line here.
var commands = []command{
	serve,
	run,
	facts,
	exporting,
	bench,
	version,
}

// byDefault is the command that runs when none is named.
const byDefault = "serve"

const (
	exitOK    = 0 // done, and nothing wrong was found
	exitWrong = 1 // done, and something wrong was found
	exitUsage = 2 // not done: the command line makes no sense
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(dispatch(ctx, commands, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// dispatch runs the command that args name, or byDefault when they begin with a flag or are none,
// and returns its exit code.
func dispatch(ctx context.Context, table []command, args []string,
	stdin io.Reader, stdout, stderr io.Writer) int {
	name, rest := byDefault, args
	if len(args) > 0 && (isHelp(args[0]) || !strings.HasPrefix(args[0], "-")) {
		name, rest = args[0], args[1:]
	}
	if isHelp(name) {
		return help(table, rest, stdout, stderr)
	}
	c, ok := find(table, name)
	if !ok {
		return unknown(table, name, stderr)
	}
	if len(rest) > 0 && isHelp(rest[0]) && rest[0] != "help" { // that may be a file
		return help(table, []string{name}, stdout, stderr)
	}
	return c.run(ctx, rest, stdin, stdout, stderr)
}

// isHelp reports whether a word asks for help, in any of the usual spellings.
func isHelp(word string) bool {
	return word == "help" || word == "-h" || word == "-help" || word == "--help"
}

// find looks a command up by its name.
func find(table []command, name string) (command, bool) {
	for _, c := range table {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

// unknown says that there is no such command, and which one may have been meant.
func unknown(table []command, name string, stderr io.Writer) int {
	fmt.Fprintf(stderr, "zabscope: there is no command %q.", name)
	if near := nearest(table, name); near != "" {
		fmt.Fprintf(stderr, " Did you mean %q?", near)
	}
	fmt.Fprintln(stderr, " See: zabscope help")
	return exitUsage
}
