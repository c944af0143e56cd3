package web

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"

	"zabscope/web/room"
	"zabscope/web/ws"
)

// viewer is a connection to a stream, as a program keeps it.
type viewer struct {
	*testing.T
	conn    *websocket.Conn
	config  json.RawMessage
	actions []room.Action
	rows    []string // without gaps
	now     int64
}

// message is anything that a room says.
type message struct {
	Kinds   []any
	Config  json.RawMessage
	Actions []room.Action
	Action  *room.Action
	Family  []room.Branch
	Frame   int
	Head    *struct{ Now int64 }
	Rows    []json.RawMessage
	ID      int
	OK      bool
	Code    string
	Error   string
	Lines   []string
}

// watches joins a run, of which it has so many rows already.
func (v *visitor) watches(address string, rows []string) *viewer {
	v.Helper()
	url := "ws" + strings.TrimPrefix(address, "http") + "?from=" + strconv.Itoa(len(rows))
	conn, _, err := websocket.DefaultDialer.Dial(url, nil)
	if err != nil {
		v.Fatal(err)
	}
	v.Cleanup(func() { conn.Close() })
	return &viewer{T: v.T, conn: conn, rows: slices.Clone(rows)}
}

// stream is the address of a run's stream.
func (v *visitor) stream(id string) string { return v.url + streamOf(id) }

// hears takes one message in.
func (w *viewer) hears() (message, error) {
	_, text, err := w.conn.ReadMessage()
	if err != nil {
		return message{}, err
	}
	var m message
	if err := json.Unmarshal(text, &m); err != nil {
		w.Fatalf("%v in %.100s", err, text)
	}
	if m.Kinds != nil {
		w.config = m.Config
	}
	if m.Actions != nil {
		w.actions = m.Actions
	}
	if m.Action != nil {
		w.actions = append(w.actions, *m.Action)
	}
	if m.Head != nil {
		w.now = max(w.now, m.Head.Now)
	}
	for _, row := range m.Rows {
		w.row(string(row))
	}
	return m, nil
}

// row takes in a row, which must follow on those that are there, or be one of them.
func (w *viewer) row(row string) {
	seq, err := strconv.Atoi(row[1:strings.IndexByte(row, ',')])
	switch {
	case err != nil || seq > len(w.rows)+1:
		w.Fatalf("row %d after %d", seq, len(w.rows))
	case seq == len(w.rows)+1:
		w.rows = append(w.rows, row)
	case w.rows[seq-1] != row:
		w.Fatalf("row %d is %s, and was %s", seq, row, w.rows[seq-1])
	}
}

// until listens until something is true.
func (w *viewer) until(true func(message) bool) message {
	w.Helper()
	for {
		m, err := w.hears()
		if err != nil {
			w.Fatal(err)
		}
		if true(m) {
			return m
		}
	}
}

// asks sends a command and waits for its answer.
func (w *viewer) asks(command string) message {
	w.Helper()
	if err := w.conn.WriteMessage(websocket.TextMessage, []byte(command)); err != nil {
		w.Fatal(err)
	}
	return w.until(func(m message) bool { return m.ID != 0 })
}

// ends listens until the connection ends.
func (w *viewer) ends() (last message, end *websocket.CloseError) {
	w.Helper()
	for {
		m, err := w.hears()
		if err == nil {
			last = m
			continue
		}
		if !errors.As(err, &end) {
			w.Fatal(err)
		}
		return last, end
	}
}

// rows are all rows of a run, which is made to stand still for that.
func (v *visitor) rows(id string) []string {
	v.Helper()
	n := int(v.describes(id).Events)
	w := v.watches(v.stream(id), nil)
	w.until(func(message) bool { return len(w.rows) >= n })
	w.conn.Close()
	return w.rows[:n]
}

func TestTwoViewersSeeTheSame(t *testing.T) {
	v := visit(t)
	id := v.makes(`{"servers": 3, "seed": 7}`)
	a, b := v.watches(v.stream(id), nil), v.watches(v.stream(id), nil)
	a.until(func(m message) bool { return m.Kinds != nil })
	if m := a.asks(`{"id": 1, "head": "pause"}`); !m.OK {
		t.Errorf("answered %+v", m)
	}
	if m := b.asks(`{"id": 1, "do": "kill 2"}`); !m.OK {
		t.Errorf("answered %+v", m)
	}
	for range 30 {
		if m := a.asks(`{"id": 2, "head": "event"}`); !m.OK {
			t.Errorf("answered %+v", m)
		}
	}
	n := len(a.rows)
	b.until(func(message) bool { return len(b.rows) >= n && len(b.actions) == 1 })
	if !slices.Equal(a.rows, b.rows) || !slices.Equal(a.actions, b.actions) {
		t.Errorf("%d rows and %d, %v and %v", len(a.rows), len(b.rows), a.actions, b.actions)
	}
	if s := v.describes(id); s.Viewers != 2 || s.Head.Playing {
		t.Errorf("%+v", s)
	}
}

