package scenario

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// exchange is one request of a client and the answer, without zxids and stats.
type exchange struct{ ask, answer string }

// answers makes the requests of a client one by one.
func (r *running) answers(client string, list []exchange) {
	r.t.Helper()
	for _, x := range list {
		if got := brief(r.t, r.do("do "+client+" "+x.ask+" quiet 0s")); got != x.answer {
			r.t.Errorf("%s: %s, want %s", x.ask, got, x.answer)
		}
	}
}

// brief keeps of one answer what a person would say: the error, the name, the data, the children or
// the parts of a multi.
func brief(t *testing.T, text string) string {
	t.Helper()
	var list []map[string]any
	if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) != 1 {
		t.Fatalf("%s: %v", text, err)
	}
	for _, key := range []string{"error", "created", "data", "children", "ok"} {
		if v, there := list[0][key]; there {
			return fmt.Sprint(v)
		}
	}
	return "ok"
}

// A sequential name ends with the number of children ever created, ten digits wide; a number is not
// given out again. (PrepRequestProcessor.pRequest2TxnCreate)
func TestSequentialNames(t *testing.T) {
	r := trio(t)
	r.do("client c via 1")
	r.answers("c", []exchange{
		{"create /q", "/q"},
		{"create /q/n- sequential", "/q/n-0000000000"},
		{"create /q/n- sequential", "/q/n-0000000001"},
		{"create /q/plain", "/q/plain"},
		{"create /q/other- ephemeral sequential", "/q/other-0000000003"},
		{"delete /q/n-0000000001", "ok"},
		{"delete /q/n-0000000000", "ok"},
		{"create /q/n- sequential", "/q/n-0000000004"},
		{"children /q", "[n-0000000004 other-0000000003 plain]"},
		{"multi [create /q/n- sequential; create /q/n- sequential]",
			"[[create /q/n-0000000005] [create /q/n-0000000006]]"},
		{"multi [create /q/n- sequential; check /none]", "[[error ok] [error NoNode]]"},
		{"create /q/n- sequential", "/q/n-0000000007"},
	})
}

// What may not be is answered with the error that ZooKeeper gives. (PrepRequestProcessor)
func TestErrorsOfRequests(t *testing.T) {
	r := trio(t)
	r.do("client c via 2")
	r.answers("c", []exchange{
		{"create /a one", "/a"},
		{"create /a two", "NodeExists (-110)"},
		{"create /none/b", "NoNode (-101)"},
		{"create /e x ephemeral", "/e"},
		{"create /e/child", "NoChildrenForEphemerals (-108)"},
		{"create /e/child ephemeral sequential", "NoChildrenForEphemerals (-108)"},
		{"set /a two version 1", "BadVersion (-103)"},
		{"set /a two version 0", "ok"},
		{"set /a three", "ok"},
		{"get /a", "three"},
		{"set /none x", "NoNode (-101)"},
		{"delete /a version 1", "BadVersion (-103)"},
		{"create /a/b", "/a/b"},
		{"delete /a", "NotEmpty (-111)"},
		{"delete /none", "NoNode (-101)"},
		{"delete /", "BadArguments (-8)"},
		{"delete /zookeeper", "BadArguments (-8)"},
		{"get /none watch", "NoNode (-101)"},
		{"exists /none watch", "NoNode (-101)"},
		{"children /none", "NoNode (-101)"},
		{"children /a", "[b]"},
		{"sync /a", "ok"},
	})
}

// A multi is made as a whole or not at all; the part that failed says why, those behind it did not
// run. (DataTree.processTxn, case OpCode.multi)
func TestMultiIsAllOrNothing(t *testing.T) {
	r := trio(t)
	r.do("client c via 3")
	r.answers("c", []exchange{
		{"multi []", "[]"},
		{"multi [create /m; create /m/a; set /m x version 0; check /m version 1; delete /m/a]",
			"[[create /m] [create /m/a] [set] [check] [delete]]"},
		{"multi [set /m y; check /m version 9; create /never]",
			"[[error ok] [error BadVersion] [error RuntimeInconsistency]]"},
		{"get /m", "x"},
		{"exists /never", "NoNode (-101)"},
		{"multi [create /m]", "[[error NodeExists]]"},
		{"multi [check /m version 2]", "[[error BadVersion]]"},
		{"multi [check /m version 1]", "[[check]]"},
		{"multi [delete /m; create /m new]", "[[delete] [create /m]]"},
		{"get /m", "new"},
	})
}

