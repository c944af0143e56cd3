package jute

import (
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf8"
)

// Error says what is wrong with bytes that were to be decoded.
type Error string

// The errors of this package. Decoders of streams also return io.ErrUnexpectedEOF, which says that
// the bytes so far are good and more are needed; it is never returned for a record that is
// complete.
const (
	// ErrLength is a string, buffer, vector or frame whose length is negative or too large.
	ErrLength Error = "jute: unreasonable length"
	// ErrMalformed is a record that ends before its last field or has a type nobody knows.
	ErrMalformed Error = "jute: malformed record"
	// ErrChecksum is a log record or a snapshot that differs from its checksum. ZooKeeper treats
	// it as fatal, not as a torn end.
	ErrChecksum Error = "jute: checksum does not match"
	// ErrEndOfLog is the end of a transaction log: no bytes, an empty record, or a torn last one.
	ErrEndOfLog Error = "jute: end of log"
)

// Error implements error.
func (e Error) Error() string { return string(e) }

const (
	// MaxLength is the greatest length in bytes of a string or buffer: jute.maxbuffer and its
	// extra size, both 0xfffff. (BinaryInputArchive.checkLength)
	MaxLength = 2 * MaxFrame
	// MaxFrame is the greatest length in bytes of a client frame without its length field:
	// jute.maxbuffer. (NIOServerCnxn.readLength)
	MaxFrame = 0xfffff
)

const null = -1 // length of a null string, buffer or vector

// The types of jute, all numbers big-endian:
//
//	boolean   1 byte, 0 or 1
//	int       4 bytes
//	long      8 bytes
//	buffer    int length, bytes; length -1 is null
//	ustring   as buffer, in UTF-8
//	vector    int count, elements; count -1 is null
//	record    its fields, one after the other, with nothing before, between or behind them
//
// (org.apache.jute.BinaryOutputArchive, BinaryInputArchive)

func appendInt(b []byte, v int32) []byte { return binary.BigEndian.AppendUint32(b, uint32(v)) }

func appendLong(b []byte, v int64) []byte { return binary.BigEndian.AppendUint64(b, uint64(v)) }

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

// appendBuffer writes nil as null and an empty slice as empty.
func appendBuffer(b, v []byte) []byte {
	if v == nil {
		return appendInt(b, null)
	}
	return append(appendInt(b, int32(len(v))), v...)
}

// appendString writes a ustring. ZooKeeper writes one UTF-16 unit at a time, so a character above
// U+FFFF takes two sequences of three bytes, which its own reader takes for rubbish.
// (BinaryOutputArchive.stringToByteBuffer)
func appendString(b []byte, s string) []byte {
	n := stringSize(s) - 4
	b = appendInt(b, int32(n))
	if n == len(s) {
		return append(b, s...)
	}
	for i, r := range s {
		if r > 0xffff {
			b = appendUnit(b, 0xd800+(r-0x10000)>>10)
			b = appendUnit(b, 0xdc00+(r-0x10000)&0x3ff)
			continue
		}
		_, w := utf8.DecodeRuneInString(s[i:])
		b = append(b, s[i:i+w]...)
	}
	return b
}

// appendUnit writes half a surrogate pair in the three bytes that UTF-8 has for such a number and
// forbids to use.
func appendUnit(b []byte, u rune) []byte {
	return append(b, 0xe0|byte(u>>12), 0x80|byte(u>>6)&0xbf, 0x80|byte(u)&0xbf)
}

// appendOptional writes a ustring that is null when it is empty: Java's clients leave out by null
// what Go leaves empty.
func appendOptional(b []byte, s string) []byte {
	if s == "" {
		return appendInt(b, null)
	}
	return appendString(b, s)
}

// appendStrings writes a vector of ustring; nil is written as empty, as Java's lists never are null
// where this is used.
func appendStrings(b []byte, v []string) []byte {
	b = appendInt(b, int32(len(v)))
	for _, s := range v {
		b = appendString(b, s)
	}
	return b
}

