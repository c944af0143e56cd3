package templates

import "context"

// Say fills the text of a key with arguments, each a name and a value.
type Say func(key string, args ...any) string

type words struct {
	language string
	say      Say
}

type wordsKey struct{}

// Worded is a context in which components are rendered: they take their texts from say, in the
// language of that code.
func Worded(ctx context.Context, language string, say Say) context.Context {
	return context.WithValue(ctx, wordsKey{}, words{language, say})
}

// say words a key for the page being rendered; outside of Worded a key is its own text.
func say(ctx context.Context, key string, args ...any) string {
	w, ok := ctx.Value(wordsKey{}).(words)
	if !ok {
		return key
	}
	return w.say(key, args...)
}

// language is the code of the language of the page being rendered.
func language(ctx context.Context) string {
	if w, ok := ctx.Value(wordsKey{}).(words); ok {
		return w.language
	}
	return "en"
}
