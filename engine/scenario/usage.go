package scenario

import (
	"fmt"
	"strings"

	"zabscope/engine/node"
	"zabscope/engine/zk"
)

// Usage is the command's line as people write it; what stands in brackets may be left out.
func (c Command) Usage() string {
	words := []string{c.Name}
	for _, p := range c.Params {
		words = append(words, p.usage())
	}
	return strings.Join(words, " ")
}

// usage is the parameter with its word, in brackets if it may be left out.
func (p Param) usage() string {
	text := strings.TrimSpace(p.Word + " " + p.example())
	if !p.Need {
		return "[" + text + "]"
	}
	return text
}

// example stands for the parameter's value.
func (p Param) example() string {
	switch p.Word {
	case "to":
		return "2"
	case "|":
		return "3"
	}
	switch p.at(&Step{}).(type) {
	case *bool:
		return ""
	case *[]zk.SID, *Joiners:
		return "1,2"
	case *zk.SID:
		return "1"
	case *node.Time, *Millis:
		return "2s"
	case *int64:
		return "10"
	case *float64:
		return "1.5"
	case *[]Txn:
		return "REQUEST; REQUEST ..."
	case **Until:
		return "CONDITION"
	}
	return strings.ToUpper(p.Key)
}

// Usage explains the whole language: the head of a scenario, the commands, the requests, what every
// step may say.
func Usage() string {
	var b strings.Builder
	b.WriteString("A scenario is an ensemble and what is done to it, one command a line. An " +
		"indented line\ncontinues the one before; # begins a comment. Times: 2s, 400ms, 500us. " +
		"The same\nscenario may be written as JSON, with these keys.\n\nBefore the first command:\n")
	for _, h := range head {
		word := h.Word
		if h.Word != h.Key {
			word += " (" + h.Key + ")"
		}
		fmt.Fprintf(&b, "  %-26s %s\n", word, h.About)
	}
	b.WriteString("\nCommands:\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "  %s\n      %s\n", c.Usage(), c.About)
		for _, p := range c.Params {
			fmt.Fprintf(&b, "      %-11s %s\n", p.Key, p.About)
		}
	}
	b.WriteString("\nRequests:\n")
	for _, f := range txnForms {
		fmt.Fprintf(&b, "  %-44s %s\n", f.usage(), f.about)
	}
	b.WriteString("\nBehind any command:\n")
	for _, p := range common {
		fmt.Fprintf(&b, "  %-18s %s\n", strings.Trim(p.usage(), "[]"), p.About)
	}
	return b.String()
}

// usage is the request as the text form has it.
func (f txnForm) usage() string {
	words := []string{f.op}
	for _, arg := range f.args {
		words = append(words, map[string]string{"path": "/path", "data?": "[DATA]",
			"flags?": "[ephemeral] [sequential]", "version?": "[version 3]", "watch?": "[watch]",
			"ops": "[REQUEST; REQUEST ...]"}[arg])
	}
	return strings.Join(words, " ")
}
