package trace

import (
	"encoding/hex"
	"strings"
	"testing"

	"zabscope/engine/node"
)

// The packed form of values, byte by byte: memory and hashes of whole runs depend on it.
func TestPackedValues(t *testing.T) {
	for _, c := range []struct {
		v    node.Value
		want string
	}{
		{node.Value{}, "00"},
		{node.Bool(false), "01"},
		{node.Bool(true), "02"},
		{node.Int(0), "08"},
		{node.Int(119), "7f"},
		{node.Int(120), "03 f001"},
		{node.Int(-1), "03 01"},
		{node.Int(1 << 30), "03 8080808008"},
		{node.Int(1<<32 | 7), "04 02 07"},
		{node.Int(-1 << 40), "04 ff03 00"},
		{node.Zxid(0), "05 00 00"},
		{node.Zxid(2<<32 | 300), "05 04 ac02"},
		{node.Zxid(-1), "06"},
		{node.Zxid(-1 << 63), "05 ffffffff0f 00"},
		{node.Text("a"), "80"},
	} {
		r := newRecorder()
		got := hex.EncodeToString(r.appendValue(nil, &c.v))
		if got != strings.ReplaceAll(c.want, " ", "") {
			t.Errorf("%#v is packed as %s, want %s", c.v, got, c.want)
		}
	}
}

// Texts beyond the first get a number of their own, then two bytes, then more.
func TestPackedTexts(t *testing.T) {
	r := newRecorder()
	for i := range 40_000 {
		v := node.Text(strings.Repeat("x", i%7) + string(rune(0x4e00+i%20_000)))
		n := len(r.appendValue(nil, &v))
		id := int(r.ids[v.S])
		want := 1
		switch {
		case id >= 1<<14:
			want = 4
		case id >= 1<<7 && id >= earlyTexts:
			want = 3
		case id >= earlyTexts:
			want = 2
		}
		if n != want {
			t.Fatalf("text number %d takes %d bytes, want %d", id, n, want)
		}
	}
}

// The packed form of events, byte by byte.
func TestPackedEvents(t *testing.T) {
	ev := func(k node.Kind) *node.Event { return new(node.Event).Begin(k) }
	for _, c := range []struct {
		name string
		e    *node.Event
		want string
	}{
		// kind, flags, machine, time, operations' end
		{"bare", ev(3), "03 00 05 64 00"},
		{"of a client, of a late kind", ev(300), "ac02 00 05 64 00"},
		{"with a peer", ev(3).About(2), "03 01 05 64 02 00"},
		{"with a cause, one event back", ev(3).From(2), "03 02 05 64 01 00"},
		{"with arguments", ev(3).With(node.Int(1), node.Bool(true)), "03 10 05 64 09 02 00"},
		{"with a check", ev(3).Check(2, true, node.Int(1)).Decides(), "03 04 05 64 01 02 07 09 00"},
		{"with a check that fails", ev(3).Check(0, false), "03 04 05 64 01 00 00 00"},
		{"set", ev(3).Set(4, node.Int(1)), "03 00 05 64 09 04 09 00"},
		{"append", ev(3).Append(4, node.Int(1)), "03 00 05 64 0a 04 09 00"},
		{"cut", ev(3).Cut(4, 7), "03 00 05 64 03 04 0f 00"},
		{"put", ev(3).Put(4, node.Int(2), node.Int(1)), "03 00 05 64 0c 04 0a 09 00"},
		{"drop", ev(3).Drop(4, node.Int(2)), "03 00 05 64 05 04 0a 00"},
		{"drop all", ev(3).DropAll(4), "03 00 05 64 05 04 00 00"},
		{"reset", ev(3).Reset(), "03 00 05 64 06 00 00"},
	} {
		r := newRecorder()
		r.Append(0, 1, ev(0))
		r.Append(900, 1, ev(0))
		from := len(r.tail)
		r.Append(1000, 5, c.e)
		got := hex.EncodeToString(r.tail[from:])
		if got != strings.ReplaceAll(c.want, " ", "") {
			t.Errorf("%s: packed as %s, want %s", c.name, got, c.want)
		}
		e, ok := r.At(3)
		want := Event{3, 1000, 5, c.e.Kind, c.e.Peer, c.e.Cause, c.e.Args, c.e.Checks, c.e.Ops}
		if !ok || !same(&e, &want) {
			t.Errorf("%s: read back as %+v", c.name, e)
		}
	}
}

