package web

import (
	"context"
	"embed"
	"fmt"
	"net/http"
	"strings"

	"zabscope/engine/scenario/catalogue"
	"zabscope/templates"
)

//go:embed texts/*.json
var textFiles embed.FS

// fallback is the language of those who understand none of ours.
const fallback = "en"

// vocabularies are the site's texts by language.
type vocabularies map[string]*catalogue.Words

// readWords reads all languages that there are. The error names the file at fault.
func readWords() (vocabularies, error) {
	entries, err := textFiles.ReadDir("texts")
	if err != nil {
		return nil, err
	}
	all := vocabularies{}
	for _, e := range entries {
		text, err := textFiles.ReadFile("texts/" + e.Name())
		if err != nil {
			return nil, err
		}
		w, err := catalogue.ReadWords(text)
		if err != nil {
			return nil, fmt.Errorf("texts/%s: %w", e.Name(), err)
		}
		all[w.Language()] = w
	}
	return all, nil
}

// of is the texts that a request asks for: the first language of its list that there is.
func (v vocabularies) of(r *http.Request) *catalogue.Words {
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		base, _, _ := strings.Cut(strings.ToLower(tag), "-")
		if w, ok := v[base]; ok {
			return w
		}
	}
	return v[fallback]
}

// worded is a context in which templates find their texts.
func (s *Site) worded(r *http.Request) context.Context {
	w := s.words.of(r)
	return templates.Worded(r.Context(), w.Language(), w.Say)
}
