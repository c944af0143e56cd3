package static

import (
	"io/fs"
	"net/http"
	"strings"
	"testing"
)

func TestCommentsAreLeftOutAndLinesStay(t *testing.T) {
	for _, c := range []struct{ what, script, want string }{
		{"a line", "// why\nf();", "\nf();"},
		{"behind code it stays", "f(); // why", "f(); // why"},
		{"a block of one line", "  /** @type {X} */\nlet a;", "\nlet a;"},
		{"a block", "/**\n * @param {X} a\n */\nfunction f(a) {}", "\n\n\nfunction f(a) {}"},
		{"a cast in front of code", "/** @type {X} */ (a).b();", "/** @type {X} */ (a).b();"},
		{"an address", `const a = "http://x/";`, `const a = "http://x/";`},
		{"a block and code behind its end", "/* a */ f(); /* b */", "/* a */ f(); /* b */"},
	} {
		if got := withoutComments(c.script); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func TestScriptsAreServedLean(t *testing.T) {
	whole, err := fs.ReadFile(files, "js/page/run.js")
	if err != nil {
		t.Fatal(err)
	}
	w := get(URL("js/page/run.js"))
	body := w.Body.String()
	if w.Code != http.StatusOK || strings.Contains(body, "@param") || body == "" {
		t.Errorf("status %d, %d bytes", w.Code, len(body))
	}
	if strings.Count(body, "\n") != strings.Count(string(whole), "\n") {
		t.Error("lines have moved")
	}
}
