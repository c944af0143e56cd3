package zk

import (
	"errors"
	"strings"
	"testing"
)

// recordedConfig is a configuration as ZooKeeper 3.8.0 wrote it into /zookeeper/config.
const recordedConfig = "server.1=10.77.0.2:2888:3888:participant;10.77.0.2:2181\n" +
	"server.2=10.77.0.3:2888:3888:participant;10.77.0.3:2181\n" +
	"server.3=10.77.0.4:2888:3888:participant;10.77.0.4:2181\n" +
	"server.4=10.77.0.5:2888:3888:participant;10.77.0.5:2181\nversion=100000002"

func parsed(t *testing.T, text string) *Membership {
	t.Helper()
	m, err := ParseMembership(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return m
}

func TestRecordedConfigurationComesBackAsItWas(t *testing.T) {
	m := parsed(t, recordedConfig)
	if m.Text() != recordedConfig {
		t.Errorf("it is written as\n%s", m.Text())
	}
	if m.Version != 1<<32|2 || len(m.Voters()) != 4 || m.Observers() != nil || m.Groups != nil {
		t.Errorf("it is read as %+v", m)
	}
}

// Every server specification that ZooKeeper's own test QuorumServerTest tries, with what comes of
// it. The wrong ones name the reason.
func TestServerSpecs(t *testing.T) {
	for spec, want := range map[string]string{
		"127.0.0.1:1234:1236:participant;0.0.0.0:1237": "127.0.0.1:1234:1236:participant;0.0.0.0:1237",
		"127.0.0.1:1234:1236:observer;1237":            "127.0.0.1:1234:1236:observer;0.0.0.0:1237",
		"127.0.0.1:1234:1236;1237":                     "127.0.0.1:1234:1236:participant;0.0.0.0:1237",
		"127.0.0.1:1234:1236:Participant;h:1237":       "127.0.0.1:1234:1236:participant;h:1237",
		"127.0.0.1:1234:1236:PARTICIPANT":              "127.0.0.1:1234:1236:participant",
		"127.0.0.1:1234:1236:observer":                 "127.0.0.1:1234:1236:observer",
		"[::1]:1234:1236:participant;[::1]:1237":       "[::1]:1234:1236:participant;[::1]:1237",
		"h1:1:2|h2:3:4;h1:5":                           "h1:1:2:participant;h1:5",
		"h1:1:2:observer|h2:3:4:observer;5":            "h1:1:2:observer;0.0.0.0:5",
		"127.0.0.1:1234:1236:participant;1237;":        "127.0.0.1:1234:1236:participant;0.0.0.0:1237",
		"":                                             "does not have the form",
		";1237":                                        "does not have the form",
		"127.0.0.1:1234":                               "does not have the form",
		"127.0.0.1:1234:1236:participant:":             "127.0.0.1:1234:1236:participant",
		"127.0.0.1:1234:1236:participant;1237;1238":    "does not have the form",
		"127.0.0.1:1234:1236:observer;a:1:2":           "does not have the form",
		"127.0.0.1:x:1236":                             "is no port",
		"127.0.0.1:1234:1236:spectator":                "unrecognised peertype",
		"127.0.0.1:1234:1234":                          "must be different",
		"[::1:1234:1236":                               "no matching",
		"[::1]:":                                       "doesn't have a port",
		"[::1]":                                        "does not have the form",
		"h1:1:2:observer|h2:3:4":                       "different roles",
		"127.0.0.1:1234:70000":                         "out of range",
		"127.0.0.1:1234:1236;-1":                       "out of range",
	} {
		m, err := ParseServer(3, spec)
		switch {
		case err == nil && m.Spec() != want:
			t.Errorf("%q is read as %s, want %s", spec, m.Spec(), want)
		case err != nil && !strings.Contains(err.Error(), want):
			t.Errorf("%q: %v, want %s", spec, err, want)
		case err == nil && m.SID != 3:
			t.Errorf("%q gives SID %d", spec, m.SID)
		}
	}
}

// Lines come in any order, with blanks and remarks; the last of two counts; a dynamic file has no
// version inside. (java.util.Properties, QuorumPeerConfig.parseDynamicConfig)
func TestTextsOfConfigurations(t *testing.T) {
	for text, want := range map[string]string{
		"version=0\n # a remark\n! another\n\n server.2 = b:1:2 \nserver.1:a:1:2;3": "server.1=a:1:2" +
			":participant;0.0.0.0:3\nserver.2=b:1:2:participant\nversion=0",
		"server.1=a:1:2\nserver.1=b:1:2\r\nversion=ff": "server.1=b:1:2:participant\nversion=ff",
		"":                       "version=0",
		"server.1 a:1:2":         "server.1=a:1:2:participant\nversion=0",
		"server.1=a:1:2\nx=1":    "unrecognised parameter: x",
		"server.one=a:1:2":       "is no number",
		"server.1=a:1":           "does not have the form",
		"version=zoo":            "is no version",
		"clientPort=2181":        "unrecognised parameter: clientPort",
		"group=1":                "is no number",
		"weight.1=heavy":         "is no number",
		"group.1=1:2\ngroup.2=2": "server 2 is in multiple groups",
		"server.1=a:1:2\nserver.2=b:1:2\ngroup.1=1": "server 2 is not in a group",
	} {
		m, err := ParseMembership(text)
		switch {
		case err == nil && m.Text() != want:
			t.Errorf("%q is read as\n%s\nwant\n%s", text, m.Text(), want)
		case err != nil && !strings.Contains(err.Error(), want):
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// One group makes quorums hierarchical; a voter without a weight has 1, an observer need not be in
// a group. (QuorumHierarchical.parse)
func TestHierarchicalConfiguration(t *testing.T) {
	text := "server.1=a:1:2:participant\nserver.2=b:1:2:participant\nserver.3=c:1:2:observer\n" +
		"group.1=1\ngroup.2=2\nweight.1=3\nweight.2=1\nversion=5"
	m := parsed(t, "group.7=2\ngroup.4=1\nweight.1=3\nserver.1=a:1:2\nserver.2=b:1:2\n"+
		"server.3=c:1:2:observer\nversion=5")
	if m.Text() != text {
		t.Errorf("it is written as\n%s\nwant\n%s", m.Text(), text)
	}
	if m.Weight(1) != 3 || m.Weight(2) != 1 || len(m.Groups) != 2 {
		t.Errorf("groups %v, weights %v", m.Groups, m.Weights)
	}
	if !parsed(t, text).Equal(m.WithVersion(6)) {
		t.Error("it is not what it was read from")
	}
}

// Same version: same configuration. Other version: all must be the same. (QuorumMaj.equals)
func TestConfigurationsAreEqual(t *testing.T) {
	const base = "server.1=a:1:2;a:3\nserver.2=b:1:2;b:3\n"
	a := parsed(t, base+"version=1")
	for text, want := range map[string]bool{
		base + "version=1":                                           true,
		base + "version=2":                                           true,
		"server.1=other:1:2\nversion=1":                              true, // nobody looks
		"server.1=a:1:2;a:3\nversion=2":                              false,
		base + "server.3=c:1:2;c:3\nversion=2":                       false,
		"server.1=a:1:2;a:4\nserver.2=b:1:2;b:3\nversion=2":          false,
		"server.1=a:1:2:observer;a:3\nserver.2=b:1:2;b:3\nversion=2": false,
		base + "group.1=1:2\nversion=1":                              false,
	} {
		if b := parsed(t, text); a.Equal(b) != want || b.Equal(a) != want {
			t.Errorf("equal to %q: %t, want %t", text, !want, want)
		}
	}
	one := parsed(t, base+"group.1=1:2\nweight.1=1")
	two := parsed(t, base+"group.1=1:2\nweight.1=2\nversion=2")
	if one.Equal(two) {
		t.Error("weights do not count")
	}
}

// Observers need voters. (QuorumPeerConfig.parseDynamicConfig)
func TestMembersMustMakeAnEnsemble(t *testing.T) {
	for _, x := range []struct {
		text             string
		alone, otherwise bool // with and without standaloneEnabled
	}{
		{"", true, false},
		{"server.1=a:1:2:observer", false, false},
		{"server.1=a:1:2", true, true},
		{"server.1=a:1:2\nserver.2=b:1:2:observer", false, true},
		{"server.1=a:1:2\nserver.2=b:1:2", true, true},
	} {
		m := parsed(t, x.text)
		if got := m.Check(true) == nil; got != x.alone {
			t.Errorf("%q with standaloneEnabled: %v", x.text, m.Check(true))
		}
		if got := m.Check(false) == nil; got != x.otherwise {
			t.Errorf("%q without: %v", x.text, m.Check(false))
		}
	}
}

// Incremental changes of a recorded configuration. (PrepRequestProcessor.pRequest2Txn)
func TestChanges(t *testing.T) {
	four := parsed(t, recordedConfig)
	for _, x := range []struct{ joining, leaving, want string }{
		{"", "2", "1,3,4"},
		{"", " 2 , 3,", "1,4"},
		{"", "9", "1,2,3,4"},
		{"server.5=10.77.0.6:2888:3888:participant;10.77.0.6:2181", "", "1,2,3,4,5"},
		{"server.5=10.77.0.6:2888:3888:observer;2181", "1", "2,3,4 observers 5"},
		{"server.4=10.77.0.5:2888:3888:observer;10.77.0.5:2181", "", "1,2,3 observers 4"},
		{"4=10.77.0.9:1:2;3", "", "1,2,3,4"},
		{"server.2=10.77.0.2:2889:3889;10.77.0.2:2182", "", "1,2,3,4"},
		{"server.5=10.77.0.2:2888:9999;2181", "", "10.77.0.2:2888 of server.5 conflicts with server.1"},
		{"server.5=10.77.0.6:2888:3888;10.77.0.3:2181", "", "conflicts with server.2"},
		{"server.5=10.77.0.6:2888:3888;2181,server.6=10.77.0.6:2888:3889;2182", "",
			"conflicts with server.5"},
		{"server.5=localhost:2888:3888;2181,server.6=localhost:2888:3889;2181", "", "1,2,3,4,5,6"},
		{"server.5=10.77.0.6:2888:3888", "", "3 ports"},
		{"server.5", "", "wrong format"},
		{"server.5=a=b", "", "wrong format"},
		{"server.x=10.77.0.6:2888:3888;1", "", "is no number"},
		{"", "two", "is no number"},
	} {
		m, err := four.Change(x.joining, x.leaving)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = list(m)
		}
		if !strings.Contains(got, x.want) || err == nil && got != x.want {
			t.Errorf("joining %q leaving %q: %s, want %s", x.joining, x.leaving, got, x.want)
		}
	}
	if list(four) != "1,2,3,4" {
		t.Error("the configuration was changed in place")
	}
	if _, err := parsed(t, "server.1=a:1:2\ngroup.1=1").Change("", "1"); err == nil {
		t.Error("groups cannot be changed one by one")
	}
}

func list(m *Membership) string {
	join := func(ids []SID) string {
		var out []string
		for _, s := range ids {
			out = append(out, s.String())
		}
		return strings.Join(out, ",")
	}
	if m.Observers() == nil {
		return join(m.Voters())
	}
	return join(m.Voters()) + " observers " + join(m.Observers())
}

// Which exceptions Java does not check decides how a reconfig is answered.
func TestUncheckedErrors(t *testing.T) {
	for text, unchecked := range map[string]bool{
		"server.1=a:1:2,server.1x=b:1:2":     true,
		"server.1=a:1:2,server.2=b:1:70000":  true,
		"server.1=a:1:2:observer":            true,
		"server.1=a:1:2,dataDir=/":           false,
		"server.1=a:1:2,server.2=b:1:x":      false,
		"server.1=a:1:2,server.2=b:1:2:what": false,
	} {
		_, err := ReplaceMembers(text, false)
		var bad *ConfigError
		if !errors.As(err, &bad) || bad.Unchecked != unchecked {
			t.Errorf("%q: %#v, want unchecked %t", text, err, unchecked)
		}
	}
	if m, err := ReplaceMembers("server.1=a:1:2;3,server.2=b:1:2;3\nversion=7", false); err != nil ||
		list(m) != "1,2" {
		t.Errorf("%v, %v", m, err)
	}
}

// FuzzParseMembership feeds what any peer may send in a notification: no panic, and what was read
// is written so that it is read the same again.
func FuzzParseMembership(f *testing.F) {
	for _, s := range []string{recordedConfig, "", "server.1=a:1:2", "group.1=1:2\nserver.1=a:1:2\n" +
		"server.2=[::1]:1:2;[::1]:3\nweight.1=0", "version=-1", "server.=:::;;", "weight", "group.1=:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMembership(text)
		if err != nil {
			return
		}
		again, err := ParseMembership(m.Text())
		if err != nil {
			t.Fatalf("%v in what was written of %q:\n%s", err, text, m.Text())
		}
		if again.Text() != m.Text() {
			t.Errorf("%q\n%s\n%s", text, m.Text(), again.Text())
		}
	})
}
