package export

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"zabscope/engine"
	"zabscope/engine/node"
)

// Limits of a link.
const (
	MaxLink      = 32 << 10  // characters of the fragment
	MaxLinkBytes = 512 << 10 // of its JSON
	MaxActions   = 10_000    // as many as a run may have
	MaxLine      = 4 << 10   // bytes of an action's line
	MaxPanels    = 32
	MaxWord      = 256 // bytes of a branch, a selection, the name of a panel, a version, a check
)

const (
	linkKey     = "run="
	linkVersion = 1
	maxNumber   = 1<<53 - 1 // beyond it JavaScript loses digits
)

// Link is a run and what is looked at. Its written form is in the package documentation.
type Link struct {
	Config   json.RawMessage // a JSON object: the run's configuration, as its room tells it
	Actions  []Action
	Until    engine.Time
	Branch   string
	Cursor   engine.Seq
	Selected string
	Panels   []string
	Engine   string // the engine's version where the link was made
	Check    string // what the events up to the cursor come to there, in the page's own reckoning
}

// linkJSON is a link's JSON form.
type linkJSON struct {
	Run    json.RawMessage     `json:"run"`
	Do     [][]json.RawMessage `json:"do,omitempty"`
	Until  int64               `json:"until,omitempty"`
	Branch string              `json:"branch,omitempty"`
	Cursor int64               `json:"cursor,omitempty"`
	Select string              `json:"select,omitempty"`
	Panels []string            `json:"panels,omitempty"`
	Engine string              `json:"engine,omitempty"`
	Check  string              `json:"check,omitempty"`
}

// Encode writes the link for the fragment of an address, without the "#". The error says which limit
// it breaks.
func (l *Link) Encode() (string, error) {
	if err := l.check(); err != nil {
		return "", err
	}
	j := linkJSON{Run: l.Config, Until: int64(l.Until), Branch: l.Branch, Cursor: int64(l.Cursor),
		Select: l.Selected, Panels: l.Panels, Engine: l.Engine, Check: l.Check}
	last := node.Time(0)
	for _, a := range l.Actions {
		j.Do = append(j.Do, actionJSON(&a, last))
		last = a.At
	}
	text, err := marshal(j)
	if err != nil {
		return "", fmt.Errorf("the configuration is no JSON: %w", err)
	}
	if len(text) > MaxLinkBytes {
		return "", tooLong("the run", len(text), MaxLinkBytes)
	}
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestCompression) // the level is one that there is
	_, _ = w.Write(text)                                    // into memory: never fails
	_ = w.Close()
	out := linkKey + strconv.Itoa(linkVersion) + "." +
		base64.RawURLEncoding.EncodeToString(packed.Bytes())
	if len(out) > MaxLink {
		return "", tooLong("the link", len(out), MaxLink)
	}
	return out, nil
}

// marshal writes JSON without escapes for HTML, compact.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// actionJSON writes an action that comes after another.
func actionJSON(a *Action, last node.Time) []json.RawMessage {
	line := a.Do
	if a.CLI != "" {
		line = a.CLI
	}
	text, _ := marshal(line) // a string: never fails
	early := int64(0)
	if a.Early {
		early = 1
	}
	out := []json.RawMessage{strconv.AppendInt(nil, int64(a.At-last), 10), text}
	rest := []int64{int64(a.Server), int64(a.After), early}
	for len(rest) > 0 && rest[len(rest)-1] == 0 {
		rest = rest[:len(rest)-1]
	}
	for _, n := range rest {
		out = append(out, strconv.AppendInt(nil, n, 10))
	}
	return out
}

// tooLong words a broken limit.
func tooLong(what string, n, most int) error {
	return fmt.Errorf("%s takes %d bytes, and a link holds %d; keep the run as a file instead", what,
		n, most)
}

// check holds a link against the limits.
func (l *Link) check() error {
	if len(l.Actions) > MaxActions {
		return fmt.Errorf("%d actions are more than %d", len(l.Actions), MaxActions)
	}
	if len(l.Panels) > MaxPanels {
		return fmt.Errorf("%d panels are more than %d", len(l.Panels), MaxPanels)
	}
	for _, word := range append([]string{l.Branch, l.Selected, l.Engine, l.Check}, l.Panels...) {
		if len(word) > MaxWord {
			return fmt.Errorf("a name of %d bytes is longer than %d", len(word), MaxWord)
		}
	}
	if l.Until < 0 || l.Until > maxNumber || l.Cursor > maxNumber {
		return errors.New("a number is not from 0 to 2^53-1")
	}
	if config := bytes.TrimSpace(l.Config); len(config) == 0 || config[0] != '{' {
		return errors.New(`there is no configuration: "run" must be an object`)
	}
	return checkActions(l.Actions)
}

