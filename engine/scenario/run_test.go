package scenario

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
)

// running is a run that a test gives its commands, one line each.
type running struct {
	t   *testing.T
	run *Run
}

func newRun(t *testing.T, head string) *running {
	t.Helper()
	r, err := Start(parsed(t, head))
	if err != nil {
		t.Fatal(err)
	}
	return &running{t, r}
}

// do carries out commands, which must not be refused and whose conditions must hold; it returns what
// the last one answered, as JSON.
func (r *running) do(commands ...string) string {
	r.t.Helper()
	text := ""
	for _, c := range commands {
		s, err := ParseStep("test", c)
		if err != nil {
			r.t.Fatal(err)
		}
		res, err := r.run.Step(s)
		if err != nil || res.Waited && !res.Reached {
			r.t.Fatalf("%s: %v, reached %v", c, err, res.Reached)
		}
		b, err := json.Marshal(res.Value)
		if err != nil {
			r.t.Fatal(err)
		}
		text = string(b)
	}
	return text
}

// refused carries out a command that must be refused with a sentence and change nothing.
func (r *running) refused(command, want string) {
	r.t.Helper()
	before, now := r.run.Trace().Bytes(), r.run.Sim().Now()
	s, err := ParseStep("test", command)
	if err != nil {
		r.t.Fatal(err)
	}
	_, err = r.run.Step(s)
	if err == nil || err.Error() != want {
		r.t.Errorf("%s: got %v, want %s", command, err, want)
	}
	if !bytes.Equal(before, r.run.Trace().Bytes()) || now != r.run.Sim().Now() {
		r.t.Errorf("%s was refused and changed the run", command)
	}
}

// trio is three servers that run, 3 leading.
func trio(t *testing.T) *running {
	t.Helper()
	r := newRun(t, "servers 1,2,3\nseed 3")
	r.do("start 1,2,3 until serving 1,2,3 leader 3")
	return r
}

func TestWhatMakesNoSenseIsRefusedAndChangesNothing(t *testing.T) {
	r := trio(t)
	r.do("client c via 1", "kill 1", "crash 1", "pause 2")
	for command, want := range map[string]string{
		"start 2":                 "server 2 is running already",
		"start 1,3":               "server 3 is running already",
		"kill 3,1":                "server 1 is down",
		"stop 1":                  "server 1 is down",
		"stop 2":                  "server 2 is paused; resume it or kill it",
		"crash 1":                 "server 1 is down",
		"kill 4":                  "there is no server 4 in this ensemble",
		"start 1 until serving 9": "there is no server 9 in this ensemble",
		"do d get /":              "there is no client \"d\"; `client d via ...` makes one",
		"send d set /":            "there is no client \"d\"; `client d via ...` makes one",
		"drop d":                  "there is no client \"d\"; `client d via ...` makes one",
		"move d via 2":            "there is no client \"d\"; `client d via ...` makes one",
		"end d":                   "there is no client \"d\"; `client d via ...` makes one",
		"client c via 2":          "there is a client \"c\" already; `end c` closes it",
		"deliver 2 to 3":          "no message waits from server 2 to server 3",
		"lose 2 to 3 packet ACK":  "no ACK is under way from server 2 to server 3",
		"lose 2 to 3":             "no message is under way from server 2 to server 3",
		"pause 2":                 "server 2 is paused; resume it first",
		"resume 3":                "server 3 is not paused",
		"wipe 3":                  "server 3 is up; stop it before its disk is wiped",
		"heal":                    "nothing is cut off",
		"release 1 to 2":          "what goes from server 1 to server 2 is not held",
	} {
		r.refused(command, want)
	}
	if _, err := r.run.Step(Step{Op: "dance"}); err == nil {
		t.Error("an unknown command was taken")
	}
}

