package zkcli

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"zabscope/engine/zk"
)

// Words as ZooKeeperMain.MyCommandOptions.parseCommand finds them.
func TestALineIsBrokenIntoWordsAsZkCliDoes(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string
	}{
		{`get /a`, []string{"get", "/a"}},
		{"  get \t /a  ", []string{"get", "/a"}},
		{`create /a "two words"`, []string{"create", "/a", "two words"}},
		{`create /a 'two words'`, []string{"create", "/a", "two words"}},
		{`create /a "it's"`, []string{"create", "/a", "it's"}},
		{`create /a 'say "x"'`, []string{"create", "/a", `say "x"`}},
		{`create /a ""`, []string{"create", "/a", ""}},
		{`create /a "x"y`, []string{"create", "/a", "x", "y"}},
		{`create /a a"b c"d`, []string{"create", "/a", `a"b`, `c"d`}},
		{`get "/b`, []string{"get", "/b"}},
		{`get /b"`, []string{"get", `/b"`}},
		{`"get" '/b'`, []string{"get", "/b"}},
		{`create /a back\slash\n`, []string{"create", "/a", `back\slash\n`}},
		{``, nil},
		{`"`, nil},
		{`   `, []string{" "}},
	} {
		if got := split(c.line); !slices.Equal(got, c.want) {
			t.Errorf("%q is %q, want %q", c.line, got, c.want)
		}
	}
}

// refused returns what is printed of a line that asks for nothing.
func refused(t *testing.T, line string) string {
	t.Helper()
	c, err := Parse(line)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("%s is taken: %v", line, c)
	}
	return strings.Join(e.Lines, "\n")
}

// Usages, and the complaints of Commons CLI and of the commands themselves.
func TestALineThatMakesNoSenseIsRefusedInZkClisWords(t *testing.T) {
	const unknown = "org.apache.commons.cli.UnrecognizedOptionException: Unrecognized option: "
	const missing = "org.apache.commons.cli.MissingArgumentException: Missing argument for option: "
	for line, want := range map[string]string{
		"addauth":              "addauth scheme auth",
		"create":               "create [-s] [-e] [-c] [-t ttl] path [data] [acl]",
		"create -t 5":          "create [-s] [-e] [-c] [-t ttl] path [data] [acl]",
		"delete":               "delete [-v version] path",
		"delete -v 1":          "delete [-v version] path",
		"deleteall":            "deleteall path [-b batch size]",
		"get":                  "get [-s] [-w] path",
		"getAcl -s":            "getAcl [-s] path",
		"getAllChildrenNumber": "getAllChildrenNumber path",
		"ls -s -w":             "ls [-s] [-w] [-R] path",
		"set /a":               "set [-s] [-v version] path data",
		"set -v /a":            "set [-s] [-v version] path data",
		"setAcl /a":            "setAcl [-s] [-v version] [-R] path acl",
		"stat":                 "stat [-w] path",
		"sync":                 "sync path",
		"version x":            "version ",

		"ls -x /":         unknown + "-x",
		"get -v /a":       unknown + "-v",
		"get --s /a":      unknown + "--s",
		"get -s=1 /a":     unknown + "-s=1",
		"set /a -5":       unknown + "-5",
		"set -x=1 /a b":   unknown + "-x=1",
		"create -se- /a":  unknown + "-se-",
		"create -s:e /a":  unknown + "-s:e",
		"set -v":          missing + "v",
		"create -t -s /a": missing + "t",
		"create -st":      missing + "t",

		"create -c -s /a": "-c cannot be combined with -s or -e. " +
			"Containers cannot be ephemeral or sequential.",
		"create -ce /a": "-c cannot be combined with -s or -e. " +
			"Containers cannot be ephemeral or sequential.",
		"create -t abc /a":     "-t argument must be a long value",
		"create -t /a x":       "-t argument must be a long value",
		"create -t 5 -e /a":    "TTLs cannot be used with Ephemeral znodes",
		"create -t 5 -c /a":    "TTLs cannot be used with Container znodes",
		"create -t 0 /a":       "ttl must be positive and cannot be larger than: 1099511627775",
		"create -t -5 /a":      "ttl must be positive and cannot be larger than: 1099511627775",
		"deleteall -b x /a":    "-b argument must be an int value",
		"set -v abc /a b":      "-v argument must be an int value",
		"set -v 3000000000 /a": "set [-s] [-v version] path data",
		"set -v '' /a b":       "-v argument must be an int value",
		"delete -v x /a":       "-v argument must be an int value",
		"setAcl -v x /a a:b:r": "-v argument must be an int value",
		"setAcl /a world":      "world does not have the form scheme:id:perm\nAcl is not valid : null",
		"create /a x ,":        "KeeperErrorCode = InvalidACL\nAcl is not valid : null",
		"create /a x a:r": "a:r does not have the form scheme:id:perm\n" +
			"KeeperErrorCode = InvalidACL\nAcl is not valid : null",
	} {
		if got := refused(t, line); got != want {
			t.Errorf("%s prints\n%s\nwant\n%s", line, got, want)
		}
	}
}

