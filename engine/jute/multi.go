package jute

import "zabscope/engine/zk"

// multiHeaderSize is MultiHeader: int type, bool done, int err. One stands before each part of a
// multi and, with done set, one behind the last. (org.apache.zookeeper.proto.MultiHeader)
const multiHeaderSize = 4 + 1 + 4

// appendMultiHeader writes one; the types of those that are done mean nothing and are -1.
func appendMultiHeader(b []byte, t zk.OpCode, done bool, err zk.ErrorCode) []byte {
	return appendInt(appendBool(appendInt(b, int32(t)), done), int32(err))
}

// appendMulti writes the parts of a request, whose headers all say err -1.
// (MultiOperationRecord.serialize)
func appendMulti(b []byte, ops []zk.Request) []byte {
	for i := range ops {
		b = appendMultiHeader(b, ops[i].Type, false, -1)
		b = AppendRequest(b, &ops[i])
	}
	return appendMultiHeader(b, zk.OpError, true, -1)
}

// multiSize is the length of what appendMulti writes.
func multiSize(ops []zk.Request) int {
	n := multiHeaderSize
	for i := range ops {
		n += multiHeaderSize + requestSize(&ops[i])
	}
	return n
}

// multi reads parts up to the header that ends them. (MultiOperationRecord.deserialize)
func (d *decoder) multi(r *zk.Request) {
	for d.err == nil {
		op := zk.Request{Type: zk.OpCode(d.int())}
		done := d.bool()
		d.int()
		if done || d.err != nil {
			return
		}
		if !isPartOf(r.Type, op.Type) {
			d.fail(ErrMalformed)
			return
		}
		d.request(&op)
		r.Ops = append(r.Ops, op)
	}
}

// isPartOf says which operations may stand in a multi and which in a multiRead.
func isPartOf(multi, t zk.OpCode) bool {
	switch t {
	case zk.OpCreate, zk.OpCreate2, zk.OpCreateContainer, zk.OpCreateTTL, zk.OpDelete,
		zk.OpSetData, zk.OpCheck:
		return multi == zk.OpMulti
	case zk.OpGetData, zk.OpGetChildren:
		return multi == zk.OpMultiRead
	}
	return false
}

// partType is the type under which a part's result is sent: containers and nodes with a TTL answer
// as create2 does. (OpResult.CreateResult)
func partType(t zk.OpCode) zk.OpCode {
	if t == zk.OpCreateContainer || t == zk.OpCreateTTL {
		return zk.OpCreate2
	}
	return t
}

// appendMultiResult writes the results of the parts; a part that failed has type error and its code
// twice, in the header and as its body. (MultiResponse.serialize)
func appendMultiResult(b []byte, ops []zk.Result) []byte {
	for i := range ops {
		r := &ops[i]
		b = appendMultiHeader(b, partType(r.OpType), false, r.Err)
		if r.OpType == zk.OpError {
			b = appendInt(b, int32(r.Err))
		} else {
			b = appendResult(b, r.OpType, r)
		}
	}
	return appendMultiHeader(b, zk.OpError, true, -1)
}

// multiResultSize is the length of what appendMultiResult writes.
func multiResultSize(ops []zk.Result) int {
	n := multiHeaderSize
	for i := range ops {
		n += multiHeaderSize
		if ops[i].OpType == zk.OpError {
			n += 4
		} else {
			n += resultSize(ops[i].OpType, &ops[i])
		}
	}
	return n
}

// multiResult reads results up to the header that ends them. (MultiResponse.deserialize)
func (d *decoder) multiResult(multi zk.OpCode, r *zk.Result) {
	for d.err == nil {
		op := zk.Result{OpType: zk.OpCode(d.int())}
		done := d.bool()
		op.Err = zk.ErrorCode(d.int())
		switch {
		case done || d.err != nil:
			return
		case op.OpType == zk.OpError:
			op.Err = zk.ErrorCode(d.int())
		case isPartOf(multi, op.OpType):
			d.result(op.OpType, &op)
		default:
			d.fail(ErrMalformed)
		}
		r.Ops = append(r.Ops, op)
	}
}
