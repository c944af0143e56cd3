package jute

import (
	"bytes"
	"hash/adler32"
	"os"
	"reflect"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// testdata/records-3.8.0.txt holds facts recorded from Apache ZooKeeper 3.8.0: one record of every
// kind as its own classes write it (testdata/Records.java). The tables here are the same records.

var (
	data  = []byte{1, 2, 0xff}
	mixed = []zk.ACL{{Perms: 1, ID: zk.ID{Scheme: "ip", ID: "10.0.0.0/8"}},
		{Perms: 31, ID: zk.ID{Scheme: "digest", ID: "bob:x="}}}
	stat = zk.Stat{Czxid: 0x100000002, Mzxid: 0x100000003, Ctime: 1000, Mtime: 2000, Version: 1,
		Cversion: 2, Aversion: 3, EphemeralOwner: session, DataLength: 5, NumChildren: 6,
		Pzxid: 0x100000004}
)

const (
	session = 0x100002279260000
	digest  = 0x123456789abcdef0
)

// recorded returns the bytes of each record by name.
func recorded(t testing.TB) map[string][]byte {
	b, err := os.ReadFile("testdata/records-3.8.0.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for line := range strings.Lines(string(b)) {
		name, hex, _ := strings.Cut(strings.TrimSpace(line), ": ")
		out[name] = unhex(t, hex)
	}
	return out
}

var open = zk.OpenACLUnsafe

var requests = map[string]zk.Request{
	"create":           {Type: zk.OpCreate, Path: "/a", Data: data, ACL: open, Flags: 3},
	"create null data": {Type: zk.OpCreate, Path: "/a", ACL: mixed},
	"create empty data": {Type: zk.OpCreate, Path: "/a\u00e9\u4e2d", Data: []byte{}, ACL: open,
		Flags: 1},
	"create2":         {Type: zk.OpCreate2, Path: "/a", Data: data, ACL: open},
	"createContainer": {Type: zk.OpCreateContainer, Path: "/a", Data: data, ACL: open, Flags: 4},
	"createTTL": {Type: zk.OpCreateTTL, Path: "/a", Data: data, ACL: open, Flags: 5,
		TTL: 1234567890123},
	"delete":        {Type: zk.OpDelete, Path: "/a", Version: -1},
	"exists":        {Type: zk.OpExists, Path: "/a", Watch: true},
	"getData":       {Type: zk.OpGetData, Path: "/a"},
	"setData":       {Type: zk.OpSetData, Path: "/a", Data: data, Version: 7},
	"getACL":        {Type: zk.OpGetACL, Path: "/a"},
	"setACL":        {Type: zk.OpSetACL, Path: "/a", ACL: mixed, Version: 8},
	"getChildren":   {Type: zk.OpGetChildren, Path: "/a", Watch: true},
	"sync":          {Type: zk.OpSync, Path: "/a"},
	"ping":          {Type: zk.OpPing},
	"getChildren2":  {Type: zk.OpGetChildren2, Path: "/a"},
	"check":         {Type: zk.OpCheck, Path: "/a", Version: 9},
	"reconfig":      {Type: zk.OpReconfig, Joining: "server.4=h:1:2;3", CurConfigID: -1},
	"checkWatches":  {Type: zk.OpCheckWatches, Path: "/a", Mode: 3},
	"removeWatches": {Type: zk.OpRemoveWatches, Path: "/a", Mode: 2},
	"auth":          {Type: zk.OpAuth, Scheme: "digest", Data: []byte("bob:secret")},
	"setWatches": {Type: zk.OpSetWatches, RelativeZxid: 0x100000005,
		Watches: [5][]string{{"/a", "/b"}, nil, {"/c"}}},
	"setWatches2": {Type: zk.OpSetWatches2, RelativeZxid: 0x100000005,
		Watches: [5][]string{{"/a"}, {"/b"}, {"/c"}, {"/d"}, {"/e"}}},
	"sasl":                 {Type: zk.OpSasl, Data: data},
	"getEphemerals":        {Type: zk.OpGetEphemerals, Path: "/a"},
	"getAllChildrenNumber": {Type: zk.OpGetAllChildren, Path: "/a"},
	"addWatch":             {Type: zk.OpAddWatch, Path: "/a", Mode: 1},
	"whoAmI":               {Type: zk.OpWhoAmI},
	"closeSession":         {Type: zk.OpCloseSession},
	"multi": {Type: zk.OpMulti, Ops: []zk.Request{
		{Type: zk.OpCreate, Path: "/a", Data: data, ACL: open},
		{Type: zk.OpCreateTTL, Path: "/t", Data: data, ACL: open, Flags: 5, TTL: 99},
		{Type: zk.OpCreateContainer, Path: "/c", Data: data, ACL: open, Flags: 4},
		{Type: zk.OpDelete, Path: "/b", Version: 1},
		{Type: zk.OpSetData, Path: "/d", Data: data, Version: 2},
		{Type: zk.OpCheck, Path: "/e", Version: 3}}},
	"multiRead": {Type: zk.OpMultiRead, Ops: []zk.Request{{Type: zk.OpGetData, Path: "/a"},
		{Type: zk.OpGetChildren, Path: "/b"}}},
}

var replies = map[string]ClientReply{
	"create":       {Type: zk.OpCreate, Result: zk.Result{Path: "/a"}},
	"create2":      {Type: zk.OpCreate2, Result: zk.Result{Path: "/a", Stat: stat}},
	"delete":       {Type: zk.OpDelete},
	"exists":       {Type: zk.OpExists, Result: zk.Result{Stat: stat}},
	"getData":      {Type: zk.OpGetData, Result: zk.Result{Data: data, Stat: stat}},
	"setData":      {Type: zk.OpSetData, Result: zk.Result{Stat: stat}},
	"getACL":       {Type: zk.OpGetACL, Result: zk.Result{ACL: mixed, Stat: stat}},
	"setACL":       {Type: zk.OpSetACL, Result: zk.Result{Stat: stat}},
	"getChildren":  {Type: zk.OpGetChildren, Result: zk.Result{Children: []string{"a", "b"}}},
	"getChildren2": {Type: zk.OpGetChildren2, Result: zk.Result{Children: []string{"a"}, Stat: stat}},
	"sync":         {Type: zk.OpSync, Result: zk.Result{Path: "/a"}},
	"reconfig":     {Type: zk.OpReconfig, Result: zk.Result{Data: data, Stat: stat}},
	"sasl":         {Type: zk.OpSasl, Result: zk.Result{Data: data}},
	"getEphemerals": {Type: zk.OpGetEphemerals,
		Result: zk.Result{Children: []string{"/a"}}},
	"getAllChildrenNumber": {Type: zk.OpGetAllChildren,
		Result: zk.Result{Stat: zk.Stat{NumChildren: 17}}},
	"addWatch": {Type: zk.OpAddWatch},
	"whoAmI": {Type: zk.OpWhoAmI,
		Result: zk.Result{IDs: []zk.ID{{Scheme: "ip", ID: "10.0.0.1"}}}},
	"error": {Type: zk.OpGetData, Result: zk.Result{Err: zk.ErrNoNode}},
	"multi": {Type: zk.OpMulti, Result: zk.Result{Ops: []zk.Result{
		{OpType: zk.OpCreate, Path: "/a"}, {OpType: zk.OpCreate2, Path: "/t", Stat: stat},
		{OpType: zk.OpDelete}, {OpType: zk.OpSetData, Stat: stat}, {OpType: zk.OpCheck}}}},
	"multi failed": {Type: zk.OpMulti, Result: zk.Result{Ops: []zk.Result{
		{OpType: zk.OpError}, {OpType: zk.OpError, Err: zk.ErrNodeExists},
		{OpType: zk.OpError, Err: zk.ErrRuntimeInconsistency}}}},
	"multiRead": {Type: zk.OpMultiRead, Result: zk.Result{Ops: []zk.Result{
		{OpType: zk.OpGetData, Data: data, Stat: stat},
		{OpType: zk.OpGetChildren, Children: []string{"a", "b"}},
		{OpType: zk.OpError, Err: zk.ErrNoNode}}}},
}

var txns = map[string]zk.Txn{
	"create": {Type: zk.OpCreate, Path: "/a", Data: data, ACL: open, Ephemeral: true,
		ParentCVersion: 4},
	"create null data": {Type: zk.OpCreate, Path: "/a", ACL: mixed, ParentCVersion: 4},
	"create2":          {Type: zk.OpCreate2, Path: "/a", Data: data, ACL: open, ParentCVersion: 4},
	"createContainer": {Type: zk.OpCreateContainer, Path: "/a", Data: data, ACL: open,
		ParentCVersion: 4},
	"createTTL": {Type: zk.OpCreateTTL, Path: "/a", Data: data, ACL: open, ParentCVersion: 4,
		TTL: 1234567890123},
	"delete":            {Type: zk.OpDelete, Path: "/a"},
	"deleteContainer":   {Type: zk.OpDeleteContainer, Path: "/a"},
	"setData":           {Type: zk.OpSetData, Path: "/a", Data: data, Version: 7},
	"reconfig":          {Type: zk.OpReconfig, Path: "/zookeeper/config", Data: data, Version: -1},
	"setACL":            {Type: zk.OpSetACL, Path: "/a", ACL: mixed, Version: 8},
	"createSession":     {Type: zk.OpCreateSession, Timeout: 6000},
	"closeSession":      {Type: zk.OpCloseSession, HasPaths: true, Paths: []string{"/e", "/f"}},
	"closeSession none": {Type: zk.OpCloseSession, HasPaths: true},
	"closeSession old":  {Type: zk.OpCloseSession},
	"error":             {Type: zk.OpError, Err: zk.ErrNodeExists},
	"multi": {Type: zk.OpMulti, Ops: []zk.Txn{
		{Type: zk.OpCreate, Path: "/a", Data: data, ACL: open, Ephemeral: true, ParentCVersion: 4},
		{Type: zk.OpCreate2, Path: "/b", Data: data, ACL: open, ParentCVersion: 5},
		{Type: zk.OpDelete, Path: "/c"}, {Type: zk.OpSetData, Path: "/d", Data: data, Version: 2},
		{Type: zk.OpCheck, Path: "/e", Version: 3},
		{Type: zk.OpError, Err: zk.ErrRuntimeInconsistency}}},
}

// headed gives a transaction of the table the header that all records share.
func headed(x zk.Txn) *zk.Txn {
	x.Session, x.Cxid, x.Zxid, x.Time = session, 5, 0x100000006, 1795214529690
	return &x
}

func digested(x zk.Txn) *zk.Txn {
	x.HasDigest, x.DigestVersion, x.Digest = true, 2, digest
	return headed(x)
}

var packets = map[string]*QuorumPacket{
	"INFORMANDACTIVATE": {Type: zk.INFORMANDACTIVATE, Zxid: 0x100000006, Leader: 3,
		Txn: digested(txns["reconfig"])},
	"REQUEST with auth": {Type: zk.REQUEST, Zxid: -1, Session: session, Cxid: 5,
		Request: &zk.Request{Type: zk.OpDelete, Path: "/a", Version: -1},
		Auth:    []zk.ID{{Scheme: "ip", ID: "127.0.0.1"}, {Scheme: "digest", ID: "bob:x="}}},
	"PING to leader": {Type: zk.PING, Zxid: 0x100000006,
		Touches: []Touch{{session, 6000}, {session + 1, 4000}}},
	"PING to leader, no touches": {Type: zk.PING, Zxid: 0x100000006, Touches: []Touch{}},
	"PING":                       {Type: zk.PING, Zxid: 0x100000006},
}

// same fails the test unless message m has the recorded bytes, knows their number, and what was
// decoded from them equals it.
func same(t *testing.T, want, got []byte, size int, m, decoded any, n int, err error) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Errorf("encoded\n%x, recorded\n%x", got, want)
	}
	if size != len(want) {
		t.Errorf("WireSize %d, want %d", size, len(want))
	}
	if err != nil || n != len(want) {
		t.Fatalf("decoded %d of %d bytes, error %v", n, len(want), err)
	}
	if !reflect.DeepEqual(decoded, m) {
		t.Errorf("decoded\n%+v, want\n%+v", decoded, m)
	}
}

