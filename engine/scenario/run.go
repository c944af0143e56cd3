package scenario

import (
	"fmt"
	"io"

	"zabscope/engine/check"
	"zabscope/engine/node"
	"zabscope/engine/peer"
	"zabscope/engine/sim"
	"zabscope/engine/sim/delay"
	"zabscope/engine/sim/network"
	"zabscope/engine/storage"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Refusal says why a step was not carried out; the run is as it was before it.
type Refusal string

// Error is the sentence.
func (r Refusal) Error() string { return string(r) }

// Version is that of the engine, at the head of every trace: traces of the same version name the same
// events, and the same run makes the same trace.
const Version = "1"

// wallBase is the wall clock at virtual time 0, in milliseconds since 1970: 2024-01-01.
const wallBase = 1704067200000

// maxChecked is the size of ensemble up to which Zab's promises are watched over. (check.Config)
const maxChecked = 64

// Run is a scenario under way: the world, the ensemble in it, and the clients that steps open. It
// belongs to one goroutine.
type Run struct {
	scenario *Scenario
	sim      *sim.Sim
	rec      *trace.Recorder
	clients  map[string]*caller
	visitors []*caller // of steps that open a session of their own, for reuse
	nextID   node.ID
	nextTag  int64
	sessions map[int64]string // S1, S2 ... in order of appearance
	tapped   []sim.Delivery   // since the step began
	heard    func(sim.Delivery)
	lastReal node.Time         // when a learner packet other than PING last arrived
	broken   []check.Violation // and not asked for yet
	steps    int
	results  []Result

	mostEvents node.Seq  // 0: no limit
	mostTime   node.Time // 0: no limit
	ended      bool      // a step was broken off
	handedOver bool      // the script is over, somebody else moves the world
}

// Result is what came of one step.
type Result struct {
	Step       int // from 1
	Command    Step
	From, To   node.Seq // the events of the step are those behind From, up to To
	Value      any      // what the command answered, ready for encoding/json; nil if nothing
	Waited     bool     // the step has a condition
	Reached    bool     // and it held in time
	Refused    string   // why nothing was done; "" if something was
	Violations []check.Violation
}

// Failures says in sentences why the step is not what its author expected: it was refused, its
// condition did not come true, a promise of Zab was broken. Promises that are known to be broken by the
// release that is simulated count only if strict.
func (r *Result) Failures(strict bool) []string {
	var out []string
	if r.Refused != "" {
		out = append(out, "refused: "+r.Refused)
	}
	if r.Waited && !r.Reached {
		out = append(out, "its condition did not come true in time")
	}
	for _, v := range r.Violations {
		if strict || v.Bug == "" {
			out = append(out, v.String())
		}
	}
	return out
}

// Start builds the ensemble of a scenario, all servers down, at virtual time 0. It carries out no
// step. The error is a Refusal.
func Start(sc *Scenario) (*Run, error) {
	if m := sc.checkSize(); m != "" {
		return nil, Refusal(m)
	}
	options, err := sc.options()
	if err != nil {
		return nil, Refusal(err.Error())
	}
	r := &Run{scenario: sc, clients: map[string]*caller{}, sessions: map[int64]string{},
		nextID: node.FirstClient}
	r.rec = trace.New(trace.Header{Version: Version, Seed: sc.Seed, Protocol: "zookeeper",
		Vocabulary: event.Vocabulary, Machines: sc.machines(), Options: options})
	zoo, err := sc.config(0)
	if err != nil {
		return nil, Refusal(err.Error())
	}
	r.sim = sim.New(sim.Config{Seed: sc.Seed, Vocabulary: event.Vocabulary, Recorder: r.rec,
		Network: network.Config{Latency: sc.latency()}, Tap: r.tap, OnCrash: storage.TellLoss,
		OnEvent: r.watch(check.Config{Membership: sc.membership(sc.Servers[0].SID),
			Options: options, InitialCounter: zoo.InitialCounter})})
	for _, s := range sc.Servers {
		cfg, err := sc.config(s.SID)
		if err != nil {
			return nil, Refusal(err.Error())
		}
		pc := peer.Config{SID: s.SID, Type: s.Type, Membership: sc.membership(s.SID), Zoo: cfg,
			Options: options, WallBase: wallBase}
		r.sim.Add(node.ID(s.SID), "", func(d node.Disk, rand *node.Rand) node.Machine {
			return peer.Main(pc, d, rand)
		})
	}
	return r, nil
}

// WriteTrace writes all that has happened so far as lines of JSON. (trace.WriteJSON)
func (r *Run) WriteTrace(w io.Writer) error {
	return trace.WriteJSON(w, r.rec, r.rec.First(), r.rec.Len())
}

// Hear lets f see each message as it reaches its receiver, whoever moves the world. Call it before
// the first step.
func (r *Run) Hear(f func(sim.Delivery)) { r.heard = f }

// Sim is the world of the run. What is done to it directly is not part of any step.
func (r *Run) Sim() *sim.Sim { return r.sim }

// Trace is what has happened so far.
func (r *Run) Trace() *trace.Recorder { return r.rec }

// Results lists what came of the steps so far.
func (r *Run) Results() []Result { return r.results }

// latency is how long messages travel; unset, the network decides.
func (sc *Scenario) latency() delay.Dist {
	if sc.Latency == (Latency{}) {
		return delay.Dist{}
	}
	return delay.Between(sc.Latency.Min, sc.Latency.Max)
}

// machines are the servers as the head of the trace lists them.
func (sc *Scenario) machines() []trace.MachineInfo {
	var out []trace.MachineInfo
	for _, s := range sc.Servers {
		out = append(out, trace.MachineInfo{ID: node.ID(s.SID),
			Name: fmt.Sprintf("server %d", s.SID), Role: s.Type.String()})
	}
	return out
}

// address is the host of the k-th server, counted from 0: 10.77.0.2 and on, as in the recorded facts.
func address(k int) string { return fmt.Sprintf("10.77.%d.%d", (k+1)/250, (k+1)%250+1) }

// membership is the ensemble as one server's configuration lists it.
func (sc *Scenario) membership(id zk.SID) *zk.Membership {
	var members []zk.Member
	for k, s := range sc.Servers {
		if view := sc.own(id).View; view == nil || contains(view, s.SID) {
			members = append(members, zk.Member{SID: s.SID, Type: s.Type, Host: address(k),
				QuorumPort: zk.QuorumPort, ElectionPort: zk.ElectionPort,
				ClientPort: zk.ClientPort})
		}
	}
	m := zk.NewMembership(members)
	m.Groups = sc.Groups
	if sc.Weights != nil {
		m.Weights = map[zk.SID]int64{}
		for _, w := range sc.Weights {
			m.Weights[w.SID] = w.Weight
		}
	}
	return m
}

// contains reports whether a list names a server.
func contains(list []zk.SID, id zk.SID) bool {
	for _, s := range list {
		if s == id {
			return true
		}
	}
	return false
}

// peer is the process of a server, nil while it is down.
func (r *Run) peer(id zk.SID) peer.Server {
	p, _ := r.sim.Machine(node.ID(id)).(peer.Server)
	return p
}

// Step carries out one step and waits for what it waits for. A step that is refused, with a
// Refusal, has changed nothing, unless it went beyond Limit.
func (r *Run) Step(s Step) (res Result, err error) {
	defer r.endIfTooLong(&err)
	c := commandNamed(s.Op)
	if c == nil {
		return Result{}, Refusal("there is no command " + s.Op)
	}
	if m := r.scenario.checkStep(&s); m != "" {
		return Result{}, Refusal(m)
	}
	r.tapped = r.tapped[:0]
	res = Result{Step: r.steps + 1, Command: s, From: r.rec.Len()}
	base := r.logged(s.Until)
	wait, err := c.act(r, &s)
	if err != nil {
		return Result{}, Refusal(err.Error())
	}
	r.steps++
	if s.Note != "" {
		r.remark(s.Note)
	}
	if wait != nil {
		res.Value = r.await(wait)
	}
	if !s.Until.empty() {
		res.Waited, res.Reached = true, r.until(s.Until, base)
	}
	r.settle(said(s.Quiet, DefaultQuiet), said(s.Limit, DefaultLimit))
	res.Violations = r.check()
	res.To = r.rec.Len()
	r.results = append(r.results, res)
	return res, nil
}

// said is a time that the scenario gives, or the default.
func said(t, otherwise node.Time) node.Time {
	if t == unsaid {
		return otherwise
	}
	return t
}

// watch holds each event against Zab's promises as soon as it has happened, and puts what it breaks
// into the trace behind it. nil for an ensemble that is too large.
func (r *Run) watch(c check.Config) func(*trace.Event) {
	if len(r.scenario.Servers) > maxChecked {
		return nil
	}
	return check.All(c).Recording(r.rec, func(v check.Violation) {
		if !r.handedOver { // from then on the trace is all that anybody asks for
			r.broken = append(r.broken, v)
		}
	})
}

// check returns what was broken since it was last asked.
func (r *Run) check() []check.Violation {
	out := r.broken
	r.broken = nil
	return out
}

// All carries out all steps of the scenario that are left. A refused step is noted in its result and
// the next one follows, as when facts are recorded.
func (r *Run) All() []Result {
	for r.Next() {
	}
	return r.results
}

// Next carries out the next step of the scenario; false means that there is none.
func (r *Run) Next() bool {
	if r.ended || r.steps >= len(r.scenario.Steps) {
		return false
	}
	at := r.steps
	s := r.scenario.Steps[at]
	if _, err := r.Step(s); err != nil {
		r.steps = at
		r.skip(s, err)
	}
	return true
}

// remark puts a sentence of the author into the trace.
func (r *Run) remark(text string) {
	var e node.Event
	r.rec.Append(r.sim.Now(), node.World, e.Begin(node.KindNoted).With(node.Text(text)))
}

// skip makes a refused step visible in the trace and in the results.
func (r *Run) skip(s Step, err error) {
	r.tapped = r.tapped[:0]
	from := r.rec.Len()
	r.remark("Refused: " + err.Error() + ".")
	r.steps++
	r.results = append(r.results, Result{Step: r.steps, Command: s, From: from, To: r.rec.Len(),
		Refused: err.Error()})
}
