package main

import (
	"context"
	_ "embed"
	"errors"
	"os/exec"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

//go:embed bench_probe.js
var probe string

// tab is a page of headless Chromium with the probe in it.
type tab struct{ ctx context.Context }

// openBrowser starts headless Chromium without a graphics card. Call stop at the end.
func openBrowser(ctx context.Context) (browser context.Context, stop func(), err error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err = exec.LookPath(name); err == nil {
			break
		}
	}
	if path == "" {
		return nil, nil, errors.New("no chromium on PATH; `go run ./cmd/verify` installs it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.Flag("headless", true), chromedp.Flag("no-sandbox", true),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.WindowSize(1440, 900))
	alloc, stopAll := chromedp.NewExecAllocator(ctx, options...)
	browser, end := chromedp.NewContext(alloc)
	return browser, func() { end(); stopAll() }, chromedp.Do(browser)
}

// tabLimit is how long a tab may take for all that is done in it: one that hangs shall not go on
// for ever.
const tabLimit = 5 * time.Minute

// openTab opens a tab with an empty cache and goes to an address. Call leave at the end.
func openTab(browser context.Context, address string) (t *tab, leave func(), err error) {
	ctx, end := chromedp.NewContext(browser)
	ctx, cancel := context.WithTimeout(ctx, tabLimit)
	leave = func() { cancel(); end() }
	t = &tab{ctx}
	err = errors.Join(
		send(t, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true}),
		send(t, performance.Enable, performance.EnableParams{
			TimeDomain: performance.EnableTimeDomainThreadTicks}),
		send(t, page.AddScriptToEvaluateOnNewDocument,
			page.AddScriptToEvaluateOnNewDocumentParams{Source: probe}),
		chromedp.Do(ctx, chromedp.Navigate(address)))
	return t, leave, err
}

// send carries out a command whose result nobody needs.
func send[P, R any](t *tab, command cdp.Command[P, R], params P) error {
	_, err := chromedp.Call(t.ctx, command, params)
	return err
}

// ask evaluates an expression of the page, and waits if it is a promise.
func ask[T any](t *tab, expression string) (T, error) {
	return chromedp.Run(t.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// memory is how many bytes the page's scripts hold.
func (t *tab) memory() (float64, error) {
	if err := send(t, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
		return 0, err
	}
	heap, err := chromedp.Call(t.ctx, runtime.GetHeapUsage, cdp.Empty{})
	return heap.UsedSize + heap.BackingStorageSize, err
}

// work is the processor time that a page's main thread has taken, in milliseconds. It is the figure
// to trust where other programs keep the machine busy.
type work struct{ task, script float64 }

// since is what was taken after an earlier time.
func (w work) since(before work) work {
	return work{w.task - before.task, w.script - before.script}
}

// work asks how much the page has worked until now.
func (t *tab) work() (work, error) {
	result, err := chromedp.Call(t.ctx, performance.GetMetrics, cdp.Empty{})
	var w work
	for _, m := range result.Metrics {
		switch m.Name {
		case "TaskDuration":
			w.task = 1000 * m.Value
		case "ScriptDuration":
			w.script = 1000 * m.Value
		}
	}
	return w, err
}

// during is the work of the page while something goes on.
func (t *tab) during(act func() error) (work, error) {
	before, err := t.work()
	if err != nil {
		return work{}, err
	}
	if err := act(); err != nil {
		return work{}, err
	}
	after, err := t.work()
	return after.since(before), err
}

// rest lets the page run for a while, undisturbed.
func (t *tab) rest(span time.Duration) error {
	return chromedp.Do(t.ctx, chromedp.Sleep(span))
}
