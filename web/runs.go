package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"zabscope/web/room"
)

// homePrefix begins the ids of the rooms of the first page. They are made when somebody comes to
// watch, from the recipe that all of them share.
const homePrefix = "home-"

// homeRecipe is the ensemble on the first page.
var homeRecipe = recipe{Servers: 3, Seed: 7}

// newRun makes a run of what a program asks for.
func (s *Site) newRun(w http.ResponseWriter, r *http.Request) error {
	o, err := readOrder(w, r)
	if err != nil {
		return err
	}
	id, err := s.open(r, o)
	if err != nil {
		return err
	}
	return tellMade(w, id)
}

// parted holds a branch against the runs that there are.
func (s *Site) parted(o *order) error {
	if o.replay.from == "" {
		return nil
	}
	if _, ok := s.rooms.Get(o.replay.from); !ok {
		return invalid(complaint{field: "from", key: "branch", args: []any{"id", cut(o.replay.from)}})
	}
	return nil
}

// tellMade answers with the addresses of a run that was made.
func tellMade(w http.ResponseWriter, id string) error {
	w.Header().Set("Location", "/runs/"+id)
	text, err := json.Marshal(map[string]string{"id": id, "page": "/runs/" + id,
		"api": "/api/runs/" + id, "stream": streamOf(id)})
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusCreated, append(text, '\n'))
}

// streamOf is the address of a run's stream.
func streamOf(id string) string { return "/api/runs/" + id + "/stream" }

// open makes a run and a room around it, and returns the room's id.
func (s *Site) open(r *http.Request, o order) (id string, err error) {
	if err := o.complete(); err != nil {
		return "", err
	}
	if err := s.parted(&o); err != nil {
		return "", err
	}
	select {
	case s.making <- struct{}{}:
		defer func() { <-s.making }()
	case <-r.Context().Done():
		return "", r.Context().Err()
	}
	world, err := o.world()
	if err != nil {
		return "", err
	}
	goOn := func() bool { return r.Context().Err() == nil }
	if !room.Replay(world, o.past(), goOn) {
		return "", problem{status: http.StatusUnprocessableEntity, code: "too-long",
			args: []any{"most", room.MaxEvents}}
	}
	id = newID()
	settings, err := settingsOf(id, o)
	if err != nil {
		return "", err
	}
	_, err = s.rooms.Open(settings, func() (room.World, error) { return world, nil })
	return id, err
}

// settingsOf are a room's settings.
func settingsOf(id string, o order) (room.Settings, error) {
	config, err := json.Marshal(o.recipe)
	return room.Settings{ID: id, Run: newID(), Config: config, Actions: o.actions,
		From: o.replay.from, Paused: o.after > 0}, err
}

// find finds the room of an id. That of a first page is made if it must be.
func (s *Site) find(id string) (*room.Room, error) {
	if r, ok := s.rooms.Get(id); ok {
		return r, nil
	}
	if !isHome(id) {
		return nil, errNoRun(id)
	}
	settings, err := settingsOf(id, order{recipe: homeRecipe})
	if err != nil {
		return nil, err
	}
	return s.rooms.Open(settings, func() (room.World, error) { return homeRecipe.world() })
}

// isHome reports whether an id could have come from a first page.
func isHome(id string) bool {
	rest, ok := strings.CutPrefix(id, homePrefix)
	return ok && len(rest) == len(newID()) && strings.Trim(rest, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// errNoRun is the problem of an id that belongs to no run, or no longer.
func errNoRun(id string) problem {
	return problem{status: http.StatusNotFound, code: "run", args: []any{"id", cut(id)}}
}

// one describes a run.
func (s *Site) one(w http.ResponseWriter, r *http.Request) error {
	id := chi.URLParam(r, "id")
	found, err := s.find(id)
	if err != nil {
		return err
	}
	status, ok := found.Status()
	if !ok {
		return errNoRun(id)
	}
	text, err := json.Marshal(struct {
		room.Status
		Page   string `json:"page"`
		Stream string `json:"stream"`
	}{status, "/runs/" + id, streamOf(id)})
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, append(text, '\n'))
}
