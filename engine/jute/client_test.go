package jute

import (
	"bytes"
	"io"
	"testing"

	"zabscope/engine/zk"
)

// frames are the decoders of frames; each returns the size and the error.
var frames = map[string]func(b []byte) (int, error){
	"ConnectRequest":  sizeOf(DecodeConnectRequest),
	"ConnectResponse": sizeOf(DecodeConnectResponse),
	"ClientRequest":   sizeOf(DecodeClientRequest),
	"ClientEvent":     sizeOf(DecodeClientEvent),
	"ClientReply": sizeOf(func(b []byte) (*ClientReply, int, error) {
		return DecodeReply(b, zk.OpGetData)
	}),
}

func sizeOf[M any](decode func(b []byte) (M, int, error)) func(b []byte) (int, error) {
	return func(b []byte) (int, error) {
		_, n, err := decode(b)
		return n, err
	}
}

// NIOServerCnxn.readLength, and what a frame that is too short for its record means.
func TestFrames(t *testing.T) {
	for _, c := range []struct {
		name, hex string
		err       error
	}{
		{"nothing", "", io.ErrUnexpectedEOF},
		{"half a length", "0000", io.ErrUnexpectedEOF},
		{"body not there yet", "00000004 000000", io.ErrUnexpectedEOF},
		{"largest frame, not there yet", "000fffff 00", io.ErrUnexpectedEOF},
		{"larger", "00100000", ErrLength},
		{"negative", "ffffffff", ErrLength},
		{"empty", "00000000", ErrMalformed},
		{"cut inside the header", "00000003 000000", ErrMalformed},
		{"the same with another frame behind it", "00000003 000000 00000003 000000", ErrMalformed},
	} {
		for name, decode := range frames {
			if n, err := decode(unhex(t, c.hex)); err != c.err || n != 0 {
				t.Errorf("%s of %s: %d, %v; want %v", c.name, name, n, err, c.err)
			}
		}
	}
}

// Frames follow each other; what comes behind is left alone.
func TestFramesBackToBack(t *testing.T) {
	file := recorded(t)
	for name, record := range map[string]string{"ConnectRequest": "connect request",
		"ConnectResponse": "connect response", "ClientRequest": "request multi",
		"ClientReply": "reply getData", "ClientEvent": "event"} {
		b := file[record]
		if n, err := frames[name](append(bytes.Clone(b), b...)); err != nil || n != len(b) {
			t.Errorf("%s: %d of %d, %v", name, n, len(b), err)
		}
	}
}

// The server answers a body that makes no sense with MARSHALLINGERROR, so the frame is no error.
func TestMalformedRequests(t *testing.T) {
	for name, r := range requests {
		body := AppendRequest(nil, &r)
		if len(body) == 0 {
			continue
		}
		for n := range len(body) {
			b := appendInt(appendInt(appendInt(nil, int32(8+n)), 3), int32(r.Type))
			c, size, err := DecodeClientRequest(append(b, body[:n]...))
			if err != nil || size != 12+n || c.Xid != 3 || c.Request.Type != r.Type ||
				!c.Request.Malformed {
				t.Errorf("%s cut to %d bytes: %+v, %d, %v", name, n, c.Request, size, err)
			}
			if _, err := DecodeRequest(r.Type, body[:n]); err != ErrMalformed {
				t.Errorf("body of %s cut to %d bytes: %v", name, n, err)
			}
		}
	}
}

// Reads may not stand in a multi, nor writes in a multiRead, nor either in itself.
// (MultiOperationRecord)
func TestPartsOfMulti(t *testing.T) {
	for _, c := range []struct {
		op, part zk.OpCode
		body     string
		err      error
	}{
		{zk.OpMulti, zk.OpCheck, "00000002 2f61 00000001", nil},
		{zk.OpMulti, zk.OpGetData, "00000002 2f61 00", ErrMalformed},
		{zk.OpMulti, zk.OpMulti, "", ErrMalformed},
		{zk.OpMulti, zk.OpSync, "00000002 2f61", ErrMalformed},
		{zk.OpMulti, zk.OpError, "", ErrMalformed},
		{zk.OpMultiRead, zk.OpGetChildren, "00000002 2f61 00", nil},
		{zk.OpMultiRead, zk.OpDelete, "00000002 2f61 00000001", ErrMalformed},
	} {
		b := append(appendMultiHeader(nil, c.part, false, -1), unhex(t, c.body)...)
		b = appendMultiHeader(b, zk.OpError, true, -1)
		if r, err := DecodeRequest(c.op, b); err != c.err {
			t.Errorf("%s in %s: %+v, %v", c.part, c.op, r, err)
		}
	}
}

