package zkcli

import (
	"testing"

	"zabscope/engine/zk"
)

// create makes the request that CreateCommand and ZooKeeper.create make.
func TestCreateAsksForTheNodeThatItsOptionsName(t *testing.T) {
	open := zk.OpenACLUnsafe
	x := []byte("x")
	for line, want := range map[string]zk.Request{
		"create /a":           {Type: zk.OpCreate, ACL: open},
		`create /a ""`:        {Type: zk.OpCreate, ACL: open, Data: []byte{}},
		"create /a x":         {Type: zk.OpCreate, ACL: open, Data: x},
		"create -e /a x":      {Type: zk.OpCreate, ACL: open, Data: x, Flags: 1},
		"create -s /a x":      {Type: zk.OpCreate, ACL: open, Data: x, Flags: 2},
		"create /a -es x":     {Type: zk.OpCreate, ACL: open, Data: x, Flags: 3},
		"create -c /a":        {Type: zk.OpCreateContainer, ACL: open, Flags: 4},
		"create -t 1000 /a":   {Type: zk.OpCreateTTL, ACL: open, Flags: 5, TTL: 1000},
		"create -st 5 /a":     {Type: zk.OpCreateTTL, ACL: open, Flags: 6, TTL: 5},
		"create -t5 /a":       {Type: zk.OpCreateTTL, ACL: open, Flags: 5, TTL: 5},
		"create -t=5 /a":      {Type: zk.OpCreateTTL, ACL: open, Flags: 5, TTL: 5},
		`create -t '"5"' /a`:  {Type: zk.OpCreateTTL, ACL: open, Flags: 5, TTL: 5},
		"create -t 5 -t 6 /a": {Type: zk.OpCreateTTL, ACL: open, Flags: 5, TTL: 5},
		"create /a x auth::cdrw": {Type: zk.OpCreate, Data: x, ACL: []zk.ACL{
			{Perms: 15, ID: zk.ID{Scheme: "auth"}}}},
		"create /a x digest:u:p=:a,ip:10.0.0.0/8:r": {Type: zk.OpCreate, Data: x, ACL: []zk.ACL{
			{Perms: 16, ID: zk.ID{Scheme: "digest", ID: "u:p="}},
			{Perms: 1, ID: zk.ID{Scheme: "ip", ID: "10.0.0.0/8"}}}},
	} {
		want.Path = "/a"
		saw(t, line, play(t, line, exchange{want, zk.Result{Path: "/a"}}), "Created /a")
	}
}

func TestCreateTellsTheNameThatTheServerChose(t *testing.T) {
	q := zk.Request{Type: zk.OpCreate, Path: "/a-", Data: []byte("x"), ACL: zk.OpenACLUnsafe, Flags: 2}
	saw(t, "create", play(t, "create -s /a- x", exchange{q, zk.Result{Path: "/a-0000000003"}}),
		"Created /a-0000000003")
}

// AclParser: what it cannot read it says, and takes the rest.
func TestAnAclIsReadAsFarAsItCanBe(t *testing.T) {
	q := zk.Request{Type: zk.OpCreate, Path: "/a", Data: []byte("x"), ACL: []zk.ACL{
		{Perms: 1, ID: zk.ID{Scheme: "world", ID: "anyone"}}, {ID: zk.ID{Scheme: "ip", ID: "1"}}}}
	saw(t, "create", play(t, "create /a x world:anyone:rx,bad,,ip:1:",
		exchange{q, zk.Result{Path: "/a"}}),
		"Unknown perm type: x", "bad does not have the form scheme:id:perm",
		" does not have the form scheme:id:perm", "Created /a")
}

func TestSetAndDeleteNameTheVersion(t *testing.T) {
	for line, version := range map[string]int32{"set /a x": -1, "set -v 3 /a x": 3, "set -v3 /a x": 3,
		"set -v=3 /a x": 3, "set -v -1 /a x": -1, "set /a x -v 0": 0} {
		q := zk.Request{Type: zk.OpSetData, Path: "/a", Data: []byte("x"), Version: version}
		saw(t, line, play(t, line, exchange{q, zk.Result{Stat: aStat}}))
	}
	q := zk.Request{Type: zk.OpSetData, Path: "/a", Data: []byte("x"), Version: -1}
	saw(t, "set -s", play(t, "set -s /a x", exchange{q, zk.Result{Stat: aStat}}), aStatPrinted...)
	saw(t, "set", play(t, "set /a x", exchange{q, failing(zk.ErrBadVersion)}),
		"version No is not valid : /a")

	q = zk.Request{Type: zk.OpDelete, Path: "/a", Version: 2}
	saw(t, "delete", play(t, "delete -v 2 /a", exchange{q, zk.Result{}}))
	saw(t, "delete", play(t, "delete -v 2 /a", exchange{q, failing(zk.ErrNotEmpty)}),
		"Node not empty: /a")
}

