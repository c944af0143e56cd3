package export

import (
	"bufio"
	"io"

	"zabscope/engine/node"
	"zabscope/engine/trace"
)

// Transcript writes a part of a trace as text: a line about the run, then a sentence for each event,
// with when, who, what and why. From node.Everything on the questions behind each decision follow it,
// indented. The error is the writer's, or the language's.
func Transcript(w io.Writer, rec *trace.Recorder, p Part) error {
	t, err := newTeller(rec, p, 0)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w) // it keeps the error for Flush
	out.WriteString(summary(rec) + "\n\n")
	t.each(func(e *trace.Event) bool {
		_, err := out.WriteString(t.c.Line(e.Time, t.sentence(e)) + "\n")
		for _, q := range t.questions(e) {
			out.WriteString("        " + q + "\n")
		}
		return err == nil
	})
	if cut := t.cut(); cut != "" {
		out.WriteString("\n" + cut + "\n")
	}
	return out.Flush()
}

// questions are those of an event's decision, with their answers, if one looks so closely.
func (t *teller) questions(e *trace.Event) []string {
	if t.part.Depth < node.Everything {
		return nil
	}
	out := make([]string, len(e.Checks))
	for i := range e.Checks {
		out[i] = oneLine(t.c.Check(t.rec, &e.Checks[i]))
	}
	return out
}
