package sim_test

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/trace"
)

// ball is a message without a payload.
type ball struct{}

func (*ball) WireSize() int          { return 40 }
func (*ball) Describe(e *node.Event) { e.Begin(said).With(node.Text("ball"), node.Zxid(1<<32|7)) }

// player returns each ball, pushes back its timeout, and says so: what a server does with a packet.
type player struct {
	id   node.ID
	out  node.Out
	ball ball
	hits int64
}

func (p *player) SetTracing(on bool) { p.out.Tracing = on }
func (p *player) View() *node.State  { return node.NewState() }

func (p *player) Step(in node.Input, buf []node.Effect) []node.Effect {
	o := &p.out
	o.Begin(in.Now, buf)
	switch in.Kind {
	case node.Start:
		o.Listen(7)
		if p.id > 1 {
			o.Dial(node.MakeConn(p.id, in.Incarnation, 1), 1, 7, 0)
		}
	case node.Accepted, node.Received:
		p.hits++
		o.SetTimer(node.Timer{Kind: timerWait, N: int64(in.Peer)}, in.Now+node.Second)
		if o.Tracing {
			o.Event(decided).With(node.Text("hit")).
				Check(0, true, node.Int(p.hits), node.Int(3)).Decides().
				Set(fieldInputs, node.Int(p.hits)).Leads()
		}
		o.Send(in.Conn, &p.ball)
	}
	return o.End()
}

// match makes five players; four balls are in the air.
func match(r *trace.Recorder) *sim.Sim {
	s := sim.New(sim.Config{Seed: 1, Vocabulary: toyVocabulary, Recorder: r})
	for id := node.ID(1); id <= 5; id++ {
		s.Add(id, "", func(node.Disk, *node.Rand) node.Machine { return &player{id: id} })
		if err := s.Start(id); err != nil {
			panic(err)
		}
	}
	s.RunUntil(10 * node.Millisecond)
	return s
}

// The loop allocates nothing once it is warm.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	s := match(nil)
	s.RunUntil(3 * node.Second)
	if n := testing.AllocsPerRun(1000, func() { s.Step() }); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}

// With a trace only the trace's own pieces are allocated.
func TestTracedStepAllocatesNothing(t *testing.T) {
	s := match(trace.New(trace.Header{Vocabulary: toyVocabulary}))
	s.RunUntil(3 * node.Second)
	if n := testing.AllocsPerRun(1000, func() { s.Step() }); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}

// One operation is one message: its arrival, the receiver's step, its answer's departure.
func BenchmarkMessageDetached(b *testing.B) {
	s := match(nil)
	b.ReportAllocs()
	for b.Loop() {
		s.Step()
	}
}

// The same with three events recorded for each message.
func BenchmarkMessageTraced(b *testing.B) {
	r := trace.New(trace.Header{Vocabulary: toyVocabulary})
	s := match(r)
	b.ReportAllocs()
	for b.Loop() {
		s.Step()
	}
	n := float64(r.Len())
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/n, "ns/event")
	b.ReportMetric(float64(r.MemoryBytes())/n, "B/event")
}
