package room

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"zabscope/engine"
	"zabscope/web/ws"
)

// refusal is an error with a code of the protocol.
type refusal struct {
	code string
	text string
}

// Error is the sentence.
func (r refusal) Error() string { return r.text }

// receive answers one message of a viewer. One that is gone is not heard any more.
func (d *desk) receive(v *Viewer, message []byte) {
	if v.gone {
		return
	}
	c, err := parse(message)
	if err != nil {
		d.fault(v, c.ID, ws.BadWords, codeMalformed, err.Error())
		return
	}
	switch {
	case c.Do != "":
		err = d.do(c.Do)
	case c.Head != "":
		err = d.moveHead(c.Head)
	default:
		d.typeLine(v, c)
		return
	}
	d.answer(v, answer{ID: c.ID}, err)
}

// parse reads a message strictly. With an error the id may still be right.
func parse(message []byte) (command, error) {
	var c command
	in := json.NewDecoder(bytes.NewReader(message))
	in.DisallowUnknownFields()
	if err := in.Decode(&c); err != nil {
		return command{}, fmt.Errorf("this is no command: %w", err)
	}
	if _, err := in.Token(); err != io.EOF {
		return command{}, fmt.Errorf("this is no command: something stands behind it")
	}
	asked := 0
	for _, s := range []string{c.Do, c.Head, c.CLI} {
		if s != "" {
			asked++
		}
	}
	switch {
	case c.ID <= 0:
		return command{}, fmt.Errorf("this is no command: its id is a number from 1")
	case asked != 1:
		return c, fmt.Errorf("a command has one of do, head and cli")
	case c.Server != 0 && c.CLI == "":
		return c, fmt.Errorf("a server belongs to cli")
	}
	return c, nil
}

// answer tells a viewer what has become of its command.
func (d *desk) answer(v *Viewer, a answer, err error) {
	a.OK = err == nil
	if err != nil {
		a.Code, a.Error = codeRefused, sentence(err.Error())
		if r, ok := err.(refusal); ok {
			a.Code = r.code
		}
		d.counters.Refused.Add(1)
	} else {
		d.counters.Done.Add(1)
	}
	d.tell(v, encode(a))
}

// fault tells a viewer what was wrong with a message, and ends its session.
func (d *desk) fault(v *Viewer, id int64, status int, code, text string) {
	if v.gone {
		return
	}
	d.counters.Faulty.Add(1)
	text = sentence(text)
	d.tell(v, encode(answer{ID: id, Code: code, Error: text}))
	d.leave(v, status, short(text))
}

// refuse answers a message that nobody has read.
func (d *desk) refuse(v *Viewer, f ws.Fault) {
	switch f {
	case ws.FaultBig:
		d.fault(v, 0, ws.TooBig, codeTooBig,
			fmt.Sprintf("a message has at most %d bytes", ws.ReadLimit))
	case ws.FaultOften:
		d.fault(v, 0, ws.BadWords, codeTooOften, fmt.Sprintf(
			"a viewer may send %d messages at once and %d a second", ws.Burst, ws.Rate))
	default:
		d.fault(v, 0, ws.BadWords, codeMalformed, "a message is text, not bytes")
	}
}

// open says why nothing can be done to the world any more, if so.
func (d *desk) open() error {
	switch {
	case d.full():
		return refusal{codeEnded, fmt.Sprintf("this run has reached %d events, and ends here",
			MaxEvents)}
	case len(d.actions) >= MaxActions:
		return refusal{codeEnded, fmt.Sprintf("this run has had %d commands, and takes no more",
			MaxActions)}
	}
	return nil
}

