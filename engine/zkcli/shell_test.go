package zkcli

import (
	"slices"
	"strings"
	"testing"

	"zabscope/engine/zk"
)

// exchange is one request that a command is expected to make, and what it is told.
type exchange struct {
	want   zk.Request
	answer zk.Result
}

// play runs a line against a server that answers as scripted, and returns what is printed.
func play(t *testing.T, line string, script ...exchange) string {
	t.Helper()
	c, err := Parse(line)
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	q := c.Next(nil)
	for i := range script {
		if q == nil {
			t.Fatalf("%s: over after %d requests, want %d", line, i, len(script))
		}
		if got, want := describe(q), describe(&script[i].want); got != want {
			t.Fatalf("%s: request %d\n got %s\nwant %s", line, i+1, got, want)
		}
		q = c.Next(&script[i].answer)
	}
	if q != nil {
		t.Fatalf("%s: one request more than expected: %s", line, describe(q))
	}
	if again := c.Next(&zk.Result{}); again != nil {
		t.Errorf("%s: it is over and asks again", line)
	}
	return strings.Join(c.Output(), "\n")
}

// saw checks what a line printed.
func saw(t *testing.T, line, got string, want ...string) {
	t.Helper()
	if w := strings.Join(want, "\n"); got != w {
		t.Errorf("%s prints\n%s\nwant\n%s", line, got, w)
	}
}

func read(op zk.OpCode, path string, r zk.Result) exchange {
	return exchange{zk.Request{Type: op, Path: path}, r}
}

func watched(op zk.OpCode, path string, r zk.Result) exchange {
	return exchange{zk.Request{Type: op, Path: path, Watch: true}, r}
}

func failing(e zk.ErrorCode) zk.Result { return zk.Result{Err: e} }

func names(list ...string) zk.Result { return zk.Result{Children: list} }

// deletes is a multi that deletes paths.
func deletes(r zk.Result, paths ...string) exchange {
	q := zk.Request{Type: zk.OpMulti}
	for _, p := range paths {
		q.Ops = append(q.Ops, zk.Request{Type: zk.OpDelete, Path: p, Version: -1})
	}
	return exchange{q, r}
}

// aStat has another number in every field; its times are of a day with one digit.
var aStat = zk.Stat{Czxid: 0x100000002, Mzxid: 0x20000001a, Pzxid: 0x300000003, Ctime: 0,
	Mtime: 1704067201000, Version: 4, Cversion: 5, Aversion: 6, EphemeralOwner: 0x10000abcd,
	DataLength: 7, NumChildren: 8}

// aStatPrinted is how StatPrinter of ZooKeeper 3.8.0 prints it in the zone UTC.
var aStatPrinted = []string{"cZxid = 0x100000002", "ctime = Thu Jan 01 00:00:00 UTC 1970",
	"mZxid = 0x20000001a", "mtime = Mon Jan 01 00:00:01 UTC 2024", "pZxid = 0x300000003",
	"cversion = 5", "dataVersion = 4", "aclVersion = 6", "ephemeralOwner = 0x10000abcd",
	"dataLength = 7", "numChildren = 8"}

func with(first []string, more ...string) []string { return slices.Concat(first, more) }
