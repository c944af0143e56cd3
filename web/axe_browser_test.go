package web_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// axe is axe-core, which finds what people with a screen reader, without a mouse or with weak eyes
// would stumble over.
//
//go:embed testdata/axe.min.js
var axe string

// looks are the ways in which each page is looked at.
var looks = []struct {
	theme string
	width int64
}{{"light", 1440}, {"dark", 1440}, {"light", 390}, {"dark", 390}}

// Every page, in both themes, wide and narrow, passes all rules of axe-core for WCAG 2.2 AA and
// those that it calls best practice.
func TestBrowserAxeFindsNothing(t *testing.T) {
	site := serveSite(t)
	run := newRun(t, site)
	b := openBrowser(t)
	for _, page := range []string{"/", "/sandbox", "/learn", "/interview", "/help"} {
		b.do(chromedp.Navigate(site + page))
		b.axeInAllLooks(page)
	}

	b.do(chromedp.Navigate(run))
	b.until("the run is there", ring(1, "1"))
	b.keys("]]]]")
	b.until("an election ends", elected)
	b.keys(" ")
	b.until("it is paused", says("play-word", "Play"))
	b.axeInAllLooks("run, paused")
	b.decisionBack()
	b.axeInAllLooks("run, with an event")
	b.do(chromedp.EmulateViewport(1440, 900))
	b.keys("P")
	b.until("the presenter's view", `document.documentElement.dataset.mode === "present"`)
	b.axeInAllLooks("presenter's view")
}

// So do the rows of branches, the comparison of two, a run in the page of somebody else, and the
// page that opens links.
func TestBrowserAxeFindsNothingWhereRunsBranch(t *testing.T) {
	site := serveSite(t)
	run := newRun(t, site)
	b := openBrowser(t)
	b.do(chromedp.Navigate(run), chromedp.WaitVisible("[data-part=desk]"))
	b.until("the run is there", ring(1, "1"))
	b.keys("]]]]")
	b.until("an election ends", elected)
	b.keys(" ")
	b.until("it is paused", says("play-word", "Play"))
	b.decisionBack()
	b.keys("f")
	b.do(chromedp.WaitVisible(".branch.current"))
	b.until("there are two", `document.querySelectorAll(".branch-link").length === 2 ||
		document.querySelectorAll(".branch").length === 2`)
	b.axeInAllLooks("branches")
	b.do(chromedp.EmulateViewport(1440, 900), chromedp.Click(".branch-compare"),
		chromedp.WaitVisible("[data-part=first-words]"))
	b.until("both are there", ring(1, "FOLLOWING"))
	b.axeInAllLooks("comparison")
	b.do(chromedp.Navigate(run+"?embed=1"), chromedp.WaitVisible("[data-part=desk]"))
	b.until("the run is there", ring(1, "1"))
	b.axeInAllLooks("embedded run")
	b.do(chromedp.Navigate(site + "/runs/open"))
	b.axeInAllLooks("page that opens links, without one")
}

// A run that is not here is told in a page that passes too. Chromium logs its status as an error of
// the network, which is no complaint of the page.
func TestBrowserAxeFindsNothingWhereARunIsGone(t *testing.T) {
	site := serveSite(t)
	resp, err := http.Get(site + "/runs/none")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusNotFound {
		t.Fatalf("a run that is not here: %s", resp.Status)
	}
	b := openBrowser(t)
	b.do(chromedp.Navigate(site + "/runs/none"))
	b.axeInAllLooks("unknown run")
}

// axeInAllLooks asks axe about the page as it is, in each theme and width.
func (b *browser) axeInAllLooks(name string) {
	b.t.Helper()
	eval[bool](b, axe+"; true")
	for _, look := range looks {
		b.do(chromedp.EmulateViewport(look.width, 900), theme(look.theme))
		b.until("the page in that look", fmt.Sprintf(
			"innerWidth === %d && matchMedia('(prefers-color-scheme: %s)').matches", look.width, look.theme))
		for _, found := range b.axe() {
			b.t.Errorf("%s, %s, %d wide: %s: %s", name, look.theme, look.width, found.ID,
				strings.Join(found.Targets, "; "))
		}
	}
}

// violation is a rule of axe that does not hold, and where.
type violation struct {
	ID      string   `json:"id"`
	Targets []string `json:"targets"`
}

// axe runs axe-core, once transitions have ended, in the page.
func (b *browser) axe() []violation {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`(async () => {
		await Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {})));
		const { violations, passes } = await axe.run();
		if (passes.length < 10) throw new Error("axe has looked at next to nothing");
		return JSON.stringify(violations.map((v) => ({ id: v.id + " (" + v.help + ")", targets:
			v.nodes.map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? "")) })));
	})()`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	var out []violation
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		b.t.Fatal(err)
	}
	return out
}

// theme makes the system of the viewer prefer a theme.
func theme(name string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
		return err
	})
}
