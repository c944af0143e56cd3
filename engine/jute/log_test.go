package jute

import (
	"bytes"
	"testing"

	"zabscope/engine/zk"
)

// readLog reads a whole file as a server does on start: header, then records up to the end.
func readLog(b []byte) (txns []*zk.Txn, err error) {
	if err := CheckLogHeader(b); err != nil {
		return nil, err
	}
	for b = b[len(LogHeader):]; ; {
		x, n, err := DecodeRecord(b)
		if err != nil {
			return txns, err
		}
		txns, b = append(txns, x), b[n:]
	}
}

// The file that the real FileTxnLog wrote: three setData of /a with versions 1 to 3.
func TestRecordedLog(t *testing.T) {
	want := recorded(t)["log file"]
	got, err := readLog(want)
	if err != ErrEndOfLog || len(got) != 3 {
		t.Fatalf("%d transactions, %v", len(got), err)
	}
	again := bytes.Clone(LogHeader)
	for i, x := range got {
		if x.Zxid != zk.MakeZxid(1, int64(i+1)) || x.Version != int32(i+1) || x.Path != "/a" ||
			!bytes.Equal(x.Data, data) || x.Digest != digest {
			t.Errorf("transaction %d is %+v", i, x)
		}
		if r := EncodeRecord(x); len(r) != RecordSize(x) || cap(r) != len(r) {
			t.Errorf("record of %d bytes, capacity %d, size %d", len(r), cap(r), RecordSize(x))
		}
		if &EncodeRecord(x)[0] != &want[len(again)] {
			t.Error("a record that was read is encoded anew")
		}
		again = AppendRecord(again, x)
	}
	if !bytes.Equal(again, want) {
		t.Errorf("written\n%x, recorded\n%x", again, want)
	}
}

// A file ends where a crash cut it. Whatever the place, all records before it are read and nothing
// is called damage. (FileTxnLog.FileTxnIterator.next: EOFException)
func TestTornLog(t *testing.T) {
	file := recorded(t)["log file"]
	record := (len(file) - len(LogHeader)) / 3
	for n := range len(file) {
		got, err := readLog(file[:n])
		if want := (n - len(LogHeader)) / record; err != ErrEndOfLog || len(got) != max(want, 0) {
			t.Errorf("cut to %d bytes: %d transactions, %v", n, len(got), err)
		}
	}
}

// The same with zeros behind the cut, as preallocation leaves them.
func TestTornLogWithPadding(t *testing.T) {
	file := recorded(t)["log file"]
	record := (len(file) - len(LogHeader)) / 3
	for n := len(LogHeader); n < len(file); n++ {
		padded := append(bytes.Clone(file[:n]), make([]byte, 4096)...)
		got, err := readLog(padded)
		if want := (n - len(LogHeader)) / record; err != ErrEndOfLog || len(got) != want {
			t.Errorf("cut to %d bytes: %d transactions, %v", n, len(got), err)
		}
	}
}

// One wrong bit anywhere in a payload or its checksum is damage, not an end.
func TestDamagedRecord(t *testing.T) {
	x := digested(txns["create"])
	good := EncodeRecord(x)
	for i := range good {
		for bit := range 8 {
			b := bytes.Clone(good)
			b[i] ^= 1 << bit
			_, _, err := DecodeRecord(b)
			inLength, inMark := i >= 8 && i < 12, i == len(b)-1
			switch {
			case inLength && (err == ErrEndOfLog || err == ErrLength):
			case inMark && err == ErrEndOfLog:
			case !inLength && !inMark && err == ErrChecksum:
			default:
				t.Errorf("bit %d of byte %d: %v", bit, i, err)
			}
		}
	}
}

func TestRecordEnds(t *testing.T) {
	for _, c := range []struct {
		name, hex string
		err       error
	}{
		{"no bytes", "", ErrEndOfLog},
		{"zeros", "0000000000000000 00000000 00", ErrEndOfLog},
		{"no length", "0000000000000001", ErrEndOfLog},
		{"null", "0000000000000001 ffffffff 42", ErrLength},
		{"negative length", "0000000000000001 80000000 42", ErrLength},
		{"length beyond jute.maxbuffer", "0000000000000001 00200000 42", ErrLength},
		{"no mark", "0000000000620062 00000001 61", ErrEndOfLog},
		{"another mark", "0000000000620062 00000001 61 43", ErrEndOfLog},
		{"sound but no transaction", "0000000000620062 00000001 61 42", ErrMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			if x, _, err := DecodeRecord(unhex(t, c.hex)); err != c.err {
				t.Errorf("%+v, %v; want %v", x, err, c.err)
			}
		})
	}
}

func TestLogHeader(t *testing.T) {
	for _, c := range []struct {
		name string
		b    []byte
		err  error
	}{
		{"as every log has it", unhex(t, "5a4b4c47 00000002 0000000000000000"), nil},
		{"an empty file", nil, ErrEndOfLog},
		{"a file of 15 bytes", LogHeader[:15], ErrEndOfLog},
		{"a snapshot", []byte(snapshotHeader), ErrMalformed},
	} {
		if err := CheckLogHeader(c.b); err != c.err {
			t.Errorf("%s: %v, want %v", c.name, err, c.err)
		}
	}
	if !bytes.Equal(LogHeader, unhex(t, "5a4b4c47 00000002 0000000000000000")) {
		t.Errorf("%x", LogHeader)
	}
}

// RecordSize knows the size before the transaction is encoded.
func TestRecordSize(t *testing.T) {
	for name, c := range txns {
		x := digested(c)
		if n := RecordSize(x); n != len(EncodeRecord(x)) {
			t.Errorf("%s: %d", name, n)
		}
	}
}
