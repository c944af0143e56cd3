package jute

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"

	"zabscope/engine/zk"
)

// The messages in testdata/traces-3.8.0.jsonl are facts recorded from Apache ZooKeeper 3.8.0: what
// servers of real ensembles sent each other, with the fields that an independent decoder found.
// Each line is a different shape: packet type, direction, kind of transaction or request, absent
// parts.

// sent is one recorded message.
type sent struct {
	Kind     string
	Type     string
	ToLeader bool `json:"to_leader"`
	Hex      string
	fields   map[string]any
}

func TestRecordedMessages(t *testing.T) {
	f, err := os.Open("testdata/traces-3.8.0.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		m := parseSent(t, lines.Bytes())
		t.Run(fmt.Sprintf("%d %s %s", n, m.Kind, m.Type), func(t *testing.T) { checkSent(t, m) })
	}
}

func parseSent(t *testing.T, line []byte) sent {
	var m sent
	if err := json.Unmarshal(line, &m); err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&m.fields); err != nil {
		t.Fatal(err)
	}
	return m
}

// checkSent decodes a message, compares its fields, encodes it again and compares the bytes.
func checkSent(t *testing.T, m sent) {
	raw := unhex(t, m.Hex)
	var fields map[string]any
	var again []byte
	var size, n int
	var err error
	switch m.Kind {
	case "packet":
		var p *QuorumPacket
		if p, n, err = DecodePacket(raw, m.ToLeader); err == nil {
			fields, again, size = packetFields(p), AppendPacket(nil, p), p.WireSize()
		}
	case "notification":
		var v *Notification
		if v, n, err = DecodeNotification(raw); err == nil {
			fields, again, size = voteFields(v), AppendNotification(nil, v), v.WireSize()
		}
	case "hello":
		var h *Hello
		if h, n, err = DecodeHello(raw); err == nil {
			fields = map[string]any{"version": h.Version, "sid": h.SID, "addr": h.Address}
			again, size = AppendHello(nil, h), h.WireSize()
		}
	case "snapshot":
		var s *SnapshotStream
		if s, n, err = DecodeSnapshotStream(raw, 1); err == nil {
			fields, again = copySnapshot(t, raw)
			size = s.WireSize()
		}
	}
	if err != nil || n != len(raw) || size != len(raw) {
		t.Fatalf("decoded %d of %d bytes, WireSize %d, error %v", n, len(raw), size, err)
	}
	if !bytes.Equal(again, raw) {
		t.Errorf("encoded\n%x, recorded\n%x", again, raw)
	}
	for k, v := range fields {
		if got, want := asJSON(t, v), asJSON(t, m.fields[k]); got != want {
			t.Errorf("%s is\n%s, recorded\n%s", k, got, want)
		}
	}
}

