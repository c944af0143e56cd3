package server

import (
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// Once a minute the leader deletes containers that had children and have none.
// (ContainerManager.checkContainers)
func TestContainersAreDeleted(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 600000)
	for _, path := range []string{"/fresh", "/full", "/used"} {
		c.do(as(zk.OpCreateContainer, create(path, "", 4)))
	}
	for _, path := range []string{"/full/kid", "/used/kid"} {
		c.do(create(path, "", 0))
	}
	c.do(create("/plain", "", 0))
	c.do(create("/plain/kid", "", 0))
	c.do(del("/plain/kid", -1))
	c.do(del("/used/kid", -1))
	tree := w.servers[3].db.Tree
	w.fire(60 * node.Second)
	if tree.Node("/used") == nil {
		t.Error("the leader looks before a minute is over")
	}
	w.fire(62 * node.Second)
	for path, stays := range map[string]bool{"/fresh": true, "/full": true, "/used": false,
		"/plain": true} {
		if (tree.Node(path) != nil) != stays {
			t.Errorf("%s: stays %v", path, !stays)
		}
	}
	if x := w.proposed[len(w.proposed)-1]; x.Type != zk.OpDeleteContainer || x.Session != 0 {
		t.Errorf("proposed %+v", x)
	}
	c.do(del("/full/kid", -1))
	w.fire(122 * node.Second)
	if tree.Node("/full") != nil {
		t.Error("the leader looks once only")
	}
	if _, armed := w.servers[1].timers[containerTimer]; armed {
		t.Error("a follower looks too")
	}
	w.wantLevel()
}
