package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"zabscope/engine/node"
	"zabscope/engine/scenario"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
)

// Limits of a file that Import reads.
const (
	MaxTraceBytes    = 1 << 30   // of a trace in all
	MaxTraceLine     = 8 << 20   // bytes of one of its lines
	MaxTraceEvents   = 1_010_000 // as many as a run may have, and those of its last moment
	MaxTraceMachines = 10_000
	MaxScenarioBytes = 1 << 20
)

// VersionError is the error of a trace that another engine has made.
type VersionError struct {
	Theirs, Ours string
}

// Error names both versions, and the way out.
func (e *VersionError) Error() string {
	return fmt.Sprintf("this trace was made by engine version %q, and this is version %q; read it "+
		"with a Zabscope of that version, or make the run again here", oneLine(e.Theirs), e.Ours)
}

// Import reads a trace that Trace wrote, all of a run from its first event on. What it returns may be
// told, folded and exported like the original; nothing in it can harm those who do. The error says
// what is wrong and in which line; a *VersionError is among them. Memory is bounded by the limits, and
// by some multiple of what was read.
func Import(r io.Reader) (*trace.Recorder, error) {
	in := &bounded{in: r}
	lines := bufio.NewReader(in)
	head, err := lines.ReadBytes('\n')
	if err != nil && err != io.EOF {
		return nil, err
	}
	if err := checkHead(head); err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	rec, err := trace.ReadJSON(io.MultiReader(bytes.NewReader(head), lines))
	if err != nil {
		if in.err != nil {
			return nil, in.err
		}
		return nil, err
	}
	return rec, checkEvents(rec)
}

// checkHead looks at the head of a trace before anything is built on it.
func checkHead(line []byte) error {
	var peek struct {
		Format  *int `json:"zabscope"`
		Version string
	}
	if err := json.Unmarshal(line, &peek); err != nil || peek.Format == nil {
		return errors.New(`this is no trace, whose first line would begin with {"zabscope":1`)
	}
	if peek.Version != scenario.Version {
		return &VersionError{peek.Version, scenario.Version}
	}
	var h trace.Header
	if err := json.Unmarshal(line, &h); err != nil {
		return err
	}
	switch {
	case len(h.Machines) > MaxTraceMachines:
		return fmt.Errorf("%d machines are more than %d", len(h.Machines), MaxTraceMachines)
	case h.Protocol != "zookeeper":
		return fmt.Errorf("this is a trace of the protocol %q, not of zookeeper", oneLine(h.Protocol))
	case !sameWords(h.Vocabulary):
		return fmt.Errorf("its words are not those of engine version %q, which it names",
			scenario.Version)
	}
	return nil
}

// ourWords are the words of this engine, as the head of a trace has them.
var ourWords = sync.OnceValue(func() []byte { return headOf(event.Vocabulary) })

// sameWords reports whether a vocabulary is ours; nil lists are empty ones.
func sameWords(v *node.Vocabulary) bool { return bytes.Equal(headOf(v), ourWords()) }

// headOf is the head of a trace that says nothing but a vocabulary.
func headOf(v *node.Vocabulary) []byte {
	b, err := json.Marshal(trace.Header{Vocabulary: v})
	if err != nil {
		panic(err) // names and numbers
	}
	return withoutNull(b)
}

// withoutNull writes absent lists as empty ones.
func withoutNull(b []byte) []byte {
	return bytes.ReplaceAll(b, []byte(":null"), []byte(":[]"))
}

// checkEvents looks for what a trace of ours never says.
func checkEvents(rec *trace.Recorder) (err error) {
	if rec.Len() > 0 && rec.First() != 1 {
		return fmt.Errorf("line 2: the trace begins with event %d; a run needs all of them from 1 on",
			rec.First())
	}
	known := map[node.ID]bool{node.World: true}
	for _, m := range rec.Header().Machines {
		if m.ID == node.World || known[m.ID] {
			return fmt.Errorf("line 1: machine %d is there twice, or is the world", m.ID)
		}
		known[m.ID] = true
	}
	rec.Iterate(rec.First(), rec.Len(), func(e *trace.Event) bool {
		if !known[e.Node] {
			err = fmt.Errorf("machine %d is not in the head", e.Node)
		} else {
			err = checkEvent(rec.Header().Vocabulary, e)
		}
		if err != nil {
			err = fmt.Errorf("line %d: event %d: %w", e.Seq+1, e.Seq, err)
		}
		return err == nil
	})
	return err
}

