package zk

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// mixed is an ensemble of two voters and an observer, given out of order.
func mixed() *Membership {
	return NewMembership([]Member{
		{SID: 9, Type: Observer, Host: "c", QuorumPort: 2888, ElectionPort: 3888, ClientPort: 2181},
		{SID: 4, Host: "b", QuorumPort: 2888, ElectionPort: 3888, ClientPort: 2181},
		{SID: 2, Host: "a", QuorumPort: 2888, ElectionPort: 3888, ClientPort: 2181},
	})
}

// Members stand in the order of their ids, and each is what it is.
func TestMembers(t *testing.T) {
	m := mixed()
	for _, c := range []struct {
		sid          SID
		known, voter bool
	}{{2, true, true}, {4, true, true}, {9, true, false}, {3, false, false}, {0, false, false}} {
		x, ok := m.Lookup(c.sid)
		if ok != c.known || ok && x.SID != c.sid || m.IsVoter(c.sid) != c.voter {
			t.Errorf("%d: known %v, voter %v", c.sid, ok, m.IsVoter(c.sid))
		}
	}
	if v := m.Voters(); !slices.Equal(v, []SID{2, 4}) || m.VoterCount() != 2 {
		t.Errorf("voters %v, %d of them", v, m.VoterCount())
	}
	if o := m.Observers(); !slices.Equal(o, []SID{9}) {
		t.Errorf("observers %v", o)
	}
	m.Voters()[0] = 77
	if !m.IsVoter(2) {
		t.Error("the list of voters is the membership's own")
	}
}

// The text that NEWLEADER carries: members by id, weights only with groups, no newline at the end.
// (QuorumMaj.toString, QuorumHierarchical.toString)
func TestMembershipText(t *testing.T) {
	m := mixed()
	m.Version = 0x100000003
	lines := []string{"server.2=a:2888:3888:participant;a:2181",
		"server.4=b:2888:3888:participant;b:2181", "server.9=c:2888:3888:observer;c:2181"}
	want := strings.Join(append(lines, "version=100000003"), "\n")
	if got := m.Text(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	m.Groups, m.Weights = [][]SID{{2}, {4}}, map[SID]int64{4: 3}
	want = strings.Join(append(lines, "group.1=2", "group.2=4", "weight.2=1", "weight.4=3",
		"version=100000003"), "\n")
	if got := m.Text(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// DefaultConfig has ZooKeeper's defaults, and where there are none those of the recorded runs.
func TestDefaultConfig(t *testing.T) {
	c := DefaultConfig()
	for name, got := range map[string]bool{
		"a tick of 250 ms":                       c.TickTime == 250,
		"initLimit 40, syncLimit 8":              c.InitLimit == 40 && c.SyncLimit == 8,
		"sessions from 500 ms to ten minutes":    c.MinSessionTimeout == 500 && c.MaxSessionTimeout == 600000,
		"snapCount 100000":                       c.SnapCount == 100000,
		"preAllocSize 64 MiB":                    c.PreAllocSize == 64<<20,
		"commitLogCount 500":                     c.CommitLogCount == 500,
		"snapshotSizeFactor 0.33":                c.SnapshotSizeFactor == 0.33,
		"forceSync, batches of 1000":             c.ForceSync && c.MaxBatchSize == 1000,
		"cnxTimeout 1 s":                         c.CnxTimeout == 1000,
		"notifications after 200 ms to a minute": c.MinNotificationInterval == 200 && c.MaxNotificationInterval == 60000,
		"finalizeWait 200 ms":                    c.FinalizeWait == 200,
		"100 ms between attempts to connect":     c.LeaderConnectRetryDelay == 100,
		"no reconfiguration":                     !c.ReconfigEnabled && !c.StandaloneEnabled && !c.SkipACL,
		"limits are taken as ZooKeeper does":     !c.ExactLimits,
		"epochs begin with 1":                    c.InitialCounter == 0,
	} {
		if !got {
			t.Errorf("not so: %s", name)
		}
	}
}

// booleans lists the options of a set that are on, by the names that scenarios use.
func booleans(o Options) map[string]bool {
	b, err := json.Marshal(o)
	if err != nil {
		panic(err)
	}
	var all map[string]any
	if err := json.Unmarshal(b, &all); err != nil {
		panic(err)
	}
	out := map[string]bool{}
	for name, v := range all {
		if on, ok := v.(bool); ok {
			out[name] = on
		}
	}
	return out
}

// What is on in 3.8.0, and what the correct variant adds: the fixes of 3.9.4 and every repair that no
// release has. An option that is added must be given its place here.
func TestOptionSets(t *testing.T) {
	in380 := []string{"fle.checkLeader", "fle.requirePeerEpoch", "leader.rolloverCheck",
		"leader.syncTruncWithinCommittedLog", "learner.clearOnPartialSnap", "learner.epochBeforeLog",
		"learner.shutdownFastForward"}
	added := []string{"committedLog.continuityCheck", "learner.continuityCheck", "watch.eventZxid",
		"snapshot.lastZxidBlock"}
	a, b := booleans(Options3_8_0()), booleans(OptionsCorrect())
	for name := range a {
		if want := slices.Contains(in380, name); a[name] != want {
			t.Errorf("3.8.0: %s is %v", name, a[name])
		}
		want := name != "learner.epochBeforeLog" && slices.Contains(in380, name) ||
			slices.Contains(added, name) || strings.HasPrefix(name, "repair.")
		if b[name] != want {
			t.Errorf("correct: %s is %v", name, b[name])
		}
	}
	if v := Options3_8_0().SyncVariant; v != SyncV3911 {
		t.Errorf("3.8.0 synchronizes as %s", v)
	}
	if v := OptionsCorrect().SyncVariant; v != SyncFixed {
		t.Errorf("the correct variant synchronizes as %s", v)
	}
}

// Every variant that there is may be set, and nothing else. (Learner.syncWithLeader of the releases)
func TestOptionsAreValidated(t *testing.T) {
	for _, v := range []SyncVariant{"v34snap", "v2678", "v3911", "v4785", "v4394", "fixed"} {
		o := Options{SyncVariant: v}
		if err := o.Validate(); err != nil || !slices.Contains(SyncVariants, v) {
			t.Errorf("%s: %v", v, err)
		}
	}
	for _, v := range []SyncVariant{"", "banana", "V3911", "v3911 "} {
		o := Options3_8_0()
		o.SyncVariant = v
		want := `there is no learner.syncVariant "` + string(v) +
			`"; there are v34snap, v2678, v3911, v4785, v4394, fixed`
		if err := o.Validate(); err == nil || err.Error() != want {
			t.Errorf("%q: %v", v, err)
		}
	}
	if len(SyncVariants) != 6 {
		t.Errorf("%d variants, 6 are tested", len(SyncVariants))
	}
}

// Each option has a name with a family, and is found again under it.
func TestOptionNames(t *testing.T) {
	typ := reflect.TypeFor[Options]()
	seen := map[string]bool{}
	for i := range typ.NumField() {
		name := typ.Field(i).Tag.Get("json")
		family, rest, ok := strings.Cut(name, ".")
		if !ok || family == "" || rest == "" || seen[name] {
			t.Errorf("%s is called %q", typ.Field(i).Name, name)
		}
		seen[name] = true
	}
	for _, o := range []Options{Options3_8_0(), OptionsCorrect()} {
		b, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		var back Options
		if err := json.Unmarshal(b, &back); err != nil || back != o {
			t.Errorf("%s reads back as %+v, %v", b, back, err)
		}
	}
}
