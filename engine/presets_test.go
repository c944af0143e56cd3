package engine

import (
	"strconv"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/scenario"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// preset opens a preset for a test that looks at what it has reached.
func preset(t *testing.T, name string, seed uint64) *running {
	t.Helper()
	r, err := OpenPreset(name, seed)
	if err != nil {
		t.Fatal(err)
	}
	return &running{r, t}
}

// scalar is the first value of a field of a server's visible state, as text; "" if it has none.
func (r *running) scalar(server node.ID, f node.Field) string {
	v := r.sim.View(server).Scalars[f]
	if len(v) == 0 {
		return ""
	}
	return v[0].String()
}

// states lists what the servers are, in order: LEADING, FOLLOWING ..., down or paused.
func (r *running) states() string {
	var out []string
	for _, id := range r.sids {
		state := r.scalar(id, event.State)
		if process := r.scalar(id, node.FieldProcess); process != "up" {
			state = strings.TrimSpace(process + " " + state)
		}
		out = append(out, state)
	}
	return strings.Join(out, ", ")
}

// logs lists the epochs in a server's log, each once.
func (r *running) epochs(server node.ID) string {
	var out []string
	for _, row := range r.sim.View(server).Lists[event.Log] {
		epoch, _, _ := strings.Cut(row[0].String(), ":")
		if len(out) == 0 || out[len(out)-1] != epoch {
			out = append(out, epoch)
		}
	}
	return strings.Join(out, " ")
}

// find returns the last event of a kind at a server whose arguments begin as given, nil if none.
func (r *running) find(server node.ID, k node.Kind, args ...string) *trace.Event {
	var found *trace.Event
	r.rec.Iterate(r.rec.First(), r.rec.Len(), func(e *trace.Event) bool {
		if e.Node != server || e.Kind != k {
			return true
		}
		for i, a := range args {
			if e.Args[i].String() != a {
				return true
			}
		}
		copied := *e
		copied.Args = append([]node.Value(nil), e.Args...)
		found = &copied
		return true
	})
	return found
}

// was wants an event of a kind at a server.
func (r *running) was(server node.ID, k node.Kind, args ...string) {
	r.t.Helper()
	if r.find(server, k, args...) == nil {
		r.t.Errorf("there was no %s %v at server %d", event.Vocabulary.Kinds[k].Name, args, server)
	}
}

// reached is what each preset claims, asked of its state and of its trace.
var reached = map[string]func(r *running){
	"three-fresh": func(r *running) {
		r.are("FOLLOWING, FOLLOWING, LEADING")
		for id := range node.ID(3) {
			r.is(id+1, event.CurrentEpoch, "1")
		}
		if e := r.epochs(1); e != "" {
			r.t.Errorf("there are transactions of the epochs %s", e)
		}
	},
	"five-with-history": func(r *running) {
		r.are("FOLLOWING, FOLLOWING, FOLLOWING, FOLLOWING, LEADING")
		for _, id := range r.sids {
			r.is(id, event.CurrentEpoch, "3")
			if e := r.epochs(id); e != "1 2 3" {
				r.t.Errorf("the log of server %d has the epochs %s", id, e)
			}
		}
		r.was(5, event.Activated, "1")
		r.was(4, event.Activated, "2")
		r.was(5, event.Activated, "3")
		r.wants(1, "get /app/config", "v3")
	},
	"nine": func(r *running) {
		r.are(strings.Repeat("FOLLOWING, ", 8) + "LEADING")
		r.do("kill 9,8,7,6")
		r.wants(1, "set /app two")
		r.do("kill 5")
		r.wants(1, "set /app three", "KeeperErrorCode = ConnectionLoss for /app")
	},
	"observers": func(r *running) {
		r.are("FOLLOWING, FOLLOWING, LEADING, OBSERVING, OBSERVING")
		r.wants(4, "get /app", "one")
		r.do("kill 1,2")
		r.wants(4, "get /app", "KeeperErrorCode = ConnectionLoss for /app")
	},
	"standalone": func(r *running) {
		r.are("STANDALONE")
		r.is(1, event.CurrentEpoch, "")
		if e := r.epochs(1); e != "0" {
			r.t.Errorf("the log has the epochs %s", e)
		}
		r.wants(1, "status", "Client port found: 2181. Client address: localhost. Client SSL: false.",
			"Mode: standalone")
	},
	"groups": func(r *running) {
		r.are("FOLLOWING, down, FOLLOWING, FOLLOWING, down, LEADING")
		r.wants(1, "get /app", "two")
		r.do("kill 4") // one of three is no quorum of the second group
		r.wants(1, "get /app", "KeeperErrorCode = ConnectionLoss for /app")
	},
	"stale-server": func(r *running) {
		r.are("FOLLOWING, LEADING, FOLLOWING")
		last := r.find(3, event.LookingForLeader)
		vote := r.find(3, event.VoteChanged)
		if mine := last.Args[2].String(); mine != "1:3" {
			r.t.Errorf("server 3 looked with %s", mine)
		}
		if vote == nil || vote.Seq < last.Seq || vote.Args[1].String() != "2" ||
			vote.Args[2].String() != "2:4" || vote.Args[3].String() != "2" {
			r.t.Errorf("server 3 changed its vote to %v", vote)
		}
		r.was(2, event.Activated, "3")
		r.wants(3, "get /app", "three")
	},
	"empty-newcomer": func(r *running) {
		r.are("FOLLOWING, LEADING, FOLLOWING")
		r.was(2, event.SyncChosen, "3", "SNAP")
		if at, wiped := r.find(3, event.SnapshotInstalled), r.find(3, node.KindWiped); at == nil ||
			at.Seq < wiped.Seq {
			r.t.Error("no snapshot was installed behind the loss of the disk")
		}
		r.wants(3, "get /app", "two")
	},
	"far-behind": func(r *running) {
		r.are("FOLLOWING, FOLLOWING, LEADING")
		e := r.find(3, event.SyncChosen, "2", "DIFF")
		if e == nil {
			r.t.Fatal("no DIFF was sent to server 2")
		}
		peer, least := zk.Zxid(e.Args[3].N), zk.Zxid(e.Args[5].N)
		if peer >= least || e.Args[7].N < 60 {
			r.t.Errorf("server 2 has %s, committedLog begins at %s, %d transactions are sent", peer,
				least, e.Args[7].N)
		}
		r.is(2, event.LastProcessed, r.scalar(3, event.LastProcessed))
	},
	"lost-proposal": func(r *running) {
		r.are("FOLLOWING, LEADING, FOLLOWING")
		r.was(2, event.SyncChosen, "3", "TRUNC")
		r.was(3, event.Truncated)
		r.wants(3, "get /app", "one")
	},
	"no-quorum": func(r *running) {
		r.are("LOOKING, LOOKING, down, down, down")
		r.pass(60 * Second)
		r.are("LOOKING, LOOKING, down, down, down")
		r.wants(1, "get /app", "KeeperErrorCode = ConnectionLoss for /app")
		r.do("start 3")
		r.are("FOLLOWING, FOLLOWING, LEADING, down, down")
	},
	"minority-leader": func(r *running) {
		r.are("FOLLOWING, FOLLOWING, FOLLOWING, FOLLOWING, LEADING")
		r.is(5, event.LogCommitted, "1:4")
		if n := len(r.sim.View(5).Maps[event.Outstanding]); n != 1 {
			r.t.Errorf("%d proposals wait at the leader", n)
		}
		r.pass(15 * Second)
		r.are("FOLLOWING, FOLLOWING, LEADING, LOOKING, LOOKING")
		r.wants(3, "get /app", "one")
	},
	"frozen-leader": func(r *running) {
		r.are("FOLLOWING, LEADING, paused LEADING")
		r.is(3, event.CurrentEpoch, "1")
		r.is(2, event.CurrentEpoch, "2")
		r.wants(1, "get /app", "two")
		r.do("resume 3")
		r.are("FOLLOWING, LEADING, FOLLOWING")
		r.is(3, event.CurrentEpoch, "2")
	},
}

// are compares the states of all servers.
func (r *running) are(want string) {
	r.t.Helper()
	if got := r.states(); got != want {
		r.t.Errorf("the servers are %s, want %s", got, want)
	}
}

// is compares a field of a server's visible state.
func (r *running) is(server node.ID, f node.Field, want string) {
	r.t.Helper()
	if got := r.scalar(server, f); got != want {
		r.t.Errorf("%s of server %d is %q, want %q", event.Vocabulary.Fields[f].Name, server, got, want)
	}
}

// promisesHold wants no promise of Zab broken but by bugs of the release that have shown themselves.
func (r *running) promisesHold() {
	r.t.Helper()
	r.rec.Iterate(r.rec.First(), r.rec.Len(), func(e *trace.Event) bool {
		if e.Kind == node.KindViolated && e.Args[3].S == "" {
			r.t.Errorf("event %d: rule %s is broken: %s", e.Seq, e.Args[0], e.Args[2])
		}
		return true
	})
}

func TestEveryPresetReachesWhatItClaims(t *testing.T) {
	for _, p := range Presets() {
		for seed := uint64(1); seed <= 4; seed++ {
			t.Run(p.Name, func(t *testing.T) {
				r := preset(t, p.Name, seed)
				r.folds()
				check := reached[p.Name]
				if check == nil {
					t.Fatal("no test says what it claims")
				}
				check(r)
				r.folds()
				r.promisesHold()
			})
		}
	}
}

// The same name and seed make the same trace, to the byte, and another seed another one.
func TestAPresetFollowsFromItsNameAndSeed(t *testing.T) {
	for _, p := range Presets() {
		a, b := preset(t, p.Name, 7), preset(t, p.Name, 7)
		for _, r := range []*running{a, b} {
			r.pass(5 * Second)
		}
		if a.rec.Hash() != b.rec.Hash() || a.Now() != b.Now() {
			t.Errorf("%s went two ways with one seed", p.Name)
		}
		other := preset(t, p.Name, 8)
		other.pass(5 * Second)
		if a.rec.Hash() == other.rec.Hash() {
			t.Errorf("%s does not depend on its seed", p.Name)
		}
	}
}

func TestThePresetsAreListedForPeople(t *testing.T) {
	list := Presets()
	if len(list) != len(reached) {
		t.Errorf("%d presets are listed, %d are tested", len(list), len(reached))
	}
	files, err := presetFiles.ReadDir("scenario/presets")
	if err != nil || len(files) != len(list) {
		t.Errorf("there are %d files for %d presets: %v", len(files), len(list), err)
	}
	for _, p := range list {
		sentence := strings.HasSuffix(p.About, ".") && strings.Count(p.About, ".") == 1
		if !sentence || len(p.About) > 110 || p.Servers < 1 || p.Script == "" {
			t.Errorf("%s: %q, %d servers", p.Name, p.About, p.Servers)
		}
		sc, err := scenario.Parse(p.Name, []byte(p.Script))
		if err != nil || sc.Name != p.Name || len(sc.Servers) != p.Servers+p.Observers {
			t.Errorf("%s: the script is that of %v, %v", p.Name, sc, err)
		}
	}
	if last := list[3]; last.Servers != 3 || last.Observers != 2 {
		t.Errorf("%s has %d servers and %d observers", last.Name, last.Servers, last.Observers)
	}
}

func TestWhatIsNoPresetOrGoesWrongIsRefused(t *testing.T) {
	_, err := OpenPreset("four-fresh", 1)
	const want = `there is no preset "four-fresh"; there are three-fresh, five-with-history, nine`
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	for text, want := range map[string]string{
		"servers 1,2\nstart 3": "scenario:2:1: there is no server 3 in this ensemble",
		"servers 1,2\nkill 1":  "step 1, kill 1: refused: server 1 is down",
		"servers 1,2\nstart 1 until leader 1 timeout 1s": "its condition did not come true in " +
			"time",
		"servers 1 observers 2\ncfg standaloneEnabled=yes": "with standaloneEnabled, one server " +
			"that votes",
		"maxServers 30\nservers " + numbers(26) + "\nstart 1": "an ensemble has at most 25 " +
			"servers, not 26",
		"servers 1,2,3\nstart 1,2,3 until min 20000s": "step 1, start 1,2,3 until min 20000s: " +
			"refused: the run takes more than 3600 s",
	} {
		if _, err := OpenScenario(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// A scenario of somebody's own is opened like a preset: its clients are gone or go on, the shells
// are new.
func TestAScenarioIsOpened(t *testing.T) {
	r, err := OpenScenario("servers 1,2,3\nseed 4\nstart 1,2,3 until leader 3 serving 1,2,3\n" +
		"client c via 1\ndo c create /e x ephemeral\nwrite 2 create /a one")
	if err != nil {
		t.Fatal(err)
	}
	run := &running{r, t}
	run.wants(3, "ls /", "[a, e, zookeeper]")
	run.do("write 1 set /a two", "read 2 /a")
	run.wants(2, "get /a", "two")
	var names []string
	for _, m := range r.Recorder().Header().Machines {
		names = append(names, m.Name)
	}
	const want = "server 1, server 2, server 3, client c, visitor 1, client 1, client 2, client 3"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("the machines are %s, want %s", got, want)
	}
	run.folds()
}

// numbers lists 1 to n.
func numbers(n int) string {
	var out []string
	for i := range n {
		out = append(out, strconv.Itoa(i+1))
	}
	return strings.Join(out, ",")
}
