package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const golden = "../../engine/scenario/testdata/golden/b-failover.scenario.json"

// zabscope runs the whole program on a command line.
func zabscope(stdin string, args ...string) (code int, stdout, stderr string) {
	var out, errs strings.Builder
	code = dispatch(context.Background(), commands, args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

func TestRunTellsWhatHappens(t *testing.T) {
	code, out, errs := zabscope("", "run", golden)
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, want := range []string{"> kill 2\n", "Server 2 is killed", "Server 3 is now LEADING",
		"Server 3 sends DIFF 2:3 to server 2 with 3 transactions, because "} {
		if !strings.Contains(out, want) {
			t.Errorf("nobody says %q in\n%s", want, out)
		}
	}
}

func TestRunTakesWhatIsTyped(t *testing.T) {
	code, out, _ := zabscope("servers 1\nstart 1 until serving 1\n", "run", "-seed", "4", "-options",
		"release=correct", "-depth", "everything", "-strict", "-")
	if code != exitOK || !strings.Contains(out, "Server 1 is now LEADING") {
		t.Errorf("exit %d:\n%s", code, out)
	}
}

func TestExitCodesAreVerdicts(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	const one = "servers 1\n"
	for _, x := range []struct {
		stdin string
		args  []string
		code  int
		says  string
	}{
		{one + "start 1 until serving 1", []string{"run", "-"}, exitOK, ""},
		{"servers 1,2\nstart 1 until serving 1 timeout 1s", []string{"run", "-"}, exitWrong,
			"step 1 (start): its condition did not come true in time\n"},
		{one + "kill 1", []string{"run", "-"}, exitWrong, "step 1 (kill): refused: server 1 is down"},
		{one + "kill 1", []string{"facts", "-"}, exitWrong, "step 1 (kill): refused: server 1 is"},
		{"", []string{"run", "-strict", golden}, exitWrong, "(ZOOKEEPER-4643)"},
		{one + "dance", []string{"run", "-"}, exitUsage, "zabscope run: standard input:2:1: expected "},
		{one + "dance", []string{"facts", "-"}, exitUsage, "zabscope facts: standard input:2:1: expe"},
		{"", []string{"run"}, exitUsage, "expected one scenario, found 0; see: zabscope help run"},
		{"", []string{"facts", "a", "b"}, exitUsage, "found 2; see: zabscope help facts"},
		{"", []string{"run", missing}, exitUsage, "no such file"},
		{"", []string{"run", "-x", golden}, exitUsage, "zabscope run: flag provided but not defined"},
		{"", []string{"run", "-seed", "x", golden}, exitUsage, `invalid value "x" for flag -seed`},
		{"", []string{"run", "-depth", "deep", golden}, exitUsage, `there is no depth "deep"`},
		{"", []string{"run", "-lang", "tlh", golden}, exitUsage, `no catalogue for "tlh"`},
		{"", []string{"run", "-options", "x", golden}, exitUsage, `expected key=value, found "x"`},
		{"", []string{"run", "-options", "x=1", golden}, exitUsage, `unknown field "x"; there are `},
		{"", []string{"run", "-trace", missing + "/x", golden}, exitUsage, "no such file"},
	} {
		code, _, errs := zabscope(x.stdin, x.args...)
		if code != x.code || !strings.Contains(errs, x.says) || x.says == "" && errs != "" {
			t.Errorf("%v: exit %d, want %d; said %q, want %q", x.args, code, x.code, errs, x.says)
		}
	}
}

func TestRunExplainsItsLanguage(t *testing.T) {
	code, out, _ := zabscope("", "run", "-usage")
	if code != exitOK || !strings.Contains(out, "partition 1,2 | 3 [oneway]") {
		t.Errorf("exit %d:\n%s", code, out)
	}
}

func TestRunWritesItsTrace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "trace.jsonl")
	if code, _, errs := zabscope("", "run", "-trace", file, golden); code != exitOK {
		t.Fatalf("exit %d: %s", code, errs)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) < 500 || !strings.Contains(lines[1], `"kind":"world.started"`) {
		t.Errorf("%d lines, the second is %s", len(lines), lines[1])
	}
}

func TestFactsAreJSON(t *testing.T) {
	code, out, errs := zabscope("", "facts", golden)
	var facts struct {
		Scenario string
		Facts    struct {
			Steps []struct{ Leader int }
			Final struct {
				Trees map[string]map[string]struct{ Data string }
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &facts); code != exitOK || err != nil {
		t.Fatalf("exit %d, %v: %s", code, err, errs)
	}
	f := facts.Facts
	if len(f.Steps) != 8 || f.Steps[4].Leader != 3 || f.Final.Trees["2"]["/a"].Data != "four" {
		t.Errorf("%+v", facts)
	}
}
