package check

import (
	"slices"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/trace"
	"zabscope/engine/zk"
	"zabscope/engine/zk/event"
)

// Which bugs are live is a matter of options: known-bugs lists those of 3.8.0, and those that
// every release has, which the correct variant repairs.
func TestSuspects(t *testing.T) {
	for _, c := range []struct {
		name    string
		options zk.Options
		want    string
	}{
		{"correct", zk.OptionsCorrect(), ""},
		{"3.8.0", zk.Options3_8_0(), "ZOOKEEPER-4643 ZOOKEEPER-5094 ZOOKEEPER-4646 ZOOKEEPER-4685 " +
			"ZOOKEEPER-4394 ZOOKEEPER-1653 ZOOKEEPER-2832 ZOOKEEPER-2846 " +
			"repair.forgetStaleAcks repair.syncAtStart"},
	} {
		var names []string
		for _, b := range suspects(&c.options) {
			names = append(names, b.name)
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: live are %q, want %q", c.name, got, c.want)
		}
	}
}

// only is the correct variant with one fault.
func only(on func(o *zk.Options)) func(*Config) {
	return func(c *Config) { on(&c.Options) }
}

// seen is a violation of a rule at a server, seen by an event of a story in which nothing that
// breaks it has happened.
func (s *story) seen(rule string, at node.ID) string {
	ev := trace.Event{Kind: event.LearnerReady, Node: at}
	return blame(s.suite.live, &finding{s.suite.model, &ev, &Violation{Rule: rule, Server: at}})
}

// Nothing is put down to a bug that has not shown itself, however many are live. S13 and E7 at a
// learner that was just brought level show one; they are left out.
func TestNothingIsBlamedUnseen(t *testing.T) {
	s := newStory(t, 3, 0, func(c *Config) { c.Options = zk.Options3_8_0() })
	s.lead(3, 1, 1, 2)
	s.write(1, 2)
	for _, r := range Rules() {
		for at := node.ID(1); at <= 3; at++ {
			if (r.ID == "S13" || r.ID == "E7") && at != 3 {
				continue
			}
			if got := s.seen(r.ID, at); got != "" {
				t.Errorf("%s at server %d is put down to %s", r.ID, at, got)
			}
		}
	}
}

// A bug that has shown itself by its sign is blamed for what follows, where it can follow: what a
// server does with its own disk only at that server.
func TestConsequencesNameTheRoot(t *testing.T) {
	for _, c := range []struct {
		bug  string
		sign sign
		on   func(o *zk.Options)
	}{
		{"ZOOKEEPER-1154", strangerKept, func(o *zk.Options) { o.TruncInCommittedLog = false }},
		{"ZOOKEEPER-1156", cutTooMuch, func(o *zk.Options) { o.TruncPosBug = true }},
		{"ZOOKEEPER-2845", memoryBehindLog, func(o *zk.Options) { o.FastForward = false }},
		{"ZOOKEEPER-3642", partialSnapshot, func(o *zk.Options) { o.ClearPartialSnap = false }},
		{"ZOOKEEPER-2832", cutCameBack, func(o *zk.Options) { o.RepairTruncSnapshots = false }},
		{"ZOOKEEPER-2846", strangerInLog, func(o *zk.Options) { o.RepairTxnLogSync = false }},
		{"ZOOKEEPER-5094", partialTruncation, func(o *zk.Options) { o.RepairTruncSync = false }},
		{"repair.syncAtStart", foundAndLost, func(o *zk.Options) { o.RepairStartSync = false }},
	} {
		s := newStory(t, 3, 0, only(c.on))
		s.suite.show(shown{c.sign, 2})
		for _, want := range []struct {
			rule, bug string
			at        node.ID
		}{
			{"S16", c.bug, 3}, {"S4", c.bug, 1}, {"E7", c.bug, 2}, {"E7", "", 1}, {"E1", "", 2},
			{"S8", "", 2}, {"S12", "", 2},
		} {
			if got := s.seen(want.rule, want.at); got != want.bug {
				t.Errorf("%s at server %d is put down to %q, want %q", want.rule, want.at, got,
					want.bug)
			}
		}
	}
}

