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

// UnfinishedEpoch is what currentEpoch.tmp says of a process that ended before it was renamed, though
// the history has reached an epoch beyond currentEpoch. A start writes it anew and durably, with
// WriteEpochTmp and CommitEpoch, before it asks CheckEpochs. It is not there when it is not needed;
// the error says that it holds no number. (QuorumPeer.loadDataBase)
func (d *ZKDatabase) UnfinishedEpoch() (e zk.Epoch, there bool, err error) {
	current := d.epochs.current
	if !current.there || current.err != nil || d.LastProcessed().Epoch() <= current.value {
		return 0, false, nil
	}
	tmp := readEpochFile(d.disk, CurrentEpochFile+tmpSuffix)
	return tmp.value, tmp.there && tmp.err == nil, tmp.err
}

// CheckEpochs is what a start asks of the epoch files once the database is loaded: the history may
// not have reached an epoch beyond currentEpoch, and acceptedEpoch may not be behind. A file that is
// missing counts as the epoch of the last zxid. On an error the server must not start.
// (QuorumPeer.loadDataBase)
func (d *ZKDatabase) CheckEpochs() error {
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
		return fmt.Errorf("the current epoch, %d, is older than the last zxid, %s",
			current.value, last)
	}
	if accepted.value < current.value {
		return fmt.Errorf("the accepted epoch, %d, is less than the current epoch, %d",
			accepted.value, current.value)
	}
	return nil
}
