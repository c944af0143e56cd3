package trace

import (
	"encoding/binary"

	"zabscope/engine/node"
)

// cursor reads packed events one after the other. Its event's slices are reused by the next.
type cursor struct {
	r      *Recorder
	buf    []byte // the piece being read
	chunk  int    // its number
	off    int
	event  Event
	values []node.Value // holds the values of the event's checks and operations
}

// seek puts the cursor before the last indexed event that is not behind seq, which must exist.
func (c *cursor) seek(r *Recorder, seq node.Seq) {
	i := uint64(seq-r.base-1) / markEvery
	m := r.index[i]
	c.r, c.chunk, c.off = r, int(m.chunk), int(m.offset)
	c.buf = r.piece(c.chunk)
	c.event.Seq = r.base + node.Seq(i*markEvery)
	c.event.Time = m.time
}

func (r *Recorder) piece(i int) []byte {
	if i == len(r.chunks) {
		return r.tail
	}
	return r.chunks[i]
}

// next decodes the next event, which must exist.
func (c *cursor) next() {
	if c.off == len(c.buf) {
		c.chunk++
		c.buf, c.off = c.r.piece(c.chunk), 0
	}
	e := &c.event
	e.Seq++
	e.Kind = node.Kind(c.uvarint())
	flags := int(c.byte())
	e.Node = node.ID(int32(uint32(c.uvarint())))
	e.Time += node.Time(c.uvarint())
	e.Peer, e.Cause = node.World, 0
	if flags&hasPeer != 0 {
		e.Peer = node.ID(int32(uint32(c.uvarint())))
	}
	if flags&hasCause != 0 {
		e.Cause = e.Seq - node.Seq(c.uvarint())
	}
	c.values = c.values[:0]
	n := flags >> argsShift
	if n == manyArgs {
		n = int(c.uvarint())
	}
	e.Args = c.list(n)
	e.Checks = e.Checks[:0]
	if flags&hasChecks != 0 {
		c.checks()
	}
	c.ops()
}

func (c *cursor) checks() {
	for n := c.uvarint(); n > 0; n-- {
		code, flags := c.uvarint(), c.uvarint()
		c.event.Checks = append(c.event.Checks, node.Check{
			Code: node.CheckCode(code), Answer: flags&1 != 0, Deciding: flags&2 != 0,
			Values: c.list(int(flags >> 2)),
		})
	}
}

func (c *cursor) ops() {
	c.event.Ops = c.event.Ops[:0]
	for {
		first := c.byte()
		if first == opsEnd {
			return
		}
		n := int(first >> 3)
		if n == manyVals {
			n = int(c.uvarint())
		}
		op := node.Op{Code: node.OpCode(first & 7), Field: node.Field(c.uvarint())}
		if hasKey(op.Code) {
			op.Key = c.value()
		}
		op.Values = c.list(n)
		c.event.Ops = append(c.event.Ops, op)
	}
}

// list decodes n values behind those of the event so far. When the store grows, earlier lists keep
// the old one, whose contents stay.
func (c *cursor) list(n int) []node.Value {
	from := len(c.values)
	for ; n > 0; n-- {
		c.values = append(c.values, c.value())
	}
	return c.values[from:len(c.values):len(c.values)]
}

func (c *cursor) value() node.Value {
	tag := c.byte()
	switch {
	case tag >= tagEarly:
		return node.Value{Kind: node.TextValue, S: c.r.strings[tag-tagEarly]}
	case tag >= tagSmall:
		return node.Value{Kind: node.IntValue, N: int64(tag - tagSmall)}
	}
	switch tag {
	case tagFalse:
		return node.Value{Kind: node.BoolValue}
	case tagTrue:
		return node.Value{Kind: node.BoolValue, N: 1}
	case tagInt:
		return node.Value{Kind: node.IntValue, N: c.varint()}
	case tagWide:
		return node.Value{Kind: node.IntValue, N: c.halves()}
	case tagZxid:
		return node.Value{Kind: node.ZxidValue, N: c.halves()}
	case tagNoZxid:
		return node.Value{Kind: node.ZxidValue, N: -1}
	case tagText:
		return node.Value{Kind: node.TextValue, S: c.r.strings[c.uvarint()]}
	}
	return node.Value{}
}

func (c *cursor) halves() int64 {
	high := c.varint()
	return high<<32 | int64(c.uvarint())
}

func (c *cursor) byte() byte {
	b := c.buf[c.off]
	c.off++
	return b
}

func (c *cursor) uvarint() uint64 {
	if b := c.buf[c.off]; b < 0x80 {
		c.off++
		return uint64(b)
	}
	v, n := binary.Uvarint(c.buf[c.off:])
	c.off += n
	return v
}

func (c *cursor) varint() int64 {
	v, n := binary.Varint(c.buf[c.off:])
	c.off += n
	return v
}
