package web_test

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// elected is a condition: all three servers work in the first epoch.
var elected = ring(3, "LEADING", "epoch 1") + " && " + ring(1, "FOLLOWING", "epoch 1") + " && " +
	ring(2, "FOLLOWING", "epoch 1")

// reelected is a condition: the two that are left work in the second epoch.
var reelected = ring(2, "LEADING", "epoch 2") + " && " + ring(1, "FOLLOWING", "epoch 2")

// Somebody who has never seen the page comes by the home page, writes, kills the leader, writes
// again, brings the dead server back, and finds out why things went as they went. All with the
// pointer, and a keyboard for words only.
func TestBrowserNewcomerByPointer(t *testing.T) {
	b := openBrowser(t)
	b.do(chromedp.Navigate(serveSite(t)))
	b.until("an ensemble runs on the first page", ring(1, "LOOKING"))
	b.do(chromedp.Click(`.door[href="/sandbox"]`), chromedp.WaitVisible(".builder"),
		chromedp.SendKeys("[name=seed]", "7"), chromedp.Click(".builder [type=submit]"),
		chromedp.WaitVisible("[data-part=desk]"))
	b.until("an election ends", elected)
	b.do(chromedp.Click("[data-part=client] [type=submit]"))
	b.until("the write is in all logs", ring(1, "1:2")+" && "+ring(2, "1:2")+" && "+ring(3, "1:2"))

	b.do(chromedp.Click(`[data-server="3"]`), chromedp.Click(`[data-verb=kill]`))
	b.until("the leader is down", ring(3, "DOWN"))
	b.until("the next epoch", reelected)

	b.do(chromedp.Click(`[data-server="1"]`))
	b.until("the client is at the follower", says("client-title", "server 1"))
	b.do(chromedp.Clear("#write"), chromedp.SendKeys("#write", "set /a two"),
		chromedp.Click("[data-part=client] [type=submit]"))
	b.until("the write is in both logs", rewritten)

	b.do(chromedp.Click(`[data-server="3"]`), chromedp.Click(`[data-verb=start]`))
	b.until("3 is level", ring(3, "FOLLOWING", "epoch 2"))
	b.do(chromedp.Click("[data-go=play]"))
	b.find("sends DIFF 2:")
	b.reads("because")
	b.find("changes its vote from server 1 to server 2")
	b.reads("id 2 is larger than id 1")
}

// The same with the keyboard alone, from the first page on.
func TestBrowserNewcomerByKeyboard(t *testing.T) {
	b := openBrowser(t)
	b.do(chromedp.Navigate(serveSite(t)))
	b.tabTo(`.door[href="/sandbox"]`)
	b.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".builder"))
	b.tabTo("[name=seed]")
	b.do(chromedp.KeyEvent("7"+kb.Enter), chromedp.WaitVisible("[data-part=desk]"))
	b.until("the run is there", ring(1, "1"))
	b.until("an election ends", elected)
	b.types("create /a one")
	b.until("the write is in all logs", ring(1, "1:2")+" && "+ring(2, "1:2")+" && "+ring(3, "1:2"))

	b.keys("3x")
	b.until("the leader is down", ring(3, "DOWN"))
	b.until("the next epoch", reelected)
	b.keys("1")
	b.types("set /a two")
	b.until("the write is in both logs", rewritten)

	b.keys("3r")
	b.until("3 is level", ring(3, "FOLLOWING", "epoch 2"))
	b.keys(" ")
	b.back("sends DIFF 2:")
	b.reads("because")
	b.back("changes its vote from server 1 to server 2")
	b.reads("id 2 is larger than id 1")
}

// rewritten is a condition: the two that are left have the write of the second epoch.
var rewritten = ring(1, "2:1") + " && " + ring(2, "2:1")

// types goes to the client's box by its key, sends a line from there, and leaves it.
func (b *browser) types(line string) {
	b.t.Helper()
	b.keys("w")
	b.do(chromedp.KeyEvent(line + kb.Enter))
	b.until("zkCli has answered", says("shell", line))
	b.do(chromedp.Blur("#write"))
}

