package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// openRun opens a fresh run of three servers, at full speed so that nothing takes long.
func openRun(t *testing.T) *browser {
	t.Helper()
	b := openBrowser(t)
	b.do(chromedp.Navigate(newRun(t, serveSite(t))))
	b.until("the servers are there", ring(1, "1"))
	b.keys("]]]]")
	b.until("a leader serves", elected)
	return b
}

// Kill, write, restart, cut off and heal, all by keys alone.
func TestBrowserBreaksAndHealsByKeyboard(t *testing.T) {
	b := openRun(t)
	b.keys("3x")
	b.until("the leader is down", ring(3, "DOWN"))
	b.keys("x")
	b.until("why a dead server cannot be killed", says("verb-said", "Restart it first"))
	b.until("the next leader", ring(2, "LEADING"))
	b.keys("1w")
	b.do(chromedp.KeyEvent("create /k one" + kb.Enter))
	b.until("what zkCli printed", says("shell", "Created /k"))
	b.do(chromedp.KeyEvent("bogus" + kb.Enter))
	b.until("an answer to nonsense", says("shell", "bogus"))
	b.do(chromedp.Blur("#write"))
	b.keys("3r")
	b.until("3 follows", ring(3, "FOLLOWING"))
	b.keys("c")
	b.until("the sides of the cut", says("sides", "1, 2 | 3"))
	b.keys("h")
	b.until("all is whole again", "document.querySelector('[data-part=sides]').textContent === ''")
}

// A packet is found by words, shown with its bytes, its source and its causes; g goes anywhere.
func TestBrowserExplainsAPacket(t *testing.T) {
	b := openRun(t)
	b.keys(" /")
	b.do(chromedp.KeyEvent("sends NEWLEADER" + kb.Enter))
	b.until("the packet", says("inspector", "NEWLEADER 3 →"))
	text := b.text("[data-part=inspector]")
	for _, want := range []string{"00 00 00 0a", "server.1=10.77.0.2:2888:3888:participant",
		"NEWLEADER (10)", "Caused by"} {
		if !strings.Contains(text, want) {
			t.Errorf("the inspector does not show %q: %s", want, text)
		}
	}
	b.until("a link to the source",
		`document.querySelector(".source")?.href.includes("/release-3.8.0/")`)
	b.do(chromedp.Blur("#find-words"))
	b.keys(";")
	b.until("what it led to", says("inspector", "receives NEWLEADER"))
	b.keys(",m")
	b.until("a mark", `document.querySelector('[data-part=mark]').ariaPressed === "true"`)
	b.keys("g")
	b.do(chromedp.KeyEvent("1" + kb.Enter))
	b.until("the first event", says("count", "1 /"))
}

// Panels are put away and come back; help and the presenter's view are left as they were entered.
func TestBrowserRearrangesTheDesk(t *testing.T) {
	b := openRun(t)
	shown := func(panel string) string {
		return `document.querySelector('[data-panel=` + panel + `]').checkVisibility()`
	}
	b.do(chromedp.Click(`[data-hide="logs"]`))
	b.until("no logs", "!"+shown("logs"))
	b.do(chromedp.Click(`[data-part="chips"] button`))
	b.until("logs again", shown("logs"))
	b.keys("?")
	b.until("the keys", says("help", "heal all cuts"))
	b.do(chromedp.KeyEvent(kb.Escape))
	b.until("the inspector", `document.querySelector('[data-part=inspector]').checkVisibility()`)
	b.keys("P")
	b.until("only what an audience needs", "!"+shown("do")+" && "+shown("ensemble"))
	b.do(chromedp.KeyEvent(kb.Escape))
	b.until("everything again", shown("do"))
	b.do(chromedp.Focus(`[data-split="do"]`), chromedp.KeyEvent(kb.ArrowRight))
	b.until("a wider panel", `document.querySelector('[data-panel=do]').offsetWidth === 306`)
}

// A release that has faults shows one: in the bar, in a strip that can be put away, and in the
// inspector, each by the rule that is broken and the name of the fault.
func TestBrowserSaysWhichRuleIsBroken(t *testing.T) {
	b := openRun(t)
	b.until("nothing is broken yet", says("invariants", "all invariants hold"))
	b.keys("3w")
	b.do(chromedp.KeyEvent("create /a one" + kb.Enter))
	b.until("a write that all have", says("shell", "Created /a"))
	b.do(chromedp.Blur("#write"))
	b.keys("1x")
	b.until("a follower is down", ring(1, "DOWN"))
	b.keys("3w")
	b.do(chromedp.KeyEvent("set /a two" + kb.Enter))
	b.until("a write that it misses", ring(3, "1:3"))
	b.do(chromedp.Blur("#write"))
	b.keys("1r")
	b.until("a rule is broken", says("invariants", "rule E7 broken at event"))
	b.until("by a known fault",
		says("violated", "You have met a real ZooKeeper 3.8.0 bug: ZOOKEEPER-4643."))
	b.do(chromedp.Click("[data-part=invariants] button"))
	b.until("where it was broken", says("inspector", "Rule broken"))
	b.do(chromedp.Click("[data-part=violated] [data-close]"))
	b.until("the strip is put away", `document.querySelector("[data-part=violated]").hidden`)
}
