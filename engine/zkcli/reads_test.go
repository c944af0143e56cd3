package zkcli

import (
	"testing"

	"zabscope/engine/zk"
)

func TestGetPrintsTheDataAndTheStat(t *testing.T) {
	data := func(s string) zk.Result { return zk.Result{Data: []byte(s), Stat: aStat} }
	for _, c := range []struct {
		line string
		exchange
		want []string
	}{
		{"get /a", read(zk.OpGetData, "/a", data("one")), []string{"one"}},
		{"get -w /a", watched(zk.OpGetData, "/a", data("one")), []string{"one"}},
		{"get -s /a", read(zk.OpGetData, "/a", data("one")), with([]string{"one"}, aStatPrinted...)},
		{"get -sw /a", watched(zk.OpGetData, "/a", data("")), with([]string{""}, aStatPrinted...)},
		{"get /a -s", read(zk.OpGetData, "/a", data("é")), with([]string{"é"}, aStatPrinted...)},
		{"get -- /a", read(zk.OpGetData, "/a", data("one")), []string{"one"}},
		{"get /a", read(zk.OpGetData, "/a", zk.Result{}), []string{"null"}},
		{"get /a", read(zk.OpGetData, "/a", data("two\nlines")), []string{"two", "lines"}},
		{"get /a", read(zk.OpGetData, "/a", data("\xff")), []string{"\uFFFD"}},
		{"get /a", read(zk.OpGetData, "/a", failing(zk.ErrNoNode)),
			[]string{"Node does not exist: /a"}},
	} {
		saw(t, c.line, play(t, c.line, c.exchange), c.want...)
	}
}

func TestStatPrintsTheStatOrThatThereIsNoNode(t *testing.T) {
	saw(t, "stat /a", play(t, "stat /a", read(zk.OpExists, "/a", zk.Result{Stat: aStat})),
		aStatPrinted...)
	saw(t, "stat -w /a", play(t, "stat -w /a", watched(zk.OpExists, "/a", failing(zk.ErrNoNode))),
		"Node does not exist: /a")
}

func TestLsSortsTheNames(t *testing.T) {
	r := zk.Result{Children: []string{"b", "c", "a"}, Stat: aStat}
	saw(t, "ls /x", play(t, "ls /x", read(zk.OpGetChildren2, "/x", r)), "[a, b, c]")
	saw(t, "ls -ws /x", play(t, "ls -ws /x", watched(zk.OpGetChildren2, "/x", r)),
		with([]string{"[a, b, c]"}, aStatPrinted...)...)
	saw(t, "ls /x", play(t, "ls /x", read(zk.OpGetChildren2, "/x", names())), "[]")
	saw(t, "ls -? /x", play(t, "ls -? /x", read(zk.OpGetChildren2, "/x", names())),
		"usage: ls [options] path", " -?   help", " -R   recurse", " -s   stat", " -w   watch", "[]")
	if r.Children[0] != "b" {
		t.Error("the answer was sorted in place, and it is the server's")
	}
}

// ZKUtil.visitSubTreeDFS: all children of a node are printed before any of theirs.
func TestLsRecursiveWalksTheTree(t *testing.T) {
	got := play(t, "ls -R /",
		read(zk.OpGetData, "/", zk.Result{}),
		read(zk.OpGetChildren2, "/", names("b", "a")),
		read(zk.OpGetChildren2, "/a", names("x", "y")),
		read(zk.OpGetChildren2, "/a/x", names("deep")),
		read(zk.OpGetChildren2, "/a/x/deep", names()),
		read(zk.OpGetChildren2, "/a/y", failing(zk.ErrNoNode)), // deleted meanwhile
		read(zk.OpGetChildren2, "/b", names()))
	saw(t, "ls -R /", got, "/", "/a", "/b", "/a/x", "/a/y", "/a/x/deep")

	got = play(t, "ls -wR /a", watched(zk.OpGetData, "/a", zk.Result{}),
		watched(zk.OpGetChildren2, "/a", names()))
	saw(t, "ls -wR /a", got, "/a")

	got = play(t, "ls -R /none", read(zk.OpGetData, "/none", failing(zk.ErrNoNode)))
	saw(t, "ls -R /none", got, "Node does not exist: /none")

	got = play(t, "ls -R /a", read(zk.OpGetData, "/a", zk.Result{}),
		read(zk.OpGetChildren2, "/a", names("b", "c")),
		read(zk.OpGetChildren2, "/a/b", failing(zk.ErrNoAuth)))
	saw(t, "ls -R /a", got, "/a", "/a/b", "/a/c", "Insufficient permission : /a/b")
}

func TestSyncTellsTheReturnCode(t *testing.T) {
	saw(t, "sync /a", play(t, "sync /a", read(zk.OpSync, "/a", zk.Result{Path: "/a"})), "Sync is OK")
	saw(t, "sync /a", play(t, "sync /a", read(zk.OpSync, "/a", failing(zk.ErrConnectionLoss))),
		"Sync has failed. rc=-4")
}

func TestGetAclPrintsEachEntryOnTwoLines(t *testing.T) {
	r := zk.Result{ACL: []zk.ACL{{Perms: zk.PermAll, ID: zk.ID{Scheme: "world", ID: "anyone"}},
		{Perms: zk.PermWrite | zk.PermRead, ID: zk.ID{Scheme: "digest", ID: "u:abc="}}}, Stat: aStat}
	want := []string{"'world,'anyone", ": cdrwa", "'digest,'u:abc=", ": rw"}
	saw(t, "getAcl /a", play(t, "getAcl /a", read(zk.OpGetACL, "/a", r)), want...)
	saw(t, "getAcl -s /a", play(t, "getAcl -s /a", read(zk.OpGetACL, "/a", r)),
		with(want, aStatPrinted...)...)
	saw(t, "getAcl /a", play(t, "getAcl /a", read(zk.OpGetACL, "/a", failing(zk.ErrNoAuth))),
		"Insufficient permission : /a")
}

func TestTheSmallReads(t *testing.T) {
	saw(t, "getEphemerals", play(t, "getEphemerals", read(zk.OpGetEphemerals, "/", names("/x", "/y"))),
		"[/x, /y]")
	saw(t, "getEphemerals", play(t, "getEphemerals /x",
		read(zk.OpGetEphemerals, "/x", failing(zk.ErrConnectionLoss))),
		"KeeperErrorCode = ConnectionLoss")
	saw(t, "getAllChildrenNumber", play(t, "getAllChildrenNumber /",
		read(zk.OpGetAllChildren, "/", zk.Result{Stat: zk.Stat{NumChildren: 17}})), "17")
	ids := []zk.ID{{Scheme: "ip", ID: "10.78.0.1"}, {Scheme: "digest", ID: "u"}}
	saw(t, "whoami", play(t, "whoami -x", read(zk.OpWhoAmI, "", zk.Result{IDs: ids})),
		"Auth scheme: User", "ip: 10.78.0.1", "digest: u")
	saw(t, "whoami", play(t, "whoami", read(zk.OpWhoAmI, "", failing(zk.ErrConnectionLoss))),
		"Auth scheme: User")
	saw(t, "version", play(t, "version"), "ZooKeeper CLI version: 3.8.0-5a02a05eddb59aee6ac762f7ea82"+
		"e92a68eb9c0f, built on 2022-02-25 08:49 UTC")
}
