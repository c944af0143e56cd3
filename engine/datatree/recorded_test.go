package datatree

import (
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/zk"
)

// A recorded run: what the leader of a real ensemble proposed, and what a client saw at the end.
type recordedRun struct {
	name  string
	txns  []*zk.Txn
	nodes []string
}

func recordedRuns(t *testing.T) []recordedRun {
	t.Helper()
	text, err := os.ReadFile("testdata/recorded.txt")
	if err != nil {
		t.Fatal(err)
	}
	var runs []recordedRun
	for line := range strings.Lines(string(text)) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "run":
			runs = append(runs, recordedRun{name: rest})
		case "txn":
			r := &runs[len(runs)-1]
			r.txns = append(r.txns, decodeHex(t, rest))
		case "node":
			r := &runs[len(runs)-1]
			r.nodes = append(r.nodes, rest)
		}
	}
	return runs
}

func decodeHex(t *testing.T, text string) *zk.Txn {
	t.Helper()
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	x, err := jute.DecodeTxn(b)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// describe writes a node as the recorded facts do.
func describe(t *DataTree, path string) string {
	data, s, ok := t.Get(path)
	if !ok {
		return path + " is missing"
	}
	return fmt.Sprintf("%s %s %s %s %d %d %d %d %s", path, s.Czxid.Hex(), s.Mzxid.Hex(),
		s.Pzxid.Hex(), s.Version, s.Cversion, s.Aversion, s.NumChildren,
		strconv.Quote(string(data)))
}

// Every digest that a real leader foresaw is the digest of our tree after the transaction, and the
// nodes that a client read from the real server are the nodes of our tree.
func TestRecordedTransactionsGiveTheRecordedTree(t *testing.T) {
	digests := 0
	for _, run := range recordedRuns(t) {
		tree := New()
		for _, x := range run.txns {
			out := tree.Apply(x)
			if x.HasDigest {
				digests++
			}
			if tree.Mismatches().Count > 0 {
				t.Fatalf("%s: digest after %s %s is %#x, recorded %#x", run.name, x.Zxid, x.Type,
					tree.Digest(), x.Digest)
			}
			if x.Type != zk.OpError && x.Type != zk.OpMulti && out.Err != zk.ErrOK {
				t.Errorf("%s: %s %s %s fails: %v", run.name, x.Zxid, x.Type, x.Path, out.Err)
			}
		}
		for _, want := range run.nodes {
			path, _, _ := strings.Cut(want, " ")
			if got := describe(tree, path); got != want {
				t.Errorf("%s:\n got %s\nwant %s", run.name, got, want)
			}
		}
	}
	if digests < 50 {
		t.Errorf("only %d digests were compared", digests)
	}
}

// The digest of the tree before the first transaction, seen in the log of a real server behind a
// createSession, which changes no node.
func TestDigestOfTheEmptyTree(t *testing.T) {
	if got := New().Digest(); got != 0x51c6d660 {
		t.Errorf("digest %#x, want 0x51c6d660", got)
	}
}

// A client saw the cversion of / as 3 with five children of which four were its own; sequential
// names count on with the stored number.
func TestVisibleCversionCountsDeletionsToo(t *testing.T) {
	tree := New()
	z := zk.Zxid(0)
	create := func(path string, cversion int32) {
		z++
		tree.Apply(&zk.Txn{Type: zk.OpCreate, Zxid: z, Path: path, ParentCVersion: cversion})
	}
	for i, name := range []string{"/a", "/b", "/c", "/d"} {
		create(name, int32(i+1))
	}
	if s, _ := tree.Stat("/"); s.Cversion != 3 || s.NumChildren != 5 {
		t.Errorf("after four creates: %+v", s)
	}
	tree.Apply(&zk.Txn{Type: zk.OpDelete, Zxid: 5, Path: "/d"})
	if s, _ := tree.Stat("/"); s.Cversion != 4 || s.NumChildren != 4 || s.Pzxid != 5 {
		t.Errorf("after one delete: %+v", s)
	}
	if n := tree.Node("/"); n.Cversion != 4 {
		t.Errorf("stored cversion %d, want 4", n.Cversion)
	}
}
