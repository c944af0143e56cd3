package zkcli

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// sort puts the words of a line through the parser and tells what it made of them.
func sort(options, line string) string {
	a, wrong := parseOptions(options, strings.Fields(line))
	if wrong != "" {
		_, what, _ := strings.Cut(wrong, "Exception: ")
		return what
	}
	var given []string
	for o := range a.given {
		v, has := a.values[o]
		if has {
			v = "=" + v
		}
		given = append(given, string(o)+v)
	}
	slices.Sort(given)
	return fmt.Sprintf("%s | %s", strings.Join(given, " "), strings.Join(a.rest, " "))
}

// DefaultParser of Commons CLI 1.5, as zkCli of ZooKeeper 3.8.0 was seen to take these.
func TestOptionsAreSortedFromWords(t *testing.T) {
	for _, c := range []struct{ options, line, want string }{
		{"", "sync /", " | sync /"},
		{"sw", "get -s /a", "s | get /a"},
		{"sw", "get /a -s", "s | get /a"},
		{"sw", "get -s -w -s /a", "s w | get /a"},
		{"sw", "get -sw /a", "s w | get /a"},
		{"sw", "get -ss /a", "s | get /a"},
		{"sw", "get -- -s /a", " | get -s /a"},
		{"sw", "get - /a", " | get - /a"},
		{"sw", "get -sx /a", "Unrecognized option: -sx"},
		{"sw", "get --", " | get"},
		{"sw", "get --s=1 /a", "Unrecognized option: --s=1"},
		{"?swR", "ls -? /", "? | ls /"},
		{"?swR", "ls -r /", "Unrecognized option: -r"},

		// A value is the next word, the rest of this one, or what follows the equals sign.
		{"sv:", "set -v 3 /a x", "v=3 | set /a x"},
		{"sv:", "set -v3 /a x", "v=3 | set /a x"},
		{"sv:", "set -v=3 /a x", "v=3 | set /a x"},
		{"sv:", "set -sv3 /a x", "s v=3 | set /a x"},
		{"sv:", "set -sv 3 /a x", "s v=3 | set /a x"},
		{"sv:", "set -vs 3 /a", "v=s | set 3 /a"},
		{"sv:", "set -v= /a x", "v= | set /a x"},
		{"sv:", "set -v a=b /a", "v=a=b | set /a"},
		{"sv:", "set -sv=3 /a x", "Unrecognized option: -sv=3"},
		{"sv:", "set -s=3 /a x", "Unrecognized option: -s=3"},
		{"sv:", "set -v 1 -v 2 /a", "v=1 | set /a"},

		// What begins with a dash is a value where one is due, unless it is an option.
		{"sv:", "set -v -1 /a x", "v=-1 | set /a x"},
		{"sv:", "set -v -x /a x", "v=-x | set /a x"},
		{"sv:", "set -v - /a x", "v=- | set /a x"},
		{"sv:", "set -v -s /a x", "Missing argument for option: v"},
		{"sv:", "set -v", "Missing argument for option: v"},
		{"sv:", "set -v -- /a", "Missing argument for option: v"},
		{"sv:", "set /a -1", "Unrecognized option: -1"},
		{"sv:", `set -v "1" /a`, "v=1 | set /a"},
		{"sv:", `set -v "a"b" /a`, `v="a"b" | set /a`},
		{"sv:", "set -: /a", "Unrecognized option: -:"},
	} {
		if got := sort(c.options, c.line); got != c.want {
			t.Errorf("%q with options %q is %q, want %q", c.line, c.options, got, c.want)
		}
	}
}
