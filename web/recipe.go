package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"zabscope/engine"
	"zabscope/templates"
	"zabscope/web/room"
)

// Limits of a request for a run.
const (
	maxBody  = 1 << 20                   // bytes
	maxUntil = 24 * 3600 * engine.Second // how far a run is replayed at most
)

// recipe is what people ask of a run. Its JSON form is part of the room's header; the same recipe
// makes the same run.
type recipe struct {
	Preset     string            `json:"preset,omitempty"`
	Scenario   string            `json:"scenario,omitempty"`
	Servers    int               `json:"servers,omitempty"`
	Observers  int               `json:"observers,omitempty"`
	Standalone bool              `json:"standalone,omitempty"`
	Seed       uint64            `json:"seed,string,omitempty"`
	Tick       int               `json:"tick,omitempty"` // milliseconds
	InitLimit  int               `json:"initLimit,omitempty"`
	SyncLimit  int               `json:"syncLimit,omitempty"`
	Latency    latency           `json:"latency,omitempty"`
	Release    string            `json:"release,omitempty"`
	Options    map[string]string `json:"options,omitempty"`
}

// replay is what is done to a run before anybody sees it.
type replay struct {
	actions []room.Action
	after   engine.Seq // of which event the replay ends; 0 where until says so
	until   engine.Time
	from    string // the run from which this one branches off, "" for none
}

// past is the replay as the room takes it.
func (r *replay) past() room.Past {
	return room.Past{Actions: r.actions, After: r.after, Until: r.until}
}

// order is a request for a run: the recipe, and what has been done to the one that it repeats.
type order struct {
	recipe
	replay
}

// complaint says what is wrong with a field: a text of the site with its arguments, or a sentence of
// the engine's.
type complaint struct {
	field string
	key   string
	args  []any
	text  string
}

// say words the complaint.
func (c complaint) say(say templates.Say) string {
	if c.text != "" {
		return c.text
	}
	return say("field."+c.key, c.args...)
}

// invalid is a request with wrong fields.
func invalid(fields ...complaint) problem {
	return problem{status: http.StatusBadRequest, code: "fields", fields: fields,
		args: []any{"n", len(fields)}}
}

// readOrder reads the body of a request of a program.
func readOrder(w http.ResponseWriter, r *http.Request) (order, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return order{}, problem{status: http.StatusUnsupportedMediaType, code: "not-json"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return order{}, unreadable(err)
	}
	var values map[string]json.RawMessage
	in := json.NewDecoder(bytes.NewReader(body))
	if err := in.Decode(&values); err != nil || values == nil {
		return order{}, problem{status: http.StatusBadRequest, code: "bad-json"}
	}
	if _, err := in.Token(); err != io.EOF {
		return order{}, problem{status: http.StatusBadRequest, code: "bad-json"}
	}
	return orderOf(values)
}

// unreadable is what to say of a body that could not be read to its end.
func unreadable(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return problem{status: http.StatusRequestEntityTooLarge, code: "too-big",
			args: []any{"most", maxBody >> 10}}
	}
	return problem{status: http.StatusBadRequest, code: "cut-off"}
}

// orderOf checks fields that have come as JSON, all of them, in the order of their names.
func orderOf(values map[string]json.RawMessage) (order, error) {
	var o order
	var wrong []complaint
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if c := o.setJSON(name, values[name]); c.key != "" || c.text != "" {
			c.field = name
			wrong = append(wrong, c)
		}
	}
	if len(wrong) > 0 {
		return order{}, invalid(wrong...)
	}
	return o, nil
}

// setJSON sets one field; a complaint without a key and a text means that all is well.
func (o *order) setJSON(name string, value json.RawMessage) complaint {
	switch name {
	case "actions":
		return o.setActions(value)
	case "until":
		return o.setUntil(value)
	case "after":
		return o.setAfter(value)
	case "from":
		return o.setFrom(value)
	case "options":
		return o.setOptions(value)
	}
	text, ok := scalar(value)
	if !ok {
		return complaint{key: "scalar"}
	}
	return o.set(name, text)
}

