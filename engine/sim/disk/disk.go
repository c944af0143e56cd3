package disk

import (
	"slices"

	"zabscope/engine/node"
	"zabscope/engine/sim/delay"
)

// Config describes a disk. The zero value stands for the defaults named with the fields.
type Config struct {
	// SyncDelay is how long an fsync takes; 0.7 to 1.3 ms by default.
	SyncDelay delay.Dist `json:"syncDelay"`
	// Writeback is the time after which the kernel writes back what nobody synced, 5 s by default;
	// negative: never.
	Writeback node.Time `json:"writeback"`
}

// DefaultWriteback is how old unsynced data may become.
const DefaultWriteback = 5 * node.Second

var defaultSyncDelay = delay.Between(700*node.Microsecond, 1300*node.Microsecond)

// content is what a file holds at one moment. Chunks are never changed, only replaced: two contents
// may share them.
type content struct {
	chunks  [][]byte
	written int64  // bytes in chunks
	size    int64  // with preallocated zeros behind them
	version uint64 // grows with every write
	birth   uint64 // version of the last Write: contents of one birth are prefixes of each other
}

// inode is a file apart from its name.
type inode struct {
	name    string  // as the machine sees it; "" once removed
	kept    string  // name by which it was made durable, "" before that; another may have it now
	now     content // as the machine sees it
	durable content // as a loss of power leaves it, if kept is not ""
}

// Disk implements node.Disk. Its machine, and the simulated kernel around it, use it from one
// goroutine.
type Disk struct {
	config  Config
	rand    *node.Rand
	files   map[string]*inode // as the machine sees it
	durable map[string]*inode // names that a loss of power leaves
	dirty   bool              // something is not durable
	version uint64
	syncs   []pending // by handle
	unused  []int32   // handles
	changed []string  // files whose size may have changed since TakeChanged
	faults  faults
}

// New returns an empty disk that draws its delays from rand.
func New(c Config, rand *node.Rand) *Disk {
	c.SyncDelay = c.SyncDelay.Or(defaultSyncDelay)
	if c.Writeback == 0 {
		c.Writeback = DefaultWriteback
	}
	d := &Disk{config: c, rand: rand, faults: faults{room: Unlimited}}
	d.Wipe()
	return d
}

// Wipe removes everything, as if the disk were new.
func (d *Disk) Wipe() {
	d.changed = append(d.changed, d.List()...)
	d.files, d.durable = map[string]*inode{}, map[string]*inode{}
	d.dirty = false
	d.forgetSyncs()
}

