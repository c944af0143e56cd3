package static

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// runAll imports a module of tests in the page and calls each; what a test throws is its failure.
const runAll = `import("/tests/%s").then(async (module) => {
	const out = [];
	for (const [name, test] of Object.entries(module)) {
		try { await test(); out.push({ name, failure: "" }); }
		catch (e) { out.push({ name, failure: String(e.stack ?? e) }); }
	}
	return out;
})`

// testPage is a server of the folder, of the tests in testdata, of what was recorded of ZooKeeper's
// wires, and of an empty page for them.
func testPage(t *testing.T) string {
	mux := http.NewServeMux()
	scripts := lean(files)
	mux.HandleFunc("/js/", func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		http.ServeContent(w, r, name, time.Time{}, strings.NewReader(scripts[name]))
	})
	mux.Handle("/tests/", http.StripPrefix("/tests/", http.FileServerFS(os.DirFS("testdata"))))
	mux.Handle("/recorded/", http.StripPrefix("/recorded/",
		http.FileServerFS(os.DirFS("../engine/jute/testdata"))))
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<!doctype html><title>tests</title>")
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

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

// Each file of testdata is a module whose exported functions are tests; they run in Chromium, where
// the modules that they are about run too.
func TestBrowserRunsTheTestsOfModules(t *testing.T) {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)),
		chromedp.Flag("headless", true), chromedp.Flag("no-sandbox", true),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true))
	alloc, stop := chromedp.NewExecAllocator(t.Context(), options...)
	defer stop()
	ctx, end := chromedp.NewContext(alloc)
	defer end()
	if err := chromedp.Do(ctx, chromedp.Navigate(testPage(t))); err != nil {
		t.Fatal(err)
	}
	modules, err := fs.Glob(os.DirFS("testdata"), "*.test.js")
	if err != nil || len(modules) == 0 {
		t.Fatalf("no tests: %v", err)
	}
	for _, module := range modules {
		results, err := chromedp.Run(ctx, chromedp.Evaluate[[]struct{ Name, Failure string }](
			fmt.Sprintf(runAll, module), chromedp.EvalAwaitPromise))
		if err != nil {
			t.Errorf("%s: %v", module, err)
		}
		for _, r := range results {
			t.Run(strings.TrimSuffix(module, ".test.js")+"/"+r.Name, func(t *testing.T) {
				if r.Failure != "" {
					t.Error(r.Failure)
				}
			})
		}
	}
}