// blamed lists the bugs that violations of a rule were put down to.
func (s *story) blamed(rule string) string {
	var out []string
	for _, v := range s.found {
		if v.Rule == rule {
			out = append(out, v.Bug)
		}
	}
	return strings.Join(out, " ")
}

// S13 is put down to a bug by what is on the disk: what a DIFF brought is on its way
// to the log (4646); a leader that counts itself before its fsync is nobody's known bug.
func TestTheDiskTellsWhoseWorkAnAckIs(t *testing.T) {
	all := func(c *Config) { c.Options = zk.Options3_8_0(); c.Options.EpochBeforeLog = false }
	s := newStory(t, 3, 0, all)
	s.lead(3, 1, 1)
	s.write(1)
	s.elect(3, 2)
	s.discover(3, 1, 2)
	s.diff(2)
	s.to(2, 3, event.PacketSent, word("ACK"), zx(z(1, 0)), word(""))
	if got := s.blamed("S13"); got != "ZOOKEEPER-4646" {
		t.Errorf("an ACK from memory is put down to %q", got)
	}

	s = newStory(t, 3, 0, all)
	s.lead(3, 1, 1, 2)
	x := z(1, 1)
	s.proposed(x)
	s.append(3, x)
	s.tell(3, event.AckCounted, zx(x), num(3), list(3), yes(false))
	if got := s.rules() + s.blamed("S13"); got != "S13" {
		t.Errorf("a leader's own count before its fsync: %q", got)
	}
}

// A truncation shows by what is left whose fault it has.
func TestSignsOfTruncations(t *testing.T) {
	for _, c := range []struct {
		name        string
		left, loads int   // transactions that are left, and that the database then has
		to          int64 // truncated to
		want        []shown
	}{
		{"as it should be", 2, 2, 2, nil},
		{"with a snapshot beyond the cut", 2, 3, 2, []shown{{cutCameBack, 2}}},
		{"too short", 1, 1, 2, []shown{{cutTooMuch, 2}}},
	} {
		s := newStory(t, 3, 0)
		s.lead(3, 1, 1, 2)
		for range 3 {
			s.write(1, 2)
		}
		var got []shown
		m := s.suite.model
		s.tellWith(2, 0, event.Truncated, func(e *node.Event) {
			e.Cut(event.Log, c.left).Set(event.LogDurable, num(int64(c.left)))
		}, []node.Value{zx(z(1, c.to)), num(1)})
		got = append(got, m.signs...)
		s.tell(2, event.DatabaseLoaded, snapshotName(0), zx(z(1, int64(c.loads))), num(0))
		got = append(got, m.signs...)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: the signs are %v, want %v", c.name, got, c.want)
		}
	}
}

// What a start found on the disk counts as synced; that a loss of power takes it is a sign.
func TestSignOfALossOfWhatAStartFound(t *testing.T) {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	s.write(1, 2)
	s.write(1, 2)
	s.crash(1, 2)
	if m := s.suite.model; len(m.signs) != 0 {
		t.Errorf("nothing is lost, and the signs are %v", m.signs)
	}
	s.start(1)
	s.crash(1, 1)
	if m := s.suite.model; !slices.Equal(m.signs, []shown{{foundAndLost, 1}}) {
		t.Errorf("the signs are %v", m.signs)
	}
}

