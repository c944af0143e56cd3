package scenario

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"zabscope/engine/zk"
)

// configKey is one setting of zoo.cfg that the engine knows. A key that ZooKeeper reads as a system
// property may stand in zoo.cfg too, without its prefix. (QuorumPeerConfig.parseProperties)
type configKey struct {
	key      string
	property bool // also a system property, "zookeeper." before the key
	set      func(c *zk.Config, value string) error
}

const propertyPrefix = "zookeeper."

var configKeys = []configKey{
	{"tickTime", false, whole(1, zk.MaxTickTime, func(c *zk.Config) *int64 {
		return &c.TickTime
	})},
	{"initLimit", false, whole(1, zk.MaxLimit, func(c *zk.Config) *int64 {
		return &c.InitLimit
	})},
	{"syncLimit", false, whole(1, zk.MaxLimit, func(c *zk.Config) *int64 {
		return &c.SyncLimit
	})},
	{"minSessionTimeout", false, whole(-1, zk.MaxMillis, func(c *zk.Config) *int64 {
		return &c.MinSessionTimeout
	})},
	{"maxSessionTimeout", false, whole(-1, zk.MaxMillis, func(c *zk.Config) *int64 {
		return &c.MaxSessionTimeout
	})},
	{"snapCount", true, whole(2, zk.MaxSnapCount, func(c *zk.Config) *int64 {
		return &c.SnapCount
	})},
	{"preAllocSize", true, kilobytes},
	{"commitLogCount", true, whole(0, zk.MaxEntries, func(c *zk.Config) *int {
		return &c.CommitLogCount
	})},
	{"snapshotSizeFactor", true, factor},
	{"exactLimits", false, yesNo(func(c *zk.Config) *bool { return &c.ExactLimits })},
	{"forceSync", true, yesNo(func(c *zk.Config) *bool { return &c.ForceSync })},
	{"maxBatchSize", true, whole(1, zk.MaxEntries, func(c *zk.Config) *int {
		return &c.MaxBatchSize
	})},
	{"cnxTimeout", true, whole(1, zk.MaxMillis, func(c *zk.Config) *int64 {
		return &c.CnxTimeout
	})},
	{"fastleader.minNotificationInterval", true, whole(1, zk.MaxMillis,
		func(c *zk.Config) *int64 { return &c.MinNotificationInterval })},
	{"fastleader.maxNotificationInterval", true, whole(1, zk.MaxMillis,
		func(c *zk.Config) *int64 { return &c.MaxNotificationInterval })},
	{"leaderConnectDelayDuringRetryMs", true, whole(0, zk.MaxMillis, func(c *zk.Config) *int64 {
		return &c.LeaderConnectRetryDelay
	})},
	{"reconfigEnabled", false, yesNo(func(c *zk.Config) *bool { return &c.ReconfigEnabled })},
	{"standaloneEnabled", false, yesNo(func(c *zk.Config) *bool { return &c.StandaloneEnabled })},
	{"skipACL", true, yesNo(func(c *zk.Config) *bool { return &c.SkipACL })},
	{"initialCounter", true, whole(0, zk.MaxCounter, func(c *zk.Config) *int64 {
		return &c.InitialCounter
	})},
}

// whole makes the setter of a whole number between two bounds, both of which it may be.
func whole[N int | int64](least, most int64,
	at func(*zk.Config) *N) func(*zk.Config, string) error {
	return func(c *zk.Config, v string) error {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < least || n > most {
			return fmt.Errorf("expected a whole number from %d to %d", least, most)
		}
		*at(c) = N(n)
		return nil
	}
}

// maxKilobytes is the most by which a log file grows at once: 1 TiB, which no disk is asked for.
const maxKilobytes = 1 << 30

// kilobytes sets preAllocSize, the one size that is not in bytes. (FilePadding)
func kilobytes(c *zk.Config, v string) error {
	set := whole(-1, maxKilobytes, func(c *zk.Config) *int64 { return &c.PreAllocSize })
	if err := set(c, v); err != nil {
		return fmt.Errorf("%w of kilobytes", err)
	}
	c.PreAllocSize *= 1024
	return nil
}

// factor sets snapshotSizeFactor. What is no number, as Java and Go write it, is none here.
func factor(c *zk.Config, v string) error {
	x, err := strconv.ParseFloat(v, 64)
	if err != nil || !(x >= -zk.MaxFactor && x <= zk.MaxFactor) {
		return fmt.Errorf("expected a number from %.0f to %.0f", -zk.MaxFactor, zk.MaxFactor)
	}
	c.SnapshotSizeFactor = x
	return nil
}

// yesNo makes the setter of a switch.
func yesNo(at func(*zk.Config) *bool) func(*zk.Config, string) error {
	return func(c *zk.Config, v string) error {
		switch v {
		case "yes", "true":
			*at(c) = true
		case "no", "false":
			*at(c) = false
		default:
			return fmt.Errorf("expected yes or no")
		}
		return nil
	}
}

