package scenario

import (
	"fmt"
	"strings"
	"testing"
)

// wrong is a line that makes no sense: the column at which it stops making any, and the sentence
// that says why.
type wrong struct {
	line   string
	column int
	why    string
}

// Beginnings that many sentences share.
const (
	wantTime    = "expected a duration such as 2s, 400ms or 500us for "
	wantNumber  = "expected a whole number from 0 to 9007199254740992 for "
	wantServers = "expected server ids such as 1,2 for "
	wantServer  = "expected a server id from 1 to 999 for "
	wantRequest = "expected a request (create, set, delete, check, multi, sync, get, exists, " +
		"children), found "
	noServer = "there is no server "
)

// Every verb says what it wants where it does not get it, and shows the line with a caret.
func TestEachVerbSaysWhatItWants(t *testing.T) {
	for _, x := range append(append(wrongServers, wrongLinks...), wrongClients...) {
		want := fmt.Sprintf("f:2:%d: %s\n    %s\n    %s^", x.column, x.why, x.line,
			strings.Repeat(" ", x.column-1))
		if _, err := Parse("f", []byte(two+x.line)); err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// wrongServers are about the commands that act on servers.
var wrongServers = []wrong{
	{"start", 6, "start needs servers that are down here. Usage: start 1,2 [gap 2s]"},
	{"start 1 2", 9, "start does not know `2`. Usage: start 1,2 [gap 2s]"},
	{"start 0", 7, wantServers + "sids, found `0`"},
	{"start 3 gap 1s", 1, noServer + "3 in this ensemble"},
	{"start 1 gap", 12, wantTime + "gap, up to a day, found the end of the line"},
	{"start 1,2,1", 7, "server 1 stands twice in sids"},
	{"start 1 gap -5ms", 13, wantTime + "gap, up to a day, found `-5ms`"},
	{"start 1 until serving 1 min -1s", 29, wantTime + "min, up to a day, found `-1s`"},
	{"stop", 5, "stop needs servers here. Usage: stop 1,2"},
	{"stop 1,", 8, wantServers + "sids, found the end of the line"},
	{"stop 1 gap 2s", 8, "stop does not know `gap`. Usage: stop 1,2"},
	{"kill 1 until", 13,
		"expected a condition (serving 1,2, not_serving 3, roles 1=leader, leader any, " +
			"logged 2=1, min 2s, timeout 30s), found the end of the line"},
	{"kill all", 6, wantServers + "sids, found `all`"},
	{"crash 9", 1, noServer + "9 in this ensemble"},
	{"crash 1;2", 8, "crash does not know `;`. Usage: crash 1,2"},
	{"pause", 6, "pause needs a server that runs here. Usage: pause 1"},
	{"pause 1,2", 7, wantServer + "sid, found `1,2`"},
	{"pause 0", 7, wantServer + "sid, found `0`"},
	{"resume 9", 1, noServer + "9 in this ensemble"},
	{"resume one", 8, wantServer + "sid, found `one`"},
	{"wipe", 5, "wipe needs a server here. Usage: wipe 1"},
	{"wipe 7", 1, noServer + "7 in this ensemble"},
	{`wipe "1"`, 6, wantServer + `sid, found "1"`},
	{"skew 1", 7, "skew needs `rate` and then seconds it counts per second"},
	{"skew 1 rate", 12, "expected a number for rate, found the end of the line"},
	{"skew 1 rate 0", 1, "a clock's rate lies between 0.1 and 10"},
	{"skew 1 rate 0.05", 1, "a clock's rate lies between 0.1 and 10"},
	{"skew 1 rate NaN", 13, "expected a number for rate, found `NaN`"},
	{"disk 1", 7, "disk needs slow, full, broken or whole here. Usage: disk 1 FAULT"},
	{"disk 1 slower", 1,
		`there is no disk fault "slower"; there are slow, full, broken, whole`},
	{"disk 9 slow", 1, noServer + "9 in this ensemble"},
}

// wrongLinks are about those that act on what is between them, or on nothing.
var wrongLinks = []wrong{
	{"partition 1", 12, "partition needs `|` and then the other side"},
	{"partition 1 | ", 14, wantServers + "|, found the end of the line"},
	{"partition 1 | 2 both", 17,
		"partition does not know `both`. Usage: partition 1,2 | 3 [oneway]"},
	{"partition 1,2 | 2", 1, "server 2 stands on both sides of the partition"},
	{"partition 1 | 3", 1, noServer + "3 in this ensemble"},
	{"heal 1", 6, "heal does not know `1`. Usage: heal"},
	{"hold 1", 7, "hold needs `to` and then who receives"},
	{"hold 1 2", 8, "hold does not know `2`. Usage: hold 1 to 2"},
	{"hold 1 to 3", 1, noServer + "3 in this ensemble"},
	{"deliver 1 to 2 count 0 packet", 30,
		"expected a word for packet, found the end of the line"},
	{"deliver 1 to 2 count -1", 22, wantNumber + "count, found `-1`"},
	{"deliver 1 to 2 count many", 22, wantNumber + "count, found `many`"},
	{"deliver 2 to 2", 1, "a link has two ends"},
	{"lose 1 to 2 count 3", 13,
		"lose does not know `count`. Usage: lose 1 to 2 [packet PACKET]"},
	{"release 1 to", 13, wantServer + "to, found the end of the line"},
	{"wait 5s", 6, "wait does not know `5s`. Usage: wait"},
	{"wait quiet", 11, wantTime + "quiet, up to a day, found the end of the line"},
	{"wait limit 2d", 12, wantTime + "limit, up to a day, found `2d`"},
	{"wait quiet 90000s", 12, wantTime + "quiet, up to a day, found `90000s`"},
	{"note", 5, "note needs what to say here. Usage: note TEXT"},
	{"note a b", 8, "note does not know `b`. Usage: note TEXT"},
}

// wrongClients are about those that act on clients.
var wrongClients = []wrong{
	{"write", 6,
		"write needs server to ask here. Usage: write 1 REQUEST; REQUEST ... [leave_open]"},
	{"write 1", 8,
		"write needs requests, separated by semicolons here. Usage: write 1 REQUEST; " +
			"REQUEST ... [leave_open]"},
	{"write 1 create", 15, "expected a word for a path, found the end of the line"},
	{"write 1 create /a x y", 21,
		"write does not know `y`. Usage: write 1 REQUEST; REQUEST ... [leave_open]"},
	{"write 1 create a", 16, "a path begins with a slash, found `a`"},
	{"write 1 create /a; ", 19, wantRequest + "the end of the line"},
	{"write 1 set /a x version -2", 26,
		"expected a whole number from -1 to 2147483647 for a version, found `-2`"},
	{"write 1 delete /a version", 26,
		"expected a whole number from -1 to 2147483647 for a version, found the end of the " +
			"line"},
	{"write 1 multi [", 16, wantRequest + "the end of the line"},
	{"write 1 multi [create /a]]", 26,
		"write does not know `]`. Usage: write 1 REQUEST; REQUEST ... [leave_open]"},
	{"write 1 multi [multi []]", 16, "a multi is made of create, set, delete, check"},
	{"write 1 sync", 13, "expected a word for a path, found the end of the line"},
	{"write 3 create /a", 1, noServer + "3 in this ensemble"},
	{"write 1 get /a watch watch", 22,
		"write does not know `watch`. Usage: write 1 REQUEST; REQUEST ... [leave_open]"},
	{"read 1", 7, "read needs path of a node here. Usage: read 1 PATH"},
	{"read 1 /a/", 1, "a path does not end with a slash"},
	{"read 1 /a /b", 11, "read does not know `/b`. Usage: read 1 PATH"},
	{"read x /a", 6, wantServer + "via, found `x`"},
	{"bulk 1 /a", 10, "bulk needs `count` and then how many times"},
	{"bulk 1 /a count", 16, wantNumber + "count, found the end of the line"},
	{"bulk 1 /a size 3", 17, "bulk needs `count` and then how many times"},
	{"bulk 1 /a count 3 size -1", 24, wantNumber + "size, found `-1`"},
	{"bulk 1 a count 3", 1, "a path begins with a slash"},
	{"client", 7,
		"client needs name of a client here. Usage: client NAME via 1 [timeout 2s] " +
			"[reconnects]"},
	{"client c", 9, "client needs `via` and then server to connect to"},
	{"client c via 4", 1, noServer + "4 in this ensemble"},
	{"client c via 1 timeout -2s", 24, wantTime + "timeout, up to a day, found `-2s`"},
	{"do", 3, "do needs name of a client here. Usage: do CLIENT REQUEST; REQUEST ..."},
	{"do c", 5,
		"do needs requests, separated by semicolons here. Usage: do CLIENT REQUEST; REQUEST " +
			"..."},
	{"do c frobnicate /a", 6, wantRequest + "`frobnicate`"},
	{"send c get", 11, "expected a word for a path, found the end of the line"},
	{"drop", 5, "drop needs name of a client here. Usage: drop CLIENT"},
	{"drop c d", 8, "drop does not know `d`. Usage: drop CLIENT"},
	{"move c", 7, "move needs `via` and then server to go to"},
	{"move c via 0", 12, wantServer + "via, found `0`"},
	{"end", 4, "end needs name of a client here. Usage: end CLIENT"},
	{"refused", 8, "refused needs server to ask here. Usage: refused 1"},
	{"refused 3", 1, noServer + "3 in this ensemble"},
	{"reconfig", 9,
		"reconfig needs server to ask here. Usage: reconfig 1 [joining 1,2] [leaving " +
			"LEAVING] [members MEMBERS]"},
	{"reconfig 1 joining", 19, wantServers + "joining, found the end of the line"},
	{"reconfig 1 joining 4", 1, noServer + "4 in this ensemble"},
	{"reconfig 1 leaving", 19, "expected a word for leaving, found the end of the line"},
}
