package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The golden scenarios were carried out three times by Apache ZooKeeper 3.8.0; their facts hold
// every value in which the three runs agreed.
func goldenNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/golden/*.scenario.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden scenarios: %v", err)
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".scenario.json"))
	}
	return names
}

func golden(t *testing.T, name string) *Scenario {
	t.Helper()
	file := "testdata/golden/" + name + ".scenario.json"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sc, err := Parse(file, text)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

func recorded(t *testing.T, name string) map[string]any {
	t.Helper()
	text, err := os.ReadFile("testdata/golden/" + name + ".facts.json")
	if err != nil {
		t.Fatal(err)
	}
	return generic(t, text).(map[string]any)
}

// differences runs a scenario and compares its facts with the recorded ones.
func differences(t *testing.T, sc *Scenario, want any) []string {
	t.Helper()
	f, err := FactsOf(sc)
	if err != nil {
		t.Fatal(err)
	}
	var c comparison
	c.compare(want, generic(t, f).(map[string]any)["facts"], nil)
	var out []string
	for _, d := range c.out {
		w, _ := json.Marshal(d.want)
		g, _ := json.Marshal(d.got)
		out = append(out, fmt.Sprintf("%s\n   want %.300s\n   got  %.300s", d.path, w, g))
	}
	return out
}

func TestFactsAreThoseOfApacheZooKeeper(t *testing.T) {
	for _, name := range goldenNames(t) {
		t.Run(name, func(t *testing.T) {
			for _, d := range differences(t, golden(t, name), recorded(t, name)["facts"]) {
				t.Error(d)
			}
		})
	}
}

// Which of three that start together is elected is a matter of milliseconds, on real servers too.
const raced = "d-all-at-once"

func TestFactsDoNotDependOnTheSeed(t *testing.T) {
	for _, name := range goldenNames(t) {
		if name == raced {
			continue
		}
		want := recorded(t, name)["facts"]
		for seed := uint64(1); seed <= 4; seed++ {
			sc := golden(t, name)
			sc.Seed = seed
			for _, d := range differences(t, sc, want) {
				t.Errorf("%s, seed %d: %s", name, seed, d)
			}
		}
	}
}

// A quorum that has agreed waits 200 ms for a better vote, not longer: of three that start at the same
// moment the largest id wins; started 300 ms apart, the first two do not wait for the third.
func TestARaceIsDecidedByWhoIsHeardInTime(t *testing.T) {
	for gap, want := range map[string]string{"0s": "leader", "300ms": "follower"} {
		r := newRun(t, "servers 1,2,3")
		r.do("start 1,2,3 gap " + gap + " until serving 1,2,3 leader any")
		if got := r.run.mode(3); got != want {
			t.Errorf("gap %s: server 3 is %s, want %s", gap, got, want)
		}
	}
}

func TestTheComparisonCountsWhatZkLabCounts(t *testing.T) {
	total := 0
	for _, name := range goldenNames(t) {
		r := recorded(t, name)
		n := values(r["facts"])
		if want := fmt.Sprint(r["stable_values"]); want != fmt.Sprint(n) {
			t.Errorf("%s: %d values, recorded as %s", name, n, want)
		}
		total += n
	}
	if total < 35000 {
		t.Errorf("only %d values are compared", total)
	}
}

// change replaces one value of facts and returns the differences that the comparison then finds.
func change(t *testing.T, path string, value any) []difference {
	t.Helper()
	want, got := recorded(t, "e-trunc")["facts"], recorded(t, "e-trunc")["facts"]
	keys := strings.Split(path, "/")
	at := got
	for i, k := range keys {
		last := i == len(keys)-1
		switch v := at.(type) {
		case map[string]any:
			if last {
				v[k] = value
			}
			at = v[k]
		case []any:
			n := 0
			if _, err := fmt.Sscan(k, &n); err != nil {
				t.Fatal(err)
			}
			if last {
				v[n] = value
			}
			at = v[n]
		}
	}
	var c comparison
	c.compare(want, got, nil)
	return c.out
}

func TestTheComparisonFindsWhatIsWrong(t *testing.T) {
	for _, path := range []string{"steps/9/leader", "steps/9/servers/2/zxid",
		"steps/9/sync/0/mode", "steps/9/sync/0/plan/0", "steps/9/sync/0/plan", "steps/9/links/2>3",
		"steps/3/links/2>1/0/txn", "steps/9/syncLog/3>2", "final/trees/2", "final/txnlogs/2",
		"final/txnlogs/2/0/zxid", "steps/9/servers/7", "steps/3/result/0/created"} {
		if d := change(t, path, "wrong"); len(d) != 1 || d[0].path != "/"+path {
			t.Errorf("%s: %v", path, d)
		}
	}
	for _, path := range []string{"steps/9/notifications/2>3", "steps/9/log", "steps/9/lastVote"} {
		if d := change(t, path, "other"); d != nil {
			t.Errorf("%s depends on timing, yet %v", path, d)
		}
	}
}

func TestTheTraceFoldsToWhatTheMachinesShow(t *testing.T) {
	for _, name := range goldenNames(t) {
		sc := golden(t, name)
		r, err := Start(sc)
		if err != nil {
			t.Fatal(err)
		}
		for r.Next() {
			if err := r.Sim().CheckFold(); err != nil {
				t.Errorf("%s, step %d: %v", name, len(r.Results()), err)
				break
			}
		}
	}
}

func TestOneSeedGivesOneTrace(t *testing.T) {
	trace := func(seed uint64) []byte {
		sc := golden(t, "k2-leader-in-minority-with-proposal")
		sc.Seed = seed
		r, err := Start(sc)
		if err != nil {
			t.Fatal(err)
		}
		r.All()
		return r.Trace().Bytes()
	}
	if !bytes.Equal(trace(5), trace(5)) {
		t.Error("the same seed gave two traces")
	}
	if bytes.Equal(trace(5), trace(6)) {
		t.Error("two seeds gave the same trace")
	}
}
