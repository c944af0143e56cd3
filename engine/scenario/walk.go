package scenario

import (
	"slices"
	"strings"

	"zabscope/engine/client"
	"zabscope/engine/zk"
)

// walk is a client that reads a whole tree, node by node.
type walk struct {
	run    *Run
	c      *caller
	p      *patience
	unread []string // paths to read, the next one last
	tag    int64    // of the request under way, 0 if none
	kids   bool     // it is getChildren of the path on top
	order  []string
	nodes  map[string]*object
}

// walk begins to read a tree.
func (r *Run) walk(via zk.SID) *walk {
	c := r.visit(via)
	return &walk{run: r, c: c, p: r.patient(c, readWait), unread: []string{"/"},
		nodes: map[string]*object{}}
}

// read is the walk's outcome: nil when all is read and the session closed, else what went wrong.
func (w *walk) read() (any, bool) {
	if t := w.p.trouble(); t != "" && w.c.life.State() != client.Closed {
		w.run.leave(w.c)
		return exception(t), true
	}
	if w.tag != 0 {
		o := w.c.life.History().Find(w.tag)
		if !o.Done {
			return nil, false
		}
		w.answer(o)
	}
	if w.c.life.State() == client.Closed {
		return nil, true
	}
	w.ask()
	return nil, false
}

// ask makes the next request, or ends the session after the last.
func (w *walk) ask() {
	if len(w.unread) == 0 {
		if w.tag != -1 {
			w.tag = -1
			w.run.command(w.c, client.End{})
		}
		return
	}
	q := &zk.Request{Type: zk.OpGetData, Path: w.unread[len(w.unread)-1]}
	if w.kids {
		q.Type = zk.OpGetChildren2
	}
	w.tag = w.run.tags(1)
	w.run.command(w.c, client.Call{Tag: w.tag, Request: q})
}

// answer takes a node's data and stat or, after that, its children.
func (w *walk) answer(o *client.Op) {
	if w.tag == -1 {
		return
	}
	path := w.unread[len(w.unread)-1]
	if !w.kids {
		if o.Result.Err == zk.ErrOK {
			w.order = append(w.order, path)
			w.nodes[path] = w.run.stat(&o.Result.Stat).put("data", dataText(o.Result.Data))
		}
		w.kids = true
		return
	}
	w.kids = false
	w.unread = w.unread[:len(w.unread)-1]
	names := slices.Clone(o.Result.Children)
	slices.Sort(names)
	slices.Reverse(names)
	for _, name := range names {
		w.unread = append(w.unread, strings.TrimSuffix(path, "/")+"/"+name)
	}
}
