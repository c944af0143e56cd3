package web

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"zabscope/engine"
	"zabscope/engine/zk"
	"zabscope/static"
	"zabscope/web/room"
)

// Config is what a site needs. Log must not be nil; zero numbers take the defaults.
type Config struct {
	Log     *slog.Logger
	Servers int    // of the ensemble on the first page; 3 if 0
	Seed    uint64 // of its run; 7 if 0
}

// Site is the handler of everything, and what runs behind it until Close.
type Site struct {
	http.Handler
	log    *slog.Logger
	config Config
	room   *room.Room
}

// New makes a site whose ensemble starts when the first viewer comes. The error says what is wrong
// with the configuration.
func New(c Config) (*Site, error) {
	if c.Servers == 0 {
		c.Servers = 3
	}
	if c.Seed == 0 {
		c.Seed = 7
	}
	run, err := engine.NewRun(engine.Config{Servers: c.Servers, Seed: c.Seed,
		Options: zk.Options3_8_0()})
	if err != nil {
		return nil, err
	}
	s := &Site{log: c.Log, config: c, room: room.Open(run, runName())}
	s.Handler = s.routes()
	return s, nil
}

// Close ends the rooms and the connections of their viewers.
func (s *Site) Close() { s.room.Close() }

// runName makes a name that no other run has.
func runName() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// routes is the site map.
func (s *Site) routes() http.Handler {
	r := chi.NewRouter()
	r.Use(s.recovered, secured)
	r.Get("/feed", s.page(s.feed)) // a websocket: neither compressed nor cached

	r.Group(func(r chi.Router) {
		r.Use(middleware.Compress(5))
		r.Get("/", s.page(s.home))                       // the ensemble that runs
		r.Get("/texts/{language}.json", s.page(s.texts)) // sentences for what happens
		r.Get("/healthz", s.page(s.health))              // for whoever watches the process
		r.Handle("/static/*", static.Handler())          // scripts, styles, pictures
	})
	r.NotFound(s.page(func(http.ResponseWriter, *http.Request) error { return errNoPage }))
	r.MethodNotAllowed(s.page(func(http.ResponseWriter, *http.Request) error { return errMethod }))
	return r
}

// health says that the process serves.
func (s *Site) health(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := w.Write([]byte("ok\n"))
	return err
}