func TestAnEnsembleThatMakesNoSenseIsRefused(t *testing.T) {
	for want, sc := range map[string]*Scenario{
		"a scenario needs at least one server": {},
		"there is no set of options \"x\"; there are 3.8.0, correct": {
			Servers: []Server{{SID: 1}}, Options: []Setting{{"release", "x"}}},
		"unknown key \"x\" in sys": {Servers: []Server{{SID: 1}}, Sys: []Setting{{"x", "1"}}},
		"expected a whole number from 1 to 60000 for tickTime, found \"0\"": {Servers: []Server{{SID: 1}},
			Cfg: []Setting{{"tickTime", "0"}}},
	} {
		if _, err := Start(sc); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		if _, err := FactsOf(sc); err == nil {
			t.Errorf("facts of an ensemble that makes no sense: %s", want)
		}
	}
}

func TestARefusedStepIsNotedAndTheNextFollows(t *testing.T) {
	sc := parsed(t, "servers 1\nkill 1\nstart 1 until serving 1")
	r, err := Start(sc)
	if err != nil {
		t.Fatal(err)
	}
	got := r.All()
	if len(got) != 2 || !slices.Equal(got[0].Failures(false), []string{"refused: server 1 is down"}) ||
		!got[1].Reached || got[1].Failures(true) != nil {
		t.Errorf("%+v", got)
	}
	f, err := FactsOf(sc)
	if err != nil {
		t.Fatal(err)
	}
	first := f.steps[0].(*object)
	if e := first.get("result").(*object).text("exception"); e != "RuntimeError: server 1 is down" {
		t.Error(e)
	}
}

func TestAConditionThatDoesNotComeTrueIsReported(t *testing.T) {
	r := newRun(t, "servers 1,2,3")
	s, err := ParseStep("test", "start 1 until serving 1 timeout 3s")
	if err != nil {
		t.Fatal(err)
	}
	res, err := r.run.Step(s)
	if err != nil || !slices.Equal(res.Failures(false),
		[]string{"its condition did not come true in time"}) {
		t.Errorf("%+v, %v", res, err)
	}
	if now := r.run.Sim().Now(); now < 3*node.Second || now > 4*node.Second {
		t.Errorf("waited until %d ms", now/node.Millisecond)
	}
}

// ZooKeeper 3.8.0 lets a learner acknowledge NEWLEADER before what it was sent is on its disk.
func TestPromisesThatTheReleaseBreaksAreNoFailureUnlessAsked(t *testing.T) {
	const script = `
start 1,2,3 gap 300ms until serving 1,2,3 leader 2
write 1 create /a x
kill 3
write 1 set /a y; set /a z
start 3 until serving 1,2,3`
	for _, x := range []struct {
		options      string
		known, other int
	}{{"", 2, 0}, {"options release=correct", 0, 0}} {
		r, err := Start(parsed(t, "servers 1,2,3\n"+x.options+script))
		if err != nil {
			t.Fatal(err)
		}
		known, other := 0, 0
		for _, res := range r.All() {
			other += len(res.Failures(false))
			known += len(res.Failures(true)) - len(res.Failures(false))
		}
		if known != x.known || other != x.other {
			t.Errorf("%q: %d known and %d other failures, want %d and %d", x.options, known, other,
				x.known, x.other)
		}
	}
}

func TestConditions(t *testing.T) {
	r := trio(t)
	r.do("kill 1", "pause 2 until serving 3 not_serving 1,2 timeout 1s")
	for condition, want := range map[string]bool{
		"serving 3": true, "serving 2": false, "serving 1": false, "not_serving 1,2": true,
		"not_serving 3": false, "roles 3=leader": true, "roles 3=follower": false,
		"leader 3": true, "leader 1": false, "leader any": true, "logged 3=0": true,
		"logged 3=1": false, "min 100ms": true,
	} {
		s, err := ParseStep("test", "wait until timeout 0s "+condition+" quiet 0s")
		if err != nil {
			t.Fatal(err)
		}
		if got := r.run.until(s.Until, r.run.logged(s.Until)); got != want {
			t.Errorf("%s: %v, want %v", condition, got, want)
		}
	}
}

