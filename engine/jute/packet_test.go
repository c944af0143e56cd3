package jute

import (
	"bytes"
	"io"
	"reflect"
	"testing"

	"zabscope/engine/zk"
)

// Packets as a real leader sent them to a scripted learner.
func TestPacketBytes(t *testing.T) {
	for _, c := range []struct {
		name, hex string
		p         QuorumPacket
	}{
		{"LEADERINFO, epoch 1", "00000011 0000000100000000 00000004 00010000 ffffffff",
			QuorumPacket{Type: zk.LEADERINFO, Zxid: zk.MakeZxid(1, 0), Protocol: 0x10000}},
		{"DIFF to (1,9)", "0000000d 0000000100000009 ffffffff ffffffff",
			QuorumPacket{Type: zk.DIFF, Zxid: zk.MakeZxid(1, 9)}},
		{"UPTODATE", "0000000c ffffffffffffffff ffffffff ffffffff",
			QuorumPacket{Type: zk.UPTODATE, Zxid: zk.NoZxid}},
		{"ACKEPOCH that counts for nothing", "00000012 0000000100000009 00000004 ffffffff ffffffff",
			QuorumPacket{Type: zk.ACKEPOCH, Zxid: zk.MakeZxid(1, 9), Epoch: -1}},
		{"NEWLEADER without configuration", "0000000a 0000000200000000 ffffffff ffffffff",
			QuorumPacket{Type: zk.NEWLEADER, Zxid: zk.MakeZxid(2, 0)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := unhex(t, c.hex)
			p, n, err := DecodePacket(want, false)
			same(t, want, AppendPacket(nil, &c.p), c.p.WireSize(), &c.p, p, n, err)
		})
	}
}

// LearnerHandler.run takes what there is of LearnerInfo: each release sent more of it.
func TestLearnerInfo(t *testing.T) {
	for _, c := range []struct {
		name, data string
		want       QuorumPacket
	}{
		{"null: the leader makes up a sid", "ffffffff", QuorumPacket{SID: -1, Protocol: 1}},
		{"too short for a sid", "00000004 00000003", QuorumPacket{Protocol: 1}},
		{"3.3: the sid", "00000008 0000000000000003", QuorumPacket{SID: 3, Protocol: 1}},
		{"11 bytes", "0000000b 0000000000000003 000100", QuorumPacket{SID: 3, Protocol: 1}},
		{"3.4: protocol version", "0000000c 0000000000000003 00010000",
			QuorumPacket{SID: 3, Protocol: 0x10000}},
		{"19 bytes", "00000013 0000000000000003 00010000 00000001000000",
			QuorumPacket{SID: 3, Protocol: 0x10000}},
		{"3.5: version of the configuration", "00000014 0000000000000003 00010000 0000000100000002",
			QuorumPacket{SID: 3, Protocol: 0x10000, ConfigVersion: 0x100000002}},
		{"the future", "00000015 0000000000000003 00010000 0000000100000002 07",
			QuorumPacket{SID: 3, Protocol: 0x10000, ConfigVersion: 0x100000002}},
	} {
		for _, kind := range []zk.PacketType{zk.FOLLOWERINFO, zk.OBSERVERINFO} {
			t.Run(c.name, func(t *testing.T) {
				b := appendLong(appendInt(nil, int32(kind)), 0)
				b = appendInt(append(b, unhex(t, c.data)...), null)
				p, n, err := DecodePacket(b, true)
				c.want.Type = kind
				if err != nil || n != len(b) || !reflect.DeepEqual(*p, c.want) {
					t.Errorf("%+v, %d of %d, %v", p, n, len(b), err)
				}
			})
		}
	}
}

// Learners of before Zab 1.0 send their sid or nothing.
func TestOldLearnerInfo(t *testing.T) {
	for _, c := range []struct {
		hex string
		p   QuorumPacket
	}{
		{"0000000b 0000000000000000 00000008 0000000000000003 ffffffff",
			QuorumPacket{Type: zk.FOLLOWERINFO, SID: 3, Protocol: 1}},
		{"00000010 0000000000000000 ffffffff ffffffff",
			QuorumPacket{Type: zk.OBSERVERINFO, SID: -1, Protocol: 1}},
	} {
		want := unhex(t, c.hex)
		p, n, err := DecodePacket(want, true)
		same(t, want, AppendPacket(nil, &c.p), c.p.WireSize(), &c.p, p, n, err)
	}
}

// The stream has no frames: a packet that is not there in full asks for more, whatever its type.
func TestPacketInPieces(t *testing.T) {
	for name, p := range packets {
		b := AppendPacket(nil, p)
		for n := range len(b) {
			if _, _, err := DecodePacket(b[:n], true); err != io.ErrUnexpectedEOF {
				t.Errorf("%s, %d bytes: %v", name, n, err)
			}
		}
	}
}

// Packets follow each other without a gap.
func TestPacketsBackToBack(t *testing.T) {
	var b []byte
	order := []string{"PING", "INFORMANDACTIVATE", "PING to leader"}
	for _, name := range order {
		b = AppendPacket(b, packets[name])
	}
	for _, name := range order {
		p, n, err := DecodePacket(b, true)
		if err != nil || p.Type != packets[name].Type {
			t.Fatalf("%s: %+v, %v", name, p, err)
		}
		b = b[n:]
	}
	if len(b) != 0 {
		t.Errorf("%d bytes left", len(b))
	}
}

