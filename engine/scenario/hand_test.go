package scenario

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk/event"
)

// sent is the number of the last event in which a packet of a type was sent from one server to another.
func (r *running) sent(packet string, from, to node.ID) node.Seq {
	r.t.Helper()
	seq := node.Seq(0)
	r.run.rec.Iterate(1, r.run.rec.Len(), func(e *trace.Event) bool {
		if (e.Kind == event.PacketSent || e.Kind == event.ProposalSent) && e.Node == from && e.Peer == to && e.Args[0].S == packet {
			seq = e.Seq
		}
		return true
	})
	if seq == 0 {
		r.t.Fatalf("no %s went from %d to %d", packet, from, to)
	}
	return seq
}

// next is the number of the event that sent what may arrive next over a link.
func (r *running) next(from, to node.ID) node.Seq {
	r.t.Helper()
	for _, p := range r.run.sim.Pending() {
		if p.Kind == node.Received && p.From == from && p.To == to && p.Enabled {
			return p.Seq
		}
	}
	r.t.Fatalf("nothing may arrive from %d at %d", from, to)
	return 0
}

// The leader's COMMIT to 1 is held, and chosen by the number of its event.
func TestAMessageArrivesWhenItIsChosen(t *testing.T) {
	r := trio(t)
	r.do("client c via 3", "hold 3 to 1", "do c create /a x")
	first, commit := r.next(3, 1), r.sent("COMMIT", 3, 1)
	r.refused(fmt.Sprint("arrive ", commit), fmt.Sprintf(
		"event %d cannot arrive now: event %d was sent before it on the same connection", commit, first))
	r.refused(fmt.Sprintf("arrive %d at 2", first),
		fmt.Sprintf("nothing that event %d sent is under way", first))
	for first != commit {
		r.do(fmt.Sprintf("arrive %d quiet 0s", first))
		first = r.next(3, 1)
	}
	r.do(fmt.Sprintf("arrive %d at 1", commit))
	if got := r.run.peer(1).Status().Zxid.String(); got != "1:2" {
		t.Errorf("server 1 at %s after the COMMIT", got)
	}
}

// A message that vanishes takes its connection along, and whoever had it notices.
func TestAMessageVanishesWithItsConnection(t *testing.T) {
	r := trio(t)
	r.do("client c via 3", "hold 3 to 1", "do c create /a x")
	before := r.run.rec.Len()
	r.do(fmt.Sprint("vanish ", r.sent("PROPOSAL", 3, 1)), "release 3 to 1")
	closed := 0
	r.run.rec.Iterate(before, r.run.rec.Len(), func(e *trace.Event) bool {
		if e.Kind == node.KindConnClosed && e.Node == 1 {
			closed++
		}
		return true
	})
	if closed == 0 {
		t.Error("server 1 has lost no connection")
	}
}

func TestATimerFiresWhenItIsChosen(t *testing.T) {
	r := trio(t)
	r.do("wait quiet 0s")
	before := r.run.rec.Len()
	r.do("fire 3 leader.tick quiet 0s")
	e, ok := r.run.rec.At(before + 1)
	if !ok || e.Kind != node.KindFired || e.Node != 3 || e.Args[0].S != "leader.tick" {
		t.Errorf("what happened is %+v", e)
	}
	r.refused("fire 1 leader.tick", "server 1 has no timer leader.tick that runs")
	r.refused("fire 9 leader.tick", "server 9 has no timer leader.tick that runs")
	r.refused("flush 1", "server 1 waits for no fsync")
	r.refused("vanish 1", "event 1 is not a message under way")
}

func TestHandIsForWhoeverMovesTheWorld(t *testing.T) {
	r := trio(t)
	r.run.HandOver()
	for line, want := range map[string]string{"arrive 1": "nothing that event 1 sent is under way",
		"deliver 1 to 2": "no message waits from server 1 to server 2",
		"deliver 1 to 9": "there is no server 9 in this ensemble"} {
		s, err := ParseStep("test", line)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.run.Hand(&s); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", line, err)
		}
	}
}