// A watch tells of the next change and of no other. (WatchManager.triggerWatch)
func TestAWatchFiresOnce(t *testing.T) {
	r := trio(t)
	r.do("client c via 1", "client d via 2", "do c create /a one; create /a/b")
	r.do("do d get /a watch; children /a watch; exists /none watch")
	if n := r.happened(event.WatchFired); n != 0 {
		t.Fatalf("%d watches have fired before anything changed", n)
	}
	for _, x := range []struct {
		change string
		fired  int
	}{
		{"set /a two", 1}, {"set /a three", 1}, {"create /a/c", 2}, {"delete /a/c", 2},
		{"create /none", 3}, {"set /none x", 3},
	} {
		r.do("do c " + x.change)
		if n := r.happened(event.WatchFired); n != x.fired {
			t.Errorf("after %s, %d watches have fired, want %d", x.change, n, x.fired)
		}
	}
}

// An ephemeral node goes with its session, whether that is closed or falls silent, and not before.
func TestAnEphemeralNodeGoesWithItsSession(t *testing.T) {
	r := trio(t)
	r.do("client c via 1 timeout 4s", "do c create /e x ephemeral", "drop c", "wait until min 1s")
	if got := r.do("read 2 /e"); !strings.Contains(got, `"ephemeralOwner":"S1"`) {
		t.Errorf("gone before its time: %s", got)
	}
	r.do("wait until min 4s")
	if got := r.do("read 2 /e"); !strings.Contains(got, "NoNode") {
		t.Errorf("it outlived its session: %s", got)
	}
	r.do("client d via 2 timeout 4s", "do d create /e x ephemeral", "end d")
	if got := r.do("read 3 /e"); !strings.Contains(got, "NoNode") {
		t.Errorf("it outlived a session that was closed: %s", got)
	}
}

// Sessions are measured by the leader's clock: one that runs twice as fast ends them in half the
// time.
func TestAFastClockExpiresSessionsEarly(t *testing.T) {
	for rate, there := range map[string]bool{"1": true, "2": false} {
		r := trio(t)
		r.do("client c via 1 timeout 6s", "do c create /e x ephemeral", "skew 3 rate "+rate, "drop c",
			"wait until min 4s")
		if got := r.do("read 2 /e"); strings.Contains(got, "NoNode") == there {
			t.Errorf("leader's clock at %s: %s", rate, got)
		}
	}
}

// An observer serves and takes writes, and is no part of a quorum. (Observer, QuorumMaj)
func TestAnObserverIsNoPartOfAQuorum(t *testing.T) {
	r := newRun(t, "servers 1,2,3 observers 4,5\nseed 3")
	r.do("start 1,2,3,4,5 until serving 1,2,3,4,5 leader 3 roles 4=observer 5=observer")
	r.do("write 4 create /a x", "kill 1,2 until not_serving 3,4,5",
		"start 1 until serving 1,3,4,5 leader 3")
	if got := r.do("write 5 set /a y; get /a"); !strings.Contains(got, `"data":"y"`) {
		t.Error(got)
	}
	r.do("kill 4,5")
	if got := r.do("read 1 /a"); !strings.Contains(got, `"data":"y"`) {
		t.Error("the observers were missed:", got)
	}
}

// With groups, a majority of servers may be no quorum, and less than one may be.
// (QuorumHierarchical.containsQuorum)
func TestGroupsDecideWhatAQuorumIs(t *testing.T) {
	r := newRun(t, "servers 1,2,3,4,5,6,7,8,9\ngroups 1,2,3 | 4,5,6 | 7,8,9\nseed 3")
	r.do("start 1,2,4,5 until leader 5 serving 1,2,4,5") // four of nine, in two of three groups
	r.do("start 3,6,7 until serving 3,6,7")
	r.do("kill 5 until serving 1,2,3,4,6,7 timeout 20s")
	r.do("kill 6 until not_serving 1,2,3,4,7") // five of nine, and only one group is whole
	r.do("start 8 until serving 1,2,3,4,7,8 timeout 20s")
}

