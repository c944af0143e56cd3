package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"text/tabwriter"
	"time"

	"zabscope/web"
)

// figure is one measured figure beside its budget.
type figure struct {
	What    string  `json:"what"`
	Value   float64 `json:"value"`
	Budget  float64 `json:"budget,omitempty"` // 0 for none
	Unit    string  `json:"unit"`
	AtLeast bool    `json:"atLeast,omitempty"` // whether the budget is a lower bound
}

// verdict says how the figure compares.
func (f figure) verdict() string {
	switch {
	case f.Budget == 0:
		return ""
	case f.AtLeast && f.Value >= f.Budget, !f.AtLeast && f.Value <= f.Budget:
		return "ok"
	}
	return "over"
}

// browserBench measures the site as a browser on this machine sees it.
type browserBench struct {
	browser context.Context
	site    string // "http://127.0.0.1:4711"
	runs    *longRuns
	figures []figure
	told    io.Writer // where progress is told

	small struct { // the shortest run
		events int
		bytes  float64
	}
}

func benchBrowser(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("bench browser", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	asJSON := flags.Bool("json", false, "")
	most := flags.Int("events", 1_000_000, "")
	err := flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("%q is too much", flags.Arg(0))
	}
	if err != nil {
		fmt.Fprintf(stderr, "zabscope bench browser: %v. See: zabscope help bench\n", err)
		return exitUsage
	}
	b := &browserBench{told: stderr}
	err = b.measure(ctx, *most)
	if *asJSON {
		_ = json.NewEncoder(stdout).Encode(b.figures)
	} else {
		b.print(stdout)
	}
	if err != nil {
		fmt.Fprintln(stderr, "zabscope bench browser:", err)
		return exitWrong
	}
	return exitOK
}

func (b *browserBench) print(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "what\tmeasured\tbudget\t")
	for _, f := range b.figures {
		budget := ""
		if f.Budget > 0 {
			budget = fmt.Sprintf("%g %s", f.Budget, f.Unit)
		}
		fmt.Fprintf(table, "%s\t%.4g %s\t%s\t%s\n", f.What, f.Value, f.Unit, budget, f.verdict())
	}
	table.Flush()
}

// add notes a figure.
func (b *browserBench) add(what string, value, budget float64, unit string) {
	b.figures = append(b.figures, figure{What: what, Value: value, Budget: budget, Unit: unit})
}

