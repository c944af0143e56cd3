package jute

import (
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// describe writes the event of a message as a line: name of its kind, then name=value.
func describe(t *testing.T, m node.Message) string {
	t.Helper()
	var e node.Event
	e.Args = []node.Value{node.Text("left from another event")}
	m.Describe(&e)
	k := event.Vocabulary.Kinds[e.Kind]
	if len(k.Args) != len(e.Args) {
		t.Fatalf("%s has %d arguments, want %v", k.Name, len(e.Args), k.Args)
	}
	words := []string{k.Name}
	for i, v := range e.Args {
		words = append(words, k.Args[i]+"="+v.String())
	}
	return strings.Join(words, " ")
}

// What the trace says of each message when it is sent.
func TestDescribe(t *testing.T) {
	create := digested(txns["create"])
	EncodeTxn(create)
	for _, c := range []struct {
		m    node.Message
		kind node.Kind
		says []string
	}{
		{&QuorumPacket{Type: zk.PROPOSAL, Zxid: create.Zxid, Txn: create}, event.ProposalSent,
			[]string{"PROPOSAL", "1:6", "create", "/a"}},
		{packets["INFORMANDACTIVATE"], event.ProposalSent,
			[]string{"INFORMANDACTIVATE", "reconfig", "/zookeeper/config"}},
		{packets["REQUEST with auth"], event.RequestSent, []string{"delete", "/a", "=5"}},
		{&QuorumPacket{Type: zk.DIFF, Zxid: zk.MakeZxid(1, 9)}, event.PacketSent,
			[]string{"DIFF", "1:9"}},
		{&QuorumPacket{Type: zk.FOLLOWERINFO, SID: 3, ConfigVersion: 0x1a}, event.PacketSent,
			[]string{"FOLLOWERINFO", "sid 3", "1a"}},
		{&QuorumPacket{Type: zk.ACKEPOCH, Epoch: -1}, event.PacketSent,
			[]string{"ACKEPOCH", "currentEpoch -1"}},
		{&QuorumPacket{Type: zk.COMMITANDACTIVATE, Leader: 2}, event.PacketSent,
			[]string{"COMMITANDACTIVATE", "designated leader 2"}},
		{&QuorumPacket{Type: zk.REVALIDATE, Session: 7, Timeout: 6000}, event.PacketSent,
			[]string{"REVALIDATE", "0x7", "timeout 6000"}},
		{&QuorumPacket{Type: zk.REVALIDATE, Session: 7, Reply: true, Valid: true}, event.PacketSent,
			[]string{"REVALIDATE", "0x7", "valid true"}},
		{&SnapshotStream{Zxid: zk.MakeZxid(2, 0), Nodes: []string{"/", "/a"}, Sessions: 3},
			event.SnapshotSent, []string{"2:0", "=2", "=3"}},
		{&Hello{-65536, 2, "h:1"}, event.HelloSent, []string{"=2", "h:1"}},
		{&Notification{State: zk.Looking, Leader: 2, Zxid: 5, Round: 3, PeerEpoch: 4},
			event.NotificationSent, []string{"LOOKING", "=2", "0:5", "=3", "=4"}},
		{&Notification{State: zk.Observing, Leader: zk.NoLeader}, event.NotificationSent,
			[]string{"OBSERVING", "none"}},
		{&ConnectRequest{Session: 7, Timeout: 6000, LastZxidSeen: zk.MakeZxid(1, 2)},
			event.ConnectRequestSent, []string{"=7", "6000", "1:2"}},
		{&ConnectResponse{Session: 7, Timeout: 6000}, event.ConnectResponseSent,
			[]string{"=7", "6000"}},
		{&ClientRequest{Xid: 3, Request: &zk.Request{Type: zk.OpSetData, Path: "/a",
			Data: []byte("one")}}, event.ClientRequestSent, []string{"setData", "=3", "/a", "one"}},
		{&ClientReply{Xid: 3, Zxid: zk.MakeZxid(1, 2), Type: zk.OpGetData,
			Result: zk.Result{Err: zk.ErrNoNode}}, event.ClientReplySent,
			[]string{"getData", "=3", "1:2", "NoNode"}},
		{&ClientEvent{Zxid: -1, Event: zk.WatchEvent{Type: 3, Path: "/e"}}, event.WatchEventSent,
			[]string{"=3", "/e"}},
	} {
		got := describe(t, c.m)
		if name := event.Vocabulary.Kinds[c.kind].Name; !strings.HasPrefix(got, name+" ") {
			t.Errorf("%q is no %s", got, name)
		}
		for _, s := range c.says {
			if !strings.Contains(got, s) {
				t.Errorf("%q does not say %q", got, s)
			}
		}
	}
}

// Once its slices have grown, describing a message costs no allocation but that of its texts.
func TestDescribeReusesTheEvent(t *testing.T) {
	var e node.Event
	n := &Notification{State: zk.Looking, Leader: 2}
	n.Describe(&e)
	if a := testing.AllocsPerRun(10, func() { n.Describe(&e) }); a != 0 {
		t.Errorf("%v allocations", a)
	}
}

// WireSize is asked for every message that is sent, so it must not encode.
func TestWireSizeAllocatesNothing(t *testing.T) {
	messages := []node.Message{&Hello{-65536, 2, "h:1"}, &Notification{Version: 2, Config: "c"},
		&ConnectRequest{}, &ConnectResponse{}, &ClientEvent{}, &SnapshotStream{}}
	for _, p := range packets {
		messages = append(messages, p)
	}
	for _, r := range requests {
		messages = append(messages, &ClientRequest{Request: &r})
	}
	for _, r := range replies {
		messages = append(messages, &r)
	}
	for _, m := range messages {
		if n := testing.AllocsPerRun(5, func() { m.WireSize() }); n != 0 {
			t.Errorf("%T: %v allocations", m, n)
		}
	}
}

// A packet shared by many learners is encoded for each of them and not changed by it.
func TestSharedPacket(t *testing.T) {
	x := digested(txns["setData"])
	EncodeTxn(x)
	p := &QuorumPacket{Type: zk.PROPOSAL, Zxid: x.Zxid, Txn: x}
	before := string(x.Encoded)
	a := AppendPacket(nil, p)
	b := AppendPacket([]byte("what stands before"), p)
	if !strings.HasSuffix(string(b), string(a)) || string(x.Encoded) != before {
		t.Errorf("%x and %x", a, b)
	}
	a[20]++
	if string(x.Encoded) != before {
		t.Error("the packet's bytes are the transaction's own")
	}
}
