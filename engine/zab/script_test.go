package zab

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// line writes a message as the scripts of these tests do: type, zxid where there is one, and what
// else matters.
func line(m node.Message) string {
	p, ok := m.(*jute.QuorumPacket)
	if !ok {
		return "stream"
	}
	s := p.Type.String()
	if p.Zxid != zk.NoZxid {
		s += " " + p.Zxid.String()
	}
	switch {
	case p.Type == zk.ACKEPOCH:
		s += fmt.Sprintf(" epoch %d", p.Epoch)
	case p.Type == zk.REQUEST:
		s += " " + p.Request.Type.String()
	case p.Type == zk.REVALIDATE && p.Reply:
		s += fmt.Sprintf(" %d %t", p.Session, p.Valid)
	case p.Type == zk.REVALIDATE:
		s += fmt.Sprintf(" %d", p.Session)
	case p.Type == zk.PING && len(p.Touches) > 0:
		s += fmt.Sprint(" ", p.Touches)
	}
	return s
}

func lines(ms []node.Message) string {
	var out []string
	for _, m := range ms {
		out = append(out, line(m))
	}
	return strings.Join(out, ", ")
}

// read makes the packet that a script names: "LEADERINFO 2:0", "ACKEPOCH 1:4 epoch 1", "PROPOSAL
// 1:5" with the transaction that txn makes.
func read(t testing.TB, s string) *jute.QuorumPacket {
	t.Helper()
	f := strings.Fields(s)
	p := &jute.QuorumPacket{Type: packetType(t, f[0]), Zxid: zk.NoZxid}
	if len(f) > 1 {
		p.Zxid = zxid(t, f[1])
	}
	switch p.Type {
	case zk.PROPOSAL, zk.INFORM:
		p.Txn = txn(p.Zxid)
	case zk.ACKEPOCH:
		if _, err := fmt.Sscan(f[3], &p.Epoch); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
	case zk.FOLLOWERINFO, zk.OBSERVERINFO, zk.LEADERINFO:
		p.Protocol = protocolVersion
	}
	return p
}

func packetType(t testing.TB, name string) zk.PacketType {
	t.Helper()
	for p := zk.REQUEST; p <= zk.INFORMANDACTIVATE; p++ {
		if p.String() == name {
			return p
		}
	}
	t.Fatalf("there is no packet %q", name)
	return 0
}

// script cuts a list of packets at its commas.
func script(s string) []string {
	var out []string
	for _, x := range strings.Split(s, ",") {
		out = append(out, strings.TrimSpace(x))
	}
	return out
}

// txn is the transaction of these tests with a given zxid: it creates a node named after it.
func txn(z zk.Zxid) *zk.Txn {
	t := &zk.Txn{Zxid: z, Type: zk.OpCreate, Path: fmt.Sprintf("/%d-%d", z.Epoch(), z.Counter()),
		ACL: zk.OpenACLUnsafe, ParentCVersion: int32(z.Counter())}
	jute.EncodeTxn(t)
	return t
}

// txns parses "1:1..1:3 2:1" into transactions.
func txns(t testing.TB, s string) []*zk.Txn {
	t.Helper()
	var out []*zk.Txn
	for _, f := range strings.Fields(s) {
		from, to, ranged := strings.Cut(f, "..")
		if !ranged {
			to = from
		}
		for z, end := zxid(t, from), zxid(t, to); z <= end; z++ {
			out = append(out, txn(z))
		}
	}
	return out
}

func zxid(t testing.TB, s string) zk.Zxid {
	t.Helper()
	var e, c int64
	if _, err := fmt.Sscanf(s, "%d:%d", &e, &c); err != nil {
		t.Fatalf("zxid %q: %v", s, err)
	}
	return zk.MakeZxid(zk.Epoch(e), c)
}

func packet(z zk.Zxid) *jute.QuorumPacket {
	return &jute.QuorumPacket{Type: zk.PROPOSAL, Zxid: z, Txn: txn(z)}
}
