package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// A step is one thing that verify does, with one tick or cross to show for it.
type step struct {
	name string // as in -only
	does string // a few words for the report
	slow bool   // left out by -fast
	run  func(context.Context, *checkout) outcome
}

// An outcome is what a step has to say for itself.
type outcome struct {
	note   string   // a few words that stand behind the tick: a version, a count
	wrong  []string // what is wrong, one entry each; the step passed when there is none
	passed int      // Go tests that the step ran and that passed
	failed int      // Go tests that the step ran and that failed
}

// failure is the outcome of a step that found one thing wrong, or could not do its work.
func failure(format string, args ...any) outcome {
	return outcome{wrong: []string{fmt.Sprintf(format, args...)}}
}

// A checkout is where the steps work and what they may use to do so.
type checkout struct {
	root    string // absolute path of the folder with go.mod
	fast    bool   // the flag -fast
	verbose bool   // the flag -v
	out     io.Writer
	exec    executor // runs programs; tests put their own here
}

// An executor runs a program in a folder and gives all that it printed. The error is not nil
// when the program could not be started or did not exit with 0.
type executor func(ctx context.Context, dir, name string, args ...string) (string, error)

// execute is the executor of real runs.
func execute(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// verify runs the steps in order, each whether or not the one before it passed, and ends with
// the closing line. It returns the exit code.
func (c *checkout) verify(ctx context.Context, chosen []step) int {
	passed, failed := 0, 0
	begin := time.Now()
	for _, s := range chosen {
		start := time.Now()
		o := s.run(ctx, c)
		c.show(s, o, time.Since(start))
		passed, failed = passed+o.passed, failed+o.failed
		if len(o.wrong) == 0 {
			passed++
		} else {
			failed++
		}
	}
	fmt.Fprintf(c.out, "\n%d steps in %s\n%d passed, %d failed\n",
		len(chosen), seconds(time.Since(begin)), passed, failed)
	if failed > 0 {
		return 1
	}
	return 0
}

// show prints the line of a step, and below it what is wrong.
func (c *checkout) show(s step, o outcome, took time.Duration) {
	mark := "✓"
	if len(o.wrong) > 0 {
		mark = "✗"
	}
	line := fmt.Sprintf("%s %-12s %-48s %8s  %s", mark, s.name, s.does, seconds(took), o.note)
	fmt.Fprintln(c.out, strings.TrimRight(line, " "))
	for _, w := range o.wrong {
		fmt.Fprintln(c.out, indent(w))
	}
}

// seconds writes a duration the same way everywhere in the report.
func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// indent sets every line of a text below a step's name.
func indent(text string) string {
	return "    " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n    ")
}

// stepNamed finds a step by its name.
func stepNamed(all []step, name string) (step, bool) {
	for _, s := range all {
		if s.name == name {
			return s, true
		}
	}
	return step{}, false
}

// stepNames lists the names of steps for a sentence.
func stepNames(all []step) string {
	var names []string
	for _, s := range all {
		names = append(names, s.name)
	}
	return strings.Join(names, ", ")
}
