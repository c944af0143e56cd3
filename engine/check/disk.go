package check

import (
	"slices"
	"strconv"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// disk is what is known of a server's disk. A start reads the newest snapshot and what the log
// holds behind it; so an entry of the log stands for the history that a start would make of it.
type disk struct {
	root      *entry
	log       []*entry
	synced    int               // entries of the log that survive a loss of power
	snapshots map[string]*entry // by name of file
	snapshot  *entry            // the newest that survives a loss of power
	label     zk.Zxid           // in its name; log entries up to it are not read
	head      *entry            // history that the next entry of the log continues
	// ahead is a snapshot beyond the log: memory was brought level without it, or transactions
	// were applied before they were logged. nil for none. If the log goes on behind it, the
	// entries from base on are worth nothing without that snapshot; loose says that it is not
	// synced.
	ahead *entry
	until zk.Zxid // in the name of ahead
	base  int
	loose bool

	accepted, current zk.Epoch // -1: no file
	before            zk.Epoch // currentEpoch before it was last written
	promises          []promise
}

// wipe is an empty disk.
func (d *disk) wipe(root *entry) {
	*d = disk{root: root, snapshots: map[string]*entry{}, snapshot: root, head: root, accepted: -1,
		current: -1, before: -1}
}

// durable is the history that survives a loss of power.
func (d *disk) durable() *entry {
	n := d.synced
	if d.loose {
		n = min(n, d.base)
	}
	if n > 0 && d.log[n-1].zxid > d.label {
		return d.log[n-1]
	}
	return d.snapshot
}

// append is a transaction written to the log.
func (d *disk) append(z zk.Zxid, hash uint32, ev *trace.Event) {
	if d.ahead != nil && z > d.until {
		d.head, d.base, d.loose = d.ahead, len(d.log), d.snapshot != d.ahead
		d.ahead = nil
	}
	d.head = d.head.logged(z, hash, ev)
	if d.ahead == d.head {
		d.ahead = nil
	}
	if len(ev.Ops) == 1 {
		d.log = append(d.log, d.head)
		return
	}
	d.relist(ev)
}

// logged is the history with one entry of a log more. Who is sent again what its log has, because
// it did not look there, logs it again: a start applies it twice and comes to the same history.
func (e *entry) logged(z zk.Zxid, hash uint32, ev *trace.Event) *entry {
	if z <= e.zxid {
		if x := e.upTo(z); x.zxid == z && x.hash == hash {
			return e
		}
	}
	return e.then(z, hash, ev.Seq, ev.Node)
}

// relist takes a part of the log anew: a file that the order of names puts before others was
// begun, or the middle of the log was lost.
func (d *disk) relist(ev *trace.Event) {
	known := map[zk.Zxid]*entry{}
	for _, e := range d.log {
		known[e.zxid] = e
	}
	known[d.head.zxid] = d.head
	prev := d.root
	for i := range ev.Ops {
		if n := len(d.log); n > 0 {
			prev = d.log[n-1]
		}
		op := &ev.Ops[i]
		if op.Field == event.Log && op.Code == node.OpAppend {
			z, hash := zk.Zxid(op.Values[0].N), uint32(op.Values[3].N)
			if e := known[z]; e != nil && e.hash == hash && z > prev.zxid {
				prev = e
			} else {
				prev = prev.logged(z, hash, ev)
			}
			d.log = append(d.log, prev)
			continue
		}
		d.apply(op)
	}
}

// follow takes the changes of the log that an event carries.
func (d *disk) follow(ev *trace.Event) {
	for i := range ev.Ops {
		if op := &ev.Ops[i]; op.Field == event.Log && op.Code == node.OpAppend {
			d.relist(ev)
			return
		}
	}
	for i := range ev.Ops {
		d.apply(&ev.Ops[i])
	}
}

func (d *disk) apply(op *node.Op) {
	switch {
	case op.Field == event.Log && op.Code == node.OpCut:
		d.cut(int(op.Key.N))
	case op.Field == event.LogDurable && op.Code == node.OpSet && len(op.Values) > 0:
		d.synced = min(int(op.Values[0].N), len(d.log))
	}
}

// cut keeps the first n entries of the log.
func (d *disk) cut(n int) {
	d.log = d.log[:min(n, len(d.log))]
	d.synced = min(d.synced, n)
	if d.base > n {
		d.base, d.loose = n, false
	}
}

// load is what a start, or a database that is read anew, makes of the disk: the history that it
// then has in memory.
func (d *disk) load(name string, ev *trace.Event) *entry {
	z := snapshotZxid(name)
	e := d.snapshots[name]
	if e == nil {
		e = d.foreign(z, ev)
		d.snapshots[name] = e
	}
	at := e
	for i := d.behind(z); i < len(d.log); i++ {
		at = at.logged(d.log[i].zxid, d.log[i].hash, ev)
		d.log[i] = at
	}
	d.head, d.ahead = at, nil
	return at
}

// foreign is the history of a snapshot that was on the disk when the run began.
func (d *disk) foreign(z zk.Zxid, ev *trace.Event) *entry {
	if z.Counter() == 0 && z.Epoch() == 0 {
		return d.root
	}
	return d.root.then(z, 0, ev.Seq, ev.Node)
}

// started settles what is on disk when a process has loaded it for the first time: what it found
// counts as written for good.
func (d *disk) started(name string) {
	d.snapshot, d.label, d.base, d.loose = d.snapshots[name], snapshotZxid(name), 0, false
}

// behind is the number of the first log entry beyond zxid z.
func (d *disk) behind(z zk.Zxid) int {
	i := len(d.log)
	for i > 0 && d.log[i-1].zxid > z {
		i--
	}
	return i
}

// snapshotTaken is a snapshot written but not synced.
func (d *disk) snapshotTaken(name string, mem *entry) {
	d.snapshots[name] = mem
	if z := snapshotZxid(name); mem != d.head && z >= d.head.zxid {
		d.ahead, d.until = mem, z
	}
}

// snapshotSynced is a snapshot that survives from now on.
func (d *disk) snapshotSynced(name string) {
	e := d.snapshots[name]
	if e == nil {
		return
	}
	if z := snapshotZxid(name); z >= d.label {
		d.snapshot, d.label = e, z
	}
	if d.loose && d.head.contains(e) {
		d.loose = false
	}
}

// truncated is the log cut back to zxid z: snapshots beyond it count no more.
func (d *disk) truncated(z zk.Zxid) {
	if d.label <= z {
		return
	}
	d.snapshot, d.label = d.root, 0
	for name, e := range d.snapshots { // the largest, whatever the order
		if label := snapshotZxid(name); label <= z && label > d.label {
			d.snapshot, d.label = e, label
		}
	}
}

// snapshotZxid is the zxid in the name of a snapshot file.
func snapshotZxid(name string) zk.Zxid {
	name = name[strings.LastIndexByte(name, '.')+1:]
	z, err := strconv.ParseUint(name, 16, 64)
	if err != nil {
		return 0
	}
	return zk.Zxid(z)
}

// promised finds the promise of an epoch; ok is false if there is none.
func (d *disk) promised(e zk.Epoch) (p promise, ok bool) {
	i := slices.IndexFunc(d.promises, func(p promise) bool { return p.epoch == e })
	if i < 0 {
		return p, false
	}
	return d.promises[i], true
}