// checkEvent holds one event against the vocabulary.
func checkEvent(v *node.Vocabulary, e *trace.Event) error {
	if int(e.Kind) >= len(v.Kinds) {
		return fmt.Errorf("there is no kind of event %d", e.Kind)
	}
	if n := len(v.Kinds[e.Kind].Args); len(e.Args) > n {
		return fmt.Errorf("%s has %d arguments, not %d", v.Kinds[e.Kind].Name, n, len(e.Args))
	}
	for i := range e.Checks {
		if int(e.Checks[i].Code) >= len(v.Checks) {
			return fmt.Errorf("there is no check %d", e.Checks[i].Code)
		}
	}
	for i := range e.Ops {
		if err := checkOp(v, &e.Ops[i]); err != nil {
			return err
		}
	}
	return nil
}

// shapes are the fields on which each operation works.
var shapes = map[node.OpCode]node.Shape{node.OpSet: node.Scalar, node.OpAppend: node.List,
	node.OpCut: node.List, node.OpPut: node.Map, node.OpDrop: node.Map}

// checkOp holds one change of state against the vocabulary.
func checkOp(v *node.Vocabulary, op *node.Op) error {
	if int(op.Field) >= len(v.Fields) {
		return fmt.Errorf("there is no field %d", op.Field)
	}
	f := &v.Fields[op.Field]
	shape, ok := shapes[op.Code]
	switch {
	case ok && shape != f.Shape:
		return fmt.Errorf("the field %s has no operation %d", f.Name, op.Code)
	case op.Code == node.OpCut && (op.Key.Kind != node.IntValue || op.Key.N < 0):
		return fmt.Errorf("the field %s cannot be cut to %s entries", f.Name, op.Key)
	case len(op.Values) > len(f.Columns):
		return fmt.Errorf("the field %s has %d columns, not %d", f.Name, len(f.Columns),
			len(op.Values))
	}
	return nil
}

// bounded reads a trace within the limits.
type bounded struct {
	in    io.Reader
	bytes int64 // in all
	line  int   // of the line under way
	lines int
	err   error // which limit was broken
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.in.Read(p)
	b.bytes += int64(n)
	for rest := p[:n]; len(rest) > 0; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			b.line += len(rest)
			break
		}
		b.line, b.lines = b.line+i, b.lines+1
		if b.line > MaxTraceLine {
			break
		}
		b.line, rest = 0, rest[i+1:]
	}
	switch {
	case b.bytes > MaxTraceBytes:
		b.err = fmt.Errorf("the file has more than %d MiB", MaxTraceBytes>>20)
	case b.line > MaxTraceLine:
		b.err = fmt.Errorf("a line, near line %d, has more than %d MiB", b.lines+1, MaxTraceLine>>20)
	case b.lines > MaxTraceEvents+1:
		b.err = fmt.Errorf("the trace has more than %d events", MaxTraceEvents)
	}
	if b.err != nil {
		return 0, b.err
	}
	return n, err
}

// ImportScenario reads a scenario in either form. The error is a *scenario.Error, or names the limit.
func ImportScenario(name string, r io.Reader) (*scenario.Scenario, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxScenarioBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > MaxScenarioBytes {
		return nil, fmt.Errorf("%s has more than %d KiB", oneLine(name), MaxScenarioBytes>>10)
	}
	return scenario.Parse(name, text)
}

// IsTrace tells a trace from a scenario by the beginning of the file.
func IsTrace(start []byte) bool {
	start = bytes.TrimLeft(start, " \t\r\n\ufeff")
	key, ok := bytes.CutPrefix(start, []byte("{"))
	return ok && bytes.HasPrefix(bytes.TrimLeft(key, " \t\r\n"), []byte(`"zabscope"`))
}
