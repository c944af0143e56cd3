// Package delay draws random durations: how long a message travels, how long an fsync takes. It
// counts in integers, so that a seed gives the same durations on every processor.
package delay

import "zabscope/engine/node"

// Shape is how durations are distributed.
type Shape uint8

// The shapes. Unset leaves the choice to whoever uses the distribution.
const (
	Unset       Shape = iota
	Fixed             // always Base
	Uniform           // Base to Base+Spread, all alike
	Exponential       // Base plus an exponential tail of mean Spread
)

// Dist is a distribution of durations in nanoseconds. The zero value is Unset and draws 0.
type Dist struct {
	Shape  Shape     `json:"shape"`
	Base   node.Time `json:"base"`   // at least 0
	Spread node.Time `json:"spread"` // at least 0
}

// Always is the distribution of one duration.
func Always(d node.Time) Dist { return Dist{Fixed, d, 0} }

// Between is uniform over [lo, hi].
func Between(lo, hi node.Time) Dist { return Dist{Uniform, lo, hi - lo} }

// Tail is lo plus an exponential duration of the given mean.
func Tail(lo, mean node.Time) Dist { return Dist{Exponential, lo, mean} }

// Or returns d, or other if d is Unset.
func (d Dist) Or(other Dist) Dist {
	if d.Shape == Unset {
		return other
	}
	return d
}

// Draw returns a duration, drawing from r only if the shape is random.
func (d *Dist) Draw(r *node.Rand) node.Time {
	switch d.Shape {
	case Uniform:
		return d.Base + node.Time(r.Intn(int64(d.Spread)+1))
	case Exponential:
		return d.Base + exponential(r.Uint64(), d.Spread)
	}
	return d.Base
}

// exponential turns 64 random bits into an exponential duration: each leading zero bit is one
// half-life, and the other bits tell how far it goes into the next, along a parabola that is within
// 1 percent of the logarithm.
func exponential(bits uint64, mean node.Time) node.Time {
	const one = 1 << 16
	const ln2, bend = 45426, 22282 // in 1/65536
	halves := int64(0)
	for bits>>63 == 0 && halves < 40 {
		halves++
		bits <<= 1
	}
	part := one - int64(bits<<1>>48) // in (0, one]
	part -= (part * (one - part) >> 16) * bend >> 16
	life := int64(mean) * ln2 >> 16
	return node.Time(halves*life + (life>>16)*part + (life&0xffff)*part>>16)
}
