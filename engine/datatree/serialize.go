package datatree

import "fmt"

// Walk calls visit for each node, parents before their children and siblings in order of names, the
// root as "". (DataTree.serializeNodes)
func (t *DataTree) Walk(visit func(path string, n *Node)) { t.walk("", visit) }

func (t *DataTree) walk(path string, visit func(string, *Node)) {
	n := t.nodes[path]
	if n == nil {
		return
	}
	visit(path, n)
	for _, name := range n.children {
		t.walk(path+"/"+name, visit)
	}
}

// Loader fills a tree from a snapshot. The caller hands over the ACL cache, then the nodes, parents
// before children, then calls Done. (DataTree.deserialize)
type Loader struct{ t *DataTree }

// NewLoader starts a tree with the ACL cache of a snapshot. The lists are kept and must not change.
func NewLoader(acls []ACLEntry) *Loader {
	t := New()
	index := t.acls.index // goes on counting from the new tree's own, as ZooKeeper's does
	clear(t.nodes)
	t.root, t.digest, t.size = nil, 0, 0
	t.acls = newACLCache()
	for _, e := range acls {
		index = max(index, e.ID)
		t.acls.add(e.ID, e.ACL)
	}
	t.acls.index = index
	return &Loader{t}
}

// Node adds a node: data, ACL id and Stat of n, which the tree keeps. The root comes first, as "".
// It is an error if a path comes twice, or before its parent.
func (l *Loader) Node(path string, n *Node) error {
	t := l.t
	if t.nodes[path] != nil {
		return fmt.Errorf("datatree: %q stands twice in the snapshot", path)
	}
	if path == "" {
		t.root = n
	} else {
		parentPath, name, ok := split(path)
		parent := t.nodes[parentPath]
		if !ok || parent == nil {
			return fmt.Errorf("datatree: %q stands before its parent in the snapshot", path)
		}
		parent.addChild(name)
		t.register(path, n.EphemeralOwner)
	}
	t.nodes[path] = n
	t.addDigest(path, n)
	t.acls.addUsage(n.ACL)
	return nil
}

// Done returns the tree, with usage of quotas counted afresh and ACLs that no node uses dropped. It
// is an error if there was no root.
func (l *Loader) Done() (*DataTree, error) {
	t := l.t
	if t.root == nil {
		return nil, fmt.Errorf("datatree: the snapshot has no root")
	}
	t.nodes[Root] = t.root
	t.size = t.measure()
	t.setupQuota(QuotaPath)
	t.acls.purgeUnused()
	return t, nil
}
