package engine

import (
	"embed"
	"fmt"
	"strings"

	"zabscope/engine/scenario"
	"zabscope/engine/sim"
	"zabscope/engine/zk"
)

// presetFiles are scenarios that lead to a state worth looking at.
//
//go:embed scenario/presets/*.zab
var presetFiles embed.FS

// presetNames are the names of the presets, the simple before the strange.
var presetNames = []string{"three-fresh", "five-with-history", "nine", "observers", "standalone",
	"groups", "stale-server", "empty-newcomer", "far-behind", "lost-proposal", "no-quorum",
	"minority-leader", "frozen-leader"}

// Preset is an ensemble with a past.
type Preset struct {
	Name      string // letters, digits and hyphens
	About     string // one sentence: what there is to see
	Servers   int    // that vote
	Observers int
	Script    string // what was done to it, in the scenario language
}

// Presets lists the presets, in an order for people.
func Presets() []Preset {
	var out []Preset
	for _, name := range presetNames {
		text, sc := presetScript(name)
		p := Preset{Name: name, About: sc.Shows, Script: text}
		for _, s := range sc.Servers {
			if s.Type == zk.Observer {
				p.Observers++
			} else {
				p.Servers++
			}
		}
		out = append(out, p)
	}
	return out
}

// presetScript reads the script of a preset that exists.
func presetScript(name string) (string, *scenario.Scenario) {
	file := "scenario/presets/" + name + ".zab"
	text, err := presetFiles.ReadFile(file)
	if err != nil {
		panic(err) // it is in presetNames, and a test opens each of them
	}
	sc, err := scenario.Parse(file, text)
	if err != nil {
		panic(err) // likewise
	}
	return string(text), sc
}

// OpenPreset does what the script of a preset says, and hands over the run with all that has
// happened in its trace. The same name and seed make the same run. The error says that there is
// no preset of that name, or what went differently from what the script expects.
func OpenPreset(name string, seed uint64) (*Run, error) {
	return Origin{Preset: name, Seed: seed}.Open(nil)
}

// OpenScenario does what a scenario says and hands over the run, as OpenPreset does with its own.
// The error is a sentence: a *scenario.Error with the place in the text, the step that went
// differently from what the scenario expects, or that it takes too long.
func OpenScenario(text string) (*Run, error) { return Origin{Script: text}.Open(nil) }

// Bounds of a script that is carried out before anybody looks.
const (
	maxScriptEvents = 300_000
	maxScriptTime   = 3600 * Second
)

// open carries out a scenario to its end; heard, if it is set, sees the messages.
func open(sc *scenario.Scenario, heard func(sim.Delivery)) (*Run, error) {
	if n := len(sc.Servers); n > MaxServers {
		return nil, fmt.Errorf("an ensemble has at most %d servers, not %d", MaxServers, n)
	}
	script, err := scenario.Start(sc)
	if err != nil {
		return nil, err
	}
	script.Hear(heard)
	script.Limit(maxScriptEvents, maxScriptTime)
	for script.Next() {
		results := script.Results()
		last := &results[len(results)-1]
		if wrong := last.Failures(false); len(wrong) > 0 {
			line := strings.Join(strings.Fields(last.Command.Text()), " ")
			return nil, fmt.Errorf("step %d, %s: %s", last.Step, line, wrong[0])
		}
	}
	return takeOver(script, sc), nil
}