// PathUtils.validatePath; every command that takes a path asks it before it sends anything.
func TestAPathIsCheckedBeforeAnythingIsSent(t *testing.T) {
	for path, want := range map[string]string{
		`""`:          "Path length must be > 0",
		"a":           "Path must start with / character",
		"/a/":         "Path must not end with / character",
		"/a//b":       `Invalid path string "/a//b" caused by empty node name specified @3`,
		"/.":          `Invalid path string "/." caused by relative paths not allowed @1`,
		"/a/./b":      `Invalid path string "/a/./b" caused by relative paths not allowed @3`,
		"/..":         `Invalid path string "/.." caused by relative paths not allowed @2`,
		"/a/../b":     `Invalid path string "/a/../b" caused by relative paths not allowed @4`,
		"/a\x01b":     "Invalid path string \"/a\x01b\" caused by invalid character @2",
		"/a\x00b":     "Invalid path string \"/a\x00b\" caused by null character not allowed @2",
		"/é\u0085":    "Invalid path string \"/é\u0085\" caused by invalid character @2",
		"/\U0001F600": "Invalid path string \"/\U0001F600\" caused by invalid character @1",
	} {
		for _, line := range []string{"create %", "create -e %", "get %", "set % x", "delete %",
			"deleteall %", "stat %", "ls %", "ls -R %", "sync %", "getAcl %",
			"setAcl % world:anyone:r", "getEphemerals %", "getAllChildrenNumber %"} {
			if got := refused(t, strings.ReplaceAll(line, "%", path)); got != want {
				t.Errorf("%s of %q prints %q, want %q", line, path, got, want)
			}
		}
	}
}

func TestDotsAndSlashesThatArePartOfNamesAreTaken(t *testing.T) {
	for _, path := range []string{"/", "/a.b", "/.a", "/a.", "/...", "/..a", "/a..", "/a/b", "/ü"} {
		if wrong := validatePath(path); wrong != "" {
			t.Errorf("%s: %s", path, wrong)
		}
	}
}

// ZooKeeper.create puts a digit behind the path of a sequential node before it looks at it.
func TestASequentialNodeMayBeNamedByItsNumberAlone(t *testing.T) {
	got := play(t, "create -s /a/", exchange{zk.Request{Type: zk.OpCreate, Path: "/a/",
		ACL: zk.OpenACLUnsafe, Flags: 2}, zk.Result{Path: "/a/0000000000"}})
	saw(t, "create -s /a/", got, "Created /a/0000000000")
}

