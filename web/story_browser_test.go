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

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"zabscope/web"
)

// patience is how long a person would wait for anything in these stories.
const patience = 3 * time.Minute

// browser is a page in headless Chromium. Whatever its console complains of fails the test.
type browser struct {
	t   *testing.T
	ctx context.Context
}

func openBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Fatal("no chromium on PATH; `go run ./cmd/verify` installs it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.Flag("headless", true), chromedp.Flag("no-sandbox", true),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.WindowSize(1440, 900))
	alloc, stop := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, end := chromedp.NewContext(alloc)
	t.Cleanup(func() { end(); stop() })
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
	if err := chromedp.Do(b.ctx, steps...); err != nil {
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
		b.t.Fatalf("%s: %v; the page shows %s", what, err, b.text("main"))
	}
}

// text is what a part of the page says.
func (b *browser) text(selector string) string {
	quoted, _ := json.Marshal(selector)
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](
		fmt.Sprintf("document.querySelector(%s)?.textContent ?? ''", quoted)))
	if err != nil {
		b.t.Fatal(err)
	}
	return got
}

// ring is a condition on a server of the ring: the words under its disc.
func ring(server int, words ...string) string {
	var all []string
	for _, w := range words {
		all = append(all, fmt.Sprintf("document.querySelector('[data-machine=\"%d\"]')"+
			"?.textContent.includes(%q)", server, w))
	}
	return strings.Join(all, " && ")
}

// command types a line of the scenario language.
func (b *browser) command(line string) {
	b.t.Helper()
	b.do(chromedp.SendKeys("#command", line+kb.Enter))
	b.until("the line is done: "+line, `document.querySelector("#command").value === ""`)
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

// A person opens a run, sees an election end, kills the leader, sees the next epoch, writes,
// brings the dead server back, and finds the DIFF that brought it level, with its reason.
func TestBrowserShowsAnElectionAndWhatFollows(t *testing.T) {
	site, err := web.New(web.Config{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	t.Cleanup(site.Close)

	b := openBrowser(t)
	b.do(chromedp.Navigate(newRun(t, server.URL)))
	b.until("an election ends", ring(3, "LEADING", "epoch 1")+" && "+ring(1, "FOLLOWING")+
		" && "+ring(2, "FOLLOWING"))

	b.command("kill 3")
	b.until("the leader is down", ring(3, "DOWN"))
	b.until("the next epoch", ring(2, "LEADING", "epoch 2")+" && "+ring(1, "FOLLOWING"))

	b.command("write 1 create /a one")
	b.until("the write is in both logs", ring(1, "2:2")+" && "+ring(2, "2:2"))

	b.command("start 3")
	b.until("3 is level", ring(3, "FOLLOWING", "epoch 2"))
	b.do(chromedp.Blur("#command"))
	for range 60 {
		if strings.Contains(b.text("[data-part=inspector]"), "DIFF") {
			break
		}
		b.do(chromedp.KeyEvent(kb.ArrowLeft, chromedp.KeyModifiers(chromedp.ModifierShift)))
	}
	if got := b.text("[data-part=inspector]"); !strings.Contains(got, "DIFF") {
		t.Errorf("no DIFF with its reason among the last decisions; the inspector says %q", got)
	}
}
