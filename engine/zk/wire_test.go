package zk

import (
	"strings"
	"testing"
)

// Operation codes with the numbers and names of ZooDefs.OpCode, and whether PrepRequestProcessor gives
// the request a zxid. ("notification" of ZooDefs is what the code calls notify.)
func TestOpCodes(t *testing.T) {
	for _, c := range []struct {
		op    OpCode
		wire  int32
		name  string
		write bool
	}{
		{OpNotify, 0, "notify", false}, {OpCreate, 1, "create", true}, {OpDelete, 2, "delete", true},
		{OpExists, 3, "exists", false}, {OpGetData, 4, "getData", false},
		{OpSetData, 5, "setData", true}, {OpGetACL, 6, "getACL", false},
		{OpSetACL, 7, "setACL", true}, {OpGetChildren, 8, "getChildren", false},
		{OpSync, 9, "sync", false}, {OpPing, 11, "ping", false},
		{OpGetChildren2, 12, "getChildren2", false}, {OpCheck, 13, "check", true},
		{OpMulti, 14, "multi", true}, {OpCreate2, 15, "create2", true},
		{OpReconfig, 16, "reconfig", true}, {OpCheckWatches, 17, "checkWatches", false},
		{OpRemoveWatches, 18, "removeWatches", false},
		{OpCreateContainer, 19, "createContainer", true},
		{OpDeleteContainer, 20, "deleteContainer", true}, {OpCreateTTL, 21, "createTTL", true},
		{OpMultiRead, 22, "multiRead", false}, {OpAuth, 100, "auth", false},
		{OpSetWatches, 101, "setWatches", false}, {OpSasl, 102, "sasl", false},
		{OpGetEphemerals, 103, "getEphemerals", false},
		{OpGetAllChildren, 104, "getAllChildrenNumber", false},
		{OpSetWatches2, 105, "setWatches2", false}, {OpAddWatch, 106, "addWatch", false},
		{OpWhoAmI, 107, "whoAmI", false}, {OpCreateSession, -10, "createSession", true},
		{OpCloseSession, -11, "closeSession", true}, {OpError, -1, "error", false},
		{OpCode(10), 10, "OpCode(10)", false}, {OpCode(-12), -12, "OpCode(-12)", false},
	} {
		if int32(c.op) != c.wire || c.op.String() != c.name || c.op.IsWrite() != c.write {
			t.Errorf("%d is %s and a write: %v; want %d, %s, %v", c.op, c.op, c.op.IsWrite(), c.wire,
				c.name, c.write)
		}
	}
}

// Error codes with the numbers and names of KeeperException.Code, as people see them: the constants
// without their underscores.
func TestErrorCodes(t *testing.T) {
	for code, want := range map[ErrorCode]string{
		0: "ok", -1: "SystemError", -2: "RuntimeInconsistency", -3: "DataInconsistency",
		-4: "ConnectionLoss", -5: "MarshallingError", -6: "Unimplemented", -7: "OperationTimeout",
		-8: "BadArguments", -12: "UnknownSession", -13: "NewConfigNoQuorum",
		-14: "ReconfigInProgress", -100: "APIError", -101: "NoNode", -102: "NoAuth",
		-103: "BadVersion", -108: "NoChildrenForEphemerals", -110: "NodeExists", -111: "NotEmpty",
		-112: "SessionExpired", -113: "InvalidCallback", -114: "InvalidACL", -115: "AuthFailed",
		-118: "SessionMoved", -119: "NotReadOnly", -120: "EphemeralOnLocalSession",
		-121: "NoWatcher", -122: "RequestTimeout", -123: "ReconfigDisabled",
		-124: "SessionClosedRequireSaslAuth", -125: "QuotaExceeded", -127: "ThrottledOp",
		-126: "ErrorCode(-126)", 1: "ErrorCode(1)",
	} {
		if got := code.Error(); got != want {
			t.Errorf("%d is %s, want %s", int32(code), got, want)
		}
	}
	if len(errorNames) != 32 {
		t.Errorf("%d codes have names, 32 are tested", len(errorNames))
	}
}

