package web_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// heard is a node of the accessibility tree: what a screen reader is told of an element.
type heard struct {
	role, name string
	selected   bool
	parts      []*heard
}

// tree is the accessibility tree of the page.
func (b *browser) tree() *heard {
	b.t.Helper()
	nodes := map[accessibility.NodeID]*accessibility.Node{}
	root := accessibility.NodeID("")
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		all, err := cdp.Call(ctx, tab, accessibility.GetFullAXTree,
			accessibility.GetFullAXTreeParams{})
		if err != nil {
			return err
		}
		for _, n := range all.Nodes {
			nodes[n.NodeID] = n
		}
		root = all.Nodes[0].NodeID
		return nil
	}))
	return hear(nodes, root)
}

// hear makes a node with all below it.
func hear(nodes map[accessibility.NodeID]*accessibility.Node, id accessibility.NodeID) *heard {
	n := nodes[id]
	out := &heard{role: word(n.Role), name: word(n.Name)}
	for _, p := range n.Properties {
		if p.Name == accessibility.PropertyNameSelected {
			out.selected = string(p.Value.Value) == "true"
		}
	}
	for _, c := range n.ChildIDs {
		if nodes[c] != nil {
			out.parts = append(out.parts, hear(nodes, c))
		}
	}
	return out
}

// word is a value that is a text; that of none is empty.
func word(v *accessibility.Value) string {
	var out string
	if v == nil || json.Unmarshal(v.Value, &out) != nil {
		return ""
	}
	return out
}

// all finds the nodes of a role, in the order in which they are read.
func (h *heard) all(role string) []*heard {
	var out []*heard
	if h.role == role {
		out = append(out, h)
	}
	for _, p := range h.parts {
		out = append(out, p.all(role)...)
	}
	return out
}

// part finds the node of a role and a name.
func (h *heard) part(t *testing.T, role, name string) *heard {
	t.Helper()
	for _, n := range h.all(role) {
		if n.name == name {
			return n
		}
	}
	t.Fatalf("nothing with the role %s is called %q", role, name)
	return nil
}

// text is all that is read out of a node.
func (h *heard) text() string {
	var out []string
	for _, n := range h.all("StaticText") {
		out = append(out, n.name)
	}
	return strings.Join(out, " ")
}

// names are those of nodes of a role.
func (h *heard) names(role string) []string {
	var out []string
	for _, n := range h.all(role) {
		out = append(out, n.name)
	}
	return out
}

// backTo goes from decision to decision into the past until one says some words.
func (b *browser) backTo(words string) {
	b.t.Helper()
	const most = 60
	for range most {
		b.decisionBack()
		b.until("the inspector shows it", `document.querySelector("[data-part=inspector] .when")
			?.textContent.startsWith("Event " +
				parseInt(document.querySelector("[data-part=count]").textContent))`)
		if strings.Contains(b.text("[data-part=inspector] .why"), words) {
			return
		}
	}
	b.t.Fatalf("none of the last %d decisions says %q", most, words)
}

// Who sees nothing hears the whole story: the role of each server, what each log holds, what
// happens around the cursor, why it happens, and each step as it is taken.
func TestBrowserTellsTheStoryWithoutAPicture(t *testing.T) {
	b := openRun(t)
	b.keys("w")
	b.do(chromedp.KeyEvent("create /a one" + kb.Enter))
	b.until("what zkCli printed", says("shell", "Created /a"))
	b.do(chromedp.Blur("#write"))
	b.until("all have the write", ring(1, "1:2")+" && "+ring(2, "1:2")+" && "+ring(3, "1:2"))
	b.keys("3x")
	b.until("the next leader", ring(2, "LEADING"))
	b.keys(" ")
	b.until("it is paused", says("play-word", "Play"))
	b.backTo("changes its vote from server 1 to server 2")
	b.until("it is told", says("spoken", "changes its vote from server 1 to server 2"))
	page := b.tree()

	servers := page.part(t, "listbox", "Servers").names("option")
	for i, want := range []string{"1 LOOKING", "2 LOOKING", "3 DOWN"} {
		if !strings.HasPrefix(servers[i], want) {
			t.Errorf("server %d is told as %q, not as %s", i+1, servers[i], want)
		}
	}
	logs := page.all("grid")[0]
	if got := strings.Join(logs.names("gridcell"), "; "); strings.Count(got, "1:2, ") != 3 {
		t.Errorf("the logs are told as %q", got)
	}
	if got := strings.Join(logs.names("rowheader"), " "); !strings.Contains(got, "on disk") {
		t.Errorf("how far the logs go is told as %q", got)
	}

	why := page.part(t, "region", "Inspector").text()
	for _, want := range []string{"changes its vote from server 1 to server 2", "Decision taken",
		"id 2 is larger than id 1", "yes"} {
		if !strings.Contains(why, want) {
			t.Errorf("the inspector does not tell %q: %s", want, why)
		}
	}
	told := 0
	events := page.part(t, "listbox", "Events around the cursor").all("option")
	for _, e := range events {
		if e.selected && strings.Contains(e.name, "changes its vote from server 1 to server 2") {
			told++
		}
	}
	if told != 1 || len(events) < 5 {
		t.Errorf("of %d events around the cursor, %d is the one looked at", len(events), told)
	}
	step := ""
	for _, s := range page.all("status") {
		step += s.text()
	}
	if !strings.Contains(step, "changes its vote from server 1 to server 2") {
		t.Errorf("the step is told as %q", step)
	}
}
