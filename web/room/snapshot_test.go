package room

import (
	"bytes"
	"testing"
	"time"

	"zabscope/engine"
	"zabscope/engine/node"
	"zabscope/engine/trace"
)

// A snapshot is what has happened until then, and stays so, read while the room goes on.
func TestASnapshotIsReadWhileTheRoomGoesOn(t *testing.T) {
	w := newToy(every(ms, 3000, decided)...)
	r := Open(w, Settings{ID: "room", Config: []byte(`{"servers":3}`)})
	v := join(t, r, 0)
	var last engine.Seq
	for last < 60 { // a viewer who reads nothing hears no more than a queue full
		s, ok := r.Snapshot()
		if !ok || string(s.Config) != `{"servers":3}` || s.Actions == nil || s.Trace.Len() < last {
			t.Fatalf("%+v, %t", s, ok)
		}
		last = s.Trace.Len()
		var one, two bytes.Buffer
		for _, b := range []*bytes.Buffer{&one, &two} {
			if err := trace.WriteJSON(b, s.Trace, 1, s.Trace.Len()); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(one.Bytes(), two.Bytes()) ||
			bytes.Count(one.Bytes(), []byte("\n")) != int(last)+1 {
			t.Fatalf("%d events change while they are read", last)
		}
		v.Receive([]byte(`{"id":1,"head":"event"}`))
	}
	v.Leave()
	r.Close()
	if _, ok := r.Snapshot(); ok {
		t.Error("a room that has ended gives a snapshot")
	}
}

func TestASnapshotHasTheActionsSoFar(t *testing.T) {
	r := Open(newToy(every(ms, 5, decided)...), Settings{})
	defer r.Close()
	v := join(t, r, 0)
	v.Receive([]byte(`{"id":1,"do":"one"}`))
	s, _ := r.Snapshot()
	v.Receive([]byte(`{"id":2,"do":"two"}`))
	if len(s.Actions) != 1 || s.Actions[0].Do != "one" {
		t.Errorf("%+v", s.Actions)
	}
	v.Leave()
}

// However long a run is, its room gives a snapshot in much less than the time of a frame.
func BenchmarkSnapshot(b *testing.B) {
	w := newToy()
	var e node.Event
	for i := range engine.Seq(MaxEvents) {
		w.rec.Append(engine.Time(i), 1, e.Begin(decided).With(node.Int(int64(i))))
	}
	r := Open(w, Settings{})
	defer r.Close()
	longest := time.Duration(0)
	for b.Loop() {
		began := time.Now()
		if s, ok := r.Snapshot(); !ok || s.Trace.Len() != MaxEvents {
			b.Fatal("no snapshot")
		}
		longest = max(longest, time.Since(began))
	}
	b.ReportMetric(float64(longest.Microseconds()), "us-longest")
}