func TestRequestRecords(t *testing.T) {
	file := recorded(t)
	for name, r := range requests {
		t.Run(name, func(t *testing.T) {
			want := file["request "+name]
			m := &ClientRequest{Xid: 3, Request: &r}
			d, n, err := DecodeClientRequest(want)
			same(t, want, AppendClientRequest(nil, m), m.WireSize(), m, d, n, err)
		})
	}
}

func TestReplyRecords(t *testing.T) {
	file := recorded(t)
	for name, r := range replies {
		t.Run(name, func(t *testing.T) {
			want := file["reply "+name]
			m := &r
			m.Xid, m.Zxid = 3, 0x100000006
			d, n, err := DecodeReply(want, r.Type)
			same(t, want, AppendReply(nil, m), m.WireSize(), m, d, n, err)
		})
	}
}

func TestConnectRecords(t *testing.T) {
	file := recorded(t)
	password := [16]byte{15: 9}
	c := &ConnectRequest{LastZxidSeen: 0x100000005, Timeout: 6000, Session: session,
		Password: password}
	want := file["connect request 3.3"]
	d, n, err := DecodeConnectRequest(want)
	same(t, want, AppendConnectRequest(nil, c), c.WireSize(), c, d, n, err)

	c.HasReadOnly, c.ReadOnly = true, true
	want = file["connect request"]
	d, n, err = DecodeConnectRequest(want)
	same(t, want, AppendConnectRequest(nil, c), c.WireSize(), c, d, n, err)

	r := &ConnectResponse{Timeout: 6000, Session: session, Password: password, HasReadOnly: true}
	want = file["connect response"]
	e, n, err := DecodeConnectResponse(want)
	same(t, want, AppendConnectResponse(nil, r), r.WireSize(), r, e, n, err)
}

