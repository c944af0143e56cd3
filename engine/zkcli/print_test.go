package zkcli

import (
	"slices"
	"testing"

	"zabscope/engine/zk"
)

// What KeeperException.create(code, "/x").getMessage() and CliWrapperException print of every code
// in Apache ZooKeeper 3.8.0. RequestTimeout has no words there.
var printed = []struct {
	code      zk.ErrorCode
	exception string
	shell     string // "" if the same
}{
	{-1, "SystemError", ""}, {-2, "RuntimeInconsistency", ""}, {-3, "DataInconsistency", ""},
	{-4, "ConnectionLoss", ""}, {-5, "MarshallingError", ""}, {-6, "Unimplemented", ""},
	{-7, "OperationTimeout", ""}, {-8, "BadArguments", "Arguments are not valid : /x"},
	{-100, "APIError", ""}, {-101, "NoNode", "Node does not exist: /x"},
	{-102, "NoAuth", "Insufficient permission : /x"},
	{-103, "BadVersion", "version No is not valid : /x"},
	{-108, "NoChildrenForEphemerals", "Ephemerals cannot have children: /x"},
	{-110, "NodeExists", "Node already exists: /x"},
	{-111, "Directory not empty", "Node not empty: /x"}, {-112, "Session expired", ""},
	{-113, "Invalid callback", ""}, {-114, "InvalidACL", "Acl is not valid : /x"},
	{-115, "AuthFailed", ""}, {-118, "Session moved", ""},
	{-119, "Not a read-only call", "Not a read-only call: /x"},
	{-120, "Ephemeral node on local session", ""}, {-121, "No such watcher", ""},
	{-122, "Unknown error REQUESTTIMEOUT", ""}, {-123, "Reconfig is disabled", ""},
	{-124, "Session closed because client failed to authenticate", ""},
	{-125, "Quota has exceeded", "Quota has exceeded : /x"},
	{-127, "Op throttled due to high load", ""},
}

func TestErrorsAreWordedAsInJava(t *testing.T) {
	for _, p := range printed {
		exception := "KeeperErrorCode = " + p.exception
		if got := message(p.code, ""); got != exception {
			t.Errorf("%d is %q, want %q", p.code, got, exception)
		}
		exception += " for /x"
		if got := message(p.code, "/x"); got != exception {
			t.Errorf("%d is %q, want %q", p.code, got, exception)
		}
		want := p.shell
		if want == "" {
			want = exception
		}
		if got := wrapped(p.code, "/x"); got != want {
			t.Errorf("%d is printed as %q, want %q", p.code, got, want)
		}
	}
}

// CreateCommand.exec prints two errors twice.
func TestCreateSaysSomeErrorsTwice(t *testing.T) {
	q := zk.Request{Type: zk.OpCreate, Path: "/a", ACL: zk.OpenACLUnsafe}
	for code, want := range map[zk.ErrorCode][]string{
		zk.ErrNodeExists: {"Node already exists: /a"},
		zk.ErrNoNode:     {"Node does not exist: /a"},
		zk.ErrInvalidACL: {"KeeperErrorCode = InvalidACL for /a", "Acl is not valid : /a"},
		zk.ErrEphemeralOnLocalSession: {"Unable to create ephemeral node on a local session",
			"KeeperErrorCode = Ephemeral node on local session for /a"},
		zk.ErrNoChildrenForEphemerals: {"Ephemerals cannot have children: /a"},
		zk.ErrQuotaExceeded:           {"Quota has exceeded : /a"},
		zk.ErrConnectionLoss:          {"KeeperErrorCode = ConnectionLoss for /a"},
		zk.ErrSessionExpired:          {"KeeperErrorCode = Session expired for /a"},
	} {
		saw(t, "create /a", play(t, "create /a", exchange{q, failing(code)}), want...)
	}
}

// WatchedEvent.toString of Apache ZooKeeper 3.8.0, as the shell's watcher prints it.
func TestAWatchIsPrintedOnFourLines(t *testing.T) {
	for _, c := range []struct {
		event zk.WatchEvent
		want  string
	}{
		{zk.WatchEvent{Type: 1, State: 3, Path: "/a"}, "state:SyncConnected type:NodeCreated path:/a"},
		{zk.WatchEvent{Type: 2, State: 3, Path: "/a"}, "state:SyncConnected type:NodeDeleted path:/a"},
		{zk.WatchEvent{Type: 3, State: 3, Path: "/a"},
			"state:SyncConnected type:NodeDataChanged path:/a"},
		{zk.WatchEvent{Type: 4, State: 3, Path: "/"},
			"state:SyncConnected type:NodeChildrenChanged path:/"},
		{zk.WatchEvent{Type: -1, State: 0}, "state:Disconnected type:None path:null"},
		{zk.WatchEvent{Type: -1, State: -112}, "state:Expired type:None path:null"},
		{zk.WatchEvent{Type: 99, State: 98, Path: "/a"}, "state:98 type:99 path:/a"},
	} {
		want := []string{"", "WATCHER::", "", "WatchedEvent " + c.want}
		if got := Watched(c.event); !slices.Equal(got, want) {
			t.Errorf("%+v is printed as %q, want %q", c.event, got, want)
		}
	}
}

// bin/zkServer.sh, case status: it greps Mode out of what srvr answers.
func TestStatusTellsTheModeOrThatNobodyAnswers(t *testing.T) {
	const found = "Client port found: 2181. Client address: localhost. Client SSL: false."
	const nobody = "Error contacting service. It is probably not running."
	for mode, want := range map[string]string{"leader": "Mode: leader", "follower": "Mode: follower",
		"observer": "Mode: observer", "standalone": "Mode: standalone", "not-serving": nobody,
		"": nobody} {
		if got := Status(mode); !slices.Equal(got, []string{found, want}) {
			t.Errorf("status of %q is %q", mode, got)
		}
	}
}