// A leader behind a partition gives up once it has not heard from a quorum for syncLimit; what is
// written on the other side reaches it when the partition ends. (Leader.lead)
func TestALeaderInTheMinorityGivesUp(t *testing.T) {
	r := trio(t)
	r.do("client c via 3", "partition 3 | 1,2 until not_serving 3 leader 2")
	if got := r.do("do c set / x"); !strings.Contains(got, "ConnectionError") {
		t.Errorf("a client of the old leader: %s", got)
	}
	r.do("write 1 create /a new")
	if got := r.do("refused 3"); !strings.Contains(got, "refused: no session") {
		t.Errorf("the old leader takes sessions: %s", got)
	}
	r.do("heal until serving 1,2,3 roles 3=follower")
	if got := r.do("read 3 /a"); !strings.Contains(got, `"data":"new"`) {
		t.Error(got)
	}
}

// Cut off in one direction only, a leader hears nobody and yet is heard: it has to give up all the
// same.
func TestALeaderThatIsNotHeardGivesUp(t *testing.T) {
	r := trio(t)
	r.do("partition 3 | 1,2 oneway until not_serving 3 leader 2 timeout 20s",
		"heal until serving 1,2,3 leader 2 timeout 20s")
}

// A leader that is frozen is replaced, and follows when it wakes up.
func TestAFrozenLeaderIsReplaced(t *testing.T) {
	r := trio(t)
	r.do("write 1 create /a one", "pause 3 until leader 2 not_serving 3", "write 1 set /a two",
		"resume 3 until roles 3=follower")
	if got := r.do("read 3 /a"); !strings.Contains(got, `"data":"two"`) {
		t.Error(got)
	}
	if n := r.run.peer(3).Status().Zxid.Epoch(); n != 2 {
		t.Errorf("it is in epoch %d", n)
	}
}

// Who comes when a leader is there follows it, however large its id. (FastLeaderElection)
func TestALateServerFollows(t *testing.T) {
	r := newRun(t, "servers 1,2,3\nseed 3")
	r.do("start 1,2 until serving 1,2 leader 2", "start 3 until serving 3 roles 3=follower 2=leader")
}

// A counter that runs out ends the epoch: the leader steps down, and the next epoch begins behind
// the same first counter. (ZOOKEEPER-1277)
func TestACounterThatRunsOutEndsTheEpoch(t *testing.T) {
	r := newRun(t, "servers 1,2,3\nseed 3\ncfg initialCounter=4294967290\noptions release=correct")
	r.do("start 1,2,3 until serving 1,2,3 leader 3")
	if got := r.do("write 1 create /a x"); !strings.Contains(got, `"zxid":"0x1fffffffc"`) {
		t.Error(got)
	}
	if got := r.do("write 1 set /a y; set /a z"); !strings.Contains(got, "ConnectionError") {
		t.Errorf("the epoch goes on: %s", got)
	}
	r.do("wait until serving 1,2,3")
	if got := r.do("write 1 set /a w"); !strings.Contains(got, `"mzxid":"0x2fffffffc"`) {
		t.Error(got)
	}
}

// A quorum is as fast as the faster disks in it.
func TestASlowDiskHoldsNobodyUpIfItIsNotNeeded(t *testing.T) {
	r := trio(t)
	took := func(command string) node.Time {
		from := r.run.Sim().Now()
		r.do(command + " quiet 0s")
		return r.run.Sim().Now() - from
	}
	r.do("disk 1 slow")
	if d := took("write 3 create /a x"); d > 50*node.Millisecond {
		t.Errorf("one slow disk of three: %d ms", d/node.Millisecond)
	}
	r.do("disk 2 slow")
	if d := took("write 3 set /a y"); d < 2*slowBy { // the session, the write and the end of it
		t.Errorf("two slow disks of three: %d ms", d/node.Millisecond)
	}
	r.do("disk 1 whole", "disk 2 whole")
	if d := took("write 3 set /a z"); d > 50*node.Millisecond {
		t.Errorf("whole disks: %d ms", d/node.Millisecond)
	}
}

// A leader that cannot write ends itself, and the others go on without it.
func TestALeaderWithoutADiskEndsItself(t *testing.T) {
	for _, fault := range []string{"full", "broken"} {
		r := trio(t)
		r.do("write 1 create /a one", "disk 3 "+fault)
		if got := r.do("write 1 set /a two"); !strings.Contains(got, "ConnectionError") {
			t.Errorf("%s: %s", fault, got)
		}
		r.do("wait until serving 1,2 leader 2 not_serving 3", "write 1 set /a three")
		if r.run.Sim().Up(3) {
			t.Errorf("%s: server 3 is still there", fault)
		}
		r.do("disk 3 whole", "start 3 until serving 3")
		if got := r.do("read 3 /a"); !strings.Contains(got, `"data":"three"`) {
			t.Errorf("%s: %s", fault, got)
		}
	}
}