// List implements node.Disk.
func (d *Disk) List() []string {
	out := make([]string, 0, len(d.files))
	for name := range d.files {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// Size implements node.Disk.
func (d *Disk) Size(name string) int64 {
	if f := d.files[name]; f != nil {
		return f.now.size
	}
	return -1
}

// Read implements node.Disk. It joins the file's chunks once, so that reading again costs nothing.
func (d *Disk) Read(name string) ([]byte, bool) {
	f := d.files[name]
	if f == nil {
		return nil, false
	}
	return f.now.join(), true
}

func (c *content) join() []byte {
	switch len(c.chunks) {
	case 0:
		return nil
	case 1:
		return c.chunks[0]
	}
	all := make([]byte, 0, c.written)
	for _, b := range c.chunks {
		all = append(all, b...)
	}
	c.chunks = [][]byte{all}
	return all
}

// Write implements node.Disk.
func (d *Disk) Write(name string, b []byte) error {
	f := d.files[name]
	old := int64(0)
	if f != nil {
		old = f.now.written
	}
	if err := d.take(int64(len(b)) - old); err != nil {
		return err
	}
	f = d.open(name)
	f.now.chunks, f.now.written, f.now.size = nil, 0, 0
	f.now.add(b)
	d.touch(f)
	f.now.birth = d.version
	d.changed = append(d.changed, name)
	return nil
}

// Append implements node.Disk.
func (d *Disk) Append(name string, b []byte) error {
	if err := d.take(int64(len(b))); err != nil {
		return err
	}
	f := d.open(name)
	size := f.now.size
	f.now.add(b)
	d.touch(f)
	if f.now.size != size {
		d.changed = append(d.changed, name)
	}
	return nil
}

func (c *content) add(b []byte) {
	if len(b) == 0 {
		return
	}
	c.chunks = append(c.chunks, b[:len(b):len(b)])
	c.written += int64(len(b))
	c.size = max(c.size, c.written)
}

// Extend implements node.Disk.
func (d *Disk) Extend(name string, size int64) error {
	if err := d.take(0); err != nil {
		return err
	}
	f := d.open(name)
	if size > f.now.size {
		f.now.size = size
		d.touch(f)
		d.changed = append(d.changed, name)
	}
	return nil
}

// Truncate implements node.Disk. A cut is durable at once; a size beyond the end adds zeros, as
// Extend does.
func (d *Disk) Truncate(name string, size int64) error {
	f := d.files[name]
	if f == nil {
		return node.ErrNoFile
	}
	if err := d.take(min(0, size-f.now.written)); err != nil {
		return err
	}
	if size > f.now.size {
		d.touch(f)
	}
	f.now.cut(size)
	f.now.size = size
	f.eachCopy(d, func(c *content) { c.cut(size) })
	d.changed = append(d.changed, name)
	return nil
}

// eachCopy calls do with the durable content and those that syncs have captured, if they are
// prefixes of what the file holds.
func (f *inode) eachCopy(d *Disk, do func(*content)) {
	if f.durable.birth == f.now.birth {
		do(&f.durable)
	}
	for i := range d.syncs {
		for j := range d.syncs[i].files {
			if c := &d.syncs[i].files[j]; c.file == f && c.birth == f.now.birth {
				do(&c.content)
			}
		}
	}
}

// cut shortens the content to size bytes, if it is longer.
func (c *content) cut(size int64) {
	c.size = min(c.size, size)
	if c.written <= size {
		return
	}
	kept := make([][]byte, 0, len(c.chunks))
	left := size
	for _, b := range c.chunks {
		if left <= 0 {
			break
		}
		n := min(left, int64(len(b)))
		kept = append(kept, b[:n:n])
		left -= n
	}
	c.chunks, c.written = kept, size
}

// Rename implements node.Disk. It is durable at once if all of the file's content is.
func (d *Disk) Rename(from, to string) error {
	f := d.files[from]
	if f == nil {
		return node.ErrNoFile
	}
	if d.faults.broken {
		return node.ErrDiskIO
	}
	if from == to {
		return nil
	}
	if old := d.files[to]; old != nil {
		d.release(old)
	}
	delete(d.files, from)
	d.files[to], f.name = f, to
	d.changed = append(d.changed, from, to)
	if f.kept != "" && f.durable.version == f.now.version {
		d.keep(f)
	} else {
		d.dirty = true
	}
	return nil
}

// keep makes the name that f has the one that a loss of power leaves.
func (d *Disk) keep(f *inode) {
	if d.durable[f.kept] == f {
		delete(d.durable, f.kept)
	}
	d.durable[f.name], f.kept = f, f.name
}

// release takes the name from f.
func (d *Disk) release(f *inode) {
	f.name = ""
	d.give(f.now.written)
}

// Remove implements node.Disk. It is durable at once.
func (d *Disk) Remove(name string) error {
	if d.faults.broken {
		return node.ErrDiskIO
	}
	f := d.files[name]
	if f == nil {
		return nil
	}
	if d.durable[f.kept] == f {
		delete(d.durable, f.kept) // another name, if the file was renamed and not synced
	}
	delete(d.durable, name)
	delete(d.files, name)
	d.release(f)
	d.changed = append(d.changed, name)
	return nil
}

// open finds the file or creates it.
func (d *Disk) open(name string) *inode {
	f := d.files[name]
	if f == nil {
		f = &inode{name: name}
		d.files[name] = f
		d.changed = append(d.changed, name)
	}
	return f
}

// touch notes a change of the file's content.
func (d *Disk) touch(f *inode) {
	d.version++
	f.now.version, d.dirty = d.version, true
}

// TakeChanged calls f with the name of each file that was created, removed or changed in size since
// the last call, each once, in the order of the first change.
func (d *Disk) TakeChanged(f func(name string)) {
	for i, name := range d.changed {
		if !slices.Contains(d.changed[:i], name) {
			f(name)
		}
	}
	d.changed = d.changed[:0]
}
