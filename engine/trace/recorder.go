package trace

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"

	"zabscope/engine/node"
)

const (
	chunkBytes   = 64 << 10 // records are kept in pieces of this size
	chunkReserve = 512      // a piece with less room than this is full
	markEvery    = 32       // events between two entries of the index
)

// mark is where an event starts in the packed form.
type mark struct {
	chunk  int32
	offset int32
	time   node.Time // of the event before it
}

// Recorder is an append-only list of events in memory. It has one owner at a time: nothing may be
// appended while it is read.
type Recorder struct {
	header  Header
	chunks  [][]byte // full pieces; a record lies in one piece
	tail    []byte   // the piece that grows, number len(chunks)
	index   []mark   // of every markEvery-th event
	base    node.Seq // number of the event before the first
	count   uint64
	last    node.Time
	strings []string // every text once, in order of first use
	ids     map[string]uint32
	text    int64 // bytes in strings
}

// New returns an empty recorder. It keeps the header's slices and vocabulary, which must not change.
func New(h Header) *Recorder {
	return &Recorder{header: h, ids: map[string]uint32{}}
}

// Header returns the head of the trace.
func (r *Recorder) Header() *Header { return &r.header }

// Len is the number of the last event; 0 for an empty trace.
func (r *Recorder) Len() node.Seq { return r.base + node.Seq(r.count) }

// First is the number that the first event has or will have: 1, unless the trace was read from a
// file that holds a part of a run.
func (r *Recorder) First() node.Seq { return r.base + 1 }

// Append records an event of machine id at time t and returns its number. Times must not decrease.
// It copies what it keeps of e.
func (r *Recorder) Append(t node.Time, id node.ID, e *node.Event) node.Seq {
	if cap(r.tail)-len(r.tail) < chunkReserve {
		r.nextChunk()
	}
	if r.count%markEvery == 0 {
		r.index = append(r.index, mark{int32(len(r.chunks)), int32(len(r.tail)), r.last})
	}
	r.count++
	seq := r.Len()
	r.tail = r.appendEvent(r.tail, uint64(t-r.last), id, seq, e)
	r.last = t
	return seq
}

// AddOp adds a change of state to the event recorded last, of which there must be one.
func (r *Recorder) AddOp(op *node.Op) {
	r.tail = append(r.appendOp(r.tail[:len(r.tail)-1], op), opsEnd)
}

func (r *Recorder) nextChunk() {
	if r.tail != nil {
		r.chunks = append(r.chunks, r.tail)
	}
	r.tail = make([]byte, 0, chunkBytes)
}

// intern returns the number of a text, a new one if it was never recorded.
func (r *Recorder) intern(s string) uint32 {
	if id, ok := r.ids[s]; ok {
		return id
	}
	own := strings.Clone(s) // a part of something large must not keep it alive
	id := uint32(len(r.strings))
	r.strings = append(r.strings, own)
	r.ids[own] = id
	r.text += int64(len(own))
	return id
}

// MemoryBytes estimates the memory that the trace takes, texts included.
func (r *Recorder) MemoryBytes() int64 {
	const perText = 16 + 40 // header in the list, entry in the map
	n := r.text + int64(len(r.strings))*perText + int64(cap(r.index))*16 + int64(cap(r.tail))
	for _, c := range r.chunks {
		n += int64(cap(c))
	}
	return n
}

// Bytes returns everything recorded in one piece: equal runs have equal bytes. It is the form to
// compare, not one to store.
func (r *Recorder) Bytes() []byte {
	var out []byte
	r.pieces(func(b []byte) { out = append(out, b...) })
	return out
}

// Hash is the SHA-256 of Bytes.
func (r *Recorder) Hash() (sum [sha256.Size]byte) {
	h := sha256.New()
	r.pieces(func(b []byte) { h.Write(b) })
	h.Sum(sum[:0])
	return sum
}

// pieces calls f with everything recorded, in pieces that f must not keep.
func (r *Recorder) pieces(f func([]byte)) {
	b := binary.AppendUvarint(nil, uint64(r.base))
	b = binary.AppendUvarint(b, uint64(len(r.strings)))
	for _, s := range r.strings {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
		f(b)
		b = b[:0]
	}
	f(b)
	for _, c := range r.chunks {
		f(c)
	}
	f(r.tail)
}
