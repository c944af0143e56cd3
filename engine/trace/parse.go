package trace

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"zabscope/engine/node"
)

// ReadJSON reads a trace that WriteJSON wrote, as a recorder that may be appended to. The error says
// in which line, counted from 1, something is wrong.
func ReadJSON(r io.Reader) (*Recorder, error) {
	in := bufio.NewReader(r)
	line, err := readLine(in)
	if err != nil {
		return nil, fmt.Errorf("line 1: no header: %w", err)
	}
	var h Header
	if err := json.Unmarshal(line, &h); err != nil {
		return nil, fmt.Errorf("line 1: %w", err)
	}
	p := parser{rec: New(h), words: newWords(h.Vocabulary)}
	for n := 2; ; n++ {
		line, err := readLine(in)
		if err == io.EOF {
			return p.rec, nil
		}
		if err == nil {
			err = p.event(line)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
}

// readLine returns a line without its end, io.EOF behind the last.
func readLine(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadBytes('\n')
	if err == io.EOF && len(bytes.TrimSpace(line)) > 0 {
		err = nil
	}
	return bytes.TrimSpace(line), err
}

// words finds the numbers of a vocabulary's names.
type words struct {
	v                          *node.Vocabulary
	kinds, fields, checks, ops map[string]int
}

func newWords(v *node.Vocabulary) *words {
	w := &words{v, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}}
	for i, k := range v.Kinds {
		w.kinds[k.Name] = i
	}
	for i, f := range v.Fields {
		w.fields[f.Name] = i
	}
	for i, c := range v.Checks {
		w.checks[c.Name] = i
	}
	for i, name := range opNames {
		if name != "" {
			w.ops[name] = i
		}
	}
	return w
}

// The JSON forms of an event and its parts.
type (
	jsonEvent struct {
		Seq    node.Seq                   `json:"seq"`
		Time   node.Time                  `json:"t"`
		Node   node.ID                    `json:"node"`
		Kind   string                     `json:"kind"`
		Peer   node.ID                    `json:"peer"`
		Cause  node.Seq                   `json:"cause"`
		Args   map[string]json.RawMessage `json:"args"`
		Checks []jsonCheck                `json:"checks"`
		Ops    []jsonOp                   `json:"ops"`
	}
	jsonCheck struct {
		Check    string                     `json:"check"`
		Answer   bool                       `json:"answer"`
		Deciding bool                       `json:"deciding"`
		Values   map[string]json.RawMessage `json:"values"`
	}
	jsonOp struct {
		Op     string                     `json:"op"`
		Field  string                     `json:"field"`
		Key    json.RawMessage            `json:"key"`
		Values map[string]json.RawMessage `json:"values"`
	}
)

type parser struct {
	rec   *Recorder
	words *words
}

func (p *parser) event(line []byte) error {
	var j jsonEvent
	if err := json.Unmarshal(line, &j); err != nil {
		return err
	}
	switch {
	case j.Seq == 0:
		return errors.New("an event needs a seq from 1")
	case p.rec.count == 0:
		p.rec.base = j.Seq - 1
	case j.Seq != p.rec.Len()+1:
		return fmt.Errorf("seq %d does not follow %d", j.Seq, p.rec.Len())
	}
	if j.Time < p.rec.last {
		return fmt.Errorf("t %d is before %d", j.Time, p.rec.last)
	}
	if j.Cause >= j.Seq {
		return fmt.Errorf("cause %d does not come before seq %d", j.Cause, j.Seq)
	}
	e := node.Event{Peer: j.Peer, Cause: j.Cause}
	kind, err := lookup(p.words.kinds, "kind", j.Kind)
	if err != nil {
		return err
	}
	e.Kind = node.Kind(kind)
	if e.Args, err = parseNamed(argNames(p.words.v, e.Kind), j.Args); err != nil {
		return err
	}
	if err := p.checks(&e, j.Checks); err != nil {
		return err
	}
	if err := p.ops(&e, j.Ops); err != nil {
		return err
	}
	p.rec.Append(j.Time, j.Node, &e)
	return nil
}

// lookup finds a name; "#n" is the number n itself.
func lookup(names map[string]int, what, name string) (int, error) {
	if i, ok := names[name]; ok {
		return i, nil
	}
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		if i, err := strconv.ParseUint(digits, 10, 16); err == nil {
			return int(i), nil
		}
	}
	return 0, fmt.Errorf("unknown %s %q", what, name)
}

