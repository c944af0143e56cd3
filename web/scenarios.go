package web

import (
	"errors"
	"slices"
	"strconv"

	"zabscope/engine"
	"zabscope/engine/scenario"
)

// Limits of a scenario that somebody sends. It is carried out before anybody sees it, so that it must
// be over soon.
const (
	maxScenario = 64 << 10 // bytes
	maxSteps    = 500
	maxWait     = 60 * engine.Second // of virtual time, for each thing that a step waits for
	maxCount    = 10_000
	maxSize     = 64 << 10 // bytes of data of one request of many
)

// readScenario reads a scenario and looks at how long it could take.
func readScenario(r *recipe, text string) complaint {
	if len(text) > maxScenario {
		return complaint{key: "scenario.long", args: []any{"most", maxScenario >> 10}}
	}
	sc, err := scenario.Parse("scenario", []byte(text))
	if err != nil {
		return atLine(err)
	}
	if len(sc.Servers) > engine.MaxServers {
		return complaint{key: "many", args: []any{"most", engine.MaxServers}}
	}
	if len(sc.Steps) > maxSteps {
		return complaint{key: "scenario.steps", args: []any{"most", maxSteps}}
	}
	if hasty(sc) {
		return complaint{key: "scenario.tick", args: []any{"least", engine.MinTickTime}}
	}
	for i := range sc.Steps {
		if tooLong(&sc.Steps[i]) {
			return complaint{key: "scenario.wait", args: []any{"n", i + 1, "most",
				int(maxWait / engine.Second), "count", maxCount}}
		}
	}
	r.Scenario = text
	return complaint{}
}

// hasty reports whether some server would do so much in so little time that nothing else got done.
func hasty(sc *scenario.Scenario) bool {
	settings := sc.Cfg[:len(sc.Cfg):len(sc.Cfg)]
	for _, p := range sc.PerServer {
		settings = append(settings, p.Cfg...)
	}
	return slices.ContainsFunc(settings, func(s scenario.Setting) bool {
		n, err := strconv.Atoi(s.Value)
		return s.Key == "tickTime" && err == nil && n < engine.MinTickTime
	})
}

// tooLong reports whether a step could go on for ever, or nearly so.
func tooLong(s *scenario.Step) bool {
	if s.Count > maxCount || s.Size > maxSize || max(s.Gap, s.Quiet, s.Limit) > maxWait {
		return true
	}
	return s.Until != nil && max(s.Until.Min, s.Until.Timeout) > maxWait
}

// atLine is an error of the scenario language with its place in the text.
func atLine(err error) complaint {
	var e *scenario.Error
	if errors.As(err, &e) && e.Line > 0 {
		return complaint{key: "scenario.at", args: []any{"line", e.Line, "text", e.Message}}
	}
	if e != nil {
		return complaint{text: e.Message}
	}
	return complaint{text: err.Error()}
}
