package storage

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Names of the files in which a server keeps the members of its ensemble. They lie beside the data,
// not in its folder.
const (
	// StaticConfigFile names the dynamic file to read at a start. It is written when the first
	// configuration is activated; until then the operator's own list of members holds. Of zoo.cfg
	// this is the one line that a server writes. (QuorumPeerConfig.editStaticConfig)
	StaticConfigFile = "zoo.cfg"
	// NextConfigFile is the configuration last seen, until it is committed.
	// (QuorumPeer.getNextDynamicConfigFilename)
	NextConfigFile = dynamicPrefix + "next"

	dynamicPrefix = StaticConfigFile + ".dynamic."
	pointer       = "dynamicConfigFile="
)

// DynamicConfigFile is where a committed configuration stands: its version in hexadecimal is part
// of the name, not of the content. (QuorumPeer.makeDynamicConfigFilename)
func DynamicConfigFile(version int64) string {
	return dynamicPrefix + strconv.FormatUint(uint64(version), 16)
}

// ReadConfig reads what a disk says of the members: the committed configuration, nil where none was
// ever activated, and the one that was last seen and not committed, nil where there is none. On an
// error the server must not start. (QuorumPeerConfig.parse)
func ReadConfig(disk node.Disk) (committed, lastSeen *zk.Membership, err error) {
	static, there := disk.Read(StaticConfigFile)
	if !there {
		return nil, nil, nil // and what was seen is not looked for, either
	}
	name, ok := strings.CutPrefix(strings.TrimSpace(string(static)), pointer)
	if !ok {
		return nil, nil, fmt.Errorf("%s: no %s in it", StaticConfigFile, pointer)
	}
	if committed, err = readDynamic(disk, name); err != nil {
		return nil, nil, err
	}
	text, there := disk.Read(NextConfigFile)
	if !there {
		return committed, nil, nil
	}
	if lastSeen, err = zk.ParseMembership(string(text)); err != nil {
		return nil, nil, wrap(NextConfigFile, err)
	}
	return committed, lastSeen, nil
}

func readDynamic(disk node.Disk, name string) (*zk.Membership, error) {
	text, there := disk.Read(name)
	if !there {
		return nil, wrap(name, node.ErrNoFile)
	}
	m, err := zk.ParseMembership(string(text))
	if err != nil {
		return nil, wrap(name, err)
	}
	version, err := strconv.ParseInt(strings.TrimPrefix(name, dynamicPrefix), 16, 64)
	if err != nil {
		return nil, fmt.Errorf("%s: no version in the name", name)
	}
	return m.WithVersion(version), nil
}

// WriteNextConfig writes beside its place the configuration that was last seen, with its version.
// It returns the name of the file and of what must be synced before CommitConfig.
// (QuorumPeerConfig.writeDynamicConfig)
func (d *ZKDatabase) WriteNextConfig(m *zk.Membership) (name, tmp string, err error) {
	return d.writeConfig(NextConfigFile, sortedLines(m.Text(), true))
}

// WriteDynamicConfig does the same for a committed configuration, without its version.
func (d *ZKDatabase) WriteDynamicConfig(m *zk.Membership) (name, tmp string, err error) {
	return d.writeConfig(DynamicConfigFile(m.Version), sortedLines(m.Text(), false))
}

// WriteStaticConfig does the same for the file that names the dynamic one.
// (QuorumPeerConfig.editStaticConfig)
func (d *ZKDatabase) WriteStaticConfig(m *zk.Membership) (name, tmp string, err error) {
	return d.writeConfig(StaticConfigFile, pointer+DynamicConfigFile(m.Version)+"\n")
}

func (d *ZKDatabase) writeConfig(name, text string) (_, tmp string, err error) {
	tmp = name + tmpSuffix
	return name, tmp, d.disk.Write(tmp, []byte(text))
}

// CommitConfig puts in its place what was written beside it. (AtomicFileWritingIdiom)
func (d *ZKDatabase) CommitConfig(o *node.Out, name string) error {
	if err := d.disk.Rename(name+tmpSuffix, name); err != nil {
		return err
	}
	if o.Tracing {
		o.Event(event.ConfigWritten).With(node.Text(name))
	}
	return nil
}

// RemoveNextConfig deletes the configuration last seen, if there is one: it is the committed one
// now. (QuorumPeerConfig.deleteFile)
func (d *ZKDatabase) RemoveNextConfig() {
	_ = d.disk.Remove(NextConfigFile) // ZooKeeper only logs that it failed
}

func sortedLines(text string, keepVersion bool) string {
	lines := strings.Split(text, "\n")
	if !keepVersion {
		isVersion := func(line string) bool { return strings.HasPrefix(line, "version") }
		lines = slices.DeleteFunc(lines, isVersion)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
