package main

import (
	"fmt"
	"io"
	"strings"
)

// introduction heads the help of the whole.
const introduction = `Zabscope shows how ZooKeeper keeps its word.

It runs ensembles of ZooKeeper servers inside one process: the real election, the
real synchronization, the real broadcast, with simulated clocks, links and disks.
So you may stop time, look into every server, pull a cable at the worst moment, and
ask of anything that happens: why?
`

// examples close it.
const examples = `Examples:
  zabscope
        open the site, and break something
  zabscope run engine/scenario/testdata/golden/b-failover.scenario.json
        kill a leader and read, line by line, how the others carry on
  zabscope facts engine/scenario/testdata/golden/b-failover.scenario.json
        the same run as data: epochs, zxids, packets, logs
`

// help answers "zabscope help" and, with a word, "zabscope help COMMAND".
func help(table []command, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stdout, overview(table))
		return exitOK
	}
	c, ok := find(table, args[0])
	if !ok {
		return unknown(table, args[0], stderr)
	}
	fmt.Fprintf(stdout, "Usage: %s\n\n%s.\n", strings.TrimSpace("zabscope "+c.name+" "+c.usage),
		strings.ToUpper(c.about[:1])+c.about[1:])
	if c.details != "" {
		fmt.Fprintf(stdout, "\n%s\n", strings.TrimSpace(c.details))
	}
	return exitOK
}

// overview is the help of the whole: what this is, what it does, and where to begin.
func overview(table []command) string {
	var b strings.Builder
	b.WriteString(introduction + "\nUsage: zabscope [COMMAND] [FLAGS] [ARGUMENTS]\n\nCommands:\n")
	for _, c := range table {
		line(&b, c.name, c.about, c.name == byDefault)
	}
	line(&b, "help", "say all this, or with a command's name everything about it", false)
	b.WriteString("\n" + examples)
	return b.String()
}

// line writes one command of the overview.
func line(b *strings.Builder, name, about string, isDefault bool) {
	if isDefault {
		about += " (what happens without a command)"
	}
	fmt.Fprintf(b, "  %-9s %s\n", name, about)
}

// nearest finds the command that a mistyped word most likely meant: the one that takes the fewest
// changed letters, of which it allows two, or that the word begins. It returns "" when none is
// near.
func nearest(table []command, word string) string {
	best, fewest := "", 3
	for _, c := range table {
		d := distance(word, c.name)
		if len(word) >= 2 && strings.HasPrefix(c.name, word) {
			d = 1
		}
		if d < fewest && d < len(word) { // with as many changes as letters, anything is near
			best, fewest = c.name, d
		}
	}
	return best
}

// distance is the least number of letters to add, drop or replace to make b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1) // from a's letters so far to each beginning of b
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
