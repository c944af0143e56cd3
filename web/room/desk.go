package room

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"zabscope/engine"
	"zabscope/engine/trace"
)

const (
	// maxEvents ends a run that would otherwise fill the memory while nobody looks after it.
	maxEvents = 300_000
	// clockEvery is how many ticks without events pass until viewers hear the time all the same.
	clockEvery = 3
	// stepReach is how far a single step looks for something to show.
	stepReach = 30 * engine.Second
	// maxReason is the length to which reasons are cut, in bytes.
	maxReason = 120
)

// desk is the room as a plain state machine. It belongs to the room's goroutine.
type desk struct {
	world   World
	header  []byte
	frames  frames
	viewers map[*Viewer]bool

	playing bool
	speed   speed
	why     string      // what stopped the head, if not a person
	decided engine.Time // when the last decision was made
	idle    int         // ticks since viewers last heard the time
	closed  bool
}

func newDesk(w World, run string) *desk {
	return &desk{world: w, header: encodeHeader(w.Recorder().Header(), run), playing: true,
		viewers: map[*Viewer]bool{}}
}

// moving reports whether wall time makes a difference.
func (d *desk) moving() bool { return d.playing && len(d.viewers) > 0 }

// join gives a viewer all that it has missed, and from then on what happens.
func (d *desk) join(v *Viewer, from engine.Seq) {
	d.flush()
	missed := d.frames.since(from)
	v.messages = make(chan []byte, len(missed)+queueFrames)
	d.viewers[v] = true
	d.tell(v, d.header)
	for _, m := range missed {
		d.tell(v, m)
	}
	d.tell(v, d.headNow())
}

// leave ends a viewer's session; ending it twice does nothing.
func (d *desk) leave(v *Viewer, status int, reason string) {
	if v.gone {
		return
	}
	v.gone, v.status, v.reason = true, status, reason
	delete(d.viewers, v)
	close(v.messages)
}

func (d *desk) close() {
	for v := range d.viewers {
		d.leave(v, goingAway, "The server is shutting down.")
	}
}

// tell gives a viewer a message, or cuts it off if its queue is full.
func (d *desk) tell(v *Viewer, message []byte) {
	if v.gone {
		return
	}
	select {
	case v.messages <- message:
	default:
		d.leave(v, tooSlow, "This viewer is too far behind.")
	}
}

func (d *desk) tellAll(message []byte) {
	for v := range d.viewers {
		d.tell(v, message)
	}
}

func (d *desk) headNow() []byte {
	return encode(headMessage{headState{d.playing, d.speed.String(), d.rate(), d.world.Now(), d.why}})
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
	rows := d.frames.take(d.world.Recorder())
	if rows == nil {
		return false
	}
	d.idle = 0
	d.tellAll(d.frames.next(d.world.Now(), d.rate(), rows))
	return true
}

// tick lets the time of a stretch of wall time pass.
func (d *desk) tick(wall time.Duration) {
	d.advance(d.world.Now() + virtual(wall, d.rate()))
	if !d.flush() {
		if d.idle++; d.idle >= clockEvery {
			d.idle = 0
			d.tellAll(d.frames.next(d.world.Now(), d.rate(), nil))
		}
	}
	if d.frames.last >= maxEvents && d.playing {
		d.stop(fmt.Sprintf("This run has reached %d events, and ends here.", maxEvents))
	}
}

// advance moves the head until a time or, at speed auto, the next decision.
func (d *desk) advance(until engine.Time) {
	for {
		next, ok := d.world.Next()
		if !ok || next > until {
			d.world.RunUntil(until)
			return
		}
		d.runTo(next)
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
		return true
	})
	if least == engine.Decisions {
		d.decided = d.world.Now()
	}
	return int(least)
}

// stop makes the head stand, and says why.
func (d *desk) stop(why string) {
	d.playing, d.why = false, why
	d.tellAll(d.headNow())
}

// receive answers one message of a viewer.
func (d *desk) receive(v *Viewer, message []byte) {
	var c command
	err := json.Unmarshal(message, &c)
	switch {
	case err != nil:
		c.ID, err = 0, fmt.Errorf("this is no command: %w", err)
	case (c.Do == "") == (c.Head == ""):
		err = fmt.Errorf("a command says either what to do or what the head does")
	case c.Do != "":
		err = d.do(c.Do)
	default:
		err = d.moveHead(c.Head)
	}
	a := answer{ID: c.ID, OK: err == nil}
	if err != nil {
		a.Error = sentence(err.Error())
	}
	d.tell(v, encode(a))
}

// do carries out a line of the scenario language at the head.
func (d *desk) do(line string) error {
	before := d.world.Recorder().Len()
	err := d.world.Do(line)
	d.look(before)
	if err == nil {
		d.decided = d.world.Now() // what was asked for is worth watching
	}
	d.flush()
	return err
}

// moveHead carries out a command about the head.
func (d *desk) moveHead(what string) error {
	verb, rest, _ := strings.Cut(what, " ")
	switch {
	case what == "play":
		return d.play()
	case what == "pause":
		d.stop("")
		return nil
	case what == "event":
		return d.stepTo(engine.Everything)
	case what == "decision":
		return d.stepTo(engine.Decisions)
	case verb == "speed":
		return d.setSpeed(rest)
	}
	return fmt.Errorf("the head knows play, pause, event, decision and speed, not %q", what)
}

func (d *desk) play() error {
	if d.frames.last >= maxEvents {
		return fmt.Errorf("this run has reached %d events, and ends here", maxEvents)
	}
	d.playing, d.why = true, ""
	d.tellAll(d.headNow())
	return nil
}

func (d *desk) setSpeed(s string) error {
	x, ok := parseSpeed(s)
	if !ok {
		return fmt.Errorf("a speed is auto or a number from %g to %d, not %q", leastSpeed, mostSpeed, s)
	}
	d.speed = x
	d.tellAll(d.headNow())
	return nil
}

// stepTo pauses the head and moves it until something of a depth has happened.
func (d *desk) stepTo(depth int) error {
	d.stop("")
	limit := d.world.Now() + stepReach
	for {
		next, ok := d.world.Next()
		if !ok || next > limit || d.frames.last >= maxEvents {
			d.flush()
			return fmt.Errorf("nothing of the kind happens within %d s", stepReach/engine.Second)
		}
		if d.runTo(next) <= depth {
			d.flush()
			d.tellAll(d.headNow())
			return nil
		}
	}
}

// sentence makes an error text one that people can read: a capital, a full stop, not too long.
func sentence(s string) string {
	if len(s) > 4*maxReason {
		s = strings.ToValidUTF8(s[:4*maxReason], "") + "…"
	}
	first, n := utf8.DecodeRuneInString(s)
	s = strings.ToUpper(string(first)) + s[n:]
	if !strings.ContainsAny(s[len(s)-1:], ".!?") && !strings.HasSuffix(s, "…") {
		s += "."
	}
	return s
}
