package node

import "testing"

// Vectors of SplitMix64 with seed 1234567, as published with the algorithm.
func TestSplitMix64(t *testing.T) {
	r := NewRand(1234567)
	for i, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423} {
		if got := r.Uint64(); got != want {
			t.Errorf("number %d is %d, want %d", i, got, want)
		}
	}
}

func TestNumbersStayInRange(t *testing.T) {
	r := NewRand(7)
	seen := map[int64]bool{}
	for range 1000 {
		n := r.Intn(5)
		if n < 0 || n >= 5 {
			t.Fatalf("%d is not in [0, 5)", n)
		}
		seen[n] = true
	}
	if len(seen) != 5 {
		t.Errorf("only %v came", seen)
	}
}

// What one part draws does not change what another gets.
func TestSplitDependsOnSeedAndLabelOnly(t *testing.T) {
	a, b := NewRand(1), NewRand(1)
	b.Uint64()
	if a.Split(3).Uint64() != b.Split(3).Uint64() {
		t.Error("drawing shifts the parts")
	}
	if a.Split(3).Uint64() == a.Split(4).Uint64() || a.Split(3).Uint64() == NewRand(2).Split(3).Uint64() {
		t.Error("label or seed make no difference")
	}
}

func TestConnectionsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[ConnID]bool{}
	for id := ID(1); id < 4; id++ {
		for life := range uint16(3) {
			for n := range uint32(3) {
				seen[MakeConn(id, life, n)] = true
			}
		}
	}
	if len(seen) != 27 {
		t.Errorf("%d names for 27 connections", len(seen))
	}
	if ID(7).IsClient() || !FirstClient.IsClient() {
		t.Error("who is a client?")
	}
}
