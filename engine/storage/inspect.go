package storage

import (
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// Files is what stands on a server's disk, whether the server runs or not.
type Files struct {
	Logs      []LogFile  // in order of their first zxids
	Snapshots []Snapshot // in order of their zxids
	Txns      []*zk.Txn  // of all log files, in order

	AcceptedEpoch, CurrentEpoch zk.Epoch // -1 if the file is missing or holds no number
}

// LogFile is one file of the transaction log.
type LogFile struct {
	Name  string // without its folder
	First zk.Zxid
	Size  int64 // bytes, padding included
	Txns  int   // transactions that can be read
	Err   error // why no more can be read; nil where the file just ends
}

// Snapshot is one snapshot file.
type Snapshot struct {
	Name  string // without its folder
	Zxid  zk.Zxid
	Size  int64 // bytes
	Whole bool  // it ends as a snapshot does; that it can be read is not known
}

// LastLogged is the zxid of the last transaction in the log, NoZxid if it is empty.
func (f *Files) LastLogged() zk.Zxid {
	if len(f.Txns) == 0 {
		return zk.NoZxid
	}
	return f.Txns[len(f.Txns)-1].Zxid
}

// Files lists what is on the disk, in a new slice: to make all of it durable.
func (d *ZKDatabase) Files() []string { return d.disk.List() }

// Inspect reads a disk without changing it. Damage is no error: it shows in the files.
func Inspect(disk node.Disk) *Files {
	out := &Files{}
	l := txnLog{disk: disk}
	for _, n := range zxidFiles(disk, logPrefix) {
		f := readLogFile(disk, n)
		out.Logs = append(out.Logs, LogFile{base(n.name), n.zxid, disk.Size(n.name), len(f.zxids),
			f.err})
		f.err = nil // what follows in later files is wanted too
		l.files = append(l.files, f)
	}
	_ = l.each(place{}, func(t *zk.Txn) error { // read before, so it can be read
		out.Txns = append(out.Txns, t)
		return nil
	})
	for _, s := range zxidFiles(disk, snapshotPrefix) {
		b, _ := disk.Read(s.name)
		out.Snapshots = append(out.Snapshots, Snapshot{base(s.name), s.zxid, disk.Size(s.name),
			jute.IsValidSnapshot(b)})
	}
	e := readEpochFiles(disk)
	out.AcceptedEpoch, out.CurrentEpoch = e.accepted.value, e.current.value
	return out
}
