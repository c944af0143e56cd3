package disk

import (
	"slices"

	"zabscope/engine/node"
)

// Torn says how much of what was not synced a loss of power leaves: so many bytes of the unsynced
// tail of each file. TornRandom leaves a random part of each tail, so that its last record may be
// torn; 0 leaves nothing.
type Torn int64

// TornRandom leaves a random number of bytes, which may be none or all.
const TornRandom Torn = -1

// Crash is a loss of power. It returns how many bytes that the machine had written are lost.
func (d *Disk) Crash(torn Torn) (lost int64) {
	before := d.sizes()
	left := make(map[string]content, len(d.files))
	for name, f := range d.durable { // order cannot show
		left[name] = f.durable
	}
	for _, name := range d.List() {
		f := d.files[name]
		survives := int64(0)
		if d.durable[f.kept] == f && f.durable.birth == f.now.birth {
			survives = f.durable.written
		}
		if torn != 0 {
			survives = max(survives, d.tear(f, torn, left))
		}
		lost += f.now.written - survives
	}
	d.restart(left)
	d.noteChanges(before)
	return lost
}

// tear adds a part of the unsynced tail of f to what is left and returns how many bytes of the file
// that makes.
func (d *Disk) tear(f *inode, torn Torn, left map[string]content) int64 {
	name, from := f.kept, f.durable
	if name == "" {
		name, from = f.name, content{birth: f.now.birth}
		if d.durable[name] != nil {
			return 0 // the new file would have replaced one that is durable
		}
	} else if d.durable[name] != f || from.birth != f.now.birth {
		return 0
	}
	tail := f.now.written - from.written
	bytes := int64(torn)
	if torn < 0 {
		bytes = d.rand.Intn(tail + 1)
	}
	bytes = min(bytes, tail)
	if bytes <= 0 {
		return 0
	}
	c := f.now
	c.cut(from.written + bytes)
	c.size = max(from.size, c.written)
	left[name] = c
	return c.written
}

// restart makes what is left the whole disk.
func (d *Disk) restart(left map[string]content) {
	d.files, d.durable = map[string]*inode{}, map[string]*inode{}
	d.dirty = false
	d.forgetSyncs()
	for name, c := range left { // order cannot show
		f := &inode{name: name, kept: name, now: c, durable: c}
		d.files[name], d.durable[name] = f, f
	}
}

func (d *Disk) sizes() map[string]int64 {
	out := make(map[string]int64, len(d.files))
	for name, f := range d.files { // order cannot show
		out[name] = f.now.size
	}
	return out
}

// noteChanges notes the files whose size is not what it was before.
func (d *Disk) noteChanges(before map[string]int64) {
	for _, name := range d.List() {
		size, ok := before[name]
		if !ok || size != d.files[name].now.size {
			d.changed = append(d.changed, name)
		}
		delete(before, name)
	}
	gone := len(d.changed)
	for name := range before { // sorted below
		d.changed = append(d.changed, name)
	}
	slices.Sort(d.changed[gone:])
}

var _ node.Disk = (*Disk)(nil)
