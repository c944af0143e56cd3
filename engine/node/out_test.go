package node

import (
	"reflect"
	"testing"
)

// What a machine writes comes out in the order in which it was written, behind what was there.
func TestEffectsKeepTheirOrder(t *testing.T) {
	o := Out{Tracing: true}
	before := []Effect{{Kind: Listen, Port: 1}}
	o.Begin(5, before)
	if o.Now != 5 {
		t.Error("the time of the step is lost")
	}
	timer := Timer{Kind: 3, N: 4}
	o.Listen(2)
	o.Dial(7, 8, 9, 10)
	e := o.Event(KindNoted)
	o.Send(7, nil)
	o.SetTimer(timer, 11)
	o.CancelTimer(timer)
	o.Sync(12, "a", "b")
	o.Close(7)
	o.Unlisten(2)
	o.Exit("tired")
	want := []Effect{{Kind: Listen, Port: 1}, {Kind: Listen, Port: 2},
		{Kind: Dial, Conn: 7, Peer: 8, Port: 9, At: 10}, {Kind: Emit, Event: e},
		{Kind: Send, Conn: 7}, {Kind: SetTimer, Timer: timer, At: 11},
		{Kind: CancelTimer, Timer: timer}, {Kind: Sync, Token: 12, Files: []string{"a", "b"}},
		{Kind: Close, Conn: 7}, {Kind: Unlisten, Port: 2}, {Kind: Exit, Reason: "tired"}}
	if got := o.End(); !reflect.DeepEqual(got, want) {
		t.Errorf("effects\n%v, want\n%v", got, want)
	}
}

// Nobody listens: the event can be filled in, and nothing comes of it.
func TestWithoutATraceEventsVanish(t *testing.T) {
	var o Out
	o.Begin(0, nil)
	o.Event(KindNoted).With(Text("x")).About(3).Check(1, true).Decides().Set(role, Int(1)).Leads()
	if got := o.End(); len(got) != 0 {
		t.Errorf("effects %v", got)
	}
}

// An event of the pool carries nothing of the event that it was in an earlier step.
func TestAnEventBeginsEmpty(t *testing.T) {
	o := Out{Tracing: true}
	o.Begin(0, nil)
	o.Event(KindNoted).With(Text("x")).About(3).From(9).Check(1, true, Int(1)).Decides().
		Put(marks, Int(1), Int(2)).Leads()
	o.End()
	o.Begin(1, nil)
	e := o.Event(KindHealed)
	if e.Kind != KindHealed || e.Peer != World || e.Cause != 0 || e.Pivot ||
		len(e.Args)+len(e.Checks)+len(e.Ops) != 0 {
		t.Errorf("left over: %+v", e)
	}
	e.Check(2, false, Int(5)).Append(ledger).Cut(ledger, 3).Drop(marks, Int(1)).DropAll(marks).Reset()
	checks := []Check{{Code: 2, Values: []Value{Int(5)}}}
	if !reflect.DeepEqual(e.Checks, checks) {
		t.Errorf("checks %+v, want %+v", e.Checks, checks)
	}
	for i, want := range []OpCode{OpAppend, OpCut, OpDrop, OpDrop, OpReset} {
		if e.Ops[i].Code != want {
			t.Errorf("operation %d is %d, want %d", i, e.Ops[i].Code, want)
		}
	}
}

// Once the pool is warm a step costs no memory.
func TestASteadyStepAllocatesNothing(t *testing.T) {
	o := Out{Tracing: true}
	var buf []Effect
	step := func() {
		o.Begin(0, buf[:0])
		for range 4 {
			o.Event(KindNoted).With(Int(1), Int(2)).Check(1, true, Int(3)).Decides().
				Put(marks, Int(1), Int(2), Int(3))
			o.Send(1, nil)
		}
		buf = o.End()
	}
	step()
	if n := testing.AllocsPerRun(100, step); n != 0 {
		t.Errorf("%v allocations per step", n)
	}
}
