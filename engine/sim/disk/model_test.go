package disk

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"zabscope/engine/node"
)

// model is a disk that copies everything: what package disk must be equal to. A file has a number,
// so that it can be found again under another name.
type model struct {
	now     map[string]modelFile // as the machine sees it
	durable map[string]modelFile // as a crash leaves it
	best    map[int]modelFile    // what of each file was ever made durable, under whatever name
	syncs   map[int32][]modelFile
	next    int
}

type modelFile struct {
	id      int
	data    string
	size    int
	written int // grows with each write: which content is newer
	birth   int // of the last Write: contents of one birth are prefixes of each other
}

func newModel() *model {
	return &model{map[string]modelFile{}, map[string]modelFile{}, map[int]modelFile{},
		map[int32][]modelFile{}, 1}
}

func (m *model) open(name string) modelFile {
	f, ok := m.now[name]
	if !ok {
		m.next++
		f.id = m.next
	}
	m.next++
	f.written = m.next
	return f
}

func (m *model) write(name, data string) {
	f := m.open(name)
	f.data, f.size, f.birth = data, len(data), f.written
	m.now[name] = f
}

func (m *model) add(name, data string) {
	f := m.open(name)
	f.data += data
	f.size = max(f.size, len(f.data))
	m.now[name] = f
}

func (m *model) extend(name string, size int) {
	f, ok := m.now[name]
	if ok && f.size >= size {
		return
	}
	f = m.open(name)
	f.size = size
	m.now[name] = f
}

func (f modelFile) cut(size int) modelFile {
	f.data, f.size = f.data[:min(size, len(f.data))], min(size, f.size)
	return f
}

func (m *model) truncate(name string, size int) {
	f, ok := m.now[name]
	if !ok {
		return
	}
	same := func(g modelFile) bool { return g.id == f.id && g.birth == f.birth }
	for n, g := range m.durable {
		if same(g) {
			m.durable[n] = g.cut(size)
		}
	}
	if g, ok := m.best[f.id]; ok && same(g) {
		m.best[f.id] = g.cut(size)
	}
	for _, files := range m.syncs {
		for i := range files {
			if same(files[i]) {
				files[i] = files[i].cut(size)
			}
		}
	}
	if size > f.size {
		f = m.open(name)
	}
	f = f.cut(size)
	f.size = size
	m.now[name] = f
}

func (m *model) rename(from, to string) {
	f, ok := m.now[from]
	if !ok || from == to {
		return
	}
	delete(m.now, from)
	m.now[to] = f
	if g, ok := m.best[f.id]; ok && g.written == f.written {
		if n, kept := m.keptAs(f.id); kept {
			delete(m.durable, n)
		}
		m.durable[to] = g
	}
}

func (m *model) keptAs(id int) (string, bool) {
	for n, g := range m.durable {
		if g.id == id {
			return n, true
		}
	}
	return "", false
}

func (m *model) remove(name string) {
	f, ok := m.now[name]
	if !ok {
		return
	}
	if n, kept := m.keptAs(f.id); kept {
		delete(m.durable, n)
	}
	delete(m.now, name)
	delete(m.durable, name)
}

// settle makes a content durable under the name that its file has now.
func (m *model) settle(c modelFile) {
	for name, f := range m.now {
		if f.id != c.id {
			continue
		}
		if b, ok := m.best[c.id]; ok && b.written > c.written {
			c = b
		}
		if n, kept := m.keptAs(c.id); kept {
			delete(m.durable, n)
		}
		m.durable[name], m.best[c.id] = c, c
	}
}

func (m *model) crash() {
	m.now, m.best, m.durable = map[string]modelFile{}, map[int]modelFile{}, maps.Clone(m.durable)
	for name, f := range m.durable {
		m.next++
		f.id = m.next
		m.now[name], m.durable[name], m.best[f.id] = f, f, f
	}
	m.syncs = map[int32][]modelFile{}
}

