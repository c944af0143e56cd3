package main

import (
	"context"
	"fmt"
	"io"

	"zabscope/engine/scenario"
)

// facts carries out a scenario and writes what can be compared with real servers.
var facts = command{
	name:  "facts",
	usage: "[FLAGS] SCENARIO",
	about: "carry out a scenario and write facts to compare with real servers",
	details: `SCENARIO and the flags -options, -seed and -strict are as for run. The facts are JSON: after each step what every server says of
itself and holds on disk, and what went over each link; at the end trees and logs. Facts recorded
from Apache ZooKeeper 3.8.0 lie in engine/scenario/testdata/golden.

Exit codes are those of run.`,
	run: writeFacts,
}

func writeFacts(_ context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := newSettings("facts", stderr)
	sc, ok := s.parse(args, stdin)
	if !ok {
		return exitUsage
	}
	f, err := scenario.FactsOf(sc)
	if err != nil {
		s.complain(err)
		return exitUsage
	}
	text, err := f.MarshalJSON()
	if err == nil {
		_, err = fmt.Fprintf(stdout, "%s\n", text)
	}
	if err != nil {
		s.complain(err)
		return exitUsage
	}
	return verdict(f.Run(), *s.strict, stderr)
}
