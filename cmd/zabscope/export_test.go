package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExportWritesEveryForm(t *testing.T) {
	for form, want := range map[string]string{
		"trace":           `{"zabscope":1,"version":"`,
		"transcript.txt":  "Engine version ",
		"transcript.html": "<!DOCTYPE html>",
		"mermaid":         "%% Engine version ",
		"shiviz":          `(?<host>\S*) (?<clock>{.*})\n(?<event>.*)` + "\n\n",
		"scenario":        `{"name":"b-failover"`,
		"pcap":            "\x4d\x3c\xb2\xa1",
	} {
		file := filepath.Join(t.TempDir(), "out")
		code, out, errs := zabscope("", "export", golden, "-form", form, "-o", file)
		text, err := os.ReadFile(file)
		if code != exitOK || out != "" || errs != "" || err != nil ||
			!strings.HasPrefix(string(text), want) {
			t.Errorf("%s: exit %d, %v, %s%s: %.200s", form, code, err, out, errs, text)
		}
		_, out, _ = zabscope("", "export", "-form", form, golden)
		if out != string(text) {
			t.Errorf("%s: standard output differs from the file", form)
		}
	}
}

func TestExportTakesPartsAndSeeds(t *testing.T) {
	code, out, _ := zabscope("servers 1\nstart 1 until serving 1\n", "export", "-", "-seed", "99",
		"-options", "release=correct", "-depth", "everything", "-from", "2", "-to", "90", "-most", "3")
	if code != exitOK || !strings.Contains(out, "seed 99") ||
		!strings.Contains(out, "Cut after 3 events.") {
		t.Errorf("exit %d: %s", code, out)
	}
}

// A trace that was exported is read instead of a scenario.
func TestExportReadsItsOwnTraces(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kept.jsonl")
	if code, _, errs := zabscope("", "export", golden, "-form", "trace", "-o", file); code != exitOK {
		t.Fatal(errs)
	}
	_, want, _ := zabscope("", "export", golden, "-depth", "packets")
	code, got, errs := zabscope("", "export", file, "-depth", "packets")
	if code != exitOK || got != want {
		t.Errorf("exit %d, %s: another transcript", code, errs)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if code, got, _ = zabscope(string(text), "export", "-", "-depth", "packets"); got != want {
		t.Errorf("exit %d from standard input: another transcript", code)
	}
	for _, form := range []string{"pcap", "scenario"} {
		code, _, errs := zabscope("", "export", file, "-form", form)
		if code != exitWrong || !strings.Contains(errs, "no "+form+" of it; give the scenario instead") {
			t.Errorf("exit %d: %s", code, errs)
		}
	}
}

func TestExportSaysWhatIsWrong(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing", "file")
	for _, x := range []struct {
		stdin string
		args  []string
		code  int
		says  string
	}{
		{"", nil, exitUsage, "expected one file, found 0; see: zabscope help export"},
		{"", []string{golden, golden}, exitUsage, "expected one file, found 2"},
		{"", []string{golden, "-frob"}, exitUsage, "flag provided but not defined: -frob"},
		{"", []string{golden, "-form", "pdf"}, exitUsage, `there is no form "pdf"; there are trace, `},
		{"", []string{golden, "-depth", "x"}, exitUsage, `there is no depth "x"`},
		{"", []string{golden, "-lang", "tlh"}, exitWrong, `no catalogue for "tlh"`},
		{"", []string{missing}, exitUsage, "no such file"},
		{"", []string{golden, "-o", missing}, exitWrong, "no such file"},
		{"servers 1\nfrob", []string{"-"}, exitUsage, "standard input:2:1: "},
		{`{"zabscope":1,"version":"0"}`, []string{"-"}, exitUsage, `engine version "0", and this is`},
		{"servers 1,2\nstart 1 until serving 1 timeout 1s", []string{"-"}, exitWrong,
			"step 1, start 1 until serving 1 timeout 1s: its condition did not come true"},
		{"servers 1,2\nstart 1,2\ncrash 1", []string{"-", "-form", "scenario"}, exitWrong,
			"step 2: crash cannot be done to real servers. Use kill"},
	} {
		code, out, errs := zabscope(x.stdin, append([]string{"export"}, x.args...)...)
		if code != x.code || out != "" || !strings.HasPrefix(errs, "zabscope export: ") ||
			!strings.Contains(errs, x.says) {
			t.Errorf("export %q: exit %d, %q, %q", x.args, code, out, errs)
		}
	}
}

func TestAFileThatFailsIsTakenAway(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out")
	code, _, errs := zabscope("", "export", golden, "-lang", "tlh", "-o", file)
	if _, err := os.Stat(file); code != exitWrong || !os.IsNotExist(err) {
		t.Errorf("exit %d, %s: %v", code, errs, err)
	}
}
