package sim

import (
	"math"
	"math/bits"

	"zabscope/engine/node"
)

// normalRate is the rate of a clock that goes right, in millionths.
const normalRate = 1_000_000

// clock turns the world's time into a machine's and back. It counts in integers, so that it goes
// alike on every processor.
type clock struct {
	rate  int64     // millionths of a local nanosecond per nanosecond, positive
	world node.Time // since when the rate holds
	local node.Time // what the clock showed then
}

// at is what the clock shows at time t, which is not before the last change of rate.
func (c *clock) at(t node.Time) node.Time {
	if c.rate == normalRate {
		return c.local + t - c.world
	}
	return c.local + scale(t-c.world, c.rate, normalRate)
}

// when is the first time at which the clock shows local or more.
func (c *clock) when(local node.Time) node.Time {
	d := local - c.local
	if c.rate == normalRate || d <= 0 {
		return c.world + d
	}
	d = scale(d, normalRate, c.rate)
	if d > math.MaxInt64-c.world-1 {
		return math.MaxInt64
	}
	t := c.world + d
	for c.at(t) < local {
		t++ // scale rounds down
	}
	return t
}

// set changes the rate at time now.
func (c *clock) set(now node.Time, rate int64) {
	c.local, c.world, c.rate = c.at(now), now, rate
}

// scale is d*by/of, rounded down, for d not negative; it ends at the largest time.
func scale(d node.Time, by, of int64) node.Time {
	hi, lo := bits.Mul64(uint64(d), uint64(by))
	if hi >= uint64(of) {
		return math.MaxInt64
	}
	q, _ := bits.Div64(hi, lo, uint64(of))
	return node.Time(min(q, math.MaxInt64))
}
