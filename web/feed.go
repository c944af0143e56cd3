package web

import (
	"net/http"
	"strconv"

	"zabscope/engine"
	"zabscope/web/ws"
)

// feed joins a viewer to the room. The protocol stands in the documentation of package ws.
func (s *Site) feed(w http.ResponseWriter, r *http.Request) error {
	from, err := sequence(r.URL.Query().Get("from"))
	if err != nil {
		return err
	}
	err = ws.Serve(w, r, func() (ws.Session, error) { return s.room.Join(from) })
	if err != nil {
		s.log.Info("a viewer was turned away", "cause", err, "remote", r.RemoteAddr)
	}
	return nil
}

// sequence reads the number of the last event that a viewer has; none means 0.
func sequence(text string) (engine.Seq, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, problem{http.StatusBadRequest, "The number of an event is a whole number.",
			"Leave out from= to get all of them."}
	}
	return engine.Seq(n), nil
}
