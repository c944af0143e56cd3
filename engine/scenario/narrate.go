package scenario

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/scenario/catalogue"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
)

// depthNames are the names of the depths of a narration, coarse to fine.
var depthNames = []string{"decisions", "packets", "everything", "hidden"}

// DepthNamed is the depth with a name: decisions, packets, everything or hidden. The error lists them.
func DepthNamed(name string) (node.Depth, error) {
	if i := slices.Index(depthNames, name); i >= 0 {
		return node.Depth(i), nil
	}
	return 0, fmt.Errorf("there is no depth %q; there are %s", name,
		strings.Join(depthNames, ", "))
}

// Narrate writes what happened as sentences, one a line: when, who, what, why. It leaves out what
// lies deeper than depth; at node.Everything the questions behind each decision follow it, indented.
// language is one that catalogue.Languages lists. The error is the writer's, or the language's.
func Narrate(w io.Writer, rec *trace.Recorder, depth node.Depth, language string) error {
	c, err := catalogue.Load(language)
	if err != nil {
		return err
	}
	n := narrator{w: w, rec: rec, c: c, depth: depth}
	n.tell(rec.First(), rec.Len())
	return n.err
}

// Transcribe carries out the steps of a run that are left and writes, as it goes, each command, what
// happened because of it, and what came of it. It is Narrate with the script in between.
func Transcribe(w io.Writer, r *Run, depth node.Depth, language string) error {
	c, err := catalogue.Load(language)
	if err != nil {
		return err
	}
	n := narrator{w: w, rec: r.rec, c: c, depth: depth}
	for n.err == nil && r.Next() {
		res := &r.results[len(r.results)-1]
		n.line("> " + strings.ReplaceAll(res.Command.Text(), "\n", "\n> "))
		n.tell(res.From+1, res.To)
		n.outcome(res)
	}
	return n.err
}

// narrator writes sentences until an error stops it.
type narrator struct {
	w     io.Writer
	rec   *trace.Recorder
	c     *catalogue.Catalogue
	depth node.Depth
	err   error
}

// line writes one line, unless something went wrong before.
func (n *narrator) line(text string) {
	if n.err == nil {
		_, n.err = io.WriteString(n.w, text+"\n")
	}
}

// tell writes the events from one number to another.
func (n *narrator) tell(from, to node.Seq) {
	n.rec.Iterate(from, to, func(e *trace.Event) bool {
		if DepthOf(n.rec, e) > n.depth {
			return true
		}
		n.line(n.c.Line(e.Time, n.c.Event(n.rec, e)))
		for i := range e.Checks {
			if n.depth >= node.Everything {
				n.line("        " + n.c.Check(n.rec, &e.Checks[i]))
			}
		}
		return n.err == nil
	})
}

// outcome writes what came of a step, and an empty line.
func (n *narrator) outcome(r *Result) {
	if r.Value != nil {
		text, err := marshalPlain(r.Value)
		n.err = cmp.Or(n.err, err)
		n.line("= " + string(text))
	}
	if r.Waited && !r.Reached {
		n.line("! The condition did not come true in time.")
	}
	n.line("")
}

// DepthOf is how closely one must look to want an event: as closely as its kind says, but a message's
// arrival or loss no less closely than its sending, and pings never unless asked for.
func DepthOf(rec *trace.Recorder, e *trace.Event) node.Depth {
	depth := rec.Header().Vocabulary.Kinds[e.Kind].Depth
	switch {
	case isPing(e):
		return node.Hidden
	case e.Cause == 0 || e.Kind != node.KindReceived && e.Kind != node.KindLost:
		return depth
	}
	sent, ok := rec.At(e.Cause)
	if !ok {
		return depth
	}
	return max(depth, DepthOf(rec, &sent))
}

// isPing reports whether an event is the sending of a ping, between servers or of a client.
func isPing(e *trace.Event) bool {
	return len(e.Args) > 0 && e.Args[0].Kind == node.TextValue &&
		(e.Args[0].S == zk.PING.String() || e.Args[0].S == zk.OpPing.String())
}