func (p *parser) checks(e *node.Event, list []jsonCheck) error {
	for _, j := range list {
		code, err := lookup(p.words.checks, "check", j.Check)
		if err != nil {
			return err
		}
		c := node.Check{Code: node.CheckCode(code), Answer: j.Answer, Deciding: j.Deciding}
		if c.Values, err = parseNamed(checkInfo(p.words.v, c.Code).Values, j.Values); err != nil {
			return err
		}
		e.Checks = append(e.Checks, c)
	}
	return nil
}

func (p *parser) ops(e *node.Event, list []jsonOp) error {
	for _, j := range list {
		code, ok := p.words.ops[j.Op]
		if !ok {
			return fmt.Errorf("unknown operation %q", j.Op)
		}
		op := node.Op{Code: node.OpCode(code)}
		if op.Code != node.OpReset || j.Field != "" {
			field, err := lookup(p.words.fields, "field", j.Field)
			if err != nil {
				return err
			}
			op.Field = node.Field(field)
		}
		var err error
		if j.Key != nil {
			if op.Key, err = parseValue(j.Key); err != nil {
				return err
			}
		}
		if op.Values, err = parseNamed(fieldInfo(p.words.v, op.Field).Columns, j.Values); err != nil {
			return err
		}
		e.Ops = append(e.Ops, op)
	}
	return nil
}

// parseNamed puts values in the order of their names; none may be missing in between.
func parseNamed(names []string, m map[string]json.RawMessage) ([]node.Value, error) {
	out := make([]node.Value, len(m))
	for i := range out {
		name := nameOf(names, i)
		raw, ok := m[name]
		if !ok {
			return nil, fmt.Errorf("value %q is missing", name)
		}
		var err error
		if out[i], err = parseValue(raw); err != nil {
			return nil, fmt.Errorf("value %q: %w", name, err)
		}
	}
	return out, nil
}

func parseValue(raw json.RawMessage) (v node.Value, err error) {
	switch raw[0] { // json has checked that it is a value
	case 'n':
		return node.Value{}, nil
	case 't', 'f':
		return node.Bool(raw[0] == 't'), nil
	case '"':
		v.Kind = node.TextValue
		err = json.Unmarshal(raw, &v.S)
		return v, err
	case '{':
		return parseObject(raw)
	case '[':
		return v, errors.New("a list is no value")
	}
	v.Kind = node.IntValue
	v.N, err = strconv.ParseInt(string(raw), 10, 64)
	return v, err
}

func parseObject(raw json.RawMessage) (node.Value, error) {
	var j struct{ Zxid, Bytes *string }
	if err := json.Unmarshal(raw, &j); err != nil {
		return node.Value{}, err
	}
	switch {
	case j.Zxid != nil:
		return parseZxid(*j.Zxid)
	case j.Bytes != nil:
		b, err := hex.DecodeString(*j.Bytes)
		return node.Text(string(b)), err
	}
	return node.Value{}, errors.New("an object must be a zxid or bytes")
}

func parseZxid(s string) (node.Value, error) {
	high, low, _ := strings.Cut(s, ":")
	epoch, err1 := strconv.ParseInt(high, 10, 32)
	counter, err2 := strconv.ParseUint(low, 10, 32)
	if err1 != nil || err2 != nil {
		return node.Value{}, fmt.Errorf("%q is no zxid", s)
	}
	return node.Zxid(epoch<<32 | int64(counter)), nil
}
