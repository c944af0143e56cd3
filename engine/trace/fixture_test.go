package trace

import (
	"math"
	"reflect"
	"testing"

	"zabscope/engine/node"
)

// A vocabulary of two kinds, three fields and a check behind the driver's own.
const (
	kindVote node.Kind = node.KindWorldEnd + iota
	kindNote
)

const (
	fieldVote node.Field = node.FieldWorldEnd + iota
	fieldLog
	fieldAcks
)

var testWords = node.NewVocabulary(
	[]node.KindInfo{
		{Name: "fle.vote", Args: []string{"leader", "zxid"}, Depth: node.Packets, Source: "Vote.x"},
		{Name: "test.note"},
	},
	[]node.FieldInfo{
		{Name: "vote", Columns: []string{"leader", "zxid"}},
		{Name: "log", Shape: node.List, Columns: []string{"zxid", "path"}, Survives: true},
		{Name: "acks", Shape: node.Map, Columns: []string{"count"}},
	},
	[]node.CheckInfo{{Name: "fle.larger", Values: []string{"new", "mine"}}},
	[]string{"tick"},
)

func newRecorder() *Recorder {
	return New(Header{Version: "1", Seed: math.MaxUint64, Protocol: "test", Vocabulary: testWords,
		Machines: []MachineInfo{{1, "server 1", "participant"}, {1001, "client 1", "client"}},
		Options:  map[string]any{"tick": 250}})
}

// awkward are values at the edges of the packed form.
var awkward = []node.Value{
	{}, node.Bool(true), node.Bool(false),
	node.Int(0), node.Int(1), node.Int(-1), node.Int(smallInts - 1), node.Int(smallInts),
	node.Int(1 << 31), node.Int(1<<31 - 1), node.Int(-1 << 31), node.Int(-1<<31 - 1),
	node.Int(1<<53 - 1), node.Int(1 << 53), node.Int(-1 << 53), node.Int(1<<32 - 1),
	node.Int(math.MaxInt64), node.Int(math.MinInt64),
	node.Zxid(0), node.Zxid(-1), node.Zxid(1<<32 | 5), node.Zxid(7<<32 | 0xffffffff),
	node.Zxid(math.MaxInt64), node.Zxid(math.MinInt64), node.Zxid(-2),
	node.Text(""), node.Text("/a"), node.Text("i:5"), node.Text("t:5"), node.Text("\"\\\n\x00\x7f"),
	node.Text("日本 é \u2028"), node.Text("bad \xff\xfe bytes"), node.Text("#3"), node.Text("none"),
}

// source draws events.
type source struct{ *node.Rand }

func (s source) value() node.Value {
	switch s.Intn(6) {
	case 0:
		return awkward[s.Intn(int64(len(awkward)))]
	case 1:
		return node.Text(string(rune('a' + s.Intn(26*20))))
	case 2:
		return node.Zxid(s.Intn(5)<<32 | s.Intn(300))
	}
	return node.Int(s.Intn(1 << (1 + s.Intn(60))))
}

func (s source) values(most int64) []node.Value {
	out := make([]node.Value, s.Intn(most+1))
	for i := range out {
		out[i] = s.value()
	}
	return out
}

func (s source) op() node.Op {
	op := node.Op{Code: node.OpCode(1 + s.Intn(6)), Field: fieldVote + node.Field(s.Intn(3))}
	switch op.Code {
	case node.OpCut:
		op.Key = node.Int(s.Intn(9))
	case node.OpPut, node.OpDrop:
		op.Key = s.value()
	case node.OpReset:
		op.Field = 0
		return op
	}
	if op.Code != node.OpCut && op.Code != node.OpDrop {
		op.Values = s.values(3)
	}
	return op
}

// event draws an event that may follow number seq.
func (s source) event(seq node.Seq) *node.Event {
	e := &node.Event{Kind: node.Kind(s.Intn(int64(kindNote) + 1))}
	if s.Intn(2) == 0 {
		e.Peer = node.ID(s.Intn(2000))
	}
	if s.Intn(4) > 0 {
		e.Cause = node.Seq(s.Intn(int64(seq) + 1))
	}
	e.Args = s.values(5)
	if s.Intn(20) == 0 {
		e.Args = s.values(200)
	}
	for range s.Intn(3) {
		e.Checks = append(e.Checks, node.Check{Code: 0, Answer: s.Intn(2) == 0,
			Deciding: s.Intn(2) == 0, Values: s.values(40)})
	}
	for range s.Intn(4) {
		e.Ops = append(e.Ops, s.op())
	}
	return e
}

// fill records n drawn events and returns them as they should be read back.
func fill(r *Recorder, seed uint64, n int) []Event {
	s := source{node.NewRand(seed)}
	var want []Event
	now := node.Time(0)
	for range n {
		if s.Intn(2) == 0 {
			now += node.Time(s.Intn(1 << (1 + s.Intn(40))))
		}
		id := node.ID(s.Intn(1100))
		e := s.event(r.Len())
		seq := r.Append(now, id, e)
		for s.Intn(3) == 0 {
			op := s.op()
			r.AddOp(&op)
			e.Ops = append(e.Ops, op)
		}
		want = append(want, Event{seq, now, id, e.Kind, e.Peer, e.Cause, e.Args, e.Checks, e.Ops})
	}
	return want
}

// same compares events; empty lists equal absent ones.
func same(a, b *Event) bool {
	x, y := *a, *b
	for _, e := range []*Event{&x, &y} {
		*e = e.Clone()
		e.Args = append([]node.Value{}, e.Args...)
		e.Checks = append([]node.Check{}, e.Checks...)
		e.Ops = append([]node.Op{}, e.Ops...)
		for i := range e.Checks {
			e.Checks[i].Values = append([]node.Value{}, e.Checks[i].Values...)
		}
		for i := range e.Ops {
			e.Ops[i].Values = append([]node.Value{}, e.Ops[i].Values...)
		}
	}
	return reflect.DeepEqual(x, y)
}

func expect(t *testing.T, got, want *Event) {
	t.Helper()
	if !same(got, want) {
		t.Fatalf("event %d is\n%+v\nwant\n%+v", want.Seq, *got, *want)
	}
}
