package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestTwoRunsSideBySide(t *testing.T) {
	v := visit(t)
	id := v.makes(`{"servers": 3, "seed": 7, "until": 2000000000}`)
	branch := v.makes(`{"servers": 3, "seed": 7, "after": 90, "from": "` + id + `"}`)
	answer, text := v.gets("/compare?a=" + id + "&b=" + branch)
	if answer.StatusCode != http.StatusOK || !strings.Contains(text, `data-a="`+streamOf(id)+`"`) ||
		!strings.Contains(text, `data-b="`+streamOf(branch)+`"`) ||
		!strings.Contains(text, "3 servers and from event ") {
		t.Errorf("status %d, %s", answer.StatusCode, text)
	}
	w := v.watches(v.stream(branch), nil)
	if m := w.asks(`{"id": 1, "do": "kill 2"}`); !m.OK {
		t.Errorf("answered %+v", m)
	}
	if _, text = v.gets("/compare?a=" + branch + "&b=" + id); !strings.Contains(text, "kill 2 and 3 servers") {
		t.Errorf("once something was done: %s", text)
	}
	for _, query := range []string{"", "?a=" + id, "?a=" + id + "&b=nobody", "?a=no%22body&b=" + id} {
		if answer, _ := v.gets("/compare" + query); answer.StatusCode != http.StatusNotFound {
			t.Errorf("%s: status %d", query, answer.StatusCode)
		}
	}
}
