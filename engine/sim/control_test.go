package sim_test

import (
	"slices"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/sim/disk"
	"zabscope/engine/trace"
)

// What cannot be done is refused with a sentence, and changes nothing.
func TestRefusals(t *testing.T) {
	ids := func(l ...node.ID) []node.ID { return l }
	for _, c := range []struct {
		prepare func(*stage)
		do      func(*stage) error
		want    string
	}{
		{nil, func(s *stage) error { return s.Start(2) }, "server 2 is already up"},
		{nil, func(s *stage) error { return s.Start(9) }, "no server 9; this ensemble has 1 to 3"},
		{nil, func(s *stage) error { return s.Kill(1002) }, "no client 2; this run has no clients"},
		{down2, func(s *stage) error { return s.Kill(2) }, "server 2 is down"},
		{down2, func(s *stage) error { return s.Stop(2) }, "server 2 is down"},
		{down2, func(s *stage) error { return s.Pause(2) }, "server 2 is down"},
		{down2, func(s *stage) error { return s.Resume(2) }, "server 2 is not paused"},
		{down2, func(s *stage) error { return s.Command(2, act(nil)) }, "server 2 is down"},
		{down2, func(s *stage) error { return s.Crash(2, 0) },
			"server 2 is already down and has nothing to lose"},
		{pause2, func(s *stage) error { return s.Start(2) }, "server 2 is paused; resume it"},
		{pause2, func(s *stage) error { return s.Stop(2) }, "server 2 is paused; resume it first"},
		{pause2, func(s *stage) error { return s.Pause(2) }, "server 2 is paused; resume it first"},
		{nil, func(s *stage) error { return s.Resume(2) }, "server 2 is not paused"},
		{nil, func(s *stage) error { return s.Wipe(2) },
			"server 2 is up; stop it before its disk is wiped"},
		{nil, func(s *stage) error { return s.Wipe(4) }, "no server 4; this ensemble has 1 to 3"},
		{nil, func(s *stage) error { return s.Partition(ids(1), nil, false) },
			"a partition needs machines on both sides"},
		{nil, func(s *stage) error { return s.Partition(ids(1, 2), ids(2, 3), false) },
			"server 2 cannot be on both sides of a partition"},
		{nil, func(s *stage) error { return s.Partition(ids(1), ids(5), true) },
			"no server 5; this ensemble has 1 to 3"},
		{nil, func(s *stage) error { return s.Heal() }, "nothing is cut off"},
		{nil, func(s *stage) error { return s.Hold(1, 1) }, "server 1 has no link to itself"},
		{nil, func(s *stage) error { return s.Hold(1, 7) }, "no server 7; this ensemble has 1 to 3"},
		{nil, func(s *stage) error { return s.Release(1, 2) },
			"what goes from server 1 to server 2 is not held"},
		{func(s *stage) { s.must(s.Hold(1, 2)) }, func(s *stage) error { return s.Hold(1, 2) },
			"what goes from server 1 to server 2 is already held"},
		{nil, func(s *stage) error { return s.Break(1, 2) },
			"server 1 and server 2 have no connection"},
		{nil, func(s *stage) error { return s.Skew(1, 0) },
			"a clock cannot run 0 times as fast; 0.001 to 1000 can be simulated"},
		{nil, func(s *stage) error { return s.SlowDisk(1, -1) },
			"an fsync cannot take less than no time"},
		{nil, func(s *stage) error { return s.FillDisk(1, -2) },
			"a disk cannot have less than no room"},
		{nil, func(s *stage) error { return s.FailSync(8) }, "no server 8; this ensemble has 1 to 3"},
		{nil, func(s *stage) error { return s.Deliver(1) }, "event 1 is not a message under way"},
		{nil, func(s *stage) error { return s.Drop(0) }, "event 0 is not a message under way"},
		{nil, func(s *stage) error { return s.Choose(77) }, "nothing that may happen has number 77"},
	} {
		st := newStage(t, 3, nil)
		if c.prepare != nil {
			c.prepare(st)
		}
		before := st.Recorder().Hash()
		if err := c.do(st); err == nil || err.Error() != c.want {
			t.Errorf("refused with %v, want %s", err, c.want)
		}
		if st.Recorder().Hash() != before {
			t.Errorf("%s: but something was recorded", c.want)
		}
	}
}

