package web

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"zabscope/engine"
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/web/room"
)

// orders a run by a body of JSON.
func (v *visitor) orders(body string) (*http.Response, string) {
	v.Helper()
	return v.asks(http.MethodPost, "/api/runs", "application/json", body)
}

// makes a run and returns its id.
func (v *visitor) makes(body string) string {
	v.Helper()
	answer, text := v.orders(body)
	var made struct{ ID, Page, API, Stream string }
	if err := json.Unmarshal([]byte(text), &made); err != nil ||
		answer.StatusCode != http.StatusCreated {
		v.Fatalf("%s: status %d, %s", body, answer.StatusCode, text)
	}
	if made.Page != "/runs/"+made.ID || made.API != "/api/runs/"+made.ID ||
		made.Stream != made.API+"/stream" || answer.Header.Get("Location") != made.Page {
		v.Errorf("%s: %s", body, text)
	}
	return made.ID
}

// describes a run by its id.
func (v *visitor) describes(id string) (s struct {
	room.Status
	Page, Stream string
}) {
	v.Helper()
	answer, text := v.gets("/api/runs/" + id)
	if err := json.Unmarshal([]byte(text), &s); err != nil || answer.StatusCode != http.StatusOK {
		v.Fatalf("status %d, %v, %s", answer.StatusCode, err, text)
	}
	return s
}

func TestARunIsMadeAndDescribed(t *testing.T) {
	v := visit(t)
	for body, want := range map[string]struct {
		config  string
		servers int // with observers
	}{
		`{"servers": 5, "observers": 1, "seed": 9}`: {`{"servers":5,"observers":1,"seed":"9"}`, 6},
		`{"seed": "9"}`:                   {`{"servers":3,"seed":"9"}`, 3},
		`{"standalone": true, "seed": 1}`: {`{"servers":1,"standalone":true,"seed":"1"}`, 1},
		`{"servers": "4", "tick": 100, "initLimit": 10, "syncLimit": 5, "latency": "1-2", "seed": 3}`: {
			`{"servers":4,"seed":"3","tick":100,"initLimit":10,"syncLimit":5,"latency":"1-2"}`, 4},
		`{"release": "correct", "options": {"fle.checkLeader": false,
			"learner.syncVariant": "v34snap"}, "seed": 1}`: {`{"servers":3,"seed":"1","release":"correct",` +
			`"options":{"fle.checkLeader":"false","learner.syncVariant":"v34snap"}}`, 3},
		`{"preset": "lost-proposal", "seed": 18446744073709551615}`: {
			`{"preset":"lost-proposal","seed":"18446744073709551615"}`, 3},
		`{"scenario": "servers 1,2\nseed 5\nstart 1,2 until serving 1,2"}`: {
			`{"scenario":"servers 1,2\nseed 5\nstart 1,2 until serving 1,2"}`, 2},
	} {
		id := v.makes(body)
		s := v.describes(id)
		if s.ID != id || string(s.Config) != want.config || s.Page != "/runs/"+id || s.Events == 0 ||
			!s.Head.Playing || s.Actions == nil {
			t.Errorf("%s: %+v, config %s", body, s, s.Config)
		}
		servers := 0
		for _, m := range s.Machines {
			if m.Role != "client" {
				servers++
			}
		}
		if servers != want.servers {
			t.Errorf("%s: %d servers", body, servers)
		}
	}
}

