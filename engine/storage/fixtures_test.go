package storage

import (
	"slices"
	"strings"
	"testing"

	"zabscope/engine/datatree"
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// memDisk is a node.Disk that loses nothing and never fails, unless told to.
type memDisk struct {
	files map[string]memFile
	full  bool
}

type memFile struct {
	data []byte
	size int64
}

func newMemDisk() *memDisk { return &memDisk{files: map[string]memFile{}} }

func (d *memDisk) List() []string {
	var names []string
	for n := range d.files {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

func (d *memDisk) Size(name string) int64 {
	if f, ok := d.files[name]; ok {
		return f.size
	}
	return -1
}

func (d *memDisk) Read(name string) ([]byte, bool) {
	f, ok := d.files[name]
	return f.data, ok
}

func (d *memDisk) Write(name string, b []byte) error {
	if d.full {
		d.files[name] = memFile{}
		return node.ErrDiskFull
	}
	d.files[name] = memFile{b[:len(b):len(b)], int64(len(b))}
	return nil
}

func (d *memDisk) Append(name string, b []byte) error {
	if d.full {
		return node.ErrDiskFull
	}
	f := d.files[name]
	f.data = append(f.data, b...)
	f.size = max(f.size, int64(len(f.data)))
	d.files[name] = f
	return nil
}

func (d *memDisk) Extend(name string, size int64) error {
	f := d.files[name]
	f.size = max(f.size, size)
	d.files[name] = f
	return nil
}

func (d *memDisk) Truncate(name string, size int64) error {
	f, ok := d.files[name]
	if !ok {
		return node.ErrNoFile
	}
	f.data = f.data[:min(int64(len(f.data)), size):min(int64(len(f.data)), size)]
	f.size = size
	d.files[name] = f
	return nil
}

func (d *memDisk) Rename(from, to string) error {
	f, ok := d.files[from]
	if !ok {
		return node.ErrNoFile
	}
	delete(d.files, from)
	d.files[to] = f
	return nil
}

func (d *memDisk) Remove(name string) error {
	delete(d.files, name)
	return nil
}

// server is a database under test. Each step is told to a trace, whose fold must always be what the
// database says it looks like.
type server struct {
	t    *testing.T
	disk *memDisk
	db   *ZKDatabase
	cfg  zk.Config
	opt  zk.Options
	out  node.Out
	seen *node.State
	told []string // names of the last step's events
}

func newServer(t *testing.T, change ...func(*zk.Config, *zk.Options)) *server {
	s := &server{t: t, disk: newMemDisk(), cfg: zk.DefaultConfig(), opt: zk.Options3_8_0(),
		seen: node.NewState()}
	for _, c := range change {
		c(&s.cfg, &s.opt)
	}
	s.out.Tracing = true
	s.restart()
	return s
}

// booted is a server whose empty database is loaded.
func booted(t *testing.T, change ...func(*zk.Config, *zk.Options)) *server {
	s := newServer(t, change...)
	s.load()
	return s
}

var threeServers = zk.NewMembership([]zk.Member{
	{SID: 1, Host: "10.77.0.2", QuorumPort: 2888, ElectionPort: 3888, ClientPort: 2181},
	{SID: 2, Host: "10.77.0.3", QuorumPort: 2888, ElectionPort: 3888, ClientPort: 2181},
	{SID: 3, Host: "10.77.0.4", QuorumPort: 2888, ElectionPort: 3888, ClientPort: 2181},
})

// restart ends the process and starts another on the same disk; nothing is loaded yet.
func (s *server) restart() {
	s.db = New(s.disk, s.cfg, s.opt, func() *zk.Membership { return threeServers })
	s.seen.Apply(event.Vocabulary, node.Op{Code: node.OpReset})
}

// step runs one step of the machine, folds what it tells, and compares the fold with the view.
func (s *server) step(do func(o *node.Out)) {
	s.t.Helper()
	s.tell(do)
	s.looksAsTold()
}

func (s *server) tell(do func(o *node.Out)) {
	s.out.Begin(0, nil)
	do(&s.out)
	s.told = nil
	for _, eff := range s.out.End() {
		s.told = append(s.told, event.Vocabulary.Kinds[eff.Event.Kind].Name)
		for _, op := range eff.Event.Ops {
			s.seen.Apply(event.Vocabulary, op)
		}
	}
}

func (s *server) looksAsTold() {
	s.t.Helper()
	want := node.NewState()
	s.db.Visible(want)
	if diff := want.Differences(event.Vocabulary, s.seen); diff != nil {
		s.t.Fatalf("after %v the fold differs in %v\nfold %v\nview %v", s.told, diff,
			s.seen.Lists[event.Log], want.Lists[event.Log])
	}
}

func (s *server) load() {
	s.t.Helper()
	if err := s.tryLoad(); err != nil {
		s.t.Fatalf("load: %v", err)
	}
}

func (s *server) tryLoad() (err error) {
	s.t.Helper()
	s.step(func(o *node.Out) { err = s.db.Load(o) })
	return err
}

// log appends a transaction and syncs it; it is not applied.
func (s *server) log(txns ...*zk.Txn) {
	s.t.Helper()
	for _, x := range txns {
		s.step(func(o *node.Out) {
			if err := s.db.Append(o, x); err != nil {
				s.t.Fatalf("append: %v", err)
			}
		})
	}
	s.sync()
}

func (s *server) sync() {
	s.t.Helper()
	s.step(func(o *node.Out) {
		through := s.db.LastLogged()
		s.db.SyncFiles()
		s.db.Synced(o, through)
	})
}

// apply applies transactions and adds them to committedLog.
func (s *server) apply(txns ...*zk.Txn) {
	s.t.Helper()
	for _, x := range txns {
		s.step(func(o *node.Out) {
			s.db.ProcessTxn(o, x, "COMMIT")
			if err := s.db.AddCommitted(x); err != nil {
				s.t.Fatalf("committedLog: %v", err)
			}
		})
	}
}

// write logs, syncs and applies transactions, as a follower in broadcast does.
func (s *server) write(txns ...*zk.Txn) {
	s.t.Helper()
	s.log(txns...)
	s.apply(txns...)
}

func (s *server) snapshot() string {
	s.t.Helper()
	var name string
	s.step(func(o *node.Out) {
		var err error
		if name, err = s.db.TakeSnapshot(o); err != nil {
			s.t.Fatalf("snapshot: %v", err)
		}
	})
	return name
}

func (s *server) roll() {
	s.t.Helper()
	s.step(func(o *node.Out) { s.db.RollLog(o) })
}

func (s *server) truncate(z zk.Zxid) (err error) {
	s.t.Helper()
	s.step(func(o *node.Out) { err = s.db.Truncate(o, z) })
	return err
}

// files lists the names on the disk, without their folder.
func (s *server) files() string {
	var names []string
	for _, n := range s.disk.List() {
		names = append(names, base(n))
	}
	return strings.Join(names, " ")
}

// logged lists the zxids on the disk.
func (s *server) logged() string { return zxids(Inspect(s.disk).Txns) }

func zxids(txns []*zk.Txn) string {
	var out []string
	for _, x := range txns {
		out = append(out, x.Zxid.String())
	}
	return strings.Join(out, " ")
}

func (s *server) expect(what, got, want string) {
	s.t.Helper()
	if got != want {
		s.t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// z is a zxid.
func z(epoch zk.Epoch, counter int64) zk.Zxid { return zk.MakeZxid(epoch, counter) }

func create(id zk.Zxid, path, data string) *zk.Txn {
	return encoded(&zk.Txn{Type: zk.OpCreate, Zxid: id, Time: int64(id), Path: path,
		Data: []byte(data), ACL: zk.OpenACLUnsafe, ParentCVersion: -1})
}

func setData(id zk.Zxid, path, data string, version int32) *zk.Txn {
	return encoded(&zk.Txn{Type: zk.OpSetData, Zxid: id, Time: int64(id), Path: path,
		Data: []byte(data), Version: version})
}

func createSession(id zk.Zxid, session int64) *zk.Txn {
	return encoded(&zk.Txn{Type: zk.OpCreateSession, Zxid: id, Session: session, Timeout: 6000})
}

func closeSession(id zk.Zxid, session int64, paths ...string) *zk.Txn {
	return encoded(&zk.Txn{Type: zk.OpCloseSession, Zxid: id, Session: session, HasPaths: true,
		Paths: paths})
}

func encoded(t *zk.Txn) *zk.Txn {
	jute.EncodeTxn(t)
	return t
}

// history is a create of /a and then count-1 changes of it, all in one epoch, from counter 1 on.
func history(epoch zk.Epoch, count int64) []*zk.Txn {
	out := []*zk.Txn{create(z(epoch, 1), "/a", "v1")}
	for i := int64(2); i <= count; i++ {
		out = append(out, setData(z(epoch, i), "/a", "v"+string(rune('0'+i)), int32(i-1)))
	}
	return out
}

// data is what a client reads at a path.
func data(tree *datatree.DataTree, path string) string {
	b, _, ok := tree.Get(path)
	if !ok {
		return "(none)"
	}
	return string(b)
}
