package jute

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"testing"

	"zabscope/engine/zk"
)

// contents is a snapshot file in pieces.
type contents struct {
	sessions []SnapshotSession
	acls     []SnapshotACL
	nodes    []SnapshotNode
	zxid     zk.Zxid // of the digest
	version  int32
	digest   uint64
	last     zk.Zxid // of the block that 3.9 adds; 0 for none
}

// write makes a file of it.
func (c *contents) write() []byte {
	var w SnapshotWriter
	w.FileHeader()
	w.Sessions(c.sessions)
	w.ACLCache(c.acls)
	for i := range c.nodes {
		w.Node(&c.nodes[i])
	}
	w.EndNodes()
	w.Seal()
	w.Digest(c.zxid, c.version, c.digest)
	w.Seal()
	if c.last != 0 {
		w.LastZxid(c.last)
		w.Seal()
	}
	return w.Bytes()
}

// read takes a file apart; the error is the first one.
func (c *contents) read(b []byte) (err error) {
	note := func(e error) {
		if err == nil {
			err = e
		}
	}
	r := NewSnapshotReader(b)
	note(r.FileHeader())
	var e error
	c.sessions, e = r.Sessions()
	note(e)
	c.acls, e = r.ACLCache()
	note(e)
	var n SnapshotNode
	for {
		more, e := r.Node(&n)
		if note(e); !more {
			break
		}
		c.nodes = append(c.nodes, n)
	}
	note(r.Seal())
	c.zxid, c.version, c.digest, e = r.Digest()
	note(e)
	note(r.Seal())
	if err == nil && r.More() {
		c.last, e = r.LastZxid()
		note(e)
		note(r.Seal())
	}
	if err == nil && r.Offset() != len(b) {
		note(errors.New("bytes left over"))
	}
	return err
}

