package zk

import "fmt"

// ServerState is the role of a peer; the numbers are those of the election messages.
// (QuorumPeer.ServerState)
type ServerState int32

// The four states, in wire order.
const (
	Looking ServerState = iota
	Following
	Leading
	Observing
)

var serverStates = [...]string{"LOOKING", "FOLLOWING", "LEADING", "OBSERVING"}

// String is the Java constant's name.
func (s ServerState) String() string { return name(serverStates[:], int(s), "ServerState") }

// Valid reports whether s is one of the four states.
func (s ServerState) Valid() bool { return s >= Looking && s <= Observing }

// ZabState is the phase inside a role. (QuorumPeer.ZabState)
type ZabState int32

// The phases in the order in which a server passes them.
const (
	Election ZabState = iota
	Discovery
	Synchronization
	Broadcast
)

var zabStates = [...]string{"ELECTION", "DISCOVERY", "SYNCHRONIZATION", "BROADCAST"}

// String is the Java constant's name.
func (s ZabState) String() string { return name(zabStates[:], int(s), "ZabState") }

// SyncMode is how a learner is being brought level. (QuorumPeer.SyncMode)
type SyncMode int32

// The modes; SyncNone before and after synchronization.
const (
	SyncNone SyncMode = iota
	SyncDiff
	SyncSnap
	SyncTrunc
)

var syncModes = [...]string{"NONE", "DIFF", "SNAP", "TRUNC"}

// String is the Java constant's name.
func (m SyncMode) String() string { return name(syncModes[:], int(m), "SyncMode") }

// LearnerType is the role that the configuration gives a server. (QuorumPeer.LearnerType)
type LearnerType int32

// The two learner types, in the order of peerType.
const (
	Participant LearnerType = iota
	Observer
)

var learnerTypes = [...]string{"participant", "observer"}

// String is the word of the configuration file.
func (t LearnerType) String() string { return name(learnerTypes[:], int(t), "LearnerType") }

// PacketType is the first field of every packet between learner and leader.
// (org.apache.zookeeper.server.quorum.Leader, constants)
type PacketType int32

// The packet types with their wire numbers.
const (
	REQUEST           PacketType = 1
	PROPOSAL          PacketType = 2
	ACK               PacketType = 3
	COMMIT            PacketType = 4
	PING              PacketType = 5
	REVALIDATE        PacketType = 6
	SYNC              PacketType = 7
	INFORM            PacketType = 8
	COMMITANDACTIVATE PacketType = 9
	NEWLEADER         PacketType = 10
	FOLLOWERINFO      PacketType = 11
	UPTODATE          PacketType = 12
	DIFF              PacketType = 13
	TRUNC             PacketType = 14
	SNAP              PacketType = 15
	OBSERVERINFO      PacketType = 16
	LEADERINFO        PacketType = 17
	ACKEPOCH          PacketType = 18
	INFORMANDACTIVATE PacketType = 19
)

var packetTypes = [...]string{"", "REQUEST", "PROPOSAL", "ACK", "COMMIT", "PING", "REVALIDATE",
	"SYNC", "INFORM", "COMMITANDACTIVATE", "NEWLEADER", "FOLLOWERINFO", "UPTODATE", "DIFF", "TRUNC",
	"SNAP", "OBSERVERINFO", "LEADERINFO", "ACKEPOCH", "INFORMANDACTIVATE"}

// String is the packet's name, verbatim.
func (t PacketType) String() string { return name(packetTypes[:], int(t), "PacketType") }

// Ports that every server opens by default.
const (
	ClientPort   = 2181
	QuorumPort   = 2888
	ElectionPort = 3888
)

func name(names []string, i int, kind string) string {
	if i < 0 || i >= len(names) || names[i] == "" {
		return fmt.Sprintf("%s(%d)", kind, i)
	}
	return names[i]
}
