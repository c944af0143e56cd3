package room

import (
	"strconv"

	"zabscope/engine"
	"zabscope/engine/trace"
)

// pageBytes is the size that a page has when it is full, or little more.
const pageBytes = 64 << 10

// frames is everything the room has told of the trace, as encoded rows, in pages.
type frames struct {
	number int        // of the last frame
	last   engine.Seq // number of the last event encoded
	pages  []page
}

// page is some rows that follow on one another, with commas between them. Its bytes are only ever
// appended to, so that pieces of it may be sent while it grows.
type page struct {
	first engine.Seq
	last  engine.Seq
	rows  []byte
}

// take encodes what the trace has and the pages have not. It returns the new rows, which nobody may
// change; nil if there are none.
func (f *frames) take(rec *trace.Recorder) []byte {
	if f.last == rec.Len() {
		return nil
	}
	if n := len(f.pages); n == 0 || len(f.pages[n-1].rows) >= pageBytes {
		f.pages = append(f.pages, page{first: f.last + 1, rows: make([]byte, 0, 2*pageBytes)})
	}
	p := &f.pages[len(f.pages)-1]
	from := len(p.rows)
	rec.Iterate(f.last+1, rec.Len(), func(e *trace.Event) bool {
		if len(p.rows) > 0 {
			p.rows = append(p.rows, ',')
		}
		p.rows = trace.AppendRow(p.rows, e)
		return true
	})
	f.last = rec.Len()
	p.last = f.last
	if from > 0 {
		from++ // the comma
	}
	return p.rows[from:]
}

// next makes a frame of rows; without rows it tells the time alone.
func (f *frames) next(now engine.Time, rate float64, rows []byte) []byte {
	f.number++
	b := make([]byte, 0, len(rows)+80)
	b = strconv.AppendInt(append(b, `{"frame":`...), int64(f.number), 10)
	b = strconv.AppendInt(append(b, `,"head":{"now":`...), int64(now), 10)
	b = strconv.AppendFloat(append(b, `,"rate":`...), rate, 'g', 3, 64)
	b = append(b, `},"rows":[`...)
	return append(append(b, rows...), `]}`...)
}

// since makes the messages that bring up a viewer who has the events up to number from. Pages come
// whole, so some of their rows may be known already.
func (f *frames) since(from engine.Seq) [][]byte {
	var out [][]byte
	for _, p := range f.pages {
		if p.last <= from {
			continue
		}
		b := make([]byte, 0, len(p.rows)+16)
		b = append(append(append(b, `{"rows":[`...), p.rows...), `]}`...)
		out = append(out, b)
	}
	return out
}
