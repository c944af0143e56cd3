package engine

import (
	"errors"
	"fmt"

	"zabscope/engine/client"
	"zabscope/engine/node"
	"zabscope/engine/scenario"
	"zabscope/engine/zk"
)

// slowBy is what the disk fault "slow" adds to every fsync.
const slowBy = 200 * node.Millisecond

// Do carries out one line of the scenario language now, such as "kill 2", "partition 1,2 | 3" or
// "write 1 create /a one". It waits for nothing: what comes of it is in the trace, then or later.
// The error is a sentence that says what is wrong; nothing was done then.
func (r *Run) Do(command string) error {
	step, err := scenario.ParseStep("command", command)
	if err != nil {
		return explained(err)
	}
	if step.Until != nil {
		return errors.New("here nothing is waited for; leave out until")
	}
	do, ok := verbs[step.Op]
	if !ok {
		return fmt.Errorf("%s works in scenarios, not in a run that is watched", step.Op)
	}
	err = do(r, &step)
	r.happened()
	return err
}

// explained takes the sentence out of a scenario error, whose place in the text matters little in a
// single line.
func explained(err error) error {
	var e *scenario.Error
	if errors.As(err, &e) {
		return errors.New(e.Message)
	}
	return err
}

// verbs are the commands that make sense in a run whose time somebody else moves.
var verbs = map[string]func(*Run, *scenario.Step) error{
	"start":     each((*Run).start),
	"kill":      each(func(r *Run, id node.ID) error { return r.sim.Kill(id) }),
	"stop":      each(func(r *Run, id node.ID) error { return r.sim.Stop(id) }),
	"crash":     each(func(r *Run, id node.ID) error { return r.sim.Crash(id, 0) }),
	"pause":     one(func(r *Run, id node.ID) error { return r.sim.Pause(id) }),
	"resume":    one(func(r *Run, id node.ID) error { return r.sim.Resume(id) }),
	"wipe":      one(func(r *Run, id node.ID) error { return r.sim.Wipe(id) }),
	"skew":      func(r *Run, s *scenario.Step) error { return r.sim.Skew(node.ID(s.SID), s.Rate) },
	"disk":      (*Run).disk,
	"partition": (*Run).partition,
	"heal":      func(r *Run, _ *scenario.Step) error { return r.sim.Heal() },
	"hold":      link(func(r *Run, a, b node.ID) error { return r.sim.Hold(a, b) }),
	"release":   link(func(r *Run, a, b node.ID) error { return r.sim.Release(a, b) }),
	"write":     func(r *Run, s *scenario.Step) error { return r.write(s.Via, s.Txns) },
	"read": func(r *Run, s *scenario.Step) error {
		return r.write(s.Via, []scenario.Txn{{Op: "get", Path: s.Path}})
	},
}

// each makes a command on several servers of one on a single server.
func each(do func(*Run, node.ID) error) func(*Run, *scenario.Step) error {
	return func(r *Run, s *scenario.Step) error {
		for _, id := range s.SIDs {
			if err := do(r, node.ID(id)); err != nil {
				return err
			}
		}
		return nil
	}
}

func one(do func(*Run, node.ID) error) func(*Run, *scenario.Step) error {
	return func(r *Run, s *scenario.Step) error { return do(r, node.ID(s.SID)) }
}

func link(do func(r *Run, from, to node.ID) error) func(*Run, *scenario.Step) error {
	return func(r *Run, s *scenario.Step) error {
		return do(r, node.ID(s.From), node.ID(s.To))
	}
}

func (r *Run) start(id node.ID) error { return r.sim.Start(id) }

func (r *Run) disk(s *scenario.Step) error {
	id := node.ID(s.SID)
	switch s.Fault {
	case "slow":
		return r.sim.SlowDisk(id, slowBy)
	case "full":
		return r.sim.FillDisk(id, 0)
	case "broken":
		return r.sim.BreakDisk(id)
	case "whole":
		return r.sim.RepairDisk(id)
	}
	return fmt.Errorf("there is no disk fault %q; there are slow, full, broken and whole", s.Fault)
}

func (r *Run) partition(s *scenario.Step) error {
	return r.sim.Partition(ids(s.A), ids(s.B), s.OneWay)
}

func ids(sids []zk.SID) []node.ID {
	out := make([]node.ID, len(sids))
	for i, s := range sids {
		out[i] = node.ID(s)
	}
	return out
}

// write lets the client of a server make requests. What it asks before it is connected waits.
func (r *Run) write(via zk.SID, txns []scenario.Txn) error {
	s, err := r.shellAt(int(via))
	if err != nil {
		return err
	}
	requests := make([]*zk.Request, len(txns))
	for i, t := range txns {
		requests[i] = request(t)
	}
	tag := r.next
	r.next += int64(len(txns))
	return r.ask(s, client.Do{Tag: tag, Requests: requests})
}

// request words a scenario's request as a client's. A transaction keeps its order inside a multi.
func request(t scenario.Txn) *zk.Request {
	q := &zk.Request{Type: opcodes[t.Op], Path: t.Path, Version: t.Version, Watch: t.Watch}
	switch t.Op {
	case "create":
		q.Data, q.ACL, q.Flags, q.Version = []byte(t.Data), zk.OpenACLUnsafe, t.Flags, 0
	case "set":
		q.Data = []byte(t.Data)
	}
	for _, x := range t.Ops {
		q.Ops = append(q.Ops, *request(x))
	}
	return q
}

// opcodes are the requests of the scenario language.
var opcodes = map[string]zk.OpCode{"create": zk.OpCreate, "set": zk.OpSetData,
	"delete": zk.OpDelete, "check": zk.OpCheck, "sync": zk.OpSync, "get": zk.OpGetData,
	"exists": zk.OpExists, "children": zk.OpGetChildren2, "multi": zk.OpMulti}
