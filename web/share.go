package web

import (
	"net/http"

	"zabscope/engine/scenario"
	"zabscope/templates"
)

// openLink is the page at which shared links arrive. What they say stands behind the "#", which
// browsers keep to themselves: the page's script reads it, has the run made and goes there.
func (s *Site) openLink(w http.ResponseWriter, r *http.Request) error {
	embeddable(w, r)
	return s.show(w, r, http.StatusOK, templates.Open(templates.OpenProps{Engine: scenario.Version}))
}

// embeddable lets pages of other sites show this one in a frame, if it is asked for in the mode for
// that, in which nothing can be done to a run but watch it.
func embeddable(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("embed") == "1" {
		w.Header().Set("Content-Security-Policy", policyFor("*"))
	}
}
