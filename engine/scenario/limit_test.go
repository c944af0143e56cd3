package scenario

import (
	"strings"
	"testing"

	"zabscope/engine/node"
)

func TestNumbersThatNobodyCanMeanAreRefused(t *testing.T) {
	for line, want := range map[string]string{
		"bulk 1 /a count 1000001":           "a count lies between 0 and 1000000",
		"bulk 1 /a count 9 size 1048577":    "a size lies between 0 and 1048576 bytes",
		"bulk 1 /a count 1000 size 1000000": "1000 requests of 1000000 bytes are more than",
		"deliver 1 to 2 count 1000001":      "a count lies between 0 and 1000000",
	} {
		_, err := Parse("f", []byte("servers 1,2\n"+line))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}

// limited carries out a scenario within bounds and returns what became of each step.
func limited(t *testing.T, text string, events node.Seq, until node.Time) (out []string) {
	t.Helper()
	r, err := Start(parsed(t, text))
	if err != nil {
		t.Fatal(err)
	}
	r.Limit(events, until)
	for _, x := range r.All() {
		out = append(out, strings.Join(append(x.Failures(false), ""), ";"))
	}
	if n := r.Trace().Len(); events > 0 && n > events+1000 {
		t.Errorf("the trace has %d events", n)
	}
	return out
}

// However a script wastes time or events, it is broken off at the step that goes too far, and no
// step follows.
func TestAScriptThatGoesTooFarIsBrokenOff(t *testing.T) {
	const three = "servers 1,2,3\nstart 1,2,3 until serving 1,2,3\n"
	const many = "refused: the run has more than 2000 events;"
	const long = "refused: the run takes more than 60 s;"
	for _, c := range []struct{ line, want string }{
		{"wait until min 3000s", many},
		{"bulk 1 /a count 5000", many},
		{"wait until leader 1 timeout 80000s", many},
		{"wait quiet 5000s limit 5000s", many},
		{"kill 1,2,3 until serving 1 timeout 80000s", long},
		{"kill 1,2,3 quiet 5000s limit 5000s", long},
	} {
		got := limited(t, three+c.line+"\nnote \"after it\"", 2000, 60*node.Second)
		if len(got) != 2 || got[0] != "" || got[1] != c.want {
			t.Errorf("%s: %q, want %s", c.line, got, c.want)
		}
	}
	got := limited(t, "servers 1,2,3,4\nstart 1,2,3,4 gap 50s\nnote x", 0, 60*node.Second)
	if len(got) != 1 || got[0] != long {
		t.Errorf("a long gap: %q", got)
	}
}

func TestAScriptWithinItsLimitIsAsWithoutOne(t *testing.T) {
	const text = "servers 1,2,3\nstart 1,2,3 until serving 1,2,3\nwrite 1 create /a one\nkill 3\n"
	a, b := newRun(t, text), newRun(t, text)
	a.run.Limit(100000, 600*node.Second)
	a.run.All()
	b.run.All()
	if a.run.Trace().Hash() != b.run.Trace().Hash() {
		t.Error("the limit changed the run")
	}
}
