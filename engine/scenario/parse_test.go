package scenario

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// everything uses each key, each command and each request of the language.
const everything = `# a comment
name everything
shows "all that can be written: \"quoted\", # and ; too"
servers 1,2,3 observers 4
maxServers 30
reconfigurable
cfg tickTime=200 syncLimit=5
sys zookeeper.snapshotSizeFactor=-1 zookeeper.forceSync=no
groups 1 | 2,3
weights 1=3 2=1 3=0
server 1 view 1,2,3 cfg tickTime=500
server 4 sys zookeeper.snapCount=10
options release=correct fle.checkLeader=false
latency 500us 2ms
seed 7

start 1,2, 3 gap 1500ms
  until serving 1,2 not_serving 4 roles 1=leader 2=follower leader 1
        logged 1=0 2=3 min 2s timeout 10s
  quiet 1s limit 3s note "a remark"
kill 1
stop 2
crash 3
start 1
pause 1
resume 1
wipe 2
skew 1 rate 1.5
disk 1 slow
partition 1 | 2,3 oneway
heal
hold 1 to 2
deliver 1 to 2 count 3
deliver 1 to 2 packet ACK
lose 1 to 2 packet COMMIT
release 1 to 2
arrive 214
arrive 214 at 1001
vanish 215
fire 2 leader.tick
flush 3
wait quiet 250us
note "between two steps"
write 1 create /a one; create /b ephemeral; create /b/c- "until" sequential;
        set /a two version 3; set /a "" ; delete /a version 0; delete /b
read 2 /a until min 0s
bulk 1 /a count 620 size 20
client c via 2 timeout 3s
client d via 3 reconnects
do c get /a watch; exists /a; children / watch; sync /a
send c multi [create /m "x y"; set /a three; check /a version 2; delete /m] note sent
write 1 set /a x leave_open
drop c
move c via 3
end c
refused 1
reconfig 1 joining 4 leaving 2
reconfig 1 joining "server.9=somewhere" members all
`