func down2(s *stage)  { s.must(s.Kill(2)) }
func pause2(s *stage) { s.must(s.Pause(2)) }

// The sentence for an unknown machine says which there are.
func TestWhichMachinesThereAre(t *testing.T) {
	for _, c := range []struct {
		ids  []node.ID
		ask  node.ID
		want string
	}{
		{nil, 1, "no server 1; this ensemble has no servers"},
		{[]node.ID{3, 1, 2}, 4, "no server 4; this ensemble has 1 to 3"},
		{[]node.ID{1, 2}, 4, "no server 4; this ensemble has 1, 2"},
		{[]node.ID{1, 2, 5, 1001}, 4, "no server 4; this ensemble has 1, 2, 5"},
		{[]node.ID{1, 1001, 1002, 1003}, 1009, "no client 9; this run has 1 to 3"},
	} {
		s := sim.New(fixedConfig())
		for _, id := range c.ids {
			s.Add(id, "", nil)
		}
		if err := s.Start(c.ask); err == nil || err.Error() != c.want {
			t.Errorf("%v: %v, want %s", c.ids, err, c.want)
		}
	}
}

func TestMachinesAreKnownByName(t *testing.T) {
	s := sim.New(fixedConfig())
	s.Add(2, "", nil)
	s.Add(1, "the redis master", nil)
	if got := s.IDs(); !slices.Equal(got, []node.ID{1, 2}) {
		t.Errorf("machines %v", got)
	}
	if s.Name(1) != "the redis master" || s.Name(2) != "server 2" || s.Name(1003) != "client 3" {
		t.Errorf("names %q, %q, %q", s.Name(1), s.Name(2), s.Name(1003))
	}
	if s.Machine(1) != nil || s.Machine(9) != nil || s.Disk(1) == nil || s.Disk(9) != nil ||
		s.View(9) != nil || s.Up(9) || s.Paused(9) || s.Incarnation(9) != 0 {
		t.Error("a machine that is down or unknown has a process")
	}
}

// A process that starts again has forgotten everything; its disk has not.
func TestKillKeepsThePageCache(t *testing.T) {
	st := newStage(t, 1, nil)
	st.tell(1, func(p *puppet, o *node.Out) { _ = p.disk.Append("log", []byte("abc")) })
	first := st.Machine(1)
	st.must(st.Kill(1))
	if st.Up(1) || st.Machine(1) != nil {
		t.Error("still up")
	}
	st.start(1)
	if st.Machine(1) == first || st.Incarnation(1) != 2 {
		t.Error("the same process again")
	}
	if b, _ := st.Disk(1).Read("log"); string(b) != "abc" {
		t.Errorf("the disk holds %q", b)
	}
	st.saw(1, "0 us: start 1", "0 us: start 2")
}

// A loss of power takes what was not synced, an fsync under way included, even from a machine whose
// process is already gone.
func TestCrashLosesWhatWasNotSynced(t *testing.T) {
	for _, killed := range []bool{false, true} {
		st := newStage(t, 1, nil)
		st.tell(1, func(p *puppet, o *node.Out) {
			_ = p.disk.Append("log", []byte("abc"))
			o.Sync(1, "log")
		})
		st.after(2000)
		st.tell(1, func(p *puppet, o *node.Out) {
			_ = p.disk.Append("log", []byte("def"))
			o.Sync(2, "log")
		})
		if killed {
			st.must(st.Kill(1))
		}
		st.must(st.Crash(1, 0))
		st.start(1)
		st.after(2000)
		st.saw(1, "0 us: start 1", "1000 us: synced 1", "2000 us: start 2")
		if b, _ := st.Disk(1).Read("log"); string(b) != "abc" {
			t.Errorf("the disk holds %q", b)
		}
	}
}