// Containers and nodes with a TTL answer as create2 does.
func TestMultiResultTypes(t *testing.T) {
	for _, op := range []zk.OpCode{zk.OpCreate2, zk.OpCreateContainer, zk.OpCreateTTL} {
		r := ClientReply{Type: zk.OpMulti,
			Result: zk.Result{Ops: []zk.Result{{OpType: op, Path: "/a", Stat: stat}}}}
		d, _, err := DecodeReply(AppendReply(nil, &r), zk.OpMulti)
		if err != nil || d.Result.Ops[0].OpType != zk.OpCreate2 || d.Result.Ops[0].Stat != stat {
			t.Errorf("%s: %+v, %v", op, d, err)
		}
	}
}

func TestRefusedMultiResult(t *testing.T) {
	head := "00000003 0000000100000006 00000000"
	for _, c := range []struct {
		name, parts string
	}{
		{"no end", "ffffffff 00 00000000 00000000"},
		{"a type that is no part", "00000009 00 00000000 00000002 2f61"},
		{"a path without its Stat", "0000000f 00 00000000 00000002 2f61"},
	} {
		b := append(unhex(t, head), unhex(t, c.parts)...)
		b = append(appendInt(nil, int32(len(b))), b...)
		if r, _, err := DecodeReply(b, zk.OpMulti); err != ErrMalformed {
			t.Errorf("%s: %+v, %v", c.name, r, err)
		}
	}
}

// What the server does not know it answers with UNIMPLEMENTED, so the decoder keeps out of it.
func TestUnknownRequest(t *testing.T) {
	r, err := DecodeRequest(4711, []byte{1, 2, 3})
	if err != nil || r.Type != 4711 || r.Malformed {
		t.Errorf("%+v, %v", r, err)
	}
	if b := AppendRequest(nil, r); len(b) != 0 || requestSize(r) != 0 {
		t.Errorf("%x", b)
	}
}

// Requests that travel between servers only.
func TestInternalRequests(t *testing.T) {
	for _, r := range []zk.Request{{Type: zk.OpCreateSession, Timeout: 6000},
		{Type: zk.OpDeleteContainer, Path: "/c"}} {
		b := AppendRequest(nil, &r)
		d, err := DecodeRequest(r.Type, b)
		same(t, b, b, requestSize(&r), &r, d, len(b), err)
	}
}

// A reply with an error has no body, whatever the result holds besides.
func TestErrorReply(t *testing.T) {
	r := ClientReply{Type: zk.OpGetData, Result: zk.Result{Err: zk.ErrNoNode, Data: data, Stat: stat}}
	b := AppendReply(nil, &r)
	d, n, err := DecodeReply(b, zk.OpGetData)
	if err != nil || n != 20 || r.WireSize() != 20 || d.Result.Err != zk.ErrNoNode ||
		d.Result.Data != nil {
		t.Errorf("%x: %+v, %d, %v", b, d, n, err)
	}
}

// ZooKeeperServer.processConnectRequest compares passwords byte by byte: another length never fits.
func TestPasswordLengths(t *testing.T) {
	head := "00000000 0000000000000000 00001770 0000000000000007"
	for _, c := range []struct {
		name, tail string
		want       byte
		readOnly   bool
		err        error
	}{
		{"16 bytes", "00000010 09090909 09090909 09090909 09090909", 9, false, nil},
		{"16 bytes and readOnly", "00000010 09090909 09090909 09090909 09090909 01", 9, true, nil},
		{"null", "ffffffff", 0, false, nil},
		{"empty, and readOnly", "00000000 01", 0, true, nil},
		{"15 bytes", "0000000f 09090909 09090909 09090909 090909", 0, false, nil},
		{"negative", "fffffffe", 0, false, ErrLength},
		{"cut", "00000010 0909", 0, false, ErrMalformed},
	} {
		b := append(unhex(t, head), unhex(t, c.tail)...)
		m, _, err := DecodeConnectRequest(append(appendInt(nil, int32(len(b))), b...))
		if err != c.err {
			t.Errorf("%s: %v, want %v", c.name, err, c.err)
		} else if err == nil && (m.Password[15] != c.want || m.HasReadOnly != c.readOnly ||
			m.ReadOnly != c.readOnly || m.Session != 7) {
			t.Errorf("%s: %+v", c.name, m)
		}
	}
}

// A client tells events from replies by the xid.
func TestFrameXid(t *testing.T) {
	for _, c := range []struct {
		hex string
		xid int32
		err error
	}{
		{"00000010 fffffffe 0000000100000006 00000000", -2, nil},
		{"0000001e ffffffff", -1, nil},
		{"0000001e ffffff", 0, io.ErrUnexpectedEOF},
		{"", 0, io.ErrUnexpectedEOF},
	} {
		if xid, err := FrameXid(unhex(t, c.hex)); xid != c.xid || err != c.err {
			t.Errorf("%q: %d, %v", c.hex, xid, err)
		}
	}
	if _, _, err := DecodeClientEvent(recorded(t)["reply sync"]); err != ErrMalformed {
		t.Errorf("a reply taken for an event: %v", err)
	}
}
