package peer_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/peer"
	"zabscope/engine/sim"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// writer is a client that keeps a number of setData requests in flight and counts the answers.
type writer struct {
	out      node.Out
	server   node.ID
	window   int
	xid      int32
	answered int
	conn     node.ConnID
	request  *zk.Request
}

func (w *writer) SetTracing(on bool) { w.out.Tracing = on }
func (w *writer) View() *node.State  { return node.NewState() }

func (w *writer) Step(in node.Input, buf []node.Effect) []node.Effect {
	o := &w.out
	o.Begin(in.Now, buf)
	switch in.Kind {
	case node.Start:
		w.conn = node.MakeConn(node.FirstClient, in.Incarnation, 1)
		o.Dial(w.conn, w.server, zk.ClientPort, in.Now+node.Second)
	case node.Connected:
		o.Send(w.conn, &jute.ConnectRequest{Timeout: 300000, HasReadOnly: true})
	case node.Received:
		switch m := in.Msg.(type) {
		case *jute.ConnectResponse:
			w.ask(o, &zk.Request{Type: zk.OpCreate, Path: "/a", ACL: zk.OpenACLUnsafe})
			for range w.window {
				w.ask(o, w.request)
			}
		case *jute.ClientReply:
			if m.Result.Err != zk.ErrOK {
				panic(m.Result.Err)
			}
			w.answered++
			w.ask(o, w.request)
		}
	}
	return o.End()
}

func (w *writer) ask(o *node.Out, r *zk.Request) {
	w.xid++
	o.Send(w.conn, &jute.ClientRequest{Xid: w.xid, Request: r})
}

// world is an ensemble of n servers that all run and have a leader.
func world(b *testing.B, n int, rec *trace.Recorder) *sim.Sim {
	b.Helper()
	var ms []zk.Member
	for i := 1; i <= n; i++ {
		ms = append(ms, zk.Member{SID: zk.SID(i), Host: fmt.Sprintf("10.77.0.%d", i+1),
			QuorumPort: zk.QuorumPort, ElectionPort: zk.ElectionPort, ClientPort: zk.ClientPort})
	}
	m := zk.NewMembership(ms)
	s := sim.New(sim.Config{Seed: 1, Vocabulary: event.Vocabulary, Recorder: rec})
	for i := 1; i <= n; i++ {
		cfg := peer.Config{SID: zk.SID(i), Membership: m, Zoo: zk.DefaultConfig(),
			Options: zk.Options3_8_0()}
		s.Add(node.ID(i), "", func(d node.Disk, r *node.Rand) node.Machine {
			return peer.New(cfg, d, r)
		})
		s.Start(node.ID(i))
	}
	s.Run(func() bool { return serving(s, n) == n }, 1<<20)
	s.RunUntil(s.Now() + node.Second)
	return s
}

// mode is a server's role as srvr tells it, "down" for one that does not run.
func mode(s *sim.Sim, id node.ID) string {
	if p, ok := s.Machine(id).(*peer.Peer); ok && s.Up(id) {
		return p.Status().Mode
	}
	return "down"
}

func serving(s *sim.Sim, n int) int {
	count := 0
	for i := 1; i <= n; i++ {
		if m := mode(s, node.ID(i)); m != "down" && m != "not-serving" {
			count++
		}
	}
	return count
}

// leader is the server that leads and serves, 0 for none.
func leader(s *sim.Sim, n int) node.ID {
	for i := 1; i <= n; i++ {
		if mode(s, node.ID(i)) == "leader" {
			return node.ID(i)
		}
	}
	return 0
}

// load is an ensemble of n servers with a writer at the leader.
func load(b *testing.B, n, window int, rec *trace.Recorder) (*sim.Sim, *writer) {
	b.Helper()
	s := world(b, n, rec)
	w := &writer{server: leader(s, n), window: window,
		request: &zk.Request{Type: zk.OpSetData, Path: "/a", Data: make([]byte, 100), Version: -1}}
	s.Add(node.FirstClient, "writer", func(node.Disk, *node.Rand) node.Machine { return w })
	s.Start(node.FirstClient)
	return s, w
}

// BenchmarkElection5Servers is the CPU time from the leader's death until another one leads: the
// votes, discovery, synchronization and activation of the four that are left, all traced.
func BenchmarkElection5Servers(b *testing.B) {
	var cpu time.Duration
	for range b.N {
		b.StopTimer()
		s := world(b, 5, trace.New(trace.Header{Vocabulary: event.Vocabulary}))
		first := s.Recorder().Len()
		b.StartTimer()
		cpu -= cpuTime()
		s.Kill(leader(s, 5))
		for leader(s, 5) == 0 && s.Step() {
		}
		b.StopTimer()
		cpu += cpuTime()
		b.ReportMetric(float64(s.Recorder().Len()-first), "events")
	}
	b.ReportMetric(float64(cpu)/float64(b.N), "cpu-ns/op")
}

// cpuTime is what the process has used on all cores, garbage collection included: on a machine that
// is shared with other work it is the figure to trust.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// writes measures committed writes: b.N answers to the client.
func writes(b *testing.B, n, window int, traced bool) {
	var rec *trace.Recorder
	if traced {
		rec = trace.New(trace.Header{Vocabulary: event.Vocabulary})
	}
	s, w := load(b, n, window, rec)
	s.Run(func() bool { return w.answered >= 100 }, 1<<30)
	var before node.Seq
	var bytes int64
	if traced {
		before, bytes = rec.Len(), rec.MemoryBytes()
	}
	b.ReportAllocs()
	b.ResetTimer()
	cpu := cpuTime()
	target := w.answered + b.N
	for w.answered < target && s.Step() {
	}
	b.StopTimer()
	spent := (cpuTime() - cpu).Seconds()
	b.ReportMetric(float64(b.N)/spent, "writes/cpu-s")
	if traced {
		events := float64(rec.Len() - before)
		b.ReportMetric(events/spent, "events/cpu-s")
		b.ReportMetric(events/float64(b.N), "events/write")
		b.ReportMetric(float64(rec.MemoryBytes()-bytes)/events, "bytes/event")
	}
}

func BenchmarkWrite3ServersTraced(b *testing.B)     { writes(b, 3, 100, true) }
func BenchmarkWrite3ServersDetached(b *testing.B)   { writes(b, 3, 100, false) }
func BenchmarkWrite3ServersOneAtATime(b *testing.B) { writes(b, 3, 1, false) }
func BenchmarkWrite3ServersOneTraced(b *testing.B)  { writes(b, 3, 1, true) }
func BenchmarkWrite5ServersDetached(b *testing.B)   { writes(b, 5, 100, false) }
