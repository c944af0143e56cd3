package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"zabscope/templates"
)

// run is the page of a run. One that is not here gives way to a page that offers another.
func (s *Site) run(w http.ResponseWriter, r *http.Request) error {
	id := chi.URLParam(r, "id")
	found, err := s.find(id)
	var p problem
	if errors.As(err, &p) {
		return s.show(w, r, p.status, templates.Gone(templates.GoneProps{ID: cut(id)}))
	}
	if err != nil {
		return err
	}
	status, ok := found.Status()
	if !ok {
		return s.show(w, r, http.StatusNotFound, templates.Gone(templates.GoneProps{ID: cut(id)}))
	}
	embeddable(w, r)
	say := s.words.of(r).Say
	c := crew{}
	var servers []string
	for _, m := range status.Machines {
		if c.count(m.Role) {
			servers = append(servers, strconv.Itoa(m.ID))
		}
	}
	return s.show(w, r, http.StatusOK, templates.Run(templates.RunProps{
		Title: title(say, id, status.Config, c), Facts: c.facts(say, status.Seed),
		Story: s.story(say, status.Config, r.URL.Query().Get("shelf")),
		Feed:  streamOf(id), Texts: s.eventTexts(r), Servers: servers,
		Exports: "/api/runs/" + id + "/export/", Recording: len(status.Config) == 0,
		MostQR: maxQR}))
}

// story tells what a run is about.
func (s *Site) story(say templates.Say, config []byte, shelf string) templates.StoryProps {
	var r recipe
	if json.Unmarshal(config, &r) != nil {
		return storyOf(say, "", "", "")
	}
	for _, p := range s.presets {
		if p.Name == r.Preset {
			return storyOf(say, p.Name, p.About, shelf)
		}
	}
	return storyOf(say, "", "", "")
}

// crew is how many servers of which kind an ensemble has.
type crew struct{ voters, observers int }

// count takes in a machine; false if it is no server.
func (c *crew) count(role string) bool {
	switch role {
	case "participant":
		c.voters++
	case "observer":
		c.observers++
	default:
		return false
	}
	return true
}

// title is what a run is called.
func title(say templates.Say, id string, config []byte, c crew) string {
	var r recipe
	if len(config) == 0 {
		return say("title.recording")
	}
	if isHome(id) || json.Unmarshal(config, &r) != nil {
		return say("title.home")
	}
	switch {
	case r.Preset != "":
		return say("preset." + r.Preset)
	case r.Scenario != "":
		return say("title.scenario")
	}
	return c.words(say)
}

// words is the crew in words.
func (c crew) words(say templates.Say) string {
	if c.observers == 0 {
		return say("crew.voters", "n", c.voters)
	}
	return say("crew.mixed", "n", c.voters, "m", c.observers)
}

// facts is the crew and the seed in words.
func (c crew) facts(say templates.Say, seed uint64) string {
	return say("facts", "crew", c.words(say), "seed", seed)
}