// A server whose disk was emptied is sent a snapshot: the leader cannot start a DIFF at nothing.
// (LearnerHandler.syncFollower)
func TestAnEmptyServerIsSentASnapshot(t *testing.T) {
	r := trio(t)
	r.do("write 1 create /a x", "kill 1", "wipe 1")
	r.status(`{"process":"down","mode":null,"zxid":null,"acceptedEpoch":null,"currentEpoch":null,` +
		`"loggedZxid":null,"loggedTxns":0,"snapshots":[],"logFiles":[]}`)
	r.do("start 1 until serving 1")
	r.status(`{"process":"up","mode":"follower","zxid":"0x100000003","nodeCount":6,"acceptedEpoch":1,` +
		`"currentEpoch":1,"loggedZxid":null,"loggedTxns":0,"snapshots":["0x0","0x100000003"],"logFiles":[]}`)
	if n := r.happened(event.SnapshotInstalled); n != 1 {
		t.Errorf("%d snapshots were installed", n)
	}
}

// Log files are as long as snapCount allows, and the process that comes after reads them on from the
// newest snapshot. (SyncRequestProcessor.shouldSnapshot)
func TestLogsRollAndSnapshotsFollow(t *testing.T) {
	r := newRun(t, "servers 1,2,3\nseed 3\ncfg snapCount=20")
	r.do("start 1,2,3 until serving 1,2,3", "bulk 1 /a count 100", "wait quiet 6s")
	o := r.run.status(1)
	logs, snaps := o.get("logFiles").([]string), o.get("snapshots").([]string)
	if len(logs) < 5 || len(logs) > 10 || len(snaps) < 2 || o.get("loggedTxns") != 103 {
		t.Errorf("%d log files, snapshots %v, %v transactions", len(logs), snaps, o.get("loggedTxns"))
	}
	r.do("crash 1", "start 1 until serving 1")
	if got := r.do("read 1 /a"); !strings.Contains(got, `"version":100`) {
		t.Error(got)
	}
}

// A write that nobody was told of is decided by whoever leads next, for all: if one follower has it,
// it wins the election and the write stays; if none has, the old leader has to cut it off.
func TestAnUnansweredWriteIsDecidedForAll(t *testing.T) {
	for _, x := range []struct{ lost, data string }{{"2", "y"}, {"1,2", "x"}} {
		r := trio(t)
		r.do("client c via 3", "do c create /a x", "hold 3 to 1 quiet 0s", "hold 3 to 2 quiet 0s",
			"hold 1 to 3 quiet 0s", "send c set /a y quiet 5ms")
		for id := range strings.SplitSeq(x.lost, ",") {
			r.do("lose 3 to " + id + " packet PROPOSAL quiet 0s")
		}
		if x.lost == "2" {
			r.do("deliver 3 to 1 packet PROPOSAL quiet 5ms") // its ACK never arrives
		}
		r.do("kill 3 quiet 0s", "release 3 to 1", "release 3 to 2", "release 1 to 3",
			"wait until serving 1,2", "start 3 until serving 1,2,3")
		for _, id := range []string{"1", "2", "3"} {
			if got := r.do("read " + id + " /a"); !strings.Contains(got, `"data":"`+x.data+`"`) {
				t.Errorf("lost on the way to %s, server %s: %s", x.lost, id, got)
			}
		}
		if n := r.happened(event.Truncated); (n > 0) != (x.data == "x") {
			t.Errorf("lost on the way to %s: %d logs were truncated", x.lost, n)
		}
	}
}

// reconfigurable is an ensemble of three that 4 and 5 can join.
func reconfigurable(t *testing.T) *running {
	t.Helper()
	r := newRun(t, "servers 1,2,3,4,5\nserver 1 view 1,2,3\nserver 2 view 1,2,3\nserver 3 view 1,2,3\n"+
		"reconfigurable\nsys zookeeper.skipACL=yes\noptions release=correct\nseed 3")
	r.do("start 1,2,3 until serving 1,2,3 leader 3", "write 1 create /a one", "start 4,5 until min 2s")
	return r
}

