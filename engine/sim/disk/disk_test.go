package disk

import (
	"slices"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/sim/delay"
)

func newDisk() *Disk {
	return New(Config{SyncDelay: delay.Always(node.Millisecond)}, node.NewRand(1))
}

// put appends words to a file.
func put(t *testing.T, d *Disk, name string, words ...string) {
	t.Helper()
	for _, w := range words {
		if err := d.Append(name, []byte(w)); err != nil {
			t.Fatal(err)
		}
	}
}

// sync makes files durable.
func sync(t *testing.T, d *Disk, names ...string) {
	t.Helper()
	h, _ := d.Begin(names)
	if err := d.Finish(h); err != nil {
		t.Fatal(err)
	}
}

// holds compares the whole disk with "name=content" words; sizes beyond the content are written as
// "name=content+zeros".
func holds(t *testing.T, d *Disk, want ...string) {
	t.Helper()
	var got []string
	for _, name := range d.List() {
		b, _ := d.Read(name)
		s := name + "=" + string(b)
		if zeros := d.Size(name) - int64(len(b)); zeros > 0 {
			s += "+" + strings.Repeat("0", int(zeros))
		}
		got = append(got, s)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the disk holds %q, want %q", got, want)
	}
}

func TestFilesAreSeenAtOnce(t *testing.T) {
	d := newDisk()
	put(t, d, "log", "a", "", "b")
	put(t, d, "empty")
	_ = d.Append("empty", nil)
	_ = d.Write("epoch", []byte("1"))
	_ = d.Write("epoch", []byte("22"))
	holds(t, d, "empty=", "epoch=22", "log=ab")
	if d.Size("none") != -1 {
		t.Error("a file that does not exist has a size")
	}
	if _, ok := d.Read("none"); ok {
		t.Error("a file that does not exist can be read")
	}
}

// Preallocated zeros stand behind what was written, which goes on where it ended.
func TestExtend(t *testing.T) {
	d := newDisk()
	put(t, d, "log", "abc")
	_ = d.Extend("log", 5)
	holds(t, d, "log=abc+00")
	put(t, d, "log", "d")
	holds(t, d, "log=abcd+0")
	put(t, d, "log", "efg")
	holds(t, d, "log=abcdefg")
	_ = d.Extend("log", 2)
	holds(t, d, "log=abcdefg")
	_ = d.Extend("huge", 1<<40)
	if d.Size("huge") != 1<<40 {
		t.Error("no room for a sparse file")
	}
}

func TestTruncate(t *testing.T) {
	for _, c := range []struct {
		size int64
		want string
	}{{0, "log="}, {1, "log=a"}, {2, "log=ab"}, {3, "log=abc"}, {5, "log=abcde"},
		{6, "log=abcde+0"}} {
		d := newDisk()
		put(t, d, "log", "ab", "cd", "e")
		_ = d.Extend("log", 9)
		if err := d.Truncate("log", c.size); err != nil {
			t.Fatal(err)
		}
		holds(t, d, c.want)
		put(t, d, "log", "X")
		if b, _ := d.Read("log"); b[len(b)-1] != 'X' || len(b) != int(min(c.size, 5))+1 {
			t.Errorf("after Truncate to %d an append gives %q", c.size, b)
		}
	}
	if err := newDisk().Truncate("none", 0); err != node.ErrNoFile {
		t.Errorf("Truncate of nothing: %v", err)
	}
}

func TestRenameAndRemove(t *testing.T) {
	d := newDisk()
	_ = d.Write("a", []byte("1"))
	_ = d.Write("b", []byte("2"))
	if err := d.Rename("a", "b"); err != nil {
		t.Fatal(err)
	}
	holds(t, d, "b=1")
	_ = d.Rename("b", "b")
	holds(t, d, "b=1")
	if err := d.Rename("none", "b"); err != node.ErrNoFile {
		t.Errorf("Rename of nothing: %v", err)
	}
	for range 2 { // the second time there is nothing left
		if err := d.Remove("b"); err != nil {
			t.Error(err)
		}
	}
	holds(t, d)
}

// The disk keeps the slices that it is given, but nobody can write through what it returns into what
// comes later.
func TestReadersShareNothingWithLaterWrites(t *testing.T) {
	d := newDisk()
	chunk := make([]byte, 1, 100)
	chunk[0] = 'a'
	_ = d.Append("log", chunk)
	before, _ := d.Read("log")
	put(t, d, "log", "b")
	after, _ := d.Read("log")
	put(t, d, "log", "c")
	if string(before) != "a" || string(after) != "ab" || string(chunk[:2]) != "a\x00" {
		t.Errorf("%q, %q, %q", before, after, chunk[:2])
	}
}

