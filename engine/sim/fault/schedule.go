package fault

import (
	"slices"

	"zabscope/engine/node"
)

// Options shape random schedules. The zero value of a field stands for the default named with it.
type Options struct {
	// Machines are those that faults may hit; without any there are no faults but Settle.
	Machines []node.ID `json:"machines"`
	// Kinds from which each seed draws the ones that it uses; by default all but Wipe, FillDisk,
	// FailSync and Stop.
	Kinds []Kind `json:"kinds,omitempty"`
	// Begin is the time of the first fault at the earliest.
	Begin node.Time `json:"begin,omitempty"`
	// Duration of the time with faults; 20 s by default.
	Duration node.Time `json:"duration,omitempty"`
	// Gap is the mean time between two faults; 500 ms by default.
	Gap node.Time `json:"gap,omitempty"`
	// Quiet is the time without faults at the end; 20 s by default.
	Quiet node.Time `json:"quiet,omitempty"`
	// MaxDown is how many machines may be down or paused at once; all by default.
	MaxDown int `json:"maxDown,omitempty"`
}

var usualKinds = []Kind{Kill, Crash, Pause, Partition, Break, SlowDisk, Skew}

func (o Options) withDefaults() Options {
	if o.Kinds == nil {
		o.Kinds = usualKinds
	}
	if o.Duration == 0 {
		o.Duration = 20 * node.Second
	}
	if o.Gap == 0 {
		o.Gap = 500 * node.Millisecond
	}
	if o.Quiet == 0 {
		o.Quiet = 20 * node.Second
	}
	if o.MaxDown == 0 {
		o.MaxDown = len(o.Machines)
	}
	return o
}

// plan is what a schedule has done so far to the world, if nothing else happens there.
type plan struct {
	Options
	rand   *node.Rand
	now    node.Time
	weight []int64 // of each of Kinds, 0: this seed does not use it
	heals  int64   // in 1/8: how often a fault is taken back rather than a new one made
	cut    bool
	state  map[node.ID]Kind // Kill, Crash, Stop or Pause of those that do not run; no entry: up
	broken map[node.ID]bool // disks and clocks that are not right
	out    []Fault
}

// Schedule draws a schedule from a seed. Which kinds occur, how often each, and how soon things are
// repaired differ from seed to seed (swarm testing: Groce et al. 2012), since many bugs hide where
// some kinds are absent. A schedule is in order of time; it always ends with Settle, which repairs
// and starts everything, and Quiet, the time until which the world should then run.
func Schedule(seed uint64, o Options) []Fault {
	p := plan{Options: o.withDefaults(), rand: node.NewRand(seed), state: map[node.ID]Kind{},
		broken: map[node.ID]bool{}}
	p.now = p.Begin
	p.drawWeights()
	end := p.Begin + p.Duration
	for len(p.Machines) > 0 {
		p.now += p.gap()
		if p.now >= end {
			break
		}
		if !(p.rand.Intn(8) < p.heals && p.undo()) {
			p.add()
		}
	}
	p.now = end
	p.emit(Fault{Kind: Settle})
	p.now += p.Quiet
	p.emit(Fault{Kind: Quiet})
	return p.out
}

// drawWeights decides which kinds this seed uses, at least one.
func (p *plan) drawWeights() {
	p.heals = 2 + p.rand.Intn(4)
	p.weight = make([]int64, len(p.Kinds))
	if len(p.Kinds) == 0 {
		return
	}
	for i := range p.weight {
		if p.rand.Intn(2) == 0 {
			p.weight[i] = 1 + p.rand.Intn(8)
		}
	}
	p.weight[p.rand.Intn(int64(len(p.weight)))]++
}

// gap draws the time to the next fault: mostly short, at times long, Gap on average.
func (p *plan) gap() node.Time {
	g := int64(p.Gap)
	if p.rand.Intn(4) == 0 {
		return node.Time(p.rand.Intn(4*g) + g/2)
	}
	return node.Time(p.rand.Intn(g) + g/20)
}