func TestEventRecord(t *testing.T) {
	want := recorded(t)["event"]
	m := &ClientEvent{Zxid: -1, Event: zk.WatchEvent{Type: 3, State: 3, Path: "/e"}}
	d, n, err := DecodeClientEvent(want)
	same(t, want, AppendClientEvent(nil, m), m.WireSize(), m, d, n, err)
	if xid, err := FrameXid(want); xid != -1 || err != nil {
		t.Errorf("FrameXid is %d, %v", xid, err)
	}
}

func TestTxnRecords(t *testing.T) {
	file := recorded(t)
	for name, x := range txns {
		t.Run(name, func(t *testing.T) {
			checkTxn(t, headed(x), file["txn "+name])
			if want, ok := file["txn "+name+" with digest"]; ok {
				checkTxn(t, digested(x), want)
			}
		})
	}
}

func checkTxn(t *testing.T, x *zk.Txn, want []byte) {
	t.Helper()
	size := txnSize(x)
	EncodeTxn(x)
	if x.Checksum != adler32.Checksum(want) || cap(x.Encoded) != len(want) {
		t.Errorf("checksum %x, capacity %d of %d", x.Checksum, cap(x.Encoded), len(want))
	}
	if r := AppendRecord(nil, x); !bytes.Equal(x.Record, r) || cap(x.Record) != len(r) {
		t.Errorf("record\n%x, want\n%x", x.Record, r)
	}
	x.Record = nil // a packet brings none
	d, err := DecodeTxn(want)
	same(t, want, x.Encoded, size, x, d, len(want), err)
}

