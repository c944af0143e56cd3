package scenario

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := marshalPlain(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// emptyRun is enough to name sessions.
func emptyRun() *Run { return &Run{sessions: map[int64]string{}} }

// packets makes a link of packets from words such as "ACK:3", with zxids in hexadecimal.
func packets(words string) (out []*object) {
	for w := range strings.FieldsSeq(words) {
		kind, zxid, _ := strings.Cut(w, ":")
		out = append(out, (&object{}).put("type", kind).put("zxid", "0x"+zxid))
	}
	return out
}

// short writes a link back as words.
func short(l []*object) string {
	var out []string
	for _, p := range l {
		w := p.text("type") + ":" + strings.TrimPrefix(p.text("zxid"), "0x")
		if n, ok := p.get("repeat").(int); ok {
			w = fmt.Sprintf("%dx%s:%s-%s", n, p.text("type"),
				strings.TrimPrefix(p.text("first"), "0x"), strings.TrimPrefix(p.text("last"), "0x"))
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

// numbered makes n packets of one type, or pairs of two.
func numbered(n int, kinds ...string) string {
	var out []string
	for i := range n {
		for _, k := range kinds {
			out = append(out, fmt.Sprintf("%s:%x", k, i+1))
		}
	}
	return strings.Join(out, " ")
}

// Runs of more than twelve.
func TestLongRunsBecomeOneEntry(t *testing.T) {
	for _, x := range []struct{ in, want string }{
		{"", ""},
		{numbered(12, "ACK"), numbered(12, "ACK")},
		{numbered(13, "ACK"), "13xACK:1-d"},
		{"DIFF:0 " + numbered(13, "PROPOSAL", "COMMIT") + " NEWLEADER:9",
			"DIFF:0 13xPROPOSAL+COMMIT:1-d NEWLEADER:9"},
		{numbered(13, "PROPOSAL") + " " + numbered(14, "COMMIT"),
			"13xPROPOSAL:1-d 14xCOMMIT:1-e"},
		{numbered(20, "ACK", "REQUEST"), numbered(20, "ACK", "REQUEST")},
	} {
		if got := short(squeeze(packets(x.in))); got != x.want {
			t.Errorf("%s: got %s, want %s", x.in, got, x.want)
		}
	}
}

// Packets that race each other are told by sender, and acknowledgements sorted.
func TestWhatRacesIsTakenApart(t *testing.T) {
	for _, x := range []struct{ in, link, requests string }{
		{"ACK:2 ACK:1", "ACK:2 ACK:1", ""},
		{"ACKEPOCH:0 ACK:2 FOO:7 ACK:1", "ACKEPOCH:0 ACK:1 FOO:7 ACK:2", ""},
		{"REQUEST:f ACK:1 SYNC:f REQUEST:f ACK:2", "ACK:1 ACK:2", "REQUEST:f SYNC:f REQUEST:f"},
		{"REQUEST:f REVALIDATE:0", "", "REQUEST:f REVALIDATE:0"},
		{"REVALIDATE:0 SYNC:f ACK:1", "REVALIDATE:0 SYNC:f ACK:1", ""},
	} {
		out := &object{}
		regroup(out, "1>2", packets(x.in))
		if got := short(listOf(out, "1>2")); got != x.link {
			t.Errorf("%s: the link is %s, want %s", x.in, got, x.link)
		}
		if got := short(listOf(out, "1>2 requests")); got != x.requests {
			t.Errorf("%s: the requests are %s, want %s", x.in, got, x.requests)
		}
	}
}

func TestABulkStepCountsPackets(t *testing.T) {
	const want = `{"PROPOSAL":{"n":2,"first":"0x1","last":"0x3"},"COMMIT":{"n":1,"first":"0x1",` +
		`"last":"0x1"}}`
	if got := asJSON(t, byType(packets("PROPOSAL:1 COMMIT:1 PROPOSAL:3"))); got != want {
		t.Error(got)
	}
}

// More than eight pairs are told as one.
func TestALongPlanIsShortened(t *testing.T) {
	plan := func(n int) []string {
		out := []string{"DIFF 0x9"}
		for i := range n {
			out = append(out, fmt.Sprintf("PROPOSAL 0x%x", i), fmt.Sprintf("COMMIT 0x%x", i))
		}
		return append(out, "UPTODATE")
	}
	if got := shortPlan(plan(8)); !slices.Equal(got, plan(8)) {
		t.Error(got)
	}
	want := []string{"DIFF 0x9", "9 x (PROPOSAL, COMMIT) 0x0..0x8", "UPTODATE"}
	if got := shortPlan(plan(9)); !slices.Equal(got, want) {
		t.Error(got)
	}
}

// arrives lets a message arrive on a connection that server 1 opened to server 2.
func arrives(d *digest, from node.ID, m node.Message) {
	d.add(&sim.Delivery{From: from, To: 3 - from, Conn: 7, Msg: m})
}

func TestAHandshakeIsFollowedToItsEnd(t *testing.T) {
	d := newDigest(emptyRun(), false)
	arrives(d, 2, &jute.QuorumPacket{Type: zk.COMMIT}) // of an older handshake
	txn := &zk.Txn{Type: zk.OpCreate}
	arrives(d, 1, &jute.QuorumPacket{Type: zk.FOLLOWERINFO, Zxid: 1 << 32})
	arrives(d, 2, &jute.QuorumPacket{Type: zk.LEADERINFO, Zxid: 2 << 32})
	arrives(d, 1, &jute.QuorumPacket{Type: zk.ACKEPOCH, Zxid: 5, Epoch: 1})
	arrives(d, 2, &jute.QuorumPacket{Type: zk.DIFF, Zxid: 6})
	arrives(d, 2, &jute.QuorumPacket{Type: zk.PROPOSAL, Zxid: 6, Txn: txn})
	arrives(d, 2, &jute.QuorumPacket{Type: zk.COMMIT, Zxid: 6})
	arrives(d, 2, &jute.QuorumPacket{Type: zk.PING})
	arrives(d, 2, &jute.QuorumPacket{Type: zk.NEWLEADER, Zxid: 2 << 32})
	arrives(d, 1, &jute.QuorumPacket{Type: zk.ACK, Zxid: 2 << 32})
	arrives(d, 2, &jute.QuorumPacket{Type: zk.UPTODATE, Zxid: -1})
	arrives(d, 2, &jute.QuorumPacket{Type: zk.COMMIT, Zxid: 7})
	const want = `{"leader":2,"learner":1,"kind":"FOLLOWERINFO","acceptedEpoch":1,"plan":["DIFF 0x6",` +
		`"PROPOSAL 0x6","COMMIT 0x6","NEWLEADER 0x200000000","UPTODATE"],"mode":"DIFF+txns",` +
		`"leaderInfo":"0x200000000","ackEpoch":{"lastZxid":"0x5","currentEpoch":1}}`
	if got := asJSON(t, d.hands[0].object()); got != want || len(d.hands) != 1 {
		t.Error(got)
	}
}

func TestAHandshakeThatIsCutShort(t *testing.T) {
	d := newDigest(emptyRun(), false)
	arrives(d, 1, &jute.QuorumPacket{Type: zk.OBSERVERINFO, Zxid: 0})
	const want = `{"leader":2,"learner":1,"kind":"OBSERVERINFO","acceptedEpoch":0,"plan":[],` +
		`"mode":null}`
	if got := asJSON(t, d.hands[0].object()); got != want {
		t.Error(got)
	}
	arrives(d, 2, &jute.QuorumPacket{Type: zk.SNAP, Zxid: 3})
	arrives(d, 2, &jute.SnapshotStream{Nodes: []string{"/b", "/"}, Sessions: 2})
	if got := asJSON(t, d.hands[0].object()); !strings.Contains(got, `"mode":"SNAP"`) ||
		!strings.Contains(got, "(snapshot of 2 nodes, 2 sessions)") {
		t.Error(got)
	}
	if got := asJSON(t, d.linkFacts()); !strings.Contains(got, `{"type":"(snapshot stream)",`+
		`"nodes":["/","/b"],"sessions":2,"signature":"BenWasHere"}`) {
		t.Error(got)
	}
}

func TestRepeatedVotesAreListedOnce(t *testing.T) {
	d := newDigest(emptyRun(), false)
	vote := jute.Notification{Leader: 2, Round: 1, PeerEpoch: 1}
	other := vote
	other.Leader = zk.NoLeader
	for _, v := range []jute.Notification{vote, vote, other, vote} {
		arrives(d, 1, &v)
	}
	const want = `{"1>2":[{"state":"LOOKING","leader":2,"zxid":"0x0","round":1,"peerEpoch":1},` +
		`{"state":"LOOKING","leader":"none","zxid":"0x0","round":1,"peerEpoch":1},` +
		`{"state":"LOOKING","leader":2,"zxid":"0x0","round":1,"peerEpoch":1}]}`
	if got := asJSON(t, d.notes); got != want {
		t.Error(got)
	}
}

// What the facts tell of each type of packet.
func TestPacketsAsTheFactsTellThem(t *testing.T) {
	create := &zk.Txn{Type: zk.OpCreate, Session: 9, Cxid: 4, Path: "/a", Data: []byte("x"),
		ACL: zk.OpenACLUnsafe, ParentCVersion: 1}
	for _, x := range []struct {
		p    jute.QuorumPacket
		want string
	}{
		{jute.QuorumPacket{Type: zk.FOLLOWERINFO, Zxid: 1 << 32, SID: 3, Protocol: 0x10000},
			`"zxid":"0x100000000","sid":3,"protocolVersion":"0x10000","configVersion":"0x0"`},
		{jute.QuorumPacket{Type: zk.LEADERINFO, Protocol: 0x10000}, `"protocolVersion":"0x10000"`},
		{jute.QuorumPacket{Type: zk.ACKEPOCH, Epoch: -1}, `"currentEpoch":-1`},
		{jute.QuorumPacket{Type: zk.UPTODATE, Zxid: -1}, `"zxid":"0xffffffffffffffff"`},
		{jute.QuorumPacket{Type: zk.NEWLEADER, Config: "a\nversion=1f"}, `"configVersion":"0x1f"`},
		{jute.QuorumPacket{Type: zk.NEWLEADER, Config: strings.Repeat("x", 400) + "version=1f"},
			`"configVersion":null`},
		{jute.QuorumPacket{Type: zk.COMMITANDACTIVATE, Leader: 2}, `"suggestedLeader":2`},
		{jute.QuorumPacket{Type: zk.INFORMANDACTIVATE, Leader: 2, Txn: create},
			`"suggestedLeader":2,"txn":"create"`},
		{jute.QuorumPacket{Type: zk.PROPOSAL, Txn: create}, `"txn":"create","path":"/a","data":"x",` +
			`"acl":1,"ephemeral":false,"parentCVersion":1,"session":"S1","cxid":4`},
		{jute.QuorumPacket{Type: zk.REQUEST, Session: 9, Cxid: 4,
			Request: &zk.Request{Type: zk.OpSync, Path: "/a"}},
			`"request":"sync","path":"/a","session":"S1","cxid":4`},
		{jute.QuorumPacket{Type: zk.REVALIDATE, Session: 9}, `"session":"S1"`},
		{jute.QuorumPacket{Type: zk.REVALIDATE, Session: 9, Reply: true, Valid: true},
			`"valid":true,"session":"S1"`},
	} {
		got := asJSON(t, emptyRun().packet(&x.p))
		if !strings.HasPrefix(got, `{"type":"`+x.p.Type.String()+`"`) ||
			!strings.Contains(got, x.want) {
			t.Errorf("%s: %s", x.p.Type, got)
		}
	}
}

// What the facts tell of each type of transaction.
func TestTransactionsAsTheFactsTellThem(t *testing.T) {
	for _, x := range []struct {
		txn  zk.Txn
		want string
	}{
		{zk.Txn{Type: zk.OpCreateContainer, Path: "/a"},
			`{"path":"/a","data":null,"acl":0,"parentCVersion":0}`},
		{zk.Txn{Type: zk.OpCreateTTL, Path: "/a", TTL: 5, ParentCVersion: 2},
			`{"path":"/a","data":null,"acl":0,"parentCVersion":2,"ttl":5}`},
		{zk.Txn{Type: zk.OpDelete, Path: "/a"}, `{"path":"/a"}`},
		{zk.Txn{Type: zk.OpSetData, Path: "/a", Data: []byte{}, Version: 3},
			`{"path":"/a","data":"","version":3}`},
		{zk.Txn{Type: zk.OpSetACL, Path: "/a", ACL: zk.ReadACLUnsafe, Version: 1}, `{"path":"/a",` +
			`"acl":[{"perms":1,"scheme":"world","id":"anyone"}],"version":1}`},
		{zk.Txn{Type: zk.OpCheck, Path: "/a", Version: 4}, `{"path":"/a","version":4}`},
		{zk.Txn{Type: zk.OpCreateSession, Timeout: 30}, `{"timeout":30}`},
		{zk.Txn{Type: zk.OpCloseSession}, `{}`},
		{zk.Txn{Type: zk.OpCloseSession, HasPaths: true}, `{"paths2Delete":[]}`},
		{zk.Txn{Type: zk.OpCloseSession, HasPaths: true, Paths: []string{"/e"}},
			`{"paths2Delete":["/e"]}`},
		{zk.Txn{Type: zk.OpError, Err: zk.ErrNoNode}, `{"err":-101,"name":"NoNode"}`},
		{zk.Txn{Type: zk.OpError, Err: zk.ErrRuntimeInconsistency}, `{"err":-2,"name":null}`},
		{zk.Txn{Type: zk.OpMulti, Ops: []zk.Txn{{Type: zk.OpDelete, Path: "/a"}}},
			`{"txns":[{"type":"delete","path":"/a"}]}`},
	} {
		if got := asJSON(t, putTxn(&object{}, &x.txn)); got != x.want {
			t.Errorf("%s: got %s, want %s", x.txn.Type, got, x.want)
		}
	}
}

// What the facts tell of each type of request.
func TestRequestsAsTheFactsTellThem(t *testing.T) {
	for _, x := range []struct {
		q    zk.Request
		want string
	}{
		{zk.Request{Type: zk.OpCreate, Path: "/a", Flags: 3},
			`{"path":"/a","data":null,"acl":0,"flags":3}`},
		{zk.Request{Type: zk.OpDelete, Path: "/a", Version: -1}, `{"path":"/a","version":-1}`},
		{zk.Request{Type: zk.OpSetData, Path: "/a", Data: []byte("x"), Version: 1},
			`{"path":"/a","data":"x","version":1}`},
		{zk.Request{Type: zk.OpCreateSession, Timeout: 9}, `{"timeout":9}`},
		{zk.Request{Type: zk.OpCloseSession}, `{}`},
		{zk.Request{Type: zk.OpReconfig, Leaving: "2", CurConfigID: -1},
			`{"joining":null,"leaving":"2","newMembers":null,"curConfigId":-1}`},
		{zk.Request{Type: zk.OpMulti, Ops: []zk.Request{{Type: zk.OpCheck, Path: "/a", Version: 2}}},
			`{"ops":[{"type":"check","path":"/a","version":2}]}`},
	} {
		if got := asJSON(t, putRequest(&object{}, &x.q)); got != x.want {
			t.Errorf("%s: got %s, want %s", x.q.Type, got, x.want)
		}
	}
}

// question is one question of a synchronization with its answer.
type question struct {
	code   node.CheckCode
	answer bool
}

// The lines of LearnerHandler.syncFollower, ZooKeeper 3.8.0, for each way through it.
func TestTheLogLinesOfASynchronization(t *testing.T) {
	const state = `{"maxCommittedLog":"0x4","minCommittedLog":"0x1","lastProcessedZxid":"0x4",` +
		`"peerLastZxid":"0x5","what":"state"}`
	const snapshot = `{"mode":"snapshot","peerZxid":"0x5","leaderZxid":"0x200000003","zxid":"0x4",` +
		`"what":"send"}`
	const unhandled, using = `{"what":"Unhandled scenario"}`, `{"what":"Using committedLog"}`
	const disk = `{"what":"Use txnlog and committedLog"}`
	for _, x := range []struct {
		mode   string
		checks []question
		lines  []string
	}{
		{"DIFF", []question{{event.PeerHasLast, true}},
			[]string{state, `{"mode":"DIFF","zxid":"0x5","what":"send"}`}},
		{"TRUNC", []question{{event.PeerHasLast, false}, {event.PeerIsBeyond, true},
			{event.PeerIsAtNewEpoch, false}}, []string{state}},
		{"DIFF", []question{{event.PeerIsInCommittedLog, true}, {event.PeerZxidIsInLog, true}},
			[]string{state, using}},
		{"TRUNC", []question{{event.PeerIsInCommittedLog, true}, {event.SameEpoch, true}},
			[]string{state, using, `{"mode":"TRUNC","zxid":"0x2","what":"send"}`}},
		{"SNAP", []question{{event.PeerIsInCommittedLog, true}, {event.SameEpoch, false}},
			[]string{state, using, `{"what":"Cannot send TRUNC to peer sid: 3 peer zxid is from ` +
				`different epoch"}`, unhandled, snapshot}},
		{"DIFF", []question{{event.TxnLogSyncAllowed, true}, {event.TxnLogIsSmallEnough, true},
			{event.TxnLogReachesMin, true}}, []string{state, disk}},
		{"SNAP", []question{{event.TxnLogSyncAllowed, true}, {event.TxnLogIsSmallEnough, true},
			{event.TxnLogReachesMin, false}}, []string{state, disk,
			`{"what":"Detected gap between end of txnlog: 0x7 and start of committedLog: 0x8"}`,
			snapshot}},
		{"SNAP", []question{{event.TxnLogSyncAllowed, true}, {event.TxnLogIsSmallEnough, false}},
			[]string{state, snapshot}},
		{"SNAP", []question{{event.TxnLogSyncAllowed, false}}, []string{state, unhandled, snapshot}},
	} {
		e := &trace.Event{Node: 2, Kind: event.SyncChosen}
		e.Args = append(e.Args, node.Int(3), node.Text(x.mode), node.Zxid(2), node.Zxid(5),
			node.Zxid(4), node.Zxid(1), node.Zxid(4), node.Int(0))
		for _, q := range x.checks {
			e.Checks = append(e.Checks, node.Check{Code: q.code, Answer: q.answer,
				Values: []node.Value{node.Zxid(7), node.Zxid(8)}})
		}
		f := &Facts{proposed: map[node.ID]zk.Zxid{2: zk.MakeZxid(2, 3)}}
		var got []string
		for _, l := range f.syncLines(e) {
			got = append(got, asJSON(t, l))
		}
		if !slices.Equal(got, x.lines) {
			t.Errorf("%s %v:\n got %s\nwant %s", x.mode, x.checks, strings.Join(got, "\n     "),
				strings.Join(x.lines, "\n     "))
		}
	}
}

func TestALeaderStandsAloneInTheFacts(t *testing.T) {
	for want, leaders := range map[string][]any{"null": {}, "2": {2}, "[2,3]": {2, 3}} {
		if got := asJSON(t, soleLeader(leaders)); got != want {
			t.Errorf("%v: %s", leaders, got)
		}
	}
}

func TestAReconfigIsAnsweredWithTheConfiguration(t *testing.T) {
	r := trio(t)
	// Reconfiguration is off unless the scenario asks for it, and the request fails.
	if got := r.do("reconfig 1 leaving 2"); !strings.Contains(got, `"error":`) {
		t.Error(got)
	}
	r.do("kill 1")
	if got := r.do("reconfig 1 leaving 2"); got != `{"connection":"ConnectionError"}` {
		t.Error(got)
	}
}
