package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/a-h/templ"

	"zabscope/templates"
	"zabscope/web/ws"
)

// problem is an error that people may see. Programs see its code, people the texts
// problem.CODE.title and, if there is one, problem.CODE.remedy.
type problem struct {
	status int
	code   string
	args   []any // of the texts
	fields []complaint
}

// Error is for the log.
func (p problem) Error() string { return p.code }

var (
	errNoPage  = problem{status: http.StatusNotFound, code: "page"}
	errMethod  = problem{status: http.StatusMethodNotAllowed, code: "method"}
	errForeign = problem{status: http.StatusForbidden, code: "foreign"}
	errBusy    = problem{status: http.StatusServiceUnavailable, code: "busy"}
	errOurs    = problem{status: http.StatusInternalServerError, code: "ours"}
)

// handler answers a request, or says why not.
type handler func(http.ResponseWriter, *http.Request) error

// page makes a handler of a function that returns errors: people get a page, the log the cause.
func (s *Site) page(f handler) http.HandlerFunc { return s.failing(f, s.problemPage) }

// program does the same for programs, which get JSON.
func (s *Site) program(f handler) http.HandlerFunc { return s.failing(f, s.problemJSON) }

// either looks at the address to tell programs from people.
func (s *Site) either(f handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			s.program(f)(w, r)
			return
		}
		s.page(f)(w, r)
	}
}

// failing makes a handler of a function that returns errors.
func (s *Site) failing(f handler, show func(http.ResponseWriter, *http.Request, problem) error,
) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := f(w, r)
		if err == nil {
			return
		}
		p := asProblem(err)
		if p.code == errOurs.code {
			s.log.Error("a request failed", "path", r.URL.Path, "cause", err)
		}
		if err := show(w, r, p); err != nil {
			s.log.Info("an answer was not delivered", "path", r.URL.Path, "cause", err)
		}
	}
}

// asProblem is what people see of an error.
func asProblem(err error) problem {
	var p problem
	var c ws.Closed
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &c) && (c.Status == ws.TryLater || c.Status == ws.GoingAway):
		return errBusy
	}
	return errOurs
}

// problemPage shows a problem to people.
func (s *Site) problemPage(w http.ResponseWriter, r *http.Request, p problem) error {
	say := s.words.of(r).Say
	remedy := "problem." + p.code + ".remedy"
	props := templates.ProblemProps{Title: say("problem."+p.code+".title", p.args...)}
	if text := say(remedy, p.args...); text != remedy {
		props.Remedy = text
	}
	return s.show(w, r, p.status, templates.Problem(props))
}

// problemJSON shows a problem to programs.
func (s *Site) problemJSON(w http.ResponseWriter, r *http.Request, p problem) error {
	say := s.words.of(r).Say
	type wrong struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	}
	body := struct {
		Code    string  `json:"code"`
		Message string  `json:"message"`
		Fields  []wrong `json:"fields,omitempty"`
	}{Code: p.code, Message: say("problem."+p.code+".title", p.args...)}
	for _, c := range p.fields {
		body.Fields = append(body.Fields, wrong{c.field, c.say(say)})
	}
	text, err := json.Marshal(map[string]any{"error": body})
	if err != nil {
		return err
	}
	return writeJSON(w, p.status, append(text, '\n'))
}

// show renders a page.
func (s *Site) show(w http.ResponseWriter, r *http.Request, status int, page templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Add("Vary", "Accept-Language")
	w.WriteHeader(status)
	return page.Render(s.worded(r), w)
}

// recovered turns a panic into an answer; the server goes on.
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
			s.either(func(http.ResponseWriter, *http.Request) error { return errOurs })(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}
