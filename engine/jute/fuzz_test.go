package jute

import (
	"bytes"
	"reflect"
	"testing"

	"zabscope/engine/zk"
)

// Each target feeds a decoder any bytes. What it accepts must survive: encoded and decoded again it
// is the same, WireSize is the number of bytes, and n lies inside the input. seed adds the recorded
// records whose names start with a word.
func seed(f *testing.F, word string, more ...[]byte) {
	for name, b := range recorded(f) {
		if len(name) >= len(word) && name[:len(word)] == word {
			f.Add(b)
		}
	}
	for _, b := range more {
		f.Add(b)
	}
	f.Add([]byte{})
}

// wide finds characters above U+FFFF, which ZooKeeper itself does not get back.
func wide(b []byte) bool {
	return bytes.ContainsFunc(b, func(r rune) bool { return r > 0xffff })
}

// survives checks a message m that was decoded from n of size bytes and encoded to b.
func survives[M any](t *testing.T, m M, n, size int, wireSize int, b []byte,
	decode func(b []byte) (M, int, error)) {
	if n <= 0 || n > size {
		t.Fatalf("%d of %d bytes", n, size)
	}
	if wireSize != len(b) {
		t.Fatalf("WireSize %d, %d bytes", wireSize, len(b))
	}
	again, k, err := decode(b)
	if err != nil || k != len(b) || !reflect.DeepEqual(again, m) {
		t.Fatalf("%+v\nbecame %+v, %d of %d bytes, %v", m, again, k, len(b), err)
	}
}

func FuzzDecodeTxn(f *testing.F) {
	seed(f, "txn")
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := DecodeTxn(b)
		if err != nil || wide(b) {
			return
		}
		fresh := *x
		fresh.Encoded = nil
		EncodeTxn(&fresh)
		if cap(fresh.Encoded) != len(fresh.Encoded) {
			t.Fatalf("capacity %d, %d bytes", cap(fresh.Encoded), len(fresh.Encoded))
		}
		fresh.Record = nil
		y, err := DecodeTxn(fresh.Encoded)
		if err != nil || !reflect.DeepEqual(y, &fresh) {
			t.Fatalf("%+v\nbecame %+v, %v", fresh, y, err)
		}
	})
}

func FuzzDecodeRecord(f *testing.F) {
	seed(f, "log file")
	for _, x := range txns {
		f.Add(EncodeRecord(digested(x)))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		x, n, err := DecodeRecord(b)
		if err != nil {
			return
		}
		if n > len(b) || !bytes.Equal(EncodeRecord(x), b[:n]) {
			t.Fatalf("%x became %x", b[:n], EncodeRecord(x))
		}
	})
}

func FuzzDecodePacket(f *testing.F) {
	for _, p := range packets {
		f.Add(AppendPacket(nil, p), true)
		f.Add(AppendPacket(nil, p), false)
	}
	f.Fuzz(func(t *testing.T, b []byte, toLeader bool) {
		decode := func(b []byte) (*QuorumPacket, int, error) { return DecodePacket(b, toLeader) }
		p, n, err := decode(b)
		if err != nil || wide(b) || lossy(p) {
			return
		}
		survives(t, p, n, len(b), p.WireSize(), AppendPacket(nil, p), decode)
	})
}

// lossy tells packets that hold more or less than they can say: the odd forms of LearnerInfo, and
// requests of a type that nobody knows.
func lossy(p *QuorumPacket) bool {
	switch p.Type {
	case zk.FOLLOWERINFO, zk.OBSERVERINFO:
		return p.Protocol < protocolZab1
	case zk.REQUEST:
		return p.Request.Malformed
	}
	return false
}

func FuzzDecodeNotification(f *testing.F) {
	body := unhex(f, vote)
	for _, n := range []int{28, 36, 40, 44, len(body)} {
		f.Add(append(appendInt(nil, int32(n)), body[:n]...))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		n, size, err := DecodeNotification(b)
		if err != nil {
			return
		}
		if n.Version < notificationText {
			n.Version = 0 // what older formats say is not read back
		}
		survives(t, n, size, len(b), n.WireSize(), AppendNotification(nil, n), DecodeNotification)
	})
}

func FuzzDecodeHello(f *testing.F) {
	f.Add(AppendHello(nil, &Hello{-65536, 2, "127.0.0.1:3888"}))
	f.Add(AppendHello(nil, &Hello{-65535, 2, "a:1|b:2"}))
	f.Add(AppendHello(nil, &Hello{3, 3, ""}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, n, err := DecodeHello(b); err == nil {
			survives(t, h, n, len(b), h.WireSize(), AppendHello(nil, h), DecodeHello)
		}
	})
}

func FuzzDecodeConnect(f *testing.F) {
	seed(f, "connect")
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, n, err := DecodeConnectRequest(b); err == nil {
			survives(t, c, n, len(b), c.WireSize(), AppendConnectRequest(nil, c), DecodeConnectRequest)
		}
		if c, n, err := DecodeConnectResponse(b); err == nil {
			survives(t, c, n, len(b), c.WireSize(), AppendConnectResponse(nil, c),
				DecodeConnectResponse)
		}
	})
}

func FuzzDecodeClientRequest(f *testing.F) {
	seed(f, "request")
	f.Fuzz(func(t *testing.T, b []byte) {
		c, n, err := DecodeClientRequest(b)
		if err != nil || wide(b) || c.Request.Malformed {
			return
		}
		// A frame may grow by a few bytes when rubbish in its strings becomes U+FFFD.
		if c.WireSize()-4 <= MaxFrame {
			survives(t, c, n, len(b), c.WireSize(), AppendClientRequest(nil, c), DecodeClientRequest)
		}
	})
}

func FuzzDecodeReply(f *testing.F) {
	file := recorded(f)
	for name, r := range replies {
		f.Add(file["reply "+name], int32(r.Type))
	}
	f.Fuzz(func(t *testing.T, b []byte, op int32) {
		decode := func(b []byte) (*ClientReply, int, error) { return DecodeReply(b, zk.OpCode(op)) }
		r, n, err := decode(b)
		if err == nil && !wide(b) && r.WireSize()-4 <= MaxFrame {
			survives(t, r, n, len(b), r.WireSize(), AppendReply(nil, r), decode)
		}
	})
}

func FuzzDecodeClientEvent(f *testing.F) {
	seed(f, "event")
	f.Fuzz(func(t *testing.T, b []byte) {
		c, n, err := DecodeClientEvent(b)
		if err == nil && !wide(b) && c.WireSize()-4 <= MaxFrame {
			survives(t, c, n, len(b), c.WireSize(), AppendClientEvent(nil, c), DecodeClientEvent)
		}
	})
}

func FuzzSnapshot(f *testing.F) {
	seed(f, "snapshot file")
	third := contents{nodes: []SnapshotNode{{}}, last: 7}
	f.Add(third.write())
	f.Fuzz(func(t *testing.T, b []byte) {
		var c, again contents
		if c.read(b) != nil || wide(b) {
			return
		}
		if err := again.read(c.write()); err != nil || !reflect.DeepEqual(c, again) {
			t.Fatalf("%+v\nbecame %+v, %v", c, again, err)
		}
	})
}

func FuzzDecodeSnapshotStream(f *testing.F) {
	f.Add(stream())
	f.Fuzz(func(t *testing.T, b []byte) {
		s, n, err := DecodeSnapshotStream(b, 1)
		if err == nil && (n > len(b) || !bytes.Equal(s.Bytes, b[:n])) {
			t.Fatalf("%d of %d bytes", n, len(b))
		}
	})
}
