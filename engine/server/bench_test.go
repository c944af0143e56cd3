package server

import (
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// BenchmarkWriteThroughFollower is what this package costs for one committed setData in an ensemble
// of three: a client that pipelines through a follower, prepare, log, commit and apply on each
// server, answer. The wiring of the harness is in the figure too.
func BenchmarkWriteThroughFollower(b *testing.B) {
	w := newEnsemble(b, 3, 2)
	c := w.connect(1, 30000)
	c.do(create("/a", "", 0))
	r := zk.Request{Type: zk.OpSetData, Path: "/a", Data: make([]byte, 100), Version: -1}
	b.ReportAllocs()
	b.ResetTimer()
	const window = 100
	for i := 0; i < b.N; i += window {
		for range window {
			c.xid++
			c.send(&jute.ClientRequest{Xid: c.xid, Request: &r})
		}
		w.run()
		for _, m := range w.servers {
			m.disk.files = map[string][]byte{}
		}
		if len(c.got) != window {
			b.Fatalf("%d answers", len(c.got))
		}
		c.got, w.proposed, w.applied = c.got[:0], w.proposed[:0], w.applied[:0]
		for _, m := range w.servers {
			m.logged, m.requests = m.logged[:0], m.requests[:0]
		}
	}
}

// BenchmarkRead is one getData at a follower.
func BenchmarkRead(b *testing.B) {
	w := newEnsemble(b, 3, 2)
	c := w.connect(1, 30000)
	c.do(create("/a", "x", 0))
	s := w.servers[1]
	m := &jute.ClientRequest{Xid: 9, Request: &zk.Request{Type: zk.OpGetData, Path: "/a"}}
	in := &node.Input{Kind: node.Received, Conn: c.id, Msg: m}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		s.out.Begin(w.now, s.effects[:0])
		s.s.Received(&s.out, in)
		s.effects = s.out.End()
	}
}
