package zk

import (
	"fmt"
	"sort"
	"strings"
)

// Member is one server.N line. (QuorumPeer.QuorumServer)
type Member struct {
	SID          SID
	Type         LearnerType
	Host         string // address of the quorum and the election port
	QuorumPort   int
	ElectionPort int
	ClientPort   int    // 0 where the configuration names none
	ClientHost   string // address of the client port; "" for Host
}

// Spec is the right-hand side of the member's server.N line, as ParseServer reads it.
// (QuorumPeer.QuorumServer.toString)
func (m Member) Spec() string {
	s := fmt.Sprintf("%s:%d:%d:%s", delimited(m.Host), m.QuorumPort, m.ElectionPort, m.Type)
	if m.ClientPort == 0 {
		return s
	}
	return fmt.Sprintf("%s;%s:%d", s, delimited(m.clientHost()), m.ClientPort)
}

func (m Member) clientHost() string {
	if m.ClientHost != "" {
		return m.ClientHost
	}
	return m.Host
}

// delimited puts an IPv6 address into brackets. (QuorumServer.delimitedHostString)
func delimited(host string) string {
	if strings.Contains(host, ":") {
		return "[" + host + "]"
	}
	return host
}

// Membership is a configuration of the ensemble: who votes, who observes, with which weights.
// It is shared and never changed after it was made.
// (org.apache.zookeeper.server.quorum.flexible.QuorumVerifier)
type Membership struct {
	Members []Member      // in SID order
	Groups  [][]SID       // hierarchical quorums; nil for majorities
	Weights map[SID]int64 // with Groups; a missing weight is 1
	Version int64         // 0 for the static configuration, else the zxid of the reconfig txn
}

// NewMembership sorts the members by SID; it keeps the slice.
func NewMembership(members []Member) *Membership {
	sort.Slice(members, func(i, j int) bool { return members[i].SID < members[j].SID })
	return &Membership{Members: members}
}

// Lookup finds a member; ok is false for a stranger.
func (m *Membership) Lookup(s SID) (Member, bool) {
	for _, x := range m.Members {
		if x.SID == s {
			return x, true
		}
	}
	return Member{}, false
}

// IsVoter reports whether s is a voting member. It is asked at every acknowledgement, so it copies no
// member.
func (m *Membership) IsVoter(s SID) bool {
	for i := range m.Members {
		if x := &m.Members[i]; x.SID == s {
			return x.Type == Participant
		}
	}
	return false
}

// VoterCount is the number of voting members.
func (m *Membership) VoterCount() int {
	n := 0
	for i := range m.Members {
		if m.Members[i].Type == Participant {
			n++
		}
	}
	return n
}

// Voters lists the voting members in SID order, in a new slice.
func (m *Membership) Voters() []SID {
	var out []SID
	for _, x := range m.Members {
		if x.Type == Participant {
			out = append(out, x.SID)
		}
	}
	return out
}

// Text is the configuration as votes, NEWLEADER and /zookeeper/config carry it: one line a member,
// groups and weights when there are any, and version=<hex> without a final newline.
// (QuorumMaj.toString, QuorumHierarchical.toString)
func (m *Membership) Text() string {
	var b strings.Builder
	for _, x := range m.Members {
		fmt.Fprintf(&b, "server.%d=%s\n", int64(x.SID), x.Spec())
	}
	for i, g := range m.Groups {
		ids := make([]string, len(g))
		for k, s := range g {
			ids[k] = s.String()
		}
		fmt.Fprintf(&b, "group.%d=%s\n", i+1, strings.Join(ids, ":"))
	}
	if m.Groups != nil {
		for _, x := range m.Members {
			if w, ok := m.Weights[x.SID]; ok || x.Type == Participant {
				if !ok {
					w = 1
				}
				fmt.Fprintf(&b, "weight.%d=%d\n", int64(x.SID), w)
			}
		}
	}
	fmt.Fprintf(&b, "version=%x", m.Version)
	return b.String()
}

// Bounds of numbers in a Config, for those who read them from people: nothing that is computed from
// them overflows, and no server is so slow that it looks dead.
const (
	MaxTickTime  = 60_000    // milliseconds
	MaxLimit     = 1_000     // ticks
	MaxSnapCount = 1_000_000 // transactions
	MaxMillis    = 1<<31 - 1 // of every other time: Java's int
	MaxEntries   = 1_000_000 // of committedLog and of a batch
	MaxFactor    = 1e9       // snapshotSizeFactor, either sign
	MaxCounter   = 1<<32 - 1 // the lower half of a zxid
)

// Config is what zoo.cfg and the system properties say to one server, with their units. The
// defaults of DefaultConfig are those of the recorded runs where ZooKeeper itself has none.
type Config struct {
	TickTime          int64 // milliseconds
	InitLimit         int64 // ticks
	SyncLimit         int64 // ticks
	MinSessionTimeout int64 // milliseconds; -1 is two ticks
	MaxSessionTimeout int64 // milliseconds; -1 is twenty ticks

	SnapCount          int64   // transactions between snapshots, at least 2
	PreAllocSize       int64   // bytes by which a log file grows; 0 or less switches it off
	CommitLogCount     int     // entries kept in committedLog; less than 500 counts as 500
	SnapshotSizeFactor float64 // negative: no synchronization from the disk log; over 1: 0.33
	// ExactLimits is ours and in no release: the two above hold as they stand, so that small runs show
	// what otherwise takes hundreds of transactions.
	ExactLimits  bool
	ForceSync    bool // fsync before acknowledging
	MaxBatchSize int  // requests per fsync

	CnxTimeout              int64 // milliseconds to open an election connection
	MinNotificationInterval int64 // milliseconds
	MaxNotificationInterval int64 // milliseconds
	FinalizeWait            int64 // milliseconds a quorum waits for a better vote
	LeaderConnectRetryDelay int64 // milliseconds between attempts to reach the leader

	ReconfigEnabled   bool // the members may be changed while the ensemble runs
	StandaloneEnabled bool // one voter alone is a standalone server, not an ensemble of one
	SkipACL           bool // no access control list is looked at

	InitialCounter int64 // first counter of a new epoch; tests of the rollover set it near 1<<32
}

// DefaultConfig is ZooKeeper's defaults with the tick and limits of the recorded facts.
func DefaultConfig() Config {
	return Config{
		TickTime: 250, InitLimit: 40, SyncLimit: 8, MinSessionTimeout: 500,
		MaxSessionTimeout: 600000, SnapCount: 100000, PreAllocSize: 64 << 20, CommitLogCount: 500,
		SnapshotSizeFactor: 0.33, ForceSync: true, MaxBatchSize: 1000, CnxTimeout: 1000,
		MinNotificationInterval: 200, MaxNotificationInterval: 60000, FinalizeWait: 200,
		LeaderConnectRetryDelay: 100,
	}
}