// unhex reads hexadecimal digits with white space anywhere between them.
func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func asJSON(t *testing.T, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func voteFields(v *Notification) map[string]any {
	return map[string]any{"state": v.State.String(), "leader": v.Leader, "zxid": v.Zxid,
		"round": v.Round, "peerEpoch": v.PeerEpoch, "version": v.Version, "config": v.Config}
}

func packetFields(p *QuorumPacket) map[string]any {
	out := map[string]any{"type": p.Type.String(), "zxid": p.Zxid, "d": packetData(p)}
	if p.Auth != nil {
		auth := [][]string{}
		for _, id := range p.Auth {
			auth = append(auth, []string{id.Scheme, id.ID})
		}
		out["auth"] = auth
	}
	return out
}

func packetData(p *QuorumPacket) any {
	switch p.Type {
	case zk.FOLLOWERINFO, zk.OBSERVERINFO:
		return map[string]any{"sid": p.SID, "protocolVersion": fmt.Sprintf("0x%x", p.Protocol),
			"configVersion": fmt.Sprintf("0x%x", p.ConfigVersion)}
	case zk.LEADERINFO:
		return map[string]any{"protocolVersion": fmt.Sprintf("0x%x", p.Protocol)}
	case zk.ACKEPOCH:
		return map[string]any{"currentEpoch": p.Epoch}
	case zk.NEWLEADER:
		return map[string]any{"text": text([]byte(p.Config))}
	case zk.COMMITANDACTIVATE:
		return map[string]any{"suggestedLeader": p.Leader}
	case zk.PROPOSAL, zk.INFORM:
		return txnFields(p.Txn)
	case zk.REQUEST:
		return map[string]any{"session": p.Session, "cxid": p.Cxid,
			"type": p.Request.Type.String(), "request": requestFields(p.Request)}
	case zk.REVALIDATE:
		if p.Reply {
			return map[string]any{"session": p.Session, "valid": p.Valid}
		}
		return map[string]any{"session": p.Session, "timeout": p.Timeout}
	}
	return nil
}

func txnFields(t *zk.Txn) map[string]any {
	out := map[string]any{"session": t.Session, "cxid": t.Cxid, "zxid": t.Zxid, "time": t.Time,
		"type": t.Type.String(), "txn": bodyFields(t)}
	if t.HasDigest {
		out["digest"] = map[string]any{"version": t.DigestVersion, "tree": int64(t.Digest)}
	}
	return out
}

func bodyFields(t *zk.Txn) map[string]any {
	switch t.Type {
	case zk.OpCreate, zk.OpCreate2:
		return map[string]any{"path": t.Path, "data": text(t.Data), "acl": len(t.ACL),
			"ephemeral": t.Ephemeral, "parentCVersion": t.ParentCVersion}
	case zk.OpDelete:
		return map[string]any{"path": t.Path}
	case zk.OpSetData, zk.OpReconfig:
		return map[string]any{"path": t.Path, "data": text(t.Data), "version": t.Version}
	case zk.OpCheck:
		return map[string]any{"path": t.Path, "version": t.Version}
	case zk.OpCreateSession:
		return map[string]any{"timeout": t.Timeout}
	case zk.OpCloseSession:
		return map[string]any{"paths2Delete": append([]string{}, t.Paths...)}
	case zk.OpError:
		out := map[string]any{"err": t.Err, "name": nil}
		if t.Err != zk.ErrOK && t.Err != zk.ErrRuntimeInconsistency {
			out["name"] = t.Err.Error()
		}
		return out
	}
	parts := []any{}
	for i := range t.Ops {
		part := bodyFields(&t.Ops[i])
		part["type"] = t.Ops[i].Type.String()
		parts = append(parts, part)
	}
	return map[string]any{"txns": parts}
}

func requestFields(r *zk.Request) map[string]any {
	switch r.Type {
	case zk.OpCreate, zk.OpCreate2:
		return map[string]any{"path": r.Path, "data": text(r.Data), "acl": len(r.ACL),
			"flags": r.Flags}
	case zk.OpDelete, zk.OpCheck:
		return map[string]any{"path": r.Path, "version": r.Version}
	case zk.OpSetData:
		return map[string]any{"path": r.Path, "data": text(r.Data), "version": r.Version}
	case zk.OpSync:
		return map[string]any{"path": r.Path}
	case zk.OpCreateSession:
		return map[string]any{"timeout": r.Timeout}
	case zk.OpReconfig:
		return map[string]any{"joining": orNull(r.Joining), "leaving": orNull(r.Leaving),
			"newMembers": orNull(r.NewMembers), "curConfigId": r.CurConfigID}
	case zk.OpMulti:
		parts := []any{}
		for i := range r.Ops {
			part := requestFields(&r.Ops[i])
			part["type"] = r.Ops[i].Type.String()
			parts = append(parts, part)
		}
		return map[string]any{"ops": parts}
	}
	return map[string]any{}
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// text writes data as the recording does: long ones are cut, others than text are left out of it.
func text(b []byte) any {
	s := string(b)
	switch {
	case b == nil:
		return nil
	case strings.ContainsFunc(s, isBinary):
		return "hex:" + hex.EncodeToString(b)
	case len(s) > 300:
		return fmt.Sprintf("%s...(%d bytes)", s[:40], len(s))
	}
	return s
}

func isBinary(r rune) bool { return !unicode.IsPrint(r) && r != '\n' && r != '\t' }

// copySnapshot reads a stream part by part, writes the parts and lists them.
func copySnapshot(t *testing.T, raw []byte) (map[string]any, []byte) {
	r, w := NewSnapshotReader(raw), NewSnapshotWriter(len(raw))
	open, err := r.Sessions()
	if err != nil {
		t.Fatal(err)
	}
	w.Sessions(open)
	sessions := []any{}
	for _, s := range open {
		sessions = append(sessions, map[string]any{"session": s.ID, "timeout": s.Timeout})
	}
	acls, err := r.ACLCache()
	if err != nil {
		t.Fatal(err)
	}
	w.ACLCache(acls)
	nodes := map[string]any{}
	var n SnapshotNode
	for {
		more, err := r.Node(&n)
		if err != nil {
			t.Fatal(err)
		}
		if !more {
			break
		}
		w.Node(&n)
		nodes["/"+strings.TrimPrefix(n.Path, "/")] = nodeFields(&n)
	}
	w.EndNodes()
	if err := r.Signature(); err != nil {
		t.Fatal(err)
	}
	w.Signature()
	return map[string]any{"sessions": sessions, "acls": len(acls), "nodes": nodes}, w.Bytes()
}

func nodeFields(n *SnapshotNode) map[string]any {
	return map[string]any{"czxid": n.Czxid, "mzxid": n.Mzxid, "ctime": n.Ctime, "mtime": n.Mtime,
		"version": n.Version, "cversion": n.Cversion, "aversion": n.Aversion,
		"ephemeralOwner": n.EphemeralOwner, "pzxid": n.Pzxid, "data": text(n.Data)}
}
