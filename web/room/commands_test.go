package room

import (
	"slices"
	"strings"
	"testing"

	"zabscope/web/ws"
)

func long(n int) string { return strings.Repeat("a", n) }

func TestWhatCannotBeDoneIsRefusedAndTheViewerStays(t *testing.T) {
	d, v := watched(t, newToy())
	for message, want := range map[string]string{
		`{"id": 1, "do": "kill 9"}`:              "No server 9; this ensemble has 1 to 3.",
		`{"id": 1, "cli": "ls /", "server": 9}`:  "No server 9; this ensemble has 1 to 3.",
		`{"id": 1, "head": "rewind"}`:            "The head knows play, pause, event",
		`{"id": 1, "head": "speed fast"}`:        "A speed is auto or a number from",
		`{"id": 1, "head": "speed 0"}`:           "A speed is auto or a number from",
		`{"id": 1, "head": "speed NaN"}`:         "A speed is auto or a number from",
		`{"id": 1, "head": "` + long(900) + `"}`: "The head knows play, pause, event",
	} {
		m := ask(t, d, v, message, want)
		if a := m[len(m)-1]; a.ID != 1 || a.Code != codeRefused || len(a.Error) > maxReason+10 {
			t.Errorf("%.40s: id %d, code %q, %d bytes", message, a.ID, a.Code, len(a.Error))
		}
	}
	if v.gone || d.counters.Refused.Load() != 7 {
		t.Errorf("gone %t, %d counted", v.gone, d.counters.Refused.Load())
	}
}

func TestAMessageThatIsNoneOfTheProtocolIsAnsweredOnceAndEndsTheSession(t *testing.T) {
	for message, id := range map[string]int64{
		`{"id": 3}`: 3,
		`{"id": 3, "do": "kill 2", "head": "play"}`: 3,
		`{"id": 3, "do": "kill 2", "server": 1}`:    3,
		`{"id": 3, "do": "kill 2", "more": 1}`:      0,
		`{"id": 0, "do": "kill 2"}`:                 0,
		`{"id": -1, "do": "kill 2"}`:                0,
		`{"id": "one", "do": "kill 2"}`:             0,
		`{"do": "kill 2"}`:                          0,
		`{"id": 3, "do": "kill 2"} {}`:              0,
		`{"id": 3, "do": 5}`:                        0,
		`{"id": 3, "do": "`:                         0,
		`kill 2`:                                    0,
		`[]`:                                        0,
		`null`:                                      0,
		``:                                          0,
	} {
		w := newToy()
		d, v := watched(t, w)
		d.receive(v, []byte(message))
		m := read(t, v)
		if len(m) != 1 || m[0].ID != id || m[0].Code != codeMalformed || m[0].Error == "" {
			t.Errorf("%s: heard %+v", message, m)
		}
		status, reason := v.out.End()
		if !v.gone || status != ws.BadWords || reason == "" || len(reason) > 120 {
			t.Errorf("%s: end %d %q", message, status, reason)
		}
		d.receive(v, []byte(`{"id": 4, "do": "kill 2"}`)) // what was on its way already
		if w.asked != nil || d.counters.Faulty.Load() != 1 {
			t.Errorf("%s: asked %q", message, w.asked)
		}
	}
}

func TestALimitThatIsBrokenEndsTheSessionWithItsCode(t *testing.T) {
	for f, want := range map[ws.Fault]struct {
		code   string
		status int
	}{
		ws.FaultBinary: {codeMalformed, ws.BadWords},
		ws.FaultBig:    {codeTooBig, ws.TooBig},
		ws.FaultOften:  {codeTooOften, ws.BadWords},
	} {
		d, v := watched(t, newToy())
		d.refuse(v, f)
		m := read(t, v)
		status, reason := v.out.End()
		if len(m) != 1 || m[0].Code != want.code || status != want.status || reason != m[0].Error {
			t.Errorf("%d: heard %+v, end %d %q", f, m, status, reason)
		}
	}
}

func TestALineOfAShellIsAnsweredWhenTheShellPrints(t *testing.T) {
	w := newToy()
	d, v := watched(t, w)
	m := ask(t, d, v, `{"id": 1, "cli": "ls", "server": 1}`, "")
	if a := m[len(m)-1]; a.ID != 1 || !slices.Equal(a.Lines, []string{"[zookeeper]"}) {
		t.Errorf("answer %+v", a)
	}
	d.receive(v, []byte(`{"id": 2, "cli": "get /a", "server": 2}`))
	for _, h := range read(t, v) {
		if h.ID == 2 {
			t.Errorf("answered at once: %+v", h)
		}
	}
	w.shells[0](nil)
	m = read(t, v)
	if a := m[len(m)-1]; a.ID != 2 || !a.OK || a.Lines != nil {
		t.Errorf("answer %+v", a)
	}
	want := []Action{{CLI: "ls", Server: 1}, {After: 1, CLI: "get /a", Server: 2}}
	if !slices.Equal(d.actions, want) {
		t.Errorf("written down: %+v", d.actions)
	}
}

func TestAShellThatNeverAnswersIsNotAskedForEver(t *testing.T) {
	w := newToy()
	d, v := watched(t, w)
	for range maxWaiting {
		d.receive(v, []byte(`{"id": 2, "cli": "get /a", "server": 2}`))
	}
	read(t, v)
	m := ask(t, d, v, `{"id": 9, "cli": "get /a", "server": 2}`, "8 lines of yours still wait")
	if m[len(m)-1].Code != codeBusy {
		t.Errorf("answer %+v", m[len(m)-1])
	}
	d.leave(v, ws.GoingAway, "")
	w.shells[0]([]string{"nobody hears this"})
}

func TestWhatIsDoneIsWrittenDownAndToldToAllAndToThoseWhoComeLater(t *testing.T) {
	d, v := watched(t, newToy(every(ms, 3, noted)...))
	d.world.RunUntil(2 * ms)
	ask(t, d, v, `{"id": 1, "do": "kill 2"}`, "")
	ask(t, d, v, `{"id": 2, "do": "kill 9"}`, "No server 9")
	want := Action{At: 2 * ms, After: 2, Do: "kill 2"}
	if !slices.Equal(d.actions, []Action{want}) {
		t.Errorf("written down: %+v", d.actions)
	}
	late := newViewer()
	joins(t, d, late, 0)
	if m := read(t, late); !slices.Equal(m[1].Actions, []Action{want}) {
		t.Errorf("told later: %+v", m[1])
	}
	ask(t, d, v, `{"id": 3, "do": "heal"}`, "")
	m := read(t, late)
	if i := slices.IndexFunc(m, func(h heard) bool { return h.Action != nil }); i < 0 ||
		m[i].Action.Do != "heal" {
		t.Errorf("told at once: %+v", m)
	}
	if s := d.status(); len(s.Actions) != 2 || s.Viewers != 2 || s.Events != 4 {
		t.Errorf("status %+v", s)
	}
}

func TestARunTakesOnlySoManyCommands(t *testing.T) {
	d, v := watched(t, newToy())
	d.actions = make([]Action, MaxActions)
	m := ask(t, d, v, `{"id": 1, "do": "kill 2"}`, "This run has had 10000 commands")
	if m[len(m)-1].Code != codeEnded {
		t.Errorf("answer %+v", m[len(m)-1])
	}
	ask(t, d, v, `{"id": 2, "head": "play"}`, "")
}