// What is durable: each line is one way to write, then a loss of power.
var crashes = []struct {
	name string
	do   func(*testing.T, *Disk)
	lost int64
	want []string
}{
	{"nothing synced", func(t *testing.T, d *Disk) { put(t, d, "log", "abc") }, 3, nil},
	{"all synced", func(t *testing.T, d *Disk) {
		put(t, d, "log", "abc")
		sync(t, d, "log")
	}, 0, []string{"log=abc"}},
	{"a tail not synced", func(t *testing.T, d *Disk) {
		put(t, d, "log", "abc")
		sync(t, d, "log")
		put(t, d, "log", "de")
	}, 2, []string{"log=abc"}},
	{"written while the sync was under way", func(t *testing.T, d *Disk) {
		put(t, d, "log", "a")
		h, _ := d.Begin([]string{"log"})
		put(t, d, "log", "b")
		_ = d.Finish(h)
	}, 1, []string{"log=a"}},
	{"sync under way when power goes", func(t *testing.T, d *Disk) {
		put(t, d, "log", "a")
		d.Begin([]string{"log"})
	}, 1, nil},
	{"syncs that overtake each other", func(t *testing.T, d *Disk) {
		put(t, d, "log", "a")
		first, _ := d.Begin([]string{"log"})
		put(t, d, "log", "b")
		second, _ := d.Begin([]string{"log"})
		_ = d.Finish(second)
		_ = d.Finish(first)
	}, 0, []string{"log=ab"}},
	{"another file synced", func(t *testing.T, d *Disk) {
		put(t, d, "a", "1")
		put(t, d, "b", "2")
		sync(t, d, "b", "none")
	}, 1, []string{"b=2"}},
	{"preallocated and synced", func(t *testing.T, d *Disk) {
		put(t, d, "log", "ab")
		_ = d.Extend("log", 4)
		sync(t, d, "log")
		put(t, d, "log", "c")
	}, 1, []string{"log=ab+00"}},
	{"preallocated, not synced", func(t *testing.T, d *Disk) {
		put(t, d, "log", "ab")
		sync(t, d, "log")
		_ = d.Extend("log", 4)
	}, 0, []string{"log=ab"}},
	{"replaced, not synced", func(t *testing.T, d *Disk) {
		_ = d.Write("epoch", []byte("1"))
		sync(t, d, "epoch")
		_ = d.Write("epoch", []byte("2"))
	}, 1, []string{"epoch=1"}},
	{"replaced and synced", func(t *testing.T, d *Disk) {
		_ = d.Write("epoch", []byte("1"))
		sync(t, d, "epoch")
		_ = d.Write("epoch", []byte("2"))
		sync(t, d, "epoch")
	}, 0, []string{"epoch=2"}},
	{"synced, then renamed", func(t *testing.T, d *Disk) {
		_ = d.Write("tmp", []byte("1"))
		sync(t, d, "tmp")
		_ = d.Rename("tmp", "epoch")
	}, 0, []string{"epoch=1"}},
	{"renamed, never synced", func(t *testing.T, d *Disk) {
		_ = d.Write("tmp", []byte("1"))
		_ = d.Rename("tmp", "epoch")
	}, 1, nil},
	{"renamed over a durable file, never synced", func(t *testing.T, d *Disk) {
		_ = d.Write("epoch", []byte("1"))
		sync(t, d, "epoch")
		_ = d.Write("tmp", []byte("22"))
		_ = d.Rename("tmp", "epoch")
	}, 2, []string{"epoch=1"}},
	{"renamed, then synced by its new name", func(t *testing.T, d *Disk) {
		_ = d.Write("tmp", []byte("1"))
		_ = d.Rename("tmp", "epoch")
		sync(t, d, "epoch")
	}, 0, []string{"epoch=1"}},
	{"renamed while its sync was under way", func(t *testing.T, d *Disk) {
		_ = d.Write("tmp", []byte("1"))
		h, _ := d.Begin([]string{"tmp"})
		_ = d.Rename("tmp", "epoch")
		_ = d.Finish(h)
	}, 0, []string{"epoch=1"}},
	{"synced, written, renamed", func(t *testing.T, d *Disk) {
		put(t, d, "tmp", "1")
		sync(t, d, "tmp")
		put(t, d, "tmp", "2")
		_ = d.Rename("tmp", "epoch")
	}, 1, []string{"tmp=1"}},
	{"removed", func(t *testing.T, d *Disk) {
		put(t, d, "log", "a")
		sync(t, d, "log")
		_ = d.Remove("log")
	}, 0, nil},
	{"removed while its sync was under way", func(t *testing.T, d *Disk) {
		put(t, d, "log", "a")
		h, _ := d.Begin([]string{"log"})
		_ = d.Remove("log")
		_ = d.Finish(h)
	}, 0, nil},
	{"removed and made again", func(t *testing.T, d *Disk) {
		put(t, d, "log", "old")
		sync(t, d, "log")
		_ = d.Remove("log")
		put(t, d, "log", "n")
	}, 1, nil},
	{"truncated", func(t *testing.T, d *Disk) {
		put(t, d, "log", "abcd")
		sync(t, d, "log")
		_ = d.Truncate("log", 2)
	}, 0, []string{"log=ab"}},
	{"truncated, then appended to", func(t *testing.T, d *Disk) {
		put(t, d, "log", "abcd")
		sync(t, d, "log")
		_ = d.Truncate("log", 2)
		put(t, d, "log", "xyz")
	}, 3, []string{"log=ab"}},
	{"truncated while its sync was under way", func(t *testing.T, d *Disk) {
		put(t, d, "log", "ab", "cd")
		h, _ := d.Begin([]string{"log"})
		_ = d.Truncate("log", 3)
		_ = d.Finish(h)
	}, 0, []string{"log=abc"}},
	{"truncated and renamed", func(t *testing.T, d *Disk) {
		put(t, d, "log", "abcd")
		sync(t, d, "log")
		_ = d.Truncate("log", 2)
		_ = d.Rename("log", "old")
	}, 0, []string{"old=ab"}},
	{"replaced, then truncated, not synced", func(t *testing.T, d *Disk) {
		_ = d.Write("f", []byte("old"))
		sync(t, d, "f")
		_ = d.Write("f", []byte("new"))
		_ = d.Truncate("f", 1)
	}, 1, []string{"f=old"}},
	{"written back", func(t *testing.T, d *Disk) {
		put(t, d, "log", "ab")
		d.WriteBack()
		put(t, d, "log", "c")
	}, 1, []string{"log=ab"}},
}

