package web

import (
	"encoding/json"
	"net/http"

	"zabscope/engine/scenario"
	"zabscope/templates"
)

func presetProps(say func(string, ...any) string, group string) []templates.PresetProps { return nil }

func verbs() []scenario.Command { return scenario.Commands() }

func (s *Site) learn(w http.ResponseWriter, r *http.Request) error {
	return s.list(w, r, "learn")
}

func (s *Site) interview(w http.ResponseWriter, r *http.Request) error {
	return s.list(w, r, "interview")
}

// list is a page of prepared runs.
func (s *Site) list(w http.ResponseWriter, r *http.Request, name string) error {
	say := s.words.of(r).Say
	return s.show(w, r, http.StatusOK, templates.List(templates.ListProps{Title: say(name + ".title"),
		Lead: say(name + ".lead"), Groups: []templates.GroupProps{{Presets: presetProps(say, name)}}}))
}

func (s *Site) titleOf(say func(string, ...any) string, id string, config json.RawMessage, c crew) string {
	return say("title.servers", "n", c.voters+c.observers)
}

func readPreset(r *recipe, text string) complaint {
	return complaint{key: "preset", args: []any{"got", cut(text), "names", ""}}
}
func readScenario(r *recipe, text string) complaint { r.Scenario = text; return complaint{} }
