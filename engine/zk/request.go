package zk

// Request is what a client asks a server, decoded. One flat record serves all operations; each
// uses the fields named beside it. (org.apache.zookeeper.proto records)
type Request struct {
	Type    OpCode
	Path    string
	Data    []byte    // create*, setData, auth
	ACL     []ACL     // create*, setACL
	Flags   int32     // create*: CreateMode
	Version int32     // setData, delete, check, setACL; -1 is any
	TTL     int64     // createTTL, milliseconds
	Timeout int32     // createSession, milliseconds
	Watch   bool      // exists, getData, getChildren, getChildren2
	Mode    int32     // addWatch mode, removeWatches type, auth type
	Scheme  string    // auth
	Ops     []Request // multi, multiRead

	// setWatches and setWatches2
	RelativeZxid Zxid
	Watches      [5][]string // data, exist, child, persistent, persistent recursive

	// reconfig
	Joining, Leaving, NewMembers string
	CurConfigID                  int64

	// Malformed says that the body could not be decoded; the answer is ErrMarshallingError.
	Malformed bool
}

// Result is what a server answers, decoded. Err decides which fields are meaningful.
type Result struct {
	Err      ErrorCode
	Path     string   // create*, sync
	Data     []byte   // getData, reconfig
	Stat     Stat     // create2, exists, getData, setData, getChildren2, ...
	Children []string // getChildren, getChildren2
	ACL      []ACL    // getACL
	IDs      []ID     // whoAmI
	Ops      []Result // multi, multiRead; OpType tells what each is
	OpType   OpCode   // of a part of a multi: create, create2, delete, setData, check, error
}

// WatchEvent is one watch notification. (org.apache.zookeeper.proto.WatcherEvent)
type WatchEvent struct {
	Type  int32 // 1 NodeCreated, 2 NodeDeleted, 3 NodeDataChanged, 4 NodeChildrenChanged
	State int32 // 3 SyncConnected
	Path  string
}
