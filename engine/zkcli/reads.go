package zkcli

import (
	"slices"
	"strconv"

	"zabscope/engine/zk"
)

// get is org.apache.zookeeper.cli.GetCommand.
func (c *Command) get(a *arguments) string {
	if wrong := validatePath(a.path()); wrong != "" {
		return wrong
	}
	q := &zk.Request{Type: zk.OpGetData, Path: a.path(), Watch: a.has('w')}
	c.ask(q, func(r *zk.Result) {
		if r.Data == nil {
			c.println("null")
		} else {
			c.println(string([]rune(string(r.Data)))) // bytes that are no text become U+FFFD
		}
		c.statIf(a, &r.Stat)
	})
	return ""
}

// ls is org.apache.zookeeper.cli.LsCommand.
func (c *Command) ls(a *arguments) string {
	if a.has('?') {
		c.print("usage: ls [options] path\n -?   help\n -R   recurse\n -s   stat\n -w   watch\n")
	}
	if wrong := validatePath(a.path()); wrong != "" {
		return wrong
	}
	if a.has('R') {
		c.visit(a.path(), a.has('w'), func(path string, next func()) {
			c.println(path)
			next()
		})
		return ""
	}
	q := &zk.Request{Type: zk.OpGetChildren2, Path: a.path(), Watch: a.has('w')}
	c.ask(q, func(r *zk.Result) {
		c.printList(sorted(r.Children))
		c.statIf(a, &r.Stat)
	})
	return ""
}

// sorted is a sorted copy.
func sorted(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return names
}

// stat is org.apache.zookeeper.cli.StatCommand. Its watch is set on a node that is not there, too.
func (c *Command) stat(a *arguments) string {
	if wrong := validatePath(a.path()); wrong != "" {
		return wrong
	}
	q := &zk.Request{Type: zk.OpExists, Path: a.path(), Watch: a.has('w')}
	c.ask(q, func(r *zk.Result) { c.printStat(&r.Stat) })
	return ""
}

// statIf prints the stat if -s asks for it.
func (c *Command) statIf(a *arguments, s *zk.Stat) {
	if a.has('s') {
		c.printStat(s)
	}
}

// sync is org.apache.zookeeper.cli.SyncCommand.
func (c *Command) sync(a *arguments) string {
	if wrong := validatePath(a.path()); wrong != "" {
		return wrong
	}
	c.try(&zk.Request{Type: zk.OpSync, Path: a.path()}, func(r *zk.Result) {
		if r.Err != zk.ErrOK {
			c.println("Sync has failed. rc=" + strconv.Itoa(int(r.Err)))
			return
		}
		c.println("Sync is OK")
	})
	return ""
}

// getACL is org.apache.zookeeper.cli.GetAclCommand. The end of line behind the id is part of how
// Java prints a record.
func (c *Command) getACL(a *arguments) string {
	if wrong := validatePath(a.path()); wrong != "" {
		return wrong
	}
	c.ask(&zk.Request{Type: zk.OpGetACL, Path: a.path()}, func(r *zk.Result) {
		for _, x := range r.ACL {
			c.println("'" + x.ID.Scheme + ",'" + x.ID.ID + "\n: " + permString(x.Perms))
		}
		c.statIf(a, &r.Stat)
	})
	return ""
}

// getEphemerals is org.apache.zookeeper.cli.GetEphemeralsCommand: the nodes of this session.
func (c *Command) getEphemerals(a *arguments) string {
	prefix := "/"
	if len(a.rest) > 1 {
		prefix = a.path()
	}
	if wrong := validatePath(prefix); wrong != "" {
		return wrong
	}
	c.try(&zk.Request{Type: zk.OpGetEphemerals, Path: prefix}, func(r *zk.Result) {
		if r.Err != zk.ErrOK {
			c.fail(r.Err, "")
			return
		}
		c.printList(r.Children)
	})
	return ""
}

// getAllChildrenNumber is org.apache.zookeeper.cli.GetAllChildrenNumberCommand.
func (c *Command) getAllChildrenNumber(a *arguments) string {
	if wrong := validatePath(a.path()); wrong != "" {
		return wrong
	}
	c.ask(&zk.Request{Type: zk.OpGetAllChildren, Path: a.path()}, func(r *zk.Result) {
		c.println(strconv.Itoa(int(r.Stat.NumChildren)))
	})
	return ""
}

// whoami is org.apache.zookeeper.cli.WhoAmICommand, which does not look whether it was answered.
func (c *Command) whoami(*arguments) string {
	c.try(&zk.Request{Type: zk.OpWhoAmI}, func(r *zk.Result) {
		c.println("Auth scheme: User")
		for _, id := range r.IDs {
			c.println(id.Scheme + ": " + id.ID)
		}
	})
	return ""
}

// release is the version that this shell follows. (org.apache.zookeeper.Version.getFullVersion)
const release = "3.8.0-5a02a05eddb59aee6ac762f7ea82e92a68eb9c0f, built on 2022-02-25 08:49 UTC"

// version is org.apache.zookeeper.cli.VersionCommand.
func (c *Command) version(*arguments) string {
	c.println("ZooKeeper CLI version: " + release)
	return ""
}

// help prints what there is. To zkCli it is an unknown command, which prints the same.
func (c *Command) help(*arguments) string {
	c.usage()
	return ""
}
