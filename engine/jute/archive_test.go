package jute

import (
	"bytes"
	"io"
	"testing"

	"zabscope/engine/zk"
)

// The guard of BinaryInputArchive.checkLength, and null.
func TestBufferLengths(t *testing.T) {
	for _, c := range []struct {
		name, hex string
		want      []byte
		err       error
	}{
		{"null", "ffffffff", nil, nil},
		{"empty", "00000000", []byte{}, nil},
		{"two bytes", "00000002 0102 03", []byte{1, 2}, nil},
		{"negative", "fffffffe", nil, ErrLength},
		{"smallest", "80000000", nil, ErrLength},
		{"jute.maxbuffer and its extra, but not there", "001ffffe", nil, io.ErrUnexpectedEOF},
		{"one more than that", "001fffff", nil, ErrLength},
		{"cut", "00000002 01", nil, io.ErrUnexpectedEOF},
		{"length cut", "0000", nil, io.ErrUnexpectedEOF},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := decoder{b: unhex(t, c.hex)}
			got := d.buffer()
			if !bytes.Equal(got, c.want) || (got == nil) != (c.want == nil) || d.err != c.err {
				t.Errorf("%v, %v; want %v, %v", got, d.err, c.want, c.err)
			}
		})
	}
}

// A vector cannot have more elements than bytes are left, so a length makes nobody allocate.
func TestVectorLengths(t *testing.T) {
	for _, c := range []struct {
		name, hex string
		want      int
		err       error
	}{
		{"null", "ffffffff", null, nil},
		{"empty", "00000000", 0, nil},
		{"two elements of four bytes", "00000002 00000000 00000000", 2, nil},
		{"three where two fit", "00000003 00000000 00000000 0000", 0, io.ErrUnexpectedEOF},
		{"negative", "fffffffe", 0, ErrLength},
		{"absurd", "7fffffff", 0, ErrLength},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := decoder{b: unhex(t, c.hex)}
			if got := d.count(4); got != c.want || d.err != c.err {
				t.Errorf("%d, %v; want %d, %v", got, d.err, c.want, c.err)
			}
		})
	}
}

// BinaryOutputArchive writes UTF-16 units, BinaryInputArchive reads UTF-8.
func TestStrings(t *testing.T) {
	for _, c := range []struct{ name, s, hex, back string }{
		{"ASCII", "/a", "00000002 2f61", "/a"},
		{"empty", "", "00000000", ""},
		{"three bytes at most", "é中", "00000005 c3a9 e4b8ad", "é中"},
		{"a character above U+FFFF is lost", "x😀y", "00000008 78 eda0bd edb880 79",
			"x\ufffd\ufffdy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := appendString(nil, c.s)
			if want := unhex(t, c.hex); !bytes.Equal(b, want) || stringSize(c.s) != len(want) {
				t.Errorf("%x, size %d; want %x", b, stringSize(c.s), want)
			}
			d := decoder{b: b}
			if got := d.string(); got != c.back {
				t.Errorf("read back as %q, want %q", got, c.back)
			}
		})
	}
}

func TestInvalidStrings(t *testing.T) {
	for _, c := range []struct{ name, hex, want string }{
		{"null", "ffffffff", ""},
		{"four bytes are read as they should be", "00000004 f09f9880", "😀"},
		{"a lone byte", "00000003 61 ff 62", "a\ufffdb"},
		{"half a surrogate", "00000002 eda0", "\ufffd\ufffd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := decoder{b: unhex(t, c.hex)}
			if got := d.string(); got != c.want || d.err != nil {
				t.Errorf("%q, %v; want %q", got, d.err, c.want)
			}
		})
	}
}

// What the real classes make of a path that Go would write in four bytes.
func TestWideRequest(t *testing.T) {
	want := recorded(t)["request wide"]
	m := ClientRequest{Xid: 3, Request: &zk.Request{Type: zk.OpExists, Path: "/😀", Watch: true}}
	if got := AppendClientRequest(nil, &m); !bytes.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
}

// After the first error everything read is zero and the error stays.
func TestDecoderStaysFailed(t *testing.T) {
	d := decoder{b: unhex(t, "80000000 00000001 00000001 ff")}
	if s := d.string(); s != "" {
		t.Errorf("string %q", s)
	}
	if d.int() != 0 || d.long() != 0 || d.bool() || d.buffer() != nil || d.strings() != nil ||
		len(d.acls()) != 0 || len(d.ids()) != 0 {
		t.Error("read something after an error")
	}
	if d.err != ErrLength {
		t.Errorf("error %v", d.err)
	}
}

// complete tells a stream that may go on from a record that should have been whole.
func TestComplete(t *testing.T) {
	d := decoder{b: []byte{0, 0}}
	if d.int(); d.err != io.ErrUnexpectedEOF || d.complete() != ErrMalformed {
		t.Errorf("%v, %v", d.err, d.complete())
	}
	if (&decoder{}).complete() != nil {
		t.Error("an empty record is complete")
	}
}

func TestErrorsReadWell(t *testing.T) {
	for _, e := range []Error{ErrLength, ErrMalformed, ErrChecksum, ErrEndOfLog} {
		if e.Error()[:6] != "jute: " {
			t.Errorf("%q", e.Error())
		}
	}
}
