package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// tallyOf counts events as if go test had printed them.
func tallyOf(t *testing.T, events ...testEvent) (*tally, *bytes.Buffer) {
	t.Helper()
	out, stream := &bytes.Buffer{}, &bytes.Buffer{}
	for _, e := range events {
		if err := json.NewEncoder(stream).Encode(e); err != nil {
			t.Fatal(err)
		}
	}
	tally := newTally(out, false)
	if err := tally.read(stream); err != nil {
		t.Fatal(err)
	}
	return tally, out
}

func TestTallyOfAFailingTable(t *testing.T) {
	const zab = "zabscope/engine/zab"
	tally, out := tallyOf(t,
		testEvent{Action: "run", Package: zab, Test: "TestLead"},
		testEvent{Action: "output", Package: zab, Test: "TestLead", Output: "=== RUN   TestLead\n"},
		testEvent{Action: "output", Package: zab, Test: "TestLead/one", Output: "  got 1\n"},
		testEvent{Action: "fail", Package: zab, Test: "TestLead/one"},
		testEvent{Action: "pass", Package: zab, Test: "TestLead/two"},
		testEvent{Action: "output", Package: zab, Test: "TestLead", Output: "--- FAIL: TestLead\n"},
		testEvent{Action: "fail", Package: zab, Test: "TestLead"},
		testEvent{Action: "fail", Package: zab, Elapsed: 1.25})
	o := tally.outcome()
	if o.passed != 1 || o.failed != 2 {
		t.Errorf("%d passed, %d failed; want 1 and 2, as go counts them", o.passed, o.failed)
	}
	complains(t, o, "engine/zab TestLead/one\n      got 1")
	if want := "  FAIL engine/zab"; !strings.HasPrefix(out.String(), want) {
		t.Errorf("printed %q, want %q", out, want)
	}
}

func TestTallyOfAPackageThatDoesNotBuild(t *testing.T) {
	const build = "zabscope/web [zabscope/web.test]"
	tally, _ := tallyOf(t,
		testEvent{Action: "build-output", ImportPath: build, Output: "web.go:3: undefined: x\n"},
		testEvent{Action: "build-fail", ImportPath: build},
		testEvent{Action: "output", Package: "zabscope/web", Output: "FAIL [build failed]\n"},
		testEvent{Action: "fail", Package: "zabscope/web", FailedBuild: build})
	complains(t, tally.outcome(), "web\n    web.go:3: undefined: x")
	if tally.failed != 1 {
		t.Errorf("%d failed, want 1", tally.failed)
	}
}

func TestTallyCountsASkipAsFailed(t *testing.T) {
	tally, _ := tallyOf(t,
		testEvent{Action: "skip", Package: "zabscope/web", Test: "TestLater"},
		testEvent{Action: "pass", Package: "zabscope/web"})
	complains(t, tally.outcome(), "web TestLater was skipped")
}

func TestTallyOfNothing(t *testing.T) {
	tally, out := tallyOf(t, testEvent{Action: "skip", Package: "zabscope/engine"})
	complains(t, tally.outcome(), "not one test ran")
	if err := tally.read(strings.NewReader("go: no such package")); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "no such package") {
		t.Errorf("what go says outside its events is lost: %q", out)
	}
}

// TestGoTestsForReal lets go test run over a module that has one of everything.
func TestGoTestsForReal(t *testing.T) {
	c, out := scratch(t, map[string]string{
		"go.mod": "module zabscope\n\ngo 1.26.0\n",
		"good/a_test.go": "package good\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) {}\n\n" +
			"func TestBrowserA(t *testing.T) { t.Fatal(\"-fast has no browser\") }\n",
		"bad/a_test.go": "package bad\n\nimport \"testing\"\n\n" +
			"func TestB(t *testing.T) { t.Error(\"no\") }\n",
		"crash/a_test.go": "package crash\n\nimport \"testing\"\n\n" +
			"func TestMain(m *testing.M) { panic(\"early\") }\n",
		"torn/a_test.go": "package torn\n\nfunc f() { undefined() }\n",
		"empty/a.go":     "package empty\n",
	})
	o := goTests(t.Context(), c)
	if o.passed != 1 || o.failed != 3 {
		t.Errorf("%d passed, %d failed; want 1 and 3\n%s", o.passed, o.failed, out)
	}
	said := strings.Join(o.wrong, "\n")
	for _, want := range []string{
		"bad TestB\n        a_test.go:5: no", "panic: early", "undefined: undefined"} {
		if !strings.Contains(said, want) {
			t.Errorf("the report lacks %q:\n%s", want, said)
		}
	}
}
