package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// scratch is a checkout of its own, with the given files.
func scratch(t *testing.T, files map[string]string) (*checkout, *bytes.Buffer) {
	t.Helper()
	out := &bytes.Buffer{}
	c := &checkout{root: t.TempDir(), fast: true, out: out, exec: execute}
	for name, text := range files {
		p := filepath.Join(c.root, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return c, out
}

// answers is an executor that runs nothing: it answers a command line with the first entry whose
// key it contains, and fails on one that no entry knows.
type answers []struct {
	line, out string
	err       error
}

func (a answers) exec(_ context.Context, _, name string, args ...string) (string, error) {
	line := name + " " + strings.Join(args, " ")
	for _, e := range a {
		if strings.Contains(line, e.line) {
			return e.out, e.err
		}
	}
	return "", errors.New("nobody expected: " + line)
}

// complains fails the test unless the outcome has exactly the given complaints, each by a part of
// its text.
func complains(t *testing.T, o outcome, want ...string) {
	t.Helper()
	if len(o.wrong) != len(want) {
		t.Fatalf("wrong: %q\nwant %d complaints: %q", o.wrong, len(want), want)
	}
	for i, w := range want {
		if !strings.Contains(o.wrong[i], w) {
			t.Errorf("complaint %d is %q\nwant %q", i, o.wrong[i], w)
		}
	}
}

func TestChoose(t *testing.T) {
	all := []step{{name: "browser", slow: true}, {name: "gofmt"}, {name: "vet"}}
	for _, c := range []struct {
		only string
		fast bool
		want string
	}{
		{"", false, "browser, gofmt, vet"},
		{"", true, "gofmt, vet"},
		{"vet", false, "vet"},
		{"vet, gofmt", false, "vet, gofmt"},
		{"browser", true, "browser"}, // who names it wants it
	} {
		chosen, err := choose(all, c.only, c.fast)
		if err != nil || stepNames(chosen) != c.want {
			t.Errorf("-only=%q -fast=%v chose %q, %v; want %q",
				c.only, c.fast, stepNames(chosen), err, c.want)
		}
	}
	if _, err := choose(all, "fmt", false); err == nil ||
		!strings.Contains(err.Error(), "browser, gofmt, vet") {
		t.Errorf("an unknown step gives %v; want the list of steps", err)
	}
}

func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-h"}, 0, "-only steps"},
		{[]string{"-slow"}, 2, "not defined: -slow"},
		{[]string{"vet"}, 2, "flags only"},
		{[]string{"-only", "fmt"}, 2, "there is no step"},
	} {
		var out, complaint bytes.Buffer
		if code := run(t.Context(), c.args, &out, &complaint); code != c.code {
			t.Errorf("verify %v exits with %d, want %d", c.args, code, c.code)
		}
		if !strings.Contains(complaint.String(), c.says) {
			t.Errorf("verify %v says %q, want %q", c.args, complaint.String(), c.says)
		}
	}
}

func TestOneStepOnThisRepository(t *testing.T) {
	var out, complaint bytes.Buffer
	code := run(t.Context(), []string{"-only", "layout"}, &out, &complaint)
	if code != 0 || !strings.HasSuffix(out.String(), "\n1 passed, 0 failed\n") {
		t.Errorf("exit %d, printed\n%s%s", code, out.String(), complaint.String())
	}
}

func TestClosingLine(t *testing.T) {
	good := step{name: "good", run: func(context.Context, *checkout) outcome {
		return outcome{note: "as it should be"}
	}}
	bad := step{name: "bad", run: func(context.Context, *checkout) outcome {
		return failure("two\nlines")
	}}
	tests := step{name: "tests", run: func(context.Context, *checkout) outcome {
		return outcome{passed: 40, failed: 2, wrong: []string{"x", "y"}}
	}}
	for _, c := range []struct {
		name  string
		steps []step
		code  int
		want  string
	}{
		{"all is well", []step{good, good}, 0, "\n2 passed, 0 failed\n"},
		{"a step fails and the next still runs", []step{bad, good}, 1, "\n1 passed, 1 failed\n"},
		{"tests count beside their step", []step{good, tests}, 1, "\n41 passed, 3 failed\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkout, out := scratch(t, nil)
			if code := checkout.verify(t.Context(), c.steps); code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			if !strings.HasSuffix(out.String(), c.want) {
				t.Errorf("printed\n%s\nwant it to end with %q", out, c.want)
			}
		})
	}
	checkout, out := scratch(t, nil)
	checkout.verify(t.Context(), []step{good, bad})
	if !strings.Contains(out.String(), "✓ good") ||
		!strings.Contains(out.String(), "✗ bad") ||
		!strings.Contains(out.String(), "\n    two\n    lines\n") {
		t.Errorf("ticks, crosses or complaints are missing:\n%s", out)
	}
}
