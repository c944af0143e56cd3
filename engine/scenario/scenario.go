package scenario

import (
	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// Limits of an ensemble in a scenario. A scenario may raise MaxServers up to MaxServersByOption with
// the key "maxServers".
const (
	MaxServers         = 25
	MaxServersByOption = 101
	maxSID             = 999 // ids above it belong to clients
)

// Scenario is an ensemble and what is done to it, step by step. It is data: running it changes
// nothing in it.
type Scenario struct {
	Name  string
	Shows string // one sentence: what there is to see

	Servers    []Server // in SID order
	Cfg        []Setting
	Sys        []Setting
	Groups     [][]zk.SID // hierarchical quorums
	Weights    []Weight
	PerServer  []PerServer
	Reconfig   bool // reconfigEnabled
	MaxServers int  // 0 is MaxServers

	Seed    uint64
	Options []Setting // names as in zk.Options; "release" names the set they start from
	Latency Latency   // of every link

	Steps []Step
}

// Server is one member of the ensemble, running or not.
type Server struct {
	SID  zk.SID
	Type zk.LearnerType
}

// Setting is one key with its value, as zoo.cfg and the command line write them.
type Setting struct{ Key, Value string }

// Weight is the voting weight of a server within its group.
type Weight struct {
	SID    zk.SID
	Weight int64
}

// PerServer is what one server's configuration says differently.
type PerServer struct {
	SID  zk.SID
	Cfg  []Setting
	Sys  []Setting
	View []zk.SID // the members that its configuration lists; nil for all
}

// Latency is how long a message is under way: a fixed part and a random one, drawn evenly for each
// message. The zero value takes the driver's default.
type Latency struct{ Min, Max node.Time }

// Step is one action, and what is waited for before the next. The command's parameters say which
// fields it uses; the others are zero.
type Step struct {
	Op string // name of a Command

	SIDs       []zk.SID
	SID        zk.SID
	A, B       []zk.SID // the two sides of a partition
	From, To   zk.SID   // a link
	OneWay     bool
	Gap        node.Time // between the starts of several servers
	Via        zk.SID
	Name       string // of a client
	Reconnects bool   // the client behaves as the Java client does, unasked
	Timeout    Millis // of its session; 0 for the default
	Txns       []Txn
	LeaveOpen  bool
	Path       string
	Count      int64
	Size       int64
	Joining    Joiners
	Leaving    string
	Members    string
	Rate       float64
	Fault      string
	Packet     string
	Remark     string
	Event      int64 // number of an event
	Machine    int64 // a server or a client
	Timer      string

	Until *Until
	Quiet node.Time // of silence that ends the step; DefaultQuiet if not said (negative)
	Limit node.Time // how long that silence is waited for; DefaultLimit if not said (negative)
	Note  string
}

// How long a step waits for silence, and how much of it, where it does not say: the times
// with which facts were recorded.
const (
	DefaultQuiet   = 400 * node.Millisecond
	DefaultLimit   = 8 * node.Second
	DefaultTimeout = 30 * node.Second // of a condition
	unsaid         = node.Time(-1)
)

// Millis is a duration that ZooKeeper's protocol counts in milliseconds.
type Millis int64

// Joiners names who joins in a reconfig: by SID, as the ensemble lists them, or by server.N lines.
type Joiners struct {
	SIDs []zk.SID
	Spec string
}

// Txn is one thing that a client asks in a scenario.
type Txn struct {
	Op      string // create, set, delete, check, multi, sync, get, exists, children
	Path    string
	Data    string
	Flags   int32 // create: 1 ephemeral, 2 sequential
	Version int32 // set, delete, check: -1 for any
	Watch   bool  // get, exists, children
	Ops     []Txn // multi
}

// Until is a condition: all that it names must hold at once.
type Until struct {
	Serving    []zk.SID
	NotServing []zk.SID
	Roles      []Role
	Leader     string   // "", "any" or a SID
	Logged     []Logged // growth of a server's log since the step began
	Min        node.Time
	Timeout    node.Time // DefaultTimeout if not said (negative)
}

// Role says which mode a server must be in: leader, follower, observer or standalone.
type Role struct {
	SID  zk.SID
	Role string
}

// Logged says by how many transactions a server's log must have grown.
type Logged struct {
	SID zk.SID
	N   int64
}

// empty reports whether nothing is waited for; facts then tell of no outcome.
func (u *Until) empty() bool {
	return u == nil || len(u.Serving)+len(u.NotServing)+len(u.Roles)+len(u.Logged) == 0 &&
		u.Leader == "" && u.Min == unsaid && u.Timeout == unsaid
}

// newStep returns a step in which nothing is said.
func newStep(op string) Step {
	return Step{Op: op, Quiet: unsaid, Limit: unsaid, Gap: unsaid}
}

// newUntil returns a condition in which nothing is said.
func newUntil() *Until { return &Until{Min: unsaid, Timeout: unsaid} }