func (p *plan) emit(f Fault) {
	f.At = p.now
	p.out = append(p.out, f)
}

// add makes a new fault of a kind drawn by weight, if the world as planned allows it.
func (p *plan) add() {
	total := int64(0)
	for _, w := range p.weight {
		total += w
	}
	if total == 0 {
		return
	}
	n := p.rand.Intn(total)
	for i, w := range p.weight {
		if n < w {
			p.make(p.Kinds[i])
			return
		}
		n -= w
	}
}

func (p *plan) make(k Kind) {
	id := p.anyOf(p.Machines)
	switch k {
	case Kill, Crash, Stop, Pause:
		p.takeDown(k, id)
	case Wipe:
		if s := p.state[id]; s != "" && s != Pause {
			p.emit(Fault{Kind: Wipe, Node: id})
		}
	case Partition:
		p.partition()
	case Break:
		if peer := p.anyOf(p.Machines); peer != id {
			p.emit(Fault{Kind: Break, Node: id, Peer: peer})
		}
	case SlowDisk:
		p.spoil(Fault{Kind: k, Node: id, Delay: p.between(5*node.Millisecond, node.Second)})
	case FillDisk:
		p.spoil(Fault{Kind: k, Node: id, Bytes: p.rand.Intn(64 << 10)})
	case FailSync:
		p.spoil(Fault{Kind: k, Node: id})
	case Skew:
		p.spoil(Fault{Kind: k, Node: id, Rate: float64(50+p.rand.Intn(151)) / 100})
	}
}

func (p *plan) takeDown(k Kind, id node.ID) {
	if p.state[id] != "" || len(p.state) >= p.MaxDown {
		return
	}
	f := Fault{Kind: k, Node: id}
	if k == Crash && p.rand.Intn(2) == 0 {
		f.Bytes = -1
	}
	p.state[id] = k
	p.emit(f)
}

// partition splits the machines in two, evenly or with one alone; one in four is one-way.
func (p *plan) partition() {
	if len(p.Machines) < 2 {
		return
	}
	ids := slices.Clone(p.Machines)
	for i := len(ids) - 1; i > 0; i-- {
		j := p.rand.Intn(int64(i + 1))
		ids[i], ids[j] = ids[j], ids[i]
	}
	n := 1 + p.rand.Intn(int64(len(ids)-1))
	a, b := ids[:n:n], ids[n:]
	slices.Sort(a)
	slices.Sort(b)
	p.cut = true
	p.emit(Fault{Kind: Partition, A: a, B: b, OneWay: p.rand.Intn(4) == 0})
}

func (p *plan) spoil(f Fault) {
	p.broken[f.Node] = true
	p.emit(f)
}

// undo takes one fault back; false if there is none.
func (p *plan) undo() bool {
	var options []func()
	if p.cut {
		options = append(options, func() { p.cut = false; p.emit(Fault{Kind: Heal}) })
	}
	for _, id := range p.Machines {
		if s := p.state[id]; s != "" {
			options = append(options, func() { p.bringUp(id, s) })
		}
		if p.broken[id] {
			options = append(options, func() {
				delete(p.broken, id)
				p.emit(Fault{Kind: RepairDisk, Node: id})
				p.emit(Fault{Kind: Skew, Node: id, Rate: 1})
			})
		}
	}
	if len(options) == 0 {
		return false
	}
	options[p.rand.Intn(int64(len(options)))]()
	return true
}

func (p *plan) bringUp(id node.ID, was Kind) {
	delete(p.state, id)
	k := Start
	if was == Pause {
		k = Resume
	}
	p.emit(Fault{Kind: k, Node: id})
}

func (p *plan) anyOf(ids []node.ID) node.ID { return ids[p.rand.Intn(int64(len(ids)))] }

func (p *plan) between(lo, hi node.Time) node.Time {
	return lo + node.Time(p.rand.Intn(int64(hi-lo)+1))
}
