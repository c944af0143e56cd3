package scenario

import (
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
)

// alone is a server without an ensemble.
func alone(t *testing.T, more string) *running {
	t.Helper()
	r := newRun(t, "servers 1\ncfg standaloneEnabled=true "+more+"\nseed 5")
	r.do("start 1 until serving 1 roles 1=standalone")
	return r
}

// folds wants the fold of the trace to equal the machines.
func (r *running) folds() {
	r.t.Helper()
	if err := r.run.Sim().CheckFold(); err != nil {
		r.t.Error(err)
	}
}

// happened counts the events of a kind.
func (r *running) happened(k node.Kind) int {
	n := 0
	rec := r.run.Trace()
	rec.Iterate(rec.First(), rec.Len(), func(e *trace.Event) bool {
		if e.Kind == k {
			n++
		}
		return true
	})
	return n
}

// what the server says of itself and of its disk, as the facts do.
func (r *running) status(want string) {
	r.t.Helper()
	b, err := marshalPlain(r.run.status(1))
	if err != nil {
		r.t.Fatal(err)
	}
	if !strings.HasPrefix(string(b), want) {
		r.t.Errorf("status is\n%s\nwant\n%s", b, want)
	}
}

// A server of Apache ZooKeeper 3.8.0 with standaloneEnabled, first started, has snapshot.0 and
// nothing else; the first session is 0x1, and neither epoch file is ever there.
func TestAServerAloneServesAtOnceUnderEpochZero(t *testing.T) {
	r := newRun(t, "servers 1\ncfg standaloneEnabled=true\nseed 5")
	r.do("start 1 quiet 0ms")
	if now := r.run.Sim().Now(); now != 0 || r.run.mode(1) != "standalone" {
		t.Fatalf("at %d ns it is %s; it should serve at once", now, r.run.mode(1))
	}
	r.status(`{"process":"up","mode":"standalone","zxid":"0x0","nodeCount":5,` +
		`"acceptedEpoch":null,"currentEpoch":null`)
	if got := r.do("write 1 create /a one; set /a two; create /a x; get /a"); got !=
		`[{"op":"create","path":"/a","zxid":"0x2","created":"/a"},`+
			`{"op":"set","path":"/a","zxid":"0x3","stat":{"czxid":"0x2","mzxid":"0x3","version":1,`+
			`"cversion":0,"aversion":0,"ephemeralOwner":0,"dataLength":3,"numChildren":0,"pzxid":"0x2"}},`+
			`{"op":"create","path":"/a","error":"NodeExists (-110)"},`+
			`{"op":"get","path":"/a","zxid":"0x4","data":"two","stat":{"czxid":"0x2","mzxid":"0x3",`+
			`"version":1,"cversion":0,"aversion":0,"ephemeralOwner":0,"dataLength":3,"numChildren":0,`+
			`"pzxid":"0x2"}}]` {
		t.Errorf("got %s", got)
	}
	for _, k := range []node.Kind{event.LookingForLeader, event.StateChanged, event.NotificationSent,
		event.PacketSent, event.Proposed, event.AcceptedEpochWritten, event.CurrentEpochWritten} {
		if n := r.happened(k); n != 0 {
			t.Errorf("%s happened %d times", event.Vocabulary.Kinds[k].Name, n)
		}
	}
	r.folds()
}

func TestAServerAloneReplaysItsLogWhenItStartsAgain(t *testing.T) {
	r := alone(t, "")
	r.do("write 1 create /a one; create /a/b two", "kill 1", "start 1 until roles 1=standalone")
	if got := r.do("read 1 /a/b"); !strings.Contains(got, `"data":"two"`) {
		t.Errorf("after the restart /a/b is %s", got)
	}
	if got := r.do("write 1 create /c three"); !strings.Contains(got, `"zxid":"0x8"`) {
		t.Errorf("the zxids do not go on where they were: %s", got) // 1 to 4, and a session to read
	}
	r.folds()
}

// What was answered is on disk: it survives a loss of power, and the tests of the suite hold.
func TestAServerAloneAnswersOnlyWhatItsDiskHas(t *testing.T) {
	r := alone(t, "snapCount=20\noptions release=correct")
	for range 4 {
		r.do("bulk 1 /n count 15", "crash 1")
		r.folds()
		r.do("start 1 until roles 1=standalone")
	}
	if got := r.do("read 1 /n"); !strings.Contains(got, `"version":60`) {
		t.Errorf("of 60 writes there are %s", got)
	}
	if n := r.happened(event.SnapshotTaken); n < 8 { // one at each of 5 starts, and as the log grows
		t.Errorf("only %d snapshots were taken", n)
	}
	if n := r.happened(node.KindViolated); n != 0 {
		t.Errorf("%d promises were broken", n)
	}
	r.folds()
}

// Release 3.8.0 does not sync the snapshot that it makes of an empty disk, and refuses a log that
// begins behind no snapshot: the first server that loses its power soon after its first start is
// lost.
func TestAServerAloneCanLoseItsFirstSnapshot(t *testing.T) {
	r := alone(t, "")
	r.do("write 1 create /a one", "crash 1", "start 1")
	if r.run.mode(1) != "" || r.happened(event.StartRefused) != 1 {
		t.Errorf("it is %s", r.run.mode(1))
	}
	r.folds()
}

func TestASessionAtAServerAloneExpires(t *testing.T) {
	r := alone(t, "")
	r.do("client c via 1 timeout 2000ms", "do c create /e x ephemeral", "drop c", "wait until min 4s")
	if got := r.do("read 1 /e"); !strings.Contains(got, "NoNode") {
		t.Errorf("the ephemeral node is still there: %s", got)
	}
	r.folds()
}

func TestAServerAloneEndsWhenItsDiskIsFull(t *testing.T) {
	r := alone(t, "preAllocSize=0")
	r.do("write 1 create /a one", "disk 1 full", "write 1 create /b two")
	if r.run.mode(1) != "" {
		t.Errorf("it still is %s", r.run.mode(1))
	}
	r.folds()
	r.do("disk 1 whole", "start 1 until roles 1=standalone")
	if got := r.do("read 1 /a"); !strings.Contains(got, `"data":"one"`) {
		t.Errorf("after the disk was repaired /a is %s", got)
	}
}

// A lone voter is an ensemble of one unless it may be standalone, and so are two voters in any
// case.
func TestStandaloneIsALoneVoterThatMayBe(t *testing.T) {
	r := newRun(t, "servers 1\nseed 5")
	r.do("start 1 until roles 1=leader")
	r = newRun(t, "servers 1,2\ncfg standaloneEnabled=true\nseed 5")
	r.do("start 1,2 until leader 2 roles 1=follower")
	_, err := Parse("f", []byte("servers 1 observers 2\ncfg standaloneEnabled=yes\nstart 1"))
	const want = "with standaloneEnabled, one server that votes is alone and cannot be observed"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a lone server with an observer: %v, want %s", err, want)
	}
}
