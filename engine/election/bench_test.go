package election

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// quiet makes a world whose servers trace as told, without the tests' own checks.
func quiet(b testing.TB, n int, tracing bool) *world {
	w := newWorld(b, majority(n), n)
	w.record = false
	for _, s := range w.servers {
		s.tracing, s.keep = tracing, false
	}
	return w
}

func all(n int) (sids []zk.SID) {
	for i := 1; i <= n; i++ {
		sids = append(sids, zk.SID(i))
	}
	return sids
}

// elect runs a whole cold start: connections, votes, finalizeWait.
func elect(b *testing.B, n int, tracing bool) {
	b.ReportAllocs()
	steps := 0
	for b.Loop() {
		w := quiet(b, n, tracing)
		w.start(all(n)...)
		w.untilLed(zk.SID(n), all(n)...)
		steps += w.steps
	}
	b.ReportMetric(float64(steps)/float64(b.N), "steps/op")
}

func BenchmarkElection3Traced(b *testing.B)   { elect(b, 3, true) }
func BenchmarkElection5Traced(b *testing.B)   { elect(b, 5, true) }
func BenchmarkElection5Untraced(b *testing.B) { elect(b, 5, false) }
func BenchmarkElection9Traced(b *testing.B)   { elect(b, 9, true) }

// A re-election on open connections, as after the loss of a leader.
func BenchmarkReelection5Traced(b *testing.B) {
	w := quiet(b, 5, true)
	w.start(all(5)...)
	w.untilLed(5, all(5)...)
	b.ReportAllocs()
	for b.Loop() {
		for _, sid := range all(5) {
			w.again(sid)
		}
		w.untilLed(5, all(5)...)
	}
}

// One vote that changes nothing: no allocation, traced or not.
func TestKeptVoteAllocatesNothingUntraced(t *testing.T) {
	l := newLone(t, 3, majority(5), func(s *server) { s.keep = false })
	n := looking(1, 0, 0, 1)
	l.hear(1, n)
	l.tracing = false
	in := node.Input{Kind: node.Received, Conn: l.conn[1], Msg: &n}
	call := func(o *node.Out) { l.dispatch(o, &in) }
	if a := testing.AllocsPerRun(200, func() { l.step(call) }); a != 0 {
		t.Errorf("%v allocations", a)
	}
}
