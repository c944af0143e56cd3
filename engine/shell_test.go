package engine

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// patient is how long a test waits for what a shell prints.
const patient = 100 * Second

// running is a run that a test drives.
type running struct {
	*Run
	t *testing.T
}

func start(t *testing.T, c Config) *running {
	t.Helper()
	r, err := NewRun(c)
	if err != nil {
		t.Fatal(err)
	}
	run := &running{r, t}
	t.Cleanup(run.folds)
	return run
}

// folds wants the fold of the trace to equal the machines.
func (r *running) folds() {
	r.t.Helper()
	if err := r.sim.CheckFold(); err != nil {
		r.t.Error(err)
	}
}

// do carries out commands of the scenario language, and lets some time pass behind each.
func (r *running) do(commands ...string) {
	r.t.Helper()
	for _, c := range commands {
		if err := r.Do(c); err != nil {
			r.t.Fatalf("%s: %v", c, err)
		}
		r.pass(3 * Second)
	}
}

func (r *running) pass(d Time) { r.RunUntil(r.Now() + d) }

// types types a line and returns the place where what it prints will stand; nil until then.
func (r *running) types(server int, line string) *[]string {
	r.t.Helper()
	out := new([]string)
	err := r.Type(server, line, func(lines []string) {
		if *out != nil {
			r.t.Errorf("%s is answered twice", line)
		}
		*out = append([]string{}, lines...)
	})
	if err != nil {
		r.t.Fatalf("%s: %v", line, err)
	}
	return out
}

// prints types a line and waits for what it prints.
func (r *running) prints(server int, line string) string {
	r.t.Helper()
	out := r.types(server, line)
	for end := r.Now() + patient; *out == nil; {
		if next, ok := r.Next(); !ok || next > end {
			r.t.Fatalf("%s is not answered", line)
		}
		r.Step()
	}
	return strings.Join(*out, "\n")
}

// wants types a line and compares what it prints.
func (r *running) wants(server int, line string, want ...string) {
	r.t.Helper()
	if got := r.prints(server, line); got != strings.Join(want, "\n") {
		r.t.Errorf("at server %d, %s prints\n%s\nwant\n%s", server, line, got,
			strings.Join(want, "\n"))
	}
}

// recordedSession reads a session of zkCli.sh: lines that begin with "> " were typed.
func recordedSession(t *testing.T, name string) (typed []string, printed [][]string) {
	t.Helper()
	text, err := os.ReadFile("testdata/zkcli/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		last := len(typed) - 1
		switch command, isTyped := strings.CutPrefix(line, "> "); {
		case isTyped:
			typed, printed = append(typed, command), append(printed, nil)
		case last >= 0:
			printed[last] = append(printed[last], line)
		}
	}
	return typed, printed
}

// unrecorded takes out what differs between any two runs of ZooKeeper itself.
var unrecorded = []struct {
	what *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`(?m)^([cm]time) = .*$`), "$1 = TIME"},
	{regexp.MustCompile(`ephemeralOwner = 0x[1-9a-f][0-9a-f]*`), "ephemeralOwner = SESSION"},
	{regexp.MustCompile(`ip: \S+`), "ip: ADDRESS"},
	{regexp.MustCompile(`CLI version: .*`), "CLI version: VERSION"},
}

// sortedBlocks compares without the order of a watch and the answer that came with it: two
// threads of the real client print them.
func sortedBlocks(lines []string) []string {
	i := slices.Index(lines, "WATCHER::")
	if i <= 1 {
		return lines
	}
	return slices.Concat(lines[i-1:], lines[:i-1])
}

func TestTheShellPrintsWhatZkCliPrinted(t *testing.T) {
	for _, name := range []string{"nodes", "access"} {
		t.Run(name, func(t *testing.T) {
			r := start(t, Config{Servers: 1, Standalone: true, Seed: 1})
			typed, printed := recordedSession(t, name)
			if len(typed) < 50 {
				t.Fatalf("only %d lines were recorded", len(typed))
			}
			for i, line := range typed {
				got := r.prints(1, line)
				for _, u := range unrecorded {
					got = u.what.ReplaceAllString(got, u.with)
				}
				want := strings.Join(sortedBlocks(printed[i]), "\n")
				if got != want {
					t.Errorf("%s prints\n%s\nwas recorded as\n%s", line, got, want)
				}
			}
		})
	}
}
