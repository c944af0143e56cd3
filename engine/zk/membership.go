package zk

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// ParseMembership reads the text of a configuration, as Membership.Text writes it: one key=value a
// line, in any order. Where a key stands twice the last one counts. Keys are server.N, group.N,
// weight.N and version; one group or weight makes the quorums hierarchical, and then every voter
// must be in exactly one group. No text at all is a configuration without members.
//
// The error is a *ConfigError. Whether the members make an ensemble is another question: see Check.
// (QuorumPeerConfig.parseDynamicConfig, QuorumMaj and QuorumHierarchical constructors)
func ParseMembership(text string) (*Membership, error) {
	keys, values := properties(text)
	p := membershipParser{groups: map[int64][]SID{}, weights: map[SID]int64{},
		groupOf: map[SID]int64{}}
	for _, key := range keys {
		if err := p.take(key, values[key]); err != nil {
			return nil, err
		}
	}
	m := NewMembership(p.members)
	m.Version = p.version
	if p.hierarchical {
		return m, p.setGroups(m)
	}
	return m, nil
}

// properties reads lines of key and value, apart by '=', ':' or blanks; lines that begin with '#'
// or '!' are remarks. Keys are listed in lexical order. Escapes mean nothing.
// (java.util.Properties)
func properties(text string) (keys []string, values map[string]string) {
	values = map[string]string{}
	isEnd := func(c rune) bool { return c == '\n' || c == '\r' }
	for _, line := range strings.FieldsFunc(text, isEnd) {
		line = strings.TrimLeft(line, " \t\f")
		if line == "" || line[0] == '#' || line[0] == '!' {
			continue
		}
		end := strings.IndexAny(line, "=: \t\f")
		if end < 0 {
			end = len(line)
		}
		value := strings.TrimLeft(line[end:], " \t\f")
		if value != "" && (value[0] == '=' || value[0] == ':') {
			value = value[1:]
		}
		values[line[:end]] = strings.Trim(value, " \t\f")
	}
	return slices.Sorted(maps.Keys(values)), values
}

// membershipParser collects what the lines say.
type membershipParser struct {
	members      []Member
	version      int64
	hierarchical bool
	groups       map[int64][]SID
	groupOf      map[SID]int64
	weights      map[SID]int64
}

func (p *membershipParser) take(key, value string) error {
	switch {
	case strings.HasPrefix(key, "group"):
		return p.group(key, value)
	case strings.HasPrefix(key, "weight"):
		p.hierarchical = true
		sid, err := number(afterDot(key))
		if err != nil {
			return err
		}
		p.weights[SID(sid)], err = number(value)
		return err
	case strings.HasPrefix(key, "server."):
		sid, err := number(afterDot(key))
		if err != nil {
			return err
		}
		m, err := ParseServer(SID(sid), value)
		p.members = append(p.members, m)
		return err
	case key == "version":
		n, err := strconv.ParseInt(value, 16, 64)
		p.version = n
		if err != nil {
			return unchecked("%s is no version", value)
		}
		return nil
	}
	return badConfig("unrecognised parameter: %s", key)
}

func (p *membershipParser) group(key, value string) error {
	p.hierarchical = true
	id, err := number(afterDot(key))
	if err != nil {
		return err
	}
	for _, part := range splitAsJava(value, ":") {
		n, err := number(part)
		if err != nil {
			return err
		}
		sid := SID(n)
		if _, there := p.groupOf[sid]; there {
			return badConfig("server %d is in multiple groups", sid)
		}
		p.groupOf[sid] = id
		p.groups[id] = append(p.groups[id], sid)
	}
	return nil
}

// setGroups puts groups and weights into the membership; a voter without a weight gets 1.
func (p *membershipParser) setGroups(m *Membership) error {
	m.Groups, m.Weights = [][]SID{}, p.weights
	for _, x := range m.Members {
		if x.Type != Participant {
			continue
		}
		if _, there := p.groupOf[x.SID]; !there {
			return badConfig("server %d is not in a group", x.SID)
		}
		if _, there := p.weights[x.SID]; !there {
			p.weights[x.SID] = 1
		}
	}
	for _, id := range slices.Sorted(maps.Keys(p.groups)) {
		g := p.groups[id]
		slices.SortFunc(g, cmp.Compare[SID])
		m.Groups = append(m.Groups, g)
	}
	return nil
}

// afterDot is the number in a key such as server.1.
func afterDot(key string) string { return key[strings.IndexByte(key, '.')+1:] }

func number(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, unchecked("%q is no number", text)
	}
	return n, nil
}

// Check says what is wrong with the members as an ensemble, nil if nothing: observers need voters
// and, where a single voter is a standalone server, more than one. The error is an unchecked
// *ConfigError. (QuorumPeerConfig.parseDynamicConfig)
func (m *Membership) Check(standaloneEnabled bool) error {
	voters := len(m.Voters())
	observers := len(m.Members) - voters
	switch {
	case voters == 0 && !standaloneEnabled:
		return unchecked("standaloneEnabled = false then number of participants should be >0")
	case voters == 0 && observers > 0:
		return unchecked("observers w/o participants is an invalid configuration")
	case voters == 1 && standaloneEnabled && observers > 0:
		return unchecked("observers w/o quorum is an invalid configuration")
	}
	return nil
}

// Equal reports whether two configurations have the same version or, whatever their versions, the
// same members at the same addresses with the same groups and weights.
// (QuorumMaj.equals, QuorumHierarchical.equals)
func (m *Membership) Equal(o *Membership) bool {
	if (m.Groups == nil) != (o.Groups == nil) {
		return false
	}
	if m.Version == o.Version {
		return true
	}
	return slices.EqualFunc(m.Members, o.Members, Member.equal) &&
		slices.EqualFunc(m.Groups, o.Groups, slices.Equal[[]SID]) && m.sameWeights(o)
}

func (m Member) equal(o Member) bool {
	m.ClientHost, o.ClientHost = m.clientHost(), o.clientHost()
	return m == o
}

func (m *Membership) sameWeights(o *Membership) bool {
	for _, x := range m.Members {
		if m.Groups != nil && m.Weight(x.SID) != o.Weight(x.SID) {
			return false
		}
	}
	return true
}

// Weight is what the configuration says of a member's weight, 1 if nothing.
func (m *Membership) Weight(s SID) int64 {
	if w, ok := m.Weights[s]; ok {
		return w
	}
	return 1
}

// Observers lists the members that do not vote, in SID order, in a new slice.
func (m *Membership) Observers() []SID {
	var out []SID
	for _, x := range m.Members {
		if x.Type == Observer {
			out = append(out, x.SID)
		}
	}
	return out
}
