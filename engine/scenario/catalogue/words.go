package catalogue

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"zabscope/engine/node"
)

// Words is messages of one language that are about no event: those of pages, of errors. It is never
// changed after ReadWords.
type Words struct {
	language string
	texts    map[string]message
	lists    *Catalogue
}

// ReadWords reads a file {"language": "en", "texts": {key: message}}, whose messages are written like
// those of events. The error names the message at fault.
func ReadWords(text []byte) (*Words, error) {
	var f struct {
		Language string
		Texts    map[string]string
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	lists, err := Load(f.Language)
	if err != nil {
		return nil, err
	}
	texts, err := parseAll(f.Texts)
	if err != nil {
		return nil, err
	}
	return &Words{f.Language, texts, lists}, nil
}

// Language is the code of the language.
func (w *Words) Language() string { return w.language }

// Keys lists the keys of all messages, in order.
func (w *Words) Keys() []string { return slices.Sorted(maps.Keys(w.texts)) }

// Say fills the message of a key with arguments, each a name and a value: an int or what has a text
// form. A key that nobody knows shows itself.
func (w *Words) Say(key string, args ...any) string {
	m, ok := w.texts[key]
	if !ok {
		return key
	}
	return w.lists.renderer(func(name string) (node.Value, bool) {
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] == name {
				return value(args[i+1]), true
			}
		}
		return node.Value{}, false
	}).render(m, "")
}

// value is an argument as messages take it.
func value(x any) node.Value {
	switch x := x.(type) {
	case int:
		return node.Int(int64(x))
	case string:
		return node.Text(x)
	}
	return node.Text(fmt.Sprint(x))
}