// An fsync that a killed process asked for still makes its data durable; nobody is told.
func TestSyncOutlivesItsProcess(t *testing.T) {
	st := newStage(t, 1, nil)
	st.tell(1, func(p *puppet, o *node.Out) {
		_ = p.disk.Append("log", []byte("abc"))
		o.Sync(1, "log")
	})
	st.must(st.Kill(1))
	st.start(1)
	st.forget()
	st.after(2000)
	st.saw(1)
	st.must(st.Crash(1, 0))
	if b, _ := st.Disk(1).Read("log"); string(b) != "abc" {
		t.Errorf("the disk holds %q", b)
	}
}

func TestTornCrash(t *testing.T) {
	st := newStage(t, 1, nil)
	st.tell(1, func(p *puppet, o *node.Out) {
		_ = p.disk.Append("log", []byte("abc"))
		o.Sync(1, "log")
	})
	st.after(2000)
	st.tell(1, func(p *puppet, o *node.Out) { _ = p.disk.Append("log", []byte("def")) })
	st.must(st.Crash(1, 2))
	if b, _ := st.Disk(1).Read("log"); string(b) != "abcde" {
		t.Errorf("the disk holds %q", b)
	}
	e, _ := st.Recorder().At(st.Recorder().Len())
	if e.Kind != node.KindCrashed || e.Args[0] != node.Int(1) {
		t.Errorf("recorded %+v", e)
	}
}

// The kernel writes back by itself what nobody synced.
func TestWriteback(t *testing.T) {
	for _, c := range []struct {
		after node.Time
		micro node.Time
		want  string
	}{{0, 4_900_000, ""}, {0, 5_100_000, "abc"}, {node.Second, 1_100_000, "abc"},
		{-1, 100_000_000, ""}} {
		st := newStage(t, 1, func(x *sim.Config) { x.Disk.Writeback = c.after })
		st.tell(1, func(p *puppet, o *node.Out) { _ = p.disk.Append("log", []byte("abc")) })
		st.after(c.micro)
		st.must(st.Crash(1, 0))
		if b, _ := st.Disk(1).Read("log"); string(b) != c.want {
			t.Errorf("write-back %d: after %d us the disk holds %q", c.after, c.micro, b)
		}
	}
}

// Write-back goes on for as long as there is something to write.
func TestWritebackAgainAndAgain(t *testing.T) {
	st := newStage(t, 1, nil)
	for range 3 {
		st.tell(1, func(p *puppet, o *node.Out) { _ = p.disk.Append("log", []byte("a")) })
		st.after(6_000_000)
	}
	if st.Disk(1).Dirty() || st.Step() {
		t.Error("there is still something to do")
	}
}

// A process that is asked to stop acts on it, then ends.
func TestStop(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.after(1000)
	st.forget()
	since := st.Recorder().Len()
	st.must(st.Stop(1))
	st.after(1000)
	st.saw(1, "1000 us: stop")
	st.saw(2, "1100 us: 1 gone: closed")
	want := []string{"1 world.commanded", "1 world.stopped", "2 net.closed"}
	if got := st.kinds(since); !slices.Equal(got, want) {
		t.Errorf("recorded %v", got)
	}
}

// A process that ends itself: what it wanted before still happens, what it wanted after does not.
func TestExit(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(1, 2, 1)
	st.after(1000)
	st.forget()
	st.tell(1, func(p *puppet, o *node.Out) {
		_ = p.disk.Append("log", []byte("x"))
		o.Send(conn(1, 1), word("before"))
		o.Exit("no quorum")
		o.Send(conn(1, 1), word("after"))
		o.SetTimer(node.Timer{Kind: timerTick}, o.Now+1)
	})
	st.after(1000)
	st.saw(2, "1100 us: before from 1", "1100 us: 1 gone: closed")
	if st.Up(1) {
		t.Error("still up")
	}
	st.start(1)
	st.check()
}

