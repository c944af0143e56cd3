package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

func TestAFigureKeepsItsBudgetOrNot(t *testing.T) {
	for _, c := range []struct {
		of                        figure
		budget, measured, verdict string
	}{
		{figure{Value: 15.5, Budget: 16, Unit: "ms"}, "<= 16 ms", "15.5 ms", "yes"},
		{figure{Value: 16, Budget: 16, Unit: "ms"}, "<= 16 ms", "16 ms", "yes"},
		{figure{Value: 17, Budget: 16, Unit: "ms", CPU: 4}, "<= 16 ms", "17 ms (4 ms CPU)", "NO"},
		{figure{Value: 60, Budget: 50, Unit: "fps", AtLeast: true}, ">= 50 fps", "60 fps", "yes"},
		{figure{Value: 49, Budget: 50, Unit: "fps", AtLeast: true}, ">= 50 fps", "49 fps", "NO"},
		{figure{Value: 12345.6, Unit: "frames"}, "", "12346 frames", ""},
	} {
		if c.of.budget() != c.budget || c.of.measured() != c.measured || c.of.verdict() != c.verdict {
			t.Errorf("%+v: %q, %q, %q", c.of, c.of.budget(), c.of.measured(), c.of.verdict())
		}
	}
}

func TestTheTableEndsWithHowManyBudgetsAreKept(t *testing.T) {
	var fs figures
	fs.add("quick", 1, 2, "ms")
	fs.add("slow", 3, 2, "ms")
	fs.add("so much", 3, 0, "kB")
	var out bytes.Buffer
	fs.write(&out, false)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 5 || strings.Join(strings.Fields(lines[0]), " ") != "what budget measured ok" ||
		!strings.HasPrefix(lines[4], "1 of 2 budgets kept, ") {
		t.Errorf("printed %q", out.String())
	}
	out.Reset()
	fs.write(&out, true)
	var read figures
	if err := json.Unmarshal(out.Bytes(), &read); err != nil || len(read) != 3 || read[1] != fs[1] {
		t.Errorf("as JSON %q, error %v", out.String(), err)
	}
	out.Reset()
	figures(nil).print(&out)
	if out.Len() > 0 {
		t.Errorf("of nothing: %q", out.String())
	}
}

func TestQuantiles(t *testing.T) {
	numbers := []float64{5, 1, 4, 2, 3}
	for _, c := range []struct{ share, want float64 }{{0, 1}, {0.5, 3}, {0.99, 5}, {1, 5}} {
		if got := quantile(numbers, c.share); got != c.want {
			t.Errorf("quantile %g is %g, want %g", c.share, got, c.want)
		}
	}
	if numbers[0] != 5 || median(nil) != 0 {
		t.Error("the numbers were moved, or there is a median of none")
	}
}

func TestTheAgeOfAFrame(t *testing.T) {
	made := time.Now().Add(-20 * time.Millisecond).UnixNano()
	age, ok := ageOf(fmt.Appendf(nil, `{"t":%d,"frame":1}`, made))
	if !ok || age < 20*time.Millisecond || age > 10*time.Second {
		t.Errorf("it is %v, %t", age, ok)
	}
	for _, other := range []string{``, `{"t":1}`, `{"head":{"playing":true,"rate":1}}`,
		`{"t":"a text of more than nineteen"}`} {
		if _, ok := ageOf([]byte(other)); ok {
			t.Errorf("%q has an age", other)
		}
	}
}

func TestALongRunHasAsManyRowsAsAskedFor(t *testing.T) {
	const n = 2 * benchRows
	messages, err := benchMessages(n + 1)
	if err != nil || len(messages) != 4 {
		t.Fatalf("%d messages, error %v", len(messages), err)
	}
	next := 1
	for _, m := range messages {
		var frame struct{ Rows [][]any }
		if err := json.Unmarshal(m, &frame); err != nil {
			t.Fatal(err)
		}
		for _, row := range frame.Rows {
			if row[0] != float64(next) {
				t.Fatalf("row %v where %d should be", row[0], next)
			}
			next++
		}
	}
	if next != n+2 {
		t.Errorf("%d rows", next-1)
	}
}

// benchWith runs the command, and returns how it ended and what it printed.
func benchWith(t *testing.T, args ...string) (code int, out, complaint string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = runBench(t.Context(), args, strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestBareWritesAreMeasuredOnceAllAreConnected(t *testing.T) {
	each, err := bareWrite(2)
	if err != nil || each < 0 || each > 10*time.Millisecond {
		t.Errorf("%v, error %v", each, err)
	}
}

func TestFanoutFiguresAreThoseOfOneDeliveryAndOneConnection(t *testing.T) {
	f := fanout{viewers: 100, rate: 50}
	f.note(viewersResult{Frames: 20_000, P50: 5 * time.Millisecond, P99: 60 * time.Millisecond},
		fanoutCost{cpu: 200 * time.Millisecond, took: 10 * time.Second, bare: 6 * time.Microsecond,
			perConn: 5 << 10})
	want := map[string]float64{
		"age of frames on arrival, p99":          60,
		"age of events on arrival, p99, at most": 110, // 20 frames a second: 50 ms more
		"server CPU for each frame delivered":    10,
		"server CPU for each frame beyond that":  4,
		"server CPU for each event delivered":    4,
		"frames a second for each viewer":        20,
		"memory for each connection":             5,
	}
	for _, got := range f.figures {
		if value, ok := want[got.What]; ok && math.Abs(got.Value-value) > 1e-9 {
			t.Errorf("%s: %g, want %g", got.What, got.Value, value)
		}
		delete(want, got.What)
	}
	if len(want) > 0 {
		t.Errorf("not there: %v", want)
	}
}

func TestBenchRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, args := range [][]string{
		nil, {"disk"}, {"browser", "-events", "many"}, {"browser", "-events", "999"}, {"browser", "x"},
		{"fanout", "-viewers", "0"}, {"fanout", "-time", "0s"}, {"fanout", "x"},
	} {
		code, out, complaint := benchWith(t, args...)
		if code != exitUsage || out != "" || !strings.Contains(complaint, "help bench") {
			t.Errorf("%v: exit %d, printed %q and %q", args, code, out, complaint)
		}
	}
}

func TestBenchBrowserSaysThatThereIsNoChromium(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	code, out, complaint := benchWith(t, "browser")
	if code != exitWrong || out != "" || !strings.Contains(complaint, "no chromium on PATH") {
		t.Errorf("exit %d, printed %q and %q", code, out, complaint)
	}
}
