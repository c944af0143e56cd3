package jute

import (
	"bytes"
	"testing"

	"zabscope/engine/zk"
)

// Section by section the first transaction of a real log: header, body, digest.
const firstTxn = `0100002279260000 00000000 0000000100000001 000001a1fb2a5f78 fffffff6
	00001770 00000002 0000000051c6d660`

func TestFirstTransaction(t *testing.T) {
	b := unhex(t, firstTxn)
	x, err := DecodeTxn(b)
	if err != nil {
		t.Fatal(err)
	}
	if x.Session != 0x100002279260000 || x.Cxid != 0 || x.Zxid != zk.MakeZxid(1, 1) ||
		x.Time != 0x1a1fb2a5f78 || x.Type != zk.OpCreateSession || x.Timeout != 6000 {
		t.Errorf("decoded %+v", x)
	}
	if !x.HasDigest || x.DigestVersion != 2 || x.Digest != 0x51c6d660 {
		t.Errorf("digest %+v", x)
	}
	if x.Checksum != 0xb4ac0a2c {
		t.Errorf("checksum %x", x.Checksum)
	}
	if &x.Encoded[0] != &b[0] || len(x.Encoded) != len(b) {
		t.Error("Encoded does not alias the input")
	}
}

func TestEncodeTxnOnce(t *testing.T) {
	x := headed(txns["setData"])
	EncodeTxn(x)
	first, sum := x.Encoded, x.Checksum
	x.Version++
	EncodeTxn(x)
	if &x.Encoded[0] != &first[0] || x.Checksum != sum {
		t.Error("encoded again")
	}
}

func TestEncodeTxnAllocatesOnce(t *testing.T) {
	for name, c := range txns {
		x := digested(c)
		if n := testing.AllocsPerRun(10, func() { x.Encoded = nil; EncodeTxn(x) }); n != 1 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// Nearly all nodes are open to anyone: their list is shared, not made anew.
func TestDecodeSharesOpenACL(t *testing.T) {
	x := headed(txns["create"])
	EncodeTxn(x)
	d, err := DecodeTxn(x.Encoded)
	if err != nil || &d.ACL[0] != &zk.OpenACLUnsafe[0] {
		t.Errorf("%v, %v", d, err)
	}
	if n := testing.AllocsPerRun(10, func() { DecodeTxn(x.Encoded) }); n != 2 {
		t.Errorf("%v allocations, want the transaction and its path", n)
	}
}

// SerializeUtils.deserializeTxn: "perhaps this is a V0 Create"; parentCVersion -1 makes the tree
// count for itself.
func TestOldCreate(t *testing.T) {
	b := recorded(t)["txn create old"]
	x, err := DecodeTxn(b)
	if err != nil || x.Path != "/a" || !x.Ephemeral || x.ParentCVersion != -1 || x.HasDigest {
		t.Errorf("%+v, %v", x, err)
	}
	b = bytes.Clone(b)
	b[31] = byte(zk.OpCreate2) // which is younger than parentCVersion
	if _, err := DecodeTxn(b); err != ErrMalformed {
		t.Errorf("old create2: %v", err)
	}
}

// CloseSessionTxn may be missing altogether, with a digest or without.
func TestCloseSessionBodies(t *testing.T) {
	head := recorded(t)["txn closeSession old"]
	for _, c := range []struct {
		name, body string
		paths      []string
		hasPaths   bool
		digest     uint64
		err        error
	}{
		{"nothing", "", nil, false, 0, nil},
		{"digest only", "00000002 00000001b95b9cf0", nil, false, 0x1b95b9cf0, nil},
		{"digest that starts with zeros", "00000002 0000000051c6d660", nil, false, 0x51c6d660, nil},
		{"no paths", "00000000", nil, true, 0, nil},
		{"one path of the digest's size", "00000001 00000004 2f616263", []string{"/abc"}, true, 0, nil},
		{"path and digest", "00000001 00000002 2f65 00000002 00000001b95b9cf0", []string{"/e"}, true,
			0x1b95b9cf0, nil},
		{"torn list", "00000002 00000002 2f65", nil, false, 0, ErrMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, err := DecodeTxn(append(bytes.Clone(head), unhex(t, c.body)...))
			if err != c.err {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if err == nil && (len(x.Paths) != len(c.paths) || x.HasPaths != c.hasPaths ||
				x.Digest != c.digest || x.HasDigest != (c.digest != 0)) {
				t.Errorf("%+v", x)
			}
		})
	}
}

// A digest needs 12 bytes; fewer are ignored, as in SerializeUtils.
func TestTornDigest(t *testing.T) {
	b := unhex(t, firstTxn)
	x, err := DecodeTxn(b[:len(b)-1])
	if err != nil || x.HasDigest {
		t.Errorf("%+v, %v", x, err)
	}
}

func TestTornTransactions(t *testing.T) {
	for name, c := range txns {
		x := headed(c)
		EncodeTxn(x)
		for n := range len(x.Encoded) {
			if y, err := DecodeTxn(x.Encoded[:n]); err != ErrMalformed && !whole(y) {
				t.Errorf("%s cut to %d bytes: %+v, %v", name, n, y, err)
			}
		}
	}
}

// whole says whether a shorter transaction makes sense: bodies of close and of old creates may end
// early.
func whole(x *zk.Txn) bool {
	return x != nil && (x.Type == zk.OpCloseSession && !x.HasPaths ||
		x.Type == zk.OpCreate && x.ParentCVersion == -1)
}

func TestRefusedTransactions(t *testing.T) {
	head := recorded(t)["txn closeSession old"]
	for _, c := range []struct {
		name string
		op   zk.OpCode
		body string
		err  error
	}{
		{"a type that makes no transactions", zk.OpGetData, "00000002 2f61 00", ErrMalformed},
		{"a type nobody knows", 99, "", ErrMalformed},
		{"multi in a multi", zk.OpMulti, "00000001 0000000e 00000004 00000000", ErrMalformed},
		{"part of no known type", zk.OpMulti, "00000001 00000063 00000000", ErrMalformed},
		{"part of null", zk.OpMulti, "00000001 00000002 ffffffff", ErrMalformed},
		{"part that ends early", zk.OpMulti, "00000001 00000002 00000004 00000002", ErrMalformed},
		{"more parts than bytes", zk.OpMulti, "00000003 ffffffff 00000004 00000000", ErrMalformed},
		{"path of negative length", zk.OpDelete, "fffffffe", ErrLength},
		{"path longer than any", zk.OpDelete, "7fffffff", ErrLength},
		{"part with a length below zero", zk.OpMulti, "00000001 00000002 00000004 fffffffe", ErrLength},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := append(appendInt(bytes.Clone(head[:28]), int32(c.op)), unhex(t, c.body)...)
			if x, err := DecodeTxn(b); err != c.err {
				t.Errorf("%+v, %v; want %v", x, err, c.err)
			}
		})
	}
}

// An empty multi and null lists are odd but sound.
func TestEmptyLists(t *testing.T) {
	x := headed(zk.Txn{Type: zk.OpMulti})
	EncodeTxn(x)
	if d, err := DecodeTxn(x.Encoded); err != nil || len(d.Ops) != 0 {
		t.Errorf("%+v, %v", d, err)
	}
	y := headed(zk.Txn{Type: zk.OpSetACL, Path: "/a"})
	EncodeTxn(y)
	if d, err := DecodeTxn(y.Encoded); err != nil || d.ACL != nil {
		t.Errorf("%+v, %v", d, err)
	}
}
