package scenario

import (
	"bytes"
	"encoding/json"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
)

// Facts are what an engine that claims to behave like ZooKeeper can be compared by: after each step
// what the servers say of themselves, what stands on their disks, what went over each link; at the
// end the trees and the logs. The form is that of the recorded facts (see the package's
// documentation), so that the two compare value by value.
type Facts struct {
	scenario *Scenario
	run      *Run
	seq      node.Seq // last event that a step's facts have seen
	proposed map[node.ID]zk.Zxid
	steps    []any
	final    *object
}

// FactsOf runs a scenario from its start to its end and gathers its facts.
func FactsOf(sc *Scenario) (*Facts, error) {
	r, err := Start(sc)
	if err != nil {
		return nil, err
	}
	f := &Facts{scenario: sc, run: r, proposed: map[node.ID]zk.Zxid{}}
	for i := range sc.Steps {
		f.step(&sc.Steps[i])
	}
	f.final = f.finish()
	return f, nil
}

// Run is the run that the facts are of.
func (f *Facts) Run() *Run { return f.run }

// MarshalJSON implements json.Marshaler.
func (f *Facts) MarshalJSON() ([]byte, error) {
	o := (&object{}).put("scenario", f.scenario.Name).put("shows", f.scenario.Shows)
	o.put("facts", (&object{}).put("steps", f.steps).put("final", f.final))
	b, err := o.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = json.Indent(&out, b, "", " ")
	return out.Bytes(), err
}

// step carries out one step and writes down what can be seen after it.
func (f *Facts) step(s *Step) {
	res, err := f.run.Step(*s)
	o := (&object{}).put("step", len(f.steps)+1).put("op", s.object(false))
	if s.Note != "" {
		o.put("note", s.Note)
	}
	if err != nil {
		f.run.skip(*s, err)
		o.put("result", exception("RuntimeError: "+err.Error()))
	} else if res.Value != nil {
		o.put("result", res.Value)
	}
	if res.Waited {
		o.put("reached", res.Reached)
	}
	servers := &object{}
	leaders := []any{}
	for _, x := range f.scenario.Servers {
		status := f.run.status(x.SID)
		servers.put(x.SID.String(), status)
		if status.get("mode") == "leader" {
			leaders = append(leaders, int64(x.SID))
		}
	}
	o.put("servers", servers).put("leader", soleLeader(leaders))
	d := newDigest(f.run, s.Op == "bulk")
	for i := range f.run.tapped {
		d.add(&f.run.tapped[i])
	}
	d.put(o, f)
	f.steps = append(f.steps, o)
}

// soleLeader is the leader, or all of them where there is not exactly one, or null.
func soleLeader(leaders []any) any {
	switch len(leaders) {
	case 0:
		return nil
	case 1:
		return leaders[0]
	}
	return leaders
}

// status is what one server says of itself and what its disk holds.
func (r *Run) status(id zk.SID) *object {
	o := &object{}
	process, mode, zxid := "down", any(nil), any(nil)
	nodes := -1
	switch p := r.peer(id); {
	case r.sim.Paused(node.ID(id)):
		process = "paused"
	case p != nil:
		s := p.Status()
		process, mode = "up", s.Mode
		if serves(s.Mode) {
			zxid, nodes = s.Zxid.Hex(), s.NodeCount
		}
	}
	o.put("process", process).put("mode", mode).put("zxid", zxid)
	if nodes >= 0 {
		o.put("nodeCount", nodes)
	}
	files := storage.Inspect(r.sim.Disk(node.ID(id)))
	o.put("acceptedEpoch", epochFact(files.AcceptedEpoch))
	o.put("currentEpoch", epochFact(files.CurrentEpoch))
	last := any(nil)
	if n := len(files.Txns); n > 0 {
		last = files.Txns[n-1].Zxid.Hex()
	}
	o.put("loggedZxid", last).put("loggedTxns", len(files.Txns))
	snapshots, logs := []string{}, []string{}
	for _, s := range files.Snapshots {
		snapshots = append(snapshots, "0x"+strings.TrimPrefix(s.Name, "snapshot."))
	}
	for _, l := range files.Logs {
		logs = append(logs, "0x"+strings.TrimPrefix(l.Name, "log."))
	}
	return o.put("snapshots", snapshots).put("logFiles", logs)
}

// epochFact is an epoch file's value, null without the file.
func epochFact(e zk.Epoch) any {
	if e < 0 {
		return nil
	}
	return int64(e)
}

// At the end, logs longer than this are shown by their ends.
const (
	longLog   = 80
	keptOfLog = 10
)

// finish writes down the logs and then, through a client at each server that serves, the trees; the
// clients' own sessions are in no log that was written down.
func (f *Facts) finish() *object {
	r := f.run
	trees, logs, modes := &object{}, &object{}, map[zk.SID]string{}
	for _, s := range f.scenario.Servers {
		modes[s.SID] = r.mode(s.SID)
		logs.put(s.SID.String(), r.txnLog(s.SID))
	}
	for _, s := range f.scenario.Servers {
		if serves(modes[s.SID]) {
			trees.put(s.SID.String(), r.readTree(s.SID))
		} else {
			trees.put(s.SID.String(), nil)
		}
	}
	return (&object{}).put("trees", trees).put("txnlogs", logs)
}

// txnLog lists the transactions in a server's log files.
func (r *Run) txnLog(id zk.SID) []any {
	list := []any{}
	for _, t := range storage.Inspect(r.sim.Disk(node.ID(id))).Txns {
		o := (&object{}).put("zxid", t.Zxid.Hex()).put("txn", t.Type.String())
		putTxn(o.put("session", r.name(t.Session)), t)
		list = append(list, o)
	}
	if n := len(list); n > longLog {
		elided := (&object{}).put("elided", n-2*keptOfLog)
		list = append(append(list[:keptOfLog:keptOfLog], elided), list[n-keptOfLog:]...)
	}
	return list
}

// readTree reads the whole tree through a client, node by node.
func (r *Run) readTree(id zk.SID) any {
	w := r.walk(id)
	if v := r.await(w.read); v != nil {
		return v
	}
	out := &object{}
	for _, p := range w.order {
		if p != "/zookeeper" && p != "/zookeeper/quota" {
			out.put(p, w.nodes[p])
		}
	}
	return out
}
