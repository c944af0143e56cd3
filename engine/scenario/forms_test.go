package scenario

import (
	"reflect"
	"testing"
)

// sameForms wants a scenario to survive being written in either form and read again.
func sameForms(t *testing.T, sc *Scenario) {
	t.Helper()
	text, js := sc.Text(), string(sc.JSON())
	for _, form := range []string{text, js} {
		again, err := Parse("again", []byte(form))
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\nin\n%s", err, form)
		}
		if !reflect.DeepEqual(sc, again) {
			t.Fatalf("it changed:\n%s\n%s\nin\n%s", text, again.Text(), form)
		}
		if again.Text() != text || string(again.JSON()) != js {
			t.Fatalf("written again it reads otherwise:\n%s\n%s", text, again.Text())
		}
	}
}

// What one form can say, the other can say too, at the ends of every range.
func TestTheFormsAgreeAtTheEndsOfTheirRanges(t *testing.T) {
	const day = "86400s"
	for _, line := range []string{
		"weights 1=0 2=2147483647",
		"latency 0s 1us",
		"latency 0s " + day,
		"latency 0.001us 0.002us",
		"seed 9007199254740992",
		"server 1 cfg tickTime=1 sys zookeeper.forceSync=no",
		"cfg snapshotSizeFactor=1e2 forceSync=true minSessionTimeout=-1",
		`name "until"` + "\nshows \"\\u00e9\\t\\\"\\\\\"",
		"start 1,2 gap 0s\n  quiet 0s limit 0s",
		"start 1 until min 0s timeout " + day,
		"start 1 until logged 1=0 2=2147483647",
		"start 1 until leader any roles 1=standalone 2=observer",
		"skew 1 rate 0.1\nskew 1 rate 10",
		"skew 1 rate 1.2345678901234567",
		"bulk 1 / count 1000000",
		"bulk 1 /a count 256 size 1048576",
		"deliver 1 to 2 count 1",
		"client c via 1 timeout 1ms",
		"client c via 1 timeout " + day,
		`client "a b" via 1` + "\n" + `do "a b" get /` + "\n" + `end "a b"`,
		`client via via 1` + "\n" + `drop via`,
		`note "#"` + "\n" + `note a#b` + "\n" + `note ";"`,
		`note "line\nline"`,
		"write 1 multi []",
		"write 1 multi [create /a x ephemeral sequential; check /a version 0; delete /a version 2147483647]",
		`write 1 create /a "ephemeral" sequential; set /a "version" version 1; set "/a b" "[x]"`,
		`write 1 create /a "leave_open" leave_open`,
		"write 1 children / watch; exists /é watch; sync /",
		`reconfig 1 joining "server.3=h:1:2;3" leaving "1,2"`,
		"reconfig 1 members server.1=h:1:2",
		"partition 2 | 1 oneway",
		"lose 1 to 2\nlose 1 to 2 packet note",
	} {
		t.Run(line, func(t *testing.T) { sameForms(t, parsed(t, "servers 1,2\n"+line)) })
	}
}

// The same for what only JSON has a way to write.
func TestWhatJSONSaysTextSaysToo(t *testing.T) {
	for _, head := range []string{
		`"weights": {"2": 1001, "1": 1}`, `"per_server": {"2": {}, "1": {"view": [1]}}`,
		`"options": {"fle.checkLeader": false, "release": "correct"}`, `"latency": [0, 0.0005]`,
		`"groups": [[1], [2]]`, `"cfg": {}`, `"name": "\ud800"`, `"maxServers": 0`,
	} {
		t.Run(head, func(t *testing.T) {
			sameForms(t, parsed(t, `{"servers": {"2": "observer", "1": "participant"}, `+head+`}`))
		})
	}
	for _, step := range []string{
		`{"op": "write", "via": 1, "txns": [["multi", []]]}`,
		`{"op": "write", "via": 1, "txns": [["create", "/a", "", 3], ["set", "/a", "", -1]]}`,
		`{"op": "write", "via": 1, "txns": [["get", "/a", false], ["delete", "/a", 0]]}`,
		`{"op": "client", "name": "c", "via": 1, "timeout": 86400000}`,
		`{"op": "start", "sids": [1], "until": {"logged": {"1": 2147483647}}}`,
		`{"op": "start", "sids": [1], "until": {}}`,
		`{"op": "wait", "until": {"min": 1e-9, "timeout": 86400}, "quiet": 0.1234567891}`,
		`{"op": "partition", "a": [1], "b": [2], "oneWay": false}`,
		`{"op": "reconfig", "via": 1, "joining": [2], "leaving": "", "members": ""}`,
		`{"op": "note", "text": "\u0000\u2028"}`,
	} {
		t.Run(step, func(t *testing.T) { sameForms(t, parsed(t, head2+step+"]}")) })
	}
}

