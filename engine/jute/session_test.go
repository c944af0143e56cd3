package jute

import (
	"bytes"
	"math"
	"testing"

	"zabscope/engine/zk"
)

// The password that a real server gave to this session.
func TestSessionPassword(t *testing.T) {
	p := SessionPassword(0x100002279260000)
	if want := unhex(t, "78abb4eda50330771697d4fcf6602c98"); !bytes.Equal(p[:], want) {
		t.Errorf("%x, want %x", p, want)
	}
	if SessionPassword(0x100002279260001) == p {
		t.Error("two sessions have one password")
	}
}

// SessionTrackerImpl.initializeNextSessionId: (elapsed << 24) >>> 8 | sid << 56
func TestInitialSessionID(t *testing.T) {
	for _, c := range []struct {
		name    string
		elapsed int64
		sid     zk.SID
		want    int64
	}{
		{"machine just started", 0, 1, 0x0100000000000000},
		{"one millisecond", 1, 1, 0x0100000000010000},
		{"as recorded", 0x227926, 1, 0x100002279260000},
		{"the top 24 bits of the time are lost", 0x1234560000000001, 2, 0x0200000000010000},
		{"sid with the sign bit", 5, 255, -0x0100000000000000 + 0x50000},
		{"the mark of containers is left out", 0, 128, math.MinInt64 + 1},
	} {
		if got := InitialSessionID(c.elapsed, c.sid); got != c.want {
			t.Errorf("%s: %#x, want %#x", c.name, uint64(got), uint64(c.want))
		}
	}
}