func TestCrashKeepsWhatWasSynced(t *testing.T) {
	for _, c := range crashes {
		t.Run(c.name, func(t *testing.T) {
			d := newDisk()
			c.do(t, d)
			lost := d.Crash(0)
			holds(t, d, c.want...)
			if lost != c.lost {
				t.Errorf("%d bytes lost, want %d", lost, c.lost)
			}
			if d.Dirty() {
				t.Error("something may still be lost")
			}
			if again := d.Crash(0); again != 0 {
				t.Errorf("a second crash loses %d bytes", again)
			}
			holds(t, d, c.want...)
		})
	}
}

// A torn write leaves a part of the tail.
func TestTornWrites(t *testing.T) {
	for _, c := range []struct {
		torn Torn
		want []string
	}{
		{0, []string{"log=abc"}},
		{1, []string{"log=abcd", "new=x"}},
		{2, []string{"log=abcde", "new=xy"}},
		{9, []string{"log=abcdef", "new=xyz"}},
	} {
		d := newDisk()
		put(t, d, "log", "abc")
		sync(t, d, "log")
		put(t, d, "log", "def")
		put(t, d, "new", "xyz")
		d.Crash(c.torn)
		holds(t, d, c.want...)
	}
}

// A random tear leaves each length of the tail some time, and the same seed the same.
func TestRandomTear(t *testing.T) {
	lengths := map[int64]bool{}
	for seed := range uint64(50) {
		var sizes [2]int64
		for i := range sizes {
			d := New(Config{}, node.NewRand(seed))
			put(t, d, "log", "abc")
			sync(t, d, "log")
			put(t, d, "log", "def")
			lost := d.Crash(TornRandom)
			sizes[i] = d.Size("log")
			if lost != 6-sizes[i] {
				t.Errorf("%d bytes lost of which %d are there", lost, sizes[i])
			}
		}
		if sizes[0] != sizes[1] {
			t.Errorf("seed %d tears at %d and at %d", seed, sizes[0], sizes[1])
		}
		lengths[sizes[0]] = true
	}
	if len(lengths) != 4 {
		t.Errorf("tears at %v only", lengths)
	}
}

// A torn new file never takes the place of a durable one, and a replaced file stays as it was.
func TestTornFilesReplaceNothing(t *testing.T) {
	d := newDisk()
	_ = d.Write("epoch", []byte("1"))
	_ = d.Write("other", []byte("1"))
	sync(t, d, "epoch", "other")
	_ = d.Write("tmp", []byte("22"))
	_ = d.Rename("tmp", "epoch")
	_ = d.Write("other", []byte("22"))
	d.Crash(9)
	holds(t, d, "epoch=1", "other=1")
}

