package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// follower makes one follower that is handed proposals by the test.
func follower(t *testing.T, change ...func(*ensemble)) (*ensemble, *machine) {
	w := newEnsemble(t, 3, 2, append(change, func(w *ensemble) { w.holding = true })...)
	return w, w.servers[1]
}

func proposal(counter zk.Zxid) *zk.Txn {
	return &zk.Txn{Zxid: 1<<32 | counter, Type: zk.OpError, Err: zk.ErrNoNode}
}

func (m *machine) propose(counters ...zk.Zxid) {
	m.in(func(o *node.Out) {
		for _, c := range counters {
			m.s.LogRequest(o, proposal(c))
		}
	})
}

// written lists the transactions in the log of a server, by counter.
func (m *machine) written() []int64 {
	var out []int64
	for _, b := range m.events {
		if len(b.Args) == 4 && strings.HasPrefix(b.Args[3].S, "log.") {
			out = append(out, b.Args[0].N&0xffffffff)
		}
	}
	return out
}

// What comes while an fsync is under way is not even written; when it is done, all that waits is
// written and synced together, and acknowledged together. (SyncRequestProcessor.run, flush)
func TestGroupCommit(t *testing.T) {
	w, f := follower(t)
	f.propose(1)
	f.propose(2)
	f.propose(3, 4)
	if got := fmt.Sprint(f.written(), f.syncing, f.logged); got != "[1] 1 []" {
		t.Errorf("written, fsyncs, acknowledged: %s", got)
	}
	f.finishSync()
	w.run()
	if got := fmt.Sprint(f.written(), f.syncing, counters(f.logged)); got != "[1 2 3 4] 2 [1]" {
		t.Errorf("then %s", got)
	}
	f.propose(5)
	f.finishSync()
	w.run()
	if got := fmt.Sprint(f.syncing, counters(f.logged)); got != "3 [1 2 3 4]" {
		t.Errorf("then %s", got)
	}
	f.finishSync()
	w.run()
	if got := fmt.Sprint(f.syncing, counters(f.logged), len(f.syncs)); got != "3 [1 2 3 4 5] 0" {
		t.Errorf("at last %s", got)
	}
}

func counters(zs []zk.Zxid) []int64 {
	var out []int64
	for _, z := range zs {
		out = append(out, z.Counter())
	}
	return out
}

// A batch has a largest size. (ZooKeeperServer.maxBatchSize)
func TestBatchSize(t *testing.T) {
	w, f := follower(t, func(w *ensemble) { w.cfg.MaxBatchSize = 2 })
	f.propose(1, 2, 3, 4)
	for i, want := range []string{"[1]", "[1 2 3]", "[1 2 3 4]"} {
		if got := fmt.Sprint(f.written()); got != want {
			t.Errorf("fsync %d: written %s, want %s", i, got, want)
		}
		f.finishSync()
		w.run()
	}
	if got := fmt.Sprint(counters(f.logged)); got != "[1 2 3 4]" {
		t.Errorf("acknowledged %s", got)
	}
}

// With forceSync off nothing waits for the disk. (FileTxnLog.commit, zookeeper.forceSync)
func TestNoForceSync(t *testing.T) {
	w := newEnsemble(t, 3, 2, func(w *ensemble) { w.cfg.ForceSync = false })
	c := w.connect(1, 9000)
	want(t, c.do(create("/a", "", 0)), zk.ErrOK)
	for _, m := range w.all() {
		if m.syncing != 0 || len(m.written()) != 2 {
			t.Errorf("server %d: %d fsyncs, written %v", m.sid, m.syncing, m.written())
		}
	}
	w.wantLevel()
}

// The end of the role writes and syncs what waits, and acknowledges none of it; what the disk says
// later is noted still. (SyncRequestProcessor.shutdown)
func TestShutdownWritesTheRest(t *testing.T) {
	w, f := follower(t)
	f.propose(1, 2, 3)
	f.in(f.s.Shutdown)
	if got := fmt.Sprint(f.written(), len(f.syncs)); got != "[1 2 3] 2" {
		t.Errorf("written, fsyncs under way: %s", got)
	}
	f.finishSync()
	f.finishSync()
	w.run()
	if len(f.logged) != 0 {
		t.Errorf("acknowledged %v", f.logged)
	}
	f.propose(4)
	if got := fmt.Sprint(f.written()); got != "[1 2 3]" {
		t.Errorf("written %s after the end", got)
	}
}

