package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// aRun is a run with some deeds, as far as its sixth second.
const aRun = `{"servers": 3, "seed": 7, "until": 6000000000, "actions": [` +
	`{"at": 1500000000, "do": "write 1 create /a one"},` +
	`{"at": 2000000000, "do": "kill 3"},` +
	`{"at": 3000000000, "cli": "get /a", "server": 2}]}`

// posted asks the API for a run and returns its id.
func posted(t *testing.T, address, kind, body string) string {
	t.Helper()
	resp, err := http.Post(address, kind, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(resp.Body)
	var made struct{ ID string }
	if err := json.Unmarshal(text, &made); err != nil || made.ID == "" {
		t.Fatalf("%s, %v: %s", resp.Status, err, text)
	}
	return made.ID
}

// fetched is what stands at an address.
func fetched(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, resp.Status, err)
	}
	return string(text)
}

// shared opens a run, stops it, goes back some decisions and selects server 2, by keys alone; then it
// opens the panel and waits for its link.
func (b *browser) shared(page string) (link string) {
	b.t.Helper()
	b.do(chromedp.Navigate(page))
	b.until("the run is there", ring(2, "LEADING"))
	b.keys(" ")
	b.until("it is paused", says("play-word", "Play")+
		` && document.querySelector("[data-part=inspector] .when") !== null`)
	b.back("commits 2:1")
	b.keys("2")
	b.until("the server", `!document.querySelector("[data-part=inspector] .when")?.textContent.startsWith("Event ")`)
	b.do(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowLeft))
	b.until("the event again", says("inspector", "commits 2:1"))
	b.keys("S")
	b.until("the link", `document.querySelector("#share-link").value.includes("/runs/open#run=1.")`)
	return eval[string](b, `document.querySelector("#share-link").value`)
}

// looked is what a viewer looks at: the event, the selection, what the inspector says of it.
func (b *browser) looked() [4]string {
	b.t.Helper()
	count, _, _ := strings.Cut(b.text("[data-part=count]"), "/")
	return [4]string{count, b.text(`[data-server][aria-pressed=true]`),
		b.text("[data-part=inspector] .when"), b.text("[data-part=inspector]")}
}

// A link that was shared opens, in a browser and on a server that have never seen the run, at the same
// event with the same selection and the same words; and it stands still there.
func TestBrowserASharedLinkShowsTheSame(t *testing.T) {
	site, other := serveSite(t), serveSite(t)
	b := openBrowser(t)
	link := b.shared(site + "/runs/" + posted(t, site+"/api/runs", "application/json", aRun))
	b.until("a code for cameras", `(({ complete, naturalWidth }) => complete && naturalWidth > 0)(
		document.querySelector("[data-part=share-qr]"))`)
	b.do(chromedp.KeyEvent(kb.Escape))
	b.until("the inspector again", `document.querySelector("[data-part=inspector]").checkVisibility()`)
	want := b.looked()

	fresh := openBrowser(t)
	fresh.do(chromedp.Navigate(strings.Replace(link, site, other, 1)))
	fresh.do(chromedp.WaitVisible("[data-part=desk]"))
	fresh.until("the run is there", `document.querySelector("[data-part=inspector] .when")?.textContent.
		startsWith("Event ")`)
	fresh.until("it stands still", says("play-word", "Play"))
	if got := fresh.looked(); got != want {
		t.Errorf("the link shows %q, want %q", got, want)
	}
	if said := fresh.text("[data-part=opened]"); said != "" {
		t.Errorf("the page doubts that it is the same run: %s", said)
	}
}

// A link that is cut off is refused in words, and one of another engine is made again and compared,
// if one wants that.
func TestBrowserLinksThatNeedAWord(t *testing.T) {
	site := serveSite(t)
	b := openBrowser(t)
	link := b.shared(site + "/runs/" + posted(t, site+"/api/runs", "application/json", aRun))
	older := b.changed(link, `link.engine = "0"`)
	another := b.changed(link, `link.config.seed = "8"`)
	b.do(chromedp.Navigate(link[:len(link)-9]))
	b.until("what is wrong", says("wrong", "This link is damaged"))

	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(older))
	b.until("both versions", says("said", "engine version 0, and this is version 1"))
	b.do(chromedp.WaitVisible("[data-part=anyway]"))
	b.tabTo("[data-part=anyway]")
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("[data-part=desk]"))
	b.until("that it is the same", says("opened", "it is the same as it was with version 0"))

	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(another),
		chromedp.WaitVisible("[data-part=desk]"))
	b.until("that it is not", says("opened", "This is not the run that was shared"))
}

