package static

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func get(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestFilesAreServedUnderTheirHashAndKeptForEver(t *testing.T) {
	w := get(URL("css/tokens.css"))
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Fatalf("status %d, type %q", w.Code, w.Header().Get("Content-Type"))
	}
	if !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("Cache-Control %q", w.Header().Get("Cache-Control"))
	}
}

func TestScriptsHaveTheTypeThatModulesNeed(t *testing.T) {
	w := get(URL("js/page/run.js"))
	if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, "text/javascript") {
		t.Errorf("Content-Type %q", got)
	}
}

func TestWhatIsNotFound(t *testing.T) {
	for _, path := range []string{
		"/static/000000000000/css/tokens.css", // another release
		URL("css/"),                           // no listing of folders
		URL(""),
		URL("css/none.css"),
		URL("../static.go"),
	} {
		if w := get(path); w.Code == http.StatusOK {
			t.Errorf("%s: status %d", path, w.Code)
		}
	}
}

func TestFingerprintFollowsNamesAndContents(t *testing.T) {
	a := fingerprint(fstest.MapFS{"a": {Data: []byte("1")}})
	for name, other := range map[string]fstest.MapFS{
		"another content": {"a": {Data: []byte("2")}},
		"another name":    {"b": {Data: []byte("1")}},
		"one file more":   {"a": {Data: []byte("1")}, "b": {}},
	} {
		if fingerprint(other) == a {
			t.Errorf("%s: same fingerprint", name)
		}
	}
	if again := fingerprint(fstest.MapFS{"a": {Data: []byte("1")}}); again != a {
		t.Errorf("the same folder: %s, then %s", a, again)
	}
}
