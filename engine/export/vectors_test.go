package export

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"zabscope/engine"
)

// vector is a fragment that the browser's reader of links is held against too: either the link that
// it is, or why it is refused, by the name of the browser's sentence.
type vector struct {
	Name     string      `json:"name"`
	Fragment string      `json:"fragment"`
	Link     *vectorLink `json:"link,omitempty"`
	Refused  string      `json:"refused,omitempty"`
}

// vectorLink is a link as the browser holds it.
type vectorLink struct {
	Config  json.RawMessage `json:"config"`
	Actions []Action        `json:"actions"`
	Until   engine.Time     `json:"until"`
	Branch  string          `json:"branch"`
	Cursor  engine.Seq      `json:"cursor"`
	Select  string          `json:"select"`
	Panels  []string        `json:"panels"`
	Engine  string          `json:"engine"`
	Check   string          `json:"check"`
}

// The vectors of the browser's tests mean the same here: what is read comes out alike, what is refused
// is refused.
func TestTheVectorsOfTheBrowser(t *testing.T) {
	text, err := os.ReadFile("../../static/testdata/links.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(text, &vectors); err != nil || len(vectors) < 20 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	for _, v := range vectors {
		got, err := Decode(v.Fragment)
		if (err != nil) != (v.Refused != "") {
			t.Errorf("%s: %v, want it refused as %q", v.Name, err, v.Refused)
			continue
		}
		if err == nil && !reflect.DeepEqual(got, v.Link.link()) {
			t.Errorf("%s: %+v, want %+v", v.Name, got, v.Link)
		}
	}
}

// link is what Decode should make of a vector.
func (v *vectorLink) link() *Link {
	l := &Link{Config: v.Config, Actions: v.Actions, Until: v.Until, Branch: v.Branch,
		Cursor: v.Cursor, Selected: v.Select, Panels: v.Panels, Engine: v.Engine, Check: v.Check}
	if len(l.Actions) == 0 {
		l.Actions = nil
	}
	if len(l.Panels) == 0 {
		l.Panels = nil
	}
	return l
}
