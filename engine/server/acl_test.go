package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

var (
	joe   = zk.ID{Scheme: "digest", ID: generateDigest("joe:secret")}
	local = zk.ID{Scheme: "ip", ID: "10.78.0.1"}
	super = zk.ID{Scheme: "super", ID: ""}
)

// (ZooKeeperServer.checkACL)
func TestCheckACL(t *testing.T) {
	only := func(perms int32, id zk.ID) []zk.ACL { return []zk.ACL{{Perms: perms, ID: id}} }
	for _, x := range []struct {
		why  string
		acl  []zk.ACL
		perm int32
		ids  []zk.ID
		ok   bool
	}{
		{"an empty list lets everybody in", nil, zk.PermRead, nil, true},
		{"world:anyone", world(zk.PermRead), zk.PermRead, nil, true},
		{"but not for more than it says", world(zk.PermRead), zk.PermWrite, nil, false},
		{"one of two will do", world(zk.PermRead), zk.PermRead | zk.PermAdmin, nil, true},
		{"digest", only(zk.PermAll, joe), zk.PermRead, []zk.ID{local, joe}, true},
		{"digest of another", only(zk.PermAll, joe), zk.PermRead, []zk.ID{local}, false},
		{"the second entry", append(world(zk.PermRead), only(zk.PermWrite, joe)...), zk.PermWrite,
			[]zk.ID{joe}, true},
		{"super", only(0, joe), zk.PermAdmin, []zk.ID{super}, true},
		{"ip", only(zk.PermRead, local), zk.PermRead, []zk.ID{local}, true},
		{"ip of a network", only(zk.PermRead, zk.ID{Scheme: "ip", ID: "10.64.0.0/10"}), zk.PermRead,
			[]zk.ID{local}, true},
		{"ip of another", only(zk.PermRead, zk.ID{Scheme: "ip", ID: "10.78.0.0/32"}), zk.PermRead,
			[]zk.ID{local}, false},
		{"a scheme that nobody provides", only(zk.PermRead, zk.ID{Scheme: "sasl", ID: "joe"}),
			zk.PermRead, []zk.ID{{Scheme: "sasl", ID: "joe"}}, false},
	} {
		if err := checkACL(x.acl, x.perm, x.ids); (err == zk.ErrOK) != x.ok {
			t.Errorf("%s: %v", x.why, err)
		}
	}
}

// (PrepRequestProcessor.fixupACL)
func TestFixupACL(t *testing.T) {
	ids := []zk.ID{local, joe}
	a := func(perms int32, scheme, id string) zk.ACL {
		return zk.ACL{Perms: perms, ID: zk.ID{Scheme: scheme, ID: id}}
	}
	anyone := a(31, "world", "anyone")
	for _, x := range []struct {
		why       string
		acl, want []zk.ACL
		bad       bool
	}{
		{why: "nothing", bad: true},
		{why: "one entry", acl: []zk.ACL{anyone}, want: []zk.ACL{anyone}},
		{"repetitions", []zk.ACL{anyone, a(1, "ip", "1.2.3.4"), anyone},
			[]zk.ACL{anyone, a(1, "ip", "1.2.3.4")}, false},
		{"auth is who is asking, not from where", []zk.ACL{a(7, "auth", "ignored")},
			[]zk.ACL{{Perms: 7, ID: joe}}, false},
		{why: "world is anyone or nobody", acl: []zk.ACL{a(31, "world", "me")}, bad: true},
		{why: "an unknown scheme", acl: []zk.ACL{anyone, a(31, "sasl", "joe")}, bad: true},
		{why: "a digest without a hash", acl: []zk.ACL{a(31, "digest", "joe")}, bad: true},
		{why: "no address", acl: []zk.ACL{a(31, "ip", "localhost")}, bad: true},
	} {
		got, err := fixupACL(x.acl, ids)
		if (err == zk.ErrInvalidACL) != x.bad || fmt.Sprint(got) != fmt.Sprint(x.want) {
			t.Errorf("%s: %v, %v, want %v", x.why, got, err, x.want)
		}
	}
	if _, err := fixupACL([]zk.ACL{a(31, "auth", "")}, []zk.ID{local}); err != zk.ErrInvalidACL {
		t.Errorf("auth of somebody who has shown nothing: %v", err)
	}
}

