package ws

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// script is a session that says what it is told to, and remembers what it hears.
type script struct {
	joined  chan *Queue
	heard   chan string
	refused chan Fault
	left    chan bool
	ended   chan bool
}

func newScript() *script {
	return &script{joined: make(chan *Queue, 1), heard: make(chan string, 10),
		refused: make(chan Fault, 1), left: make(chan bool, 1), ended: make(chan bool, 10)}
}

func text(s string) *Message { return NewMessage([]byte(s)) }

// queue is what the session speaks through, once it is joined.
func (s *script) queue() *Queue {
	q := <-s.joined
	s.joined <- q
	return q
}

func (s *script) say(words ...string) {
	q := s.queue()
	for _, w := range words {
		q.Put(text(w))
	}
}

func (s *script) Receive(message []byte) { s.heard <- string(message) }

func (s *script) Refuse(f Fault) {
	s.refused <- f
	s.say("refused")
	s.queue().Close(BadWords, "bad words")
}

func (s *script) Leave() {
	s.left <- true
	s.queue().Close(GoingAway, "")
}

// ServeHTTP joins a connection to the session.
func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	join := func(q *Queue) (Session, error) {
		s.joined <- q
		return s, nil
	}
	if new(Upgrader).Serve(w, r, 100, join, func() { s.ended <- true }) != nil {
		s.ended <- false
	}
}

// serve runs a server whose connections join the session.
func serve(t *testing.T, s *script) (url string) {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return "ws" + strings.TrimPrefix(server.URL, "http")
}

func dial(t *testing.T, url string, header http.Header) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial(url, header)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

func hear(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	kind, m, err := conn.ReadMessage()
	if err != nil || kind != websocket.TextMessage {
		t.Fatalf("kind %d: %v", kind, err)
	}
	return string(m)
}

