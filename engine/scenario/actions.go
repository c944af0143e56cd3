package scenario

import (
	"fmt"
	"slices"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/zk"
)

// action begins what a command does. An error means that nothing was done; an outcome is nil where
// nothing has to be waited for.
type action func(r *Run, s *Step) (outcome, error)

// each checks all servers before it does anything to any.
func (r *Run) each(ids []zk.SID, check func(node.ID) error, do func(node.ID) error) error {
	for _, id := range ids {
		if err := check(node.ID(id)); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if err := do(node.ID(id)); err != nil {
			return err
		}
	}
	return nil
}

// start starts servers in the order in which they are named.
func (r *Run) start(s *Step) (outcome, error) {
	err := r.each(s.SIDs, func(id node.ID) error {
		if r.sim.Up(id) {
			return fmt.Errorf("server %d is running already", id)
		}
		return nil
	}, func(id node.ID) error {
		err := r.sim.Start(id)
		if s.Gap != unsaid {
			r.runTo(r.sim.Now() + s.Gap)
		}
		return err
	})
	return nil, err
}

// isUp refuses what needs a process.
func (r *Run) isUp(id node.ID) error {
	if !r.sim.Up(id) {
		return fmt.Errorf("server %d is down", id)
	}
	return nil
}

// kill is SIGKILL: what the process wrote is in the page cache and survives it.
func (r *Run) kill(s *Step) (outcome, error) {
	return nil, r.each(s.SIDs, r.isUp, r.sim.Kill)
}

// stop is SIGTERM; a paused process would only see it when it is resumed.
func (r *Run) stop(s *Step) (outcome, error) {
	return nil, r.each(s.SIDs, func(id node.ID) error {
		if r.sim.Paused(id) {
			return fmt.Errorf("server %d is paused; resume it or kill it", id)
		}
		return r.isUp(id)
	}, r.sim.Stop)
}

// hasToLose refuses a loss of power that would change nothing. A process that was killed leaves what
// it wrote in the page cache, and that can still be lost.
func (r *Run) hasToLose(id node.ID) error {
	if r.sim.Disk(id).Dirty() {
		return nil
	}
	return r.isUp(id)
}

// crash leaves of each disk what was synced, to the byte.
func (r *Run) crash(s *Step) (outcome, error) {
	return nil, r.each(s.SIDs, r.hasToLose, func(id node.ID) error { return r.sim.Crash(id, 0) })
}

// pause is SIGSTOP, resume SIGCONT: the kernel keeps what arrives in between.
func (r *Run) pause(s *Step) (outcome, error)  { return nil, r.sim.Pause(node.ID(s.SID)) }
func (r *Run) resume(s *Step) (outcome, error) { return nil, r.sim.Resume(node.ID(s.SID)) }

// wipe empties a disk, as if the machine were new; its id stays.
func (r *Run) wipe(s *Step) (outcome, error) { return nil, r.sim.Wipe(node.ID(s.SID)) }

// skew changes how fast a clock runs, not what it shows now.
func (r *Run) skew(s *Step) (outcome, error) {
	return nil, r.sim.Skew(node.ID(s.SID), s.Rate)
}

// slowBy is what the fault "slow" adds to every fsync.
const slowBy = 200 * node.Millisecond

// disk puts a fault on a disk, or takes all faults off it.
func (r *Run) disk(s *Step) (outcome, error) {
	id := node.ID(s.SID)
	switch s.Fault {
	case "slow":
		return nil, r.sim.SlowDisk(id, slowBy)
	case "full":
		return nil, r.sim.FillDisk(id, 0)
	case "broken":
		return nil, r.sim.BreakDisk(id)
	}
	return nil, r.sim.RepairDisk(id)
}

// machines are the servers as the world knows them.
func machines(ids []zk.SID) []node.ID {
	out := make([]node.ID, len(ids))
	for i, id := range ids {
		out[i] = node.ID(id)
	}
	return out
}

// partition cuts packets off in silence: connections stay open and hear nothing.
func (r *Run) partition(s *Step) (outcome, error) {
	return nil, r.sim.Partition(machines(s.A), machines(s.B), s.OneWay)
}

// heal ends all cuts; what waited in the connections then arrives.
func (r *Run) heal(*Step) (outcome, error) { return nil, r.sim.Heal() }

// hold stops deliveries in one direction until they are chosen.
func (r *Run) hold(s *Step) (outcome, error) {
	return nil, r.sim.Hold(node.ID(s.From), node.ID(s.To))
}

// release lets a held direction flow again.
func (r *Run) release(s *Step) (outcome, error) {
	return nil, r.sim.Release(node.ID(s.From), node.ID(s.To))
}

// waiting lists what may arrive over a link, the oldest first.
func (r *Run) waiting(s *Step) []sim.Pending {
	var out []sim.Pending
	for _, p := range r.sim.Pending() {
		if p.From == node.ID(s.From) && p.To == node.ID(s.To) && p.Kind != node.DialFailed {
			out = append(out, p)
		}
	}
	return out
}

// deliver lets a number of messages arrive, or all up to the first of a type.
func (r *Run) deliver(s *Step) (outcome, error) {
	waiting := r.waiting(s)
	n := int(max(s.Count, 1))
	if s.Packet != "" {
		n = 1 + slices.IndexFunc(waiting, func(p sim.Pending) bool {
			return packetName(p.Msg) == s.Packet
		})
	}
	switch {
	case len(waiting) == 0:
		return nil, fmt.Errorf("no message waits from server %d to server %d", s.From, s.To)
	case n == 0:
		return nil, fmt.Errorf("no %s waits from server %d to server %d", s.Packet, s.From, s.To)
	case len(waiting) < n:
		return nil, fmt.Errorf("fewer than %d messages wait from server %d to server %d", n,
			s.From, s.To)
	}
	for i, p := range waiting[:n] {
		if err := r.sim.Choose(p.ID); err != nil && i == 0 {
			return nil, err
		} // behind the first: lost with the connection that it closed
	}
	return nil, nil
}

// lose takes a message out of its connection, which no TCP survives: the connection breaks.
func (r *Run) lose(s *Step) (outcome, error) {
	for _, p := range r.waiting(s) {
		if p.Kind == node.Received && (s.Packet == "" || packetName(p.Msg) == s.Packet) {
			return nil, r.sim.Drop(p.Seq)
		}
	}
	what := "message"
	if s.Packet != "" {
		what = s.Packet
	}
	return nil, fmt.Errorf("no %s is under way from server %d to server %d", what, s.From, s.To)
}

// packetName is the type of a learner packet, or the kind of another message.
func packetName(m node.Message) string {
	switch m := m.(type) {
	case *jute.QuorumPacket:
		return m.Type.String()
	case *jute.Notification:
		return "notification"
	}
	return ""
}

// wait is there for what every step may say: a condition, a silence, a note.
func (r *Run) wait(*Step) (outcome, error) { return nil, nil }

// note puts a remark of the author into the trace.
func (r *Run) note(s *Step) (outcome, error) {
	r.remark(s.Remark)
	return nil, nil
}
