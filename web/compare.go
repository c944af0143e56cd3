package web

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"zabscope/templates"
	"zabscope/web/room"
)

// compare shows two runs side by side. One that is not here gives way to the page that says so.
func (s *Site) compare(w http.ResponseWriter, r *http.Request) error {
	props := templates.CompareProps{Texts: s.eventTexts(r)}
	say := s.words.of(r).Say
	for i, side := range []*templates.SideProps{&props.A, &props.B} {
		id := r.URL.Query().Get([]string{"a", "b"}[i])
		found, err := s.find(id)
		var p problem
		if err != nil && !errors.As(err, &p) {
			return err
		}
		if err != nil {
			return s.show(w, r, p.status, templates.Gone(templates.GoneProps{ID: cut(id)}))
		}
		status, ok := found.Status()
		if !ok {
			return s.show(w, r, http.StatusNotFound, templates.Gone(templates.GoneProps{ID: cut(id)}))
		}
		*side = templates.SideProps{Name: nameOf(say, &status), Feed: streamOf(id),
			Page: templ.SafeURL("/runs/" + id)}
	}
	return s.show(w, r, http.StatusOK, templates.Compare(props))
}

// nameOf is what a run is called among those that it branches off from.
func nameOf(say templates.Say, s *room.Status) string {
	for _, b := range s.Family {
		if b.ID != s.ID || b.From == "" {
			continue
		}
		line := ""
		if b.Deed != nil {
			line = b.Deed.Do + b.Deed.CLI
		}
		if line != "" {
			return line
		}
		return say("compare.from", "seq", int(b.After))
	}
	var c crew
	for _, m := range s.Machines {
		c.count(m.Role)
	}
	return title(say, s.ID, s.Config, c)
}