// reads waits until the inspector says some words, and asks for the questions of the decision.
func (b *browser) reads(words string) {
	b.t.Helper()
	b.until("the inspector says: "+words, fmt.Sprintf(
		`document.querySelector("[data-part=inspector] .why")?.textContent.includes(%q)`, words))
	if got := b.text("[data-part=inspector] .checks"); got == "" {
		b.t.Errorf("%s: the decision shows no questions and answers", words)
	}
}

// find looks for words in the sentences of the run, by the field for it.
func (b *browser) find(words string) {
	b.t.Helper()
	b.do(chromedp.Click("[data-part=find-open]"), chromedp.WaitVisible("#find-words"),
		chromedp.SendKeys("#find-words", words+kb.Enter))
	b.until("something is found", `document.querySelector("[data-part=found]").textContent !== ""`)
	b.do(chromedp.Click("[data-part=find-close]"))
}

// Two tabs on one run see the same; one of them is cut off for ten seconds, and misses nothing.
func TestBrowserTwoTabsAndACutConnection(t *testing.T) {
	site := serveSite(t)
	page := newRun(t, site)
	wire := newWire(t, site)
	through, _ := url.Parse(page)
	through.Host = wire.address()

	one := openBrowser(t)
	two := one.another()
	one.do(chromedp.Navigate(page))
	two.do(chromedp.Navigate(through.String()))
	one.until("an election ends", elected)
	two.until("the other tab sees it", elected)

	wire.cut()
	two.until("the page says so", `!document.querySelector("[data-part=strip]").hidden`)
	one.keys("3x")
	one.until("the next epoch, for the one who is connected", reelected)
	one.until("ten seconds have passed", `(window.since ??= performance.now()) + 10000 < performance.now()`)
	if got := two.text(`[data-machine="3"]`); !strings.Contains(got, "LEADING") {
		t.Errorf("the one who is cut off sees server 3 as %s", got)
	}
	wire.mend()
	two.until("the other tab has caught up", reelected)
	two.until("the warning is gone", `document.querySelector("[data-part=strip]").hidden`)

	one.do(chromedp.KeyEvent(kb.Escape))
	one.keys(" ")
	one.until("the run is paused", says("play-word", "Play"))
	two.until("for both", says("play-word", "Play"))
	count := one.text("[data-part=count]")
	two.until("both have all events", says("count", strings.TrimSpace(count)))
	for range 20 {
		one.decisionBack()
		two.decisionBack()
		a, b := one.text("[data-part=inspector]"), two.text("[data-part=inspector]")
		if a != b {
			t.Fatalf("two tabs, two stories:\n%s\n%s", a, b)
		}
	}
}

// wire passes TCP connections on to a server, and can be cut.
type wire struct {
	t      *testing.T
	listen net.Listener
	to     string
	mu     sync.Mutex
	down   bool
	open   map[net.Conn]bool
}

func newWire(t *testing.T, site string) *wire {
	t.Helper()
	to, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{t: t, listen: l, to: to.Host, open: map[net.Conn]bool{}}
	t.Cleanup(func() { l.Close(); w.cut() })
	go w.accept()
	return w
}

func (w *wire) address() string { return w.listen.Addr().String() }

func (w *wire) accept() {
	for {
		in, err := w.listen.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", w.to)
		if err != nil || !w.keep(in, out) {
			in.Close()
			continue
		}
		go pass(in, out)
		go pass(out, in)
	}
}

// keep remembers a pair of connections; false if the wire is cut.
func (w *wire) keep(in, out net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.down {
		out.Close()
		return false
	}
	w.open[in], w.open[out] = true, true
	return true
}

func pass(from, to net.Conn) {
	_, _ = io.Copy(to, from) // ends when either side does
	to.Close()
	from.Close()
}

// cut ends all connections and lets no new one through.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = true
	for c := range w.open {
		c.Close()
	}
	clear(w.open)
}

// mend lets connections through again.
func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = false
}