// The file that the real FileSnap wrote of a small tree with one session and one ephemeral node.
func TestRecordedSnapshot(t *testing.T) {
	want := recorded(t)["snapshot file"]
	var c contents
	if err := c.read(want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(c.sessions, []SnapshotSession{{session, 6000}}) {
		t.Errorf("sessions %+v", c.sessions)
	}
	if len(c.acls) != 3 || !reflect.DeepEqual(c.acls[1], SnapshotACL{2, mixed}) {
		t.Errorf("ACL cache %+v", c.acls)
	}
	a := SnapshotNode{Path: "/a", Data: data, ACL: 2, Czxid: 0x100000001, Mzxid: 0x100000001,
		Ctime: 1000, Mtime: 1000, Cversion: 1, Pzxid: 0x100000002}
	if len(c.nodes) != 6 || !reflect.DeepEqual(c.nodes[1], a) {
		t.Errorf("nodes %+v", c.nodes)
	}
	if e := c.nodes[2]; e.Path != "/a/e" || e.Data != nil || e.EphemeralOwner != session {
		t.Errorf("ephemeral node %+v", e)
	}
	if c.nodes[0].Path != "" || c.version != 2 {
		t.Errorf("root %+v, digest version %d", c.nodes[0], c.version)
	}
	if got := c.write(); !bytes.Equal(got, want) {
		t.Errorf("written\n%x, recorded\n%x", got, want)
	}
}

// Section 28 of the recorded facts: the last 59 bytes of snapshot.0, with the checksums of its
// seals.
func TestSnapshotTail(t *testing.T) {
	w := SnapshotWriter{sum: sumOf(0xf57874e3)}
	w.Seal()
	w.Digest(0, 2, 0)
	w.Seal()
	want := unhex(t, `00000000f57874e3 00000001 2f 0000000000000000 00000002 0000000000000000
		0000000057d977d9 00000001 2f`)
	if got := w.Bytes(); !bytes.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
}

// Every wrong bit in front of the last seal is found.
func TestDamagedSnapshot(t *testing.T) {
	good := recorded(t)["snapshot file"]
	for i := range good[:len(good)-5] {
		b := bytes.Clone(good)
		b[i] ^= 0x10
		var c contents
		if err := c.read(b); err == nil {
			t.Errorf("byte %d of %d may be anything", i, len(b))
		}
	}
}

func TestTornSnapshot(t *testing.T) {
	good := recorded(t)["snapshot file"]
	for n := range len(good) {
		var c contents
		if err := c.read(good[:n]); err != io.ErrUnexpectedEOF {
			t.Errorf("cut to %d bytes: %v", n, err)
		}
	}
}

// SnapStream.isValidSnapshot looks at the end only, so a file cut behind a seal passes.
func TestIsValidSnapshot(t *testing.T) {
	good := recorded(t)["snapshot file"]
	for _, c := range []struct {
		name string
		b    []byte
		want bool
	}{
		{"whole", good, true},
		{"cut behind the first seal", good[:len(good)-33], true},
		{"one byte short", good[:len(good)-1], false},
		{"empty", nil, false},
		{"nothing but an end", []byte("\x00\x00\x00\x01/"), false},
	} {
		if got := IsValidSnapshot(c.b); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// 3.9 adds a third block where it is told to.
func TestLastZxidBlock(t *testing.T) {
	c := contents{nodes: []SnapshotNode{{}}, zxid: 5, version: 2, digest: 1 << 63, last: 7}
	var got contents
	if err := got.read(c.write()); err != nil || !reflect.DeepEqual(got, c) {
		t.Errorf("%+v, %v; want %+v", got, err, c)
	}
}

func TestReaderRefuses(t *testing.T) {
	for _, c := range []struct {
		name, hex string
		err       error
	}{
		{"a log", "5a4b4c47 00000002 0000000000000000", ErrMalformed},
		{"another version", "5a4b534e 00000003 ffffffffffffffff", ErrMalformed},
		{"half a header", "5a4b534e 00000002", io.ErrUnexpectedEOF},
		{"more sessions than bytes", "5a4b534e 00000002 ffffffffffffffff 00000009 00",
			io.ErrUnexpectedEOF},
		{"a negative number of them", "5a4b534e 00000002 ffffffffffffffff fffffffe", ErrLength},
		{"an ACL cache of absurd size",
			"5a4b534e 00000002 ffffffffffffffff 00000000 7fffffff", ErrLength},
		{"a path of absurd length",
			"5a4b534e 00000002 ffffffffffffffff 00000000 00000000 7fffffff", ErrLength},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got contents
			if err := got.read(unhex(t, c.hex)); err != c.err {
				t.Errorf("%v, want %v", err, c.err)
			}
		})
	}
}

// stream is a snapshot as it follows a SNAP packet.
func stream() []byte {
	w := NewSnapshotWriter(512)
	w.Sessions([]SnapshotSession{{1, 6000}, {2, 4000}})
	w.ACLCache(nil)
	for _, path := range []string{"", "/b", "/b/c", "/a"} {
		w.Node(&SnapshotNode{Path: path, Data: []byte(path), ACL: -1})
	}
	w.EndNodes()
	w.Signature()
	return w.Bytes()
}

// A learner reads the stream up to the signature and not a byte more: NEWLEADER may be there
// already.
func TestSnapshotStream(t *testing.T) {
	raw := stream()
	b := AppendPacket(bytes.Clone(raw), &QuorumPacket{Type: zk.NEWLEADER})
	s, n, err := DecodeSnapshotStream(b, 42)
	if err != nil || n != len(raw) || s.WireSize() != n || !bytes.Equal(s.Bytes, raw) {
		t.Fatalf("%d of %d bytes, %v", n, len(raw), err)
	}
	if want := []string{"/", "/a", "/b", "/b/c"}; !reflect.DeepEqual(s.Nodes, want) {
		t.Errorf("nodes %v, want %v", s.Nodes, want)
	}
	if s.Zxid != 42 || s.Sessions != 2 {
		t.Errorf("zxid %d, %d sessions", s.Zxid, s.Sessions)
	}
	if _ = append(s.Bytes, 1); b[n] != 0 {
		t.Error("an append to the stream writes into what follows it")
	}
}

func TestSnapshotStreamInPieces(t *testing.T) {
	raw := stream()
	for n := range len(raw) {
		if _, _, err := DecodeSnapshotStream(raw[:n], 0); err != io.ErrUnexpectedEOF {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

// Learner.syncWithLeader: "Missing signature. Got ..."
func TestSnapshotStreamSignature(t *testing.T) {
	raw := stream()
	raw[len(raw)-1] = 'x'
	if _, _, err := DecodeSnapshotStream(raw, 0); err != ErrMalformed {
		t.Error(err)
	}
}

// fixedSum is a checksum that starts at a known value and is right for one seal of a file whose
// earlier bytes are not at hand.
type fixedSum struct{ a, b uint32 }

func sumOf(v uint32) *fixedSum { return &fixedSum{v & 0xffff, v >> 16} }

func (s *fixedSum) Write(p []byte) (int, error) {
	for _, x := range p {
		s.a = (s.a + uint32(x)) % 65521
		s.b = (s.b + s.a) % 65521
	}
	return len(p), nil
}

func (s *fixedSum) Sum32() uint32       { return s.b<<16 | s.a }
func (s *fixedSum) Sum(b []byte) []byte { return appendInt(b, int32(s.Sum32())) }
func (s *fixedSum) Reset()              { s.a, s.b = 1, 0 }
func (s *fixedSum) Size() int           { return 4 }
func (s *fixedSum) BlockSize() int      { return 4 }
