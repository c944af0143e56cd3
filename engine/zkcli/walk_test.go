package zkcli

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/zk"
)

// forest is a server with nothing but paths, whose children it lists in no order.
type forest struct {
	rand  *rand.Rand
	nodes map[string]bool
	asked int
}

// grow makes a forest of n random nodes below the root.
func grow(seed int64, n int) *forest {
	f := &forest{rand: rand.New(rand.NewSource(seed)), nodes: map[string]bool{"/": true}}
	paths := []string{""}
	for i := range n {
		p := fmt.Sprintf("%s/%c%d", paths[f.rand.Intn(len(paths))], 'a'+rune(f.rand.Intn(26)), i)
		paths = append(paths, p)
		f.nodes[p] = true
	}
	return f
}

func (f *forest) children(path string) []string {
	prefix := strings.TrimSuffix(path, "/") + "/"
	var out []string
	for p := range f.nodes {
		if name, below := strings.CutPrefix(p, prefix); below && name != "" &&
			!strings.Contains(name, "/") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	f.rand.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// delete refuses nodes with children, as a server does.
func (f *forest) delete(path string) zk.ErrorCode {
	switch {
	case path == "/":
		return zk.ErrBadArguments
	case !f.nodes[path]:
		return zk.ErrNoNode
	case len(f.children(path)) > 0:
		return zk.ErrNotEmpty
	}
	delete(f.nodes, path)
	return zk.ErrOK
}

// answer carries out a request.
func (f *forest) answer(q *zk.Request) zk.Result {
	f.asked++
	switch {
	case q.Type == zk.OpMulti:
		r := zk.Result{}
		for i := range q.Ops {
			part := zk.Result{OpType: zk.OpDelete, Err: f.delete(q.Ops[i].Path)}
			if part.Err != zk.ErrOK {
				part.OpType = zk.OpError
			}
			r.Ops = append(r.Ops, part)
		}
		return r
	case q.Type == zk.OpDelete:
		return zk.Result{Err: f.delete(q.Path)}
	case !f.nodes[q.Path]:
		return zk.Result{Err: zk.ErrNoNode}
	}
	return zk.Result{Children: f.children(q.Path), Data: []byte{}}
}

// run carries out a line and returns what it prints. hurt may change answers.
func (f *forest) run(t *testing.T, line string, hurt func(*zk.Request, *zk.Result)) []string {
	t.Helper()
	c, err := Parse(line)
	if err != nil {
		t.Fatal(err)
	}
	for q := c.Next(nil); q != nil; {
		r := f.answer(q)
		if hurt != nil {
			hurt(q, &r)
		}
		q = c.Next(&r)
	}
	return c.Output()
}

// Whatever the tree, ls -R prints every node once, a node before what is below it, and the
// children of a node side by side and in order.
func TestLsRecursivePrintsEveryNodeOnce(t *testing.T) {
	for seed := int64(1); seed <= 50; seed++ {
		f := grow(seed, 40)
		lines := f.run(t, "ls -R /", nil)
		place := map[string]int{}
		for i, p := range lines {
			if _, twice := place[p]; twice || !f.nodes[p] {
				t.Fatalf("seed %d: %s is printed twice, or is not there", seed, p)
			}
			place[p] = i
		}
		if len(lines) != len(f.nodes) {
			t.Fatalf("seed %d: %d of %d nodes are printed", seed, len(lines), len(f.nodes))
		}
		for p := range f.nodes {
			names := childPaths(p, f.children(p))
			slices.Sort(names)
			for i, child := range names {
				if place[child] < place[p] || i > 0 && place[child] != place[names[i-1]]+1 {
					t.Fatalf("seed %d: %s stands at the wrong place", seed, child)
				}
			}
		}
	}
}

// Whatever the tree and the batch, deleteall deletes the subtree and nothing else.
func TestDeleteallDeletesTheSubtree(t *testing.T) {
	for seed := int64(1); seed <= 50; seed++ {
		f := grow(seed, 30)
		root := "/" + f.children("/")[0]
		left := 0
		for p := range f.nodes {
			if p != root && !strings.HasPrefix(p, root+"/") {
				left++
			}
		}
		line := fmt.Sprintf("deleteall %s -b %d", root, seed%7)
		if out := f.run(t, line, nil); out != nil {
			t.Fatalf("seed %d: %s prints %q", seed, line, out)
		}
		if f.nodes[root] || len(f.nodes) != left {
			t.Fatalf("seed %d: %d nodes are left, want %d", seed, len(f.nodes), left)
		}
	}
}

// At whatever request a walk meets an error, it comes to its end, and says what is wrong.
func TestAWalkThatMeetsAnErrorEnds(t *testing.T) {
	for _, line := range []string{"ls -R /", "deleteall /", "deleteall / -b 0", "deleteall / -b 3",
		"setAcl -R / world:anyone:r"} {
		whole := grow(1, 12)
		whole.run(t, line, nil)
		for at := 1; at <= whole.asked; at++ {
			f := grow(1, 12)
			out := f.run(t, line, func(_ *zk.Request, r *zk.Result) {
				if f.asked == at {
					*r = zk.Result{Err: zk.ErrConnectionLoss}
				}
			})
			last := ""
			if len(out) > 0 {
				last = out[len(out)-1]
			}
			if !strings.Contains(last, "ConnectionLoss") && !strings.HasPrefix(last, "Failed to") {
				t.Errorf("%s without its answer %d prints %q", line, at, out)
			}
		}
	}
}

// A node that somebody deletes between the listing of its parent and its own is passed over by ls
// and ends deleteall.
func TestNodesMayVanishDuringAWalk(t *testing.T) {
	vanish := func(f *forest) func(*zk.Request, *zk.Result) {
		return func(q *zk.Request, _ *zk.Result) {
			for _, name := range f.children(q.Path) {
				if q.Path != "/" {
					f.delete(childPaths(q.Path, []string{name})[0])
				}
			}
		}
	}
	for seed := int64(1); seed <= 20; seed++ {
		f := grow(seed, 30)
		for _, line := range f.run(t, "ls -R /", vanish(f)) {
			if !strings.HasPrefix(line, "/") {
				t.Fatalf("seed %d: ls -R prints %q", seed, line)
			}
		}
	}
	f := grow(3, 30)
	root := "/" + f.children("/")[0]
	gone := false
	out := f.run(t, "deleteall "+root, func(q *zk.Request, r *zk.Result) {
		if q.Type == zk.OpGetChildren && q.Path != root && !gone {
			gone = true
			*r = zk.Result{Err: zk.ErrNoNode}
		}
	})
	if gone && (len(out) != 1 || !strings.HasPrefix(out[0], "Node does not exist: "+root)) {
		t.Errorf("deleteall prints %q", out)
	}
}

// A command belongs to one runner and runs once, but it may be asked again for what it waits for.
func TestNextWithoutAResultRepeatsTheRequest(t *testing.T) {
	c, err := Parse("get /a")
	if err != nil {
		t.Fatal(err)
	}
	first := c.Next(nil)
	if c.Next(nil) != first || c.Output() != nil {
		t.Error("asking for the request again changed something")
	}
	if c.Next(&zk.Result{Data: []byte("x")}) != nil || len(c.Output()) != 1 {
		t.Error("the result was not taken")
	}
}