func TestALineOfZkCliIsAnsweredToTheOneWhoAsked(t *testing.T) {
	v := visit(t)
	id := v.makes(`{"preset": "three-fresh", "seed": 7}`)
	w := v.watches(v.stream(id), nil)
	w.asks(`{"id": 1, "head": "speed 10"}`)
	m := w.asks(`{"id": 2, "cli": "create /a one", "server": 1}`)
	if !m.OK || !slices.Equal(m.Lines, []string{"Created /a"}) {
		t.Errorf("answered %+v", m)
	}
	m = w.asks(`{"id": 3, "cli": "get /a", "server": 2}`)
	if !m.OK || !slices.Equal(m.Lines, []string{"one"}) {
		t.Errorf("answered %+v", m)
	}
	m = w.asks(`{"id": 4, "cli": "get /a", "server": 7}`)
	if m.OK || m.Code != "refused" || !strings.Contains(m.Error, "no server 7") {
		t.Errorf("answered %+v", m)
	}
}

// A restarted server knows nothing; the browser has the config and the actions.
func TestARunCanBePlayedAgainOnAServerThatHasForgottenIt(t *testing.T) {
	v := visit(t)
	w := v.watches(v.stream(v.makes(`{"servers": 3, "seed": 11}`)), nil)
	w.asks(`{"id": 1, "head": "speed 10"}`)
	w.until(func(message) bool { return w.now > 1e9 })
	w.asks(`{"id": 2, "do": "kill 3"}`)
	w.asks(`{"id": 3, "cli": "create /a one", "server": 1}`)
	w.asks(`{"id": 4, "head": "pause"}`)
	order := map[string]any{"actions": w.actions, "until": w.now}
	if err := json.Unmarshal(w.config, &order); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(order)
	if err != nil {
		t.Fatal(err)
	}
	again := visit(t)
	if rows := again.rows(again.makes(string(body))); !slices.Equal(rows, w.rows) {
		t.Errorf("%d rows, then %d", len(w.rows), len(rows))
	}
}

// relay passes bytes on to a server until it is cut.
type relay struct {
	net.Listener
	to    string
	mu    sync.Mutex
	conns []net.Conn
	over  sync.WaitGroup
}

func newRelay(v *visitor) *relay {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		v.Fatal(err)
	}
	r := &relay{Listener: l, to: strings.TrimPrefix(v.url, "http://")}
	r.over.Go(r.run)
	v.Cleanup(func() { l.Close(); r.cut(); r.over.Wait() })
	return r
}

func (r *relay) run() {
	for {
		a, err := r.Accept()
		if err != nil {
			return
		}
		b, err := net.Dial("tcp", r.to)
		if err != nil {
			a.Close()
			continue
		}
		r.mu.Lock()
		r.conns = append(r.conns, a, b)
		r.mu.Unlock()
		r.over.Go(func() { _, _ = io.Copy(a, b); a.Close(); b.Close() })
		r.over.Go(func() { _, _ = io.Copy(b, a); a.Close(); b.Close() })
	}
}

// cut drops all connections without a word.
func (r *relay) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.conns {
		c.Close()
	}
	r.conns = nil
}

func TestAConnectionThatBreaksAgainAndAgainLosesNothing(t *testing.T) {
	v := visit(t)
	r := newRelay(v)
	id := v.makes(`{"servers": 3, "seed": 7}`)
	steady := v.watches(v.stream(id), nil)
	steady.asks(`{"id": 1, "head": "speed 5"}`)
	through := "http://" + r.Addr().String() + streamOf(id)
	broken := v.watches(through, nil)
	for range 5 {
		n := len(broken.rows)
		broken.until(func(message) bool { return len(broken.rows) > n+20 })
		r.cut()
		for {
			if _, err := broken.hears(); err != nil { // what was on its way still counts
				break
			}
		}
		broken = v.watches(through, broken.rows)
	}
	n := len(broken.rows)
	broken.until(func(message) bool { return len(broken.rows) > n })
	n = len(broken.rows)
	steady.until(func(message) bool { return len(steady.rows) >= n })
	if !slices.Equal(broken.rows, steady.rows[:n]) {
		t.Error("not the same rows")
	}
}