// changed is a link that says something else.
func (b *browser) changed(link, how string) string {
	b.t.Helper()
	address, fragment, _ := strings.Cut(link, "#")
	script := fmt.Sprintf(`(async () => {
		const base = document.querySelector("script[type=module]").src.replace("page/run.js", "");
		const { decode, encode } = await import(base + "core/link.js");
		const link = await decode(%q);
		%s;
		return encode(link);
	})()`, fragment, how)
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return address + "#" + text
}

// What was taken along opens again as it was: a trace to be watched, a scenario to be played.
func TestBrowserWhatIsTakenAlongComesBack(t *testing.T) {
	site := serveSite(t)
	id := posted(t, site+"/api/runs", "application/json", aRun)
	b := openBrowser(t)
	events := fetched(t, site+"/api/runs/"+id+"/export/trace")
	recording := b.imports(site, "run.trace.jsonl", events)
	if got := fetched(t, site+"/api/runs/"+recording+"/export/trace"); got != events {
		t.Errorf("a trace of %d bytes comes back as one of %d", len(events), len(got))
	}
	b.until("its last event", says("count", fmt.Sprintf("/ %d", strings.Count(events, "\n")-1)))
	b.keys("3x")
	b.until("why nothing can be done to it", says("verb-said", "This run is a recording"))
	b.keys("S")
	b.until("that it cannot be made again", says("share-about", "pass on the trace"))

	script := "servers 1,2,3\nstart 1,2,3 until serving 1,2,3\nkill 3 until serving 1,2"
	played := b.imports(site, "run.scenario.txt", script)
	lab := fetched(t, site+"/api/runs/"+played+"/export/scenario")
	again := b.imports(site, "run.scenario.json", lab)
	if got := fetched(t, site+"/api/runs/"+again+"/export/scenario"); got != lab {
		t.Errorf("a scenario comes back as\n%s\nnot as\n%s", got, lab)
	}

	b.do(chromedp.Navigate(site + "/sandbox"))
	b.gives("notes.txt", "milk, bread")
	b.until("what is wrong with it", says("import-wrong", "notes.txt: "))
}

// imports gives a file to the sandbox and returns the id of the run that opens.
func (b *browser) imports(site, name, text string) string {
	b.t.Helper()
	b.do(chromedp.Navigate(site + "/sandbox"))
	b.gives(name, text)
	b.do(chromedp.WaitVisible("[data-part=desk]"))
	b.until("the run of "+name, `document.querySelector("[data-machine='1']") !== null`)
	return eval[string](b, `location.pathname.replace("/runs/", "")`)
}

// gives puts a file into the field of the sandbox.
func (b *browser) gives(name, text string) {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.SetUploadFiles("#import-file", []string{path}))
}

// A page of another site shows a run in a frame, without a way to do anything to it.
func TestBrowserARunInAFrameOfAnotherSite(t *testing.T) {
	site := serveSite(t)
	b := openBrowser(t)
	b.shared(site + "/runs/" + posted(t, site+"/api/runs", "application/json", aRun))
	frame := eval[string](b, `document.querySelector("#share-frame").value.match(/src="([^"]+)"/)[1]`)
	b.do(chromedp.Navigate(frame), chromedp.WaitVisible("[data-part=desk]"))
	b.until("the run is there", ring(2, "LEADING"))
	for part, shown := range map[string]bool{".ensemble": true, ".timeline": true, ".transport": true,
		".whole": true, ".bar": false, ".do": false, ".inspector": false} {
		if got := eval[bool](b, fmt.Sprintf("document.querySelector(%q).checkVisibility()", part)); got != shown {
			t.Errorf("%s is shown: %v", part, got)
		}
	}
	b.axeInAllLooks("frame")
}

// The panel is used by keyboard alone, gives a picture, and passes axe.
func TestBrowserSharesByKeyboard(t *testing.T) {
	site := serveSite(t)
	b := openBrowser(t)
	b.shared(site + "/runs/" + posted(t, site+"/api/runs", "application/json", aRun))
	b.tabTo("[data-copy=share-link]")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until("an answer", `document.querySelector("[data-part=share-said]").textContent !== ""`)
	eval[bool](b, `(() => { URL.createObjectURL = (blob) => { window.drawn = blob; return "#"; }; return true; })()`)
	b.tabTo("[data-picture=svg]")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until("a picture", says("share-drawn", ".svg"))
	picture, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`window.drawn.text()`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg ", "LEADING", "commits 2:1", "seed 7 · engine 1", "data:image/png"} {
		if !strings.Contains(picture, want) {
			t.Errorf("the picture does not show %q", want)
		}
	}
	b.axeInAllLooks("the panel Share")
}
