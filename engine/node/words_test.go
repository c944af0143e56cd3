package node

import (
	"strings"
	"testing"
)

// The driver's own kinds, with the arguments that readers of a trace rely on. Their order is part of
// saved traces.
func TestWorldKinds(t *testing.T) {
	want := []struct{ name, args string }{
		{"world.started", "incarnation"}, {"world.killed", ""}, {"world.crashed", "lostBytes"},
		{"world.stopped", ""}, {"world.exited", "reason"}, {"world.paused", ""},
		{"world.resumed", ""}, {"world.wiped", ""}, {"world.partitioned", "a b oneWay"},
		{"world.healed", ""}, {"world.held", "from to"}, {"world.released", "from to"},
		{"world.diskFault", "fault"}, {"world.clockSkewed", "rate"}, {"net.connected", "conn port"},
		{"net.accepted", "conn port"}, {"net.dialFailed", "conn port reason"},
		{"net.closed", "conn port reason"}, {"net.received", "conn"}, {"net.lost", "conn reason"},
		{"timer.fired", "timer n"}, {"disk.synced", "token"}, {"disk.syncFailed", "token reason"},
		{"world.commanded", "command"}, {"world.noted", "text"},
		{"check.violated", "rule statement facts bug"},
	}
	v := NewVocabulary(nil, nil, nil, nil)
	if len(v.Kinds) != len(want) || int(KindWorldEnd) != len(want) {
		t.Fatalf("%d kinds, want %d", len(v.Kinds), len(want))
	}
	for i, w := range want {
		k := v.Kinds[i]
		if k.Name != w.name || strings.Join(k.Args, " ") != w.args {
			t.Errorf("kind %d is %s(%s), want %s(%s)", i, k.Name, strings.Join(k.Args, " "), w.name,
				w.args)
		}
		if k.Depth > Hidden {
			t.Errorf("%s has depth %d", k.Name, k.Depth)
		}
	}
}

// How closely one must look: faults are seen from afar, the driver's housekeeping hardly ever.
func TestDepthsOfWorldKinds(t *testing.T) {
	v := NewVocabulary(nil, nil, nil, nil)
	for k, want := range map[Kind]Depth{KindCrashed: Decisions, KindPartitioned: Decisions,
		KindViolated: Decisions, KindSyncFailed: Decisions, KindReceived: Packets,
		KindConnClosed: Packets, KindConnected: Everything, KindFired: Hidden, KindSynced: Hidden} {
		if got := v.Kinds[k].Depth; got != want {
			t.Errorf("%s has depth %d, want %d", v.Kinds[k].Name, got, want)
		}
	}
}

// A protocol's words stand behind the driver's, and two vocabularies do not share their tails.
func TestVocabulariesAreApart(t *testing.T) {
	a := NewVocabulary([]KindInfo{{Name: "a.one"}}, []FieldInfo{{Name: "a"}},
		[]CheckInfo{{Name: "a.check"}}, []string{"a.timer"})
	b := NewVocabulary([]KindInfo{{Name: "b.one"}}, []FieldInfo{{Name: "b"}}, nil, nil)
	if a.Kinds[KindWorldEnd].Name != "a.one" || b.Kinds[KindWorldEnd].Name != "b.one" {
		t.Error("the kinds are mixed up")
	}
	if a.Fields[FieldWorldEnd].Name != "a" || b.Fields[FieldWorldEnd].Name != "b" {
		t.Error("the fields are mixed up")
	}
	if a.Checks[0].Name != "a.check" || a.Timers[0] != "a.timer" || b.Checks != nil {
		t.Error("checks or timers are not the protocol's own")
	}
}

// The words of a disk's errors are those of the operating system.
func TestDiskErrors(t *testing.T) {
	for err, want := range map[DiskError]string{ErrDiskFull: "no space left on device",
		ErrDiskIO: "input/output error", ErrNoFile: "no such file"} {
		if err.Error() != want {
			t.Errorf("%q, want %q", err.Error(), want)
		}
	}
}

// Servers and clients have their own ranges of ids; the world is neither.
func TestIDs(t *testing.T) {
	for id, want := range map[ID]bool{World: false, 1: false, 999: false, FirstClient - 1: false,
		FirstClient: true, FirstClient + 5: true, -1: false} {
		if id.IsClient() != want {
			t.Errorf("%d is a client: %v", id, id.IsClient())
		}
	}
}

// Time counts nanoseconds.
func TestUnitsOfTime(t *testing.T) {
	if Microsecond != 1000 || Millisecond != 1000*Microsecond || Second != 1000*Millisecond {
		t.Error("the units do not fit each other")
	}
}

// A driver makes events of its own with Begin, over and over in the same place.
func TestBeginReusesAnEvent(t *testing.T) {
	var e Event
	e.Begin(KindNoted).With(Text("a")).About(3).From(7).Leads().Check(1, true, Int(1)).Set(0, Int(2))
	if e.Peer != 3 || e.Cause != 7 || !e.Pivot || len(e.Ops) != 1 {
		t.Errorf("%+v", e)
	}
	e.Begin(KindHealed)
	if e.Kind != KindHealed || e.Peer != World || e.Cause != 0 || e.Pivot || len(e.Args) != 0 ||
		len(e.Checks) != 0 || len(e.Ops) != 0 {
		t.Errorf("something is left of the event before: %+v", e)
	}
}

// Only one check decides: the one that was added last when it was said.
func TestDecides(t *testing.T) {
	var e Event
	e.Begin(KindNoted).Check(1, false).Check(2, true).Decides().Check(3, false)
	for i, want := range []bool{false, true, false} {
		if e.Checks[i].Deciding != want {
			t.Errorf("check %d decides: %v", i, e.Checks[i].Deciding)
		}
	}
}
