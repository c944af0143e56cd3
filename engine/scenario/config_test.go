package scenario

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"zabscope/engine/zk"
)

func TestEverySettingReachesTheServer(t *testing.T) {
	base := zk.DefaultConfig()
	for _, x := range []struct {
		cfg, sys string // the same setting, as zoo.cfg and as a property; "" where it is none
		want     func(*zk.Config)
	}{
		{"tickTime=7", "", func(c *zk.Config) { c.TickTime = 7 }},
		{"initLimit=7", "", func(c *zk.Config) { c.InitLimit = 7 }},
		{"syncLimit=7", "", func(c *zk.Config) { c.SyncLimit = 7 }},
		{"minSessionTimeout=-1", "", func(c *zk.Config) { c.MinSessionTimeout = -1 }},
		{"maxSessionTimeout=7", "", func(c *zk.Config) { c.MaxSessionTimeout = 7 }},
		{"snapCount=7", "zookeeper.snapCount=7", func(c *zk.Config) { c.SnapCount = 7 }},
		{"preAllocSize=7", "zookeeper.preAllocSize=7", func(c *zk.Config) {
			c.PreAllocSize = 7 * 1024
		}},
		{"commitLogCount=7", "zookeeper.commitLogCount=7", func(c *zk.Config) {
			c.CommitLogCount = 7
		}},
		{"snapshotSizeFactor=-0.5", "zookeeper.snapshotSizeFactor=-0.5", func(c *zk.Config) {
			c.SnapshotSizeFactor = -0.5
		}},
		{"exactLimits=yes", "", func(c *zk.Config) { c.ExactLimits = true }},
		{"forceSync=no", "zookeeper.forceSync=no", func(c *zk.Config) { c.ForceSync = false }},
		{"forceSync=yes", "zookeeper.forceSync=true", func(c *zk.Config) { c.ForceSync = true }},
		{"maxBatchSize=7", "zookeeper.maxBatchSize=7", func(c *zk.Config) { c.MaxBatchSize = 7 }},
		{"cnxTimeout=7", "zookeeper.cnxTimeout=7", func(c *zk.Config) { c.CnxTimeout = 7 }},
		{"fastleader.minNotificationInterval=7", "zookeeper.fastleader.minNotificationInterval=7",
			func(c *zk.Config) { c.MinNotificationInterval = 7 }},
		{"fastleader.maxNotificationInterval=7", "zookeeper.fastleader.maxNotificationInterval=7",
			func(c *zk.Config) { c.MaxNotificationInterval = 7 }},
		{"leaderConnectDelayDuringRetryMs=7", "zookeeper.leaderConnectDelayDuringRetryMs=7",
			func(c *zk.Config) { c.LeaderConnectRetryDelay = 7 }},
		{"reconfigEnabled=true", "", func(c *zk.Config) { c.ReconfigEnabled = true }},
		{"standaloneEnabled=true", "", func(c *zk.Config) { c.StandaloneEnabled = true }},
		{"skipACL=yes", "zookeeper.skipACL=yes", func(c *zk.Config) { c.SkipACL = true }},
		{"initialCounter=7", "zookeeper.initialCounter=7", func(c *zk.Config) {
			c.InitialCounter = 7
		}},
	} {
		want := base
		x.want(&want)
		for kind, line := range map[string]string{"cfg": x.cfg, "sys": x.sys} {
			if line == "" {
				continue
			}
			got, err := parsed(t, "servers 1\n"+kind+" "+line).config(1)
			if err != nil || got != want {
				t.Errorf("%s %s: %+v, %v", kind, line, got, err)
			}
		}
	}
}

