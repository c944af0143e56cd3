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
	return writeJSON(w, http.StatusOK, b)
}

// siteTexts is what the pages say in a language.
func (s *Site) siteTexts(w http.ResponseWriter, r *http.Request) error {
	b, err := textFiles.ReadFile("texts/" + chi.URLParam(r, "language") + ".json")
	if err != nil {
		return errNoPage
	}
	return writeJSON(w, http.StatusOK, b)
}

// writeJSON writes a text that is JSON already.
func writeJSON(w http.ResponseWriter, status int, text []byte) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	_, err := w.Write(text)
	return err
}
