package storage

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// Names of files on a server's disk. All lie in one folder, as dataLogDir defaults to dataDir.
const (
	dir            = "version-2/"
	logPrefix      = dir + "log."
	snapshotPrefix = dir + "snapshot."

	// AcceptedEpochFile and CurrentEpochFile hold an epoch each, in decimal digits.
	// (QuorumPeer.ACCEPTED_EPOCH_FILENAME)
	AcceptedEpochFile = dir + "acceptedEpoch"
	CurrentEpochFile  = dir + "currentEpoch" // see AcceptedEpochFile

	tmpSuffix = ".tmp" // AtomicFileOutputStream.TMP_EXTENSION
)

// zxidName joins a prefix and a zxid as Util.makeLogName does: hexadecimal, no leading zeros.
func zxidName(prefix string, z zk.Zxid) string {
	return prefix + strconv.FormatUint(uint64(z), 16)
}

// zxidOf is the zxid in a file's name; ok is false for other files. (Util.getZxidFromName)
func zxidOf(name, prefix string) (z zk.Zxid, ok bool) {
	digits, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, 16, 64)
	return zk.Zxid(n), err == nil
}

type namedZxid struct {
	name string
	zxid zk.Zxid
}

// zxidFiles lists the files with a zxid behind the prefix, in order of the zxids.
// (Util.sortDataDir)
func zxidFiles(disk node.Disk, prefix string) []namedZxid {
	var out []namedZxid
	for _, name := range disk.List() {
		if z, ok := zxidOf(name, prefix); ok {
			out = append(out, namedZxid{name, z})
		}
	}
	slices.SortFunc(out, func(a, b namedZxid) int { return cmp.Compare(a.zxid, b.zxid) })
	return out
}

// base is the name that events show.
func base(name string) string { return strings.TrimPrefix(name, dir) }
