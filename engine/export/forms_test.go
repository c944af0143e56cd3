package export

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/scenario"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
)

// At each depth the transcript says exactly what the narration of the same run says, behind one line
// about the run.
func TestTranscriptIsTheNarration(t *testing.T) {
	rec := theFailover()
	lines := 0
	for _, depth := range []node.Depth{node.Decisions, node.Packets, node.Everything} {
		got := written(t, func(b *bytes.Buffer) error { return Transcript(b, rec, Part{Depth: depth}) })
		want := written(t, func(b *bytes.Buffer) error {
			return scenario.Narrate(b, rec, depth, "en")
		})
		head, body, _ := strings.Cut(got, "\n\n")
		if head != fmt.Sprintf("Engine version 1, seed 7, %d events; server 1, server 2, server 3, "+
			"server 4, client 1, client 2, client 3, client 4.", rec.Len()) {
			t.Error(head)
		}
		if body != want {
			t.Errorf("depth %d: transcript and narration differ", depth)
		}
		if n := strings.Count(got, "\n"); n <= lines {
			t.Errorf("%d lines at depth %d, no more than above", n, depth)
		} else {
			lines = n
		}
	}
}

func TestTranscriptOfAPart(t *testing.T) {
	rec := theFailover()
	whole := written(t, func(b *bytes.Buffer) error { return Transcript(b, rec, Part{Depth: 1}) })
	first := written(t, func(b *bytes.Buffer) error {
		return Transcript(b, rec, Part{Depth: 1, Most: 100})
	})
	found := regexp.MustCompile(`\n\nCut after 100 events\. The rest begins with event (\d+): ask ` +
		`for it with from=(\d+), or look less closely\.\n$`).FindStringSubmatchIndex(first)
	if found == nil {
		t.Fatalf("the end is %q", first[len(first)-200:])
	}
	var from uint64
	fmt.Sscan(first[found[2]:found[3]], &from)
	rest := written(t, func(b *bytes.Buffer) error {
		return Transcript(b, rec, Part{Depth: 1, From: node.Seq(from)})
	})
	_, rest, _ = strings.Cut(rest, "\n\n")
	if first[:found[0]+1]+rest != whole {
		t.Error("the two parts are not the whole")
	}
	short := written(t, func(b *bytes.Buffer) error { return Transcript(b, rec, Part{To: 3, Depth: 2}) })
	if strings.Count(short, "\n") > 12 {
		t.Errorf("to event 3: %s", short)
	}
}

func TestFormsOfAnUnknownLanguage(t *testing.T) {
	p := Part{Language: "tlh"}
	rec := theFailover()
	for i, err := range []error{Transcript(io.Discard, rec, p), Page(io.Discard, rec, p, ""),
		Mermaid(io.Discard, rec, p), ShiViz(io.Discard, rec, p)} {
		if err == nil || !strings.Contains(err.Error(), `no catalogue for "tlh"`) {
			t.Errorf("form %d: %v", i, err)
		}
	}
}

func TestFormsEndWithTheirDisk(t *testing.T) {
	rec, p := theFailover(), Part{Depth: node.Everything}
	for i, form := range []func(io.Writer) error{
		func(w io.Writer) error { return Trace(w, rec) },
		func(w io.Writer) error { return Transcript(w, rec, p) },
		func(w io.Writer) error { return Page(w, rec, p, "x") },
		func(w io.Writer) error { return Mermaid(w, rec, p) },
		func(w io.Writer) error { return ShiViz(w, rec, p) },
	} {
		if err := form(&full{5000}); err != io.ErrShortWrite {
			t.Errorf("form %d: %v", i, err)
		}
	}
}

// awkward is a trace in which every text is hostile.
func awkward() *trace.Recorder {
	const bad = "</td><script>alert(1)</script>\n\u202e;#%%{x}"
	rec := trace.New(trace.Header{Version: "1", Protocol: "zookeeper", Vocabulary: event.Vocabulary,
		Machines: []trace.MachineInfo{{ID: 1, Name: "server " + bad, Role: "participant"}}})
	var e node.Event
	for i := range 3 {
		rec.Append(node.Time(i), 1, e.Begin(node.KindNoted).With(node.Text(bad)))
		rec.Append(node.Time(i), node.World, e.Begin(node.KindNoted).With(node.Text(bad)))
	}
	return rec
}

