package web

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"zabscope/engine"
	"zabscope/engine/zk"
	"zabscope/web/room"
)

// defaultServers is how many servers an ensemble has of which nobody said.
const defaultServers = 3

// defaults are what is not said in a recipe.
func defaults() recipe {
	zoo := zk.DefaultConfig()
	return recipe{Servers: defaultServers, Tick: int(zoo.TickTime), InitLimit: int(zoo.InitLimit),
		SyncLimit: int(zoo.SyncLimit)}
}

// release is a set of behaviours that has a name.
type release struct {
	name    string
	options func() zk.Options
}

// releases are all of them, the usual one first.
var releases = []release{{"3.8.0", zk.Options3_8_0}, {"correct", zk.OptionsCorrect}}

// complete settles what the recipe leaves open, so that it makes the same run ever after. The error
// is a problem with the fields at fault.
func (r *recipe) complete() error {
	bare := recipe{Preset: r.Preset, Scenario: r.Scenario, Seed: r.Seed}
	switch {
	case r.Scenario != "" && !reflect.DeepEqual(*r, recipe{Scenario: r.Scenario}):
		return invalid(complaint{field: "scenario", key: "scenario.alone"})
	case r.Scenario != "":
		return nil // it has a seed of its own
	case r.Preset != "" && !reflect.DeepEqual(*r, bare):
		return invalid(complaint{field: "preset", key: "preset.alone"})
	case r.Standalone && (r.Servers > 1 || r.Observers > 0):
		return invalid(complaint{field: "standalone", key: "standalone"})
	case r.Standalone:
		r.Servers = 1
	case r.Servers == 0 && r.Preset == "":
		r.Servers = defaultServers
	}
	if r.Servers+r.Observers > engine.MaxServers {
		return invalid(complaint{field: "observers", key: "many", args: []any{"most",
			engine.MaxServers}})
	}
	if r.Seed == 0 {
		r.Seed = anySeed()
	}
	return nil
}

// anySeed draws a seed that is easy to read out.
func anySeed() uint64 {
	var b [2]byte
	_, _ = rand.Read(b[:]) // never fails
	return uint64(binary.BigEndian.Uint16(b[:])) + 1
}

// world makes the run. The recipe is complete.
func (r *recipe) world() (room.World, error) {
	run, field, err := r.run()
	if err != nil {
		wrong := atLine(err)
		wrong.field = field
		return nil, invalid(wrong)
	}
	return run, nil
}

// run makes the run; with an error comes the field at fault.
func (r *recipe) run() (run *engine.Run, field string, err error) {
	switch {
	case r.Scenario != "":
		field = "scenario"
	case r.Preset != "":
		field = "preset"
	default:
		field = "servers"
	}
	run, err = r.origin().Open(nil)
	return run, field, err
}

// origin is the recipe as the engine takes it.
func (r *recipe) origin() engine.Origin {
	cfg := engine.Config{Servers: r.Servers, Observers: r.Observers, Seed: r.Seed,
		Standalone: r.Standalone, TickTime: int64(r.Tick), InitLimit: int64(r.InitLimit),
		SyncLimit: int64(r.SyncLimit)}
	cfg.LatencyMin, cfg.LatencyMax, _ = r.Latency.bounds() // checked when it was read
	cfg.Options, _ = r.options()                           // likewise
	return engine.Origin{Script: r.Scenario, Preset: r.Preset, Seed: r.Seed, Config: cfg}
}

// options is the named set with what is said otherwise.
func (r *recipe) options() (zk.Options, complaint) {
	set := releases[0]
	for _, x := range releases {
		if x.name == r.Release {
			set = x
		}
	}
	o := set.options()
	for _, name := range slices.Sorted(maps.Keys(r.Options)) {
		if c := setOption(&o, name, r.Options[name]); c.key != "" {
			return o, c
		}
	}
	return o, complaint{}
}

// setOption sets the option that has a name in JSON.
func setOption(o *zk.Options, name, text string) complaint {
	var value any = text
	if on, err := strconv.ParseBool(text); err == nil {
		value = on
	}
	change, err := json.Marshal(map[string]any{name: value})
	if err != nil {
		return complaint{key: "options.form"}
	}
	in := json.NewDecoder(bytes.NewReader(change))
	in.DisallowUnknownFields()
	err = in.Decode(o)
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &mismatch) || err == nil && o.Validate() != nil:
		return complaint{key: "options.value", args: []any{"name", cut(name), "got", cut(text)}}
	case err != nil:
		return complaint{key: "options.unknown", args: []any{"name", cut(name)}}
	}
	return complaint{}
}

// readRelease reads the name of a set of behaviours.
func readRelease(r *recipe, text string) complaint {
	names := make([]string, len(releases))
	for i, x := range releases {
		names[i] = x.name
	}
	if !slices.Contains(names, text) {
		return complaint{key: "release", args: []any{"got", cut(text), "names",
			strings.Join(names, ", ")}}
	}
	r.Release = text
	return complaint{}
}