// (IPAuthenticationProvider.isValid, DigestAuthenticationProvider.isValid)
func TestValidIDs(t *testing.T) {
	for _, x := range []struct {
		scheme, id string
		ok         bool
	}{
		{"ip", "1.2.3.4", true}, {"ip", "1.2.3.4/0", true}, {"ip", "1.2.3.4/32", true},
		{"ip", "1.2.3.4/33", false}, {"ip", "1.2.3.4/-1", false}, {"ip", "1.2.3.4/x", false},
		{"ip", "1.2.3", false}, {"ip", "1.2.3.256", false}, {"ip", "::1", false}, {"ip", "", false},
		{"digest", "joe:hash", true}, {"digest", "joe", false}, {"digest", "joe:", false},
		{"digest", "a:b:c", false}, {"digest", "", false}, {"digest", ":b", true},
	} {
		if got := providerOf(x.scheme).valid(x.id); got != x.ok {
			t.Errorf("%s %q: %v", x.scheme, x.id, got)
		}
	}
}

// The documentation's own example. (DigestAuthenticationProvider.generateDigest)
func TestGenerateDigest(t *testing.T) {
	if got := generateDigest("super:superpw"); got != "super:g9oN2HttPfn8MMWJZ2r45Np/LIA=" {
		t.Errorf("%q", got)
	}
	if got := generateDigest("nobody"); !strings.HasPrefix(got, "nobody:") {
		t.Errorf("%q", got)
	}
}

func auth(scheme, data string) *jute.ClientRequest {
	return &jute.ClientRequest{Xid: -4,
		Request: &zk.Request{Type: zk.OpAuth, Scheme: scheme, Data: []byte(data)}}
}

// Who proves something is known by it on this connection, also behind a follower; the answer has
// zxid 0. (ZooKeeperServer.processPacket, case auth)
func TestAuthentication(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(1, 9000), w.connect(2, 9000)
	c.send(auth("digest", "joe:secret"))
	c.send(auth("digest", "joe:secret"))
	c.send(auth("ip", ""))
	for range 3 {
		if r := c.reply(-4); r == nil || r.Zxid != 0 || r.Result.Err != zk.ErrOK {
			t.Fatalf("answer %+v", r)
		}
	}
	own := withACL(create("/mine", "x", 0), acl(zk.PermAll, "auth", ""))
	want(t, d.do(own), zk.ErrInvalidACL)
	want(t, c.do(own), zk.ErrOK)
	want(t, d.do(get("/mine")), zk.ErrNoAuth)
	want(t, d.do(set("/mine", "", -1)), zk.ErrNoAuth)
	want(t, c.do(set("/mine", "", -1)), zk.ErrOK)
	r := c.do(bare(zk.OpWhoAmI, ""))
	if got := fmt.Sprint(r.Result.IDs); got != "[{ip 10.78.0.1} {digest joe}]" {
		t.Errorf("whoAmI: %s", got)
	}
	sent := w.servers[1].requests
	if last := sent[len(sent)-1].Auth; !slices.Equal(last, []zk.ID{local, joe}) {
		t.Errorf("REQUEST says %v", last)
	}
	if sent[0].Auth != nil {
		t.Errorf("REQUEST of createSession says %v", sent[0].Auth)
	}
}

// Who fails is told so and thrown out.
func TestAuthenticationFails(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 9000)
	c.send(auth("kerberos", "joe"))
	if r := c.reply(-4); r == nil || r.Result.Err != zk.ErrAuthFailed || !c.closed {
		t.Errorf("answer %+v, closed %v", r, c.closed)
	}
	// What waited behind it in the same breath is not taken up.
	d := w.dial(1)
	d.hello(0, [16]byte{}, 9000)
	d.send(auth("kerberos", "joe"))
	d.ask(create("/a", "", 0))
	w.run()
	if w.servers[1].db.Tree.Node("/a") != nil || !d.closed {
		t.Error("a client that was thrown out goes on")
	}
}