// checkActions looks at each action, and that they stand in order.
func checkActions(list []Action) error {
	last := node.Time(0)
	for i := range list {
		a := &list[i]
		switch {
		case a.At < last || a.At > maxNumber || a.After > maxNumber:
			return fmt.Errorf("action %d comes before the one above it, or too late", i+1)
		case (a.Do == "") == (a.CLI == "") || a.Do != "" && a.Server != 0:
			return fmt.Errorf("action %d is either a line, or one of zkCli with its server", i+1)
		case len(a.Do) > MaxLine || len(a.CLI) > MaxLine:
			return fmt.Errorf("action %d has more than %d bytes", i+1, MaxLine)
		case a.Server < 0 || a.Server > int(node.FirstClient):
			return fmt.Errorf("action %d names a server that there cannot be", i+1)
		}
		last = a.At
	}
	return nil
}

// Decode reads what Encode wrote, or the fragment of an address in which it stands, with "#" or
// without. The error says what is wrong with it.
func Decode(fragment string) (*Link, error) {
	if len(fragment) > MaxLink+1 {
		return nil, fmt.Errorf("the link has more than %d characters", MaxLink)
	}
	body := ""
	for part := range strings.SplitSeq(strings.TrimPrefix(fragment, "#"), "&") {
		if rest, ok := strings.CutPrefix(part, linkKey); ok {
			body = rest
		}
	}
	version, data, ok := strings.Cut(body, ".")
	switch {
	case !ok:
		return nil, errors.New(`there is no run in this link, which would begin with "run=1."`)
	case version != strconv.Itoa(linkVersion):
		return nil, fmt.Errorf("this link has version %q, and only %d is known here; reload the "+
			"page, or open it where it was made", oneLine(version), linkVersion)
	}
	text, err := inflate(data)
	if err != nil {
		return nil, err
	}
	return linkOf(text)
}

// errCutOff is the error of data that do not hold together.
var errCutOff = errors.New("the link is damaged; perhaps its end was not copied")

// inflate unpacks the data of a link.
func inflate(data string) ([]byte, error) {
	packed, err := base64.RawURLEncoding.Strict().DecodeString(data)
	if err != nil {
		return nil, errCutOff
	}
	in := bytes.NewReader(packed) // flate reads it byte by byte, and no further than it must
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(in), MaxLinkBytes+1))
	switch {
	case len(text) > MaxLinkBytes:
		return nil, fmt.Errorf("the link unpacks to more than %d bytes", MaxLinkBytes)
	case err != nil || in.Len() > 0:
		return nil, errCutOff
	}
	return text, nil
}

// linkOf reads the JSON of a link.
func linkOf(text []byte) (*Link, error) {
	var j linkJSON
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	if err := in.Decode(&j); err != nil {
		return nil, fmt.Errorf("the link does not say what a link says: %w", err)
	}
	if _, err := in.Token(); err != io.EOF {
		return nil, errors.New("the link says more than one thing")
	}
	if j.Until < 0 || j.Cursor < 0 {
		return nil, errors.New("a number is not from 0 to 2^53-1")
	}
	l := &Link{Config: j.Run, Until: engine.Time(j.Until), Branch: j.Branch,
		Cursor: engine.Seq(j.Cursor), Selected: j.Select, Panels: j.Panels,
		Engine: j.Engine, Check: j.Check}
	last := node.Time(0)
	for i, x := range j.Do {
		a, err := actionOf(x, last)
		if err != nil {
			return nil, fmt.Errorf("action %d: %w", i+1, err)
		}
		l.Actions = append(l.Actions, a)
		last = a.At
	}
	return l, l.check()
}

// actionOf reads an action that comes after another.
func actionOf(x []json.RawMessage, last node.Time) (a Action, err error) {
	if len(x) < 2 || len(x) > 5 {
		return a, errors.New("an action is a time, a line and up to three numbers")
	}
	var line string
	var numbers [4]int64 // time, server, events before it, whether it came early
	if json.Unmarshal(x[1], &line) != nil {
		return a, errors.New("an action begins with a time and a line")
	}
	for i, n := range append(x[:1:1], x[2:]...) {
		if json.Unmarshal(n, &numbers[i]) != nil || numbers[i] < 0 || numbers[i] > maxNumber {
			return a, errors.New("a number of an action is not from 0 to 2^53-1")
		}
	}
	if numbers[3] > 1 {
		return a, errors.New("an action comes early, 1, or not, 0")
	}
	a = Action{At: last + node.Time(numbers[0]), Server: int(numbers[1]),
		After: engine.Seq(numbers[2]), Early: numbers[3] == 1}
	if a.Do = line; a.Server > 0 {
		a.Do, a.CLI = "", line
	}
	return a, nil
}