// measure serves the site on a free port, opens a browser and takes all figures.
func (b *browserBench) measure(ctx context.Context, most int) error {
	site, err := web.New(web.Config{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer site.Close()
	if b.runs, err = newLongRuns(site); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: b.runs, ReadHeaderTimeout: headerWait}
	go server.Serve(listener) //nolint:errcheck // it ends with the server
	defer server.Close()
	b.site = "http://" + listener.Addr().String()
	if err := b.runs.fetchHeader(ctx, listener.Addr().String()); err != nil {
		return err
	}
	browser, stop, err := openBrowser(ctx)
	if err != nil {
		return err
	}
	defer stop()
	b.browser = browser
	return b.all(most)
}

// all takes one figure after the other.
func (b *browserBench) all(most int) error {
	for _, page := range []string{"/", "/runs/" + b.runs.room} {
		if err := b.firstVisit(page); err != nil {
			return err
		}
	}
	if err := b.live(); err != nil {
		return err
	}
	for n := 1000; n <= most; n *= 10 {
		fmt.Fprintf(b.told, "a run of %d events ...\n", n)
		if err := b.longRun(n); err != nil {
			return fmt.Errorf("a run of %d events: %w", n, err)
		}
	}
	return nil
}

// visit is what a page took to load.
type visit struct{ Paint, Bytes float64 }

// firstVisit loads a page with an empty cache, five times, and takes the median.
func (b *browserBench) firstVisit(path string) error {
	var paints []float64
	var last visit
	for range 5 {
		t, leave, err := openTab(b.browser, b.site+path)
		if err != nil {
			return err
		}
		last, err = ask[visit](t, `probe.visit()`)
		leave()
		if err != nil {
			return err
		}
		paints = append(paints, last.Paint)
	}
	name := "first page"
	if path != "/" {
		name = "run page"
	}
	b.add(name+": first paint", median(paints), 250, "ms")
	b.add(name+": weight, compressed", last.Bytes/1000, 150, "kB")
	return nil
}

// live measures a room that plays.
func (b *browserBench) live() error {
	t, leave, err := openTab(b.browser, b.site+"/runs/"+b.runs.room)
	if err != nil {
		return err
	}
	defer leave()
	const span = 6 * time.Second
	if _, err := ask[bool](t, `probe.until(() => probe.count() > 20).then(() => true)`); err != nil {
		return err
	}
	before, err := t.work()
	if err != nil {
		return err
	}
	if err := t.rest(span); err != nil {
		return err
	}
	after, err := t.work()
	if err != nil {
		return err
	}
	share := 100 * after.since(before).task / float64(span.Milliseconds())
	b.add("five servers playing: main thread", share, 15, "%")
	steps, err := ask[[]float64](t, `probe.steps(15)`)
	if err != nil {
		return err
	}
	b.add("from a key to the first event on screen", median(steps), 50, "ms")
	return nil
}

// frames are the frames of one kind of movement, in milliseconds.
type frames struct{ Median, Worst, Script float64 }

// longRun loads a run of n events and moves about in it.
func (b *browserBench) longRun(n int) error {
	if _, err := b.runs.messages(n); err != nil {
		return err
	}
	t, leave, err := openTab(b.browser, fmt.Sprintf("%s/bench/%d", b.site, n))
	if err != nil {
		return err
	}
	defer leave()
	name := func(what string) string { return fmt.Sprintf("%7d events: %s", n, what) }
	loaded, err := ask[struct{ First, All float64 }](t, fmt.Sprintf(`probe.loaded(%d)`, n))
	if err != nil {
		return err
	}
	first, all := 0.0, 0.0
	if n == 100_000 {
		first, all = 300, 1000
	}
	b.add(name("first picture"), loaded.First, first, "ms")
	b.add(name("all in"), loaded.All, all, "ms")
	spent, err := t.work()
	if err != nil {
		return err
	}
	b.add(name("all in, processor time"), spent.task, 0, "ms")
	bytes, err := t.memory()
	if err != nil {
		return err
	}
	b.add(name("memory of the page"), bytes/1e6, 0, "MB")
	if b.small.events > 0 {
		more := (bytes - b.small.bytes) / float64(n-b.small.events)
		b.add(name("memory for 500 events more"), more*500/1000, 50, "kB")
	} else {
		b.small.events, b.small.bytes = n, bytes
	}
	return b.movements(t, name)
}

// movements are what a person does on the timeline, and the budget of scripts for each.
var movements = []struct {
	what, act string
	times     int
	budget    float64
	smooth    bool // whether the frames are held to 50 a second
}{
	{"scrub", "scrub", 120, 16, true},
	{"seek anywhere", "seek", 60, 16, false},
	{"pan", "pan", 120, 4, true},
	{"zoom out and in", "zoom", 120, 4, true},
	{"", "out", 40, 0, false}, // on the way to the next
	{"pan, all in view", "pan", 60, 4, true},
	{"hover", "hover", 80, 50, false},
	{"select", "select", 40, 50, false},
}

func (b *browserBench) movements(t *tab, name func(string) string) error {
	for _, m := range movements {
		before, err := t.work()
		if err != nil {
			return err
		}
		f, err := ask[frames](t, fmt.Sprintf("probe.%s(%d)", m.act, m.times))
		if err != nil {
			return fmt.Errorf("%s: %w", m.act, err)
		}
		after, err := t.work()
		if err != nil {
			return err
		}
		if m.what == "" {
			continue
		}
		if m.smooth {
			b.figures = append(b.figures, figure{What: name(m.what + ": frames, median"),
				Value: 1000 / f.Median, Budget: 50, Unit: "fps", AtLeast: true})
			b.add(name(m.what+": worst frame"), f.Worst, 100, "ms")
		}
		b.add(name(m.what+": script, median"), f.Script, m.budget, "ms")
		b.add(name(m.what+": script, processor time, mean"),
			after.since(before).script/float64(m.times), m.budget, "ms")
	}
	return nil
}
