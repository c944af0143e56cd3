package peer_test

import (
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/storage"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// kindsOfZab are the kinds of events that zab and peer emit themselves, but for reconfiguration.
var kindsOfZab = []node.Kind{
	event.StateChanged, event.PhaseChanged, event.ElectionVoteUpdated, event.StartRefused,
	event.EpochWriteFailed, event.AcceptedEpochWritten, event.CurrentEpochWritten,
	event.ConnectingToLeader, event.LearnerRegistered, event.EpochProposed, event.LeaderInfoJudged,
	event.AckEpochJudged, event.EpochEstablished, event.SyncChosen, event.ForwardingStarted,
	event.NewLeaderAcked, event.LearnerLevel, event.Activated, event.LearnerReady,
	event.SnapshotSynced, event.Proposed, event.AckCounted, event.AckIgnored, event.Committed,
	event.SteppedDown, event.LearnerLeft, event.HandlerClosed, event.QuorumChecked,
	event.SyncAnswered,
}

// A life with everything in it: an observer, writes and a sync through a follower, failovers, all
// ways of synchronization, a full disk, a start that is refused. Every kind of event of zab and
// peer occurs; that each has the arguments and values that its kind names is checked of every
// trace.
func TestEveryKindOfEventOccurs(t *testing.T) {
	e := newEnsemble(t, 4, zk.Options3_8_0(), func(p *plan) { p.observers = []zk.SID{4} })
	e.start(1, 2, 3)
	e.until("follower follower leader down")
	s := e.connect(1).creates("/a", "/b")
	s.asks(&zk.Request{Type: zk.OpSync, Path: "/"}).answer()
	e.start(4)
	e.until("follower follower leader observer")
	e.must(e.Partition([]node.ID{3}, []node.ID{1, 2, 4}, false))
	e.tryConnect(3) // its createSession is proposed and never committed
	e.until("follower leader not-serving observer")
	e.must(e.Heal())
	e.until("follower leader follower observer")
	e.must(e.FillDisk(1, 0))
	e.must(e.Kill(2))
	e.untilSaid("1 epoch.writeFailed")
	e.must(e.RepairDisk(1))
	e.wait("3 leads", func() bool { return e.peer(3).Status().Mode == "leader" })
	e.damage(2, storage.AcceptedEpochFile, "0")
	e.start(2)
	said := map[node.Kind]bool{}
	e.rec.Iterate(1, e.rec.Len(), func(ev *trace.Event) bool {
		said[ev.Kind] = true
		return true
	})
	for _, k := range kindsOfZab {
		if !said[k] {
			t.Errorf("%s did not occur", event.Vocabulary.Kinds[k].Name)
		}
	}
}

// The fold of the trace equals the state of the machines after each single step.
func TestFoldAfterEveryStep(t *testing.T) {
	inBoth(t, func(t *testing.T, opt zk.Options) {
		e := newEnsemble(t, 3, opt)
		steps := func(d node.Time) {
			for end := e.Now() + d; e.StepUntil(end); {
				e.fold()
			}
		}
		e.start(1, 2)
		steps(400 * node.Millisecond)
		e.start(3)
		steps(400 * node.Millisecond)
		s := e.connect(1)
		s.asks(create("/a")).asks(create("/b"))
		steps(20 * node.Millisecond)
		e.must(e.Kill(2))
		steps(600 * node.Millisecond)
		e.start(2)
		steps(600 * node.Millisecond)
		e.must(e.Crash(3, 5))
		e.fold()
		steps(600 * node.Millisecond)
		e.trees("a b")
	})
}

// causes walks from an event back to the root of all and lists the names it comes by.
func (e *ensemble) causes(seq node.Seq) []string {
	e.t.Helper()
	var out []string
	for seq != 0 {
		ev, ok := e.rec.At(seq)
		if !ok || ev.Cause >= seq {
			e.t.Fatalf("event %d, whose cause is %d", seq, ev.Cause)
		}
		out = append(out, event.Vocabulary.Kinds[ev.Kind].Name)
		seq = ev.Cause
	}
	return out
}

// find is the number of the first event with this line behind the mark.
func (e *ensemble) find(line string) node.Seq {
	e.t.Helper()
	e.told(line)
	return e.mark
}

// "Why did this happen?" leads from the readiness of a follower through the packets and decisions
// of both sides to a process that was started.
func TestCausesLeadBackToTheRoot(t *testing.T) {
	e := newEnsemble(t, 3, zk.Options3_8_0())
	e.start(1, 2)
	e.until("follower leader down")
	chain := strings.Join(e.causes(e.find("1 learner.ready 2 1")), " ")
	for _, want := range []string{
		"learner.ready net.received zab.packet",                           // UPTODATE
		"leader.activated leader.newLeaderAcked net.received zab.packet",  // the ACK of NEWLEADER
		"net.received zab.packet leader.syncChosen",                       // NEWLEADER
		"leader.epochEstablished leader.ackEpoch net.received zab.packet", // ACKEPOCH
	} {
		if !strings.Contains(chain, want) {
			t.Errorf("%q is not in the chain\n%s", want, chain)
		}
	}
	if !strings.HasSuffix(chain, "world.started") {
		t.Errorf("the chain ends elsewhere: %s", chain)
	}
}

// A commit goes back to the client's call, by way of the acknowledgement that completed the quorum.
func TestCausesOfACommit(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	s := e.connect(3)
	e.now()
	s.creates("/a")
	chain := strings.Join(e.causes(e.find("2 leader.committed 1:2")), " ")
	want := "leader.committed net.received zab.packet disk.synced net.received zab.proposal " +
		"leader.proposed net.received zab.request net.received client.request client.called " +
		"world.commanded"
	if chain != want {
		t.Errorf("the chain of a commit is\n\t%s\nwant\n\t%s", chain, want)
	}
}

// Time never goes back, and every event but those of the world has a cause.
func TestEveryEventHasACause(t *testing.T) {
	e := booted(t, zk.Options3_8_0())
	e.connect(1).creates("/a")
	e.must(e.Kill(2))
	e.until("follower down leader")
	last := node.Time(0)
	e.rec.Iterate(1, e.rec.Len(), func(ev *trace.Event) bool {
		name := event.Vocabulary.Kinds[ev.Kind].Name
		if ev.Time < last {
			t.Errorf("event %d, %s, is earlier than the one before", ev.Seq, name)
		}
		last = ev.Time
		if ev.Cause == 0 && !strings.HasPrefix(name, "world.") {
			t.Errorf("event %d, %s, has no cause", ev.Seq, text(ev))
		}
		return true
	})
}
