package check_test

import (
	"syscall"
	"testing"
	"time"

	"zabscope/engine/check"
	"zabscope/engine/client"
	"zabscope/engine/node"
	"zabscope/engine/peer"
	"zabscope/engine/sim"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// recorded is the trace of three servers and a client that writes, many requests at once.
func recorded(b *testing.B, writes int) (check.Config, []trace.Event) {
	b.Helper()
	members := zk.NewMembership([]zk.Member{{SID: 1}, {SID: 2}, {SID: 3}})
	cfg := check.Config{Membership: members, Options: zk.Options3_8_0()}
	var events []trace.Event
	s := sim.New(sim.Config{Vocabulary: event.Vocabulary,
		Recorder: trace.New(trace.Header{Vocabulary: event.Vocabulary}),
		OnEvent:  func(e *trace.Event) { events = append(events, e.Clone()) }})
	for id := zk.SID(1); id <= 3; id++ {
		pc := peer.Config{SID: id, Membership: members, Zoo: zk.DefaultConfig(), Options: cfg.Options}
		s.Add(node.ID(id), "", func(d node.Disk, r *node.Rand) node.Machine {
			return peer.New(pc, d, r)
		})
		if err := s.Start(node.ID(id)); err != nil {
			b.Fatal(err)
		}
	}
	s.RunUntil(2 * node.Second)
	cc := client.Config{ID: node.FirstClient, Servers: []node.ID{1, 2, 3}, SessionTimeout: 60000}
	var c *client.Client
	s.Add(cc.ID, "", func(_ node.Disk, r *node.Rand) node.Machine {
		c = client.New(cc, r)
		return c
	})
	requests := make([]*zk.Request, writes)
	for i := range requests {
		requests[i] = &zk.Request{Type: zk.OpSetData, Path: "/", Data: []byte("x"), Version: -1}
	}
	for _, err := range []error{s.Start(cc.ID), s.Command(cc.ID, client.Connect{}),
		s.Command(cc.ID, client.Do{Requests: requests, Window: 100})} {
		if err != nil {
			b.Fatal(err)
		}
	}
	if !s.Run(func() bool { return len(c.History().Ops) == writes && c.History().Pending() == 0 },
		1<<30) {
		b.Fatal("the writes do not end")
	}
	return cfg, events
}

// BenchmarkObserve is the cost of all rules together for one event of an ensemble under load.
func BenchmarkObserve(b *testing.B) {
	cfg, events := recorded(b, 5000)
	b.ReportAllocs()
	b.ResetTimer()
	cpu := cpuTime()
	for done := 0; done < b.N; {
		suite := check.All(cfg)
		for i := 0; i < len(events) && done < b.N; i, done = i+1, done+1 {
			if v := suite.Observe(&events[i]); v != nil {
				b.Fatal(v)
			}
		}
	}
	b.ReportMetric(float64(cpuTime()-cpu)/float64(b.N), "cpu-ns/op")
}

// cpuTime is what the process has used on all cores: on a machine that is shared with other work
// it is the figure to trust.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
