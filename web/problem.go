package web

import (
	"errors"
	"net/http"
	"runtime/debug"

	"github.com/a-h/templ"

	"zabscope/templates"
)

// problem is an error that people may see.
type problem struct {
	status int
	title  string // one sentence
	remedy string // what to do, "" for nothing
}

// Error is the title.
func (p problem) Error() string { return p.title }

var (
	errNoPage = problem{http.StatusNotFound, "There is no such page.", ""}
	errMethod = problem{http.StatusMethodNotAllowed, "This page does not take that.", ""}
	errOurs   = problem{http.StatusInternalServerError, "Something broke on our side.",
		"It has been written to the log. Loading the page again may help."}
)

// page makes a handler of a function that returns errors: people get a page, the log the cause.
func (s *Site) page(f func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := f(w, r)
		if err == nil {
			return
		}
		var p problem
		if !errors.As(err, &p) {
			s.log.Error("a page failed", "path", r.URL.Path, "cause", err)
			p = errOurs
		}
		err = show(w, r, p.status, templates.Problem(templates.ProblemProps{Title: p.title,
			Remedy: p.remedy}))
		if err != nil {
			s.log.Info("a page was not delivered", "path", r.URL.Path, "cause", err)
		}
	}
}

// show renders a page.
func show(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	return page.Render(r.Context(), w)
}

// recovered turns a panic into a page; the server goes on.
func (s *Site) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			x := recover()
			if x == nil {
				return
			}
			if x == http.ErrAbortHandler {
				panic(x)
			}
			s.log.Error("a handler panicked", "path", r.URL.Path, "cause", x,
				"stack", string(debug.Stack()))
			s.page(func(http.ResponseWriter, *http.Request) error { return errOurs })(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}
