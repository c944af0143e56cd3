package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"zabscope/engine"
	"zabscope/web/room"
	"zabscope/web/ws"
)

// stream joins a viewer to a room. The protocol stands in the documentation of package ws.
func (s *Site) stream(w http.ResponseWriter, r *http.Request) error {
	from, err := sequence(r.URL.Query().Get("from"))
	if err != nil {
		return err
	}
	began, path := time.Now(), r.URL.Path
	s.streams.Add(1)
	err = s.upgrader.Serve(w, r, room.QueueLimit, s.joining(r, from), func() {
		s.streams.Done()
		s.log.Info("a viewer has left", "path", path, "ms", time.Since(began).Milliseconds())
	})
	if err != nil {
		s.streams.Done()
		s.log.Info("a viewer was turned away", "path", path, "cause", err)
	}
	return nil
}

// joining lets a viewer into the room that the address names, or says why not.
func (s *Site) joining(r *http.Request, from engine.Seq) func(*ws.Queue) (ws.Session, error) {
	id, say := chi.URLParam(r, "id"), s.words.of(r).Say
	return func(out *ws.Queue) (ws.Session, error) {
		found, err := s.find(id)
		if err == nil {
			v, err := found.Join(out, from)
			return v, err
		}
		var p problem
		if errors.As(err, &p) {
			err = ws.Closed{Status: ws.NotFound, Reason: say("problem."+p.code+".title", p.args...)}
		}
		return nil, err
	}
}

// noStream answers a request for a stream that is no websocket's, or a stranger's.
func (s *Site) noStream(w http.ResponseWriter, r *http.Request, status int, _ error) {
	p := problem{status: status, code: "no-websocket"}
	if status == http.StatusForbidden {
		p = errForeign
	}
	if status == http.StatusUpgradeRequired || status == http.StatusBadRequest {
		w.Header().Set("Sec-WebSocket-Version", "13")
	}
	s.program(func(http.ResponseWriter, *http.Request) error { return p })(w, r)
}

// sequence reads the number of the last event that a viewer has; none means 0.
func sequence(text string) (engine.Seq, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, invalid(complaint{field: "from", key: "from", args: []any{"got", cut(text)}})
	}
	return engine.Seq(n), nil
}
