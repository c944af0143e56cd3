package node

// Out is the buffer through which a machine writes its effects. A machine owns one, calls Begin at
// the start of Step and End at its end; in between, its parts write to it in order. Events come from
// a pool that the next Begin takes back, so that a step allocates nothing once it is warm.
type Out struct {
	// Tracing tells whether anybody listens; without it Event returns a scratch event that is
	// dropped, and parts may skip the making of expensive arguments.
	Tracing bool
	// Now is the time of the current step.
	Now Time

	effects []Effect
	events  []*Event
	used    int
	scratch Event
}

// Begin starts a step that appends to buf.
func (o *Out) Begin(now Time, buf []Effect) {
	o.Now, o.effects, o.used = now, buf, 0
}

// End returns the buffer with all that was written since Begin.
func (o *Out) End() []Effect {
	buf := o.effects
	o.effects = nil
	return buf
}

// Listen opens a port.
func (o *Out) Listen(p Port) { o.effects = append(o.effects, Effect{Kind: Listen, Port: p}) }

// Unlisten closes a port to new connections.
func (o *Out) Unlisten(p Port) { o.effects = append(o.effects, Effect{Kind: Unlisten, Port: p}) }

// Dial opens a connection; it fails if it is not up by the time given.
func (o *Out) Dial(c ConnID, peer ID, p Port, failAt Time) {
	o.effects = append(o.effects, Effect{Kind: Dial, Conn: c, Peer: peer, Port: p, At: failAt})
}

// Send puts a message on a connection.
func (o *Out) Send(c ConnID, m Message) {
	o.effects = append(o.effects, Effect{Kind: Send, Conn: c, Msg: m})
}

// Close ends a connection.
func (o *Out) Close(c ConnID) { o.effects = append(o.effects, Effect{Kind: Close, Conn: c}) }

// SetTimer arms a timer for time at, replacing a pending one of the same name.
func (o *Out) SetTimer(t Timer, at Time) {
	o.effects = append(o.effects, Effect{Kind: SetTimer, Timer: t, At: at})
}

// CancelTimer disarms a timer; one that is not armed is no error.
func (o *Out) CancelTimer(t Timer) {
	o.effects = append(o.effects, Effect{Kind: CancelTimer, Timer: t})
}

// Sync asks for an fsync of files; the slice must not change until the token comes back.
func (o *Out) Sync(t Token, files ...string) {
	o.effects = append(o.effects, Effect{Kind: Sync, Token: t, Files: files})
}

// Exit ends the process.
func (o *Out) Exit(reason string) {
	o.effects = append(o.effects, Effect{Kind: Exit, Reason: reason})
}

// Event emits an event of kind k and returns it to be filled in; it is valid until the next Begin.
func (o *Out) Event(k Kind) *Event {
	e := &o.scratch
	if o.Tracing {
		if o.used == len(o.events) {
			o.events = append(o.events, new(Event))
		}
		e = o.events[o.used]
		o.used++
		o.effects = append(o.effects, Effect{Kind: Emit, Event: e})
	}
	e.clear(k)
	return e
}

func (e *Event) clear(k Kind) {
	e.Kind, e.Pivot, e.Peer, e.Cause = k, false, World, 0
	e.Args, e.Checks, e.Ops = e.Args[:0], e.Checks[:0], e.Ops[:0]
}

// Begin makes the event of kind k with no arguments; drivers use it for events of their own.
func (e *Event) Begin(k Kind) *Event { e.clear(k); return e }

// With sets the arguments, in the order of the kind's description.
func (e *Event) With(args ...Value) *Event {
	e.Args = append(e.Args, args...)
	return e
}

// About names the other machine.
func (e *Event) About(peer ID) *Event { e.Peer = peer; return e }

// Leads makes the event the cause of what follows in the step.
func (e *Event) Leads() *Event { e.Pivot = true; return e }

// From names the event's cause, from the machine's memory.
func (e *Event) From(cause Seq) *Event { e.Cause = cause; return e }

// Check adds a step of the decision.
func (e *Event) Check(c CheckCode, answer bool, values ...Value) *Event {
	if n := len(e.Checks); n < cap(e.Checks) {
		e.Checks = e.Checks[:n+1]
		k := &e.Checks[n]
		k.Code, k.Answer, k.Deciding = c, answer, false
		k.Values = append(k.Values[:0], values...)
		return e
	}
	e.Checks = append(e.Checks, Check{c, answer, false, append([]Value(nil), values...)})
	return e
}

// Decides marks the check added last as the one that settled the decision.
func (e *Event) Decides() *Event {
	e.Checks[len(e.Checks)-1].Deciding = true
	return e
}

func (e *Event) op(code OpCode, f Field, key Value, values []Value) *Event {
	if n := len(e.Ops); n < cap(e.Ops) {
		e.Ops = e.Ops[:n+1]
		p := &e.Ops[n]
		p.Code, p.Field, p.Key = code, f, key
		p.Values = append(p.Values[:0], values...)
		return e
	}
	e.Ops = append(e.Ops, Op{code, f, key, append([]Value(nil), values...)})
	return e
}

// Set changes a scalar of the machine's visible state.
func (e *Event) Set(f Field, values ...Value) *Event { return e.op(OpSet, f, Value{}, values) }

// Append adds an entry to a list.
func (e *Event) Append(f Field, values ...Value) *Event { return e.op(OpAppend, f, Value{}, values) }

// Cut keeps the first n entries of a list.
func (e *Event) Cut(f Field, n int) *Event { return e.op(OpCut, f, Int(int64(n)), nil) }

// Put sets an entry of a map.
func (e *Event) Put(f Field, key Value, values ...Value) *Event { return e.op(OpPut, f, key, values) }

// Drop removes an entry of a map.
func (e *Event) Drop(f Field, key Value) *Event { return e.op(OpDrop, f, key, nil) }

// DropAll empties a map.
func (e *Event) DropAll(f Field) *Event { return e.op(OpDrop, f, Value{}, nil) }

// Reset forgets all state of the machine that is not on disk.
func (e *Event) Reset() *Event { return e.op(OpReset, 0, Value{}, nil) }
