package trace

import (
	"bytes"
	"testing"

	"zabscope/engine/node"
)

// A snapshot keeps what was there, whatever is recorded and added afterwards; taken again at the same
// moment of an equal run it is the same.
func TestSnapshotStays(t *testing.T) {
	r := newRecorder()
	var snapshots []*Recorder
	var want [][]byte
	for seed := range uint64(40) {
		fill(r, seed, 97)
		snapshots = append(snapshots, r.Snapshot())
		want = append(want, r.Bytes())
		r.AddOp(&node.Op{Code: node.OpSet, Field: fieldVote, Values: []node.Value{node.Int(7)}})
	}
	for i, s := range snapshots {
		if !bytes.Equal(s.Bytes(), want[i]) {
			t.Errorf("snapshot %d has changed", i)
		}
		n := node.Seq(0)
		s.Iterate(1, s.Len()+9, func(e *Event) bool { n++; return e.Seq == n })
		if n != node.Seq(97*(i+1)) || s.Len() != n || s.First() != 1 {
			t.Errorf("snapshot %d has %d events", i, n)
		}
	}
}

func TestSnapshotOfNothing(t *testing.T) {
	if s := newRecorder().Snapshot(); s.Len() != 0 || len(Fold(s, 9).States) != 0 {
		t.Error("something is in it")
	}
}

// It is read while the recorder goes on: the race detector watches.
func TestSnapshotIsReadBesideTheRecorder(t *testing.T) {
	r := newRecorder()
	fill(r, 1, 500)
	s, done := r.Snapshot(), make(chan struct{})
	want := s.Hash()
	go func() {
		defer close(done)
		for range 20 {
			if s.Hash() != want || len(Fold(s, s.Len()).States) == 0 {
				t.Error("the snapshot has changed")
			}
		}
	}()
	fill(r, 2, 3000)
	<-done
}

func BenchmarkSnapshot(b *testing.B) {
	r := newRecorder()
	for i := range int64(1_000_000) {
		r.Append(node.Time(i), 1, typical(i))
	}
	b.ReportAllocs()
	for b.Loop() {
		r.Snapshot()
	}
}
