package trace

import (
	"bytes"
	"strings"
	"testing"

	"zabscope/engine/node"
)

// An event recorded comes back as it was: whole, in order, over the borders of chunks.
func TestIterateGivesBackWhatWasRecorded(t *testing.T) {
	for seed := range uint64(20) {
		r := newRecorder()
		want := fill(r, seed, 2000)
		i := 0
		r.Iterate(1, r.Len(), func(e *Event) bool {
			expect(t, e, &want[i])
			i++
			return true
		})
		if i != len(want) {
			t.Fatalf("seed %d: %d events of %d", seed, i, len(want))
		}
		if len(r.chunks) == 0 {
			t.Errorf("seed %d fills no chunk; draw more", seed)
		}
	}
}

func TestAtFindsEachEvent(t *testing.T) {
	r := newRecorder()
	want := fill(r, 1, 200)
	for i := range want {
		got, ok := r.At(want[i].Seq)
		if !ok {
			t.Fatalf("event %d is missing", want[i].Seq)
		}
		expect(t, &got, &want[i])
	}
	for _, seq := range []node.Seq{0, r.Len() + 1, 1 << 60} {
		if _, ok := r.At(seq); ok {
			t.Errorf("found event %d of %d", seq, r.Len())
		}
	}
	if _, ok := newRecorder().At(1); ok {
		t.Error("found an event in an empty trace")
	}
}

// At returns a copy: it stays when others are read.
func TestAtReturnsACopy(t *testing.T) {
	r := newRecorder()
	want := fill(r, 7, 100)
	got, _ := r.At(50)
	r.Iterate(1, 100, func(*Event) bool { return true })
	fill(r, 8, 100)
	expect(t, &got, &want[49])
}

func TestIterateOverAPart(t *testing.T) {
	r := newRecorder()
	fill(r, 2, 100)
	for _, c := range []struct{ from, to, first, last node.Seq }{
		{1, 100, 1, 100}, {0, 1000, 1, 100}, {32, 33, 32, 33}, {33, 64, 33, 64}, {100, 100, 100, 100},
		{101, 200, 0, 0}, {50, 49, 0, 0},
	} {
		var first, last node.Seq
		r.Iterate(c.from, c.to, func(e *Event) bool {
			if first == 0 {
				first = e.Seq
			}
			last = e.Seq
			return true
		})
		if first != c.first || last != c.last {
			t.Errorf("Iterate(%d, %d) went from %d to %d", c.from, c.to, first, last)
		}
	}
}

func TestIterateStopsWhenTold(t *testing.T) {
	r := newRecorder()
	fill(r, 2, 100)
	n := 0
	r.Iterate(1, 100, func(e *Event) bool { n++; return e.Seq < 40 })
	if n != 40 {
		t.Errorf("%d events instead of 40", n)
	}
}

// A text that lies in something large does not keep it alive, and is stored once.
func TestTextsAreStoredOnce(t *testing.T) {
	r := newRecorder()
	for range 1000 {
		r.Append(0, 1, new(node.Event).Begin(kindNote).With(node.Text("/some/path")))
	}
	if len(r.strings) != 1 || r.text != 10 {
		t.Errorf("%d texts of %d bytes", len(r.strings), r.text)
	}
	if per := r.MemoryBytes() / 1000; per > 100 {
		t.Errorf("%d bytes an event", per)
	}
}

func TestMemoryPerEvent(t *testing.T) {
	r := newRecorder()
	const n = 100_000
	for i := range int64(n) {
		r.Append(node.Time(i)*20_000, 1+node.ID(i%5), typical(i))
	}
	if per := float64(r.MemoryBytes()) / n; per > 100 {
		t.Errorf("%.1f bytes an event", per)
	}
}

// typical is an event as an election makes them: arguments, a check, a change.
func typical(i int64) *node.Event {
	return new(node.Event).Begin(kindVote).About(2).From(node.Seq(i/2)).
		With(node.Int(3), node.Zxid(2<<32|i&0xffff)).
		Check(0, true, node.Zxid(2<<32|i&0xffff), node.Zxid(1<<32)).Decides().
		Set(fieldVote, node.Int(3), node.Zxid(2<<32|i&0xffff)).
		Put(fieldAcks, node.Text("learner.readTimeout"), node.Int(i*20_000))
}

func TestEqualRunsHaveEqualBytes(t *testing.T) {
	a, b, c := newRecorder(), newRecorder(), newRecorder()
	fill(a, 5, 500)
	fill(b, 5, 500)
	fill(c, 6, 500)
	if !bytes.Equal(a.Bytes(), b.Bytes()) || a.Hash() != b.Hash() {
		t.Error("equal events, different bytes")
	}
	if a.Hash() == c.Hash() {
		t.Error("different events, equal hash")
	}
	before := a.Hash()
	a.AddOp(&node.Op{Code: node.OpSet, Field: fieldVote, Values: []node.Value{node.Int(1)}})
	if a.Hash() == before {
		t.Error("an operation more, equal hash")
	}
}

