package room

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"zabscope/engine"
	"zabscope/web/ws"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestTheHeadRunsWhileSomebodyWatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newToy(every(ms, 100, decided)...)
		r := Open(w, Settings{Run: "run"})
		defer r.Close()
		<-time.After(IdleLimit / 2) // nobody watches
		v := join(t, r, 0)
		<-time.After(time.Second)
		synctest.Wait()
		v.Leave()
		seen := seqs(t, read(t, v))
		if len(seen) == 0 || w.Now() > engine.Second {
			t.Errorf("%d events, %d ns", len(seen), w.Now())
		}
		at := w.Now()
		<-time.After(IdleLimit / 2)
		again := join(t, r, engine.Seq(len(seen)))
		<-time.After(time.Second)
		synctest.Wait()
		again.Leave()
		if w.Now() <= at || w.Now() > at+engine.Second {
			t.Errorf("from %d to %d ns", at, w.Now())
		}
		all := append(seen, seqs(t, read(t, again))...)
		slices.Sort(all)
		if all = slices.Compact(all); !slices.Equal(all, upTo(1, len(all))) {
			t.Errorf("events %v", all)
		}
	})
}

func join(t *testing.T, r *Room, from engine.Seq) *Viewer {
	t.Helper()
	v, err := r.Join(ws.NewQueue(QueueLimit), from)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestClosingARoomSendsItsViewersHome(t *testing.T) {
	r := Open(newToy(), Settings{Run: "run"})
	v := join(t, r, 0)
	r.Close()
	r.Close()
	read(t, v)
	if status, reason := v.out.End(); status != ws.GoingAway || reason == "" {
		t.Errorf("end %d %q", status, reason)
	}
	v.Receive([]byte(`{"id": 1, "head": "pause"}`)) // nobody is there to answer
	v.Leave()
	if _, err := r.Join(ws.NewQueue(QueueLimit), 0); !errors.Is(err, ErrClosed) {
		t.Errorf("joining gives %v", err)
	}
}

func TestManyViewersAskAtOnce(t *testing.T) {
	r := Open(newToy(every(ms, 1000, noted)...), Settings{Run: "run"})
	defer r.Close()
	done := make(chan bool)
	for range 8 {
		go func() {
			v, err := r.Join(ws.NewQueue(QueueLimit), 0)
			if err == nil {
				for range 20 {
					v.Receive([]byte(`{"id": 1, "do": "heal"}`))
				}
				v.Leave()
			}
			done <- err == nil
		}()
	}
	for range 8 {
		if !<-done {
			t.Error("turned away")
		}
	}
}