// Packets between learner and leader with the numbers of the constants of Leader.
func TestPacketTypes(t *testing.T) {
	for wire, want := range []string{"PacketType(0)", "REQUEST", "PROPOSAL", "ACK", "COMMIT", "PING",
		"REVALIDATE", "SYNC", "INFORM", "COMMITANDACTIVATE", "NEWLEADER", "FOLLOWERINFO", "UPTODATE",
		"DIFF", "TRUNC", "SNAP", "OBSERVERINFO", "LEADERINFO", "ACKEPOCH", "INFORMANDACTIVATE",
		"PacketType(20)"} {
		if got := PacketType(wire).String(); got != want {
			t.Errorf("%d is %s, want %s", wire, got, want)
		}
	}
	if PacketType(-1).String() != "PacketType(-1)" {
		t.Error("a negative type has a name")
	}
}

// States and phases in the order of their Java enumerations, which is their number on the wire.
func TestStates(t *testing.T) {
	for _, c := range []struct {
		name  func(int32) string
		names string
	}{
		{func(i int32) string { return ServerState(i).String() },
			"LOOKING FOLLOWING LEADING OBSERVING ServerState(4)"},
		{func(i int32) string { return ZabState(i).String() },
			"ELECTION DISCOVERY SYNCHRONIZATION BROADCAST ZabState(4)"},
		{func(i int32) string { return SyncMode(i).String() }, "NONE DIFF SNAP TRUNC SyncMode(4)"},
		{func(i int32) string { return LearnerType(i).String() },
			"participant observer LearnerType(2)"},
	} {
		for i, want := range strings.Fields(c.names) {
			if got := c.name(int32(i)); got != want {
				t.Errorf("%d is %s, want %s", i, got, want)
			}
		}
	}
	for s := ServerState(-1); s <= 4; s++ {
		if want := s >= 0 && s <= 3; s.Valid() != want {
			t.Errorf("%d is valid: %v", s, s.Valid())
		}
	}
}

// Every flag of CreateMode.
func TestCreateFlags(t *testing.T) {
	for i, got := range []int{0, FlagEphemeral, FlagSequential, FlagEphemeral | FlagSequential,
		FlagContainer, FlagTTL, FlagTTLSeq} {
		if got != i {
			t.Errorf("flag %d is %d", i, got)
		}
	}
}

// The permissions of ZooDefs.Perms are bits, and PermAll is all of them.
func TestPerms(t *testing.T) {
	sum := 0
	for i, p := range []int{PermRead, PermWrite, PermCreate, PermDelete, PermAdmin} {
		if p != 1<<i {
			t.Errorf("permission %d is %d", i, p)
		}
		sum |= p
	}
	if sum != PermAll {
		t.Errorf("all of them are %d", sum)
	}
	world := ID{"world", "anyone"}
	if a := OpenACLUnsafe; len(a) != 1 || a[0] != (ACL{PermAll, world}) {
		t.Errorf("OpenACLUnsafe is %v", a)
	}
	if a := ReadACLUnsafe; len(a) != 1 || a[0] != (ACL{PermRead, world}) {
		t.Errorf("ReadACLUnsafe is %v", a)
	}
}

// A vote as lessons write it.
func TestVoteReads(t *testing.T) {
	for _, c := range []struct {
		v    Vote
		want string
	}{
		{Vote{Leader: 3, Zxid: MakeZxid(1, 5), PeerEpoch: 1, ElectionEpoch: 2},
			"(leader 3, zxid 1:5, peerEpoch 1, round 2)"},
		{Vote{Leader: NoLeader, Zxid: MinZxid, PeerEpoch: -1, ElectionEpoch: -1},
			"(leader none, zxid min, peerEpoch -1, round -1)"},
	} {
		if got := c.v.String(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}
