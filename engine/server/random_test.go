package server

import (
	"fmt"
	"reflect"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// workload is a random run: clients at three servers that ask without waiting, vanish and come
// back, while packets, fsyncs and time go on in random order.
type workload struct {
	w       *ensemble
	rand    *node.Rand
	clients []*testClient
}

var workPaths = []string{"/", "/a", "/b", "/a/x", "/a/y", "/b/x", "/a/x/1", "/s", "/zookeeper"}

func (l *workload) path() string { return workPaths[l.rand.Intn(int64(len(workPaths)))] }

// below is a path that is not the root, see TestWriteToRootUnderWay.
func (l *workload) below() string { return workPaths[1+l.rand.Intn(int64(len(workPaths)-1))] }

func (l *workload) version() int32 { return int32(l.rand.Intn(4)) - 1 }

// write makes one write at random.
func (l *workload) write() zk.Request {
	switch l.rand.Intn(9) {
	case 0, 1, 2:
		return create(l.path(), fmt.Sprint(l.rand.Intn(99)), int32(l.rand.Intn(4)))
	case 3, 4:
		return set(l.below(), fmt.Sprint(l.rand.Intn(99)), l.version())
	case 5:
		return del(l.path(), l.version())
	case 6:
		return setACL(l.below(), world(zk.PermAll), l.version())
	case 7:
		return as(zk.OpCreateContainer, create(l.path(), "", zk.FlagContainer))
	}
	return check(l.path(), l.version())
}

// request makes one request at random.
func (l *workload) request() zk.Request {
	switch l.rand.Intn(8) {
	case 0:
		ops := make([]zk.Request, l.rand.Intn(4))
		for i := range ops {
			ops[i] = l.write()
		}
		return multi(ops...)
	case 1:
		return watched(zk.OpGetData, l.path())
	case 2:
		return watched(zk.OpGetChildren, l.path())
	case 3:
		return bare(zk.OpSync, l.path())
	}
	return l.write()
}

// step does one thing.
func (l *workload) step() {
	c := l.clients[l.rand.Intn(int64(len(l.clients)))]
	switch n := l.rand.Intn(100); {
	case n < 60:
		if !c.closed {
			c.ask(l.request())
		}
	case n < 80:
		if len(l.w.queue) > 0 {
			f := l.w.queue[0]
			l.w.queue = l.w.queue[1:]
			f()
		}
	case n < 90:
		all := l.w.all()
		all[l.rand.Intn(int64(len(all)))].finishSync()
	case n < 92:
		l.w.ping()
		l.w.now += node.Time(l.rand.Intn(50)) * node.Millisecond
	case n < 94:
		if !c.closed {
			c.ask(bare(zk.OpCloseSession, ""))
		}
	case n < 96:
		if !c.closed {
			c.vanish()
		}
	default:
		l.replace(c)
	}
}

// replace lets a client that is cut off come back, or another one come.
func (l *workload) replace(c *testClient) {
	for i := range l.clients {
		if l.clients[i] != c || !c.closed {
			continue
		}
		server := zk.SID(l.rand.Intn(3) + 1)
		if c.welcome(); c.session != 0 && l.rand.Intn(2) == 0 {
			l.clients[i] = l.w.reconnect(c, server)
			return
		}
		l.clients[i] = l.w.dial(server)
		l.clients[i].hello(0, [16]byte{}, 3000)
	}
}

// settle lets everything that is under way come to its end.
func (l *workload) settle() {
	for busy := true; busy; {
		l.w.run()
		busy = false
		for _, m := range l.w.all() {
			busy = busy || len(m.syncs) > 0
			m.finishSync()
		}
	}
}

func randomRun(t *testing.T, seed uint64) *ensemble {
	w := newEnsemble(t, 3, 2, func(w *ensemble) {
		w.holding, w.cfg.SnapCount, w.cfg.MaxBatchSize = true, 40, 5
	})
	l := &workload{w: w, rand: node.NewRand(seed)}
	for i := range 4 {
		c := w.dial(zk.SID(i%3 + 1))
		c.hello(0, [16]byte{}, 3000)
		l.clients = append(l.clients, c)
	}
	for range 600 {
		l.step()
	}
	l.settle()
	return w
}

// Whatever is asked in whatever order: the servers end with one tree whose digests the leader had
// foreseen, nothing is left waiting, every answer came in order, and each log holds what was
// proposed.
func TestRandomRuns(t *testing.T) {
	for seed := range uint64(60) {
		w := randomRun(t, seed)
		w.wantLevel()
		for _, m := range w.all() {
			p := &m.s.commitProcessor
			n := p.writes.len() + len(p.pending) + m.s.pendingTxns.len() +
				m.s.pendingSyncs.len() + m.s.syncProcessor.queue.len() + m.s.inProcess
			if n != 0 {
				t.Errorf("seed %d, server %d: %d things wait for ever", seed, m.sid, n)
			}
			if n := len(m.written()); n != len(w.proposed) {
				t.Errorf("seed %d, server %d: %d written of %d", seed, m.sid, n, len(w.proposed))
			}
			if got := m.s.Stats().Connections; got > 4 {
				t.Errorf("seed %d, server %d: %d connections", seed, m.sid, got)
			}
		}
		w.wantOrderedAnswers(seed)
		w.holding = false
		w.fire(w.now + 5*node.Second)
		if n := len(w.servers[1].db.Sessions); n != 0 {
			t.Errorf("seed %d: %d sessions never expire", seed, n)
		}
		if t.Failed() {
			return
		}
	}
}

func (w *ensemble) wantOrderedAnswers(seed uint64) {
	for id, c := range w.conns {
		var last int32
		var zxid zk.Zxid
		for _, m := range c.got {
			if r, ok := m.(*jute.ClientReply); ok {
				if r.Xid <= last || r.Zxid < zxid {
					w.t.Errorf("seed %d, connection %x: answer %d at %s behind %d at %s", seed, id,
						r.Xid, r.Zxid, last, zxid)
				}
				last, zxid = r.Xid, r.Zxid
			}
		}
	}
}

// The same inputs give the same effects and the same trace.
func TestRunsRepeat(t *testing.T) {
	for seed := range uint64(3) {
		a, b := randomRun(t, 1000+seed), randomRun(t, 1000+seed)
		for sid, m := range a.servers {
			if !reflect.DeepEqual(m.events, b.servers[sid].events) {
				t.Errorf("seed %d, server %d: another trace", seed, sid)
			}
		}
		for id, c := range a.conns {
			if !reflect.DeepEqual(c.got, b.conns[id].got) {
				t.Errorf("seed %d, connection %x: other messages", seed, id)
			}
		}
	}
}
