package disk

import "zabscope/engine/node"

// captured is the content of a file when a sync began.
type captured struct {
	file *inode
	content
}

// pending is a sync that is under way.
type pending struct {
	files []captured
	fails bool
}

// Begin starts a sync of the files named and returns its handle and the time it takes. A file that
// does not exist is left out. Finish must be called with the handle, once, unless the machine
// crashes.
func (d *Disk) Begin(files []string) (handle int32, takes node.Time) {
	handle = d.slot()
	p := &d.syncs[handle]
	p.fails = d.faults.noSync || d.faults.broken
	for _, name := range files {
		if f := d.files[name]; f != nil {
			p.files = append(p.files, captured{f, f.now})
		}
	}
	return handle, d.config.SyncDelay.Draw(d.rand) + d.faults.slow
}

func (d *Disk) slot() int32 {
	if n := len(d.unused); n > 0 {
		h := d.unused[n-1]
		d.unused = d.unused[:n-1]
		return h
	}
	d.syncs = append(d.syncs, pending{})
	return int32(len(d.syncs) - 1)
}

// Finish ends the sync. Unless it failed, what the files held when it began is durable now.
func (d *Disk) Finish(handle int32) error {
	p := &d.syncs[handle]
	fails := p.fails
	for i := range p.files {
		if c := &p.files[i]; !fails {
			d.settle(c.file, &c.content)
		}
		p.files[i] = captured{}
	}
	p.files = p.files[:0]
	d.unused = append(d.unused, handle)
	if fails {
		return node.ErrDiskIO
	}
	return nil
}

// forgetSyncs ends all syncs as a loss of power does; their handles are void.
func (d *Disk) forgetSyncs() { d.syncs, d.unused = nil, nil }

// settle makes content c of file f durable, and its name.
func (d *Disk) settle(f *inode, c *content) {
	if f.name == "" {
		return
	}
	if f.kept == "" || c.version > f.durable.version {
		f.durable = *c
	}
	if d.durable[f.name] != f {
		d.keep(f)
	}
}

// Dirty reports whether anything may be lost by a crash; the kernel writes it back within
// WritebackAfter.
func (d *Disk) Dirty() bool { return d.dirty }

// WritebackAfter is the age at which unsynced data is written back; negative: never.
func (d *Disk) WritebackAfter() node.Time { return d.config.Writeback }

// WriteBack makes everything durable, as a kernel does in the background.
func (d *Disk) WriteBack() {
	if d.faults.broken {
		return
	}
	d.dirty = false
	for _, f := range d.files { // order cannot show: each file is settled for itself
		d.settle(f, &f.now)
	}
}
