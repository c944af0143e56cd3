package export

import (
	"fmt"
	"slices"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/scenario"
	"zabscope/engine/zk"
)

// Refusal is one thing that cannot be done to real servers.
type Refusal struct {
	Where  string // "step 3", "the action at 1.5 s", "the options"
	What   string // what is refused, by its name
	Remedy string // what to do instead, a sentence
}

// Refusals is the error of a run that cannot be played to real servers: everything that stands
// against it, in order.
type Refusals []Refusal

// Error is a line for each.
func (r Refusals) Error() string {
	lines := make([]string, len(r))
	for i, x := range r {
		lines[i] = fmt.Sprintf("%s: %s cannot be done to real servers. %s", x.Where, x.What, x.Remedy)
	}
	return strings.Join(lines, "\n")
}

// Lab words a run as a scenario for a runner of real ZooKeeper servers, whose JSON form
// scenario.Scenario.JSON writes: the steps of its origin, then what people did, each as long after the
// one before as it was. The seed and the latency stay in it for our own engine; real servers have
// their own. The error is Refusals, or says that the run makes no sense.
func Lab(m *Made) (*scenario.Scenario, error) {
	sc, err := m.Origin.Scenario()
	if err != nil {
		return nil, err
	}
	if sc.Name == "" {
		sc.Name = "kept-run"
	}
	l := &lab{sc: sc, clients: map[zk.SID]string{}}
	sc.Options = slices.DeleteFunc(sc.Options, func(s scenario.Setting) bool {
		return s == scenario.Setting{Key: "release", Value: "3.8.0"}
	})
	if len(sc.Options) > 0 {
		l.refuse("the options", "options "+settings(sc.Options),
			"Real servers are as they are: take the options out, or install that release.")
	}
	steps := sc.Steps
	sc.Steps = nil
	for i := range steps {
		l.step(fmt.Sprintf("step %d", i+1), steps[i])
	}
	if len(m.Actions) > 0 {
		if err := l.actions(m); err != nil {
			return nil, err
		}
	}
	if len(l.refused) > 0 {
		return nil, l.refused
	}
	return sc, nil
}

// lab collects the steps of a scenario, and what stands against it.
type lab struct {
	sc      *scenario.Scenario
	refused Refusals
	clients map[zk.SID]string // names of the lasting sessions, by server
	began   node.Time         // when the step added last was begun
}

// refuse notes what cannot be done.
func (l *lab) refuse(where, what, remedy string) {
	l.refused = append(l.refused, Refusal{where, what, remedy})
}

// settings writes them as the text form does.
func settings(list []scenario.Setting) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = s.Key + "=" + s.Value
	}
	return strings.Join(words, " ")
}

// remedies are what to do instead of the commands that a runner of real servers does not have.
var remedies = map[string]string{
	"crash": "Use kill: a real process can be killed, but what it wrote is then kept.",
	"skew":  "Take it out: the servers of one machine share its clock.",
	"disk": "Take it out: use a disk that is slow, full or broken by itself, and note what " +
		"came of it.",
	"hold":    "Use partition: a real network loses all packets of a link or none.",
	"deliver": "Use heal: single packets cannot be chosen on a real network.",
	"lose":    "Use partition and heal around the step that sends the message.",
	"release": "Use heal, behind a partition.",
	"arrive":  "Use heal: single packets cannot be chosen on a real network.",
	"vanish":  "Use partition and heal around the step that sends the message.",
	"fire":    "Use wait: a real timer fires when its time has come.",
	"flush":   "Use wait: a real disk is done when it is done.",
}

// step adds a step if it can be done.
func (l *lab) step(where string, s scenario.Step) {
	if remedy, ok := remedies[s.Op]; ok {
		l.refuse(where, s.Op, remedy)
		return
	}
	switch {
	case s.Op == "note":
		s.Op, s.Note, s.Remark = "wait", s.Remark, ""
	case s.OneWay:
		l.refuse(where, "partition oneway", "Take oneway out: a partition loses both directions.")
		return
	case s.Reconnects:
		l.refuse(where, "client reconnects",
			"Take reconnects out, and use drop and move where the client would look for a server.")
		return
	}
	if i := slices.IndexFunc(s.Txns, func(t scenario.Txn) bool { return !playable(t) }); i >= 0 {
		l.refuse(where, s.Txns[i].Op, readRemedy)
		return
	}
	l.sc.Steps = append(l.sc.Steps, s)
}

// readRemedy is what to do about requests that a runner does not have.
const readRemedy = "Take it out, or use get; there are create, set, delete, multi, sync and get."

// playable reports whether a runner of real servers can make a request.
func playable(t scenario.Txn) bool {
	switch t.Op {
	case "create", "set", "delete", "sync", "multi":
		return true
	case "get":
		return !t.Watch
	}
	return false
}
