package check

import (
	"strings"
	"testing"

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
		{"3.8.0", zk.Options3_8_0(), "ZOOKEEPER-4643 ZOOKEEPER-4646 ZOOKEEPER-4685 ZOOKEEPER-4394 " +
			"ZOOKEEPER-1653 ZOOKEEPER-2832 ZOOKEEPER-2846 ZOOKEEPER-5094 repair.forgetStaleAcks " +
			"repair.syncAtStart"},
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

// Each option brings one bug to life, and the rule that it trips first names it.
func TestEachBugIsNamed(t *testing.T) {
	for _, c := range []struct {
		bug, rule string
		on        func(o *zk.Options)
	}{
		{"ZOOKEEPER-1154", "S4", func(o *zk.Options) { o.TruncInCommittedLog = false }},
		{"ZOOKEEPER-1156", "S18", func(o *zk.Options) { o.TruncPosBug = true }},
		{"ZOOKEEPER-790", "M7", func(o *zk.Options) { o.ActivateBeforeAcks = true }},
		{"ZOOKEEPER-2845", "S4", func(o *zk.Options) { o.FastForward = false }},
		{"ZOOKEEPER-3104", "S13", func(o *zk.Options) { o.NewLeaderBeforeSnap = true }},
		{"ZOOKEEPER-3642", "E7", func(o *zk.Options) { o.ClearPartialSnap = false }},
		{"ZOOKEEPER-3023", "S13", func(o *zk.Options) { o.SyncVariant = zk.SyncV2678 }},
		{"ZOOKEEPER-4646", "S13", func(o *zk.Options) { o.SyncVariant = zk.SyncV3911 }},
		{"ZOOKEEPER-4643", "E7", func(o *zk.Options) { o.EpochBeforeLog = true }},
		{"ZOOKEEPER-4685", "M4", func(o *zk.Options) { o.SyncVariant = zk.SyncV3911 }},
		{"ZOOKEEPER-4394", "M1", func(o *zk.Options) { o.SyncVariant = zk.SyncV4785 }},
		{"ZOOKEEPER-4925", "M6", func(o *zk.Options) { o.SyncVariant = zk.SyncV4394 }},
		{"ZOOKEEPER-1277", "S11", func(o *zk.Options) { o.RolloverCheck = false }},
		{"ZOOKEEPER-1653", "E4", func(o *zk.Options) { o.RepairEpochFirst = false }},
		{"ZOOKEEPER-2832", "S4", func(o *zk.Options) { o.RepairTruncSnapshots = false }},
		{"ZOOKEEPER-2846", "M6", func(o *zk.Options) { o.RepairTxnLogSync = false }},
		{"ZOOKEEPER-5094", "S13", func(o *zk.Options) { o.RepairTruncSync = false }},
		{"repair.forgetStaleAcks", "S12", func(o *zk.Options) { o.RepairStaleAcks = false }},
		{"repair.syncAtStart", "S15", func(o *zk.Options) { o.RepairStartSync = false }},
	} {
		o := zk.OptionsCorrect()
		c.on(&o)
		if got := blame(suspects(&o), c.rule, map[string]bool{}); got != c.bug {
			t.Errorf("%s breaks %s and %q is blamed", c.bug, c.rule, got)
		}
	}
}

// A rule that breaks as a consequence points to the bug that has shown itself before.
func TestConsequencesNameTheRoot(t *testing.T) {
	o := zk.Options3_8_0()
	live := suspects(&o)
	for _, c := range []struct {
		rule, before, want string
	}{
		{"S16", "E7", "ZOOKEEPER-4643"},
		{"S16", "S13", "ZOOKEEPER-4646"},
		{"S16", "", "ZOOKEEPER-4643"},
		{"E7", "S13", "ZOOKEEPER-4643"},
		{"M1", "", "ZOOKEEPER-4394"},
		{"E1", "E7", ""},
		{"S8", "", ""},
	} {
		seen := map[string]bool{c.before: c.before != ""}
		if got := blame(live, c.rule, seen); got != c.want {
			t.Errorf("%s after %q: %q, want %q", c.rule, c.before, got, c.want)
		}
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
