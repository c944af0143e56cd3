package room

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"zabscope/engine"
	"zabscope/engine/node"
	"zabscope/web/ws"
)

const ms = node.Millisecond

// upTo is the numbers from, from+1, ... to.
func upTo(from, to int) []int {
	var out []int
	for i := from; i <= to; i++ {
		out = append(out, i)
	}
	return out
}

func TestANewViewerHearsTheHeaderWhatWasDoneWhatHappenedAndTheHead(t *testing.T) {
	w := newToy(every(ms, 3, noted)...)
	w.RunUntil(10 * ms)
	d := newDesk(w, Settings{Run: "run"})
	v := newViewer()
	joins(t, d, v, 0)

	m := read(t, v)
	if len(m) != 4 {
		t.Fatalf("%d messages", len(m))
	}
	if m[0].Protocol != 1 || m[0].Run != "run" || len(m[0].Kinds) != int(ticked)+1 {
		t.Errorf("header %+v", m[0])
	}
	if m[1].Actions == nil || len(m[1].Actions) != 0 {
		t.Errorf("actions %v", m[1].Actions)
	}
	if got := seqs(t, m[2:3]); !slices.Equal(got, upTo(1, 3)) {
		t.Errorf("events %v", got)
	}
	if h := m[3].Head; h == nil || !h.Playing || h.Speed != "auto" || h.Now != 10*ms {
		t.Errorf("head %+v", h)
	}
}

func TestViewersHearTheSameFrameEncodedOnce(t *testing.T) {
	d, a := watched(t, newToy(happening{0, decided}, happening{1, sent}))
	b := newViewer()
	joins(t, d, b, 0)
	read(t, b)
	d.tick(frameEvery)
	x, y := a.out.Take(), b.out.Take()
	if x != y {
		t.Error("two encodings of one frame")
	}
	if h := decode(t, x.Text()); h.Frame == 0 || h.Head.Now != d.world.Now() {
		t.Errorf("frame %+v", h)
	}
}

func TestFramesAreNumberedAndLoseNoEvent(t *testing.T) {
	d, v := watched(t, newToy(every(ms, 500, noted)...))
	d.speed = 1
	var all []heard
	for range 40 {
		d.tick(frameEvery)
		all = append(all, read(t, v)...)
	}
	if got := seqs(t, all); !slices.Equal(got, upTo(1, 500)) {
		t.Errorf("%d events", len(got))
	}
	for i, m := range all {
		if m.Frame != all[0].Frame+i {
			t.Fatalf("frame %d after %d", m.Frame, all[0].Frame+i-1)
		}
	}
}

func TestAViewerWhoComesBackHearsOnlyWhatItMissed(t *testing.T) {
	d, _ := watched(t, newToy(every(ms, 5000, noted)...))
	d.speed = 1
	for range 400 {
		d.tick(frameEvery)
	}
	if len(d.frames.pages) < 2 {
		t.Fatal("the trace fits a page; there is nothing to see here")
	}
	v := newViewer()
	joins(t, d, v, 4900)
	got := seqs(t, read(t, v))
	if got[len(got)-1] != 5000 || got[0] > 4901 || got[0] == 1 {
		t.Errorf("events %d to %d", got[0], got[len(got)-1])
	}
	if !slices.Equal(got, upTo(got[0], 5000)) {
		t.Error("a gap")
	}
}

func TestAViewerFromTheFutureHearsNothingOld(t *testing.T) {
	w := newToy(every(ms, 3, noted)...)
	w.RunUntil(10 * ms)
	d := newDesk(w, Settings{Run: "run"})
	v := newViewer()
	joins(t, d, v, 1000)
	if got := seqs(t, read(t, v)); got != nil {
		t.Errorf("events %v", got)
	}
}

func TestASlowViewerIsCutOffAndTheOthersAreNot(t *testing.T) {
	d, slow := watched(t, newToy(every(ms, 10000, noted)...))
	quick := newViewer()
	joins(t, d, quick, 0)
	read(t, quick)
	d.speed = 1
	var all []heard
	for range queueFrames + 1 {
		d.tick(frameEvery)
		all = append(all, read(t, quick)...)
	}
	if !slow.gone || quick.gone {
		t.Fatalf("slow gone: %t, quick gone: %t", slow.gone, quick.gone)
	}
	if got := seqs(t, all); !slices.Equal(got, upTo(1, len(got))) {
		t.Error("the quick one has lost something")
	}
	if status, reason := slow.out.End(); status != ws.TooSlow || reason == "" {
		t.Errorf("end %d %q", status, reason)
	}
	kept := seqs(t, read(t, slow))
	again := newViewer()
	joins(t, d, again, engine.Seq(kept[len(kept)-1]))
	rest := seqs(t, read(t, again))
	if rest[0] > kept[len(kept)-1]+1 || rest[len(rest)-1] != int(d.frames.last) {
		t.Errorf("left with %d, came back to %d-%d of %d", kept[len(kept)-1], rest[0],
			rest[len(rest)-1], d.frames.last)
	}
}

func TestTimeStandsStillWithoutViewers(t *testing.T) {
	d := newDesk(newToy(), Settings{Run: "run"})
	if d.moving() {
		t.Error("moves for nobody")
	}
	v := newViewer()
	joins(t, d, v, 0)
	if !d.moving() {
		t.Error("stands still before a viewer")
	}
	d.leave(v, ws.GoingAway, "")
	d.leave(v, ws.GoingAway, "")
	if d.moving() {
		t.Error("moves on")
	}
}