// A paused process sees nothing; its kernel accepts, keeps bytes and lets time pass. All of it is told
// at once, in order, when it goes on.
func TestPauseAndResume(t *testing.T) {
	st := newStage(t, 2, nil)
	st.tell(1, func(p *puppet, o *node.Out) {
		_ = p.disk.Append("log", []byte("x"))
		o.SetTimer(node.Timer{Kind: timerTick, N: 4}, 400*node.Microsecond)
		o.Sync(9, "log")
	})
	st.must(st.Pause(1))
	if !st.Paused(1) || !st.Up(1) {
		t.Error("not paused")
	}
	st.forget()
	st.dial(2, 1, 1)
	st.after(250)
	st.saw(2, "200 us: connected to 1")
	st.send(2, 2, 1, "a", "b")
	st.must(st.Command(1, act(func(p *puppet, o *node.Out) { o.Send(conn(2, 1), word("done")) })))
	st.after(2000)
	st.saw(1)
	st.close(2, 2, 1)
	st.after(1000)
	st.forget()
	st.must(st.Resume(1))
	st.saw(1, "3250 us: accepted 2", "3250 us: a from 2", "3250 us: b from 2", "3250 us: timer 4",
		"3250 us: synced 9", "3250 us: 2 gone: closed")
	st.after(1000)
	st.saw(2)
}

// What waits for a paused process and has lost its sense by the time it is read is not told: a timer
// cancelled or set anew, a connection closed.
func TestResumeDropsWhatTheProcessTakesBack(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(2, 1, 1)
	st.after(1000)
	st.tell(1, func(p *puppet, o *node.Out) {
		o.SetTimer(node.Timer{Kind: timerTick, N: 1}, o.Now+100)
		o.SetTimer(node.Timer{Kind: timerTick, N: 2}, o.Now+100)
		o.SetTimer(node.Timer{Kind: timerTick, N: 3}, o.Now+100)
	})
	st.must(st.Pause(1))
	st.must(st.Command(1, act(func(p *puppet, o *node.Out) {
		o.CancelTimer(node.Timer{Kind: timerTick, N: 1})
		o.SetTimer(node.Timer{Kind: timerTick, N: 2}, o.Now+node.Millisecond)
		o.Close(conn(2, 1))
	})))
	st.after(0)
	st.send(2, 2, 1, "unread")
	st.after(500)
	st.forget()
	since := st.Recorder().Len()
	st.must(st.Resume(1))
	st.saw(1, "1500 us: timer 3")
	if got := st.kinds(since); !slices.Contains(got, "1 net.lost") {
		t.Errorf("recorded %v", got)
	}
	st.after(2000)
	st.saw(1, "2500 us: timer 2")
}

// What waits for a process that is killed while it is paused is lost.
func TestKillOfAPausedProcess(t *testing.T) {
	st := newStage(t, 2, nil)
	st.dial(2, 1, 1)
	st.after(1000)
	st.must(st.Pause(1))
	st.send(2, 2, 1, "unread")
	st.after(1000)
	st.forget()
	since := st.Recorder().Len()
	st.must(st.Kill(1))
	st.after(1000)
	st.saw(2, "2100 us: 1 gone: closed")
	if got := st.kinds(since); !slices.Equal(got[:2], []string{"1 world.killed", "1 net.lost"}) {
		t.Errorf("recorded %v", got)
	}
	st.start(1)
	st.after(1000)
	st.saw(1, "3000 us: start 2")
}

// A resumed process may end itself; the rest of what waited is lost.
func TestExitAtResume(t *testing.T) {
	st := newStage(t, 1, nil)
	st.must(st.Pause(1))
	st.must(st.Command(1, act(func(p *puppet, o *node.Out) { o.Exit("late") })))
	st.must(st.Command(1, act(func(p *puppet, o *node.Out) { t.Error("told after its end") })))
	st.must(st.Resume(1))
	if st.Up(1) {
		t.Error("still up")
	}
}

func TestWipeEmptiesTheDisk(t *testing.T) {
	s := scribes(3, sim.Config{Recorder: trace.New(trace.Header{Vocabulary: toyVocabulary})})
	s.RunUntil(100 * node.Millisecond)
	if len(s.View(2).Lists[fieldLog]) == 0 {
		t.Fatal("nothing to wipe")
	}
	_ = s.Kill(2)
	if err := s.Wipe(2); err != nil {
		t.Fatal(err)
	}
	if len(s.Disk(2).List()) != 0 || len(s.View(2).Lists[fieldLog]) != 0 {
		t.Error("something is left")
	}
	if err := s.CheckFold(); err != nil {
		t.Error(err)
	}
	_ = s.Start(2)
	s.RunUntil(200 * node.Millisecond)
	if len(s.View(2).Lists[fieldLog]) == 0 {
		t.Error("the machine learned nothing")
	}
	if err := s.CheckFold(); err != nil {
		t.Error(err)
	}
}

