package zkcli

import (
	"fmt"
	"strconv"

	"zabscope/engine/zk"
)

// maxTTL is the longest life of a node in milliseconds: it must fit 40 bits of its ephemeralOwner.
// (EphemeralType.TTL.maxValue)
const maxTTL = 1<<40 - 1

// create is org.apache.zookeeper.cli.CreateCommand.
func (c *Command) create(a *arguments) string {
	q := &zk.Request{Path: a.path(), ACL: zk.OpenACLUnsafe}
	if wrong := createMode(q, a); wrong != "" {
		return wrong
	}
	if len(a.rest) > 2 {
		q.Data = []byte(a.rest[2])
	}
	if len(a.rest) > 3 {
		q.ACL = c.parseACL(a.rest[3])
	}
	path := q.Path
	if a.has('s') {
		path += "1" // the number behind it makes a name of what ends with a slash
	}
	if wrong := validatePath(path); wrong != "" {
		return wrong
	}
	if len(q.ACL) == 0 {
		c.println(message(zk.ErrInvalidACL, ""))
		return wrapped(zk.ErrInvalidACL, "")
	}
	c.try(q, func(r *zk.Result) {
		switch r.Err {
		case zk.ErrOK:
			c.println("Created " + r.Path)
			return
		case zk.ErrEphemeralOnLocalSession:
			c.println("Unable to create ephemeral node on a local session")
		case zk.ErrInvalidACL:
			c.println(message(r.Err, q.Path))
		}
		c.fail(r.Err, q.Path)
	})
	return ""
}

// createMode makes a create request of the kind that the options ask for.
// (CreateCommand.exec, ZooKeeper.create)
func createMode(q *zk.Request, a *arguments) string {
	e, s, container, hasTTL := a.has('e'), a.has('s'), a.has('c'), a.has('t')
	if container && (e || s) {
		return "-c cannot be combined with -s or -e. Containers cannot be ephemeral or sequential."
	}
	q.Type = zk.OpCreate
	if e {
		q.Flags |= zk.FlagEphemeral
	}
	if s {
		q.Flags |= zk.FlagSequential
	}
	if container {
		q.Type, q.Flags = zk.OpCreateContainer, zk.FlagContainer
	}
	if !hasTTL {
		return ""
	}
	return ttlMode(q, a)
}

// ttlMode makes a create request one of a node with a time to live.
func ttlMode(q *zk.Request, a *arguments) string {
	ttl, err := strconv.ParseInt(a.values['t'], 10, 64)
	switch {
	case err != nil:
		return "-t argument must be a long value"
	case a.has('e'):
		return "TTLs cannot be used with Ephemeral znodes"
	case a.has('c'):
		return "TTLs cannot be used with Container znodes"
	case ttl <= 0 || ttl > maxTTL:
		return fmt.Sprintf("ttl must be positive and cannot be larger than: %d", int64(maxTTL))
	}
	q.Type, q.TTL, q.Flags = zk.OpCreateTTL, ttl, zk.FlagTTL
	if a.has('s') {
		q.Flags = zk.FlagTTLSeq
	}
	return ""
}

// set is org.apache.zookeeper.cli.SetCommand.
func (c *Command) set(a *arguments) string {
	version, wrong := a.version()
	if wrong == "" {
		wrong = validatePath(a.path())
	}
	if wrong != "" {
		return wrong
	}
	q := &zk.Request{Type: zk.OpSetData, Path: a.path(), Data: []byte(a.rest[2]), Version: version}
	c.ask(q, func(r *zk.Result) { c.statIf(a, &r.Stat) })
	return ""
}

// delete is org.apache.zookeeper.cli.DeleteCommand.
func (c *Command) delete(a *arguments) string {
	version, wrong := a.version()
	if wrong == "" {
		wrong = validatePath(a.path())
	}
	if wrong != "" {
		return wrong
	}
	c.ask(&zk.Request{Type: zk.OpDelete, Path: a.path(), Version: version}, func(*zk.Result) {})
	return ""
}

// setACL is org.apache.zookeeper.cli.SetAclCommand. With -R errors do not end it, nor their lines.
func (c *Command) setACL(a *arguments) string {
	acl := c.parseACL(a.rest[2])
	version, wrong := a.version()
	if wrong == "" {
		wrong = validatePath(a.path())
	}
	if wrong != "" {
		return wrong
	}
	if len(acl) == 0 {
		return wrapped(zk.ErrInvalidACL, "")
	}
	set := func(path string) *zk.Request {
		return &zk.Request{Type: zk.OpSetACL, Path: path, ACL: acl, Version: version}
	}
	if !a.has('R') {
		c.ask(set(a.path()), func(r *zk.Result) { c.statIf(a, &r.Stat) })
		return ""
	}
	c.visit(a.path(), false, func(path string, next func()) {
		c.try(set(path), func(r *zk.Result) {
			if r.Err != zk.ErrOK {
				c.print(message(r.Err, path))
			}
			next()
		})
	})
	return ""
}

// version is the value of -v, any version if it is not given. zkCli itself ends with a
// NumberFormatException where the value is no number.
func (a *arguments) version() (int32, string) {
	if !a.has('v') {
		return -1, ""
	}
	n, err := strconv.ParseInt(a.values['v'], 10, 32)
	if err != nil {
		return 0, "-v argument must be an int value"
	}
	return int32(n), ""
}

// addauth is org.apache.zookeeper.cli.AddAuthCommand. It does not wait for an answer; that the
// server does not take the proof is told to the session's watcher.
func (c *Command) addauth(a *arguments) string {
	q := &zk.Request{Type: zk.OpAuth, Scheme: a.rest[1]}
	if len(a.rest) > 2 {
		q.Data = []byte(a.rest[2])
	}
	c.try(q, func(r *zk.Result) {
		if r.Err == zk.ErrAuthFailed {
			for _, line := range Watched(zk.WatchEvent{Type: eventNone, State: stateAuthFailed}) {
				c.println(line)
			}
		}
	})
	return ""
}
