package zkcli

import (
	"regexp"
	"slices"
	"strings"
)

// Error is a line that asks for nothing: what zkCli prints about it.
type Error struct {
	// Lines are the printed lines, at least one; the last says what is wrong.
	Lines []string
}

// Error joins the lines.
func (e *Error) Error() string { return strings.Join(e.Lines, "\n") }

// spec is one command of the language.
type spec struct {
	name    string
	usage   string // behind the name
	options string // letters, each with a colon behind it if a value follows
	least   int    // words without options, the name among them
	begin   func(*Command, *arguments) string
}

// specs are the commands in the order of their names. begin prepares the first request; what it
// returns, if anything, is what is wrong.
var specs []spec

func init() {
	specs = []spec{
		{"addauth", "scheme auth", "", 2, (*Command).addauth},
		{"create", "[-s] [-e] [-c] [-t ttl] path [data] [acl]", "esct:", 2, (*Command).create},
		{"delete", "[-v version] path", "v:", 2, (*Command).delete},
		{"deleteall", "path [-b batch size]", "b:", 2, (*Command).deleteall},
		{"get", "[-s] [-w] path", "sw", 2, (*Command).get},
		{"getAcl", "[-s] path", "s", 2, (*Command).getACL},
		{"getAllChildrenNumber", "path", "", 2, (*Command).getAllChildrenNumber},
		{"getEphemerals", "path", "", 1, (*Command).getEphemerals},
		{"help", "", "", 1, (*Command).help},
		{"ls", "[-s] [-w] [-R] path", "?swR", 2, (*Command).ls},
		{"set", "[-s] [-v version] path data", "sv:", 3, (*Command).set},
		{"setAcl", "[-s] [-v version] [-R] path acl", "sv:R", 3, (*Command).setACL},
		{"stat", "[-w] path", "w", 2, (*Command).stat},
		{"sync", "path", "", 2, (*Command).sync},
		{"version", "", "", 1, (*Command).version},
		{"whoami", "", "", 1, (*Command).whoami},
	}
}

// leftOut are the commands of zkCli that are none here.
var leftOut = []string{"addWatch", "close", "config", "connect", "delquota", "history", "listquota",
	"printwatches", "quit", "reconfig", "redo", "removewatches", "setquota"}

// Parse reads a line as zkCli does: words between blanks, or between two quotes of one kind. What
// it refuses is an *Error with what zkCli prints, but for two things: a version that is no number,
// which ends zkCli with a stack trace, and the commands that are left out.
// (ZooKeeperMain.executeLine, processZKCmd, CliCommand.parse)
func Parse(line string) (*Command, error) {
	words := split(line)
	c := &Command{line: line}
	if len(words) == 0 {
		return nil, c.refuse("No command entered")
	}
	c.name = words[0]
	if slices.Contains(leftOut, c.name) {
		return nil, c.refuse(c.name + " is left out of this shell; help lists what there is")
	}
	i := slices.IndexFunc(specs, func(s spec) bool { return s.name == c.name })
	if i < 0 {
		c.usage()
		return nil, c.refuse("Command not found: Command not found " + c.name)
	}
	if wrong := c.prepare(&specs[i], words); wrong != "" {
		return nil, c.refuse(wrong)
	}
	return c, nil
}

// prepare readies the command for its first request; it returns what is wrong, "" if nothing.
func (c *Command) prepare(s *spec, words []string) string {
	if c.name == "whoami" || c.name == "help" { // they look at nothing behind their names
		words = words[:1]
	}
	a, wrong := parseOptions(s.options, words)
	if wrong != "" {
		return wrong
	}
	if len(a.rest) < s.least || c.name == "version" && len(a.rest) > 1 {
		return s.text()
	}
	if a, wrong = c.oldStyle(s, a, words); wrong != "" {
		return wrong
	}
	return s.begin(c, a)
}

// oldStyle takes the forms of 3.4, "get path watch" and "delete path version". For the first, zkCli
// puts -w in place of the third word, whatever that is; in the second it does not see the version.
// (GetCommand.retainCompatibility, DeleteCommand.retainCompatibility)
func (c *Command) oldStyle(s *spec, a *arguments, words []string) (*arguments, string) {
	old, now := "watch", ""
	switch {
	case len(a.rest) <= 2:
		return a, ""
	case c.name == "get":
		now = "get [-s] [-w] path"
	case c.name == "ls" || c.name == "stat":
		now = c.name + " [-w] path"
	case c.name == "delete":
		old, now = "version", "delete [-v version] path"
	default:
		return a, ""
	}
	c.println("'" + c.name + " path [" + old + "]' has been deprecated. Please use '" + now +
		"' instead.")
	if old == "watch" {
		words[2] = "-w"
	}
	a, wrong := parseOptions(s.options, words)
	if wrong == "" && len(a.rest) < s.least {
		wrong = s.text() // zkCli would fail over the missing path
	}
	return a, wrong
}

// text is the command's usage. (CliCommand.getUsageStr)
func (s *spec) text() string { return s.name + " " + s.usage }

// usage prints all commands. (ZooKeeperMain.usage)
func (c *Command) usage() {
	c.println("ZooKeeper -server host:port -client-configuration properties-file cmd args")
	for i := range specs {
		c.println("\t" + specs[i].text())
	}
}

// refuse makes an error of what was printed and a last line.
func (c *Command) refuse(wrong string) *Error {
	c.println(wrong)
	return &Error{c.Output()}
}

// argument finds the words of a line. A quote that nothing closes is skipped, and one in the middle
// of a word is a letter like others. (ZooKeeperMain.MyCommandOptions.ARGS_PATTERN)
var argument = regexp.MustCompile(
	"[ \t\n\v\f\r]*([^\"'][^ \t\n\v\f\r]*|\"[^\"]*\"|'[^']*')[ \t\n\v\f\r]*")

// split breaks a line into words and takes off the quotes around them.
// (ZooKeeperMain.MyCommandOptions.parseCommand)
func split(line string) []string {
	var words []string
	for _, m := range argument.FindAllStringSubmatch(line, -1) {
		w := m[1]
		if n := len(w); n >= 2 && (w[0] == '"' || w[0] == '\'') && w[0] == w[n-1] {
			w = w[1 : n-1]
		}
		words = append(words, w)
	}
	return words
}
