package trace

import (
	"strconv"
	"unicode/utf8"

	"zabscope/engine/node"
)

// AppendRow appends the event to dst as one JSON array in fixed order:
//
//	[seq, t, node, kind, peer, cause, [arg...],
//	 [[check, answer, deciding, [value...]]...], [[op, field, key, [value...]]...]]
//
// Kinds, checks and fields are indexes into the vocabulary, op is a node.OpCode. Values are
//
//	none   null
//	int    a number; beyond ±(2^53-1) a string "i:" with decimal digits
//	zxid   [epoch, counter], the one value that is an array
//	text   a string; one that starts with "i:" or "t:" has "t:" put in front
//	bool   true or false
//
// Bytes of a text that are no UTF-8 become U+FFFD.
func AppendRow(dst []byte, e *Event) []byte {
	dst = strconv.AppendUint(append(dst, '['), uint64(e.Seq), 10)
	dst = appendCell(dst, int64(e.Time))
	dst = appendCell(dst, int64(e.Node))
	dst = appendCell(dst, int64(e.Kind))
	dst = appendCell(dst, int64(e.Peer))
	dst = appendCell(dst, int64(e.Cause))
	dst = appendRowValues(append(dst, ','), e.Args)
	dst = append(dst, ',', '[')
	for i := range e.Checks {
		dst = appendRowCheck(dst, i, &e.Checks[i])
	}
	dst = append(dst, ']', ',', '[')
	for i := range e.Ops {
		dst = appendRowOp(dst, i, &e.Ops[i])
	}
	return append(dst, ']', ']')
}

func appendCell(dst []byte, n int64) []byte {
	return strconv.AppendInt(append(dst, ','), n, 10)
}

func appendRowCheck(dst []byte, i int, c *node.Check) []byte {
	if i > 0 {
		dst = append(dst, ',')
	}
	dst = strconv.AppendUint(append(dst, '['), uint64(c.Code), 10)
	dst = strconv.AppendBool(append(dst, ','), c.Answer)
	dst = strconv.AppendBool(append(dst, ','), c.Deciding)
	return append(appendRowValues(append(dst, ','), c.Values), ']')
}

func appendRowOp(dst []byte, i int, op *node.Op) []byte {
	if i > 0 {
		dst = append(dst, ',')
	}
	dst = strconv.AppendUint(append(dst, '['), uint64(op.Code), 10)
	dst = strconv.AppendUint(append(dst, ','), uint64(op.Field), 10)
	dst = appendRowValue(append(dst, ','), &op.Key)
	return append(appendRowValues(append(dst, ','), op.Values), ']')
}

func appendRowValues(dst []byte, values []node.Value) []byte {
	dst = append(dst, '[')
	for i := range values {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendRowValue(dst, &values[i])
	}
	return append(dst, ']')
}

// maxSafe is the largest integer that JavaScript's numbers hold together with all below it.
const maxSafe = 1<<53 - 1

func appendRowValue(dst []byte, v *node.Value) []byte {
	switch v.Kind {
	case node.IntValue:
		if v.N >= -maxSafe && v.N <= maxSafe {
			return strconv.AppendInt(dst, v.N, 10)
		}
		return append(strconv.AppendInt(append(dst, `"i:`...), v.N, 10), '"')
	case node.ZxidValue:
		dst = strconv.AppendInt(append(dst, '['), v.N>>32, 10)
		return append(appendCell(dst, v.N&0xffffffff), ']')
	case node.TextValue:
		prefix := ""
		if len(v.S) >= 2 && v.S[1] == ':' && (v.S[0] == 'i' || v.S[0] == 't') {
			prefix = "t:"
		}
		return appendString(dst, prefix, v.S)
	case node.BoolValue:
		return strconv.AppendBool(dst, v.N != 0)
	}
	return append(dst, "null"...)
}

const hexDigits = "0123456789abcdef"

// appendString writes a JSON string of prefix, which needs no escaping, and s.
func appendString(dst []byte, prefix, s string) []byte {
	dst = append(append(dst, '"'), prefix...)
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == '"' || c == '\\' {
				dst = append(append(dst, s[from:i]...), '\\', 'u', '0', '0', hexDigits[c>>4],
					hexDigits[c&15])
				from = i + 1
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 {
			dst = append(append(dst, s[from:i]...), `\ufffd`...)
			from = i + 1
		}
		i += n
	}
	return append(append(dst, s[from:]...), '"')
}
