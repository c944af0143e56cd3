package trace

import (
	"encoding/binary"

	"zabscope/engine/node"
)

// The packed form of an event:
//
//	kind        uvarint
//	flags       1 byte: hasPeer, hasCause, hasChecks; number of arguments from bit 3, 31: see below
//	machine     uvarint
//	time        uvarint, nanoseconds since the event before
//	peer        uvarint, if hasPeer
//	cause       uvarint, distance back, if hasCause
//	arguments   their number as uvarint if it is 31 or more, then values
//	checks      if hasChecks: number, then for each code, flags and number of values, values
//	operations  each: code and number of values, field, key if the code has one, values; then 0
//
// Operations end with a zero byte instead of starting with their number so that one more can be
// added to the event recorded last.
const (
	hasPeer = 1 << iota
	hasCause
	hasChecks
	argsShift = iota
)

const (
	manyArgs = 31 // in flags: the number of arguments follows
	manyVals = 31 // in an operation's first byte: the number of values follows
	opsEnd   = 0
)

// First byte of a value. Small numbers and the first texts take this byte alone.
const (
	tagNone = iota
	tagFalse
	tagTrue
	tagInt      // varint
	tagWide     // an integer of more than 32 bits: high half varint, low half uvarint
	tagZxid     // epoch varint, counter uvarint
	tagNoZxid   // the zxid -1
	tagText     // number of the text, uvarint
	tagSmall    // integers 0 to smallInts-1
	smallInts   = 120
	tagEarly    = tagSmall + smallInts // texts 0 to earlyTexts-1
	earlyTexts  = 256 - tagEarly
	wideInteger = 1 << 31
)

func (r *Recorder) appendEvent(b []byte, dt uint64, id node.ID, seq node.Seq,
	e *node.Event) []byte {
	b = appendUvarint(b, uint64(e.Kind))
	flags, args := 0, len(e.Args)
	if e.Peer != node.World {
		flags |= hasPeer
	}
	if e.Cause != 0 {
		flags |= hasCause
	}
	if len(e.Checks) > 0 {
		flags |= hasChecks
	}
	b = append(b, byte(flags|min(args, manyArgs)<<argsShift))
	b = appendUvarint(b, uint64(uint32(id)))
	b = appendUvarint(b, dt)
	if e.Peer != node.World {
		b = appendUvarint(b, uint64(uint32(e.Peer)))
	}
	if e.Cause != 0 {
		b = appendUvarint(b, uint64(seq-e.Cause))
	}
	if args >= manyArgs {
		b = appendUvarint(b, uint64(args))
	}
	b = r.appendValues(b, e.Args)
	if len(e.Checks) > 0 {
		b = r.appendChecks(b, e.Checks)
	}
	for i := range e.Ops {
		b = r.appendOp(b, &e.Ops[i])
	}
	return append(b, opsEnd)
}

func (r *Recorder) appendChecks(b []byte, checks []node.Check) []byte {
	b = appendUvarint(b, uint64(len(checks)))
	for i := range checks {
		c := &checks[i]
		flags := uint64(len(c.Values)) << 2
		if c.Answer {
			flags |= 1
		}
		if c.Deciding {
			flags |= 2
		}
		b = appendUvarint(b, uint64(c.Code))
		b = appendUvarint(b, flags)
		b = r.appendValues(b, c.Values)
	}
	return b
}

func (r *Recorder) appendOp(b []byte, op *node.Op) []byte {
	n := len(op.Values)
	b = append(b, byte(op.Code)|byte(min(n, manyVals))<<3)
	if n >= manyVals {
		b = appendUvarint(b, uint64(n))
	}
	b = appendUvarint(b, uint64(op.Field))
	if hasKey(op.Code) {
		b = r.appendValue(b, &op.Key)
	}
	return r.appendValues(b, op.Values)
}

// hasKey reports whether operations of this code name an entry.
func hasKey(c node.OpCode) bool {
	return c == node.OpCut || c == node.OpPut || c == node.OpDrop
}

func (r *Recorder) appendValues(b []byte, values []node.Value) []byte {
	for i := range values {
		b = r.appendValue(b, &values[i])
	}
	return b
}

func (r *Recorder) appendValue(b []byte, v *node.Value) []byte {
	switch v.Kind {
	case node.IntValue:
		return appendInt(b, v.N)
	case node.ZxidValue:
		if v.N == -1 {
			return append(b, tagNoZxid)
		}
		return appendHalves(append(b, tagZxid), v.N)
	case node.TextValue:
		id := r.intern(v.S)
		if id < earlyTexts {
			return append(b, byte(tagEarly+id))
		}
		return appendUvarint(append(b, tagText), uint64(id))
	case node.BoolValue:
		if v.N != 0 {
			return append(b, tagTrue)
		}
		return append(b, tagFalse)
	}
	return append(b, tagNone)
}

func appendInt(b []byte, n int64) []byte {
	switch {
	case n >= 0 && n < smallInts:
		return append(b, byte(tagSmall+n))
	case n >= -wideInteger && n < wideInteger:
		return binary.AppendVarint(append(b, tagInt), n)
	}
	return appendHalves(append(b, tagWide), n)
}

// appendHalves writes a number whose halves are small: a zxid, a session or a connection.
func appendHalves(b []byte, n int64) []byte {
	b = binary.AppendVarint(b, n>>32)
	return appendUvarint(b, uint64(n)&0xffffffff)
}

// appendUvarint is binary.AppendUvarint with its usual case up front, where it can be inlined.
func appendUvarint(b []byte, n uint64) []byte {
	if n < 0x80 {
		return append(b, byte(n))
	}
	return binary.AppendUvarint(b, n)
}
