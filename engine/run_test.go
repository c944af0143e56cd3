package engine

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// trio is an ensemble of three that runs, server 3 leading.
func trio(t *testing.T) *running {
	t.Helper()
	r := start(t, Config{Servers: 3, Seed: 1})
	r.pass(3 * Second)
	r.are("FOLLOWING, FOLLOWING, LEADING")
	return r
}

// count counts the events of a kind at a machine behind an event.
func (r *running) count(behind Seq, at node.ID, k node.Kind) int {
	n := 0
	r.rec.Iterate(behind+1, r.rec.Len(), func(e *trace.Event) bool {
		if e.Node == at && e.Kind == k {
			n++
		}
		return true
	})
	return n
}

func TestLinesThatNobodyCanTypeAreRefused(t *testing.T) {
	r := trio(t)
	before := r.rec.Len()
	for _, c := range []struct {
		server     int
		line, want string
	}{
		{0, "ls /", "there is no server 0; this ensemble has 1 to 3"},
		{4, "ls /", "there is no server 4; this ensemble has 1 to 3"},
		{1001, "ls /", "there is no server 1001; this ensemble has 1 to 3"},
		{1, "status 9", "there is no server 9; this ensemble has 1 to 3"},
		{1, "status x", `status takes the number of one server, not "x"`},
		{1, "status 1 2", `status takes the number of one server, not "1 2"`},
	} {
		err := r.Type(c.server, c.line, func([]string) { t.Errorf("%s is answered", c.line) })
		if err == nil || err.Error() != c.want {
			t.Errorf("%s at %d: %v, want %s", c.line, c.server, err, c.want)
		}
	}
	if r.rec.Len() != before {
		t.Error("lines that were refused left a trace")
	}
	alone := start(t, Config{Servers: 1, Standalone: true})
	err := alone.Type(2, "ls /", nil)
	if err == nil || err.Error() != "there is no server 2; there is only server 1" {
		t.Errorf("at a server that is not there: %v", err)
	}
}

func TestWhatAsksForNothingIsAnsweredAtOnce(t *testing.T) {
	r := trio(t)
	before := r.rec.Len()
	for line, want := range map[string]string{"set /a": "set [-s] [-v version] path data",
		"version": "ZooKeeper CLI version: 3.8.0-5a02a05eddb59aee6ac762f7ea82e92a68eb9c0f, " +
			"built on 2022-02-25 08:49 UTC",
		"quit": "quit is left out of this shell; help lists what there is"} {
		if out := *r.types(1, line); strings.Join(out, "\n") != want {
			t.Errorf("%s prints %q", line, out)
		}
	}
	if r.rec.Len() != before {
		t.Error("it left a trace")
	}
}

// What is typed is told to the one who typed it, and happens for all to see.
func TestWhatIsTypedHappensInTheTrace(t *testing.T) {
	r := trio(t)
	before := r.rec.Len()
	out := r.types(2, "create /a one")
	if *out != nil {
		t.Fatal("it was answered before any time passed")
	}
	r.pass(Second)
	if got := strings.Join(*out, "\n"); got != "Created /a" {
		t.Fatalf("it printed %q", got)
	}
	const shell2 = node.FirstClient + 1
	for _, k := range []node.Kind{node.KindStarted, event.ClientConnected, event.ClientCalled,
		event.ClientAnswered} {
		if n := r.count(before, shell2, k); n != 1 {
			t.Errorf("%s happened %d times at the client", event.Vocabulary.Kinds[k].Name, n)
		}
	}
	for _, server := range []node.ID{1, 2, 3} {
		if n := r.count(before, server, event.Delivered); n != 2 { // the session and the node
			t.Errorf("server %d delivered %d transactions", server, n)
		}
	}
	r.do("write 2 set /a two") // over the same session
	if n := r.count(before, shell2, event.ClientConnected); n != 1 {
		t.Errorf("the client connected %d times", n)
	}
	r.wants(1, "get /a", "two")
}

