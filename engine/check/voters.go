package check

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// maxServers is how many servers a run may have in its course.
const maxServers = 64

// set is a set of servers, by the number that the directory gives them.
type set uint64

func (s set) has(i int) bool { return i >= 0 && s>>i&1 != 0 }

func (s *set) add(i int) {
	if i >= 0 {
		*s |= 1 << i
	}
}

// directory numbers the servers of a run: those of the first membership, then those that join.
type directory struct{ sids []zk.SID }

// index is the number of a server, -1 for a stranger.
func (d *directory) index(s zk.SID) int { return slices.Index(d.sids, s) }

// enroll gives a server a number if it has none and there is one left.
func (d *directory) enroll(s zk.SID) int {
	i := d.index(s)
	if i < 0 && len(d.sids) < maxServers {
		i = len(d.sids)
		d.sids = append(d.sids, s)
	}
	return i
}

// id is the machine of a server.
func (d *directory) id(i int) node.ID { return node.ID(d.sids[i]) }

// parse reads a list of servers as events write it, "1,2,5"; strangers are left out.
func (d *directory) parse(text string) set {
	var s set
	for _, sid := range parseSIDs(text) {
		s.add(d.index(sid))
	}
	return s
}

// enrollAll reads such a list and gives everybody in it a number.
func (d *directory) enrollAll(text string) set {
	var s set
	for _, sid := range parseSIDs(text) {
		s.add(d.enroll(sid))
	}
	return s
}

func parseSIDs(text string) []zk.SID {
	var out []zk.SID
	for text != "" {
		var one string
		one, text, _ = strings.Cut(text, ",")
		if n, err := strconv.ParseInt(one, 10, 64); err == nil {
			out = append(out, zk.SID(n))
		}
	}
	return out
}

// names writes a set as people read it.
func (d *directory) names(s set) string {
	var out []string
	for i, sid := range d.sids {
		if s.has(i) {
			out = append(out, sid.String())
		}
	}
	if out == nil {
		return "none"
	}
	return strings.Join(out, ", ")
}

// quorums decides what a quorum is in one configuration, by its own reckoning: the checker
// shares no code with the engine.
type quorums struct {
	version zk.Zxid
	voters  set
	groups  []set // with hierarchical quorums
	weights []int64
}

// newQuorums enrolls the members of a configuration.
func newQuorums(d *directory, m *zk.Membership) *quorums {
	q := &quorums{version: zk.Zxid(m.Version), weights: make([]int64, maxServers)}
	for _, x := range m.Members {
		i := d.enroll(x.SID)
		if i < 0 {
			continue
		}
		q.weights[i] = 1
		if w, ok := m.Weights[x.SID]; ok {
			q.weights[i] = w
		}
		if x.Type == zk.Participant && q.weights[i] > 0 {
			q.voters.add(i)
		}
	}
	for _, g := range m.Groups {
		var s set
		for _, sid := range g {
			s.add(d.index(sid))
		}
		q.groups = append(q.groups, s)
	}
	return q
}

// setGroups reads the groups and weights of hierarchical quorums as events tell them. Who weighs
// nothing has no vote.
func (q *quorums) setGroups(d *directory, groups, weights string) {
	q.weights = make([]int64, maxServers)
	for i := range q.weights {
		q.weights[i] = 1
	}
	for one := range strings.SplitSeq(weights, ",") {
		sid, weight, _ := strings.Cut(one, ":")
		w, err := strconv.ParseInt(weight, 10, 64)
		for _, x := range parseSIDs(sid) {
			if i := d.index(x); i >= 0 && err == nil {
				q.weights[i] = w
			}
		}
	}
	for i, w := range q.weights {
		if w <= 0 {
			q.voters &^= 1 << i
		}
	}
	q.groups = []set{}
	for g := range strings.SplitSeq(groups, "|") {
		q.groups = append(q.groups, d.parse(g))
	}
}

// has reports whether s holds more than half of the voters or, with groups, of more than half of
// the groups more than half of the weight. (QuorumMaj, QuorumHierarchical.containsQuorum)
func (q *quorums) has(s set) bool {
	s &= q.voters
	if q.groups == nil {
		return 2*bits.OnesCount64(uint64(s)) > bits.OnesCount64(uint64(q.voters))
	}
	won, groups := 0, 0
	for _, g := range q.groups {
		mine, total := q.weight(g&s), q.weight(g&q.voters)
		if total > 0 {
			groups++
		}
		if 2*mine > total {
			won++
		}
	}
	return 2*won > groups
}

func (q *quorums) weight(s set) int64 {
	sum := int64(0)
	for i, w := range q.weights {
		if s.has(i) {
			sum += w
		}
	}
	return sum
}
