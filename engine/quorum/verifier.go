package quorum

import "zabscope/engine/zk"

// Verifier knows one configuration.
// (org.apache.zookeeper.server.quorum.flexible.QuorumVerifier)
type Verifier interface {
	// ContainsQuorum reports whether the servers are a quorum. Servers that have no vote do not
	// count, and neither does a repetition. The slice is only read.
	ContainsQuorum(set []zk.SID) bool
	// Weight is a server's weight: 1 under majorities, 0 for a server that can never be elected.
	Weight(s zk.SID) int64
	// Membership is the configuration itself.
	Membership() *zk.Membership
}

// New returns the verifier that the configuration asks for: Hierarchical when it has groups,
// Majority otherwise. (QuorumPeerConfig.createQuorumVerifier)
func New(m *zk.Membership) Verifier {
	if m.Groups != nil {
		return newHierarchical(m)
	}
	return &Majority{m: m, voters: m.Voters()}
}

// Majority is more than half of the voters. (QuorumMaj)
type Majority struct {
	m      *zk.Membership
	voters []zk.SID
}

// ContainsQuorum is QuorumMaj.containsQuorum.
func (q *Majority) ContainsQuorum(set []zk.SID) bool {
	n := 0
	for _, v := range q.voters {
		if contains(set, v) {
			n++
		}
	}
	return n > len(q.voters)/2
}

// Weight is 1 for everybody. (QuorumMaj.getWeight)
func (q *Majority) Weight(zk.SID) int64 { return 1 }

// Membership returns the configuration.
func (q *Majority) Membership() *zk.Membership { return q.m }

// Hierarchical is a majority of the groups that have weight, each by a majority of its weight.
// (QuorumHierarchical)
type Hierarchical struct {
	m      *zk.Membership
	weight map[zk.SID]int64
	groups int // groups with a weight above 0
}

func newHierarchical(m *zk.Membership) *Hierarchical {
	h := &Hierarchical{m: m, weight: map[zk.SID]int64{}}
	for _, x := range m.Members {
		h.weight[x.SID] = 1
		if w, ok := m.Weights[x.SID]; ok {
			h.weight[x.SID] = w
		}
	}
	for _, g := range m.Groups {
		if h.sum(g, nil) > 0 {
			h.groups++
		}
	}
	return h
}

// sum adds the weights of the members of a group that stand in set; a nil set stands for all.
func (h *Hierarchical) sum(group, set []zk.SID) int64 {
	var n int64
	for _, s := range group {
		if set == nil || contains(set, s) {
			n += h.weight[s]
		}
	}
	return n
}

// ContainsQuorum is QuorumHierarchical.containsQuorum.
func (h *Hierarchical) ContainsQuorum(set []zk.SID) bool {
	if len(set) == 0 {
		return false
	}
	won := 0
	for _, g := range h.m.Groups {
		if all := h.sum(g, nil); all > 0 && h.sum(g, set) > all/2 {
			won++
		}
	}
	return won > h.groups/2
}

// Weight is the server's configured weight, 0 for a stranger. (QuorumHierarchical.getWeight)
func (h *Hierarchical) Weight(s zk.SID) int64 { return h.weight[s] }

// Membership returns the configuration.
func (h *Hierarchical) Membership() *zk.Membership { return h.m }

func contains(set []zk.SID, s zk.SID) bool {
	for _, x := range set {
		if x == s {
			return true
		}
	}
	return false
}
