package room

import (
	"slices"
	"strings"
	"testing"
	"time"

	"zabscope/web/ws"
)

func TestARoomHoldsSoManyViewersAndNoMore(t *testing.T) {
	d, _ := watched(t, newToy())
	for len(d.viewers) < MaxViewers {
		joins(t, d, newViewer(), 0)
	}
	err := d.join(newViewer(), 0)
	if end, ok := err.(ws.Closed); !ok || end.Status != ws.TryLater || end.Reason == "" {
		t.Errorf("joining gives %v", err)
	}
	d.close("over")
	if d.counters.Viewers.Load() != 0 {
		t.Errorf("%d are left", d.counters.Viewers.Load())
	}
}

func TestFramesComeLessOftenTheMoreWatch(t *testing.T) {
	for _, c := range []struct {
		viewers int
		want    time.Duration
	}{
		{1, 16 * time.Millisecond},
		{500, 16 * time.Millisecond},
		{1000, 32 * time.Millisecond},
		{MaxViewers, 50 * time.Millisecond},
	} {
		if got := frameTime(c.viewers); got != c.want {
			t.Errorf("%d viewers: a frame every %v, want %v", c.viewers, got, c.want)
		}
	}
}

func TestAViewerThatFallsBehindIsToldSoOnceBeforeItIsCutOff(t *testing.T) {
	d, slow := watched(t, newToy(every(ms, 10000, noted)...))
	d.speed = 1
	for range warnAt + 10 {
		d.tick(frameEvery)
	}
	told := 0
	for _, m := range read(t, slow) {
		if m.Slow != nil {
			told++
			if m.Slow.Behind < warnAt || m.Slow.Most != queueFrames {
				t.Errorf("told %+v", m.Slow)
			}
		}
	}
	if told != 1 || slow.gone {
		t.Errorf("told %d times, gone %t", told, slow.gone)
	}
	for range warnAt + 10 {
		d.tick(frameEvery)
	}
	if m := read(t, slow); !slices.ContainsFunc(m, func(h heard) bool { return h.Slow != nil }) {
		t.Error("not told when it fell behind again")
	}
}

func TestStampedFramesBeginWithTheWallClock(t *testing.T) {
	d := newDesk(newToy(every(ms, 3, noted)...), Settings{Run: "run", Stamped: true})
	v := newViewer()
	joins(t, d, v, 0)
	read(t, v)
	d.speed = 1
	before := time.Now().UnixNano()
	d.tick(frameEvery)
	m := v.out.Take().Text()
	if h := decode(t, m); h.T < before || !strings.HasPrefix(string(m), `{"t":1`) || m[24] != ',' {
		t.Errorf("%.60s", m)
	}
}

func TestOneTickBringsOnlySoMuch(t *testing.T) {
	d, _ := watched(t, newToy(every(1, 3*mostPerTick, noted)...))
	d.speed = 10
	for i := range 3 {
		d.tick(longestTick)
		if n := int(d.world.Recorder().Len()); n != (i+1)*mostPerTick {
			t.Errorf("%d events", n)
		}
	}
}

func TestWhatWasDoneCanBeDoneAgain(t *testing.T) {
	script := func() *toy { return newToy(every(ms, 10, noted)...) }
	w := script()
	yes := func() bool { return true }
	if !Replay(w, Past{Actions: []Action{{At: 2 * ms, Do: "kill 2"}, {At: 2 * ms, CLI: "ls", Server: 1},
		{At: 5 * ms, Do: "kill 9"}}, Until: 7 * ms}, yes) {
		t.Error("not complete")
	}
	if w.Now() != 7*ms || w.rec.Len() != 9 || !slices.Equal(w.asked, []string{"kill 2", "kill 9"}) {
		t.Errorf("at %d, %d events, asked %q", w.Now(), w.rec.Len(), w.asked)
	}
	if Replay(script(), Past{Until: 7 * ms}, func() bool { return false }) {
		t.Error("goes on though nobody waits for it")
	}
	if Replay(nearlyFull(5, every(1, 10, noted)...), Past{Until: ms * 1000}, yes) {
		t.Error("goes beyond the end of a run")
	}
}
