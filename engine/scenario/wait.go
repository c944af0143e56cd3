package scenario

import (
	"slices"

	"zabscope/engine/jute"
	"zabscope/engine/node"
	"zabscope/engine/sim"
	"zabscope/engine/storage"
	"zabscope/engine/zk"
)

// poll is how often a condition is looked at.
const poll = 50 * node.Millisecond

// outcome tells whether what a command began is over, and what came of it. It is asked after each
// event until it says so; it may give a client its next command.
type outcome func() (value any, over bool)

// runUntil lets things happen until cond holds or the deadline has come.
func (r *Run) runUntil(cond func() bool, deadline node.Time) bool {
	for !cond() {
		t, ok := r.sim.Next()
		if !ok || t > deadline {
			r.runTo(deadline)
			return cond()
		}
		r.sim.Step()
		r.within()
	}
	return true
}

// await waits for the outcome of a command. Each outcome has a time limit of its own.
func (r *Run) await(o outcome) any {
	var value any
	over := false
	for !over {
		r.runUntil(func() bool {
			value, over = o()
			return over
		}, r.sim.Now()+poll)
	}
	return value
}

// until waits for a condition; it reports whether it was reached.
func (r *Run) until(u *Until, base map[zk.SID]int) bool {
	if u.Min != unsaid {
		r.runTo(r.sim.Now() + u.Min)
	}
	deadline := r.sim.Now() + said(u.Timeout, DefaultTimeout)
	for !r.holds(u, base) {
		if r.sim.Now() >= deadline {
			return false
		}
		r.runTo(r.sim.Now() + poll)
	}
	return true
}

// mode is what srvr tells of a server: leader, follower, observer, standalone or not-serving; "" of
// one that cannot answer.
func (r *Run) mode(id zk.SID) string {
	if p := r.peer(id); p != nil && !r.sim.Paused(node.ID(id)) {
		return p.Status().Mode
	}
	return ""
}

// serves reports whether a server in this mode answers clients.
func serves(mode string) bool {
	return slices.Contains(roleNames, mode)
}

// holds reports whether all parts of a condition hold now.
func (r *Run) holds(u *Until, base map[zk.SID]int) bool {
	for _, id := range u.Serving {
		if !serves(r.mode(id)) {
			return false
		}
	}
	for _, id := range u.NotServing {
		if serves(r.mode(id)) {
			return false
		}
	}
	for _, x := range u.Roles {
		if r.mode(x.SID) != x.Role {
			return false
		}
	}
	for _, l := range u.Logged {
		if r.loggedBy(l.SID) < base[l.SID]+int(l.N) {
			return false
		}
	}
	return r.leads(u.Leader)
}

// leads reports whether the condition on the leader holds.
func (r *Run) leads(leader string) bool {
	if id, ok := sidOf(leader); ok {
		return r.mode(id) == "leader"
	}
	for _, s := range r.scenario.Servers {
		if r.mode(s.SID) == "leader" {
			return true
		}
	}
	return leader == ""
}

// loggedBy counts the transactions in a server's log files.
func (r *Run) loggedBy(id zk.SID) int {
	return len(storage.Inspect(r.sim.Disk(node.ID(id))).Txns)
}

// logged counts the transactions in the logs that a condition names, for it to compare with.
func (r *Run) logged(u *Until) map[zk.SID]int {
	base := map[zk.SID]int{}
	if u != nil {
		for _, l := range u.Logged {
			base[l.SID] = r.loggedBy(l.SID)
		}
	}
	return base
}

// tap keeps what arrives, for the facts, and notes when the servers last spoke.
func (r *Run) tap(d sim.Delivery) {
	if r.heard != nil {
		r.heard(d)
	}
	if r.handedOver {
		return
	}
	r.tapped = append(r.tapped, d)
	switch m := d.Msg.(type) {
	case *jute.QuorumPacket:
		if m.Type != zk.PING {
			r.lastReal = d.At
		}
	case *jute.SnapshotStream:
		r.lastReal = d.At
	}
}

// settle waits until the servers have been silent for a while, or a limit is reached.
func (r *Run) settle(quiet, limit node.Time) {
	from := r.sim.Now()
	for {
		silent := max(r.lastReal, from) + quiet
		if now := r.sim.Now(); now >= silent || now >= from+limit {
			return
		}
		r.runTo(min(silent, from+limit))
	}
}
