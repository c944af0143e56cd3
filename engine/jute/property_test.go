package jute

import (
	"bytes"
	"io"
	"reflect"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// random makes records of all shapes from a seed: null, empty and long fields, negative numbers,
// letters of one to three bytes.
type random struct{ *node.Rand }

func (r random) number() int64 { return int64(r.Uint64()) >> r.Intn(64) }

func (r random) int() int32 { return int32(r.number()) }

func (r random) zxid() zk.Zxid { return zk.Zxid(r.number()) }

func (r random) flag() bool { return r.Intn(2) == 0 }

func (r random) bytes() []byte {
	n := r.Intn(40)
	if n == 0 {
		return nil
	}
	b := make([]byte, n-1)
	for i := range b {
		b[i] = byte(r.Uint64())
	}
	return b
}

func (r random) text() string {
	letters := []rune("ab/é中\x00")
	out := make([]rune, r.Intn(12))
	for i := range out {
		out[i] = letters[r.Intn(int64(len(letters)))]
	}
	return string(out)
}

func (r random) texts() (out []string) {
	for range r.Intn(4) {
		out = append(out, r.text())
	}
	return out
}

func (r random) acl() (out []zk.ACL) {
	if r.flag() {
		return zk.OpenACLUnsafe
	}
	for range r.Intn(3) {
		out = append(out, zk.ACL{Perms: r.int(), ID: zk.ID{Scheme: r.text(), ID: r.text()}})
	}
	return out
}

func (r random) stat() zk.Stat {
	return zk.Stat{Czxid: r.zxid(), Mzxid: r.zxid(), Ctime: r.number(), Mtime: r.number(),
		Version: r.int(), Cversion: r.int(), Aversion: r.int(), EphemeralOwner: r.number(),
		DataLength: r.int(), NumChildren: r.int(), Pzxid: r.zxid()}
}

// txn fills all fields, the body's as the type has them.
func (r random) txn(op zk.OpCode, parts []zk.OpCode) zk.Txn {
	x := zk.Txn{Type: op}
	switch op {
	case zk.OpCreate, zk.OpCreate2:
		x.Path, x.Data, x.ACL, x.Ephemeral, x.ParentCVersion =
			r.text(), r.bytes(), r.acl(), r.flag(), r.int()
	case zk.OpCreateContainer:
		x.Path, x.Data, x.ACL, x.ParentCVersion = r.text(), r.bytes(), r.acl(), r.int()
	case zk.OpCreateTTL:
		x.Path, x.Data, x.ACL, x.ParentCVersion, x.TTL =
			r.text(), r.bytes(), r.acl(), r.int(), r.number()
	case zk.OpDelete, zk.OpDeleteContainer:
		x.Path = r.text()
	case zk.OpSetData, zk.OpReconfig:
		x.Path, x.Data, x.Version = r.text(), r.bytes(), r.int()
	case zk.OpSetACL:
		x.Path, x.ACL, x.Version = r.text(), r.acl(), r.int()
	case zk.OpCheck:
		x.Path, x.Version = r.text(), r.int()
	case zk.OpCreateSession:
		x.Timeout = r.int()
	case zk.OpCloseSession:
		x.HasPaths, x.Paths = true, r.texts()
	case zk.OpError:
		x.Err = zk.ErrorCode(r.int())
	case zk.OpMulti:
		for range r.Intn(5) {
			x.Ops = append(x.Ops, r.txn(parts[r.Intn(int64(len(parts)))], nil))
		}
	}
	return x
}

var (
	txnParts = []zk.OpCode{zk.OpCreate, zk.OpCreate2, zk.OpCreateContainer, zk.OpCreateTTL,
		zk.OpDelete, zk.OpSetData, zk.OpCheck, zk.OpError}
	txnTypes = append([]zk.OpCode{zk.OpSetACL, zk.OpReconfig, zk.OpDeleteContainer,
		zk.OpCreateSession, zk.OpCloseSession, zk.OpMulti}, txnParts...)
)

func TestAnyTransaction(t *testing.T) {
	r := random{node.NewRand(1)}
	for _, op := range txnTypes {
		for range 200 {
			x := r.txn(op, txnParts)
			x.Session, x.Cxid, x.Zxid, x.Time = r.number(), r.int(), r.zxid(), r.number()
			if r.flag() {
				x.HasDigest, x.DigestVersion, x.Digest = true, 2, r.Uint64()
			}
			size := txnSize(&x)
			EncodeTxn(&x)
			y, err := DecodeTxn(x.Encoded)
			if err != nil || len(x.Encoded) != size || !equalTxn(y, &x) {
				t.Fatalf("%+v\nbecame %+v, size %d, %v", x, y, size, err)
			}
		}
	}
}

// equalTxn takes nil and empty lists of parts for the same, as they are on the wire, and asks for no
// record.
func equalTxn(x, y *zk.Txn) bool {
	a, b := *x, *y
	a.Record, b.Record = nil, nil
	if len(a.Ops) == 0 && len(b.Ops) == 0 {
		a.Ops, b.Ops = nil, nil
	}
	return reflect.DeepEqual(a, b)
}

// snapshot makes a file of up to ten nodes.
func (r random) snapshot() contents {
	var c contents
	for range r.Intn(4) {
		c.sessions = append(c.sessions, SnapshotSession{r.number(), r.int()})
		c.acls = append(c.acls, SnapshotACL{r.number(), r.acl()})
	}
	for range r.Intn(10) {
		c.nodes = append(c.nodes, SnapshotNode{Path: "/n" + r.text(), Data: r.bytes(),
			ACL: r.number(), Czxid: r.zxid(), Mzxid: r.zxid(), Ctime: r.number(), Mtime: r.number(),
			Version: r.int(), Cversion: r.int(), Aversion: r.int(), EphemeralOwner: r.number(),
			Pzxid: r.zxid()})
	}
	c.zxid, c.version, c.digest, c.last = r.zxid(), r.int(), r.Uint64(), r.zxid()
	return c
}

func TestAnySnapshot(t *testing.T) {
	r := random{node.NewRand(2)}
	for range 200 {
		c := r.snapshot()
		b := c.write()
		var got contents
		if err := got.read(b); err != nil || !reflect.DeepEqual(got, c) || !IsValidSnapshot(b) {
			t.Fatalf("%+v\nbecame %+v, %v", c, got, err)
		}
	}
}

func TestAnyNode(t *testing.T) {
	r := random{node.NewRand(3)}
	for range 500 {
		want := zk.Result{Path: r.text(), Data: r.bytes(), Stat: r.stat(), Children: r.texts(),
			ACL: r.acl()}
		for op, got := range map[zk.OpCode]zk.Result{
			zk.OpCreate2:      {Path: want.Path, Stat: want.Stat},
			zk.OpGetData:      {Data: want.Data, Stat: want.Stat},
			zk.OpGetChildren2: {Children: want.Children, Stat: want.Stat},
			zk.OpGetACL:       {ACL: want.ACL, Stat: want.Stat},
		} {
			m := &ClientReply{Xid: r.int(), Zxid: r.zxid(), Type: op, Result: got}
			b := AppendReply(nil, m)
			d, n, err := DecodeReply(b, op)
			same(t, b, b, m.WireSize(), m, d, n, err)
		}
	}
}

// A connection delivers bytes in pieces of any size: what comes out of the decoder is what went in,
// however the stream was cut.
func TestAnyPieces(t *testing.T) {
	r := random{node.NewRand(4)}
	var sent []*QuorumPacket
	var stream []byte
	for range 300 {
		p := &QuorumPacket{Type: zk.ACK, Zxid: r.zxid()}
		if r.flag() {
			x := r.txn(txnTypes[r.Intn(int64(len(txnTypes)))], txnParts)
			EncodeTxn(&x)
			p = &QuorumPacket{Type: zk.PROPOSAL, Zxid: r.zxid(), Txn: &x}
		}
		sent, stream = append(sent, p), AppendPacket(stream, p)
	}
	var buf []byte
	for i := 0; i < len(sent); {
		p, n, err := DecodePacket(buf, false)
		if err == io.ErrUnexpectedEOF {
			k := min(1+int(r.Intn(100)), len(stream))
			buf, stream = append(buf, stream[:k]...), stream[k:]
			continue
		}
		if err != nil || p.Type != sent[i].Type || p.Zxid != sent[i].Zxid ||
			p.Txn != nil && !bytes.Equal(p.Txn.Encoded, sent[i].Txn.Encoded) {
			t.Fatalf("packet %d: %+v, %v", i, p, err)
		}
		buf, i = bytes.Clone(buf[n:]), i+1
	}
	if len(buf)+len(stream) != 0 {
		t.Errorf("%d bytes left", len(buf)+len(stream))
	}
}
