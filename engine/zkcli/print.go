package zkcli

import (
	"fmt"
	"strings"
	"time"

	"zabscope/engine/zk"
)

// printStat prints a stat as zkCli does; the zone of its times is UTC.
// (org.apache.zookeeper.cli.StatPrinter.print)
func (c *Command) printStat(s *zk.Stat) {
	c.println("cZxid = " + s.Czxid.Hex())
	c.println("ctime = " + date(s.Ctime))
	c.println("mZxid = " + s.Mzxid.Hex())
	c.println("mtime = " + date(s.Mtime))
	c.println("pZxid = " + s.Pzxid.Hex())
	c.println(fmt.Sprint("cversion = ", s.Cversion))
	c.println(fmt.Sprint("dataVersion = ", s.Version))
	c.println(fmt.Sprint("aclVersion = ", s.Aversion))
	c.println(fmt.Sprintf("ephemeralOwner = 0x%x", uint64(s.EphemeralOwner)))
	c.println(fmt.Sprint("dataLength = ", s.DataLength))
	c.println(fmt.Sprint("numChildren = ", s.NumChildren))
}

// date writes milliseconds since 1970 as Java's Date.toString does.
func date(millis int64) string {
	return time.UnixMilli(millis).UTC().Format("Mon Jan 02 15:04:05 MST 2006")
}

// printList prints names as Java prints a list.
func (c *Command) printList(names []string) {
	c.println("[" + strings.Join(names, ", ") + "]")
}

// spelled are the codes that Java spells differently from their names.
// (KeeperException.getCodeMessage)
var spelled = map[zk.ErrorCode]string{
	zk.ErrNotEmpty:                "Directory not empty",
	zk.ErrSessionExpired:          "Session expired",
	zk.ErrInvalidCallback:         "Invalid callback",
	zk.ErrSessionMoved:            "Session moved",
	zk.ErrNotReadOnly:             "Not a read-only call",
	zk.ErrEphemeralOnLocalSession: "Ephemeral node on local session",
	zk.ErrNoWatcher:               "No such watcher",
	zk.ErrRequestTimeout:          "Unknown error REQUESTTIMEOUT",
	zk.ErrReconfigDisabled:        "Reconfig is disabled",
	zk.ErrSessionClosedNoAuth:     "Session closed because client failed to authenticate",
	zk.ErrQuotaExceeded:           "Quota has exceeded",
	zk.ErrThrottledOp:             "Op throttled due to high load",
}

// message is the text of an exception; path is "" where it names none.
// (org.apache.zookeeper.KeeperException.getMessage)
func message(e zk.ErrorCode, path string) string {
	name, ok := spelled[e]
	if !ok {
		name = e.Error()
	}
	if path == "" {
		return "KeeperErrorCode = " + name
	}
	return "KeeperErrorCode = " + name + " for " + path
}

// worded are the errors that the shell has words for; the path follows.
var worded = map[zk.ErrorCode]string{
	zk.ErrNoNode:                  "Node does not exist: ",
	zk.ErrNoChildrenForEphemerals: "Ephemerals cannot have children: ",
	zk.ErrNodeExists:              "Node already exists: ",
	zk.ErrNotEmpty:                "Node not empty: ",
	zk.ErrNotReadOnly:             "Not a read-only call: ",
	zk.ErrInvalidACL:              "Acl is not valid : ",
	zk.ErrNoAuth:                  "Insufficient permission : ",
	zk.ErrBadArguments:            "Arguments are not valid : ",
	zk.ErrBadVersion:              "version No is not valid : ",
	zk.ErrQuotaExceeded:           "Quota has exceeded : ",
}

// wrapped is what the shell prints of an error. (CliWrapperException.getMessage)
func wrapped(e zk.ErrorCode, path string) string {
	words, ok := worded[e]
	switch {
	case !ok:
		return message(e, path)
	case path == "":
		path = "null"
	}
	return words + path
}

// Numbers of events that the session's watcher hears of.
// (Watcher.Event.EventType, Watcher.Event.KeeperState)
const (
	eventNone       = -1
	stateAuthFailed = 4
)

var eventTypes = map[int32]string{eventNone: "None", 1: "NodeCreated", 2: "NodeDeleted",
	3: "NodeDataChanged", 4: "NodeChildrenChanged", 5: "DataWatchRemoved", 6: "ChildWatchRemoved",
	7: "PersistentWatchRemoved"}

var keeperStates = map[int32]string{0: "Disconnected", 3: "SyncConnected",
	stateAuthFailed: "AuthFailed", 5: "ConnectedReadOnly", 6: "SaslAuthenticated", 7: "Closed",
	-112: "Expired"}

// Watched is what zkCli prints when a watch of its session fires, between two commands or amid the
// output of one; four lines, the first and the third of them empty.
// (ZooKeeperMain.MyWatcher.process, WatchedEvent.toString)
func Watched(e zk.WatchEvent) []string {
	path := e.Path
	if e.Type == eventNone {
		path = "null"
	}
	return []string{"", "WATCHER::", "", fmt.Sprintf("WatchedEvent state:%s type:%s path:%s",
		named(keeperStates, e.State), named(eventTypes, e.Type), path)}
}

// named finds the name of a number; what has none is written as it is.
func named(names map[int32]string, n int32) string {
	if name, ok := names[n]; ok {
		return name
	}
	return fmt.Sprint(n)
}
