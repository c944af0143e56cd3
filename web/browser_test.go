package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"zabscope/web"
)

// patience is how long these stories wait for anything. It ends a test that hangs; nothing is
// measured by it.
const patience = 90 * time.Second

// browser is a tab of headless Chromium. Whatever its console complains of fails the test.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// serveSite serves a site of its own to the test and returns its address.
func serveSite(t *testing.T) string {
	t.Helper()
	site, err := web.New(web.Config{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	t.Cleanup(site.Close)
	return server.URL
}

// openBrowser starts Chromium with one empty tab.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)),
		chromedp.Flag("headless", true), chromedp.Flag("no-sandbox", true),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-timer-throttling", true),
		chromedp.Flag("disable-renderer-backgrounding", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.WindowSize(1440, 900))
	alloc, stop := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(func() { end(); stop() })
	return listening(t, ctx)
}

// chromium finds the browser; the test command installs it.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no chromium on PATH; `go run ./cmd/verify` installs it")
	return ""
}

// another opens a second tab of the same browser.
func (b *browser) another() *browser {
	b.t.Helper()
	ctx, end := chromedp.NewContext(b.ctx)
	b.t.Cleanup(end)
	return listening(b.t, ctx)
}

func listening(t *testing.T, ctx context.Context) *browser {
	t.Helper()
	b := &browser{t, ctx}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	return b
}

// hear fails the test at every warning, error and exception of the page.
func (b *browser) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			b.t.Errorf("the console says %s: %s", e.Type, e.Args[0].Value)
		}
	case *runtime.EventExceptionThrown:
		b.t.Errorf("the page throws: %s", e.ExceptionDetails.Text)
	}
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// until waits for a condition of the page, looking at every frame that it draws.
func (b *browser) until(what, condition string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	script := fmt.Sprintf(`new Promise((done) => {
		const look = () => { if (%s) done(true); else requestAnimationFrame(look); };
		look();
	})`, condition)
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script,
		chromedp.EvalAwaitPromise)); err != nil {
		b.t.Fatalf("%s: %v; the page shows %s", what, err, b.text("body"))
	}
}

// eval is what an expression comes to in the page.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return got
}

// text is what a part of the page says.
func (b *browser) text(selector string) string {
	b.t.Helper()
	quoted, _ := json.Marshal(selector)
	return eval[string](b, fmt.Sprintf("document.querySelector(%s)?.textContent ?? ''", quoted))
}

// keys presses keys of the page, each named by its character. As in a browser that a person uses,
// a key that the page takes for itself writes nothing.
func (b *browser) keys(keys string) {
	b.t.Helper()
	for _, k := range keys {
		for _, stroke := range kb.Encode(k) {
			if stroke.Type != input.DispatchKeyEventTypeChar {
				b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
					_, err := cdp.Call(ctx, tab, input.DispatchKeyEvent, *stroke)
					return err
				}))
			}
		}
	}
}

// decisionBack goes to the previous decision and waits until the inspector shows it.
func (b *browser) decisionBack() {
	b.t.Helper()
	before := b.text("[data-part=inspector] .when")
	b.do(chromedp.KeyEvent(kb.ArrowLeft, chromedp.KeyModifiers(chromedp.ModifierShift)))
	b.until("the previous decision", fmt.Sprintf(`((when) => when.startsWith("Event ") &&
		when !== %q)(document.querySelector("[data-part=inspector] .when").textContent)`, before))
}

// back goes from decision to decision into the past until the sentence of one has some words.
func (b *browser) back(words string) {
	b.t.Helper()
	const most = 200
	for range most {
		b.decisionBack()
		if strings.Contains(b.text("[data-part=inspector] .why"), words) {
			return
		}
	}
	b.t.Fatalf("%q is not among the last %d decisions; the inspector says %q", words, most,
		b.text("[data-part=inspector]"))
}

// tabTo presses Tab until an element has the focus.
func (b *browser) tabTo(selector string) {
	b.t.Helper()
	const most = 80
	for range most {
		if eval[bool](b, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			return
		}
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	b.t.Fatalf("%d tabs do not lead to %s", most, selector)
}

// ring is a condition on a server of the ring: the words at its disc.
func ring(server int, words ...string) string {
	var all []string
	for _, w := range words {
		all = append(all, fmt.Sprintf("document.querySelector('[data-machine=\"%d\"]')"+
			"?.textContent.includes(%q)", server, w))
	}
	return strings.Join(all, " && ")
}

// says is a condition on the text of a part of the page.
func says(part, words string) string {
	return fmt.Sprintf("document.querySelector('[data-part=%q]')?.textContent.includes(%q)", part,
		words)
}

// newRun asks the API for three fresh servers and returns the address of their page.
func newRun(t *testing.T, site string) string {
	t.Helper()
	resp, err := http.Post(site+"/api/runs", "application/json",
		strings.NewReader(`{"servers": 3, "seed": 7}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusCreated {
		t.Fatalf("%s: %s", resp.Status, body)
	}
	var made struct{ Page string }
	if err := json.Unmarshal(body, &made); err != nil || made.Page == "" {
		t.Fatalf("%v: %s", err, body)
	}
	return site + made.Page
}
