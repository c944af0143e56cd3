package scenario

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// jsonStep writes a step of a command with all that it needs, but for one key, and with more
// members at its end.
func jsonStep(c *Command, without string, more ...string) string {
	a := author{rand.New(rand.NewPCG(1, 1))}
	s := a.step(c)
	members := []string{fmt.Sprintf(`"op": %q`, c.Name)}
	for _, p := range c.Params {
		if p.Need && p.Key != without {
			v, err := marshalPlain(jsonOf(p.at(&s)))
			if err != nil {
				panic(err) // it is what JSON writes
			}
			members = append(members, fmt.Sprintf("%q: %s", p.Key, v))
		}
	}
	return "{" + strings.Join(append(members, more...), ", ") + "}"
}

// six is an ensemble as large as an author's, up to its steps.
const six = `{"servers": {"1": "participant", "2": "participant", "3": "participant", ` +
	`"4": "participant", "5": "participant", "6": "participant"}, "steps": [` + "\n"

// wantStepError parses one step on a line of its own.
func wantStepError(t *testing.T, step string, column int, want string) {
	t.Helper()
	_, err := Parse("f", []byte(six+step+"\n]}"))
	if want == "" {
		if err != nil {
			t.Errorf("%s: %v", step, err)
		}
		return
	}
	place := fmt.Sprintf("f:2:%d: %s\n", column, want)
	if err == nil || !strings.HasPrefix(err.Error(), place) {
		t.Errorf("%s:\n got %v\nwant %s", step, err, place)
	}
}

// Every key that a command needs is asked for by its name, in the words of the usage.
func TestEachKeyThatIsNeededIsAskedFor(t *testing.T) {
	for i := range commands {
		c := &commands[i]
		wantStepError(t, jsonStep(c, ""), 0, "")
		for _, p := range c.Params {
			if p.Need {
				wantStepError(t, jsonStep(c, p.Key), 1,
					fmt.Sprintf("%s needs %q: %s", c.Name, p.Key, p.About))
			}
		}
	}
}

// A key that a command does not have is refused where it stands, and those that it has are named.
func TestEachCommandNamesItsKeys(t *testing.T) {
	for i := range commands {
		c := &commands[i]
		step := jsonStep(c, "", `"frobnicate": 1`)
		wantStepError(t, step, strings.Index(step, `"frobnicate"`)+1,
			fmt.Sprintf("%s has no key %q; it has %s", c.Name, "frobnicate", keys(c.params())))
		step = jsonStep(c, "", `"note": "a"`, `"note": "b"`)
		wantStepError(t, step, strings.LastIndex(step, `"note"`)+1, `"note" is there twice`)
	}
}

// A value of the wrong type is refused at its place, whatever the key.
func TestEachKeyWantsItsType(t *testing.T) {
	for i := range commands {
		c := &commands[i]
		for _, p := range c.params() {
			step := jsonStep(c, p.Key, fmt.Sprintf("%q: null", p.Key))
			at := strings.Index(step, "null")
			_, err := Parse("f", []byte(six+step+"\n]}"))
			e, ok := err.(*Error)
			if !ok || e.Line != 2 || e.Column != at+1 || !strings.HasSuffix(e.Message, "found null") ||
				!strings.HasPrefix(e.Message, "expected ") {
				t.Errorf("%s: %v", step, err)
			}
		}
	}
}

