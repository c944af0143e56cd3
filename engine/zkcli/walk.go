package zkcli

import (
	"slices"
	"strconv"

	"zabscope/engine/zk"
)

// visit calls each with every node of a subtree: a node before what is below it, all children of a
// node before what is below them. each calls next when it is done with a node. A node that is gone
// when its children are asked for is passed over. (ZKUtil.visitSubTreeDFS)
func (c *Command) visit(root string, watch bool, each func(path string, next func())) {
	c.ask(&zk.Request{Type: zk.OpGetData, Path: root, Watch: watch}, func(*zk.Result) {
		each(root, func() { c.visitBelow([]string{root}, watch, each) })
	})
}

// visitBelow visits what is below the last of some nodes, and then below the others.
// (ZKUtil.visitSubTreeDFSHelper)
func (c *Command) visitBelow(nodes []string, watch bool, each func(path string, next func())) {
	n := len(nodes) - 1
	if n < 0 {
		return
	}
	q := &zk.Request{Type: zk.OpGetChildren2, Path: nodes[n], Watch: watch}
	c.try(q, func(r *zk.Result) {
		var below []string
		switch r.Err {
		case zk.ErrOK:
			below = childPaths(q.Path, sorted(r.Children))
		case zk.ErrNoNode:
		default:
			c.fail(r.Err, q.Path)
			return
		}
		c.eachOf(below, each, func() {
			slices.Reverse(below)
			c.visitBelow(append(nodes[:n], below...), watch, each)
		})
	})
}

// eachOf calls each with the nodes of a list, and then next.
func (c *Command) eachOf(list []string, each func(path string, next func()), next func()) {
	if len(list) == 0 {
		next()
		return
	}
	each(list[0], func() { c.eachOf(list[1:], each, next) })
}

// childPaths are the paths of a node's children.
func childPaths(parent string, names []string) []string {
	if parent == "/" {
		parent = ""
	}
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = parent + "/" + n
	}
	return out
}

// defaultBatch is how many nodes deleteall deletes with one multi.
const defaultBatch = 1000

// deleteall is org.apache.zookeeper.cli.DeleteAllCommand.
func (c *Command) deleteall(a *arguments) string {
	batch := defaultBatch
	if a.has('b') {
		n, err := strconv.ParseInt(a.values['b'], 10, 32)
		if err != nil {
			return "-b argument must be an int value"
		}
		batch = int(n)
	}
	if wrong := validatePath(a.path()); wrong != "" {
		return wrong
	}
	c.list([]string{a.path()}, 0, batch)
	return ""
}

// list collects a subtree breadth first; seen counts the nodes of tree whose children are in it.
// Deleting in the opposite order then never meets a node with children. (ZKUtil.listSubTreeBFS)
func (c *Command) list(tree []string, seen, batch int) {
	if seen == len(tree) {
		slices.Reverse(tree)
		if batch > 0 {
			c.deleteBatches(tree, batch)
		} else {
			c.deleteEach(tree)
		}
		return
	}
	q := &zk.Request{Type: zk.OpGetChildren, Path: tree[seen]}
	c.ask(q, func(r *zk.Result) {
		c.list(append(tree, childPaths(q.Path, r.Children)...), seen+1, batch)
	})
}

// deleteBatches deletes nodes by multi; the first that fails is the last. (ZKUtil.deleteInBatch,
// which has up to ten under way at once)
func (c *Command) deleteBatches(paths []string, batch int) {
	if len(paths) == 0 {
		return
	}
	now := paths[:min(batch, len(paths))]
	q := &zk.Request{Type: zk.OpMulti}
	for _, p := range now {
		q.Ops = append(q.Ops, zk.Request{Type: zk.OpDelete, Path: p, Version: -1})
	}
	c.try(q, func(r *zk.Result) {
		if !granted(r) {
			c.println("Failed to delete some node(s) in the subtree!")
			return
		}
		c.deleteBatches(paths[len(now):], batch)
	})
}

// granted reports whether a multi was carried out: of one that fails, the parts carry errors.
func granted(r *zk.Result) bool {
	return r.Err == zk.ErrOK && !slices.ContainsFunc(r.Ops, func(part zk.Result) bool {
		return part.OpType == zk.OpError || part.Err != zk.ErrOK
	})
}

// deleteEach deletes nodes one by one.
func (c *Command) deleteEach(paths []string) {
	if len(paths) == 0 {
		return
	}
	c.ask(&zk.Request{Type: zk.OpDelete, Path: paths[0], Version: -1}, func(*zk.Result) {
		c.deleteEach(paths[1:])
	})
}
