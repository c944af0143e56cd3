package room

import (
	"strconv"
	"time"

	"zabscope/engine"
	"zabscope/engine/trace"
	"zabscope/web/ws"
)

// pageBytes is the size that a page has when it is full, or little more.
const pageBytes = 64 << 10

// The text around the rows of a page makes it a message.
const pageBegins, pageEnds = `{"rows":[`, `]}`

// frames is everything the room has told of the trace, as encoded rows, in pages.
type frames struct {
	stamped bool       // frames begin with the wall clock
	number  int        // of the last frame
	last    engine.Seq // number of the last event encoded
	pages   []*page
}

// page is some rows that follow on one another, with commas between them. Its text is only ever
// appended to, so that pieces of it may be sent while it grows.
type page struct {
	last    engine.Seq
	text    []byte      // pageBegins and the rows; pageEnds once it is full
	message *ws.Message // of a full page, once somebody needed it
	full    bool
}

// take encodes what the trace has and the pages have not. It returns the new rows, which nobody may
// change; nil if there are none.
func (f *frames) take(rec *trace.Recorder) []byte {
	if f.last == rec.Len() {
		return nil
	}
	p := f.open()
	from := len(p.text)
	first := from == len(pageBegins)
	rec.Iterate(f.last+1, rec.Len(), func(e *trace.Event) bool {
		if len(p.text) > len(pageBegins) {
			p.text = append(p.text, ',')
		}
		p.text = trace.AppendRow(p.text, e)
		return true
	})
	f.last = rec.Len()
	p.last = f.last
	if !first {
		from++ // the comma
	}
	return p.text[from:len(p.text):len(p.text)]
}

// open is the page to write on.
func (f *frames) open() *page {
	if n := len(f.pages); n > 0 {
		p := f.pages[n-1]
		if len(p.text) < pageBytes {
			return p
		}
		p.text, p.full = append(p.text, pageEnds...), true
	}
	p := &page{text: append(make([]byte, 0, pageBytes/4), pageBegins...)}
	f.pages = append(f.pages, p)
	return p
}

// next makes a frame of rows; without rows it tells the time alone.
func (f *frames) next(now engine.Time, rate float64, rows []byte) *ws.Message {
	f.number++
	b := append(make([]byte, 0, len(rows)+120), '{')
	if f.stamped {
		b = append(strconv.AppendInt(append(b, `"t":`...), time.Now().UnixNano(), 10), ',')
	}
	b = strconv.AppendInt(append(b, `"frame":`...), int64(f.number), 10)
	b = strconv.AppendInt(append(b, `,"head":{"now":`...), int64(now), 10)
	b = strconv.AppendFloat(append(b, `,"rate":`...), rate, 'g', 3, 64)
	b = append(b, `},"rows":[`...)
	return ws.NewMessage(append(append(b, rows...), `]}`...))
}

// since makes the messages that bring up a viewer who has the events up to number from. Pages come
// whole, so some of their rows may be known already.
func (f *frames) since(from engine.Seq) []*ws.Message {
	var out []*ws.Message
	for _, p := range f.pages {
		if p.last > from {
			out = append(out, p.asMessage())
		}
	}
	return out
}

// asMessage is the page as it stands; a full one is made into a message once.
func (p *page) asMessage() *ws.Message {
	switch {
	case !p.full:
		text := append(make([]byte, 0, len(p.text)+len(pageEnds)), p.text...)
		return ws.NewMessage(append(text, pageEnds...))
	case p.message == nil:
		p.message = ws.NewMessage(p.text)
	}
	return p.message
}
