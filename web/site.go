package web

import (
	"crypto/rand"
	"encoding/base32"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"zabscope/engine"
	"zabscope/static"
	"zabscope/web/room"
	"zabscope/web/ws"
)

// Config is what a site needs. Log must not be nil.
type Config struct {
	Log *slog.Logger
}

// Site is the handler of everything, and what runs behind it until Close.
type Site struct {
	http.Handler
	log      *slog.Logger
	words    vocabularies
	rooms    *room.Registry
	upgrader ws.Upgrader
	presets  []engine.Preset
	making   chan struct{} // holds one for each run that is being made
	streams  sync.WaitGroup
}

// makers is how many runs are made at once; the others wait.
const makers = 2

// New makes a site without rooms. The error says which of its texts is at fault.
func New(c Config) (*Site, error) {
	words, err := readWords()
	if err != nil {
		return nil, err
	}
	s := &Site{log: c.Log, words: words, rooms: room.NewRegistry(),
		presets: engine.Presets(), making: make(chan struct{}, makers)}
	s.upgrader.Refuse = s.noStream
	s.Handler = s.routes()
	return s, nil
}

// farewell is how long the connections of viewers may take to end.
const farewell = 2 * time.Second

// Close ends the rooms, tells their viewers so, and waits until they have heard it, or for farewell.
func (s *Site) Close() {
	s.rooms.Close()
	gone := make(chan struct{})
	go func() {
		s.streams.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-time.After(farewell):
	}
}

// newID makes a name that nobody can guess, of letters and digits.
func newID() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}

// routes is the site map.
func (s *Site) routes() http.Handler {
	r := chi.NewRouter()
	r.Use(s.logged, s.recovered, secured, sameSite(s))
	r.Get("/api/runs/{id}/stream", s.program(s.stream)) // a websocket: neither compressed nor cached

	r.Group(func(r chi.Router) {
		r.Use(middleware.Compress(5))
		r.Get("/", s.page(s.home))                // an ensemble that runs, three doors
		r.Get("/learn", s.page(s.learn))          // guided runs
		r.Get("/interview", s.page(s.interview))  // runs behind the questions of interviews
		r.Get("/sandbox", s.page(s.sandbox))      // a run of one's own: presets and a form
		r.Post("/sandbox", s.page(s.makeRun))     // makes it and goes there
		r.Get("/runs/open", s.page(s.openLink))   // where shared links arrive
		r.Get("/runs/{id}", s.page(s.run))        // a run on the screen
		r.Get("/compare", s.page(s.compare))      // two runs side by side
		r.Get("/help", s.page(s.help))            // keys, verbs, client commands, limits
		r.Post("/api/runs", s.program(s.newRun))  // makes a run
		r.Get("/api/runs/{id}", s.program(s.one)) // describes one
		r.Get("/api/runs/{id}/export/{form}", s.program(s.export))
		r.Post("/api/import", s.program(s.importRun)) // makes a run of a file
		r.Get("/api/qr", s.program(s.qrCode))         // a text as a picture for cameras
		r.Get("/texts/{language}.json", s.page(s.texts))
		r.Get("/texts/site/{language}.json", s.page(s.siteTexts))
		r.Get("/healthz", s.page(s.health))      // for whoever watches the process
		r.Handle("/metrics", s.metrics())        // for Prometheus
		r.Handle("/static/*", static.Handler())  // scripts, styles, pictures
		r.Get("/favicon.ico", s.page(s.favicon)) // browsers ask for it whatever the page says
	})
	r.NotFound(s.either(func(http.ResponseWriter, *http.Request) error { return errNoPage }))
	r.MethodNotAllowed(s.either(func(http.ResponseWriter, *http.Request) error { return errMethod }))
	return r
}

// health says that the process serves.
func (s *Site) health(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err := w.Write([]byte("ok\n"))
	return err
}

// favicon shows the way to the site's sign.
func (s *Site) favicon(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, static.URL("img/mark.svg"), http.StatusFound)
	return nil
}
