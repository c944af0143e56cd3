package jute

import (
	"bytes"
	"io"
	"reflect"
	"testing"

	"zabscope/engine/zk"
)

// vote is the body of a LEADING vote for 2 at (1,9) in round 3, epoch 7, version and configuration
// as today's servers send them; shorter messages are its beginnings.
const vote = `00000002 0000000000000002 0000000100000009 0000000000000003 0000000000000007
	00000002 00000003 636667`

// FastLeaderElection.Messenger.WorkerReceiver.run, by the length of the message.
func TestNotificationLengths(t *testing.T) {
	body := unhex(t, vote)
	full := Notification{State: zk.Leading, Leader: 2, Zxid: zk.MakeZxid(1, 9), Round: 3,
		PeerEpoch: 7, Version: 2, Config: "cfg"}
	old := full
	old.PeerEpoch, old.Version, old.Config = 1, 0, "" // the epoch of the zxid
	middle := full
	middle.Version, middle.Config = 0, ""
	for n := 1; n <= len(body); n++ {
		var want *Notification
		switch n {
		case 28:
			want = &old
		case 40:
			want = &middle
		case len(body):
			want = &full
		}
		b := append(appendInt(nil, int32(n)), body[:n]...)
		got, size, err := DecodeNotification(b)
		if size != n+4 || !reflect.DeepEqual(got, want) || (err == nil) != (want != nil) {
			t.Errorf("%d bytes: %+v, %d, %v", n, got, size, err)
		}
		if want == nil && err != ErrMalformed {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestNotificationVersions(t *testing.T) {
	head := unhex(t, vote)[:36]
	for _, c := range []struct {
		name, tail string
		version    int32
		config     string
		err        error
	}{
		{"version 1 in 44 bytes has no configuration", "00000001 00000003", 1, "", nil},
		{"version 0 in 42 bytes", "00000000 0000", 0, "", nil},
		{"empty configuration", "00000002 00000000", 2, "", nil},
		{"version 3", "00000003 00000001 78", 3, "x", nil},
		{"bytes behind the configuration", "00000002 00000001 78 79", 2, "x", nil},
		{"configuration of length -1 (ZOOKEEPER-3769)", "00000002 ffffffff 78", 0, "", ErrMalformed},
		{"configuration longer than the message", "00000002 7fffffff 78", 0, "", ErrMalformed},
		{"configuration cut by a byte", "00000002 00000002 78", 0, "", ErrMalformed},
		{"version cut", "0000", 0, "", ErrMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := append(bytes.Clone(head), unhex(t, c.tail)...)
			b := append(appendInt(nil, int32(len(body))), body...)
			n, size, err := DecodeNotification(b)
			if err != c.err || size != len(b) {
				t.Fatalf("%+v, %d of %d, %v", n, size, len(b), err)
			}
			if err == nil && (n.Version != c.version || n.Config != c.config || n.PeerEpoch != 7) {
				t.Errorf("%+v", n)
			}
		})
	}
}

// QuorumCnxManager.RecvWorker.run: the prefix is at least 1 and at most PACKETMAXSIZE.
func TestNotificationPrefix(t *testing.T) {
	for _, c := range []struct {
		hex string
		err error
	}{
		{"", io.ErrUnexpectedEOF}, {"000000", io.ErrUnexpectedEOF},
		{"00000000", ErrLength}, {"ffffffff", ErrLength}, {"00080001", ErrLength},
		{"00080000", io.ErrUnexpectedEOF}, {"0000001c 00", io.ErrUnexpectedEOF},
	} {
		if n, size, err := DecodeNotification(unhex(t, c.hex)); err != c.err || size != 0 {
			t.Errorf("%q: %+v, %d, %v", c.hex, n, size, err)
		}
	}
}

// A server that speaks the format of 3.4.6 says version 1, which its readers skip.
func TestOldNotification(t *testing.T) {
	n := Notification{State: zk.Looking, Leader: 2, Zxid: -1, Round: 3, PeerEpoch: 7}
	b := AppendNotification(nil, &n)
	if want := unhex(t, "00000001"); len(b) != 44 || !bytes.HasSuffix(b, want) {
		t.Errorf("%x", b)
	}
	d, size, err := DecodeNotification(b)
	same(t, b, b, n.WireSize(), &n, d, size, err)
}

// The reader of the message decides what a state that is none of the four means.
func TestStrangeState(t *testing.T) {
	b := append(appendInt(nil, 28), unhex(t, vote)[:28]...)
	b[7] = 9
	if n, _, err := DecodeNotification(b); err != nil || n.State.Valid() {
		t.Errorf("%+v, %v", n, err)
	}
}

// QuorumCnxManager.InitialMessage.parse
func TestHello(t *testing.T) {
	for _, c := range []struct {
		name, hex string
		want      Hello
	}{
		{"as recorded", `ffffffffffff0000 0000000000000002 0000000f
			3132372e302e302e313a3532383132`, Hello{-65536, 2, "127.0.0.1:52812"}},
		{"several addresses", "ffffffffffff0001 0000000000000002 00000007 613a317c623a32",
			Hello{-65535, 2, "a:1|b:2"}},
		{"3.4: the sid and nothing else", "0000000000000003", Hello{3, 3, ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := unhex(t, c.hex)
			h, n, err := DecodeHello(append(bytes.Clone(want), 1, 2, 3))
			same(t, want, AppendHello(nil, &c.want), c.want.WireSize(), &c.want, h, n, err)
			for n := range len(want) {
				if _, _, err := DecodeHello(want[:n]); err != io.ErrUnexpectedEOF {
					t.Errorf("%d bytes: %v", n, err)
				}
			}
		})
	}
}

func TestRefusedHello(t *testing.T) {
	for _, c := range []struct {
		name, hex string
		err       error
	}{
		{"unknown version", "ffffffffffff0002 0000000000000002 00000001 61", ErrMalformed},
		{"no address", "ffffffffffff0000 0000000000000002 00000000", ErrLength},
		{"null address", "ffffffffffff0000 0000000000000002 ffffffff", ErrLength},
		{"2049 bytes", "ffffffffffff0000 0000000000000002 00000801", ErrLength},
		{"2048 bytes are fine", "ffffffffffff0000 0000000000000002 00000800", io.ErrUnexpectedEOF},
	} {
		if h, _, err := DecodeHello(unhex(t, c.hex)); err != c.err {
			t.Errorf("%s: %+v, %v; want %v", c.name, h, err, c.err)
		}
	}
}