func TestAStepEndsWithSilence(t *testing.T) {
	r := trio(t)
	from := r.run.Sim().Now()
	r.do("wait quiet 2s")
	if d := r.run.Sim().Now() - from; d != 2*node.Second {
		t.Errorf("a quiet step took %d ms, want 2000", d/node.Millisecond)
	}
	from = r.run.Sim().Now()
	r.do("bulk 1 /a count 5 quiet 300ms")
	if d := r.run.Sim().Now() - from; d < 300*node.Millisecond || d > 400*node.Millisecond {
		t.Errorf("a busy step took %d ms", d/node.Millisecond)
	}
	from = r.run.Sim().Now()
	r.do("wait quiet 10s limit 1s")
	if d := r.run.Sim().Now() - from; d != node.Second {
		t.Errorf("a step with a limit took %d ms, want 1000", d/node.Millisecond)
	}
}

func TestAnswersToRequests(t *testing.T) {
	r := trio(t)
	for _, x := range []struct{ command, want string }{
		{`write 1 create /a "x\ny"; get /a; exists /a; children /; sync /a; check /a`,
			`[{"op":"create","path":"/a","zxid":"0x100000002","created":"/a"},` +
				`{"op":"get","path":"/a","zxid":"0x100000002","data":"x\ny","stat":{`},
		{"do c get /none", `[{"op":"get","path":"/none","error":"NoNode (-101)"}]`},
		{"do c set /a new version 9", `[{"op":"set","path":"/a","error":"BadVersion (-103)"}]`},
		{"do c children /", `"children":["a","zookeeper"]}]`},
		{"do c create /e x ephemeral; get /e", `"ephemeralOwner":"S2"`},
		{"do c multi [create /m; set /m y; check /m version 1; delete /m]",
			`[{"op":"multi","ok":[["create","/m"],["set"],["check"],["delete"]],"zxid":"0x1`},
		{"do c multi [create /a; set /m y]", `"ok":[["error","NodeExists"],["error","RuntimeIncon`},
		{`do c set /a "` + strings.Repeat("long", 100) + `"; get /a`,
			`"data":"` + strings.Repeat("long", 10) + `...(400 bytes)"`},
		{`do c set /a "` + "\\u0001\\u0002" + `"; get /a`, `"data":"hex:0102"`},
		{`do c set /a "` + strings.Repeat("\\u0001", 200) + `"; get /a`,
			`"data":"hex:` + strings.Repeat("01", 20) + `...(200 bytes)"`},
		{"read 2 /none", `{"op":"get","path":"/none","error":"NoNode (-101)"}`},
		{"bulk 2 /b count 3 size 4", `{"zxid":"0x1`},
	} {
		if strings.HasPrefix(x.command, "do") && len(r.run.clients) == 0 {
			r.do("client c via 1 timeout 20s")
		}
		if got := r.do(x.command); !strings.Contains(got, x.want) {
			t.Errorf("%s:\n got %s\nwant %s", x.command, got, x.want)
		}
	}
	if got := r.do("do c get /b"); !strings.Contains(got, `"data":"2:xx"`) {
		t.Errorf("after a bulk step: %s", got)
	}
}

func TestRequestsThatGetNoAnswer(t *testing.T) {
	r := trio(t)
	r.do("client c via 1", "kill 2,3")
	const closed = `{"exception":"ConnectionError: closed by server"}`
	if got := r.do("do c set / x until not_serving 1"); got != closed {
		t.Errorf("do: %s", got)
	}
	if got := r.do("do c set / x"); got != closed {
		t.Errorf("do on a lost connection: %s", got)
	}
	if got := r.do("write 1 set / x"); got != closed {
		t.Errorf("write: %s", got)
	}
	const refused = `{"exception":"ConnectionRefusedError: [Errno 111] Connection refused"}`
	if got := r.do("write 2 set / x"); got != refused {
		t.Errorf("write to a dead server: %s", got)
	}
	if got := r.do("move c via 3"); got != refused {
		t.Errorf("move to a dead server: %s", got)
	}
	for command, want := range map[string]string{
		"refused 1": `"refused: no session (ConnectionError)"`,
		"refused 2": `"refused: nothing listens on the client port"`,
	} {
		if got := r.do(command); got != want {
			t.Errorf("%s: %s", command, got)
		}
	}
}