func TestSetAclChangesOneNodeOrASubtree(t *testing.T) {
	readable := []zk.ACL{{Perms: 1, ID: zk.ID{Scheme: "world", ID: "anyone"}}}
	set := func(path string, version int32, r zk.Result) exchange {
		return exchange{zk.Request{Type: zk.OpSetACL, Path: path, ACL: readable, Version: version}, r}
	}
	saw(t, "setAcl", play(t, "setAcl /a world:anyone:r", set("/a", -1, zk.Result{Stat: aStat})))
	saw(t, "setAcl", play(t, "setAcl -s -v 4 /a world:anyone:r", set("/a", 4, zk.Result{Stat: aStat})),
		aStatPrinted...)
	saw(t, "setAcl", play(t, "setAcl /a world:anyone:r", set("/a", -1, failing(zk.ErrInvalidACL))),
		"Acl is not valid : /a")

	// Each node is changed when it is met; errors do not end the walk, and have no line of their
	// own.
	got := play(t, "setAcl -R /a world:anyone:r",
		read(zk.OpGetData, "/a", zk.Result{}),
		set("/a", -1, zk.Result{}),
		read(zk.OpGetChildren2, "/a", names("b", "c")),
		set("/a/b", -1, failing(zk.ErrNoAuth)),
		set("/a/c", -1, failing(zk.ErrNoNode)),
		read(zk.OpGetChildren2, "/a/b", names()),
		read(zk.OpGetChildren2, "/a/c", failing(zk.ErrNoNode)))
	saw(t, "setAcl -R", got, "KeeperErrorCode = NoAuth for /a/bKeeperErrorCode = NoNode for /a/c")
}

// ZKUtil.deleteRecursive: list the subtree breadth first, delete it from the end.
func TestDeleteallDeletesTheLeavesFirst(t *testing.T) {
	listing := []exchange{read(zk.OpGetChildren, "/a", names("b", "c")),
		read(zk.OpGetChildren, "/a/b", names("d")), read(zk.OpGetChildren, "/a/c", names()),
		read(zk.OpGetChildren, "/a/b/d", names())}
	ask := func(line string, more ...exchange) string {
		return play(t, line, append(listing[:len(listing):len(listing)], more...)...)
	}
	ok := zk.Result{Ops: []zk.Result{{OpType: zk.OpDelete}}}
	saw(t, "deleteall", ask("deleteall /a", deletes(ok, "/a/b/d", "/a/c", "/a/b", "/a")))
	saw(t, "deleteall -b 3", ask("deleteall /a -b 3", deletes(ok, "/a/b/d", "/a/c", "/a/b"),
		deletes(ok, "/a")))

	one := func(path string, r zk.Result) exchange {
		return exchange{zk.Request{Type: zk.OpDelete, Path: path, Version: -1}, r}
	}
	saw(t, "deleteall -b 0", ask("deleteall /a -b 0", one("/a/b/d", zk.Result{}),
		one("/a/c", zk.Result{}), one("/a/b", failing(zk.ErrNotEmpty))), "Node not empty: /a/b")
}

func TestDeleteallStopsAtTheFirstFailure(t *testing.T) {
	const failed = "Failed to delete some node(s) in the subtree!"
	listing := []exchange{read(zk.OpGetChildren, "/a", names("b")),
		read(zk.OpGetChildren, "/a/b", names())}
	refused := zk.Result{Ops: []zk.Result{{OpType: zk.OpError, Err: zk.ErrNotEmpty}}}
	lost := failing(zk.ErrConnectionLoss)
	for _, r := range []zk.Result{refused, lost} {
		script := append(listing[:2:2], deletes(r, "/a/b"))
		saw(t, "deleteall", play(t, "deleteall -b 1 /a", script...), failed)
	}
	saw(t, "deleteall", play(t, "deleteall /a", listing[0],
		read(zk.OpGetChildren, "/a/b", failing(zk.ErrNoNode))), "Node does not exist: /a/b")
}

func TestAddauthPrintsNothingUnlessTheProofIsRefused(t *testing.T) {
	q := zk.Request{Type: zk.OpAuth, Scheme: "digest", Data: []byte("u:p")}
	saw(t, "addauth", play(t, "addauth digest u:p", exchange{q, zk.Result{}}))
	saw(t, "addauth", play(t, "addauth ip", exchange{zk.Request{Type: zk.OpAuth, Scheme: "ip"},
		failing(zk.ErrConnectionLoss)}))
	saw(t, "addauth", play(t, "addauth nope", exchange{zk.Request{Type: zk.OpAuth, Scheme: "nope"},
		failing(zk.ErrAuthFailed)}), "", "WATCHER::", "",
		"WatchedEvent state:AuthFailed type:None path:null")
}