// Numbers and lists out of their range are refused in JSON with the words that the text form uses.
func TestValuesOutOfRangeInJSON(t *testing.T) {
	for _, x := range []struct{ op, key, value, want string }{
		{"start", "sids", "[0]", "expected a whole number from 1 to 999 for a server of sids, found 0"},
		{"start", "sids", "[1, 2, 1]", "server 1 stands twice in sids"},
		{"start", "sids", "[]", "sids needs at least one server"},
		{"start", "gap", "-0.001", "expected 0 to 86400 seconds for gap, found -0.001"},
		{"start", "gap", "1e999", "gap is out of range"},
		{"start", "until", `{"min": 86401}`, "expected 0 to 86400 seconds for min, found 86401"},
		{"start", "until", `{"leader": "all"}`, "expected a number for a server of leader, found a string"},
		{"start", "until", `{"leader": 0}`,
			"expected a whole number from 1 to 999 for a server of leader, found 0"},
		{"start", "until", `{"serving": [1.5]}`,
			"expected a whole number from 1 to 999 for a server of serving, found 1.5"},
		{"start", "until", `{"logged": {"1": -1}}`,
			"expected a whole number from 0 to 2147483647 for logged, found -1"},
		{"kill", "quiet", "90000", "expected 0 to 86400 seconds for quiet, found 90000"},
		{"kill", "limit", "-1", "expected 0 to 86400 seconds for limit, found -1"},
		{"pause", "sid", "1000", "expected a whole number from 1 to 999 for a server of sid, found 1000"},
		{"bulk", "count", "-1", "expected a whole number from 0 to 9007199254740992 for count, found -1"},
		{"bulk", "size", "1.5", "expected a whole number from 0 to 9007199254740992 for size, found 1.5"},
		{"client", "timeout", "-1", "expected a whole number from 0 to 86400000 for timeout, found -1"},
		{"write", "txns", `[["create", "a"]]`, "a path begins with a slash"},
		{"write", "txns", `[["create", "/a", 7]]`, "expected a string for data, found a number"},
		{"write", "txns", `[["set", "/a", "x", -2]]`,
			"expected a whole number from -1 to 2147483647 for a version (-1 for any), found -2"},
		{"write", "txns", `[["get", "/a", "yes"]]`, "expected true or false for watch, found a string"},
		{"write", "txns", `[["multi", [["multi", []]]]]`, "a multi is made of create, set, delete, check"},
		{"write", "txns", `[["multi"]]`, "multi needs a list of its parts"},
		{"write", "txns", `[["sync", "/a", "/b"]]`, "sync takes no more than path"},
		{"write", "txns", `["create /a"]`, "expected an array for a request, found a string"},
		{"reconfig", "joining", "3", "expected a string for joining, found a number"},
		{"reconfig", "joining", "[]", "joining needs at least one server"},
		{"partition", "oneWay", "1", "expected true or false for oneWay, found a number"},
	} {
		i := slices.IndexFunc(commands, func(c Command) bool { return c.Name == x.op })
		step := jsonStep(&commands[i], x.key, fmt.Sprintf("%q: %s", x.key, x.value))
		_, err := Parse("f", []byte(six+step+"\n]}"))
		e, ok := err.(*Error)
		if !ok || e.Message != x.want || e.Line != 2 || e.Column <= strings.Index(step, x.value) {
			t.Errorf("%s:\n got %v\nwant %s", step, err, x.want)
		}
	}
}

// What stands at the top of a scenario is held to the same.
func TestHeadsThatMakeNoSenseInJSON(t *testing.T) {
	for _, x := range []struct{ head, want string }{
		{`"servers": {"1": 1}`, "f:1:19: expected a string for the role of a server, found a number"},
		{`"servers": {"1000": "observer"}`, `f:1:14: expected a server id from 1 to 999, found "1000"`},
		{`"servers": {"1": "participant", "1": "observer"}`, `f:1:34: "1" is there twice`},
		{`"servers": {}`, "f:1:13: a scenario needs at least one server"},
		{`"servers": {"1": "observer"}`, "f:1:13: an ensemble needs at least one server that votes"},
		{`"maxServers": 2147483648`, "f:1:16: expected a whole number from 0 to 2147483647 for " +
			"maxServers, found 2147483648"},
		{`"maxServers": 102, "servers": {"1": "participant"}`,
			"f:1:16: an ensemble has at most 101 servers"},
		{`"groups": [[1], []], "servers": {"1": "participant"}`,
			"f:1:18: a group needs at least one server"},
		{`"groups": [[2]], "servers": {"1": "participant"}`, "f:1:12: groups names server 2, "},
		{`"weights": {"2": 1}, "servers": {"1": "participant"}`, "f:1:13: weights names server 2, "},
		{`"weights": {"1": -1}`, "f:1:19: expected a whole number from 0 to 2147483647 for a weight"},
		{`"per_server": {"1": []}`,
			"f:1:22: expected an object for a server's own configuration, found an array"},
		{`"per_server": {"1": {"view": []}}`, "f:1:31: view needs at least one server"},
		{`"per_server": {"1": {"cfg": {"tickTime": 0}}}`,
			`f:1:31: expected a whole number from 1 to 60000 for tickTime, found "0"`},
		{`"sys": {"zookeeper.tickTime": 1}`, `f:1:10: unknown key "zookeeper.tickTime" in sys; there `},
		{`"options": {"release": "1.0"}`,
			`f:1:14: there is no set of options "1.0"; there are 3.8.0, correct`},
		{`"options": {"fle.checkLeader": "maybe"}`, "f:1:14: options: cannot unmarshal string"},
		{`"latency": [0.002, 0.001], "servers": {"1": "participant"}`,
			"f:1:13: the greatest latency is less than the least"},
		{`"latency": [-1, 0]`, "f:1:14: expected 0 to 86400 seconds for the least latency, found -1"},
		{`"latency": 1`, "f:1:13: expected an array for latency, found a number"},
		{`"steps": {}`, "f:1:11: expected an array for the steps, found an object"},
		{`"steps": [1], "servers": {"1": "participant"}`,
			"f:1:12: expected an object for a step, found a number"},
		{`"steps": [{"op": 1}], "servers": {"1": "participant"}`,
			"f:1:19: expected a string for op, found a number"},
	} {
		wantError(t, "{"+x.head+"}", x.want)
	}
}