func TestPacketRecords(t *testing.T) {
	file := recorded(t)
	for name, p := range packets {
		t.Run(name, func(t *testing.T) {
			want := file["packet "+name]
			if p.Txn != nil {
				if n := p.WireSize(); n != len(want) {
					t.Errorf("WireSize before encoding %d, want %d", n, len(want))
				}
				if got := AppendPacket(nil, p); p.Txn.Encoded != nil || string(got) != string(want) {
					t.Errorf("before encoding %x", got)
				}
				EncodeTxn(p.Txn)
				p.Txn.Record = nil
			}
			d, n, err := DecodePacket(want, name != "PING")
			same(t, want, AppendPacket(nil, p), p.WireSize(), p, d, n, err)
		})
	}
}

// Every record of the file is in a table, and every type of message is a node.Message.
func TestRecordsAreAllThere(t *testing.T) {
	known := map[string]bool{"connect request 3.3": true, "connect request": true, "event": true,
		"connect response": true, "log file": true, "snapshot file": true, "request wide": true,
		"txn create old": true}
	for name := range requests {
		known["request "+name] = true
	}
	for name := range replies {
		known["reply "+name] = true
	}
	for name := range txns {
		known["txn "+name], known["txn "+name+" with digest"] = true, true
	}
	for name := range packets {
		known["packet "+name] = true
	}
	for name := range recorded(t) {
		if !known[name] {
			t.Errorf("%q is in no table", name)
		}
	}
	for _, m := range []node.Message{&QuorumPacket{}, &SnapshotStream{}, &Hello{}, &Notification{},
		&ConnectRequest{}, &ConnectResponse{}, &ClientRequest{Request: &zk.Request{}},
		&ClientReply{}, &ClientEvent{}} {
		if m.WireSize() < 0 {
			t.Errorf("%T", m)
		}
	}
}