// Only who may change a list sees the hashes in it. (FinalRequestProcessor, case getACL)
func TestHashesAreMasked(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c, d := w.connect(1, 9000), w.connect(1, 9000)
	c.send(auth("digest", "joe:secret"))
	list := append(world(zk.PermRead), zk.ACL{Perms: zk.PermAll, ID: joe})
	c.do(withACL(create("/a", "", 0), list))
	if r := c.do(bare(zk.OpGetACL, "/a")); fmt.Sprint(r.Result.ACL) != fmt.Sprint(list) {
		t.Errorf("joe sees %v", r.Result.ACL)
	}
	r := d.do(bare(zk.OpGetACL, "/a"))
	if got := fmt.Sprint(r.Result.ACL); got != "[{1 {world anyone}} {31 {digest joe:x}}]" {
		t.Errorf("others see %s", got)
	}
	if r.Result.Stat.Czxid == 0 {
		t.Error("no stat")
	}
}

// setACL raises the version of the list, and what is prepared before it is applied is held against
// the old one. (PrepRequestProcessor.pRequest2Txn, case setACL)
func TestSetACL(t *testing.T) {
	w := newEnsemble(t, 3, 2)
	c := w.connect(1, 9000)
	c.do(create("/a", "", 0))
	first := c.ask(setACL("/a", world(zk.PermRead), 0))
	second := c.ask(set("/a", "", -1))
	w.run()
	if r := c.reply(first); r.Result.Stat.Aversion != 1 {
		t.Errorf("%+v", r.Result)
	}
	want(t, c.reply(second), zk.ErrOK)
	want(t, c.do(set("/a", "", -1)), zk.ErrNoAuth)
	w.wantLevel()
}

// (PathUtils.validatePath)
func TestValidPath(t *testing.T) {
	for path, ok := range map[string]bool{
		"/": true, "/a": true, "/a/b": true, "/.a": true, "/a.": true, "/...": true, "/a..b": true,
		"/ä/€": true, "/a b": true, "/..a": true,
		"": false, "a": false, "a/b": false, "/a/": false, "//": false, "//a": false,
		"/a//b": false,
		"/.":    false, "/..": false, "/./a": false, "/a/.": false, "/a/../b": false,
		"/a/..":  false,
		"/a\x00": false, "/a\x1f": false, "/a\x7f": false, "/a\u0085": false, "/\ue000": false,
		"/\ufff0": false, "/\U0001F600": false, "/a\xff": false,
	} {
		if got := validPath(path); got != ok {
			t.Errorf("%q: %v", path, got)
		}
	}
}

// Clients have addresses of their own.
func TestClientAddress(t *testing.T) {
	for id, want := range map[node.ID]string{1001: "10.78.0.1", 1256: "10.78.1.0", 3: "10.78.0.0"} {
		if got := clientAddress(id); got != want {
			t.Errorf("client %d: %s, want %s", id, got, want)
		}
	}
}

// The queue keeps order while its memory is used again.
func TestFifo(t *testing.T) {
	var q fifo[int]
	in, out := 0, 0
	for round := range 50 {
		for range round % 7 {
			q.push(in)
			in++
		}
		for range round % 5 {
			if q.len() > 0 {
				if q.first() != out || q.pop() != out {
					t.Fatalf("round %d: not %d", round, out)
				}
				out++
			}
		}
		if q.len() > 0 && q.last() != in-1 {
			t.Fatalf("round %d: the last is %d", round, q.last())
		}
	}
	for q.len() > 0 {
		in--
		if q.popLast() != in {
			t.Fatalf("from behind: not %d", in)
		}
	}
	q.push(7)
	if len(q.all()) != 1 || q.pop() != 7 || len(q.all()) != 0 {
		t.Error("an empty queue does not begin anew")
	}
}