// stringSize is the number of bytes of a ustring: two more than in UTF-8 for each character above
// U+FFFF.
func stringSize(s string) int {
	n := 4 + len(s)
	for i := 0; i < len(s); i++ {
		if s[i] >= 0xf0 {
			return n + wideExtra(s[i:])
		}
	}
	return n
}

// wideExtra counts the bytes by which surrogate pairs exceed UTF-8.
func wideExtra(s string) int {
	n := 0
	for _, r := range s {
		if r > 0xffff {
			n += 2
		}
	}
	return n
}

// stringsSize is the length of what appendStrings writes.
func stringsSize(v []string) int {
	n := 4
	for _, s := range v {
		n += stringSize(s)
	}
	return n
}

// decoder reads from the front of b. The first error stays and makes every later read a zero value;
// running out of bytes is io.ErrUnexpectedEOF.
type decoder struct {
	b   []byte
	p   int
	err error
}

// left is the number of bytes not read yet.
func (d *decoder) left() int { return len(d.b) - d.p }

// fail notes an error unless there is one, and leaves nothing to read.
func (d *decoder) fail(err error) {
	if d.err == nil {
		d.err = err
	}
	d.p = len(d.b)
}

// take returns the next n bytes, nil if there are fewer. The slice cannot be grown into its
// surroundings.
func (d *decoder) take(n int) []byte {
	if d.left() < n {
		d.fail(io.ErrUnexpectedEOF)
		return nil
	}
	v := d.b[d.p : d.p+n : d.p+n]
	d.p += n
	return v
}

func (d *decoder) int() int32 {
	if v := d.take(4); v != nil {
		return int32(binary.BigEndian.Uint32(v))
	}
	return 0
}

func (d *decoder) long() int64 {
	if v := d.take(8); v != nil {
		return int64(binary.BigEndian.Uint64(v))
	}
	return 0
}

func (d *decoder) bool() bool {
	v := d.take(1)
	return v != nil && v[0] != 0
}

// buffer returns nil for null. (BinaryInputArchive.readBuffer)
func (d *decoder) buffer() []byte {
	n := d.int()
	if n == null || d.err != nil {
		return nil
	}
	if n < 0 || n > MaxLength {
		d.fail(ErrLength)
		return nil
	}
	return d.take(int(n))
}

// string returns "" for null. What is no UTF-8 becomes U+FFFD, as in Java.
// (BinaryInputArchive.readString)
func (d *decoder) string() string {
	b := d.buffer()
	if utf8.Valid(b) {
		return string(b)
	}
	return replaceInvalid(b)
}

// replaceInvalid puts one U+FFFD for each surrogate and each other byte that is no UTF-8.
func replaceInvalid(b []byte) string {
	var out strings.Builder
	for len(b) > 0 {
		r, w := utf8.DecodeRune(b)
		if w == 1 && len(b) >= 3 && b[0] == 0xed && b[1]&0xe0 == 0xa0 && b[2]&0xc0 == 0x80 {
			w = 3
		}
		out.WriteRune(r)
		b = b[w:]
	}
	return out.String()
}

// count reads the length of a vector whose elements take at least size bytes each; null is -1.
func (d *decoder) count(size int) int {
	n := int(d.int())
	switch {
	case d.err != nil || n == null:
		return n
	case n < 0 || n > MaxLength:
		d.fail(ErrLength)
		return 0
	case n > d.left()/size:
		d.fail(io.ErrUnexpectedEOF)
		return 0
	}
	return n
}

// strings returns nil for null and for no elements.
func (d *decoder) strings() []string {
	n := d.count(4)
	if n <= 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = d.string()
	}
	return out
}

// complete is the error of a record that was there in full: running out of bytes inside it means
// that it is malformed, not that more would help.
func (d *decoder) complete() error {
	if d.err == io.ErrUnexpectedEOF {
		return ErrMalformed
	}
	return d.err
}