// Faults of disks, as a machine sees them.
func TestDiskFaults(t *testing.T) {
	st := newStage(t, 1, nil)
	sync := func(p *puppet, o *node.Out) {
		_ = p.disk.Append("log", []byte("x"))
		o.Sync(node.Token(o.Now/node.Microsecond), "log")
	}
	st.forget()
	st.must(st.SlowDisk(1, 10*node.Millisecond))
	st.tell(1, sync)
	st.after(20_000)
	st.must(st.RepairDisk(1))
	st.must(st.FailSync(1))
	st.tell(1, sync)
	st.after(20_000)
	st.must(st.RepairDisk(1))
	st.tell(1, sync)
	st.after(20_000)
	st.saw(1, "11000 us: synced 0", "21000 us: sync 20000 failed: input/output error",
		"41000 us: synced 40000")
	st.must(st.FillDisk(1, 2))
	st.tell(1, func(p *puppet, _ *node.Out) {
		if err := p.disk.Append("log", []byte("abc")); err != node.ErrDiskFull {
			t.Errorf("append to a full disk: %v", err)
		}
	})
	st.must(st.FillDisk(1, disk.Unlimited))
	st.must(st.BreakDisk(1))
	st.tell(1, func(p *puppet, _ *node.Out) {
		if err := p.disk.Append("log", nil); err != node.ErrDiskIO {
			t.Errorf("append to a broken disk: %v", err)
		}
	})
	since := st.Recorder().Len()
	st.must(st.RepairDisk(1))
	st.must(st.RepairDisk(1)) // nothing to repair, nothing recorded
	if n := st.Recorder().Len() - since; n != 1 {
		t.Errorf("%d repairs recorded", n)
	}
}

// The names of all events and of files on disk, through a life.
func TestFilesAreInTheVisibleState(t *testing.T) {
	st := newStage(t, 1, nil)
	st.tell(1, func(p *puppet, o *node.Out) {
		_ = p.disk.Append("log", []byte("abc"))
		_ = p.disk.Write("tmp", []byte("1"))
		_ = p.disk.Rename("tmp", "epoch")
	})
	files := func() string {
		var out []string
		v := st.View(1)
		for _, k := range v.Keys(node.FieldFiles) {
			out = append(out, k.S+"="+v.Maps[node.FieldFiles][k][0].String())
		}
		return strings.Join(out, " ")
	}
	if files() != "epoch=1 log=3" {
		t.Errorf("files %s", files())
	}
	st.check()
	st.must(st.Crash(1, 2))
	if files() != "epoch=1 log=2" { // two bytes of each unsynced tail
		t.Errorf("files %s", files())
	}
	st.start(1)
	st.must(st.Kill(1))
	st.must(st.Wipe(1))
	if files() != "" {
		t.Errorf("files %s", files())
	}
}

// Cuts and holds stand in the visible state of the world until they end.
func TestLinksInTheVisibleState(t *testing.T) {
	st := newStage(t, 3, nil)
	links := func(want string) {
		t.Helper()
		st.check()
		var got []string
		v := st.View(node.World)
		for _, k := range v.Keys(node.FieldLinks) {
			got = append(got, k.S+" "+v.Maps[node.FieldLinks][k][0].S)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("links %q, want %q", got, want)
		}
	}
	links("")
	st.must(st.Partition([]node.ID{1}, []node.ID{2, 3}, false))
	links("1>2 cut, 1>3 cut, 2>1 cut, 3>1 cut")
	st.must(st.Hold(1, 2))
	st.must(st.Hold(2, 3))
	links("1>2 cut,held, 1>3 cut, 2>1 cut, 2>3 held, 3>1 cut")
	st.must(st.Heal())
	links("1>2 held, 2>3 held")
	st.must(st.Partition([]node.ID{3}, []node.ID{1}, true))
	st.must(st.Release(1, 2))
	links("2>3 held, 3>1 cut")
	st.ReleaseAll()
	st.must(st.Heal())
	links("")
}
