package check

import (
	"fmt"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Everything that Zab allows is silent: three epochs, a follower that was away, one that
// truncates, a kill and a loss of power, two servers that both believe they lead.
func TestLegalRun(t *testing.T) {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	for range 3 {
		s.write(1, 2)
	}
	s.reply(1, s.write(1, 2))
	s.legal()

	// 1 is cut off; 3 goes on with 2, proposes (1,6) that nobody hears, and gives up.
	s.look(1)
	s.write(2)
	s.propose()
	s.look(2)
	s.legal()

	// 2 leads 1 in epoch 2 while 3 still believes it leads epoch 1.
	s.lead(2, 2, 1)
	s.reply(2, s.write(1))
	s.legal()

	// 3 comes back with (1,6), which is cut off, and gets what it lacks.
	s.look(3)
	s.elected(3, 2, "VOTE", 1, 2)
	s.found = nil // it has not counted their votes; F1 is another test's matter
	s.tell(3, event.AcceptedEpochWritten, num(2))
	s.to(2, 3, event.LearnerRegistered, id(3), num(1), word("FOLLOWERINFO"))
	s.to(2, 3, event.SyncChosen, id(3), word("TRUNC"), zx(z(1, 5)), zx(z(1, 6)), zx(z(2, 1)), zx(0),
		zx(z(2, 1)), num(1))
	s.to(2, 3, event.PacketSent, word("TRUNC"), zx(z(1, 5)), word(""))
	s.send(3, z(2, 1))
	s.sendCommit(3, z(2, 1))
	s.forward(3)
	s.truncate(3, 5)
	s.take(3)
	s.ackNewLeader(3)
	s.ready(3)
	s.write(1, 3)
	s.legal()
}

// What a server replays from its own log is tentative: a transaction that was never committed
// may come back at a start and be cut off later. (invariants: the most common false alarm)
func TestReplayIsTentative(t *testing.T) {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	s.write(1, 2)
	x := s.propose()
	s.tell(3, node.KindKilled)
	s.start(3)
	s.deliver(3, x, "REPLAY")
	s.look(1, 2)
	s.lead(2, 2, 1)
	s.write(1)
	s.legal()

	// If it joins epoch 2 with it, it counts.
	s.to(3, 2, event.LearnerReady, id(2), num(2))
	if !s.has("S4") {
		t.Errorf("broken: %q, want S4 among them", s.rules())
	}
}

// Each rule is told once for a server and an epoch, with the facts in order of events.
func TestToldOnce(t *testing.T) {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	s.write(1, 2)
	for c := int64(4); c < 20; c += 2 {
		s.proposed(z(1, c))
	}
	s.expect("S11")
	v := s.found[0]
	if v.Server != 3 || v.Zxid != z(1, 4) || v.Seq == 0 || v.Statement != statements["S11"] {
		t.Errorf("%+v", v)
	}
	want := "S11: The leader of an epoch proposes 1, 2, 3 and so on, never 0. server 3, leader of " +
		"epoch 1, proposes 1:4 where 1:2 is next [#"
	if got := v.String(); !strings.HasPrefix(got, want) {
		t.Errorf("%s", got)
	}
}

// Recording puts an event behind the one that breaks a rule, which causes it, and tells the
// caller.
func TestRecording(t *testing.T) {
	cfg := Config{Membership: threeVoters(), Options: zk.Options3_8_0()}
	rec := trace.New(trace.Header{Vocabulary: event.Vocabulary})
	var told []Violation
	observe := All(cfg).Recording(rec, func(v Violation) { told = append(told, v) })
	var e node.Event
	e.Begin(event.Proposed).With(zx(z(1, 1)), word("set"), word("/a"), num(1), num(1))
	seq := rec.Append(5, 3, &e)
	observe(&trace.Event{Seq: seq, Time: 5, Node: 3, Kind: e.Kind, Args: e.Args})
	if len(told) != 1 || told[0].Rule != "S9" || rec.Len() != 2 {
		t.Fatalf("told %v, %d events", told, rec.Len())
	}
	ev, _ := rec.At(2)
	if ev.Kind != node.KindViolated || ev.Cause != seq || ev.Node != 3 || ev.Time != 5 ||
		ev.Args[0].S != "S9" || ev.Args[1].S != statements["S9"] || ev.Args[3].S != "" {
		t.Errorf("recorded %+v", ev)
	}
	if !strings.Contains(ev.Args[2].S, "[#1]") {
		t.Errorf("facts %q name no event", ev.Args[2].S)
	}
	observe(&ev) // its own event is none of its business
	if rec.Len() != 2 {
		t.Error("an event of its own is answered")
	}
}

func threeVoters() *zk.Membership {
	return zk.NewMembership([]zk.Member{{SID: 1}, {SID: 2}, {SID: 3}})
}

// Every rule has its words, once.
func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] || r.Name == "" || !strings.HasSuffix(r.Statement, ".") {
			t.Errorf("%+v", r)
		}
		seen[r.ID] = true
	}
	for _, family := range []struct {
		letter string
		n      int
	}{{"S", 19}, {"E", 7}, {"M", 7}, {"F", 5}} {
		for i := 1; i <= family.n; i++ {
			if id := fmt.Sprint(family.letter, i); !seen[id] {
				t.Errorf("no rule %s", id)
			}
		}
	}
}

// Events of clients and of the world, and kinds that nobody knows, are passed over.
func TestStrangersAreIgnored(t *testing.T) {
	s := newStory(t, 3, 0)
	s.tell(node.FirstClient, node.KindCrashed, num(0))
	s.tell(node.World, node.KindHealed)
	s.tell(node.FirstClient, node.KindStarted, num(1))
	s.tell(node.FirstClient, node.KindWiped)
	s.tell(1, 9999)
	s.legal()
}
