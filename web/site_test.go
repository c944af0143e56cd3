package web

import (
	"compress/gzip"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

// visitor is a browser without scripts, on a site of its own.
type visitor struct {
	*testing.T
	site   *Site
	url    string
	client *http.Client
}

// visit opens a site for a test; nothing of it may be left when the test is over.
func visit(t *testing.T) *visitor {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	site, err := New(Config{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	t.Cleanup(site.Close)
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &visitor{t, site, server.URL, client}
}

// asks sends a request and returns the answer with its body read.
func (v *visitor) asks(method, path, kind, body string, header ...string) (*http.Response, string) {
	v.Helper()
	r, err := http.NewRequestWithContext(v.Context(), method, v.url+path, strings.NewReader(body))
	if err != nil {
		v.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := v.client.Do(r)
	if err != nil {
		v.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		v.Fatal(err)
	}
	return answer, string(text)
}

func (v *visitor) gets(path string, header ...string) (*http.Response, string) {
	v.Helper()
	return v.asks(http.MethodGet, path, "", "", header...)
}

// fills in a form and sends it.
func (v *visitor) fills(path string, form url.Values) (*http.Response, string) {
	v.Helper()
	return v.asks(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode())
}

// shows wants words on a page.
func (v *visitor) shows(page string, words ...string) {
	v.Helper()
	for _, w := range words {
		if !strings.Contains(page, w) {
			v.Errorf("the page does not show %q", w)
		}
	}
}

// inline matches scripts and styles that stand in a page, which the policy forbids.
var inline = regexp.MustCompile(`<script(?: [a-z]+="[^"]*")*>[^<]|<style|style="|[ "]on[a-z]+="`)

func TestEveryPageIsADocumentThatKeepsThePolicy(t *testing.T) {
	v := visit(t)
	for path, words := range map[string][]string{
		"/":          {`href="/learn"`, `href="/sandbox"`, `href="/interview"`, `data-feed="/api/runs/home-`},
		"/learn":     {"The write that never was", `value="lost-proposal"`},
		"/interview": {"A leader logs a write and dies", `value="minority-leader"`},
		"/sandbox":   {`name="servers"`, `max="25"`, `value="three-fresh"`, "Three fresh servers"},
		"/help":      {"<kbd>Space</kbd>", "partition", "ls [-s] [-w] [-R] path", "1000000 events"},
	} {
		answer, page := v.gets(path)
		if answer.StatusCode != http.StatusOK ||
			answer.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: status %d, %s", path, answer.StatusCode, answer.Header.Get("Content-Type"))
		}
		if !strings.Contains(answer.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: no policy", path)
		}
		if found := inline.FindString(page); found != "" {
			t.Errorf("%s: %q in the page", path, found)
		}
		v.shows(page, append(words, "<title>", "· Zabscope</title>", `<html lang="en">`, `<h1`)...)
	}
}

func TestEachVisitorOfTheFirstPageGetsAnEnsembleOfItsOwn(t *testing.T) {
	v := visit(t)
	feed := regexp.MustCompile(`data-feed="([^"]+)"`)
	_, one := v.gets("/")
	_, two := v.gets("/")
	if a, b := feed.FindString(one), feed.FindString(two); a == b || a == "" {
		t.Errorf("%s and %s", a, b)
	}
	if n := v.site.rooms.Len(); n != 0 {
		t.Errorf("%d rooms though nobody watches", n)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	v := visit(t)
	for path, kind := range map[string]string{
		"/nothing": "text/html", "/runs": "text/html", "/texts/xx.json": "text/html",
		"/texts/site/..%2fen.json": "text/html", "/api/nothing": "application/json",
		"/api/runs/abcdefgh": "application/json", "/static/none.js": "text/plain",
	} {
		answer, _ := v.gets(path)
		if answer.StatusCode != http.StatusNotFound ||
			!strings.HasPrefix(answer.Header.Get("Content-Type"), kind) {
			t.Errorf("%s: status %d, %s", path, answer.StatusCode, answer.Header.Get("Content-Type"))
		}
	}
	for path, kind := range map[string]string{"/help": "text/html", "/api/runs/x": "application/json"} {
		answer, _ := v.asks(http.MethodPut, path, "", "")
		if answer.StatusCode != http.StatusMethodNotAllowed ||
			!strings.HasPrefix(answer.Header.Get("Content-Type"), kind) {
			t.Errorf("PUT %s: status %d", path, answer.StatusCode)
		}
	}
}

func TestARunThatIsNotHereOffersAnother(t *testing.T) {
	v := visit(t)
	answer, page := v.gets("/runs/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
	if answer.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", answer.StatusCode)
	}
	v.shows(page, "This run is not here", `action="/sandbox"`, "no run %3Cscript%3Ealert(1)",
		`data-part="replay"`)
	answer, _ = v.fills("/sandbox", nil)
	if to := answer.Header.Get("Location"); answer.StatusCode != http.StatusSeeOther ||
		!strings.HasPrefix(to, "/runs/") {
		t.Errorf("a new one: status %d, %s", answer.StatusCode, to)
	}
}

func TestTheFormMakesARun(t *testing.T) {
	v := visit(t)
	answer, _ := v.fills("/sandbox", url.Values{"servers": {"5"}, "observers": {"2"}, "seed": {"42"},
		"latency": {"0.5-2"}, "release": {"correct"}, "tick": {"100"}, "scenario": {""}})
	if answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d", answer.StatusCode)
	}
	answer, page := v.gets(answer.Header.Get("Location"))
	if answer.StatusCode != http.StatusOK {
		t.Errorf("status %d", answer.StatusCode)
	}
	v.shows(page, "5 servers, 2 observers · seed 42", `data-server="7"`, "/stream")
	if strings.Contains(page, `data-server="8"`) {
		t.Error("a server too many")
	}
}

func TestTheFormKeepsWhatWasFilledInAndSaysWhatIsWrongBesideIt(t *testing.T) {
	v := visit(t)
	answer, page := v.fills("/sandbox", url.Values{"servers": {"99"}, "seed": {"<b>"},
		"latency": {"2-1"}, "observers": {"1"}, "scenario": {"servers 1,2\nfrob 1"}})
	if answer.StatusCode != http.StatusBadRequest {
		t.Errorf("status %d", answer.StatusCode)
	}
	v.shows(page, "4 fields need another look.", `value="99"`, "from 1 to 25, not 99.",
		`value="&lt;b&gt;"`, "not &lt;b&gt;.", `value="2-1"`, `value="1"`, "Line 2: ",
		"servers 1,2\nfrob 1</textarea>", `aria-invalid`)
	answer, page = v.fills("/sandbox", url.Values{"servers": {"20"}, "observers": {"6"}})
	if answer.StatusCode != http.StatusBadRequest {
		t.Errorf("status %d", answer.StatusCode)
	}
	v.shows(page, "One field needs another look.", "An ensemble has 25 servers at most")
	_, page = v.fills("/sandbox", url.Values{"standalone": {"on"}, "servers": {"3"}})
	v.shows(page, "A server alone has neither", "checked")
}

func TestEveryPresetMakesARun(t *testing.T) {
	v := visit(t)
	for _, p := range v.site.presets {
		answer, _ := v.fills("/sandbox", url.Values{"preset": {p.Name}})
		if answer.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: status %d", p.Name, answer.StatusCode)
			continue
		}
		_, page := v.gets(answer.Header.Get("Location"))
		v.shows(page, "<title>"+v.site.words["en"].Say("preset."+p.Name))
	}
}

func TestWhatComesFromPagesOfOtherSitesIsRefused(t *testing.T) {
	v := visit(t)
	for path, kind := range map[string]string{"/sandbox": "text/html", "/api/runs": "application/json"} {
		answer, _ := v.asks(http.MethodPost, path, "application/json", "{}", "Origin",
			"http://evil.test")
		if answer.StatusCode != http.StatusForbidden ||
			!strings.HasPrefix(answer.Header.Get("Content-Type"), kind) {
			t.Errorf("%s: status %d, %s", path, answer.StatusCode, answer.Header.Get("Content-Type"))
		}
	}
	if n := v.site.rooms.Len(); n != 0 {
		t.Errorf("%d rooms were made", n)
	}
}

func TestHealthAndMetrics(t *testing.T) {
	v := visit(t)
	if answer, text := v.gets("/healthz"); answer.StatusCode != http.StatusOK || text != "ok\n" {
		t.Errorf("status %d, %q", answer.StatusCode, text)
	}
	v.fills("/sandbox", nil)
	_, text := v.gets("/metrics")
	v.shows(text, "\nzabscope_rooms 1\n", "\nzabscope_viewers 0\n", "\nzabscope_rooms_opened_total 1\n",
		`zabscope_drops_total{reason="slow"} 0`, `zabscope_commands_total{outcome="done"} 0`,
		"zabscope_events_total", "zabscope_frames_total", "go_goroutines", "process_open_fds")
}

func TestPagesAndFilesAreCompressedAndFilesAreKept(t *testing.T) {
	v := visit(t)
	_, page := v.gets("/")
	script := regexp.MustCompile(`/static/[^"]+\.js`).FindString(page)
	for _, path := range []string{"/", script, "/texts/en.json"} {
		answer, packed := v.gets(path, "Accept-Encoding", "gzip")
		unpacked, err := gzip.NewReader(strings.NewReader(packed))
		if answer.Header.Get("Content-Encoding") != "gzip" || err != nil {
			t.Errorf("%s: encoded %q, %v", path, answer.Header.Get("Content-Encoding"), err)
			continue
		}
		if text, err := io.ReadAll(unpacked); err != nil || len(text) == 0 {
			t.Errorf("%s: %d bytes, %v", path, len(text), err)
		}
	}
	if answer, _ := v.gets(script); !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: Cache-Control %q", script, answer.Header.Get("Cache-Control"))
	}
}

func TestAHandlerThatPanicsIsAPageAndTheServerGoesOn(t *testing.T) {
	v := visit(t)
	h := v.site.recovered(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("ouch") }))
	for path, kind := range map[string]string{"/x": "text/html", "/api/x": "application/json"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusInternalServerError ||
			!strings.HasPrefix(w.Header().Get("Content-Type"), kind) ||
			strings.Contains(w.Body.String(), "ouch") {
			t.Errorf("%s: status %d, %s", path, w.Code, w.Body)
		}
	}
}
