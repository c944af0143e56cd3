package export

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"zabscope/engine"
	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
)

// failover is a run in which people did things: a leader dies while clients write and watch, a link is
// cut, and everything heals.
func failover() *Made {
	return &Made{Origin: engine.Origin{Config: engine.Config{Servers: 3, Observers: 1,
		Seed: 7, Options: zk.Options3_8_0()}},
		Actions: []Action{
			{At: 1500 * node.Millisecond, Do: "write 1 create /a one; set /a two"},
			{At: 1800 * node.Millisecond, CLI: "create -e /b \"two words\"", Server: 2},
			{At: 1900 * node.Millisecond, CLI: "ls -w /", Server: 4},
			{At: 2 * node.Second, Do: "kill 3"},
			{At: 2 * node.Second, Do: "nonsense"},
			{At: 3 * node.Second, Do: "write 2 create /c \"" + strings.Repeat("long ", 1000) + "\""},
			{At: 4 * node.Second, Do: "start 3"},
			{At: 5 * node.Second, Do: "partition 1 | 2,3"},
			{At: 9 * node.Second, Do: "heal"},
			{At: 12 * node.Second, CLI: "get /a", Server: 3},
		}, Until: 15 * node.Second}
}

// goOn never says no.
func goOn() bool { return true }

// on lets a run go on.
func on(*engine.Run) bool { return true }

// made makes a run and returns its trace.
func made(t testing.TB, m *Made) *trace.Recorder {
	t.Helper()
	r, err := m.Again(nil, on)
	if err != nil {
		t.Fatal(err)
	}
	return r.Recorder()
}

// theFailover is the trace of failover, which nobody changes.
var theFailover = sync.OnceValue(func() *trace.Recorder {
	r, err := failover().Again(nil, on)
	if err != nil {
		panic(err)
	}
	return r.Recorder()
})

// script is a scenario whose facts were recorded from Apache ZooKeeper 3.8.0.
func script(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "scenario", "testdata", "golden",
		name+".scenario.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// scripts are all of those.
func scripts(t testing.TB) map[string]string {
	t.Helper()
	names, err := filepath.Glob("../scenario/testdata/golden/*.scenario.json")
	if err != nil || len(names) < 20 {
		t.Fatalf("%d scenarios, %v", len(names), err)
	}
	out := map[string]string{}
	for _, n := range names {
		name := strings.TrimSuffix(filepath.Base(n), ".scenario.json")
		out[name] = script(t, name)
	}
	return out
}

// written is what a form writes.
func written(t testing.TB, form func(*bytes.Buffer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := form(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestARunIsMadeAgain(t *testing.T) {
	first, second := made(t, failover()), made(t, failover())
	if first.Hash() != second.Hash() || first.Len() < 1000 {
		t.Errorf("%d and %d events, not the same", first.Len(), second.Len())
	}
}

func TestMakingARunCanBeStopped(t *testing.T) {
	for after := range 3 {
		n := 0
		_, err := failover().Again(nil, func(*engine.Run) bool { n++; return n <= after*400 })
		if err != ErrStopped || n != after*400+1 {
			t.Errorf("%v after %d moments", err, n)
		}
	}
}

func TestARunThatCannotBeMade(t *testing.T) {
	for _, o := range []engine.Origin{{}, {Preset: "none"}, {Script: "frob"}} {
		m := Made{Origin: o}
		if _, err := m.Again(nil, on); err == nil {
			t.Errorf("%+v was made", o)
		}
		if _, err := Lab(&m); err == nil {
			t.Errorf("%+v has a scenario", o)
		}
		if err := Pcap(&bytes.Buffer{}, &m, goOn); err == nil {
			t.Errorf("%+v was captured", o)
		}
	}
}
