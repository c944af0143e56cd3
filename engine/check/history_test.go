package check

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// chain is the history of the zxids, each with its own hash.
func chain(root *entry, zs ...zk.Zxid) *entry {
	for _, x := range zs {
		root = root.then(x, uint32(x), node.Seq(x), 1)
	}
	return root
}

// Equal histories end with the same entry, however they came about.
func TestHistoriesAreShared(t *testing.T) {
	root := empty()
	a := chain(root, 1, 2, 3)
	b := chain(chain(root, 1), 2)
	if b.next(3) != a || b != a.parent || a.next(4) != nil {
		t.Error("the same history has two ends")
	}
	if c := b.then(3, 77, 9, 2); c == a || b.next(3) != c && b.next(3) != a {
		t.Error("another transaction of the same zxid is the same history")
	}
	if !a.contains(b) || !a.contains(a) || !a.contains(root) || b.contains(a) {
		t.Error("contains")
	}
	if a.upTo(2) != b || a.upTo(0) != root || a.upTo(99) != a {
		t.Error("upTo")
	}
	if l := a.behind(1); len(l) != 2 || l[0] != b || l[1] != a || len(a.behind(3)) != 0 {
		t.Error("behind")
	}
}

// What is settled once stays; what contradicts it is told with the first entry that does.
func TestSettle(t *testing.T) {
	c := committed{root: empty()}
	a := chain(c.root, 1, 2, 3, 4)
	if c.settle(c.root, 1, 1) != nil || c.settle(a.upTo(1), 5, 1) != nil || c.settle(a, 6, 2) != nil {
		t.Error("a history contradicts itself")
	}
	if c.last() != a || c.first(2) != a.upTo(2) || !c.has(a.upTo(3)) || !c.has(c.root) {
		t.Error("it is not what was settled")
	}
	if a.upTo(1).settled != 5 || a.upTo(2).settled != 6 || a.at != 2 {
		t.Error("where and when is lost")
	}
	if c.settle(a.upTo(2), 7, 1) != nil || c.last() != a {
		t.Error("a part of it is no contradiction")
	}
	for _, x := range []*entry{chain(a.upTo(2), 9), chain(a.upTo(2), 9, 10, 11),
		chain(a.upTo(2), 9, 10)} {
		if f := c.settle(x, 8, 1); f != chain(a.upTo(2), 9) || c.last() != a {
			t.Errorf("%s at %d is found instead of 0:9", f.zxid, f.depth)
		}
		if c.common(x) != a.upTo(2) || c.has(x) {
			t.Error("common")
		}
	}
}

// disked is a disk with a log of the zxids, of which so many are synced.
func disked(root *entry, synced int, zs ...zk.Zxid) *disk {
	d := &disk{}
	d.wipe(root)
	for _, x := range zs {
		d.append(x, uint32(x), appended(x))
	}
	d.synced = synced
	return d
}

func appended(x zk.Zxid) *trace.Event {
	var e node.Event
	e.Append(event.Log, zx(x), word("set"), word("/a"), num(int64(x)))
	return &trace.Event{Seq: 1, Node: 1, Kind: event.Appended, Ops: e.Ops}
}

// What survives a loss of power is the newest synced snapshot and the synced log behind it.
func TestDurable(t *testing.T) {
	root := empty()
	full := chain(root, 1, 2, 3, 4, 5, 6)
	for _, c := range []struct {
		name string
		do   func(d *disk)
		want zk.Zxid
	}{
		{"the synced log", func(*disk) {}, 3},
		{"a snapshot within the log changes nothing", func(d *disk) {
			d.snapshotTaken("snapshot.2", full.upTo(2))
			d.snapshotSynced("snapshot.2")
		}, 3},
		{"a snapshot beyond the log, not synced", func(d *disk) {
			d.snapshotTaken("snapshot.6", full)
		}, 3},
		{"a snapshot beyond the log", func(d *disk) {
			d.snapshotTaken("snapshot.6", full)
			d.snapshotSynced("snapshot.6")
		}, 6},
		{"a snapshot of what is applied and not yet logged", func(d *disk) {
			d.snapshotTaken("snapshot.5", full.upTo(5))
			d.append(5, 5, appended(5))
			d.append(6, 6, appended(6))
			d.synced = 6
		}, 6},
		{"a snapshot that nobody took", func(d *disk) { d.snapshotSynced("snapshot.9") }, 3},
		{"a truncation", func(d *disk) {
			d.cut(2)
			d.truncated(2)
		}, 2},
		{"a truncation behind the snapshot", func(d *disk) {
			d.snapshotTaken("snapshot.1", full.upTo(1))
			d.snapshotTaken("snapshot.6", full)
			d.snapshotSynced("snapshot.6")
			d.cut(2)
			d.truncated(2)
		}, 2},
		{"a wiped disk", func(d *disk) { d.wipe(root) }, 0},
	} {
		d := disked(root, 3, 1, 2, 3, 4)
		c.do(d)
		if got := d.durable(); got != full.upTo(c.want) {
			t.Errorf("%s: durable up to %s (%d), want %s", c.name, got.zxid, got.depth, c.want)
		}
	}
}

// A start reads the newest snapshot and the log behind it; what stood in the log before counts no
// more.
func TestLoad(t *testing.T) {
	root := empty()
	snap := chain(root, 1, 2, 7)
	d := disked(root, 4, 1, 2, 3, 4)
	d.snapshotTaken("snapshot.7", snap)
	d.append(8, 8, appended(8))
	if d.head != chain(snap, 8) {
		t.Error("the log does not go on behind the snapshot")
	}
	ev := &trace.Event{Seq: 9, Node: 1}
	if got := d.load("snapshot.7", ev); got != chain(snap, 8) {
		t.Errorf("loaded %s", got.zxid)
	}
	// Without the snapshot, lost with the power, there is a hole.
	if got := d.load("snapshot.0", ev); got != chain(root, 1, 2, 3, 4, 8) {
		t.Errorf("loaded %s", got.zxid)
	}
	// A snapshot that was there before the run began is a history of its own.
	if got := d.load("snapshot.6", ev); got.depth != 2 || got.parent.zxid != 6 {
		t.Errorf("loaded %s of %d", got.zxid, got.depth)
	}
	if snapshotZxid("snapshot.zz") != 0 || snapshotZxid("snapshot.10000000a") != z(1, 10) {
		t.Error("zxids in names")
	}
}

// A log that is told anew keeps the histories of the transactions that were known.
func TestRelist(t *testing.T) {
	root := empty()
	d := disked(root, 3, 1, 2, 3, 5)
	kept := d.log[3]
	var e node.Event
	e.Cut(event.Log, 1)
	for _, x := range []zk.Zxid{2, 5, 6} {
		e.Append(event.Log, zx(x), word("set"), word("/a"), num(int64(x)))
	}
	e.Set(event.LogDurable, num(4))
	d.follow(&trace.Event{Seq: 7, Node: 1, Ops: e.Ops})
	if len(d.log) != 4 || d.log[2] != kept || d.log[3] != kept.then(6, 6, 7, 1) || d.synced != 4 {
		t.Errorf("log of %d, %d synced", len(d.log), d.synced)
	}
}
