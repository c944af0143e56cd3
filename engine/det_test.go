package engine_test

import "testing"

func TestDet(t *testing.T) {
	for seed := uint64(220); seed <= 240; seed++ {
		var h [2][32]byte
		for i := range h {
			s := newSchedule(drawPlan(seed, "correct"))
			s.run()
			h[i] = s.rec.Hash()
			t.Log(seed, s.rec.Len())
		}
		if h[0] != h[1] {
			t.Errorf("seed %d", seed)
		}
	}
}
