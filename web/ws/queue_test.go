package ws

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

func TestAQueueHoldsSoManyAndGivesThemInOrder(t *testing.T) {
	q := NewQueue(2)
	if left, ok := q.Put(text("a")); left != 1 || !ok {
		t.Errorf("place for %d more, %t", left, ok)
	}
	q.Put(text("b"))
	if left, ok := q.Put(text("c")); left != 0 || ok {
		t.Errorf("place for %d more, %t", left, ok)
	}
	q.Grow(1)
	q.Put(text("d"))
	for _, want := range []string{"a", "b", "d"} {
		if m := q.Take(); m == nil || string(m.Text()) != want {
			t.Errorf("took %v, want %s", m, want)
		}
	}
	if q.Take() != nil {
		t.Error("took one too many")
	}
}

func TestAClosedQueueTakesNothingMore(t *testing.T) {
	q := NewQueue(2)
	q.Put(text("a"))
	q.Close(TooSlow, "why")
	q.Close(GoingAway, "later")
	if _, ok := q.Put(text("b")); ok {
		t.Error("put into a closed queue")
	}
	if status, reason := q.End(); status != TooSlow || reason != "why" {
		t.Errorf("closed with %d %q", status, reason)
	}
	if q.Take() == nil {
		t.Error("what was in is lost")
	}
}

// state reads the state of the writer.
func (q *Queue) state() writerState {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.writer
}

func TestAWriterThatHasNothingToDoGoesAndAnotherComes(t *testing.T) {
	inMemory(t, func(t *testing.T, s *script, conn *websocket.Conn) {
		heard := make(chan string, 10)
		go func() {
			for {
				_, m, err := conn.ReadMessage()
				if err != nil {
					return
				}
				heard <- string(m)
			}
		}()
		q := s.queue()
		synctest.Wait()
		for i := range 3 {
			s.say("again " + strconv.Itoa(i))
			synctest.Wait()
			if m := <-heard; m != "again "+strconv.Itoa(i) || q.state() != resting {
				t.Errorf("heard %q, writer %d", m, q.state())
			}
			<-time.After(3 * restLimit)
			synctest.Wait()
			if q.state() != noWriter {
				t.Errorf("writer %d after a rest", q.state())
			}
		}
	})
}

func TestAWriterThatHasSomethingToDoNowAndThenStays(t *testing.T) {
	inMemory(t, func(t *testing.T, s *script, conn *websocket.Conn) {
		go func() {
			for {
				if _, _, err := conn.ReadMessage(); err != nil {
					return
				}
			}
		}()
		q := s.queue()
		synctest.Wait()
		for range 20 {
			s.say("now and then")
			<-time.After(restLimit / 2)
			synctest.Wait()
			if q.state() != resting {
				t.Errorf("writer %d", q.state())
			}
		}
	})
}

func TestManyPutAtOnceAndNothingIsLost(t *testing.T) {
	s := newScript()
	conn := dial(t, serve(t, s), nil)
	q := s.queue()
	const each = 25
	for range 4 {
		go func() {
			for range each {
				q.Put(text("words"))
			}
		}()
	}
	for range 4 * each {
		if m := hear(t, conn); m != "words" {
			t.Errorf("heard %q", m)
		}
	}
}