func TestPausedTheHeadStandsAndPlayingItMoves(t *testing.T) {
	d, v := watched(t, newToy(every(ms, 100, noted)...))
	ask(t, d, v, `{"id": 1, "head": "pause"}`, "")
	if d.moving() {
		t.Error("moves")
	}
	ask(t, d, v, `{"id": 2, "head": "play"}`, "")
	if !d.moving() {
		t.Error("stands")
	}
}

// ask sends a command and checks the answer: the beginning of the error, "" for none.
func ask(t *testing.T, d *desk, v *Viewer, message, want string) []heard {
	t.Helper()
	d.receive(v, []byte(message))
	all := read(t, v)
	last := all[len(all)-1]
	if last.OK != (want == "") || !strings.HasPrefix(last.Error, want) {
		t.Errorf("%s: ok %t, error %q", message, last.OK, last.Error)
	}
	return all
}

func TestAStepEndsAtTheNextEventOfItsKind(t *testing.T) {
	script := []happening{{1 * ms, ticked}, {2 * ms, noted}, {3 * ms, sent}, {4 * ms, ticked},
		{5 * ms, decided}, {6 * ms, noted}}
	d, v := watched(t, newToy(script...))
	ask(t, d, v, `{"id": 1, "head": "event"}`, "")
	if d.world.Now() != 2*ms || d.playing {
		t.Errorf("at %d, playing %t", d.world.Now(), d.playing)
	}
	all := ask(t, d, v, `{"id": 2, "head": "decision"}`, "")
	if d.world.Now() != 5*ms {
		t.Errorf("at %d", d.world.Now())
	}
	if got := seqs(t, all); !slices.Equal(got, upTo(3, 5)) {
		t.Errorf("events %v come before the answer", got)
	}
	ask(t, d, v, `{"id": 3, "head": "decision"}`, "Nothing of the kind happens within 30 s.")
}

func TestWhatIsAskedOfTheWorldHappensBeforeTheAnswer(t *testing.T) {
	w := newToy()
	d, v := watched(t, w)
	all := ask(t, d, v, `{"id": 7, "do": "kill 2"}`, "")
	if got := seqs(t, all); !slices.Equal(got, []int{1}) || all[len(all)-1].ID != 7 {
		t.Errorf("events %v, then %+v", got, all[len(all)-1])
	}
	if !slices.Equal(w.asked, []string{"kill 2"}) {
		t.Errorf("asked %q", w.asked)
	}
}

func TestOnlyTheOneWhoAsksHearsTheAnswer(t *testing.T) {
	d, v := watched(t, newToy())
	other := newViewer()
	joins(t, d, other, 0)
	read(t, other)
	ask(t, d, v, `{"id": 1, "do": "kill 2"}`, "")
	for _, m := range read(t, other) {
		if m.ID != 0 {
			t.Errorf("the other heard %+v", m)
		}
	}
}

func TestSpeedIsTheRooms(t *testing.T) {
	d, v := watched(t, newToy())
	other := newViewer()
	joins(t, d, other, 0)
	read(t, other)
	ask(t, d, v, `{"id": 1, "head": "speed 0.5"}`, "")
	if m := read(t, other); len(m) != 1 || m[0].Head.Speed != "0.5" || m[0].Head.Rate != 0.5 {
		t.Errorf("the other heard %+v", m)
	}
	d.tick(10 * time.Millisecond)
	if d.world.Now() != 5*ms {
		t.Errorf("10 ms at 0.5 are %d ns", d.world.Now())
	}
	ask(t, d, v, `{"id": 2, "head": "speed auto"}`, "")
}

func TestViewersHearTheTimeEvenWhenNothingHappens(t *testing.T) {
	d, v := watched(t, newToy())
	d.speed = 1
	for range 3 * clockEvery {
		d.tick(frameEvery)
	}
	m := read(t, v)
	if len(m) != 3 || m[2].Head.Now != engine.Time(3*clockEvery*frameEvery) || m[2].Rows == nil {
		t.Errorf("%d messages", len(m))
	}
}

func TestARunThatGrowsTooLongEnds(t *testing.T) {
	w := nearlyFull(5, every(ms, 20, noted)...)
	d := newDesk(w, Settings{Run: "run"})
	d.frames.last = w.rec.Len() // nobody wants all of that
	v := newViewer()
	joins(t, d, v, 0)
	d.speed = 1
	for range 3 {
		d.tick(frameEvery)
	}
	if w.rec.Len() != MaxEvents || d.playing || d.why == "" {
		t.Errorf("%d events, playing %t: %q", w.rec.Len(), d.playing, d.why)
	}
	read(t, v)
	for _, command := range []string{`"head": "play"`, `"head": "event"`, `"do": "kill 2"`,
		`"cli": "ls", "server": 1`} {
		m := ask(t, d, v, `{"id": 1, `+command+`}`, fmt.Sprintf("This run has reached %d", MaxEvents))
		if m[len(m)-1].Code != codeEnded {
			t.Errorf("%s: %+v", command, m[len(m)-1])
		}
	}
}

func TestSentences(t *testing.T) {
	for in, want := range map[string]string{
		"no server 9":             "No server 9.",
		"What?":                   "What?",
		"zxid 1:2 is gone.":       "Zxid 1:2 is gone.",
		"épée":                    "Épée.",
		strings.Repeat("a", 1000): "A" + strings.Repeat("a", maxReason-1) + "…",
	} {
		if got := sentence(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
