package node

import "strconv"

// Kind is the type of an event, an index into Vocabulary.Kinds.
type Kind uint16

// Field is a place in the visible state of a machine, an index into Vocabulary.Fields.
type Field uint16

// CheckCode is a question that a decision asks, an index into Vocabulary.Checks.
type CheckCode uint16

// ValueKind is the type of a Value.
type ValueKind uint8

// The types of values. Zxid is kept apart from Int so that readers in JavaScript, whose numbers end
// at 2^53, get its halves apart.
const (
	NoValue ValueKind = iota
	IntValue
	ZxidValue
	TextValue
	BoolValue
)

// Value is one argument of an event, a check or an operation on the state. The zero Value is "none".
type Value struct {
	Kind ValueKind
	N    int64
	S    string
}

// Int, Zxid, Text and Bool make values.
func Int(n int64) Value { return Value{Kind: IntValue, N: n} }

// Zxid makes a zxid value: high 32 bits epoch, low 32 bits counter.
func Zxid(z int64) Value { return Value{Kind: ZxidValue, N: z} }

// Text makes a string value.
func Text(s string) Value { return Value{Kind: TextValue, S: s} }

// Bool makes a truth value.
func Bool(b bool) Value {
	if b {
		return Value{Kind: BoolValue, N: 1}
	}
	return Value{Kind: BoolValue}
}

// String writes the value as people read it: zxids as epoch:counter.
func (v Value) String() string {
	switch v.Kind {
	case IntValue:
		return strconv.FormatInt(v.N, 10)
	case ZxidValue:
		if v.N == -1 {
			return "none"
		}
		return strconv.FormatInt(v.N>>32, 10) + ":" + strconv.FormatInt(v.N&0xffffffff, 10)
	case TextValue:
		return v.S
	case BoolValue:
		return strconv.FormatBool(v.N != 0)
	}
	return "-"
}

// Check is one step of a decision: the question, its answer, the values it was asked of.
type Check struct {
	Code     CheckCode
	Answer   bool
	Deciding bool // the check that settled the decision; at most one per event
	Values   []Value
}

// OpCode is an operation on the visible state: a small closed set, so that a fold needs no protocol.
type OpCode uint8

// The operations on a place (event's machine, Op.Field).
const (
	OpSet    OpCode = iota + 1 // the scalar becomes Values
	OpAppend                   // Values is added at the end of the list
	OpCut                      // the list keeps its first Key.N entries
	OpPut                      // entry Key of the map becomes Values
	OpDrop                     // entry Key of the map goes; with no Key all entries go
	OpReset                    // every field of the machine returns to its zero, but those that survive a crash
)

// Op is one change of the visible state.
type Op struct {
	Code   OpCode
	Field  Field
	Key    Value
	Values []Value
}

// Event is one thing that a person may want to see, and why it happened.
//
// Cause is filled by the recorder: the input of the step, or the last event of the step that was
// emitted as a Pivot (a decision from which the rest of the step follows), unless the machine names
// a cause from its memory.
type Event struct {
	Kind   Kind
	Pivot  bool
	Peer   ID  // the other machine, World for none
	Cause  Seq // 0: the recorder's rule above
	Args   []Value
	Checks []Check
	Ops    []Op
}