// scalar is the text of a JSON string, number or truth value.
func scalar(value json.RawMessage) (text string, ok bool) {
	switch value[0] {
	case '"':
		return text, json.Unmarshal(value, &text) == nil
	case '{', '[', 'n':
		return "", false
	}
	return string(value), true
}

// set sets a field to what its text says.
func (o *order) set(name, text string) complaint {
	f := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
	if f < 0 {
		return complaint{key: "unknown", args: []any{"names", fieldNames()}}
	}
	return fields[f].read(&o.recipe, text)
}

// setActions takes what is to be done again.
func (o *order) setActions(value json.RawMessage) complaint {
	in := json.NewDecoder(bytes.NewReader(value))
	in.DisallowUnknownFields()
	if err := in.Decode(&o.actions); err != nil {
		return complaint{key: "actions.form"}
	}
	if len(o.actions) > room.MaxActions {
		return complaint{key: "actions.many", args: []any{"most", room.MaxActions}}
	}
	last := engine.Time(0)
	for i, a := range o.actions {
		if (a.Do == "") == (a.CLI == "") || a.Do != "" && a.Server != 0 {
			return complaint{key: "actions.one", args: []any{"n", i + 1}}
		}
		if a.At < last || a.At > maxUntil || a.After > room.MaxEvents {
			return complaint{key: "actions.order", args: []any{"n", i + 1}}
		}
		last = a.At
	}
	o.until = max(o.until, last)
	return complaint{}
}

// setUntil takes how far the run goes before anybody sees it.
func (o *order) setUntil(value json.RawMessage) complaint {
	n, err := strconv.ParseInt(strings.Trim(string(value), `"`), 10, 64)
	if err != nil || n < 0 || engine.Time(n) > maxUntil {
		return complaint{key: "until", args: []any{"most", int(maxUntil / engine.Second)}}
	}
	o.until = max(o.until, engine.Time(n))
	return complaint{}
}

// setAfter takes the number of the event at which the replay ends.
func (o *order) setAfter(value json.RawMessage) complaint {
	n, err := strconv.ParseInt(strings.Trim(string(value), `"`), 10, 64)
	if err != nil || n < 1 || n > room.MaxEvents {
		return complaint{key: "after", args: []any{"most", room.MaxEvents}}
	}
	o.after = engine.Seq(n)
	return complaint{}
}

// setFrom takes the run from which this one branches off.
func (o *order) setFrom(value json.RawMessage) complaint {
	if json.Unmarshal(value, &o.replay.from) != nil {
		return complaint{key: "scalar"}
	}
	return complaint{}
}

// setOptions takes switches by their names.
func (o *order) setOptions(value json.RawMessage) complaint {
	var values map[string]json.RawMessage
	if json.Unmarshal(value, &values) != nil || values == nil {
		return complaint{key: "options.form"}
	}
	o.Options = map[string]string{}
	for name, v := range values {
		text, ok := scalar(v)
		if !ok {
			return complaint{key: "options.form"}
		}
		o.Options[name] = text
	}
	_, wrong := o.options()
	return wrong
}

// readForm reads what people have filled in; fields left empty keep their defaults.
func readForm(w http.ResponseWriter, r *http.Request) (order, url.Values, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		return order{}, nil, unreadable(err)
	}
	var o order
	var wrong []complaint
	for _, f := range fields { // in the order of the form
		text := strings.TrimSpace(r.PostForm.Get(f.name))
		if text == "" {
			continue
		}
		if c := f.read(&o.recipe, text); c.key != "" || c.text != "" {
			c.field = f.name
			wrong = append(wrong, c)
		}
	}
	if len(wrong) > 0 {
		return order{}, r.PostForm, invalid(wrong...)
	}
	return o, r.PostForm, nil
}