// Data that ends before its last field ends the connection; more bytes would not help.
func TestShortData(t *testing.T) {
	for _, c := range []struct {
		kind zk.PacketType
		data string
	}{
		{zk.PROPOSAL, "ffffffff"}, {zk.PROPOSAL, "00000004 00000000"}, {zk.INFORM, "00000000"},
		{zk.INFORMANDACTIVATE, "ffffffff"}, {zk.INFORMANDACTIVATE, "00000004 00000000"},
		{zk.INFORMANDACTIVATE, "00000008 0000000000000003"},
		{zk.COMMITANDACTIVATE, "00000004 00000000"}, {zk.COMMITANDACTIVATE, "ffffffff"},
		{zk.LEADERINFO, "ffffffff"}, {zk.LEADERINFO, "00000002 0001"}, {zk.ACKEPOCH, "00000000"},
		{zk.REQUEST, "ffffffff"}, {zk.REQUEST, "0000000c 000000000000000100000002"},
		{zk.REVALIDATE, "00000008 0000000000000001"},
		{zk.PING, "00000008 0000000000000001"},
		{zk.PING, "0000000d 0000000000000001 00000002 03"},
	} {
		b := appendLong(appendInt(nil, int32(c.kind)), 0)
		b = appendInt(append(b, unhex(t, c.data)...), null)
		if p, _, err := DecodePacket(b, true); err != ErrMalformed {
			t.Errorf("%s %s: %+v, %v", c.kind, c.data, p, err)
		}
	}
}

func TestRefusedPackets(t *testing.T) {
	for _, c := range []struct{ name, hex string }{
		{"data of negative length", "00000003 0000000000000001 fffffffe"},
		{"data above jute.maxbuffer", "00000002 0000000000000001 00200000"},
		{"ids without number", "00000003 0000000000000001 ffffffff fffffffe"},
		{"an id of negative length", "00000001 0000000000000001 ffffffff 00000001 fffffff0 00000000"},
	} {
		if p, _, err := DecodePacket(unhex(t, c.hex), true); err != ErrLength {
			t.Errorf("%s: %+v, %v", c.name, p, err)
		}
	}
}

// LearnerHandler.run: "unexpected quorum packet" is logged and ignored.
func TestUnknownPacket(t *testing.T) {
	b := unhex(t, "00000063 0000000100000009 00000002 0102 ffffffff")
	p, n, err := DecodePacket(b, true)
	if err != nil || n != len(b) || p.Type != 99 || p.Zxid != zk.MakeZxid(1, 9) {
		t.Errorf("%+v, %d, %v", p, n, err)
	}
}

// A learner passes on what its client sent without looking; the leader answers, so it must not drop
// the learner's connection.
func TestMalformedRequestInPacket(t *testing.T) {
	good := AppendPacket(nil, packets["REQUEST with auth"])
	b := bytes.Clone(good)
	copy(b[32:], "\x7f\xff\xff\xff") // the length of the path
	p, n, err := DecodePacket(b, true)
	if err != nil || n != len(b) || !p.Request.Malformed || p.Request.Type != zk.OpDelete {
		t.Fatalf("%+v, %d, %v", p, n, err)
	}
	again := AppendPacket(nil, p)
	if q, _, err := DecodePacket(again, true); err != nil || !q.Request.Malformed {
		t.Errorf("passed on as %+v, %v", q, err)
	}
	if p.WireSize() != len(again) {
		t.Errorf("WireSize %d, want %d", p.WireSize(), len(again))
	}
}

// PING and REVALIDATE mean different things in the two directions.
func TestDirections(t *testing.T) {
	ping := AppendPacket(nil, packets["PING to leader"])
	if p, _, err := DecodePacket(ping, false); err != nil || p.Touches != nil {
		t.Errorf("PING from the leader %+v, %v", p, err)
	}
	ask := QuorumPacket{Type: zk.REVALIDATE, Zxid: -1, Session: 7, Timeout: 6000}
	if p, _, err := DecodePacket(AppendPacket(nil, &ask), true); err != nil || p.Reply ||
		p.Timeout != 6000 {
		t.Errorf("REVALIDATE to the leader %+v, %v", p, err)
	}
	answer := QuorumPacket{Type: zk.REVALIDATE, Zxid: -1, Session: 7, Reply: true, Valid: true}
	if p, _, err := DecodePacket(AppendPacket(nil, &answer), false); err != nil || !p.Reply ||
		!p.Valid {
		t.Errorf("REVALIDATE from the leader %+v, %v", p, err)
	}
}

// Null and no ids at all are different on the wire.
func TestAuth(t *testing.T) {
	for _, auth := range [][]zk.ID{nil, {}, {{Scheme: "ip", ID: "::1"}}} {
		p := QuorumPacket{Type: zk.ACK, Auth: auth}
		b := AppendPacket(nil, &p)
		d, n, err := DecodePacket(b, true)
		same(t, b, b, p.WireSize(), &p, d, n, err)
	}
}