// A full disk, a failed fsync: the log thread ends, nothing is acknowledged any more, and the server
// of a role no longer runs; the process lives, for the role to find out. What is left can be shut
// down. A snapshot that cannot be written ends the process.
// (SyncRequestProcessor.run, ZooKeeperServerListenerImpl.notifyStopping; ZooKeeperServer.takeSnapshot)
func TestDiskFails(t *testing.T) {
	for name, f := range map[string]func(m *machine){
		"append": func(m *machine) {
			m.disk.broken = true
			m.propose(1)
		},
		"fsync": func(m *machine) {
			m.propose(1)
			m.in(func(o *node.Out) {
				if m.s.SyncFailed(o, 4711, "") {
					t.Error("a foreign token")
				}
				if !m.s.SyncFailed(o, m.syncs[0], "input/output error") {
					t.Error("its own token is not known")
				}
			})
		},
		"cannot take a snapshot: no space left on device": func(m *machine) {
			m.disk.refuse = "snapshot."
			m.propose(1, 2, 3)
			m.finishSync()
		},
	} {
		_, m := follower(t, func(w *ensemble) { w.cfg.SnapCount = 2 })
		f(m)
		m.propose(7, 8)
		if snapshot := m.disk.refuse != ""; snapshot {
			if m.exit != name {
				t.Errorf("it ends with %q, want %q", m.exit, name)
			}
			continue
		}
		if m.exit != "" || m.s.Running() || !m.s.CanShutdown() || len(m.logged) != 0 {
			t.Errorf("%s: exit %q, running %v, acknowledged %v", name, m.exit, m.s.Running(), m.logged)
		}
		m.in(m.s.Shutdown)
		if m.s.CanShutdown() || !m.s.Flushed() {
			t.Errorf("%s: not shut down", name)
		}
	}
}

// A server whose log thread has ended before clients were let in serves all the same, and never
// acknowledges anything. (ZooKeeperServer.startServing sets RUNNING over ERROR)
func TestServesWithoutALogThread(t *testing.T) {
	_, m := follower(t)
	m.disk.broken = true
	m.propose(1)
	m.in(m.s.StartServing)
	m.disk.broken = false
	m.propose(2)
	if !m.s.Running() || len(m.logged) != 0 || len(m.written()) != 0 {
		t.Errorf("running %v, acknowledged %v, written %v", m.s.Running(), m.logged, m.written())
	}
}

// The files of a failed fsync are among those of the next one, even behind a new file.
// (FileTxnLog.streamsToFlush)
func TestFailedFsyncIsTriedAgain(t *testing.T) {
	_, m := follower(t)
	m.propose(1)
	m.in(func(o *node.Out) { m.s.SyncFailed(o, m.syncs[0], "input/output error") })
	m.db.RollLog(&m.out)
	if err := m.db.Append(&m.out, proposal(2)); err != nil {
		t.Fatal(err)
	}
	if got := m.db.SyncFiles(); len(got) != 2 {
		t.Errorf("the next fsync is of %v", got)
	}
}

// A log that has grown is rolled and a snapshot taken, in the midst of what is coming.
// (SyncRequestProcessor.run, shouldSnapshot)
func TestRollsAndSnapshots(t *testing.T) {
	w := newEnsemble(t, 3, 2, func(w *ensemble) { w.cfg.SnapCount = 10 })
	c := w.connect(1, 9000)
	c.do(create("/a", "", 0))
	for range 60 {
		c.ask(set("/a", "x", -1))
		c.do(set("/a", "y", -1))
	}
	for _, m := range w.all() {
		logs, snapshots := 0, 0
		for _, name := range m.disk.List() {
			if strings.Contains(name, "snapshot.") {
				snapshots++
			} else if strings.Contains(name, "log.") {
				logs++
			}
		}
		if logs < 10 || logs > 24 || snapshots < 10 {
			t.Errorf("server %d: %d logs, %d snapshots", m.sid, logs, snapshots)
		}
		if len(m.syncs) != 0 {
			t.Errorf("server %d: fsyncs left", m.sid)
		}
	}
	w.wantLevel()
}

// A token that is nobody's is said to be.
func TestForeignToken(t *testing.T) {
	_, f := follower(t)
	f.propose(1)
	f.in(func(o *node.Out) {
		if f.s.Synced(o, 4711) {
			t.Error("a foreign token is taken")
		}
		if f.s.Fired(o, &node.Input{Timer: node.Timer{Kind: 99}}) {
			t.Error("a foreign timer is taken")
		}
	})
}

// A leader loads what it has, forgets the ephemerals of sessions that are gone, and writes a
// snapshot. (ZooKeeperServer.loadData)
func TestLoadData(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 9000)
	c.do(create("/e", "", 1))
	m := w.servers[3]
	delete(m.db.Sessions, c.session)
	m.in(func(o *node.Out) {
		if err := m.s.LoadData(o); err != nil {
			t.Error(err)
		}
	})
	if m.db.Tree.Node("/e") != nil || m.s.Zxid() != 1<<32|2 {
		t.Errorf("zxid %s", m.s.Zxid())
	}
	if !slices.ContainsFunc(m.disk.List(), func(s string) bool {
		return strings.HasSuffix(s, "snapshot.100000002")
	}) {
		t.Errorf("files %v", m.disk.List())
	}
	m.in(func(o *node.Out) {
		m.db.Clear(o)
		if err := m.s.LoadData(o); err != nil || m.s.Zxid() != 1<<32|2 {
			t.Errorf("from disk: %s, %v", m.s.Zxid(), err)
		}
		m.disk.files["version-2/snapshot.100000002"] = nil
		m.disk.broken = true
		if err := m.s.LoadData(o); err == nil {
			t.Error("a disk that is full is no error")
		}
	})
}