func parsed(t *testing.T, text string) *Scenario {
	t.Helper()
	sc, err := Parse("test", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

func TestTheTextFormSaysWhatItSeemsToSay(t *testing.T) {
	sc := parsed(t, everything)
	if sc.Shows != `all that can be written: "quoted", # and ; too` || sc.Seed != 7 ||
		!sc.Reconfig || sc.MaxServers != 30 ||
		sc.Latency != (Latency{500 * node.Microsecond, 2 * node.Millisecond}) {
		t.Errorf("head: %+v", sc)
	}
	if want := []Server{{1, 0}, {2, 0}, {3, 0}, {4, zk.Observer}}; !reflect.DeepEqual(sc.Servers,
		want) {
		t.Errorf("servers %v", sc.Servers)
	}
	start := newStep("start")
	start.SIDs, start.Gap = []zk.SID{1, 2, 3}, 1500*node.Millisecond
	start.Quiet, start.Limit, start.Note = node.Second, 3*node.Second, "a remark"
	start.Until = &Until{Serving: []zk.SID{1, 2}, NotServing: []zk.SID{4},
		Roles: []Role{{1, "leader"}, {2, "follower"}}, Leader: "1",
		Logged: []Logged{{1, 0}, {2, 3}}, Min: 2 * node.Second, Timeout: 10 * node.Second}
	if !reflect.DeepEqual(sc.Steps[0], start) {
		t.Errorf("start: %+v until %+v", sc.Steps[0], sc.Steps[0].Until)
	}
	var write Step
	for _, s := range sc.Steps {
		if s.Op == "write" && !s.LeaveOpen {
			write = s
		}
	}
	want := []Txn{{Op: "create", Path: "/a", Data: "one", Version: -1},
		{Op: "create", Path: "/b", Flags: 1, Version: -1},
		{Op: "create", Path: "/b/c-", Data: "until", Flags: 2, Version: -1},
		{Op: "set", Path: "/a", Data: "two", Version: 3}, {Op: "set", Path: "/a", Version: -1},
		{Op: "delete", Path: "/a", Version: 0}, {Op: "delete", Path: "/b", Version: -1}}
	if !reflect.DeepEqual(write.Txns, want) {
		t.Errorf("write: %+v", write.Txns)
	}
}

func TestEveryCommandIsInTheSampleOfEverything(t *testing.T) {
	used := map[string]bool{}
	sc := parsed(t, everything)
	for _, s := range sc.Steps {
		used[s.Op] = true
		for _, x := range s.Txns {
			used["request "+x.Op] = true
			for _, y := range x.Ops {
				used["request "+y.Op] = true
			}
		}
		for _, p := range commandNamed(s.Op).params() {
			if jsonOf(p.at(&s)) != nil {
				used[s.Op+" "+p.Key] = true
			}
		}
	}
	for _, c := range Commands() {
		for _, p := range c.Params {
			if !used[c.Name] || !used[c.Name+" "+p.Key] {
				t.Errorf("%s %s is not tried", c.Name, p.Key)
			}
		}
	}
	for _, f := range txnForms {
		if !used["request "+f.op] {
			t.Errorf("request %s is not tried", f.op)
		}
	}
	for _, h := range head {
		if jsonOf(h.in(sc)) == nil {
			t.Errorf("%s is not tried", h.Key)
		}
	}
}

func samples(t *testing.T) map[string]*Scenario {
	t.Helper()
	out := map[string]*Scenario{"everything": parsed(t, everything)}
	for _, name := range goldenNames(t) {
		out[name] = golden(t, name)
	}
	return out
}

func TestJSONAndTextSayTheSame(t *testing.T) {
	for name, sc := range samples(t) {
		for form, text := range map[string]string{"text": sc.Text(), "JSON": string(sc.JSON())} {
			again, err := Parse(name, []byte(text))
			if err != nil {
				t.Errorf("%s as %s: %v", name, form, err)
			} else if !reflect.DeepEqual(sc, again) {
				t.Errorf("%s changed when written as %s and read again:\n%s", name, form, text)
			}
		}
	}
}

func TestJSONIsThatOfTheRecordedScenarios(t *testing.T) {
	for _, name := range goldenNames(t) {
		text, err := os.ReadFile("testdata/golden/" + name + ".scenario.json")
		if err != nil {
			t.Fatal(err)
		}
		want, got := generic(t, text), generic(t, golden(t, name).JSON())
		var c comparison
		c.compare(want, got, nil)
		for _, d := range c.out {
			if s, ok := d.want.(string); !ok || s != jsonText(d.got) { // "10" and 10 say the same
				t.Errorf("%s %s: want %v, got %v", name, d.path, d.want, d.got)
			}
		}
	}
}

func jsonText(v any) string {
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	return ""
}

// wantError parses a text that is wrong, and compares the whole error, the caret's line included.
func wantError(t *testing.T, text, want string) {
	t.Helper()
	_, err := Parse("f", []byte(text))
	var e *Error
	if !errors.As(err, &e) {
		t.Errorf("%s: got %v, want an error", text, err)
		return
	}
	if got := err.Error(); !strings.HasPrefix(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", text, got, want)
	}
	if e.Line < 1 || e.Column < 1 || e.File != "f" {
		t.Errorf("%s: no place in %+v", text, e)
	}
}

const two = "servers 1,2\n"

var badTexts = []struct{ text, want string }{
	{"", "f:1:1: a scenario needs at least one server\n    \n    ^"},
	{two + "strat 1", "f:2:1: expected a command, found `strat`; commands are start, kill, "},
	{two + "start", "f:2:6: start needs servers that are down here. Usage: start 1,2 [gap 2s]"},
	{two + "start 1 gpa 2s", "f:2:9: start does not know `gpa`. Usage: start 1,2 [gap 2s]\n" +
		"    start 1 gpa 2s\n            ^"},
	{two + "start one", "f:2:7: expected server ids such as 1,2 for sids, found `one`"},
	{two + "start 1,1", "f:2:7: server 1 stands twice in sids"},
	{two + "start 1 gap 1s gap 2s", "f:2:16: gap is there twice"},
	{two + "start 1 gap -1s", "f:2:13: expected a duration such as 2s, 400ms or 500us for gap, " +
		"up to a day, found `-1s`"},
	{two + "start 1 gap 2days", "f:2:13: expected a duration"},
	{two + "start 1 gap", "f:2:12: expected a duration such as 2s, 400ms or 500us for gap, up " +
		"to a day, found the end of the line"},
	{two + "start 3", "f:2:1: there is no server 3 in this ensemble"},
	{two + "start 1 until", "f:2:14: expected a condition (serving 1,2, "},
	{two + "start 1 until leader all", "f:2:22: expected a server id from 1 to 999 for leader, " +
		"found `all`"},
	{two + "wait until roles 1=boss", "f:2:18: expected leader, follower, observer, standalone, found"},
	{two + "wait until roles 1", "f:2:18: expected a server id, an equals sign and a value"},
	{two + "wait until roles x=leader", "f:2:18: expected a server id, an equals sign"},
	{two + "wait until logged 1=x", "f:2:19: expected a whole number for logged, found \"x\""},
	{two + "wait until logged 1=1 1=2", "f:2:23: server 1 stands twice in logged"},
	{two + "wait until leader 9", "f:2:1: there is no server 9"},
	{two + "  start 1", "f:2:3: expected the end of the line, found `start`"},
	{"  indented\n", "f:1:3: an indented line continues the one before; there is none"},
	{two + "name late\nwait\nseed 3", "f:4:1: seed belongs before the first step"},
	{two + "seed 1\nseed 2", "f:3:1: seed is there twice"},
	{two + "seed x", "f:2:6: expected a whole number from 0"},
	{two + "seed 1 2", "f:2:8: expected the end of the line, found `2`"},
	{two + "cfg tickTme=2", "f:2:5: unknown key \"tickTme\" in cfg; there are tickTime, init"},
	{two + "cfg tickTime", "f:2:5: expected a setting such as key=value, found `tickTime`"},
	{two + "cfg tickTime=x", "f:2:5: expected a whole number from 1 to 60000 for tickTime, found \"x\""},
	{two + "sys zookeeper.tickTime=2", "f:2:5: unknown key \"zookeeper.tickTime\" in sys"},
	{two + "options release=2.0", "f:2:9: there is no set of options \"2.0\"; there are 3.8.0, "},
	{two + "latency 2ms 1ms", "f:2:1: the greatest latency is less than the least"},
	{two + "groups 1 | 3", "f:2:1: groups names server 3, which is not in the ensemble"},
	{two + "weights 3=1", "f:2:1: weights names server 3"},
	{two + "server 1 view 9\nweights 8=1\ngroups 7", "f:4:1: groups names server 7, which is not in"},
	{two + "server 1 view 9\nweights 8=1", "f:3:1: weights names server 8, which is not in the"},
	{two + "server 1 view 1,3", "f:2:1: per_server names server 3"},
	{two + "server 1 sees 2", "f:2:10: expected view, cfg or sys, found `sees`"},
	{two + "write 1 creat /a", "f:2:9: expected a request (create, set, delete, check, multi, "},
	{two + "write 1 create a", "f:2:16: a path begins with a slash, found `a`"},
	{two + "write 1 create /a/", "f:2:16: a path does not end with a slash"},
	{two + "write 1 create /a//b", "f:2:16: a path has no empty part"},
	{two + "write 1 create /a/../b", "f:2:16: a path has no empty part"},
	{two + `write 1 create "/a` + "\\x00" + `b"`, "f:2:16: a path holds no null character"},
	{two + "write 1 set /a x version y", "f:2:26: expected a whole number from -1"},
	{two + "write 1 multi create /a", "f:2:15: expected `[` before the parts of a multi"},
	{two + "write 1 multi [create /a", "f:2:25: expected `]` after the parts of a multi"},
	{two + "write 1 multi [get /a]", "f:2:16: a multi is made of create, set, delete, check"},
	{two + `write 1 create /a "one`, "f:2:19: this string has no end on its line"},
	{two + `write 1 create /a "` + "\\xff" + `"`, "f:2:19: this string is not text"},
	{two + "note \xff", "f:2:6: this is no text: a byte that is not UTF-8"},
	{two + "read 1 a", "f:2:1: a path begins with a slash"},
	{two + "read 1 ;", "f:2:8: expected a word for path, found `;`"},
	{two + "client c 2", "f:2:10: client does not know `2`. Usage: client NAME via 1"},
	{two + "client c", "f:2:9: client needs `via` and then server to connect to"},
	{two + "hold 1 to 1", "f:2:1: a link has two ends"},
	{two + "hold 1 to x", "f:2:11: expected a server id from 1 to 999 for to, found `x`"},
	{two + "partition 1 | 1", "f:2:1: server 1 stands on both sides of the partition"},
	{two + "partition 1", "f:2:12: partition needs `|` and then the other side"},
	{two + "skew 1 rate fast", "f:2:13: expected a number for rate, found `fast`"},
	{two + "skew 1 rate 11", "f:2:1: a clock's rate lies between 0.1 and 10"},
	{two + "disk 1 gone", "f:2:1: there is no disk fault \"gone\"; there are slow, full, broken"},
	{"servers 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26",
		"f:1:1: 26 servers are more than 25; set maxServers if that is meant"},
	{two + "maxServers 102", "f:2:1: an ensemble has at most 101 servers"},
	{two + "maxServers 1", "f:1:1: 2 servers are more than maxServers, which is 1"},
	{"servers observers 1", "f:1:1: an ensemble needs at least one server that votes"},
	{"servers 1 observers 1", "f:1:1: server 1 is there twice"},
	{"servers 1000", "f:1:9: expected server ids such as 1,2 for servers, found `1000`"},
}

func TestErrorsInTextPointAtTheirPlace(t *testing.T) {
	for _, x := range badTexts {
		wantError(t, x.text, x.want)
	}
}

const head1 = `{"servers": {"1": "participant"}, "steps": [`

func TestErrorsInJSONPointAtTheirPlace(t *testing.T) {
	for _, x := range []struct{ text, want string }{
		{"{", "f:1:2: expected the name of a value in quotes, found the end of the text"},
		{"{\n \"name\" 1}", "f:2:9: expected ':' after a name, found `1`\n     \"name\" 1}\n"},
		{`{"name": "a" "shows": 1}`, "f:1:14: expected ',' or `}` after a value, found `\"shows\"`"},
		{`{"name": "a", "name": "b"}`, `f:1:15: "name" is there twice`},
		{`{"name": }`, "f:1:10: expected a value, found `}`"},
		{`{"name": "a}`, "f:1:10: this string has no end on its line"},
		{`{"name": "\q"}`, "f:1:10: this string is not well-formed JSON"},
		{`{} x`, "f:1:4: there is more text after the end of the scenario"},
		{`{"steps": [1 2]}`, "f:1:14: expected ',' or `]` after a value, found `2`"},
		{`{"steps": ` + strings.Repeat("[", 50), "f:1:50: the text nests deeper than any scenario"},
		{`{"nmae": "x"}`, `f:1:2: unknown key "nmae"; a scenario has name, shows, servers, `},
		{`{"name": 1}`, "f:1:10: expected a string for name, found a number"},
		{`{"servers": []}`, "f:1:13: expected an object for servers, found an array"},
		{`{"servers": {"x": "observer"}}`, "f:1:14: expected a server id from 1 to 999, found"},
		{`{"servers": {"1": "boss"}}`, "f:1:19: expected participant or observer, found \"boss\""},
		{`{"steps": []}`, "f:1:14: a scenario needs at least one server"},
		{`{"seed": -1}`, "f:1:10: expected a whole number from 0 to 9007199254740992 for seed"},
		{`{"seed": 1.5}`, "f:1:10: expected a whole number"},
		{`{"reconfig": null}`, "f:1:14: expected true or false for reconfig, found null"},
		{`{"latency": [1]}`, "f:1:13: a latency is the least and the greatest number of seconds"},
		{`{"cfg": {"tickTime": []}}`, "f:1:22: expected a value for tickTime, found an array"},
		{`{"cfg": {"x": 1}}`, `f:1:10: unknown key "x" in cfg; there are tickTime, `},
		{`{"per_server": {"1": {"x": 1}}}`, `f:1:23: unknown key "x"; there are cfg, sys and view`},
		{head1 + `{}]}`, `f:1:45: a step must say what is done: "op", one of start, kill, stop, `},
		{head1 + `{"op": "strat"}]}`, `f:1:52: there is no operation "strat"; there are start, `},
		{head1 + `{"op": "start"}]}`, `f:1:45: start needs "sids": servers that are down`},
		{head1 + `{"op": "start", "sid": 1}]}`, `f:1:61: start has no key "sid"; it has sids, gap, `},
		{head1 + `{"op": "start", "sids": []}]}`, "f:1:69: sids needs at least one server"},
		{head1 + `{"op": "start", "sids": [1,1]}]}`, "f:1:72: server 1 stands twice in sids"},
		{head1 + `{"op": "start", "sids": ["1"]}]}`, "f:1:70: expected a number for a server of "},
		{head1 + `{"op": "start", "sids": [2]}]}`, "f:1:45: there is no server 2 in this ensemble"},
		{head1 + `{"op": "wait", "quiet": -1}]}`, "f:1:69: expected 0 to 86400 seconds for quiet"},
		{head1 + `{"op": "wait", "until": {"x": 1}}]}`, `f:1:70: unknown condition "x"; there are `},
		{head1 + `{"op": "wait", "until": {"roles": {"1": "x"}}}]}`, "f:1:85: expected leader, follo"},
		{head1 + `{"op": "write", "via": 1, "txns": [[]]}]}`, "f:1:80: a request begins with its "},
		{head1 + `{"op": "write", "via": 1, "txns": [["mk"]]}]}`, "f:1:81: there is no request"},
		{head1 + `{"op": "write", "via": 1, "txns": [["set"]]}]}`, "f:1:80: set needs a path"},
		{head1 + `{"op": "write", "via": 1, "txns": [["set", "a"]]}]}`, "f:1:88: a path begins"},
		{head1 + `{"op": "write", "via": 1, "txns": [["sync", "/a", 1]]}]}`, "f:1:95: sync takes no"},
		{head1 + `{"op": "write", "via": 1, "txns": [["create", "/a", "", 4]]}]}`,
			"f:1:101: expected a whole number from 0 to 3 for flags (1 ephemeral, 2 sequential)"},
		{head1 + `{"op": "write", "via": 1, "txns": [["multi", [["sync", "/a"]]]]}]}`,
			"f:1:91: a multi is made of create, set, delete, check"},
		{head1 + `{"op": "skew", "sid": 1, "rate": 1e999}]}`, "f:1:78: rate is out of range"},
	} {
		wantError(t, x.text, x.want)
	}
}

func TestALongLineIsQuotedAroundThePlace(t *testing.T) {
	text := head1 + strings.Repeat(`{"op": "heal"},`, 20) + `{"op": "hael"}` +
		strings.Repeat(`,{"op": "heal"}`, 20) + "]}"
	_, err := Parse("f", []byte(text))
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 3 || len(lines[1]) > 110 || !strings.HasPrefix(lines[1], "    ...") {
		t.Fatal(err)
	}
	if at := strings.IndexByte(lines[2], '^'); !strings.HasPrefix(lines[1][at:], `"hael"`) {
		t.Errorf("the caret points at %s", lines[1][at:])
	}
}

func TestOneStepAlone(t *testing.T) {
	s, err := ParseStep("command", `write 2 set /a "x y" version 3`)
	if err != nil || s.Op != "write" || s.Via != 2 || s.Txns[0].Data != "x y" {
		t.Errorf("%+v, %v", s, err)
	}
	for text, want := range map[string]string{
		"":                 "expected one command, found 0",
		"heal\nheal":       "expected one command, found 2",
		"servers 1":        "expected a command, found `servers`",
		`"heal"`:           "expected a command, found \"heal\"",
		"kill":             "kill needs servers here",
		`write 1 set /a "`: "this string has no end on its line",
	} {
		var e *Error
		if _, err := ParseStep("command", text); !errors.As(err, &e) ||
			!strings.HasPrefix(e.Message, want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(everything))
	f.Add([]byte(head1 + `{"op": "start", "sids": [1], "until": {"serving": [1]}}]}`))
	f.Add([]byte("servers 1\nwrite 1 multi [create /a \"\\x00\"] until min 2s"))
	for seed := range uint64(3) {
		sc := author{rand.New(rand.NewPCG(seed, 7))}.scenario()
		f.Add([]byte(sc.Text()))
		f.Add(sc.JSON())
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		sc, err := Parse("fuzz", text)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("an error of type %T", err)
			}
			return
		}
		for _, form := range []string{sc.Text(), string(sc.JSON())} {
			again, err := Parse("again", []byte(form))
			if err != nil {
				t.Fatalf("%v\nin\n%s", err, form)
			}
			if again.Text() != sc.Text() {
				t.Fatalf("changed:\n%s\n%s", sc.Text(), again.Text())
			}
		}
	})
}

// A line that is typed is refused with a place in it, or is a step that reads back from what it says.
func FuzzParseStep(f *testing.F) {
	for line := range strings.SplitSeq(everything, "\n") {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		s, err := ParseStep("fuzz", line)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Line < 1 || e.Column < 1 {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if s.checkNeeds() != "" {
			return // no scenario holds such a step
		}
		again, err := ParseStep("again", s.Text())
		if err != nil || again.Text() != s.Text() {
			t.Fatalf("%v\n%s\n%s", err, s.Text(), again.Text())
		}
	})
}
