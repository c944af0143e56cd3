package storage

import (
	"fmt"
	"strconv"

	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// epochFiles is what the epoch files said when they were last read or written.
type epochFiles struct {
	accepted, current epochFile
}

type epochFile struct {
	value zk.Epoch
	there bool
	err   error // the file is there and holds no number
}

func readEpochFiles(disk node.Disk) epochFiles {
	return epochFiles{readEpochFile(disk, AcceptedEpochFile), readEpochFile(disk, CurrentEpochFile)}
}

// readEpochFile reads one epoch. (QuorumPeer.readLongFromFile)
func readEpochFile(disk node.Disk, name string) epochFile {
	b, there := disk.Read(name)
	if !there {
		return epochFile{value: -1}
	}
	line := string(b)
	for i, c := range b {
		if c == '\n' {
			line = string(b[:i])
			break
		}
	}
	n, err := strconv.ParseInt(line, 10, 64)
	if err != nil {
		err = fmt.Errorf("found %q in %s", line, base(name))
		return epochFile{value: -1, there: true, err: err}
	}
	return epochFile{value: zk.Epoch(n), there: true}
}

func (f *epochFiles) of(name string) *epochFile {
	if name == AcceptedEpochFile {
		return &f.accepted
	}
	return &f.current
}

// AcceptedEpoch is the highest epoch that this server promised to, -1 before its file is written.
// (QuorumPeer.getAcceptedEpoch)
func (d *ZKDatabase) AcceptedEpoch() zk.Epoch { return d.epochs.accepted.value }

// CurrentEpoch is the epoch of the last leader that this server was synchronized with, -1 before
// its file is written. (QuorumPeer.getCurrentEpoch)
func (d *ZKDatabase) CurrentEpoch() zk.Epoch { return d.epochs.current.value }

// MissingEpochFiles lists those of the two files that are not there. A server that finds them
// missing at its start writes the epoch of its last zxid. (QuorumPeer.loadDataBase)
func (d *ZKDatabase) MissingEpochFiles() []string {
	var missing []string
	for _, name := range []string{CurrentEpochFile, AcceptedEpochFile} {
		if !d.epochs.of(name).there {
			missing = append(missing, name)
		}
	}
	return missing
}

// WriteEpochTmp writes an epoch beside its file and returns the name to sync before CommitEpoch.
// (QuorumPeer.writeLongToFile, AtomicFileWritingIdiom)
func (d *ZKDatabase) WriteEpochTmp(name string, e zk.Epoch) (tmp string, err error) {
	tmp = name + tmpSuffix
	return tmp, d.disk.Write(tmp, strconv.AppendInt(nil, int64(e), 10))
}

// CommitEpoch puts the epoch that WriteEpochTmp wrote in its place: first the file, then the value
// in memory (ZOOKEEPER-2307). (QuorumPeer.setAcceptedEpoch, setCurrentEpoch)
func (d *ZKDatabase) CommitEpoch(o *node.Out, name string, e zk.Epoch) error {
	if err := d.disk.Rename(name+tmpSuffix, name); err != nil {
		return err
	}
	*d.epochs.of(name) = epochFile{value: e, there: true}
	if o.Tracing {
		kind, field := event.AcceptedEpochWritten, event.AcceptedEpoch
		if name == CurrentEpochFile {
			kind, field = event.CurrentEpochWritten, event.CurrentEpoch
		}
		o.Event(kind).With(node.Int(int64(e))).Set(field, node.Int(int64(e)))
	}
	return nil
}

// CheckEpochs is what a start asks of the epoch files once the database is loaded: the history may
// not have reached an epoch beyond currentEpoch, unless currentEpoch.tmp shows that the process
// ended between the two, and acceptedEpoch may not be behind. A file that is missing counts as the
// epoch of the last zxid. On an error the server must not start. (QuorumPeer.loadDataBase)
func (d *ZKDatabase) CheckEpochs(o *node.Out) error {
	last := d.LastProcessed()
	accepted, current := d.epochs.accepted, d.epochs.current
	for _, f := range []*epochFile{&current, &accepted} {
		if f.err != nil {
			return f.err
		}
		if !f.there {
			f.value = last.Epoch()
		}
	}
	if last.Epoch() > current.value {
		tmp := readEpochFile(d.disk, CurrentEpochFile+tmpSuffix)
		switch {
		case !tmp.there:
			return fmt.Errorf("the current epoch, %d, is older than the last zxid, %s",
				current.value, last)
		case tmp.err != nil:
			return tmp.err
		}
		if err := d.CommitEpoch(o, CurrentEpochFile, tmp.value); err != nil {
			return err
		}
		current = d.epochs.current
	}
	if accepted.value < current.value {
		return fmt.Errorf("the accepted epoch, %d, is less than the current epoch, %d",
			accepted.value, current.value)
	}
	return nil
}
