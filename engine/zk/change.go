package zk

import (
	"net/netip"
	"strconv"
	"strings"
)

// WithVersion is the configuration under another version. (QuorumVerifier.setVersion)
func (m *Membership) WithVersion(version int64) *Membership {
	out := *m
	out.Version = version
	return &out
}

// Change is the configuration after an incremental reconfig: leaving lists SIDs, joining server.N
// lines, both apart by commas; who joins and is a member already takes the new address and role.
// Somebody who leaves and is no member is no error.
//
// Only majorities can be changed so. A joiner must name all three ports and no address that another
// member has. The error is a *ConfigError. (PrepRequestProcessor.pRequest2Txn, case reconfig)
func (m *Membership) Change(joining, leaving string) (*Membership, error) {
	if m.Groups != nil {
		return nil, badConfig("incremental reconfiguration of a non-majority quorum system")
	}
	members := append([]Member(nil), m.Members...)
	for _, s := range splitTrimmed(leaving, ",") {
		sid, err := number(s)
		if err != nil {
			return nil, err
		}
		members = withoutMember(members, SID(sid))
	}
	for _, s := range splitTrimmed(joining, ",") {
		x, err := parseJoiner(s)
		if err != nil {
			return nil, err
		}
		members = withoutMember(members, x.SID)
		for _, other := range members {
			if a := x.sharedAddress(other); a != "" {
				return nil, badConfig("%s of server.%d conflicts with server.%d", a, x.SID,
					other.SID)
			}
		}
		members = append(members, x)
	}
	return NewMembership(members), nil
}

// ReplaceMembers is the configuration of a reconfig that lists all new members, in lines or apart
// by commas; groups and weights may be among them. The error is a *ConfigError.
// (PrepRequestProcessor.pRequest2Txn, case reconfig)
func ReplaceMembers(newMembers string, standaloneEnabled bool) (*Membership, error) {
	m, err := ParseMembership(strings.ReplaceAll(newMembers, ",", "\n"))
	if err != nil {
		return nil, err
	}
	return m, m.Check(standaloneEnabled)
}

func parseJoiner(text string) (Member, error) {
	parts := splitTrimmed(text, "=")
	if len(parts) != 2 {
		return Member{}, badConfig("wrong format of server string")
	}
	sid, err := number(parts[0][strings.LastIndexByte(parts[0], '.')+1:])
	if err != nil {
		return Member{}, err
	}
	m, err := ParseServer(SID(sid), parts[1])
	if err == nil && m.ClientPort == 0 {
		err = badConfig("wrong format of server string: each server should have 3 ports specified")
	}
	return m, err
}

// splitTrimmed splits and leaves out what is blank. (StringUtils.split)
func splitTrimmed(text, sep string) []string {
	var out []string
	for part := range strings.SplitSeq(text, sep) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func withoutMember(members []Member, sid SID) []Member {
	var out []Member
	for _, x := range members {
		if x.SID != sid {
			out = append(out, x)
		}
	}
	return out
}

// sharedAddress is an address and port that both members listen at, "" if there is none.
// (QuorumServer.checkAddressDuplicate)
func (m Member) sharedAddress(o Member) string {
	for _, a := range m.addresses() {
		for _, b := range o.addresses() {
			if a == b {
				return a
			}
		}
	}
	return ""
}

// addresses lists where the member listens, but for addresses that mean another machine to
// everybody. (QuorumServer.excludedSpecialAddresses)
func (m Member) addresses() []string {
	var out []string
	add := func(host string, port int) {
		if !isSpecial(host) {
			out = append(out, delimited(host)+":"+strconv.Itoa(port))
		}
	}
	add(m.Host, m.QuorumPort)
	if m.ClientPort != 0 {
		add(m.clientHost(), m.ClientPort)
	}
	add(m.Host, m.ElectionPort)
	return out
}

func isSpecial(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && (ip.IsUnspecified() || ip.IsLoopback())
}
