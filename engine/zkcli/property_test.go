package zkcli

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"zabscope/engine/zk"
)

// However options are written, joined or apart, before the words, between them or behind them, they
// mean the same.
func TestOptionsMeanTheSameHoweverTheyAreWritten(t *testing.T) {
	a := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		s, w := a.IntN(2) == 0, a.IntN(2) == 0
		version := ""
		if a.IntN(2) == 0 {
			version = strconv.Itoa(a.IntN(9) - 1)
		}
		groups := [][]string{{"/a"}, {"x"}}
		for _, g := range optionGroups(a, s, w, version) {
			groups = slices.Insert(groups, a.IntN(len(groups)+1), g)
		}
		words := append([]string{"set"}, slices.Concat(groups...)...)
		args, wrong := parseOptions("swv:", words)
		if wrong != "" {
			t.Fatalf("%q: %s", words, wrong)
		}
		v, has := args.values['v']
		if args.has('s') != s || args.has('w') != w || has != (version != "") || v != version ||
			!slices.Equal(slices.Sorted(slices.Values(args.rest)), []string{"/a", "set", "x"}) {
			t.Fatalf("%q became %+v, want s %v, w %v, v %q", words, args, s, w, version)
		}
	}
}

// optionGroups writes options as words that must stay together.
func optionGroups(a *rand.Rand, s, w bool, version string) (out [][]string) {
	letters := ""
	for _, o := range []struct {
		on     bool
		letter string
	}{{s, "s"}, {w, "w"}} {
		switch {
		case !o.on:
		case a.IntN(2) == 0:
			letters += o.letter // joined with others
		default:
			out = append(out, []string{"-" + o.letter})
		}
	}
	if version != "" {
		switch a.IntN(4) {
		case 0:
			out = append(out, []string{"-v=" + version})
		case 1:
			out = append(out, []string{"-v" + version})
		case 2:
			return append(out, []string{"-" + letters + "v", version})
		default:
			out = append(out, []string{"-v", version})
		}
	}
	if letters != "" {
		out = append(out, []string{"-" + letters})
	}
	return out
}

// Words come back from a line in which they are quoted, whatever is in them but the quote itself.
func TestQuotedWordsComeBack(t *testing.T) {
	a := rand.New(rand.NewPCG(2, 2))
	letters := []rune(" \tab/\\'\"-é{}")
	for range 1000 {
		var want []string
		line := ""
		for range 1 + a.IntN(4) {
			var b strings.Builder
			for range a.IntN(6) {
				b.WriteRune(letters[a.IntN(len(letters))])
			}
			word, quote := b.String(), `"`
			if strings.Contains(word, quote) {
				quote = "'"
				word = strings.ReplaceAll(word, quote, "")
			}
			want = append(want, word)
			line += quote + word + quote + strings.Repeat(" ", 1+a.IntN(2))
		}
		if got := split(line); !slices.Equal(got, want) {
			t.Fatalf("%q is %q, want %q", line, got, want)
		}
	}
}

// Every path of up to five characters is judged as the rules say in plain words.
// (PathUtils.validatePath)
func TestShortPathsAreJudgedByTheRules(t *testing.T) {
	taken := 0
	var try func(path string)
	try = func(path string) {
		legal := path == "/"
		if !legal && strings.HasPrefix(path, "/") {
			legal = !slices.ContainsFunc(strings.Split(path[1:], "/"), func(name string) bool {
				return name == "" || name == "." || name == ".." ||
					strings.ContainsFunc(name, unicode.IsControl)
			})
		}
		if wrong := validatePath(path); (wrong == "") != legal {
			t.Errorf("%q: %q, legal %v", path, wrong, legal)
		}
		if legal {
			taken++
		}
		if len(path) < 5 {
			for _, c := range "/.a\x01" {
				try(path + string(c))
			}
		}
	}
	try("")
	if taken < 30 {
		t.Errorf("only %d paths are legal", taken)
	}
}

// Permissions and lists of them read back from how getAcl and people write them.
func TestPermissionsReadBack(t *testing.T) {
	c := &Command{}
	for perms := int32(0); perms <= zk.PermAll; perms++ {
		text := permString(perms)
		if got := c.parsePerms(text); got != perms {
			t.Errorf("%q is %d, want %d", text, got, perms)
		}
		back := []rune(text)
		slices.Reverse(back)
		if got := c.parsePerms(string(back)); got != perms {
			t.Errorf("%q is %d, want %d", string(back), got, perms)
		}
		acl := c.parseACL("world:anyone:" + text + ",digest:u:x=:y:" + text)
		want := []zk.ACL{{Perms: perms, ID: zk.ID{Scheme: "world", ID: "anyone"}},
			{Perms: perms, ID: zk.ID{Scheme: "digest", ID: "u:x=:y"}}}
		if !slices.Equal(acl, want) {
			t.Errorf("%q is %+v", text, acl)
		}
	}
	if out := c.Output(); out != nil {
		t.Errorf("it complains: %q", out)
	}
}

// String.split(",") of Java drops empty pieces at the end, and only there.
func TestAListIsSplitAsJavaDoes(t *testing.T) {
	for text, want := range map[string][]string{
		"": {""}, ",": nil, ",,": nil, "a": {"a"}, "a,": {"a"}, ",a": {"", "a"}, "a,,b,,": {"a", "", "b"},
	} {
		if got := javaSplit(text); !slices.Equal(got, want) {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// A command that is over stays over: results that come later change nothing and print nothing.
func TestACommandThatIsOverStaysOver(t *testing.T) {
	for _, line := range []string{"get /a", "ls /a", "set /a x", "delete /a", "sync /a", "stat /a",
		"create /a", "getAcl /a", "whoami", "version", "help", "deleteall /a", "ls -R /a",
		"addauth digest u:p", "getEphemerals", "getAllChildrenNumber /a", "setAcl /a world:anyone:r"} {
		c, err := Parse(line)
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; c.Next(&zk.Result{Err: zk.ErrNoNode}) != nil; n++ {
			if n > 5 {
				t.Fatalf("%s goes on and on", line)
			}
		}
		before := c.Output()
		for range 3 {
			if c.Next(&zk.Result{Data: []byte("late")}) != nil || c.Next(nil) != nil {
				t.Errorf("%s asks for more when it is over", line)
			}
		}
		if !slices.Equal(before, c.Output()) {
			t.Errorf("%s prints %q when it is over", line, c.Output()[len(before):])
		}
	}
}