// badFields are bodies with one field at fault, and how the answer begins.
var badFields = map[string]string{
	`{"servers": 26}`:                                       "servers: This is a whole number from 1 to 25, not 26.",
	`{"servers": 0}`:                                        "servers: This is a whole number from 1 to 25, not 0.",
	`{"servers": 2.5}`:                                      "servers: This is a whole number",
	`{"servers": -1}`:                                       "servers: This is a whole number",
	`{"servers": null}`:                                     "servers: This field is a text or a number.",
	`{"servers": [3]}`:                                      "servers: This field is a text or a number.",
	`{"servers": 25, "observers": 1}`:                       "observers: An ensemble has 25 servers at most",
	`{"observers": 25}`:                                     "observers: This is a whole number from 0 to 24, not 25.",
	`{"standalone": "maybe"}`:                               "standalone: This is true or false, not maybe.",
	`{"standalone": true, "servers": 3}`:                    "standalone: A server alone",
	`{"seed": -1}`:                                          "seed: A seed is a whole number",
	`{"seed": 18446744073709551616}`:                        "seed: A seed is a whole number",
	`{"tick": 9}`:                                           "tick: This is a whole number from 10 to 60000, not 9.",
	`{"initLimit": 0}`:                                      "initLimit: This is a whole number from 1 to 1000",
	`{"syncLimit": "x"}`:                                    "syncLimit: This is a whole number from 1 to 1000",
	`{"latency": "fast"}`:                                   "latency: A latency is a number of milliseconds",
	`{"latency": "NaN"}`:                                    "latency: A latency is a number of milliseconds",
	`{"latency": 99999}`:                                    "latency: A latency is a number of milliseconds",
	`{"release": "9.9"}`:                                    "release: There is no release 9.9",
	`{"preset": "none"}`:                                    "preset: There is no preset none; there are three-fresh",
	`{"preset": "nine", "servers": 3}`:                      "preset: A preset has its own servers",
	`{"options": 3}`:                                        "options: Options are an object",
	`{"options": {"no.such": true}}`:                        "options: There is no option no.such.",
	`{"options": {"fle.checkLeader": "maybe"}}`:             "options: The option fle.checkLeader cannot be maybe.",
	`{"options": {"learner.syncVariant": "x"}}`:             "options: The option learner.syncVariant cannot be x.",
	`{"options": {"fle.checkLeader": [1]}}`:                 "options: Options are an object",
	`{"colour": "red"}`:                                     "colour: There is no such field; there are preset, servers",
	`{"actions": 3}`:                                        "actions: Actions are a list of objects",
	`{"actions": [{"when": 3}]}`:                            "actions: Actions are a list of objects",
	`{"actions": [{"at": 1}]}`:                              "actions: Action 1 must have one of do and cli",
	`{"actions": [{"at": 1, "do": "heal", "cli": "ls /"}]}`: "actions: Action 1 must have one",
	`{"actions": [{"at":2,"do":"heal"},{"at":1,"do":"heal"}]}`: "actions: Action 2 comes before",
	`{"actions": [{"at": -2, "do": "heal"}]}`:                  "actions: Action 1 comes before",
	`{"after": 0}`:                                       "after: The replay ends at an event from 1 to 1000000.",
	`{"after": "x"}`:                                     "after: The replay ends at an event",
	`{"from": 3}`:                                        "from: This field is a text or a number.",
	`{"from": "nobody"}`:                                 "from: There is no run nobody to branch off from, or no longer.",
	`{"until": -1}`:                                      "until: The end of the replay",
	`{"until": 1e30}`:                                    "until: The end of the replay",
	`{"until": "now"}`:                                   "until: The end of the replay",
	`{"scenario": "servers 1,2\nfrob"}`:                  "scenario: Line 2: ",
	`{"scenario": "servers 1,2\nkill 9"}`:                "scenario: Line 2: ",
	`{"scenario": "servers 1\nstart 1", "seed": 3}`:      "scenario: A scenario names",
	`{"scenario": "servers 1\ncfg tickTime=1\nstart 1"}`: "scenario: A tick is 10",
	`{"scenario": "servers 1\nstart 1 quiet 9999s"}`:     "scenario: Step 1 may take too long",
	`{"scenario": "servers 1\nstart 1\nbulk 1 /a count 99999999"}`:          "scenario: Line 3: a count lies",
	`{"scenario": "servers 1\nstart 1\nbulk 1 /a count 1000000"}`:           "scenario: Step 2 may take too long",
	`{"scenario": "servers 1,2,3\nstart 1 until serving 1,2,3 timeout 1s"}`: "scenario: step 1",
	`{"scenario": "` + strings.Repeat("#", maxScenario+1) + `"}`:            "scenario: A scenario has 64 KiB",
}

func TestBadFieldsAreNamedEachWithASentence(t *testing.T) {
	v := visit(t)
	for body, want := range badFields {
		answer, text := v.orders(body)
		var got struct {
			Error struct {
				Code, Message string
				Fields        []struct{ Field, Message string }
			}
		}
		if err := json.Unmarshal([]byte(text), &got); err != nil ||
			answer.StatusCode != http.StatusBadRequest || got.Error.Code != "fields" ||
			len(got.Error.Fields) != 1 {
			t.Errorf("%.60s: status %d, %.300s", body, answer.StatusCode, text)
			continue
		}
		if f := got.Error.Fields[0]; !strings.HasPrefix(f.Field+": "+f.Message, want) {
			t.Errorf("%.60s: %s: %s", body, f.Field, f.Message)
		}
	}
	if n := v.site.rooms.Len(); n != 0 {
		t.Errorf("%d rooms were made", n)
	}
}

func TestBodiesThatAreNoOrders(t *testing.T) {
	v := visit(t)
	for body, want := range map[string]int{
		``: http.StatusBadRequest, `3`: http.StatusBadRequest, `null`: http.StatusBadRequest,
		`[]`: http.StatusBadRequest, `{`: http.StatusBadRequest, `{}{}`: http.StatusBadRequest,
		`{"scenario": "` + strings.Repeat("a", maxBody) + `"}`: http.StatusRequestEntityTooLarge,
	} {
		answer, text := v.orders(body)
		if answer.StatusCode != want || !strings.Contains(text, `"code":"`) {
			t.Errorf("%.20s: status %d, %.200s", body, answer.StatusCode, text)
		}
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", ";"} {
		if answer, _ := v.asks(http.MethodPost, "/api/runs", kind, `{}`); answer.StatusCode !=
			http.StatusUnsupportedMediaType {
			t.Errorf("%q: status %d", kind, answer.StatusCode)
		}
	}
}