func TestAServerThatSaysNothingIsGivenUp(t *testing.T) {
	r := trio(t)
	r.do("client c via 1", "pause 1")
	for command, want := range map[string]string{
		"refused 1":  `"refused: no session (TimeoutError)"`,
		"do c get /": `{"exception":"TimeoutError: timed out"}`,
	} {
		if got := r.do(command); got != want {
			t.Errorf("%s: %s", command, got)
		}
	}
	if got := r.do("refused 2"); got != `"ACCEPTED"` {
		t.Errorf("a server that serves: %s", got)
	}
	if got := r.do("end c"); got != `{"exception":"TimeoutError: timed out"}` {
		t.Errorf("end: %s", got)
	}
}

func TestASessionMovesAndExpires(t *testing.T) {
	r := trio(t)
	if got := r.do("client c via 1 timeout 2s"); got != `{"session":"S1","timeout":2000}` {
		t.Error(got)
	}
	r.do("do c create /e x ephemeral")
	if got := r.do("move c via 2"); got != `{"session":"S1","timeout":2000}` {
		t.Error(got)
	}
	r.do("drop c until logged 1=1 timeout 5s")
	if got := r.do("move c via 1"); got != `{"error":"SessionExpired (-112)"}` {
		t.Error(got)
	}
	if got := r.do("read 1 /e"); !strings.Contains(got, "NoNode") {
		t.Error("the ephemeral node outlived its session:", got)
	}
}

func TestAClientThatReconnectsKeepsItsSession(t *testing.T) {
	r := trio(t)
	r.do("client c via 1 timeout 4s reconnects", "do c create /e x ephemeral", "kill 1",
		"wait until min 8s")
	if got := r.do("do c get /e"); !strings.Contains(got, `"data":"x"`) {
		t.Error(got)
	}
	r.do("end c")
	if got := r.do("read 2 /e"); !strings.Contains(got, "NoNode") {
		t.Error(got)
	}
}

func TestAVisitorMayLeaveItsSessionOpen(t *testing.T) {
	r := trio(t)
	r.do("write 1 create /e x ephemeral leave_open")
	if got := r.do("read 2 /e"); !strings.Contains(got, `"data":"x"`) {
		t.Error(got)
	}
	if len(r.run.visitors) != 1 {
		t.Errorf("%d visitors for steps that follow each other", len(r.run.visitors))
	}
}

// The leader's COMMIT to 1 is held: 2 has the write, 1 does not, and then 1 gets it by hand.
func TestAMessageIsDeliveredByHand(t *testing.T) {
	r := trio(t)
	r.do("client c via 3", "hold 3 to 1", "do c create /a x")
	last := func(id zk.SID) string { return r.run.peer(id).Status().Zxid.String() }
	if last(2) != "1:2" || last(1) != "1:1" {
		t.Fatalf("server 2 at %s, server 1 at %s", last(2), last(1))
	}
	r.refused("deliver 3 to 1 count 900", "fewer than 900 messages wait from server 3 to server 1")
	r.refused("deliver 3 to 1 packet SNAP", "no SNAP waits from server 3 to server 1")
	r.do("deliver 3 to 1", "deliver 3 to 1 packet COMMIT")
	if last(1) != "1:2" {
		t.Errorf("server 1 at %s after the COMMIT", last(1))
	}
	r.do("release 3 to 1")
	if last(1) != "1:2" {
		t.Errorf("server 1 at %s", last(1))
	}
}

func TestALostMessageBreaksItsConnection(t *testing.T) {
	r := trio(t)
	r.do("hold 3 to 1", "client c via 3", "do c create /a x", "lose 3 to 1 packet PROPOSAL",
		"release 3 to 1 until serving 1,2,3 timeout 20s")
	if got := r.run.peer(1).Status().Zxid; got != zk.MakeZxid(1, 2) {
		t.Errorf("server 1 at %s after it has come back", got)
	}
}

// The snapshot that an empty server writes at its start is not synced; it takes the kernel 5 s.
func TestPowerIsCut(t *testing.T) {
	r := trio(t)
	r.do("wait quiet 6s", "write 1 create /a x", "crash 1,2,3", "start 1,2,3 until serving 1,2,3 leader any")
	if got := r.do("read 1 /a"); !strings.Contains(got, `"data":"x"`) {
		t.Error("an acknowledged write is lost:", got)
	}
}

