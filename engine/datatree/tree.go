package datatree

import (
	"maps"
	"slices"
	"strings"

	"zabscope/engine/zk"
)

// Paths that every tree has and no client may delete.
const (
	Root       = "/"
	SystemPath = "/zookeeper"
	QuotaPath  = "/zookeeper/quota"
	ConfigPath = "/zookeeper/config"
)

// DataTree is the znodes of one server and all that hangs on them: ephemerals by session,
// containers, TTL nodes, quotas, the ACL cache, watches and the digest. It belongs to one machine
// and is not safe for more than one caller at a time. (org.apache.zookeeper.server.DataTree)
type DataTree struct {
	nodes map[string]*Node // the root is there twice, under "" and under "/"
	root  *Node

	lastProcessed zk.Zxid
	size          int64 // bytes of paths and data

	ephemerals map[int64]map[string]struct{}
	containers map[string]struct{}
	ttls       map[string]struct{}
	quotas     map[string]struct{} // paths that have a limit node
	acls       aclCache

	digest     uint64
	loaded     *ZxidDigest // digest of the loaded snapshot, until its zxid was reached
	last       ZxidDigest  // of the last transaction, zero before the first
	mismatches Mismatches
	scratch    digester

	dataWatches  watchManager
	childWatches watchManager

	applied uint64   // transactions applied, to tell the nodes that the current one touched
	changed []string // paths that the current transaction touched
	fired   []Fired  // watches that it fired
}

// New returns the tree of an empty database: /, /zookeeper, /zookeeper/quota and /zookeeper/config,
// which is readable by all and writable by none. Nothing in it has a time or a zxid.
// (DataTree constructor, addConfigNode)
func New() *DataTree {
	t := &DataTree{
		nodes: map[string]*Node{}, root: &Node{Data: []byte{}, ACL: OpenACL},
		ephemerals: map[int64]map[string]struct{}{}, containers: map[string]struct{}{},
		ttls: map[string]struct{}{}, quotas: map[string]struct{}{}, acls: newACLCache(),
	}
	t.nodes[""], t.nodes[Root] = t.root, t.root
	t.addDigest("", t.root)
	t.addSystemNode(SystemPath, "zookeeper", t.root)
	t.addSystemNode(QuotaPath, "quota", t.nodes[SystemPath])
	t.AddConfigNode()
	t.size = t.measure()
	return t
}

func (t *DataTree) addSystemNode(path, name string, parent *Node) {
	parent.addChild(name)
	n := &Node{Data: []byte{}, ACL: OpenACL}
	t.nodes[path] = n
	t.addDigest(path, n)
}

// AddConfigNode makes /zookeeper/config, which snapshots of releases before 3.5 lack; it replaces
// one that is there. (DataTree.addConfigNode)
func (t *DataTree) AddConfigNode() {
	system := t.nodes[SystemPath]
	if system == nil {
		return
	}
	t.addSystemNode(ConfigPath, "config", system)
	_, _ = t.setACL(ConfigPath, zk.ReadACLUnsafe, -1)
}

// IsSpecialPath reports whether the path is one of those that cannot be deleted.
// (DataTree.isSpecialPath)
func IsSpecialPath(path string) bool {
	return path == Root || path == SystemPath || path == QuotaPath || path == ConfigPath
}

// ParentPath is the path of the parent, "/" for children of the root and for the root itself.
func ParentPath(path string) string {
	return shown(path[:max(0, strings.LastIndexByte(path, '/'))])
}

// shown is the path by which clients know a node: the root is "/", never "".
func shown(path string) string {
	if path == "" {
		return Root
	}
	return path
}

// split cuts a path into its parent, "" for the root, and its name. ok is false for the root and
// for what is no absolute path: such nodes are neither created nor deleted.
func split(path string) (parent, name string, ok bool) {
	at := strings.LastIndexByte(path, '/')
	if at < 0 || path == Root {
		return "", "", false
	}
	return path[:at], path[at+1:], true
}

// LastProcessedZxid is the zxid of the last transaction applied, or what was set since.
// (DataTree.lastProcessedZxid)
func (t *DataTree) LastProcessedZxid() zk.Zxid { return t.lastProcessed }

// SetLastProcessedZxid sets it: after a snapshot was loaded, and when an epoch starts.
func (t *DataTree) SetLastProcessedZxid(z zk.Zxid) { t.lastProcessed = z }

// Node returns the node at path, nil if there is none. The node stays the tree's.
// (DataTree.getNode)
func (t *DataTree) Node(path string) *Node { return t.nodes[path] }

// Stat is what a client is told of the node at path; ok is false if there is none.
// (DataTree.statNode)
func (t *DataTree) Stat(path string) (s zk.Stat, ok bool) {
	n := t.nodes[path]
	if n == nil {
		return zk.Stat{}, false
	}
	return n.Stat(), true
}

// Get returns data and Stat of the node at path; ok is false if there is none. The data is shared
// and must not be changed. (DataTree.getData)
func (t *DataTree) Get(path string) (data []byte, s zk.Stat, ok bool) {
	n := t.nodes[path]
	if n == nil {
		return nil, zk.Stat{}, false
	}
	return n.Data, n.Stat(), true
}

// Children returns the names of the children of path, sorted, in a new slice; ok is false if there
// is no such node. ZooKeeper's own order is that of a hash table. (DataTree.getChildren)
func (t *DataTree) Children(path string) (names []string, ok bool) {
	n := t.nodes[path]
	if n == nil {
		return nil, false
	}
	return slices.Clone(n.children), true
}

// Descendants is the number of nodes below path, not counting path itself.
// (DataTree.getAllChildrenNumber)
func (t *DataTree) Descendants(path string) int {
	if path == Root {
		return len(t.nodes) - 2
	}
	count := 0
	for p := range t.nodes {
		if len(p) > len(path) && p[len(path)] == '/' && p[:len(path)] == path {
			count++
		}
	}
	return count
}

// Paths lists all nodes in lexical order, the root as "/".
func (t *DataTree) Paths() []string {
	paths := slices.Sorted(maps.Keys(t.nodes))
	return paths[1:] // the first is "", the root's other name
}

// NodeCount is the number that srvr reports: the root counts twice, so that an empty database has
// five. (DataTree.getNodeCount)
func (t *DataTree) NodeCount() int { return len(t.nodes) }

// ApproxSize is the sum of the lengths of all paths and data in bytes, kept as ZooKeeper keeps it:
// usage of quotas is not counted when it changes. (DataTree.cachedApproximateDataSize)
func (t *DataTree) ApproxSize() int64 { return t.size }

func (t *DataTree) measure() int64 {
	size := int64(0)
	for path, n := range t.nodes {
		size += nodeSize(path, n)
	}
	return size
}

func nodeSize(path string, n *Node) int64 { return int64(len(path) + len(n.Data)) }