func TestAPageIsWellFormedAndAsksForNothing(t *testing.T) {
	for name, rec := range map[string]*trace.Recorder{"failover": theFailover(), "awkward": awkward()} {
		text := written(t, func(b *bytes.Buffer) error {
			return Page(b, rec, Part{Depth: node.Everything}, "<b>A run</b>")
		})
		rows, depth := 0, 0
		d := xml.NewDecoder(strings.NewReader(text))
		d.Entity = xml.HTMLEntity
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			switch x := token.(type) {
			case xml.StartElement:
				depth++
				if x.Name.Local == "tr" {
					rows++
				}
				if slices.Contains([]string{"script", "link", "img", "b"}, x.Name.Local) {
					t.Errorf("%s: an element %s", name, x.Name.Local)
				}
				for _, a := range x.Attr {
					if k := a.Name.Local; k == "src" || k == "href" || k == "style" || k[:2] == "on" {
						t.Errorf("%s: an attribute %s", name, k)
					}
				}
			case xml.EndElement:
				depth--
			}
		}
		if depth != 0 || rows < 7 {
			t.Errorf("%s: %d elements left open, %d rows", name, depth, rows)
		}
	}
}

func TestAPageIsBounded(t *testing.T) {
	rec := awkward()
	text := written(t, func(b *bytes.Buffer) error { return Page(b, rec, Part{Most: 2}, "x") })
	if strings.Count(text, "<tr>") != 3 || !strings.Contains(text, `<p class="cut">Cut after 2 events.`) {
		t.Error(text)
	}
	if tl, err := newTeller(rec, Part{Most: 1 << 30}, MostOnPage); err != nil ||
		tl.part.Most != MostOnPage {
		t.Errorf("%v, %v", tl, err)
	}
}

func TestThePagesStyleHasAName(t *testing.T) {
	if s := PageStyle(); !regexp.MustCompile(`^'sha256-[A-Za-z0-9+/]{43}='$`).MatchString(s) {
		t.Error(s)
	}
}

// mermaidLine is what a line of a sequence diagram may be.
var mermaidLine = regexp.MustCompile(`^(%% .*|sequenceDiagram|    (participant s\d+|actor c\d+) as .+` +
	`|    [sc]\d+(->>|-x)[sc]\d+: [^;]*(;[^;]*)*|    Note over [sc]\d+(,[sc]\d+)?: .+|    %% .*)$`)

// entity is how Mermaid writes what would mean something to it.
var entity = regexp.MustCompile(`#\d+;`)

func TestMermaidIsADiagram(t *testing.T) {
	for name, rec := range map[string]*trace.Recorder{"failover": theFailover(), "awkward": awkward()} {
		for depth := node.Decisions; depth <= node.Everything; depth++ {
			text := written(t, func(b *bytes.Buffer) error { return Mermaid(b, rec, Part{Depth: depth}) })
			if len(text) > 50_000 {
				t.Errorf("%s: %d characters", name, len(text))
			}
			for line := range strings.Lines(text) {
				line = strings.TrimSuffix(line, "\n")
				_, label, _ := strings.Cut(line, ": ")
				if strings.HasPrefix(strings.TrimSpace(line), "%%") {
					label = ""
				}
				if !mermaidLine.MatchString(line) ||
					strings.ContainsAny(entity.ReplaceAllString(label, ""), "#;<>\"{}%") {
					t.Errorf("%s: line %q", name, line)
				}
			}
		}
	}
}

func TestMermaidDrawsMessagesAndDecisions(t *testing.T) {
	all := written(t, func(b *bytes.Buffer) error {
		return Mermaid(b, theFailover(), Part{Depth: node.Packets, From: 100})
	})
	for _, want := range []string{"    participant s4 as server 4\n    actor c1 as client 1\n",
		"    s1->>s3: FOLLOWERINFO 0#58;0\n", "->>s2: vote 3 (LOOKING, 0#58;0)\n", "Note over s3: 0.2",
		"Cut after "} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	less := written(t, func(b *bytes.Buffer) error { return Mermaid(b, theFailover(), Part{}) })
	if strings.Contains(less, "->>") || !strings.Contains(less, "Note over s1,c4: ") {
		t.Errorf("decisions:\n%s", less)
	}
}

// The rest of a diagram that was cut begins where it says.
func TestMermaidGoesOn(t *testing.T) {
	rec := theFailover()
	drawn, from := 0, node.Seq(0)
	for range 100 {
		text := written(t, func(b *bytes.Buffer) error {
			return Mermaid(b, rec, Part{Depth: node.Packets, From: from})
		})
		drawn += strings.Count(text, "->>") + strings.Count(text, "-x")
		_, cut, ok := strings.Cut(text, "with event ")
		if !ok {
			break
		}
		before := from
		fmt.Sscan(cut, &from)
		if from <= before {
			t.Fatalf("goes on with event %d behind %d", from, before)
		}
	}
	want := 0
	rec.Iterate(1, rec.Len(), func(e *trace.Event) bool {
		if (e.Kind == node.KindReceived || e.Kind == node.KindLost) &&
			scenario.DepthOf(rec, e) <= node.Packets {
			want++
		}
		return true
	})
	if drawn != want {
		t.Errorf("%d messages drawn of %d", drawn, want)
	}
}

