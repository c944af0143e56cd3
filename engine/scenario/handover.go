package scenario

import (
	"slices"

	"zabscope/engine/node"
)

// HandOver ends the script: whoever calls it moves the world from now on, through Sim, and must not
// call Step, Next or All any more. It returns the first id that no client has; clients may be added
// from there on.
func (r *Run) HandOver() node.ID {
	r.handedOver, r.tapped = true, nil
	return r.nextID
}

// scripted are the commands that only a script can carry out: those whose point is to wait or to say
// something, and those that open clients of their own.
var scripted = []string{"wait", "note", "bulk", "client", "do", "send", "drop", "move", "end",
	"refused", "reconfig"}

// Hands says what keeps a step from being carried out at once, by a hand instead of a script, whatever
// state the ensemble is in: a part of it that waits, a server that is not there. nil if nothing does.
// The error is a Refusal.
func (r *Run) Hands(s *Step) error {
	if c := commandNamed(s.Op); c == nil || slices.Contains(scripted, s.Op) {
		return Refusal(s.Op + " works in scenarios, not in a run that is watched")
	}
	for _, x := range []struct {
		word string
		said bool
	}{{"until", s.Until != nil}, {"gap", s.Gap != unsaid}, {"quiet", s.Quiet != unsaid},
		{"limit", s.Limit != unsaid}, {"note", s.Note != ""}, {"leave_open", s.LeaveOpen}} {
		if x.said {
			return Refusal(x.word + " is for scenarios; leave it out here")
		}
	}
	if m := r.scenario.checkStep(s); m != "" {
		return Refusal(m)
	}
	return nil
}

// Hand carries out one step at once, in a run that is handed over, and waits for nothing. Steps that
// make requests are not for it: it has no client to make them with. The error is a sentence; nothing
// was done then.
func (r *Run) Hand(s *Step) error {
	if err := r.Hands(s); err != nil {
		return err
	}
	_, err := commandNamed(s.Op).act(r, s)
	return err
}
