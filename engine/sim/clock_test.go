package sim

import (
	"math"
	"testing"

	"zabscope/engine/node"
)

// A clock shows what its rate says, and when is the first moment at which it shows a time.
func TestClock(t *testing.T) {
	for _, rate := range []int64{1000, 333_333, 999_999, normalRate, 1_000_001, 2_000_000, 1e9} {
		c := clock{rate: normalRate}
		c.set(5*node.Second, rate)
		if c.at(5*node.Second) != 5*node.Second {
			t.Errorf("rate %d: the clock jumps to %d", rate, c.at(5*node.Second))
		}
		shown := c.at(15 * node.Second)
		if want := 5*node.Second + node.Time(10_000*rate); shown != want {
			t.Errorf("rate %d: after 10 s the clock shows %d, want %d", rate, shown, want)
		}
		for _, local := range []node.Time{shown, shown + 1, 5*node.Second + 7, 5*node.Second - 9} {
			w := c.when(local)
			if w < 5*node.Second { // before the rate: it showed the world's time
				if w != local {
					t.Errorf("rate %d: %d was shown at %d", rate, local, w)
				}
				continue
			}
			if c.at(w) < local || w > 5*node.Second && c.at(w-1) >= local {
				t.Errorf("rate %d: %d is shown at %d, when the clock shows %d", rate, local, w,
					c.at(w))
			}
		}
	}
}

// Changing the rate bends the clock's curve, it does not break it.
func TestClockGoesOn(t *testing.T) {
	c := clock{rate: normalRate}
	c.set(10, 2_000_000)
	c.set(20, 500_000)
	c.set(40, normalRate)
	if got := c.at(50); got != 10+20+10+10 {
		t.Errorf("the clock shows %d", got)
	}
}

// Times too far to count are at the end of time, not in the past.
func TestClockDoesNotOverflow(t *testing.T) {
	c := clock{rate: normalRate}
	c.set(0, 1000)
	if got := c.when(math.MaxInt64 / 2); got != math.MaxInt64 {
		t.Errorf("the far future is at %d", got)
	}
}
