package web

import (
	"net/http"
	"slices"
	"strings"

	"zabscope/engine"
	"zabscope/templates"
)

// The pages on which prepared runs are offered, each with those that belong there, in order.
var shelves = map[string][]string{
	"learn": {"three-fresh", "five-with-history", "stale-server", "far-behind", "lost-proposal",
		"no-quorum"},
	"interview": {"lost-proposal", "minority-leader", "no-quorum", "frozen-leader", "stale-server",
		"empty-newcomer", "observers", "nine"},
}

// learn offers runs that show one thing each.
func (s *Site) learn(w http.ResponseWriter, r *http.Request) error {
	return s.shelf(w, r, "learn")
}

// interview offers runs that answer a question each.
func (s *Site) interview(w http.ResponseWriter, r *http.Request) error {
	return s.shelf(w, r, "interview")
}

// shelf is a page of prepared runs, each under the text SHELF.NAME.
func (s *Site) shelf(w http.ResponseWriter, r *http.Request, name string) error {
	say := s.words.of(r).Say
	props := templates.ListProps{Title: say(name + ".title"), Lead: say(name + ".lead"), Shelf: name}
	for _, p := range s.presets {
		if slices.Contains(shelves[name], p.Name) {
			props.Presets = append(props.Presets, presetProps(say, p, name+"."+p.Name))
		}
	}
	slices.SortFunc(props.Presets, func(a, b templates.PresetProps) int {
		return slices.Index(shelves[name], a.Name) - slices.Index(shelves[name], b.Name)
	})
	return s.show(w, r, http.StatusOK, templates.List(props))
}

// presetProps is a prepared run as a page shows it: under the title of a key, with the text that
// stands beside that if there is one, else with the preset's own.
func presetProps(say templates.Say, p engine.Preset, key string) templates.PresetProps {
	props := templates.PresetProps{Name: p.Name, Title: say(key), About: p.About,
		Facts: crew{p.Servers, p.Observers}.words(say)}
	if text := say(key + ".text"); text != key+".text" {
		props.About = text
	}
	return props
}

// moments are the kinds of events that prepared runs lead up to, with what those events say. The
// last such event of the run is meant.
var moments = map[string]string{
	"three-fresh":       "fle.elected",
	"five-with-history": "leader.epochEstablished",
	"nine":              "fle.quorumWaits",
	"observers":         "zab.proposal INFORM",
	"groups":            "leader.committed",
	"stale-server":      "fle.voteChanged",
	"empty-newcomer":    "leader.syncChosen SNAP",
	"far-behind":        "leader.syncChosen DIFF",
	"lost-proposal":     "leader.syncChosen TRUNC",
	"no-quorum":         "fle.lookForLeader",
	"minority-leader":   "leader.ackCounted",
	"frozen-leader":     "fle.elected",
}

// storyOf tells what a run is about. shelf is the page from which it was started, "" for none.
func storyOf(say templates.Say, preset, about, shelf string) templates.StoryProps {
	if preset == "" {
		return templates.StoryProps{Text: say("do.lead")}
	}
	story := templates.StoryProps{Title: say("preset." + preset), Text: about,
		Moment: moments[preset], Button: say("story.moment")}
	if slices.Contains(shelves[shelf], preset) {
		story.Title = say(shelf + "." + preset)
	}
	if shelf == "interview" {
		story.Text, story.Button, story.First = say("story.question"), say("story.answer"), true
	}
	return story
}

// readPreset reads the name of a preset.
func readPreset(r *recipe, text string) complaint {
	var names []string
	for _, p := range engine.Presets() {
		names = append(names, p.Name)
	}
	if !slices.Contains(names, text) {
		return complaint{key: "preset", args: []any{"got", cut(text), "names",
			strings.Join(names, ", ")}}
	}
	r.Preset = text
	return complaint{}
}
