package delay

import (
	"math"
	"testing"

	"zabscope/engine/node"
)

// draws returns the least, the mean and the most of many durations.
func draws(d Dist) (lo, mean, hi float64) {
	r := node.NewRand(1)
	lo = math.Inf(1)
	const n = 100_000
	for range n {
		x := float64(d.Draw(r))
		lo, hi, mean = min(lo, x), max(hi, x), mean+x
	}
	return lo, mean / n, hi
}

func TestShapes(t *testing.T) {
	for _, c := range []struct {
		name         string
		d            Dist
		lo, mean, hi float64
		tolerance    float64
	}{
		{"unset", Dist{}, 0, 0, 0, 0},
		{"always", Always(7), 7, 7, 7, 0},
		{"between", Between(100, 200), 100, 150, 200, 1},
		{"between equals", Between(5, 5), 5, 5, 5, 0},
		{"tail", Tail(1000, 10_000), 1000, 11_000, 110_000, 300},
	} {
		lo, mean, hi := draws(c.d)
		if math.Abs(lo-c.lo) > c.tolerance || math.Abs(mean-c.mean) > c.tolerance ||
			c.name != "tail" && hi != c.hi || hi > 3*c.hi {
			t.Errorf("%s: %v to %v, mean %v", c.name, lo, hi, mean)
		}
	}
}

// The tail follows exp(-t/mean): the shares beyond one, two and five means are those of the curve.
func TestTailIsExponential(t *testing.T) {
	const n, mean = 200_000, 1_000_000
	r, d := node.NewRand(2), Tail(0, mean)
	var beyond [6]float64
	for range n {
		x := d.Draw(r)
		for k := range beyond {
			if x > node.Time(k*mean) {
				beyond[k]++
			}
		}
	}
	for _, k := range []int{1, 2, 5} {
		want := math.Exp(-float64(k))
		if got := beyond[k] / n; math.Abs(got-want) > 0.02*want+0.001 {
			t.Errorf("%.4f of all are beyond %d means, want %.4f", got, k, want)
		}
	}
}

// The same numbers on every processor and in every release.
func TestTailIsPinned(t *testing.T) {
	r, d := node.NewRand(42), Tail(0, 1_000_000)
	for i, want := range []node.Time{299422, 1838427, 1283126, 1069818, 3275304} {
		if got := d.Draw(r); got != want {
			t.Errorf("draw %d is %d, want %d", i, got, want)
		}
	}
}

func TestOr(t *testing.T) {
	if (Dist{}).Or(Always(3)) != Always(3) || Always(0).Or(Always(3)) != Always(0) {
		t.Error("only an unset distribution gives way")
	}
}