func TestSyncTakesItsTime(t *testing.T) {
	d := newDisk()
	put(t, d, "log", "a")
	if _, takes := d.Begin([]string{"log"}); takes != node.Millisecond {
		t.Errorf("an fsync takes %d ns", takes)
	}
	d.SetSlow(node.Second)
	if _, takes := d.Begin([]string{"log"}); takes != node.Second+node.Millisecond {
		t.Errorf("a slow fsync takes %d ns", takes)
	}
	d = New(Config{}, node.NewRand(1))
	for range 100 {
		h, takes := d.Begin(nil)
		if takes < 700*node.Microsecond || takes > 1300*node.Microsecond || h != 0 {
			t.Errorf("by default an fsync takes %d ns, handle %d", takes, h)
		}
		_ = d.Finish(h)
	}
}

func TestFullDisk(t *testing.T) {
	d := newDisk()
	put(t, d, "log", "abc")
	d.SetRoom(2)
	if err := d.Append("log", []byte("def")); err != node.ErrDiskFull {
		t.Errorf("append beyond the room: %v", err)
	}
	put(t, d, "log", "de")
	if err := d.Write("new", []byte("x")); err != node.ErrDiskFull {
		t.Errorf("write to a full disk: %v", err)
	}
	if d.Size("new") != -1 {
		t.Error("a write that failed made a file")
	}
	holds(t, d, "log=abcde")
	if err := d.Write("log", []byte("1234")); err != nil { // shorter than before
		t.Error(err)
	}
	if err := d.Append("log", []byte("56")); err != node.ErrDiskFull {
		t.Errorf("append beyond the room: %v", err)
	}
	_ = d.Truncate("log", 2)
	put(t, d, "log", "567")
	_ = d.Remove("log")
	put(t, d, "log", "12345")
	d.SetRoom(Unlimited)
	put(t, d, "log", "6")
	holds(t, d, "log=123456")
}

func TestBrokenDisk(t *testing.T) {
	d := newDisk()
	put(t, d, "log", "abc")
	d.SetBroken(true)
	for name, err := range map[string]error{
		"Write": d.Write("x", nil), "Append": d.Append("log", nil), "Extend": d.Extend("log", 9),
		"Truncate": d.Truncate("log", 0), "Rename": d.Rename("log", "x"), "Remove": d.Remove("log"),
	} {
		if err != node.ErrDiskIO {
			t.Errorf("%s on a broken disk: %v", name, err)
		}
	}
	h, _ := d.Begin([]string{"log"})
	if err := d.Finish(h); err != node.ErrDiskIO {
		t.Errorf("fsync on a broken disk: %v", err)
	}
	d.WriteBack()
	if !d.Faulty() || !d.Dirty() {
		t.Error("a broken disk wrote something back")
	}
	holds(t, d, "log=abc")
	d.Repair()
	if d.Faulty() {
		t.Error("still broken")
	}
	sync(t, d, "log")
}

// An fsync that fails makes nothing durable; the next one does.
func TestFailingSync(t *testing.T) {
	d := newDisk()
	put(t, d, "log", "abc")
	d.SetSyncFails(true)
	h, _ := d.Begin([]string{"log"})
	d.SetSyncFails(false)
	if err := d.Finish(h); err != node.ErrDiskIO {
		t.Errorf("fsync: %v", err)
	}
	put(t, d, "keep", "k")
	sync(t, d, "keep")
	d.Crash(0)
	holds(t, d, "keep=k")
}

func TestWipe(t *testing.T) {
	d := newDisk()
	put(t, d, "log", "abc")
	sync(t, d, "log")
	d.Wipe()
	holds(t, d)
	d.Crash(TornRandom)
	holds(t, d)
}

func TestTakeChangedNamesEachFileOnce(t *testing.T) {
	d := newDisk()
	take := func() []string {
		var out []string
		d.TakeChanged(func(name string) { out = append(out, name) })
		return out
	}
	put(t, d, "b", "1", "2")
	put(t, d, "a", "1")
	if got := take(); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("changed: %v", got)
	}
	_ = d.Extend("a", 10)
	take()
	put(t, d, "a", "2") // within what is preallocated
	if got := take(); got != nil {
		t.Errorf("changed: %v", got)
	}
	_ = d.Rename("a", "c")
	_ = d.Remove("b")
	if got := take(); !slices.Equal(got, []string{"a", "c", "b"}) {
		t.Errorf("changed: %v", got)
	}
	put(t, d, "x", "1")
	sync(t, d, "c")
	take()
	d.Crash(0)
	if got := take(); !slices.Equal(got, []string{"x"}) {
		t.Errorf("changed: %v", got)
	}
	d.Wipe()
	if got := take(); !slices.Equal(got, []string{"c"}) {
		t.Errorf("changed: %v", got)
	}
}

func BenchmarkAppendAndSync(b *testing.B) {
	d := newDisk()
	record := make([]byte, 100)
	files := []string{"log"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		_ = d.Append("log", record)
		h, _ := d.Begin(files)
		_ = d.Finish(h)
		if i%1000 == 0 {
			_ = d.Truncate("log", 0)
		}
	}
}