func (m *model) text() string {
	var now, durable []string
	for name, f := range m.now {
		now = append(now, fmt.Sprintf("%s=%q/%d", name, f.data, f.size))
	}
	for name, f := range m.durable {
		durable = append(durable, fmt.Sprintf("%s=%q/%d", name, f.data, f.size))
	}
	slices.Sort(now)
	slices.Sort(durable)
	return fmt.Sprint(now, durable)
}

func diskText(d *Disk) string {
	var now, durable []string
	for _, name := range d.List() {
		b, _ := d.Read(name)
		now = append(now, fmt.Sprintf("%s=%q/%d", name, b, d.Size(name)))
	}
	for name, f := range d.durable {
		durable = append(durable, fmt.Sprintf("%s=%q/%d", name, f.durable.join(), f.durable.size))
	}
	slices.Sort(durable)
	return fmt.Sprint(now, durable)
}

// pair is a disk and its model, to which the same is done.
type pair struct {
	*Disk
	m      *model
	r      *node.Rand
	handle []int32
	did    []string
}

func (p *pair) act() {
	name, other := string(rune('a'+p.r.Intn(4))), string(rune('a'+p.r.Intn(4)))
	data := fmt.Sprint(p.r.Intn(1000))
	size := int(p.r.Intn(12))
	switch p.r.Intn(24) {
	case 0, 1, 2:
		p.note("write", name, data)
		_ = p.Write(name, []byte(data))
		p.m.write(name, data)
	case 3:
		p.note("extend", name, size)
		_ = p.Extend(name, int64(size))
		p.m.extend(name, size)
	case 4, 5:
		p.note("truncate", name, size)
		_ = p.Truncate(name, int64(size))
		p.m.truncate(name, size)
	case 6, 7:
		p.note("rename", name, other)
		_ = p.Rename(name, other)
		p.m.rename(name, other)
	case 8:
		p.note("remove", name)
		_ = p.Remove(name)
		p.m.remove(name)
	case 9, 10, 11, 12:
		p.begin(name, other)
	case 13, 14, 15, 16:
		p.finish()
	case 17:
		p.power()
	default:
		p.note("append", name, data)
		_ = p.Append(name, []byte(data))
		p.m.add(name, data)
	}
}

func (p *pair) note(what ...any) { p.did = append(p.did, fmt.Sprint(what...)) }

func (p *pair) begin(names ...string) {
	h, _ := p.Begin(names)
	p.note("begin", h, names)
	p.handle = append(p.handle, h)
	var files []modelFile
	for _, n := range names {
		if f, ok := p.m.now[n]; ok {
			files = append(files, f)
		}
	}
	p.m.syncs[h] = files
}

// finish ends any one of the syncs under way: they may overtake each other.
func (p *pair) finish() {
	if len(p.handle) == 0 {
		return
	}
	i := int(p.r.Intn(int64(len(p.handle))))
	h := p.handle[i]
	p.handle = slices.Delete(p.handle, i, i+1)
	p.note("finish", h)
	_ = p.Finish(h)
	for _, f := range p.m.syncs[h] {
		p.m.settle(f)
	}
	delete(p.m.syncs, h)
}

func (p *pair) power() {
	if p.r.Intn(3) == 0 {
		p.note("write back")
		p.WriteBack()
		for _, f := range p.m.now {
			p.m.settle(f)
		}
		return
	}
	p.note("crash")
	p.Crash(0)
	p.m.crash()
	p.handle = nil
}

// Whatever is done to a disk, it holds what the plain model holds, before and after losses of power.
func TestDiskEqualsItsModel(t *testing.T) {
	for seed := range uint64(300) {
		p := &pair{Disk: newDisk(), m: newModel(), r: node.NewRand(seed)}
		for range 200 {
			p.act()
			if got, want := diskText(p.Disk), p.m.text(); got != want {
				t.Fatalf("seed %d: after %v\nthe disk holds %s\nthe model     %s", seed,
					p.did[max(0, len(p.did)-12):], got, want)
			}
		}
	}
}
