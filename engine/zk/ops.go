package zk

import "fmt"

// OpCode is the type of a client request and of a transaction. (org.apache.zookeeper.ZooDefs.OpCode)
type OpCode int32

// Operation codes with their wire numbers.
const (
	OpError           OpCode = -1
	OpCreateSession   OpCode = -10
	OpCloseSession    OpCode = -11
	OpNotify          OpCode = 0
	OpCreate          OpCode = 1
	OpDelete          OpCode = 2
	OpExists          OpCode = 3
	OpGetData         OpCode = 4
	OpSetData         OpCode = 5
	OpGetACL          OpCode = 6
	OpSetACL          OpCode = 7
	OpGetChildren     OpCode = 8
	OpSync            OpCode = 9
	OpPing            OpCode = 11
	OpGetChildren2    OpCode = 12
	OpCheck           OpCode = 13
	OpMulti           OpCode = 14
	OpCreate2         OpCode = 15
	OpReconfig        OpCode = 16
	OpCheckWatches    OpCode = 17
	OpRemoveWatches   OpCode = 18
	OpCreateContainer OpCode = 19
	OpDeleteContainer OpCode = 20
	OpCreateTTL       OpCode = 21
	OpMultiRead       OpCode = 22
	OpAuth            OpCode = 100
	OpSetWatches      OpCode = 101
	OpSasl            OpCode = 102
	OpGetEphemerals   OpCode = 103
	OpGetAllChildren  OpCode = 104 // getAllChildrenNumber
	OpSetWatches2     OpCode = 105
	OpAddWatch        OpCode = 106
	OpWhoAmI          OpCode = 107
)

var opNames = map[OpCode]string{
	OpError: "error", OpCreateSession: "createSession", OpCloseSession: "closeSession",
	OpNotify: "notify", OpCreate: "create", OpDelete: "delete", OpExists: "exists",
	OpGetData: "getData", OpSetData: "setData", OpGetACL: "getACL", OpSetACL: "setACL",
	OpGetChildren: "getChildren", OpSync: "sync", OpPing: "ping", OpGetChildren2: "getChildren2",
	OpCheck: "check", OpMulti: "multi", OpCreate2: "create2", OpReconfig: "reconfig",
	OpCheckWatches: "checkWatches", OpRemoveWatches: "removeWatches",
	OpCreateContainer: "createContainer", OpDeleteContainer: "deleteContainer",
	OpCreateTTL: "createTTL", OpMultiRead: "multiRead", OpAuth: "auth",
	OpSetWatches: "setWatches", OpSasl: "sasl", OpGetEphemerals: "getEphemerals",
	OpGetAllChildren: "getAllChildrenNumber", OpSetWatches2: "setWatches2", OpAddWatch: "addWatch",
	OpWhoAmI: "whoAmI",
}

// String is the constant's name in ZooDefs.OpCode, as the recorded facts write it.
func (o OpCode) String() string {
	if s, ok := opNames[o]; ok {
		return s
	}
	return fmt.Sprintf("OpCode(%d)", int32(o))
}

// IsWrite reports whether the request gets a zxid when it is asked for over a global session.
// (PrepRequestProcessor.pRequest)
func (o OpCode) IsWrite() bool {
	switch o {
	case OpCreate, OpCreate2, OpCreateTTL, OpCreateContainer, OpDelete, OpDeleteContainer,
		OpSetData, OpSetACL, OpReconfig, OpCheck, OpMulti, OpCreateSession, OpCloseSession:
		return true
	}
	return false
}

// Create flags of a create request. (org.apache.zookeeper.CreateMode)
const (
	FlagEphemeral  = 1
	FlagSequential = 2
	FlagContainer  = 4
	FlagTTL        = 5
	FlagTTLSeq     = 6
)

// ErrorCode is the err field of a reply and of an error transaction.
// (org.apache.zookeeper.KeeperException.Code)
type ErrorCode int32

// Error codes with their wire numbers.
const (
	ErrOK                      ErrorCode = 0
	ErrSystemError             ErrorCode = -1
	ErrRuntimeInconsistency    ErrorCode = -2
	ErrDataInconsistency       ErrorCode = -3
	ErrConnectionLoss          ErrorCode = -4
	ErrMarshallingError        ErrorCode = -5
	ErrUnimplemented           ErrorCode = -6
	ErrOperationTimeout        ErrorCode = -7
	ErrBadArguments            ErrorCode = -8
	ErrUnknownSession          ErrorCode = -12
	ErrNewConfigNoQuorum       ErrorCode = -13
	ErrReconfigInProgress      ErrorCode = -14
	ErrAPIError                ErrorCode = -100
	ErrNoNode                  ErrorCode = -101
	ErrNoAuth                  ErrorCode = -102
	ErrBadVersion              ErrorCode = -103
	ErrNoChildrenForEphemerals ErrorCode = -108
	ErrNodeExists              ErrorCode = -110
	ErrNotEmpty                ErrorCode = -111
	ErrSessionExpired          ErrorCode = -112
	ErrInvalidCallback         ErrorCode = -113
	ErrInvalidACL              ErrorCode = -114
	ErrAuthFailed              ErrorCode = -115
	ErrSessionMoved            ErrorCode = -118
	ErrNotReadOnly             ErrorCode = -119
	ErrEphemeralOnLocalSession ErrorCode = -120
	ErrNoWatcher               ErrorCode = -121
	ErrRequestTimeout          ErrorCode = -122
	ErrReconfigDisabled        ErrorCode = -123
	ErrSessionClosedNoAuth     ErrorCode = -124
	ErrQuotaExceeded           ErrorCode = -125
	ErrThrottledOp             ErrorCode = -127
)

var errorNames = map[ErrorCode]string{
	ErrOK: "ok", ErrSystemError: "SystemError", ErrRuntimeInconsistency: "RuntimeInconsistency",
	ErrDataInconsistency: "DataInconsistency", ErrConnectionLoss: "ConnectionLoss",
	ErrMarshallingError: "MarshallingError", ErrUnimplemented: "Unimplemented",
	ErrOperationTimeout: "OperationTimeout", ErrBadArguments: "BadArguments",
	ErrUnknownSession: "UnknownSession", ErrNewConfigNoQuorum: "NewConfigNoQuorum",
	ErrReconfigInProgress: "ReconfigInProgress", ErrAPIError: "APIError", ErrNoNode: "NoNode",
	ErrNoAuth: "NoAuth", ErrBadVersion: "BadVersion",
	ErrNoChildrenForEphemerals: "NoChildrenForEphemerals", ErrNodeExists: "NodeExists",
	ErrNotEmpty: "NotEmpty", ErrSessionExpired: "SessionExpired",
	ErrInvalidCallback: "InvalidCallback", ErrInvalidACL: "InvalidACL",
	ErrAuthFailed: "AuthFailed", ErrSessionMoved: "SessionMoved", ErrNotReadOnly: "NotReadOnly",
	ErrEphemeralOnLocalSession: "EphemeralOnLocalSession", ErrNoWatcher: "NoWatcher",
	ErrRequestTimeout: "RequestTimeout", ErrReconfigDisabled: "ReconfigDisabled",
	ErrSessionClosedNoAuth: "SessionClosedRequireSaslAuth", ErrQuotaExceeded: "QuotaExceeded",
	ErrThrottledOp: "ThrottledOp",
}

// Error makes an ErrorCode usable as a Go error; it is the Java constant's name.
func (e ErrorCode) Error() string {
	if s, ok := errorNames[e]; ok {
		return s
	}
	return fmt.Sprintf("ErrorCode(%d)", int32(e))
}
