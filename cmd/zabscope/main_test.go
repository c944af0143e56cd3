package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"testing"
)

// echo is a command that answers with its own name, its arguments and its standard input, and
// exits with the given code.
func echo(name string, code int) command {
	return command{
		name: name, usage: "[-x] FILE", about: "echo what it was given",
		details: "Flags:\n  -x  be odd\n",
		run: func(_ context.Context, args []string, stdin io.Reader, stdout, _ io.Writer) int {
			text, err := io.ReadAll(stdin)
			fmt.Fprintf(stdout, "%s%q %s %v", name, args, text, err)
			return code
		},
	}
}

// table is what the tests dispatch to.
var table = []command{echo("serve", exitOK), echo("run", exitWrong), echo("facts", exitOK)}

// call runs zabscope in process and gives what it printed.
func call(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, complaint bytes.Buffer
	code = dispatch(t.Context(), table, args, strings.NewReader("input"), &out, &complaint)
	return code, out.String(), complaint.String()
}

func TestDispatch(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		code int
		out  string
	}{
		{"no word serves", nil, exitOK, `serve[] input <nil>`},
		{"a flag alone is for serve", []string{"-addr", ":0"}, exitOK, `serve["-addr" ":0"]`},
		{"a command gets what follows it", []string{"facts", "-x", "a.json"}, exitOK,
			`facts["-x" "a.json"]`},
		{"its exit code is ours", []string{"run", "a.json"}, exitWrong, `run["a.json"]`},
		{"a file may be named help", []string{"run", "help"}, exitWrong, `run["help"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, complaint := call(t, c.args...)
			if code != c.code || !strings.HasPrefix(out, c.out) || complaint != "" {
				t.Errorf("exit %d, printed %q and %q; want exit %d and %q",
					code, out, complaint, c.code, c.out)
			}
		})
	}
}

func TestUnknownCommand(t *testing.T) {
	for word, want := range map[string]string{
		"sevre": ` Did you mean "serve"?`, // two letters changed places
		"fact":  ` Did you mean "facts"?`,
		"fa":    ` Did you mean "facts"?`, // the beginning of one
		"runs":  ` Did you mean "run"?`,
		"x":     "",
		"dance": "",
		"":      "",
	} {
		code, out, complaint := call(t, word)
		want = fmt.Sprintf("zabscope: there is no command %q.%s See: zabscope help\n", word, want)
		if code != exitUsage || out != "" || complaint != want {
			t.Errorf("%q: exit %d, printed %q and %q; want exit 2 and %q",
				word, code, out, complaint, want)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, word := range []string{"help", "-h", "-help", "--help"} {
		code, out, complaint := call(t, word)
		if code != exitOK || complaint != "" {
			t.Errorf("%s: exit %d, complaint %q", word, code, complaint)
		}
		for _, want := range []string{
			"Zabscope shows", "\n  serve     echo", "(what happens without",
			"\n  run       echo", "\n  help      say", "\nExamples:\n",
		} {
			if !strings.Contains(out, want) {
				t.Errorf("%s lacks %q:\n%s", word, want, out)
			}
		}
	}
}

func TestHelpOfACommand(t *testing.T) {
	want := "Usage: zabscope run [-x] FILE\n\nEcho what it was given.\n\nFlags:\n  -x  be odd\n"
	for _, args := range [][]string{{"help", "run"}, {"run", "-h"}, {"run", "--help"}} {
		code, out, complaint := call(t, args...)
		if code != exitOK || out != want || complaint != "" {
			t.Errorf("%v: exit %d, printed %q and %q; want %q", args, code, out, complaint, want)
		}
	}
	code, out, complaint := call(t, "help", "rum")
	if code != exitUsage || out != "" || !strings.Contains(complaint, `Did you mean "run"?`) {
		t.Errorf("help of no command: exit %d, printed %q and %q", code, out, complaint)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"run", "run", 0}, {"", "run", 3}, {"run", "", 3},
		{"kitten", "sitting", 3}, {"sevre", "serve", 2},
	} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("distance(%q, %q) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

// TestCommandsAreComplete holds the real table to what help needs of it.
func TestCommandsAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range commands {
		switch {
		case c.name == "" || c.about == "" || c.run == nil:
			t.Errorf("command %q has no name, no about or no run", c.name)
		case seen[c.name] || isHelp(c.name):
			t.Errorf("the name %q is taken", c.name)
		case strings.HasSuffix(c.about, "."):
			t.Errorf("%s: help adds the full stop of %q", c.name, c.about)
		}
		seen[c.name] = true
	}
}

func TestVersion(t *testing.T) {
	var out bytes.Buffer
	args := []string{"version"}
	code := dispatch(t.Context(), commands, args, strings.NewReader(""), &out, io.Discard)
	if code != exitOK || !strings.HasPrefix(out.String(), "zabscope ") {
		t.Errorf("exit %d, printed %q", code, out.String())
	}
}

func TestBuildOf(t *testing.T) {
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef"}
	modified := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	for _, c := range []struct {
		version  string
		settings []debug.BuildSetting
		want     string
	}{
		{"v1.2.0", nil, "v1.2.0"},
		{"(devel)", nil, "(devel)"},
		{"(devel)", []debug.BuildSetting{revision}, "0123456789ab"},
		{"", []debug.BuildSetting{revision, modified}, "0123456789ab+changes"},
	} {
		info := &debug.BuildInfo{Main: debug.Module{Version: c.version}, Settings: c.settings}
		if got := buildOf(info); got != c.want {
			t.Errorf("%q with %v is %q, want %q", c.version, c.settings, got, c.want)
		}
	}
}
