package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"

	"github.com/gorilla/websocket"
)

// longRuns serves a site and beside it runs of any length, each told as fast as the browser takes
// it: /bench/N is the page of a run of N events.
type longRuns struct {
	site http.Handler
	room string // id of a run whose page the long runs borrow

	mu     sync.Mutex
	header []byte
	runs   map[int][][]byte
}

// newLongRuns makes a room of a site to borrow the page and the header from.
func newLongRuns(site http.Handler) (*longRuns, error) {
	id, err := makeRun(site, benchServers)
	if err != nil {
		return nil, err
	}
	return &longRuns{site: site, room: id, runs: map[int][][]byte{}}, nil
}

// makeRun asks a site for a run, and returns its id.
func makeRun(site http.Handler, servers int) (string, error) {
	order := fmt.Sprintf(`{"servers": %d, "seed": "%d"}`, servers, benchSeed)
	request := httptest.NewRequest(http.MethodPost, "/api/runs", strings.NewReader(order))
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	site.ServeHTTP(answer, request)
	var made struct{ ID string }
	if err := json.Unmarshal(answer.Body.Bytes(), &made); err != nil || made.ID == "" {
		return "", fmt.Errorf("the site made no run: %s", answer.Body)
	}
	return made.ID, nil
}

// plainPage is the address of a page with nothing on it.
const plainPage = "/bench/plain"

// ServeHTTP serves the long runs, and else the site.
func (l *longRuns) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/bench/")
	if !ok {
		l.site.ServeHTTP(w, r)
		return
	}
	if r.URL.Path == plainPage {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<!doctype html><title>plain</title>")
		return
	}
	size, stream := strings.CutPrefix(rest, "stream/")
	n, err := strconv.Atoi(size)
	switch {
	case err != nil:
		http.NotFound(w, r)
	case stream:
		l.stream(w, r, n)
	default:
		l.page(w, r, n)
	}
}

// page is the page of the borrowed run, which takes its events from the long one.
func (l *longRuns) page(w http.ResponseWriter, r *http.Request, n int) {
	borrowed := r.Clone(r.Context())
	borrowed.URL.Path = "/runs/" + l.room
	borrowed.Header.Del("Accept-Encoding")
	page := httptest.NewRecorder()
	l.site.ServeHTTP(page, borrowed)
	for name, values := range page.Header() {
		w.Header()[name] = values
	}
	w.Header().Del("Content-Length")
	w.WriteHeader(page.Code)
	_, _ = w.Write(bytes.ReplaceAll(page.Body.Bytes(),
		fmt.Appendf(nil, "/api/runs/%s/stream", l.room), fmt.Appendf(nil, "/bench/stream/%d", n)))
}

// stream tells the long run, and then keeps the connection.
func (l *longRuns) stream(w http.ResponseWriter, r *http.Request, n int) {
	messages, err := l.messages(n)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader has answered
	}
	defer conn.Close()
	for _, m := range append([][]byte{l.header}, messages...) {
		if conn.WriteMessage(websocket.TextMessage, m) != nil {
			return
		}
	}
	_, _ = io.Copy(io.Discard, endless{conn}) // until the page is left
}

// endless reads what a page says as one stream.
type endless struct{ *websocket.Conn }

func (e endless) Read(p []byte) (int, error) {
	_, message, err := e.ReadMessage()
	return min(len(message), len(p)), err
}

// messages makes a run on first need.
func (l *longRuns) messages(n int) ([][]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if made, ok := l.runs[n]; ok {
		return made, nil
	}
	made, err := benchMessages(n)
	l.runs[n] = made
	return made, err
}

// fetchHeader learns from the site's own stream how it introduces a run.
func (l *longRuns) fetchHeader(ctx context.Context, address string) error {
	url := fmt.Sprintf("ws://%s/api/runs/%s/stream", address, l.room)
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, url, nil)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, l.header, err = conn.ReadMessage()
	return err
}