// shivizEvent is an event of a ShiViz log.
type shivizEvent struct {
	host  string
	clock map[string]int
}

// shiviz reads a log as ShiViz does: the expression of its first line, once from the start to the end.
func shiviz(t *testing.T, text string) []shivizEvent {
	t.Helper()
	head, body, _ := strings.Cut(text, "\n\n")
	if head != `(?<host>\S*) (?<clock>{.*})\n(?<event>.*)` {
		t.Fatalf("the first line is %q", head)
	}
	var out []shivizEvent
	end := 0
	parser := regexp.MustCompile("(?m)" + strings.ReplaceAll(head, "{.*}", `\{.*\}`))
	for _, m := range parser.FindAllStringSubmatchIndex(body, -1) {
		if strings.TrimSpace(body[end:m[0]]) != "" {
			t.Fatalf("between events: %q", body[end:m[0]])
		}
		end = m[1]
		e := shivizEvent{host: body[m[2]:m[3]]}
		if err := json.Unmarshal([]byte(body[m[4]:m[5]]), &e.clock); err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	if strings.TrimSpace(body[end:]) != "" {
		t.Errorf("behind the events: %q", body[end:])
	}
	return out
}

// ShiViz refuses a log in which a host skips a number, or knows of events that are not there.
func TestShiVizClocksAreWhole(t *testing.T) {
	for depth := node.Decisions; depth <= node.Everything; depth++ {
		n := map[string]int{}
		for _, e := range shiviz(t, written(t, func(b *bytes.Buffer) error {
			return ShiViz(b, theFailover(), Part{Depth: depth})
		})) {
			n[e.host]++
			if e.clock[e.host] != n[e.host] {
				t.Fatalf("event %d of %s has %v", n[e.host], e.host, e.clock)
			}
			for host, k := range e.clock {
				if k > n[host] {
					t.Fatalf("event %d of %s knows event %d of %s, which comes later", n[e.host],
						e.host, k, host)
				}
			}
		}
		if len(n) < 6 {
			t.Errorf("hosts %v", n)
		}
	}
}

// At full depth an event knows another exactly if a chain of causes, and of events of one machine,
// leads from that one to it.
func TestShiVizClocksAreTheCauses(t *testing.T) {
	rec := theFailover()
	log := shiviz(t, written(t, func(b *bytes.Buffer) error {
		return ShiViz(b, rec, Part{Depth: node.Hidden})
	}))
	own := map[string]map[string]int{}
	at := make([]map[string]int, len(log)+1)
	rec.Iterate(1, rec.Len(), func(e *trace.Event) bool {
		x := log[e.Seq-1]
		want := maps.Clone(own[x.host])
		if want == nil {
			want = map[string]int{}
		}
		if cause, ok := rec.At(e.Cause); ok && (e.Peer != node.World || cause.Node == e.Node) {
			for host, n := range at[e.Cause] {
				want[host] = max(want[host], n)
			}
		}
		want[x.host]++
		at[e.Seq], own[x.host] = want, want
		if !maps.Equal(want, x.clock) {
			t.Fatalf("event %d: clock %v, causes %v", e.Seq, x.clock, want)
		}
		return true
	})
}

func TestShiVizOfAPart(t *testing.T) {
	rec := theFailover()
	log := shiviz(t, written(t, func(b *bytes.Buffer) error {
		return ShiViz(b, rec, Part{Depth: node.Packets, From: 500, Most: 50})
	}))
	if len(log) != 50 {
		t.Errorf("%d events", len(log))
	}
}

func BenchmarkForms(b *testing.B) {
	rec, p := theFailover(), Part{Depth: node.Everything}
	for name, form := range map[string]func() error{
		"trace":      func() error { return Trace(io.Discard, rec) },
		"transcript": func() error { return Transcript(io.Discard, rec, p) },
		"shiviz":     func() error { return ShiViz(io.Discard, rec, p) },
		"pcap":       func() error { return Pcap(io.Discard, failover(), goOn) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := form(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rec.Len()), "ns/event")
		})
	}
}