func TestOneShellPrintsInTheOrderOfItsLines(t *testing.T) {
	r := trio(t)
	var order []string
	note := func(line string) {
		if err := r.Type(1, line, func(lines []string) {
			order = append(order, line+": "+strings.Join(lines, ", "))
		}); err != nil {
			t.Fatal(err)
		}
	}
	note("create /a one")
	note("ls -R /a")
	note("create /a/b two")
	note("deleteall /a")
	note("stat /a")
	r.pass(2 * Second)
	const want = "create /a one: Created /a; ls -R /a: /a; create /a/b two: Created /a/b; " +
		"deleteall /a: ; stat /a: Node does not exist: /a"
	if got := strings.Join(order, "; "); got != want {
		t.Errorf("printed %s\nwant %s", got, want)
	}
}

// A shell whose server has lost its quorum waits until that server notices; the others go on.
func TestAShellInTheMinorityWaitsAlone(t *testing.T) {
	r := start(t, Config{Servers: 5, Seed: 2, SyncLimit: 40})
	r.pass(3 * Second)
	r.wants(1, "create /a one", "Created /a")
	r.wants(5, "get /a", "one")
	if err := r.Do("partition 4,5 | 1,2,3"); err != nil {
		t.Fatal(err)
	}
	hangs := r.types(5, "set /a two")
	r.pass(5 * Second)
	if *hangs != nil {
		t.Fatalf("it printed %q without a quorum", *hangs)
	}
	r.wants(5, "status", "Client port found: 2181. Client address: localhost. Client SSL: false.",
		"Mode: leader")
	r.pass(20 * Second)
	if got := strings.Join(*hangs, "\n"); got != "KeeperErrorCode = ConnectionLoss for /a" {
		t.Errorf("the shell in the minority prints %q", got)
	}
	r.wants(1, "set /a three")
	r.do("heal")
	r.pass(20 * Second)
	r.wants(5, "get /a", "three")
}

func TestAShellLosesItsServerAndFindsItAgain(t *testing.T) {
	r := trio(t)
	r.wants(1, "create -e /e x", "Created /e")
	r.wants(1, "addauth digest u:p")
	r.do("kill 1")
	r.wants(1, "get /e", "KeeperErrorCode = ConnectionLoss for /e")
	r.do("start 1")
	r.wants(1, "getEphemerals", "[/e]") // the session lived on
	r.wants(1, "create /mine x auth::cdrwa", "Created /mine")
	r.wants(2, "get /mine", "Insufficient permission : /mine")
}

// After its session has expired a shell says so once, as zkCli does; the next line opens a new one,
// for which zkCli has to be started again.
func TestAShellGetsANewSessionWhenItsOwnIsGone(t *testing.T) {
	r := trio(t)
	r.wants(1, "create -e /e x", "Created /e")
	r.do("kill 1")
	r.pass(60 * Second)
	r.wants(2, "get /e", "Node does not exist: /e")
	r.do("start 1")
	r.wants(1, "get /e", "KeeperErrorCode = Session expired for /e")
	r.wants(1, "create -e /e again", "Created /e")
	r.wants(1, "getEphemerals", "[/e]")
}

// A shell at a dead server tries again while its session can be saved, and is then quiet: it does
// not fill the trace.
func TestAShellAtADeadServerBecomesQuiet(t *testing.T) {
	r := trio(t)
	r.wants(1, "ls /", "[zookeeper]")
	r.do("kill 1")
	r.pass(40 * Second)
	quiet := r.rec.Len()
	r.pass(100 * Second)
	r.rec.Iterate(quiet+1, r.rec.Len(), func(e *trace.Event) bool {
		if e.Node.IsClient() {
			t.Errorf("event %d is the client's: %s", e.Seq, event.Vocabulary.Kinds[e.Kind].Name)
		}
		return true
	})
	if n := r.count(0, node.FirstClient, event.ClientLost); n != 1 {
		t.Errorf("the loss was told %d times", n)
	}
}

