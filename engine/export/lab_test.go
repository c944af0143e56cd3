package export

import (
	"errors"
	"strings"
	"testing"

	"zabscope/engine"
	"zabscope/engine/node"
	"zabscope/engine/scenario"
)

// labOf is the scenario of a run; there must be one.
func labOf(t *testing.T, m *Made) *scenario.Scenario {
	t.Helper()
	sc, err := Lab(m)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// What somebody did becomes steps at the same distances, over one lasting session for each server.
// What did nothing then is left out.
func TestLabOfARun(t *testing.T) {
	m := failover()
	m.Actions = append(m.Actions[:2], m.Actions[3:]...) // ls is more than a runner can do
	m.Actions = append(m.Actions, Action{At: 13 * node.Second, CLI: "help", Server: 1},
		Action{At: 13 * node.Second, CLI: "frob", Server: 1},
		Action{At: 14 * node.Second, Do: "read 1 /a"}, Action{At: 14 * node.Second, Do: "note over"})
	want := `name kept-run
servers 1,2,3 observers 4
seed 7

start 1,2,3,4
  until min 1500ms quiet 0s
client client-1 via 1 quiet 0s
send client-1 create /a one; set /a two
  until min 300ms quiet 0s
client client-2 via 2 quiet 0s
send client-2 create /b "two words" ephemeral
  until min 200ms quiet 0s
kill 3
  until min 1s quiet 0s
send client-2 create /c LONG
  until min 1s quiet 0s
start 3
  until min 1s quiet 0s
partition 1 | 2,3
  until min 4s quiet 0s
heal
  until min 3s quiet 0s
client client-3 via 3 quiet 0s
send client-3 get /a
  until min 2s quiet 0s
send client-1 get /a quiet 0s
wait quiet 0s note over
`
	got := strings.ReplaceAll(labOf(t, m).Text(), `"`+strings.Repeat("long ", 1000)+`"`, "LONG")
	if got != want {
		t.Errorf("scenario\n%s\nwant\n%s", got, want)
	}
}

// The JSON form reads back as the same scenario, and our own engine carries it out.
func TestLabIsAScenario(t *testing.T) {
	m := failover()
	m.Actions = append(m.Actions[:2], m.Actions[3:]...)
	sc := labOf(t, m)
	again, err := scenario.Parse("again", sc.JSON())
	if err != nil || again.Text() != sc.Text() {
		t.Fatalf("%v\n%s", err, again.Text())
	}
	r, err := scenario.Start(again)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range r.All() {
		if wrong := x.Failures(true); len(wrong) > 0 {
			t.Errorf("step %d, %s: %s", x.Step, x.Command.Op, wrong)
		}
	}
}

// Scenarios that were made for real servers stay what they are.
func TestLabKeepsScenariosOfRealServers(t *testing.T) {
	for name, text := range scripts(t) {
		want, err := scenario.Parse(name, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := labOf(t, &Made{Origin: engine.Origin{Script: text}}); got.Text() != want.Text() {
			t.Errorf("%s becomes\n%s", name, got.Text())
		}
	}
}

// Behind a script that waits for something, a step that only waits keeps the distance.
func TestLabWaitsBehindAScript(t *testing.T) {
	text := "servers 1\ncfg standaloneEnabled=true\nstart 1 until serving 1"
	r, err := engine.OpenScenario(text)
	if err != nil {
		t.Fatal(err)
	}
	sc := labOf(t, &Made{Origin: engine.Origin{Script: text}, Actions: []Action{
		{At: r.Now() + 2*node.Second, Do: "kill 1"}}})
	if got := sc.Text(); !strings.Contains(got, "start 1\n  until serving 1\nwait\n"+
		"  until min 2s quiet 0s\nkill 1 quiet 0s\n") {
		t.Error(got)
	}
}

// What real servers cannot be made to do is refused by its name, with what to do instead.
func TestLabRefuses(t *testing.T) {
	for _, c := range []struct{ do, what, remedy string }{
		{"crash 1", "crash", "Use kill"},
		{"skew 1 rate 2", "skew", "Take it out"},
		{"disk 1 slow", "disk", "Take it out"},
		{"disk 1 full", "disk", "Take it out"},
		{"hold 1 to 2", "hold", "Use partition"},
		{"release 1 to 2", "release", "Use heal"},
		{"deliver 1 to 2", "deliver", "Use heal"},
		{"lose 1 to 2 packet COMMIT", "lose", "Use partition and heal"},
		{"partition 1 | 2 oneway", "partition oneway", "Take oneway out"},
		{"write 1 exists /a", "exists", "Take it out"},
		{"write 1 children /a", "children", "Take it out"},
		{"write 1 get /a watch", "get", "Take it out"},
	} {
		m := &Made{Origin: engine.Origin{Config: failover().Origin.Config},
			Actions: []Action{{At: 1500 * node.Millisecond, Do: c.do}}}
		_, err := Lab(m)
		var r Refusals
		if !errors.As(err, &r) || len(r) != 1 || r[0].What != c.what ||
			r[0].Where != "the action at 1.5 s" || !strings.HasPrefix(r[0].Remedy, c.remedy) {
			t.Errorf("%s: %v", c.do, err)
		}
	}
}

func TestLabRefusesAllAtOnce(t *testing.T) {
	_, err := Lab(&Made{Origin: engine.Origin{Script: "servers 1,2\noptions release=correct\n" +
		"start 1,2\nhold 1 to 2\nclient c via 1 reconnects\nrelease 1 to 2"},
		Actions: []Action{{At: 90 * node.Second, CLI: "ls /", Server: 1},
			{At: 90 * node.Second, CLI: "create -c /x", Server: 1}}})
	want := []string{"the options: options release=correct cannot", "step 2: hold cannot",
		"step 3: client reconnects cannot", "step 4: release cannot",
		"the action at 90 s: zkCli ls cannot", "the action at 90 s: zkCli create cannot"}
	lines := strings.Split(err.Error(), "\n")
	for i, w := range want {
		if i >= len(lines) || !strings.HasPrefix(lines[i], w) {
			t.Fatalf("%v", err)
		}
	}
	if len(lines) != len(want) {
		t.Error(err)
	}
}

// Presets that need no more than real servers can do have a scenario; the others say what they need.
func TestLabOfPresets(t *testing.T) {
	can := 0
	for _, p := range engine.Presets() {
		_, err := Lab(&Made{Origin: engine.Origin{Preset: p.Name, Seed: 1}})
		var r Refusals
		if err != nil && !errors.As(err, &r) {
			t.Errorf("%s: %v", p.Name, err)
		}
		if err == nil {
			can++
		}
	}
	if can < 5 {
		t.Errorf("only %d presets can be played", can)
	}
}
