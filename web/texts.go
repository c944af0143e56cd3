package web

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"zabscope/engine/scenario/catalogue"
)

// texts is the message catalogue of a language, as the browser renders it.
func (s *Site) texts(w http.ResponseWriter, r *http.Request) error {
	b, ok := catalogue.Source(chi.URLParam(r, "language"))
	if !ok {
		return errNoPage
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, err := w.Write(b)
	return err
}