// act does something to the world at the head and writes down what, so that it can be done again.
// What was refused and yet left a trace is written down too.
func (d *desk) act(a Action, do func() error) error {
	if err := d.open(); err != nil {
		return err
	}
	played := d.playing
	before := d.world.Recorder().Len()
	a.At, a.After, a.Early = d.world.Now(), before, d.early()
	err := do()
	if err == nil || d.world.Recorder().Len() > before {
		d.actions, d.done = append(d.actions, a), nil
		d.tellAll(encode(actionMessage{a}))
		if d.settings.From != "" {
			d.family.did(d.settings.ID, a)
		}
	}
	d.look(before)
	if err == nil {
		d.decided = d.world.Now() // what was asked for is worth watching
	}
	d.flush()
	if played && !d.playing {
		d.tellAll(d.headNow())
	}
	d.offer()
	return err
}

// early reports whether something that is due by now is yet to happen.
func (d *desk) early() bool {
	next, ok := d.world.Next()
	return ok && next <= d.world.Now()
}

// do carries out a line of the scenario language at the head.
func (d *desk) do(line string) error {
	return d.act(Action{Do: line}, func() error { return d.world.Do(line) })
}

// typeLine types a line at a shell and answers it when the shell does.
func (d *desk) typeLine(v *Viewer, c command) {
	if v.waiting >= maxWaiting {
		d.answer(v, answer{ID: c.ID}, refusal{codeBusy,
			fmt.Sprintf("%d lines of yours still wait for an answer", maxWaiting)})
		return
	}
	v.waiting++
	var early func() // what was printed at once waits for the events that led to it
	busy := true
	printed := func(lines []string) {
		tell := func() {
			v.waiting--
			d.flush()
			d.answer(v, answer{ID: c.ID, Lines: notNil(lines)}, nil)
		}
		if busy {
			early = tell
			return
		}
		tell()
	}
	err := d.act(Action{CLI: c.CLI, Server: c.Server}, func() error {
		return d.world.Type(c.Server, c.CLI, printed)
	})
	busy = false
	switch {
	case err != nil:
		v.waiting--
		d.answer(v, answer{ID: c.ID}, err)
	case early != nil:
		early()
	}
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
	case verb == "stop":
		return d.setStops(strings.Fields(rest))
	}
	return fmt.Errorf("the head knows play, pause, event, decision, speed and stop, not %q", what)
}

func (d *desk) play() error {
	if err := d.open(); err != nil && d.full() {
		return err
	}
	d.playing, d.why, d.stopped = true, "", nil
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

// setStops says at which moments the head shall stand from now on; at none of them if there are none.
func (d *desk) setStops(names []string) error {
	var stops []engine.Stop
	for _, s := range engine.Stops {
		if slices.Contains(names, string(s)) {
			stops = append(stops, s)
		}
	}
	for _, name := range names {
		if !slices.Contains(engine.Stops, engine.Stop(name)) {
			return fmt.Errorf("the head can stop at %s, not at %q",
				strings.Trim(fmt.Sprint(engine.Stops), "[]"), name)
		}
	}
	d.stops = stops
	d.tellAll(d.headNow())
	return nil
}

// stepTo pauses the head and moves it until something of a depth has happened.
func (d *desk) stepTo(depth int) error {
	d.stop("")
	limit := d.world.Now() + stepReach
	for {
		next, ok := d.world.Next()
		switch {
		case d.full():
			d.flush()
			return d.open()
		case !ok || next > limit:
			d.flush()
			return fmt.Errorf("nothing of the kind happens within %d s", stepReach/engine.Second)
		}
		if d.runTo(next) <= depth {
			d.flush()
			d.tellAll(d.headNow())
			d.offer()
			return nil
		}
	}
}

// sentence makes an error text one that people can read: a capital, a full stop, not too long.
func sentence(s string) string {
	if len(s) > maxReason {
		s = strings.ToValidUTF8(s[:maxReason], "") + "…"
	}
	first, n := utf8.DecodeRuneInString(s)
	s = strings.ToUpper(string(first)) + s[n:]
	if !strings.ContainsAny(s[len(s)-1:], ".!?") && !strings.HasSuffix(s, "…") {
		s += "."
	}
	return s
}

// short cuts a reason to the length that a websocket closes with.
func short(reason string) string {
	const most = 120
	if len(reason) <= most {
		return reason
	}
	return strings.ToValidUTF8(reason[:most-len("…")], "") + "…"
}
