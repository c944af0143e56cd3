package node

// Rand is a seeded source of random numbers: SplitMix64 (Steele, Lea, Flood 2014). The same seed
// gives the same numbers on every machine and in every release. The zero value is seed 0.
type Rand struct{ seed, state uint64 }

// NewRand returns a source; different seeds give unrelated sequences.
func NewRand(seed uint64) *Rand { return &Rand{seed, seed} }

// Uint64 returns the next number, uniform over all 64 bits.
func (r *Rand) Uint64() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Intn returns a number in [0, n); n must be positive.
func (r *Rand) Intn(n int64) int64 { return int64(r.Uint64() % uint64(n)) }

// Split returns a new source that depends on this one's seed and on the label, not on how many
// numbers were drawn, so that one part's use of randomness does not shift another's.
func (r *Rand) Split(label uint64) *Rand {
	s := Rand{state: r.seed ^ (label+1)*0xd1342543de82ef95}
	return NewRand(s.Uint64())
}