func TestBadSettingsAreRefused(t *testing.T) {
	for line, want := range map[string]string{
		"snapCount=1":             "expected a whole number from 2 to 1000000 for snapCount, found \"1\"",
		"preAllocSize=x":          "expected a whole number from -1 to 1073741824 of kilobytes for",
		"preAllocSize=-2":         "expected a whole number from -1 to 1073741824 of kilobytes for",
		"commitLogCount=-1":       "expected a whole number from 0 to 1000000 for commitLogCount",
		"snapshotSizeFactor=x":    "expected a number from -1000000000 to 1000000000 for snap",
		"snapshotSizeFactor=2e9":  "expected a number from -1000000000 to 1000000000 for snap",
		"snapshotSizeFactor=NaN":  "expected a number from -1000000000 to 1000000000 for snap",
		"snapshotSizeFactor=-Inf": "expected a number from -1000000000 to 1000000000 for snap",
		"exactLimits=1":           "expected yes or no for exactLimits",
		"forceSync=maybe":         "expected yes or no for forceSync, found \"maybe\"",
		"maxBatchSize=0":          "expected a whole number from 1 to 1000000 for maxBatchSize",
		"zookeeper.tickTime=1":    "unknown key \"zookeeper.tickTime\" in cfg",
	} {
		key, v, _ := strings.Cut(line, "=")
		if got := checkSetting("cfg", Setting{key, v}); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}

// No number may be so large that what is computed from it overflows; the bounds themselves are taken.
func TestNumbersThatWouldOverflowAreRefused(t *testing.T) {
	const least, most = "-9223372036854775808", "9223372036854775807"
	for key, bound := range map[string]int{"tickTime": 60000, "initLimit": 1000, "syncLimit": 1000,
		"minSessionTimeout": math.MaxInt32, "maxSessionTimeout": math.MaxInt32,
		"snapCount": 1000000, "preAllocSize": 1 << 30, "commitLogCount": 1000000,
		"snapshotSizeFactor": 1000000000, "maxBatchSize": 1000000, "cnxTimeout": math.MaxInt32,
		"fastleader.minNotificationInterval": math.MaxInt32,
		"fastleader.maxNotificationInterval": math.MaxInt32,
		"leaderConnectDelayDuringRetryMs":    math.MaxInt32, "initialCounter": math.MaxUint32} {
		if m := checkSetting("cfg", Setting{key, strconv.Itoa(bound)}); m != "" {
			t.Errorf("%s=%d: %s", key, bound, m)
		}
		for _, v := range []string{strconv.Itoa(bound + 1), least, most, most + "0"} {
			want := fmt.Sprintf(" to %d", bound)
			if m := checkSetting("cfg", Setting{key, v}); !strings.Contains(m, want) {
				t.Errorf("%s=%s: %q, want%s", key, v, m, want)
			}
		}
	}
}

func TestWhatIsSaidOfOneServerWins(t *testing.T) {
	sc := parsed(t, "servers 1,2\nreconfigurable\ncfg tickTime=100 syncLimit=3\n"+
		"server 2 cfg tickTime=200 sys zookeeper.snapCount=9")
	one, err1 := sc.config(1)
	two, err2 := sc.config(2)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if one.TickTime != 100 || two.TickTime != 200 || two.SyncLimit != 3 || two.SnapCount != 9 ||
		one.SnapCount == 9 || !one.ReconfigEnabled {
		t.Errorf("server 1 %+v\nserver 2 %+v", one, two)
	}
}

func TestOptionsStartFromARelease(t *testing.T) {
	want := zk.Options3_8_0()
	if got, err := parsed(t, "servers 1").options(); err != nil || got != want {
		t.Errorf("the default: %+v, %v", got, err)
	}
	sc := parsed(t, "servers 1\noptions fle.checkLeader=false learner.syncVariant=v2678")
	want.CheckLeader, want.SyncVariant = false, zk.SyncV2678
	if got, err := sc.options(); err != nil || got != want {
		t.Errorf("two changes: %+v, %v", got, err)
	}
	if err := sc.Set("release=correct,watch.eventZxid=false"); err != nil {
		t.Fatal(err)
	}
	want = zk.OptionsCorrect()
	want.CheckLeader, want.SyncVariant, want.WatchEventZxid = false, zk.SyncV2678, false
	if got, err := sc.options(); err != nil || got != want {
		t.Errorf("set later: %+v, %v", got, err)
	}
	before := sc.Options
	for text, says := range map[string]string{"": "expected key=value", "x=1": `unknown field "x"`,
		"fle.checkLeader=maybe": "cannot unmarshal string", "release=9": "there is no set of",
		"learner.syncVariant=banana": `there is no learner.syncVariant "banana"; there are v34snap, ` +
			"v2678, v3911, v4785, v4394, fixed", "learner.syncVariant=": "there is no learner.syncVar"} {
		if err := sc.Set(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if !reflect.DeepEqual(before, sc.Options) {
		t.Error("a refused option was kept:", sc.Options)
	}
}

func TestOptionNamesAreThoseOfTheOptions(t *testing.T) {
	names := optionNames()
	if len(names) != reflect.TypeFor[zk.Options]().NumField() {
		t.Errorf("%d names", len(names))
	}
	for _, n := range names {
		v := "true"
		if n == "learner.syncVariant" {
			v = "fixed"
		}
		if m := checkSetting("options", Setting{n, v}); m != "" {
			t.Errorf("%s: %s", n, m)
		}
	}
}

func TestTheEnsembleIsThatOfTheScenario(t *testing.T) {
	m := parsed(t, "servers 1,2,3 observers 4\ngroups 1 | 2,3\nweights 1=3 2=0").membership(1)
	const want = "server.1=10.77.0.2:2888:3888:participant;10.77.0.2:2181\n" +
		"server.2=10.77.0.3:2888:3888:participant;10.77.0.3:2181\n" +
		"server.3=10.77.0.4:2888:3888:participant;10.77.0.4:2181\n" +
		"server.4=10.77.0.5:2888:3888:observer;10.77.0.5:2181\n" +
		"group.1=1\ngroup.2=2:3\nweight.1=3\nweight.2=0\nweight.3=1\nversion=0"
	if m.Text() != want {
		t.Error(m.Text())
	}
}
