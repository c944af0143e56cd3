package export

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"strconv"

	"zabscope/engine/node"
	"zabscope/engine/trace"
)

// MostOnPage is how many events a Page has at most: some 400 sheets of paper.
const MostOnPage = 20_000

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

// pageTemplate is the page around the events, and each event.
var pageTemplate = template.Must(template.New("page").Parse(pageText))

// PageStyle names the style that stands in every Page, in the words of a Content-Security-Policy
// (style-src): a page needs nothing else.
func PageStyle() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// pageEvent is one event as the template takes it.
type pageEvent struct {
	Seq       node.Seq
	Seconds   string
	Who       string
	Sentence  string
	Questions []string
}

// Page writes a part of a trace as one HTML page for a printer, MostOnPage events at most. It asks
// for no other file and runs no script. title is the page's heading.
func Page(w io.Writer, rec *trace.Recorder, p Part, title string) error {
	t, err := newTeller(rec, p, MostOnPage)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	err = pageTemplate.ExecuteTemplate(out, "head", map[string]any{"Language": t.part.Language,
		"Title": title, "Summary": summary(rec), "Style": template.CSS(pageStyle)})
	t.each(func(e *trace.Event) bool {
		if err == nil {
			err = pageTemplate.ExecuteTemplate(out, "event", t.onPage(e))
		}
		return err == nil
	})
	if err == nil {
		err = pageTemplate.ExecuteTemplate(out, "foot", t.cut())
	}
	if err != nil {
		return err
	}
	return out.Flush()
}

// onPage words one event.
func (t *teller) onPage(e *trace.Event) pageEvent {
	return pageEvent{Seq: e.Seq, Who: t.name(e.Node), Sentence: t.sentence(e),
		Questions: t.questions(e),
		Seconds:   strconv.FormatFloat(float64(e.Time)/float64(node.Second), 'f', 6, 64)}
}
