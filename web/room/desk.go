package room

import (
	"fmt"
	"slices"
	"time"

	"zabscope/engine"
	"zabscope/engine/trace"
	"zabscope/web/ws"
)

// desk is the room as a plain state machine. It belongs to the room's goroutine.
type desk struct {
	world    World
	settings Settings
	header   *ws.Message
	actions  []Action
	done     *ws.Message // tells of the actions; nil until somebody needs it
	frames   frames
	viewers  map[*Viewer]bool
	counters *Counters
	family   *family
	kin      int     // members of it that viewers were told of
	offered  instant // when they were told last what may happen next

	playing bool
	speed   speed
	why     string // what stopped the head, if not a person
	stops   []engine.Stop
	stopped *stopped    // what of them was met last, while the head stands there
	decided engine.Time // when the last decision was made
	idle    int         // ticks since viewers last heard the time
}

func newDesk(w World, s Settings) *desk {
	if s.Counters == nil {
		s.Counters = &Counters{}
	}
	return &desk{world: w, settings: s, header: header(w.Recorder().Header(), &s),
		actions: s.Actions, frames: frames{stamped: s.Stamped}, counters: s.Counters,
		viewers: map[*Viewer]bool{}, playing: !s.Paused, family: newFamily()}
}

// moving reports whether wall time makes a difference.
func (d *desk) moving() bool { return d.playing && len(d.viewers) > 0 }

// full reports whether the run has reached its last event.
func (d *desk) full() bool { return d.world.Recorder().Len() >= MaxEvents }

// join gives a viewer all that it has missed, and from then on what happens.
func (d *desk) join(v *Viewer, from engine.Seq) error {
	if len(d.viewers) >= MaxViewers {
		return ws.Closed{Status: ws.TryLater,
			Reason: fmt.Sprintf("This room has %d viewers; it holds no more.", MaxViewers)}
	}
	d.flush()
	missed := d.frames.since(from)
	v.out.Grow(len(missed))
	d.viewers[v] = true
	d.counters.Viewers.Add(1)
	if d.done == nil {
		d.done = encode(actionsMessage{notNil(d.actions)})
	}
	d.tell(v, d.header)
	d.tell(v, d.done)
	if list := d.family.list(); len(list) > 1 {
		d.tell(v, encode(familyMessage{list}))
	}
	for _, m := range missed {
		d.tell(v, m)
	}
	d.tell(v, d.headNow())
	if m := d.choices(); m != nil {
		d.tell(v, m)
	}
	return nil
}

// branch is the run as one of its family.
func (d *desk) branch() Branch {
	b := Branch{ID: d.settings.ID, From: d.settings.From}
	if b.From != "" {
		b.After = d.world.Recorder().Len()
	}
	return b
}

// tellFamily tells all viewers which runs branch off from one another. To a run alone nobody need be
// told that.
func (d *desk) tellFamily() {
	list := d.family.list()
	if len(list) > 1 || d.kin > 1 {
		d.tellAll(encode(familyMessage{list}))
	}
	d.kin = len(list)
}

// leave ends a viewer's session; ending it twice does nothing.
func (d *desk) leave(v *Viewer, status int, reason string) {
	if v.gone {
		return
	}
	v.gone = true
	delete(d.viewers, v)
	d.counters.Viewers.Add(-1)
	v.out.Close(status, reason)
}

// close sends everybody home.
func (d *desk) close(reason string) {
	for v := range d.viewers {
		d.leave(v, ws.GoingAway, reason)
	}
}

// tell gives a viewer a message. One whose queue fills is told so, and cut off when it is full.
func (d *desk) tell(v *Viewer, message *ws.Message) {
	if v.gone {
		return
	}
	left, ok := v.out.Put(message)
	if !ok {
		d.counters.Slow.Add(1)
		d.leave(v, ws.TooSlow, "This viewer is too far behind.")
		return
	}
	d.counters.Deliveries.Add(1)
	switch {
	case left < queueFrames-warnAt && !v.warned:
		v.warned = true
		v.out.Put(encode(slowMessage{slowState{queueFrames - left, queueFrames}}))
	case left >= queueFrames-warnAt/2:
		v.warned = false
	}
}

func (d *desk) tellAll(message *ws.Message) {
	for v := range d.viewers {
		d.tell(v, message)
	}
}