// A record larger than a chunk's reserve, even than a chunk, is whole.
func TestLargeRecords(t *testing.T) {
	r := newRecorder()
	for _, n := range []int{1, 500, 40_000, 1, 100_000, 1} {
		e := new(node.Event).Begin(kindNote)
		for i := range n {
			e.With(node.Int(int64(i) << 20))
		}
		r.Append(0, 1, e)
	}
	for seq, n := range []int{1, 500, 40_000, 1, 100_000, 1} {
		e, _ := r.At(node.Seq(seq + 1))
		if len(e.Args) != n || e.Args[n-1] != node.Int(int64(n-1)<<20) {
			t.Errorf("event %d has %d arguments instead of %d", seq+1, len(e.Args), n)
		}
	}
}

func TestFoldAppliesEverything(t *testing.T) {
	r := newRecorder()
	want := map[node.ID]*node.State{}
	for _, e := range fill(r, 9, 500) {
		if want[e.Node] == nil && len(e.Ops) > 0 {
			want[e.Node] = node.NewState()
		}
		for _, op := range e.Ops {
			want[e.Node].Apply(testWords, op)
		}
	}
	got := Fold(r, r.Len())
	if len(got.States) != len(want) {
		t.Errorf("%d machines instead of %d", len(got.States), len(want))
	}
	for id, s := range want {
		if d := s.Differences(testWords, got.States[id]); len(d) > 0 {
			t.Errorf("machine %d differs in %v", id, d)
		}
	}
}

func TestFoldUpToAnEvent(t *testing.T) {
	r := newRecorder()
	for i := range int64(10) {
		r.Append(0, 1, new(node.Event).Begin(kindNote).Append(fieldLog, node.Zxid(i)))
	}
	r.Append(0, 1, new(node.Event).Begin(kindNote).Cut(fieldLog, 2).Set(fieldVote, node.Int(1)))
	r.Append(0, 1, new(node.Event).Begin(kindNote).Reset())
	for _, c := range []struct {
		upTo node.Seq
		log  int
		vote bool
	}{{1, 1, false}, {10, 10, false}, {11, 2, true}, {12, 2, false}, {99, 2, false}} {
		s := Fold(r, c.upTo).States[1]
		if len(s.Lists[fieldLog]) != c.log || (s.Scalars[fieldVote] != nil) != c.vote {
			t.Errorf("after event %d: log %v, vote %v", c.upTo, s.Lists[fieldLog],
				s.Scalars[fieldVote])
		}
	}
	if len(Fold(r, 0).States) != 0 {
		t.Error("something before the first event")
	}
}

func TestReadingAllocatesNothing(t *testing.T) {
	r := newRecorder()
	for i := range int64(1000) {
		r.Append(node.Time(i), 1, typical(i))
	}
	var row []byte
	once := testing.AllocsPerRun(20, func() {
		r.Iterate(1, 1000, func(e *Event) bool {
			row = AppendRow(row[:0], e)
			return true
		})
	})
	if once > 8 { // the cursor's own slices, once a call
		t.Errorf("%v allocations for 1000 events", once)
	}
}

func TestRecordingAllocatesNothingPerEvent(t *testing.T) {
	r := newRecorder()
	e := typical(1)
	r.Append(0, 1, e)
	if n := testing.AllocsPerRun(500, func() { r.Append(1, 1, e) }); n != 0 {
		t.Errorf("%v allocations an event", n)
	}
}

func TestHeaderIsKept(t *testing.T) {
	h := newRecorder().Header()
	if h.Protocol != "test" || !strings.HasPrefix(h.Machines[1].Name, "client") {
		t.Errorf("header %+v", h)
	}
}

func BenchmarkAppend(b *testing.B) {
	r := newRecorder()
	e := typical(1)
	b.ReportAllocs()
	now := node.Time(0)
	for b.Loop() {
		now += 20_000
		e.Cause = r.Len() / 2
		r.Append(now, 1, e)
	}
	b.ReportMetric(float64(r.MemoryBytes())/float64(r.Len()), "B/event")
}

func BenchmarkIterate(b *testing.B) {
	r := newRecorder()
	for i := range int64(10_000) {
		r.Append(node.Time(i), 1, typical(i))
	}
	for b.Loop() {
		r.Iterate(1, r.Len(), func(*Event) bool { return true })
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10_000, "ns/event")
}

func BenchmarkAt(b *testing.B) {
	r := newRecorder()
	for i := range int64(10_000) {
		r.Append(node.Time(i), 1, typical(i))
	}
	for b.Loop() {
		r.At(5023)
	}
}

func BenchmarkAppendRow(b *testing.B) {
	r := newRecorder()
	r.Append(5, 1, typical(1))
	e, _ := r.At(1)
	var row []byte
	b.ReportAllocs()
	for b.Loop() {
		row = AppendRow(row[:0], &e)
	}
	b.ReportMetric(float64(len(row)), "B/row")
}
