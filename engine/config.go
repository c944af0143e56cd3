package engine

import (
	"fmt"
	"strconv"

	"zabscope/engine/scenario"
	"zabscope/engine/zk"
)

// Config describes a run. What is 0 takes the default of zk.DefaultConfig; Options of which nothing is
// said are those of 3.8.0.
type Config struct {
	Servers   int        // that vote, 1 to MaxServers; their ids count from 1
	Observers int        // that follow without a vote; their ids come after those of the voters
	Seed      uint64     // of everything random
	Options   zk.Options // which behaviours of which release

	TickTime  int64 // milliseconds, MinTickTime to MaxTickTime
	InitLimit int64 // ticks that a learner has to connect and to be level, 1 to MaxLimit
	SyncLimit int64 // ticks of silence after which a leader or learner is given up, 1 to MaxLimit
	SnapCount int64 // transactions between two snapshots, 2 to MaxSnapCount

	// LatencyMin and LatencyMax bound how long a message is under way; each message takes its own
	// time between them. Both 0: the network's default.
	LatencyMin, LatencyMax Time

	// Standalone makes a run of one server that has no ensemble at all. (standaloneEnabled)
	Standalone bool
}

// Bounds of a Config.
const (
	MaxServers   = 25 // that vote and that observe, together
	MinTickTime  = 10
	MaxTickTime  = zk.MaxTickTime
	MaxLimit     = zk.MaxLimit
	MaxSnapCount = zk.MaxSnapCount
	MaxLatency   = 10 * Second
)

// Validate says in a sentence which number is out of its bounds or which option is none, nil if all
// is well.
func (c *Config) Validate() error {
	switch {
	case c.Standalone && (c.Servers != 1 || c.Observers != 0):
		return fmt.Errorf("a server that runs alone is one server and has no observers; "+
			"not %d that vote and %d that observe", c.Servers, c.Observers)
	case c.Servers < 1 || c.Observers < 0 || c.Servers+c.Observers > MaxServers:
		return fmt.Errorf("an ensemble has 1 to %d servers, and one of them votes; not %d "+
			"that vote and %d that observe", MaxServers, c.Servers, c.Observers)
	case c.LatencyMin < 0 || c.LatencyMax < c.LatencyMin || c.LatencyMax > MaxLatency:
		return fmt.Errorf("a message is under way for 0 to %d s, the least time before the "+
			"greatest; not for %d to %d µs", MaxLatency/Second, c.LatencyMin/micro,
			c.LatencyMax/micro)
	}
	for _, s := range c.settings() {
		if s.value != 0 && (s.value < s.least || s.value > s.most) {
			return fmt.Errorf("%s is a number of %s from %d to %d, not %d", s.key, s.unit, s.least,
				s.most, s.value)
		}
	}
	o := c.options()
	return o.Validate()
}

// options are the behaviours of the run: those of 3.8.0 where nothing is said.
func (c *Config) options() zk.Options {
	if c.Options == (zk.Options{}) {
		return zk.Options3_8_0()
	}
	return c.Options
}

// micro is a microsecond of virtual time.
const micro = Second / 1_000_000

// setting is one number of zoo.cfg, with its bounds.
type setting struct {
	key, unit          string
	value, least, most int64
}

func (c *Config) settings() []setting {
	return []setting{
		{"tickTime", "milliseconds", c.TickTime, MinTickTime, MaxTickTime},
		{"initLimit", "ticks", c.InitLimit, 1, MaxLimit},
		{"syncLimit", "ticks", c.SyncLimit, 1, MaxLimit},
		{"snapCount", "transactions", c.SnapCount, 2, MaxSnapCount},
	}
}

// scenario is the run as a scenario without steps.
func (c *Config) scenario() *scenario.Scenario {
	sc := &scenario.Scenario{Seed: c.Seed, Options: scenario.OptionSettings(c.options()),
		Latency: scenario.Latency{Min: c.LatencyMin, Max: c.LatencyMax}}
	for i := range c.Servers + c.Observers {
		s := scenario.Server{SID: zk.SID(i + 1)}
		if i >= c.Servers {
			s.Type = zk.Observer
		}
		sc.Servers = append(sc.Servers, s)
	}
	for _, s := range c.settings() {
		if s.value != 0 {
			sc.Cfg = append(sc.Cfg,
				scenario.Setting{Key: s.key, Value: strconv.FormatInt(s.value, 10)})
		}
	}
	if c.Standalone {
		sc.Cfg = append(sc.Cfg, scenario.Setting{Key: "standaloneEnabled", Value: "true"})
	}
	return sc
}