// A DIFF from a transaction that the leader does not have leaves it at the learner; the leader's log
// or committedLog tells whose fault that is.
func TestSignsOfStrangers(t *testing.T) {
	for _, c := range []struct {
		peer, least zk.Zxid
		want        []shown
	}{
		{z(1, 1), z(1, 1), nil},
		{z(1, 7), z(1, 1), []shown{{strangerKept, 2}}},
		{z(1, 7), z(2, 1), []shown{{strangerInLog, 2}}},
		{z(1, 0), z(1, 1), nil}, // the bare start of an epoch is no transaction
	} {
		s := newStory(t, 3, 0)
		s.lead(3, 1, 1, 2)
		s.write(1, 2)
		s.to(3, 2, event.SyncChosen, id(2), word("DIFF"), zx(z(1, 1)), zx(c.peer), zx(z(1, 1)),
			zx(c.least), zx(z(1, 1)), num(0))
		if got := s.suite.model.signs; !slices.Equal(got, c.want) {
			t.Errorf("from %s, committedLog from %s: %v, want %v", c.peer, c.least, got, c.want)
		}
	}
}

// An acknowledgement outlives the TRUNC that erases what it was for: the commit that counts on it
// breaks S12, and bears the marks of that.
func TestStoryOfAStaleAck(t *testing.T) {
	for _, cut := range []bool{false, true} {
		s := newStory(t, 3, 0, only(func(o *zk.Options) { o.RepairStaleAcks = false }))
		s.lead(2, 1, 1, 3)
		x := s.propose(1)
		if cut {
			s.log(1, x)
			s.truncate(1, 0)
		}
		s.committed(x) // acknowledged by 1, 2
		want := map[bool]string{false: "", true: "repair.forgetStaleAcks"}[cut]
		if got := s.blamed("S12"); got != want || !s.has("S12") {
			t.Errorf("erased %v: %s, put down to %q", cut, s.rules(), got)
		}
	}
}

// Who is sent again what its log has, and logs it again, has the same history on its disk as those
// who logged it once.
func TestWhatIsLoggedTwiceIsTheSameHistory(t *testing.T) {
	s := newStory(t, 3, 0)
	s.lead(3, 1, 1, 2)
	var all []zk.Zxid
	for range 3 {
		all = append(all, s.write(1, 2))
	}
	d := &s.suite.model.servers[1].disk
	once := d.head
	for _, x := range all[1:] {
		s.append(1, x)
		s.durable(1)
	}
	if d.head != once || d.durable() != once {
		t.Errorf("the history ends with %s at place %d", d.head.zxid, d.head.depth)
	}
	s.crash(1, 5)
	s.tellWith(1, 0, event.DatabaseLoaded, nil, []node.Value{snapshotName(0), zx(all[2]), num(5)})
	if got := s.suite.model.servers[1].mem; got != once {
		t.Errorf("a start makes %s at place %d of it", got.zxid, got.depth)
	}
}

// ZOOKEEPER-4643 as a story: B enters epoch 2 without the committed (1,3), wins over C, which
// has it, and makes C cut it off. The checker names the rule that broke first, what was lost,
// and the bug.
func TestStoryOf4643(t *testing.T) {
	s := newStory(t, 3, 0, func(c *Config) { c.Options = zk.Options3_8_0() })
	const a, b, c = 3, 1, 2
	s.lead(a, 1, b, c)
	s.write(b, c)
	s.look(b)
	s.reply(c, s.write(c))
	s.look(a, c)
	s.elect(a, b, c)
	s.discover(a, 2, b, c)
	s.diff(b)
	s.legal()

	s.enter(b) // and now it loses power, as A does
	s.crash(b, 1)
	s.start(b)
	s.elect(b, c)
	s.discover(b, 3, c)
	s.to(b, c, event.SyncChosen, id(c), word("TRUNC"), zx(z(1, 1)), zx(z(1, 2)), zx(z(1, 1)), zx(0),
		zx(z(1, 1)), num(0))
	s.to(b, c, event.PacketSent, word("TRUNC"), zx(z(1, 1)), word(""))
	s.forward(c)
	s.truncate(c, 1)
	s.ackNewLeader(c)
	s.countNewLeader(b)
	s.activate(b, c)

	s.expect("E7 S18 S15 S15 S16 S17")
	for _, v := range s.found {
		if v.Bug != "ZOOKEEPER-4643" {
			t.Errorf("%s names %q", v.Rule, v.Bug)
		}
	}
}
