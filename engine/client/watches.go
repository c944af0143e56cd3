package client

import (
	"sort"

	"zabscope/engine/jute"
	"zabscope/engine/zk"
)

// The kinds of one-shot watches, in the order of a setWatches request.
const (
	watchData = iota
	watchExist
	watchChild
)

// Types of watch events. (org.apache.zookeeper.Watcher.Event.EventType)
const (
	nodeDeleted         = 2
	nodeChildrenChanged = 4
)

// watch is one watch that the client believes to be set. (ZooKeeper.ZKWatchManager)
type watch struct {
	kind int
	path string
}

// registerWatch notes the watch that a successful read has set; exists sets one even on a node that
// is not there. (ZooKeeper.WatchRegistration.register)
func (c *Client) registerWatch(o *Op) {
	if !o.Request.Watch {
		return
	}
	kind := watchData
	switch o.Request.Type {
	case zk.OpExists:
		if o.Result.Err == zk.ErrNoNode {
			c.watches[watch{watchExist, o.Request.Path}] = true
			return
		}
	case zk.OpGetChildren, zk.OpGetChildren2:
		kind = watchChild
	case zk.OpGetData:
	default:
		return
	}
	if o.Result.Err == zk.ErrOK {
		c.watches[watch{kind, o.Request.Path}] = true
	}
}

// watchFired forgets what a one-shot watch event has used up. (ZKWatchManager.materialize)
func (c *Client) watchFired(e zk.WatchEvent) {
	if e.Type == nodeChildrenChanged || e.Type == nodeDeleted {
		delete(c.watches, watch{watchChild, e.Path})
	}
	if e.Type != nodeChildrenChanged {
		delete(c.watches, watch{watchData, e.Path})
		delete(c.watches, watch{watchExist, e.Path})
	}
}

// restoreWatches tells a new server which watches the client counts on, and what it has seen, so
// that the server can fire those that changed in between. (ClientCnxn.SendThread.primeConnection)
func (c *Client) restoreWatches() {
	if len(c.watches) == 0 {
		return
	}
	r := &zk.Request{Type: zk.OpSetWatches, RelativeZxid: c.lastZxid}
	for w := range c.watches {
		r.Watches[w.kind] = append(r.Watches[w.kind], w.path)
	}
	for i := range r.Watches {
		sort.Strings(r.Watches[i])
	}
	c.send(&jute.ClientRequest{Xid: xidSetWatches, Request: r})
}