// members is the configuration that a server says it is in, as voters joined by commas.
func (r *running) members(id node.ID) string {
	last := ""
	rec := r.run.Trace()
	rec.Iterate(rec.First(), rec.Len(), func(e *trace.Event) bool {
		if e.Kind == event.ConfigInstalled && e.Node == id {
			last = e.Args[1].S
		}
		return true
	})
	return last
}

// A reconfiguration breaks none of Zab's promises: those who join are told with COMMITANDACTIVATE,
// and a leader that leaves designates another, without votes, under which elections begin anew.
func TestAReconfigurationBreaksNoPromise(t *testing.T) {
	r := reconfigurable(t)
	for _, x := range []struct{ command, voters string }{
		{"reconfig 1 joining 4,5 until serving 1,2,3,4,5", "1,2,3,4,5"},
		{"reconfig 1 leaving 1 until leader 3", "2,3,4,5"},
		{"reconfig 2 leaving 3 until serving 2,4,5 leader any timeout 20s", "2,4,5"},
		{"reconfig 4 joining 1 leaving 2 until serving 1,4,5 leader any timeout 20s", "1,4,5"},
	} {
		r.do(x.command, "write 4 set /a "+x.voters)
		if got := r.members(4); got != x.voters {
			t.Errorf("%s: server 4 is in an ensemble of %s", x.command, got)
		}
	}
	designated := 0
	rec := r.run.Trace()
	rec.Iterate(rec.First(), rec.Len(), func(e *trace.Event) bool {
		if e.Kind == event.Elected && e.Args[4].S == "DESIGNATED" {
			designated++
		}
		return true
	})
	if designated == 0 || r.happened(event.ElectionRestarted) == 0 {
		t.Errorf("%d were designated, %d elections began anew", designated,
			r.happened(event.ElectionRestarted))
	}
	for _, res := range r.run.Results() {
		for _, v := range res.Violations {
			t.Errorf("%s: %s", res.Command.Text(), v)
		}
	}
}

// What cannot be made of an ensemble is answered with an error and changes nothing.
// (PrepRequestProcessor.pRequest2Txn, case OpCode.reconfig)
func TestReconfigurationsThatAreRefused(t *testing.T) {
	r := reconfigurable(t)
	before := r.happened(event.ConfigInstalled)
	for command, want := range map[string]string{
		`reconfig 1 joining "server.5=nonsense"`: "BadArguments (-8)",
		`reconfig 1 members "nonsense"`:          "BadArguments (-8)",
		"reconfig 1 joining 4 members all":       "BadArguments (-8)",
		"reconfig 1 leaving 1,2,3":               "BadArguments (-8)",
	} {
		if got := r.do(command); !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", command, got, want)
		}
		if n := r.happened(event.ConfigInstalled); n != before {
			t.Errorf("%s: %d configurations were installed", command, n-before)
		}
	}
	closed := newRun(t, "servers 1,2,3\nseed 3\nsys zookeeper.skipACL=yes")
	closed.do("start 1,2,3 until serving 1,2,3")
	if got := closed.do("reconfig 1 leaving 1"); !strings.Contains(got, "ReconfigDisabled (-123)") {
		t.Errorf("without reconfigEnabled: %s", got)
	}
	locked := newRun(t, "servers 1,2,3\nseed 3\nreconfigurable")
	locked.do("start 1,2,3 until serving 1,2,3")
	if got := locked.do("reconfig 1 leaving 1"); !strings.Contains(got, "NoAuth (-102)") {
		t.Errorf("without a right to write the configuration: %s", got)
	}
}

// The same script on another seed gives other times and the same tree; the same seed the same bytes.
func TestASeedDecidesTheTimes(t *testing.T) {
	run := func(seed int) (hash [32]byte, zxid zk.Zxid) {
		r := newRun(t, fmt.Sprintf("servers 1,2,3\nseed %d", seed))
		r.do("start 1,2,3 until serving 1,2,3", "write 1 create /a x; set /a y; delete /a",
			"kill 3 until leader 2", "write 1 create /b x")
		return r.run.Trace().Hash(), r.run.peer(1).Status().Zxid
	}
	h5, z5 := run(5)
	again, _ := run(5)
	h6, z6 := run(6)
	if h5 != again || h5 == h6 || z5 != z6 {
		t.Errorf("hashes %x, %x, %x, zxids %s, %s", h5, again, h6, z5, z6)
	}
}
