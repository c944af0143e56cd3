package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// branched is a condition: the page says that a branch was made, by what.
func branched(line string) string {
	return says("said", "New branch from event") + " && " + says("said", line)
}

// arrives waits until another run than the one at a path is on the screen, and returns its path.
func (b *browser) arrives(path string) string {
	b.t.Helper()
	b.do(chromedp.WaitVisible(fmt.Sprintf(".branch.current .branch-link:not([href=%q])", path)))
	return eval[string](b, "location.pathname")
}

// Somebody goes back to before the leader was killed, and kills another; the keyboard is enough. Then
// both runs are held against each other.
func TestBrowserRewindForkAndCompare(t *testing.T) {
	b := openBrowser(t)
	b.do(chromedp.Navigate(newRun(t, serveSite(t))), chromedp.WaitVisible("[data-part=desk]"))
	b.until("an election ends", elected)
	b.keys("3x")
	b.until("the leader is down", ring(3, "DOWN"))
	b.until("the next epoch", reelected)
	b.keys(" ")
	b.until("the run is paused", says("play-word", "Play"))
	main := eval[string](b, "location.pathname")

	b.back("killed")
	death := b.text("[data-part=inspector] .when")
	b.do(chromedp.KeyEvent(kb.ArrowLeft))
	b.until("3 leads there", ring(3, "LEADING")+fmt.Sprintf(
		" && document.querySelector('[data-part=inspector] .when').textContent !== %q", death))
	at := b.text("[data-part=inspector] .when")
	b.keys("2x")
	kill := b.arrives(main)
	b.until("it is said", branched("kill 2"))
	b.until("it is done there", ring(2, "DOWN")+" && "+ring(3, "LEADING"))
	var from, looked int // a branch begins behind the step in which the event happened
	_, errAt := fmt.Sscanf(at, "Event %d", &looked)
	_, err := fmt.Sscanf(b.text("[data-part=said]"), "New branch from event %d", &from)
	const most = 20
	if err != nil || errAt != nil || from < looked || from > looked+most {
		t.Errorf("a branch from event %d while looking at %d (%v, %v)", from, looked, err, errAt)
	}
	b.until("both runs have rows", `document.querySelectorAll(".branch").length === 2`)
	if got := b.text(".branch.current"); !strings.Contains(got, "kill 2") {
		t.Errorf("the branch is called %s", got)
	}

	b.keys("u")
	b.arrives(kill)
	b.until("undone in a third one", `document.querySelectorAll(".branch").length === 3`)
	b.until("2 is up again", "!("+ring(2, "DOWN")+")")
	b.until("three rows, the kill among them", says("branches", "main")+" && "+says("branches", "kill 2"))

	b.do(chromedp.Focus(fmt.Sprintf(`.branch-link[href=%q]`, main)), chromedp.KeyEvent(kb.Enter))
	b.do(chromedp.WaitVisible(fmt.Sprintf(".branch.current .branch-link[href=%q]", main)))
	b.until("it is told of the others", `document.querySelectorAll(".branch-compare").length === 2`)
	b.do(chromedp.Focus(".branch-compare"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("[data-part=first-words]"))
	b.until("they part", says("first-words", "They part at event"))
	b.until("and differ", `document.querySelector("[data-what=role][data-id='2']") !== null`)
	before := b.text("[data-part=place]")
	b.do(chromedp.KeyEvent(kb.ArrowRight))
	b.until("a step further", fmt.Sprintf("document.querySelector('[data-part=place]').textContent !== %q", before))
	b.do(chromedp.Click("[data-part=first]"))
	b.until("back where they part", fmt.Sprintf("document.querySelector('[data-part=place]').textContent === %q", before))
}

// item is a condition: the list of what can happen next has such an item that is not greyed.
func item(words string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("[data-part=next] button:not([aria-disabled])")].some((x) => x.textContent.includes(%q))`, words)
}

// picks focuses the item with some words in the list of what can happen next, presses a key, and
// waits until the list is without it: the room tells what can happen now behind what has happened.
func (b *browser) picks(words, key string) {
	b.t.Helper()
	b.until("there is "+words, item(words))
	line := eval[string](b, fmt.Sprintf(`((x) => { x.focus(); return x.dataset.do; })(
		[...document.querySelectorAll("[data-part=next] button:not([aria-disabled])")].find((x) => x.textContent.includes(%q)))`, words))
	b.do(chromedp.KeyEvent(key))
	b.until(words+" is no more to come", fmt.Sprintf(
		`![...document.querySelectorAll("[data-part=next] button")].some((x) => x.dataset.do === %q)`, line))
}

// By hand: the leader alone logs a proposal, its messages are lost, it dies; two others go on, and when
// it comes back it must forget what it logged.
func TestBrowserHandModeChoosesAnOrder(t *testing.T) {
	b := openBrowser(t)
	b.do(chromedp.Navigate(newRun(t, serveSite(t))), chromedp.WaitVisible("[data-part=desk]"))
	b.until("an election ends", elected)
	b.keys("3")
	b.types("create /a one")
	b.until("the write is in all logs", ring(1, "1:2")+" && "+ring(2, "1:2")+" && "+ring(3, "1:2"))
	b.keys(" ")
	b.until("the run is paused", says("play-word", "Play"))
	b.keys("w")
	b.do(chromedp.KeyEvent("set /a lost" + kb.Enter))
	b.do(chromedp.Blur("#write"))
	b.picks("c3 → 3", kb.Enter)
	b.picks("fsync of server 3", kb.Enter)
	b.until("the leader has logged it, and nobody else",
		`document.querySelectorAll("[data-part=logs] .cell-durable, [data-part=logs] .cell-logged").length === 1`)
	b.picks("PROPOSAL", "d")
	b.picks("PROPOSAL", "d")
	b.do(chromedp.KeyEvent(kb.Escape)) // out of the list
	b.keys("x")
	b.until("the leader is down", ring(3, "DOWN"))
	b.keys(" ")
	b.until("the next epoch", reelected)
	b.keys("r")
	b.until("3 is level", ring(3, "FOLLOWING", "epoch 2"))
	b.keys(" ")
	b.find("sends TRUNC to 1:2")
	b.reads("because")
}
