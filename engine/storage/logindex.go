package storage

import (
	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// logFile is where the transactions of one log file are.
type logFile struct {
	name  string
	first zk.Zxid // in the name
	zxids []zk.Zxid
	ends  []int64 // offset behind each transaction
	err   error   // why reading stops behind the last of them; nil where the file just ends
	dirty bool    // written since the last SyncFiles
	alone []string
}

func newLogFile(name string, first zk.Zxid) *logFile {
	return &logFile{name: name, first: first, alone: []string{name}}
}

func (f *logFile) add(z zk.Zxid, size int) {
	f.zxids = append(f.zxids, z)
	f.ends = append(f.ends, f.end()+int64(size))
}

// end is the offset behind the last transaction.
func (f *logFile) end() int64 {
	if n := len(f.ends); n > 0 {
		return f.ends[n-1]
	}
	return int64(len(jute.LogHeader))
}

// start is the offset of transaction i.
func (f *logFile) start(i int) int64 {
	if i == 0 {
		return int64(len(jute.LogHeader))
	}
	return f.ends[i-1]
}

// readLogFile finds the transactions of a file. (FileTxnLog.FileTxnIterator.next)
func readLogFile(disk node.Disk, n namedZxid) *logFile {
	f := newLogFile(n.name, n.zxid)
	data := logBytes(disk, n.name)
	if err := jute.CheckLogHeader(data); err != nil {
		f.err = wrap(n.name, err)
		return f
	}
	for {
		t, size, err := jute.DecodeRecord(data[f.end():])
		if err == jute.ErrEndOfLog {
			return f
		}
		if err != nil {
			f.err = wrap(n.name, err)
			return f
		}
		f.add(t.Zxid, size)
	}
}

// logBytes is what was written to a log file, with the zeros that stand for a header that a loss of
// power cut short in a file that is long enough.
func logBytes(disk node.Disk, name string) []byte {
	data, _ := disk.Read(name)
	if h := len(jute.LogHeader); len(data) < h && disk.Size(name) >= int64(h) {
		data = append(append(make([]byte, 0, h), data...), make([]byte, h-len(data))...)
	}
	return data
}

// place is a transaction in the log: a file and a number in it.
type place struct{ file, at int }

// find returns the place of the first transaction at or behind z, reading as ZooKeeper does: from
// the last file whose name is older than z. ok is false if there is none; err is set if the log is
// damaged before it. (FileTxnLog.FileTxnIterator.init)
func (l *txnLog) find(z zk.Zxid) (p place, ok bool, err error) {
	for p.file = l.firstFile(z); p.file < len(l.files); p.file++ {
		f := l.files[p.file]
		for i, x := range f.zxids {
			if x >= z {
				return place{p.file, i}, true, nil
			}
		}
		if f.err != nil {
			return p, false, f.err
		}
	}
	return p, false, nil
}

// firstFile is the number of the file in which reading from z begins.
func (l *txnLog) firstFile(z zk.Zxid) int {
	first := 0
	for i, f := range l.files {
		if f.first < z {
			first = i
		}
	}
	return first
}

// each calls visit for the transactions from p on, in the order of the files, until it returns an
// error. It returns that error, or that of a damaged file.
func (l *txnLog) each(p place, visit func(*zk.Txn) error) error {
	for ; p.file < len(l.files); p.file, p.at = p.file+1, 0 {
		f := l.files[p.file]
		data := logBytes(l.disk, f.name)
		for ; p.at < len(f.zxids); p.at++ {
			t, _, err := jute.DecodeRecord(data[f.start(p.at):f.ends[p.at]])
			if err != nil {
				return wrap(f.name, err)
			}
			if err := visit(t); err != nil {
				return err
			}
		}
		if f.err != nil {
			return f.err
		}
	}
	return nil
}

// length is the number of transactions in the log.
func (l *txnLog) length() int {
	n := 0
	for _, f := range l.files {
		n += len(f.zxids)
	}
	return n
}

// before is the number of transactions before the place.
func (l *txnLog) before(p place) int {
	n := p.at
	for _, f := range l.files[:p.file] {
		n += len(f.zxids)
	}
	return n
}

// LastLogged is the zxid of the last transaction in the log, NoZxid if it is empty. The index of
// the log is there after the first Load. (FileTxnLog.getLastLoggedZxid)
func (d *ZKDatabase) LastLogged() zk.Zxid {
	for i := len(d.log.files) - 1; i >= 0; i-- {
		if f := d.log.files[i]; len(f.zxids) > 0 {
			return f.zxids[len(f.zxids)-1]
		}
	}
	return zk.NoZxid
}
