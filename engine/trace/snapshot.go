package trace

import "slices"

// Snapshot returns the trace as it is now, to be read while the recorder goes on: the two may belong
// to different goroutines. It costs a copy of the last piece of the packed form and shares the
// others, which never change. Nothing may be appended to the snapshot.
func (r *Recorder) Snapshot() *Recorder {
	s := &Recorder{header: r.header, chunks: slices.Clip(r.chunks), tail: slices.Clone(r.tail),
		index: slices.Clip(r.index), base: r.base, count: r.count, last: r.last,
		strings: slices.Clip(r.strings), text: r.text}
	s.header.Machines = slices.Clone(r.header.Machines)
	return s
}
