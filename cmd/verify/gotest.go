package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

// equippedTests matches the names of the tests that need a browser or tshark, which -fast leaves out.
const equippedTests = "^Test(Browser|Tshark)"

// goTests runs every test of the module and counts them.
func goTests(ctx context.Context, c *checkout) outcome {
	args := []string{"test", "-json", "-vet=off", "-timeout=10m"}
	if c.fast {
		args = append(args, "-skip="+equippedTests)
	} else {
		if _, err := exec.LookPath("gcc"); err != nil {
			return failure("the race detector needs a C compiler; install gcc, or run with -fast")
		}
		args = append(args, "-race")
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./...")...)
	cmd.Dir = c.root
	var complaints strings.Builder
	cmd.Stderr = &complaints
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return failure("%v", err)
	}
	if err := cmd.Start(); err != nil {
		return failure("go test: %v", err)
	}
	tally := newTally(c.out, c.verbose)
	readErr := tally.read(stdout)
	err = cmd.Wait()
	o := tally.outcome()
	if !c.fast {
		o.note += ", race detector on"
	}
	if readErr != nil {
		o.wrong = append(o.wrong, "the output of go test: "+readErr.Error())
	}
	if err != nil && len(o.wrong) == 0 { // go test itself gave up, before or after the tests
		o.wrong = append(o.wrong, fmt.Sprintf("go test: %v\n%s", err, complaints.String()))
	}
	return o
}

// A testEvent is one line of go test -json (go doc test2json), less what is not read here.
type testEvent struct {
	Action      string  // run, output, pass, fail, skip, build-output, build-fail ...
	Package     string  // the import path
	ImportPath  string  // of a build that printed or failed
	Test        string  // empty when the event is about the package
	Elapsed     float64 // seconds
	Output      string
	FailedBuild string // on the fail of a package: the ImportPath of the build
}

// A tally adds up the events of a test run and shows each package as it finishes.
type tally struct {
	out     io.Writer
	verbose bool
	passed  int
	failed  int
	wrong   []string
	output  map[string]string // by outputKey, until the test or package has passed
	inPack  map[string]*counts
}

// counts are the tests of one package.
type counts struct{ passed, failed int }

// newTally gives an empty tally that shows packages on out.
func newTally(out io.Writer, verbose bool) *tally {
	return &tally{out: out, verbose: verbose,
		output: map[string]string{}, inPack: map[string]*counts{}}
}

// read takes the output of go test -json to its end. Lines that are no events are shown as they
// are: go prints some when it cannot load a package.
func (t *tally) read(r io.Reader) error {
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e testEvent
			if json.Unmarshal(line, &e) != nil {
				fmt.Fprint(t.out, string(line))
			} else {
				t.add(e)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// outputKey is the key of a test's output; a package's own is kept under the name "".
func outputKey(pkg, test string) string { return pkg + "\x00" + test }

// add takes in one event.
func (t *tally) add(e testEvent) {
	switch e.Action {
	case "build-output":
		t.output[outputKey(e.ImportPath, "")] += e.Output
	case "output":
		t.output[outputKey(e.Package, e.Test)] += e.Output
		if t.verbose {
			fmt.Fprint(t.out, "  "+e.Output)
		}
	case "pass", "fail", "skip":
		if e.Test == "" {
			t.endPackage(e)
		} else {
			t.endTest(e)
		}
	}
}

// endTest counts one test or subtest. A test that was skipped has shown nothing, so it counts as
// failed.
func (t *tally) endTest(e testEvent) {
	key := outputKey(e.Package, e.Test)
	n := t.of(e.Package)
	switch e.Action {
	case "pass":
		n.passed++
	case "skip":
		n.failed++
		t.wrong = append(t.wrong, shortPackage(e.Package)+" "+e.Test+" was skipped")
	case "fail":
		n.failed++
		text := dropNoise(t.output[key])
		if text != "" || !t.subtestFailed(e) {
			t.wrong = append(t.wrong, report(e.Package, e.Test, text))
		}
	}
	delete(t.output, key)
}

// subtestFailed reports whether a part of the test has been reported already. A test that failed
// through its parts alone has nothing to add to that.
func (t *tally) subtestFailed(e testEvent) bool {
	part := shortPackage(e.Package) + " " + e.Test + "/"
	return slices.ContainsFunc(t.wrong, func(w string) bool { return strings.HasPrefix(w, part) })
}

// endPackage shows a package that has finished. One that failed with no test to blame (it did not
// build, panicked outside its tests, or ran out of time) counts as one failure.
func (t *tally) endPackage(e testEvent) {
	n := t.of(e.Package)
	if e.Action == "skip" { // no test files
		return
	}
	if e.Action == "fail" && n.failed == 0 {
		n.failed++
		text := t.output[outputKey(e.Package, "")]
		if e.FailedBuild != "" {
			text = t.output[outputKey(e.FailedBuild, "")] + text
		}
		t.wrong = append(t.wrong, report(e.Package, "", text))
	}
	t.passed, t.failed = t.passed+n.passed, t.failed+n.failed
	mark := "ok"
	if e.Action == "fail" {
		mark = "FAIL"
	}
	fmt.Fprintf(t.out, "  %-4s %-40s %5d tests %8.1f s\n",
		mark, shortPackage(e.Package), n.passed+n.failed, e.Elapsed)
}

// of gives the counts of a package.
func (t *tally) of(pkg string) *counts {
	if t.inPack[pkg] == nil {
		t.inPack[pkg] = &counts{}
	}
	return t.inPack[pkg]
}

// outcome is what the run comes to. A run without a single test proves nothing and has failed.
func (t *tally) outcome() outcome {
	o := outcome{passed: t.passed, failed: t.failed, wrong: t.wrong,
		note: fmt.Sprintf("%d tests", t.passed+t.failed)}
	if t.passed+t.failed == 0 {
		o.wrong = append(o.wrong, "not one test ran")
	}
	return o
}

// report heads the output of a failed test with where it is.
func report(pkg, test, output string) string {
	title := shortPackage(pkg)
	if test != "" {
		title += " " + test
	}
	return title + "\n" + indent(lastLines(output, 60))
}

// dropNoise takes out the lines that go test prints around every test ("=== RUN", "--- FAIL").
func dropNoise(output string) string {
	var kept strings.Builder
	for line := range strings.Lines(output) {
		trimmed := strings.TrimSpace(line)
		if !strings.HasPrefix(trimmed, "=== ") && !strings.HasPrefix(trimmed, "--- ") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// shortPackage is the path of a package below the module.
func shortPackage(pkg string) string { return strings.TrimPrefix(pkg, "zabscope/") }