// checkSetting says what is wrong with a setting of cfg, sys or options, "" if nothing.
func checkSetting(what string, s Setting) string {
	var err error
	switch what {
	case "options":
		_, err = applyOptions([]Setting{s})
	default:
		var c zk.Config
		err = applySetting(&c, what, s)
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// applySetting puts one setting into a configuration.
func applySetting(c *zk.Config, what string, s Setting) error {
	key := strings.TrimPrefix(s.Key, propertyPrefix)
	i := slices.IndexFunc(configKeys, func(k configKey) bool { return k.key == key })
	if i >= 0 && what == "sys" && (!configKeys[i].property || key == s.Key) ||
		i >= 0 && what == "cfg" && !configKeys[i].property && key != s.Key {
		i = -1
	}
	if i < 0 {
		return fmt.Errorf("unknown key %q in %s; there are %s", s.Key, what, settingKeys(what))
	}
	if err := configKeys[i].set(c, s.Value); err != nil {
		return fmt.Errorf("%s for %s, found %q", err, s.Key, s.Value)
	}
	return nil
}

// settingKeys lists the keys of cfg or sys, for errors.
func settingKeys(what string) string {
	var names []string
	for _, k := range configKeys {
		switch {
		case what == "cfg":
			names = append(names, k.key)
		case k.property:
			names = append(names, propertyPrefix+k.key)
		}
	}
	return strings.Join(names, ", ")
}

// config is what one server's zoo.cfg and system properties say. Later settings win, and what is
// said of one server over what is said of all.
func (sc *Scenario) config(id zk.SID) (zk.Config, error) {
	c := zk.DefaultConfig()
	c.ReconfigEnabled = sc.Reconfig
	all := PerServer{Cfg: sc.Cfg, Sys: sc.Sys}
	own := sc.own(id)
	for _, p := range []PerServer{all, own} {
		for _, s := range p.Cfg {
			if err := applySetting(&c, "cfg", s); err != nil {
				return c, err
			}
		}
		for _, s := range p.Sys {
			if err := applySetting(&c, "sys", s); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}

// own is what is said of one server alone.
func (sc *Scenario) own(id zk.SID) PerServer {
	for _, p := range sc.PerServer {
		if p.SID == id {
			return p
		}
	}
	return PerServer{SID: id}
}

// releases are the sets of options that have a name.
var releases = map[string]func() zk.Options{
	"3.8.0":   zk.Options3_8_0,
	"correct": zk.OptionsCorrect,
}

// options is the scenario's set of options.
func (sc *Scenario) options() (zk.Options, error) { return applyOptions(sc.Options) }

// Set changes options of the scenario, written as key=value and joined by commas, such as
// "release=correct,fle.checkLeader=false". The error says what is wrong and what there is.
func (sc *Scenario) Set(options string) error {
	list := slices.Clone(sc.Options)
	for word := range strings.SplitSeq(options, ",") {
		key, v, ok := strings.Cut(word, "=")
		if !ok {
			return fmt.Errorf("expected key=value, found %q", word)
		}
		list = slices.DeleteFunc(list, func(s Setting) bool { return s.Key == key })
		list = append(list, Setting{key, v})
	}
	if _, err := applyOptions(list); err != nil {
		return err
	}
	sc.Options = list
	return nil
}

// applyOptions starts from the release that the settings name, 3.8.0 if none, and changes what they
// say.
func applyOptions(settings []Setting) (zk.Options, error) {
	o := zk.Options3_8_0()
	changes := &object{}
	for _, s := range settings {
		if s.Key == "release" {
			named, ok := releases[s.Value]
			if !ok {
				return o, fmt.Errorf("there is no set of options %q; there are %s", s.Value,
					strings.Join(releaseNames(), ", "))
			}
			o = named()
			continue
		}
		changes.put(s.Key, optionValue(s.Value))
	}
	text, err := marshalPlain(changes)
	if err != nil {
		return o, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		return o, fmt.Errorf("options: %s; there are release, %s",
			strings.TrimPrefix(err.Error(), "json: "), strings.Join(optionNames(), ", "))
	}
	if err := o.Validate(); err != nil {
		return o, fmt.Errorf("options: %w", err)
	}
	return o, nil
}

// optionValue turns the text of an option into what JSON calls it.
func optionValue(v string) any {
	if v == "true" || v == "false" {
		return v == "true"
	}
	return v
}

// releaseNames lists the sets of options that have a name.
func releaseNames() []string {
	var names []string
	for n := range releases {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}

// optionNames lists the options by the names that scenarios use.
func optionNames() []string {
	text, err := json.Marshal(zk.Options{})
	if err != nil {
		panic(err) // booleans and a string
	}
	v, err := readJSON(source{"options", string(text)})
	if err != nil {
		panic(err) // json.Marshal wrote it
	}
	names := make([]string, len(v.fields))
	for i, f := range v.fields {
		names[i] = f.key
	}
	return names
}
