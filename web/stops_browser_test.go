package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// A run is told to stand when a server is elected; there the page says why it stands, and the
// elected server why it came to this.
func TestBrowserStopsWhenAServerIsElected(t *testing.T) {
	b := openBrowser(t)
	b.do(chromedp.Navigate(newRun(t, serveSite(t))))
	b.until("the run is there", ring(1, "LOOKING"))
	b.do(chromedp.Click(".stops summary"), chromedp.Click(".stops input[value=elected]"))
	b.until("it stands", says("waiting", "Stopped at event"))
	b.until("it says why", says("waiting", "a server is elected"))

	b.find("has elected server 3")
	b.until("the reasons", `document.querySelectorAll(".reasons li").length > 1`)
	b.do(chromedp.Click(".reasons li:first-child [data-seq]"))
	b.until("a reason is an event to look at", `document.querySelector("[data-part=inspector] .when").
		textContent.startsWith("Event ")`)
}