// ZooKeeperMain.processZKCmd prints all it knows before it says that it does not know this.
func TestAnUnknownCommandBringsTheListOfAll(t *testing.T) {
	got := refused(t, "frob /a")
	lines := strings.Split(got, "\n")
	const last = "Command not found: Command not found frob"
	if len(lines) != len(specs)+2 || lines[len(lines)-1] != last {
		t.Errorf("frob prints %s", got)
	}
	for _, s := range specs {
		if !slices.Contains(lines, "\t"+s.name+" "+s.usage) {
			t.Errorf("%s is not in the list", s.name)
		}
	}
	help := play(t, "help")
	if want := strings.Join(lines[:len(lines)-1], "\n"); help != want {
		t.Errorf("help prints\n%s\nwant\n%s", help, want)
	}
	if !slices.IsSortedFunc(specs, func(a, b spec) int { return strings.Compare(a.name, b.name) }) {
		t.Error("the list is not in order")
	}
}

func TestCommandsThatAreLeftOutAreRefusedByName(t *testing.T) {
	for _, name := range leftOut {
		want := name + " is left out of this shell; help lists what there is"
		if got := refused(t, name+" /a"); got != want {
			t.Errorf("%s prints %s, want %s", name, got, want)
		}
	}
	if got := refused(t, ""); got != "No command entered" {
		t.Errorf("an empty line prints %s", got)
	}
	if got := refused(t, "  "); !strings.HasSuffix(got, "Command not found: Command not found  ") {
		t.Errorf("a blank line prints %s", got)
	}
}

// The forms of 3.4, as retainCompatibility of each command takes them.
func TestOldFormsAreTakenWithAWarning(t *testing.T) {
	const getOld = "'get path [watch]' has been deprecated. Please use 'get [-s] [-w] path' instead."
	got := play(t, "get /a watch", watched(zk.OpGetData, "/a", zk.Result{Data: []byte("x")}))
	saw(t, "get /a watch", got, getOld, "x")

	got = play(t, "ls /a true", watched(zk.OpGetChildren2, "/a", names("b")))
	saw(t, "ls /a true", got,
		"'ls path [watch]' has been deprecated. Please use 'ls [-w] path' instead.", "[b]")

	got = play(t, "stat /a 1", watched(zk.OpExists, "/a", zk.Result{Stat: aStat}))
	saw(t, "stat /a 1", got, with([]string{"'stat path [watch]' has been deprecated. " +
		"Please use 'stat [-w] path' instead."}, aStatPrinted...)...)

	// The third word becomes the option, be it the path.
	saw(t, "get - /b", refused(t, "get - /b"), getOld, "Path must start with / character")

	// The version is not looked at.
	got = play(t, "delete /a 7", exchange{zk.Request{Type: zk.OpDelete, Path: "/a", Version: -1},
		zk.Result{}})
	saw(t, "delete /a 7", got, "'delete path [version]' has been deprecated. "+
		"Please use 'delete [-v version] path' instead.")
}

// Whatever is typed is either refused with a reason or is a command whose requests have paths that
// ZooKeeper takes, and which comes to an end when nothing is granted.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"get -s /a", `create -se "/a b" 'x y' world:anyone:r`, "ls -R /",
		"deleteall /a -b 2", "set -v3 /a x", "setAcl -R /a auth::cdrwa", "addauth digest u:p",
		"version", "frob", `"`, "-", "--", "create -t=5 /a", "get /a watch", "setAcl /a ,:,::",
		"getEphemerals", "whoami x", "delete -v -1 /a", "get - -", "\xff /\xff", "ls -? /"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		c, err := Parse(line)
		if err != nil {
			if err.Error() == "" {
				t.Fatal("refused without a word")
			}
			return
		}
		if c.Line() != line || c.Name() == "" {
			t.Fatalf("%q became %q, %q", line, c.Line(), c.Name())
		}
		for q := c.Next(nil); q != nil; q = c.Next(&zk.Result{Err: zk.ErrConnectionLoss}) {
			if wrong := validatePath(q.Path + "1"); q.Path != "" && wrong != "" {
				t.Fatalf("%q asks for %q: %s", line, q.Path, wrong)
			}
		}
	})
}
