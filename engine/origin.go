package engine

import (
	"fmt"
	"slices"
	"strings"

	"zabscope/engine/scenario"
	"zabscope/engine/sim"
	"zabscope/engine/zk"
)

// Origin is how a run begins, before anybody does anything to it: with a script, with a preset, or
// else with the servers of a Config that all start at once. The same Origin makes the same run.
type Origin struct {
	Script string // in the scenario language, either form; it names its own seed
	Preset string // name of a preset
	Seed   uint64 // of the preset
	Config Config // where neither is named
}

// Open makes the run. heard, if it is not nil, sees each message as it reaches its receiver, from the
// first on. The error is that of NewRun, OpenPreset or OpenScenario.
func (o Origin) Open(heard func(sim.Delivery)) (*Run, error) {
	if o.Script == "" && o.Preset == "" {
		return newRun(o.Config, heard)
	}
	sc, err := o.Scenario()
	if err != nil {
		return nil, err
	}
	return open(sc, heard)
}

// Scenario is what Open does, in the scenario language. The error says what makes no sense.
func (o Origin) Scenario() (*scenario.Scenario, error) {
	switch {
	case o.Script != "":
		return scenario.Parse("scenario", []byte(o.Script))
	case o.Preset != "":
		if !slices.Contains(presetNames, o.Preset) {
			return nil, fmt.Errorf("there is no preset %q; there are %s", o.Preset,
				strings.Join(presetNames, ", "))
		}
		_, sc := presetScript(o.Preset)
		sc.Seed = o.Seed
		return sc, nil
	}
	if err := o.Config.Validate(); err != nil {
		return nil, err
	}
	sc := o.Config.scenario()
	sids := make([]string, len(sc.Servers))
	for i, s := range sc.Servers {
		sids[i] = zk.SID(s.SID).String()
	}
	step, err := scenario.ParseStep("start", "start "+strings.Join(sids, ",")+" quiet 0s")
	sc.Steps = []scenario.Step{step}
	return sc, err
}
