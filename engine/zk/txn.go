package zk

// Perms of an ACL entry, bits that may be joined. (ZooDefs.Perms)
const (
	PermRead   = 1
	PermWrite  = 2
	PermCreate = 4
	PermDelete = 8
	PermAdmin  = 16
	PermAll    = 31
)

// ID names whom an ACL entry speaks of. (org.apache.zookeeper.data.Id)
type ID struct{ Scheme, ID string }

// ACL is one entry of an access control list. (org.apache.zookeeper.data.ACL)
type ACL struct {
	Perms int32
	ID    ID
}

// OpenACLUnsafe lets anyone do anything. (ZooDefs.Ids.OPEN_ACL_UNSAFE). Callers must not change it.
var OpenACLUnsafe = []ACL{{PermAll, ID{"world", "anyone"}}}

// ReadACLUnsafe lets anyone read. (ZooDefs.Ids.READ_ACL_UNSAFE). Callers must not change it.
var ReadACLUnsafe = []ACL{{PermRead, ID{"world", "anyone"}}}

// Txn is one transaction: header, body and, where the leader computed it, the digest of the tree
// after it. It is made once, by the leader's PrepRequestProcessor or by a decoder, and then shared
// by every packet, log and tree that holds it: nobody may change it afterwards.
// (org.apache.zookeeper.txn.TxnHeader and its body records)
type Txn struct {
	Session int64 // TxnHeader.clientId: session id of the client that asked, 0 for none
	Cxid    int32 // the client's request number
	Zxid    Zxid
	Time    int64 // wall clock of the leader, milliseconds
	Type    OpCode

	Path           string    // create*, delete*, setData, setACL, check, reconfig
	Data           []byte    // create*, setData, reconfig; nil is Java's null
	ACL            []ACL     // create*, setACL
	Ephemeral      bool      // create, create2
	ParentCVersion int32     // create*: the parent's cversion after this create
	Version        int32     // setData, setACL, reconfig: new version; check: version asked for
	TTL            int64     // createTTL, milliseconds
	Timeout        int32     // createSession, milliseconds
	Err            ErrorCode // error
	HasPaths       bool      // closeSession: the body is there (CloseSessionTxn, 3.6 and later)
	Paths          []string  // closeSession: ephemerals to delete
	Ops            []Txn     // multi: Type and body of each (header fields unset)

	HasDigest     bool
	DigestVersion int32
	Digest        uint64 // 64-bit sum over the tree after this transaction

	// Encoded is the payload as it stands in a PROPOSAL and in the log: header, body, digest.
	// Set once by jute.EncodeTxn, so that all servers share the same bytes.
	Encoded []byte
	// Checksum is the Adler32 of Encoded, valid when Encoded is set.
	Checksum uint32
	// Record is the transaction as a log holds it: checksum, length, Encoded, end mark. Set once, by
	// what set Encoded or, for a transaction that came in a packet, by the first database that logs
	// it, so that the disks of all servers share the same bytes.
	Record []byte
}

// Stat is what a client is told of a node. (org.apache.zookeeper.data.Stat)
type Stat struct {
	Czxid, Mzxid            Zxid
	Ctime, Mtime            int64 // wall clock, milliseconds
	Version                 int32
	Cversion                int32 // creations and deletions of children
	Aversion                int32
	EphemeralOwner          int64
	DataLength, NumChildren int32
	Pzxid                   Zxid
}