// Long lists take the long form of their number.
func TestPackedNumbersOfValues(t *testing.T) {
	for _, n := range []int{0, 1, 30, 31, 32, 127, 128, 300} {
		values := make([]node.Value, n)
		for i := range values {
			values[i] = node.Int(int64(i))
		}
		r := newRecorder()
		e := new(node.Event).Begin(kindNote).With(values...).Check(0, true, values...).
			Set(fieldVote, values...)
		r.Append(0, 1, e)
		got, _ := r.At(1)
		if len(got.Args) != n || len(got.Checks[0].Values) != n || len(got.Ops[0].Values) != n {
			t.Errorf("%d values came back as %d, %d and %d", n, len(got.Args),
				len(got.Checks[0].Values), len(got.Ops[0].Values))
		}
	}
}

// Operations added later are those of the last event alone, as if they had been there at once.
func TestAddOp(t *testing.T) {
	op := node.Op{Code: node.OpPut, Field: fieldAcks, Key: node.Text("k"),
		Values: []node.Value{node.Int(1)}}
	late, once := newRecorder(), newRecorder()
	late.Append(0, 1, new(node.Event).Begin(kindNote))
	once.Append(0, 1, new(node.Event).Begin(kindNote))
	late.Append(5, 1, new(node.Event).Begin(kindNote).With(node.Int(1)))
	for range 100 {
		late.AddOp(&op)
	}
	e := new(node.Event).Begin(kindNote).With(node.Int(1))
	for range 100 {
		e.Put(op.Field, op.Key, op.Values...)
	}
	once.Append(5, 1, e)
	if late.Hash() != once.Hash() {
		t.Error("operations added later differ from those that were there")
	}
	late.Append(6, 1, new(node.Event).Begin(kindNote))
	if e, _ := late.At(1); len(e.Ops) != 0 {
		t.Errorf("the event before has %v", e.Ops)
	}
	if e, _ := late.At(2); len(e.Ops) != 100 {
		t.Errorf("the event has %d operations", len(e.Ops))
	}
	if e, _ := late.At(3); len(e.Ops) != 0 {
		t.Errorf("the event after has %v", e.Ops)
	}
}

// Operations may be added until the event no longer fits its chunk; nothing behind it is hurt.
func TestAddOpBeyondTheChunk(t *testing.T) {
	r := newRecorder()
	op := node.Op{Code: node.OpAppend, Field: fieldLog, Values: []node.Value{node.Int(1 << 30)}}
	const n = 20_000 // of 8 bytes: more than two chunks
	for range 3 {
		r.Append(0, 1, new(node.Event).Begin(kindNote))
		for range n {
			r.AddOp(&op)
		}
	}
	for seq := node.Seq(1); seq <= 3; seq++ {
		if e, _ := r.At(seq); len(e.Ops) != n {
			t.Errorf("event %d has %d operations", seq, len(e.Ops))
		}
	}
	if got := len(Fold(r, 3).States[1].Lists[fieldLog]); got != 3*n {
		t.Errorf("the list has %d entries", got)
	}
}

// Times, ids and causes of any size come back.
func TestExtremes(t *testing.T) {
	r := newRecorder()
	for _, e := range []Event{
		{Time: 0, Node: node.World},
		{Time: 1 << 62, Node: 1<<31 - 1, Peer: 1<<31 - 1, Cause: 1},
		{Time: 1 << 62, Node: -1, Peer: -5, Cause: 2},
		{Time: 1<<63 - 1, Node: 1001, Kind: 1<<16 - 1, Cause: 3},
	} {
		seq := r.Append(e.Time, e.Node, &node.Event{Kind: e.Kind, Peer: e.Peer, Cause: e.Cause})
		e.Seq = seq
		got, _ := r.At(seq)
		expect(t, &got, &e)
	}
}
