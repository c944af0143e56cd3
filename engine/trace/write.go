package trace

import (
	"bufio"
	"encoding/json"
	"io"
	"strconv"
	"unicode/utf8"

	"zabscope/engine/node"
)

// WriteJSON writes the events from to to, both included, as lines of JSON behind a line with the
// header. One event is
//
//	{"seq":7,"t":1500,"node":2,"kind":"net.received","peer":1,"cause":5,"args":{"conn":9},
//	 "checks":[{"check":"fle.zxidLarger","answer":true,"deciding":true,"values":{...}}],
//	 "ops":[{"op":"put","field":"conns","key":9,"values":{"peer":1,"port":3888}}]}
//
// on one line, without what is empty. Values are numbers, strings, true, false, null, zxids as
// {"zxid":"1:5","hex":"0x100000005"}, and texts that are no UTF-8 as {"bytes":"<hex>"}. ReadJSON
// gives back exactly what was recorded.
func WriteJSON(w io.Writer, r *Recorder, from, to node.Seq) error {
	head, err := json.Marshal(r.header)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	out.Write(append(head, '\n')) // bufio keeps the error for Flush
	var line []byte
	r.Iterate(from, to, func(e *Event) bool {
		line = appendEventJSON(line[:0], r.header.Vocabulary, e)
		_, err = out.Write(append(line, '\n'))
		return err == nil
	})
	return out.Flush()
}

func appendEventJSON(b []byte, v *node.Vocabulary, e *Event) []byte {
	b = strconv.AppendUint(append(b, `{"seq":`...), uint64(e.Seq), 10)
	b = strconv.AppendInt(append(b, `,"t":`...), int64(e.Time), 10)
	b = strconv.AppendInt(append(b, `,"node":`...), int64(e.Node), 10)
	b = appendString(append(b, `,"kind":`...), "", kindName(v, e.Kind))
	if e.Peer != node.World {
		b = strconv.AppendInt(append(b, `,"peer":`...), int64(e.Peer), 10)
	}
	if e.Cause != 0 {
		b = strconv.AppendUint(append(b, `,"cause":`...), uint64(e.Cause), 10)
	}
	if len(e.Args) > 0 {
		b = appendNamed(append(b, `,"args":`...), argNames(v, e.Kind), e.Args)
	}
	for i := range e.Checks {
		b = appendItem(b, `,"checks":[`, i)
		b = appendCheckJSON(b, v, &e.Checks[i])
	}
	if len(e.Checks) > 0 {
		b = append(b, ']')
	}
	for i := range e.Ops {
		b = appendItem(b, `,"ops":[`, i)
		b = appendOpJSON(b, v, &e.Ops[i])
	}
	if len(e.Ops) > 0 {
		b = append(b, ']')
	}
	return append(b, '}')
}

// appendItem opens a list before its first item and separates the others.
func appendItem(b []byte, open string, i int) []byte {
	if i == 0 {
		return append(b, open...)
	}
	return append(b, ',')
}

func argNames(v *node.Vocabulary, k node.Kind) []string {
	if int(k) < len(v.Kinds) {
		return v.Kinds[k].Args
	}
	return nil
}

func checkInfo(v *node.Vocabulary, c node.CheckCode) node.CheckInfo {
	if int(c) < len(v.Checks) {
		return v.Checks[c]
	}
	return node.CheckInfo{Name: "#" + strconv.Itoa(int(c))}
}

func fieldInfo(v *node.Vocabulary, f node.Field) node.FieldInfo {
	if int(f) < len(v.Fields) {
		return v.Fields[f]
	}
	return node.FieldInfo{Name: "#" + strconv.Itoa(int(f))}
}

func appendCheckJSON(b []byte, v *node.Vocabulary, c *node.Check) []byte {
	info := checkInfo(v, c.Code)
	b = appendString(append(b, `{"check":`...), "", info.Name)
	b = strconv.AppendBool(append(b, `,"answer":`...), c.Answer)
	if c.Deciding {
		b = append(b, `,"deciding":true`...)
	}
	if len(c.Values) > 0 {
		b = appendNamed(append(b, `,"values":`...), info.Values, c.Values)
	}
	return append(b, '}')
}

func appendOpJSON(b []byte, v *node.Vocabulary, op *node.Op) []byte {
	b = appendString(append(b, `{"op":`...), "", opNames[op.Code])
	info := fieldInfo(v, op.Field)
	if op.Code != node.OpReset {
		b = appendString(append(b, `,"field":`...), "", info.Name)
	}
	if op.Key.Kind != node.NoValue {
		b = appendValueJSON(append(b, `,"key":`...), &op.Key)
	}
	if len(op.Values) > 0 {
		b = appendNamed(append(b, `,"values":`...), info.Columns, op.Values)
	}
	return append(b, '}')
}

// appendNamed writes values as an object with their names.
func appendNamed(b []byte, names []string, values []node.Value) []byte {
	b = append(b, '{')
	for i := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, "", nameOf(names, i)), ':')
		b = appendValueJSON(b, &values[i])
	}
	return append(b, '}')
}

func appendValueJSON(b []byte, v *node.Value) []byte {
	switch v.Kind {
	case node.IntValue:
		return strconv.AppendInt(b, v.N, 10)
	case node.ZxidValue:
		b = strconv.AppendInt(append(b, `{"zxid":"`...), v.N>>32, 10)
		b = strconv.AppendInt(append(b, ':'), v.N&0xffffffff, 10)
		b = strconv.AppendUint(append(b, `","hex":"0x`...), uint64(v.N), 16)
		return append(b, `"}`...)
	case node.TextValue:
		if utf8.ValidString(v.S) {
			return appendString(b, "", v.S)
		}
		b = append(b, `{"bytes":"`...)
		for i := range len(v.S) {
			b = append(b, hexDigits[v.S[i]>>4], hexDigits[v.S[i]&15])
		}
		return append(b, `"}`...)
	case node.BoolValue:
		return strconv.AppendBool(b, v.N != 0)
	}
	return append(b, "null"...)
}
