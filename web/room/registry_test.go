package room

import (
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"zabscope/web/ws"
)

// opens a room of an id, whose world is a toy.
func opens(t *testing.T, g *Registry, id string) *Room {
	t.Helper()
	r, err := g.Open(Settings{ID: id}, func() (World, error) { return newToy(), nil })
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestARoomIsFoundByItsIDAndMadeOnce(t *testing.T) {
	g := NewRegistry()
	defer g.Close()
	a := opens(t, g, "a")
	again, err := g.Open(Settings{ID: "a"}, func() (World, error) {
		t.Error("made twice")
		return newToy(), nil
	})
	if err != nil || again != a {
		t.Errorf("%v, %v", again, err)
	}
	if found, ok := g.Get("a"); !ok || found != a {
		t.Error("not found")
	}
	if _, ok := g.Get("b"); ok || g.Len() != 1 {
		t.Errorf("%d rooms", g.Len())
	}
	if _, err := g.Open(Settings{ID: "c"}, func() (World, error) {
		return nil, errors.New("no world")
	}); err == nil || g.Len() != 1 {
		t.Errorf("%v, %d rooms", err, g.Len())
	}
}

func TestARoomThatNobodyWatchesIsDroppedAfterAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewRegistry()
		defer g.Close()
		idle, watched := opens(t, g, "idle"), opens(t, g, "watched")
		v := join(t, watched, 0)
		v.Receive([]byte(`{"id": 1, "head": "pause"}`)) // or it would fall behind
		left := opens(t, g, "left")
		w := join(t, left, 0)
		<-time.After(IdleLimit / 2)
		w.Leave()
		<-time.After(IdleLimit/2 + time.Second)
		synctest.Wait()
		if _, ok := g.Get("idle"); ok || g.Len() != 2 || g.Counters.Dropped.Load() != 1 {
			t.Errorf("%d rooms, %d dropped", g.Len(), g.Counters.Dropped.Load())
		}
		if _, err := idle.Join(ws.NewQueue(1), 0); !errors.Is(err, ErrClosed) {
			t.Errorf("joining gives %v", err)
		}
		if _, ok := idle.Status(); ok {
			t.Error("still described")
		}
		<-time.After(IdleLimit / 2)
		synctest.Wait()
		if _, ok := g.Get("watched"); !ok || g.Len() != 1 {
			t.Errorf("%d rooms", g.Len())
		}
		v.Leave()
	})
}

func TestARoomWhoseLastViewerIsCutOffIsIdleFromThenOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewRegistry()
		defer g.Close()
		r := opens(t, g, "a")
		join(t, r, 0) // and never takes what it is told
		<-time.After(time.Minute)
		synctest.Wait()
		if g.Counters.Slow.Load() != 1 || r.Idle() < time.Minute/2 {
			t.Errorf("%d cut off, idle for %v", g.Counters.Slow.Load(), r.Idle())
		}
	})
}

func TestWhereRoomsAreScarceTheOneIdleForLongestMakesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewRegistry()
		defer g.Close()
		v := join(t, opens(t, g, "watched"), 0)
		v.Receive([]byte(`{"id": 1, "head": "pause"}`))
		<-time.After(time.Second)
		opens(t, g, "oldest")
		for i := range MaxRooms - 2 {
			<-time.After(time.Millisecond)
			opens(t, g, strconv.Itoa(i))
		}
		_, err := g.Open(Settings{ID: "more"}, func() (World, error) { return newToy(), nil })
		var end ws.Closed
		if !errors.As(err, &end) || end.Status != ws.TryLater || g.Len() != MaxRooms {
			t.Errorf("%v, %d rooms", err, g.Len())
		}
		<-time.After(GraceTime)
		opens(t, g, "more")
		synctest.Wait()
		if _, ok := g.Get("oldest"); ok || g.Len() != MaxRooms {
			t.Errorf("%d rooms", g.Len())
		}
		if _, ok := g.Get("watched"); !ok {
			t.Error("a room with viewers made way")
		}
		v.Leave()
	})
}

func TestRoomsHoldOnlySoManyEventsTogether(t *testing.T) {
	g := NewRegistry()
	defer g.Close()
	opens(t, g, "large").events.Store(MaxEventsInAll)
	_, err := g.Open(Settings{ID: "more"}, func() (World, error) { return newToy(), nil })
	if !errors.Is(err, errFull) {
		t.Errorf("opening gives %v", err)
	}
}

func TestAClosedRegistryOpensNoRooms(t *testing.T) {
	g := NewRegistry()
	r := opens(t, g, "a")
	v := join(t, r, 0)
	g.Close()
	g.Close()
	if status, reason := v.out.End(); status != ws.GoingAway || reason != reasonShutdown {
		t.Errorf("end %d %q", status, reason)
	}
	if _, err := g.Open(Settings{ID: "b"}, func() (World, error) { return newToy(), nil }); err == nil {
		t.Error("opened")
	}
}

// A room that has made way must not take with it another that has got its id since.
func TestARoomThatEndsForgetsOnlyItself(t *testing.T) {
	g := NewRegistry()
	defer g.Close()
	old := opens(t, g, "a")
	g.mu.Lock()
	delete(g.rooms, "a")
	g.mu.Unlock()
	now := opens(t, g, "a")
	old.Close()
	if found, ok := g.Get("a"); !ok || found != now {
		t.Error("forgotten")
	}
}