func (d *desk) headNow() *ws.Message {
	return encode(headMessage{d.head()})
}

func (d *desk) head() headState {
	return headState{Playing: d.playing, Speed: d.speed.String(), Rate: d.rate(), Now: d.world.Now(),
		Why: d.why, Stops: notNil(d.stops), Stopped: d.stopped}
}

// rate is how fast virtual time passes at present.
func (d *desk) rate() float64 {
	if !d.playing {
		return 0
	}
	return d.speed.rate(d.world.Now() - d.decided)
}

// flush tells all viewers what has happened since the last time; it reports whether anything had.
func (d *desk) flush() bool {
	before := d.frames.last
	rows := d.frames.take(d.world.Recorder())
	if rows == nil {
		return false
	}
	d.idle = 0
	d.counters.Events.Add(int64(d.frames.last - before))
	d.frame(rows)
	return true
}

// frame tells all viewers the time, and rows if there are any.
func (d *desk) frame(rows []byte) {
	d.counters.Frames.Add(1)
	d.tellAll(d.frames.next(d.world.Now(), d.rate(), rows))
}

// tick lets the time of a stretch of wall time pass.
func (d *desk) tick(wall time.Duration) {
	played := d.playing
	d.advance(d.world.Now() + virtual(wall, d.rate()))
	if !d.flush() {
		if d.idle++; d.idle >= clockEvery {
			d.idle = 0
			d.frame(nil)
		}
	}
	if played && !d.playing {
		d.tellAll(d.headNow())
		d.offer()
	}
	if d.full() && d.playing {
		d.stop(fmt.Sprintf("This run has reached %d events, and ends here.", MaxEvents))
	}
}

// advance moves the head until a time or, at speed auto, the next decision; and no further than one
// tick, or one run, may go.
func (d *desk) advance(until engine.Time) {
	most := min(MaxEvents, d.world.Recorder().Len()+mostPerTick)
	for d.world.Recorder().Len() < most {
		next, ok := d.world.Next()
		if !ok && slices.Contains(d.stops, engine.StopNothing) {
			d.stopAt(engine.StopNothing, d.world.Recorder().Len())
			return
		}
		if !ok || next > until {
			d.world.RunUntil(until)
			return
		}
		d.runTo(next)
		if d.stopped != nil {
			return
		}
		if d.speed == 0 && d.decided == d.world.Now() {
			return
		}
	}
}

// runTo lets everything happen that is due until t. It returns the least depth among the new events,
// deeper than any if there are none.
func (d *desk) runTo(t engine.Time) int {
	rec := d.world.Recorder()
	before := rec.Len()
	d.world.RunUntil(t)
	return d.look(before)
}

// look notes decisions among the events after number before, and returns the least depth.
func (d *desk) look(before engine.Seq) int {
	rec := d.world.Recorder()
	least := engine.Hidden + 1
	rec.Iterate(before+1, rec.Len(), func(e *trace.Event) bool {
		least = min(least, engine.DepthOf(rec, e))
		for _, s := range d.stops {
			if d.playing && d.stopped == nil && s.At(e) {
				d.stopAt(s, e.Seq)
			}
		}
		return true
	})
	if least == engine.Decisions {
		d.decided = d.world.Now()
	}
	return least
}

// stop makes the head stand, and says why.
func (d *desk) stop(why string) {
	d.playing, d.why, d.stopped = false, why, nil
	d.tellAll(d.headNow())
	d.offer()
}

// stopAt makes the head stand at a moment that somebody asked for. Viewers hear of it once they have
// the event.
func (d *desk) stopAt(s engine.Stop, seq engine.Seq) {
	d.playing, d.why, d.stopped = false, "", &stopped{By: s, Seq: seq}
}

// status describes the room.
func (d *desk) status() Status {
	rec := d.world.Recorder()
	s := Status{ID: d.settings.ID, Run: d.settings.Run, Config: d.settings.Config,
		Seed: rec.Header().Seed, Events: rec.Len(), Actions: notNil(d.actions), Viewers: len(d.viewers),
		Head: d.head(),
		Full: d.full(), Family: notNil(d.family.list())}
	for _, m := range rec.Header().Machines {
		s.Machines = append(s.Machines, machineInfo{int(m.ID), m.Name, m.Role})
	}
	return s
}