func TestTheSameRecipeAndActionsMakeTheSameRun(t *testing.T) {
	v := visit(t)
	const body = `{"servers": 3, "seed": 7, "until": 4000000000, "actions": [
		{"at": 1000000000, "do": "kill 3"}, {"at": 1500000000, "cli": "create /a one", "server": 1},
		{"at": 2000000000, "do": "start 3"}, {"at": 2000000000, "do": "kill 9"}]}`
	one, two := v.makes(body), v.makes(body)
	a, b := v.describes(one), v.describes(two)
	if a.Events != b.Events || a.Head.Now != b.Head.Now || a.Head.Now != 4e9 || len(a.Actions) != 4 {
		t.Errorf("%+v and %+v", a, b)
	}
	if x, y := v.rows(one), v.rows(two); !slices.Equal(x, y) || len(x) != int(a.Events) {
		t.Errorf("%d and %d rows", len(x), len(y))
	}
	if a.Run == b.Run {
		t.Error("two runs have one name")
	}
}

func TestAReplayThatIsTooLongIsRefused(t *testing.T) {
	v := visit(t)
	answer, text := v.orders(`{"servers": 25, "tick": 10, "until": 86400000000000}`)
	if answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "too-long") {
		t.Errorf("status %d, %s", answer.StatusCode, text)
	}
}

// A branch begins where it was asked to, stands there, and belongs to the family of its run.
func TestABranchOfARun(t *testing.T) {
	v := visit(t)
	id := v.makes(`{"servers": 3, "seed": 7, "until": 4000000000, "actions": [
		{"at": 1000000000, "do": "kill 3"}]}`)
	branch := v.makes(`{"servers": 3, "seed": 7, "after": 90, "from": "` + id + `"}`)
	s := v.describes(branch)
	if s.Head.Playing || s.Events < 90 || s.Events > 120 || len(s.Family) != 2 ||
		s.Family[1].ID != branch || s.Family[1].From != id || s.Family[1].After != s.Events {
		t.Errorf("%+v", s)
	}
	if rows := v.rows(id); !slices.Equal(v.rows(branch), rows[:s.Events]) {
		t.Error("it does not begin as the run does")
	}
	w := v.watches(v.stream(id), nil)
	if m := w.until(func(m message) bool { return m.Family != nil }); len(m.Family) != 2 {
		t.Errorf("told of %+v", m.Family)
	}
	b := v.watches(v.stream(branch), nil)
	if m := b.asks(`{"id": 1, "do": "kill 2"}`); !m.OK {
		t.Errorf("answered %+v", m)
	}
	m := w.until(func(m message) bool { return m.Family != nil && m.Family[1].Deed != nil })
	if d := m.Family[1].Deed; d.Do != "kill 2" || d.After != s.Events {
		t.Errorf("done there: %+v", d)
	}
}

// Every prepared run has the moment that its page leads to.
func TestPreparedRunsHaveTheirMoments(t *testing.T) {
	for _, p := range engine.Presets() {
		moment := moments[p.Name]
		if moment == "" {
			continue
		}
		run, err := engine.OpenPreset(p.Name, 7)
		if err != nil {
			t.Fatal(err)
		}
		kind, said, _ := strings.Cut(moment, " ")
		rec, found := run.Recorder(), 0
		rec.Iterate(1, rec.Len(), func(e *trace.Event) bool {
			name := rec.Header().Vocabulary.Kinds[e.Kind].Name
			if name == kind && (said == "" || slices.ContainsFunc(e.Args, func(v node.Value) bool {
				return v.S == said
			})) {
				found++
			}
			return true
		})
		if found == 0 {
			t.Errorf("%s: no %s among %d events", p.Name, moment, rec.Len())
		}
	}
}

func TestARunFromAShelfAsksItsQuestion(t *testing.T) {
	v := visit(t)
	answer, _ := v.asks(http.MethodPost, "/sandbox", "application/x-www-form-urlencoded",
		"preset=lost-proposal&shelf=interview")
	page := answer.Header.Get("Location")
	if !strings.HasSuffix(page, "?shelf=interview") {
		t.Fatalf("status %d, to %q", answer.StatusCode, page)
	}
	_, text := v.asks(http.MethodGet, page, "", "")
	for _, want := range []string{"A leader logs a write and dies", "Show the moment that answers it",
		`data-moment="leader.syncChosen TRUNC"`, "data-first"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	_, text = v.asks(http.MethodGet, strings.TrimSuffix(page, "?shelf=interview"), "", "")
	if strings.Contains(text, "data-first") || !strings.Contains(text, "Go to the moment") {
		t.Error("without its shelf the run is told from its end")
	}
	answer, _ = v.asks(http.MethodPost, "/sandbox", "application/x-www-form-urlencoded",
		"preset=nine&shelf=cellar")
	if got := answer.Header.Get("Location"); strings.Contains(got, "cellar") {
		t.Errorf("to %q: there is no such shelf", got)
	}
}