func TestWatchesArePrintedWithTheNextLine(t *testing.T) {
	r := trio(t)
	r.wants(1, "create /a one", "Created /a")
	r.wants(1, "get -w /a", "one")
	r.wants(1, "ls -w /", "[a, zookeeper]")
	r.wants(2, "set /a two")
	r.wants(2, "create /b", "Created /b")
	r.pass(Second)
	r.wants(1, "get /a", "", "WATCHER::", "",
		"WatchedEvent state:SyncConnected type:NodeDataChanged path:/a", "", "WATCHER::", "",
		"WatchedEvent state:SyncConnected type:NodeChildrenChanged path:/", "two")
	r.wants(1, "get /a", "two")
}

func TestStatusIsThatOfZkServer(t *testing.T) {
	r := start(t, Config{Servers: 3, Observers: 1, Seed: 1})
	const found = "Client port found: 2181. Client address: localhost. Client SSL: false.\n"
	const nobody = "Error contacting service. It is probably not running."
	want := func(all string, states ...string) {
		t.Helper()
		for i, s := range states {
			if got := r.prints(1, fmt.Sprint("status ", i+1)); got != found+s {
				t.Errorf("%s: status of server %d is %q", all, i+1, got)
			}
		}
	}
	want("at the start", nobody, nobody, nobody, nobody)
	r.pass(3 * Second)
	want("serving", "Mode: follower", "Mode: follower", "Mode: leader", "Mode: observer")
	r.do("pause 1", "kill 4")
	want("one frozen, one down", nobody, "Mode: follower", "Mode: leader", nobody)
	if _, err := r.Status(5); err == nil {
		t.Error("a server that is not there has a status")
	}
}

// In whatever strides time passes, the same things done at the same times give the same trace.
func TestTheTraceDoesNotDependOnTheStrides(t *testing.T) {
	hash := func(stride Time) [32]byte {
		r := start(t, Config{Servers: 3, Seed: 9})
		to := func(at Time) {
			for stride > 0 && r.Now()+stride < at {
				r.RunUntil(r.Now() + stride)
			}
			r.RunUntil(at)
		}
		to(3 * Second)
		r.types(1, "create /a one")
		to(4 * Second)
		r.do("kill 3")
		r.types(2, "set /a two")
		to(10 * Second)
		r.do("start 3")
		to(20 * Second)
		return r.rec.Hash()
	}
	want := hash(0)
	for _, stride := range []Time{Second / 1000, Second / 30, Second} {
		if hash(stride) != want {
			t.Errorf("strides of %d ms give another trace", stride*1000/Second)
		}
	}
}

// Release 3.8.0 lets a learner enter an epoch before its log is on disk (ZOOKEEPER-4643): that is
// told as soon as it happens. With the repairs nothing of the kind is.
func TestBrokenPromisesAreInTheTrace(t *testing.T) {
	broken := func(o zk.Options) (rules string) {
		r := start(t, Config{Servers: 3, Seed: 1, Options: o})
		r.pass(3 * Second)
		r.wants(1, "create /a one", "Created /a")
		r.do("kill 2")
		r.wants(1, "set /a two")
		r.do("start 2")
		r.promisesHold()
		r.rec.Iterate(1, r.rec.Len(), func(e *trace.Event) bool {
			if e.Kind == node.KindViolated {
				rules += e.Args[0].S + " " + e.Args[3].S + "; "
			}
			return true
		})
		return rules
	}
	if got := broken(zk.Options3_8_0()); !strings.Contains(got, "E7 ZOOKEEPER-4643; ") {
		t.Errorf("of 3.8.0 is told: %s", got)
	}
	if got := broken(zk.OptionsCorrect()); got != "" {
		t.Errorf("of the repaired release is told: %s", got)
	}
}