func TestDisksAndClocksGoWrong(t *testing.T) {
	r := trio(t)
	r.do("disk 1 slow", "skew 2 rate 2", "write 1 create /a x", "disk 1 whole", "disk 2 full",
		"write 3 set /a y")
	if !r.run.Sim().Up(2) || r.run.peer(2).Status().Mode != "not-serving" {
		t.Error("a server without room for its log goes on, or its process has ended")
	}
	r.do("disk 2 whole until serving 1,2,3 leader any timeout 20s", "disk 1 broken")
}

func TestARemarkStandsInTheTrace(t *testing.T) {
	r := newRun(t, "servers 1")
	r.do(`note "look here"`, `start 1 note "and here"`)
	var out bytes.Buffer
	if err := Narrate(&out, r.run.Trace(), node.Decisions, "en"); err != nil {
		t.Fatal(err)
	}
	if s := out.String(); !strings.HasPrefix(s, "0.000 s. Look here\n") ||
		!strings.Contains(s, ". And here\n") {
		t.Error(s)
	}
}

func TestALargeEnsembleRuns(t *testing.T) {
	sc := &Scenario{MaxServers: 70}
	start := newStep("start")
	for id := zk.SID(1); id <= 70; id++ {
		sc.Servers = append(sc.Servers, Server{SID: id})
		start.SIDs = append(start.SIDs, id)
	}
	start.Until = newUntil()
	start.Until.Serving = start.SIDs
	r, err := Start(sc)
	if err != nil {
		t.Fatal(err)
	}
	res, err := r.Step(start)
	if err != nil || res.Failures(true) != nil {
		t.Errorf("%v, %v", err, res.Failures(true))
	}
	if m := r.mode(70); m != "leader" {
		t.Errorf("server 70 is %s", m)
	}
}

func TestLargeEnsemblesHaveAddresses(t *testing.T) {
	for k, want := range map[int]string{0: "10.77.0.2", 248: "10.77.0.250", 249: "10.77.1.1"} {
		if got := address(k); got != want {
			t.Errorf("server %d: %s, want %s", k, got, want)
		}
	}
}

func TestReconfigIsAskedForInServerLines(t *testing.T) {
	r := newRun(t, "servers 1,2,3,4\nserver 1 view 1,2,3\nreconfigurable")
	if got := r.run.joining(Joiners{SIDs: []zk.SID{4}, Spec: ""}); got !=
		"server.4=10.77.0.5:2888:3888:participant;10.77.0.5:2181" {
		t.Error(got)
	}
	if n := len(r.run.scenario.membership(1).Members); n != 3 {
		t.Errorf("server 1 sees %d members, want the 3 of its view", n)
	}
}

// Groups and weights are kept when the first leader gives the configuration a version, and the
// promises are held against the quorums that they make.
func TestPromisesAreHeldAgainstGroups(t *testing.T) {
	r := newRun(t, "servers 1,2,3,4,5\ngroups 1 | 2 | 3,4,5\ncfg reconfigEnabled=true")
	r.do("start 1,2 until leader 2 serving 1,2", "write 1 create /a x")
	for _, res := range r.run.Results() {
		for _, v := range res.Violations {
			t.Errorf("server %d: %s", v.Server, v)
		}
	}
}

// What is broken stands in the trace right behind the event that breaks it, at its server and time.
func TestViolationsFollowTheirEvents(t *testing.T) {
	r := newRun(t, "servers 1,2,3")
	r.do("start 1,2,3 until leader 3 serving 1,2,3", "write 3 create /a x", "kill 1",
		"write 3 set /a y", "start 1 until serving 1")
	found := 0
	for _, res := range r.run.Results() {
		found += len(res.Violations)
	}
	told := 0
	var cause trace.Event
	r.run.Trace().Iterate(r.run.Trace().First(), r.run.Trace().Len(), func(e *trace.Event) bool {
		if e.Kind != node.KindViolated {
			cause = e.Clone()
			return true
		}
		told++
		if e.Cause != cause.Seq || e.Time != cause.Time || e.Node != cause.Node {
			t.Errorf("%v stands behind %v", e, cause)
		}
		return true
	})
	if found == 0 || told != found {
		t.Errorf("the steps tell of %d, the trace of %d", found, told)
	}
}
