package catalogue

import (
	"slices"
	"testing"
)

func TestWordsFillTheirMessages(t *testing.T) {
	w, err := ReadWords([]byte(`{"language": "en", "texts": {
		"plain": "as it stands", "name": "run {id}", "n": "{n, plural, one {one} other {# runs}}",
		"list": "{ids, list}"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key  string
		args []any
		want string
	}{
		{"plain", nil, "as it stands"},
		{"name", []any{"id", "abc"}, "run abc"},
		{"name", []any{"id", uint64(7)}, "run 7"},
		{"name", nil, "run {id}"},
		{"name", []any{"id"}, "run {id}"},
		{"n", []any{"n", 1}, "one"},
		{"n", []any{"n", 3}, "3 runs"},
		{"list", []any{"ids", "1,2,3"}, "1, 2 and 3"},
		{"unknown", nil, "unknown"},
	} {
		if got := w.Say(c.key, c.args...); got != c.want {
			t.Errorf("%s %v: %q", c.key, c.args, got)
		}
	}
	if w.Language() != "en" || !slices.Equal(w.Keys(), []string{"list", "n", "name", "plain"}) {
		t.Errorf("%s, %v", w.Language(), w.Keys())
	}
}

func TestWordsThatAreNone(t *testing.T) {
	for _, text := range []string{``, `[]`, `{"language": "xx"}`,
		`{"language": "en", "texts": {"a": "{"}}`} {
		if _, err := ReadWords([]byte(text)); err == nil {
			t.Errorf("%s is read", text)
		}
	}
}