func TestWhatAViewerMayNotSend(t *testing.T) {
	v := visit(t)
	id := v.makes(`{}`)
	for name, c := range map[string]struct {
		kind  int
		text  string
		times int
		code  string
		end   int
	}{
		"no command": {websocket.TextMessage, `kill 2`, 1, "malformed", ws.BadWords},
		"a field":    {websocket.TextMessage, `{"id":1,"do":"heal","x":1}`, 1, "malformed", ws.BadWords},
		"bytes":      {websocket.BinaryMessage, `{"id":1,"do":"heal"}`, 1, "malformed", ws.BadWords},
		"too long":   {websocket.TextMessage, strings.Repeat("a", ws.ReadLimit+1), 1, "too-big", ws.TooBig},
		"too often": {websocket.TextMessage, `{"id":1,"head":"pause"}`, ws.Burst + 60, "too-often",
			ws.BadWords},
	} {
		w := v.watches(v.stream(id), nil)
		for range c.times {
			if err := w.conn.WriteMessage(c.kind, []byte(c.text)); err != nil {
				break // the server has ended it already
			}
		}
		last, end := w.ends()
		if last.Code != c.code || last.Error == "" || end.Code != c.end || end.Text == "" {
			t.Errorf("%s: %+v, then %v", name, last, end)
		}
	}
	if s := v.describes(id); len(s.Actions) != 0 {
		t.Errorf("something was done: %v", s.Actions)
	}
}

func TestARunThatIsNotHereEndsTheStreamWithItsOwnStatus(t *testing.T) {
	v := visit(t)
	for _, id := range []string{"nosuchrun", "home-", "home-0000000000000000", "home-ABCDEFGHIJKLMNOP"} {
		_, end := v.watches(v.stream(id), nil).ends()
		if end.Code != ws.NotFound || !strings.Contains(end.Text, "no longer") {
			t.Errorf("%s: ended with %v", id, end)
		}
	}
}

func TestTheFirstPagesEnsembleStartsWhenItIsWatched(t *testing.T) {
	v := visit(t)
	id := homePrefix + newID()
	w := v.watches(v.stream(id), nil)
	w.until(func(message) bool { return len(w.rows) > 10 })
	if s := v.describes(id); s.Viewers != 1 || v.site.rooms.Len() != 1 {
		t.Errorf("%+v", s)
	}
	_, page := v.gets("/runs/" + id)
	v.shows(page, "The first ensemble", "3 servers · seed 7")
}

func TestRequestsForAStreamThatAreNone(t *testing.T) {
	v := visit(t)
	id := v.makes(`{}`)
	if answer, text := v.gets(streamOf(id)); answer.StatusCode != http.StatusBadRequest ||
		!strings.Contains(text, "no-websocket") {
		t.Errorf("status %d, %s", answer.StatusCode, text)
	}
	for _, from := range []string{"x", "-1", "1e3", "99999999999999999999"} {
		if answer, text := v.gets(streamOf(id) + "?from=" + from); answer.StatusCode !=
			http.StatusBadRequest || !strings.Contains(text, `"field":"from"`) {
			t.Errorf("from=%s: status %d, %s", from, answer.StatusCode, text)
		}
	}
	url := "ws" + strings.TrimPrefix(v.stream(id), "http")
	_, answer, err := websocket.DefaultDialer.Dial(url, http.Header{"Origin": {"http://evil.test"}})
	if err == nil || answer == nil || answer.StatusCode != http.StatusForbidden {
		t.Errorf("a stranger: %v, %v", answer, err)
	}
}

func TestClosingTheSiteTellsItsViewers(t *testing.T) {
	v := visit(t)
	w := v.watches(v.stream(v.makes(`{}`)), nil)
	w.until(func(m message) bool { return m.Kinds != nil })
	go v.site.Close()
	if _, end := w.ends(); end.Code != ws.GoingAway || end.Text != "The server is shutting down." {
		t.Errorf("ended with %v", end)
	}
	v.site.Close()
	if answer, _ := v.orders(`{}`); answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a new run: status %d", answer.StatusCode)
	}
}
