package room

import (
	"testing"
	"time"

	"zabscope/engine"
)

// offering is a toy that offers a choice.
type offering struct{ *toy }

func (o offering) Choices() []engine.Choice {
	return []engine.Choice{{Do: "flush 1", Kind: "disk", From: 1, To: 1}}
}

// offers counts how often viewers are told what may happen next.
func offers(t *testing.T, v *Viewer) int {
	t.Helper()
	n := 0
	for _, m := range read(t, v) {
		if m.Choices != nil {
			n++
		}
	}
	return n
}

func TestAHeadThatStandsOffersChoices(t *testing.T) {
	d := newDesk(offering{newToy(every(ms, 5, noted)...)}, Settings{Run: "run"})
	v := newViewer()
	joins(t, d, v, 0)
	d.tick(time.Millisecond)
	if n := offers(t, v); n != 0 {
		t.Errorf("told %d times while time chooses", n)
	}
	for _, c := range []struct {
		message string
		want    int
	}{
		{`{"id": 1, "head": "pause"}`, 1},
		{`{"id": 2, "head": "pause"}`, 0}, // nothing has changed
		{`{"id": 3, "head": "event"}`, 1},
		{`{"id": 4, "do": "flush 1"}`, 1},
		{`{"id": 5, "do": "kill 9"}`, 0}, // refused
		{`{"id": 6, "head": "play"}`, 0},
		{`{"id": 7, "do": "flush 1"}`, 0},
	} {
		d.receive(v, []byte(c.message))
		if n := offers(t, v); n != c.want {
			t.Errorf("%s: told %d times", c.message, n)
		}
	}
	d.receive(v, []byte(`{"id": 8, "head": "pause"}`))
	late := newViewer()
	joins(t, d, late, 0)
	if n := offers(t, late); n != 1 {
		t.Errorf("one who comes later is told %d times", n)
	}
}
