package check

import (
	"math/bits"
	"strconv"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// set is a set of members, by their number in the membership. An ensemble of more than 64 members
// is not supported.
type set uint64

func (s set) has(i int) bool { return i >= 0 && s>>i&1 != 0 }

func (s *set) add(i int) {
	if i >= 0 {
		*s |= 1 << i
	}
}

// voters decides what a quorum is, by its own reckoning: the checker shares no code with the engine.
type voters struct {
	members *zk.Membership
	all     set   // those who vote
	groups  []set // with hierarchical quorums
	weights []int64
}

func newVoters(m *zk.Membership) *voters {
	v := &voters{members: m, weights: make([]int64, len(m.Members))}
	for i, x := range m.Members {
		v.weights[i] = 1
		if w, ok := m.Weights[x.SID]; ok {
			v.weights[i] = w
		}
		if x.Type == zk.Participant && v.weights[i] > 0 {
			v.all.add(i)
		}
	}
	for _, g := range m.Groups {
		var s set
		for _, sid := range g {
			s.add(v.index(sid))
		}
		v.groups = append(v.groups, s)
	}
	return v
}

// index is the number of a server in the membership, -1 for a stranger.
func (v *voters) index(s zk.SID) int {
	for i := range v.members.Members {
		if v.members.Members[i].SID == s {
			return i
		}
	}
	return -1
}

// quorum reports whether s holds more than half of the voters or, with groups, of more than half of
// the groups more than half of the weight. (QuorumMaj, QuorumHierarchical.containsQuorum)
func (v *voters) quorum(s set) bool {
	s &= v.all
	if v.groups == nil {
		return 2*bits.OnesCount64(uint64(s)) > bits.OnesCount64(uint64(v.all))
	}
	won, groups := 0, 0
	for _, g := range v.groups {
		has, total := v.weight(g&s), v.weight(g&v.all)
		if total > 0 {
			groups++
		}
		if 2*has > total {
			won++
		}
	}
	return 2*won > groups
}

func (v *voters) weight(s set) int64 {
	sum := int64(0)
	for i, w := range v.weights {
		if s.has(i) {
			sum += w
		}
	}
	return sum
}

// parse reads a list of servers as events write it, "1,2,5".
func (v *voters) parse(text string) set {
	var s set
	for text != "" {
		var one string
		one, text, _ = strings.Cut(text, ",")
		if n, err := strconv.ParseInt(one, 10, 64); err == nil {
			s.add(v.index(zk.SID(n)))
		}
	}
	return s
}

// names writes a set as people read it.
func (v *voters) names(s set) string {
	var out []string
	for i, m := range v.members.Members {
		if s.has(i) {
			out = append(out, m.SID.String())
		}
	}
	if out == nil {
		return "none"
	}
	return strings.Join(out, ", ")
}

// id is the machine of a member.
func (v *voters) id(i int) node.ID { return node.ID(v.members.Members[i].SID) }
