package web

import (
	"errors"

	"zabscope/engine"
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
	"zabscope/web/room"
)

// OpenMetronome opens a room in which an event happens so many times in a second, and nothing else,
// for measurements: its frames begin with the wall clock. It returns the address of the stream.
func (s *Site) OpenMetronome(rate int) (stream string, err error) {
	id := "metronome-" + newID()
	_, err = s.rooms.Open(room.Settings{ID: id, Run: newID(), Stamped: true},
		func() (room.World, error) { return newMetronome(rate), nil })
	return streamOf(id), err
}

// metronome is a world in which the same thing happens again and again.
type metronome struct {
	rec  *trace.Recorder
	now  engine.Time
	next engine.Time
	step engine.Time
}

func newMetronome(rate int) *metronome {
	header := trace.Header{Version: "1", Protocol: "zookeeper", Vocabulary: event.Vocabulary}
	for id := range 3 {
		header.Machines = append(header.Machines, trace.MachineInfo{ID: node.ID(id + 1)})
	}
	step := engine.Second / engine.Time(rate)
	return &metronome{rec: trace.New(header), next: step, step: step}
}

func (m *metronome) Now() engine.Time          { return m.now }
func (m *metronome) Recorder() *trace.Recorder { return m.rec }
func (m *metronome) Next() (engine.Time, bool) { return m.next, true }

// RunUntil lets the events happen that are due.
func (m *metronome) RunUntil(t engine.Time) {
	for ; m.next <= t; m.next += m.step {
		m.now = m.next
		var e node.Event
		zxid := node.Zxid(1<<32 + int64(m.rec.Len()))
		e.Begin(event.Committed).With(zxid).Set(event.LogCommitted, zxid)
		m.rec.Append(m.now, 1+node.ID(m.rec.Len()%3), &e)
	}
	m.now = max(m.now, t)
}

// Step lets the next event happen.
func (m *metronome) Step() bool {
	m.RunUntil(m.next)
	return true
}

// Choices lists nothing: a metronome has no choice.
func (m *metronome) Choices() []engine.Choice { return nil }

var errMetronome = errors.New("nothing can be done to a metronome")

func (m *metronome) Do(string) error                        { return errMetronome }
func (m *metronome) Type(int, string, func([]string)) error { return errMetronome }
