package server

import (
	"crypto/sha1"
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// authenticate takes a client's auth packet. It is answered here and never enters the processors;
// who fails to prove anything is thrown out. (ZooKeeperServer.processPacket, case auth)
func (s *ZooKeeperServer) authenticate(o *node.Out, c *serverCnxn, xid int32, r *zk.Request) {
	ids := handleAuthentication(c, r)
	if ids == nil {
		s.send(o, c, &jute.ClientReply{Xid: xid, Type: zk.OpAuth,
			Result: zk.Result{Err: zk.ErrAuthFailed}})
		s.closeCnxn(o, c, "authentication failed")
		return
	}
	for _, id := range ids {
		c.addAuthInfo(id)
	}
	s.send(o, c, &jute.ClientReply{Xid: xid, Type: zk.OpAuth})
}

// handleAuthentication returns what the client has shown itself to be, nil if it failed.
func handleAuthentication(c *serverCnxn, r *zk.Request) []zk.ID {
	switch r.Scheme {
	case "digest":
		return []zk.ID{{Scheme: "digest", ID: generateDigest(string(r.Data))}}
	case "ip":
		return []zk.ID{{Scheme: "ip", ID: clientAddress(c.peer)}}
	}
	return nil
}

// generateDigest is the id of scheme digest of somebody who knows "user:password".
// (DigestAuthenticationProvider.generateDigest)
func generateDigest(userPassword string) string {
	user, _, _ := strings.Cut(userPassword, ":")
	sum := sha1.Sum([]byte(userPassword))
	return user + ":" + base64.StdEncoding.EncodeToString(sum[:])
}

// digestProvider knows clients by user and password.
// (org.apache.zookeeper.server.auth.DigestAuthenticationProvider)
type digestProvider struct{}

// authenticated: whoever knows the password is that user.
func (digestProvider) authenticated() bool { return true }

// valid asks for two parts, as Java's split counts them: what is empty at the end is none.
func (digestProvider) valid(id string) bool {
	_, password, _ := strings.Cut(strings.TrimRight(id, ":"), ":")
	return password != "" && !strings.Contains(password, ":")
}

// matches compares hashes; the password itself was dropped with the auth packet.
func (digestProvider) matches(id, expr string) bool { return id == expr }

// userName leaves the hash out.
func (digestProvider) userName(id string) string {
	user, _, _ := strings.Cut(id, ":")
	return user
}

// ipProvider knows clients by the address they come from.
// (org.apache.zookeeper.server.auth.IPAuthenticationProvider)
type ipProvider struct{}

// authenticated: an address proves nothing, so "auth" entries do not expand to it.
func (ipProvider) authenticated() bool { return false }

// valid asks for an address or a network.
func (ipProvider) valid(id string) bool {
	_, ok := parsePrefix(id)
	return ok
}

// matches asks whether the client's address lies in the network.
func (ipProvider) matches(id, expr string) bool {
	prefix, ok := parsePrefix(expr)
	addr, err := netip.ParseAddr(id)
	return ok && err == nil && prefix.Contains(addr)
}

// userName is the address.
func (ipProvider) userName(id string) string { return id }

// parsePrefix reads an IPv4 address with or without the length of its prefix.
func parsePrefix(expr string) (p netip.Prefix, ok bool) {
	address, length, hasLength := strings.Cut(expr, "/")
	addr, err := netip.ParseAddr(address)
	if err != nil || !addr.Is4() {
		return p, false
	}
	bits := 32
	if hasLength {
		if bits, err = strconv.Atoi(length); err != nil {
			return p, false
		}
	}
	p, err = addr.Prefix(bits)
	return p, err == nil
}

// clientAddress is the address of a simulated client, by which ACL entries of scheme ip know it:
// 10.78.0.1 for the first client, and so on.
func clientAddress(peer node.ID) string {
	n := uint32(max(peer-node.FirstClient, -1) + 1)
	return netip.AddrFrom4([4]byte{10, 78, byte(n >> 8), byte(n)}).String()
}
