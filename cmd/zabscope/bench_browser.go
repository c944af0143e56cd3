package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"zabscope/static"
	"zabscope/web"
)

// browserBench measures the site as a browser on this machine sees it.
type browserBench struct {
	browser context.Context
	site    string // "http://127.0.0.1:4711"
	runs    *longRuns
	figures figures
	progress

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
	switch {
	case err == nil && flags.NArg() > 0:
		err = fmt.Errorf("%q is too much", flags.Arg(0))
	case err == nil && *most < leastRun:
		err = fmt.Errorf("-events is %d at least", leastRun)
	}
	if err != nil {
		fmt.Fprintf(stderr, "zabscope bench browser: %v. See: zabscope help bench\n", err)
		return exitUsage
	}
	b := &browserBench{progress: progress{stderr, time.Now()}}
	err = b.measure(ctx, *most)
	b.figures.write(stdout, *asJSON)
	if err != nil {
		fmt.Fprintln(stderr, "zabscope bench browser:", err)
		return exitWrong
	}
	return exitOK
}

// leastRun is the length of the shortest run that is loaded.
const leastRun = 1000

// measure serves the site on a free port, opens a browser and takes all figures.
func (b *browserBench) measure(ctx context.Context, most int) error {
	b.tell("opening Chromium")
	browser, stop, err := openBrowser(ctx)
	if err != nil {
		return err
	}
	defer stop()
	b.browser = browser
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
	return b.all(most)
}

// all takes one figure after the other.
func (b *browserBench) all(most int) error {
	for _, page := range []struct{ name, path string }{
		{"first page", "/"}, {"run page", "/runs/" + b.runs.room},
	} {
		b.tell("first visits of the %s", page.name)
		if err := b.firstVisit(page.name, page.path); err != nil {
			return fmt.Errorf("%s: %w", page.name, err)
		}
	}
	b.tell("five servers that play")
	if err := b.live(); err != nil {
		return fmt.Errorf("five servers that play: %w", err)
	}
	for n := leastRun; n <= most; n *= 10 {
		b.tell("a run of %d events", n)
		if err := errors.Join(b.longRun(n), b.core(n)); err != nil {
			return fmt.Errorf("a run of %d events: %w", n, err)
		}
	}
	b.tell("done")
	return nil
}

// visit is what a page took to load.
type visit struct{ Paint, Bytes float64 }

// firstVisit loads a page with an empty cache, five times, and takes the median.
func (b *browserBench) firstVisit(name, path string) error {
	var paints, works []float64
	var last visit
	for range 5 {
		t, leave, err := openTab(b.browser, b.site+path)
		if err != nil {
			return err
		}
		var spent work
		if last, err = ask[visit](t, `probe.visit()`); err == nil {
			spent, err = t.work()
		}
		leave()
		if err != nil {
			return err
		}
		paints, works = append(paints, last.Paint), append(works, spent.task)
	}
	b.figures.add(name+": first paint", median(paints), 250, "ms")
	b.figures.add(name+": weight, compressed", last.Bytes/1000, 150, "kB")
	b.figures.add(name+": main thread until loaded, CPU", median(works), 0, "ms")
	return nil
}

// live measures a room that plays, and then one that somebody steps through.
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
	spent, err := t.during(func() error { return t.rest(span) })
	if err != nil {
		return err
	}
	share := 100 * spent.task / float64(span.Milliseconds())
	b.figures.add("five servers playing: main thread, CPU", share, 15, "%")
	for _, s := range []struct {
		what, act string
		budget    float64
	}{
		{"from a key to the first event on screen", "probe.steps(15, probe.step)", 50},
		{"a step back, until it is drawn", "probe.steps(15, probe.back)", 100},
	} {
		var took []float64
		spent, err := t.during(func() (err error) { took, err = ask[[]float64](t, s.act); return err })
		if err != nil {
			return err
		}
		b.figures = append(b.figures, figure{What: s.what, Value: median(took), Budget: s.budget,
			Unit: "ms", CPU: spent.task / float64(len(took)+1)})
	}
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
	spent, err := t.work()
	if err != nil {
		return err
	}
	b.figures.add(name("first picture, from the opening of the stream"), loaded.First, first, "ms")
	b.figures = append(b.figures, figure{What: name("all in, from there"), Value: loaded.All,
		Budget: all, Unit: "ms", CPU: spent.task})
	bytes, err := t.memory()
	if err != nil {
		return err
	}
	b.figures.add(name("memory of the page"), bytes/1e6, 0, "MB")
	if n >= steadyRun {
		more := (bytes - b.small.bytes) / float64(n-b.small.events)
		b.figures.add(name("memory for a second with 500 events"), more*500/1000, 50, "kB")
	} else if b.small.events == 0 {
		b.small.events, b.small.bytes = n, bytes
	}
	return b.movements(t, name)
}

// steadyRun is the length of a run from which on what each event costs tells.
const steadyRun = 100_000

// movements are what a person does on the timeline, and the budget of scripts for each.
var movements = []struct {
	what, act string
	times     int
	budget    float64
	smooth    bool // whether the frames are held to 50 a second
}{
	{"scrub", "scrub", 120, 16, true},
	{"seek anywhere", "seek", 60, 16, false},
	{"scroll", "pan", 120, 4, true},
	{"zoom out and in", "zoom", 120, 4, true},
	{"", "out", 40, 0, false}, // on the way to the next
	{"scroll, all in view", "pan", 60, 4, true},
	{"hover", "hover", 80, 50, false},
	{"select", "select", 40, 50, false},
}

func (b *browserBench) movements(t *tab, name func(string) string) error {
	for _, m := range movements {
		var f frames
		spent, err := t.during(func() (err error) {
			f, err = ask[frames](t, fmt.Sprintf("probe.%s(%d)", m.act, m.times))
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", m.act, err)
		}
		if m.what == "" {
			continue
		}
		if m.smooth {
			b.figures = append(b.figures, figure{What: name(m.what + ": frames, median"), AtLeast: true,
				Value: 1000 / f.Median, Budget: 50, Unit: "fps", CPU: spent.task / float64(m.times)})
			b.figures.add(name(m.what+": worst frame"), f.Worst, 100, "ms")
		}
		b.figures = append(b.figures, figure{What: name(m.what + ": script, median"), Value: f.Script,
			Budget: m.budget, Unit: "ms", CPU: spent.script / float64(m.times)})
	}
	return nil
}

// coreTimes are milliseconds that the modules below the panels took, each time they were asked.
type coreTimes struct{ Seek, Back, Cone []float64 }

// core measures the modules below the panels alone, on any event of a run: where a store is when it
// goes there, and what led to an event and what that led to.
func (b *browserBench) core(n int) error {
	t, leave, err := openTab(b.browser, b.site+plainPage)
	if err != nil {
		return err
	}
	defer leave()
	stream := fmt.Sprintf("/bench/stream/%d", n)
	took, err := ask[coreTimes](t, fmt.Sprintf("probe.core(%q, %q, %q)", stream,
		static.URL("js/core/store.js"), static.URL("js/core/lit.js")))
	if err != nil {
		return err
	}
	for _, c := range []struct {
		what   string
		took   []float64
		budget float64
	}{
		{"state at any event: script", took.Seek, 16},
		{"state one event back: script", took.Back, 16},
		{"causal cone of any event: script", took.Cone, 50},
	} {
		name := fmt.Sprintf("%7d events: %s", n, c.what)
		b.figures.add(name+", median", median(c.took), c.budget, "ms")
		b.figures.add(name+", p99", quantile(c.took, 0.99), c.budget, "ms")
	}
	return nil
}