func TestMessagesGoBothWaysInOrder(t *testing.T) {
	s := newScript()
	conn := dial(t, serve(t, s), nil)
	s.say("one")
	s.say("two")
	if a, b := hear(t, conn), hear(t, conn); a != "one" || b != "two" {
		t.Errorf("heard %q, %q", a, b)
	}
	for _, m := range []string{"three", "four"} {
		if err := conn.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
	if a, b := <-s.heard, <-s.heard; a != "three" || b != "four" {
		t.Errorf("the session heard %q, %q", a, b)
	}
	conn.Close()
	<-s.left
}

func TestTheSessionsEndIsToldWithItsReason(t *testing.T) {
	s := newScript()
	const reason = "This viewer is too far behind."
	conn := dial(t, serve(t, s), nil)
	s.say("last words")
	s.queue().Close(TooSlow, reason)
	s.queue().Close(GoingAway, "too late")
	if m := hear(t, conn); m != "last words" {
		t.Errorf("heard %q", m)
	}
	_, _, err := conn.ReadMessage()
	var end *websocket.CloseError
	if !errors.As(err, &end) || end.Code != TooSlow || end.Text != reason {
		t.Errorf("ended with %v", err)
	}
	<-s.left
}

func TestAViewerWhoDoesNotAgreeToTheEndIsLeftBehind(t *testing.T) {
	s := newScript()
	conn := dial(t, serve(t, s), nil)
	conn.SetCloseHandler(func(int, string) error { return nil }) // never answers
	s.queue().Close(GoingAway, "")
	start := time.Now()
	<-s.left
	if waited := time.Since(start); waited > 5*closeWait {
		t.Errorf("waited %v", waited)
	}
}

func TestAMessageThatBreaksALimitIsRefusedAndTheSessionsWordOnItStillHeard(t *testing.T) {
	for name, c := range map[string]struct {
		kind  int
		text  string
		times int
		want  Fault
	}{
		"too long": {websocket.TextMessage, strings.Repeat("a", ReadLimit+1), 1, FaultBig},
		"endless":  {websocket.TextMessage, strings.Repeat("a", 64*ReadLimit), 1, FaultBig},
		"bytes":    {websocket.BinaryMessage, "bytes", 1, FaultBinary},
		"too many": {websocket.TextMessage, "words", Burst + 50, FaultOften},
	} {
		s := newScript()
		s.heard = make(chan string, Burst+50)
		conn := dial(t, serve(t, s), nil)
		for range c.times {
			if err := conn.WriteMessage(c.kind, []byte(c.text)); err != nil {
				t.Fatal(name, err)
			}
		}
		if m := hear(t, conn); m != "refused" {
			t.Errorf("%s: heard %q", name, m)
		}
		_, _, err := conn.ReadMessage()
		var end *websocket.CloseError
		if !errors.As(err, &end) || end.Code != BadWords || end.Text != "bad words" {
			t.Errorf("%s: ended with %v", name, err)
		}
		if f := <-s.refused; f != c.want {
			t.Errorf("%s: fault %d", name, f)
		}
		conn.Close()
		<-s.left
		<-s.ended
	}
}

func TestAMessageAsLongAsTheLimitIsHeard(t *testing.T) {
	s := newScript()
	conn := dial(t, serve(t, s), nil)
	long := strings.Repeat("a", ReadLimit)
	if err := conn.WriteMessage(websocket.TextMessage, []byte(long)); err != nil {
		t.Fatal(err)
	}
	if m := <-s.heard; m != long {
		t.Errorf("heard %d bytes", len(m))
	}
}

func TestTheBucketFillsAgainWithTime(t *testing.T) {
	now := time.Unix(0, 0)
	b := newBucket(now)
	for range Burst {
		if !b.take(now) {
			t.Fatal("empty too early")
		}
	}
	if b.take(now) {
		t.Error("one too many")
	}
	now = now.Add(time.Second)
	for range Rate {
		if !b.take(now) {
			t.Fatal("not filled")
		}
	}
	if b.take(now) {
		t.Error("filled too much")
	}
	if now = now.Add(time.Hour); !b.take(now) || b.left != Burst-1 {
		t.Errorf("%g left after an hour", b.left)
	}
}

func TestLongMessagesAreDeflatedOnceForAll(t *testing.T) {
	s := newScript()
	url := serve(t, s)
	dialer := websocket.Dialer{EnableCompression: true}
	conn, _, err := dialer.Dial(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	long := strings.Repeat("row,", deflateFrom)
	s.say(long)
	s.say("short")
	if a, b := hear(t, conn), hear(t, conn); a != long || b != "short" {
		t.Errorf("heard %d bytes, %q", len(a), b)
	}
}

func TestPagesOfOtherSitesAreTurnedAway(t *testing.T) {
	s := newScript()
	url := serve(t, s)
	host := strings.TrimPrefix(url, "ws://")
	for origin, welcome := range map[string]bool{
		"http://" + host:                true,
		"http://evil.test":              false,
		"null":                          false,
		"http://" + host + ".evil.test": false,
	} {
		conn, answer, err := websocket.DefaultDialer.Dial(url, http.Header{"Origin": {origin}})
		if (err == nil) != welcome {
			t.Errorf("%s: %v", origin, err)
		}
		if err == nil {
			conn.Close()
			<-s.left
			s = newScript()
			url = serve(t, s)
			continue
		}
		if answer == nil || answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s: answered %v", origin, answer)
		}
	}
}

func TestWhoCannotJoinIsToldWhy(t *testing.T) {
	full := Closed{TryLater, "the room is full"}
	failed := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		failed <- new(Upgrader).Serve(w, r, 1, func(*Queue) (Session, error) { return nil, full }, nil)
	}))
	defer server.Close()
	conn := dial(t, "ws"+strings.TrimPrefix(server.URL, "http"), nil)
	_, _, err := conn.ReadMessage()
	var end *websocket.CloseError
	if !errors.As(err, &end) || end.Code != TryLater || end.Text != full.Reason {
		t.Errorf("ended with %v", err)
	}
	if err := <-failed; !errors.Is(err, full) {
		t.Errorf("Serve gives %v", err)
	}
}

func TestARequestThatIsNoWebsocketIsRefused(t *testing.T) {
	w := httptest.NewRecorder()
	err := new(Upgrader).Serve(w, httptest.NewRequest(http.MethodGet, "/feed", nil), 1, nil, nil)
	if err == nil || w.Code != http.StatusBadRequest {
		t.Errorf("status %d, %v", w.Code, err)
	}
}
