package web

import (
	"strconv"
	"strings"

	"zabscope/engine"
)

// field is one thing that a recipe says, by the name that it has in forms and for programs.
type field struct {
	name string
	read func(r *recipe, text string) complaint // the empty complaint if all is well
}

// fields are all of them, in the order of the form.
var fields = []field{
	{"preset", readPreset},
	{"servers", whole(1, engine.MaxServers, func(r *recipe) *int { return &r.Servers })},
	{"observers", whole(0, engine.MaxServers-1, func(r *recipe) *int { return &r.Observers })},
	{"standalone", readStandalone},
	{"tick", whole(engine.MinTickTime, engine.MaxTickTime, func(r *recipe) *int { return &r.Tick })},
	{"initLimit", whole(1, engine.MaxLimit, func(r *recipe) *int { return &r.InitLimit })},
	{"syncLimit", whole(1, engine.MaxLimit, func(r *recipe) *int { return &r.SyncLimit })},
	{"latency", readLatency},
	{"seed", readSeed},
	{"release", readRelease},
	{"scenario", readScenario},
}

// fieldNames lists what programs may say.
func fieldNames() string {
	names := make([]string, 0, len(fields)+3)
	for _, f := range fields {
		names = append(names, f.name)
	}
	return strings.Join(append(names, "options", "actions", "after", "until", "from"), ", ")
}

// whole makes the reader of a whole number between bounds.
func whole(least, most int, at func(*recipe) *int) func(*recipe, string) complaint {
	return func(r *recipe, text string) complaint {
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			return complaint{key: "whole", args: []any{"least", least, "most", most, "got", cut(text)}}
		}
		*at(r) = n
		return complaint{}
	}
}

// cut shortens what people wrote, for sentences about it.
func cut(text string) string {
	const most = 40
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// readStandalone reads a switch, as forms and as programs write it.
func readStandalone(r *recipe, text string) complaint {
	switch text {
	case "on", "true":
		r.Standalone = true
	case "false":
		r.Standalone = false
	default:
		return complaint{key: "switch", args: []any{"got", cut(text)}}
	}
	return complaint{}
}

// readSeed reads any number of 64 bits.
func readSeed(r *recipe, text string) complaint {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return complaint{key: "seed", args: []any{"got", cut(text)}}
	}
	r.Seed = n
	return complaint{}
}

// latency is how long packets travel, as people write it: "2" or "0.5-2", in milliseconds. Empty, the
// network's default.
type latency string

// bounds are the least and the greatest time; false if the text makes no sense.
func (l latency) bounds() (least, most engine.Time, ok bool) {
	a, b, both := strings.Cut(string(l), "-")
	if !both {
		b = a
	}
	x, err1 := strconv.ParseFloat(strings.TrimSpace(a), 64)
	y, err2 := strconv.ParseFloat(strings.TrimSpace(b), 64)
	top := float64(engine.MaxLatency) / millisecond
	ok = err1 == nil && err2 == nil && 0 <= x && x <= y && 0 < y && y <= top
	if !ok {
		return 0, 0, false
	}
	return engine.Time(x * millisecond), engine.Time(y * millisecond), true
}

// millisecond is one of virtual time.
const millisecond = float64(engine.Second) / 1000

func readLatency(r *recipe, text string) complaint {
	if _, _, ok := latency(text).bounds(); !ok {
		return complaint{key: "latency", args: []any{"most",
			int(float64(engine.MaxLatency) / millisecond), "got", cut(text)}}
	}
	r.Latency = latency(text)
	return complaint{}
}
