package web

import (
	"net/http"

	"github.com/a-h/templ"

	"zabscope/templates"
)

// home is the first page. Each visitor gets an ensemble of one's own, in a room that is made once the
// page connects to it.
func (s *Site) home(w http.ResponseWriter, r *http.Request) error {
	id := homePrefix + newID()
	return s.show(w, r, http.StatusOK, templates.Home(templates.HomeProps{Feed: streamOf(id),
		Texts: s.eventTexts(r), Run: templ.SafeURL("/runs/" + id)}))
}

// eventTexts is the address of the message catalogue for whoever asks.
func (s *Site) eventTexts(r *http.Request) string {
	return "/texts/" + s.words.of(r).Language() + ".json"
}
