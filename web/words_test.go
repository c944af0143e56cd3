package web

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zabscope/engine"
	"zabscope/engine/scenario/catalogue"
)

// spoken matches a key where a template or a page says it.
var spoken = regexp.MustCompile(`say\((?:ctx, )?"([a-z][\w.-]+)"[,)]`)

// composed lists the keys that are put together of pieces.
func composed(t *testing.T) []string {
	t.Helper()
	var keys []string
	for _, name := range []string{"page", "method", "foreign", "busy", "ours", "run", "fields",
		"not-json", "bad-json", "too-big", "cut-off", "too-long", "no-websocket",
		"form", "recording", "real", "file", "large", "version", "heavy", "qr"} {
		keys = append(keys, "problem."+name+".title")
	}
	keys = append(keys, "problem.busy.remedy", "problem.ours.remedy")
	for _, name := range []string{"learn", "break", "interview"} {
		keys = append(keys, "door."+name+".title", "door."+name+".text")
	}
	for _, f := range fields {
		if f.name != "preset" {
			keys = append(keys, "form."+f.name, "form."+f.name+".hint")
		}
	}
	for _, p := range engine.Presets() {
		keys = append(keys, "preset."+p.Name)
	}
	for shelf, names := range shelves {
		keys = append(keys, shelf+".title", shelf+".lead")
		for _, name := range names {
			keys = append(keys, shelf+"."+name, shelf+"."+name+".text")
		}
	}
	for _, x := range releases {
		keys = append(keys, "release."+x.name)
	}
	complaints := regexp.MustCompile(`complaint\{(?:field: "\w+", )?key: "([\w.]+)"`)
	for _, m := range matches(t, complaints, "*.go") {
		keys = append(keys, "field."+m)
	}
	for _, k := range keyTable {
		keys = append(keys, k.text)
	}
	for _, g := range glossary {
		keys = append(keys, "word."+g.text)
	}
	return keys
}

// matches lists what stands in the parentheses of a pattern, in files that are no tests.
func matches(t *testing.T, pattern *regexp.Regexp, glob string) []string {
	t.Helper()
	files, err := filepath.Glob(glob)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
			out = append(out, m[1])
		}
	}
	return out
}

// ours are the first words of keys that scripts in the browser have no part in.
var ours = []string{"home", "door", "problem", "field", "form", "limit", "sandbox", "learn",
	"interview", "gone", "bar", "preset", "crew", "word"}

func TestEveryTextThatIsSaidIsThereAndEveryOneThatIsThereIsSaid(t *testing.T) {
	said := append(matches(t, spoken, "*.go"), matches(t, spoken, "../templates/*.templ")...)
	said = append(said, composed(t)...)
	words, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for language, w := range words {
		have := w.Keys()
		for _, key := range said {
			if !slices.Contains(have, key) {
				t.Errorf("%s: no text %s", language, key)
			}
		}
		for _, key := range have {
			first, _, _ := strings.Cut(key, ".")
			if slices.Contains(ours, first) && !slices.Contains(said, key) {
				t.Errorf("%s: nobody says %s", language, key)
			}
		}
	}
}

func TestPlacesOfTextsAreFilled(t *testing.T) {
	v := visit(t)
	for _, path := range []string{"/", "/learn", "/interview", "/sandbox", "/help", "/runs/nosuchrun"} {
		_, page := v.gets(path)
		if i := strings.IndexAny(page, "{}"); i >= 0 {
			t.Errorf("%s: %.60q", path, page[max(0, i-20):])
		}
	}
}

func TestTheLanguageIsTheFirstThatThereIs(t *testing.T) {
	german, err := catalogue.ReadWords([]byte(`{"language": "en", "texts": {"a": "ein Text"}}`))
	if err != nil {
		t.Fatal(err)
	}
	words, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	words["de"] = german
	for accept, want := range map[string]*catalogue.Words{
		"": words["en"], "de": german, "de-AT, en;q=0.5": german, "fr, DE;q=0.8": german,
		"en-US, de": words["en"], "fr, *": words["en"], ",;,": words["en"],
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept-Language", accept)
		if words.of(r) != want {
			t.Errorf("%q: not the right one", accept)
		}
	}
}