const head2 = `{"servers": {"1": "participant", "2": "participant"}, "steps": [`

// What says nothing is refused in both forms, so that neither can write what the other cannot read.
func TestWhatSaysNothingIsRefused(t *testing.T) {
	for _, x := range []struct{ text, want string }{
		{two + "bulk 1 /a count 0", "f:2:1: bulk needs \"count\": how many times\n" +
			"    bulk 1 /a count 0\n    ^"},
		{two + `note ""`, "f:2:1: note needs \"text\": what to say\n    note \"\"\n    ^"},
		{two + `client "" via 1`, "f:2:1: client needs \"name\": name of a client"},
		{two + `read 1 ""`, "f:2:1: read needs \"path\": path of a node"},
		{two + "cfg tickTime=1 syncLimit=2 tickTime=3", "f:2:28: tickTime is there twice\n" +
			"    cfg tickTime=1 syncLimit=2 tickTime=3\n                               ^"},
		{head2 + `{"op": "bulk", "via": 1, "path": "/a", "count": 0}]}`,
			"f:1:65: bulk needs \"count\": how many times"},
		{head2 + `{"op": "write", "via": 1, "txns": []}]}`,
			"f:1:65: write needs \"txns\": requests, separated by semicolons"},
		{head2 + `{"op": "note", "text": ""}]}`, "f:1:65: note needs \"text\": what to say"},
		{head2 + `{"op": "do", "client": "", "txns": [["sync", "/"]]}]}`,
			"f:1:65: do needs \"client\": name of a client"},
		{head2 + `{"op": "start", "sids": [1], "until": {"roles": {"01": "leader"}}}]}`,
			`f:1:114: expected a server id from 1 to 999, found "01"`},
		{head2 + `{"op": "start", "sids": [1], "until": {"logged": {"+1": 1}}}]}`,
			`f:1:115: expected a server id from 1 to 999, found "+1"`},
		{head2 + `{"op": "start", "sids": [1], "until": {"logged": {"1": 2147483648}}}]}`,
			"f:1:120: expected a whole number from 0 to 2147483647 for logged, found 2147483648"},
		{head2 + `{"op": "client", "name": "c", "via": 1, "timeout": 86400001}]}`,
			"f:1:116: expected a whole number from 0 to 86400000 for timeout, found 86400001"},
	} {
		wantError(t, x.text, x.want)
	}
}

// Options that are set again do not pile up: the last value stands, and the scenario can be written.
func TestOptionsSetAgainCanBeWritten(t *testing.T) {
	sc := parsed(t, "servers 1\noptions fle.checkLeader=false release=correct")
	for _, o := range []string{"fle.checkLeader=true", "release=3.8.0,watch.eventZxid=true",
		"watch.eventZxid=false"} {
		if err := sc.Set(o); err != nil {
			t.Fatal(err)
		}
		sameForms(t, sc)
	}
	want := []Setting{{"fle.checkLeader", "true"}, {"release", "3.8.0"}, {"watch.eventZxid", "false"}}
	if !reflect.DeepEqual(sc.Options, want) {
		t.Errorf("options %v", sc.Options)
	}
}
