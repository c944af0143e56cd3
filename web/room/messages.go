package room

import (
	"encoding/json"

	"zabscope/engine"
	"zabscope/engine/trace"
	"zabscope/web/ws"
)

// protocolVersion is raised when a viewer of the old protocol would misread the new.
const protocolVersion = 1

// headerMessage is the first thing that a viewer hears.
type headerMessage struct {
	Protocol int             `json:"protocol"`
	Engine   string          `json:"engine"`
	Room     string          `json:"room"`
	Run      string          `json:"run"`
	Seed     uint64          `json:"seed,string"`
	Speaks   string          `json:"speaks"`
	Options  any             `json:"options"`
	Config   json.RawMessage `json:"config,omitempty"`
	Machines []machineInfo   `json:"machines"`
	Kinds    []kindInfo      `json:"kinds"`
	Fields   []fieldInfo     `json:"fields"`
	Checks   []checkInfo     `json:"checks"`
	Timers   []string        `json:"timers"`
}

type machineInfo struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
}

type kindInfo struct {
	Name   string   `json:"name"`
	Args   []string `json:"args"`
	Depth  int      `json:"depth"`
	Source string   `json:"source"`
}

type fieldInfo struct {
	Name     string   `json:"name"`
	Shape    int      `json:"shape"`
	Columns  []string `json:"columns"`
	Survives bool     `json:"survives"`
}

type checkInfo struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// header words the head of a trace. A vocabulary and options are always encodable.
func header(h *trace.Header, s *Settings) *ws.Message {
	m := headerMessage{Protocol: protocolVersion, Engine: h.Version, Room: s.ID, Run: s.Run,
		Seed: h.Seed, Speaks: h.Protocol, Options: h.Options, Config: s.Config,
		Timers: h.Vocabulary.Timers}
	for _, x := range h.Machines {
		m.Machines = append(m.Machines, machineInfo{int(x.ID), x.Name, x.Role})
	}
	for _, k := range h.Vocabulary.Kinds {
		m.Kinds = append(m.Kinds, kindInfo{k.Name, notNil(k.Args), int(k.Depth), k.Source})
	}
	for _, f := range h.Vocabulary.Fields {
		m.Fields = append(m.Fields, fieldInfo{f.Name, int(f.Shape), notNil(f.Columns), f.Survives})
	}
	for _, c := range h.Vocabulary.Checks {
		m.Checks = append(m.Checks, checkInfo{c.Name, notNil(c.Values)})
	}
	return encode(m)
}

// notNil makes an empty list of none, which JSON would write as null.
func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// actionsMessage is all that has been done to a run.
type actionsMessage struct {
	Actions []Action `json:"actions"`
}

// actionMessage is the latest thing that has been done to it.
type actionMessage struct {
	Action Action `json:"action"`
}

// familyMessage is the runs that branch off from one another.
type familyMessage struct {
	Family []Branch `json:"family"`
}

// choicesMessage is what may happen next.
type choicesMessage struct {
	Choices []engine.Choice `json:"choices"`
}

// headMessage tells how the world runs.
type headMessage struct {
	Head headState `json:"head"`
}

type headState struct {
	Playing bool        `json:"playing"`
	Speed   string      `json:"speed"`
	Rate    float64     `json:"rate"`
	Now     engine.Time `json:"now"`
	Why     string      `json:"why"`

	Stops   []engine.Stop `json:"stops"`             // at which the head shall stand
	Stopped *stopped      `json:"stopped,omitempty"` // the one at which it stands
}

// stopped says at what the head stands, if at something that was asked for.
type stopped struct {
	By  engine.Stop `json:"by"`
	Seq engine.Seq  `json:"seq"` // the event; the last one for StopNothing
}

// slowMessage tells a viewer that it is falling behind.
type slowMessage struct {
	Slow slowState `json:"slow"`
}

type slowState struct {
	Behind int `json:"behind"`
	Most   int `json:"most"`
}

// command is what a viewer asks for: one of Do, Head and CLI; Server belongs to CLI.
type command struct {
	ID     int64  `json:"id"`
	Do     string `json:"do"`
	Head   string `json:"head"`
	CLI    string `json:"cli"`
	Server int    `json:"server"`
}

// answer is what it gets.
type answer struct {
	ID    int64    `json:"id"`
	OK    bool     `json:"ok"`
	Code  string   `json:"code,omitempty"`
	Error string   `json:"error,omitempty"`
	Lines []string `json:"lines,omitempty"`
}

// Codes of refusals.
const (
	codeRefused   = "refused"
	codeEnded     = "ended"
	codeBusy      = "busy"
	codeMalformed = "malformed"
	codeTooBig    = "too-big"
	codeTooOften  = "too-often"
)

// encode is json.Marshal for what cannot fail: plain structs of this file.
func encode(m any) *ws.Message {
	b, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return ws.NewMessage(b)
}
