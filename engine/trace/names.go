package trace

import (
	"encoding/json"
	"fmt"
	"strconv"

	"zabscope/engine/node"
)

// fileVersion is the version of the file format, in the first line.
const fileVersion = 1

// The JSON forms of a header and its vocabulary.
type (
	jsonHeader struct {
		Format   int             `json:"zabscope"` // fileVersion
		Version  string          `json:"version"`
		Seed     string          `json:"seed"` // decimal; it may exceed 2^53
		Protocol string          `json:"protocol"`
		Machines []jsonMachine   `json:"machines"`
		Options  json.RawMessage `json:"options,omitempty"`
		Kinds    []jsonKind      `json:"kinds"`
		Fields   []jsonField     `json:"fields"`
		Checks   []jsonCheckInfo `json:"checks"`
		Timers   []string        `json:"timers"`
	}
	jsonMachine struct {
		ID   node.ID `json:"id"`
		Name string  `json:"name"`
		Role string  `json:"role"`
	}
	jsonKind struct {
		Name   string     `json:"name"`
		Args   []string   `json:"args"`
		Depth  node.Depth `json:"depth"`
		Source string     `json:"source"`
	}
	jsonField struct {
		Name     string     `json:"name"`
		Shape    node.Shape `json:"shape"`
		Columns  []string   `json:"columns"`
		Survives bool       `json:"survives"`
	}
	jsonCheckInfo struct {
		Name   string   `json:"name"`
		Values []string `json:"values"`
	}
)

// MarshalJSON writes the header as the first line of a file has it, vocabulary included; browsers get
// the same.
func (h Header) MarshalJSON() ([]byte, error) {
	j := jsonHeader{Format: fileVersion, Version: h.Version,
		Seed: strconv.FormatUint(h.Seed, 10), Protocol: h.Protocol, Machines: []jsonMachine{}}
	for _, m := range h.Machines {
		j.Machines = append(j.Machines, jsonMachine(m))
	}
	if h.Options != nil {
		o, err := json.Marshal(h.Options)
		if err != nil {
			return nil, err
		}
		j.Options = o
	}
	v := h.Vocabulary
	if v == nil {
		v = new(node.Vocabulary)
	}
	for _, k := range v.Kinds {
		j.Kinds = append(j.Kinds, jsonKind(k))
	}
	for _, f := range v.Fields {
		j.Fields = append(j.Fields, jsonField(f))
	}
	for _, c := range v.Checks {
		j.Checks = append(j.Checks, jsonCheckInfo(c))
	}
	j.Timers = v.Timers
	return json.Marshal(j)
}

// UnmarshalJSON reads what MarshalJSON wrote. Options become a json.RawMessage.
func (h *Header) UnmarshalJSON(b []byte) error {
	var j jsonHeader
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	if j.Format != fileVersion {
		return fmt.Errorf("format %d is not known, only %d", j.Format, fileVersion)
	}
	seed, err := strconv.ParseUint(j.Seed, 10, 64)
	if err != nil {
		return fmt.Errorf("seed %q is no number", j.Seed)
	}
	v := &node.Vocabulary{Timers: j.Timers}
	for _, k := range j.Kinds {
		v.Kinds = append(v.Kinds, node.KindInfo(k))
	}
	for _, f := range j.Fields {
		v.Fields = append(v.Fields, node.FieldInfo(f))
	}
	for _, c := range j.Checks {
		v.Checks = append(v.Checks, node.CheckInfo(c))
	}
	if err := checkNames(v); err != nil {
		return err
	}
	*h = Header{Version: j.Version, Seed: seed, Protocol: j.Protocol, Vocabulary: v}
	for _, m := range j.Machines {
		h.Machines = append(h.Machines, MachineInfo(m))
	}
	if j.Options != nil {
		h.Options = j.Options
	}
	return nil
}

// checkNames makes sure that a file can name everything: names are there, differ, and leave "#" to
// things without a name.
func checkNames(v *node.Vocabulary) error {
	kinds, fields := make([]string, len(v.Kinds)), make([]string, len(v.Fields))
	checks := make([]string, len(v.Checks))
	for i := range v.Kinds {
		kinds[i] = v.Kinds[i].Name
	}
	for i := range v.Fields {
		fields[i] = v.Fields[i].Name
	}
	for i := range v.Checks {
		checks[i] = v.Checks[i].Name
	}
	for _, names := range [][]string{kinds, fields, checks} {
		if len(names) > 1<<16 {
			return fmt.Errorf("%d names are too many", len(names))
		}
		seen := make(map[string]bool, len(names))
		for _, n := range names {
			if n == "" || n[0] == '#' || seen[n] {
				return fmt.Errorf("the vocabulary has a bad name %q", n)
			}
			seen[n] = true
		}
	}
	return nil
}

// nameOf is the i-th of the names, or, where there is none or it stands before as well, "#" and i.
func nameOf(names []string, i int) string {
	if i < len(names) && names[i] != "" && names[i][0] != '#' {
		for _, n := range names[:i] {
			if n == names[i] {
				return "#" + strconv.Itoa(i)
			}
		}
		return names[i]
	}
	return "#" + strconv.Itoa(i)
}

// opNames are the operations by node.OpCode.
var opNames = [...]string{node.OpSet: "set", node.OpAppend: "append", node.OpCut: "cut",
	node.OpPut: "put", node.OpDrop: "drop", node.OpReset: "reset"}

func kindName(v *node.Vocabulary, k node.Kind) string {
	if int(k) < len(v.Kinds) {
		return v.Kinds[k].Name
	}
	return "#" + strconv.Itoa(int(k))
}
