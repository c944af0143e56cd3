package scenario

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zabscope/engine/node"
)

var rewrite = flag.Bool("rewrite", false, "accept the transcripts as they are now")

func transcript(t *testing.T, file string, depth node.Depth) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sc, err := Parse(file, text)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Start(sc)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := Transcribe(&out, r, depth, "en"); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A difference here is a difference in behaviour or in wording: read it, and if it is meant, accept it
// with -rewrite.
func TestScriptsTellWhatTheyToldBefore(t *testing.T) {
	files, err := filepath.Glob("testdata/scripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, f := range files {
		got := transcript(t, f, node.Decisions)
		kept := strings.TrimSuffix(f, ".txt") + ".transcript"
		if *rewrite {
			if err := os.WriteFile(kept, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(kept)
		if err != nil {
			t.Fatal(err)
		}
		if d := firstDifference(string(want), got); d != "" {
			t.Errorf("%s: %s", kept, d)
		}
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "(the end)", "(the end)"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return "the first difference is\n want " + a + "\n got  " + b
		}
	}
	return ""
}

func TestDeeperNarrationsSayMore(t *testing.T) {
	const file = "testdata/scripts/lost-write.txt"
	lines := func(d node.Depth) []string {
		return strings.Split(transcript(t, file, d), "\n")
	}
	decisions, packets := lines(node.Decisions), lines(node.Packets)
	all, hidden := lines(node.Everything), lines(node.Hidden)
	if len(decisions) >= len(packets) || len(packets) >= len(all) || len(all) >= len(hidden) {
		t.Errorf("%d, %d, %d, %d lines", len(decisions), len(packets), len(all), len(hidden))
	}
	for name, lines := range map[string][]string{"packets": packets, "everything": all} {
		for _, l := range lines {
			if strings.Contains(l, "PING") || strings.Contains(l, "a ping") {
				t.Errorf("%s: pings were not asked for: %s", name, l)
			}
		}
	}
	for want, lines := range map[string][]string{
		"Server 3 sends TRUNC 1:3 to server 2.":            packets,
		"Server 2 receives TRUNC 1:3 from server 3.":       packets,
		"Is 1:4 beyond 1:3, the last committed zxid? Yes.": all,
		"sends PING": hidden,
	} {
		if !strings.Contains(strings.Join(lines, "\n"), want) {
			t.Errorf("nobody says %q", want)
		}
	}
}

func TestEverySentenceIsWhole(t *testing.T) {
	for _, name := range goldenNames(t) {
		r, err := Start(golden(t, name))
		if err != nil {
			t.Fatal(err)
		}
		r.All()
		var out bytes.Buffer
		if err := Narrate(&out, r.Trace(), node.Hidden, "en"); err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(out.String(), "\n") {
			for _, bad := range []string{"{", "}", "  .", " ,", "..", " ;", "<nil>"} {
				if strings.Contains(strings.TrimPrefix(l, "        "), bad) {
					t.Fatalf("%s: %q in %q", name, bad, l)
				}
			}
		}
	}
}

func TestAViolationAndAMissedConditionAreTold(t *testing.T) {
	sc := parsed(t, "servers 1,2,3\nstart 1 until serving 1 timeout 1s\nkill 2")
	r, err := Start(sc)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := Transcribe(&out, r, node.Decisions, "en"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"> start 1\n>   until serving 1 timeout 1s\n",
		"! The condition did not come true in time.\n", "Refused: server 2 is down"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}

func TestDepthsHaveNames(t *testing.T) {
	for i, name := range []string{"decisions", "packets", "everything", "hidden"} {
		if d, err := DepthNamed(name); err != nil || d != node.Depth(i) {
			t.Errorf("%s: %d, %v", name, d, err)
		}
	}
	_, err := DepthNamed("deep")
	if err == nil ||
		err.Error() != `there is no depth "deep"; there are decisions, packets, everything, hidden` {
		t.Error(err)
	}
}

// full is a disk that takes so many bytes.
type full int

func (f *full) Write(b []byte) (int, error) {
	if *f -= full(len(b)); *f < 0 {
		return 0, errors.New("full")
	}
	return len(b), nil
}

func TestAWriterThatFailsEndsTheStory(t *testing.T) {
	sc := parsed(t, "servers 1\nstart 1 until serving 1\nwrite 1 create /a")
	for _, room := range []full{0, 100, 1000} {
		r, err := Start(sc)
		if err != nil {
			t.Fatal(err)
		}
		space := room
		if err := Transcribe(&space, r, node.Everything, "en"); err == nil {
			t.Errorf("%d bytes were enough", room)
		}
		r.All()
		space = room
		if err := Narrate(&space, r.Trace(), node.Everything, "en"); err == nil {
			t.Errorf("%d bytes were enough", room)
		}
		space = room
		if err := r.WriteTrace(&space); err == nil {
			t.Errorf("%d bytes were enough", room)
		}
	}
	r, err := Start(sc)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{Transcribe(nil, r, 0, "tlh"), Narrate(nil, r.Trace(), 0, "tlh")} {
		if err == nil || !strings.HasPrefix(err.Error(), `no catalogue for "tlh"`) {
			t.Error(err)
		}
	}
}

func TestUsageExplainsTheWholeLanguage(t *testing.T) {
	text := Usage()
	for _, c := range Commands() {
		if !strings.Contains(text, "  "+c.Usage()+"\n      "+c.About+"\n") {
			t.Errorf("%s is not explained", c.Name)
		}
		for _, p := range c.params() {
			if p.About == "" || !strings.Contains(text, p.About) {
				t.Errorf("%s of %s is not explained", p.Key, c.Name)
			}
		}
	}
	for _, f := range txnForms {
		if !strings.Contains(text, f.about) {
			t.Errorf("request %s is not explained", f.op)
		}
	}
	for _, h := range head {
		if !strings.Contains(text, h.About) {
			t.Errorf("%s is not explained", h.Key)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if len(line) > 150 {
			t.Errorf("a line of %d characters: %s", len(line), line)
		}
	}
}
