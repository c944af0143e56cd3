package scenario

import "strings"

// headLine is one key of a scenario outside its steps.
type headLine struct {
	Key   string // name in the JSON form
	Word  string // first word of its line in the text form
	About string
	in    func(*Scenario) any
}

// head are the keys of a scenario in the order in which they are written.
var head = []headLine{
	{"name", "name", "of the scenario, a word or two joined by hyphens",
		func(s *Scenario) any { return &s.Name }},
	{"shows", "shows", "what there is to see, one sentence",
		func(s *Scenario) any { return &s.Shows }},
	{"servers", "servers", "members of the ensemble: 1,2,3 observers 4",
		func(s *Scenario) any { return &s.Servers }},
	{"maxServers", "maxServers", "permits more than 25 servers, up to 101",
		func(s *Scenario) any { return &s.MaxServers }},
	{"reconfig", "reconfigurable", "lets the members be changed (reconfigEnabled)",
		func(s *Scenario) any { return &s.Reconfig }},
	{"cfg", "cfg", "settings of zoo.cfg: tickTime=250 syncLimit=8",
		func(s *Scenario) any { return &s.Cfg }},
	{"sys", "sys", "system properties: zookeeper.snapshotSizeFactor=-1",
		func(s *Scenario) any { return &s.Sys }},
	{"groups", "groups", "groups of a hierarchical quorum: 1,2,3 | 4 | 5",
		func(s *Scenario) any { return &s.Groups }},
	{"weights", "weights", "voting weights within the groups: 1=3 2=1",
		func(s *Scenario) any { return &s.Weights }},
	{"per_server", "server", "what one server is told differently: 1 view 1,2,3 cfg tickTime=500",
		func(s *Scenario) any { return &s.PerServer }},
	{"options", "options", "how this ensemble differs from ZooKeeper 3.8.0: release=3.4.0",
		func(s *Scenario) any { return &s.Options }},
	{"latency", "latency", "of every link, least and greatest: 500us 2ms",
		func(s *Scenario) any { return &s.Latency }},
	{"seed", "seed", "of everything random, a number",
		func(s *Scenario) any { return &s.Seed }},
}

// headNamed finds a key of the JSON form, nil if there is none.
func headNamed(key string) *headLine {
	for i := range head {
		if head[i].Key == key {
			return &head[i]
		}
	}
	return nil
}

// headKeys lists the keys, for errors.
func headKeys() string {
	names := make([]string, len(head))
	for i, h := range head {
		names[i] = h.Key
	}
	return strings.Join(names, ", ")
}
